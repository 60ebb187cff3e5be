"""What lies under a map's marks: land and water, boundaries, degrees, a scale bar."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from annotated_edition.charts.map_projection import Frame, Projection
from annotated_edition.charts.svg import Box, Element, Look, add, number, path

Point = tuple[float, float]


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["features"]
    return found


def geodata(file: Path) -> list[dict[str, Any]]:
    """A GeoJSON file's features, read once."""
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
        step = next(s for s in (1, 2, 5, 10, 20, 30) if (frame.east - frame.west) / s <= 8)
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
