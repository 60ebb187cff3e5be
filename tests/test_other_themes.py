"""Editions in other themes: notes are set apart from the text, numbers from one another.

One small project, built in each; a browser tells where things stand and in which colours.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser

from support.pages import printed
from support.project import Project
from support.shared import folder_of, made_once

THEMES = ["furo", "pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme", "alabaster"]
VERSE = "The road goes on\\\nover the hill\\\ndown to the water\\\ninto the reeds\\\nand home"
GIST = "A gist with words enough to fill more than one line of a page, wherever it may stand."


def write(project: Project) -> None:
    project.configure('edition_repository = ""\n')
    project.text(
        "They came to Samarkand before the winter, and left it in spring, when roads are dry.\n\n"
        "Nobody knows who led them.",
        VERSE,
    )
    for name in ("one", "two", "three"):
        project.note(f"h/{name}", "Samarkand", GIST, "standing: disputed")
    project.write(
        "commentary/cross-references/tie.md",
        "---\nquote:\n  - left it in spring\n  - led them\n---\n# Who led\n\nThey.\n",
    )


@pytest.fixture(scope="module")
def themed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make() -> None:
        for theme in THEMES:
            (folder / theme).mkdir(parents=True)
            project = Project(folder / theme)
            write(project)
            project.build(confoverrides={"html_theme": theme})
            assert project.warnings == ""

    folder = folder_of(tmp_path_factory, "themes")
    return made_once(folder, make)


LOOKS = """() => {
  const box = (selector) => [...document.querySelectorAll(selector)].map((it) => {
    const { left, right, top, bottom, height } = it.getBoundingClientRect();
    const style = getComputedStyle(it);
    return { left, right, top, bottom, height, size: parseFloat(style.fontSize),
      line: parseFloat(style.borderLeftWidth) };
  });
  return {
    words: box(".passage")[0] || null, marks: box(".note-mark"), notes: box(".edition-note"),
    boxes: box(".passage-notes"), ties: box(".cross-reference"), lines: box(".line-number"),
  };
}"""
#: What axe finds in the text and its notes; the rest is the theme's.
AXE = """async () => (await axe.run({ include: [".passage-row"] }, {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] },
  resultTypes: ["violations"], preload: false,
})).violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 99)}`))"""


#: Its links have a contrast of 4.2, wherever they stand.
OWN_FAULTS = {"sphinx_rtd_theme": "color-contrast: <"}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [1440, 390])
def test_notes_are_set_apart(themed: Path, browser: Browser, theme: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((themed / theme / "_build/html/text/a.html").as_uri())
    seen = page.evaluate(LOOKS)
    words = seen["words"]
    first, second, third = seen["marks"]
    for one, other in ((first, second), (second, third)):
        # Numbers that are one beside the other are several.
        assert other["left"] - one["right"] >= 3
        assert one["size"] < words["size"]
    assert seen["boxes"][0]["line"] >= 1
    for note in (*seen["notes"], *seen["ties"]):
        assert note["left"] > words["left"] + 10
        assert note["size"] < words["size"]
        assert note["right"] <= words["right"] + 1
    # The theme's own width changes while its scripts run.
    assert all(one["right"] <= width for one in (*seen["boxes"], *seen["notes"], *seen["ties"]))
    assert len(seen["ties"]) == 2
    assert seen["ties"][0]["top"] >= seen["boxes"][0]["bottom"] - 1
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(AXE)
    assert [it for it in found if not it.startswith(OWN_FAULTS.get(theme, "-"))] == []
    page.goto((themed / theme / "_build/html/text/b.html").as_uri())
    (fifth,) = page.evaluate(LOOKS)["lines"]
    verse = page.evaluate(LOOKS)["words"]
    assert verse["left"] <= fifth["left"]
    assert fifth["bottom"] <= verse["bottom"] + 1
    page.close()


def test_numbers_of_notes_are_several_in_print(project: Project) -> None:
    write(project)
    project.build("latex")
    tex = next(project.output("", "latex").glob("*.tex")).read_text(encoding="utf-8")
    passage = tex[tex.index("They came to Samarkand") :]
    ends = passage[: passage.index(" before the winter")].split(r"\end{footnote}")
    assert [part.strip().startswith(r"\editionbetweenmarks{}") for part in ends[1:-1]] == [True] * 2
    project.build("edition-pdf")
    pages = printed(next(project.output("", "edition-pdf").glob("*.pdf"))).pages
    page = next(it for it in pages if "They came to" in (it.extract_text() or ""))
    line = [it for it in page.chars if it["text"] in "123" and it["size"] < 9]
    marks = [it for it in line if abs(it["top"] - line[0]["top"]) < 6][-3:]
    for one, other in pairwise(marks):
        assert other["x0"] - one["x1"] >= 0.8
