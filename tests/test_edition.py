"""The edition itself: its text, its notes in every output, its commentary's counts."""

from __future__ import annotations

import re
import shutil
import zipfile
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
import yaml
from bs4 import BeautifulSoup, SoupStrainer
from docutils.nodes import make_id
from pybtex.database import parse_file

from annotated_edition.read.frontmatter import cut
from annotated_edition.text import fold
from support.edition import NOTES, PAGES, PARTS, ROOT, TIES, Outputs, run_sphinx
from support.pages import parse, squeezed, words_of

pytestmark = pytest.mark.xdist_group("edition")


def body() -> list[str]:
    """The copy-text's fourteen paragraphs, after its front lines."""
    paragraphs = (ROOT / "article/source.txt").read_text(encoding="utf-8").split("\n\n")
    return [paragraph for paragraph in paragraphs if paragraph.strip()][-14:]


def test_the_passages_are_the_copy_texts_paragraphs(outputs: Outputs) -> None:
    passages = [
        passage
        for part in PARTS
        for passage in parse(outputs("html") / f"article/{part}.html").select("p.passage")
    ]
    assert [passage["id"] for passage in passages] == [f"p{number}" for number in range(1, 15)]
    assert [fold(words_of(passage)).text for passage in passages] == [
        fold(paragraph).text for paragraph in body()
    ]


def test_the_front_lines_are_lettered(outputs: Outputs) -> None:
    passages = parse(outputs("html") / "article/front.html").select("p.passage")
    assert [passage["id"] for passage in passages] == ["pa", "pb", "pc", "pd", "pe"]


def test_one_changed_word_fails_the_build_every_time(tmp_path: Path) -> None:
    source = tmp_path / "edition"
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns(".git", ".venv", "_build", "tests", ".*_cache"),
    )
    page = source / "article/closing.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("inexhaustible wealth", "inexhaustible health"), encoding="utf-8")
    for _ in range(2):
        done = run_sphinx(source, tmp_path / "built", "html")
        assert done.returncode == 1
        assert re.search(
            r"article/closing\.md:\d+: WARNING: ¶14 differs from the copy-text: the page has "
            r"“health\.””, the copy-text \(line 39\) “wealth\.\"”",
            done.stderr,
        ), done.stderr


#: What stands in every page with marks or footnotes.
OF_NOTES = (b"doc-noteref", b"edition-note")


def marked(soups: list[BeautifulSoup]) -> set[str]:
    """Ids of the notes that have a mark and a footnote that belong together."""
    marks = {str(mark["href"]) for soup in soups for mark in soup.select("[role=doc-noteref]")}
    notes = {
        str(note["id"]): note.get_text() for soup in soups for note in soup.select(".edition-note")
    }
    return {
        name.removeprefix("note-") for name, text in notes.items() if f"#{name}" in marks and text
    }


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_every_note_is_attached_in_html(outputs: Outputs, builder: str) -> None:
    pages = outputs(builder).rglob("*.html")
    # The others have neither marks nor footnotes, and are many.
    soups = [parse(path) for path in pages if any(it in path.read_bytes() for it in OF_NOTES)]
    assert marked(soups) == NOTES.keys()


def test_every_note_is_attached_in_epub(outputs: Outputs) -> None:
    (path,) = outputs("epub").glob("*.epub")
    with zipfile.ZipFile(path) as book:
        soups = [
            BeautifulSoup(book.read(name), "lxml-xml")
            for name in book.namelist()
            if name.endswith(".xhtml") and any(it in book.read(name) for it in OF_NOTES)
        ]
    assert marked(soups) == NOTES.keys()


def test_every_note_is_attached_in_latex(outputs: Outputs) -> None:
    (path,) = outputs("latex").glob("*.tex")
    source = path.read_text(encoding="utf-8")
    numbers = re.findall(r"\\begin\{footnote\}\[(\d+)\]\\sphinxAtStartFootnote", source)
    assert [int(number) for number in numbers] == list(range(1, len(NOTES) + 1))


def test_every_note_is_attached_in_text(outputs: Outputs) -> None:
    pages = [
        (outputs("text") / f"article/{name}.txt").read_text(encoding="utf-8") for name in PAGES
    ]
    footnotes = {number for page in pages for number in re.findall(r"^ *\[(\d+)\] ", page, re.M)}
    marks = {number for page in pages for number in re.findall(r"(?<=\S)\[(\d+)\]", page)}
    assert footnotes == marks == {str(number) for number in range(1, len(NOTES) + 1)}


@cache
def gists(outputs: Outputs) -> dict[str, str]:
    """Each note's gist as the HTML pages show it, without its link to the whole note."""
    found = {}
    for part in PAGES:
        for note in parse(outputs("html") / f"article/{part}.html").select(".edition-note"):
            for more in note.select(".note-more, .label"):
                more.decompose()
            gist = note.select_one(".gist")
            assert gist is not None
            found[str(note["id"]).removeprefix("note-")] = " ".join(gist.get_text().split())
    assert found.keys() == NOTES.keys()
    return found


def test_every_note_is_attached_in_man(outputs: Outputs) -> None:
    (path,) = outputs("man").glob("*.1")
    # Fonts, quotation marks and breaks are commands there.
    commands = r"\\f[A-Z]|\\\((?:aq|dq)|\\%<[^>]*>|\\"
    page = squeezed(re.sub(commands, "", path.read_text(encoding="utf-8")))
    for name, gist in gists(outputs).items():
        # Without its sources, whose addresses the man page prints too.
        words = squeezed(re.split(r"[\[(]", gist)[0])
        assert page.count(words) >= 2, name


def test_every_note_is_attached_in_the_pdf(outputs: Outputs) -> None:
    with pypdfium2.PdfDocument(outputs("edition-pdf") / "annotated-edition.pdf") as pages:
        book = squeezed("".join(page.get_textpage().get_text_range() for page in pages))
    for name, gist in gists(outputs).items():
        # A long note's sources may run on to the next page.
        assert book.count(squeezed(gist.split("[")[0])) >= 2, name
    assert "丝绸之路" in book
    assert "Жібек" in book


def test_no_line_of_the_book_runs_into_the_margin(outputs: Outputs) -> None:
    with pypdfium2.PdfDocument(outputs("edition-pdf") / "annotated-edition.pdf") as book:
        for number, page in enumerate(book, 1):
            words = page.get_textpage()
            boxes = [words.get_rect(at) for at in range(words.count_rects())]
            # The text is 126 mm wide; its last sign may hang half out of it.
            assert (
                max(right for _left, _low, right, _high in boxes) < (210 - 38 + 2.5) / 25.4 * 72
            ), number
            assert min(left for left, *_ in boxes) > 15 / 25.4 * 72, number


def test_the_commentary_has_what_was_promised() -> None:
    wanted = {
        *("silk-road", "belt-and-road", "silk-road-economic-belt", "sco", "cica", "xuanzang"),
        *("chen-cheng", "al-farabi", "abai", "xian-xinghai", "trade-2021"),
        "production-capacity",
    }
    assert wanted <= NOTES.keys()
    assert len(NOTES) >= 16
    assert len(TIES) >= 4


def test_the_glossary_has_at_least_twenty_entries(outputs: Outputs) -> None:
    page = parse(outputs("html") / "commentary/glossary.html")
    assert len(page.select("dl.glossary > dd ul.occurrences")) >= 20


def test_every_source_cited_stands_in_the_bibliography_and_is_cited(outputs: Outputs) -> None:
    keys = set(parse_file(str(ROOT / "commentary/references.bib")).entries)
    cited = set()
    for path in [*(ROOT / "commentary").rglob("*.md"), *(ROOT / "article").glob("*.md")]:
        for group in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", path.read_text(encoding="utf-8")):
            cited |= {key.strip() for key in re.sub(r"\{[^}]*\}", "", group).split(",")}
    for path in NOTES.values():
        front = yaml.safe_load(cut(path.read_text(encoding="utf-8"))[0])
        cited |= {reading["source"] for reading in front.get("readings", {}).values()}
    assert cited == keys
    page = parse(outputs("html") / "commentary/bibliography.html")
    missing = {key for key in keys if page.find(id=make_id(f"source-{key}")) is None}
    assert not missing


def test_the_gists_of_a_passage_have_no_more_words_than_it(outputs: Outputs) -> None:
    """A tenth more at most: the margin holds no more."""
    words = gists(outputs)
    counted = 0
    for part in PARTS:
        for row in parse(outputs("html") / f"article/{part}.html").select(".passage-row"):
            passage = row.select_one(".passage")
            assert passage is not None
            beside = [
                len(
                    re.sub(
                        r"\s*\[[^\]]*\]", "", words[str(note["id"]).removeprefix("note-")]
                    ).split()
                )
                for note in row.select(".edition-note")
            ]
            assert sum(beside) <= 1.1 * len(words_of(passage).split()), passage["id"]
            counted += len(beside)
    assert counted >= 60


def test_no_request_leaves_the_host(outputs: Outputs) -> None:
    pages = list(outputs("html").rglob("*.html"))
    assert len(pages) > 80
    asking = SoupStrainer(["link", "script", "img"])
    for path in pages:
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml", parse_only=asking)
        for tag, attribute in (("link", "href"), ("script", "src"), ("img", "src")):
            for element in soup.select(f"{tag}[{attribute}]"):
                if {"canonical", "license"} & set(element.get("rel") or ()):
                    continue
                assert not re.match(r"(https?:)?//", str(element[attribute])), path
