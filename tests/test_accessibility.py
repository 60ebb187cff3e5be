"""axe-core on the edition's own pages: every sort of page, width, scheme and state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from support.axe import EVERYTHING, LIKE, faults
from support.browser import chromium
from support.edition import REPOSITORY, ROOT, build

pytestmark = pytest.mark.xdist_group("accessibility")

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
