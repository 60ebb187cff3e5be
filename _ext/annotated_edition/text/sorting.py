"""Alphabetical order: one for registers, the printed index and bibliographies.

No Sphinx here.
"""

from __future__ import annotations

import re
import unicodedata

#: Letters that Unicode doesn't take apart, as they are sorted.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)

#: Kazakh letters follow those that they are like, not the whole Russian alphabet.
_AFTER = str.maketrans(
    {
        letter: before + "\uffff" * count
        for before, letters in {
            "а": "ә", "г": "ғ", "к": "қ", "н": "ң", "о": "ө", "у": "ұү", "х": "һ", "ы": "і",
        }.items()
        for count, letter in enumerate(letters, 1)
    }
)  # fmt: skip

#: Articles at the beginning of a title, by language: a title is sorted without them.
_ARTICLES = {
    "en": r"(?:the|an?)\s+",
    "fr": r"(?:les?|la|une?)\s+|l['’]",
    "de": r"(?:der|die|das|eine?)\s+",
    "es": r"(?:el|las?|los|una?)\s+",
}
#: Those at the beginning of a name. Other articles may be part of it: An Lushan, La Fontaine.
_OF_NAMES = {"en": r"the\s+"}


def without_article(title: str, language: str = "") -> str:
    """A title without the article of *language* that it begins with.

    >>> without_article("The Silk Road", "en-GB")
    'Silk Road'
    """
    articles = _ARTICLES.get(re.split("[-_]", language)[0])
    return re.sub(f"^(?:{articles})", "", title, flags=re.IGNORECASE) if articles else title


def letters_of(head: str, language: str = "", *, name: bool = False) -> str:
    """What a head is sorted by: its letters and figures, without accents and case.

    The quotation mark and the article of *language* (a code such as ``en`` or ``en-GB``) that
    it begins with are left out; of a *name*, only an article that is never part of one.
    Spaces, hyphens, dashes, slashes and plus signs part words.
    """
    plain = re.sub(r"^\W+", "", head.casefold())
    articles = (_OF_NAMES if name else _ARTICLES).get(re.split("[-_]", language)[0])
    if articles:
        plain = re.sub(f"^(?:{articles})", "", plain)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).translate(_LETTERS)
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w\s]", "", re.sub("[-–—/+]", " ", plain)).split())


def sort_key(head: str, language: str = "", *, name: bool = False) -> tuple[bool, str, str]:
    """The place of a head among others, word by word: "Xi Jinping" stands before "Xi'an".

    Figures come first, then the Latin letters, then other scripts in Unicode's order (Kazakh's
    letters in the order of its alphabet), those without capitals, such as Chinese, last.
    """
    letters = letters_of(head, language, name=name)
    key = letters.translate(_AFTER)
    return letters[:1].isalpha() and not _has_case(letters[:1]), key, head


def initial(head: str, language: str = "", *, name: bool = False) -> str:
    """The letter that a head stands under; ``""`` for figures and for scripts without case."""
    first = letters_of(head, language, name=name)[:1]
    return first.upper() if _has_case(first) else ""


def _has_case(letter: str) -> bool:
    return letter.upper() != letter
