"""What is said about quotes that can't be attached, and other mistakes in a note."""

from __future__ import annotations

import pytest
import yaml

from annotated_edition.anchor.advice import (
    ambiguous,
    bad_name,
    long_gist,
    missing,
    near,
    turning,
    unknown_kind,
)
from annotated_edition.model import Passage, Place
from annotated_edition.text import BaseText, Quote

PASSAGES = [
    "An old road, and a road of the west: all of it.",
    "The new road.",
    "A “sage poet” of the steppe",
]
TEXT = BaseText(PASSAGES)
PLACES = [Place(label, "text/a", f"p{label}") for label in ("a", "1", "2")]


def test_words_that_the_text_has_not() -> None:
    assert missing(TEXT, PLACES, Quote("sage poets of the steppe")) == (
        "the text has no words 'sage poets of the steppe': did you mean ¶2 "
        "'“sage poet” of the steppe'?"
    )
    assert missing(TEXT, PLACES, Quote("quarterly earnings")) == (
        "the text has no words 'quarterly earnings': copy the words from the page"
    )


def test_words_of_a_page_that_no_toctree_has() -> None:
    unlisted = [
        Passage("text/b", 0, "Other words.", 3),
        Passage("text/c", 0, "A lost road, and a lost port.", 3),
        Passage("text/d", 0, "A lost road.", 3),
    ]
    assert missing(TEXT, PLACES, Quote("lost road"), unlisted) == (
        "'lost road' stands in text/c, but that page is in no toctree, so it isn't part of the "
        "text yet: add a line /text/c to a toctree"
    )
    assert "text/d" in missing(TEXT, PLACES, Quote("road", suffix=". "), unlisted[2:])
    assert "between this prefix" in missing(TEXT, PLACES, Quote("road", "x"), unlisted)
    assert "did you mean ¶1" in missing(TEXT, PLACES, Quote("newer road"), unlisted)


def test_an_edition_without_text() -> None:
    assert missing(BaseText([]), [], Quote("old road")) == (
        "'old road' can't be found, for the edition has no text yet: name the pages of the text "
        "in edition_text (conf.py), and put each into a toctree"
    )
    unlisted = [Passage("text/b", 0, "An old road.", 3)]
    assert "stands in text/b" in missing(BaseText([]), [], Quote("old road"), unlisted)


def test_words_that_stand_elsewhere_than_their_context_says() -> None:
    assert missing(TEXT, PLACES, Quote("old road", prefix="no")) == (
        "'old road' occurs (¶a), but not between this prefix and suffix: delete them, and write "
        "quote: old road"
    )


def test_words_that_stand_at_several_other_places() -> None:
    assert missing(TEXT, PLACES, Quote("road", suffix="never")) == (
        "'road' occurs (¶a, ¶a, ¶1), but not between this prefix and suffix: write one of\n"
        "  ¶a  quote: {exact: road, prefix: old}  or  quote: {exact: road, suffix: ','}\n"
        "  ¶a  quote: {exact: road, prefix: a}  or  quote: {exact: road, suffix: of}\n"
        "  ¶1  quote: {exact: road, prefix: new}  or  quote: {exact: road, suffix: .}"
    )


def test_what_would_tell_ambiguous_words_apart() -> None:
    message = ambiguous(TEXT, PLACES, Quote("the"))
    assert message.splitlines() == [
        "'the' occurs more than once: say which with prefix or suffix, by one of",
        "  ¶a  quote: {exact: the, prefix: road of}  or  quote: {exact: the, suffix: 'west:'}",
        "  ¶2  quote: {exact: the, prefix: poet' of}  or  quote: {exact: the, suffix: steppe}",
    ]
    # What is offered means one place, and is YAML.
    for line in message.splitlines()[1:]:
        for choice in line.split("  ", 2)[2].split("  or  "):
            fields = yaml.safe_load(choice)["quote"]
            assert len(TEXT.find(Quote(**fields))) == 1


def test_what_no_context_tells_apart_needs_more_words() -> None:
    text = BaseText(["so it was. " * 20])
    lines = ambiguous(text, PLACES, Quote("it")).splitlines()
    assert lines[5] == "  ¶a  quote more words"
    assert lines[9:] == ["  and 12 more: quote more words"]


@pytest.mark.parametrize(("places", "more"), [(8, None), (9, "  and 1 more: quote more words")])
def test_eight_places_are_listed(places: int, more: str | None) -> None:
    text = BaseText([" ".join(f"the {number} road" for number in range(places))])
    lines = ambiguous(text, PLACES, Quote("the")).splitlines()
    assert len(lines) == 9 + bool(more)
    assert lines[9:] == ([more] if more else [])


def test_what_is_to_be_written_is_one_line_in_the_texts_own_letters() -> None:
    words = "丝绸之路 " * 60 + "end: of “it”"
    text = BaseText([words])
    assert missing(text, PLACES, Quote(words, prefix="no")).endswith(f"and write quote: '{words}'")


def test_the_nearest_wording_in_brackets() -> None:
    assert near(TEXT, PLACES, "the newer road") == " (¶1 has 'The new road')"
    assert near(TEXT, PLACES, "quarterly earnings") == ""


def test_a_files_name_that_is_no_id() -> None:
    assert bad_name("Silk Road") == (
        "the file's name 'Silk Road' can't be an id, which has small letters and figures, "
        "parted by hyphens: call it silk-road"
    )
    assert bad_name("丝绸").endswith(": call it si-chou")
    assert bad_name("†").endswith(": call it silk-road")
    assert bad_name("Border_Ports").endswith(": call it border-ports")


def test_a_folder_that_is_no_kind() -> None:
    kinds = ["history", "people"]
    assert unknown_kind("histroy", kinds) == (
        "the folder 'histroy' is no kind of note: did you mean 'history'?"
    )
    assert unknown_kind("x", kinds) == (
        "the folder 'x' is no kind of note: move the file to one of history, people"
    )


def test_where_a_long_gist_must_end() -> None:
    words = "one two three four five six seven".split()
    assert long_gist(words, 6) == (
        "the gist (the first paragraph) has 7 words, at most 6 fit beside the text: end it at the "
        "latest after “… three four five six”, and move the rest into a second paragraph"
    )


def test_a_character_that_turns_text_round_is_named() -> None:
    assert turning("\u202e") == ("the character U+202E turns the text after it round: leave it out")
    assert "U+061C" in turning("\u061c")
