"""Mistakes in the bibliography's files, each with its file and line.

sphinxcontrib-bibtex stops the build at a missing brace, and names no line for an
entry that lacks a field.  Here a broken entry costs a warning and itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pybtex import errors
from pybtex.richtext import Tag
from pybtex.scanner import PrematureEOF, PybtexSyntaxError
from pybtex.style import FormattedEntry
from pybtex.style.template import FieldIsMissing
from sphinxcontrib.bibtex.domain import BibtexDomain

from annotated_edition import internals
from annotated_edition.model.records import Problem, Subtype
from annotated_edition.text.control import brief

_ENTRY = re.compile(r"\s*@\w+\s*[{(]\s*([^,\s]+)\s*,")


class FaultyEntry(FormattedEntry):  # type: ignore[misc]
    """What stands in the bibliography for an entry that can't be formatted."""

    def __init__(self, key: str, label: str, fault: str) -> None:
        super().__init__(key, Tag("b", fault), label)
        self.fault = fault


def formatted(style: Any, label: str, entry: Any, bib_data: Any, format_entry: Any) -> Any:
    """What *format_entry* makes of an entry, or a :class:`FaultyEntry` that says what to do."""
    kind = str(entry.type)
    if not any(hasattr(style, name) for name in (f"get_{kind}_template", f"format_{kind}")):
        fault = f"there is no kind of source `@{kind}`: write `@misc`"
        return FaultyEntry(entry.key, label, fault)
    try:
        return format_entry(label, entry, bib_data)
    except FieldIsMissing as missing:
        field = missing.field_name
        fault = f"the entry has no {field}: add a line `{field} = {{…}},`"
    except PybtexSyntaxError as error:
        fault = f"a field can't be read ({error}): close every brace, and write \\& for &"
    return FaultyEntry(entry.key, label, fault)


def entry_lines(files: Iterable[Path]) -> dict[str, list[tuple[Path, int]]]:
    """For each key, the files and lines (from 1) where an entry of that key begins."""
    lines: dict[str, list[tuple[Path, int]]] = defaultdict(list)
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if entry := _ENTRY.match(line):
                lines[entry.group(1)].append((path, number))
    return lines


def faulty_entries(citations: Iterable[Any], files: Iterable[Path], root: Path) -> list[Problem]:
    """Entries that couldn't be formatted (*citations* are sphinxcontrib-bibtex's)."""
    faulty = {
        citation.entry.key: citation.formatted_entry.fault
        for citation in citations
        if isinstance(citation.formatted_entry, FaultyEntry)
    }
    lines = entry_lines(files) if faulty else {}
    return [
        Problem(Subtype.SOURCE, _name(path, root), line, f"{key!r}: {fault}")
        for key, fault in faulty.items()
        for path, line in lines.get(key, ())[:1]
    ]


class Capture:
    """Keeps pybtex's errors while sphinxcontrib-bibtex reads the files, if they have changed."""

    def __init__(self, bibtex: BibtexDomain) -> None:
        self._bibtex, self._before = bibtex, bibtex.bibdata
        self._stack = ExitStack()
        self._errors: list[Any] = self._stack.enter_context(errors.capture())

    def end(self, root: Path) -> list[Problem] | None:
        """Stop; what was wrong, each with its file and line, or None if nothing was read."""
        self._stack.close()
        if self._bibtex.bibdata is self._before:
            return None
        return list(dict.fromkeys(_problems(self._errors, self._bibtex.bibdata.bibfiles, root)))


def _problems(found: Iterable[Any], files: Iterable[Path], root: Path) -> Iterator[Problem]:
    lines = entry_lines(files)
    for error in found:
        if isinstance(error, PybtexSyntaxError):
            path, line = Path(error.filename or root), int(error.lineno or 1)
            if isinstance(error, PrematureEOF):
                line = internals.line_of_entry(error)
            what = re.sub(r" in line \d+", "", str(error)).removeprefix("syntax error: ")
            advice = (
                f"this entry can't be read ({brief(what)}): every field is "
                "`name = {…}`, with a comma after it, and every brace is closed"
            )
            yield Problem(Subtype.SOURCE, _name(path, root), line, advice)
            continue
        message = brief(str(error))
        key = message.rpartition(": ")[2]
        places = lines.get(key, [])
        if len(places) > 1:
            (first_path, first), (path, line) = places[0], places[-1]
            message = (
                f"{key!r} is the key of another entry, too ({_name(first_path, root)}, line "
                f"{first}): give this one another key, or delete it"
            )
            yield Problem(Subtype.SOURCE, _name(path, root), line, message)
        else:
            duplicate = re.match(r"entry with key (\S+) has a duplicate (\S+) field", message)
            path, line = next(
                iter(lines.get(duplicate.group(1), []) if duplicate else []),
                (next(iter(files), root), 1),
            )
            message = f"{message}: write each field once" if duplicate else message
            yield Problem(Subtype.SOURCE, _name(path, root), line, message)


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
