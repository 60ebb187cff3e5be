"""The text's words, copied, found and linked to: no mark, number or note is among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Locator, Page

from support.browser import ENGINES, FOUND, SELECTED, expect
from support.edition import PAGES, PARTS, ROOT, Outputs
from support.pages import parse, words_of
from support.project import Project

WIDTHS = [1440, 800, 390]
everywhere = pytest.mark.parametrize("browser", ENGINES, indirect=True)
#: Where the first and the last character of a passage's words are on the screen.
ENDS = """(passage) => {
  passage.scrollIntoView({ block: "nearest" });
  const walker = document.createTreeWalker(passage, NodeFilter.SHOW_TEXT,
    (node) => node.parentElement.closest("sup") ? 2 : 1);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  const box = (node, at) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  const [first, last] = [box(nodes[0], 0), box(nodes.at(-1), nodes.at(-1).length - 1)];
  const middle = ({ top, bottom }) => (top + bottom) / 2;
  return { start: [first.left, middle(first)], end: [last.right, middle(last)] };
}"""

#: Where a passage is when the browser has scrolled to something.
SCROLLED = """async (passage) => {
  for (let n = 0; n < 100 && !scrollY; n += 1)
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const { top, bottom } = document.getElementById(passage).getBoundingClientRect();
  return [top, bottom];
}"""


@pytest.fixture(scope="module")
def edition(outputs: Outputs) -> Path:
    return outputs("html")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # Firefox asks its user.
    permissions = ["clipboard-read"] if browser.browser_type.name == "chromium" else []
    context = browser.new_context(permissions=permissions)
    yield context.new_page()
    context.close()


def copy_text() -> list[str]:
    """The fourteen paragraphs of the article's body."""
    paragraphs = (ROOT / "article/source.txt").read_text(encoding="utf-8").split("\n\n")
    return [paragraph.strip() for paragraph in paragraphs if paragraph.strip()][-14:]


def plain(text: str) -> str:
    """With the copy-text's quotation marks, apostrophes and dashes."""
    for signs, sign in (("“”", '"'), ("‘’", "'"), ("—–", "--"), (" ", " ")):
        text = re.sub(f"[{signs}]", sign, text)
    return text.strip()


def selection(page: Page) -> list[str]:
    """The passages of the selection: where breaks are is what is asked, not how many lines."""
    return re.split(r"\n+", page.evaluate("getSelection().toString()").strip())


@everywhere
@pytest.mark.parametrize("width", WIDTHS)
def test_a_selected_passage_is_the_copy_texts_paragraph(
    page: Page, edition: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    selected = []
    for part in PARTS:
        page.goto((edition / f"article/{part}.html").as_uri())
        selected += [plain(words) for words in page.evaluate(SELECTED)]
    assert selected == [plain(words) for words in copy_text()]


@everywhere
@pytest.mark.parametrize("width", [1440, 800])  # a phone has no mouse
def test_two_passages_are_copied_without_what_is_in_between(
    page: Page, edition: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 4000})
    page.goto((edition / "article/greeting.html").as_uri())
    words = [
        words_of(passage)
        for passage in parse(edition / "article/greeting.html").select("p.passage")
    ]
    begin = page.locator("#p1").evaluate(ENDS)["start"]
    page.mouse.move(*begin)
    page.mouse.down()
    end = page.locator("#p2").evaluate(ENDS)["end"]
    page.mouse.move(*end, steps=5)
    page.mouse.up()
    page.wait_for_selector("main.is-quoting")
    assert selection(page) == words
    # The box for comments stands between the passages.
    expect(page.locator(".comment")).to_be_visible()
    assert selection(page) == words
    if page.context.browser and page.context.browser.browser_type.name == "chromium":
        page.keyboard.press("Control+c")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert re.split(r"\n+", copied.strip()) == words
    # By keyboard, a passage less one letter.
    for _time in range(2):
        page.keyboard.press("Shift+ArrowLeft")
    assert selection(page) == [words[0], words[1][:-2]]


def drag(page: Page, start: Locator, end: Locator) -> str:
    """What the mouse has selected, from the first word of one element to the last of another."""
    page.mouse.move(*start.evaluate(ENDS)["start"])
    page.mouse.down()
    page.mouse.move(*end.evaluate(ENDS)["end"], steps=5)
    page.mouse.up()
    text: str = page.evaluate("getSelection().toString()")
    return text


@everywhere
def test_a_notes_words_can_be_selected_after_the_texts(page: Page, edition: Path) -> None:
    page.set_viewport_size({"width": 1440, "height": 4000})
    page.goto((edition / "article/greeting.html").as_uri())
    first, second = page.locator("#p1"), page.locator("#p2")
    for width, last in ((1440, first), (1440, second), (390, first), (390, second)):
        page.set_viewport_size({"width": width, "height": 4000})
        note = page.locator("#note-tokayev")
        if width == 390:
            page.locator("#noteref-tokayev").click()
        gist = note.locator(".gist")
        expect(gist).to_be_visible()
        selected = drag(page, first, last)
        page.wait_for_selector("main.is-quoting")
        assert gist.inner_text() not in selected
        # A note between the passages is not among what is selected, and its words are no handle.
        assert drag(page, gist, gist) == gist.inner_text()
        page.wait_for_selector("main:not(.is-quoting)")
        page.evaluate("getSelection().removeAllRanges()")
        page.keyboard.press("Escape")


def test_an_open_note_is_not_copied_with_its_passage(page: Page, edition: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto((edition / "article/greeting.html").as_uri())
    whole = page.evaluate(SELECTED)
    page.locator("#noteref-tokayev").click()
    expect(page.locator("#note-tokayev")).to_be_visible()
    assert page.evaluate(SELECTED) == whole
    assert all(found for _phrase, found, _passage in page.evaluate(FOUND))


@everywhere
def test_words_are_found_across_marks(page: Page, edition: Path) -> None:
    count = 0
    page.set_viewport_size({"width": 1440, "height": 200})
    for name in PAGES:
        path = edition / f"article/{name}.html"
        words = {str(it["id"]): words_of(it) for it in parse(path).select("p.passage")}
        page.goto(path.as_uri())
        for phrase, is_found, _passage in page.evaluate(FOUND):
            count += 1
            assert is_found, phrase
            page.evaluate("() => { scrollTo(0, 0); getSelection().removeAllRanges(); }")
            # All signs may stand there; a hyphen has a meaning of its own.
            page.goto(f"{path.as_uri()}#:~:text={quote(phrase, safe='').replace('-', '%2D')}")
            # What stands twice is found where it stands first.
            first = next(key for key, text in words.items() if phrase in text)
            top, bottom = page.evaluate(SCROLLED, first)
            assert top < 200, phrase
            assert bottom > 0, phrase
    assert count >= 80


#: What is put on the clipboard where the page itself says what; engines don't let it be read.
COPIED = """() => {
  const clipboardData = new DataTransfer();
  const event = new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
  return ["text/plain", "text/html"].map((type) => event.clipboardData.getData(type));
}"""


@everywhere
def test_stanzas_are_copied_apart(project: Project, page: Page) -> None:
    """Engines part paragraphs by an empty line, and stanzas by none."""
    project.configure('html_theme = "edition"\n')
    verse = (
        "A road ran\\\nover *the* hill.",
        "A belt lay\\\nround the road.",
        "A port,\\\nand a ship.",
    )
    project.text("\n\n".join(verse), "One.\n\nTwo.")
    project.note("h/road", "ran over the hill", "A gist.")
    project.note("h/belt", "A belt", "Another gist.")
    project.build()
    assert project.warnings == ""
    page.goto(project.output("text/a.html").as_uri())
    drag(page, page.locator("#p1 .line").first, page.locator("#p3 .line").last)
    page.wait_for_selector("main.is-quoting")
    before = selection(page)
    plain, html = page.evaluate(COPIED)
    stanzas = ["A road ran\nover the hill.", "A belt lay\nround the road.", "A port,\nand a ship."]
    assert plain == "\n\n".join(stanzas)
    copied = BeautifulSoup(html, "html.parser")
    assert [words.get_text() for words in copied.select("em")] == ["the"]
    assert " ".join(copied.get_text().split()) == " ".join(" ".join(stanzas).split())
    assert len(copied.select(".line-block + br, br + .line-block")) == 2
    # What is selected stays so, in the direction in which it was.
    assert selection(page) == before
    for _time in range(2):
        page.keyboard.press("Shift+ArrowLeft")
    assert page.evaluate(COPIED)[0] == "\n\n".join(stanzas)[:-2]
    # Prose is the engine's own.
    page.goto(project.output("text/b.html").as_uri())
    drag(page, page.locator("#p4"), page.locator("#p5"))
    page.wait_for_selector("main.is-quoting")
    assert page.evaluate(COPIED) == ["", ""]


@pytest.mark.parametrize("theme", ["basic", "alabaster"])
def test_in_any_theme(project: Project, page: Page, theme: str) -> None:
    project.configure(f'html_theme = "{theme}"\n')
    project.text("They came to Samarkand in the spring. Samarkand was far.", "One more Samarkand.")
    for name in ("one", "two"):
        project.note(f"h/{name}", "to Samarkand")
    project.note("h/again", '["came to Samarkand", "Samarkand was far"]')
    project.build()
    assert project.warnings == ""
    page.goto(project.output("text/a.html").as_uri())
    assert page.evaluate(SELECTED) == ["They came to Samarkand in the spring. Samarkand was far."]
    assert all(found for _phrase, found, _passage in page.evaluate(FOUND))
    marks = page.locator("#p1 [role=doc-noteref]")
    expect(marks).to_have_count(4)
    numbers = "it => getComputedStyle(it, '::before').content"
    drawn = [mark.evaluate(numbers).strip('"\u2060') for mark in marks.all()]
    assert drawn == ["1", "2", "3", "1"]
    # Drawn apart, and told apart by whoever drops style sheets.
    boxes = [mark.bounding_box() for mark in marks.all()[:3]]
    for one, other in pairwise(boxes):
        assert one
        assert other
        assert other["x"] - (one["x"] + one["width"]) >= 2
    passage = parse(project.output("text/a.html")).select_one("#p1")
    assert passage
    assert "Samarkand1, 2, 3 in" in passage.get_text()
    label = page.locator("#note-again .label")
    assert label.inner_text().split() == ["1", "2"]
    assert "Note 1" in page.locator("#p1").aria_snapshot()
