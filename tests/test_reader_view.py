"""What browsers' reader views keep: Mozilla's Readability, which Firefox has, and others took over.

It comes from npm (``support.npm``); without npm these tests are skipped and say why.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from support.edition import PAGES, Outputs
from support.npm import installed
from support.pages import parse, words_of

READ = """([script]) => {
  const Readability = new Function(`${script}; return Readability`)();
  return new Readability(document.cloneNode(true), { keepClasses: true }).parse();
}"""


@pytest.fixture(scope="module")
def readability() -> str:
    """The script."""
    modules = installed("readability-0.6.0", "@mozilla/readability@0.6.0")
    return (modules / "@mozilla/readability/Readability.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_reader_view_keeps_text_notes_and_numbers(
    readability: str, browser: Browser, outputs: Outputs, name: str
) -> None:
    path: Path = outputs("html") / f"article/{name}.html"
    built = parse(path)
    # A page's policy forbids what `Function` does.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    article = page.evaluate(READ, [readability])
    context.close()
    heading = built.select_one("h1")
    assert heading
    assert article["title"] == heading.get_text().rstrip("¶#").strip()
    shown = BeautifulSoup(article["content"], "lxml")
    for passage in built.select("p.passage"):
        kept = shown.find(id=passage["id"])
        assert kept, f"reader view drops ¶{passage['id']}"
        assert words_of(kept) == words_of(passage)
        marks = passage.select("[role=doc-noteref]")
        assert [it.get_text(strip=True) for it in kept.select("sup")[1:]] == [
            it.get_text(strip=True) for it in marks
        ]
        for mark in marks:
            assert shown.find(id=str(mark["href"])[1:]), f"reader view drops {mark['href']}"
    for note in built.select(".edition-note"):
        kept = shown.find(id=note["id"])
        assert kept, f"reader view drops {note['id']}"
        assert kept.get_text(" ", strip=True) == note.get_text(" ", strip=True)
        # A note stands after the passage of its mark, before the next.
        before, own = kept.find_previous(id=_is_passage), note.find_previous(class_="passage")
        assert before
        assert own
        assert before["id"] == own["id"]


def _is_passage(name: str | None) -> bool:
    return name is not None and name[:1] == "p" and name[1:].isalnum() and len(name) < 5
