"""The edition assembled: what is wrong between its pages, collation, registers, credit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotated_edition.anchor.assemble import (
    CheckedFiles,
    Sources,
    assemble,
    text_of,
)
from annotated_edition.model import (
    Change,
    Credit,
    CrossReference,
    Edition,
    GlossaryEntry,
    Name,
    Note,
    NoteWords,
    Page,
    Passage,
    Problem,
    Revision,
    Subtype,
)
from annotated_edition.text import Quote, read_copy_text


def text_page(docname: str, *paragraphs: str, **ids: int) -> Page:
    return Page(
        [Passage(docname, index, text, 3 + 2 * index) for index, text in enumerate(paragraphs)],
        ids={name: ("", line) for name, line in ids.items()},
    )


def note_page(name: str, *quotes: str, gist: str = "A gist.", kind: str = "places") -> Page:
    note = Note(
        name,
        kind,
        f"commentary/{kind}/{name}",
        name.capitalize(),
        tuple(Quote(quote) for quote in quotes),
        contributors=("Dee",) if name == "port" else (),
    )
    return Page(note=note, gist=(6, gist), words=NoteWords(note.title, gist, "Body."))


PAGES = {
    "text/b": text_page("text/b", "Later the port closed."),
    "text/a": text_page("text/a", "The old road.", "The new road."),
    "commentary/places/port": note_page("port", "port", gist="Of Xi Jinping."),
    "commentary/places/road": note_page("road", "old road"),
}


def assembled(
    pages: dict[str, Page] = PAGES, order: tuple[str, ...] = ("text/a", "text/b"), **more: Any
) -> Edition:
    return assemble(Sources(pages, order, "index", **more))


def test_passages_come_in_reading_order() -> None:
    found = text_of(PAGES, ["text/b", "missing", "text/a"], {})
    assert [passage.text for passage in found.passages] == [
        "Later the port closed.",
        "The old road.",
        "The new road.",
    ]
    assert not found.unlisted
    found = text_of(PAGES, ["text/b"], {})
    assert [passage.text for passage in found.unlisted] == ["The old road.", "The new road."]


def test_what_was_read_is_put_together() -> None:
    roads = "commentary/cross-references/roads"
    edition = assembled(
        {
            **PAGES,
            roads: Page(
                cross_reference=CrossReference(roads, "Roads", (Quote("new road"), Quote("port")))
            ),
            "commentary/glossary": Page(
                entries=[GlossaryEntry("commentary/glossary", 4, (("road", "term-road"),))]
            ),
        }
    )
    assert edition.problems == []
    assert [page.number for page in edition.notes.values()] == [1, 2]
    assert list(edition.notes) == ["road", "port"]
    assert [quoted.words for quoted in edition.cross_references[roads]] == ["new road", "port"]
    assert len(edition.occurrences["commentary/glossary", "term-road"]) == 2
    # The first on each page alone, and the note's words are no link.
    assert [len(woven.terms) for woven in edition.passages.values()] == [0, 1, 0]
    assert edition.registers == {}


@pytest.mark.parametrize(("links", "count"), [("all", 2), ("first", 1), ("none", 0)])
def test_links_of_the_glossary_are_a_setting(links: str, count: int) -> None:
    glossary = GlossaryEntry("g", 4, (("road", "term-road"),))
    pages = {"text/a": PAGES["text/a"], "g": Page(entries=[glossary])}
    edition = assembled(pages, glossary_links=links)
    assert sum(len(woven.terms) for woven in edition.passages.values()) == count


def test_a_page_of_the_text_that_no_toctree_has_is_reported() -> None:
    edition = assembled({**PAGES, "text/empty": Page()}, ("text/a",))
    assert [place.label for place in edition.places] == ["1", "2"]
    assert (
        Problem(
            Subtype.DANGLING,
            "text/b",
            1,
            "this base-text page is in no toctree, so its passages have no numbers: add a line "
            "/text/b to a toctree, such as that of index",
        )
        in edition.problems
    )
    assert [p.docname for p in edition.problems if p.subtype is Subtype.DANGLING] == ["text/b"]
    # What a note quotes of it is told so.
    lost = [p for p in edition.problems if p.subtype is Subtype.QUOTE_NOT_FOUND]
    assert [(p.docname, p.message.split(",")[0]) for p in lost] == [
        ("commentary/places/port", "'port' stands in text/b")
    ]
    both = assembled({name: PAGES[name] for name in ("text/b", "text/a")}, ())
    assert [problem.docname for problem in both.problems] == ["text/a", "text/b"]


@pytest.mark.parametrize(
    ("name", "label"),
    [("p1", "1"), ("note-road", "1"), ("noteref-road", "1"), ("p2", "2")],
)
def test_an_id_of_the_authors_that_the_commentary_needs_is_reported(name: str, label: str) -> None:
    page = text_page("text/a", "The old road.", "The new road.", **{name: 8, "road": 9, "p3": 10})
    edition = assembled({**PAGES, "text/a": page})
    assert edition.problems == [
        Problem(
            Subtype.DUPLICATE_NOTE,
            "text/a",
            8,
            f"this heading or target has the id {name!r}, which ¶{label} or its notes need: give "
            "it another name",
        )
    ]


def test_all_taken_ids_of_a_page_are_told_by_name() -> None:
    page = text_page("text/a", "The old road.", **{"p1": 8, "noteref-road": 2})
    edition = assembled({**PAGES, "text/a": page})
    assert [problem.line for problem in edition.problems] == [2, 8]


COPY = """\
The old road.

The new road.

Later the port closed.
"""


def collated(copy: str, pages: dict[str, Page] = PAGES) -> list[Problem]:
    edition = assembled(pages, copy_text=read_copy_text(copy))
    return [problem for problem in edition.problems if problem.subtype is Subtype.COLLATION]


def test_pages_like_the_copy_text_are_sound() -> None:
    assert collated(COPY) == []
    assert assembled().problems == []


@pytest.mark.parametrize(
    ("old", "new", "docname", "line", "message"),
    [
        (
            "new road",
            "good road",
            "text/a",
            5,
            "¶2 differs from the copy-text: the page has “new”, the copy-text (line 3) “good”: "
            "restore the copy-text's words on the page",
        ),
        (
            "The old road.\n\n",
            "",
            "text/a",
            3,
            "¶1 differs from the copy-text: the page has “The old road.”, the copy-text has "
            "nothing there: restore the copy-text's words on the page",
        ),
        (
            "The old road.",
            "What is first.\n\nThe old road.",
            "text/a",
            3,
            "¶1 differs from the copy-text: the page has nothing, the copy-text (line 1) “What is "
            "first.”: restore the copy-text's words on the page",
        ),
        (
            "Later",
            "And a paragraph.\n\nLater",
            "text/a",
            5,
            "¶2 differs from the copy-text: the page has nothing, the copy-text (line 5) “And a "
            "paragraph.”: restore the copy-text's words on the page",
        ),
        (
            "road.\n\nThe new",
            "road. The new",
            "text/a",
            3,
            "¶1 ends inside a paragraph of the copy-text (line 1): take out the break in “The old "
            "road. ¶ The new road.”",
        ),
        (
            "the port",
            "the\n\nport",
            "text/b",
            3,
            "¶3 runs on where the copy-text begins a paragraph (line 7): put an empty line at the "
            "¶ of “Later the ¶ port closed.”",
        ),
    ],
)
def test_a_difference_is_told_with_what_to_do(
    old: str, new: str, docname: str, line: int, message: str
) -> None:
    assert old in COPY
    assert collated(COPY.replace(old, new)) == [Problem(Subtype.COLLATION, docname, line, message)]


def test_a_text_without_pages_differs_on_the_page_that_a_project_begins_with() -> None:
    (problem,) = collated("The old road.\n", {})
    assert problem == Problem(
        Subtype.COLLATION,
        "index",
        1,
        "¶0 differs from the copy-text: the page has nothing, the copy-text (line 1) “The old "
        "road.”: restore the copy-text's words on the page",
    )


def test_registers_are_made_of_all_pages_names() -> None:
    pages = {
        **PAGES,
        "names": Page(names=[Name("names", 0, 4, "Xi Jinping"), Name("names", 0, 5, "Nobody")]),
        "more": Page(
            names=[Name("more", 0, 4, "The Old Road"), Name("more", 0, 5, "Port", ("port",))]
        ),
        # Words of what is no note, and a note that was left out, mention nobody.
        "page": Page(words=NoteWords("Nobody", "Nobody", "Nobody")),
        "commentary/places/lost": note_page("lost", "not there", gist="Nobody."),
    }
    edition = assembled(pages, language="en")
    assert list(edition.registers) == [("more", 0), ("names", 0)]
    nobody, xi = edition.registers["names", 0]
    assert [(note.note, note.parts) for note in xi.notes] == [("port", ("gist",))]
    assert (nobody.notes, nobody.places) == ((), ())
    road, port = edition.registers["more", 0]
    assert (road.name.head, port.name.head) == ("The Old Road", "Port")
    assert [place.place.label for place in port.places] == ["3"]
    assert [
        (problem.docname, problem.line)
        for problem in edition.problems
        if problem.subtype is Subtype.UNUSED_NAME
    ] == [("more", 4), ("names", 5)]


def test_a_note_without_words_of_its_own_is_no_matter() -> None:
    bare = note_page("road", "old road")
    bare.words = None
    pages = {
        **PAGES,
        "commentary/places/road": bare,
        "names": Page(names=[Name("names", 0, 4, "Road", note="road")]),
    }
    ((name,),) = assembled(pages).registers.values()
    assert [(note.note, note.is_own) for note in name.notes] == [("road", True)]


def test_each_note_is_credited_by_its_files_name() -> None:
    changes = {
        "commentary/people/road.md": [Change(1, "2026-01-01", "Ann")],
        "commentary/places/road.md": [
            Change(3, "2026-01-03", "Bo"),
            Change(4, "2026-01-04", "x[bot]"),
        ],
        "commentary/places/port.md": [Change(2, "2026-01-02", "Cy")],
    }
    edition = assembled(changes=changes, nobody=["*[bot]"])
    assert edition.notes["road"].credit == Credit(
        ("Ann",), "2026-01-01", (Revision("2026-01-03", "Bo"), Revision("2026-01-04", ""))
    )
    assert edition.notes["port"].credit == Credit(("Dee",), "2026-01-02")
    bare = assembled()
    assert bare.notes["road"].credit == Credit()
    assert bare.notes["port"].credit == Credit(("Dee",))


def test_editorial_checks_are_made_where_they_are_on(tmp_path: Path) -> None:
    note = tmp_path / "commentary/places/road.md"
    note.parent.mkdir(parents=True)
    note.write_text("See http://a.example/ and there.\n", "utf-8")
    bibliography = tmp_path / "a.bib"
    bibliography.write_text(
        "@misc{one,\n url={https://a.example/}}\n@misc{two,\n url={http://a.example/2}}\n", "utf-8"
    )
    pages = {
        **PAGES,
        "commentary/places/port": note_page("port", "port", gist="It was of old a port."),
        "commentary/places/road": note_page("road", "old road", gist="It was of old once."),
    }
    checked = CheckedFiles(tmp_path, [note], [bibliography], frozenset({"one"}))
    edition = assembled(pages, checked=checked)
    assert [
        (problem.subtype, problem.docname, problem.line, problem.message.split(":")[0])
        for problem in edition.problems
    ] == [
        (
            Subtype.EDITORIAL,
            "commentary/places/port",
            6,
            "the gist begins like that of 'road'",
        ),
        (Subtype.EDITORIAL, "text/a", 5, "¶2 has no note"),
        (Subtype.EDITORIAL, "a.bib", 3, "nothing cites 'two'"),
        (Subtype.EDITORIAL, "a.bib", 1, "'one' has no date"),
        (Subtype.EDITORIAL, "a.bib", 3, "'two' has no date"),
        (Subtype.EDITORIAL, "a.bib", 3, "'two' has an address with http"),
        (
            Subtype.EDITORIAL,
            "commentary/places/road.md",
            1,
            "a.example is reached by https elsewhere",
        ),
        (Subtype.EDITORIAL, "a.bib", 4, "a.example is reached by https elsewhere"),
    ]
    assert assembled(pages).problems == []


def test_nothing_that_is_wrong_hides_something_else(tmp_path: Path) -> None:
    page = text_page("text/a", "The old road.", "The new road.", **{"p1": 8})
    pages = {
        "text/a": page,
        "text/b": PAGES["text/b"],
        "commentary/places/road": note_page("road", "old road", "not there at all"),
        "names": Page(names=[Name("names", 0, 4, "Tagore")]),
    }
    edition = assembled(
        pages,
        ("text/a",),
        copy_text=read_copy_text("The old road.\n\nThe good road.\n"),
        checked=CheckedFiles(tmp_path, []),
    )
    assert [problem.subtype for problem in edition.problems] == [
        Subtype.QUOTE_NOT_FOUND,
        Subtype.DANGLING,
        Subtype.DUPLICATE_NOTE,
        Subtype.COLLATION,
        Subtype.UNUSED_NAME,
        Subtype.EDITORIAL,
    ]
