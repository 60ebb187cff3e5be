"""The lines of a set book, and what a compositor would mend in them: found by where words stand."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

#: What PDFium gives for a hyphen at the end of a line.
HYPHEN = "\x02"
#: In points: what stands nearer to the sheet's edges is a running head or a page's number.
_EDGE = 60


@dataclass(frozen=True)
class Line:
    """A line of words: where its foot and its ends are, and the size that most of it has."""

    foot: float
    left: float
    right: float
    size: float
    words: str


@dataclass(frozen=True)
class Page:
    """A page's number as it is printed, and its lines but those of head and foot."""

    number: str
    lines: list[Line]

    def under(self, line: Line) -> Line | None:
        """The next line below, of the same column and size, if one follows at once."""
        near = [
            other
            for other in self.lines
            if 0 < line.foot - other.foot < 2.2 * line.size
            and abs(other.size - line.size) < 0.4
            and other.left < line.right
            and other.right > line.left
        ]
        return max(near, key=lambda other: other.foot) if near else None


@dataclass(frozen=True)
class Division:
    """A word that a line divides; without its end, if the next page has that."""

    page: str
    head: str
    tail: str


def pages_of(path: Path) -> list[Page]:
    """The pages of a PDF."""
    document = pypdfium2.PdfDocument(path)
    found = []
    for at, page in enumerate(document):
        high = page.get_height() - _EDGE
        lines = [line for line in _lines(page.get_textpage()) if _EDGE < line.foot < high]
        found.append(Page(document.get_page_label(at), lines))
    document.close()
    return found


def _lines(page: pypdfium2.PdfTextPage) -> Iterator[Line]:
    x, y = ctypes.c_double(), ctypes.c_double()
    left, right, low, high = (ctypes.c_double() for _ in range(4))
    line: list[tuple[str, float, float, float, float]] = []  # sign, left, right, foot, size
    for at in range(page.count_chars()):
        sign = chr(raw.FPDFText_GetUnicode(page, at))
        if sign in "\r\n":
            continue
        raw.FPDFText_GetCharOrigin(page, at, x, y)
        raw.FPDFText_GetCharBox(page, at, left, right, low, high)
        if line and not _goes_on(line[-1], x.value, y.value, sign):
            yield from _line(line)
            line = []
        size = raw.FPDFText_GetFontSize(page, at)
        line.append((sign, x.value, right.value, y.value, size))
    yield from _line(line)


def _goes_on(last: tuple[str, float, float, float, float], x: float, y: float, sign: str) -> bool:
    """Whether a sign at *x*, *y* is of the same line as the *last*; a raised number is."""
    _, left, right, foot, _ = last
    same = abs(y - foot) < 0.1 or (x > left - 2 and abs(y - foot) < 6)
    return same and x >= left - 3 and (sign == " " or x - right <= 9)


def _line(signs: list[tuple[str, float, float, float, float]]) -> Iterator[Line]:
    words = "".join(sign for sign, *_ in signs).strip()
    if words:
        size = Counter(round(one[4], 2) for one in signs if one[0] != " ").most_common(1)[0][0]
        feet = Counter(round(one[3], 1) for one in signs if round(one[4], 2) == size)
        right = max(one[2] for one in signs)
        yield Line(feet.most_common(1)[0][0], signs[0][1], right, size, words)


def divisions(pages: list[Page]) -> Iterator[Division]:
    """The words that a line ends within, be it at a hyphen of their own."""
    for page in pages:
        for line in page.lines:
            if line.words.endswith(HYPHEN):
                after = page.under(line)
                tail = after.words.split()[0] if after else ""
                yield Division(page.number, _bare(line.words.split()[-1]), _bare(tail))


def _bare(word: str) -> str:
    return re.sub(r"^\W+|\W+$", "", word.replace(HYPHEN, ""))


def runts(pages: list[Page]) -> Iterator[tuple[str, str]]:
    """Last lines of paragraphs that are one word of four letters or fewer, and their pages."""
    for page in pages:
        for line in page.lines:
            if len(_bare(line.words)) > 4 or " " in line.words or not _bare(line.words).isalnum():
                continue
            above = [
                other
                for other in page.lines
                if 1 < other.foot - line.foot < 1.9 * line.size
                and abs(other.size - line.size) < 0.2
                and other.right - other.left > 180
                and line.left < other.left + 30
                and other.right > line.right + 60
            ]
            beside = [o for o in page.lines if abs(o.foot - line.foot) < 1 and o.left > line.right]
            if (
                above and not beside and not re.fullmatch(r"\d+\.", line.words)
            ):  # an entry of the contents
                yield page.number, line.words


def sparse(pages: list[Page], most: int = 10) -> Iterator[str]:
    """The numbers of pages that bear a few lines alone, blank ones left out."""
    for page in pages:
        feet = {line.foot for line in page.lines}
        if 0 < len(feet) <= most:
            yield page.number
