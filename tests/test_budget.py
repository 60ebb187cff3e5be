"""What the edition's pages may weigh, and how far notes may lie from their marks."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from annotated_edition.cli import main
from support.browser import BOXES, overlapping
from support.edition import KEPT, ROOT, Outputs, run_sphinx
from support.pages import parse

pytestmark = pytest.mark.xdist_group("budget")

PARTS = ["front", "greeting", "thirty-years", "proposals", "closing"]
REQUESTS, WHOLE, CODE = 5, 20_000, 9_000
NOTES, TERMS = 20, 15

#: How far below its mark each note is.
WAYS = """() => [...document.querySelectorAll(".edition-note")].map((note) => {
  const mark = note.closest(".passage-row").querySelector(`.note-mark[href="#${note.id}"]`);
  return note.getBoundingClientRect().top - mark.getBoundingClientRect().top;
})"""
#: From the article's first passage to its last.
LENGTH = """() => {
  const rows = [...document.querySelectorAll(".passage-row")];
  return rows.at(-1).getBoundingClientRect().bottom - rows[0].getBoundingClientRect().top;
}"""


def squeezed(text: str) -> str:
    """Without spaces and ligatures."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def printed_as(text: str) -> str:
    """A pattern of squeezed words: for Chinese that no font has, the browser prints NUL."""
    return re.sub("[\u3400-\u9fff]", r"[\g<0>\0]", re.escape(text))


@pytest.fixture(scope="module")
def built(outputs: Outputs) -> Path:
    return outputs("html")


@pytest.fixture
def whole(outputs: Outputs, browser: Browser) -> Iterator[Page]:
    """The whole article on one page, 1440 px wide."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto((outputs("singlehtml") / "index.html").as_uri())
    yield page
    page.close()


def words_without_notes(page: Path) -> list[str]:
    """The page's long words that no note's quote covers and no term is linked for."""
    passages = parse(page).select(".passage")
    for passage in passages:
        for taken in passage.select("a, .quoted"):
            taken.replace_with(" | ")
    words = [word for passage in passages for word in passage.get_text().split()]
    return sorted({word for word in words if word.isalpha() and word.islower()}, key=len)[::-1]


@pytest.fixture(scope="module")
def heaviest(built: Path) -> Path:
    """The text page that weighs most."""
    pages = [built / f"article/{part}.html" for part in PARTS]
    return max(pages, key=lambda page: len(gzip.compress(page.read_bytes())))


@pytest.fixture(scope="module")
def with_terms(built: Path, heaviest: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same page with fifteen terms, and twenty of its notes."""
    folder = tmp_path_factory.mktemp("terms")
    for name in ["conf.py", "index.md", "article", "commentary"]:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    page = parse(heaviest)
    for note in page.select(".edition-note")[NOTES:]:
        (path,) = folder.glob(f"commentary/*/{str(note['id']).removeprefix('note-')}.md")
        path.unlink()
    glossary = folder / "commentary/glossary.md"
    fence = "```{glossary}\n"
    before, entries = glossary.read_text("utf-8").split(fence)
    # As long as the edition's own: each borrows the definition of one.
    own = [entry[entry.index("\n  ") :] for entry in entries.split("\n\n") if "\n  " in entry]
    linked = len(page.select(".passage .std-term"))
    words = words_without_notes(heaviest)[: max(0, TERMS - linked)]
    more = "\n\n".join(f"{word}{own[at]}" for at, word in enumerate(words))
    glossary.write_text(f"{before}{fence}{more}\n\n{entries}", "utf-8")
    # What leads to the notes taken out is warned of, as it should be.
    name = heaviest.relative_to(built)
    run_sphinx(folder, folder, "html", *KEPT, only=[folder / name.with_suffix(".md")])
    # A term is linked where no note has its words: with fewer notes there may be too many.
    extra = [term.get_text() for term in parse(folder / "html" / name).select(".passage .std-term")]
    if extra[TERMS:]:
        entries = glossary.read_text("utf-8").split("\n\n")
        forms = [set(entry.partition("\n  ")[0].casefold().splitlines()) for entry in entries]
        gone = {term.casefold() for term in extra[TERMS:]}
        kept = [entry for entry, heads in zip(entries, forms, strict=True) if not heads & gone]
        glossary.write_text("\n\n".join(kept), "utf-8")
        run_sphinx(folder, folder, "html", *KEPT, only=[folder / name.with_suffix(".md")])
    return folder / "html" / name


@pytest.fixture(scope="module")
def beside_releases(built: Path, heaviest: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same page in a site with three released versions, to which it leads."""
    folder = tmp_path_factory.mktemp("site")
    told = json.loads((built / "version.json").read_text("utf-8"))
    for number in ("0.9.0", "0.10.0", "1.0.0"):
        copy = folder / number
        (copy / "article").mkdir(parents=True)
        (copy / "version.json").write_text(
            json.dumps(told | {"version": number, "standing": "released"}), "utf-8"
        )
    latest, site = ["--latest", str(built)], folder / "site"
    releases = [str(path) for path in folder.iterdir()]
    assert main(["site", *latest, "--output", str(site), *releases]) == 0
    page = site / "latest" / heaviest.relative_to(built)
    links = [link.get_text() for link in parse(page).select(".edition-footer > p a")]
    assert links == [told["said"], "1.0.0", "0.10.0"]
    return page


@pytest.mark.parametrize(
    ("fixture", "least"), [("heaviest", 0), ("with_terms", TERMS), ("beside_releases", 0)]
)
def test_the_heaviest_page_keeps_the_budget(
    fixture: str, least: int, browser: Browser, request: pytest.FixtureRequest
) -> None:
    path: Path = request.getfixturevalue(fixture)
    page = browser.new_page()
    asked: list[str] = []
    # Faces are for letters that a system lacks: only pages that have such load one.
    page.on(
        "request",
        lambda it: None if it.url.endswith(".woff2") else asked.append(it.url),
    )
    page.goto(path.as_uri(), wait_until="networkidle")
    notes = page.locator(".edition-note").count()
    terms = page.locator(".passage .std-term").count()
    icon = page.locator("link[rel=icon]").evaluate("it => it.href")
    page.close()
    assert notes >= 15
    assert terms >= least
    sizes = {
        Path(path).name: len(gzip.compress(Path(path).read_bytes()))
        for path in {unquote(urlsplit(url).path) for url in [*asked, icon]}
    }
    code = sum(size for name, size in sizes.items() if name.endswith((".css", ".js")))
    told = f"{path.stem}: {notes} notes, {terms} terms, code {code}, in all {sum(sizes.values())}"
    assert len(sizes) <= REQUESTS, f"{told}: {sizes}"
    assert code <= CODE, f"{told}: {sizes}"
    assert sum(sizes.values()) <= WHOLE, f"{told}: {sizes}"


def test_notes_lie_near_their_marks(whole: Page) -> None:
    ways = [abs(way) for way in whole.evaluate(WAYS)]
    assert len(ways) >= 60
    told = f"median {median(ways):.0f} px, most {max(ways):.0f} px"
    # A commentary of sixteen notes was to keep 20 and 100, one of sixty 60.
    assert median(ways) <= 20, told
    assert max(ways) <= 100, told


def test_notes_stand_in_the_order_of_their_marks(whole: Page) -> None:
    out_of_order = whole.evaluate(
        """() => [...document.querySelectorAll(".passage-row")].flatMap((row) => {
          const top = (it) => it.getBoundingClientRect().top;
          const mark = (note) => row.querySelector(`.passage .note-mark[href="#${note.id}"]`);
          const notes = [...row.querySelectorAll(".edition-note")]
            .sort((one, other) => top(one) - top(other));
          return notes.filter((note, at) => at && top(mark(notes[at - 1])) > top(mark(note)) + 2)
            .map((note) => note.id);
        })"""
    )
    assert out_of_order == []


def test_notes_lengthen_the_text_little(whole: Page) -> None:
    length = whole.evaluate(LENGTH)
    whole.get_by_label("Text alone").check()
    whole.wait_for_function(
        """() => [...document.querySelectorAll(".passage-row")]
          .every((row) => !parseFloat(row.style.paddingBottom || 0))"""
    )
    alone = whole.evaluate(LENGTH)
    assert length <= 1.15 * alone, f"{length / alone - 1:.1%} longer"


def test_no_note_lies_on_another(built: Path, browser: Browser, whole: Page) -> None:
    assert overlapping(whole.evaluate(BOXES)) == []
    page = browser.new_page()
    for part in PARTS:
        for width in (1440, 1280, 1024):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto((built / f"article/{part}.html").as_uri())
            boxes = page.evaluate(BOXES)
            assert len(boxes) == page.locator(".edition-note").count()
            assert overlapping(boxes) == [], (part, width)
    page.close()


def test_print_has_every_note_and_none_on_another(built: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 690, "height": 1000})
    for part in PARTS:
        path = built / f"article/{part}.html"
        page.goto(path.as_uri())
        page.emulate_media(media="print")
        boxes = page.evaluate(BOXES)
        gists = [note.get_text() for note in parse(path).select(".edition-note .gist")]
        assert len(boxes) == len(gists) > 0
        assert overlapping(boxes) == [], part
        assert all(box["right"] <= 690 for box in boxes)
        sheets = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
        printed = squeezed("".join(sheet.extract_text() for sheet in sheets))
        for gist in gists:
            assert re.search(printed_as(squeezed(gist)[:20]), printed), gist
        page.emulate_media(media="screen")
    page.close()
