"""Comparing the pages with the copy-text, word by word.

A collation in the editor's sense: two witnesses side by side, every difference
listed with its place and both readings.  Typography is not a difference
(:func:`annotated_edition.text.folding.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from rapidfuzz.distance import LCSseq, Levenshtein, Postfix, Prefix

from annotated_edition.text.folding import fold

#: Where the witnesses part in more words than this (squared), difflib, whose differences
#: read better, takes seconds: RapidFuzz lists them.
_MOST_FOR_DIFFLIB = 1_000_000

#: Paragraphs farther apart than this in a changed stretch are not compared.
_REACH = 200

#: Words shown on either side of a paragraph break.
_BESIDE_BREAK = 3


@dataclass(frozen=True, slots=True)
class CopyText:
    """The copy-text's paragraphs with their first lines, less the skipped lines."""

    paragraphs: tuple[str, ...]
    lines: tuple[int, ...]
    #: Declared lines that the copy-text has not, or has more than once.
    unknown: tuple[str, ...]


def read_copy_text(text: str, skip: Sequence[str] = ()) -> CopyText:
    """Split a copy-text at its blank lines.

    *skip* holds lines that the edition shows elsewhere; each must be a whole
    line, word for word, that occurs once.
    """
    unknown = [line for line in skip if text.splitlines().count(line) != 1]
    skipped = set(skip)
    paragraphs: list[list[str]] = []
    lines: list[int] = []
    fresh = True
    for number, line in enumerate(text.splitlines(), 1):
        if line in skipped or not line.strip():
            fresh = True
            continue
        if fresh:
            paragraphs.append([])
            lines.append(number)
        paragraphs[-1].append(line)
        fresh = False
    return CopyText(
        tuple("\n".join(paragraph) for paragraph in paragraphs), tuple(lines), tuple(unknown)
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the witnesses part: what the page has, what the copy-text has.

    ``passage`` is the place in reading order of the passage concerned, or where
    text is missing from the pages, of the passage before it (-1: before the
    first).  ``line`` is the copy-text's line (from 1; 0 when it has nothing
    there).  A reading is empty when the other witness has words more.

    ``division`` is empty where words differ.  It is ``"split"`` where the page
    begins a paragraph inside one of the copy-text's, and ``"joined"`` where it
    should begin one and doesn't: then the readings are the same words, those on
    either side of the break, and ``¶`` marks the break in the witness that has
    it.  ``passage`` is the one before the break, or around it.
    """

    passage: int
    line: int
    page_reading: str
    copy_reading: str
    division: Literal["", "split", "joined"] = ""


class _Witness:
    """One side of a collation: its paragraphs, and its words in one row."""

    def __init__(self, paragraphs: Sequence[str], alphabet: dict[str, str]) -> None:
        self._originals = paragraphs
        self._folded = [fold(text) for text in paragraphs]
        self.paragraphs = [folded.text for folded in self._folded]
        #: For each word its paragraph, and where it stands in that, folded.
        self._places: list[tuple[int, int, int]] = []
        #: The number of each paragraph's first word, and at last of all words.
        self.firsts = [0]
        # A character for each word: libraries compare strings fastest.
        signs = []
        for number, paragraph in enumerate(self.paragraphs):
            for word in re.finditer(r"\S+", paragraph):
                self._places.append((number, *word.span()))
                signs.append(alphabet.setdefault(word.group(), chr(len(alphabet))))
            self.firsts.append(len(self._places))
        self._signs = "".join(signs)

    def span(self, paragraphs: range) -> tuple[int, int]:
        """The first word of some successive paragraphs, and the first thereafter."""
        return self.firsts[paragraphs.start], self.firsts[paragraphs.stop]

    def signs(self, paragraphs: range) -> str:
        start, end = self.span(paragraphs)
        return self._signs[start:end]

    def reading(self, start: int, end: int) -> str:
        """Some successive words as this witness writes them."""
        words = []
        for paragraph, *word in self._places[start:end]:
            first, last = self._folded[paragraph].span(*word)
            words += self._originals[paragraph][first:last].split()
        return " ".join(words)

    def paragraph(self, word: int, within: range) -> int:
        """The paragraph of a word, or if none comes any more, the last *within*."""
        return min(self._places[word][0], within[-1]) if word < len(self._places) else within[-1]


def collate(pages: Sequence[str], copy_text: CopyText) -> Iterator[Difference]:
    """Every difference between the passages in reading order and the copy-text."""
    if [fold(text).text for text in pages] == [fold(text).text for text in copy_text.paragraphs]:
        return  # as in every build but a bad one
    # A line may end between two letters of Chinese, and within no word of another script.
    written, copied = map(_closed, pages), map(_closed, copy_text.paragraphs)
    matcher = SequenceMatcher(None, [*written], [*copied], autojunk=False)
    alphabet: dict[str, str] = {}
    page, copy = _Witness(pages, alphabet), _Witness(copy_text.paragraphs, alphabet)
    for change, start, end, copy_start, copy_end in matcher.get_opcodes():
        if change == "equal":
            continue
        for ours, theirs in _pairs(page, copy, range(start, end), range(copy_start, copy_end)):
            if ours and theirs and _shared(page.signs(ours), copy.signs(theirs)):
                yield from _breaks(page, copy, ours, theirs, copy_text.lines)
                yield from _words(page, copy, ours, theirs, copy_text.lines)
            else:
                yield Difference(
                    ours[0] if ours else ours.start - 1,
                    copy_text.lines[theirs[0]] if theirs else 0,
                    page.reading(*page.span(ours)),
                    copy.reading(*copy.span(theirs)),
                )


def _closed(text: str) -> str:
    return fold(text, loose=True).text


def _shared(ours: str, theirs: str) -> int:
    """How many words two stretches share in order; 0 where they aren't the same text.

    The same: they share two words of five, or one is nearly all in the other.
    """
    shared = LCSseq.similarity(ours, theirs)
    alike = 5 * shared >= len(ours) + len(theirs)
    return shared if alike or shared >= max(4, 0.8 * min(len(ours), len(theirs))) else 0


def _pairs(
    page: _Witness, copy: _Witness, ours: range, theirs: range
) -> Iterator[tuple[range, range]]:
    """Which paragraphs of a changed stretch face each other, in order.

    One may face several, when it was split or joined; one that was added or left
    out faces none.
    """
    groups = list(_matches(page, copy, ours, theirs))
    # One that matches nothing, so that what comes last is treated like the rest.
    groups.append((range(ours.stop, ours.stop), range(theirs.stop, theirs.stop)))
    at, copy_at = ours.start, theirs.start
    for place, (mine, its) in enumerate(groups):
        if mine:  # what stands beside a match may be the rest of it
            next_mine, next_its = groups[place + 1]
            mine = _extended(page, mine, range(at, next_mine.start), copy.signs(its))
            if len(mine) == 1:
                its = _extended(copy, its, range(copy_at, next_its.start), page.signs(mine))
        added, missing = range(at, mine.start), range(copy_at, its.start)
        if len(added) == len(missing):  # changed beyond likeness, but in its place
            yield from zip(_each(added), _each(missing), strict=True)
        else:
            yield from ((one, missing[:0]) for one in _each(added))
            yield from ((range(mine.start, mine.start), one) for one in _each(missing))
        if mine:
            yield mine, its
        at, copy_at = mine.stop, its.stop


def _each(paragraphs: range) -> list[range]:
    return [paragraphs[at : at + 1] for at in range(len(paragraphs))]


def _matches(
    page: _Witness, copy: _Witness, ours: range, theirs: range
) -> Iterator[tuple[range, range]]:
    """The paragraphs that match one to one, so that most words in all are shared."""
    page_signs = list(map(page.signs, _each(ours)))
    copy_signs = list(map(copy.signs, _each(theirs)))
    # How many words the paragraphs from here on share at best.
    best = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    shares: dict[tuple[int, int], int] = {}
    for i in reversed(range(len(ours))):
        for j in reversed(range(len(theirs))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            shared = _shared(page_signs[i], copy_signs[j]) if abs(i - j) <= _REACH else 0
            if shared and shared + best[i + 1][j + 1] > best[i][j]:
                best[i][j] = shared + best[i + 1][j + 1]
                shares[i, j] = shared
    i = j = 0
    while i < len(ours) and j < len(theirs):
        if (i, j) in shares:
            yield ours[i : i + 1], theirs[j : j + 1]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _extended(witness: _Witness, matched: range, room: range, other: str) -> range:
    """*matched* with the paragraphs beside it, in its *room*, that *other* holds too."""
    while True:
        shared = LCSseq.similarity(witness.signs(matched), other)
        for new, more in (
            (matched.start - 1, range(matched.start - 1, matched.stop)),
            (matched.stop, range(matched.start, matched.stop + 1)),
        ):
            if new in room:
                gained = LCSseq.similarity(witness.signs(more), other) - shared
                if gained and 2 * gained >= len(witness.signs(range(new, new + 1))):
                    matched = more
                    break
        else:
            return matched


def _breaks(
    page: _Witness, copy: _Witness, ours: range, theirs: range, lines: Sequence[int]
) -> Iterator[Difference]:
    """The paragraph breaks within what faces one paragraph of the other witness."""
    for number in ours[1:]:
        parted, running = _around(page, ours, number)
        yield Difference(number - 1, lines[theirs[0]], parted, running, "split")
    for number in theirs[1:]:
        parted, running = _around(copy, theirs, number)
        yield Difference(ours[0], lines[number], running, parted, "joined")


def _around(witness: _Witness, within: range, paragraph: int) -> tuple[str, str]:
    """The words around the beginning of a paragraph, with and without a mark of it."""
    start, end = witness.span(within)
    at = witness.firsts[paragraph]
    before = witness.reading(max(start, at - _BESIDE_BREAK), at)
    after = witness.reading(at, min(end, at + _BESIDE_BREAK))
    return f"{before} ¶ {after}", f"{before} {after}"


def _words(
    page: _Witness, copy: _Witness, ours: range, theirs: range, lines: Sequence[int]
) -> Iterator[Difference]:
    """The words that differ in paragraphs that face each other."""
    first, copy_first = page.firsts[ours.start], copy.firsts[theirs.start]
    for start, end, copy_start, copy_end in _changes(page.signs(ours), copy.signs(theirs)):
        if start == end or copy_start == copy_end:
            # One neighbour on the left shows where words are missing.
            start, copy_start = max(0, start - 1), max(0, copy_start - 1)
        reading = page.reading(first + start, first + end)
        copy_reading = copy.reading(copy_first + copy_start, copy_first + copy_end)
        if _closed(reading) != _closed(copy_reading):
            yield Difference(
                page.paragraph(first + start, ours),
                lines[copy.paragraph(copy_first + copy_start, theirs)],
                reading,
                copy_reading,
            )


def _changes(ours: str, theirs: str) -> Iterator[tuple[int, int, int, int]]:
    """Which signs differ: start and end in either string."""
    # Most mistakes are one word: what comes before and after need not be compared twice.
    head = Prefix.similarity(ours, theirs)
    ours, theirs = ours[head:], theirs[head:]
    tail = Postfix.similarity(ours, theirs)
    ours, theirs = ours[: len(ours) - tail], theirs[: len(theirs) - tail]
    steps: Any
    if len(ours) * len(theirs) <= _MOST_FOR_DIFFLIB:
        steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    else:
        steps = Levenshtein.opcodes(ours, theirs)
    change: tuple[int, int, int, int] | None = None
    for kind, start, end, copy_start, copy_end in steps:
        if kind == "equal":
            if change:
                yield change
            change = None
        elif change:  # RapidFuzz parts what is replaced from what is added
            change = change[0], head + end, change[2], head + copy_end
        else:
            change = head + start, head + end, head + copy_start, head + copy_end
    if change:
        yield change
