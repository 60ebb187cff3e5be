"""What strangers write takes time that grows with it, and no faster.

Each kind of input is doubled five times.  What is compared is the growth: with the square, 32
inputs of a size would take 1024 times as long as one.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pybtex.database import Entry

from annotated_edition.anchor.registers import index_names, read_line
from annotated_edition.bibliography import biblatex
from annotated_edition.bibliography.wall import cleaned
from annotated_edition.cli.findings import Findings
from annotated_edition.model.edition import number_passages
from annotated_edition.model.records import Passage
from annotated_edition.text.control import MOST_MARKS, crowded
from annotated_edition.text.folding import Folded, fold
from annotated_edition.text.suggest import slug
from annotated_edition.text.terms import TermFinder
from annotated_edition.text.words import Words
from annotated_edition.untrusted import allowlists
from support.growth import excess, seconds, steps

#: Growth that counts as that of the input, with room for a busy machine: the square has 32.
_LINEAR = 6.0

#: What typography and bad luck are made of.
UNITS = [
    ".", ". ", " .", ".  ", "... ", ". . ", " ", "a ", "-", "--", "- ", "\u00a0", "\u00ad", "…",
    "\u200b ", "'", '"', "’", "« ", " »", "»«", "“", "\u0301", "a\u0301", "\ufe20\ufe27", "\u1160",
    "\u2066", "\u202e", "\u05d0", "\t", "|", ";", "@", " @x", "( ", "中", "a", "A.",
]  # fmt: skip


def _grows(work: Callable[[str], object], text: Callable[[int], str], size: int) -> float:
    """How much faster than its input the time of *work* grows."""
    return excess(lambda size: seconds(lambda: work(text(size))), size, 0.0005)


def _fold(text: str) -> Folded:
    fold.cache_clear()
    return fold(text)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    "work",
    [
        pytest.param(_fold, id="fold"),
        pytest.param(lambda text: read_line("names", 0, 1, text), id="register"),
        pytest.param(Words, id="words"),
        pytest.param(slug, id="slug"),
        pytest.param(allowlists.too_long, id="file"),
        pytest.param(
            lambda text: cleaned(f"@book{{k, title={{{text}}}}}".encode(), "utf-8"), id="bib"
        ),
        pytest.param(lambda text: Findings().write(f"a.md:1: WARNING: {text} [a"), id="finding"),
    ],
)
def test_strings(work: Callable[[str], object], unit: str) -> None:
    assert _grows(work, lambda size: f"a{unit * size}b", 300) < _LINEAR


def test_growth_is_seen() -> None:
    def work(text: str) -> object:
        return [0 for _ in text for _ in text]

    assert _grows(work, "a".__mul__, 100) > _LINEAR


def test_marks_on_one_letter_are_counted() -> None:
    assert crowded("a" + "\u0301" * MOST_MARKS) is None
    assert crowded("ab" + "\u0301\u0316" * MOST_MARKS) == 2 + MOST_MARKS
    assert crowded("…" * 100) is None
    # Still, folding finds its way back.
    text = "a" + "\u0301\u0316" * 50 + " b"
    folded = _fold(text)
    assert folded.span(folded.text.index("b"), len(folded.text)) == (len(text) - 1, len(text))


def test_headwords_that_begin_alike() -> None:
    def find(count: int) -> int:
        finder = TermFinder(f"the {'x' * (number % 9)} {number}" for number in range(count))
        return steps(lambda: list(finder.find("the road " * count)))

    assert excess(find, 20, 1) < 2


def test_headwords_of_one_sign_each() -> None:
    def find(count: int) -> float:
        finder = TermFinder(chr(0x2100 + number) for number in range(count))
        return seconds(lambda: list(finder.find("a road, " * count)))

    assert excess(find, 40, 0.0005) < _LINEAR


def test_names_that_are_alike() -> None:
    def index(count: int) -> int:
        names = [read_line("names", 0, line, "Chen | somebody") for line in range(count)]
        passages = [Passage("text", 0, "Chen went.", 1)]
        places = [*number_passages(passages)]
        return steps(lambda: index_names([*filter(None, names)], passages, places, {}, {}))

    assert excess(index, 20, 1) < 2


def _entries(fields: int, parts: int, times: int) -> dict[str, Entry]:
    """A whole of so many fields, and parts that name it so many times."""
    found = {"whole": Entry("xdata", {f"f{number}": "x" for number in range(fields)})}
    for number in range(parts):
        found[f"part{number}"] = Entry("misc", {"title": "T", "xdata": "whole," * times})
    return found


def test_naming_a_whole_again_and_again_is_naming_it_once() -> None:
    def work(size: int) -> float:
        entries = _entries(size, 1, size)
        return steps(lambda: list(biblatex.resolve(entries)))

    assert excess(work, 20, 1) < _LINEAR


def test_what_entries_have_from_others_is_bounded() -> None:
    entries = _entries(1000, 1000, 1)
    said = [advice for _key, _name, advice in biblatex.resolve(entries)]
    assert said == ["what entries have from others is too much: shorten it"]
    assert sum(len(entry.fields) for entry in entries.values()) < 600_000
