"""The map: projection, names that don't overlap, marks that lead to notes, in every output."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from bs4 import Tag
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser
from pypdf import PdfReader

from annotated_edition.render.charts.map import GEODATA, short
from annotated_edition.render.charts.map_labels import Name, placed
from annotated_edition.render.charts.map_projection import Frame, Margins, Projection
from annotated_edition.render.charts.svg import Box
from support.project import Project

#: Towns close together round Shymkent, and some farther off.
TOWNS = {
    "Sayram": (42.3025, 69.75758), "Shymkent": (42.30988, 69.60042), "Taraz": (42.898, 71.3733),
    "Otrar": (42.791, 68.3717), "Zhanatas": (43.5627, 69.7321), "Tashkent": (41.2647, 69.2163),
    "Almaty": (43.2525, 76.9115), "Khorgos": (44.2028, 80.4164), "Dostyk": (45.2533, 82.4804),
    "Alashankou": (45.1702, 82.5698), "Herat": (34.3482, 62.1997), "Xi'an": (34.2583, 108.9286),
}  # fmt: skip


def places(towns: dict[str, tuple[float, float]], more: str = "") -> str:
    lines = [f'  - {{name: "{name}", at: [{at[0]}, {at[1]}]{more}}}' for name, at in towns.items()]
    return "places:\n" + "\n".join(lines)


def edition(project: Project, options: str = ":frame: 58 33 122 56") -> Project:
    project.text("The towns, a road, the far city of the two states.")
    project.note("places/towns", "towns", front=places(TOWNS))
    project.note("places/city", "far city", front=places({"Almaty (Alma-Ata)": TOWNS["Almaty"]}))
    way = {"Suyab, near Tokmok": (42.8419, 75.3015), "Talas (Taraz)": TOWNS["Taraz"]}
    project.note("places/road", "road", front=places(way, ", line: true"))
    page = f"# Map\n\n```{{edition:map}}\n:border: China, Kazakhstan\n{options}\n```\n"
    project.write("commentary/map.md", page)
    project.index += "\n```{toctree}\ncommentary/map\n```\n"
    return project


def picture(project: Project, at: int = 0) -> Tag:
    return project.page("commentary/map").select("svg")[at]


def test_the_projection_is_equal_area_and_can_be_reversed() -> None:
    for frame in (Frame(58, 33, 122, 56), Frame(-70, -50, -30, -10), Frame(-10, -20, 20, 20)):
        to = Projection(frame, 1000, Margins())
        areas = []
        for south in (frame.south, (frame.south + frame.north) / 2, frame.north - 1):
            corners = [(south, frame.west), (south, frame.west + 1),
                       (south + 1, frame.west + 1), (south + 1, frame.west)]  # fmt: skip
            points = [to.place(*corner) for corner in corners]
            around = zip(points, [*points[1:], points[0]], strict=True)
            area = abs(sum(a * d - b * c for (a, b), (c, d) in around)) / 2
            truth = math.sin(math.radians(south + 1)) - math.sin(math.radians(south))
            areas.append(area / truth)
        assert max(areas) / min(areas) < 1.001
        middle = (frame.south + frame.north) / 2 + 3, (frame.west + frame.east) / 2 + 5
        assert to.degrees(*to.place(*middle)) == pytest.approx(middle)
        assert to.place(frame.north, 0)[1] < to.place(frame.south, 0)[1]


def test_names_take_free_places() -> None:
    sheet = Box(0, 0, 300, 200)
    names = [Name(100 + 9 * (n % 5), 80 + 9 * (n // 5), 44, 12, 4) for n in range(20)]
    spots = placed(names, sheet, [Box(0, 180, 80, 200)], [])
    boxes = [spot.box for spot in spots if spot is not None]
    assert len(boxes) == 20
    assert not any(a.meets(b) for a, b in combinations(boxes, 2))
    assert all(sheet.holds(box) for box in boxes)
    assert spots == placed(names, sheet, [Box(0, 180, 80, 200)], [])


def test_a_lonely_name_stands_beside_its_mark() -> None:
    [spot] = placed([Name(50, 50, 40, 12, 4)], Box(0, 0, 200, 100), [], [])
    assert spot is not None
    assert not spot.led
    assert spot.box.left == pytest.approx(56.8)


def test_marks_lead_to_notes_or_to_the_row_that_lists_them(project: Project) -> None:
    edition(project).build()
    assert project.warnings == ""
    page, svg = project.page("commentary/map"), picture(project)
    marks = svg.select("a.mark")
    assert len(marks) == len(TOWNS) + 1
    for mark in marks:
        address = str(mark["href"])
        if address.startswith("#"):
            cell = page.find(id=address[1:])
            assert isinstance(cell, Tag)
            row = cell.find_parent("tr")
            assert row is not None
            notes = {link.get_text() for link in row.select("a")} - {"¶1"}
            assert len(notes) == 2
        else:
            assert (project.output("commentary/map.html").parent / address).is_file()
    [almaty] = [row for row in page.select("tbody tr") if "Almaty" in row.get_text()]
    assert [cell.get_text().strip() for cell in almaty.select("td")] == [
        "Almaty · Almaty (Alma-Ata)", "43.25° N, 76.91° E", "¶1", "Towns; City",
    ]  # fmt: skip


def test_a_route_is_a_line_with_its_notes_title(project: Project) -> None:
    edition(project).build()
    [route] = picture(project).select("a.route")
    assert str(route["href"]).endswith("road.html")
    assert "Road" in [text.get_text() for text in picture(project).select(".route-name text")]
    hollow = picture(project).select('circle[fill*="paper"]')
    assert len(hollow) == 1  # Suyab alone is nothing but a point of the route


def test_boundaries_are_as_the_policy_says(project: Project) -> None:
    edition(project).build()
    svg = picture(project)
    strong = svg.select("path.border.strong")
    assert len(strong) == 1
    assert not strong[0].has_attr("stroke-dasharray")
    disputed = svg.select("path.border.disputed")
    assert disputed
    assert all(path.has_attr("stroke-dasharray") for path in disputed)
    page = project.page("commentary/map")
    caption = page.select_one("figcaption")
    assert caption is not None
    assert "dashed where they are disputed" in caption.get_text()


def test_the_geodata_are_small_and_draw_no_border_inside_a_state() -> None:
    assert GEODATA.stat().st_size < 120_000
    features = json.loads(GEODATA.read_text(encoding="utf-8"))["features"]
    kinds = {feature["properties"]["kind"] for feature in features}
    assert kinds == {"land", "lake", "river", "border", "country"}
    named = {name for f in features for name in f["properties"].get("countries", [])}
    named |= {feature["properties"].get("name") for feature in features}
    assert not named & {"Hong Kong", "Macao", "Taiwan"}
    disputed = [f["properties"]["countries"] for f in features if f["properties"].get("disputed")]
    assert ["China", "India"] in disputed
    assert ["China", "Kazakhstan"] not in disputed


def test_a_place_outside_the_frame_is_reported_until_it_is_named(project: Project) -> None:
    edition(project)
    far = places({"Moscow, capital": (55.752, 37.618)})
    project.note("places/city", "far city", front=far)
    for _again in range(2):  # the second build must not be silent
        project.build()
        assert "city.md:4: WARNING: the place 'Moscow, capital'" in (project.warnings)
        assert "name it in :outside: [edition.front-matter]" in project.warnings
    page = project.folder / "commentary/map.md"
    page.write_text(page.read_text().replace(":frame:", ":outside: Moscow\n:frame:"))
    project.build()
    assert project.warnings == ""
    assert picture(project).select_one("path.outside") is not None
    assert "(beyond the map)" in project.page("commentary/map").get_text()


def test_an_inset_names_what_the_map_does_not(project: Project) -> None:
    options = ":frame: 58 33 122 56\n:inset: 66 41 74 45\n:inset-title: The south"
    edition(project, options).build()
    assert project.warnings == ""
    whole, inset = (
        [text.get_text() for text in picture(project, at).select("text.name")] for at in (0, 1)
    )
    assert "Taraz" not in whole
    assert "Almaty" in whole
    assert {"Taraz", "Otrar", "Sayram", "Shymkent"} <= set(inset)
    assert "Almaty" not in inset
    assert picture(project).select_one("path.inset") is not None
    assert "The south" in picture(project, 1).get_text()


def test_no_name_covers_another_in_a_browser(project: Project, browser: Browser) -> None:
    edition(project).build()
    file = project.output("commentary/map.html")
    script = """() => [...document.querySelectorAll('svg.wide :is(text.name, text.country)')].map(
        text => { const box = text.getBoundingClientRect();
                  return [text.textContent, box.left, box.top, box.right, box.bottom]; })"""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(file.as_uri())
    found = page.evaluate(script)
    page.close()
    assert len(found) >= len(TOWNS)
    boxes = [(name, Box(left, top + 2, right, bottom - 2)) for name, left, top, right, bottom in
             found]  # fmt: skip
    assert not [(a, b) for (a, one), (b, two) in combinations(boxes, 2) if one.meets(two)]


@pytest.mark.parametrize("width", [740, 800, 1023, 1440])
def test_the_map_stands_whole_where_the_window_has_room(
    project: Project, browser: Browser, width: int
) -> None:
    edition(project).configure('html_theme = "edition"\n')
    project.build()
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(project.output("commentary/map.html").as_uri())
    charts = page.evaluate(
        """() => [...document.querySelectorAll(".edition-chart")].map((chart) => {
          const { left, right } = chart.getBoundingClientRect();
          return [left, right, chart.scrollWidth - chart.clientWidth];
        })"""
    )
    page.close()
    assert charts
    for left, right, hidden in charts:
        assert 0 <= left < right <= width
        assert hidden <= 0


def test_the_map_is_whole_on_paper(project: Project, browser: Browser) -> None:
    edition(project).configure('html_theme = "edition"\n')
    project.build()
    page = browser.new_page(viewport={"width": 690, "height": 1000})
    page.goto(project.output("commentary/map.html").as_uri())
    page.emulate_media(media="print")
    drawn = page.evaluate(
        """() => [...document.querySelectorAll(".edition-chart")].map((chart) => {
          const [svg] = [...chart.querySelectorAll("svg")].filter((it) => it.clientWidth);
          const { left, right, height } = svg.getBoundingClientRect();
          return { left, right, height, wide: chart.scrollWidth - chart.clientWidth,
            kept: getComputedStyle(chart).breakInside };
        })"""
    )
    names = {"Khorgos", "Herat", "Xi'an"}
    sheets = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    page.close()
    assert drawn
    for chart in drawn:
        assert chart["left"] >= 0
        assert chart["right"] <= 690
        assert chart["height"] <= 1000
        assert chart["wide"] <= 0
        assert chart["kept"] == "avoid"
    # One sheet has the whole drawing.
    assert any(names <= set(re.findall(r"[\w']+", sheet.extract_text())) for sheet in sheets)


def test_the_drawing_speaks(project: Project) -> None:
    edition(project, ":title: Towns\n:frame: 58 33 122 56").build()
    svg = picture(project)
    title, description = svg.find("title"), svg.find("desc")
    assert title is not None
    assert title.get_text() == "Towns"
    assert description is not None
    assert "from west to east: Herat, Otrar, Tashkent" in description.get_text()
    assert "Routes: Road." in description.get_text()


def test_hostile_names_stay_words(project: Project) -> None:
    edition(project)
    name = "</title><script>alert(1)</script>"
    project.note("places/city", "far city", front=places({name: (50, 80)}))
    project.build()
    page = project.output("commentary/map.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_changed_place_rewrites_the_page(project: Project) -> None:
    edition(project).build()
    before = project.output("commentary/map.html").read_bytes()
    project.note("places/city", "far city", front=places({"Astana": (51.18, 71.446)}))
    project.build()
    assert b"Astana" in project.output("commentary/map.html").read_bytes()
    project.note("places/city", "far city", front=places({"Almaty (Alma-Ata)": TOWNS["Almaty"]}))
    project.build()
    assert project.output("commentary/map.html").read_bytes() == before


def test_other_geodata_can_be_named(project: Project) -> None:
    edition(project)
    empty = '{"type": "FeatureCollection", "features": []}'
    project.write("data.json", empty)
    project.configure('edition_map_data = "data.json"\n')
    project.build()
    assert project.warnings == ""
    assert picture(project).select_one("path.land") is None


@pytest.mark.parametrize("builder", ["singlehtml", "epub", "latex", "text"])
def test_every_builder_shows_the_table(project: Project, builder: str) -> None:
    edition(project)
    project.configure('copyright = "2026"\nversion = "1"\n')
    project.build(builder)
    assert project.warnings == ""
    files = [path for path in project.output("", builder).rglob("*") if path.is_file()]
    texts = [p for p in files if p.suffix in (".html", ".xhtml", ".tex", ".txt")]
    text = "".join(path.read_text(encoding="utf-8") for path in texts)
    assert "43.25° N, 76.91° E" in text.replace("\\(\\sp{\\circ}\\)", "°")
    pictures = [path for path in files if path.name.startswith("mapnode")]
    assert bool(pictures) == (builder in ("epub", "latex"))
    if builder == "latex":
        assert {path.suffix for path in pictures} == {".pdf"}


def test_the_printed_book_has_picture_alternative_and_table(project: Project) -> None:
    edition(project).build("edition-pdf")
    assert project.warnings == ""
    source = project.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    assert re.search(r'#picture\("images/[^"]+\.svg", "Map. 13 places, from west to east', source)
    [drawing] = project.output("images", "edition-pdf").glob("*.svg")
    text = drawing.read_text(encoding="utf-8")
    assert 'role="img"' in text
    assert "var(" not in text
    pdf = PdfReader(project.output("annotated-edition.pdf", "edition-pdf"))
    printed = " ".join(page.extract_text() for page in pdf.pages)
    assert "Alashankou" in printed
    assert "43.25° N, 76.91° E" in printed


def test_short_names() -> None:
    assert short("Otrar (Farab), by Shaul'der") == "Otrar"
    assert short("Astana, Nazarbayev University") == "Astana"
    assert short("(unnamed)") == "(unnamed)"


LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
FAR_APART = {"San Francisco": (37.77, -122.42), "Tokyo": (35.68, 139.69)}


def drawn(
    folder: Path, towns: Sequence[tuple[float, float]], line: bool, options: str = ""
) -> Project:
    """A map of towns, drawn by the real directive."""
    folder.mkdir()
    project = Project(folder)
    project.text("The towns.")
    named = {f"Town {number}": town for number, town in enumerate(towns)}
    project.note("places/towns", "towns", front=places(named, ", line: true" * line))
    project.write("commentary/map.md", f"# Map\n\n```{{edition:map}}\n{options}\n```\n")
    project.index += "\n```{toctree}\ncommentary/map\n```\n"
    project.build()
    return project


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    towns=st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=1, max_size=5),
    line=st.booleans(),
    frames=st.lists(st.tuples(LONGITUDES, LATITUDES, LONGITUDES, LATITUDES), max_size=2),
)
@example(towns=[*FAR_APART.values()], line=True, frames=[])
@example(towns=[(90, 0)], line=False, frames=[])
@example(towns=[(-90, 180), (90, -180)], line=True, frames=[])
@example(towns=[(10, 10)], line=True, frames=[(-180, -89, 180, 89), (-180, -80, 180, 80)])
@example(towns=[(0, 0), (1, -180)], line=True, frames=[(0, 0, 0.01, 0.01), (0, 0, 1e-300, 1e-300)])
def test_any_places_are_drawn_in_any_frame(
    tmp_path: Path,
    towns: list[tuple[float, float]],
    line: bool,
    frames: list[tuple[float, float, float, float]],
) -> None:
    names = [":frame:", ":inset:"]
    options = [
        f"{name} {' '.join(map(str, bounds))}" for name, bounds in zip(names, frames, strict=False)
    ]
    folder = tmp_path / str(len([*tmp_path.iterdir()]))
    project = drawn(folder, towns, line, "\n".join(options))
    assert project.page("commentary/map").select("svg")
    assert "Traceback" not in project.warnings


@settings(max_examples=500)
@given(
    st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=1, max_size=4),
    st.tuples(LONGITUDES, LATITUDES, LONGITUDES, LATITUDES),
    st.sampled_from([1000.0, 372.0]),
)
def test_any_frame_is_projected_or_refused(
    towns: list[tuple[float, float]], bounds: tuple[float, float, float, float], width: float
) -> None:
    try:
        frame = Frame(*bounds)
    except ValueError:
        return
    to = Projection(frame, width, Margins(10, 10, 10))
    numbers = [*to.sheet, *(number for town in towns for number in to.place(*town))]
    assert all(map(math.isfinite, [*numbers, *(n for at in to.outline() for n in at)]))


@pytest.mark.parametrize("bounds", ["1 1 1.001 2", "0 0 0.1 89", "-180 10 180 10.1", "nan 1 2 3"])
def test_a_frame_that_no_sheet_can_show_is_refused(project: Project, bounds: str) -> None:
    edition(project, f":frame: {bounds}").build()
    assert "commentary/map.md:5: " in project.warnings
    assert "the frame's bounds are" in project.warnings
