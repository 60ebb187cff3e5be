"""The doctree of the whole book as Typst markup: files, headings and notes.

The rest of the grammar is in the classes that this one is built on, from words to tables:
``Output`` < ``Inlines`` < ``Blocks`` < ``Lists`` < ``Tables`` < ``TypstWriter``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from docutils import nodes
from sphinx.locale import get_translation

from annotated_edition.passages import DOCNAME, INDEX, LABEL, PAGE
from annotated_edition.pdf.arrange import LEVEL
from annotated_edition.pdf.assemble import Place, own_words
from annotated_edition.pdf.escape import array, markup, string
from annotated_edition.pdf.index import Entry, initial
from annotated_edition.pdf.opening import file_of
from annotated_edition.pdf.tables import Tables

_ = get_translation("annotated_edition")

#: What is kept with a short block before it, and how many signs a short one has.
_TOGETHER = {"note-see-also", "cross-reference-places"}
_SHORT = 450

#: An anchor as :meth:`Output.flush_anchors` writes it.
_ANCHOR = re.compile(r'#anchor\(("(?:[^"\\]|\\.)*")\);')


class TypstWriter(Tables):
    """Visits the assembled doctree; the markup is in ``body`` afterwards."""

    _last_level = 0
    _last_part_had_passages = False
    _text_has_begun = False
    _in_imprint = False

    def written(self, arguments: dict[str, str], begun: Callable[[str], None]) -> str:
        """Return the Typst file of the whole book; *arguments* are the template's.

        *begun* is given the file of the text alone as soon as that is written.
        """
        #: Footnotes that stand already: the passage of each one's first mark, and its label.
        self._printed: dict[Place, tuple[nodes.Element | None, str]] = {}
        self._headings: list[str] = []
        parts = self.book.parts
        self._in_imprint = True
        imprint = self._part(self.book.imprint)
        self._in_imprint = False
        front = self._part(parts.front)
        text = self._part([*own_words(self.book.tree), *parts.text])
        begun(file_of(arguments, text))
        rest = self._part(parts.rest)
        if self.book.index:
            rest += f"\n\n#part-break()\n\n{self._book_index()}\n"
        before = {
            "headings": array(self._headings),
            "imprint": f"[{imprint}]",
            "front": f"[{front}]",
        }
        whole = file_of({**arguments, **before}, f"{text}\n\n#rest[\n{rest}\n]")
        return self._without_idle_anchors(whole)

    def _part(self, parts: Sequence[nodes.Node]) -> str:
        self._last_level = 0
        words = self.inside(*parts)
        self.body = []
        self.flush_anchors()
        last, self.body = "".join(self.body), []
        return f"\n{words}\n{last}\n"

    def _without_idle_anchors(self, whole: str) -> str:
        """Take out the anchors that no link leads to, but passages': others may cite them.

        Each costs Typst time; citations alone have hundreds that nobody wants.
        """
        keep = {string(label) for label in (*self.wanted, *self.passages)}
        return _ANCHOR.sub(lambda match: match.group() if match.group(1) in keep else "", whole)

    # ---- files and sections --------------------------------------------------------------

    def visit_start_of_file(self, node: nodes.Element) -> None:
        """Write a file of the sources, on the level that it has in the book."""
        outer, self.level = self.level, node.get(LEVEL, 1) - 1
        self.files.append(node["docname"])
        label = self.book.documents.get(self.docname, "")
        if label.endswith("#"):  # no section will carry it
            self.expect_label(label)
        self.children(node)
        self.files.pop()
        self.level = outer
        raise nodes.SkipNode

    def visit_section(self, node: nodes.Element) -> None:
        """Write a section. The root's first section is the book: its title is the title page's."""
        if len(self.files) == 1 and self.level == 0 and not self._last_level:
            self._last_level = -1
            self.expect(node)
            self.children_but_title(node)
            raise nodes.SkipNode
        self.level += 1
        self._heading(node)
        self.children_but_title(node)
        self.level -= 1
        raise nodes.SkipNode

    def children_but_title(self, node: nodes.Element) -> None:
        """Write what stands under a section's heading."""
        children = [child for child in node.children if not isinstance(child, nodes.title)]
        for child, after in zip(children, [*children[1:], None], strict=False):
            if _leads_on(child, after):
                self.block(f"#kept[{self.inside(child)}]")
            else:
                child.walkabout(self)

    def _heading(self, node: nodes.Element) -> None:
        title = next((part for part in node.children if isinstance(part, nodes.title)), None)
        if title is None:
            self.expect(node)
            return
        if self._in_imprint:
            self.expect(node)
            self.block(f"#imprint-head[{self.inside(*title.children)}]")
            return
        # PDF/UA knows no skipped level.
        level = min(self.level, max(self._last_level, 0) + 1)
        self._last_level = level
        if level == 1 or not self._text_has_begun:
            self._begin_part(node, level)
        self.flush_anchors()
        self.in_title = True
        words = self.inside(*title.children)
        self.in_title = False
        if node.get(PAGE) in self.book.numbers:
            words = f"#note-number({string(str(self.book.numbers[node[PAGE]]))});{words}"
        if level <= 3:  # as deep as the contents go
            self._headings.append(f"({level}, [{markup(title.astext())}])")
        for id_ in title["ids"]:
            self.expect_label(self.book.labels[self.docname, id_])
        label = self.book.labels.get((self.docname, node["ids"][0])) if node["ids"] else None
        tag = ""
        if label and label not in self.emitted:
            self.emitted.add(label)
            tag = f"#label({string(label)})"
        self.body.append(f"\n\n#heading(level: {level})[{words}]{tag}\n\n")

    def _begin_part(self, node: nodes.Element, level: int) -> None:
        """Begin a chapter, and the text itself, on a new page, where the text doesn't run on."""
        passages = any(LABEL in part for part in node.findall(nodes.Element))
        begins = passages and not self._text_has_begun
        self._text_has_begun |= passages
        if begins or (level == 1 and not (passages and self._last_part_had_passages)):
            self.body.append("\n\n#part-break()\n\n")
        self._last_part_had_passages = passages

    def visit_title(self, node: nodes.Element) -> None:
        """Write a title that no visitor above has taken, as a rubric."""
        self.visit_rubric(node)

    def visit_subtitle(self, node: nodes.Element) -> None:
        """Write a subtitle."""
        self.visit_rubric(node)

    # ---- notes ---------------------------------------------------------------------------

    def visit_footnote_reference(self, node: nodes.footnote_reference) -> None:
        """Write a note at its first mark; further marks refer to it."""
        place = self.book.footnote_of(node, self.docname)
        if place is None:
            self.complain(
                node, f'there is no footnote "{node.get("refid", node.astext())}" for this mark'
            )
            raise nodes.SkipNode
        number = string(node.astext().strip())
        name = string(f"{place[0]}#{place[1]} (note)")
        if place in self._printed:
            self.add(self._note_again(node, number, name, *self._printed[place]))
        else:
            label = self.book.labels.get((self.docname, node["ids"][0])) if node["ids"] else ""
            self._printed[place] = _passage_of(node), label or ""
            function = "title-note" if self.in_title else "note"
            words = self._note_text(self.book.footnotes[place], place[0])
            self.add(f"#{function}({number}, {name})[{words}];")
        raise nodes.SkipNode

    def _note_again(
        self,
        node: nodes.footnote_reference,
        number: str,
        name: str,
        passage: nodes.Element | None,
        label: str,
    ) -> str:
        """Return a further mark of a note: from a passage far off, a note says where to look."""
        here = _passage_of(node)
        if passage is None or not label or _are_near(passage, here):
            return f"#note-again({number}, {name});"
        self.want(node, label)
        words = markup(str(_("See %s")) % f"¶{passage[LABEL]}")
        again = string(f"{self.docname}#{'-'.join(node['ids'])} (note)")
        return f"#note({number}, {again})[#see-page({string(label)})[{words}];.];"

    def _note_text(self, footnote: nodes.footnote, docname: str) -> str:
        """Return a footnote's words, read as part of the file that it comes from."""
        # What waits to be labelled is the mark's, not the note's.
        self.flush_anchors()
        waiting, self._pending = self._pending, []
        in_title, self.in_title = self.in_title, False
        self.files.append(docname)
        self.expect(footnote)
        words = self.inside(*(c for c in footnote.children if not isinstance(c, nodes.label)))
        self.files.pop()
        self._pending = waiting + self._pending
        self.in_title = in_title
        return words

    def visit_footnote(self, node: nodes.footnote) -> None:
        """Pass over a footnote, written at its mark; one without a mark stands here."""
        docname = node.get("docname", self.docname)
        places = [(docname, id_) for id_ in node["ids"]]
        if not any(place in self.book.marked for place in places):
            number = node.children[0].astext() if node.children else ""
            self.block(f"#loose-note({string(number)})[{self._note_text(node, docname)}]")
        raise nodes.SkipNode

    # ---- the index -----------------------------------------------------------------------

    def _book_index(self) -> str:
        """Return the index, a group for each letter."""
        groups: dict[tuple[str, bool], list[str]] = {}
        for entry in self.book.index:
            letter = initial(entry, self.book_language)
            # Figures and scripts without letters' cases stand at either end.
            key = (letter, not letter and any(known for known, _end in groups))
            groups.setdefault(key, []).append(self._entry(entry))
        letters = ",\n".join(
            f"  ({string(letter)}, (\n    " + ",\n    ".join(lines) + ",\n  ))"
            for (letter, _end), lines in groups.items()
        )
        title, see = string(_("Index")), string(_("see"))
        words = string(
            _(
                "Figures are pages of the text, with “n.” those of the notes at their foot. "
                "Figures in italics lead to more: the glossary, the registers, the commentary."
            )
        )
        return f"#book-index({title}, {words}, {see},\n{letters},\n)"

    def _entry(self, entry: Entry) -> str:
        head = f"[{markup(entry.head)}]"
        if entry.see:
            return f"(head: {head}, see: {string(entry.see)})"
        text = array([string(label) for label in self._labels(entry.text)])
        notes = array(
            [
                f"({string(str(number))}, {string(label)})"
                for number, place in entry.notes
                for label in self._labels([place])
            ]
        )
        explained = array([string(label) for label in self._labels(entry.explained)])
        return f"(head: {head}, text: {text}, notes: {notes}, explained: {explained})"

    def _labels(self, places: Iterable[Place]) -> Iterator[str]:
        """Return the labels of those places that the book has."""
        for docname, id_ in places:
            label = self.book.labels.get((docname, id_)) if id_ else None
            if not id_:
                label = self.book.documents.get(docname)
            if label in self.emitted:
                self.wanted.setdefault(label, f"{docname}#{id_}")
                yield label


def _are_near(passage: nodes.Element, other: nodes.Element | None) -> bool:
    """Whether two passages are one, or follow each other: a reader sees both at once."""
    if other is passage:
        return True
    if other is None or INDEX not in passage or INDEX not in other:
        return False
    return bool(passage[DOCNAME] == other[DOCNAME] and abs(passage[INDEX] - other[INDEX]) == 1)


def _passage_of(node: nodes.Node) -> nodes.Element | None:
    """Return the passage that *node* stands in."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.Element) and LABEL in node:
            return node
    return None


def _leads_on(node: nodes.Node, after: nodes.Node | None) -> bool:
    """Whether *node* is short, and after it comes what must not stand alone on a page."""
    return (
        isinstance(after, nodes.Element)
        and not _TOGETHER.isdisjoint(after["classes"])
        and isinstance(node, (nodes.paragraph, nodes.definition_list))
        and len(node.astext()) < _SHORT
    )
