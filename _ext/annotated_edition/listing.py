"""The directive ``{edition:notes}``: lists of notes, filled in when woven."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec


class ListNode(nodes.General, nodes.Element):
    """Stands for a list of notes until weaving puts it there.

    ``by`` is ``text`` (in the order of the text), ``kind`` (a register) or
    ``readings`` (the versions compared), and ``kind`` narrows the list to one kind.
    """


def _by(argument: str) -> str:
    return directives.choice(argument, ("text", "kind", "readings"))


class NoteList(SphinxDirective):
    """``edition:notes``: all notes in text order, by kind, or their readings (``:by:``)."""

    option_spec: ClassVar[OptionSpec] = {"by": _by, "kind": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Leave a placeholder: the notes are not known while a page is read."""
        node = ListNode(by=self.options.get("by", "text"), kind=self.options.get("kind", ""))
        self.set_source_info(node)
        return [node]
