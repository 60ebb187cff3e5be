"""Names beside their marks, none over another.  No Sphinx here.

For each name the places round its mark are tried, nearest and best first (right, left, above,
below, then the corners, then farther out with a line to the mark); the crowded ones choose first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from annotated_edition.render.charts.svg import Box

#: How often the names choose anew, and what it costs to have found no spot.
_ROUNDS = 8
_NOWHERE = 500.0
#: Points between two others: a small frame may lie on a way round the world.
_MOST_BETWEEN = 1000


@dataclass(frozen=True, slots=True)
class Name:
    """Words to be set at a mark, with their size."""

    x: float
    y: float
    width: float
    height: float
    #: How far the mark reaches round its place.
    radius: float
    #: The points of the line that it is the name of, if it is a line's.
    way: frozenset[tuple[float, float]] = frozenset()


class Spot(NamedTuple):
    """Where a name goes, and whether a line must lead to it."""

    box: Box
    led: bool


def placed(
    names: Sequence[Name],
    sheet: Box,
    taken: Sequence[Box],
    avoided: Sequence[tuple[float, float]],
    nameless: Sequence[Name] = (),
) -> list[Spot | None]:
    """Find a spot for each name inside the sheet, or None where there is none.

    *taken* are boxes that no name may cover, *avoided* are points that should stay visible
    where possible. *nameless* are marks without a name: names of others keep away from them, so
    that no reader takes such a name for theirs.
    """
    everybody = [*names, *nameless]
    choices = [_Choices(everybody, at, sheet, avoided) for at in range(len(names))]
    # Who fares badly chooses earlier in the next round.
    order = sorted(range(len(names)), key=lambda at: -_crowd(names, at))
    best: tuple[float, list[Spot | None]] = math.inf, []
    for _round in range(_ROUNDS):
        costs, spots_now = _chosen(names, choices, order, taken)
        if sum(costs) < best[0]:
            best = sum(costs), spots_now
        order.sort(key=lambda at: -costs[at])
    return best[1]


def _chosen(
    names: Sequence[Name],
    choices: Sequence[_Choices],
    order: Sequence[int],
    taken: Sequence[Box],
) -> tuple[list[float], list[Spot | None]]:
    """Let the names choose one after the other: what each one's spot costs, and the spots."""
    marks = [Box(n.x - n.radius, n.y - n.radius, n.x + n.radius, n.y + n.radius) for n in names]
    used = [*taken, *marks]
    spots: list[Spot | None] = [None] * len(names)
    costs = [_NOWHERE] * len(names)
    leaders: list[tuple[float, float]] = []
    for at in order:
        for number, (least, spot) in enumerate(choices[at].spots()):
            if least >= costs[at]:
                break
            if any(spot.box.meets(other) for other in used):
                continue
            cost = choices[at].cost(number)
            cost += 40 * sum(spot.box.has(x, y) for x, y in leaders)
            if spot.led and cost < costs[at]:
                line = _line(names[at], spot.box)
                cost += 60 * sum(box.has(x, y) for x, y in line[2:-1] for box in used)
            if cost < costs[at]:
                costs[at], spots[at] = cost, spot
        found = spots[at]
        if found is not None:
            used.append(found.box)
            leaders += _line(names[at], found.box) if found.led else []
    return costs, spots


class _Choices:
    """The spots for a name, the cheapest first, and what each costs, found when asked for."""

    def __init__(
        self, names: Sequence[Name], at: int, sheet: Box, avoided: Sequence[tuple[float, float]]
    ) -> None:
        self.name = name = names[at]
        self._found: list[tuple[float, Spot]] = []
        self._more = (choice for choice in _candidates(name) if sheet.holds(choice[1].box))
        reach = Box(name.x, name.y, name.x, name.y).grown(name.width + name.height * 7)
        self._points = [point for point in avoided if reach.has(*point)]
        self._others = [
            other for number, other in enumerate(names)
            if number != at and reach.grown(name.height * 2).has(other.x, other.y)
        ]  # fmt: skip
        self._costs: dict[int, float] = {}

    def spots(self) -> Iterator[tuple[float, Spot]]:
        """The spots that lie inside the sheet, worked out no further than they are tried."""
        yield from self._found
        for choice in self._more:
            self._found.append(choice)
            yield choice

    def cost(self, number: int) -> float:
        """What a spot costs, other names aside: the more for what it hides or makes unclear."""
        if number not in self._costs:
            cost, spot = self._found[number]
            own = _distance(self.name, spot.box) + self.name.height * 0.3
            near = sum(_distance(other, spot.box) < own for other in self._others)
            hidden = sum(spot.box.has(x, y) for x, y in self._points)
            self._costs[number] = cost + near * (9 if spot.led else 25) + 4 * hidden
            if self.name.way:
                self._costs[number] += 80 * self._is_anothers(spot.box)
        return self._costs[number]

    def _is_anothers(self, box: Box) -> bool:
        """Whether a line's name would be read as that of another line, as near as its own."""
        own = min(_to(box, point) for point in self.name.way)
        others = (_to(box, point) for point in self._points if point not in self.name.way)
        return min(others, default=math.inf) < own + self.name.height * 0.5


def _distance(name: Name, box: Box) -> float:
    return _to(box, (name.x, name.y))


def _to(box: Box, point: tuple[float, float]) -> float:
    x, y = nearest(*point, box)
    return math.hypot(point[0] - x, point[1] - y)


def nearest(x: float, y: float, box: Box) -> tuple[float, float]:
    """The point of a box that is nearest to a place."""
    return min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)


def _line(name: Name, box: Box) -> list[tuple[float, float]]:
    x, y = nearest(name.x, name.y, box)
    return [
        (name.x + (x - name.x) * part / 8, name.y + (y - name.y) * part / 8) for part in range(9)
    ]


def _crowd(names: Sequence[Name], at: int) -> float:
    """How many marks are near: near ones count more."""
    here = names[at]
    near = 0.0
    for number, other in enumerate(names):
        if number != at:
            distance = math.hypot(here.x - other.x, here.y - other.y)
            near += 1 / (1 + distance / here.height)
    return near + here.width / (here.height * 100)


def _candidates(name: Name) -> Iterator[tuple[float, Spot]]:
    """Spots for a name with their cost, the cheapest first."""
    gap = name.radius * 0.7
    wide, high = name.width, name.height
    far = name.radius + gap
    centred_x, centred_y = name.x - wide / 2, name.y - high / 2
    beside = [
        (name.x + far, centred_y),
        (name.x - far - wide, centred_y),
        (name.x + far * 0.7, name.y - high - name.radius * 0.4),
        (name.x + far * 0.7, name.y + name.radius * 0.4),
        (name.x - far * 0.7 - wide, name.y - high - name.radius * 0.4),
        (name.x - far * 0.7 - wide, name.y + name.radius * 0.4),
        (centred_x, name.y - far - high),
        (centred_x, name.y + far),
    ]
    for number, (left, top) in enumerate(beside):
        yield float(number), Spot(Box(left, top, left + wide, top + high), led=False)
    for ring in range(1, 10):
        reach = far + high * 0.55 * (ring + 0.5)
        for step in range(20):
            angle = math.tau * step / 20
            x, y = name.x + reach * math.cos(angle), name.y + reach * math.sin(angle)
            # The box touches the ring with the side that faces the mark.
            left = x - wide * (0.5 - 0.5 * math.cos(angle))
            top = y - high * (0.5 - 0.5 * math.sin(angle))
            cost = 8 + ring * 6 + abs(math.sin(angle))
            yield cost, Spot(Box(left, top, left + wide, top + high), led=True)


def dense(points: Sequence[tuple[float, float]], step: float) -> Iterator[tuple[float, float]]:
    """Points and others between them, no farther apart than *step* unless that were too many."""
    for (a, b), (c, d) in pairwise(points):
        parts = min(max(1, math.ceil(math.hypot(c - a, d - b) / step)), _MOST_BETWEEN)
        for part in range(parts):
            yield a + (c - a) * part / parts, b + (d - b) * part / parts
    yield points[-1]


def around(size: float) -> Iterator[tuple[float, float]]:
    """Steps away from a place, the nearest first."""
    steps = [(across * size, down * size * 0.8) for across in range(-6, 7) for down in range(-4, 5)]
    yield from sorted(steps, key=lambda step: (math.hypot(*step), step))
