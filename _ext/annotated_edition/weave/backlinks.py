"""Between notes and bibliography: a note's sources in full, and the notes that rest on each."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.bibliography.queries import cites_by_author, keys_of
from annotated_edition.domain import EditionDomain
from annotated_edition.domain.text_nodes import text
from annotated_edition.text import sorting
from annotated_edition.text.words import Words
from annotated_edition.weave.links import link
from annotated_edition.weave.lookups import Lookups

_ = get_translation("annotated_edition")

#: From so many entries on a bibliography has letters to jump to.
_MANY = 30


class ListSources(SphinxPostTransform):
    """List the sources of a note at its end, in full, on its own page on the web.

    After the citations of readings were woven in (3), before all are resolved (10).
    """

    default_priority = 4
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Add the list, where the note cites anything that a bibliography has."""
        builder = EditionDomain.of(self.env).builder
        here = self.env.current_document.docname
        lookups = Lookups(self.env, here)
        if builder.name in ("epub", "singlehtml") or lookups.note(here) is None:
            return
        cited = dict.fromkeys(
            key
            for node in self.document.findall(addnodes.pending_xref)
            if node.get("refdomain") == "cite"
            for key in keys_of(node["reftarget"])
        )
        items = []
        for key in cited:
            entry, place = lookups.printed_source(key), lookups.source_place(key)
            if entry is None or place is None:
                continue
            there = link(builder, here, *place, nodes.inline("", "→"), _("In the bibliography"))
            entry += [nodes.Text(" "), there]
            items.append((entry.astext().casefold(), nodes.list_item("", entry)))
        if not items:
            return
        section = next(self.document.findall(nodes.section))
        title = nodes.rubric("", "", text(Words(str(_("Sources")))))
        title["heading-level"] = 2
        entries = [item for _text, item in sorted(items, key=lambda one: one[0])]
        sources = nodes.container(
            "", title, nodes.bullet_list("", *entries), classes=["note-sources"]
        )
        at = next((at for at, child in enumerate(section) if _leads_on(child)), len(section))
        section.insert(at, sources)


def _leads_on(node: nodes.Node) -> bool:
    """Whether *node* is one of the lines that end a note's page."""
    ends = {"note-see-also", "suggest-change", "note-neighbours"}
    return isinstance(node, nodes.paragraph) and bool(ends.intersection(node["classes"]))


class ListCitingNotes(SphinxPostTransform):
    """Name the notes under each entry of a bibliography.

    Just after sphinxcontrib-bibtex has made the entries (5).
    """

    default_priority = 6

    def run(self, **kwargs: object) -> None:
        """Add a line to every entry that a note cites."""
        here = self.env.current_document.docname
        lookups = Lookups(self.env, here)
        citations = list(self.document.findall(nodes.citation))
        # An empty bibliography may be filled by what other pages cite.
        if not citations and not lookups.has_bibliography():
            return
        builder = EditionDomain.of(self.env).builder
        # An entry that begins as it is cited needs no label; LaTeX can't do without.
        labelled = builder.format != "html" or not cites_by_author(self.config)
        pages = {docname: lookups.citing(docname) for docname in lookups.bibliographies()}
        for citation in citations:
            # Where all pages are put into one, that isn't the page that is written.
            docname = str(citation.get("docname", here))
            entries = pages.get(docname, {})
            name = next((name for name in citation["ids"] if name in entries), None)
            if name is None:
                continue
            if not labelled:
                citation[:] = [part for part in citation if not isinstance(part, nodes.label)]
            if links := entries[name]:
                line = nodes.paragraph("", "", text(Words(f"{_('In')}: ")), classes=["cited-in"])
                for number, note in enumerate(links):
                    if number:
                        line += nodes.Text("; ")
                    words = nodes.inline("", "", text(note.title.isolated()))
                    line += link(builder, docname, note.docname, "", words)
                citation += line
        if builder.format == "html" and builder.name != "epub" and not labelled:
            _letters(citations, str(self.config.language))


def _letters(citations: Sequence[nodes.citation], language: str) -> None:
    """Before the first of many entries, a line of the letters that they begin with."""
    firsts: dict[str, nodes.citation] = {}
    for citation in citations:
        letter = sorting.initial(citation.astext(), language, name=True)
        if letter:
            firsts.setdefault(letter, citation)
    if len(citations) < _MANY or len(firsts) < 2:
        return
    line = nodes.paragraph("", "", classes=["index-letters"])
    for letter, citation in firsts.items():
        line += nodes.reference(
            "", "", text(Words(letter)), refid=citation["ids"][0], internal=True
        )
        line += nodes.Text(" ")
    first = citations[0]
    first.parent.insert(first.parent.index(first), line)
