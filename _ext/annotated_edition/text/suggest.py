"""Names: the nearest of known ones, and what something may be called.  No Sphinx here."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

#: How alike two names must be, in per cent, to be a slip of the pen.
_LEAST = 70

#: Characters of a title that a file may be called by.
_MOST_NAMED = 500

#: Words, and letters, of a name that a file is proposed.
_WORDS_OF_NAME, _LETTERS_OF_NAME = 5, 40

#: Chinese characters, which no space parts.
_A_WORD_EACH = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

#: How many mistakes of one file what resembles them is looked for, which takes its time.
MOST_SUGGESTIONS = 20


class Suggestions:
    """Counts what each file had suggested; who makes thousands of mistakes gets no thousands."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def one_more(self, docname: str) -> bool:
        """Whether *docname* may have another suggestion."""
        self._given[docname] += 1
        return self._given[docname] <= MOST_SUGGESTIONS

    def did_you_mean(self, docname: str, name: str, known: Iterable[str], otherwise: str) -> str:
        """As the function of that name, while *docname* may have another."""
        return did_you_mean(name, known if self.one_more(docname) else (), otherwise)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The name among *known* that is most like *name*, if any is like it at all."""
    from rapidfuzz import fuzz, process, utils  # needed for mistakes alone

    # Hyphens and capitals are what people get wrong first.
    found = process.extractOne(
        name, list(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=_LEAST
    )
    return str(found[0]) if found else None


def slug(words: str) -> str:
    """What *words* may be called as a file: small letters and figures, parted by hyphens.

    Other scripts are written in Latin letters, each Chinese character as a word of its own.
    """
    text = unicodedata.normalize("NFC", words[:_MOST_NAMED])
    # Before "’" becomes "'".
    bare = re.sub(r"['’][sS]\b|['’]", "", text)
    plain = bare.translate(_translation(bare)).lower()
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['`]", "", plain)))


def file_name(words: str) -> str:
    """A name for a note on *words*: the first five, or fewer that are long; may be empty."""
    parts = slug(words).split("-")[:_WORDS_OF_NAME]
    while len(parts) > 1 and len("-".join(parts)) > _LETTERS_OF_NAME:
        parts.pop()
    return "-".join(parts)


def in_latin_letters(text: str) -> dict[str, str]:
    """For each other letter of *text*, alone and in NFC, what :func:`slug` makes of it."""
    letters = unicodedata.normalize("NFC", text)
    return {chr(code): plain for code, plain in _translation(letters).items()}


def _translation(text: str) -> dict[int, str]:
    from anyascii import anyascii  # its tables take their time

    found: dict[int, str] = {}
    for letter in set(text):
        if letter.isascii():
            continue
        plain = anyascii(letter)
        found[ord(letter)] = f" {plain} " if _A_WORD_EACH.match(letter) else plain
    return found


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """A question for the nearest of *known* names, or else what to do."""
    close = nearest(name, known)
    return f"did you mean {close!r}?" if close else otherwise
