"""What the theme offers beside the reading page: faces for letters, room for wide tables."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sphinx.errors import ConfigError

import annotated_edition
from support.browser import ENGINES
from support.project import Project

#: A file in WOFF2 that is certainly there.
FACE = Path(annotated_edition.__file__).parent / "render/html/theme/static/cyrillic.woff2"
FACES = """async () => {
  await document.fonts.ready;
  return [...document.fonts].filter((face) => face.status !== "unloaded").map((face) =>
    `${face.family.replaceAll('"', "")} ${face.style} ${face.unicodeRange.slice(0, 7)}`);
}"""
TABLE = "\n".join(
    ["```{list-table}", "* " + "\n  ".join(f"- Heading{n}ofacolumn" for n in range(9)), "```"]
)


def faces(project: Project, browser: Browser, path: str) -> list[str]:
    """The faces that a page asks for, from the system or from its own folder."""
    page = browser.new_page()
    page.goto(project.output(path).as_uri())
    found: list[str] = page.evaluate(FACES)
    page.close()
    return found


def test_faces_are_fetched_where_they_are_needed(project: Project, browser: Browser) -> None:
    project.configure('html_theme = "edition"\n')
    project.text("Latin letters alone.", "They say 一带一路 there.")
    project.build()
    assert project.warnings == ""
    assert faces(project, browser, "text/a.html") == []
    # No face for Latin letters has Chinese ones.
    assert faces(project, browser, "text/b.html") == ["Far normal U+2E80-"]


def test_a_text_face_of_the_projects_own(project: Project, browser: Browser) -> None:
    project.configure(
        'html_theme = "edition"\nhtml_static_path = ["own"]\n'
        'html_theme_options = {"text_face": "roman.woff2 italic.woff2"}\n'
    )
    for name in ("roman", "italic"):
        (project.folder / "own").mkdir(exist_ok=True)
        (project.folder / f"own/{name}.woff2").write_bytes(FACE.read_bytes())
    project.text("Roman and *italic* letters.")
    project.build()
    assert project.warnings == ""
    found = faces(project, browser, "text/a.html")
    assert sorted(it.rpartition(" ")[0] for it in found) == ["Text italic", "Text normal"]
    project.configure('html_theme_options = {"text_face": "https://other.example/x.woff2"}\n')
    with pytest.raises(ConfigError, match="text_face must name files in WOFF2"):
        project.build()


@pytest.mark.parametrize("browser", ENGINES, indirect=True)
def test_a_wide_table_scrolls_in_its_own_box(project: Project, browser: Browser) -> None:
    project.configure('html_theme = "edition"\n')
    project.text("One passage.", index=TABLE)
    project.build()
    assert project.warnings == ""
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.goto(project.output("index.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    last = page.locator("table td").last
    box = last.bounding_box()
    assert box
    assert box["x"] > 320
    # By keyboard, too: nothing in it has the focus, so the box does.
    table = page.locator(".table-wrapper")
    table.focus()
    for _time in range(60):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => { const box = document.querySelector('.table-wrapper');"
        "return box.scrollLeft + box.clientWidth >= box.scrollWidth - 1; }"
    )
    page.close()


CODE = """
The road.

| One | Two |
|---|---|
| a road | b |

```
{}
```
""".format("a very long line of code " * 20)


def test_tables_and_code_of_the_text_have_room(project: Project, browser: Browser) -> None:
    """A page of the text has tables and code as other pages do; on paper nothing is cut off."""
    project.configure('html_theme = "edition"\n')
    project.text(CODE)
    project.note("h/cell", "a road")
    project.build()
    assert project.warnings == ""
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.goto(project.output("text/a.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    gap = """() => document.querySelector("td + td").getBoundingClientRect().left
      + parseFloat(getComputedStyle(document.querySelector("td + td")).paddingLeft)
      - document.querySelector("td .note-mark").getBoundingClientRect().right"""
    assert page.evaluate(gap) >= 8
    code = page.locator("pre")
    code.focus()
    assert code.evaluate("it => it === document.activeElement && it.scrollWidth > it.clientWidth")
    page.emulate_media(media="print")
    assert code.evaluate("it => it.scrollWidth <= it.clientWidth")
    page.close()


def test_notes_of_one_line_can_be_hit(project: Project, browser: Browser) -> None:
    """Their numbers are links: WCAG 2.5.8."""
    project.configure('html_theme = "edition"\n')
    project.text(" ".join(f"word{number}" for number in range(10, 30)) + ".")
    for number in range(10, 30):
        project.note(f"h/n{number}", f"word{number}")
    project.build()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(project.output("text/a.html").as_uri())
    page.wait_for_selector("main.is-aligned")
    tops = """() => [...document.querySelectorAll(".edition-note .label a")]
      .map((link) => link.getBoundingClientRect().top)"""
    page.wait_for_function(f"({tops})()[0] > 0")
    assert all(below - above >= 24 for above, below in pairwise(page.evaluate(tops)))
    page.close()


def test_permalinks_tell_passages_apart(project: Project) -> None:
    """What they show is the same where headings or columns say the rest."""
    project.configure(
        """
        html_theme = "edition"
        edition_works = {
            "analects": {"pages": ["text/*"], "title": "Analects"}, "legge": {"title": "Legge"},
        }
        """
    )
    beside = "\n\n```{edition:beside} legge\nA way.\n```"
    project.text(f"The road.{beside}", "## One\n\nThe belt.\n\n## Two\n\nThe port.")
    page = project.folder / "text/b.md"
    front = '---\npassages: "{h2}, ¶{n}"\n---\n'
    page.write_text(front + page.read_text(encoding="utf-8"), encoding="utf-8")
    project.build()
    assert project.warnings == ""
    names = [
        str(link["aria-label"])
        for name in ("text/a", "text/b")
        for link in project.page(name).select("a.passage-number")
    ]
    assert names == [
        "Permalink to passage Analects ¶1",
        "Permalink to passage Legge ¶1",
        "Permalink to passage Analects One, ¶1",
        "Permalink to passage Analects Two, ¶1",
    ]


def test_what_is_not_selected_is_so_in_webkit() -> None:
    """It knows the property by its old name alone."""
    for sheet in FACE.parent.glob("*.css*"):
        text = sheet.read_text(encoding="utf-8")
        now, before = (
            re.findall(rf"(?<![\w-]){name}(user-select: \w+)", text) for name in ("", "-webkit-")
        )
        assert now == before, sheet.name


def test_the_head_names_the_edition_and_no_note(project: Project) -> None:
    project.configure('html_theme = "edition"\nversion = release = "1"\n')
    project.text("One word.", "Two words.")
    project.note("words/one", "One")
    project.note("cross-references/both", '["word", "Two words"]')
    project.build()
    page = project.page("text/a")
    title = page.select_one(".edition-title")
    assert title is not None
    assert title.get_text(strip=True) == "A small edition"
    assert page.title is not None
    assert page.title.get_text() == "Page a · A small edition"
    nav, parts = (one.select("a") for one in page.select(".edition-header .edition-nav"))
    assert [link.get_text() for link in nav] == ["Page a", "Page b"]
    assert parts == nav
    assert not project.page("commentary/words/one").select("details.edition-nav")
    project.build("epub")
    book = project.output("content.opf", "epub").read_text(encoding="utf-8")
    assert ">A small edition</dc:title>" in book
    # A title that the project chooses is kept.
    project.configure('html_title = "Of words"\n')
    project.build()
    assert project.page("text/a").title.get_text() == "Page a · Of words"  # type: ignore[union-attr]


def test_a_line_after_a_mark_begins_where_the_others_do(project: Project, browser: Browser) -> None:
    project.configure('html_theme = "edition"\n')
    project.text("x")
    project.write("text/a.md", "# First words here, and then many more of them\n\nText.\n")
    project.note("words/one", "First words here,")
    project.build()
    page = browser.new_page(viewport={"width": 320, "height": 600})
    page.goto(project.output("text/a.html").as_uri())
    # Narrower and narrower, until the line ends at the mark.
    starts = page.evaluate(
        """() => {
          const heading = document.querySelector("h1");
          const after = heading.querySelector(".note-mark").nextSibling;
          const range = document.createRange();
          range.selectNodeContents(after);
          const found = [];
          for (let width = 400; width > 100; width -= 4) {
            heading.style.setProperty("width", `${width}px`);
            const { left, top } = range.getClientRects()[0];
            if (top > heading.querySelector(".note-mark").getClientRects()[0].top + 20)
              found.push(left - heading.getBoundingClientRect().left);
          }
          return found;
        }"""
    )
    page.close()
    assert {*starts} == {0}
