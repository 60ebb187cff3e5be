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
    from anyascii import anyascii  # its tables take their time

    # Before "’" becomes "'".
    bare = re.sub(r"['’][sS]\b|['’]", "", words[:_MOST_NAMED])
    parted = re.sub(r"([\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])", r" \1 ", bare)
    plain = anyascii(unicodedata.normalize("NFC", parted)).lower()
    plain = re.sub(r"['`]", "", plain)
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """A question for the nearest of *known* names, or else what to do."""
    close = nearest(name, known)
    return f"did you mean {close!r}?" if close else otherwise
