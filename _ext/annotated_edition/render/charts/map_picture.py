"""The map's picture: routes, marks and their names on their ground."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from sphinx.locale import get_translation

from annotated_edition.model.edition import NotePage
from annotated_edition.render.charts.chart import Version
from annotated_edition.render.charts.map_labels import Name, Spot, around, dense, nearest, placed
from annotated_edition.render.charts.map_projection import Frame, Margins, Projection
from annotated_edition.render.charts.svg import (
    Box,
    Element,
    Look,
    add,
    drawing,
    link,
    number,
    path,
    width_of,
    written,
)
from annotated_edition.text.bidi import isolated

Point = tuple[float, float]


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["features"]
        for feature in found:
            feature["properties"]["kind"], feature["geometry"]["coordinates"]
    except (LookupError, TypeError) as error:
        raise ValueError("it has no features with a kind and a geometry") from error
    return found


def geodata(file: Path) -> list[dict[str, Any]]:
    """A GeoJSON file's features, read once.  May raise OSError, or ValueError for no such file."""
    return _read(file, file.stat().st_mtime_ns)


class Ground:
    """Draws what the marks stand on."""

    def __init__(self, file: Path, frame: Frame, to: Projection, look: Look, size: float) -> None:
        self.features = geodata(file)
        self.frame = frame
        self.to = to
        self.sheet = to.sheet
        self.look = look
        self.size = size

    def geography(self, ground: Element, border: Sequence[str]) -> None:
        """Land, lakes, rivers, boundaries; that of the pair *border* is drawn stronger."""
        look, size = self.look, self.size
        pair = set(border)
        for feature in self.features:
            kind = feature["properties"]["kind"]
            if kind == "country":
                continue
            lines = [
                path((self.to.place(at[1], at[0]) for at in line), kind in ("land", "lake"), 0.5)
                for line in self._near(feature["geometry"])
            ]
            d = "".join(lines)
            if not d:
                continue
            if kind == "land":
                add(ground, "path", d=d, fill=look.land, fill_rule="evenodd",
                    stroke=look.river, stroke_width=size * 0.05, class_=kind)  # fmt: skip
            elif kind == "lake":
                add(ground, "path", d=d, fill=look.water, fill_rule="evenodd",
                    stroke=look.river, stroke_width=size * 0.05, class_=kind)  # fmt: skip
            elif kind == "river":
                add(ground, "path", d=d, stroke=look.river, stroke_width=size * 0.055, class_=kind)
            else:
                properties = feature["properties"]
                strong = pair and pair <= set(properties["countries"])
                disputed = properties.get("disputed")
                add(
                    ground, "path", d=d,
                    stroke=look.ink if strong else look.soft,
                    stroke_width=size * (0.17 if strong else 0.065),
                    stroke_opacity=None if strong else 0.75,
                    stroke_dasharray=f"{number(size * 0.3)} {number(size * 0.22)}"
                    if disputed else None,
                    class_="border" + " disputed" * bool(disputed) + " strong" * bool(strong),
                )  # fmt: skip

    def _near(self, geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
        """The lines and rings of a shape that come near the frame."""
        frame = self.frame
        # A conic sheet shows more than its frame, at most about as much again.
        wide, high = (frame.east - frame.west) * 0.35, (frame.north - frame.south) * 0.35
        for line in _lines(geometry["coordinates"]):
            if (
                max(at[0] for at in line) > frame.west - wide
                and min(at[0] for at in line) < frame.east + wide
                and max(at[1] for at in line) > frame.south - high
                and min(at[1] for at in line) < frame.north + high
            ):
                yield line

    def graticule(self, svg: Element, ground: Element) -> None:
        """Lines of latitude and longitude, and their degrees along two edges."""
        frame, size, sheet = self.frame, self.size, self.sheet
        wide = frame.east - frame.west
        step = next((step for step in (1, 2, 5, 10, 20, 30) if wide / step <= 8), 45)
        net = add(ground, "g", stroke=self.look.soft, stroke_width=size * 0.045,
                  stroke_opacity=0.35, class_="graticule")  # fmt: skip
        words = add(svg, "g", font_size=size * 0.78, fill=self.look.soft, class_="degrees")
        extra = 30
        for west in _rounds(frame.west - extra, frame.east + extra, step):
            south, north = max(frame.south - 20, -89), min(frame.north + 20, 89)
            points = [self.to.place(at, west) for at in _span(south, north)]
            add(net, "path", d=path(points))
            x = _crossing([(y, x) for x, y in points], sheet.bottom)
            if x is not None and sheet.left + size < x < sheet.right - size:
                add(words, "text", _degrees(west, "E", "W"), x=x, y=sheet.bottom + size * 1.05,
                    text_anchor="middle")  # fmt: skip
        for south in _rounds(max(frame.south - 20, -85), min(frame.north + 20, 85), step):
            points = [self.to.place(south, at) for at in
                      _span(frame.west - extra, frame.east + extra)]  # fmt: skip
            add(net, "path", d=path(points))
            y = _crossing(points, sheet.left)
            if y is not None and sheet.top + size < y < sheet.bottom - size:
                x = sheet.left - size * 0.35
                turn = f"rotate(-90 {number(x)} {number(y)})"
                add(words, "text", _degrees(south, "N", "S"), x=x, y=y, transform=turn,
                    text_anchor="middle")  # fmt: skip

    def scale_bar(self, svg: Element) -> Box:
        """A scale bar in the lower left corner, and the room that it takes."""
        size, sheet = self.size, self.sheet
        scale = self.to.units_a_kilometre
        widest = (sheet.right - sheet.left) * 0.18
        rounds = [n * 10**power for power in range(5) for n in (1, 2, 5)]
        length = max((km for km in rounds if km * scale <= widest), default=1)
        left, y = sheet.left + size * 0.9, sheet.bottom - size * 0.8
        right = left + length * scale
        words = f"{length:,} km".replace(",", "\N{NARROW NO-BREAK SPACE}")
        box = Box(left - size * 0.5, y - size * 1.6, right + size * 0.5, sheet.bottom)
        group = add(svg, "g", class_="scale")
        add(group, "path", d=f"M{number(left)} {number(y - size * 0.35)}v{number(size * 0.35)}"
            f"H{number(right)}v{number(-size * 0.35)}", fill="none", stroke=self.look.ink,
            stroke_width=size * 0.09)  # fmt: skip
        add(group, "text", words, x=(left + right) / 2, y=y - size * 0.35, font_size=size * 0.8,
            text_anchor="middle", fill=self.look.soft, stroke=self.look.land,
            stroke_width=size * 0.2, paint_order="stroke")  # fmt: skip
        return box


def _lines(coordinates: Any) -> Iterator[list[list[float]]]:
    """The lines or rings in nested coordinates."""
    if coordinates and not isinstance(coordinates[0][0], list):
        yield coordinates
    else:
        for part in coordinates:
            yield from _lines(part)


def _rounds(first: float, last: float, step: int) -> range:
    return range(math.ceil(first / step) * step, math.floor(last / step) * step + 1, step)


def _span(first: float, last: float) -> list[float]:
    return [first + (last - first) * part / 48 for part in range(49)]


def _crossing(points: Sequence[Point], edge: float) -> float | None:
    """Where a line of points (across, along) crosses an edge."""
    for (a, b), (c, d) in pairwise(points):
        if (a - edge) * (c - edge) <= 0 and a != c:
            return b + (d - b) * (edge - a) / (c - a)
    return None


def _degrees(value: int, plus: str, minus: str) -> str:
    return f"{abs(value)}° {plus if value > 0 else minus}" if value else "0°"


_ = get_translation("annotated_edition")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place: its short name for the map, where it is, and the notes that name it."""

    name: str
    latitude: float
    longitude: float
    pages: tuple[NotePage, ...]
    #: The id of its row in the table.
    row: str
    #: What the notes call it.
    names: tuple[str, ...] = ()
    #: Only a point of routes.
    on_route: bool = False
    #: Known to lie outside the frame: an arrow shows the way.
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A note's points, joined."""

    page: NotePage
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the map shows."""

    name: str
    title: str
    description: str
    data: Path
    frame: Frame
    marks: tuple[Mark, ...]
    routes: tuple[Route, ...]
    border: tuple[str, ...]
    countries: tuple[str, ...]
    #: A part of the frame that another map shows closer: an outline, and no names in it.
    inset: Projection | None = None
    #: Words over the map.
    heading: str = ""


class Picture:
    """Draws one version of the map."""

    def __init__(
        self, contents: Contents, version: Version, address: Callable[[Mark | Route], str]
    ) -> None:
        self.contents = contents
        self.look = version.look
        self.size = version.size * 0.92
        self.radius = self.size * 0.3
        self.address = address
        self.name = f"{contents.name}-{version.name}"
        self.margin = self.size * 1.7
        above = self.size * (1.9 if contents.heading else 0.3)
        margins = Margins(self.margin, above, self.size * 0.1)
        self.to = Projection(contents.frame, version.width, margins)
        self.sheet = self.to.sheet
        self.width = version.width

    def svg(self) -> str:
        """Return the drawing."""
        contents, sheet = self.contents, self.sheet
        svg = drawing(
            self.name,
            self.width,
            sheet.bottom + self.margin,
            contents.title,
            contents.description,
            self.look,
            self.name.rpartition("-")[2],
        )
        clip = add(add(svg, "defs"), "clipPath", id=f"{self.name}-sheet")
        self._rectangle(clip)
        ground = add(svg, "g", clip_path=f"url(#{self.name}-sheet)", fill="none",
                     stroke_linejoin="round")  # fmt: skip
        self._rectangle(ground, fill=self.look.water)
        under = Ground(contents.data, contents.frame, self.to, self.look, self.size)
        under.geography(ground, contents.border)
        under.graticule(svg, ground)
        self._countries = add(svg, "g", class_="countries")
        routes = add(svg, "g", class_="routes", clip_path=f"url(#{self.name}-sheet)")
        for route in contents.routes:
            self._route(routes, route)
        self._rectangle(svg, fill="none", stroke=self.look.soft, stroke_width=self.size * 0.08)
        if contents.heading:
            add(svg, "text", contents.heading, x=sheet.left, y=self.size * 1.2,
                font_size=self.size, font_style="italic", class_="heading")  # fmt: skip
        self._inset(svg)
        scale = under.scale_bar(svg)
        self._marks(svg, scale, under)
        return written(svg)

    def _rectangle(self, parent: Element, **style: object) -> None:
        sheet = self.sheet
        add(parent, "rect", x=sheet.left, y=sheet.top, width=sheet.right - sheet.left,
            height=sheet.bottom - sheet.top, **style)  # fmt: skip

    # ---- routes and marks ----------------------------------------------------------------

    def _route(self, parent: Element, route: Route) -> None:
        points = [self.to.place(*at) for at in route.points]
        way = link(parent, self.address(route), route.page.note.title, self.look,
                   class_=f"route kind-{route.page.note.kind}")  # fmt: skip
        add(way, "path", d=path(points), fill="none", stroke=self.look.mark,
            stroke_width=self.size * 0.17, stroke_linecap="round", stroke_linejoin="round",
            stroke_dasharray=f"{number(self.size * 0.05)} {number(self.size * 0.33)}")  # fmt: skip

    def _marks(self, svg: Element, scale: Box, under: Ground) -> None:
        size, look = self.size, self.look
        marks = self.contents.marks
        shown = add(svg, "g", class_="marks")
        dots = [Box(*self._spot(mark), *self._spot(mark)).grown(self.radius) for mark in marks]
        named = [mark for mark in marks if not self._closer(mark)]
        routes = [route for route in self.contents.routes if not self._route_is_closer(route)]
        names = [self._name(mark) for mark in named] + [self._route_name(at) for at in routes]
        ways = [
            point
            for route in self.contents.routes
            for point in dense([self.to.place(*at) for at in route.points], size)
        ]
        room = self.sheet.grown(-size * 0.25)
        taken = [scale, *(dot for dot, mark in zip(dots, marks, strict=True) if self._closer(mark))]
        nameless = [self._name(mark) for mark in marks if self._closer(mark)]
        found = placed(names, room, taken, [*ways, *self._outline()], nameless)
        spots = dict(zip([mark.row for mark in named], found, strict=False))
        for mark in marks:
            self._mark(shown, mark, spots.get(mark.row))
        for route, spot in zip(routes, found[len(named) :], strict=True):
            if spot is not None:
                kind = f"route-name kind-{route.page.note.kind}"
                group = link(shown, self.address(route), route.page.note.title, look, class_=kind)
                self._words(group, route.page.note.title, spot.box, look.mark, "name", "italic")
        self._names_of_countries(under, [scale, *dots, *(spot.box for spot in found if spot)])

    def _mark(self, shown: Element, mark: Mark, spot: Spot | None) -> None:
        name = self._name(mark)
        hint = (
            f"{isolated(mark.name)}: {'; '.join(page.note.title.isolated() for page in mark.pages)}"
        )
        kinds = {page.note.kind for page in mark.pages}
        kind = f" kind-{kinds.pop()}" if len(kinds) == 1 else ""
        group = link(shown, self.address(mark), hint, self.look, class_=f"mark{kind}")
        if spot is not None and spot.led:
            x, y = nearest(name.x, name.y, spot.box)
            add(group, "path", d=path([(name.x, name.y), (x, y)]), stroke=self.look.soft,
                stroke_width=self.size * 0.06, class_="leader")  # fmt: skip
        self._sign(group, mark, name)
        if spot is not None:
            self._words(group, mark.name, spot.box, self.look.ink, "name")

    def _name(self, mark: Mark) -> Name:
        x, y = self._spot(mark)
        wide = width_of(mark.name, self.size, self.look) + 1
        return Name(x, y, wide, self.size * 1.08, self.radius * 1.3)

    def _route_name(self, route: Route) -> Name:
        points = list(dense([self.to.place(*at) for at in route.points], self.size))
        x, y = points[len(points) // 2]
        wide = width_of(route.page.note.title, self.size, self.look)
        return Name(x, y, wide, self.size * 1.08, self.size * 0.2, frozenset(points))

    def _route_is_closer(self, route: Route) -> bool:
        inset = self.contents.inset
        return inset is not None and all(
            inset.sheet.has(*inset.place(*point)) for point in route.points
        )

    def _inset(self, svg: Element) -> None:
        """The outline of what another map shows closer."""
        corners = self._outline()
        if corners:
            add(svg, "path", d=path(corners, closed=True), fill="none", stroke=self.look.soft,
                stroke_width=self.size * 0.07, class_="inset")  # fmt: skip

    def _outline(self) -> list[Point]:
        inset = self.contents.inset
        return [self.to.place(*at) for at in inset.outline()] if inset else []

    def _closer(self, mark: Mark) -> bool:
        """Whether another map names the mark."""
        inset = self.contents.inset
        return inset is not None and inset.sheet.has(*inset.place(mark.latitude, mark.longitude))

    def _spot(self, mark: Mark) -> Point:
        """Where a mark stands; one outside stands at the edge."""
        x, y = self.to.place(mark.latitude, mark.longitude)
        inner = self.sheet.grown(-self.radius * 2.4)
        if mark.outside:
            x, y = nearest(x, y, inner)
        return x, y

    def _sign(self, group: Element, mark: Mark, name: Name) -> None:
        radius = self.radius
        style = {
            "stroke": self.look.mark,
            "stroke_width": self.size * 0.1,
            "fill": self.look.paper if mark.on_route else self.look.mark,
        }
        if mark.outside:
            x, y = self.to.place(mark.latitude, mark.longitude)
            angle = math.degrees(math.atan2(y - name.y, x - name.x))
            turn = f"translate({number(name.x)} {number(name.y)}) rotate({number(angle)})"
            arm = number(radius * 1.3)
            d = f"M{number(radius * 1.7)} 0L-{arm} {arm}L-{arm} -{arm}Z"
            add(group, "path", d=d, transform=turn, class_="sign outside", **style)
            return
        add(group, "circle", cx=name.x, cy=name.y, r=radius * (0.75 if mark.on_route else 1),
            **style)  # fmt: skip
        if self.look.links:
            add(group, "circle", cx=name.x, cy=name.y, r=radius * 2.5,
                class_="hit")  # fmt: skip

    def _words(
        self, group: Element, words: str, box: Box, colour: str, name: str, style: str = "normal"
    ) -> None:
        # A rim in the colour of the land keeps the words apart from lines under them.
        add(
            group, "text", words, x=(box.left + box.right) / 2, y=box.bottom - self.size * 0.27,
            text_anchor="middle", font_size=self.size, font_style=style, fill=colour,
            stroke=self.look.land, stroke_width=self.size * 0.22, stroke_linejoin="round",
            paint_order="stroke", class_=name,
        )  # fmt: skip

    def _names_of_countries(self, under: Ground, taken: Sequence[Box]) -> None:
        """The countries' names, where there is room."""
        size = self.size * 0.86
        used = list(taken)
        outline = self._outline()
        for feature in under.features:
            name = feature["properties"].get("name", "")
            if name not in self.contents.countries:
                continue
            longitude, latitude = feature["geometry"]["coordinates"]
            x, y = self.to.place(latitude, longitude)
            words = name.upper()
            wide = width_of(words, size, self.look) + len(words) * size * 0.22
            inner = self.sheet.grown(-size * 0.5)
            boxes = [
                Box(x + dx - wide / 2, y + dy - size, x + dx + wide / 2, y + dy)
                for dx, dy in around(size)
            ]
            free = [
                box
                for box in boxes
                if inner.holds(box) and not any(box.meets(other) for other in used)
            ]
            clear = (box for box in free if not any(box.has(*point) for point in outline))
            best = next(clear, free[0] if free else None)
            if best is not None:
                add(self._countries, "text", words, x=(best.left + best.right) / 2,
                    y=best.bottom - size * 0.2, text_anchor="middle", font_size=size,
                    fill=self.look.soft, letter_spacing=size * 0.22, class_="country")  # fmt: skip
                used.append(best)
