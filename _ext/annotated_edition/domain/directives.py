"""The directives ``{edition:notes}`` and ``{edition:register}``: lists, filled in when woven.

``option_meanings`` says in Markdown what each option is for; the reference is made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec


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
    path = Path(directive.env.doc2path(directive.env.current_document.docname))
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    at = min(max(directive.lineno - 1, 0), len(lines))
    numbers = []
    for text in map(str.strip, texts):
        found = next((n for n in range(at, len(lines)) if text and lines[n].strip() == text), None)
        if found is not None:
            at = found + 1
        numbers.append(at if found is not None else directive.lineno)
    return numbers
