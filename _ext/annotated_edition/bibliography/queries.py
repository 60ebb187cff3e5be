"""What sphinxcontrib-bibtex knows: entries, who cites them, and how they print.

Without that extension everything here is empty.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from sphinxcontrib.bibtex.domain import BibtexDomain


#: Sphinx's tag (``sphinx-build -t``) of builds that only look for mistakes.
CHECK = "edition_check"


def bibtex_domain(env: BuildEnvironment) -> BibtexDomain | None:
    """The domain of sphinxcontrib-bibtex, if the project uses it.

    https://sphinxcontrib-bibtex.readthedocs.io/en/latest/api/domains.html
    """
    try:
        domain: BibtexDomain = env.get_domain("cite")  # type: ignore[assignment]
    except ExtensionError:
        return None
    return domain


def cites_by_author(config: Config) -> bool:
    """Whether citations name author and year, with which the entries themselves begin."""
    style = getattr(config, "bibtex_reference_style", "")
    return str(style).startswith("author_year")


def known_sources(env: BuildEnvironment) -> set[str]:
    """The keys of all entries."""
    bibtex = bibtex_domain(env)
    return set(bibtex.bibdata.data.entries) if bibtex else set()


def note_source(env: BuildEnvironment, docname: str, key: str, line: int) -> bool:
    """Cite *key* from the front matter of *docname*, so that the bibliography has it.

    False if there is a bibliography, but no such entry.
    """
    bibtex = bibtex_domain(env)
    if bibtex is None:
        return True
    if key not in bibtex.bibdata.data.entries:
        return False
    from sphinxcontrib.bibtex.citation_target import CitationTarget
    from sphinxcontrib.bibtex.roles import CitationRef

    bibtex.citation_refs.append(
        CitationRef(
            citation_ref_id=f"reading-{key}",
            docname=docname,
            line=line,
            targets=[CitationTarget(key=key, pre="", post="")],
        )
    )
    return True


def citation_labels(env: BuildEnvironment) -> dict[str, list[tuple[str, str, str]]]:
    """For each document, what its citations print: key, people and year."""
    bibtex = bibtex_domain(env)
    labels: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    if bibtex is None:
        return labels
    entries = bibtex.bibdata.data.entries
    for reference in bibtex.citation_refs:
        for target in reference.targets:
            entry = entries.get(target.key)
            if entry is not None:
                people = " ".join(str(person) for role in entry.persons.values() for person in role)
                year = str(entry.fields.get("year", ""))
                labels[reference.docname].append((target.key, people, year))
    return labels


def files_and_citations(env: BuildEnvironment) -> tuple[list[Path], frozenset[str]]:
    """The bibliography's files, and the keys that documents cite."""
    bibtex = bibtex_domain(env)
    if bibtex is None:
        return [], frozenset()
    return list(bibtex.bibdata.bibfiles), frozenset(
        target.key for reference in bibtex.citation_refs for target in reference.targets
    )


def bibliography_pages(env: BuildEnvironment) -> set[str]:
    """The documents in which entries stand."""
    bibtex = bibtex_domain(env)
    return {one.bibliography_key.docname for one in bibtex.citations} if bibtex else set()
