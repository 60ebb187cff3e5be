"""A scale of years in pieces, each with a measure of its own.  No Sphinx here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotated_edition.charts.chronology_dates import year_in_words

_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000, 50000)
#: What part of the width the pieces share alike; the rest goes by the number of events.
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of years drawn to one measure."""

    first: float
    last: float
    left: float
    right: float

    def x(self, year: float) -> float:
        """Where a moment stands."""
        part = (year - self.first) / (self.last - self.first)
        return self.left + part * (self.right - self.left)

    @property
    def measure(self) -> float:
        """Units of the drawing a year."""
        return (self.right - self.left) / (self.last - self.first)


@dataclass(frozen=True, slots=True)
class Tick:
    """A year marked on the scale."""

    x: float
    words: str


class Scale:
    """Years to places, piece by piece, with gaps between the pieces."""

    def __init__(
        self,
        years: Sequence[float],
        first: float,
        last: float,
        breaks: Iterable[int],
        left: float,
        right: float,
        gap: float,
    ) -> None:
        edges = [first, *sorted({year for year in breaks if first < year < last}), last]
        spans = list(pairwise(edges))
        counts = [sum(start <= year < end for year in years) for start, end in spans]
        room = right - left - gap * (len(spans) - 1)
        self.pieces: list[Piece] = []
        for (start, end), count in zip(spans, counts, strict=True):
            share = _ALIKE / len(spans) + (1 - _ALIKE) * count / max(sum(counts), 1)
            self.pieces.append(Piece(start, end, left, left + share * room))
            left += share * room + gap

    def x(self, year: float) -> float:
        """Where a moment stands; what is beyond the scale stands at its end."""
        for piece in self.pieces:
            if year < piece.last:
                return piece.x(max(year, piece.first))
        return self.pieces[-1].right

    def ticks(self, room: float) -> list[Tick]:
        """Round years, a *room* apart or more."""
        found: list[Tick] = []
        for piece in self.pieces:
            if not found or piece.left - found[-1].x >= room * 0.8:
                found.append(Tick(piece.left, _in_words(round(piece.first))))
            step = next((step for step in _STEPS if step * piece.measure >= room), _STEPS[-1])
            for count in range(math.ceil(piece.first / step), math.floor(piece.last / step) + 1):
                year = _round_year(count * step)
                x = piece.x(year)
                far = not found or x - found[-1].x >= room
                # The next piece begins with a label of its own.
                inside = x <= piece.right - room * 0.8 or piece is self.pieces[-1]
                if far and inside and year <= piece.last:
                    found.append(Tick(x, _in_words(year)))
        return found


def _in_words(year: int) -> str:
    return "AD 1" if year == 0 else year_in_words(year)  # the year 0 is 1 BC, and nearly over


def _round_year(year: int) -> int:
    """A round year as people count: there is no year 0, so that 200 BC is the year -199."""
    return year + (year < 0)


def round_end(year: float) -> float:
    """The end of the year that a moment falls in."""
    return float(math.ceil(year))


def round_start(year: float, breaks: Sequence[int]) -> float:
    """A round year before a moment: of a century if what follows is long."""
    until = min((edge for edge in breaks if edge > year), default=year + 40)
    step = 100 if until - year > 400 else 10 if until - year > 60 else 1
    return float(_round_year(math.floor(year / step) * step))
