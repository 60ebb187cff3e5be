"""Where text turns, for typesetters that must be told each turn (Unicode Standard Annex 9)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

#: What begins an isolate, and whether it runs from the right; the first strong letter may say so.
_ISOLATES = {"LRI": False, "RLI": True, "FSI": None}
_STRONG_RIGHT = ("R", "AL")


class Turn(NamedTuple):
    """A stretch of text with a direction of its own."""

    start: int
    stop: int
    from_right: bool


def turns(text: str, from_right: bool) -> list[Turn]:
    """The stretches that turn, in the order that they begin, outer ones before those in them.

    *from_right* is the direction of the whole.
    """
    kinds = [unicodedata.bidirectional(sign) for sign in text]
    found: list[Turn] = []
    waiting = [Turn(0, len(text), from_right)]
    while waiting:
        whole = waiting.pop()
        isolates = _isolates(kinds, whole.start, whole.stop)
        signs = [*text[whole.start : whole.stop]]
        outside = kinds[whole.start : whole.stop]
        for isolate in isolates:
            # Words around them see signs without direction, and no bracket of theirs.
            inside = slice(isolate.start - whole.start, isolate.stop - whole.start)
            outside[inside] = ["ON"] * (isolate.stop - isolate.start)
            signs[inside] = [" "] * (isolate.stop - isolate.start)
            waiting.append(Turn(isolate.start + 1, isolate.stop - 1, isolate.from_right))
        found += isolates
        found += _against(signs, outside, whole)
    return sorted(found, key=lambda turn: (turn.start, -turn.stop))


def _isolates(kinds: Sequence[str], start: int, stop: int) -> list[Turn]:
    """The outermost isolates of a stretch."""
    found: list[Turn] = []
    opened: list[int] = []
    for at in range(start, stop):
        if kinds[at] in _ISOLATES:
            opened.append(at)
        elif kinds[at] == "PDI" and opened:
            begin = opened.pop()
            if not opened:
                direction = _ISOLATES[kinds[begin]]
                if direction is None:
                    strong = (kind for kind in kinds[begin:at] if kind in ("L", *_STRONG_RIGHT))
                    direction = next(strong, "L") in _STRONG_RIGHT
                found.append(Turn(begin, at + 1, direction))
    return found


def _against(signs: Sequence[str], kinds: Sequence[str], whole: Turn) -> list[Turn]:
    """What runs against the direction of the *whole*, from its first strong letter to its last."""
    right = (*_STRONG_RIGHT, "AN")
    turning, back = (("L",), right) if whole.from_right else (right, ("L",))
    found: list[Turn] = []
    start, stop = -1, 0
    brackets = 0
    for at, kind in enumerate(kinds):
        if kind in turning:
            start, stop = (at if start < 0 else start), at + 1
        elif start < 0:
            continue
        elif kind in back:
            found.append(Turn(whole.start + start, whole.start + stop, not whole.from_right))
            start, brackets = -1, 0
        elif kind == "EN" or (kind in ("NSM", "ET") and stop == at):
            stop = at + 1  # a number goes with the words before it
        elif unicodedata.category(signs[at]) == "Ps":
            brackets += 1
        elif unicodedata.category(signs[at]) == "Pe" and brackets:
            brackets -= 1
            stop = at + 1
    if start >= 0:
        found.append(Turn(whole.start + start, whole.start + stop, not whole.from_right))
    return found
