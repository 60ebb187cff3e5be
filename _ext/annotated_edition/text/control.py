"""Characters that no text needs, and strangers' words in messages without them."""

from __future__ import annotations

import re
import unicodedata

#: Characters that no text needs.  XML has no place for them, so that one of them
#: would make a whole chapter of the EPUB unreadable; terminals obey some.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

#: What ends a line or a paragraph for Unicode, Python and Typst, and for no editor of texts: words
#: pasted from word processors have them.
SEPARATORS = re.compile("[\u2028\u2029]")
#: Signs that nobody sees, and that come along when words are pasted: soft hyphens, spaces of no
#: width, marks of direction, joiners of words.
UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

#: Marks on one letter that a text may have.  Stream-safe text has no more (Unicode Standard
#: Annex 15, 13); putting them into order takes time that grows with the square of their number.
MOST_MARKS = 30
#: Marks are no letters, figures or white space, and the first is U+0300.
_MAY_BE_MARKS = re.compile(rf"[^\w\s\x00-\u02ff]{{{MOST_MARKS + 1},}}")


def crowded(text: str) -> int | None:
    """Where a letter has more marks than :data:`MOST_MARKS`, if one has."""
    for match in _MAY_BE_MARKS.finditer(text):
        marks = 0
        for at, sign in enumerate(match[0], match.start()):
            marks = marks + 1 if unicodedata.combining(sign) else 0
            if marks > MOST_MARKS:
                return at
    return None


def brief(text: str) -> str:
    """A stranger's words in a message: one short line, nothing that terminals obey."""
    text = CONTROL.sub("\ufffd", " ".join(text.split()))
    text = UNSEEN.sub(lambda sign: ascii(sign[0])[1:-1], text)
    return text if len(text) <= 80 else f"{text[:60]} … {text[-15:]}"


def tidy(text: str) -> str:
    """Words in one line, without the gap that a citation left before a full stop or comma."""
    return re.sub(r"(?<! ) ++(?=[.,](?:\s|$))", "", " ".join(text.split()))
