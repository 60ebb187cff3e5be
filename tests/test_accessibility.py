"""axe-core on the edition's own pages: every sort of page, width, scheme and state."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from support.axe import EVERYTHING, SHORTEN, faults
from support.edition import Outputs

WIDTHS = [1440, 1280, 1024, 800, 390, 320]
#: The narrowest of each of the widths that the style sheets tell apart.
NARROWEST = [1280, 1024, 800, 320]
SCHEMES = ["light", "dark"]
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
    "whole-text.html",
    "404.html",
]
#: Pages that have again what others have, all of it.
WHOLE = {"whole-text.html", "whole-notes.html"}
#: How many tests share the pages of the edition.
SHARES = 4


@pytest.fixture(scope="module")
def edition(outputs: Outputs) -> Path:
    return outputs("html")


def new_page(browser: Browser, width: int = 1440) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    # Sent once and not with each page.
    page.add_init_script(AXE_SCRIPT)
    return page


def go(page: Page, edition: Path, path: str) -> None:
    name, mark, query = path.partition("?")
    page.goto((edition / name).as_uri() + mark + query)
    if query:
        expect(page.locator("#search-results li").first).to_be_visible()


def faults_in(page: Page, scheme: str, *, colours: bool = True) -> list[str]:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    return faults(page, scheme, colours=colours)


@pytest.mark.parametrize("path", SORTS)
def test_every_sort_of_page(edition: Path, browser: Browser, path: str) -> None:
    """Of entries that are alike some: ``test_every_page`` asks for all of them."""
    page = new_page(browser)
    go(page, edition, path)
    page.evaluate(SHORTEN)
    for width in WIDTHS if EVERYTHING else NARROWEST:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            assert faults_in(page, scheme) == [], (width, scheme)
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_notes_open(edition: Path, browser: Browser, width: int) -> None:
    page = new_page(browser, width)
    go(page, edition, TEXT)
    mark = page.locator("#noteref-silk-road")
    mark.click()
    if width >= 1024:
        page.locator("#note-silk-road .gist").hover()
    note = page.locator("#note-silk-road.is-lit" if width != 800 else "#peek")
    for scheme in SCHEMES:
        expect(note).to_be_visible()
        assert faults_in(page, scheme) == [], scheme
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    for scheme in SCHEMES:
        expect(page.locator("#keys")).to_be_visible()
        assert faults_in(page, scheme) == [], scheme
    page.keyboard.press("Escape")
    page.locator(".passage-number").first.click()
    opened = page.locator("#peek button").first
    expect(opened).to_be_visible()
    if width < 1024:
        page.keyboard.press("Escape")
        page.locator(".layers-button").click()
        opened = page.locator("#layers")
    for scheme in SCHEMES:
        expect(opened).to_be_visible()
        assert faults_in(page, scheme) == [], scheme
    page.close()


@pytest.mark.parametrize("scheme", SCHEMES if EVERYTHING else ["light"])
@pytest.mark.parametrize("width", WIDTHS if EVERYTHING else [1280])
@pytest.mark.parametrize("share", range(SHARES))
def test_every_page(edition: Path, browser: Browser, share: int, width: int, scheme: str) -> None:
    """Of each sort of page one was asked for its colours (``test_every_sort_of_page``)."""
    page = new_page(browser, width)
    paths = sorted(edition.rglob("*.html"))
    assert len(paths) > 80
    found = {}
    for path in [path for path in paths if path.name not in WHOLE][share::SHARES]:
        name = str(path.relative_to(edition))
        go(page, edition, name)
        found[name] = faults_in(page, scheme, colours=EVERYTHING)
    page.close()
    assert {path: there for path, there in found.items() if there} == {}
