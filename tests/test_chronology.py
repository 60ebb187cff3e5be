"""The chronology: dates read and put into words, the picture, the table, in every output."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup, Tag
from pypdf import PdfReader

from annotated_edition.render.charts.chronology_picture import Scale
from annotated_edition.render.charts.dates import words_of
from annotated_edition.render.charts.svg import PRINT, SCREEN, width_of, wrapped
from annotated_edition.text.edtf import DateError, read
from annotated_edition.weave.locales import locale_of
from support.pages import parse
from support.project import Project

PAGE = """\
# Chronology

```{{edition:chronology}}
:line: 2022-09-13
:line-label: the article
:breaks: 1800 1991
{options}
```
"""


def edition(project: Project, options: str = "") -> Project:
    project.text("The old road, the new town and the *treaty* of the two states.")
    project.note("history/road", "old road", front='dates:\n  "-0137": The envoy\n  "0870~": Birth')
    project.note(
        "places/town",
        "new town",
        front="""
        dates:
          "2014/2018": Building
          "2024-07-02": A later visit & more
          "[1457,1458]": First named
        """,
    )
    project.note("history/treaty", "treaty", front='dates:\n  "1992-01-03": Signed')
    project.write("commentary/chronology.md", PAGE.format(options=options))
    project.configure(
        'exclude_patterns = []\nedition_kinds = {"history": "History", "places": "Places"}\n'
    )
    project.index += "\n```{toctree}\ncommentary/chronology\n```\n"
    return project


def rows(project: Project, builder: str = "html") -> list[list[str]]:
    table = project.page("commentary/chronology", builder).select_one("table")
    assert table is not None
    return [
        [" ".join(cell.get_text().split()) for cell in row.select("td")]
        for row in table.select("tbody tr")
    ]


def picture(project: Project, name: str = "wide") -> Tag:
    found = project.page("commentary/chronology").select_one(f"svg.{name}")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("0870~", "about 870"),
        ("1917?", "perhaps 1917"),
        ("0870%", "perhaps about 870"),
        ("[1457,1458]", "1457 or 1458"),
        ("[1941,1942,1943]", "1941, 1942 or 1943"),
        ("-0137", "138 BC"),
        ("0000", "1 BC"),
        ("1943-02-24", "24 February 1943"),
        ("1943-02", "February 1943"),
        ("2014/2018", "2014–2018"),
        ("-0137/-0100", "138–101 BC"),
        ("2022-09-15/2022-09-16", "15–16 September 2022"),
        ("1414-02-03/1414-10-27", "3 February – 27 October 1414"),
        ("2017-12/2018-01", "December 2017 – January 2018"),
        ("0870~/0950~", "about 870 – about 950"),
        ("199X", "the 1990s"),
        ("2001-21", "spring 2001"),
        ("1990/..", "since 1990"),
        ("../1990", "until 1990"),
        ("[1941..1943]", "between 1941 and 1943"),
    ],
)
def test_a_date_is_put_into_words(date: str, words: str) -> None:
    assert words_of(read(date).said, locale_of("en")) == words


@pytest.mark.parametrize(
    ("language", "date", "words"),
    [
        ("en", "1985-04-12T23:20:30Z", "12 April 1985"),
        ("en", "1XXX", "1XXX"),
        ("de", "1943-02-24", "24. Februar 1943"),
        ("de", "-0137-02-24", "24. Februar 138 v. Chr."),
        ("de", "2022-09-15/2022-09-16", "15–16. September 2022"),
        ("ru", "1943-02", "февраль 1943\u202fг."),
        ("zh_CN", "1943-02-24", "1943年2月24日"),
        ("zh_CN", "2022-09-15/2022-09-16", "2022年9月15日 – 2022年9月16日"),
        ("zh_CN", "-0137", "公元前138年"),
        ("xx", "1943-02-24", "24 February 1943"),
    ],
)
def test_words_are_those_of_the_pages_language(language: str, date: str, words: str) -> None:
    assert words_of(read(date).said, locale_of(language)) == words


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("1943", "1943-01-01", "1943-12-31"),
        ("1943-02", "1943-02-01", "1943-02-28"),
        ("1944-02~", "1944-02-01", "1944-02-29"),
        ("1950S2", "1950-01-01", "1950-12-31"),
        ("[1457,1458-06]", "1457-01-01", "1458-06-30"),
        ("2014/2018", "2014-01-01", "2018-12-31"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("-01XX", "-0199-01-01", "-0100-12-31"),
        ("156X-12-25", "1560-12-25", "1569-12-25"),
        ("2004-1X-0X", "2004-10-01", "2004-12-09"),
        ("19XX-02-29", "1900-02-28", "1999-02-28"),
        ("2001-21", "2001-03-01", "2001-05-31"),
        ("2001-34", "2001-04-01", "2001-06-30"),
        ("2001-21/2003-22", "2001-03-01", "2003-08-31"),
        ("1990/..", "1990-01-01", "1990-01-01"),
        ("1990/", "1990-01-01", "2000-01-01"),
        ("/1990", "1980-12-31", "1990-12-31"),
        ("[..1984]", "1984-12-31", "1984-12-31"),
        ("{1960,1961-12}", "1960-01-01", "1961-12-31"),
        ("1985-04-12T23:20:30Z", "1985-04-12", "1985-04-12"),
    ],
)
def test_a_date_has_its_first_and_last_moment(date: str, first: str, last: str) -> None:
    assert (read(date).start, read(date).end) == (read(first).start, read(last).end)


@pytest.mark.parametrize(
    ("date", "unsure", "lasting"),
    [
        ("1943", False, False),
        ("1943~", True, False),
        ("?1943-02", True, False),
        ("[1943,1944]", True, False),
        ("{1943,1944}", False, False),
        ("1943/1944", False, True),
        ("1943/1944%", True, True),
        ("1943/..", False, False),
    ],
)
def test_what_is_unsure_and_what_lasts(date: str, unsure: bool, lasting: bool) -> None:
    assert (read(date).unsure, read(date).lasting) == (unsure, lasting)


@pytest.mark.parametrize(
    "date",
    ["c. 870", "870", "1943-13", "1943-02-30", "1943-2-4", "2018/2014", "24.2.1943", "", "/", "~",
     "1" * 200, "Y17E7", "Y1E999999999", "Y" + "9" * 70, "[1457,158]", "1900-02-29", "2001-2X-01",
     "2001-13-XX", "1943-02-24T25:00:00", "1943T10:00:00", "../..", "[1943", "1943]", "[]", "X",
     "١٩٤٣", "1943/1944/1945"],
)  # fmt: skip
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(DateError):
        read(date)


def test_a_wrong_date_is_reported_at_its_line_with_what_to_write(project: Project) -> None:
    project.text("The old road.")
    project.note(
        "history/road",
        "old road",
        front='dates:\n  "1943": Right\n  "c. 870": Wrong\n  long ago: Wrong',
    )
    project.build()
    assert "road.md:5" in project.warnings
    assert "'c. 870' is no date: write \"0870~\"" in project.warnings
    assert "'long ago' is no date: write 1943" in project.warnings
    assert "0870~ for about 870" in project.warnings


def test_the_table_is_in_order_of_time_and_the_line_stands_in_it(project: Project) -> None:
    edition(project).build()
    assert project.warnings == ""
    found = rows(project)
    assert [row[0] for row in found] == [
        "138 BC", "about 870", "1457 or 1458", "3 January 1992", "2014–2018",
        "13 September 2022", "2 July 2024",
    ]  # fmt: skip
    assert found[0][1:] == ["The envoy", "¶1", "Road"]
    assert found[5][1] == "the article. What follows is later."


def test_what_is_later_is_hollow_and_says_so(project: Project) -> None:
    edition(project).build()
    svg = picture(project)
    later = svg.select("a.mark.later")
    assert [mark.select_one("title").get_text() for mark in later] == [  # type: ignore[union-attr]
        "2 July 2024: A later visit & more"
    ]
    assert "paper" in str(later[0].select_one("circle"))
    assert all("paper" not in str(mark) for mark in svg.select("a.mark:not(.later)"))
    line = svg.select_one("path.line")
    assert line is not None
    at = float(str(line["d"])[1:].split()[0])
    for mark in svg.select("a.mark"):
        place = mark.select_one("circle, rect")
        assert place is not None
        x = float(str(place.get("cx") or place["x"]))
        assert (x > at) == ("later" in mark["class"]), mark
    label = svg.select_one(".later-label")
    assert label is not None
    assert label.get_text() == "later"


def test_marks_stand_in_order_and_link_to_their_notes(project: Project) -> None:
    edition(project).build()
    for name in ("wide", "narrow"):
        svg = picture(project, name)
        marks = svg.select("a.mark")
        assert len(marks) == 6
        for link in svg.select("a[href]"):
            target = project.output("commentary/chronology.html").parent / str(link["href"])
            assert target.is_file(), link
            assert link["tabindex"] == "-1"
    assert len(picture(project).select("path.break")) == 8  # two breaks, two strokes, two axes


def test_the_drawing_has_a_title_and_a_description(project: Project) -> None:
    edition(project, ":title: When it was").build()
    page = project.page("commentary/chronology")
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    svg = picture(project)
    assert svg["role"] == "group"  # role="img" would hide the links
    title = svg.find(id=svg["aria-labelledby"])
    description = svg.find(id=svg["aria-describedby"])
    assert title is not None
    assert title.get_text() == "When it was"
    assert description is not None
    assert "6 dates of 3 notes, from 138 BC to 2 July 2024" in description.get_text()
    assert "13 September 2022 (the article); later than it: 1." in description.get_text()


def test_from_and_to_leave_out_the_rest(project: Project) -> None:
    edition(project, ":from: 1400\n:to: 2000").build()
    assert [row[0] for row in rows(project)] == [
        "1457 or 1458", "3 January 1992", "13 September 2022",
    ]  # fmt: skip


def test_a_wrong_option_is_reported(project: Project) -> None:
    edition(project)
    project.write("commentary/chronology.md", "# C\n\n```{edition:chronology}\n:line: c. 9\n```\n")
    project.build()
    assert "'c. 9' is no date" in project.warnings


def test_a_changed_date_rewrites_the_page_and_nothing_else_does(project: Project) -> None:
    edition(project).build()
    file = project.output("commentary/chronology.html")
    before, content = file.stat().st_mtime_ns, file.read_bytes()
    project.build()
    assert file.stat().st_mtime_ns == before
    project.note("history/treaty", "treaty", front='dates:\n  "1993-01-03": Signed')
    project.build()
    assert "3 January 1993" in file.read_text(encoding="utf-8")
    project.note("history/treaty", "treaty", front='dates:\n  "1992-01-03": Signed')
    project.build()
    assert file.read_bytes() == content


def test_labels_fit_their_width() -> None:
    words = "A very long title of a note that will not go into a single line by any means"
    for look in (SCREEN, PRINT):
        for width in (40, 90, 200, 1000):
            lines = wrapped(words, width, 12, look)
            assert len(lines) <= 2
            assert all(width_of(line, 12, look) <= width for line in lines)
    assert wrapped("Two even lines", 75, 12, PRINT) == ["Two even", "lines"]


def test_the_scale_keeps_the_order_and_its_ticks_apart() -> None:
    scale = Scale([600, 1850, 2000, 2010, 2020], -138, 2026, (1800, 1991), 0, 500, 10)
    places = [scale.x(year) for year in (-500, -138, 0, 1799, 1800, 1990, 1991, 2026, 3000)]
    assert places == sorted(places)
    assert scale.x(1800) - scale.x(1799.9999) > 9.9
    ticks = scale.ticks(40)
    assert ticks[0].year == -138
    assert all(b.x - a.x >= 30 for a, b in pairwise(ticks))


def test_years_where_the_measure_changes_stand_apart_however_little_happened_between() -> None:
    years = [-138.0, 1850.0, *[2012 + n / 20 for n in range(200)]]

    def wide(year: int) -> float:
        return 42 if year < 0 else 28

    scale = Scale(years, -200, 2026, (1800, 1991, 2012), 6, 346, 10, wide)
    assert [round(piece.first) for piece in scale.pieces] == [-200, 1800, 1991, 2012]
    assert scale.pieces[-1].right == pytest.approx(346)
    # The first year begins at the scale's end, the others have it in their middle.
    boxes = [(6.0, 6.0 + wide(-200))]
    boxes += [(piece.left - 14, piece.left + 14) for piece in scale.pieces[1:]]
    assert all(one[1] <= other[0] + 0.01 for one, other in pairwise(boxes))


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml", "epub", "latex", "text", "man"])
def test_every_builder_shows_the_table(project: Project, builder: str) -> None:
    edition(project)
    project.configure('man_pages = [("index", "small", "", [], 1)]\n')
    project.configure('copyright = "2026"\nversion = "1"\n')
    project.build(builder)
    assert project.warnings == ""
    files = [path for path in project.output("", builder).rglob("*") if path.is_file()]
    text = "".join(
        path.read_text(encoding="utf-8") for path in files
        if path.suffix in (".html", ".xhtml", ".tex", ".txt", ".1")
    )  # fmt: skip
    for words in ("138 BC", "1457 or 1458", "3 January 1992", "follows is later"):
        # In a table of plain text a cell's words stand on several lines.
        assert all(word in text for word in words.split()) if builder == "text" else words in text
    pictures = [path.name for path in files if path.name.startswith("chronologynode")]
    assert bool(pictures) == (builder in ("epub", "latex"))


def test_links_in_one_document_land(project: Project) -> None:
    edition(project).build("singlehtml")
    page = project.page("index", "singlehtml")
    links = page.select("svg a[href]")
    assert links
    for link in links:
        assert page.find(id=str(link["href"]).removeprefix("#")) is not None, link


def test_the_printed_book_has_picture_alternative_and_table(project: Project) -> None:
    edition(project)
    project.build("edition-pdf")
    assert project.warnings == ""
    file = project.output("annotated-edition.pdf", "edition-pdf")
    source = project.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    assert re.search(r'#picture\("images/[^"]+\.svg", "Chronology. 6 dates of 3 notes', source)
    text = " ".join(page.extract_text() for page in PdfReader(file).pages)
    assert "later" in text
    assert "138 BC" in text
    first = file.read_bytes()
    project.build("edition-pdf", freshenv=True)
    assert file.read_bytes() == first


@pytest.mark.parametrize(("builder", "folder"), [("edition-pdf", "images"), ("epub", "_images")])
def test_a_long_picture_is_parted_on_pages(project: Project, builder: str, folder: str) -> None:
    edition(project)
    project.configure('copyright = "2026"\nversion = "1"\n')
    names = [f"n{number:02}" for number in range(40)]
    project.text(" ".join(["old road, new town, treaty.", *(f"word{n} here" for n in names)]))
    for name in names:
        project.note(f"history/{name}", f"word{name}", front='dates:\n  "1990": It')
    project.index += "\n```{toctree}\ncommentary/chronology\n```\n"
    project.build(builder)
    assert project.warnings == ""
    pictures = list(project.output(folder, builder).glob("*.svg"))
    assert len(pictures) > 1
    drawn = [path.read_text(encoding="utf-8") for path in pictures]
    marks = [text.count('class="mark') for text in drawn]
    assert sum(marks) == 46
    assert min(marks) > max(marks) / 2
    # Each is described, the whole once.
    described = [text for text in drawn if "46 dates of 43 notes" in text]
    assert len(described) == 1
    # One scale for all of them.
    lines = {re.search(r'd="(M[0-9.]+) [^>]*class="line"', text)[1] for text in drawn}  # type: ignore[index]
    assert len(lines) == 1


def test_an_e_reader_has_two_columns_and_no_word_is_cut(project: Project) -> None:
    edition(project)
    project.configure('copyright = "2026"\nversion = "1"\n')
    project.build("epub")
    page = parse(project.output("commentary/chronology.xhtml", "epub"))
    rows = [[cell.get_text(" ", strip=True) for cell in row] for row in page.select("tr")]
    rows = [[cell for cell in row if cell] for row in rows]
    assert rows[0] == ["Date", "Event · ¶ · Note"]
    assert {len(row) for row in rows} == {2}
    assert re.fullmatch(r".+ ¶1 .+", rows[1][1])
    [picture] = project.output("_images", "epub").glob("chronology*.svg")
    svg = BeautifulSoup(picture.read_text(encoding="utf-8"), "lxml-xml").svg
    assert svg is not None
    width = float(str(svg["viewBox"]).split()[2])
    for words in svg.select("[text-anchor=middle] > text"):
        half = width_of(words.get_text(), float(str(words.parent["font-size"])), PRINT) / 2  # type: ignore[index]
        assert half - 0.1 <= float(str(words["x"])) <= width - half + 0.1, words


def test_a_page_without_dates_shows_nothing(project: Project) -> None:
    project.text("The old road.")
    project.note("history/road", "old road")
    project.write("commentary/chronology.md", PAGE.format(options=""))
    project.index += "\n```{toctree}\ncommentary/chronology\n```\n"
    project.build()
    assert project.warnings == ""
    page = project.page("commentary/chronology")
    assert page.select_one("svg, table, figure") is None


def test_only_pages_with_charts_have_the_style_sheet(project: Project) -> None:
    edition(project).build()
    assert "figures.css" in str(project.page("commentary/chronology").head)
    assert "figures.css" not in str(project.page("text/a").head)
    assert project.output("_static/figures.css").is_file()
