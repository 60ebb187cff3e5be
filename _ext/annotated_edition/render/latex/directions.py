r"""Words from right to left: TeX sets one word after another from the left, unless it is told.

What turns stands between ``\editionbeginR`` and ``\editionendR``, and letters of such a script
after ``\editionHebrew`` or its like: fonts join and point letters only if they know the script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.domain.text_nodes import again, latex_commands
from annotated_edition.render.latex.title import title_of_document
from annotated_edition.text import runs_left
from annotated_edition.text.turns import Turn, turns
from annotated_edition.weave.languages import words_run_from_right
from annotated_edition.weave.locales import runs_from_right

#: Letters by their scripts, as fontspec calls these.
_SCRIPTS = {
    "Hebrew": "\u0590-\u05ff\ufb1d-\ufb4f",
    "Arabic": "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Syriac": "\u0700-\u074f\u0860-\u086f",
    "Thaana": "\u0780-\u07bf",
}
#: Words of one script; and isolates, for which TeX's fonts have no signs.
_SPECIAL = re.compile(
    "|".join(f"(?P<{name}>[{signs}]+(?: +[{signs}]+)*+)" for name, signs in _SCRIPTS.items())
    + "|[\u2066-\u2069]+"
)
#: In the place of what has no letters to order, such as the number of a note.
_OBJECT = "\ufffc"
_OPAQUE = (nodes.literal, nodes.math, nodes.image, nodes.footnote_reference)
#: What has a colour of its own.
_COLOURED = (nodes.reference, nodes.literal, nodes.footnote_reference)
#: What stands in a margin, and is no part of the words beside it.
_NUMBER = "passage-number"
_IN_MARGIN = frozenset({_NUMBER, "line-number"})


class TurnWords(SphinxPostTransform):
    """Tell TeX where words turn.

    After titles are shortened (300), which reads them, and before footnotes come to their
    marks (600).
    """

    default_priority = 310
    formats = ("latex",)

    def run(self, **kwargs: object) -> None:
        """Look at every block of words, and at each number in the margin."""
        language = self.config.language
        book = runs_from_right(language)
        title = title_of_document(self.document)
        for block in list(self.document.findall(nodes.Element)):
            if block is title:
                continue  # Sphinx takes its words alone
            if _is_block(block) and (book or runs_left(block.astext())):
                _turn(block, words_run_from_right(block, language), book)


def _is_block(node: nodes.Node) -> bool:
    """Whether *node* has words in a row that are written as such; the writer reads labels."""
    if isinstance(node, nodes.inline):
        return not _IN_MARGIN.isdisjoint(node["classes"])
    return isinstance(node, nodes.TextElement) and not isinstance(
        node, (nodes.Inline, nodes.FixedTextElement, nodes.label, nodes.raw, nodes.math_block)
    )


class _Span(NamedTuple):
    """Something in a block, and where its words stand among the block's."""

    node: nodes.Node
    start: int
    stop: int


def _turn(block: nodes.Element, from_right: bool, book: bool) -> None:
    """Put the turns into a block, which runs as the *book* does or otherwise."""
    words, spans = _words(block)
    found = turns(words, from_right)
    for span in spans:
        if isinstance(span.node, _COLOURED):
            _keep(span, found, from_right)
    begin: dict[int, list[str]] = {}
    end: dict[int, list[str]] = {}
    elements = [span for span in spans if isinstance(span.node, nodes.Element)]
    for turn in found:
        side = _side(turn.from_right)
        # What begins with a link and goes on after it begins before it; and so for its end.
        within = [it for it in elements if turn.start <= it.start and it.stop <= turn.stop]
        first = [it.node for it in within if it.start == turn.start and it.stop < turn.stop]
        last = [it.node for it in within if it.start > turn.start and it.stop == turn.stop]
        for node in first[:1]:
            node.parent.insert(node.parent.index(node), latex_commands(f"begin{side}"))
        for node in last[:1]:
            node.parent.insert(node.parent.index(node) + 1, latex_commands(f"end{side}"))
        if not first:
            begin.setdefault(turn.start, []).append(f"begin{side}")
        if not last:
            end.setdefault(turn.stop, []).insert(0, f"end{side}")
    for span in spans:
        if isinstance(span.node, nodes.Text):
            told = list(_told(span.node, span.start, begin, end))
            span.node.parent.replace(span.node, told)
    if from_right != book and isinstance(block, (nodes.paragraph, nodes.line)):
        # TeX closes it at the paragraph's end.
        block.insert(0, latex_commands(f"paragraph{_side(from_right)}"))
        for number in block.findall(nodes.inline):
            if _NUMBER in number["classes"]:
                number["classes"] = [f"{_NUMBER}-turned"]


def _words(block: nodes.Element) -> tuple[str, list[_Span]]:
    """The signs of a block that tell how it turns, and what they stand in, outer elements first."""
    words = ""
    spans: list[_Span] = []

    def read(node: nodes.Element) -> None:
        nonlocal words
        for child in node.children:
            start, at = len(words), len(spans)
            if isinstance(child, nodes.Text):
                words += child
            elif isinstance(child, _OPAQUE) or _is_block(child):
                words += _OBJECT
            elif isinstance(child, nodes.Element) and not isinstance(child, nodes.raw):
                read(child)
            if len(words) > start:
                spans.insert(at, _Span(child, start, len(words)))

    read(block)
    return words, spans


def _keep(span: _Span, found: Sequence[Turn], from_right: bool) -> None:
    """Keep the beginning of a link's colour before its end: TeX puts out backwards what turns."""
    node = span.node
    around = [it for it in found if it.start <= span.start and span.stop <= it.stop]
    if around and around[-1][:2] == span[1:] and isinstance(node, nodes.reference):
        around.pop()  # the turn begins in the link
    if not (around[-1].from_right if around else from_right):
        return
    if isinstance(node, nodes.reference):
        node.insert(0, latex_commands("beginR"))
        node.append(latex_commands("endR"))
    at = node.parent.index(node)
    node.parent.insert(at + 1, latex_commands("endL"))
    node.parent.insert(at, latex_commands("beginL"))


def _side(from_right: bool) -> str:
    """What TeX calls a direction."""
    return "R" if from_right else "L"


def _told(
    node: nodes.Text, offset: int, begin: Mapping[int, list[str]], end: Mapping[int, list[str]]
) -> Iterator[nodes.Node]:
    """The words of a text with the turns between them."""
    start = 0
    for at in range(1, len(node) + 1):
        if at < len(node) and offset + at not in begin and offset + at not in end:
            continue
        if offset + start in begin:
            yield latex_commands(*begin[offset + start])
        yield from _with_scripts(node, start, at)
        if offset + at in end:
            yield latex_commands(*end[offset + at])
        start = at


def _with_scripts(node: nodes.Text, start: int, stop: int) -> Iterator[nodes.Node]:
    """A piece of a text, letters in their scripts, and without isolates."""
    at = start
    for found in [*_SPECIAL.finditer(node, start, stop)]:
        if at < found.start():
            yield again(node, at, found.start())
        if found.lastgroup:
            yield nodes.raw("", "{", format="latex")
            yield latex_commands(found.lastgroup)
            yield again(node, found.start(), found.end())
            yield nodes.raw("", "}", format="latex")
        at = found.end()
    if at < stop:
        yield again(node, at, stop)
