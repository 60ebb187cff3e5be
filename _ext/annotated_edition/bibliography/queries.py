"""What sphinxcontrib-bibtex knows: entries, who cites them, and how they print.

Without that extension everything here is empty.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from sphinx.config import Config
from sphinx.environment import BuildEnvironment


def cites_by_author(config: Config) -> bool:
    """Whether citations name author and year, with which the entries themselves begin."""
    style = getattr(config, "bibtex_reference_style", "")
    return str(style).startswith("author_year")


def known_sources(env: BuildEnvironment) -> set[str]:
    """The keys of all entries."""
    data = env.domaindata.get("cite")
    return set(data["bibdata"].data.entries) if data else set()


def note_source(env: BuildEnvironment, docname: str, key: str, line: int) -> bool:
    """Cite *key* from the front matter of *docname*, so that the bibliography has it.

    False if there is a bibliography, but no such entry.
    """
    data = env.domaindata.get("cite")
    if data is None:
        return True
    if key not in data["bibdata"].data.entries:
        return False
    from sphinxcontrib.bibtex.citation_target import CitationTarget
    from sphinxcontrib.bibtex.roles import CitationRef

    data["citation_refs"].append(
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
    data = env.domaindata.get("cite")
    labels: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    if data is None:
        return labels
    entries = data["bibdata"].data.entries
    for reference in data["citation_refs"]:
        for target in reference.targets:
            entry = entries.get(target.key)
            if entry is not None:
                people = " ".join(str(person) for role in entry.persons.values() for person in role)
                year = str(entry.fields.get("year", ""))
                labels[reference.docname].append((target.key, people, year))
    return labels


def files_and_citations(env: BuildEnvironment) -> tuple[list[Path], frozenset[str]]:
    """The bibliography's files, and the keys that documents cite."""
    data = env.domaindata.get("cite")
    if data is None:
        return [], frozenset()
    return [Path(path) for path in data["bibdata"].bibfiles], frozenset(
        target.key for reference in data["citation_refs"] for target in reference.targets
    )
