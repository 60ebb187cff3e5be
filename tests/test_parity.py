"""HTML, PDF, EPUB, TEI and JSON-LD hold the same edition: each thing once, and in the same words.

What stands on the HTML pages is the measure.  The PDF is read by what a book can't do
without, whatever its layout: words, their size, links and where they lead.
"""

from __future__ import annotations

import json
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from pypdf import PdfReader

from support.edition import NOTES, PAGES, ROOT, TIES, Outputs
from support.pages import parse, printed, squeezed, words_of
from support.pdf import tags_by_heading
from support.tei import File

pytestmark = pytest.mark.xdist_group("parity")


@dataclass
class Text:
    """The pages of the text in HTML or EPUB, as far as the two must agree."""

    passages: dict[str, str] = field(default_factory=dict)
    #: The same with the numbers of the notes' marks among the words.
    numbered: dict[str, str] = field(default_factory=dict)
    #: The page of every passage.
    pages: dict[str, str] = field(default_factory=dict)
    #: Note and gist, in the order of the text, as often as they stand there.
    gists: list[tuple[str, str]] = field(default_factory=list)
    #: What is said of how sure a gist is, by note, where that isn't plain.
    standings: dict[str, str] = field(default_factory=dict)
    #: Note of every mark.
    marks: list[str] = field(default_factory=list)
    #: Passage, words and entry of every linked term.
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    #: Passage, words and targets of every line of cross-references.
    ties: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    #: How often a passage is named by a link to it ("¶8").
    references: Counter[str] = field(default_factory=Counter)


def read(pages: dict[str, BeautifulSoup]) -> Text:
    text = Text()
    for page, soup in pages.items():
        for element in soup.select(".passage, .edition-note, p.cross-reference"):
            if "passage" in element["class"]:
                last = str(element["id"])
                assert last not in text.passages
                text.passages[last], text.pages[last] = words_of(element), page
                text.numbered[last] = words_of(without_roles(element))
                text.marks += [
                    str(mark["href"]).partition("#note-")[2]
                    for mark in element.select("[role=doc-noteref]")
                ]
                text.terms += [
                    (last, term.get_text(), fragment(link_of(term)))
                    for term in element.select(".std-term")
                ]
            elif "edition-note" in element["class"]:
                note = str(element["id"]).removeprefix("note-")
                text.gists.append((note, gist_of(element)))
                word = element.select_one(".standing-word")
                if word is not None:
                    text.standings[note] = word.get_text()
            else:
                targets = tuple(fragment(link) for link in element.select("a"))
                text.ties.append((last, " ".join(element.get_text().split()), targets))
        body = soup.select_one("main section")
        assert body is not None
        text.references.update(
            link.get_text()
            for link in body.select("a[href]:not(.passage-number)")
            if re.fullmatch(r"¶\w+", link.get_text())
        )
    return text


def without_roles(passage: Tag) -> Tag:
    return BeautifulSoup(str(passage).replace('role="doc-noteref"', ""), "lxml")


def link_of(term: Tag) -> Tag:
    link = term.find_parent("a")
    assert isinstance(link, Tag)
    return link


def fragment(link: Tag) -> str:
    return str(link["href"]).partition("#")[2]


def gist_of(note: Tag) -> str:
    gist = BeautifulSoup(str(note), "lxml").select_one(".gist")
    assert gist is not None
    for more in gist.select(".note-more"):
        more.decompose()
    return " ".join(gist.get_text().split())


@pytest.fixture(scope="module")
def html(outputs: Outputs) -> Text:
    return read({name: parse(outputs("html") / f"article/{name}.html") for name in PAGES})


@pytest.fixture(scope="module")
def epub(outputs: Outputs) -> Text:
    (path,) = outputs("epub").glob("*.epub")
    with zipfile.ZipFile(path) as book:
        return read(
            {name: BeautifulSoup(book.read(f"article/{name}.xhtml"), "lxml-xml") for name in PAGES}
        )


def test_the_measure_has_everything_once(html: Text) -> None:
    assert len(html.passages) == 19
    assert set(html.marks) == {name for name, _gist in html.gists} == NOTES.keys()
    assert len({gist for _name, gist in html.gists}) == len(NOTES)
    # A term is linked once a page.
    assert len(html.terms) == len({(html.pages[name], entry) for name, _words, entry in html.terms})
    titles = {
        next(
            line.removeprefix("# ")
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("# ")
        )
        for path in TIES
    }
    told = " ".join(words for _passage, words, _targets in html.ties)
    assert not {title for title in titles if squeezed(title) not in squeezed(told)}


@pytest.mark.parametrize(
    "part", ["passages", "numbered", "gists", "standings", "marks", "terms", "ties", "references"]
)
def test_the_epub_has_what_the_pages_have(html: Text, epub: Text, part: str) -> None:
    assert getattr(epub, part) == getattr(html, part)


#: A page, from 0, and how far down on it: below zero, since PDF counts from the foot.
Place = tuple[int, float]


class Book:
    """The article's pages of the PDF: from its first heading to that of what follows."""

    def __init__(self, path: Path, titles: list[str], glossary: str) -> None:
        self.path = path
        self.reader = PdfReader(path)
        self.starts = list(self._outline(self.reader.outline))
        self.article = self.chapter(titles[0], titles[-1])
        self.glossary = self.chapter(glossary, glossary)
        numbers = range(self.article[0][0], self.article[1][0] + 1)
        pages = {number: printed(path).pages[number] for number in numbers}
        self.chars = {
            number: [
                char
                for char in page.chars
                if self.is_in(self.article, (number, -float(page.height - char["top"])))
            ]
            for number, page in pages.items()
        }
        self.heights = {number: float(page.height) for number, page in pages.items()}

    def _outline(self, items: list[Any]) -> Iterator[tuple[str, Place]]:
        for item in items:
            if isinstance(item, list):
                yield from self._outline(item)
            else:
                yield squeezed(str(item.title)), self.place(item.dest_array)

    def below(self, title: str) -> list[str]:
        """The headings of the chapter *title*, but for its own."""
        found: list[str] = []
        for item, below in pairwise([*self.reader.outline, None]):
            if isinstance(below, list) and squeezed(str(item.title)) == title:  # type: ignore[union-attr]
                found += [name for name, _place in self._outline(below)]
        return found

    def place(self, destination: Any) -> Place:
        number = self.reader.get_page_number(destination[0].get_object())
        assert number is not None
        assert destination[1] == "/XYZ"
        return number, -float(destination[3])

    def chapter(self, first: str, last: str) -> tuple[Place, Place]:
        """Where the chapters from *first* to *last* begin and end."""
        names = [title for title, _place in self.starts]
        end = names.index(squeezed(last)) + 1
        after = self.starts[end][1] if end < len(names) else (len(self.reader.pages), 0.0)
        return self.starts[names.index(squeezed(first))][1], after

    @staticmethod
    def is_in(chapter: tuple[Place, Place], place: Place) -> bool:
        return chapter[0] <= place < chapter[1]

    @cached_property
    def words(self) -> str:
        return squeezed("".join(char["text"] for page in self.chars.values() for char in page))

    @cached_property
    def words_by_size(self) -> dict[float, str]:
        """All letters of each size, in order: text, notes and marks each by themselves."""
        sizes: dict[float, list[str]] = {}
        for page in self.chars.values():
            for char in page:
                sizes.setdefault(round(char["size"], 1), []).append(char["text"])
        return {size: squeezed("".join(letters)) for size, letters in sizes.items()}

    def links_into(self, chapter: tuple[Place, Place]) -> Iterator[tuple[str, float]]:
        """Words and size of the links that lead to somewhere in *chapter*."""
        for words, size, goal in self.links:
            if self.is_in(chapter, goal):
                yield words, size

    @cached_property
    def links(self) -> list[tuple[str, float, Place]]:
        """Words, size and target of each link on the article's pages.

        A term that runs over the end of a line is one link, a ¶ begins a new one.
        """
        names = self.reader.named_destinations
        found: list[tuple[str, float, Place]] = []
        line = 0.0
        for number, chars in self.chars.items():
            for note in self.reader.pages[number].get("/Annots", []):
                note = note.get_object()
                target = note.get("/Dest", note.get("/A", {}).get("/D"))
                if target is None:
                    continue
                goal = self.place(names[target].dest_array if isinstance(target, str) else target)
                x0, y0, x1, y1 = map(float, note["/Rect"])
                inside = [
                    char
                    for char in chars
                    if x0 <= (char["x0"] + char["x1"]) / 2 <= x1
                    and y0 <= self.heights[number] - (char["top"] + char["bottom"]) / 2 <= y1
                ]
                if not inside:
                    continue
                words = "".join(char["text"] for char in inside)
                if found and found[-1][2] == goal and y0 != line and not words.startswith("¶"):
                    found[-1] = found[-1][0] + words, *found[-1][1:]
                else:
                    size = max(round(char["size"], 1) for char in inside)
                    found.append((words, size, goal))
                line = y0
        return found


@pytest.fixture(scope="module")
def book(outputs: Outputs) -> Book:
    titles = [
        heading.get_text().rstrip("¶")
        for name in (*(f"article/{page}" for page in PAGES), "commentary/glossary")
        if (heading := parse(outputs("html") / f"{name}.html").select_one("main section h1"))
    ]
    return Book(outputs("edition-pdf") / "annotated-edition.pdf", titles[:-1], titles[-1])


def shapes(html: Text, name: str) -> set[str]:
    """A passage's letters: marks may be of the text's own size, or smaller and so left out."""
    return {squeezed(html.passages[name]), squeezed(html.numbered[name])}


def test_every_passage_stands_once_in_the_pdf(html: Text, book: Book) -> None:
    for name, words in html.passages.items():
        if len(words.split()) < 6:
            continue  # “Xi Jinping” is in other passages as well
        # The lead quotes the headline.
        wanted = sum(squeezed(other).count(squeezed(words)) for other in html.passages.values())
        found = max(
            sum(letters.count(shape) for letters in book.words_by_size.values())
            for shape in shapes(html, name)
        )
        assert found == wanted, name


def test_every_gist_stands_once_on_the_articles_pages_of_the_pdf(html: Text, book: Book) -> None:
    for name, gist in dict(html.gists).items():
        # Its sources may run on to the next page.
        assert book.words.count(squeezed(gist.split("[")[0])) == 1, name


def test_every_gist_stands_at_the_foot_of_the_page_of_its_mark(
    html: Text, outputs: Outputs
) -> None:
    """Below all of the page's text, and in smaller type."""
    wanted = {name: squeezed(gist.split("[")[0]) for name, gist in html.gists}
    for page in printed(outputs("edition-pdf") / "annotated-edition.pdf").pages:
        # Above the footer with the page's number, below the running head.
        lines = page.crop((0, 60, page.width, page.height - 75)).extract_text_lines()
        sizes = [max(round(char["size"], 1) for char in line["chars"]) for line in lines]
        if not wanted:
            break  # the rest of the book is slow to read
        if not sizes:
            continue
        text_size = 10.0
        last = max((i for i, size in enumerate(sizes) if size >= text_size), default=-1)
        foot = squeezed("".join(line["text"] for line in lines[last + 1 :]))
        for name in [name for name, gist in wanted.items() if gist in foot]:
            del wanted[name]
    assert not wanted


def test_how_sure_a_gist_is_stands_after_it_in_the_pdf(html: Text, book: Book) -> None:
    assert 0 < len(html.standings) < len(html.gists)
    begins = {name: book.words.index(squeezed(gist.split("[")[0])) for name, gist in html.gists}
    told = {"disputed": "Disputed.", "interpretation": "Interpretation."}
    told["looked for and not found"] = "Looked for and not found."
    for name, begin in begins.items():
        end = min((at for at in begins.values() if at > begin), default=None)
        found = [word for word, said in told.items() if squeezed(said) in book.words[begin:end]]
        wanted = html.standings.get(name)
        assert found == ([wanted] if wanted else []), name


def text_size(html: Text, book: Book) -> float:
    (size,) = (
        size
        for size, letters in book.words_by_size.items()
        if any(shape in letters for shape in shapes(html, "p1"))
    )
    return size


def test_every_term_is_linked_once_in_the_pdf(html: Text, book: Book) -> None:
    """In the text itself: notes may link terms as well."""
    size = text_size(html, book)
    linked = [
        squeezed(words) for words, its_size in book.links_into(book.glossary) if its_size == size
    ]
    assert linked == [squeezed(words) for _passage, words, _entry in html.terms]


def test_every_cross_reference_is_told_in_the_pdf(html: Text, book: Book) -> None:
    named = Counter(
        match[0]
        for words, _size in book.links_into(book.article)
        if (match := re.match(r"¶[0-9a-z]+", words.replace(" ", "")))
    )
    source = book.path.with_suffix(".typ").read_text(encoding="utf-8")
    told = [
        re.findall(r'#see-page\("[^"]*"\)\[(¶[0-9a-z]+)\]', mark.partition(", ((")[0])
        for mark in source.split("#tied(")[1:]
    ]
    assert Counter(chain(*told)) == html.references
    # All are printed, but for one that says the same as that before it.
    repeated = Counter(chain(*(mark for before, mark in pairwise(told) if before == mark)))
    assert html.references - repeated <= named <= html.references


@dataclass
class Counts:
    """How many of each thing an output has."""

    passages: int
    notes: int
    marks: int
    terms: int
    cross_references: int
    people: int
    places: int


def counted_html(outputs: Outputs, html: Text) -> Counts:
    def found(page: str, what: str) -> int:
        return len(parse(outputs("html") / f"commentary/{page}.html").select(what))

    return Counts(
        len(html.passages),
        len({name for name, _gist in html.gists}),
        len(html.marks),
        found("glossary", "dl.glossary > dd"),
        len({*(outputs("html") / "commentary/cross-references").glob("*.html")}) - len(["index"]),
        found("people-register", "dl.register > dt"),
        found("places-register", "dl.register > dt"),
    )


def counted_epub(outputs: Outputs, epub: Text) -> Counts:
    (path,) = outputs("epub").glob("*.epub")
    with zipfile.ZipFile(path) as book:

        def found(page: str, what: str) -> int:
            soup = BeautifulSoup(book.read(f"commentary/{page}.xhtml"), "lxml-xml")
            return len(soup.select(what))

        ties = [name for name in book.namelist() if "/cross-references/" in name]
        return Counts(
            len(epub.passages),
            len({name for name, _gist in epub.gists}),
            len(epub.marks),
            found("glossary", "dl.glossary > .glossary-entry > dd"),
            len([name for name in ties if not name.endswith("/index.xhtml")]),
            found("people-register", "dl.register > dt"),
            found("places-register", "dl.register > dt"),
        )


def counted_tei(outputs: Outputs) -> Counts:
    tei = File(outputs("tei") / "annotated-edition.xml")
    notes = tei.all("standOff/listAnnotation[@type='notes']/annotation")
    return Counts(
        len(tei.passages),
        len(notes),
        sum(len(str(note.get("target")).split()) for note in notes),
        len(tei.all("standOff/list[@type='gloss']/item")),
        len(tei.all("standOff/listAnnotation[@type='cross-references']/annotation")),
        len(tei.all("standOff/listPerson[@type='register']/person")),
        len(tei.all("standOff/listPlace[@type='register']/place")),
    )


def counted_json(outputs: Outputs) -> Counts:
    """By the annotations, and by what heads of pages say in JSON-LD."""
    data = json.loads((outputs("html") / "annotations.jsonld").read_text(encoding="utf-8"))
    items = data["first"]["items"]
    notes = [item for item in items if item["motivation"] == "commenting"]
    told = {}
    for name in ("people-register", "places-register", "glossary"):
        page = parse(outputs("html") / f"commentary/{name}.html")
        (script,) = page.select('script[type="application/ld+json"]')
        told[name] = json.loads(script.get_text())
    targets = [target for item in items for target in item["target"]]
    return Counts(
        # Each passage of this edition has something to say of it.
        len({(target["source"], target["selector"][0]["value"]) for target in targets}),
        len(notes),
        sum(len(note["target"]) for note in notes),
        len(told["glossary"]["hasDefinedTerm"]),
        len(items) - len(notes),
        len(told["people-register"]["@graph"]),
        len(told["places-register"]["@graph"]),
    )


def counted_pdf(outputs: Outputs, html: Text, book: Book) -> Counts:
    """By its outline and by its structure, which screen readers follow."""
    tagged = tags_by_heading(book.reader)[1:]
    people, places, glossary, cross_references = (
        squeezed(heading.get_text().rstrip("¶"))
        for name in ("people-register", "places-register", "glossary", "cross-references/index")
        if (heading := parse(outputs("html") / f"commentary/{name}.html").select_one("main h1"))
    )
    entries = {title: tags["/LI"] for title, tags in tagged}
    text = [
        tags
        for (_title, tags), (_same, place) in zip(tagged, book.starts, strict=True)
        if book.is_in(book.article, place)
    ]
    # In the margin, in type of its own size.
    number = round(0.8 * text_size(html, book), 1)
    return Counts(
        len(
            {
                (page, round(char["top"]))
                for page, chars in book.chars.items()
                for char in chars
                if round(char["size"], 1) == number
            }
        ),
        len(book.below("Commentary")),
        # Footnotes, and their marks in the text, have labels.
        sum(tags["/Lbl"] - tags["/Note"] for tags in text),
        entries[glossary],
        len(book.below(cross_references)),
        entries[people],
        entries[places],
    )


def test_all_outputs_have_as_many_of_everything(
    outputs: Outputs, html: Text, epub: Text, book: Book
) -> None:
    measure = counted_html(outputs, html)
    assert min(vars(measure).values()) > 0
    assert counted_epub(outputs, epub) == measure
    assert counted_tei(outputs) == measure
    assert counted_json(outputs) == measure
    assert counted_pdf(outputs, html, book) == measure
    # A footnote for each note, once more where it is on another page of the text.
    gists = {name: squeezed(gist.split("[")[0]) for name, gist in html.gists}
    assert sum(gist in book.words for gist in gists.values()) == measure.notes


def pages_of(outputs: Outputs) -> Iterator[tuple[str, BeautifulSoup, BeautifulSoup]]:
    (path,) = outputs("epub").glob("*.epub")
    with zipfile.ZipFile(path) as epub:
        for name in sorted(NOTES):
            docname = posixpath.splitext(NOTES[name].relative_to(ROOT).as_posix())[0]
            page = BeautifulSoup(epub.read(f"{docname}.xhtml"), "lxml-xml")
            yield name, parse(outputs("html") / f"{docname}.html"), page


def test_the_whole_notes_are_the_same_in_html_and_epub(outputs: Outputs) -> None:
    for name, page, epub in pages_of(outputs):
        words = []
        for soup in (page, epub):
            section = soup.select_one("main section")
            assert section is not None
            # A link to change the note is for those who are on the network; a page tells its
            # sources in full, a book has them in one bibliography.
            for link in section.select(".headerlink, .suggest-change, .note-sources"):
                link.decompose()
            words.append(" ".join(section.get_text().split()))
        assert words[0] == words[1], name
