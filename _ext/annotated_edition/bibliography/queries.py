"""What sphinxcontrib-bibtex knows: entries, who cites them, and how they print.

Without that extension everything here is empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from annotated_edition.domain import EditionDomain
from annotated_edition.domain.text_nodes import again
from annotated_edition.model.documents import Part

if TYPE_CHECKING:
    from sphinxcontrib.bibtex.domain import BibtexDomain


#: What pybtex's style writes before an address.
_URL = "\\url "

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


def lacks_citations(env: BuildEnvironment) -> bool:
    """Whether citations of the document that is being read can't work, and that is told."""
    documents, docname = EditionDomain.of(env).documents, env.current_document.docname
    is_told = documents.part(docname) is not Part.OTHER or documents.untrusted(docname)
    return is_told and "cite" not in env.domains


def cites_by_author(config: Config) -> bool:
    """Whether citations name author and year, with which the entries themselves begin."""
    style = getattr(config, "bibtex_reference_style", "")
    return str(style).startswith("author_year")


def known_sources(env: BuildEnvironment) -> set[str]:
    """The keys of all entries."""
    bibtex = bibtex_domain(env)
    return set(bibtex.bibdata.data.entries) if bibtex else set()


#: How the ids of citations begin that stand in front matter.
_READING = "reading-"


def note_source(env: BuildEnvironment, docname: str, key: str, line: int) -> None:
    """Cite *key* from the front matter of *docname*, so that the bibliography has it."""
    bibtex = bibtex_domain(env)
    if bibtex is None:
        return
    from sphinxcontrib.bibtex.citation_target import CitationTarget
    from sphinxcontrib.bibtex.roles import CitationRef

    bibtex.citation_refs.append(
        CitationRef(
            citation_ref_id=f"{_READING}{key}",
            docname=docname,
            line=line,
            targets=[CitationTarget(key=key, pre="", post="")],
        )
    )


def unknown_sources(env: BuildEnvironment) -> Iterator[tuple[str, int, str]]:
    """Document, line and key of every citation in front matter that has no entry."""
    bibtex = bibtex_domain(env)
    for reference in bibtex.citation_refs if bibtex else ():
        if reference.citation_ref_id.startswith(_READING):
            for target in reference.targets:
                if not has_source(env, target.key):
                    yield reference.docname, reference.line, target.key


def has_source(env: BuildEnvironment, key: str) -> bool:
    """Whether there is an entry *key*."""
    bibtex = bibtex_domain(env)
    return bibtex is not None and key in bibtex.bibdata.data.entries


def keys_of(target: str) -> list[str]:
    """The keys that a citation names."""
    from sphinxcontrib.bibtex.citation_target import parse_citation_targets

    return [target.key for target in parse_citation_targets(target)]


def citations(env: BuildEnvironment) -> dict[str, list[tuple[object, ...]]]:
    """For each key, where bibliographies have it, its own first, and all that is printed of it.

    Document and id come first.
    """
    bibtex = bibtex_domain(env)
    found: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    if bibtex is None:
        return found
    style = [(one.name, str(one.value)) for one in env.config if one.name.startswith("bibtex_")]
    for citation in reversed(bibtex.citations):
        entry = citation.entry
        found[citation.key].append(
            (
                citation.bibliography_key.docname,
                citation.citation_id,
                citation.formatted_entry.label,
                entry.type,
                [(name, str(value)) for name, value in entry.fields.items()],
                [(role, [*map(str, people)]) for role, people in entry.persons.items()],
                style,
            )
        )
    return found


class Source(NamedTuple):
    """An entry as a bibliography prints it: its document and id, how it is cited, its words."""

    key: str
    docname: str
    id: str
    label: str
    text: str


def sources(env: BuildEnvironment) -> Iterator[Source]:
    """The entries of all bibliographies, in their order."""
    bibtex = bibtex_domain(env)
    for citation in bibtex.citations if bibtex else ():
        yield Source(
            citation.key,
            citation.bibliography_key.docname,
            citation.citation_id,
            citation.formatted_entry.label,
            str(citation.formatted_entry.text.render_as("plaintext")).replace(_URL, ""),
        )


def printed(env: BuildEnvironment, key: str) -> nodes.paragraph | None:
    """The entry *key* as a bibliography prints it, without a label."""
    from sphinxcontrib.bibtex.transforms import BibliographyTransform

    bibtex = bibtex_domain(env)
    for citation in reversed(bibtex.citations) if bibtex else ():
        if citation.key == key:
            paragraph = BibliographyTransform.backend.paragraph(citation.formatted_entry)
            assert isinstance(paragraph, nodes.paragraph)
            _link_addresses(paragraph)
            return paragraph
    return None


def _link_addresses(entry: nodes.paragraph) -> None:
    """Make links of the addresses that follow ``_URL``, as the bibliography's own page does."""
    for before, address in pairwise([*entry.findall(nodes.Text)]):
        if before.endswith(_URL):
            before.parent.replace(before, again(before, 0, -len(_URL)))
            link = nodes.reference("", "", again(address), refuri=str(address))
            address.parent.replace(address, link)


def citing_documents(env: BuildEnvironment) -> dict[str, dict[str, set[str]]]:
    """For each page with a bibliography: its entries' ids and the documents that cite them."""
    bibtex = bibtex_domain(env)
    if bibtex is None:
        return {}
    cited: dict[str, set[str]] = defaultdict(set)
    for reference in bibtex.citation_refs:
        for target in reference.targets:
            cited[target.key].add(reference.docname)
    pages: dict[str, dict[str, set[str]]] = {key.docname: {} for key in bibtex.bibliographies}
    for citation in bibtex.citations:
        page = pages.setdefault(citation.bibliography_key.docname, {})
        page[citation.citation_id] = cited.get(citation.key, set())
    return pages


def files_and_citations(env: BuildEnvironment) -> tuple[list[Path], frozenset[str]]:
    """The bibliography's files, and the keys that documents cite."""
    bibtex = bibtex_domain(env)
    if bibtex is None:
        return [], frozenset()
    # One that isn't there was told of by sphinxcontrib-bibtex.
    return [path for path in bibtex.bibdata.bibfiles if path.is_file()], frozenset(
        target.key for reference in bibtex.citation_refs for target in reference.targets
    )


def bibliography_pages(env: BuildEnvironment) -> set[str]:
    """The documents in which entries stand."""
    bibtex = bibtex_domain(env)
    return {one.bibliography_key.docname for one in bibtex.citations} if bibtex else set()
