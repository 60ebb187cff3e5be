"""Dates in EDTF, the Library of Congress's Extended Date/Time Format, read and put into words.

The everyday forms (a date, a range, about or perhaps a date, one of several) are read here,
whatever else the format knows by the library ``edtf``, which takes 5 to 50 ms a date and 90 ms
to import: it is imported when the first such date is met.  A test has both read the same dates
and compares.  No Sphinx here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from annotated_edition.text.extras import command_for, is_installed

#: What to write, for whoever wrote something else.
ADVICE = (
    "write 1943, 1943-02 or 1943-02-24 (four figures for the year: 0870; 138 BC is -0137), "
    "0870~ for about 870, 1917? for perhaps, [1457,1458] for one or the other, 2014/2018 for a "
    "range (EDTF, the Library of Congress's format)"
)

_PLAIN = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z", re.ASCII)
_QUALIFIERS = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}
_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_MONTHS = dict(
    enumerate(
        "January February March April May June July August September October November "
        "December".split(),
        1,
    )
)
#: Longer dates are refused unread.
_MOST_SIGNS = 80
#: The farthest year, before or after.
_FARTHEST = 99_999


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
        return self._in_years(month, self.day or _days(self.year, month), 1)

    def _in_years(self, month: int, day: int, more: int) -> float:
        before = sum(_days(self.year, earlier) for earlier in range(1, month))
        return self.year + (before + day - 1 + more) / (366 if _days(self.year, 2) == 29 else 365)


@dataclass(frozen=True, slots=True)
class When:
    """A date read: its words, and its first and last moment, in years."""

    text: str
    start: float
    end: float
    #: About, perhaps, or one of several.
    unsure: bool = False
    #: It lasted from start to end, rather than happening at some time between them.
    lasting: bool = False

    @property
    def middle(self) -> float:
        """The moment that stands for the whole."""
        return (self.start + self.end) / 2


class DateError(ValueError):
    """Not a date in EDTF; the message says what to write."""


def read(text: str, months: Mapping[int, str] = _MONTHS) -> When:
    """Read a date in EDTF; *months* are the names for its words.  May raise DateError."""
    return _read(text.strip(), tuple(months.get(number, "") for number in range(13)))


@lru_cache(maxsize=4096)
def _read(text: str, months: tuple[str, ...]) -> When:
    words = _Words(months)
    if text.startswith("[") and text.endswith("]"):
        several = [_plain(part.strip()) for part in text[1:-1].split(",")]
        days = [day for day in several if day is not None]
        if len(days) == len(several):
            begin, end = min(day.start for day in days), max(day.end for day in days)
            return When(_joined([words.day(day) for day in days], "or"), begin, end, unsure=True)
    if text[-1:] in _QUALIFIERS and (day := _plain(text[:-1])):
        return When(_QUALIFIERS[text[-1]] + words.day(day), day.start, day.end, unsure=True)
    first, slash, last = text.partition("/")
    one, two = _plain(first), _plain(last)
    if one is not None and not slash:
        return When(words.day(one), one.start, one.end)
    if one is not None and two is not None:
        if two.end < one.start:
            raise DateError(f"the range {text!r} ends before it begins")
        return When(words.range(one, two), one.start, two.end, lasting=one != two)
    return _read_by_library(text, words)


def year_in_words(year: int) -> str:
    """A year of the count with a year 0: 1943, or 138 BC for -137."""
    return str(year) if year > 0 else f"{1 - year} BC"


def _plain(text: str) -> Day | None:
    match = _PLAIN.match(text)
    if match is None:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    if match[2] is None:
        return Day(year)
    if not 1 <= month <= 12 or (match[3] is not None and not 1 <= day <= _days(year, month)):
        return None
    return Day(year, month, day)


def _days(year: int, month: int) -> int:
    # The calendar of datetime begins with the year 1, and repeats every 400 years.
    return calendar.monthrange(year % 400 + 400, month)[1]


class _Words:
    """Dates in words."""

    def __init__(self, months: tuple[str, ...]) -> None:
        self.months = months

    def day(self, day: Day) -> str:
        return " ".join(part for part in (self._short(day), year_in_words(day.year)) if part)

    def _short(self, day: Day) -> str:
        month = self.months[day.month] if day.month else ""
        return f"{day.day} {month}" if day.day else month

    def range(self, first: Day, last: Day) -> str:
        if first == last:
            return self.day(first)
        if first.year != last.year or not first.month or not last.month:
            dash = "–" if not first.month and not last.month else " – "
            begin, end = self.day(first), self.day(last)
            if first.year <= 0 and last.year <= 0:
                begin = begin.removesuffix(" BC")
            return f"{begin}{dash}{end}"
        if first.month == last.month and first.day and last.day:
            return f"{first.day}–{self.day(last)}"
        return f"{self._short(first)} – {self.day(last)}"


def _read_by_library(text: str, words: _Words) -> When:
    if not is_installed("charts"):
        raise DateError(
            f"{text!r} isn't a date of an everyday form; others are read after "
            f"{command_for('charts')}"
        )
    from edtf import parse_edtf

    try:
        parsed = parse_edtf(text if len(text) <= _MOST_SIGNS else "")
    except Exception:  # whatever its grammar stumbles over
        raise DateError(f"{text!r} is no date") from None
    start, end = _bound(parsed, "lower_strict"), _bound(parsed, "upper_strict")
    first, last = start or end, end or start
    if first is None or last is None:
        raise DateError(f"{text!r} has neither beginning nor end")
    if max(abs(first.year), abs(last.year)) > _FARTHEST or last.end < first.start:
        raise DateError(f"{text!r} can't be put on a scale")
    kind = type(parsed).__name__
    unsure = bool(
        getattr(parsed, "is_approximate", False)
        or getattr(parsed, "is_uncertain", False)
        or kind in ("OneOfASet", "UncertainOrApproximate")
        or getattr(parsed, "_is_approximate", False)
        or getattr(parsed, "_is_uncertain", False)
    )
    lasting = kind.endswith("Interval") and start is not None and end is not None
    return When(_in_words(parsed, words), first.start, last.end, unsure, lasting)


def _bound(parsed: Any, name: str) -> Day | None:
    try:
        moment = getattr(parsed, name)()
    except (AttributeError, TypeError):  # an open end inside a set
        return None
    return None if isinstance(moment, float) else Day(*moment[:3])


def _in_words(parsed: Any, words: _Words) -> str:
    """Put a date of the library into words; one that has none stays as it was written."""
    kind = type(parsed).__name__
    if kind == "Date":
        return words.day(_day_of(parsed))
    if kind == "UncertainOrApproximate":
        inner = _in_words(parsed.date, words) if not isinstance(parsed.date, str) else parsed.date
        return _QUALIFIERS.get(str(parsed.ua or ""), "") + inner
    if kind == "OneOfASet":
        return _joined([_in_words(part, words) for part in parsed.objects], "or")
    if kind == "MultipleDates":
        return _joined([_in_words(part, words) for part in parsed.objects], "and")
    if kind == "Consecutives":
        lower, upper = (_in_words(part, words) for part in (parsed.lower, parsed.upper))
        return f"between {lower} and {upper}"
    if kind in ("Interval", "Level1Interval", "Level2Interval"):
        return _interval(parsed, words)
    if kind == "Season":
        return f"{_SEASONS.get(int(parsed.season), '')} {year_in_words(int(parsed.year))}".strip()
    if kind.endswith("Unspecified"):
        return _unspecified(str(parsed), words)
    if kind.startswith("PartialUncertain"):
        day = Day(*(int(getattr(parsed, name) or 0) for name in ("year", "month", "day")))
        return f"about {words.day(day)}"
    return str(parsed)


def _unspecified(text: str, words: _Words) -> str:
    known = text.removesuffix("-XX").removesuffix("-XX")
    if match := re.fullmatch(r"0{0,3}(\d+)(X{1,2})", known):
        return f"the {match[1]}{'0' * len(match[2])}s"
    day = _plain(known)
    return words.day(day) if day else text


def _day_of(parsed: Any) -> Day:
    return Day(*(int(getattr(parsed, name) or 0) for name in ("year", "month", "day")))


def _joined(several: list[str], joint: str) -> str:
    *many, last = several
    return f"{', '.join(many)} {joint} {last}" if many else last


def _interval(parsed: Any, words: _Words) -> str:
    ends = []
    for part in (parsed.lower, parsed.upper):
        text = str(part)
        ends.append("" if text in ("", "..") or not text.strip(".") else _in_words(part, words))
    lower, upper = ends
    if lower and upper:
        return f"{lower} – {upper}" if " " in lower + upper else f"{lower}–{upper}"
    return f"since {lower}" if lower else f"until {upper}"
