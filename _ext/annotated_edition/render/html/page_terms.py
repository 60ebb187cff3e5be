"""“Terms on this page”: the definitions that a page of the text needs, on the page.

They can be read where they are wanted, also on paper, without script, and from
a file, where nothing can be fetched.  Only the reading page has the list.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.domain import EditionDomain, classes
from annotated_edition.domain.text_nodes import text
from annotated_edition.model.records import GlossaryEntry
from annotated_edition.read import doctree
from annotated_edition.render.html.theming import has_theme
from annotated_edition.text.words import Words
from annotated_edition.weave.gists import Gists
from annotated_edition.weave.links import link
from annotated_edition.weave.lookups import Lookups

_ = get_translation("annotated_edition")


class ListTerms(SphinxPostTransform):
    """Append the list to each page of the text, just after weaving (3).

    One-document builders have the glossary itself on the page.
    """

    default_priority = 4
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Copy the entries of the terms that the page links."""
        domain = EditionDomain.of(self.env)
        self.builder = domain.builder
        if self.builder.name == "singlehtml" or not has_theme(self.builder):
            return
        self.lookups = Lookups(self.env, self.env.current_document.docname)
        woven = [
            self.lookups.passage(node[doctree.DOCNAME], node[doctree.INDEX])
            for node in doctree.read_passages(self.document)
        ]
        found = (
            self.lookups.entry(term.docname, term.id)
            for passage in woven
            if passage
            for term in passage.terms
        )
        linked = {entry for entry in found if entry}
        if not linked:
            return
        items = [self._item(entry) for entry in sorted(linked, key=_headword)]
        title = nodes.rubric("", "", text(Words(str(_("Terms on this page")))))
        title["heading-level"] = 2
        self.document += nodes.container(
            "", title, nodes.definition_list("", *items), classes=["terms-here"]
        )

    def _item(self, entry: GlossaryEntry) -> nodes.definition_list_item:
        here = self.env.current_document.docname
        names = [name for _term, name in entry.terms]
        words = text(Words(entry.terms[0][0]))
        headword = link(
            self.builder,
            here,
            entry.docname,
            names[0],
            nodes.inline("", "", words),
        )
        term = nodes.term("", "", headword, ids=[classes.beside(name) for name in names])
        definition = self.lookups.definition(entry)
        if definition is None:
            definition = nodes.definition()
        else:
            Gists(self.lookups, self.builder).relocate(definition, entry.docname, here)
        return nodes.definition_list_item("", term, definition)


def _headword(entry: GlossaryEntry) -> str:
    return entry.terms[0][0].casefold()


class TellLinks(SphinxPostTransform):
    """Make links beside the text say what they lead to, and no more.

    Search engines and lists of links show a link's words alone: “more” would be
    all that they say.  Tooltips hold titles of notes and whole entries of the
    bibliography, and are a third of the page.  After bibtex (5) and Sphinx (10)
    have resolved citations.
    """

    default_priority = 12
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Go through the notes and the list of terms."""
        builder = EditionDomain.of(self.env).builder
        if not (has_theme(builder) or builder.name == "epub"):
            return
        for node in self.document.findall(nodes.Element):
            if "terms-here" not in node["classes"] and "edition_note" not in node:
                continue
            for citation in node.findall(_is_citation):
                for source in citation.findall(nodes.reference):
                    source.attributes.pop("reftitle", None)
            for more in node.findall(nodes.reference):
                if "note-more" in more["classes"]:
                    more.attributes.pop("reftitle", None)
                    more.children = [text(Words(str(_("full note"))))]


def _is_citation(node: nodes.Node) -> bool:
    return isinstance(node, nodes.inline) and "bibtex-citation" in node["classes"]
