"""What the settled edition answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import make_dataclass

import pytest

from annotated_edition.model import (
    Credit,
    Edition,
    IndexedName,
    Mark,
    Name,
    Note,
    NotePage,
    Passage,
    Place,
    QuotedPlace,
    Revision,
    WovenPassage,
    first_in_each,
    layout,
    letters,
    number_passages,
    records,
)


def passage(docname: str, index: int, *, lettered: bool = False) -> Passage:
    return Passage(docname, index, "words", 1, lettered)


@pytest.mark.parametrize(
    ("number", "label"),
    [(1, "a"), (2, "b"), (26, "z"), (27, "aa"), (28, "ab"), (52, "az"), (53, "ba"), (703, "aaa")],
)
def test_letters_count_on_after_z(number: int, label: str) -> None:
    assert letters(number) == label


def test_passages_are_numbered_through_and_lettered_ones_apart() -> None:
    passages = [
        passage("a", 0, lettered=True),
        passage("a", 1),
        passage("a", 2, lettered=True),
        passage("b", 0),
    ]
    assert list(number_passages(passages)) == [
        Place("a", "a", "pa"),
        Place("1", "a", "p1"),
        Place("b", "a", "pb"),
        Place("2", "b", "p2"),
    ]


ONE, TWO = Place("1", "text/a", "p1"), Place("2", "text/a", "p2")
THREE = Place("3", "text/b", "p3")


def test_the_first_quoted_words_of_each_passage() -> None:
    words = [QuotedPlace(place, "", word, "") for place, word in ((TWO, "a"), (ONE, "b"))]
    again = [QuotedPlace(place, "", word, "") for place, word in ((TWO, "c"), (ONE, "d"))]
    assert first_in_each([*words, *again]) == words
    assert first_in_each([]) == []


def note_page(name: str, docname: str, number: int) -> NotePage:
    note = Note(name, "people", docname, name.title(), ())
    return NotePage(number, note, (), (), None, None)


@pytest.fixture
def edition() -> Edition:
    """Three passages on two pages, two notes, and one of everything else."""
    marks = [
        Mark("her", 1, "noteref-her", 0, 3),
        Mark("him", 2, "noteref-him", 0, 5),
        Mark("her", 1, "noteref-her-2", 0, 3),
    ]
    name = IndexedName(Name("names", 0, 4, "Xi"), "register-xi", (), ())
    other = IndexedName(Name("names", 1, 9, "Li"), "register-li", (), ())
    return Edition(
        (ONE, TWO, THREE),
        {
            ("text/a", 0): WovenPassage(ONE, (marks[0],), (), (), ()),
            ("text/a", 1): WovenPassage(TWO, (), (), (), ()),
            ("text/b", 0): WovenPassage(THREE, (marks[1], marks[2]), (), (), ()),
        },
        {},
        {
            "her": note_page("her", "commentary/people/her", 1),
            "him": note_page("him", "commentary/people/him", 2),
        },
        {"commentary/cross-references/roads": (QuotedPlace(ONE, "", "the road", ""),)},
        {("commentary/glossary", "term-belt"): (QuotedPlace(TWO, "", "belt", ""),)},
        {("names", 0): (name,), ("names", 1): (other,)},
    )


def test_a_note_is_known_by_its_page(edition: Edition) -> None:
    assert edition.note_of("commentary/people/her") is edition.notes["her"]
    assert edition.note_of("commentary/places/her") is None
    assert edition.note_of("commentary/people/nobody") is None
    assert edition.note_of("her") is None


def test_the_marks_of_each_note_stand_in_the_order_of_the_text(edition: Edition) -> None:
    marks = edition.marks()
    assert list(marks) == ["her", "him"]
    assert [(place.label, mark.id) for place, mark in marks["her"]] == [
        ("1", "noteref-her"),
        ("3", "noteref-her-2"),
    ]
    assert [(place.label, mark.id) for place, mark in marks["him"]] == [("3", "noteref-him")]


def test_the_index_has_the_names_of_every_register(edition: Edition) -> None:
    assert [entry.id for entry in edition.index()] == ["register-xi", "register-li"]


def test_everybody_is_named_once_writers_first() -> None:
    credit = Credit(
        ("Dee", "Ann"),
        "2026-03-03",
        (Revision("2026-04-03", "Bo"), Revision("2026-05-01", ""), Revision("2026-05-03", "Ann")),
    )
    assert credit.names == ("Dee", "Ann", "Bo")
    assert credit.revised == "2026-05-03"
    assert Credit().names == ()
    assert Credit(("Dee",)).revised == ""


@pytest.mark.parametrize("change", [lambda name: (f"{name}s", str), lambda name: (name, "object")])
@pytest.mark.parametrize("kind", ["Note", "Passage", "Quote", "Page", "Change", "GlossaryEntry"])
def test_the_number_of_the_layout_changes_with_the_fields(
    monkeypatch: pytest.MonkeyPatch, kind: str, change: Callable[[str], tuple[str, type | str]]
) -> None:
    before = layout()
    assert layout() == before
    fields = [(one.name, one.type) for one in records.fields(getattr(records, kind))]
    monkeypatch.setattr(records, kind, make_dataclass(kind, fields))
    assert layout() == before
    fields[0] = change(fields[0][0])  # type: ignore[assignment]
    monkeypatch.setattr(records, kind, make_dataclass(kind, fields))
    assert layout() != before
