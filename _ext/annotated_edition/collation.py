"""Comparing the pages with the copy-text, word by word.

A collation in the editor's sense: two witnesses side by side, every difference
listed with its place and both readings.  Typography is not a difference
(:func:`annotated_edition.anchoring.fold`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from annotated_edition.anchoring import fold


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the witnesses part: what the page has, what the copy-text has.

    ``passage`` is the place in reading order of the passage concerned, or where
    text is missing from the pages, of the passage before it (-1: before the
    first).  ``line`` is the copy-text's line (from 1; 0 when it has nothing
    there).  A reading is empty when the other witness has words more.
    """

    passage: int
    line: int
    page_reading: str
    copy_reading: str


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


def collate(pages: Sequence[str], copy_text: CopyText) -> Iterator[Difference]:
    """Every difference between the passages in reading order and the copy-text."""
    ours = [fold(text).text for text in pages]
    theirs = [fold(text).text for text in copy_text.paragraphs]
    if ours == theirs:
        return
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for change, start, end, copy_start, copy_end in matcher.get_opcodes():
        if change == "equal":
            continue
        # Paragraphs changed in place face each other; what is over stands alone.
        paired = min(end - start, copy_end - copy_start)
        for offset in range(paired):
            yield from _words(
                start + offset,
                copy_text.lines[copy_start + offset],
                ours[start + offset],
                theirs[copy_start + offset],
            )
        for passage in range(start + paired, end):
            yield Difference(passage, 0, ours[passage], "")
        for paragraph in range(copy_start + paired, copy_end):
            yield Difference(end - 1, copy_text.lines[paragraph], "", theirs[paragraph])


def _words(passage: int, line: int, ours: str, theirs: str) -> Iterator[Difference]:
    page, copy = ours.split(), theirs.split()
    matcher = SequenceMatcher(None, page, copy, autojunk=False)
    for change, start, end, copy_start, copy_end in matcher.get_opcodes():
        if change == "equal":
            continue
        if start == end or copy_start == copy_end:
            # One neighbour on the left shows where words are missing.
            start, copy_start = max(0, start - 1), max(0, copy_start - 1)
        yield Difference(
            passage, line, " ".join(page[start:end]), " ".join(copy[copy_start:copy_end])
        )
