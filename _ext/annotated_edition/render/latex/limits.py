"""What Sphinx's LaTeX and TeX stop at, put into a form that they know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from annotated_edition.domain.text_nodes import again, text
from annotated_edition.model.records import Subtype
from annotated_edition.text.words import Words

logger = logging.getLogger(__name__)

#: LaTeX has so many levels of bullets, of numbers, and of all that it makes of lists
#: (source2e, ltlists: ``\@toodeep``).
_MOST_OF_A_KIND = 4
_MOST_LISTS = 6
#: Sphinx knows tables in tables, and no deeper.
_MOST_TABLES = 3
#: A longer title would fill the running heads and the contents.
_LONGEST_TITLE = 300
#: A longer word may end a line after so many letters each; Chinese has no spaces between words.
_LONG_WORD = re.compile(r"(?<![!-\u2e7f])[!-\u2e7f]{100,}")
_PIECE = 10
#: Nodes that LaTeX sets as lists, and as how many of them.
_LISTS = (
    (nodes.bullet_list, 1),
    (nodes.enumerated_list, 1),
    (nodes.definition_list, 1),
    (nodes.block_quote, 1),
    (nodes.line_block, 1),
    (nodes.option_list, 1),
    (nodes.field_list, 2),
)


class KeepWithinLimits(SphinxPostTransform):
    """Change what would stop Sphinx or TeX; most of it looks the same.

    After references are resolved (10), before Sphinx gathers footnotes (600) and shows addresses
    as such (400).
    """

    default_priority = 300
    formats = ("latex",)

    def run(self, **kwargs: object) -> None:
        """Look at marks, tables, lists, titles and words."""
        self._mend_marks()
        for table in list(self.document.findall(nodes.table)):
            self._mend_table(table)
        self._flatten(self.document, 0, 0, 0)
        for title in list(self.document.findall(nodes.title)):
            self._shorten(title)
        for words in list(self.document.findall(nodes.Text)):
            if _LONG_WORD.search(words) and not _is_within(words, nodes.reference, nodes.literal):
                _break_words(words)

    def _warn(self, node: nodes.Node, message: str) -> None:
        logger.warning(
            "%s", message, location=node, type="edition", subtype=Subtype.PDF.value, once=True
        )

    # ---- marks ---------------------------------------------------------------------------------

    def _mend_marks(self) -> None:
        """Let a mark without a footnote, or round and round between footnotes, be a number."""
        footnotes = {
            (footnote.get("docname"), footnote["ids"][0]): footnote
            for footnote in self.document.findall(nodes.footnote)
            if footnote["ids"]
        }
        for mark in list(self.document.findall(nodes.footnote_reference)):
            footnote = footnotes.get((mark.get("docname"), str(mark.get("refid"))))
            if footnote is None:
                self._warn(mark, "this mark has no footnote, and stands alone: write the footnote")
            elif _is_within(mark, nodes.footnote) and any(
                True for _ in footnote.findall(nodes.footnote_reference)
            ):
                self._warn(
                    mark,
                    "this mark stands in a footnote, and leads to one with marks: part them",
                )
            else:
                continue
            mark.parent.replace(mark, nodes.superscript("", "", again(mark), ids=mark["ids"]))

    # ---- tables --------------------------------------------------------------------------------

    def _mend_table(self, table: nodes.table) -> None:
        for group in [child for child in table.children if isinstance(child, nodes.tgroup)]:
            bodies = [part for part in group.children if isinstance(part, nodes.tbody)]
            heads = [part for part in group.children if isinstance(part, nodes.thead)]
            if any(body.children for body in bodies):
                continue
            # Sphinx asks for a body: a table that has a head alone is all body.
            rows = [row for head in heads for row in head.children]
            if rows:
                kept = [part for part in group.children if part not in (*bodies, *heads)]
                group.children = kept
                group += nodes.tbody("", *rows)
            else:
                table.remove(group)
        if not any(isinstance(child, nodes.tgroup) for child in table.children):
            titles = [nodes.paragraph("", "", *title.children) for title in table.children[:1]]
            table.parent.replace(table, titles or nodes.target("", "", ids=table["ids"]))
        elif sum(isinstance(outer, nodes.table) for outer in _parents(table)) >= _MOST_TABLES:
            self._warn(
                table, "LaTeX has no tables so deep in others, and prints their cells: part them"
            )
            words = [child for cell in table.findall(nodes.entry) for child in cell.children]
            table.parent.replace(table, words)

    # ---- lists ---------------------------------------------------------------------------------

    def _flatten(self, node: nodes.Element, bullets: int, numbers: int, lists: int) -> None:
        """Let paragraphs with their marks stand for lists that are nested too deeply."""
        at = 0
        while at < len(node.children):
            child = node.children[at]
            at += 1
            if not isinstance(child, nodes.Element) or isinstance(child, nodes.footnote):
                continue
            inside = (
                bullets + isinstance(child, nodes.bullet_list),
                numbers + isinstance(child, nodes.enumerated_list),
                lists + sum(count for kind, count in _LISTS if isinstance(child, kind)),
            )
            if max(inside[:2]) <= _MOST_OF_A_KIND and inside[2] <= _MOST_LISTS:
                self._flatten(child, *inside)
                continue
            self._warn(child, "LaTeX has no lists so deep, and prints its items: unnest it")
            at -= 1  # what was in it comes next
            node[at : at + 1] = _items(child)

    # ---- titles and words ----------------------------------------------------------------------

    def _shorten(self, title: nodes.title) -> None:
        words = " ".join(title.astext().split())
        if len(words) <= _LONGEST_TITLE or not isinstance(title.parent, nodes.section):
            return
        self._warn(
            title,
            f"this title is longer than {_LONGEST_TITLE} characters, and its beginning stands for "
            "it: shorten it",
        )
        whole = nodes.paragraph("", "", *title.children)
        start = words[:_LONGEST_TITLE]
        title.children = []
        title += text(Words((start.rpartition(" ")[0] or start).rstrip() + "…"))
        title.parent.insert(title.parent.index(title) + 1, whole)


def _items(node: nodes.Element) -> list[nodes.Node]:
    """What stands in a list, each item's first paragraph with its mark."""
    found: list[nodes.Node] = []
    for number, item in enumerate(node.children, node.get("start", 1)):
        parts = list(item.children) if isinstance(item, nodes.list_item) else [item]
        if isinstance(item, nodes.list_item) and parts and isinstance(parts[0], nodes.paragraph):
            mark = f"{number}. " if isinstance(node, nodes.enumerated_list) else "• "
            parts[0].insert(0, text(Words(mark)))
        found += parts
    if isinstance(node, nodes.line_block):
        return [nodes.paragraph("", "", *line.children) for line in node.findall(nodes.line)]
    if not isinstance(node, (nodes.bullet_list, nodes.enumerated_list, nodes.block_quote)):
        return [nodes.paragraph("", "", text(Words(" ".join(node.astext().split()))))]
    return found


def _parents(node: nodes.Node) -> Iterator[nodes.Element]:
    while node.parent is not None:
        node = node.parent
        yield node


def _is_within(node: nodes.Node, *kinds: type[nodes.Element]) -> bool:
    return any(isinstance(outer, kinds) for outer in _parents(node))


def _break_words(words: nodes.Text) -> None:
    """Put places into long words where a line may end, as if they were hyphenated."""
    pieces: list[nodes.Node] = []
    end = 0
    for word in _LONG_WORD.finditer(words):
        for at in range(word.start() + _PIECE, word.end(), _PIECE):
            pieces += [again(words, end, at), nodes.raw("", r"\-", format="latex")]
            end = at
    pieces.append(again(words, end))
    words.parent.replace(words, pieces)
