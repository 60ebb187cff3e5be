"""What the commentary promises to hold, counted on the pages that were built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from support.edition import ROOT, Outputs
from support.pages import parse, words_of

PARTS = ("greeting", "thirty-years", "proposals", "closing")
PAGES = ("front", *PARTS)
LANGUAGES = {"zh", "kk", "ru"}

pytestmark = pytest.mark.xdist_group("commentary")


@pytest.fixture(scope="session")
def html(outputs: Outputs) -> Path:
    return outputs("html")


@pytest.fixture(scope="session")
def text(html: Path) -> dict[str, BeautifulSoup]:
    """The pages of the article."""
    return {part: parse(html / f"article/{part}.html") for part in PAGES}


@pytest.fixture(scope="session")
def notes(html: Path, text: dict[str, BeautifulSoup]) -> dict[str, BeautifulSoup]:
    """The notes' own pages, by their addresses, as the notes beside the text link them."""
    addresses = {
        (html / "article" / str(link["href"])).resolve().relative_to(html.resolve()).as_posix()
        for page in text.values()
        for link in page.select(".edition-note .note-more")
    }
    return {address: parse(html / address) for address in sorted(addresses)}


def words(element: Tag, without: str = "") -> list[str]:
    """The words of an element, without those of some elements within it."""
    copy = BeautifulSoup(str(element), "lxml")
    for other in copy.select(without) if without else ():
        other.decompose()
    return [word for word in copy.get_text(" ").split() if re.search(r"\w", word)]


def gist_words(note: Tag) -> int:
    gist = note.select_one(".gist")
    assert gist is not None
    return len(words(gist, ".note-more, .bibtex-citation"))


def rows(text: dict[str, BeautifulSoup], parts: tuple[str, ...]) -> Iterator[tuple[Tag, list[Tag]]]:
    """Each passage with the notes beside it, those of further marks among them."""
    for part in parts:
        page = text[part]
        for row in page.select(".passage-row"):
            passage = row.select_one(".passage")
            assert passage is not None
            marks = passage.select("[role=doc-noteref]")
            ids = dict.fromkeys(str(mark["href"]).removeprefix("#") for mark in marks)
            beside = [page.find(id=name) for name in ids]
            assert all(isinstance(note, Tag) for note in beside)
            yield passage, [note for note in beside if isinstance(note, Tag)]


def test_there_are_eighty_five_notes(notes: dict[str, BeautifulSoup]) -> None:
    assert len(notes) >= 85


def test_every_passage_has_two_notes(text: dict[str, BeautifulSoup]) -> None:
    counts = {str(passage["id"]): len(beside) for passage, beside in rows(text, PARTS)}
    assert len(counts) == 14
    assert min(counts.values()) >= 2, counts


def test_every_gist_has_thirty_words_at_most(text: dict[str, BeautifulSoup]) -> None:
    counts = {
        str(note["id"]): gist_words(note)
        for page in text.values()
        for note in page.select(".edition-note")
    }
    assert counts
    assert {name: count for name, count in counts.items() if not 1 <= count <= 30} == {}


def test_the_gists_of_a_passage_are_a_tenth_longer_at_most(text: dict[str, BeautifulSoup]) -> None:
    seen: set[str] = set()
    for passage, beside in rows(text, PARTS):
        # A note stands once on a page, beside its first passage there.
        fresh = [note for note in beside if str(note["id"]) not in seen]
        seen |= {str(note["id"]) for note in fresh}
        most = 1.1 * len(words_of(passage).split())
        assert sum(map(gist_words, fresh)) <= most, passage["id"]
    assert len(seen) >= 80


def test_there_are_twenty_cross_references_with_titles(
    html: Path, text: dict[str, BeautifulSoup]
) -> None:
    titles = set()
    for path in (html / "commentary/cross-references").glob("*.html"):
        page = parse(path)
        if path.stem != "index":
            assert len(page.select(".cross-reference-places li")) >= 2, path.stem
            heading = page.select_one("h1")
            assert heading is not None
            titles.add(heading.get_text().removesuffix("¶").strip())
    assert len(titles - {""}) >= 20
    # Beside the text each is named by its title.
    lines = " ".join(
        line.get_text() for page in text.values() for line in page.select(".cross-reference")
    )
    assert {title for title in titles if f"{title} → " not in lines} == set()


def glossary(html: Path) -> list[Tag]:
    return parse(html / "commentary/glossary.html").select("dl.glossary > dd")


def test_the_glossary_has_sixty_entries_that_the_article_uses(html: Path) -> None:
    entries = glossary(html)
    assert len(entries) >= 60
    assert all(entry.select(".occurrences li") for entry in entries)


def test_forty_glossary_entries_have_chinese_kazakh_and_russian_forms(html: Path) -> None:
    languages = [{str(form["lang"]) for form in entry.select("[lang]")} for entry in glossary(html)]
    assert sum(entry >= LANGUAGES for entry in languages) >= 40


def test_the_introduction_has_its_length_and_its_sections(html: Path) -> None:
    page = parse(html / "article/introduction.html")
    section = page.select_one("main section")
    assert section is not None
    count = len(words(section, ".headerlink, .bibtex-citation"))
    assert 900 <= count <= 1300, count
    assert len(section.select(":scope > section > h2")) == 7, [
        heading.get_text() for heading in section.select("h2")
    ]


@pytest.mark.parametrize("part", PARTS)
def test_every_headnote_has_its_length(text: dict[str, BeautifulSoup], part: str) -> None:
    (headnote,) = text[part].select(".editorial")
    assert 60 <= len(words(headnote, ".bibtex-citation")) <= 100


def sources_of(page: BeautifulSoup) -> set[str]:
    """The ids of the sources that a page cites."""
    links = page.select("main a[href*='bibliography.html#source-']")
    return {str(link["href"]).partition("#")[2] for link in links}


def test_every_note_has_a_source(notes: dict[str, BeautifulSoup]) -> None:
    assert [address for address, page in notes.items() if not sources_of(page)] == []


def test_the_page_of_sources_has_every_source_with_its_notes(
    html: Path, notes: dict[str, BeautifulSoup]
) -> None:
    page = parse(html / "commentary/bibliography.html")
    listed = {
        str(source["id"]): {
            f"commentary/{link['href']}" for link in source.select(".cited-in a[href]")
        }
        for source in page.select("div.citation[id^=source-]")
    }
    keys = re.findall(
        r"^@\w+\{\s*([^,\s]+)\s*,",
        (ROOT / "commentary/references.bib").read_text(encoding="utf-8"),
        re.M,
    )
    assert len(listed) == len(keys)
    citing: dict[str, set[str]] = {source: set() for source in listed}
    for address, note in notes.items():
        for source in sources_of(note):
            citing[source].add(address)
    assert listed == citing


@pytest.mark.parametrize(
    ("register", "kinds", "heads"),
    [
        ("people", ["people"], "xuanzang chen-cheng al-farabi abai-kunanbayev xi-jinping"),
        ("places", ["places"], "khorgos lianyungang zhanatas beijing"),
        ("institutions", ["institutions"], "cica nazarbayev-university almaty-act"),
    ],
)
def test_the_registers_list_all(
    html: Path, notes: dict[str, BeautifulSoup], register: str, kinds: list[str], heads: str
) -> None:
    page = parse(html / f"commentary/{register}-register.html")
    terms = page.select("dl.register > dt[id^=register-]")
    assert len(terms) >= 80
    assert {f"register-{head}" for head in heads.split()} <= {str(term["id"]) for term in terms}
    mentions = [term.find_next_sibling("dd") for term in terms]
    assert all(isinstance(where, Tag) and where.select("a[href]") for where in mentions)
    # Whatever a note is about, it names somebody or something of its kind.
    linked = {f"commentary/{link['href']}" for link in page.select("dl.register a[href]")}
    wanted = {address for address in notes if address.split("/")[1] in kinds}
    assert wanted
    assert wanted <= linked


def test_every_passage_that_names_a_person_is_in_the_register(html: Path) -> None:
    page = parse(html / "commentary/people-register.html")
    passages = {
        str(term["id"]): {link.get_text() for link in term.find_next_sibling("dd").select("a")}  # type: ignore[union-attr]
        for term in page.select("dl.register > dt")
    }
    assert {"¶1", "¶8"} <= passages["register-tokayev-kassym-jomart"]
    for name in ("xuanzang", "chen-cheng", "al-farabi", "abai-kunanbayev", "aristotle"):
        assert "¶2" in passages[f"register-{name}"], name
    for name in ("xian-xinghai", "baikadamov-bakhytzhan", "kabylbekov-saulebek"):
        assert "¶7" in passages[f"register-{name}"], name
