"""What EDTF says, in words: “about 870”, “15–16 September 2022”, “between 1941 and 1943”."""

from __future__ import annotations

from babel import Locale
from sphinx.locale import get_translation

from annotated_edition.text.edtf import Choice, Date, Day, Expression, Range
from annotated_edition.weave.locales import in_words, pattern

_ = get_translation("annotated_edition")


def words_of(said: Expression, locale: Locale) -> str:
    """A date in words; what has none stays as it was written."""
    return _Words(locale).of(said)


def year_in_words(year: int, locale: Locale) -> str:
    """A year of the count with a year 0: 1943, or 138 BC for -137."""
    return in_words(locale, "y", year)


class _Words:
    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        #: Whether what two dates have in common is said once, after both.
        self.year_is_last = pattern(locale, "yd").startswith("d")
        self.qualifiers = {"": "%s", "~": _("about %s"), "?": _("perhaps %s")}
        self.qualifiers["%"] = _("perhaps about %s")
        self.seasons = {21: _("spring"), 22: _("summer"), 23: _("autumn"), 24: _("winter")}

    def of(self, said: Expression) -> str:
        if isinstance(said, Choice):
            *many, last = map(self.of, said.parts)
            joint = _("%s and %s") if said.every else _("%s or %s")
            return joint % (", ".join(many), last) if many else last
        return self.range(said) if isinstance(said, Range) else self.date(said)

    def date(self, date: Date) -> str:
        """“24 February 1943”, “about 870”, “spring 2001”, “the 1990s”."""
        words = self._single(date)
        return self.qualifiers[date.qualifier] % words if words else date.text

    def _single(self, date: Date) -> str:
        first, last = date.first, date.last
        if date.season:
            return f"{self.seasons[date.season]} {self.day(Day(first.year))}"
        if first == last:
            return self.day(first)
        for years in (10, 100):
            whole = first == Day(first.year) and last == Day(first.year + years - 1)
            if whole and first.year > 0 and first.year % years == 0:
                return str(_("the %ss")) % first.year
        return ""

    def day(self, day: Day) -> str:
        shown = "yd" if day.day else "ym" if day.month else "y"
        return in_words(self.locale, shown, day.year, day.month, day.day)

    def range(self, range: Range) -> str:
        """“2014–2018”, “15–16 September 2022”, “since 1990”, “between 1941 and 1943”."""
        if range.lower is None or range.upper is None:
            known = range.lower or range.upper
            if known is None or range.among:
                return range.text
            return str(_("since %s") if range.lower else _("until %s")) % self.date(known)
        begin, end = self.date(range.lower), self.date(range.upper)
        if range.among:
            return str(_("between %s and %s")) % (begin, end)
        first, last = (
            date.first if date.first == date.last and not date.qualifier else None
            for date in (range.lower, range.upper)
        )
        if first and last:
            return self._from_to(first, last)
        return f"{begin} – {end}" if " " in begin + end else f"{begin}–{end}"

    def _from_to(self, first: Day, last: Day) -> str:
        begin, end = self.day(first), self.day(last)
        if first == last:
            return begin
        if first.year != last.year or not first.month or not last.month:
            if first.year < 1 and last.year < 1:
                era = in_words(self.locale, "Gy", first.year).removeprefix(str(1 - first.year))
                begin = begin.removesuffix(era)
            dash = " – " if first.month or last.month else "–"
            return f"{begin}{dash}{end}"
        if not self.year_is_last:
            return f"{begin} – {end}"
        if first.month == last.month and first.day and last.day:
            return f"{first.day}–{end}"
        short = in_words(self.locale, "d" if first.day else "m", first.year, first.month, first.day)
        return f"{short} – {end}"
