"""Author and year for citations, told apart where they would look alike.

sphinxcontrib-bibtex cites by author and year, but two articles of one agency in
one year come out the same.  As in the Chicago Manual of Style (15.20), their
years get letters, in the citation and in the bibliography alike.
"""

from __future__ import annotations

import ast
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pybtex.database import Entry
from pybtex.plugin import find_plugin, register_plugin
from pybtex.style.formatting.unsrt import Style as UnsortedStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting.author_year_title import SortingStyle
from sphinx.application import Sphinx

from annotated_edition.bibfiles import formatted, setup_bibfiles
from annotated_edition.edition import letters

#: The name of the bibliography's style, for ``bibtex_default_style``.
STYLE = "author_year"

_PLAIN_YEAR = re.compile(r"\d{4}|n\.d\.")


def setup_citations(app: Sphinx) -> None:
    """Offer the style, and tell years apart once sphinxcontrib-bibtex has its entries."""
    register_plugin("pybtex.style.formatting", STYLE, AuthorYearStyle, force=True)
    # sphinxcontrib-bibtex looks a backend up for every citation, and pybtex each
    # time among all installed distributions: half of the build. A plugin that is
    # registered is found at once.
    for backend in ("plaintext", "docutils"):
        found = find_plugin("pybtex.backends", backend)
        register_plugin("pybtex.backends", backend, found, force=True)
    setup_bibfiles(app)
    # After sphinxcontrib-bibtex's own handler, which reads the files.
    app.connect("builder-inited", _tell_apart_all, priority=600)
    app.connect("builder-inited", _keep_formatted, priority=600)


def _tell_apart_all(app: Sphinx) -> None:
    if app.config.bibtex_default_style == STYLE:
        tell_apart(app.env.domaindata["cite"]["bibdata"].data.entries)


def _keep_formatted(app: Sphinx) -> None:
    """Let sphinxcontrib-bibtex format its entries only if something of them has changed.

    It formats all of them in every build, which with some hundred sources takes longer than
    anything else that a second builder does, and keeps them with the environment all the same.
    """
    domain = app.env.get_domain("cite")
    format_all = domain.env_updated  # type: ignore[attr-defined]

    def env_updated() -> Iterable[str]:
        now = _state(app)
        if domain.data["citations"] and domain.data.get("edition_state") == now:
            return []
        changed: Iterable[str] = format_all()
        labels = [citation.formatted_entry.label for citation in domain.data["citations"]]
        # What it warns of must be told in every build.
        domain.data["edition_state"] = now if len(set(labels)) == len(labels) else None
        return changed

    domain.env_updated = env_updated  # type: ignore[attr-defined]


def _state(app: Sphinx) -> int:
    """A number for all that decides how entries are formatted, and which."""
    data = app.env.domaindata["cite"]
    settings = [
        (value.name, value.value) for value in app.config if value.name.startswith("bibtex_")
    ]
    files = [Path(app.srcdir, name).read_bytes() for name in app.config.bibtex_bibfiles]
    lists = [
        (key, value._replace(filter_=ast.dump(value.filter_), citation_nodes={}))
        for key, value in data["bibliographies"].items()
    ]
    ids = [
        (key, node["ids"])
        for value in data["bibliographies"].values()
        for key, node in value.citation_nodes.items()
    ]
    cited = [(ref.docname, ref.targets) for ref in data["citation_refs"]]
    order = sorted(app.env.toctree_includes.items())
    return zlib.crc32(repr((settings, files, lists, ids, cited, order)).encode())


def tell_apart(entries: Mapping[str, Entry]) -> None:
    """Give letters to the years of entries that author and year don't tell apart.

    Entries keep a letter that they have, so doing it twice changes nothing.
    """
    alike: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for key in sorted(entries, key=str.casefold):
        entry = entries[key]
        year = entry.fields.get("year", "")
        if _PLAIN_YEAR.fullmatch(year):
            alike[authors(entry), year].append(entry)
    for (_, year), group in alike.items():
        if len(group) > 1:
            dash = "" if year[-1].isdigit() else "-"
            for number, entry in enumerate(group, 1):
                entry.fields["year"] = f"{year}{dash}{letters(number)}"


def authors(entry: Entry) -> str:
    """An entry's authors (or editors, or title) as citations name them."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join([*person.prelast_names, *person.last_names]) for person in people]
    names = [re.sub(r"[{}]", "", name) for name in names]
    if not names:
        return re.sub(r"[{}]", "", str(entry.fields.get("title", entry.key)))
    return " and ".join(names) if len(names) < 3 else f"{names[0]} et al."


class AuthorYearLabels(BaseLabelStyle):  # type: ignore[misc]
    """Labels that say what the citations say: “Waugh, 2007”."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """One label an entry."""
        for entry in sorted_entries:
            yield f"{authors(entry)}, {entry.fields.get('year', 'n.d.')}"


class AuthorYearStyle(UnsortedStyle):  # type: ignore[misc]
    """pybtex's plain style, sorted by author and year and labelled by them."""

    default_label_style = AuthorYearLabels
    default_sorting_style = SortingStyle

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> Any:
        """An entry as it stands in the bibliography; a faulty one costs no build."""
        return formatted(self, label, entry, bib_data, super().format_entry)
