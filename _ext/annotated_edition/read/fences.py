"""Where a note's front matter begins and ends, also where its fences are miswritten.

Whatever was meant is cut off and parsed, so that one wrong line costs one finding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_FENCE = re.compile(r"---[ \t]*\Z")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*\Z")
#: What is meant for a fence: other numbers of hyphens, other dashes and signs, indented.
_LIKE = re.compile(
    r"[ \t]*(?:[-‐‑‒–—―−][ \t]*)+\Z|[ \t]*(?:\+{3,}|={3,}|\*{3,}|_{3,}|~{3,})[ \t]*\Z"
    r"|---+[ \t]*(?:yaml|yml)[ \t]*\Z",
    re.IGNORECASE,
)
_CODE = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*[\w{}-]*[ \t]*\Z")
_FIELD = re.compile(r"[A-Za-z][\w-]*[ \t]*:(?:[ \t]|\Z)")
_QUOTE = re.compile(r"[ \t]*quote[ \t]*[:=]", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}[ \t]*\S")

#: Front matter that begins later than this was not meant for one.
_MOST_LINES = 60

_HYPHENS = "begin and end the front matter with a line of three hyphens: ---"


@dataclass
class Fenced:
    """A file's front matter, its first line's number (from 1), and the rest.

    The rest keeps its line numbers.  ``faults`` are lines (from 1), and what to do.
    """

    text: str
    first: int
    rest: str
    faults: list[tuple[int, str]] = field(default_factory=list)


def find(source: str) -> Fenced:
    """Part *source* into front matter and the rest, whatever its fences look like."""
    source = source.removeprefix("\ufeff").replace("\r\n", "\n")
    lines = source.split("\n")
    faults: list[tuple[int, str]] = []
    begin = _beginning(lines, faults)
    if begin is None:
        return Fenced("", 2, source)
    end, rest_from = _ending(lines, begin, faults)
    second = _second(lines, rest_from)
    if second is not None:
        faults.append(
            (second[0] + 1, "a second front matter begins here: put its fields into the first")
        )
        rest_from = second[1]
    rest = "\n".join([*[""] * rest_from, *lines[rest_from:]])
    above = [line for line in lines[: max(begin - 1, 0)] if _HEADING.match(line)]
    if above:  # the title stood above: it stays the title
        rest = "\n".join([*lines[: max(begin - 1, 0)], *[""] * (rest_from - max(begin - 1, 0)),
                          *lines[rest_from:]])  # fmt: skip
    return Fenced("\n".join(lines[begin:end]), begin + 1, rest, faults)


def _beginning(lines: list[str], faults: list[tuple[int, str]]) -> int | None:
    """The place (from 0) of the first line between the fences."""
    if _FENCE.match(lines[0]):
        return 1
    quote = next((at for at, line in enumerate(lines[:_MOST_LINES]) if _QUOTE.match(line)), None)
    if quote is None:
        return None
    first = next(at for at, line in enumerate(lines) if line.strip())
    if code := _CODE.match(lines[first]):
        faults.append(
            (first + 1, f"take out the line {lines[first].strip()}: a note begins with a line ---")
        )
        last = max(at for at, line in enumerate(lines) if line.strip())
        closing = (at for at in range(first + 1, last + 1) if lines[at].strip() == code[1])
        at = next(closing, last)
        if lines[at].strip() == code[1]:
            # Around the whole file, or around the front matter alone.
            alone = at < last and not any(map(_END.match, lines[first + 2 : at]))
            lines[at] = "---" if alone else ""
        lines[first] = ""
        following = (at for at, line in enumerate(lines) if line.strip())
        first = next(following, first)
        return first + 1 if _FENCE.match(lines[first]) else first
    if first and _FENCE.match(lines[first]):
        faults.append((1, "line 1 is empty: begin the file with the line ---"))
        return first + 1
    if _LIKE.match(lines[first]):
        faults.append((first + 1, f"{lines[first].strip()!r} is no fence: {_HYPHENS}"))
        return first + 1
    if _FIELD.match(lines[first]):
        faults.append((first + 1, "the front matter isn't opened: begin with a line --- above it"))
        return first
    fence = next(
        (at for at, line in enumerate(lines[:quote]) if _FENCE.match(line) or _LIKE.match(line)),
        None,
    )
    faults.append((first + 1, "the front matter must come first: move this below it, or delete it"))
    return quote if fence is None else fence + 1


def _ending(lines: list[str], begin: int, faults: list[tuple[int, str]]) -> tuple[int, int]:
    """The places (from 0) of the line that closes, and of the first line after it."""
    heading = next(
        (at for at in range(begin, len(lines)) if re.match(r"#{1,6}[ \t]+\S", lines[at])
         and not _followed_by_field(lines, at)),
        len(lines),
    )  # fmt: skip
    end = next((at for at in range(begin, len(lines)) if _END.match(lines[at])), None)
    if end is not None and end <= heading:
        return end, end + 1
    like = next((at for at in range(begin, heading) if _LIKE.match(lines[at])), None)
    if like is not None:
        if not any(_HYPHENS in message for _, message in faults):
            faults.append((like + 1, f"{lines[like].strip()!r} is no fence: {_HYPHENS}"))
        return like, like + 1
    # Down to the first line that can't be a field's.
    last = begin
    while last < heading and (not lines[last].strip() or _may_be_fields(lines[last])):
        last += 1
    while last > begin and not lines[last - 1].strip():
        last -= 1
    faults.append((last + 1, "the front matter isn't closed: put a line --- above this one"))
    return last, last


def _second(lines: list[str], at: int) -> tuple[int, int] | None:
    """The places of the first line of further front matter, and of the first after it."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at >= len(lines) or not _FENCE.match(lines[at]):
        return None
    inner = at + 1
    while inner < len(lines) and lines[inner].strip() and _may_be_fields(lines[inner]):
        if _END.match(lines[inner]):
            return at, inner + 1
        inner += 1
    if inner > at + 1 and inner < len(lines) and _END.match(lines[inner]):
        return at, inner + 1
    return None


def _followed_by_field(lines: list[str], at: int) -> bool:
    """Whether a line with # is a comment within front matter."""
    for line in lines[at + 1 :]:
        if _END.match(line) or _FIELD.match(line) or re.match(r"[ \t]+(?:- |[\w'\"]+:)", line):
            return True
        if not line.startswith("#"):
            return False
    return False


def _may_be_fields(line: str) -> bool:
    return bool(_FIELD.match(line) or re.match(r"[ \t]|#|- ", line))
