"""The copy-text: its paragraphs, as they are compared with the pages (``collation``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CopyText:
    """The copy-text's paragraphs with their first lines, less the skipped lines."""

    paragraphs: tuple[str, ...]
    lines: tuple[int, ...]
    #: Declared lines that the copy-text has not, or has more than once.
    unknown: tuple[str, ...]


def read_copy_text(text: str, skip: Sequence[str] = ()) -> CopyText:
    """Split a copy-text at its blank lines.

    *skip* holds lines that the edition shows elsewhere; each must be a whole
    line, word for word, that occurs once.
    """
    unknown = [line for line in skip if text.splitlines().count(line) != 1]
    skipped = set(skip)
    paragraphs: list[list[str]] = []
    lines: list[int] = []
    fresh = True
    for number, line in enumerate(text.splitlines(), 1):
        if line in skipped or not line.strip():
            fresh = True
            continue
        if fresh:
            paragraphs.append([])
            lines.append(number)
        paragraphs[-1].append(line)
        fresh = False
    return CopyText(
        tuple("\n".join(paragraph) for paragraph in paragraphs), tuple(lines), tuple(unknown)
    )
