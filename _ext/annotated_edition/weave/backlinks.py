"""The bibliography's other direction: under each source, the notes that rest on it."""

from __future__ import annotations

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.bibliography.queries import cites_by_author
from annotated_edition.domain import EditionDomain
from annotated_edition.domain.text_nodes import text
from annotated_edition.text.words import Words
from annotated_edition.weave.links import link
from annotated_edition.weave.lookups import Lookups

_ = get_translation("annotated_edition")


class ListCitingNotes(SphinxPostTransform):
    """Name the notes under each entry of a bibliography.

    Just after sphinxcontrib-bibtex has made the entries (5).
    """

    default_priority = 6

    def run(self, **kwargs: object) -> None:
        """Add a line to every entry that a note cites."""
        lookups = Lookups(self.env, self.env.current_document.docname)
        citations = list(self.document.findall(nodes.citation))
        # An empty bibliography may be filled by what other pages cite.
        if not citations and not lookups.has_bibliography():
            return
        builder = EditionDomain.of(self.env).builder
        # An entry that begins as it is cited needs no label; LaTeX can't do without.
        labelled = builder.format != "html" or not cites_by_author(self.config)
        # A builder that assembles pages into one keeps the ids of all of them.
        for docname in lookups.bibliographies():
            entries = lookups.citing(docname)
            for citation in citations:
                name = next((name for name in citation["ids"] if name in entries), None)
                if name is None:
                    continue
                if not labelled:
                    citation[:] = [part for part in citation if not isinstance(part, nodes.label)]
                if links := entries[name]:
                    line = nodes.paragraph(
                        "", "", text(Words(f"{_('In')}: ")), classes=["cited-in"]
                    )
                    for number, note in enumerate(links):
                        if number:
                            line += nodes.Text("; ")
                        words = nodes.inline("", "", text(note.title.isolated()))
                        line += link(builder, docname, note.docname, "", words)
                    citation += line
