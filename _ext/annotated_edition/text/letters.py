"""Where letters end: marks, vowel signs and joined signs belong to the letter before them.

The commonest part of Unicode's grapheme clusters (UAX 29), for which Python has no function.
"""

from __future__ import annotations

import unicodedata

#: Joins what stands on either side into one sign, as in a family of emoji.
_JOINER = "\u200d"
#: Unicode's combining class of viramas, after which the next letter is joined to the last.
_VIRAMA = 9


def is_mark(letter: str) -> bool:
    """Whether *letter* (one character) belongs to the one before it."""
    return unicodedata.category(letter)[0] == "M" or "\U0001f3fb" <= letter <= "\U0001f3ff"


def divides(text: str, at: int) -> bool:
    """Whether a cut of *text* at the offset *at* would go through a letter."""
    if not 0 < at < len(text) or text.isascii():
        return False
    before, after = text[at - 1], text[at]
    joined = _JOINER in (before, after) or unicodedata.combining(before) == _VIRAMA
    return is_mark(after) or (joined and not after.isspace())
