"""Characters that no text needs, and strangers' words in messages without them."""

from __future__ import annotations

import re

#: Characters that no text needs.  XML has no place for them, so that one of them
#: would make a whole chapter of the EPUB unreadable; terminals obey some.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def brief(text: str) -> str:
    """A stranger's words in a message: one short line, nothing that terminals obey."""
    text = CONTROL.sub("\ufffd", " ".join(text.split()))
    return text if len(text) <= 80 else f"{text[:60]} … {text[-15:]}"


def tidy(text: str) -> str:
    """Words in one line, without the gap that a citation left before a full stop or comma."""
    return re.sub(r" +(?=[.,](?:\s|$))", "", " ".join(text.split()))
