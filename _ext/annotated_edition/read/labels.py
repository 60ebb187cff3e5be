"""The labels of a page's passages, by its pattern and by what stands in the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docutils import nodes

from annotated_edition.model.works import LETTERS, NUMBERS
from annotated_edition.read import doctree
from annotated_edition.text import labels
from annotated_edition.text.labels import HEADINGS, LINE, WITHIN, Pattern
from annotated_edition.text.words import Words


@dataclass(slots=True)
class Labelled:
    """A passage's own label, or none; and where the labels within it begin."""

    label: str = ""
    #: What its headings don't say of it.
    short: str = ""
    inner: tuple[tuple[int, str], ...] = ()
    #: The fields that its pattern needs, and that it doesn't have.
    missing: tuple[str, ...] = ()


def label_all(passages: Sequence[nodes.Element], written: str) -> list[Labelled]:
    """The labels of a page's passages; *written* is ``numbers``, ``letters`` or a pattern."""
    pattern = None if written in (NUMBERS, LETTERS) else Pattern(written)
    page = _Page(pattern)
    return [page.labelled(passage) for passage in passages]


class _Page:
    """Labels given on a page so far."""

    def __init__(self, pattern: Pattern | None) -> None:
        self.pattern = pattern
        self.numbers: Counter[str] = Counter()
        self.given: Counter[str] = Counter()
        #: What headings don't say of the passage whose label was made last.
        self._short = ""

    def labelled(self, passage: nodes.Element) -> Labelled:
        marks = list(doctree.label_marks(passage))
        text = doctree.running_text(passage)
        opening = marks.pop(0)[1]["label"] if marks and not text[: marks[0][0]].strip() else ""
        label, missing = self._label(passage, opening or own_number(passage), bool(opening))
        if not label and not marks:
            return Labelled(missing=missing)
        short = self._short
        inner = [
            (start, self._once(self._label(passage, mark["label"], True)[0]))
            for start, mark in marks
        ]
        before, label = label, self._once(label)
        short = short + label.removeprefix(before) if short else ""
        return Labelled(label, short, ((0, label), *inner) if inner else (), missing)

    def _label(
        self, passage: nodes.Element, own: str, is_marked: bool
    ) -> tuple[str, tuple[str, ...]]:
        """The label of a passage whose own number is *own*, and what the pattern lacks."""
        self._short = ""
        if is_marked and (self.pattern is None or "own" not in self.pattern.fields):
            return own, ()
        if self.pattern is None:
            return "", ()
        values = {**_headings(passage), "own": own}
        if isinstance(passage, nodes.line_block):
            values["line"] = LINE
        if "n" in self.pattern.fields:
            key, _missing = self.pattern.label({**values, "n": "0"})
            self.numbers[key] += 1
            values["n"] = str(self.numbers[key])
        label, missing = self.pattern.label(values)
        # What can't be made by the pattern has what is written there.
        if missing and is_marked:
            return own, ()
        if not self.pattern.fields.isdisjoint(HEADINGS):
            said = [name for name in HEADINGS if values.get(name)]
            self._short = self.pattern.label(values, said)[0]
        return label, missing

    def _once(self, label: str) -> str:
        """A label that an earlier passage has is that passage's, and this one its second ¶."""
        if not label or LINE in label:
            return label
        self.given[label] += 1
        count = self.given[label]
        return f"{label} ¶{count}" if count > 1 else label


def _headings(passage: nodes.Element) -> dict[str, str]:
    """The headings above a passage, each by its level: what it is cited by, and its number."""
    sections = []
    node: nodes.Node | None = passage.parent
    while node is not None:
        if isinstance(node, nodes.section):
            sections.append(node)
        node = node.parent
    values = {}
    for level, section in enumerate(reversed(sections), 1):
        words = str(Words(section[0].astext()))
        values[f"h{level}"] = labels.of_heading(words)
        values[f"h{level}.number"] = labels.number_of(words)
    return values


def own_number(passage: nodes.Element) -> str:
    """The number that a passage has by its list, or by its first signs; or nothing."""
    return (
        WITHIN.join(_numbers_of_items(passage))
        or _raised(passage)
        or labels.printed_number(doctree.running_text(passage))
    )


def _numbers_of_items(passage: nodes.Element) -> list[str]:
    """The numbers of the items that a passage stands in: ``2``, ``(b)``, ``(i)``."""
    found: list[str] = []
    node: nodes.Element | None = passage
    while node is not None and node.parent is not None:
        parent = node.parent
        if isinstance(parent, nodes.enumerated_list):
            number = parent.get("start", 1) + parent.index(node)
            found.insert(0, _figure(number, parent.get("enumtype", "arabic")))
        node = parent
    return found


def _figure(number: int, kind: str) -> str:
    """A number as its list writes it."""
    if kind.endswith("alpha"):
        sign = chr(ord("a") + (number - 1) % 26)
    elif kind.endswith("roman"):
        sign = "".join(_roman(number))
    else:
        return str(number)
    return sign.upper() if kind.startswith("upper") else sign


def _roman(number: int) -> Iterator[str]:
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    ):
        yield sign * (number // value)
        number %= value


def _raised(passage: nodes.Element) -> str:
    """The number that a passage begins with, if it is a superscript."""
    for leaf in doctree.leaves(passage):
        words = leaf.text.strip()
        if words:
            raised = isinstance(leaf.node.parent, nodes.superscript)
            return words if raised and words.isalnum() else ""
    return ""
