"""The nodes that weaving puts into pages, beside docutils' own."""

from __future__ import annotations

from docutils import nodes


class MarkNode(nodes.footnote_reference):
    """A note's mark in the text."""


class NoteNode(nodes.General, nodes.BackLinkable, nodes.Element, nodes.Labeled, nodes.Targetable):
    """A note beside the text.

    A footnote in all but its class: docutils draws one ``aside`` round all that follow each other,
    and wouldn't close it where a note stands after the author's own.
    """


class LabelNode(nodes.label):
    """A note's number before its gist."""


class LineNumberNode(nodes.Inline, nodes.Element):
    """The number of a line of verse; in HTML only, and no word of the text there."""


class PartNode(nodes.Inline, nodes.Element):
    """Room for the words before it in a line of verse that speakers share; in HTML only."""


class NumberNode(nodes.Inline, nodes.TextElement):
    """A passage's number, which is the permalink to it; in HTML only.

    ``name`` is the passage's label in full: several on a page may show the same.
    """


class RowNode(nodes.container):
    """A passage with its notes and cross-references; in HTML only."""
