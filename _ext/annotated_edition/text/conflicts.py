"""What git leaves in a file where two changes met: its lines of seven signs, and both versions."""

from __future__ import annotations

import re

_OURS = re.compile(r"<{7}(?: .*)?\r?\Z")
_BASE = re.compile(r"\|{7}(?: .*)?\r?\Z")
_PARTED = re.compile(r"={7}\r?\Z")
_THEIRS = re.compile(r">{7}(?: .*)?\r?\Z")

#: What to do about one.
ADVICE = (
    "two versions stand here, with git's conflict markers: keep the lines that are right, and "
    "delete the others and the lines that begin with <<<<<<<, ======= and >>>>>>>"
)


def resolved(text: str) -> tuple[str, list[int]]:
    """*text* with the first version of each conflict, and the lines (from 1) where they begin.

    The signs and the other version become empty lines, so that all others keep their numbers.
    ``=======`` alone is Markdown for a heading.
    """
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return text, []
    kept, found = [], []
    inside = leaving_out = False
    for number, line in enumerate(text.split("\n"), 1):
        opens, closes = _OURS.match(line), _THEIRS.match(line)
        if opens or (closes and not inside):
            found.append(number)
        if opens:
            inside, leaving_out = True, False
        elif inside and (_PARTED.match(line) or _BASE.match(line)):
            leaving_out = True
        elif closes:
            inside = leaving_out = False
        elif not leaving_out:
            kept.append(line)
            continue
        kept.append("")
    return "\n".join(kept), found
