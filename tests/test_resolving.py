"""Quotes resolved: each to one place, or a problem that says why not."""

from __future__ import annotations

import pytest

from annotated_edition.anchor.resolving import QuoteResolver, Text
from annotated_edition.model import Note, Outside, Passage, Problem, Subtype
from annotated_edition.text import Anchor, Quote

#: Two works, of which the second is on two pages, with a heading before and a cell after.
PASSAGES = [
    Passage("one/a", 0, "The old road ran west", 3, work="One"),
    Passage("one/a", 1, "to the port. The port was rich.", 5, work="One"),
    Passage("two/b", 0, "The old road was closed", 3, work="Two"),
    Passage("two/c", 0, "when the port fell silent.", 3, work="Two"),
]
PARTS = [
    Passage("one/a", 0, "Of roads and ports", 1, part="heading", near=0, before=True),
    Passage("two/c", 0, "Of silence", 1, part="heading", near=0, before=True),
    Passage("two/c", 1, "silk, glass", 7, part="cell", near=0),
    Passage("two/c", 2, "lost words", 9, part="cell", near=4),  # beside no passage
]
OUTSIDE = [Outside("two/c", "a code block", 11, "x = roads")]
UNLISTED = [Passage("one/z", 0, "A page that nobody lists.", 3)]


@pytest.fixture
def resolver() -> QuoteResolver:
    return QuoteResolver(
        Text(PASSAGES, PARTS, UNLISTED, OUTSIDE, {"One": "Part One", "Two": "Part Two"})
    )


def anchors(resolver: QuoteResolver, *quotes: str | Quote) -> list[Anchor]:
    return resolver.anchors(
        "note", [one if isinstance(one, Quote) else Quote(one) for one in quotes]
    )


def said(resolver: QuoteResolver, *quotes: str | Quote) -> str:
    """The message about quotes that can't be attached."""
    assert anchors(resolver, *quotes)[1:] == []
    (problem,) = resolver.problems
    assert (problem.docname, problem.line) == ("note", 4)
    return problem.message


def note(name: str, *quotes: str, folder: str = "n") -> Note:
    return Note(name, "places", f"{folder}/{name}", name, tuple(map(Quote, quotes)))


def test_words_of_a_passage(resolver: QuoteResolver) -> None:
    assert anchors(resolver, "ran west", "fell") == [Anchor(0, 13, 21), Anchor(3, 14, 18)]
    assert resolver.problems == []


def test_words_of_a_heading_or_a_cell_count_after_all_passages(resolver: QuoteResolver) -> None:
    assert len(resolver.parts) == len(resolver.part_places) == 3
    assert anchors(resolver, "roads and ports", "glass") == [Anchor(4, 3, 18), Anchor(6, 6, 11)]
    assert resolver.passage(3) is PASSAGES[3]
    assert [resolver.passage(number) for number in (4, 5, 6)] == PARTS[:3]
    assert [place.cited for place in resolver.part_places] == [
        "Part One ¶1, heading",
        "Part Two ¶2, heading",
        "Part Two ¶2, cell",
    ]


def test_words_over_the_end_of_a_passage(resolver: QuoteResolver) -> None:
    assert anchors(resolver, "ran west to the port.") == [
        Anchor(0, 13, 21, goes_on=True),
        Anchor(1, 0, 12),
    ]
    # Over the end of a page, within the work.
    assert anchors(resolver, "closed when the port") == [
        Anchor(2, 17, 23, goes_on=True),
        Anchor(3, 0, 13),
    ]
    assert resolver.problems == []


def test_no_words_run_over_the_end_of_a_work(resolver: QuoteResolver) -> None:
    message = said(resolver, Quote("was rich. The old road", line=4))
    assert message.startswith("the text has no words 'was rich. The old road'")


@pytest.mark.parametrize("scope", ["Two", "two/b", "two/*", "*/b"])
def test_words_of_one_work_or_page(resolver: QuoteResolver, scope: str) -> None:
    assert anchors(resolver, Quote("old road", scope=scope)) == [Anchor(2, 4, 12)]
    assert resolver.problems == []


def test_over_the_end_of_a_passage_within_pages(resolver: QuoteResolver) -> None:
    quote = Quote("closed when the port", scope="two/*")
    assert anchors(resolver, quote) == [Anchor(2, 17, 23, goes_on=True), Anchor(3, 0, 13)]
    assert anchors(resolver, Quote("glass", scope="two/c")) == [Anchor(6, 6, 11)]
    assert resolver.problems == []


def test_a_scope_that_is_none(resolver: QuoteResolver) -> None:
    message = said(resolver, Quote("old road", scope="two/d", line=4))
    assert resolver.problems[0].subtype is Subtype.DANGLING
    assert message.startswith("`in` names 'two/d', which is no work and no page of the text: ")
    assert "'two/b'" in message or "'two/c'" in message


def test_words_elsewhere_than_was_said(resolver: QuoteResolver) -> None:
    message = said(resolver, Quote("was rich", scope="Two", line=4))
    assert resolver.problems[0].subtype is Subtype.QUOTE_NOT_FOUND
    assert message == ("'was rich' stands in One, not in Two: write `in: One`, or take out `in`")


def test_words_elsewhere_on_a_page_without_a_work() -> None:
    text = [Passage("a", 0, "One thing.", 1), Passage("b", 0, "Another.", 1)]
    message = said(QuoteResolver(Text(text)), Quote("thing", scope="b", line=4))
    assert message == "'thing' stands in a, not in b: write `in: a`, or take out `in`"


def test_words_in_several_places(resolver: QuoteResolver) -> None:
    message = said(resolver, Quote("The old road", line=4))
    assert resolver.problems[0].subtype is Subtype.QUOTE_AMBIGUOUS
    assert message.startswith("'The old road' occurs more than once: say which with prefix")
    assert message.endswith("\nor say where, with one of `in: One`, `in: Two`")
    assert "Part One ¶1" in message
    assert "Part Two ¶1" in message


def test_words_twice_in_one_note(resolver: QuoteResolver) -> None:
    message = said(resolver, Quote("ran west"), Quote("ran  west", line=4))
    assert resolver.problems[0].subtype is Subtype.DUPLICATE_NOTE
    assert message == "'ran west' is quoted twice: delete one"


def test_a_part_of_a_word(resolver: QuoteResolver) -> None:
    message = said(resolver, Quote("ld roa", prefix="o", line=4))
    assert resolver.problems[0].subtype is Subtype.QUOTE_NOT_FOUND
    assert message.startswith("'ld roa' begins or ends inside a word: quote whole words, ")
    assert "old road" in message


def test_a_bad_quote_leaves_the_others(resolver: QuoteResolver) -> None:
    found = anchors(resolver, "nothing such", "fell", Quote("x", scope="?"), "ld roa", "rich")
    assert found == [Anchor(3, 14, 18), Anchor(1, 26, 30)]
    assert [problem.subtype for problem in resolver.problems] == [
        Subtype.QUOTE_NOT_FOUND,
        Subtype.DANGLING,
        Subtype.QUOTE_NOT_FOUND,
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("x = roads", "stands in a code block (two/c, line 11), where no note can stand"),
        ("that nobody lists", "stands in one/z, but that page is in no toctree"),
    ],
)
def test_words_where_no_note_can_stand(resolver: QuoteResolver, words: str, told: str) -> None:
    assert told in said(resolver, Quote(words, line=4))


def test_words_that_sphinx_fills_in() -> None:
    text = [Passage("a", 0, "See for that.", 1, has_filled=True)]
    message = said(QuoteResolver(Text(text)), Quote("See Fig. 1", line=4))
    assert "is filled in by Sphinx" in message


def test_words_in_another_context(resolver: QuoteResolver) -> None:
    message = said(resolver, Quote("rich", prefix="port is", line=4))
    assert message.startswith("'rich' occurs (Part One ¶2), but not between this prefix")


def test_french_marks_and_line_ends_are_passed_over_where_nothing_else_is_found() -> None:
    french = [Passage("a", 0, "Il dit : « Oui » et «Non».", 1)]
    resolver = QuoteResolver(Text(french))
    assert anchors(resolver, "«Oui»") == [Anchor(0, 9, 16)]
    assert anchors(resolver, "« Non »") == [Anchor(0, 20, 25)]
    chinese = [Passage("a", 0, "絲綢\n之路", 1)]
    assert anchors(QuoteResolver(Text(chinese)), "絲綢之路") == [Anchor(0, 0, 5)]
    # Where both are, what is written decides.
    both = [Passage("a", 0, "絲綢\n之路", 1), Passage("a", 1, "絲綢之路", 1)]
    resolver = QuoteResolver(Text(both))
    assert anchors(resolver, "絲綢之路") == [Anchor(1, 0, 4)]
    assert resolver.problems == []


def test_room_in_a_heading_is_passed_over_too() -> None:
    part = Passage("a", 0, "« Oui »", 1, part="heading", near=0, before=True)
    resolver = QuoteResolver(Text([Passage("a", 0, "Rien.", 3)], [part]))
    assert anchors(resolver, "«Oui»") == [Anchor(1, 0, 7)]


def test_notes_come_in_the_order_of_their_marks(resolver: QuoteResolver) -> None:
    """A heading stands before its passage, a cell after it, and both under its number."""
    found = resolver.notes(
        [
            note("last", "glass"),
            note("cell", "silk"),
            note("b-same", "silent"),
            note("a-same", "silent"),
            note("passage", "fell"),
            note("title", "Of silence"),
            note("over", "closed when the port"),
            note("closed", "was closed"),
            note("first", "Of roads"),
            note("several", "was rich", "The port was"),
        ]
    )
    assert [one.id for one, _anchors in found] == [
        "first",
        "several",
        "closed",
        "title",
        "over",
        "passage",
        "a-same",
        "b-same",
        "cell",
        "last",
    ]
    assert {one.id: places for one, places in found}["several"] == [
        Anchor(1, 13, 25),
        Anchor(1, 22, 30),
    ]
    assert resolver.problems == []


def test_notes_without_a_place_are_left_out(resolver: QuoteResolver) -> None:
    assert resolver.notes([note("lost", "nowhere")]) == []
    assert [problem.subtype for problem in resolver.problems] == [Subtype.QUOTE_NOT_FOUND]


def test_a_name_is_one_notes(resolver: QuoteResolver) -> None:
    first, second = note("road", "ran west"), note("road", "fell", folder="z")
    assert [one for one, _anchors in resolver.notes([second, first])] == [first]
    assert resolver.problems == [
        Problem(
            Subtype.DUPLICATE_NOTE,
            "z/road",
            1,
            "there is another note 'road' (n/road): give this file another name",
        )
    ]


def test_further_marks_have_names_too(resolver: QuoteResolver) -> None:
    several, clash, free = (
        note("road", "ran west", "fell"),
        note("road-2", "rich"),
        note("road-3", "silent"),
    )
    found = resolver.notes([clash, free, several])
    assert [one.id for one, _anchors in found] == ["road", "road-3"]
    assert resolver.problems == [
        Problem(
            Subtype.DUPLICATE_NOTE,
            "n/road-2",
            1,
            "the id 'road-2' is taken by a further mark of the note 'road': give this file "
            "another name",
        )
    ]
