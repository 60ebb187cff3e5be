"""Text that runs from right to left, amid text that doesn't (Unicode Standard Annex 9)."""

from __future__ import annotations

import re
import unicodedata

#: What turns the text after it round until it is closed, or the paragraph ends: embeddings and
#: overrides.  Isolates took their place (Unicode 6.3), and nobody types them but to deceive.
TURNING = re.compile("[\u202a-\u202e]")
_ISOLATES = re.compile("[\u2066-\u2069]")
#: What begins an isolate, and what ends it.
ISOLATES = "\u2066\u2067\u2068"
END = "\u2069"
#: What a name is put between: the first strong letter in it says which way it runs.
ISOLATION = "\u2068", END
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: Scripts that run from right to left: Hebrew to Arabic's presentation forms, and beyond.
_MAY_RUN_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def balanced(text: str) -> str:
    """The text without what turns others round: overrides, isolates that it doesn't close."""
    if not _CONTROLS.search(text):
        return text
    text = TURNING.sub("", text)
    depth = 0
    kept: list[str] = []
    for sign in text:
        if sign == END:
            if not depth:
                continue
            depth -= 1
        elif _ISOLATES.match(sign):
            depth += 1
        kept.append(sign)
    return "".join(kept) + END * depth


def isolated(text: str) -> str:
    """A name or a title that leaves the order of the words around it alone.

    Put between a first strong isolate and its end if any sign in it could run from right to
    left; any other text comes back as it was.
    """
    text = balanced(text)
    return text.join(ISOLATION) if runs_left(text) else text


def runs_left(text: str) -> bool:
    """Whether a sign of the text runs from right to left, or tells others to."""
    if _CONTROLS.search(text):
        return True
    return any(
        unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in _MAY_RUN_LEFT.findall(text)
    )


def begins_at_right(text: str) -> bool:
    """Whether a paragraph of this text begins at the right: by its first strong letter (P2)."""
    for sign in text:
        strong = unicodedata.bidirectional(sign)
        if strong in ("L", "R", "AL"):
            return strong != "L"
    return False
