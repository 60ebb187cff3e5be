"""The doctree of the whole book as Typst markup: files, headings and notes.

The rest of the grammar is in the classes that this one is built on, from words to tables:
``Output`` < ``Inlines`` < ``Blocks`` < ``Tables`` < ``TypstWriter``.
"""

from __future__ import annotations

from docutils import nodes

from annotated_edition.pdf.escape import string
from annotated_edition.pdf.tables import Tables


class TypstWriter(Tables):
    """Visits the assembled doctree; the markup is in ``body`` afterwards."""

    _last_level = 0
    _last_part_had_passages = False

    def visit_document(self, node: nodes.Element) -> None:
        """Write the whole book."""
        self._printed: set[tuple[str, str]] = set()
        self._begin_file(self.docname)
        self.children(node)
        self.flush_anchors()
        raise nodes.SkipNode

    # ---- files and sections --------------------------------------------------------------

    def visit_start_of_file(self, node: nodes.Element) -> None:
        """Write a file of the sources."""
        self.files.append(node["docname"])
        self._begin_file(node["docname"])
        self.children(node)
        self.files.pop()
        raise nodes.SkipNode

    def _begin_file(self, docname: str) -> None:
        label = self.book.documents.get(docname, "")
        if label.endswith("#"):  # no section will carry it
            self.expect_label(label)

    def visit_section(self, node: nodes.Element) -> None:
        """Write a section. The root's first section is the book: its title is the title page's."""
        is_book = self.docname == self.book.root and self.level == 0 and not self._last_level
        if is_book:
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
        for child in list(node.children):
            if not isinstance(child, nodes.title):
                child.walkabout(self)

    def _heading(self, node: nodes.Element) -> None:
        title = next((part for part in node.children if isinstance(part, nodes.title)), None)
        if title is None:
            self.expect(node)
            return
        # PDF/UA knows no skipped level.
        level = min(self.level, max(self._last_level, 0) + 1)
        self._last_level = level
        if level == 1:
            self._begin_part(node)
        self.flush_anchors()
        self.in_title = True
        words = self.inside(*title.children)
        self.in_title = False
        for id_ in title["ids"]:
            self.expect_label(self.book.labels[self.docname, id_])
        label = self.book.labels.get((self.docname, node["ids"][0])) if node["ids"] else None
        tag = ""
        if label and label not in self.emitted:
            self.emitted.add(label)
            tag = f"#label({string(label)})"
        self.body.append(f"\n\n#heading(level: {level})[{words}]{tag}\n\n")

    def _begin_part(self, node: nodes.Element) -> None:
        """Begin a part on a new page, unless the text itself goes on from page to page."""
        passages = any("edition_label" in part for part in node.findall(nodes.Element))
        if not (passages and self._last_part_had_passages):
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
            self.add(f"#note-again({number}, {name});")
        else:
            self._printed.add(place)
            function = "title-note" if self.in_title else "note"
            words = self._note_text(self.book.footnotes[place], place[0])
            self.add(f"#{function}({number}, {name})[{words}];")
        raise nodes.SkipNode

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
