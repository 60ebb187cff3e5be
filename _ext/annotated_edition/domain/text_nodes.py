"""Words put into pages: nowhere else are nodes made of what isn't written in the code itself.

Such words have passed the gate (:mod:`annotated_edition.text.words`), or stand in a tree already.
Classes and ids that are made of data come from :mod:`annotated_edition.domain.classes`.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.util import texescape

from annotated_edition.text import bidi
from annotated_edition.text.words import Words


def text(words: Words) -> nodes.Text:
    """Words that have passed the gate, as a node."""
    return nodes.Text(words)


def again(node: nodes.Node, start: int = 0, stop: int | None = None) -> nodes.Text:
    """The words of a node once more, or a piece of them."""
    return nodes.Text(node.astext()[start:stop])


def verbatim(words: Words) -> nodes.literal_block:
    """Words that have passed the gate, as a block of code; Sphinx compares it with its source."""
    return nodes.literal_block(words, words)


def room_in_latex(words: Words) -> nodes.raw:
    """As much room as the words take in LaTeX, and a space; they aren't printed."""
    return nodes.raw("", rf"\leavevmode\hphantom{{{texescape.escape(words)} }}", format="latex")


def latex_commands(*names: str) -> nodes.raw:
    """Commands of the edition's LaTeX package that take no argument."""
    if not all(map(str.isalpha, names)):  # pragma: no cover
        raise ValueError(names)
    return nodes.raw("", "".join(rf"\edition{name}{{}}" for name in names), format="latex")


def isolate(node: nodes.Element) -> None:
    """Put the words of a node between the signs that leave the order of others alone."""
    begin, end = bidi.ISOLATION
    node.children = [nodes.Text(begin), *node.children, nodes.Text(end)]
