"""What an editor asks of each entry of a bibliography, for editions that switch checks on.

An entry has a date, or says in a field ``reason`` why it has none; it says so of an address
with plain ``http`` as well.  One document has one entry: an address stands once.  The address
of an archived copy (``archiveurl``) is held to the same.
Whether a host answers ``https`` can't be known without asking it, so nothing is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from annotated_edition.model.records import Problem, Subtype

_BEGINNING = re.compile(r"^[ \t]*@[ \t]*(?P<type>\w+)[ \t]*\{[ \t]*(?P<key>[^,\s{}]+)[ \t]*,", re.M)
#: Fields of one line, as BibTeX writes them: name, and what stands in braces, quotes or bare.
_FIELD = re.compile(
    r"\b(?P<name>year|date|archiveurl|url|doi|reason|crossref|xdata|author|title)\s*=\s*"
    r'(?:\{(?P<braced>(?:[^{}\n]++|\{[^{}\n]*+\})*+)\}|"(?P<quoted>[^"\n]*)"'
    r"|(?P<bare>[^,\s{}]+))",
    re.I,
)
_ADDRESSES = ("url", "archiveurl")
#: Not entries, but parts of the file's own.
_NO_ENTRY = {"string", "comment", "preamble", "set", "xdata"}
#: What citation styles print where there is no date.
_NO_DATE = {"", "n.d.", "n. d.", "s.a.", "o. j."}


class _Entry(NamedTuple):
    key: str
    line: int
    fields: dict[str, str]


def incomplete_sources(files: Iterable[Path], root: Path) -> Iterator[Problem]:
    """Entries without date or reason, with plain http, or with another entry's address."""
    seen: dict[str, str] = {}
    for path in files:
        for entry in _entries(path.read_text("utf-8", "replace")):
            # An address says more than the rest.
            twice = [*_twice(entry, seen)] or [*_alike(entry, seen)]
            for message in (*_faults(entry), *twice):
                yield Problem(
                    Subtype.EDITORIAL, path.relative_to(root).as_posix(), entry.line, message
                )


def _entries(text: str) -> Iterator[_Entry]:
    for match, following in pairwise([*_BEGINNING.finditer(text), None]):
        assert match is not None
        if match["type"].lower() in _NO_ENTRY:
            continue
        end = following.start() if following else len(text)
        fields = {
            field["name"].lower(): (field["braced"] or field["quoted"] or field["bare"] or "")
            for field in _FIELD.finditer(text, match.end(), end)
        }
        yield _Entry(match["key"], text.count("\n", 0, match.start("type")) + 1, fields)


def _faults(entry: _Entry) -> Iterator[str]:
    if entry.fields.get("reason", "").strip():
        return
    date = entry.fields.get("date", entry.fields.get("year", "")).strip().lower()
    # A part of a book or of proceedings has its date from the whole.
    if date in _NO_DATE and not ({"crossref", "xdata"} & entry.fields.keys()):
        yield (
            f"{entry.key!r} has no date: give its year, or say in a field reason why not, such as "
            "`reason = {date: none on the page}`"
        )
    if any(entry.fields.get(name, "").lower().startswith("http:") for name in _ADDRESSES):
        yield (
            f"{entry.key!r} has an address with http: write https if the host answers it, or say "
            "in a field reason why not, such as `reason = {http: the host has no https}`"
        )


def _twice(entry: _Entry, seen: dict[str, str]) -> Iterator[str]:
    """*seen* has each address, without its scheme, and whose it is; it learns this entry's."""
    for name in (*_ADDRESSES, "doi"):
        address = re.sub(r"^https?://(?:www\.)?", "", entry.fields.get(name, "").strip().lower())
        address = address.rstrip("/")
        if not address:
            continue
        if seen.setdefault(address, entry.key) != entry.key:
            yield (
                f"{entry.key!r} has the address of {seen[address]!r}: one document is one entry, "
                "so cite that one, or give the address of the other"
            )


def _alike(entry: _Entry, seen: dict[str, str]) -> Iterator[str]:
    """An entry with the author, the title and the date of another; *seen* learns them, too."""
    fields = entry.fields
    date = fields.get("date", fields.get("year", ""))
    said = [fields.get("author", ""), fields.get("title", ""), date]
    # Beginnings of books and articles may be alike, whole descriptions aren't.
    if not all(said) or "url" in fields or "doi" in fields:
        return
    words = " ".join(re.sub(r"\W+", " ", "|".join(said)).lower().split())
    if seen.setdefault(words, entry.key) != entry.key:
        yield (
            f"{entry.key!r} has the author, title and date of {seen[words]!r}: one document is one "
            "entry, so cite that one, or say in the title what is other"
        )
