"""The search of the theme ``edition``: what it finds, in which order, and where it works."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from support.project import Project
from support.shared import folder_of, made_once

pytestmark = pytest.mark.xdist_group("search")

CONF = """
html_theme = "edition"
exclude_patterns = ["_build"]
edition_repository = "https://github.com/OWNER/NAME"
edition_kinds = {"h": "History"}
extensions += ["sphinxcontrib.bibtex"]
bibtex_bibfiles = ["sources.bib"]
bibtex_reference_style = "author_year_semicolon"
bibtex_default_style = "author_year"
bibtex_cite_id = "source-{key}"
"""


def write(project: Project) -> None:
    project.configure(CONF)
    project.text(
        "The old Silk Road ran to the sea.\n\n"
        "The pipelines carry gas. Trade grew by US$25.25 billion.",
        "At the end, שָׁלוֹם stood on the gate, and a café by the road.",
        "Also ships\u00adwrights \ufb01shed: Işıl, ի՞նչ, ס׳איז, می\u200cدارد, ΛΟΓΟΣ.",
        index="```{toctree}\nglossary\nlist\nsources\nabout\n```",
    )
    project.note(
        "h/name",
        "Silk Road",
        "The name became current after 1877 {cite:p}`Waugh`.",
        'names:\n  zh: 丝绸之路\n  kk: Жібек жолы\ndates:\n  "1936": Hedin’s book',
        "A road is a road. Suggestions were made {cite:p}`Waugh`.",
    )
    project.note(
        "h/gas", "pipelines", "Gas of Қазақстанның fields, по дорогам России {cite:p}`Waugh`."
    )
    project.write("glossary.md", "# Glossary\n\n```{glossary}\nSilk Road\n  A modern name.\n```\n")
    project.write("list.md", "# All notes\n\n```{edition:notes}\n```\n")
    project.write("sources.md", "# Sources\n\n```{bibliography}\n```\n")
    project.write("about.md", "# About\n\nWords.\n\n## To cite\n\nCite the sea.\n")
    project.write(
        "sources.bib",
        "@article{Waugh, author = {Waugh, Daniel}, title = {Richthofen's Silk Roads},"
        " journal = {The Silk Road}, year = {2007}}\n",
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make() -> None:
        folder.mkdir()
        project = Project(folder)
        write(project)
        project.build()
        assert project.warnings == ""

    folder = folder_of(tmp_path_factory, "search")
    return made_once(folder, make) / "_build/html"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which nothing may go wrong."""
    faults: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    assert faults == []


def found(page: Page, site: Path, words: str) -> dict[str, list[str]]:
    """The addresses that a search finds, by the titles of their groups."""
    page.goto(f"{(site / 'search.html').as_uri()}?q={quote(words)}")
    result: dict[str, list[str]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("#search-results h2")].map((it) =>
          [it.textContent, [...it.nextElementSibling.querySelectorAll("a")].map((a) =>
            a.getAttribute("href"))]))"""
    )
    return {name.rpartition(" (")[0]: links for name, links in result.items()}


NAME, GAS = "commentary/h/name.html", "commentary/h/gas.html"


def test_the_text_comes_first_then_notes_then_lists(page: Page, site: Path) -> None:
    groups = found(page, site, "silk road")
    assert list(groups) == ["The text", "Notes", "Lists"]
    assert groups["The text"] == ["text/a.html#p1"]
    assert groups["Notes"] == [NAME]
    assert groups["Lists"][0] == "glossary.html#term-Silk-Road"
    every = [link for links in groups.values() for link in links]
    assert len(every) == len(set(every))
    first = page.locator("#search-results li").first
    expect(first).to_contain_text("¶1")
    expect(first).to_contain_text("Page a")
    expect(first.locator("mark")).to_have_text(["Silk Road"])
    expect(page.locator("#search-said")).to_have_text(f"{len(every)} found")
    # A citation leaves no trace in the words of a note.
    note = page.locator("#search-results li").nth(1)
    expect(note).to_contain_text("The name became current after 1877.")
    expect(note).to_contain_text("Note 1 · ¶1")
    assert "edition" not in page.locator("#search-results").inner_text()


@pytest.mark.parametrize(
    ("words", "links"),
    [
        ("1877", [NAME]),
        ("1936", [NAME]),
        ("25.25", ["text/a.html#p2"]),
        ("丝绸", [NAME]),
        ("丝绸，之路", [NAME]),
        ("之路", [NAME]),
        ("Қазақстан", [GAS]),
        ("жолы", [NAME]),
        ("дорога", [GAS]),
        ("CAFE", ["text/b.html#p3"]),
        ("שלום", ["text/b.html#p3"]),
        # What nobody sees or types, and what is typed for it.
        *((typed, ["text/c.html#p4"]) for typed in ("shipswrights", "fished", "ışıl", "ISIL")),
        *(
            (typed, ["text/c.html#p4"])
            for typed in ("ինչ", "ס'איז", "میدارد", "می\u200cدارد", "λόγος")
        ),
        # The stem, and an ending too many.
        ("pipeline", ["text/a.html#p2", GAS]),
        ("carrying", ["text/a.html#p2"]),
        # What a button says isn't found, what a note says is.
        ("suggest", [NAME]),
        ("change", []),
        ("comment add", []),
        ('"a road"', [NAME]),
        ("waugh", ["sources.html#source-waugh"]),
        ("cite", ["about.html#to-cite"]),
        ("<zebra>", []),
    ],
)
def test_what_is_found(page: Page, site: Path, words: str, links: list[str]) -> None:
    groups = found(page, site, words)
    assert [link for group in groups.values() for link in group] == links
    if not links:
        expect(page.locator("#search-said")).to_contain_text("Nothing found")


def test_signs_alone_find_nothing(page: Page, site: Path) -> None:
    assert found(page, site, "( \\ *") == {}
    expect(page.locator("#search-said")).to_be_empty()


def test_some_of_the_words_are_better_than_none(page: Page, site: Path) -> None:
    groups = found(page, site, "gas zebra")
    assert groups == {"The text": ["text/a.html#p2"], "Notes": [GAS]}
    expect(page.locator("#search-said")).to_contain_text("Nothing has all of these words")


def test_every_page_has_a_box_that_leads_to_the_search(page: Page, site: Path) -> None:
    for path in ("index.html", "text/a.html", NAME, "genindex.html"):
        page.goto((site / path).as_uri())
        loaded = page.evaluate("performance.getEntriesByType('resource').map((it) => it.name)")
        assert not [name for name in loaded if "search" in name or "language" in name]
        page.locator("header").get_by_role("searchbox").fill("sea")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/search\.html\?q=sea$"))
        expect(page.locator("#search-results a").first).to_have_text("¶1")
    page.locator("#search-results a").first.click()
    expect(page.locator("#p1")).to_be_in_viewport()


def test_the_search_follows_what_is_typed(page: Page, site: Path) -> None:
    page.goto((site / "search.html").as_uri())
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("gas")
    expect(page.locator("#search-said")).to_have_text("2 found")
    page.keyboard.type("tronomy")
    expect(page.locator("#search-said")).to_contain_text("Nothing found")


def test_without_script_the_page_says_what_to_do(browser: Browser, site: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((site / "search.html").as_uri())
    expect(page.locator("main")).to_contain_text("The search needs JavaScript, which is off.")
    assert page.locator("main a[href]").count()
    expect(page.locator("main").get_by_role("searchbox")).to_be_hidden()
    page.close()


def test_the_index_follows_every_change(project: Project) -> None:
    """Also where the page isn't written again, and with either sort of addresses."""

    def words(builder: str = "html") -> dict[str, Any]:
        text = project.output("_static/search-data.js", builder).read_text("utf-8")
        data = json.loads(text.removeprefix("const SEARCH_DATA = ").rstrip(";\n"))
        return {address: words for _group, _title, _label, address, words in data["entries"]}

    write(project)
    project.build()
    project.note("h/gas", "pipelines", "Another gist {cite:p}`Waugh`.")
    project.build()
    assert "Another gist." in words()[GAS]
    assert "1877" in words()[NAME]
    (project.folder / "commentary/h/name.md").unlink()
    project.build()
    assert NAME not in words()
    project.build("dirhtml")
    assert "../text/a/#p1" in words("dirhtml")
