"""axe-core on the edition's own pages: every sort of page, width, scheme and state."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from conftest import ROOT
from test_page import NEXT_FRAME, REPOSITORY, build, chromium

pytestmark = pytest.mark.xdist_group("accessibility")

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What colours have to do with: the rest doesn't know whether a page is dark.
COLOURS = ["color-contrast", "link-in-text-block"]
WIDTHS = [1440, 1280, 1024, 800, 390, 320]
TEXT = "article/greeting.html"
#: One page of each sort.
SORTS = [
    "index.html",
    "article/index.html",
    "article/introduction.html",
    TEXT,
    "commentary/history/silk-road.html",
    "commentary/cross-references/silk-road-to-belt.html",
    "commentary/about.html",
    "commentary/notes.html",
    "commentary/registers.html",
    "commentary/people-register.html",
    "commentary/chronology.html",
    "commentary/map.html",
    "commentary/versions.html",
    "commentary/glossary.html",
    "commentary/bibliography.html",
    "search.html?q=silk",
    "genindex.html",
    "404.html",
]
#: A bibliography's later entries are like its first ones, and take minutes.
LIKE = "div.citation:nth-child(n + 31)"
RUN = """async ([exclude, options]) => (await axe.run({ exclude }, options)).violations.flatMap(
  ({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target} ${html.slice(0, 120)}`))"""
#: Landmarks that say nothing; a page has one main, one header and one footer.
UNNAMED = """() => [...document.querySelectorAll(
    "nav, aside, form[role], [role=region], [role=navigation], [role=complementary], [role=search]"
  )].filter((it) => it.getClientRects().length && it.getAttribute("role") !== "doc-footnote")
  .filter((it) => !it.ariaLabel && !document.getElementById(it.getAttribute("aria-labelledby")))
  .map((it) => it.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("accessible"), "html", *REPOSITORY)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def go(page: Page, edition: Path, path: str) -> None:
    name, mark, query = path.partition("?")
    page.goto((edition / name).as_uri() + mark + query)
    page.evaluate(AXE_SCRIPT)
    if query:
        expect(page.locator("#search-results li").first).to_be_visible()


def faults(page: Page, scheme: str = "light", without: str = "") -> list[str]:
    """What axe-core finds; nothing is asked twice, and only faults are brought over."""
    page.evaluate(NEXT_FRAME)
    only = ("tag", TAGS) if scheme == "light" else ("rule", COLOURS)
    options = {
        "runOnly": {"type": only[0], "values": only[1]},
        "resultTypes": ["violations"],
        # Style sheets are fetched for a rule on turned screens, which files can't be.
        "preload": False,
    }
    found: list[str] = page.evaluate(RUN, [[[without]] if without else [], options])
    return found + [f"landmark without a name: {html}" for html in page.evaluate(UNNAMED)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", SORTS)
def test_every_sort_of_page(edition: Path, browser: Browser, path: str, scheme: Any) -> None:
    page = browser.new_page(color_scheme=scheme)
    go(page, edition, path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page, scheme, LIKE) == [], width
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_notes_open(edition: Path, browser: Browser, width: int, scheme: Any) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    go(page, edition, TEXT)
    mark = page.locator("#noteref-silk-road")
    mark.click()
    if width >= 1024:
        page.locator("#note-silk-road .gist").hover()
    note = page.locator("#note-silk-road.is-lit" if width != 800 else "#peek")
    expect(note).to_be_visible()
    assert faults(page, scheme) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert faults(page, scheme) == []
    page.keyboard.press("Escape")
    page.locator(".passage-number").first.click()
    expect(page.locator("#peek button").first).to_be_visible()
    if width < 1024:
        page.keyboard.press("Escape")
        page.locator(".layers-button").click()
        expect(page.locator("#layers")).to_be_visible()
    assert faults(page, scheme) == []
    page.close()


#: The pages of a sort are alike; AXE_EVERYTHING asks for each of them in each way all the same.
EVERYTHING = bool(os.environ.get("AXE_EVERYTHING"))


@pytest.mark.parametrize("scheme", ["light", "dark"] if EVERYTHING else ["light"])
@pytest.mark.parametrize("width", WIDTHS if EVERYTHING else [1280])
def test_every_page(edition: Path, browser: Browser, width: int, scheme: Any) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    paths = sorted(edition.rglob("*.html"))
    assert len(paths) > 80
    found = {}
    for path in paths:
        name = str(path.relative_to(edition))
        go(page, edition, name)
        found[name] = faults(page, scheme)
    page.close()
    assert {path: there for path, there in found.items() if there} == {}
