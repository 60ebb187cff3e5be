"""The directive ``{edition:chronology}``: what the notes date, as a picture and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.locale import get_translation
from sphinx.util.typing import OptionSpec

from annotated_edition.domain import EditionDomain
from annotated_edition.domain.text_nodes import text
from annotated_edition.render.charts.chart import (
    NARROW,
    WIDE,
    Chart,
    ChartDirective,
    ChartNode,
    Drawing,
    Version,
    parsed,
)
from annotated_edition.render.charts.chronology_picture import Contents, Event, Picture, Row
from annotated_edition.render.charts.dates import words_of
from annotated_edition.text.edtf import ADVICE, DateError, When, read
from annotated_edition.text.words import Words
from annotated_edition.weave.locales import counted, locale_of

_ = get_translation("annotated_edition")


#: How much of a part may stay empty so that the next kind begins with the next part.
_SPARE = 0.4


class ChronologyNode(ChartNode):
    """Stands for a chronology."""


def _date(argument: str) -> str:
    date = str(directives.unchanged_required(argument))
    try:
        read(date)
    except DateError as error:
        raise ValueError(f"{error}: {ADVICE}") from None
    return date


def _breaks(argument: str) -> list[int]:
    return parsed(argument, int)


class ChronologyDirective(ChartDirective):
    """Show the notes' `dates` in a picture, and under it in a table."""

    node = ChronologyNode
    option_spec: ClassVar[OptionSpec] = {
        "title": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "line": _date,
        "line-label": directives.unchanged_required,
        "from": _date,
        "to": _date,
        "breaks": _breaks,
    }
    option_meanings: ClassVar[dict[str, str]] = {
        **ChartDirective.option_meanings,
        "line": (
            "A date in [EDTF](https://www.loc.gov/standards/datetime/): a line is drawn there, and "
            "what is later looks different."
        ),
        "line-label": "What happened at that line.",
        "from": "A date: what ended before it is left out.",
        "to": "A date: what began after it is left out.",
        "breaks": (
            "Years, with spaces or commas between them, at which the scale changes: each stretch "
            "between two of them has a scale of its own."
        ),
    }


class Chronology(Chart):
    """Weaves a chronology."""

    node = ChronologyNode
    versions = (WIDE, NARROW)

    def __init__(self, domain: EditionDomain, node: ChartNode, docname: str) -> None:
        super().__init__(domain, node, docname)
        self.locale = locale_of(self.config.language)
        self.line = self._moment("line")
        self.line_label: str = node.get("line-label", "")
        self.line_date = words_of(self.line.said, self.locale) if self.line else ""
        self.first, self.last = self._moment("from"), self._moment("to")
        self.events = self._events()

    def _moment(self, option: str) -> When | None:
        return read(self.options[option]) if option in self.options else None

    def _events(self) -> list[Event]:
        first, last = self.first, self.last
        events = []
        for page in self.lookups.notes():
            for date, words in page.note.dates:
                when = read(date)
                if (first and when.end <= first.start) or (last and when.start >= last.end):
                    continue
                later = self.line is not None and when.start >= self.line.end
                in_words = words_of(when.said, self.locale)
                events.append(Event(when, in_words, words, page, later))
        # In order of time, and of the text where that doesn't tell.
        events.sort(key=lambda event: (event.when.start, event.when.end))
        return events

    def is_empty(self) -> bool:
        """Whether no note has a date."""
        return not self.events

    def _description(self) -> str:
        """How much there is to see, and from when to when."""
        notes = len({event.page.note.id for event in self.events})
        dates = len(self.events)
        first, last = self.events[0], self.events[-1]
        parts = [
            _("%(dates)s of %(notes)s, from %(first)s to %(last)s, a row for each note.")
            % {
                "dates": counted("%(n)d date", "%(n)d dates", dates) % {"n": dates},
                "notes": counted("%(n)d note", "%(n)d notes", notes) % {"n": notes},
                "first": first.date,
                "last": last.date,
            }
        ]
        if self.line is not None:
            later = sum(event.later for event in self.events)
            name = f"{self.line_date} ({self.line_label})" if self.line_label else self.line_date
            parts.append(
                _("A line marks %(day)s; later than it: %(number)d.")
                % {"day": name, "number": later}
            )
        parts.append(_("The table below lists all of them."))
        return " ".join(str(part) for part in parts)

    def drawings(self, version: Version) -> list[Drawing]:
        """The picture: the notes by kind, in each kind the earliest first.

        On pages it is parted where one would be too short for it.
        """
        rows: dict[str, dict[str, list[Event]]] = {}
        for event in self.events:
            note = event.page.note
            rows.setdefault(note.kind, {}).setdefault(note.id, []).append(event)
        kinds = dict.fromkeys([*self.config.edition_kinds, *rows])
        contents = Contents(
            name=self.name,
            title=str(self.options.get("title") or _("Chronology")),
            description=self._description(),
            groups=tuple(
                (
                    str(self.config.edition_kinds.get(kind, kind.capitalize())),
                    tuple(Row(events[0].page, tuple(events)) for events in rows[kind].values()),
                )
                for kind in kinds
                if kind in rows
            ),
            line=self.line,
            line_date=self.line_date,
            locale=self.locale,
            line_label=self.line_label,
            first=self.first.start if self.first else None,
            last=self.last.end if self.last else None,
            breaks=tuple(self.options.get("breaks", ())),
        )
        found = []
        parts = parted(contents, version) if version.tallest else [contents]
        for part in parts:
            svg = Picture(part, version, self.address).svg()
            found.append(Drawing(svg, part.title, part.description))
        return found

    def table(self) -> nodes.table:
        """Date, event, passages, note; a row of its own for the line."""
        rows: list[list[nodes.Element]] = []
        line = self.line
        for event in self.events:
            if line is not None and event.later:
                rows.append(self._line_row())
                line = None
            cells: list[Sequence[nodes.Node]] = [
                [text(Words(event.date))],
                [text(event.words)],
                self.passage_links(event.page),
                [self.note_link(event.page)],
            ]
            rows.append(
                [
                    nodes.paragraph("", "", *cell, classes=["later"] if event.later else [])
                    for cell in cells
                ]
            )
        if line is not None:
            rows.append(self._line_row())
        heads = [_("Date"), _("Event"), "¶", _("Note")]
        return self.grid([str(head) for head in heads], rows, (25, 38, 8, 29))

    def _line_row(self) -> list[nodes.Element]:
        date = nodes.paragraph(
            "", "", nodes.strong("", "", text(Words(self.line_date))), classes=["line"]
        )
        words = nodes.paragraph("", "")
        if self.line_label:
            words += [nodes.strong("", "", text(Words(self.line_label))), nodes.Text(". ")]
        words += nodes.emphasis("", "", text(Words(str(_("What follows is later.")))))
        return [date, words, nodes.paragraph(), nodes.paragraph()]


def parted(contents: Contents, version: Version) -> list[Contents]:
    """Part a long picture into several that fit a page, each with the whole scale.

    The first one's description is that of the whole.
    """
    tallest = version.width * (version.tallest or 1) - version.size * 6
    parts = _parts(contents, version, tallest)
    # As many parts, but none with a row or two that didn't fit the one before.
    while len(evened := _parts(contents, version, tallest * 0.95)) == len(parts) > 1:
        parts, tallest = evened, tallest * 0.95
    if len(parts) == 1:
        return [contents]
    every = contents.scale_of or contents
    found = []
    for count, groups in enumerate(parts, 1):
        kinds = ", ".join(kind for kind, _rows in groups)
        found.append(
            replace(
                contents,
                name=f"{contents.name}-{count}",
                title=f"{contents.title} ({count}/{len(parts)}: {kinds})",
                description=contents.description if count == 1 else str(_("Continued.")),
                groups=tuple((kind, tuple(rows)) for kind, rows in groups),
                scale_of=every,
                legend=count == len(parts),
            )
        )
    return found


def _parts(
    contents: Contents, version: Version, tallest: float
) -> list[list[tuple[str, list[Row]]]]:
    """The rows of each part, by kind, where a part may be so tall."""
    measure = Picture(contents, version, lambda page: "")
    parts: list[list[tuple[str, list[Row]]]] = [[]]
    used = 0.0
    for kind, rows in contents.groups:
        heights = [measure.height(measure.label(row)) for row in rows]
        whole = sum(heights) + version.size * 1.9
        if used > tallest * (1 - _SPARE) and used + whole > tallest:
            parts.append([])
            used = 0.0
        for row, height in zip(rows, heights, strict=True):
            begins = not parts[-1] or parts[-1][-1][0] != kind
            if parts[-1] and used + height + begins * version.size * 3 > tallest:
                parts.append([])
                used, begins = 0.0, True
            if begins:
                parts[-1].append((kind, []))
                used += version.size * 1.9
            parts[-1][-1][1].append(row)
            used += height
    return parts
