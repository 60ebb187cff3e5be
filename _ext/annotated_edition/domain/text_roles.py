"""Roles for the pages of the text itself: labels, and what is said of the words beside them."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from annotated_edition.domain.text_nodes import text
from annotated_edition.text.words import Words

#: On words that stand in the text and that no note quotes by accident: speakers and the like.
ASIDE = "edition_aside"

#: The roles, and what each is for, in Markdown: the reference is made of it.
TEXT_ROLES = {
    "label": (
        "A passage's own label, on pages of the text: `` {edition:label}`14` `` before its words. "
        "It isn't printed there, but where the number of a passage stands; within a passage it is "
        "printed small, and begins the next verse."
    ),
    "speaker": (
        "Who speaks, in a play: `` {edition:speaker}`HAMLET` ``. The name is no word of the speech."
    ),
    "part": (
        "In verse, before the words that complete the line which the speaker before began: "
        "`` {edition:part}`F` ``, or `M` where another speaker goes on (TEI's letters, final and "
        "middle). It isn't printed; the words stand where those before them end, and the line "
        "is counted once."
    ),
    "stage": (
        "A stage direction: `` {edition:stage}`Exit` ``, also amid a line, whose words it doesn't "
        "part."
    ),
}


class LabelMark(nodes.Inline, nodes.Element):
    """Where a label stands: ``label`` is its words, and it has none itself.

    What a page shows of it is put in its place when the page is woven.
    """


class Label(SphinxRole):
    """``{edition:label}``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Leave the place of the label."""
        mark = LabelMark(label=Words(" ".join(self.text.split())))
        self.set_source_info(mark)
        return [mark], []


class PartMark(nodes.Inline, nodes.Element):
    """Before words that complete a line of verse: ``part`` is ``M`` or ``F``, or a mistake."""


class Part(SphinxRole):
    """``{edition:part}``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Leave the place where the line goes on."""
        mark = PartMark(part=Words(self.text.strip()))
        self.set_source_info(mark)
        return [mark], []


class _Aside(SphinxRole):
    """Words that are shown, and that aren't words of the passage."""

    node: ClassVar[type[nodes.TextElement]]

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The words, so marked."""
        shown = self.node("", "", text(Words(self.text)), classes=[type(self).__name__.lower()])
        shown[ASIDE] = True
        self.set_source_info(shown)
        return [shown], []


class Speaker(_Aside):
    """``{edition:speaker}``."""

    node = nodes.inline


class Stage(_Aside):
    """``{edition:stage}``."""

    node = nodes.emphasis


ROLES: dict[str, SphinxRole] = {
    "label": Label(),
    "speaker": Speaker(),
    "part": Part(),
    "stage": Stage(),
}
