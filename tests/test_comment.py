"""From words selected on the page to a note that is attached to exactly those words."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import yaml
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, expect

from annotated_edition.domain import EditionDomain
from annotated_edition.text import BaseText, Quote, fold, slug
from support.axe import faults
from support.edition import REPOSITORY, ROOT, Outputs
from support.project import Project

PARTS = ["front", "greeting", "thirty-years", "proposals", "closing"]
SELECTIONS = 200

#: Select from one place of a passage's own words to another, and say when it is done.
SELECT = """([id, start, end]) => {
  const passage = document.getElementById(id);
  const others = "[role=doc-noteref], .passage-number, .cross-reference";
  const walker = document.createTreeWalker(passage, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let at = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest(others)) continue;
    if (at <= start && start < at + node.length) range.setStart(node, start - at);
    if (at < end && end <= at + node.length) range.setEnd(node, end - at);
    at += node.length;
  }
  const told = new Promise((done) => {
    document.addEventListener("selectionchange", done, { once: true });
  });
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return told.then(() => getSelection().toString());
}"""
#: A passage's own words, as they stand in the page.
WORDS = """(id) => {
  const passage = document.getElementById(id).cloneNode(true);
  passage.querySelectorAll("[role=doc-noteref], .passage-number, .cross-reference")
    .forEach((it) => it.remove());
  return passage.textContent;
}"""
#: What the script makes of texts, with offsets that count characters as Python does.
FOLD = """(texts) => texts.map((text) => {
  const { text: folded, starts, ends } = fold(text);
  const count = (offset) => [...text.slice(0, offset)].length;
  const spans = [];
  let at = 0;
  for (const letter of folded) {
    spans.push([count(starts[at]), count(ends[at + letter.length - 1])]);
    at += letter.length;
  }
  return [folded, spans];
})"""


class NewFile(NamedTuple):
    """What an address of a host's new-file page carries."""

    folder: str
    name: str
    content: str

    @property
    def id(self) -> str:
        return self.name.removesuffix(".md")


def carried(address: str) -> NewFile:
    """The file of a GitHub address, as GitHub reads it."""
    assert address.startswith(f"{REPOSITORY}/new/main/")
    parts = urlsplit(address)
    query = parse_qs(parts.query, strict_parsing=True)
    folder = unquote(parts.path).removeprefix("/OWNER/NAME/new/main/")
    assert sorted(query) == ["filename", "value"]
    return NewFile(folder, query["filename"][0], query["value"][0])


def quotes(file: NewFile) -> Any:
    return yaml.safe_load(file.content.split("---\n")[1])["quote"]


def attached(project: Project, files: list[NewFile]) -> dict[str, list[tuple[str, int, int]]]:
    """Build a project with the files, and a gist in each: where each note's marks stand."""
    for file in files:
        assert not (project.folder / file.folder / file.name).exists()
        content = file.content.replace("\n# Title\n", "\n# What it is about\n")
        project.write(f"{file.folder}/{file.name}", f"{content}\nThe gist.\n")
    app = project.build()
    assert project.warnings == ""
    found: dict[str, list[tuple[str, int, int]]] = {}
    for woven in EditionDomain.of(app.env).edition.passages.values():
        for mark in woven.marks:
            found.setdefault(mark.note, []).append((woven.place.id, mark.start, mark.end))
    return found


def article(folder: Path) -> Project:
    """The article alone, without a note."""
    project = Project(folder)
    shutil.copytree(ROOT / "article", folder / "article")
    shutil.copy(ROOT / "commentary/references.bib", folder)
    project.write("conf.py", CONF)
    project.index = "# The article\n\n```{toctree}\narticle/index\n```\n\n```{bibliography}\n```\n"
    return project


CONF = """
project = "The article"
extensions = ["myst_parser", "sphinxcontrib.bibtex", "annotated_edition"]
myst_enable_extensions = ["colon_fence"]
bibtex_bibfiles = ["references.bib"]
bibtex_cite_id = "source-{key}"
exclude_patterns = ["article/introduction.md"]
# What is new cites nothing yet.
suppress_warnings = ["toc.excluded", "toc.not_readable", "edition.unsourced"]
edition_text = ["article/front", "article/greeting", "article/thirty-years",
                "article/proposals", "article/closing"]
"""


@pytest.fixture(scope="module")
def edition(outputs: Outputs) -> Path:
    """The edition with its notes, terms and cross-references, as it is read."""
    return outputs("html")


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens a page; a complaint of the browser's fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(path: Path, width: int = 1440, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        # Where links lead is seen, and nobody is asked.
        context.set_offline(True)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def select(page: Page, passage: str, words: str, start: int = 0, end: int = 0) -> None:
    """Select words of a passage, less *start* and *end* characters at their ends."""
    at = page.evaluate(WORDS, passage).index(words)
    page.evaluate(SELECT, [passage, at + start, at + len(words) - end])


def button(page: Page) -> Any:
    return page.locator(".comment .tool")


def followed(page: Page) -> str:
    """Click the button: the address that a new tab asks for."""
    asks = page.context.expect_event("request", lambda request: request.url.startswith("https://"))
    with asks as asked, page.expect_popup():
        button(page).click()
    return str(asked.value.url)


def in_word(text: str, at: int) -> bool:
    """Whether the character belongs to a word: marks within numbers and words do (UAX 29)."""
    if text[at].isalnum():
        return True
    around = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    if len(around) < 2:
        return False
    return (text[at] in ".'’" and (around.isalpha() or around.isdigit())) or (
        text[at] == "," and around.isdigit()
    )


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of text with the words whole that it cuts, and no space at its ends."""
    while start and in_word(text, start) and in_word(text, start - 1):
        start -= 1
    while end < len(text) and in_word(text, end) and in_word(text, end - 1):
        end += 1
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())


def test_random_words_become_notes_on_exactly_them(
    edition: Path, open_page: Open, tmp_path: Path
) -> None:
    rng = random.Random(7)
    wanted: dict[str, tuple[str, int, int]] = {}
    words: dict[str, str] = {}
    files: list[NewFile] = []
    pages = {part: open_page(edition / f"article/{part}.html") for part in PARTS}
    passages = []
    for part, page in pages.items():
        page.clock.install()
        for passage in page.locator(".passage").evaluate_all("all => all.map((it) => it.id)"):
            passages.append((part, passage, page.evaluate(WORDS, passage)))
    assert len(passages) >= 14
    with_context = 0
    while len(files) < SELECTIONS:
        part, passage, text = rng.choice(passages)
        start = rng.randrange(len(text))
        # Mostly a few words, which stand more than once more easily; at times many.
        length = rng.randint(2, 12) if rng.random() < 0.6 else rng.randint(13, len(text) + 13)
        end = min(len(text), start + length)
        if not any(map(str.isalnum, text[start:end])):
            continue
        page = pages[part]
        page.evaluate(SELECT, [passage, start, end])
        page.clock.run_for(500)
        file = carried(button(page).get_attribute("href"))
        if file.id in wanted:
            continue  # a second note of that name would be refused, and said to be
        files.append(file)
        wanted[file.id] = (passage, *whole_words(text, start, end))
        words[file.id] = text[slice(*wanted[file.id][1:])]
        with_context += isinstance(quotes(file), dict)
    assert with_context >= 20
    project = article(tmp_path)
    found = attached(project, files)
    assert {name: places[0] for name, places in found.items()} == wanted
    assert all(len(places) == 1 for places in found.values())
    for part in PARTS:
        page_of_it = project.page(f"article/{part}")
        for name, (passage, *_) in wanted.items():
            quoted = page_of_it.select(f"#{passage} .quote-{name}")
            if page_of_it.select(f"#{passage}"):
                assert "".join(piece.get_text() for piece in quoted) == words[name]


@pytest.mark.parametrize(("part", "passage"), [("thirty-years", "p6"), ("proposals", "p11")])
def test_a_repeated_phrase(
    edition: Path, open_page: Open, tmp_path: Path, part: str, passage: str
) -> None:
    page = open_page(edition / f"article/{part}.html")
    phrase = "oil and gas pipelines"
    text = page.evaluate(WORDS, passage)
    select(page, passage, phrase, start=1, end=2)
    file = carried(followed(page))
    quote = quotes(file)
    assert quote["exact"] == phrase
    context = [name for name in quote if name != "exact"]
    assert len(context) == 1
    assert len(quote[context[0]].split()) == 1
    at = text.index(phrase)
    assert attached(article(tmp_path), [file]) == {file.id: [(passage, at, at + len(phrase))]}


def test_script_and_build_fold_alike(edition: Path, open_page: Open) -> None:
    page = open_page(edition / "article/greeting.html")
    select(page, "p1", "autumn")
    expect(button(page)).to_be_visible()
    vectors = json.loads((ROOT / "tests/folding.json").read_text(encoding="utf-8"))
    told = page.evaluate(FOLD, [vector["text"] for vector in vectors])
    for vector, (folded, spans) in zip(vectors, told, strict=True):
        assert (folded, spans) == (vector["folded"], vector["spans"]), vector["about"]
    rng = random.Random(7)
    pieces = [
        *"abAB 01.,-–—―\"“”„«»'‘’ʼ…\xa0\u202f\n\té\u0301е\u0301å丝Қə한𝒜\xad\u200b",
        "...",
        ". . .",
    ]
    texts = ["".join(rng.choices(pieces, k=rng.randrange(30))) for _ in range(3000)]
    for text, (folded, spans) in zip(texts, page.evaluate(FOLD, texts), strict=True):
        expected = fold(text)
        assert folded == expected.text, ascii(text)
        assert spans == [list(expected.span(at, at + 1)) for at in range(len(folded))], ascii(text)


def test_script_and_build_choose_the_same_context(edition: Path, open_page: Open) -> None:
    page = open_page(edition / "article/greeting.html")
    select(page, "p1", "autumn")
    expect(button(page)).to_be_visible()
    rng = random.Random(7)
    with_both = 0
    for _ in range(300):
        # Of few words, so that at times neither side alone can tell.
        some = rng.sample(["it", "was", "“so”", "𝒜𝒜", "är-é", "long,"], rng.randint(1, 5))
        words = rng.choices(some, k=rng.randint(2, 40))
        at = rng.randrange(len(words))
        passages = [" ".join(part) for part in (words[:at], words[at:]) if part]
        base = BaseText(passages)
        exact = rng.choice(words)
        places = base.find(Quote(exact))
        told = page.evaluate(
            """([passages, exact]) => {
              const text = new WholeText(passages.map((it, at) => [`p${at + 1}`, it]));
              const folded = fold(exact).text;
              return text.find(folded).map((at) => text.quote(at, at + folded.length));
            }""",
            [passages, exact],
        )
        assert len(told) == len(places)
        for anchor, quote in zip(places, told, strict=True):
            expected = base.single_out(Quote(exact), anchor)
            with_both += bool(expected.prefix and expected.suffix)
            for name in ("exact", "prefix", "suffix"):
                assert fold(quote.get(name, "")).text == fold(getattr(expected, name)).text
    assert with_both >= 20


@pytest.fixture
def verses(project: Project, tmp_path: Path) -> Path:
    """A small edition of hard cases."""
    project.text(
        "“Yes: no” - *he* said — it's #1.\n\n"
        "Row, row, row your boat,\\\nrow your boat.\n\nRow your boat.\n\n"
        "```{eval-rst}\n| A verse of two\n| lines it is.\n```",
        "Row, row, row your boat. Null. “Да”, она сказала: {}",
        " ".join(f"слово{number}" for number in range(400)) + ".",
    )
    project.note("h/yes", "said")
    project.configure(
        f"""
        html_theme = "edition"
        edition_kinds = {{"h": "History", "p": "People"}}
        edition_repository = {REPOSITORY!r}
        """
    )
    project.build()
    assert project.warnings == ""
    return project.output("text")


@pytest.mark.parametrize(
    ("page_name", "passage", "start", "end", "exact"),
    [
        ("a", "p1", 0, 9, "“Yes: no”"),
        ("a", "p1", 0, 40, "“Yes: no” - he said — it’s #1."),
        ("a", "p1", 2, 3, "Yes"),
        ("a", "p2", 0, 50, "Row, row, row your boat, row your boat."),
        ("a", "p4", 2, 24, "verse of two lines it"),
        ("b", "p5", 25, 29, "Null"),
        ("b", "p5", 31, 60, "“Да”, она сказала: {}"),
    ],
)
def test_words_that_yaml_and_markup_make_difficult(
    verses: Path, project: Project, open_page: Open,
    page_name: str, passage: str, start: int, end: int, exact: str,
) -> None:  # fmt: skip
    page = open_page(verses / f"{page_name}.html")
    length = len(page.evaluate(WORDS, passage))
    page.evaluate(SELECT, [passage, start, min(end, length)])
    file = carried(button(page).get_attribute("href"))
    quote = quotes(file)
    assert (quote["exact"] if isinstance(quote, dict) else quote) == exact
    found = attached(project, [file])
    assert [place for place, *_ in found[file.id]] == [passage]


def test_too_many_words_become_their_ends(verses: Path, project: Project, open_page: Open) -> None:
    page = open_page(verses / "c.html")
    text = page.evaluate(WORDS, "p6")
    page.evaluate(SELECT, ["p6", 0, len(text)])
    address = button(page).get_attribute("href")
    assert len(address) <= 8192
    expect(page.locator(".comment-words")).to_contain_text("an address holds no more")
    file = carried(address)
    first, last = (quote if isinstance(quote, str) else quote["exact"] for quote in quotes(file))
    assert text.startswith(first)
    assert text.endswith(last)
    places = attached(project, [file])[file.id]
    assert places == [("p6", 0, len(first)), ("p6", len(text) - len(last), len(text))]


def test_of_several_passages_the_first_counts(verses: Path, open_page: Open) -> None:
    page = open_page(verses / "a.html")
    page.keyboard.press("Control+a")
    assert quotes(carried(button(page).get_attribute("href"))).startswith("“Yes")
    expect(page.locator(".comment-quote")).to_have_text("¶1 ““Yes: no” - … — it’s #1.”")


def test_what_is_no_text_offers_nothing(verses: Path, open_page: Open) -> None:
    page = open_page(verses / "a.html")
    select(page, "p1", "said")
    expect(button(page)).to_be_visible()
    page.evaluate("() => getSelection().selectAllChildren(document.querySelector('.gist'))")
    expect(button(page)).to_be_hidden()
    page.evaluate("() => getSelection().selectAllChildren(document.querySelector('h1'))")
    page.evaluate("() => new Promise((done) => setTimeout(done, 0))")
    expect(button(page)).to_be_hidden()


def test_names_that_are_taken_are_not_given_again(verses: Path, open_page: Open) -> None:
    page = open_page(verses / "a.html")
    select(page, "p1", "Yes")
    file = carried(button(page).get_attribute("href"))
    assert file.name == "yes-p1.md"


def test_the_kind_is_the_readers_choice(verses: Path, open_page: Open) -> None:
    page = open_page(verses / "a.html")
    select(page, "p1", "said")
    kinds = page.get_by_label("Kind of note")
    expect(kinds.locator("option")).to_have_text(["History", "People"])
    assert carried(button(page).get_attribute("href")).folder == "commentary/h"
    kinds.select_option("People")
    assert carried(button(page).get_attribute("href")).folder == "commentary/p"
    assert page.evaluate("getSelection().toString()") == "said"
    page.reload()
    select(page, "p1", "said")
    assert carried(button(page).get_attribute("href")).folder == "commentary/p"


def test_a_mouse_selects_and_keeps_its_selection(edition: Path, open_page: Open) -> None:
    page = open_page(edition / "article/greeting.html")
    page.clock.install()
    page.locator("#p1").scroll_into_view_if_needed()
    box = page.locator("#p1").bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 15)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 45, steps=5)
    page.wait_for_function("typeof edition !== 'undefined' && edition !== null")
    page.clock.run_for(500)
    expect(button(page)).to_be_hidden()
    page.mouse.up()
    page.clock.run_for(500)
    expect(button(page)).to_be_visible()
    selected = page.evaluate("getSelection().toString()")
    assert selected
    assert page.evaluate("document.activeElement === document.body")
    followed(page)
    assert page.evaluate("getSelection().toString()") == selected
    page.mouse.click(box["x"] + 60, box["y"] + 100)
    page.clock.run_for(500)
    expect(button(page)).to_be_hidden()


def test_a_finger_taps_it(edition: Path, open_page: Open) -> None:
    page = open_page(edition / "article/greeting.html", 390, has_touch=True, is_mobile=True)
    select(page, "p2", "stories")
    with page.context.expect_event("request", lambda it: it.url.startswith("https://")) as asked:
        button(page).tap()
    assert quotes(carried(asked.value.url)) == "stories"
    page.locator("h1").tap()
    expect(button(page)).to_be_hidden()


def test_keys(edition: Path, open_page: Open) -> None:
    page = open_page(edition / "article/greeting.html")
    select(page, "p2", "stories")
    expect(button(page)).to_be_visible()
    page.keyboard.press("c")
    expect(button(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Kind of note")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button(page)).to_be_hidden()
    assert page.evaluate("getSelection().toString()") == "stories"
    # Words selected again are offered again.
    select(page, "p2", "Al-Farabi")
    expect(button(page)).to_be_visible()


def open_menu(page: Page, passage: str) -> Any:
    page.locator(f"#{passage} .passage-number").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#peek .menu-file")).not_to_be_empty()
    return page.locator("#peek .tool")


def test_the_passages_menu_asks_for_words_and_kind(
    edition: Path, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(edition / "article/greeting.html")
    plain = carried(page.locator("#add-p2").get_attribute("href") or "")
    assert quotes(plain) == "Bound together by mountains"
    menu = open_menu(page, "p2")
    expect(menu).to_have_text("Add a note")
    field, remark = page.get_by_label("On the words"), page.locator("#peek .menu-file")
    file = carried(menu.get_attribute("href") or "")
    assert file._replace(content="") == plain._replace(content="")
    expect(field).to_have_value(quotes(file))
    # Its own words, as a reader types them; half a word is none.
    field.fill("the  two peoples")
    expect(remark).to_contain_text("two-peoples")
    field.fill("two people")
    expect(remark).to_have_text("This passage doesn’t have these words.")
    assert menu.get_attribute("href") is None
    field.fill("amicable ties")
    page.locator("#peek").get_by_label("Kind of note").select_option("Places and projects")
    expect(remark).to_have_text("commentary/places/amicable-ties.md")
    file = carried(menu.get_attribute("href") or "")
    assert (file.folder, quotes(file)) == ("commentary/places", "amicable ties")
    page.evaluate(AXE_SCRIPT)
    assert faults(page, "light") == []
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_be_hidden()
    select(page, "p2", "stories")
    menu = open_menu(page, "p2")
    chosen = carried(menu.get_attribute("href") or "")
    assert (chosen.folder, quotes(chosen)) == ("commentary/places", "stories")
    assert attached(article(tmp_path), [file, chosen]).keys() == {"amicable-ties", "stories"}


def test_no_two_passages_propose_one_name(edition: Path, open_page: Open) -> None:
    page = open_page(edition / "article/thirty-years.html")
    taken = {path.stem for path in ROOT.glob("commentary/*/*.md")}
    proposed = [
        (link.inner_text().removeprefix("¶"), carried(link.get_attribute("href") or ""))
        for link in page.locator(".add-note a").all()
    ]
    names = [file.id for _, file in proposed]
    assert len(set(names)) == len(names) > 1
    assert not set(names) & taken
    for label, file in proposed:
        menu = open_menu(page, f"p{label}")
        assert carried(menu.get_attribute("href") or "").id == file.id
        page.keyboard.press("Escape")


def test_names_are_written_in_latin_letters(project: Project, open_page: Open) -> None:
    project.text("丝绸之路 и Қазақстан, שלום.\n\n“Да”, it’s SOON — naïve.")
    project.note("h/da", "Да")
    project.configure(
        f"""
        html_theme = "edition"
        edition_repository = {REPOSITORY!r}
        """
    )
    project.build()
    page = open_page(project.output("text/a.html"))
    select(page, "p1", "丝绸之路")
    expect(button(page)).to_be_visible()
    told = "edition.told"
    for words in ("丝绸之路", "Қазақстан", "שלום", "Да", "it’s SOON", "naïve"):
        assert page.evaluate(f"(it) => slugged(it, {told}).join('-')", words) == slug(words)
    assert carried(button(page).get_attribute("href")).id == "si-chou-zhi-lu"


def test_the_script_is_fetched_only_when_needed(edition: Path, open_page: Open) -> None:
    page = open_page(edition / "article/greeting.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.reload(wait_until="networkidle")
    assert not {name for name in asked if name.startswith(("comment", "quoting", "edition-text"))}
    select(page, "p1", "autumn")
    expect(button(page)).to_be_visible()
    assert {"comment.js", "comment.css", "quoting.js", "edition-text.js"} <= set(asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 800, 390, 320])
def test_it_is_accessible_and_in_view(
    edition: Path, open_page: Open, width: int, scheme: Any
) -> None:
    page = open_page(
        edition / "article/greeting.html", width, color_scheme=scheme, has_touch=width < 1000
    )
    page.evaluate(AXE_SCRIPT)
    for words in (
        "two peoples have had amicable ties, jointly writing an epic",
        "Bound",
        "peoples.",
    ):
        select(page, "p2", words)
        expect(page.locator(".comment-quote")).to_contain_text(words.split()[-1])
        assert faults(page, scheme) == []
        box = page.locator(".comment").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        for target in (button(page), page.get_by_label("Kind of note")):
            size = target.bounding_box()
            assert size["height"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_notes_can_be_added(edition: Path, open_page: Open) -> None:
    page = open_page(edition / "article/thirty-years.html", java_script_enabled=False)
    links = page.locator(".add-note a")
    numbers = [it.get_attribute("data-n") for it in page.locator(".passage-number").all()]
    assert links.all_inner_texts() == numbers
    assert numbers
    for link in links.all():
        expect(link).to_be_visible()
        file = carried(link.get_attribute("href") or "")
        assert file.folder == "commentary/history"
        # Another kind is another folder, and the file says so.
        assert "history, institutions, people, places" in " ".join(file.content.split("\n% "))
    expect(page.locator(".with-script")).to_be_hidden()


def test_gitlab_gets_the_text_on_the_clipboard(project: Project, open_page: Open) -> None:
    project.text("The old road.")
    project.note("h/note", "old")
    project.configure(
        """
        html_theme = "edition"
        edition_repository = "https://gitlab.com/group/sub/name"
        """
    )
    project.build()
    page = open_page(
        project.output("text/a.html"), permissions=["clipboard-read", "clipboard-write"]
    )
    select(page, "p1", "road")
    expect(page.locator(".comment-words")).to_contain_text("on the clipboard")
    address = followed(page)
    query = parse_qs(urlsplit(address).query)
    assert urlsplit(address).path == "/group/sub/name/-/new/main"
    assert query["file_name"] == ["commentary/h/road.md"]
    assert page.evaluate("navigator.clipboard.readText()") == query["content"][0]
    assert "quote: road\n" in query["content"][0]


def test_forgejo_wants_a_fork_first(project: Project, open_page: Open) -> None:
    project.text("The old road.")
    project.note("h/note", "old")
    project.configure(
        """
        html_theme = "edition"
        edition_repository = "https://codeberg.org/o/n"
        """
    )
    project.build()
    page = open_page(
        project.output("text/a.html"), permissions=["clipboard-read", "clipboard-write"]
    )
    select(page, "p1", "road")
    expect(page.locator(".comment-words")).to_contain_text("Fork the repository")
    fork = "https://codeberg.org/o/n/fork"
    assert button(page).get_attribute("href") == f"{fork}#commentary/h/road.md"
    assert followed(page) == fork
    assert "quote: road\n" in page.evaluate("navigator.clipboard.readText()")


def test_without_a_repository_nothing_is_offered(project: Project, open_page: Open) -> None:
    project.text("The old road.")
    project.configure('html_theme = "edition"\nedition_repository = ""\n')
    project.build()
    page = open_page(project.output("text/a.html"))
    assert page.locator(".add-note, .suggest-change").count() == 0
    select(page, "p1", "road")
    page.locator(".passage-number").click()
    expect(page.locator("#peek")).to_be_visible()
    assert page.locator("#peek a, .comment, #comment-script").count() == 0
    assert not project.output("_static/edition-text.js").exists()
