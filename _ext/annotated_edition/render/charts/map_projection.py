"""From latitude and longitude to the sheet: Albers's equal-area conic projection.  No Sphinx here.

The formulas for the sphere are from John P. Snyder, *Map Projections: A Working Manual*, U.S.
Geological Survey Professional Paper 1395 (1987), pages 98 to 103, equations 14-1 to 14-6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from annotated_edition.render.charts.svg import Box

#: Kilometres from the middle of the earth to its surface, on the mean.
EARTH = 6371.0

#: The least degrees between two bounds, and how many times as long as the other one side may be:
#: beyond, a sheet has no height or no end.
LEAST_SIDE = 0.01
MOST_TIMES = 100


@dataclass(frozen=True, slots=True)
class Frame:
    """The bounds of a map in degrees; ValueError if no sheet can show them."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west < self.east <= 180 and -90 < self.south < self.north < 90):
            raise ValueError("the frame's bounds are west, south, east and north, in degrees")
        sides = self.east - self.west, self.north - self.south
        if min(sides) < LEAST_SIDE or max(sides) > min(sides) * MOST_TIMES:
            raise ValueError(
                f"the frame's bounds are at least {LEAST_SIDE} degrees apart, and no side is more "
                f"than {MOST_TIMES} times as long as the other"
            )


@dataclass(frozen=True, slots=True)
class Margins:
    """What a sheet leaves free round itself."""

    left: float = 0
    top: float = 0
    right: float = 0


class Projection:
    """A frame's projection onto a sheet of a given width."""

    def __init__(self, frame: Frame, width: float, margins: Margins) -> None:
        self.frame = frame
        span = (frame.north - frame.south) / 6  # the standard parallels, by the rule of the sixth
        first, second = math.radians(frame.south + span), math.radians(frame.north - span)
        n = (math.sin(first) + math.sin(second)) / 2
        self._n = n if abs(n) > 1e-6 else 1e-6
        self._c = math.cos(first) ** 2 + 2 * self._n * math.sin(first)
        self._middle = math.radians((frame.west + frame.east) / 2)
        self._scale, self._left, self._top = 1.0, 0.0, 0.0
        edge = [self.place(latitude, longitude) for latitude, longitude in _edge(frame)]
        left, right = min(x for x, _y in edge), max(x for x, _y in edge)
        highest, bottom = min(y for _x, y in edge), max(y for _x, y in edge)
        self._scale = (width - margins.left - margins.right) / (right - left)
        self._left = margins.left - left * self._scale
        self._top = margins.top - highest * self._scale
        #: The sheet inside its margin.
        self.sheet = Box(
            margins.left,
            margins.top,
            width - margins.right,
            margins.top + (bottom - highest) * self._scale,
        )

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a place lies on the sheet."""
        root = max(self._c - 2 * self._n * math.sin(math.radians(latitude)), 0)
        rho = math.sqrt(root) / self._n
        theta = self._n * (math.radians(longitude) - self._middle)
        x, y = rho * math.sin(theta), rho * math.cos(theta)
        return self._left + x * self._scale, self._top + y * self._scale

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """What latitude and longitude lie at a point of the sheet."""
        across, down = (x - self._left) / self._scale, (y - self._top) / self._scale
        rho = math.hypot(across, down)
        sine = (self._c - (rho * self._n) ** 2) / (2 * self._n)
        side = math.copysign(1, self._n)  # south of the equator the cone opens downwards
        longitude = self._middle + math.atan2(side * across, side * down) / self._n
        return math.degrees(math.asin(min(max(sine, -1), 1))), math.degrees(longitude)

    def outline(self) -> list[tuple[float, float]]:
        """The sheet's edge in latitude and longitude."""
        sheet = self.sheet
        parts = [part / 40 for part in range(40)]
        wide, high = sheet.right - sheet.left, sheet.bottom - sheet.top
        edge = [(sheet.left + wide * part, sheet.top) for part in parts]
        edge += [(sheet.right, sheet.top + high * part) for part in parts]
        edge += [(sheet.right - wide * part, sheet.bottom) for part in parts]
        edge += [(sheet.left, sheet.bottom - high * part) for part in parts]
        return [self.degrees(x, y) for x, y in edge]

    @property
    def units_a_kilometre(self) -> float:
        """The scale where the projection is true."""
        return self._scale / EARTH


def _edge(frame: Frame) -> list[tuple[float, float]]:
    steps = [part / 24 for part in range(25)]
    longitudes = [frame.west + (frame.east - frame.west) * part for part in steps]
    return [(latitude, at) for latitude in (frame.south, frame.north) for at in longitudes]
