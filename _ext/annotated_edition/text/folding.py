"""Folding: what makes two writings of the same words one, and the way back to the page's.

Quotes, glossary terms, names and the copy-text are all compared so.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from annotated_edition.text.control import MOST_MARKS, crowded

#: Thai, Lao, Burmese, Khmer, Kana and Han: letters of scripts without spaces, where a
#: word may begin or end anywhere.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)

#: Characters that print nothing and part no words; and white space with them.
_UNSEEN = "\u00ad\u200b\u2060\ufeff"
_BLANK = f"\\s{_UNSEEN}"

#: Where an ellipsis may stand: docutils makes one of the first three of four dots, and
#: of spaced dots only when no three unspaced ones follow.  Here and below, what repeats gives
#: nothing back (``*+``): thousands of spaces would be tried in every division.
_DOTS = f"…|\\.\\.\\.|\\.(?:[{_UNSEEN}]*+\\s[{_BLANK}]*+\\.){{2}}(?!\\.\\.)"

#: What folding changes, each group one rule of :func:`fold`.  All quotation marks become
#: one: in half of the languages smart quotes make double marks of single ones, in one
#: style the other way round, and an apostrophe is written like either.
_QUOTES = '"“”„‟″＂〝〞「」『』‘’‚‛′ʼʻ＇`´׳״՚'
#: Unicode's dash punctuation but for waves, and the minus sign.
_DASHES = "‐‑‒–—―−－֊־᐀᠆⸗⸚⸺⸻⹀⹝︱︲﹘﹣𐺭"
#: French quotation marks with the space within; German ones point inwards, »thus«, and ordinary
#: spaces beside them part words.
_FRENCH = "[«‹][\u00a0\u202f]?|[\u00a0\u202f]?[»›]"
_FRENCH_APART = f"[«‹][{_BLANK}]*+|[{_BLANK}]*+[»›]"
_RULES = (
    f"(?P<quote>%s|[{_QUOTES}])"
    f"|(?P<dash>[-{_DASHES}]{{2,}}|[{_DASHES}])"
    f"|(?P<dots>[{_BLANK}]*+(?:{_DOTS}))"
    f"|(?P<blank>[{_BLANK}]{{2,}}|[^\\S ]|[{_UNSEEN}])"
)
#: With what a rule may begin, but for single spaces.
_SIGNS = f"«»‹›{_QUOTES}{_DASHES}….{_BLANK}\\-"
#: A rule, and all before it that none can apply to; or a sign that none applied to; or the end.
#: Most of a text is letters, which are passed over at once.
_PLACES = f"(?:[^{_SIGNS}]++| (?![{_SIGNS}]))*+(?:{_RULES}|[{_SIGNS}]|\\Z)"
_TYPOGRAPHY = re.compile(_PLACES % _FRENCH)
_LOOSE = re.compile(_PLACES % _FRENCH_APART)
#: White space between letters or signs of such scripts: mostly the end of a line.
_WRITTEN_ON = f"{UNSPACED}\u0f00-\u0fff\u3001-\u303f\uff00-\uff65"
_CLOSED = re.compile(f"(?<=[{_WRITTEN_ON}])[{_BLANK}]++(?=[{_WRITTEN_ON}])")
_UNPARTED_LETTER = re.compile(f"[{_WRITTEN_ON}]")
_UNPARTED = re.compile(f"[{_WRITTEN_ON}]{{2}}")
_ROOM = re.compile(f"[«‹][{_BLANK}]|[{_BLANK}][»›]|{_CLOSED.pattern}")
_FOLDED = {"quote": "'", "dash": "-", "dots": "…"}


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded for comparison, with the way back to the original offsets.

    It consists of stretches, each copied or changed as a whole.  They are numbers in four
    columns, since a long book has a hundred thousand of them.
    """

    text: str
    #: Where each begins in the folded text; and where it begins and ends in the original.
    _begins: tuple[int, ...]
    _starts: tuple[int, ...]
    _ends: tuple[int, ...]
    _copied: tuple[bool, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters from *start* to *end* (not empty) came from."""
        first = bisect_right(self._begins, start) - 1
        last = bisect_right(self._begins, end - 1) - 1
        begin, stop = self._starts[first], self._ends[last]
        if self._copied[first]:
            begin += start - self._begins[first]
        if self._copied[last]:
            stop = self._starts[last] + end - self._begins[last]
        return begin, stop


#: A stretch that folding changes: start, end and what it becomes.
_Change = tuple[int, int, str]


def _composed(text: str) -> list[_Change]:
    """What NFC changes."""
    if text.isascii() or (crowded(text) is None and unicodedata.is_normalized("NFC", text)):
        return []
    changes = []
    start = 0
    while start < len(text):
        end = start + 1
        # A stretch ends before the next character that can't merge backwards:
        # marks can, and so can the later letters of Hangul syllables.  It ends for good
        # where a letter is crowded with them.
        while end < min(len(text), start + 1 + MOST_MARKS) and (
            unicodedata.category(text[end])[0] == "M" or "\u1160" <= text[end] <= "\u11ff"
        ):
            end += 1
        normal = unicodedata.normalize("NFC", text[start:end])
        if normal != text[start:end]:
            changes.append((start, end, normal))
        start = end
    return changes


# A passage is folded for quotes, for terms and for the collation: a long book has ten thousand.
@lru_cache(maxsize=1 << 16)
def fold(text: str, *, loose: bool = False) -> Folded:
    """Fold *text* for typography: quotation marks, dashes, ellipses, spaces, NFC.

    Two texts that differ in nothing else fold to the same string: quotation
    marks, single and double, straight and typographic (French ones with their
    inner no-break space), hyphens and dashes in all lengths, ``--`` and ``---``,
    three dots and the ellipsis, close or after a space, all white space, soft
    hyphens, and composed and decomposed letters.  So a text and what Sphinx's
    smart quotes make of it are one.  Leading and trailing white space goes.
    Words and case stay.

    *loose*, white space goes that may mean nothing: any within French quotation marks, which in
    German parts words, and between letters of scripts without spaces, such as a line's end.
    """
    closed = [(*one.span(), "") for one in _CLOSED.finditer(text)] if loose else []
    return _changed(text, sorted(_typography(text, loose) + _composed(text) + closed))


def parts_no_words(letter: str) -> bool:
    """Whether a letter is of a script that parts no words, in which a line ends after any."""
    return bool(letter and _UNPARTED_LETTER.match(letter))


def is_unspaced(text: str) -> bool:
    """Whether a text has words of a script that parts none by spaces."""
    return bool(_UNPARTED.search(text))


def has_room(text: str) -> bool:
    """Whether *loose* folding may take white space out of a text."""
    return bool(_ROOM.search(text))


def _typography(text: str, loose: bool) -> list[_Change]:
    """What is the same in other typography."""
    changes = []
    for match in (_LOOSE if loose else _TYPOGRAPHY).finditer(text):
        if rule := match.lastgroup:
            blank = " " if any(map(str.isspace, match[rule])) else ""
            changes.append((match.start(rule), match.end(), _FOLDED.get(rule, blank)))
    return changes


def _changed(text: str, changes: Sequence[_Change]) -> Folded:
    """*text* with its *changes* made, in order; those within another are not."""
    parts: list[str] = []
    stretches: list[tuple[int, int, int, bool]] = []
    length = at = 0

    def put(piece: str, start: int, end: int, copied: bool) -> None:
        nonlocal length, at
        if not length:  # no white space before the first word
            copied_from = len(piece) - len(piece.lstrip())
            piece, start = piece[copied_from:], start + (copied_from if copied else 0)
        if piece:
            stretches.append((length, start, end, copied))
            parts.append(piece)
            length += len(piece)
        at = end

    for start, end, becomes in changes:
        if start < at:
            continue  # within a change already made
        put(text[at:start], at, start, True)
        put(becomes, start, end, False)
    put(text[at:], at, len(text), True)
    columns = tuple(zip(*stretches, strict=True)) if stretches else ((), (), (), ())
    return Folded("".join(parts).rstrip(), *columns)
