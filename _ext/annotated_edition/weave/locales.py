"""What Babel knows of the language of the pages: dates in words, and which way it is written."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_era_names
from sphinx.locale import get_translator

#: The extension's messages, and where their translations are: ``make words`` renews them.
CATALOG = "annotated_edition"
CATALOGS = Path(__file__).parents[1] / "locale"

#: “24 February 1943”: read alike on both sides of the Atlantic, where CLDR has the American
#: order for all English.
_ENGLISH = {"d": "d MMMM", "yd": "d MMMM y", "Gyd": "d MMMM y G"}
#: CLDR's patterns by what they show: ``y`` a year, ``m`` a month, ``d`` month and day, all with
#: months in words, and ``G`` an era.
_SKELETONS = {
    "y": "y", "m": "LLLL", "ym": "yMMMM", "d": "MMMMd", "yd": "yMMMMd",
    "Gy": "Gy", "Gym": "GyMMMM", "Gyd": "GyMMMd",
}  # fmt: skip
#: Years and eras in a pattern, but not in its words, which stand in quotation marks.
_LETTERS = re.compile(r"(y+|G+)(?=(?:[^']*'[^']*')*[^']*\Z)")


#: What a language's name says of its script after an ``@``, as in glibc's names.
_SCRIPTS = {"latin": "Latn", "cyrillic": "Cyrl", "devanagari": "Deva"}

#: Languages that CLDR doesn't know, by ISO 639: Aramaic and Syriac, ancient Hebrew and Phoenician,
#: Samaritan, Mandaic, Judaeo-Arabic and Judaeo-Persian, Ottoman, Middle Persian, Parthian, Old
#: Turkic, and some of today that are written in Arabic letters.
_FROM_RIGHT = frozenset(
    "aii arc arz azb cld glk hbo jpa jpr jrb mid myz otk ota pal phn pnb prs sam syc xpr".split()
)
_SCRIPTS_FROM_RIGHT = frozenset(
    "Adlm Arab Aran Armi Avst Hebr Mand Nkoo Orkh Phli Phnx Prti Rohg Samr Syrc Thaa Yezi".split()
)


def language_tag(language: str) -> str:
    """A tag of BCP 47 for Sphinx's ``language``: ``zh_CN`` is zh-CN, ``sr@latin`` sr-Latn."""
    name, _, modifier = (language or "en").partition("@")
    parts = name.replace("_", "-").split("-")
    if script := _SCRIPTS.get(modifier.lower()):
        parts.insert(1, script)
    return "-".join(parts)


@lru_cache(maxsize=8)
def locale_of(language: str) -> Locale:
    """Babel's locale for Sphinx's ``language``; English for one that Babel doesn't know."""
    try:
        return Locale.parse(language_tag(language), sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


@lru_cache(maxsize=64)
def pattern(locale: Locale, shown: str) -> str:
    """The pattern of a date, in CLDR's letters (*shown* as above)."""
    if locale.language == "en" and shown in _ENGLISH:
        return _ENGLISH[shown]
    if shown == "yd":
        return str(locale.date_formats["long"].pattern)
    name = _SKELETONS[shown]
    known = locale.datetime_skeletons.get(name)
    return re.sub("M{3,}", "MMMM", known.pattern if known else name)


def in_words(locale: Locale, shown: str, year: int, month: int = 0, day: int = 0) -> str:
    """A date in words, of which *shown* is shown (as above); the year 0 is 1 BC.

    Years before the first have an era, whether it is asked for or not.
    """
    if "y" in shown and year < 1 and "G" not in shown:
        shown = f"G{shown}"
    letters = {"y": str(year if year > 0 else 1 - year)}
    if "G" in shown:
        letters["G"] = f"'{get_era_names('abbreviated', locale)[int(year > 0)]}'"
    filled = _LETTERS.sub(lambda found: letters[found[0][0]], pattern(locale, shown))
    # The year 2000 stands for those that Python hasn't; it has all days that any has.
    return format_date(date(2000, month or 1, day or 1), filled, locale=locale)


def counted(one: str, many: str, number: int) -> str:
    """The form of a message for so many, by the plural rules of the language of the pages."""
    return get_translator(CATALOG).ngettext(one, many, number)


def runs_from_right(language: str) -> bool:
    """Whether a language ("ar", "he-IL", "ug") is written from right to left.

    By Unicode's locale data (CLDR, ``characterOrder``), or, of what it doesn't know, by the script
    that its tag names, or that it is written in.
    """
    tag = language_tag(language).split("-")
    from_right = tag[0].lower() in _FROM_RIGHT or not _SCRIPTS_FROM_RIGHT.isdisjoint(tag[1:])
    return from_right or bool(locale_of(language).text_direction == "rtl")
