"""The chronology's picture: a row for each note, a mark for each of its dates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from babel import Locale
from sphinx.locale import get_translation

from annotated_edition.model.edition import NotePage
from annotated_edition.render.charts.chart import Version
from annotated_edition.render.charts.dates import year_in_words
from annotated_edition.render.charts.svg import (
    Element,
    add,
    drawing,
    link,
    number,
    width_of,
    wrapped,
    written,
)
from annotated_edition.text.edtf import When
from annotated_edition.text.words import Words


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event of a note, its date in words, and whether it came later than the line."""

    when: When
    date: str
    words: Words
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
    line_date: str
    line_label: str
    first: float | None
    last: float | None
    breaks: tuple[int, ...]
    #: Whose words for years the scale has.
    locale: Locale
    #: The whole that this is a part of, whose scale it has.
    scale_of: Contents | None = None
    legend: bool = True


_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000, 50000)
#: What part of the width the pieces share alike; the rest goes by the number of events.
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of years drawn to one measure."""

    first: float
    last: float
    left: float
    right: float

    def x(self, year: float) -> float:
        """Where a moment stands."""
        part = (year - self.first) / (self.last - self.first)
        return self.left + part * (self.right - self.left)

    @property
    def measure(self) -> float:
        """Units of the drawing a year."""
        return (self.right - self.left) / (self.last - self.first)


@dataclass(frozen=True, slots=True)
class Tick:
    """A year marked on the scale."""

    x: float
    year: int


class Scale:
    """Years to places, piece by piece, with gaps between the pieces."""

    def __init__(
        self,
        years: Sequence[float],
        first: float,
        last: float,
        breaks: Iterable[int],
        left: float,
        right: float,
        gap: float,
        wide: Callable[[int], float] = lambda year: 0,
    ) -> None:
        edges = [first, *sorted({year for year in breaks if first < year < last}), last]
        spans = list(pairwise(edges))
        counts = [sum(start <= year < end for year in years) for start, end in spans]
        room = right - left - gap * (len(spans) - 1)
        shares = [_ALIKE / len(spans) + (1 - _ALIKE) * n / max(sum(counts), 1) for n in counts]
        # The labels of two beginnings stand beside each other; the first has its middle further in.
        halves = [wide(round(start)) / 2 for start, _ in spans]
        least = [one + other - gap for one, other in pairwise(halves)] + [0.0]
        least[0] += halves[0]
        self.pieces: list[Piece] = []
        for (start, end), width in zip(spans, _at_least(shares, least, room), strict=True):
            self.pieces.append(Piece(start, end, left, left + width))
            left += width + gap

    def x(self, year: float) -> float:
        """Where a moment stands; what is beyond the scale stands at its end."""
        for piece in self.pieces:
            if year < piece.last:
                return piece.x(max(year, piece.first))
        return self.pieces[-1].right

    def ticks(self, room: float) -> list[Tick]:
        """Round years, a *room* apart or more."""
        found: list[Tick] = []
        for piece in self.pieces:
            if not found or piece.left - found[-1].x >= room * 0.8:
                found.append(Tick(piece.left, round(piece.first)))
            step = next((step for step in _STEPS if step * piece.measure >= room), _STEPS[-1])
            for count in range(math.ceil(piece.first / step), math.floor(piece.last / step) + 1):
                year = _round_year(count * step)
                x = piece.x(year)
                far = not found or x - found[-1].x >= room
                # The next piece begins with a label of its own.
                inside = x <= piece.right - room * 0.8 or piece is self.pieces[-1]
                if far and inside and year <= piece.last:
                    found.append(Tick(x, year))
        return found


def _at_least(shares: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """Divide *room* by shares; what is less than it may be takes from what isn't."""
    short = [share * room < width for share, width in zip(shares, least, strict=True)]
    taken = sum(width for width, is_short in zip(least, short, strict=True) if is_short)
    rest = sum(share for share, is_short in zip(shares, short, strict=True) if not is_short)
    if not any(short) or taken > room / 2:
        return [share * room for share in shares]
    return [
        width if is_short else share / rest * (room - taken)
        for share, width, is_short in zip(shares, least, short, strict=True)
    ]


def _round_year(year: int) -> int:
    """A round year as people count: there is no year 0, so that 200 BC is the year -199."""
    return year + (year < 0)


def round_end(year: float) -> float:
    """The end of the year that a moment falls in."""
    return float(math.ceil(year))


def round_start(year: float, breaks: Sequence[int]) -> float:
    """A round year before a moment: of a century if what follows is long."""
    until = min((edge for edge in breaks if edge > year), default=year + 40)
    step = 100 if until - year > 400 else 10 if until - year > 60 else 1
    return float(_round_year(math.floor(year / step) * step))


_ = get_translation("annotated_edition")


class Picture:
    """Draws one version of the chronology."""

    def __init__(
        self, contents: Contents, version: Version, address: Callable[[NotePage], str]
    ) -> None:
        self.contents = contents
        self.look = look = version.look
        self.address = address
        self.size = size = version.size
        self.width = version.width
        self.above = version.names_above
        self.radius = size * 0.29
        self.leading = size * 1.18
        self.label_width = version.width * (1 if self.above else 0.37 if version.tallest else 0.3)
        left = self.radius * 1.5 if self.above else self.label_width + size
        self.edge = version.width - self.radius
        self.later_width = width_of(str(_("later")), size * 0.85, look) + size * 0.5
        self.scale = self._scale(left)
        self.name = f"{contents.name}-{version.name}"

    def _scale(self, left: float) -> Scale:
        contents = self.contents.scale_of or self.contents
        whens = [
            event.when for _kind, rows in contents.groups for row in rows for event in row.events
        ]
        breaks = contents.breaks
        first = contents.first
        if first is None:
            first = round_start(min(when.start for when in whens), breaks)
        last = contents.last or round_end(max(when.end for when in whens))
        if contents.line is not None:
            last = max(last, contents.line.end)
        last = max(last, first + 1)
        years = [when.middle for when in whens]
        right, gap = self.edge, self.size * 0.9
        scale = Scale(years, first, last, breaks, left, right, gap, self._room_of_year)
        # The word "later" needs room: leave some behind the last year.
        if contents.line is not None:
            short = self.later_width - (self.edge - scale.x(contents.line.end))
            if short > 0:
                right -= short
                scale = Scale(years, first, last, breaks, left, right, gap, self._room_of_year)
        return scale

    def svg(self) -> str:
        """Return the drawing."""
        rows = [row for _kind, rows in self.contents.groups for row in rows]
        lines = {id(row): self.label(row) for row in rows}
        top = self.size * 3.6
        bottom = top + sum(self.height(lines[id(row)]) for row in rows)
        bottom += len(self.contents.groups) * self.size * 1.9
        svg = drawing(
            self.name,
            self.width,
            bottom + self.size * self._foot(),
            self.contents.title,
            self.contents.description,
            self.look,
            self.name.rpartition("-")[2],
        )
        self._ground(svg, top, bottom)
        y = top
        for kind, members in self.contents.groups:
            y += self.size * 1.9
            add(
                svg, "text", kind, x=0, y=y - self.size * 0.45, font_size=self.size * 0.88,
                fill=self.look.soft, font_style="italic",
            )  # fmt: skip
            for row in members:
                self._row(svg, row, lines[id(row)], y)
                y += self.height(lines[id(row)])
        if self.contents.legend:
            self._legend(svg, bottom + self.size * 3.4)
        return written(svg)

    def _foot(self) -> float:
        """The height of what stands under the scale, in letters' sizes."""
        if not self.contents.legend:
            return 1.6
        return 5.2 if self.above else 3.9

    # ---- the ground ----------------------------------------------------------------------

    def _ground(self, svg: Element, top: float, bottom: float) -> None:
        look, size = self.look, self.size
        left, right = self.scale.pieces[0].left, self.edge
        line = self.contents.line
        if line is not None:
            x = self.scale.x(line.end)
            add(svg, "rect", x=x, y=top, width=max(right - x, 0), height=bottom - top,
                fill=look.shade)  # fmt: skip
        ticks = self.scale.ticks(width_of("0000", size * 0.85, look) + size)
        ruled = add(svg, "g", stroke=look.line, stroke_width=size * 0.05)
        for tick in ticks:
            add(ruled, "path", d=f"M{number(tick.x)} {number(top)}V{number(bottom)}")
        for y, up in ((top, True), (bottom, False)):
            axis = add(svg, "g", stroke=look.soft, stroke_width=size * 0.08, fill="none")
            for piece in self.scale.pieces:
                end = right if piece is self.scale.pieces[-1] else piece.right
                add(axis, "path", d=f"M{number(piece.left)} {number(y)}H{number(end)}")
                if piece.left > left:  # two strokes where the scale changes
                    for x in (piece.left, piece.left - size * 0.9):
                        slant = f"l{number(size * 0.36)} {number(-size * 0.8)}"
                        start = f"M{number(x - size * 0.18)} {number(y + size * 0.4)}"
                        add(axis, "path", d=f"{start}{slant}", class_="break")
            words = add(svg, "g", fill=look.soft, font_size=size * 0.85, text_anchor="middle")
            for tick in ticks:
                half = width_of(self._year(tick.year), size * 0.85, look) / 2
                x = min(max(tick.x, half), self.width - half)
                add(words, "text", self._year(tick.year), x=x, y=y + size * (-0.6 if up else 1.2))
        if line is not None:
            self._line(svg, line, top, bottom)

    def _room_of_year(self, year: int) -> float:
        """How wide a year on the scale is, and the space after it."""
        return width_of(self._year(year), self.size * 0.85, self.look) + self.size * 0.5

    def _year(self, year: int) -> str:
        if year == 0:
            return str(_("AD 1"))  # the year 0 is 1 BC, and nearly over
        return year_in_words(year, self.contents.locale)

    def _line(self, svg: Element, line: When, top: float, bottom: float) -> None:
        look, size = self.look, self.size
        x = self.scale.x(line.end)
        add(svg, "path", d=f"M{number(x)} {number(top - size * 1.9)}V{number(bottom)}",
            stroke=look.strong, stroke_width=size * 0.1, class_="line")  # fmt: skip
        said = (self.contents.line_date, self.contents.line_label)
        words = ": ".join(part for part in said if part)
        room = x - size * 0.5
        [words] = wrapped(words, room, size * 0.85, look, most=1)
        style = {"y": top - size * 2.2, "font_size": size * 0.85, "fill": look.strong}
        add(svg, "text", words, x=x - size * 0.25, text_anchor="end", class_="line-label", **style)
        add(svg, "text", _("later"), x=x + size * 0.35, font_style="italic", class_="later-label",
            **style)  # fmt: skip

    # ---- rows ----------------------------------------------------------------------------

    def label(self, row: Row) -> list[str]:
        """A row's name, in lines."""
        return wrapped(row.page.note.title, self.label_width, self.size, self.look)

    def height(self, lines: Sequence[str]) -> float:
        """A row's height."""
        words = len(lines) * self.leading
        return words + self.size * (1.45 if self.above else 0.5)

    def _row(self, svg: Element, row: Row, lines: Sequence[str], top: float) -> None:
        look, size = self.look, self.size
        words = len(lines) * self.leading
        middle = top + (words + size * 0.75 if self.above else (words + size * 0.3) / 2)
        group = add(svg, "g", class_=f"kind-{row.page.note.kind}")
        marks = add(svg, "g", class_=f"kind-{row.page.note.kind}", fill=look.mark,
                    stroke=look.mark, stroke_width=size * 0.1)  # fmt: skip
        first, last = (self.scale.x(row.events[at].when.middle) for at in (0, -1))
        start = self.scale.pieces[0].left
        add(group, "path", d=f"M{number(start)} {number(middle)}H{number(self.edge)}",
            stroke=look.line, stroke_width=size * 0.04)  # fmt: skip
        if last > first:
            add(group, "path", d=f"M{number(first)} {number(middle)}H{number(last)}",
                stroke=look.mark, stroke_width=size * 0.09, opacity=0.55)  # fmt: skip
        title = link(group, self.address(row.page), row.page.note.title, look, class_="row")
        text = add(title, "text", font_size=size, class_="row-label")
        for at, line in enumerate(lines):
            y = top + size * (0.95 if self.above else 0.98) + at * self.leading
            add(text, "tspan", line, x=0, y=y)
        for cluster in self._clusters(row.events):
            self._mark(marks, cluster, middle)

    def _clusters(self, events: Sequence[Event]) -> list[list[Event]]:
        """Events too close to be told apart, all of one note, share a link."""
        clusters: list[list[Event]] = []
        for event in events:
            x = self.scale.x(event.when.middle)
            if (
                clusters
                and event.later == clusters[-1][-1].later
                and x - self.scale.x(clusters[-1][-1].when.middle) < self.radius
            ):
                clusters[-1].append(event)
            else:
                clusters.append([event])
        return clusters

    def _mark(self, group: Element, events: Sequence[Event], y: float) -> None:
        look, radius = self.look, self.radius
        hint = "\n".join(f"{event.date}: {event.words.isolated()}" for event in events)
        later = events[0].later
        mark = link(group, self.address(events[0].page), hint, look,
                    class_="mark later" if later else "mark")  # fmt: skip
        style: dict[str, object] = {"fill": look.paper} if later else {}
        for event in events:
            self._sign(mark, event.when, y, style)
        if look.links:  # something to hit
            middle = self.scale.x(events[0].when.middle)
            add(mark, "rect", x=middle - radius * 2, y=y - radius * 2.2, width=radius * 4,
                height=radius * 4.4, class_="hit")  # fmt: skip

    def _sign(self, mark: Element, when: When, y: float, style: dict[str, object]) -> None:
        radius = self.radius
        left, right = self.scale.x(when.start), self.scale.x(when.end)
        if when.lasting and right - left > radius * 2:
            add(mark, "rect", x=left, y=y - radius * 0.7, width=right - left,
                height=radius * 1.4, rx=radius * 0.7, **style)  # fmt: skip
        elif when.unsure:
            self._diamond(mark, self.scale.x(when.middle), y, style)
        else:
            add(mark, "circle", cx=self.scale.x(when.middle), cy=y, r=radius, **style)

    def _diamond(self, mark: Element, x: float, y: float, style: dict[str, object]) -> None:
        half = self.radius * 1.3
        corners = f"l{number(half)} {number(half)}l{number(-half)} {number(half)}"
        corners += f"l{number(-half)} {number(-half)}Z"
        add(mark, "path", d=f"M{number(x)} {number(y - half)}{corners}", class_="sign", **style)

    def _legend(self, svg: Element, y: float) -> None:
        look, size, radius = self.look, self.size, self.radius
        colour = look.soft
        group = add(svg, "g", font_size=size * 0.85, fill=colour, class_="legend")
        x = radius * 1.5
        whole = self.contents.scale_of or self.contents
        events = [event for _kind, rows in whole.groups for row in rows for event in row.events]
        solid: dict[str, object] = {"fill": colour, "stroke": colour, "stroke_width": size * 0.1}
        signs = [(_("event"), "circle", solid)]
        if any(event.when.unsure for event in events):
            signs.append((_("about, or disputed"), "diamond", solid))
        if any(event.when.lasting for event in events):
            signs.append((_("period"), "bar", solid))
        if any(event.later for event in events):
            signs.append((_("later"), "circle", solid | {"fill": look.paper}))
        for words, sign, style in signs:
            middle = y - size * 0.28
            if sign == "diamond":
                self._diamond(group, x, middle, style)
            elif sign == "bar":
                add(group, "rect", x=x - radius, y=middle - radius * 0.7, width=radius * 4,
                    height=radius * 1.4, rx=radius * 0.7, **style)  # fmt: skip
                x += radius * 2
            else:
                add(group, "circle", cx=x, cy=middle, r=radius, **style)
            x += radius * 2.2
            add(group, "text", words, x=x, y=y)
            x += width_of(str(words), size * 0.85, look) + size * 1.6
        breaks = [piece.first for piece in self.scale.pieces[1:]]
        if breaks:
            *many, last = [year_in_words(int(year), self.contents.locale) for year in breaks]
            years = f"{', '.join(many)} {_('and')} {last}" if many else last
            words = f"// {_('the scale changes in')} {years}"
            if x + width_of(words, size * 0.85, look) > self.width:
                x, y = 0, y + size * 1.3
            add(group, "text", words, x=x, y=y)
