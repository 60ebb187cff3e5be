"""The editions under ``examples``: all builders make them without a warning, and without a fault.

They are texts unlike each other, in both directions of writing.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser
from pypdf import PdfReader

from support.axe import faults
from support.edition import ROOT
from support.epub import checked
from support.pages import parse
from support.project import Project
from support.shared import folder_of, made_once
from support.tex import pdf_of

EXAMPLES = ROOT / "examples"

#: Of each example: the labels of its first passages, and words that every output has.
SEEN = {
    "chapman": (["¶1"], "some watcher of the skies"),
    "analects": (["1.1", "1.1", "1.2"], "Fine words"),
    "constitution": (["¶1", "¶1", "¶1", "¶2"], "secure the Blessings"),
    "genesis": (["1:1", "1:2"], "וְרוּחַ"),
}
BUILDERS = ("html", "singlehtml", "text", "latex", "epub", "edition-pdf", "tei")


@pytest.fixture(scope="module", params=SEEN)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of one of them, built by all without a warning."""
    folder = folder_of(tmp_path_factory, f"example-{request.param}")

    def make() -> None:
        project = Project(folder)
        shutil.copytree(EXAMPLES / request.param, folder, dirs_exist_ok=True)
        for builder in BUILDERS:
            # One environment for all; warnings are told again in every build.
            project.build(builder)
            assert project.warnings == ""

    return made_once(folder, make) / "_build"


def page_of(example: Path) -> str:
    """The only page of the text."""
    (page,) = example.parent.glob("text/*.md")
    return f"text/{page.stem}"


def of(example: Path) -> tuple[list[str], str]:
    return SEEN[example.parent.name.removeprefix("example-")]


def test_all_examples_are_built() -> None:
    assert sorted(path.parent.name for path in EXAMPLES.glob("*/conf.py")) == sorted(SEEN)


def test_every_output_has_text_and_notes(example: Path) -> None:
    labels, words = of(example)
    files = example.parent.glob("commentary/*/*.md")
    notes = sum(file.parent.name != "cross-references" for file in files)
    html = parse(example / f"html/{page_of(example)}.html")
    numbers = [it["data-n"] for it in html.select(".passage-number")]
    assert numbers[: len(labels)] == labels
    assert len(html.select("[role=doc-footnote]")) == notes
    (latex,) = (example / "latex").glob("*.tex")
    (tei,) = (example / "tei").glob("*.xml")
    for file in (
        example / f"text/{page_of(example)}.txt",
        example / "edition-pdf/annotated-edition.typ",
        latex,
        tei,
    ):
        assert words in re.sub(r"\s+", " ", file.read_text(encoding="utf-8"))
    assert (example / "edition-pdf/annotated-edition.pdf").stat().st_size > 10_000


@pytest.mark.tex
@pytest.mark.parametrize("example", ["analects", "genesis"], indirect=True)
def test_tex_loses_no_letter(example: Path) -> None:
    """With what their configuration names: Hebrew needs XeTeX, Chinese a font, too."""
    assert PdfReader(pdf_of(example / "latex", "xeCJK.sty")).pages


def test_epubcheck_finds_nothing(example: Path) -> None:
    (book,) = (example / "epub").glob("*.epub")
    assert checked(book) == []


def test_axe_finds_nothing(example: Path, browser: Browser) -> None:
    text = example / f"html/{page_of(example)}.html"
    note = next(example.glob("html/commentary/words/*.html"))
    others = [note, example / "html/index.html", example / "singlehtml/index.html"]
    for path, widths in ((text, [1440, 800, 390]), *((other, [1440]) for other in others)):
        page = browser.new_page()
        page.goto(path.as_uri())
        page.evaluate(AXE_SCRIPT)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                assert faults(page, scheme) == [], (path, width, scheme)
        page.close()


@pytest.mark.parametrize("example", ["chapman"], indirect=True)
def test_the_sonnet_has_lines_that_are_cited(example: Path) -> None:
    page = parse(example / "html/text/sonnet.html")
    assert [it["data-line"] for it in page.select(".line-number")] == ["5", "10"]
    # A note over the end of a line, and two lines of one stanza that are tied.
    over = (example / "text/commentary/words/planet.txt").read_text(encoding="utf-8")
    assert "¶1, lines 9–10" in over
    tied = (example / "text/commentary/cross-references/first-sight.txt").read_text("utf-8")
    assert re.findall(r"\* (¶1, line \d+)", tied) == ["¶1, line 10", "¶1, line 12"]
    book = (example / "edition-pdf/annotated-edition.typ").read_text(encoding="utf-8")
    assert re.findall(r"\([01], ([1-9]\d*), \[", book) == ["5", "10"]
