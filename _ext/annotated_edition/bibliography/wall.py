"""The wall before the bibliography: its files are strangers' files like any other.

pybtex stops at a byte that isn't UTF-8, and takes whatever room the abbreviations of ``@string``
ask for, each of which may double the last.  What one entry does to a file costs that entry: it is
blanked, its lines keep their numbers, and the others stand.  Every step is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from annotated_edition.anchor.advice import control_character
from annotated_edition.model import limits
from annotated_edition.text.conflicts import resolved as conflicts_resolved
from annotated_edition.text.control import CONTROL, MOST_MARKS, brief, crowded

MOST_BYTES = limits.BIBLIOGRAPHY
MOST_ENTRY = limits.BIBLIOGRAPHY_ENTRY

#: A name as pybtex reads it.
_NAME = r"[A-Za-z@!$&*+\-./:;<>?\[\\\]^_`|~\x7f][A-Za-z0-9@!$&*+\-./:;<>?\[\\\]^_`|~\x7f]*"
_BEGINNING = re.compile(r"^[ \t]*@[ \t]*\w+[ \t]*[{(]", re.MULTILINE)
#: An abbreviation's beginning, or what might be one, after a sign of equality or of joining.
_ABBREVIATION = re.compile(
    rf"@\s*string\s*[{{(]\s*(?P<defined>{_NAME})|(?:[=#]|preamble\s*[{{(])\s*(?P<used>{_NAME})",
    re.IGNORECASE,
)
_BRACES = re.compile("[{}]")
#: Signs without width, of which nobody knows that they are there.
NO_WIDTH = re.compile("[\u200b\u2060-\u2064\ufeff]")
#: An entry's key, as far as it goes, and the sign after it.
_KEY = re.compile(
    r"[ \t]*@[ \t]*(?P<type>\w+)[ \t]*[{(]\s*(?P<key>[^,={}()\"]{0,200})(?P<sign>[,={}()\"]?)"
)
_NO_ENTRY = frozenset({"string", "preamble", "comment"})
#: Stands for what couldn't be decoded.
_UNREADABLE = "\ufffd"


def cleaned(content: bytes, encoding: str) -> tuple[str, list[tuple[int, str]]]:
    """A file's text without the entries that can't stand, and what was wrong: line and advice.

    Lines are counted from 1 and are those of the file; without a fault nothing is left out.
    """
    faults: list[tuple[int, str]] = []
    text = (
        content[:MOST_BYTES].decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
    )
    if len(content) > MOST_BYTES:
        text = text[: text.rfind("\n") + 1]
        line = text.count("\n") + 1
        faults.append((line, f"the file is longer than {MOST_BYTES:,} bytes: make it two"))
    text, conflicts = conflicts_resolved(NO_WIDTH.sub("", text))
    faults += [(line, "two versions stand here (a conflict of git): keep one of them, and delete "
                "the lines of <, = and >") for line in conflicts]  # fmt: skip
    sizes: dict[str, int] = {}
    kept, line, written = [], 1, 0
    beginnings = [match.start() for match in _BEGINNING.finditer(text)]
    edges = sorted({0, *beginnings, len(text)})
    for number, (start, stop) in enumerate(pairwise(edges)):
        piece = text[start:stop]
        size = _written_out(piece, sizes)
        end = end_of_entry(piece)
        fault = _fault(piece, end, is_last=stop == len(text))
        if fault is None and size > MOST_ENTRY:
            fault = 0, f"written out, it has more than {MOST_ENTRY:,} characters: shorten it"
        elif fault is None and (
            written + size > limits.BIBLIOGRAPHY_WRITTEN_OUT or number > limits.BIBLIOGRAPHY_ENTRIES
        ):
            fault = 0, "this and all that follows are too much for one file: make it two"
        if fault is None:
            written += size
            kept.append(piece)
        else:
            at, advice = fault
            faults.append((line + piece.count("\n", 0, at), advice))
            stands = piece[:end] if end is not None and at >= end else ""
            kept.append(stands + "\n" * piece.count("\n", len(stands)))
            end = None
        if (foreign := _outside(piece, end)) is not None:
            at, advice = foreign
            faults.append((line + piece.count("\n", 0, at), advice))
        line += piece.count("\n")
    return "".join(kept), list(_few(faults))


def _written_out(piece: str, sizes: dict[str, int]) -> int:
    """How long *piece* is at most, its abbreviations written out; *sizes* learns those it defines.

    What pybtex skips or stops at is counted, too.
    """
    total, defined = len(piece), ""
    for match in _ABBREVIATION.finditer(piece):
        if match["defined"]:
            defined = match["defined"].lower()
            sizes[defined] = len(piece)
            continue
        size = sizes.get(match["used"].lower(), 0)
        total += size
        if defined:
            sizes[defined] += size
        if total > MOST_ENTRY:
            break
    return total


def end_of_entry(piece: str) -> int | None:
    """Where the braces of a piece's first entry are closed, if they are."""
    depth = 0
    for brace in _BRACES.finditer(piece):
        depth += 1 if brace[0] == "{" else -1
        if depth <= 0:
            return brace.end()
    return None


def _fault(piece: str, end: int | None, is_last: bool) -> tuple[int, str] | None:
    """Where an entry, with what follows it, can't stand, and what to do."""
    if unreadable := re.search(_UNREADABLE, piece):
        return unreadable.start(), "this entry isn't UTF-8 text: save the file as UTF-8"
    if control := CONTROL.search(piece):
        return control.start(), control_character(control[0])
    if (letter := crowded(piece)) is not None:
        return letter, f"a letter has more than {MOST_MARKS} marks: leave them out"
    if not is_last and end is None and _BEGINNING.match(piece) and "{" in piece:
        # pybtex would look for the end in all entries that follow.
        return 0, "this entry never ends: close every brace"
    return _fault_of_key(piece)


def _fault_of_key(piece: str) -> tuple[int, str] | None:
    """What is wrong with the key of an entry: pybtex stops at some, and cuts others."""
    begun = _KEY.match(piece)
    if begun is None or begun["type"].lower() in _NO_ENTRY:
        return None
    key, kind = begun["key"].strip(), begun["type"]
    if begun["sign"] == "=" or not key:
        return 0, f"this entry has no key: write one after the brace, such as @{kind}{{smith2020,"
    if begun["sign"] == "," and re.search(r"\s", key):
        plain = "-".join(key.split()).lower()
        return 0, f"a key has no spaces: write @{kind}{{{brief(plain)},"
    return None


#: What stands outside of entries, and is more than a remark.
_FOREIGN = (
    (
        re.compile(r"\A,*\s*\w+\s*=\s*[{\"\w]"),
        "a brace before this closes the entry too early: take it out",
    ),
    (
        re.compile(r"\A\w+\s*\{\s*[^\s,{}]+\s*,"),
        "there is no @ before the kind of the source: write it",
    ),
    (
        re.compile(r"TY  ?-|%0 |[\[{]|- id:|---|<\?xml"),
        "this isn't BibTeX: have the program that it is from export BibTeX (.bib)",
    ),
    (
        re.compile(r"[^\s,}]"),
        "this line belongs to no entry: begin it with % if it is a remark, or write an entry",
    ),
)  # fmt: skip
_REMARK = re.compile(r"\s*(?:%|#|//|;|@)|\s*\Z")


def _outside(piece: str, end: int | None) -> tuple[int, str] | None:
    """The first line outside of the entry that *piece* begins with, and ends at *end*, if any."""
    begun = _BEGINNING.match(piece)
    if begun and (end is None or "(" in begun[0]):
        return None
    at = end or 0 if begun else 0
    for line in piece[at:].split("\n"):
        if not _REMARK.match(line):
            for pattern, advice in _FOREIGN:
                if pattern.match(line.lstrip()):
                    return at + len(line) - len(line.lstrip()), advice
        at += len(line) + 1
    return None


def _few(faults: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The first of those that say the same of many entries."""
    told: dict[str, int] = {}
    for line, advice in faults:
        told[advice] = told.get(advice, 0) + 1
        if told[advice] <= (1 if "all that follows" in advice else 20):
            yield line, advice
