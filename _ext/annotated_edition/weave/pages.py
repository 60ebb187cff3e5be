"""Weaving pages that are not base text: notes, cross-references, glossary, lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from babel import Locale, UnknownLocaleError
from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.locale import get_translation

from annotated_edition.anchor.registers import shown_forms
from annotated_edition.domain import classes
from annotated_edition.domain.directives import ListNode, RegisterNode
from annotated_edition.domain.text_nodes import text
from annotated_edition.model.edition import IndexedName, Link, NotePage, QuotedPlace, first_in_each
from annotated_edition.read import doctree
from annotated_edition.text import sorting
from annotated_edition.text.words import LanguageTag, Token, Words
from annotated_edition.weave import days
from annotated_edition.weave.citation_text import credit_line
from annotated_edition.weave.links import link, link_to_words
from annotated_edition.weave.lookups import Lookups

_ = get_translation("annotated_edition")

#: Standings in words.
STANDINGS = {
    "documented": _("documented"),
    "interpretation": _("interpretation"),
    "disputed": _("disputed"),
    "unresolved": _("looked for and not found"),
}


class PageWeaver:
    """Puts what the edition knows into the pages around the text."""

    def __init__(self, lookups: Lookups, builder: Builder) -> None:
        self.lookups = lookups
        self.builder = builder
        self.config = lookups.env.config
        # A printed page, a man page or a book has no button.
        self.invites = builder.format == "html" and builder.name != "epub"

    def page(self, section: nodes.Element) -> None:
        """A note's or a cross-reference's page."""
        docname = section[doctree.PAGE]
        note = self.lookups.note(docname)
        if note is not None:
            self._note(section, note)
            return
        places = self.lookups.cross_reference(docname)
        if places is not None:
            _append(section, self._places(places, docname, "cross-reference-places"))
            self._suggest(section, docname)

    def glossary(self, glossary: nodes.Element) -> None:
        """After each definition, the passages where the entry occurs."""
        docname = glossary[doctree.PAGE]
        for item, terms in doctree.glossary_items(glossary):
            places = self.lookups.occurrences(docname, terms[0]["ids"][0])
            definition = item.children[-1]
            if not isinstance(definition, nodes.definition):
                continue
            if places:
                # Which passages to look at: one that says it twice is told once.
                definition += self._places(first_in_each(places), docname, "occurrences")
            definition += self._change(docname)

    def listing(self, node: ListNode, docname: str) -> None:
        """All notes in text order, a register by kind, or their readings."""
        if node["by"] == "changes":
            node.replace_self(self._changes(docname))
            return
        notes = list(self.lookups.notes())
        if node["kind"]:
            notes = [note for note in notes if note.note.kind == node["kind"]]
        if node["by"] == "text":
            node.replace_self(self._list(notes, docname))
            return
        if node["by"] == "readings":
            node.replace_self(self._versions(notes, docname))
            return
        content: list[nodes.Node] = []
        kinds = dict.fromkeys([*self.config.edition_kinds, *(note.note.kind for note in notes)])
        for kind in kinds:
            of_kind = [note for note in notes if note.note.kind == kind]
            if of_kind:
                content.append(nodes.rubric("", "", text(Words(self._kind(kind)))))
                of_kind.sort(key=lambda note: self._filed(note.note.title))
                content.append(self._list(of_kind, docname))
        node.replace_self(content)

    def _changes(self, docname: str) -> nodes.Element:
        """What each version added, revised and retired, newest first."""
        items = []
        for change in self.lookups.changes():
            lists = (
                (_("New notes"), change.added),
                (_("Revised notes"), change.revised),
                (_("Retired notes"), change.retired),
            )
            lines = []
            for words, links in lists:
                line = nodes.paragraph("", "", text(Words(f"{words}: ")))
                for count, note in enumerate(links):
                    if count:
                        line += nodes.Text("; ")
                    line += (
                        self._link(note, docname) if note.docname else text(note.title.isolated())
                    )
                if links:
                    lines.append(line)
            if not lines:
                continue
            heading: list[nodes.Node] = [text(Words(str(_("Not yet released"))))]
            if change.version:
                told = ", ".join(filter(None, [_("Version %s") % change.version, change.day]))
                heading = self._dated(told)
            items.append(
                nodes.definition_list_item(
                    "", nodes.term("", "", *heading), nodes.definition("", *lines)
                )
            )
        if not items:
            return nodes.paragraph(
                "", "", text(Words(str(_("Nothing has changed since the first version."))))
            )
        return nodes.definition_list("", *items, classes=["edition-changes"])

    def _filed(self, title: str) -> tuple[bool, str, str]:
        return sorting.sort_key(title, self.config.language)

    def _kind(self, kind: str) -> str:
        return str(self.config.edition_kinds.get(kind, kind.capitalize()))

    def _list(self, notes: Sequence[NotePage], docname: str) -> nodes.Node:
        if not notes:
            return nodes.paragraph("", "", text(Words(str(_("No notes.")))))
        items = []
        for page in notes:
            line = nodes.paragraph("", "", text(Words(f"{page.number} · ")))
            line += self._link(Link(page.note.title, page.note.docname), docname)
            for quoted in first_in_each(page.places):
                line += nodes.Text(" ")
                line += link_to_words(self.builder, docname, quoted)
            items.append(nodes.list_item("", line))
        return nodes.bullet_list("", *items, classes=["note-list"])

    def register(self, node: RegisterNode, docname: str) -> None:
        """The names of a register, and under each the passages and notes that mention it."""
        items = []
        initial = None
        for entry in self.lookups.register(node[doctree.PAGE], node["number"]):
            term = nodes.term("", "", text(entry.name.head.isolated()), ids=[Token(entry.id)])
            also = ", ".join(form.isolated() for form in shown_forms(entry.name))
            remark = entry.name.remark.isolated()
            about = "; ".join(
                filter(
                    None,
                    [also and f"{_('also')} {also}", remark],
                )
            )
            if about:
                words = text(Words(f", {about}"))
                term += nodes.inline("", "", words, classes=["register-remark"])
            letter = sorting.initial(entry.name.head, self.config.language, name=True)
            if initial is not None and letter != initial:
                term["classes"].append("register-letter")
            initial = letter
            definition = nodes.definition("", self._mentions(entry, docname))
            items.append(nodes.definition_list_item("", term, definition))
        node.replace_self(nodes.definition_list("", *items, classes=["register"]) if items else [])

    def _mentions(self, entry: IndexedName, docname: str) -> nodes.paragraph:
        """``Text: ¶2, ¶7. Notes: 5 The Silk Road; 8 …``, a name's own note first and strong."""
        line = nodes.paragraph("", "")
        for count, named in enumerate(entry.places):
            line += text(Words(", " if count else f"{_('Text')}: "))
            place, words = named.place, text(Words(named.place.cited))
            line += link(self.builder, docname, place.docname, place.id, words)
        if entry.places and entry.notes:
            line += nodes.Text(". ")
        for count, note in enumerate(sorted(entry.notes, key=lambda note: not note.is_own)):
            line += text(Words("; " if count else f"{_('Notes')}: "))
            reference = self._link(Link(note.title, note.docname), docname, f"{note.number} ")
            line += nodes.strong("", "", reference) if note.is_own else reference
        return line

    def _note(self, section: nodes.Element, page: NotePage) -> None:
        docname = page.note.docname
        facts = [f"{_('Note')} {page.number}", self._kind(page.note.kind)]
        facts.append(str(STANDINGS[page.note.standing]))
        if page.note.checked:
            facts.append(_("checked %s") % page.note.checked)
        about: list[nodes.Node] = [
            self._places(page.places, docname, "note-places"),
            nodes.paragraph("", "", *self._dated(" · ".join(facts)), classes=["note-facts"]),
        ]
        if credit := credit_line(page.credit):
            about.append(nodes.paragraph("", "", *self._dated(credit), classes=["note-credit"]))
        if page.note.names:
            about.append(self._names(page.note.names))
        section.insert(1, nodes.container("", *about, classes=["note-about"]))
        if page.note.readings:
            _append(section, self._readings(page, docname))
        if page.see_also:
            line = nodes.paragraph(
                "", "", text(Words(f"{_('See also')}: ")), classes=["note-see-also"]
            )
            for count, other in enumerate(page.see_also):
                if count:
                    # Titles hold commas.
                    line += nodes.Text("; ")
                line += self._link(other, docname)
            _append(section, line)
        self._suggest(section, docname)
        neighbours = []
        if page.previous is not None:
            neighbours.append(self._link(page.previous, docname, "← ", "note-previous"))
        if page.next is not None:
            neighbours.append(self._link(page.next, docname, "→ ", "note-next"))
        if neighbours:
            between = [nodes.Text(" ")] if len(neighbours) > 1 else []
            content = [neighbours[0], *between, *neighbours[1:]]
            _append(section, nodes.paragraph("", "", *content, classes=["note-neighbours"]))

    def _dated(self, text: str) -> list[nodes.Node]:
        return days.with_days(text, self.config)

    def _suggest(self, section: nodes.Element, docname: str) -> None:
        for line in self._change(docname):
            _append(section, line)

    def _change(self, docname: str) -> list[nodes.Element]:
        """The link to the page on which a document's file is changed, where there is one."""
        address = self.lookups.edit_address(docname) if self.invites else ""
        if not address:
            return []
        words = nodes.inline("", "", text(Words(str(_("Suggest a change")))))
        # No robot need follow it.
        link = nodes.reference("", "", words, refuri=address, rel="nofollow")
        # Sphinx's search leaves out what has the class.
        return [nodes.paragraph("", "", link, classes=["suggest-change", "no-search"])]

    def _names(self, names: Iterable[tuple[LanguageTag, Words]]) -> nodes.paragraph:
        line = nodes.paragraph("", "", classes=["note-names"])
        for count, (tag, form) in enumerate(names):
            if count:
                line += nodes.Text(" · ")
            line += text(Words(f"{self._language(tag)} "))
            line += nodes.inline("", "", text(form.isolated()), classes=[classes.of_language(tag)])
        return line

    def _language(self, tag: str) -> str:
        try:
            locale = Locale.parse(self.config.language.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            locale = Locale("en")
        return str(locale.languages.get(tag.partition("-")[0], tag))

    def _readings(self, page: NotePage, docname: str) -> nodes.definition_list:
        """What the other versions have, a siglum each."""
        items = []
        for reading in page.note.readings:
            line = nodes.paragraph("", "")
            line += nodes.inline(
                "",
                "",
                text(reading.reading.isolated()),
                classes=[classes.of_siglum(reading.siglum)],
            )
            if reading.gloss:
                line += text(Words(f" — “{reading.gloss.isolated()}”"))
            if reading.remark:
                line += text(Words(f" ({reading.remark.isolated()})"))
            if reading.source:
                line += nodes.Text(" ")
                line += self._source(reading.source, docname)
            items.append(
                nodes.definition_list_item(
                    "",
                    nodes.term("", "", text(Words(reading.siglum).isolated())),
                    nodes.definition("", line),
                )
            )
        return nodes.definition_list("", *items, classes=["note-readings"])

    def _versions(self, notes: Iterable[NotePage], docname: str) -> nodes.definition_list:
        """The versions compared: quoted words in text order, and what others have."""
        items = []
        for page in notes:
            if not page.note.readings:
                continue
            term = nodes.term("", "")
            for count, quoted in enumerate(page.places):
                if count:
                    term += nodes.Text("; ")
                term += link_to_words(self.builder, docname, quoted)
                term += [nodes.Text(" "), nodes.emphasis("", "", text(Words(quoted.words)))]
            term += nodes.Text(" ")
            term += self._link(Link(page.note.title, page.note.docname), docname, "→ ")
            definition = nodes.definition("", self._readings(page, docname))
            items.append(nodes.definition_list_item("", term, definition))
        return nodes.definition_list("", *items, classes=["versions"])

    def _source(self, source: Words, docname: str) -> nodes.Node:
        """A reading's source on page *docname*: a key of the bibliography where there is one."""
        if not self.lookups.is_source(source):
            return text(source)
        pending = addnodes.pending_xref(
            "",
            nodes.inline("", "", text(source)),
            refdomain="cite",
            reftype="p",
            reftarget=source,
            refwarn=True,
            refdoc=docname,
        )
        return pending

    def _places(self, places: Iterable[QuotedPlace], docname: str, name: str) -> nodes.bullet_list:
        """Where words stand, with the words around them."""
        items = []
        for quoted in places:
            line = nodes.paragraph("", "", link_to_words(self.builder, docname, quoted))
            line += text(Words(f" {quoted.before}"))
            line += nodes.strong("", "", text(Words(quoted.words)))
            line += text(Words(quoted.after))
            items.append(nodes.list_item("", line))
        return nodes.bullet_list("", *items, classes=[Token(name)])

    def _link(self, note: Link, onto: str, before: str = "", name: str = "") -> nodes.Element:
        words = nodes.inline("", "", text(Words(f"{before}{note.title.isolated()}")))
        reference = link(self.builder, onto, note.docname, "", words)
        if name:
            reference["classes"].append(Token(name))
        return reference


def _append(section: nodes.Element, node: nodes.Element) -> None:
    """Put *node* at the end of a section's own text, before its subsections."""
    at = next(
        (at for at, child in enumerate(section) if isinstance(child, nodes.section)), len(section)
    )
    section.insert(at, node)
