"""Author and year for citations, told apart where they would look alike.

sphinxcontrib-bibtex cites by author and year, but two articles of one agency in
one year come out the same.  As in the Chicago Manual of Style (15.20), their
years get letters, in the citation and in the bibliography alike; and what a
citation says, an entry begins with and is sorted by.
"""

from __future__ import annotations

import ast
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

from pybtex.database import Entry
from pybtex.plugin import find_plugin, register_plugin
from pybtex.richtext import Symbol, Text
from pybtex.style.formatting.unsrt import Style as UnsortedStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.names.lastfirst import NameStyle as FamilyNameFirst
from pybtex.style.names.plain import NameStyle as GivenNameFirst
from pybtex.style.sorting import BaseSortingStyle
from pybtex.style.template import names, node, sentence
from sphinx.application import Sphinx
from sphinxcontrib.bibtex import plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.referencing.basic_author_year import (
    BasicAuthorYearParentheticalReferenceStyle,
)
from sphinxcontrib.bibtex.style.template import SphinxReferenceText, join, year

from annotated_edition.bibliography.errors import formatted
from annotated_edition.model.edition import letters
from annotated_edition.text import sorting

#: The name of the bibliography's style, for ``bibtex_default_style``.
STYLE = "author_year"
#: The name of the citations' style, for ``bibtex_reference_style``.
REFERENCE_STYLE = "author_year_semicolon"

_PLAIN_YEAR = re.compile(r"\d{4}|n\.d\.")
_BRACES = re.compile("[{}]")
_NEW_BLOCK = Symbol("newblock")


def offer(app: Sphinx) -> None:
    """Offer the styles to sphinxcontrib-bibtex."""
    register_plugin("pybtex.style.formatting", STYLE, AuthorYearStyle, force=True)
    AuthorYearSorting.language = str(app.config.language)
    plugin.register_plugin(
        "sphinxcontrib.bibtex.style.referencing", REFERENCE_STYLE, SemicolonStyle, force=True
    )
    # sphinxcontrib-bibtex looks a backend up for every citation, and pybtex each
    # time among all installed distributions: half of the build. A plugin that is
    # registered is found at once.
    for backend in ("plaintext", "docutils"):
        found = find_plugin("pybtex.backends", backend)
        register_plugin("pybtex.backends", backend, found, force=True)


def keep_formatted(app: Sphinx) -> None:
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
        (value.name, value.value)
        for value in app.config
        if value.name == "language" or value.name.startswith("bibtex_")
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
    names = [_plain(" ".join([*person.prelast_names, *person.last_names])) for person in people]
    if not names:
        return _plain(str(entry.fields.get("title", entry.key)))
    return " and ".join(names) if len(names) < 3 else f"{names[0]} et al."


def _plain(latex: str) -> str:
    """A field's words, without what only LaTeX understands."""
    # Most have nothing but braces, and are many.
    return str(Text.from_latex(latex)) if "\\" in latex or "~" in latex else _BRACES.sub("", latex)


class AuthorYearLabels(BaseLabelStyle):  # type: ignore[misc]
    """Labels that say what the citations say: “Waugh, 2007”."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """One label an entry."""
        for entry in sorted_entries:
            yield f"{authors(entry)}, {entry.fields.get('year', 'n.d.')}"


class AuthorYearSorting(BaseSortingStyle):  # type: ignore[misc]
    """By what citations name, then by year with its letter, then by title."""

    #: The language whose articles count for nothing.
    language: ClassVar[str] = ""

    def sorting_key(self, entry: Entry) -> tuple[object, ...]:
        """“Xinhua, 2022b” before “Xinhua Silk Road, 2021”: whole names, then years."""
        is_name = any(entry.persons.get(role) for role in ("author", "editor"))
        title = _plain(str(entry.fields.get("title", "")))
        return (
            sorting.sort_key(authors(entry), self.language, name=is_name),
            str(entry.fields.get("year", "n.d.")),
            sorting.sort_key(title, self.language),
        )


@node  # type: ignore[untyped-decorator]
def _people(children: Any, data: dict[str, Any], role: str) -> Any:
    """Those whom an entry begins with, by their family names; further ones as they are spoken."""
    if role == "author" or not data["entry"].persons.get("author"):
        return names(role, sep="; ", sep2=" and ", last_sep="; and ").format_data(data)
    spoken = SimpleNamespace(format_name=GivenNameFirst().format, abbreviate_names=False)
    people = names(role, sep=", ", sep2=" and ", last_sep=", and ")
    return people.format_data({**data, "style": spoken})


class AuthorYearStyle(UnsortedStyle):  # type: ignore[misc]
    """pybtex's plain style, as author and date ask for it (Chicago 15).

    An entry begins with its authors, family names first, and the year.
    """

    default_name_style = FamilyNameFirst
    default_label_style = AuthorYearLabels
    default_sorting_style = AuthorYearSorting
    #: The last entry with its label, and what it became.
    _last: tuple[Entry | None, str, Any] = (None, "", None)

    def format_names(self, role: str, as_sentence: bool = True) -> Any:
        """The template for an entry's people."""
        return sentence[_people(role)] if as_sentence else _people(role)

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> Any:
        """An entry as it stands in the bibliography; a faulty one costs no build."""
        # sphinxcontrib-bibtex asks for each twice, the second time for tooltips.
        if self._last[0] is not entry or self._last[1] != label:
            done = formatted(self, label, entry, bib_data, self._year_first)
            self._last = entry, label, done
        return self._last[2]

    def _year_first(self, label: str, entry: Entry, bib_data: Any) -> Any:
        if not entry.fields.get("year"):
            return super().format_entry(label, entry, bib_data)
        # The templates have the year in many places, and some ask for it: where it is empty,
        # they leave it out. What an entry begins with is always its first block.
        rest = Entry(entry.type, {**entry.fields, "year": ""}, entry.persons)
        rest.key = entry.key
        done = super().format_entry(label, rest, bib_data)
        year = sentence[Text.from_latex(entry.fields["year"])].format()
        parts = list(done.text.parts)
        at = parts.index(_NEW_BLOCK) if _NEW_BLOCK in parts else len(parts)
        done.text = Text(*parts[:at], _NEW_BLOCK, year, *parts[at:])
        return done


@node  # type: ignore[untyped-decorator]
def _cited(children: Any, data: dict[str, Any], style: ParentheticalOnce, full: bool) -> Any:
    """A source as a link, between what an author adds before and after it."""
    key = data["entry"].key, full
    if key not in style.known:
        style.known[key] = style.source(full).format_data(data)
    info = data["reference_info"]
    parts: list[Any] = [SphinxReferenceText(info, style.known[key])]
    if info.pre_text:
        parts[:0] = [info.pre_text, style.pre_text_sep]
    if info.post_text:
        parts += [style.post_text_sep, info.post_text]
    return Text(*parts)


@dataclass
class ParentheticalOnce(BasicAuthorYearParentheticalReferenceStyle):
    """Makes each source's words once: some are cited again and again, and LaTeX takes time."""

    known: dict[tuple[str, bool], Any] = field(init=False, repr=False, default_factory=dict)

    def source(self, full: bool) -> Any:
        """The template of what names a source, with all of its authors or (not *full*) some."""
        authors = self.person.author_or_editor_or_title(full=full)
        return join(sep=self.author_year_sep)[authors, year]

    def inner(self, role_name: str) -> Any:
        """The template of one source in a citation."""
        return _cited(style=self, full="s" in role_name)


@dataclass
class SemicolonStyle(AuthorYearReferenceStyle):
    """Several sources in one citation parted by semicolons: each has a comma of its own."""

    bracket_parenthetical: BracketStyle = field(default_factory=lambda: BracketStyle(sep="; "))
    bracket_textual: BracketStyle = field(default_factory=lambda: BracketStyle(sep="; "))
    bracket_label: BracketStyle = field(default_factory=lambda: BracketStyle(sep="; "))

    def __post_init__(self) -> None:
        """Put the faster style in the place of the library's, set as that one is."""
        super().__post_init__()  # type: ignore[no-untyped-call]
        slow = self.role_style["p"]
        given = {part.name: getattr(slow, part.name) for part in fields(slow) if part.init}
        fast = ParentheticalOnce(**given)
        self.role_style.update(dict.fromkeys(fast.role_names(), fast))
