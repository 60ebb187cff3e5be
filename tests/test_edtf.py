"""Dates in EDTF, read as numbers: days, ranges, choices, and what is refused."""

from __future__ import annotations

from calendar import isleap
from datetime import date as gregorian
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotated_edition.text.edtf import Choice, Date, DateError, Day, Range, days_in, read


@given(st.dates(min_value=gregorian(1, 1, 2), max_value=gregorian(9999, 12, 30)))
def test_days_follow_each_other_without_a_gap(day: gregorian) -> None:
    when, next_day = read(day.isoformat()), read((day + timedelta(1)).isoformat())
    assert when.start < when.middle < when.end
    assert when.end == pytest.approx(next_day.start, abs=1e-9)
    assert when.middle == (when.start + when.end) / 2
    assert when.said == Date(
        day.isoformat(), Day(day.year, day.month, day.day), Day(day.year, day.month, day.day)
    )
    length = 366 if isleap(day.year) else 365
    assert when.end - when.start == pytest.approx(1 / length, abs=1e-9)
    assert when.start == pytest.approx(
        day.year + (day - gregorian(day.year, 1, 1)).days / length, abs=1e-9
    )


@pytest.mark.parametrize(
    ("year", "days"),
    [(1900, 28), (2000, 29), (2023, 28), (2024, 29), (0, 29), (-4, 29), (-1, 28), (-100, 28)],
)
def test_the_calendar_runs_on_before_the_year_1(year: int, days: int) -> None:
    assert days_in(year, 2) == days
    assert [days_in(year, month) for month in (1, 4, 12)] == [31, 30, 31]
    assert (Day(year).start, Day(year).end) == (year, year + 1)
    assert Day(year, 3, 1).start == pytest.approx(year + (31 + days) / (337 + days))
    assert Day(year, 2).end == Day(year, 3).start


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1943", Date("1943", Day(1943), Day(1943))),
        ("0000", Date("0000", Day(0), Day(0))),
        ("-0137", Date("-0137", Day(-137), Day(-137))),
        ("1943-02", Date("1943-02", Day(1943, 2), Day(1943, 2))),
        ("1944-02-29", Date("1944-02-29", Day(1944, 2, 29), Day(1944, 2, 29))),
        ("-0137-12-31", Date("-0137-12-31", Day(-137, 12, 31), Day(-137, 12, 31))),
        (" 1943 ", Date("1943", Day(1943), Day(1943))),
        ("1950S2", Date("1950S2", Day(1950), Day(1950))),
        # One or all of the parts are about or perhaps.
        ("0870~", Date("0870~", Day(870), Day(870), "~")),
        ("0870 ~", Date("0870~", Day(870), Day(870), "~")),
        ("1917-03?", Date("1917-03?", Day(1917, 3), Day(1917, 3), "?")),
        ("1917-03-02%", Date("1917-03-02%", Day(1917, 3, 2), Day(1917, 3, 2), "%")),
        ("?1917-03", Date("?1917-03", Day(1917, 3), Day(1917, 3), "~")),
        ("1917-%03-02", Date("1917-%03-02", Day(1917, 3, 2), Day(1917, 3, 2), "~")),
        ("1917?-03-02?", Date("1917?-03-02?", Day(1917, 3, 2), Day(1917, 3, 2), "~")),
        # Digits that nobody knows.
        ("199X", Date("199X", Day(1990), Day(1999))),
        ("19XX~", Date("19XX~", Day(1900), Day(1999), "~")),
        ("XXXX", Date("XXXX", Day(0), Day(9999))),
        ("-01XX", Date("-01XX", Day(-199), Day(-100))),
        ("1943-XX", Date("1943-XX", Day(1943), Day(1943))),
        ("1943-XX-XX", Date("1943-XX-XX", Day(1943), Day(1943))),
        ("1943-02-XX", Date("1943-02-XX", Day(1943, 2), Day(1943, 2))),
        ("1943-1X", Date("1943-1X", Day(1943, 10), Day(1943, 12))),
        ("1943-X2", Date("1943-X2", Day(1943, 2), Day(1943, 12))),
        ("1943-0X-XX", Date("1943-0X-XX", Day(1943, 1), Day(1943, 9))),
        ("1943-02-3X", None),
        ("1943-04-3X", Date("1943-04-3X", Day(1943, 4, 30), Day(1943, 4, 30))),
        ("1943-XX-31", Date("1943-XX-31", Day(1943, 1, 31), Day(1943, 12, 31))),
        ("1943-XX-3X", Date("1943-XX-3X", Day(1943, 1, 30), Day(1943, 12, 31))),
        ("1943-02-2X", Date("1943-02-2X", Day(1943, 2, 20), Day(1943, 2, 28))),
        ("1944-02-2X", Date("1944-02-2X", Day(1944, 2, 20), Day(1944, 2, 29))),
        ("19XX-02-29", Date("19XX-02-29", Day(1900, 2, 28), Day(1999, 2, 28))),
        ("2004-1X-0X", Date("2004-1X-0X", Day(2004, 10, 1), Day(2004, 12, 9))),
        # Seasons have names, other parts of the year none.
        ("2001-21", Date("2001-21", Day(2001, 3), Day(2001, 5), "", 21)),
        ("2001-24?", Date("2001-24?", Day(2001, 12), Day(2001, 12), "?", 24)),
        ("-0005-22", Date("-0005-22", Day(-5, 6), Day(-5, 8), "", 22)),
        ("2001-25", Date("2001-25", Day(2001, 3), Day(2001, 5))),
        ("2001-29", Date("2001-29", Day(2001, 9), Day(2001, 11))),
        ("2001-33", Date("2001-33", Day(2001, 1), Day(2001, 3))),
        ("2001-39", Date("2001-39", Day(2001, 9), Day(2001, 12))),
        ("2001-41", Date("2001-41", Day(2001, 7), Day(2001, 12))),
        # Longer years.
        ("Y12345", Date("Y12345", Day(12345), Day(12345))),
        ("Y-12345", Date("Y-12345", Day(-12345), Day(-12345))),
        ("Y-5E2", Date("Y-5E2", Day(-500), Day(-500))),
        ("Y12E3S2", Date("Y12E3S2", Day(12000), Day(12000))),
        ("Y99999", Date("Y99999", Day(99999), Day(99999))),
        # A time of the day is no matter of a chronology.
        ("1985-04-12T23:20:30", Date("1985-04-12", Day(1985, 4, 12), Day(1985, 4, 12))),
        ("1985-04-12T24:00:00Z", Date("1985-04-12", Day(1985, 4, 12), Day(1985, 4, 12))),
        ("1985-04-12T00:00:00+14:30", Date("1985-04-12", Day(1985, 4, 12), Day(1985, 4, 12))),
        ("1985-04-12T09:59:59-05", Date("1985-04-12", Day(1985, 4, 12), Day(1985, 4, 12))),
    ],
)
def test_a_single_date(text: str, said: Date | None) -> None:
    if said is None:
        with pytest.raises(DateError, match="is no date"):
            read(text)
        return
    when = read(text)
    assert when.said == said
    assert (when.start, when.end) == (said.first.start, said.last.end)
    assert when.unsure is (said.qualifier != "")
    assert when.lasting is False


def date(text: str) -> Date:
    said = read(text).said
    assert isinstance(said, Date)
    return said


@pytest.mark.parametrize(
    ("text", "first", "last", "unsure", "lasting"),
    [
        ("2014/2018", Day(2014, 1, 1), Day(2018, 12, 31), False, True),
        ("2014 / 2018", Day(2014, 1, 1), Day(2018, 12, 31), False, True),
        ("2014-02/2014-04", Day(2014, 2, 1), Day(2014, 4, 30), False, True),
        ("2014-02-03/2014-02-05", Day(2014, 2, 3), Day(2014, 2, 5), False, True),
        ("-0137/-0100", Day(-137, 1, 1), Day(-100, 12, 31), False, True),
        ("2014/2014", Day(2014, 1, 1), Day(2014, 12, 31), False, False),
        ("2014-12/2014", Day(2014, 12, 1), Day(2014, 12, 31), False, True),
        ("199X/2001-21", Day(1990, 1, 1), Day(2001, 5, 31), False, True),
        ("0870~/0950", Day(870, 1, 1), Day(950, 12, 31), True, True),
        ("0870/0950?", Day(870, 1, 1), Day(950, 12, 31), True, True),
        # An open end is none; one that nobody knows may be ten years away.
        ("1990/..", Day(1990, 1, 1), None, False, False),
        ("../1990-02", None, Day(1990, 2, 28), False, False),
        ("1990~/..", Day(1990, 1, 1), None, True, False),
        ("1990/", Day(1990, 1, 1), Day(2000, 1, 1), False, True),
        ("/1990", Day(1980, 12, 31), Day(1990, 12, 31), False, True),
        ("/1992-02-29", Day(1982, 2, 28), Day(1992, 2, 29), False, True),
        ("1992-02-29/", Day(1992, 2, 29), Day(2002, 2, 28), False, True),
    ],
)
def test_a_range(
    text: str, first: Day | None, last: Day | None, unsure: bool, lasting: bool
) -> None:
    when = read(text)
    plain = text.replace(" ", "")
    lower, upper = (None if part in ("", "..") else date(part) for part in plain.split("/"))
    assert when.said == Range(plain, lower, upper, first, last)
    begin, end = first or last, last or first
    assert begin is not None
    assert end is not None
    assert (when.start, when.end) == (begin.start, end.end)
    assert (when.unsure, when.lasting) == (unsure, lasting)


def test_one_of_several_dates_or_every_one() -> None:
    when = read("[1457, 1458-06]")
    assert when.said == Choice((date("1457"), date("1458-06")))
    assert (when.start, when.end) == (1457, Day(1458, 6).end)
    assert when.unsure
    assert not when.lasting
    every = read("{1960,1961-12}")
    assert every.said == Choice((date("1960"), date("1961-12")), every=True)
    assert (every.start, every.end, every.unsure) == (1960, 1962, False)
    assert read("{1960,1961~}").unsure
    # In any order, and not only of single dates.
    mixed = read("[1990..1992, 1950, 1970-02]")
    assert (mixed.start, mixed.end) == (1950, 1993)
    assert isinstance(mixed.said, Choice)
    assert mixed.said.parts[0] == Range(
        "1990..1992", date("1990"), date("1992"), Day(1990, 1, 1), Day(1992, 12, 31), among=True
    )
    assert read("{1990..1992}").unsure is False
    assert read("{1990~..1992}").unsure is True


def test_a_choice_with_an_open_end() -> None:
    before, after = read("[..1984]"), read("[1984..]")
    assert isinstance(before.said, Choice)
    assert isinstance(after.said, Choice)
    assert (before.said.first, before.said.last) == (None, Day(1984, 12, 31))
    assert (before.start, before.end) == (Day(1984, 12, 31).start, 1985)
    assert (after.said.first, after.said.last) == (Day(1984, 1, 1), None)
    assert (after.start, after.end) == (1984, Day(1984, 1, 1).end)
    assert not before.lasting
    both = read("{1990,1950..,1970}").said
    assert isinstance(both, Choice)
    assert (both.first, both.last) == (Day(1950, 1, 1), None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("c. 870", "'c. 870' is no date"),
        ("", "'' is no date"),
        (" ", "' ' is no date"),
        ("/", "'/' has neither beginning nor end"),
        ("../..", "'../..' has neither beginning nor end"),
        ("[..]", "'[..]' has neither beginning nor end"),
        ("2018/2014", "the range '2018/2014' ends before it begins"),
        ("2014/2013", "the range '2014/2013' ends before it begins"),
        ("2014-03/2014-02", "the range '2014-03/2014-02' ends before it begins"),
        ("Y100000", "'Y100000' can't be put on a scale"),
        ("Y-100000", "'Y-100000' can't be put on a scale"),
        ("2000/Y1E5", "'2000/Y1E5' can't be put on a scale"),
        ("Y-1E5/2000", "'Y-1E5/2000' can't be put on a scale"),
        ("Y1E6", "'Y1E6' can't be put on a scale"),
        ("Y1234567", "'Y1234567' can't be put on a scale"),
        ("Y-123456", "'Y-123456' can't be put on a scale"),
        ("1" * 81, f"'{'1' * 80}' … is no date"),
        ("1" * 80, f"'{'1' * 80}' is no date"),
        *(
            (text, f"{text!r} is no date")
            for text in (
                *("870", "19434", "1943-2", "1943-02-3", "1943-13", "1943-00", "1943-02-30"),
                *("1943-02-00", "1900-02-29", "1943-20", "1943-42", "2001-21-01", "199X-21"),
                *("2001-2X", "2001-2X-01", "1943-XX-32", "1943-13-XX", "Y1234", "Y0123456", "Y"),
                *("1943T10:00:00", "1943-02T10:00:00", "1943-02-24T25:00:00", "1943-02-24T"),
                *("1943-02-24T10:60:00", "1943-02-24T10:00:60", "1943-02-24T10:00:00+15"),
                *("1943-02-24~T10:00:00", "1943-02-2XT10:00:00", "1943-02-24T10:00:00X"),
                *("[1943", "1943]", "[]", "{}", "[1943}", "[1943,]", "[1943/1944]", "[c. 9]"),
                *("1943/1944/1945", "1943..1944", "1943/x", "x/1943", "~", "1943~~", "1943 02"),
                *("١٩٤٣", "1943-..", "[1943,...]", "(1943)", "[1943..1944..1945]"),
            )
        ),
    ],
)
def test_what_is_no_date_is_refused(text: str, message: str) -> None:
    with pytest.raises(DateError) as caught:
        read(text)
    assert str(caught.value) == message
