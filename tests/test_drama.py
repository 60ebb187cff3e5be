"""Plays: speakers, stage directions, and places cited by act, scene and line."""

from __future__ import annotations

import re

import pdfplumber
import pytest
from playwright.sync_api import Browser

from support.project import Project

PLAY = """\
---
passages: "{h2.number}.{h3.number}.{line}"
---
# A play

## Act I

### Scene 1

{edition:stage}`Enter A KING and a FOOL`

{edition:speaker}`KING`\\
The night is long, and I have walked alone,\\
And no one comes. {edition:stage}`He sits` The fire is out,\\
The door is shut.

{edition:speaker}`FOOL`\\
Then open it, and see who stands without.

### Scene 2

{edition:speaker}`KING`\\
The fool has gone.
"""


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two scenes."""
    project = Project(tmp_path_factory.mktemp("play"))
    project.configure('html_theme = "edition"\n')
    project.text("x")
    project.write("text/a.md", PLAY)
    # Across a direction; and a word that a speaker's name has, too.
    project.note("words/fire", "comes. The fire is out, The door")
    project.note("words/fool", "fool")
    project.note("words/gone", "has gone")
    return project


def test_speakers_and_directions_are_no_words_of_a_speech(play: Project) -> None:
    play.build("html")
    assert play.warnings == ""
    page = play.page("text/a")
    assert [it.get_text() for it in page.select(".speaker")] == ["KING", "FOOL", "KING"]
    assert [it.get_text() for it in page.select(".stage")] == ["Enter A KING and a FOOL", "He sits"]
    speeches = page.select(".passage")
    assert [it["id"] for it in speeches] == ["p-i-1-1", "p-i-1-4", "p-i-2-1"]
    for drawn in page.select(".passage-number, [role=doc-noteref], .speaker, .stage"):
        drawn.extract()
    assert " ".join(speeches[0].get_text().split()).startswith("The night is long")
    assert page.select_one("link[href*='texts.css']")


def test_places_are_cited_by_act_scene_and_line(play: Project) -> None:
    play.build("text")
    assert play.warnings == ""
    cited = {
        name: re.findall(
            r"\* (\S+)", play.output(f"commentary/words/{name}.txt", "text").read_text("utf-8")
        )[0]
        for name in ("fire", "fool", "gone")
    }
    assert cited == {"fire": "I.1.2–3", "fool": "I.2.1", "gone": "I.2.1"}
    written = play.output("text/a.txt", "text").read_text(encoding="utf-8")
    assert re.search(r"KING\n *The night is long", written)
    assert "*He sits*" in written


def test_plays_in_print_and_in_tei(play: Project) -> None:
    play.build("edition-pdf")
    assert play.warnings == ""
    book = play.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    assert book.count("#speaker[") == 3
    assert "#emph[He sits]" in book
    play.build("tei")
    tei = next(play.output("", "tei").glob("*.xml")).read_text(encoding="utf-8")
    assert '<name type="speaker">KING</name>' in tei
    assert "<stage>He sits</stage>" in tei


# ---- A line that speakers share

SHARED = """\
---
passages: "{h2.number}.{line}"
---
# A play

## Scene 1

{edition:speaker}`KING`\\
The night is long, and no one comes to me.\\
Who stands without?

{edition:speaker}`FOOL`\\
{edition:part}`M` A *fool*, my lord.

{edition:stage}`Enter FOOL`

{edition:speaker}`KING`\\
{edition:part}`F` Come in,\\
And shut the door behind you.

{edition:part}`F` Now.

{edition:speaker}`FOOL`\\
It will not shut.
"""


@pytest.fixture
def shared(project: Project) -> Project:
    project.configure('html_theme = "edition"\nedition_line_numbers = 1\n')
    project.text("x")
    project.write("text/a.md", SHARED)
    return project


def test_a_direction_takes_room_in_a_shared_line(shared: Project) -> None:
    direction = "{edition:stage}`to the FOOL`"
    shared.write(
        "text/a.md", SHARED.replace("Who stands without?", f"Who stands {direction} without?")
    )
    shared.build()
    assert shared.warnings == ""
    room = shared.page("text/a").select(".line-before")[0]
    assert room["data-before"] == "Who stands to the FOOL without?"


def test_a_shared_line_is_counted_once(shared: Project) -> None:
    shared.note("words/stands", "stands without", "Of the first.")
    shared.note("words/fool", "my lord", "Of the second.")
    shared.note("words/over", "Who stands without? A fool", "Of both.")
    shared.build()
    assert shared.warnings == ""
    page = shared.page("text/a")
    numbers = [it["data-line"] for it in page.select(".line-number")]
    assert numbers == ["1", "2", "3", "4"]
    ids = [it["id"] for it in page.select(".line[id]")]
    assert ids == [
        *("p-1-1-line-1", "p-1-1-line-2", "p-1-2-line-2", "p-1-2-2-line-2"),
        *("p-1-2-2-line-3", "p-1-3-line-3", "p-1-4-line-4"),
    ]
    room = [it["data-before"] for it in page.select(".line-before")]
    assert room == [
        "Who stands without?",
        "Who stands without? A fool, my lord.",
        "And shut the door behind you.",
    ]
    # No word stands there twice.
    text = page.select_one("main")
    assert text is not None
    assert text.get_text().count("Who stands") == 1
    shared.build("text")
    cited = {
        name: re.findall(
            r"\* (\S+)", shared.output(f"commentary/words/{name}.txt", "text").read_text("utf-8")
        )
        for name in ("stands", "fool", "over")
    }
    assert cited == {"stands": ["1.2"], "fool": ["1.2"], "over": ["1.2", "1.2"]}


EDGES = """() => [...document.querySelectorAll(".line")].flatMap((line) => {
  const range = document.createRange();
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walk.nextNode())
    if (!walk.currentNode.parentElement.closest("sup, .speaker, .stage"))
      words.push(walk.currentNode);
  if (!words.length) return [];
  range.setStartBefore(words[0]);
  range.setEndAfter(words.at(-1));
  const { left, right } = range.getBoundingClientRect();
  return [[Math.round(left), Math.round(right)]];
})"""


@pytest.mark.parametrize("theme", ["edition", "furo"])
def test_each_part_begins_where_the_one_before_it_ends(
    shared: Project, browser: Browser, theme: str
) -> None:
    shared.configure(f"html_theme = {theme!r}\n")
    shared.build()
    window = browser.new_page(viewport={"width": 1440, "height": 800})
    window.goto(shared.output("text/a.html").as_uri())
    edges = window.evaluate(EDGES)
    # Where a passage's number stands in its first line, what is there begins later.
    for before, after in ((1, 2), (2, 3), (4, 5))[: 3 if theme == "edition" else 2]:
        assert abs(edges[before][1] - edges[after][0]) < 12
    assert edges[6][0] == edges[0][0]
    # Where there is little room they still stand in the window.
    window.set_viewport_size({"width": 320, "height": 800})
    assert all(0 < left < right <= 320 for left, right in window.evaluate(EDGES))
    window.close()


def test_a_shared_line_in_print_and_in_tei(shared: Project) -> None:
    shared.build("edition-pdf")
    assert shared.warnings == ""
    with pdfplumber.open(shared.output("annotated-edition.pdf", "edition-pdf")) as book:
        (page,) = (page for page in book.pages if "stands without" in page.extract_text())
        printed = page.extract_words(keep_blank_chars=False)
        assert page.extract_text().count("stands without") == 1
    at = {word["text"]: word for word in printed}
    for before, after in (("without?", "A"), ("lord.", "Come"), ("you.", "Now.")):
        assert at[before]["top"] < at[after]["top"]
        assert 0 < at[after]["x0"] - at[before]["x1"] < 12, (before, after)
    shared.build("latex")
    (latex,) = shared.output("", "latex").glob("*.tex")
    assert r"\hphantom{Who stands without? }" in latex.read_text(encoding="utf-8")
    shared.build("epub")
    spoken = shared.output("text/a.xhtml", "epub").read_text(encoding="utf-8")
    assert spoken.count('class="line-before" data-before="') == 3
    shared.build("tei")
    tei = next(shared.output("", "tei").glob("*.xml")).read_text(encoding="utf-8")
    assert re.findall(r'<l n="(\d)" part="(\w)">', tei) == [
        *(("2", "I"), ("2", "M"), ("2", "F"), ("3", "I"), ("3", "F")),
    ]


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("One line,\\\nand more {edition:part}`F` words.", 4, "stands amid words"),
        ("One line,\\\n{edition:part}`X` and more.", 4, "'X' is neither M nor F"),
        ("{edition:part}`F` One line,\\\nand more.", 3, "no line comes before it"),
    ],
)
def test_a_part_of_no_line_is_told(project: Project, text: str, line: int, fault: str) -> None:
    project.text(text)
    project.build()
    assert f"text/a.md:{line}: WARNING: {{edition:part}} {fault}: write" in project.warnings
