"""Docutils' nodes as TEI's elements.

Words of the text stay what they are: in a passage no space is added or taken away, so that
pointers which count its characters hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element

from docutils import nodes
from sphinx import addnodes

from annotated_edition.domain import EditionDomain
from annotated_edition.domain.classes import language_in
from annotated_edition.domain.text_roles import ASIDE
from annotated_edition.read import doctree
from annotated_edition.read.verse import LINE, PART
from annotated_edition.render.tei.elements import ID, add, write
from annotated_edition.render.tei.pointers import ANCHORS
from annotated_edition.weave.days import DayNode

#: What is woven into pages and stands elsewhere in the file, as data.
_WOVEN = {
    *("note-about", "note-readings", "note-see-also", "note-neighbours", "suggest-change"),
    *("occurrences", "cross-reference-places", "cited-in", "cross-reference"),
}

#: Inline nodes that only look different, and how.
_LOOKS = {
    nodes.emphasis: "italic",
    nodes.strong: "bold",
    nodes.subscript: "subscript",
    nodes.superscript: "superscript",
}
_SILENT = (
    *(nodes.Invisible, nodes.raw, nodes.system_message, nodes.label, nodes.title),
    *(addnodes.index, nodes.footnote_reference),
)


class Content:
    """Writes nodes into elements.

    *page* is the document at hand, whose own ids links may name.  In the text, sections are
    divisions (*has_divisions*); in a note TEI has none.
    """

    def __init__(self, domain: EditionDomain, page: str, *, has_divisions: bool = False) -> None:
        self.domain = domain
        self.page = page
        self.has_divisions = has_divisions
        self._blocks: dict[type[nodes.Node], Callable[[Element, nodes.Element], None]] = {
            nodes.paragraph: self._paragraph,
            nodes.rubric: self._paragraph,
            nodes.attribution: self._paragraph,
            nodes.line_block: self._verse,
            nodes.bullet_list: self._list,
            nodes.enumerated_list: self._list,
            nodes.definition_list: self._definitions,
            nodes.field_list: self._definitions,
            nodes.block_quote: self._quote,
            nodes.literal_block: self._code,
            nodes.doctest_block: self._code,
            nodes.math_block: self._formula,
            nodes.table: self._table,
            nodes.figure: self._figure,
            nodes.image: self._figure,
            nodes.section: self._section,
            nodes.footnote: self._footnote,
            nodes.transition: self._rule,
        }

    # ---- Blocks

    def blocks(self, parent: Element, children: Iterable[nodes.Node]) -> None:
        """Add what stands between paragraphs."""
        for child in children:
            self.block(parent, child)

    def block(self, parent: Element, node: nodes.Node) -> None:
        """Add one block; what has no element of its own adds what is in it."""
        if isinstance(node, nodes.Text):
            if node.strip():
                write(add(parent, "p"), str(node))
            return
        assert isinstance(node, nodes.Element)
        if isinstance(node, nodes.footnote) and "edition_note" in node:
            return
        if isinstance(node, _SILENT) or not _WOVEN.isdisjoint(node.get("classes", ())):
            return
        kind = next((kind for kind in type(node).__mro__ if kind in self._blocks), None)
        if kind is not None:
            self._blocks[kind](parent, node)
        elif isinstance(node, nodes.container) and "editorial" in node["classes"]:
            self.blocks(add(parent, "note", type="editorial"), node.children)
        elif isinstance(node, (nodes.Admonition, nodes.sidebar, nodes.topic)):
            self._aside(parent, node)
        elif isinstance(node, nodes.TextElement):
            self._paragraph(parent, node)
        else:
            self.blocks(parent, node.children)

    def _paragraph(self, parent: Element, node: nodes.Element) -> None:
        if not node.astext().strip():
            return
        paragraph = add(parent, "p", **self._passage(node))
        if isinstance(node, nodes.rubric):
            paragraph.set("rend", "heading")
        self.inline(paragraph, node.children)

    def _passage(self, node: nodes.Element) -> dict[str, str]:
        """Id and label of a passage; nothing for other paragraphs."""
        if doctree.PART in node:
            parts = self.domain.edition.parts.get(node[doctree.DOCNAME], {})
            part = parts.get(node[doctree.PART])
            return {"id": part.place.id} if part else {}
        if doctree.INDEX not in node:
            return {}
        key = node[doctree.DOCNAME], node[doctree.INDEX]
        woven = self.domain.edition.passages.get(key)
        return {"id": woven.place.id, "n": woven.place.label} if woven else {}

    def _verse(self, parent: Element, node: nodes.Element) -> None:
        stanza = add(parent, "lg", **self._passage(node))
        for count, child in enumerate(node.children):
            if count:  # the end of a line counts as a space
                write(stanza, " ")
            if isinstance(child, nodes.line_block):
                self._verse(stanza, child)
            elif isinstance(child, nodes.Element):
                line = add(stanza, "l", n=str(child.get(LINE) or ""), part=child.get(PART, ""))
                self.inline(line, child.children)

    def _list(self, parent: Element, node: nodes.Element) -> None:
        kind = "numbered" if isinstance(node, nodes.enumerated_list) else "bulleted"
        items = add(parent, "list", rend=kind)
        for child in node.children:
            if isinstance(child, nodes.Element):
                self.blocks(add(items, "item"), child.children)

    def _definitions(self, parent: Element, node: nodes.Element) -> None:
        items = add(parent, "list", type="gloss")
        for child in node.children:
            assert isinstance(child, nodes.Element)
            label, item = add(items, "label"), Element("item")
            for part in child.children:
                assert isinstance(part, nodes.Element)
                if isinstance(part, (nodes.term, nodes.field_name, nodes.classifier)):
                    if len(label) or label.text:
                        write(label, ", ")
                    elif name := self._passage(part).get("id"):
                        label.set(ID, name)
                    self.inline(label, part.children)
                else:
                    self.blocks(item, part.children)
            items.append(item)

    def _quote(self, parent: Element, node: nodes.Element) -> None:
        quote = add(parent, "quote")
        self.blocks(quote, node.children)

    def _code(self, parent: Element, node: nodes.Element) -> None:
        add(parent, "eg", node.astext())

    def _formula(self, parent: Element, node: nodes.Element) -> None:
        add(add(parent, "p"), "formula", node.astext(), notation="TeX")

    def _rule(self, parent: Element, node: nodes.Element) -> None:
        add(parent, "milestone", unit="section", rend="rule")

    def _figure(self, parent: Element, node: nodes.Element) -> None:
        figure = add(parent, "figure")
        for image in node.findall(nodes.image):
            add(figure, "graphic", url=str(image["uri"]))
            if image.get("alt"):
                add(figure, "figDesc", str(image["alt"]))
        for child in node.children:
            if isinstance(child, nodes.caption):
                self._paragraph(figure, child)
            elif isinstance(child, nodes.legend):
                self.blocks(figure, child.children)

    def _table(self, parent: Element, node: nodes.Element) -> None:
        table = add(parent, "table")
        self.heading(table, node)
        for row in node.findall(nodes.row):
            cells = add(table, "row", role="label" if isinstance(row.parent, nodes.thead) else "")
            for entry in row.children:
                assert isinstance(entry, nodes.Element)
                cell = add(cells, "cell")
                if len(entry) == 1 and isinstance(entry[0], nodes.paragraph):
                    if name := self._passage(entry[0]).get("id"):
                        cell.set(ID, name)
                    self.inline(cell, entry[0].children)
                else:
                    self.blocks(cell, entry.children)

    def _aside(self, parent: Element, node: nodes.Element) -> None:
        aside = add(parent, "note", type=node.tagname)
        self._heading_as_paragraph(aside, node)
        self.blocks(aside, node.children)

    def _footnote(self, parent: Element, node: nodes.Element) -> None:
        note = add(parent, "note", type="author")
        self._anchor(note, node)
        for label in node.children:
            if isinstance(label, nodes.label):
                note.set("n", label.astext())
        self.blocks(note, node.children)

    def _section(self, parent: Element, node: nodes.Element) -> None:
        inside = add(parent, "div") if self.has_divisions else parent
        if self.has_divisions:
            self.heading(inside, node)
        else:
            self._heading_as_paragraph(inside, node)
        self.blocks(inside, node.children)

    def heading(self, parent: Element, node: nodes.Element) -> None:
        """Add the title of a section or table as its head, with the id that notes point to."""
        for title in node.children:
            if isinstance(title, nodes.title):
                self.inline(add(parent, "head", **self._passage(title)), title.children)

    def _heading_as_paragraph(self, parent: Element, node: nodes.Element) -> None:
        """Add a title where TEI has no head."""
        for title in node.children:
            if isinstance(title, nodes.title):
                self.inline(add(parent, "p", rend="heading"), title.children)

    # ---- Words

    def inline(self, parent: Element, children: Iterable[nodes.Node]) -> None:
        """Add what stands within a paragraph."""
        for child in children:
            if isinstance(child, nodes.Text):
                write(parent, str(child))
            elif isinstance(child, nodes.footnote_reference):
                if "edition_note" not in child:
                    add(parent, "ptr", type="note", target=self._here(child.get("refid", "")))
            elif isinstance(child, nodes.Element) and not isinstance(child, _SILENT):
                self._phrase(parent, child)

    def _phrase(self, parent: Element, node: nodes.Element) -> None:
        if isinstance(node, nodes.image):
            add(parent, "graphic", url=str(node["uri"]))
            return
        if isinstance(node, (nodes.math, nodes.math_block)):
            add(parent, "formula", node.astext(), notation="TeX")
            return
        self.inline(self._element(parent, node), node.children)

    def _element(self, parent: Element, node: nodes.Element) -> Element:
        """The element of a phrase; *parent* itself where it means nothing by itself."""
        look = next((_LOOKS[kind] for kind in type(node).__mro__ if kind in _LOOKS), "")
        if ASIDE in node and not isinstance(node, nodes.superscript):
            # Neither stands within a paragraph by itself: its element says what it is.
            name = "stage" if isinstance(node, nodes.emphasis) else "name"
            return add(parent, name, type="speaker" if name == "name" else "")
        if look:
            return add(parent, "hi", rend=look)
        if isinstance(node, nodes.literal):
            return add(parent, "code")
        if isinstance(node, nodes.title_reference):
            return add(parent, "title")
        if isinstance(node, nodes.abbreviation):
            return add(parent, "abbr")
        if isinstance(node, DayNode):
            return add(parent, "date", when=node["datetime"])
        if isinstance(node, nodes.reference):
            target = self._target(node)
            term = any("std-term" in inner["classes"] for inner in node.findall(nodes.inline))
            if term:
                return add(parent, "term", ref=target)
            return add(parent, "ref", target=target)
        language = language_in(node)
        return parent if language is None else add(parent, "foreign", lang=language)

    def _target(self, node: nodes.Element) -> str:
        if node.get("refuri"):
            return str(node["refuri"])
        return self._here(str(node.get("refid", "")))

    def _here(self, name: str) -> str:
        return f"%{self.page}#{name}" if name else ""

    def _anchor(self, element: Element, node: nodes.Element) -> None:
        """Remember the ids of *node*, which links name, until all are known."""
        if node["ids"]:
            element.set(ANCHORS, " ".join(f"%{self.page}#{name}" for name in node["ids"]))
