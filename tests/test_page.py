"""The reading page, in a real browser, from ``file://``."""

from __future__ import annotations

import gzip
import io
import itertools
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pypdf import PdfReader

from support.browser import BOXES, ENGINES, NEXT_FRAME, OPENERS, PLACED, expect, overlapping
from support.edition import ROOT, build
from support.pages import parse
from support.shared import folder_of, made_once
from support.webkit import until

NOTES = 10
FIRST = "letter/first.html"
#: Pages of every sort.
PAGES = [
    "index.html",
    FIRST,
    "letter/second.html",
    "glossary.html",
    "commentary/ships/log.html",
    "commentary/cross-references/compass.html",
    "search.html",
    "genindex.html",
    "404.html",
]
WIDTHS = [320, 390, 800, 1024, 1440]
ABORTED = "net::ERR_ABORTED"


#: In all engines: what they may do differently.
everywhere = pytest.mark.parametrize("browser", ENGINES, indirect=True)
#: The others: Firefox is slower, and its driver can't do all of them.
also_in_webkit = pytest.mark.parametrize("browser", ["chromium", "webkit"], indirect=True)

Open = Callable[..., Page]
Go = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make() -> None:
        shutil.copytree(ROOT / "tests/roots/test-page", folder / "source")
        build(folder / "source", folder)

    folder = folder_of(tmp_path_factory, "page")
    return made_once(folder, make) / "html"


@pytest.fixture
def go(site: Path) -> Go:
    """Goes on to another page of the site."""

    def go(page: Page, path: str) -> None:
        name, mark, query = path.partition("?")
        page.goto((site / name).as_uri() + mark + query)

    return go


@pytest.fixture
def open_page(go: Go, browser: Browser) -> Iterator[Open]:
    """Opens a page of the site; whatever asks another host or complains fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(path: str = FIRST, width: int = 1440, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(f"{path}: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"{path}: {error}"))
        page.on("request", lambda request: None if request.url.startswith("file:") else (
            faults.append(f"{path} asks for {request.url}")))  # fmt: skip
        # Aborted: the page was left before what it asks for had been read.
        page.on("requestfailed", lambda request: None if request.failure == ABORTED else (
            faults.append(f"{path}: no {request.url}: {request.failure}")))  # fmt: skip
        go(page, path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@everywhere
@pytest.mark.parametrize("width", [1440, 1024])
def test_notes_stand_in_the_margin(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    boxes = page.evaluate(BOXES)
    text_right = page.locator("#p1").evaluate("it => it.getBoundingClientRect().right")
    assert len(boxes) == NOTES - 1
    assert all(box["left"] > text_right and box["right"] <= width for box in boxes)
    assert overlapping(boxes) == []


@everywhere
def test_a_lone_note_stands_at_its_mark(open_page: Open) -> None:
    page = open_page("letter/second.html")
    way = page.evaluate(
        """() => document.querySelector("#note-kept").getBoundingClientRect().top
        - document.querySelector("#noteref-kept").getBoundingClientRect().top"""
    )
    assert abs(way) <= 12


@also_in_webkit
def test_script_brings_notes_nearer_to_their_marks(open_page: Open) -> None:
    def ways(page: Page) -> list[float]:
        tops = [
            (
                note.bounding_box(),
                page.locator(f"[href='#{note.get_attribute('id')}']").bounding_box(),
            )
            for note in page.locator(".edition-note").all()
        ]
        return [abs(note["y"] - mark["y"]) for note, mark in tops if note and mark]

    with_script, without = ways(open_page()), ways(open_page(java_script_enabled=False))
    assert len(with_script) == len(without) == NOTES - 1
    assert max(with_script) < 0.9 * max(without)


@everywhere
def test_notes_follow_when_only_the_margin_shrinks(open_page: Open) -> None:
    """Between these widths the text keeps its lines, and notes need more of them."""
    page = open_page(width=1300)
    text = page.locator("#p1").bounding_box()
    page.set_viewport_size({"width": 1040, "height": 900})
    page.evaluate(NEXT_FRAME)
    after = page.locator("#p1").bounding_box()
    assert text
    assert after
    assert text["width"] == after["width"]
    moved = page.evaluate(BOXES)
    page.reload()
    assert moved == page.evaluate(BOXES)
    assert overlapping(moved) == []


@everywhere
@pytest.mark.parametrize("width", [390, 800])
def test_notes_are_closed_on_smaller_screens(open_page: Open, width: int) -> None:
    assert open_page(width=width).evaluate(BOXES) == []


@also_in_webkit
@pytest.mark.parametrize("width", [390, 800, 1024, 1440])
def test_without_script_every_note_can_be_read(open_page: Open, width: int) -> None:
    page = open_page(width=width, java_script_enabled=False)
    notes = page.locator(".edition-note")
    assert notes.count() == NOTES - 1
    for note in notes.all():
        expect(note).to_be_visible()
    boxes = [
        {"id": str(at), "left": box["x"], "top": box["y"], "right": box["x"] + box["width"],
         "bottom": box["y"] + box["height"]}
        for at, box in enumerate(filter(None, (note.bounding_box() for note in notes.all())))
    ]  # fmt: skip
    assert overlapping(boxes) == []
    expect(page.locator(".terms-here")).to_contain_text("The star that a ship is steered by")


@everywhere
def test_pages_are_no_wider_than_the_window(open_page: Open, go: Go) -> None:
    page = open_page()
    for path in PAGES:
        go(page, path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width)


@also_in_webkit
@pytest.mark.parametrize("width", [800, 1024, 1440])
def test_lines_have_45_to_75_characters(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    lines = page.evaluate(
        """() => {
          const passage = document.querySelector("#p2");
          const height = parseFloat(getComputedStyle(passage).lineHeight);
          return passage.getBoundingClientRect().height / height;
        }"""
    )
    text = page.locator("#p2").inner_text()
    assert len(text) / round(lines) >= 45
    assert len(text) / (round(lines) - 1) <= 75


@also_in_webkit
@pytest.mark.parametrize("width", WIDTHS)
def test_numbers_stand_in_the_gutter(open_page: Open, width: int) -> None:
    page = open_page("letter/second.html", width)
    numbers = page.locator(".passage-number").all()
    assert numbers
    for number in numbers:
        box = number.bounding_box()
        passage = number.locator("xpath=..").bounding_box()
        assert box
        assert passage
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= passage["x"]


@everywhere
@pytest.mark.parametrize("width", [390, 800, 1440])
def test_marks_can_be_focused_and_hit(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    marks = page.locator(".note-mark").all()
    assert len(marks) >= NOTES - 1
    for mark in marks:
        mark.focus()
        expect(mark).to_be_focused()
        page.keyboard.press("Escape")
        hits = mark.evaluate(
            """(mark) => {
              mark.scrollIntoView({ block: "center" });
              const { left, right, top, bottom } = mark.getBoundingClientRect();
              const [x, y] = [(left + right) / 2, (top + bottom) / 2];
              return [[-11, 0], [11, 0], [0, -11], [0, 11]].map(([dx, dy]) =>
                document.elementFromPoint(x + dx, y + dy) === mark);
            }"""
        )
        assert all(hits), mark.get_attribute("id")


@also_in_webkit
@pytest.mark.webkit_lacks("clock")
def test_popover_opens_and_may_be_entered(open_page: Open) -> None:
    page = open_page(width=800)
    peek = page.locator("#peek")
    expect(peek).to_be_hidden()
    # The page's timers run only as told: an installed clock goes on by itself
    # until it is paused.
    page.clock.install(time=0)
    page.reload()
    page.clock.pause_at(60)
    page.locator("#noteref-log").hover()
    page.clock.run_for(200)
    expect(peek).to_be_visible()
    expect(peek).to_contain_text("Gist 3.")
    expect(peek).to_contain_text("disputed")
    page.mouse.move(1, 1)
    page.clock.run_for(150)
    peek.hover()
    page.clock.run_for(5000)
    expect(peek).to_be_visible()
    page.mouse.move(1, 1)
    page.clock.run_for(1000)
    expect(peek).to_be_hidden()
    assert peek.evaluate("it => it.closest('main') !== null")


@everywhere
def test_popover_by_keyboard(open_page: Open) -> None:
    page = open_page(width=800)
    mark, peek = page.locator("#noteref-log"), page.locator("#peek")
    page.locator("#p1 .passage-number").focus()
    page.keyboard.press("n")
    # The script that answers to letters comes with the first of them.
    expect(page.locator("#noteref-barques")).to_be_focused()
    page.locator("#noteref-keys").focus()
    expect(peek).to_contain_text("Gist 4.")
    page.keyboard.press("Shift+Tab")
    expect(mark).to_be_focused()
    expect(peek).to_contain_text("Gist 3.")
    expect(mark).to_have_attribute("aria-expanded", "true")
    # Of the closed note itself nothing lights up.
    expect(page.locator("#note-log")).to_have_class(re.compile("is-lit"))
    expect(page.locator("#note-log")).to_have_css("box-shadow", "none")
    page.keyboard.press("Tab")
    expect(peek.locator(".note-more")).to_be_focused()
    page.keyboard.press("Escape")
    expect(peek).to_be_hidden()
    expect(mark).to_be_focused()


@everywhere
@pytest.mark.parametrize("size", [(390, 844), (700, 600), (800, 700), (1440, 900), (320, 320)])
def test_popovers_are_in_the_window_and_off_their_marks(
    open_page: Open, size: tuple[int, int]
) -> None:
    width, height = size
    page = open_page(width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.keyboard.press("Tab")
    openers = OPENERS if 640 <= width < 1024 else OPENERS.replace(".note-mark, ", "")
    assert page.evaluate(PLACED, [openers, "#peek"]) == []


@also_in_webkit
def test_popovers_open_from_right_to_left(open_page: Open) -> None:
    page = open_page(width=800)
    page.locator("html").evaluate("it => { it.dir = 'rtl'; }")
    page.keyboard.press("Tab")
    assert page.evaluate(PLACED, [OPENERS, "#peek"]) == []


@everywhere
def test_layers_scroll_in_a_small_window(open_page: Open) -> None:
    page = open_page(width=390)
    page.set_viewport_size({"width": 390, "height": 320})
    page.get_by_role("button", name="Layers").click()
    box = page.locator("#layers").bounding_box()
    assert box
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 320
    assert box["width"] < 390
    last = page.get_by_label("Text alone")
    last.check()
    expect(last).to_be_in_viewport()


@also_in_webkit
@pytest.mark.parametrize("width", [390, 800])
def test_closed_notes_are_found(open_page: Open, go: Go, width: int) -> None:
    page = open_page(width=width)
    expect(page.locator("#note-south")).to_be_attached()
    assert page.evaluate(BOXES) == []
    page.goto("about:blank")
    go(page, f"{FIRST}?#:~:text=Gist%207")
    expect(page.locator("#note-south")).to_contain_text("Gist 7")
    page.wait_for_function("() => document.querySelector('#note-south').offsetHeight")
    assert [box["id"] for box in page.evaluate(BOXES)] == ["note-south"]


@everywhere
def test_a_link_shows_what_a_layer_hides(open_page: Open, go: Go) -> None:
    page = open_page()
    page.get_by_label("Ships").uncheck()
    page.get_by_label("Text alone").check()
    go(page, "letter/second.html")
    go(page, f"{FIRST}?#note-log")
    expect(page.locator("#note-log")).to_be_in_viewport()
    expect(page.locator("#told")).to_contain_text("Ships, Text alone.")
    page.keyboard.press("Escape")
    expect(page.locator("#told")).to_be_hidden()
    # What the reader chose is still chosen.
    go(page, "letter/second.html")
    go(page, FIRST)
    expect(page.get_by_label("Ships")).not_to_be_checked()
    page.evaluate("() => { location.hash = '#noteref-south'; }")
    expect(page.locator("#noteref-south")).to_be_visible()


@also_in_webkit
@pytest.mark.webkit_lacks("touch")
def test_popover_by_touch(open_page: Open) -> None:
    page = open_page(width=800, has_touch=True)
    page.locator("#noteref-log").tap()
    expect(page.locator("#peek")).to_contain_text("Gist 3.")
    page.locator("h1").tap()
    expect(page.locator("#peek")).to_be_hidden()


@pytest.mark.parametrize(
    ("browser", "act"),
    [("chromium", "tap"), *((name, "click") for name in ENGINES)],
    indirect=["browser"],
)
def test_note_opens_inside_the_text(open_page: Open, act: str) -> None:
    page = open_page(width=390, **({"has_touch": True} if act == "tap" else {}))
    mark, note = page.locator("#noteref-log"), page.locator("#note-log")
    press = getattr(mark, act)
    mark.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    top = mark.bounding_box()
    press()
    expect(note).to_be_visible()
    assert page.evaluate("scrollY") == before
    box = note.bounding_box()
    assert top
    assert box
    assert top["y"] < box["y"] < top["y"] + 60
    press()
    expect(note).to_be_hidden()
    press()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    assert page.locator(".passage-notes > .edition-note").count() == NOTES - 1


@everywhere
def test_words_and_note_light_up_together(open_page: Open) -> None:
    page = open_page()
    page.locator("#note-pinnace .gist").hover()
    lit = page.locator(".quoted.is-lit")
    assert "".join(lit.all_inner_texts()) == "a pinnace, and the captain"
    # The words "a pinnace" belong to both notes, "two barques" to one.
    page.locator(".quote-barques:not(.quote-pinnace)").first.hover()
    assert "".join(lit.all_inner_texts()) == "two barques and a pinnace"
    expect(page.locator("#note-barques")).to_have_class(re.compile("is-lit"))
    expect(page.locator("#note-pinnace")).not_to_have_class(re.compile("is-lit"))


@everywhere
def test_terms_show_their_definitions(open_page: Open) -> None:
    page = open_page()
    for width in (390, 800, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.reload()
        page.get_by_role("link", name="topsail").first.hover()
        expect(page.locator("#peek")).to_contain_text("The sail above the lowest one.")


@everywhere
def test_terms_are_underlined_with_dots(open_page: Open) -> None:
    term = open_page().get_by_role("link", name="topsail").first
    expect(term).to_have_css("text-decoration-style", "dotted")


@everywhere
def test_cross_references_show_the_other_words(open_page: Open) -> None:
    page = open_page()
    ties = page.locator("#p1 ~ .cross-reference a")
    ties.nth(0).hover()
    expect(page.locator("#peek")).to_contain_text("The lodestar was low that night")
    ties.nth(1).hover()
    expect(page.locator("#peek")).to_contain_text("The compass held")


@also_in_webkit
@pytest.mark.parametrize("script", [True, False])
def test_layers(open_page: Open, script: bool) -> None:
    page = open_page(java_script_enabled=script)
    ships = page.locator(".kind-ships:not(label)")
    assert ships.count() > 1
    stars = page.locator(".note-mark.kind-stars")
    page.get_by_label("Ships").uncheck()
    for element in ships.all():
        expect(element).to_be_hidden()
    expect(stars.first).to_be_visible()
    page.get_by_label("Ships").check()
    page.get_by_label("Only disputed").check()
    assert [mark.get_attribute("id") for mark in page.locator(".note-mark:visible").all()] == [
        "noteref-log",
        "noteref-south",
    ]
    page.get_by_label("Text alone").check()
    for hidden in (".note-mark", ".edition-note", ".cross-reference", ".terms-here"):
        assert page.locator(f"{hidden}:visible").count() == 0


@everywhere
def test_layers_are_remembered_and_no_stops(open_page: Open) -> None:
    page = open_page()
    stops = """() => [...document.querySelectorAll(".passage a:has(> .std-term)")]
      .map((it) => it.tabIndex)"""
    assert page.evaluate(stops) == [0, 0]
    page.get_by_label("Glossary").last.uncheck()
    assert page.evaluate(stops) == [-1, -1]
    page.reload()
    expect(page.get_by_label("Glossary").last).not_to_be_checked()
    assert page.evaluate(stops) == [-1, -1]


@everywhere
def test_keys_step_from_note_to_note(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("n")
    expect(page.locator("#noteref-barques")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#noteref-pinnace")).to_be_focused()
    expect(page.locator("#note-pinnace")).to_have_class(re.compile("is-lit"))
    page.keyboard.press("p")
    expect(page.locator("#noteref-barques")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("#noteref-barques")).to_be_focused()
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.locator("#noteref-barques").focus()
    page.keyboard.press("n")
    expect(page.locator("#noteref-barques")).to_be_focused()


@everywhere
@pytest.mark.parametrize(
    ("forth", "back"),
    [
        (("N", "KeyN"), ("P", "KeyP")),
        (("т", "KeyN"), ("з", "KeyP")),
        (("n", "KeyL"), ("p", "KeyR")),
    ],
    ids=["Caps Lock", "Russian", "Dvorak"],
)
def test_keys_on_any_keyboard(
    open_page: Open, forth: tuple[str, str], back: tuple[str, str]
) -> None:
    page = open_page()
    press = """([key, code]) => document.activeElement.dispatchEvent(
      new KeyboardEvent("keydown", { key, code, bubbles: true }))"""
    for sign, mark in ((forth, "barques"), (forth, "pinnace"), (back, "barques")):
        page.evaluate(press, list(sign))
        expect(page.locator(f"#noteref-{mark}")).to_be_focused()


@also_in_webkit
def test_citations(open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.locator("#p2 .passage-number").click()
    assert page.url.endswith("first.html#p2")
    page.get_by_role("button", name="Copy citation").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    # A path on somebody's disk is no address to cite.
    assert copied == "A letter. The editors, version 1.2, 2026, ¶2."
    for name, beginning in (("BibTeX", "@misc{p2,"), ("RIS", "TY  - ELEC"), ("CSL-JSON", "[")):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("button", name="Copied")).to_have_count(1)
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(beginning)
        assert "¶2" in copied
        assert "file:" not in copied
        assert "{url}" not in copied
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()").endswith("first.html#p2")


@also_in_webkit
def test_copying_where_the_clipboard_is_closed(open_page: Open) -> None:
    """Over plain http browsers have no clipboard; the old way works, or the text is there."""
    page = open_page()
    page.evaluate("void Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.locator("#p2 .passage-number").click()
    page.get_by_role("button", name="Copy citation").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.evaluate("document.execCommand = () => false")
    page.get_by_role("button", name="BibTeX").click()
    text = page.get_by_label("Press Ctrl+C")
    expect(text).to_have_value(re.compile("^@misc"))
    assert text.evaluate("it => it.selectionEnd - it.selectionStart === it.value.length")


@also_in_webkit
def test_citation_on_a_notes_page_without_script(open_page: Open) -> None:
    page = open_page("commentary/ships/log.html", java_script_enabled=False)
    expect(page.locator("#citation")).to_contain_text("“The log” (note on ¶1). In: A letter.")
    expect(page.locator("#citation pre")).to_contain_text("title = {The log}")
    expect(page.locator("#citation button").first).to_be_hidden()


@also_in_webkit
def test_scheme_follows_the_system_and_is_remembered(open_page: Open) -> None:
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = open_page(color_scheme="light").evaluate(ground)
    page = open_page(color_scheme="dark")
    assert page.evaluate(ground) != light
    page.get_by_role("button", name="Light / dark").click()
    assert page.evaluate(ground) == light
    page.reload()
    assert page.evaluate(ground) == light


@also_in_webkit
@pytest.mark.webkit_lacks("print")
def test_print_keeps_the_notes(open_page: Open) -> None:
    page = open_page()
    printed = io.BytesIO(page.pdf(format="A4"))
    text = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(printed).pages).split())
    for number in range(NOTES - 1):
        assert f"Gist {number}." in text
    page.set_viewport_size({"width": 690, "height": 1000})
    page.emulate_media(media="print")
    boxes = page.evaluate(BOXES)
    assert len(boxes) == NOTES - 1
    assert overlapping(boxes) == []
    assert all(box["right"] <= 690 for box in boxes)
    # What script moved on the screen stands beside its passage again.
    assert page.evaluate(
        """() => [...document.querySelectorAll(".edition-note")].every((note) => {
          const row = note.closest(".passage-row").getBoundingClientRect();
          const { top, bottom } = note.getBoundingClientRect();
          return row.top <= top && bottom <= row.bottom;
        })"""
    )


@also_in_webkit
@pytest.mark.webkit_lacks("print")
def test_print_is_light_and_has_no_note_amid_a_sentence(open_page: Open) -> None:
    page = open_page(width=390, color_scheme="light")
    page.get_by_role("button", name="Light / dark").click()
    page.locator("#noteref-log").click()
    expect(page.locator("#note-log")).to_be_visible()
    whole = page.locator("#p1").text_content()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 1000})
    colour = "it => getComputedStyle(it).color"
    assert page.locator("body").evaluate(colour) == "rgb(28, 26, 23)"
    assert len(page.evaluate(BOXES)) == NOTES - 1
    assert page.locator("#p1 .edition-note").count() == 0
    assert page.locator("#p1").text_content() == whole
    note, text = page.locator("#note-log").bounding_box(), page.locator("#p1").bounding_box()
    assert note
    assert text
    assert note["x"] >= text["x"] + text["width"]
    assert page.locator(".note-gap:visible").count() == 0


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """The site's address on a server."""

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=site)) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("browser", ["webkit"], indirect=True)
def test_webkits_console_is_empty(browser: Browser, site: Path, tmp_path: Path) -> None:
    paths = ("index.html", FIRST, "commentary/ships/log.html", "search.html")
    assert browser.said_while_loading(*((site / path).as_uri() for path in paths)) == []
    loud = tmp_path / "loud.html"
    loud.write_text("<script>nothing()</script><img src=none.png>", encoding="utf-8")
    assert len(browser.said_while_loading(loud.as_uri())) == 1


@everywhere
def test_pages_work_from_a_server(served: str, browser: Browser) -> None:
    faults: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    for path in PAGES:
        page.goto(served + path)
        expect(page.locator("html")).to_have_class("js")
        assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
    page.goto(f"{served}search.html?q=limes")
    expect(page.locator("#search-results .context").first).to_contain_text(
        "Limes", ignore_case=True
    )
    page.close()
    assert faults == []


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of another host, and what it is asked for."""
    paths: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Listening) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


@everywhere
def test_policy_stops_what_slipped_through(
    site: Path, browser: Browser, asked: tuple[str, list[str]], tmp_path: Path
) -> None:
    """Script and style inside the page, and whatever comes from elsewhere."""
    host, paths = asked
    page = browser.new_page()
    elsewhere = (
        f"<img src='{host}/x.png'><script src='{host}/x.js'></script>"
        f"<iframe src='{host}/x.html'></iframe><link rel='stylesheet' href='{host}/x.css'>"
    )
    hostile = (
        "<script>document.title = 'bad'</script><p style='color: red' id='red'>x</p>"
        f"<img src='missing.png' onerror='document.title = 1'>{elsewhere}</main>"
    )
    bad = site / f"letter/{tmp_path.name}.html"
    bad.write_text((site / FIRST).read_text(encoding="utf-8").replace("</main>", hostile), "utf-8")
    try:
        page.goto(bad.as_uri())
        expect(page.locator("main")).to_have_class(re.compile("is-aligned"))
        assert page.title() == "First page · A letter"
        colour = "it => getComputedStyle(it).color"
        assert page.locator("#red").evaluate(colour) != "rgb(255, 0, 0)"
        assert paths == []
        # Without a policy all of these are asked for; WebKit may ask twice, or late.
        bad.write_text(elsewhere, "utf-8")
        page.goto(bad.as_uri())
        assert until(lambda: {*paths} == {"/x.css", "/x.html", "/x.js", "/x.png"})
    finally:
        bad.unlink()
        page.close()


#: Elements of the text page that may neither go nor stick out.
ESSENTIAL = ".edition-title, .scheme, .edition-nav a, h1, .passage, .passage-number, .note-mark"
FITS = """(selector) => {
  const faults = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const wide = [...document.body.querySelectorAll("*")]
      .filter((it) => it.getBoundingClientRect().right > width)
      .map((it) => `${it.tagName} ${it.className}`);
    faults.push(`the page scrolls sideways: ${wide}`);
  }
  for (const it of document.querySelectorAll(selector)) {
    const { left, right, width: own, height } = it.getBoundingClientRect();
    const name = `${it.tagName} ${it.className} ${it.id}`;
    if (!own || !height) faults.push(`${name} is gone`);
    else if (left < 0 || right > width + 1) faults.push(`${name} sticks out`);
  }
  for (const it of document.querySelectorAll("button, label, .passage, .edition-note")) {
    if (it.getClientRects().length && it.scrollWidth > it.clientWidth + 1 && it.clientWidth)
      faults.push(`${it.tagName} ${it.className} ${it.id} is cut off`);
  }
  return faults;
}"""
#: WCAG 1.4.12, as its bookmarklet sets it.
SPACING = """*, *::before, *::after {
  line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important;
}
p { margin-bottom: 2em !important; }"""
#: A style sheet that the policy lets through.
ADOPT = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets.push(sheet);
}"""


@also_in_webkit
@pytest.mark.parametrize("css", [SPACING, ":root { font-size: 200% }"], ids=["spacing", "letters"])
@pytest.mark.parametrize("width", [390, 800, 1024, 1280, 1440])
def test_text_may_be_spaced_and_enlarged(open_page: Open, go: Go, width: int, css: str) -> None:
    page = open_page("index.html", width)
    for path in ("index.html", "glossary.html", "commentary/ships/log.html", FIRST):
        if path != "index.html":
            go(page, path)
        page.evaluate(ADOPT, css)
        page.evaluate(NEXT_FRAME)
        assert page.evaluate(FITS, ESSENTIAL) == [], path
    mark = page.locator("#noteref-log")
    mark.scroll_into_view_if_needed()
    mark.click()
    note = page.locator("#peek" if width == 800 else "#note-log")
    expect(note).to_be_visible()
    box = note.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert overlapping(page.evaluate(BOXES)) == []


@also_in_webkit
@pytest.mark.webkit_lacks("display")
def test_zoom_of_200_percent(open_page: Open, go: Go) -> None:
    page = open_page(width=720, device_scale_factor=2)
    for path in PAGES:
        go(page, path)
        assert page.evaluate(FITS, ESSENTIAL) == [], path


@also_in_webkit
@pytest.mark.webkit_lacks("display")
def test_forced_colours_keep_what_colour_says(open_page: Open) -> None:
    page = open_page(forced_colors="active")
    page.locator("#note-log .gist").hover()
    style = "it => getComputedStyle(it).outlineStyle"
    for lit in (".quoted.is-lit", "#noteref-log", "#note-log"):
        assert page.locator(lit).first.evaluate(style) == "solid", lit
    border = "it => getComputedStyle(it).borderTopStyle"
    assert page.locator(".scheme").evaluate(border) == "solid"
    page.set_viewport_size({"width": 800, "height": 900})
    page.locator("#noteref-keys").focus()
    page.keyboard.press("Shift+Tab")
    assert page.locator("#peek").evaluate(border) == "solid"
    assert page.evaluate(FITS, ESSENTIAL) == []


@also_in_webkit
@pytest.mark.webkit_lacks("display")
def test_nothing_moves_by_itself(open_page: Open, go: Go) -> None:
    """Also for readers who haven't asked for it: there is no motion to reduce."""
    page = open_page()
    for path, motion in itertools.product((FIRST, "index.html"), ("no-preference", "reduce")):
        page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
        go(page, path)
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter((it) => {
              const style = getComputedStyle(it);
              return style.scrollBehavior === "smooth" || style.animationName !== "none"
                || style.transitionDuration.split(",").some((time) => parseFloat(time) > 0);
            }).map((it) => it.className)"""
        )
        assert moving == [], (path, motion)


def test_pages_load_only_what_they_need(site: Path) -> None:
    for path in PAGES:
        page = parse(site / path)
        files = {
            str(tag.get("src") or tag["href"]).partition("?")[0].rpartition("/")[2]
            for tag in page.select("script[src], link[rel=stylesheet]")
        }
        assert ("edition.js" in files) == ("letter/" in path), path
        assert ("sphinx-design.min.css" in files) == (path == "index.html"), path
        assert ("search-data.js" in files) == (path == "search.html"), path
        assert not files & {"searchtools.js", "searchindex.js", "doctools.js"}, path
        assert not page.select(
            "script:not([src], [type='application/ld+json']), style, [style], [onclick]"
        ), path
        policy = page.select("meta[http-equiv=Content-Security-Policy]")
        assert len(policy) == 1, path
        assert str(policy[0]["content"]).startswith("default-src 'none'; style-src 'self'; "), path
        for landmark in page.select("nav, aside, section[aria-label], form[role=search]"):
            assert (
                landmark.get("aria-label")
                or landmark.get("aria-labelledby")
                or landmark.get("role") == "doc-footnote"
            ), path


def test_page_stays_small(open_page: Open, site: Path) -> None:
    page = open_page()
    sources = page.evaluate(
        """() => [...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]")]
          .map((tag) => (tag.src || tag.href).split("?")[0])"""
    )
    files = [site / FIRST, *(site / source.partition("/html/")[2] for source in sources)]
    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in files}
    assert len(sizes) <= 5
    code = sum(size for name, size in sizes.items() if name.endswith((".js", ".css")))
    assert code <= 9_000
    assert sum(sizes.values()) <= 20_000


def test_head_describes_the_page(site: Path) -> None:
    page = parse(site / "commentary/ships/log.html")
    description = page.select_one("meta[name=description]")
    assert description
    assert str(description["content"]).startswith("Gist 3.")
    assert page.select_one("meta[property='og:title']")
    assert page.select_one("link[rel=icon]")
    assert page.title
    assert page.title.get_text() == "The log · A letter"


def test_neighbours(site: Path) -> None:
    text = parse(site / FIRST).select_one(".parts")
    assert text
    assert [link["href"] for link in text.select("a")] == ["../index.html", "second.html"]
    note = parse(site / "commentary/ships/log.html")
    assert not note.select(".parts")
    assert [link["href"] for link in note.select(".note-neighbours a")] == [
        "compass.html",
        "keys.html",
    ]
    # Firefox fetches what a link element calls the next page, against the policy.
    assert not note.select("link[rel=next]")
    assert not parse(site / "commentary/cross-references/compass.html").select(".parts")


@also_in_webkit
def test_terms_have_their_forms_in_their_languages(open_page: Open, site: Path) -> None:
    page = open_page()
    page.get_by_role("link", name="lodestar").first.hover()
    for language, form in (("zh", "北极星"), ("kk", "Темірқазық"), ("ru", "Полярная звезда")):
        expect(page.locator(f"#peek [lang={language}]")).to_have_text(form)
    glossary = parse(site / "glossary.html")
    assert [form["lang"] for form in glossary.select("dd [lang]")] == ["zh", "kk", "ru"]


@also_in_webkit
def test_kinds_have_the_configured_colours(open_page: Open) -> None:
    colour = "it => getComputedStyle(it).color"
    page = open_page(color_scheme="light")
    assert page.locator("#noteref-log").evaluate(colour) == "rgb(122, 31, 31)"
    assert page.locator("#noteref-south").evaluate(colour) == "rgb(31, 107, 69)"
