"""The directives ``{edition:notes}`` and ``{edition:register}``: lists, filled in when woven.

``option_meanings`` says in Markdown what each option is for; the reference is made of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from annotated_edition.text.seen import seen

#: Where a file's lines wait while it is read.
_LINES = "edition_lines"


class ListNode(nodes.General, nodes.Element):
    """Stands for a list of notes until weaving puts it there.

    ``by`` is ``text`` (in the order of the text), ``kind`` (a register),
    ``readings`` (the versions compared) or ``changes`` (between releases), and ``kind``
    narrows the list to one kind.
    """


def _by(argument: str) -> str:
    return directives.choice(argument, ("text", "kind", "readings", "changes"))


class NoteList(SphinxDirective):
    """List the notes, or what other versions have."""

    option_spec: ClassVar[OptionSpec] = {"by": _by, "kind": directives.unchanged}
    option_meanings: ClassVar[dict[str, str]] = {
        "by": (
            "`text` (the default): in the order of the text. `kind`: under the title of each kind, "
            "in alphabetical order. `readings`: the versions compared, with the words of the text "
            "and what each other version has instead. `changes`: what each released version of "
            "the edition added, revised and retired (with `edition_releases`)."
        ),
        "kind": "Only the notes of this kind: the name of their folder.",
    }

    def run(self) -> list[nodes.Node]:
        """Leave a placeholder: the notes are not known while a page is read."""
        node = ListNode(by=self.options.get("by", "text"), kind=self.options.get("kind", ""))
        self.set_source_info(node)
        return [node]


class RegisterNode(nodes.General, nodes.Element):
    """Stands for a register until weaving puts it there; ``lines``: number and text of each."""


class Register(SphinxDirective):
    """List names, one a line of the content, with every passage and note that mentions each."""

    has_content = True
    option_meanings: ClassVar[dict[str, str]] = {}

    def run(self) -> list[nodes.Node]:
        """Leave a placeholder: mentions are not known while a page is read."""
        texts = list(map(str.strip, self.content))
        lines = zip(lines_in_file(self, texts), texts, strict=True)
        node = RegisterNode(lines=[(number, text) for number, text in lines if text])
        self.set_source_info(node)
        return [node]


def lines_in_file(directive: SphinxDirective, texts: Sequence[str]) -> list[int]:
    """The numbers (from 1) in the file of the lines of a directive's content.

    Markdown and reStructuredText count otherwise in nested directives: the lines are looked up,
    from the directive's own on.
    """
    known = _numbers(directive)
    at = max(directive.lineno, 1)
    numbers = []
    for text in map(str.strip, texts):
        where = known.get(text, []) if text else []
        place = bisect_left(where, at)
        if place < len(where):
            at = where[place] + 1
        numbers.append(where[place] if place < len(where) else directive.lineno)
    return numbers


def _numbers(directive: SphinxDirective) -> dict[str, list[int]]:
    """The lines (from 1) of the file that have some words: read once for all its directives."""
    current = directive.env.current_document
    if _LINES not in current:
        numbers: dict[str, list[int]] = {}
        text = Path(directive.env.doc2path(current.docname)).read_text("utf-8", "replace")
        for number, line in enumerate(seen(text).split("\n"), 1):
            numbers.setdefault(line.strip(), []).append(number)
        current[_LINES] = numbers
    found: dict[str, list[int]] = current[_LINES]
    return found
