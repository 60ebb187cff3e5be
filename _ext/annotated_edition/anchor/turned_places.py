"""Places whose latitude and longitude seem to have changed places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import hypot
from statistics import median

from annotated_edition.model.records import Note, Problem, Site, Subtype

#: So many degrees apart are two places of one name; so few are one.
_APART, _TOGETHER = 5.0, 1.5
#: The frame of all other places, so many degrees around it, and so many that are far out of it;
#: with fewer others there is none.
_MARGIN, _FAR, _LEAST = 5.0, 20.0, 3

_Point = tuple[float, float]


def turned_places(notes: Iterable[Note]) -> Iterator[Problem]:
    """Places that stand where no other does, and among the others when they are turned."""
    sites = [(note, site) for note in notes for site in note.sites]
    if len(sites) < 2:
        return
    middle = (
        median(site.latitude for _, site in sites),
        median(site.longitude for _, site in sites),
    )
    for note, site in sites:
        here, turned = (site.latitude, site.longitude), (site.longitude, site.latitude)
        if abs(site.longitude) > 90 or _distance(here, middle) <= _distance(turned, middle):
            continue
        others = [other for _, other in sites if other is not site]
        if _is_named_there(site, here, turned, others) or _is_framed(here, turned, others):
            yield Problem(
                Subtype.FRONT_MATTER,
                note.docname,
                site.at_line,
                f"latitude and longitude of {site.name!r} look swapped: latitude comes first, "
                f"at: [{site.longitude:g}, {site.latitude:g}]",
            )


def _is_named_there(site: Site, here: _Point, turned: _Point, others: Iterable[Site]) -> bool:
    """Whether another of this name stands where this one would, turned."""
    for other in others:
        if other.name.casefold() == site.name.casefold():
            there = (other.latitude, other.longitude)
            if _distance(here, there) > _APART and _distance(turned, there) < _TOGETHER:
                return True
    return False


def _is_framed(here: _Point, turned: _Point, others: list[Site]) -> bool:
    """Whether the frame of all others holds the place turned, and not as it is."""
    if len(others) < _LEAST:
        return False
    latitudes = [other.latitude for other in others]
    longitudes = [other.longitude for other in others]

    def inside(point: _Point, margin: float) -> bool:
        return (
            min(latitudes) - margin <= point[0] <= max(latitudes) + margin
            and min(longitudes) - margin <= point[1] <= max(longitudes) + margin
        )

    return inside(turned, _MARGIN) and not inside(here, _FAR)


def _distance(one: _Point, other: _Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])
