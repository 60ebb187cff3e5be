"""How much of everything a stranger's file has, once it is parsed.

What comes after takes time and room for each piece, and sometimes the square of what stands
together.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes

from annotated_edition.model import limits
from annotated_edition.read.doctree import line_of

#: What indents what it holds.
_INDENTS = (
    nodes.list_item,
    nodes.definition,
    nodes.field_body,
    nodes.block_quote,
    nodes.line_block,
    nodes.entry,
    nodes.Admonition,
)


class TooMuch(Exception):
    """What there is too much of, and where (a line, from 1)."""

    def __init__(self, what: str, line: int = 1) -> None:
        super().__init__(what)
        self.what, self.line = what, line


class Count:
    """Counts the pieces of a file, and stops at too many."""

    def __init__(self) -> None:
        self._pieces = self._headings = self._references = 0

    def pieces(self, number: int, line: int) -> None:
        """So many more pieces stand on *line*."""
        self._pieces += number
        if self._pieces > limits.PIECES:
            raise TooMuch(f"it has more than {limits.PIECES:,} pieces", line)

    def together(self, number: int, line: int) -> None:
        """So many pieces are one paragraph or heading."""
        if number > limits.PIECES_TOGETHER:
            raise TooMuch(f"a paragraph has more than {limits.PIECES_TOGETHER:,} pieces", line)

    def heading(self, line: int) -> None:
        """There is another heading."""
        self._headings += 1
        if self._headings > limits.HEADINGS:
            raise TooMuch(f"it has more than {limits.HEADINGS} headings", line)

    def reference(self, line: int) -> None:
        """There is another reference."""
        self._references += 1
        if self._references > limits.REFERENCES:
            raise TooMuch(f"it has more than {limits.REFERENCES:,} references", line)


def check_tree(document: nodes.document) -> None:
    """Raise TooMuch for a tree that is too deep or too large."""
    count = Count()
    ahead: list[tuple[nodes.Node, int, int]] = [(document, 0, 0)]
    while ahead:
        node, depth, nested = ahead.pop()
        if depth > limits.DEPTH or nested > limits.NESTED:
            raise TooMuch("it is nested too deeply")
        if not isinstance(node, nodes.Element):
            continue
        children = node.children
        count.pieces(len(children), 1)
        if isinstance(node, nodes.TextElement) and len(children) > limits.PIECES_TOGETHER:
            count.together(len(children), line_of(node))
        elif isinstance(node, nodes.section):
            count.heading(line_of(node))
        elif isinstance(node, nodes.definition_list_item) and len(children) > limits.HEADWORDS + 1:
            what = f"an entry of a glossary has more than {limits.HEADWORDS} headwords"
            raise TooMuch(what, line_of(node))
        elif isinstance(node, addnodes.pending_xref):
            count.reference(line_of(node))
        nested += isinstance(node, _INDENTS)
        ahead += [(child, depth + 1, nested) for child in children]
