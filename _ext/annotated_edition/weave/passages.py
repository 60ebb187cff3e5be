"""Step 3, weave: put the edition into a page, without touching its words.

A post-transform, since numbers run through all pages and a changed note must
not make its page of the text be read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.domain import EditionDomain, classes
from annotated_edition.domain.directives import ListNode, RegisterNode
from annotated_edition.domain.parallel import BesideNode
from annotated_edition.domain.text_nodes import again, room_in_latex, text
from annotated_edition.domain.text_roles import ASIDE, LabelMark, PartMark
from annotated_edition.model.edition import Gloss, Mark, Tie, WovenPassage
from annotated_edition.read import doctree
from annotated_edition.read.verse import BEFORE, LINE
from annotated_edition.text.words import Token, Words
from annotated_edition.weave.builder_fixes import letter_footnotes
from annotated_edition.weave.gists import Gists
from annotated_edition.weave.links import link, link_to_words
from annotated_edition.weave.lookups import Lookups
from annotated_edition.weave.nodes import (
    LabelNode,
    LineNumberNode,
    MarkNode,
    NoteNode,
    NumberNode,
    PartNode,
    RowNode,
)
from annotated_edition.weave.pages import STANDINGS, PageWeaver

#: What a note's marks have in common with it, by their classes.
_ON_MARKS = ("kind-", "standing-")


class Weave(SphinxPostTransform):
    """Weave the edition into a document, or into several assembled into one.

    Strictly before bibtex and LaTeX's bibliography (5), MyST's references (9)
    and Sphinx's (10): what is woven in holds citations and references that they
    resolve.
    """

    default_priority = 3

    def run(self, **kwargs: object) -> None:
        """Weave passages first, then what belongs to other pages."""
        domain = EditionDomain.of(self.env)
        here = self.env.current_document.docname
        # Lists first: weaving changes the tree that the search walks.
        ours = [node for node in self.document.findall(nodes.Element) if _is_ours(node)]
        texts = {node[doctree.DOCNAME] for node in ours if _is_text(node)}
        if texts:
            letter_footnotes(self.document, texts)
        lookups = Lookups(self.env, here)
        text_weaver = TextWeaver(lookups, domain.builder)
        page_weaver = PageWeaver(lookups, domain.builder)
        for node in ours:
            if doctree.INDEX in node:
                text_weaver.passage(node)
            elif doctree.PART in node:
                text_weaver.part(node)
            elif isinstance(node, ListNode):
                page_weaver.listing(node, here)
            elif isinstance(node, addnodes.glossary):
                page_weaver.glossary(node)
            elif isinstance(node, RegisterNode):
                page_weaver.register(node, here)
            else:
                page_weaver.page(node)
        text_weaver.finish()
        for mark in [*self.document.findall(_is_written_mark)]:
            mark.parent.remove(mark)


def _is_ours(node: nodes.Element) -> bool:
    return _is_text(node) or doctree.PAGE in node or isinstance(node, ListNode)


def _is_written_mark(node: nodes.Node) -> bool:
    """Whether *node* says in the source what the text's own label or a part of a line is."""
    return isinstance(node, (LabelMark, PartMark))


def _is_text(node: nodes.Element) -> bool:
    return doctree.INDEX in node or doctree.PART in node


class TextWeaver:
    """Weaves the passages of one document that is being written."""

    def __init__(self, lookups: Lookups, builder: Builder) -> None:
        self.lookups = lookups
        self.builder = builder
        self.gists = Gists(lookups, builder)
        self.lines: int = builder.config.edition_line_numbers
        self.is_html = builder.format == "html"
        self.is_latex = builder.format == "latex"
        # EPUB's format is html, but a reading system has no margin, and a number
        # inside the passage would be a word of the text.
        self.is_page = self.is_html and builder.name != "epub"
        #: Where each note stands in this document, by its id.
        self.placed: dict[str, str] = {}
        self.footnotes: dict[str, nodes.footnote | NoteNode] = {}
        #: What stands beside a heading, until a passage follows.
        self.waiting: list[nodes.Node] = []
        self.last_heading: nodes.Element | None = None
        self._parts: dict[str, Mapping[int, WovenPassage]] = {}
        #: How much stands after a block already, by its identity.
        self._following_blocks: Counter[int] = Counter()

    def passage(self, node: nodes.Element) -> None:
        """Weave one passage: its words keep their order and their markup."""
        woven = self.lookups.passage(node[doctree.DOCNAME], node[doctree.INDEX])
        if woven is None:
            return  # a page in no toctree, which was reported
        waiting, self.waiting = self.waiting, []
        following = [*waiting, *self._following(node, woven)]
        self._label(node, woven)
        self._identify(node, woven)
        self._place(node, following)

    def part(self, node: nodes.Element) -> None:
        """Weave a heading, a cell or the like, if it has notes; they stand after its block."""
        woven = self._parts_of(node[doctree.DOCNAME]).get(node[doctree.PART])
        if woven is None:
            return
        following = self._following(node, woven)
        if self.builder.format in ("latex", "texinfo"):
            node.insert(0, nodes.target("", "", ids=[Token(woven.place.id)]))
        else:
            # HTML drops a cell's only paragraph.
            cell = node.parent
            alone = isinstance(cell, nodes.entry) and len(cell) == 1
            (cell if alone else node)["ids"].append(Token(woven.place.id))
        if self.is_page and woven.place.part == "heading":
            # Beside the passage that follows, in its row.
            self.waiting += following
            self.last_heading = node
            return
        block = _block_of(node)
        if not self.is_page:
            at = _index(block) + 1 + self._following_blocks[id(block)]
            block.parent[at:at] = following
            self._following_blocks[id(block)] += len(following)
        elif _is_in_row(block):
            block.parent += following
        else:
            self._place(block, following)

    def finish(self) -> None:
        """Place what stands beside a heading that no passage follows."""
        if self.waiting and self.last_heading is not None:
            row = RowNode("", classes=["passage-row"])
            row += self.waiting
            self.last_heading.parent.append(row)

    def _parts_of(self, docname: str) -> Mapping[int, WovenPassage]:
        if docname not in self._parts:
            self._parts[docname] = self.lookups.parts(docname)
        return self._parts[docname]

    def _following(self, node: nodes.Element, woven: WovenPassage) -> list[nodes.Node]:
        """Cut marks and terms into a passage; what stands after it."""
        following: list[nodes.Node] = []
        docname = woven.place.docname
        fresh = [gloss for gloss in woven.glosses if gloss.note not in self.placed]
        for gloss in fresh:
            self.placed[gloss.note] = docname
            self.footnotes[gloss.note] = self._footnote(gloss, docname)
            following.append(self.footnotes[gloss.note])
        self._cut(node, woven)
        if woven.ties:
            ties = self._ties(woven.ties, docname)
            # LaTeX's writer knows a container's classes, but no paragraph's.
            box = nodes.container("", ties, classes=ties["classes"])
            following.append(box if self.is_latex else ties)
        return following

    def _label(self, passage: nodes.Element, woven: WovenPassage) -> None:
        """Show the labels within a passage; the first is the passage's own."""
        marks = list(doctree.label_marks(passage))
        inner = woven.inner[1:]
        # One that opens the passage is printed as its number.
        opening = len(marks) - len(inner)
        for (_start, mark), place in zip(marks[opening:], inner, strict=True):
            words = text(Words(mark["label"]))
            if self.is_page:
                number = NumberNode(
                    "", "", words, refid=place.id, ids=[Token(place.id)], name=place.cited
                )
                number["classes"].append("within")
                mark.replace_self(number)
                continue
            shown: list[nodes.Node] = [nodes.target("", "", ids=[Token(place.id)])]
            if self.builder.format in ("latex", "typst"):
                raised = nodes.superscript("", "", words, classes=["passage-label"])
                raised[ASIDE] = True
                shown.append(raised)
            mark.replace_self(shown)

    def _cut(self, passage: nodes.Element, woven: WovenPassage) -> None:
        """Cut the text at the edges of marks and terms and put them in."""
        marks = [mark for mark in woven.marks if mark.id]  # others end in a later passage
        cuts = {mark.end for mark in woven.marks}
        for term in woven.terms:
            cuts |= {term.start, term.end}
        if self.is_page:
            cuts |= {mark.start for mark in woven.marks}
        for leaf in list(doctree.leaves(passage)) if cuts else ():
            end = leaf.start + len(leaf.text)
            # A mark belongs to the piece that holds the last character of its words.
            ending = [mark for mark in marks if leaf.start < mark.end <= end]
            edges = sorted({leaf.start, end} | {cut for cut in cuts if leaf.start < cut < end})
            pieces: list[nodes.Node] = []
            if isinstance(leaf.node, nodes.Text):
                for start, stop in pairwise(edges):
                    pieces.append(self._piece(leaf, start, stop, woven))
                    pieces += [self._mark(mark) for mark in ending if mark.end == stop]
            else:  # can't be cut: marks on any part of it stand after it
                pieces = [leaf.node, *map(self._mark, ending)]
            self._replace(leaf, pieces, passage)

    def _piece(self, leaf: doctree.Leaf, start: int, stop: int, woven: WovenPassage) -> nodes.Node:
        piece: nodes.Node = again(leaf.node, start - leaf.start, stop - leaf.start)
        for term in woven.terms:
            if term.start <= start and stop <= term.end:
                piece = link(
                    self.builder,
                    woven.place.docname,
                    term.docname,
                    term.id,
                    nodes.inline("", "", piece, classes=["xref", "std", "std-term"]),
                )
        quoting = [mark for mark in woven.marks if mark.start <= start and stop <= mark.end]
        if self.is_page and quoting:
            piece = nodes.inline(
                "",
                "",
                piece,
                # Reader views drop what a note's id, such as "community", tells against,
                # unless "article" is in a class.
                classes=[
                    *("quoted", "in-article"),
                    *dict.fromkeys(classes.of_quote(mark.note) for mark in quoting),
                ],
            )
        return piece

    def _replace(
        self, leaf: doctree.Leaf, pieces: Sequence[nodes.Node], passage: nodes.Element
    ) -> None:
        """Put *pieces* where the leaf was.

        A mark at the end of emphasized words stands after the emphasis, and one
        in a link after the link, since links can't be nested.
        """
        inside = list(pieces)
        link = doctree.enclosing_link(leaf.node, passage)
        outside: list[nodes.Node] = []
        while inside and _is_mark(inside[-1]):
            outside.insert(0, inside.pop())
        if link is not None:
            outside = [piece for piece in pieces if _is_mark(piece)]
            inside = [piece for piece in pieces if not _is_mark(piece)]
        after: nodes.Node = link if link is not None else leaf.node
        while (
            outside
            and after.parent is not passage
            and not isinstance(after.parent, nodes.line)
            and after.parent.children[-1] is after
        ):
            after = after.parent
        at = _index(after) + 1
        while at < len(after.parent) and _is_mark(after.parent[at]):
            at += 1
        after.parent[at:at] = outside
        at = _index(leaf.node)
        leaf.node.parent[at : at + 1] = inside

    def _mark(self, mark: Mark) -> nodes.footnote_reference:
        kind = MarkNode if self.is_html else nodes.footnote_reference
        node = kind("", "", text(Words(str(mark.number))), refid=classes.note_target(mark.note))
        node["ids"].append(Token(mark.id))
        # One-document builders pair marks with the one footnote, wherever it is.
        node["docname"] = self.placed[mark.note]
        node["edition_note"] = mark.note
        footnote = self.footnotes[mark.note]
        node["classes"] += [name for name in footnote["classes"] if name.startswith(_ON_MARKS)]
        footnote["backrefs"].append(mark.id)
        return node

    def _footnote(self, gloss: Gloss, docname: str) -> nodes.footnote | NoteNode:
        kind, label = (NoteNode, LabelNode) if self.is_html else (nodes.footnote, nodes.label)
        content = self.gists.copy(gloss.docname, docname)
        if not content:  # reported; the manual page's writer stops at an empty footnote
            content = [text(gloss.title)]
        paragraph = nodes.paragraph("", "", *content, classes=["gist"])
        if self.is_html:
            more = link(
                self.builder,
                docname,
                gloss.docname,
                "",
                nodes.inline("", "more"),
                f"{gloss.title.isolated()}, the whole note",
            )
            more["classes"].append("note-more")
            paragraph += [nodes.Text(" "), more]
        elif gloss.standing != "documented":  # a page says it in a line of its own
            word = str(STANDINGS[gloss.standing])
            said = f"{word[:1].upper()}{word[1:]}."
            paragraph += [
                nodes.Text(" "),
                nodes.emphasis("", "", text(Words(said)), classes=["standing-word"]),
            ]
        footnote = kind(
            "",
            label("", "", text(Words(str(gloss.number)))),
            paragraph,
            ids=[classes.note_target(gloss.note)],
            docname=docname,
            classes=[classes.of_kind(gloss.kind), classes.of_standing(gloss.standing)],
        )
        footnote["edition_note"] = gloss.note
        return footnote

    def _ties(self, ties: Sequence[Tie], docname: str) -> nodes.paragraph:
        line = nodes.paragraph("", "", classes=["cross-reference"])
        for number, tie in enumerate(ties):
            if number:
                line += nodes.Text(" · ")
            line += text(Words(f"{tie.title.isolated()} → "))
            for count, quoted in enumerate(tie.others):
                if count:
                    line += nodes.Text(", ")
                preview = f"{quoted.before}{quoted.words}{quoted.after}"
                line += link_to_words(self.builder, docname, quoted, preview)
        return line

    def _identify(self, node: nodes.Element, woven: WovenPassage) -> None:
        place = woven.place
        node[doctree.LABEL] = place.shown
        node["classes"].append("passage")
        node["ids"].insert(0, Token(place.id))
        words = text(Words(place.shown))
        head: list[nodes.Node] = []
        if self.builder.format in ("latex", "texinfo"):
            # A paragraph's id makes no label there; a target's does.
            node["ids"].remove(place.id)
            head.append(nodes.target("", "", ids=[Token(place.id)]))
        if self.is_latex:
            head.append(nodes.inline("", "", words, classes=["passage-number"]))
        elif self.is_page:
            head.append(NumberNode("", "", words, refid=place.id, name=place.cited))
        lines = list(node.findall(nodes.line))
        self._indent_parts(lines)
        first = next((line for line in lines if line.astext().strip()), node)
        first.insert(0, head)
        if self.lines and (self.is_html or self.is_latex):
            for line in lines:
                number = line.get(LINE, 0)
                if number and number % self.lines == 0 and BEFORE not in line:
                    line.insert(0, self._line_number(number))
                if number and self.is_page:
                    line["ids"].append(Token(f"{place.id}-line-{number}"))

    def _line_number(self, number: int) -> nodes.Node:
        if self.is_html:
            return LineNumberNode("", number=number)
        return nodes.inline("", "", text(Words(str(number))), classes=["line-number"])

    def _indent_parts(self, lines: Sequence[nodes.line]) -> None:
        """Let what completes a line begin where the words before it end; they aren't repeated."""
        for line in lines:
            if BEFORE not in line:
                continue
            if self.is_html:
                line.insert(0, PartNode("", before=line[BEFORE]))
            elif self.is_latex:
                line.insert(0, room_in_latex(Words(line[BEFORE])))

    def _place(self, node: nodes.Element, following: list[nodes.Node]) -> None:
        parent, at = node.parent, _index(node)
        if self.is_page:
            row = RowNode("", classes=["passage-row"])
            parent[at] = row
            row += node
            if following:
                _row_of_notes(row).extend(following)
        else:
            parent[at + 1 : at + 1] = following


def _row_of_notes(row: RowNode) -> RowNode:
    """The row that the notes on a passage stand in, mostly its own.

    Several passages beside one are a column; their notes stand together, in the margin beside
    it, in a column of the same version that has nothing else.
    """
    column = row.parent
    if not isinstance(column, BesideNode) or len(column) == 1:
        return row
    pair, at = column.parent, _index(column) + 1
    following = pair[at] if at < len(pair) else None
    if isinstance(following, BesideNode) and "of_notes" in following:
        notes = following[0]
        assert isinstance(notes, RowNode)
        return notes
    notes = RowNode("", classes=["passage-row"])
    beside = column.copy()
    beside["of_notes"] = True
    beside += notes
    pair.insert(at, beside)
    return notes


def _block_of(node: nodes.Element) -> nodes.Element:
    """The block that a part of the text stands in: a table, a figure, a list of terms."""
    while not isinstance(node.parent, doctree.CONTAINERS):
        node = node.parent
    return node


def _is_in_row(node: nodes.Element) -> bool:
    return isinstance(node.parent, RowNode)


def _is_mark(node: nodes.Node) -> bool:
    return isinstance(node, nodes.footnote_reference) and "edition_note" in node


def _index(node: nodes.Node) -> int:
    """The place of *node* among its siblings, by identity: equal texts are equal."""
    return next(at for at, child in enumerate(node.parent.children) if child is node)
