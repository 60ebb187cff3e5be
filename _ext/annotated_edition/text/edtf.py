"""Dates in EDTF, the Library of Congress's Extended Date/Time Format, read as numbers.

Levels 0 to 2 (https://www.loc.gov/standards/datetime/, 2019), but for what a chronology has no
use for: years of six figures and more, and dates without either end.  ``render.charts.dates``
puts them into words.

Read here, since the library ``edtf`` takes 12 ms a date and a quarter of a second to load (2.5 s
for the 180 dates of an edition), accepts the 29th of February in any year, and computes
``Y1E999999999`` until the memory is full.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

#: What to write, for whoever wrote something else.
ADVICE = (
    "write 1943, 1943-02 or 1943-02-24 (four figures for the year: 0870; 138 BC is -0137), "
    "0870~ for about 870, 1917? for perhaps, [1457,1458] for one or the other, 2014/2018 for a "
    "range (EDTF, the Library of Congress's format)"
)

#: Longer dates are refused unread.
MOST_SIGNS = 80
#: The farthest year, before or after.
_FARTHEST = 99_999
#: How many years an end may be away that nobody knows (``1943/``).
_UNKNOWN_YEARS = 10

#: First and last month of a season or another part of the year, by the number that stands for
#: the month: seasons anywhere, in the north, in the south; quarters, thirds, halves.
_PARTS = dict(
    enumerate(
        [
            *[(3, 5), (6, 8), (9, 11), (12, 12)] * 2,
            *[(9, 11), (12, 12), (3, 5), (6, 8)],
            *[(1, 3), (4, 6), (7, 9), (10, 12)],
            *[(1, 4), (5, 8), (9, 12)],
            *[(1, 6), (7, 12)],
        ],
        start=21,
    )
)
#: Those that have a name.
_SEASONS = range(21, 25)

_DATE = re.compile(
    r"[?~%]?(?P<year>-?[\dX]{4})(?:S\d+)?[?~%]?"
    r"(?:-[?~%]?(?P<month>[\dX]{2})[?~%]?(?:-[?~%]?(?P<day>[\dX]{2})[?~%]?)?)?",
    re.ASCII,
)
_LONG_YEAR = re.compile(r"Y(?P<year>-?[1-9]\d*)(?:E(?P<zeros>[1-9]\d*))?(?:S\d+)?", re.ASCII)
_CLOCK = re.compile(
    r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d|24:00:00)(?:Z|[+-](?:0\d|1[0-4])(?::[0-5]\d)?)?",
    re.ASCII,
)
#: Signs around which spaces may stand.
_SPACED = re.compile(r"\s*(\.\.|[/,{}\[\]])\s*|\s+(?=[?~%]\Z)")


@dataclass(frozen=True, slots=True)
class Day:
    """A date as a person writes it: month and day may be missing (0)."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def start(self) -> float:
        """When it begins, in years; the year 0 is 1 BC."""
        return self._in_years(self.month or 1, self.day or 1, 0)

    @property
    def end(self) -> float:
        """When it is over, in years."""
        month = self.month or 12
        return self._in_years(month, self.day or days_in(self.year, month), 1)

    def _in_years(self, month: int, day: int, more: int) -> float:
        before = sum(days_in(self.year, earlier) for earlier in range(1, month))
        return self.year + (before + day - 1 + more) / (366 if days_in(self.year, 2) == 29 else 365)


@dataclass(frozen=True, slots=True)
class Date:
    """One date of an EDTF expression: as it was written, and the first and last that it may be.

    ``season`` is 21 to 24 for spring to winter.  ``qualifier`` is ``~`` (about), ``?`` (perhaps)
    or ``%`` (both); one that holds for a part of the date only counts as ``~``.
    """

    text: str
    first: Day
    last: Day
    qualifier: str = ""
    season: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """From one date to another; no date is an end that is open or unknown.

    ``first`` and ``last`` are its days, none at an open end.  In a set of dates (*among*) it
    means one of the dates within.
    """

    text: str
    lower: Date | None
    upper: Date | None
    first: Day | None
    last: Day | None
    among: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several dates, or *every* one of them."""

    parts: tuple[Date | Range, ...]
    every: bool = False

    @property
    def first(self) -> Day | None:
        """The earliest day, if there is one."""
        days = [part.first for part in self.parts]
        return None if None in days else min(filter(None, days), key=lambda day: day.start)

    @property
    def last(self) -> Day | None:
        """The latest day, if there is one."""
        days = [part.last for part in self.parts]
        return None if None in days else max(filter(None, days), key=lambda day: day.end)


Expression: TypeAlias = Date | Range | Choice


@dataclass(frozen=True, slots=True)
class When:
    """A date read: its first and last moment, in years, and what was written."""

    start: float
    end: float
    said: Expression
    #: About, perhaps, or one of several.
    unsure: bool = False
    #: It lasted from start to end, rather than happening at some time between them.
    lasting: bool = False

    @property
    def middle(self) -> float:
        """The moment that stands for the whole."""
        return (self.start + self.end) / 2


class DateError(ValueError):
    """Not a date in EDTF; the message says what is wrong, :data:`ADVICE` what to write."""


def days_in(year: int, month: int) -> int:
    """The days of a month, in the Gregorian calendar before and after it was introduced."""
    # The calendar of datetime begins with the year 1, and repeats every 400 years.
    return calendar.monthrange(year % 400 + 400, month)[1]


@lru_cache(maxsize=4096)
def read(text: str) -> When:
    """Read a date in EDTF.  May raise DateError."""
    return _read(text)


def _read(text: str) -> When:
    if len(text) > MOST_SIGNS:
        raise DateError(f"{text[:MOST_SIGNS]!r} … is no date")
    plain = _SPACED.sub(lambda sign: sign[1] or "", text.strip())
    said = _choice(plain) or _range(plain) or _date(plain)
    if said is None:
        raise DateError(f"{text!r} is no date")
    first, last = said.first or said.last, said.last or said.first
    if first is None or last is None:
        raise DateError(f"{text!r} has neither beginning nor end")
    if last.end <= first.start:
        raise DateError(f"the range {text!r} ends before it begins")
    if max(abs(first.year), abs(last.year)) > _FARTHEST:
        raise DateError(f"{text!r} can't be put on a scale")
    lasting = isinstance(said, Range) and said.lower != said.upper
    closed = None not in (said.first, said.last)
    return When(first.start, last.end, said, _is_unsure(said), lasting and closed)


def _is_unsure(said: Expression | None) -> bool:
    if isinstance(said, Choice):
        return not said.every or any(map(_is_unsure, said.parts))
    if isinstance(said, Range):
        return _is_unsure(said.lower) or _is_unsure(said.upper)
    return said is not None and said.qualifier != ""


def _choice(text: str) -> Choice | None:
    """``[1457,1458]`` or ``{1457,1458}``; ``1457..1459`` within are dates as well."""
    if text[:1] + text[-1:] not in ("[]", "{}"):
        return None
    parts = []
    for part in text[1:-1].split(","):
        if (said := _range(part, "..") or _date(part)) is None:
            return None
        parts.append(said)
    return Choice(tuple(parts), every=text[0] == "{")


def _range(text: str, sign: str = "/") -> Range | None:
    """``1943/1945``, ``1943/..`` (open), ``1943/`` (nobody knows till when), or ``1943..1945``."""
    begin, found, end = text.partition(sign)
    lower, upper = _date(begin), _date(end)
    # What may stand in place of a date: nothing, and in a range two dots.
    if not found or any(
        date is None and part not in ("", ".." if sign == "/" else "")
        for part, date in ((begin, lower), (end, upper))
    ):
        return None
    first = _first_of(lower.first) if lower else None
    last = _last_of(upper.last) if upper else None
    if sign == "/" and not begin and last:
        first = _years_from(last, -_UNKNOWN_YEARS)
    if sign == "/" and not end and first:
        last = _years_from(first, _UNKNOWN_YEARS)
    return Range(text, lower, upper, first, last, among=sign == "..")


def _first_of(day: Day) -> Day:
    return Day(day.year, day.month or 1, day.day or 1)


def _last_of(day: Day) -> Day:
    month = day.month or 12
    return Day(day.year, month, day.day or days_in(day.year, month))


def _years_from(day: Day, years: int) -> Day:
    year = day.year + years
    return Day(year, day.month, min(day.day, days_in(year, day.month)))


def _date(text: str) -> Date | None:
    """``1943-02-24``, ``0870~``, ``199X``, ``2001-21``, ``Y12345`` or ``1943-02-24T12:00:00Z``."""
    if match := _LONG_YEAR.fullmatch(text):
        return _long_year(text, match["year"], match["zeros"])
    written, clock, time = text.partition("T")
    match = _DATE.fullmatch(written)
    if match is None:
        return None
    year, month, number = match["year"], match["month"] or "", match["day"] or ""
    qualifiers = re.sub("[^?~%]", "", written)
    if clock:
        exact = number and not qualifiers and "X" not in text and _CLOCK.fullmatch(time)
        return _date(written) if exact else None
    qualifier = qualifiers if qualifiers in ("", text[-1]) else "~"
    if month.isdecimal() and int(month) in _PARTS and not number and year.lstrip("-").isdecimal():
        begin, end = _PARTS[int(month)]
        season = int(month) if int(month) in _SEASONS else 0
        return Date(text, Day(int(year), begin), Day(int(year), end), qualifier, season)
    days = _days(year, month, number)
    return Date(text, *days, qualifier) if days else None


def _long_year(text: str, digits: str, zeros: str | None) -> Date | None:
    """``Y12345`` or ``Y12E3``."""
    if len(digits.lstrip("-")) < 5 and not zeros:
        return None
    if len(digits) > 6 or int(zeros or 0) > 5:
        raise DateError(f"{text!r} can't be put on a scale")
    year = Day(int(digits) * 10 ** int(zeros or 0))
    return Date(text, year, year)


def _days(year: str, month: str, day: str) -> tuple[Day, Day] | None:
    """The first and last day, month or year that digits may be, of which some may be ``X``."""
    early, late = (int(year.replace("X", digit)) for digit in ("09" if year[0] != "-" else "90"))
    if month in ("", "XX") and day in ("", "XX"):
        return Day(early), Day(late)
    months = [number for number in range(1, 13) if _fits(number, month)]
    if not months:
        return None
    first, last = (early, months[0]), (late, months[-1])
    if day in ("", "XX"):
        return Day(*first), Day(*last)
    # The year may be one that has a 29th of February.
    leap = "X" in year or days_in(early, 2) == 29
    longest = max(days_in(2000 if leap else 2001, number) for number in months)
    days = [number for number in range(1, longest + 1) if _fits(number, day)]
    if not days:
        return None
    return (
        Day(*first, min(days[0], days_in(*first))),
        Day(*last, min(days[-1], days_in(*last))),
    )


def _fits(number: int, digits: str) -> bool:
    return all(digit in ("X", known) for digit, known in zip(digits, f"{number:02}", strict=True))
