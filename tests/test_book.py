"""The printed book of a whole edition, read back: its order, its margins, its index, its tags.

A structural test of accessibility stands in for veraPDF, which no package registry has; it says
itself what it checks.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, NameObject

from annotated_edition.render.pdf import builder as builder_module
from annotated_edition.render.pdf.builder import PrintError
from support.pdf import page_texts
from support.project import Project

FILLER = "Sand and stone lay on either side of the road, and nobody met them. " * 4
GISTS = {
    "road": "Nobody called it so before 1877.",
    "well": "The well was dug twice.",
    "town": "The town moved with its river.",
    "guide": "No source names the guide.",
}
NAME = "annotated-edition.pdf"


def _write(project: Project) -> None:
    project.text(
        f"They took the Silk Road from the town in spring. {FILLER}\n\n"
        f"At noon the caravan reached a deep well. {FILLER}",
        "\n\n".join(f"Day {n} went by. {FILLER}" for n in range(3, 12))
        + f"\n\nThe guide knew every well on the way. {FILLER}",
    )
    # In the order of files "guide" comes first, in the order of the text last.
    project.note("people/guide", "The guide", GISTS["guide"], body="More on the guide.")
    project.note("places/town", "the town", GISTS["town"], body="More on the town.")
    project.note("places/well", "a deep well", GISTS["well"], body="More on the well.")
    project.note(
        "history/road",
        "Silk Road",
        GISTS["road"],
        front="names: {ru: Шёлковый путь}",
        body="More on the road.\n",
    )
    project.write(
        "commentary/cross-references/wells.md",
        "---\nquote:\n  - reached a deep well\n  - every well on the way\n---\n# Wells\n",
    )
    project.write(
        "commentary/glossary.md",
        """
        # Glossary

        ```{glossary}
        caravan
          People who travel together.

        well
          A hole with water in it.
        ```
        """,
    )
    project.write(
        "about.md",
        "# About this book\n\nWhy it was made.\n\n## Licence\n\nFree for all.\n\n"
        "## Method\n\nWith care.\n",
    )
    project.configure(
        """
        author = "The editors"
        release = "2.0"
        html_baseurl = "https://edition.example/"
        edition_pdf_byline = "A traveller, 1900"
        edition_pdf_date = "1 May 2023"
        edition_pdf_front = ["about"]
        edition_pdf_imprint = ["about#licence"]
        """
    )
    project.index += "\n```{toctree}\nabout\ncommentary/glossary\n"
    project.index += "commentary/cross-references/wells\n```\n"


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("\u00ad", "")


class Book:
    """A built book: its pages as words, and as the PDF has them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reader = PdfReader(path)
        self.pages = [_squeeze(text) for text in page_texts(path)]

    def all_of(self, words: str) -> list[int]:
        return [n for n, page in enumerate(self.pages) if _squeeze(words) in page]

    def told(self, number: int) -> str:
        """The page number that is printed on a page of the file."""
        return str(self.reader.page_labels[number])


Make = Callable[..., Book]


@pytest.fixture(scope="module")
def make_book(tmp_path_factory: pytest.TempPathFactory) -> Make:
    def make(**settings: Any) -> Book:
        project = Project(tmp_path_factory.mktemp("book"))
        _write(project)
        project.build("edition-pdf", confoverrides=settings)
        assert project.warnings == ""
        return Book(project.output(NAME, "edition-pdf"))

    return make


@pytest.fixture(scope="module", params=["a4", "6x9"])
def book(request: pytest.FixtureRequest, make_book: Make) -> Book:
    return make_book(edition_pdf_paper=request.param)


@pytest.fixture(scope="module")
def bound(make_book: Make) -> Book:
    return make_book(edition_pdf_paper="6x9")


# ---- order ------------------------------------------------------------------------------------


def test_the_parts_stand_in_a_books_order(book: Book) -> None:
    titles = [item.title for item in book.reader.outline if not isinstance(item, list)]
    text = ["About this book", "Contents", "Page a", "Page b"]
    assert titles == [*text, "Commentary", "Glossary", "Wells", "Index"]


def test_the_title_page_and_the_imprint_say_what_the_book_is(book: Book) -> None:
    for words in ("Asmalledition", "Atraveller,1900", "Theeditors", "Release2.0", "1May2023"):
        assert words in book.pages[0]
    assert "https://edition.example/" in book.pages[0]
    assert "LicenceFreeforall." in book.pages[1].replace("LICENCE", "Licence")
    assert book.all_of("Free for all.") == [1], "a section of the imprint stands there alone"
    assert book.all_of("With care.") == book.all_of("Why it was made.")


def test_notes_stand_in_full_in_the_order_of_their_numbers(book: Book) -> None:
    whole = "".join(book.pages[book.all_of("More on")[0] :])
    places = [whole.index(f"Moreonthe{name}.") for name in ("road", "town", "well", "guide")]
    assert places == sorted(places)
    for number, title in enumerate(("Road", "Town", "Well", "Guide"), 1):
        assert f"{number}.{title}¶" in whole


def test_a_note_in_full_tells_the_page_of_its_mark(book: Book) -> None:
    full = "".join(book.pages[book.all_of("More on")[0] :])
    first, last = (book.told(book.all_of(GISTS[name])[0]) for name in ("road", "guide"))
    assert first != last, "the text runs over several pages"
    assert f"¶1,p.{first}TheytooktheSilkRoad" in full
    assert f"¶12,p.{last}Theguide" in full


def test_contents_and_bookmarks_are_the_same(book: Book) -> None:
    [start] = book.all_of("About this book i")
    printed = "".join(book.pages[start : book.all_of("They took the Silk Road")[0]])

    def check(items: list[Any]) -> None:
        for item in items:
            if isinstance(item, list):
                check(item)
            elif item.title != "Contents":
                page = book.reader.get_destination_page_number(item)
                line = rf"{re.escape(_squeeze(item.title))}\.*{book.told(page)}"
                assert re.search(line, printed), item.title

    check(book.reader.outline)


def test_a_bookmark_has_a_space_after_its_number(book: Book) -> None:
    titles = [item.title for item in _flat(book.reader.outline)]
    assert [title for title in titles if title[0].isdigit()] == [
        *("1. Road", "2. Town", "3. Well", "4. Guide"),
    ]


def _flat(items: list[Any]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


def test_what_imprint_asks_for_must_be_there(tmp_path: Path) -> None:
    project = Project(tmp_path)
    _write(project)
    with pytest.raises(PrintError, match=r"edition_pdf_imprint.*about#nowhere"):
        project.build("edition-pdf", confoverrides={"edition_pdf_imprint": ["about#nowhere"]})


# ---- pages of the text ------------------------------------------------------------------------


def test_every_gist_stands_at_the_foot_of_its_marks_page(book: Book) -> None:
    marked = {
        "road": "SilkRoad1",
        "town": "town2",
        "well": "deepwell3",
        "guide": "Theguide4",
    }
    for name, words in marked.items():
        [page] = book.all_of(words)
        assert page in book.all_of(GISTS[name])


def _words(book: Book) -> Iterator[tuple[Any, list[Any]]]:
    with pdfplumber.open(book.path) as pdf:
        for page in pdf.pages:
            yield page, page.extract_words(extra_attrs=["size"])


def _in_margin(page: Any, words: list[Any]) -> list[Any]:
    """What hangs beside the column, numbers of passages and marks of cross-references."""
    edges = [(w["x0"], w["x1"]) for w in words if w["size"] > 9.9]
    if not edges:
        return []
    left, right = min(x0 for x0, _ in edges), max(x1 for _, x1 in edges)
    return [w for w in words if w["x1"] < left - 1 or w["x0"] > right + 1]


def test_notes_and_marks_are_large_enough_to_read(book: Book) -> None:
    """At least 8.5 points on A4 and 8 on the smaller page."""
    least = 8 if float(book.reader.pages[0].mediabox.width) < 500 else 8.5
    text = range(book.all_of("SilkRoad1")[0], book.all_of("Theguide4")[0] + 1)
    sizes = {
        round(word["size"], 2)
        for page, words in _words(book)
        if page.page_number - 1 in text
        for word in words
    }
    assert min(sizes) >= least


def test_passages_numbers_hang_in_the_outer_margin_beside_their_first_line(book: Book) -> None:
    starts = {"1": "They", "2": "At", "12": "The"} | {str(n): "Day" for n in range(3, 12)}
    mirrored = float(book.reader.pages[0].mediabox.width) < 500
    text = range(book.all_of("SilkRoad1")[0], book.all_of("Theguide4")[0] + 1)
    seen = {}
    for page, words in _words(book):
        body = [w for w in words if w["text"] in {"They", "At", "Day", "The"} and w["size"] > 9]
        if page.page_number - 1 not in text:
            continue
        left, right = min(w["x0"] for w in body), max(w["x1"] for w in words if w["size"] > 9)
        recto = mirrored and page.page_number % 2 == 1
        for before, word in pairwise([words[0], *words]):
            if before["text"].endswith("p."):
                continue  # a page that a mark tells
            outside = word["x0"] > right if recto else word["x1"] < left
            if outside and word["text"] in starts:
                line = [w for w in body if abs(w["bottom"] - word["bottom"]) < 5]
                assert [w["text"] for w in line if w["x0"] == left] == [starts[word["text"]]]
                seen[word["text"]] = page.page_number
    assert sorted(seen, key=int) == [str(n) for n in range(1, 13)]


def test_cross_references_hang_beside_their_words_with_the_other_page(book: Book) -> None:
    here, there = (book.all_of(words)[0] for words in ("deepwell3", "Theguide4"))
    found = 0
    for page, words in _words(book):
        texts = [w["text"] for w in _in_margin(page, words)]
        if page.page_number - 1 == here:
            found += f"→¶12,p.{book.told(there)}" in _squeeze("".join(texts))
        elif page.page_number - 1 == there:
            found += f"→¶2,p.{book.told(here)}" in _squeeze("".join(texts))
    assert found == 2
    assert not book.all_of("Wells→"), "no line between the passages"


def test_nothing_in_the_margin_leaves_the_sheet_or_meets_the_text(bound: Book) -> None:
    hanging = 0
    for page, words in _words(bound):
        assert all(w["x0"] > 18 and w["x1"] < float(page.width) - 18 for w in words)
        boxes = [(w["x0"], w["top"], w["x1"], w["bottom"]) for w in _in_margin(page, words)]
        hanging += len(boxes)
        for n, one in enumerate(boxes):
            for other in boxes[n + 1 :]:
                apart = one[2] <= other[0] + 1 or other[2] <= one[0] + 1
                assert apart or one[3] <= other[1] + 2.5 or other[3] <= one[1] + 2.5
    assert hanging > 10


# ---- index ------------------------------------------------------------------------------------


def test_the_index_tells_pages_of_terms_notes_and_names(book: Book) -> None:
    index = "".join(book.pages[book.all_of("Index")[-1] :])
    text = book.told(book.all_of("At noon the caravan")[0])
    entry = book.told(book.all_of("People who travel together.")[0])
    assert f"caravan,{text},{entry}" in index
    mark, full = (
        book.told(book.all_of("SilkRoad1")[0]),
        book.told(book.all_of("More on the road")[0]),
    )
    assert f"Road,{mark}n.1,{full}" in index
    assert f"Шёлковыйпуть(Russian),{mark}n.1,{full}" in index


def test_pages_of_what_explains_a_head_ascend(book: Book) -> None:
    # The note in full stands before the glossary, but the glossary is asked first.
    index = "".join(book.pages[book.all_of("Index")[-1] :])
    full = book.told(book.all_of("More on the well.")[0])
    entry = book.told(book.all_of("A hole with water in it.")[0])
    assert int(full) < int(entry)
    assert f"n.3,{full},{entry}" in index


def test_one_subject_has_one_head_in_the_index(project: Project) -> None:
    project.text("They took the Silk Road to a Night School, and the WHO came to Old Town.")
    project.configure(
        'edition_registers = {"commentary/names": "organisations"}\n'
        'suppress_warnings = ["edition.unused-term"]\n'
    )
    project.write(
        "commentary/names.md",
        """
        # Names

        ```{edition:register}
        Night Schools
        Silk Road; Silk Route
        World Health Organization; WHO
        ```
        """,
    )
    terms = "Night School\n  In the evening.\n\nWHO\n  Of all nations."
    project.write("commentary/glossary.md", f"# Glossary\n\n```{{glossary}}\n{terms}\n```\n")
    project.index += "\n```{toctree}\ncommentary/names\ncommentary/glossary\n```\n"
    for name, quote, gist, title in (
        ("road", "Silk Road", "The Silk Road is a name.", "The Silk Road: a “new” name"),
        ("how", "They took", "On the Silk Route.", "How they came"),
        ("old", "Old Town", "A town.", "An old town"),
    ):
        path = project.note(f"history/{name}", quote, gist, body="More.")
        path.write_text(path.read_text().replace(f"# {name.capitalize()}", f"# {title}"))
    project.build("edition-pdf")
    index = Book(project.output(NAME, "edition-pdf"))
    words = "".join(index.pages[index.all_of("Index")[-1] :])
    # The register's form is the head of the glossary's terms, too.
    assert re.search(r"NightSchools,\d+,\d+", words)
    assert "NightSchool," not in words
    assert "WHO,seeWorldHealthOrganization" in words
    assert re.search(r"WorldHealthOrganization,\d+,\d+", words)
    # A title that begins with a subject is a part of it; others are no heads, if names lead there.
    assert re.search(r"SilkRoad,1,1n\.1a“new”name,1n\.\d,\d", words)
    assert "howtheycame" not in words.casefold()
    assert "Anoldtown,1n." in words, "nothing else leads there"


REGISTER = """
    # Names

    ```{edition:register}
    Bactra
    Merv @merv | oasis
    Taraz; Talas @taraz | town
    Tokmok | town
    ```
    """


def _with_register(project: Project) -> Path:
    project.text("From Bactra and Merv they came to Taraz.\n\nThey slept in Taraz and saw Tokmok.")
    project.configure('edition_registers = {"commentary/names": "places"}\n')
    project.write("commentary/names.md", REGISTER)
    project.index += "\n```{toctree}\ncommentary/names\n```\n"
    for name, quote, also in (
        ("taraz", "to Taraz", "see-also: [merv, sleep]"),
        ("merv", "and Merv", ""),
        ("bactra", "From Bactra", ""),
        ("sleep", "They slept", ""),
    ):
        project.note(f"places/{name}", quote, "Near Tokmok.", also, body="More.")
    project.build("edition-pdf")
    return project.output(NAME, "edition-pdf")


def test_the_index_leads_to_related_heads_as_notes_do(project: Project) -> None:
    with pdfplumber.open(_with_register(project)) as pdf:
        words = pdf.pages[-1].extract_words(use_text_flow=True)
    lines: dict[float, list[Any]] = {}
    for word in words:
        lines.setdefault(round(word["bottom"]), []).append(word)
    told = ["".join(word["text"] for word in line) for line in lines.values()]
    lefts = [line[0]["x0"] for line in lines.values()]

    def under(head: str) -> str:
        at = next(n for n, line in enumerate(told) if line.startswith(f"{head},"))
        after = told[at + 1] if lefts[at + 1] > lefts[at] else ""
        return "" if after.isdigit() else after  # the page's number stands further in, too

    # The note of Taraz names that of Merv; that on sleep is about no name. It holds either way.
    assert under("Taraz") == "seealsoMerv"
    assert under("Merv") == "seealsoTaraz"
    assert under("Bactra") == ""
    assert under("Tokmok") == "", "a note that mentions it is not its own"


def test_a_register_is_set_as_on_a_screen_with_numbers_for_titles(project: Project) -> None:
    with pdfplumber.open(_with_register(project)) as pdf:
        pages = [page for page in pdf.pages if "Merv,oasis" in _squeeze(page.extract_text())]
        (page,) = pages
        lines = page.extract_text_lines()
    entries = [line for line in lines if "Notes:" in line["text"]]
    assert [_squeeze(line["text"]) for line in entries] == [
        "BactraText:¶1,p.1.Notes:1",
        "Merv,oasisText:¶1,p.1.Notes:2",
        "Taraz,alsoTalas;townText:¶1,p.1;¶2,p.1.Notes:3",
        "Tokmok,townText:¶2,p.1.Notes:1,2,3,4",
    ]
    for line, head in zip(entries, ("Bactra", "Merv", "Taraz", "Tokmok"), strict=True):
        bold = "".join(char["text"] for char in line["chars"] if "Bold" in char["fontname"])
        assert bold.startswith(head)
        assert bold.lstrip(head).strip() in ("", "1", "2", "3"), "the name and its own note alone"
    gaps = [below["top"] - above["top"] for above, below in pairwise(entries)]
    assert min(gaps[0], gaps[1]) > gaps[2] + 2, "a letter begins apart"


def test_the_index_may_be_left_out(make_book: Make) -> None:
    titles = [
        i.title for i in make_book(edition_pdf_index=False).reader.outline if hasattr(i, "title")
    ]
    assert "Index" not in titles


DATED = "checked: 2026-11-24"


@pytest.mark.parametrize("second", [DATED, "checked: 2026-11-25"])
def test_what_is_said_of_all_notes_is_said_once(project: Project, second: str) -> None:
    project.text("They took the Silk Road to the town.")
    project.note("history/road", "Silk Road", "A name.", front=DATED, body="More.")
    project.note("places/town", "the town", "A place.", front=second, body="More.")
    project.build("edition-pdf")
    book = Book(project.output(NAME, "edition-pdf"))
    told = ["checked 24 November 2026"] + (["checked 25 November 2026"] if second != DATED else [])
    pages = [book.all_of(words) for words in told]
    notes = [book.all_of("cited as road")[0], book.all_of("cited as town")[0]]
    assert not book.all_of("Unless a note says otherwise")
    if second == DATED:
        assert pages == [[1]]
        assert book.all_of("All notes: checked 24 November 2026.") == [1]
    else:
        assert pages == [[page] for page in notes]


def test_what_is_said_of_most_notes_is_said_once_and_the_others_tell_it(project: Project) -> None:
    project.text("They took the Silk Road to the town by night.")
    project.note("history/road", "Silk Road", "A name.", front=DATED, body="More.")
    project.note("history/night", "by night", "It was dark.", front=DATED, body="More.")
    other = project.note("places/town", "the town", "A place.", "checked: 2026-11-25", "More.")
    project.build("edition-pdf")
    book = Book(project.output(NAME, "edition-pdf"))
    told = "Unless a note says otherwise: checked 24 November 2026."
    assert book.all_of(told) == book.all_of("checked 24 November 2026") == [1]
    assert book.all_of("checked 25 November 2026") == book.all_of("cited as town")
    # A note that was never checked must not seem to have been.
    other.write_text(other.read_text().replace("checked: 2026-11-25\n", ""))
    project.build("edition-pdf")
    book = Book(project.output(NAME, "edition-pdf"))
    assert book.all_of("checked 24 November 2026") == book.all_of("cited as")[:1]
    assert not book.all_of("Unless a note says otherwise")


@pytest.mark.parametrize(
    ("paper", "before", "together"), [("a4", 1, True), ("a4", 6, False), ("6x9", 1, False)]
)
def test_the_text_has_no_page_alone_with_the_end_of_what_leads_to_it(
    project: Project, paper: str, before: int, together: bool
) -> None:
    project.text("They came to the town.")
    project.index = "# The edition\n\n```{toctree}\npart\n```\n"
    words = "\n\n".join(f"Word {n} to the reader. {FILLER}" for n in range(before))
    project.write("part.md", f"# The part\n\n{words}\n\n```{{toctree}}\ntext/a\n```\n")
    project.build("edition-pdf", confoverrides={"edition_pdf_paper": paper})
    book = Book(project.output(NAME, "edition-pdf"))
    (text,) = book.all_of("They came to the town.")
    (last,) = book.all_of(f"Word {before - 1} to the reader.")
    assert (text == last) == together
    assert text == book.all_of("Page a")[-1], "its heading stands with it"


def test_a_text_on_the_first_page_has_its_heading(project: Project) -> None:
    project.text("Another page.")
    project.index = (
        "# The Walrus and the Carpenter\n\nThe sun was shining on the sea.\n\n## The walk\n\n"
        "They walked.\n\n```{toctree}\ntext/a\n```\n"
    )
    project.configure('edition_text = ["index", "text/*"]\n')
    project.note("words/walrus", "Walrus and", "The gist of the title.")
    project.build("edition-pdf")
    assert project.warnings == ""
    book = PdfReader(project.output(NAME, "edition-pdf"))
    page = next(words for it in book.pages if "shining" in (words := it.extract_text()))
    assert re.search(r"Walrus and ?1 ?the Carpenter", page)
    assert "The gist of the title." in page
    titles = [str(it.title) for it in _flat(book.outline)]
    assert titles[1:4] == ["The Walrus and the Carpenter", "The walk", "Page a"]


def test_two_notes_on_the_same_words_have_two_numbers(project: Project) -> None:
    project.text("They took the Silk Road to the town.")
    project.note("history/road", "Silk Road", "A name.")
    project.note("places/road-again", "the Silk Road", "A place.")
    project.build("edition-pdf")
    with pdfplumber.open(project.output(NAME, "edition-pdf")) as pdf:
        line = next(
            line
            for page in pdf.pages
            for line in page.extract_text_lines(return_chars=True)
            if "They took" in line["text"]
        )
        # The passage's own number stands before them.
        marks = [char for char in line["chars"] if char["text"] in "12"][-2:]
    assert [mark["text"] for mark in marks] == ["1", "2"]
    assert marks[1]["x0"] - marks[0]["x1"] > 1


def test_the_author_of_the_text_is_the_files_author(make_book: Make) -> None:
    book = make_book(edition_pdf_text_author="A traveller", edition_pdf_author="Edited by us")
    assert book.reader.metadata.author == "A traveller"  # type: ignore[union-attr]
    assert book.all_of("Edited by us")[0] == 0


# ---- the file ---------------------------------------------------------------------------------


def _elements(node: Any) -> Iterator[DictionaryObject]:
    """All structure elements under *node*."""
    node = node.get_object()
    if isinstance(node, ArrayObject):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, DictionaryObject) and isinstance(node.get("/S"), NameObject):
        yield node
        if "/K" in node:
            yield from _elements(node["/K"])


def test_pdf_ua_structure(book: Book) -> None:
    """What PDF/UA-1 (ISO 14289-1) asks for, as far as a structure can tell.

    7.1: marked as tagged, a title that is shown, the standard named in XMP, no suspects;
    7.2: a language; 7.3: each figure has an alternative text; 7.4.2: no heading level skipped;
    7.18.1, 7.18.3, 7.18.5: each link is in a Link element and has a text, pages tab in the order
    of structure; 7.1: everything painted is tagged or an artifact.
    """
    catalog: Any = book.reader.root_object
    assert catalog["/MarkInfo"]["/Marked"]
    assert str(catalog["/MarkInfo"].get("/Suspects", False)) == "False"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert catalog["/Lang"] == "en"
    xmp = catalog["/Metadata"].get_data()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert b"A small edition" in xmp
    elements = list(_elements(catalog["/StructTreeRoot"]["/K"]))
    assert all(e.get("/Alt") for e in elements if e["/S"] == "/Figure")
    levels = [int(str(e["/S"])[2:]) for e in elements if re.fullmatch(r"/H\d", str(e["/S"]))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    links = [e for e in elements if e["/S"] == "/Link"]
    annotations = 0
    for page in book.reader.pages:
        for annotation in page.get("/Annots", ()):
            annotations += annotation.get_object()["/Subtype"] == "/Link"
            assert "/StructParent" in annotation.get_object()
            assert annotation.get_object().get("/Contents")
            assert page["/Tabs"] == "/S"
    assert annotations > 20
    assert links


def test_another_checker_of_pdf_ua_has_no_finding(book: Book) -> None:
    """PyPI's ``pdfua``, which knows 16 of the 106 rules that a machine can check."""
    command = [sys.executable, "-m", "pdfua", "check", str(book.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_foreign_words_are_tagged_with_their_language(long_passage: Book) -> None:
    catalog: Any = long_passage.reader.root_object
    elements = list(_elements(catalog["/StructTreeRoot"]["/K"]))
    assert {e["/Lang"] for e in elements if "/Lang" in e} >= {"ru", "zh-CN"}


def test_everything_painted_is_tagged_or_an_artifact(book: Book) -> None:
    painting = {b"Tj", b"TJ", b"'", b'"', b"f", b"F", b"f*", b"S", b"s", b"B", b"b", b"Do", b"sh"}
    painted = 0
    for page in book.reader.pages:
        depth = 0
        for _operands, operator in ContentStream(page.get_contents(), book.reader).operations:
            if operator in (b"BDC", b"BMC"):
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in painting:
                assert depth > 0, operator
                painted += 1
        assert depth == 0
    assert painted > 100


def test_nothing_is_set_again_if_nothing_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(tmp_path)
    _write(project)
    runs = []
    typeset = builder_module.typeset
    monkeypatch.setattr(
        builder_module,
        "typeset",
        lambda source, search: (runs.append(source), typeset(source, search))[1],
    )
    project.build("edition-pdf")
    before = project.output(NAME, "edition-pdf").read_bytes()
    project.build("edition-pdf")
    assert len(runs) == 1
    project.output(NAME, "edition-pdf").write_bytes(b"broken")
    project.build("edition-pdf")
    assert project.output(NAME, "edition-pdf").read_bytes() == before
    project.note("places/well", "a deep well", "Another gist.")
    project.build("edition-pdf")
    assert len(runs) == 3
    assert Book(project.output(NAME, "edition-pdf")).all_of("Another gist.")


# ---- places in a passage that runs over pages --------------------------------------------------


@pytest.fixture(scope="module")
def long_passage(tmp_path_factory: pytest.TempPathFactory) -> Book:
    project = Project(tmp_path_factory.mktemp("long"))
    project.text(
        f"They took the Silk Road from the town in spring. {FILLER * 16} At last they saw the sea.",
        f"The guide was silent. {FILLER * 2}\n\nThey spoke of the sea for years, and of the town.",
    )
    quote = "\n  - exact: the sea\n    prefix: saw\n  - exact: the sea\n    prefix: of"
    readings = "readings: {Ru: {reading: море, gloss: a sea}, Zh: {reading: 大海, gloss: a sea}}"
    project.note("places/sea", quote, "Which sea, nobody says.", front=readings, body="More.")
    project.write(
        "commentary/cross-references/water.md",
        "---\nquote:\n  - saw the sea\n  - The guide was silent\n---\n# Silence\n",
    )
    project.write("versions.md", "# Versions\n\n```{edition:notes}\n:by: readings\n```\n")
    project.index += "\n```{toctree}\nversions\ncommentary/cross-references/water\n```\n"
    project.build("edition-pdf", confoverrides={"edition_pdf_paper": "6x9"})
    assert project.warnings == ""
    return Book(project.output(NAME, "edition-pdf"))


def _pages_of_the_sea(book: Book) -> tuple[str, str, int]:
    """The numbers of the pages where the passage begins and where its last words stand."""
    begin, end = book.all_of("They took the Silk Road")[0], book.all_of("Which sea, nobody")[0]
    assert begin < end
    return book.told(begin), book.told(end), end


def test_a_place_is_told_with_the_page_of_its_words(long_passage: Book) -> None:
    _begin, page, _at = _pages_of_the_sea(long_passage)
    whole = "".join(long_passage.pages)
    # The versions compared and the list of a cross-reference's places; then the mark in the margin.
    assert re.search(rf"¶1,p\.{page}thesea;¶3,p\.\d+thesea", whole)
    assert re.search(rf"¶1,p\.{page}…[^¶]*sawthesea", whole)
    assert f"→¶1,p.{page}" in whole


def test_a_note_marked_again_far_off_says_where_it_stands(long_passage: Book) -> None:
    _begin, page, at = _pages_of_the_sea(long_passage)
    assert "Whichsea,nobodysays." in long_passage.pages[at]
    again = long_passage.all_of("They spoke of the sea")[0]
    assert f"See¶1,p.{page}." in long_passage.pages[again]


def test_the_file_is_packed(book: Book) -> None:
    """Its objects are in streams: the tags alone would be larger than the rest."""
    assert book.path.read_bytes().count(b"\n0000") == 0, "a table of all objects"
    assert b"/ObjStm" in book.path.read_bytes()


@pytest.mark.parametrize("undivided", [(), ("transcontinental",)])
def test_words_that_no_line_divides(project: Project, undivided: tuple[str, ...]) -> None:
    project.text(" ".join(["From Kazakhstan by transcontinental railways."] * 60))
    project.build("edition-pdf", confoverrides={"edition_pdf_undivided": undivided})
    book = Book(project.output(NAME, "edition-pdf"))
    lines = "\n".join(page.extract_text() for page in book.reader.pages)
    assert bool(re.search(r"\btrans(?!continental)", lines)) is not bool(undivided)
    assert not re.search(r"\bKaza(?!khstan)|\bKazakh(?!stan)", lines), "a name"
