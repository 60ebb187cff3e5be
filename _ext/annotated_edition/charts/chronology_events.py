"""What a chronology shows, as data: events, rows of them, and the whole.  No Sphinx here."""

from __future__ import annotations

from dataclasses import dataclass

from annotated_edition.charts.chronology_dates import When
from annotated_edition.edition import NotePage


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event of a note, and whether it came later than the line."""

    when: When
    words: str
    page: NotePage
    later: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A note's events, in order."""

    page: NotePage
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the picture shows: rows under their kinds' names, the line and the scale."""

    name: str
    title: str
    description: str
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    line: When | None
    line_label: str
    first: float | None
    last: float | None
    breaks: tuple[int, ...]
    #: The whole that this is a part of, whose scale it has.
    scale_of: Contents | None = None
    legend: bool = True
