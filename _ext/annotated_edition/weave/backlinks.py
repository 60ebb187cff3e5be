"""The bibliography's other direction: under each source, the notes that rest on it."""

from __future__ import annotations

from collections import defaultdict

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.bibliography.queries import bibtex_domain, cites_by_author
from annotated_edition.domain import EditionDomain
from annotated_edition.model.edition import Link
from annotated_edition.weave.links import link

_ = get_translation("annotated_edition")


def citing_notes(env: BuildEnvironment) -> dict[str, dict[str, tuple[Link, ...]]]:
    """For each page with a bibliography: its entries' ids and the notes that cite them.

    The notes stand in the order of the text.  Empty without sphinxcontrib-bibtex.
    """
    bibtex = bibtex_domain(env)
    if bibtex is None:
        return {}
    links = {
        page.note.docname: Link(page.note.title, page.note.docname)
        for page in EditionDomain.of(env).edition.notes.values()
    }
    order = {docname: number for number, docname in enumerate(links)}
    cited: dict[str, set[str]] = defaultdict(set)
    for reference in bibtex.citation_refs:
        if reference.docname in links:
            for target in reference.targets:
                cited[target.key].add(reference.docname)
    pages: dict[str, dict[str, tuple[Link, ...]]] = defaultdict(dict)
    for citation in bibtex.citations:
        notes = sorted(cited.get(citation.key, ()), key=order.__getitem__)
        pages[citation.bibliography_key.docname][citation.citation_id] = tuple(
            links[docname] for docname in notes
        )
    return pages


class ListCitingNotes(SphinxPostTransform):
    """Name the notes under each entry of a bibliography.

    Just after sphinxcontrib-bibtex has made the entries (5).
    """

    default_priority = 6

    def run(self, **kwargs: object) -> None:
        """Add a line to every entry that a note cites."""
        citations = list(self.document.findall(nodes.citation))
        if not citations:
            return
        builder = EditionDomain.of(self.env).builder
        # An entry that begins as it is cited needs no label; LaTeX can't do without.
        labelled = builder.format != "html" or not cites_by_author(self.config)
        # A builder that assembles pages into one keeps the ids of all of them.
        for docname, entries in citing_notes(self.env).items():
            for citation in citations:
                name = next((name for name in citation["ids"] if name in entries), None)
                if name is None:
                    continue
                if not labelled:
                    citation[:] = [part for part in citation if not isinstance(part, nodes.label)]
                if links := entries[name]:
                    line = nodes.paragraph("", f"{_('In')}: ", classes=["cited-in"])
                    for number, note in enumerate(links):
                        if number:
                            line += nodes.Text("; ")
                        text = nodes.inline("", note.title)
                        line += link(builder, docname, note.docname, "", text)
                    citation += line
