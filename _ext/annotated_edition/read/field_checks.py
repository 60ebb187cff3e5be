"""What a note's fields say that can't be so.

Days to come, tags of no language, a place in the sea, two people in one name, a reading that the
text itself has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages

from annotated_edition.text.folding import fold

#: Years that a plan may look ahead ("carbon neutral by 2060"); beyond them a year is a slip.
MOST_YEARS_AHEAD = 60


def future_days(dates: Iterable[str], today: date) -> Iterator[tuple[str, str]]:
    """Dates that have not come: the date and what to do.

    A day, or a month, is history; years alone may be those of a plan.
    """
    for written in dates:
        for part in re.findall(r"-?\d{4,}(?:-\d\d(?:-\d\d)?)?", written):
            pieces = part.lstrip("-").split("-")
            year = int(pieces[0])
            if part.startswith("-") or year <= today.year:
                if part.startswith("-") or len(pieces) == 1:
                    continue
                if "-".join(pieces) <= today.isoformat()[: len("-".join(pieces))]:
                    continue
            elif len(pieces) == 1 and year <= today.year + MOST_YEARS_AHEAD:
                continue
            yield written, f"{written!r} is in the future: correct the date"
            break


def future_check(day: date, today: date) -> str:
    """What to do about sources that were looked at on a day that has not come; "" if it has."""
    if day <= today:
        return ""
    return f"`checked`: the day {day.isoformat()} has not come: write the day of your last look"


#: What only bodies are called, whose names may have "and" in them.
_BODY = re.compile(
    r"\b(?:academy|agency|association|board|bureau|centre|center|college|commission|committee|"
    r"company|council|department|faculty|for|foundation|group|institut\w*|library|ministry|museum|"
    r"of|office|press|school|society|sons|team|the|universit\w*)\b",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[,;/&]|\band\b")


def several_people(written: str) -> list[str]:
    """The people whom one name of *contributors* names, if they are several; else nobody."""
    people = [part.strip() for part in _PARTED.split(written) if part.strip()]
    # "Doe, Jane" is one, and so is "Ludwig, prince of Anhalt".
    if len(people) < 2 or _BODY.search(written):
        return []
    if any(len(person.split()) < 2 or not person[0].isupper() for person in people):
        return []
    return people


def same_as_text(reading: str, quotes: Iterable[str]) -> bool:
    """Whether a version's *reading* is what all *quotes* of the text say."""
    return {fold(quote).text.strip() for quote in quotes} == {fold(reading).text.strip()}


def unknown_language(tag: str) -> str:
    """What to write for a tag that begins with no language's, or "" if it does."""
    first, *rest = tag.split("-")
    plain = first.lower()
    alias = str(get_global("language_aliases").get(plain) or "")
    if len(plain) == 3 and alias and len(alias) == 2:
        better = "-".join([alias, *rest])
        return f"`names`: the tag of this language has two letters: write `{better}`"
    if plain in _languages() or (alias and len(plain) == 2) or (len(plain) == 3 and not alias):
        return ""
    meant = _by_name().get(plain) or _of_country(plain)
    if meant:
        name = Locale("en").languages.get(meant, meant)
        better = "-".join([meant, *rest])
        return f"`names`: {tag!r} is the tag of no language: {name} is `{better}`"
    return (
        f"`names`: {tag!r} is the tag of no language: write one such as `kk`, `ru` or `zh` "
        "(https://www.iana.org/assignments/language-subtag-registry)"
    )


@cache
def _languages() -> frozenset[str]:
    return frozenset(code.split("_")[0] for code in map(str, Locale("en").languages))


@cache
def _by_name() -> dict[str, str]:
    """Languages by their English names and their own."""
    found: dict[str, str] = {}
    for code, name in Locale("en").languages.items():
        if "_" not in code:
            found.setdefault(name.lower(), code)
    for code in ("ar", "de", "es", "fa", "fr", "he", "it", "ja", "kk", "ko", "pt", "ru", "zh"):
        found.setdefault((Locale(code).get_display_name(code) or "").lower(), code)
    return found | {"mandarin": "zh", "qazaq": "kk"}


def _of_country(code: str) -> str:
    """The language of the country of a code such as ``kz``."""
    official = get_official_languages(code.upper(), de_facto=True)
    english = Locale("en")
    country = english.territories.get(code.upper(), "")
    # Of several the one that the country is called by: Kazakh in Kazakhstan.
    for language in official:
        if str(english.languages.get(str(language), "?"))[:4] == country[:4]:
            return str(language)
    return str(official[0]) if official else ""
