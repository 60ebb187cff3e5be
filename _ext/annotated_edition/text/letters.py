"""Where letters end: marks, vowel signs and joined signs belong to the letter before them.

The commonest part of Unicode's grapheme clusters (UAX 29), for which Python has no function.
"""

from __future__ import annotations

import unicodedata

#: Joins what stands on either side into one sign, as in a family of emoji.
_JOINER = "\u200d"
#: Unicode's combining class of viramas, after which the next letter is joined to the last.
_VIRAMA = 9
#: Signs of that class that only silence a vowel, and join nothing: Malayalam's old ones, Tamil's,
#: Sinhala's, Thai's, Lao's, Tibetan's, Burmese asat, and those of the Philippines, of Sundanese,
#: Batak, Rejang, Meetei, Chakma and Ahom.  In Tamil and Burmese most words end in one.
_SILENCERS = frozenset(
    "\u0bcd\u0d3b\u0d3c\u0dca\u0e3a\u0eba\u0f84\u103a\u1714\u1715\u1734\u1baa\u1bf2\u1bf3\ua953\uabed"
    "\U00011134\U0001172b"
)


def is_mark(letter: str) -> bool:
    """Whether *letter* (one character) belongs to the one before it."""
    return unicodedata.category(letter)[0] == "M" or "\U0001f3fb" <= letter <= "\U0001f3ff"


def divides(text: str, at: int) -> bool:
    """Whether a cut of *text* at the offset *at* would go through a letter."""
    if not 0 < at < len(text) or text.isascii():
        return False
    before, after = text[at - 1], text[at]
    if is_mark(after) or after == _JOINER:
        return True
    if before == _JOINER:  # it joins letters and signs, and nothing to the stop after a word
        return unicodedata.category(after)[0] in "LS"
    return _is_virama(before) and after.isalpha()


def _is_virama(letter: str) -> bool:
    return unicodedata.combining(letter) == _VIRAMA and letter not in _SILENCERS
