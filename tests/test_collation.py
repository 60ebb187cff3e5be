"""Comparing pages and copy-text: pure logic."""

from __future__ import annotations

from annotated_edition.collation import Difference, collate, read_copy_text

COPY = """\
Xinhua) 07:37

BEIJING -- A "signed" article...

In the charming season
of autumn.

I look forward.
"""


def test_typography_and_line_breaks_are_no_difference() -> None:
    copy = read_copy_text(COPY, ["Xinhua) 07:37"])
    pages = [
        "BEIJING – A “signed” article…",
        "In the charming season of autumn.",
        "I look forward.",
    ]
    assert not copy.unknown
    assert list(collate(pages, copy)) == []


def test_a_changed_word_shows_both_readings_and_the_copy_texts_line() -> None:
    copy = read_copy_text(COPY, ["Xinhua) 07:37"])
    pages = [
        'BEIJING -- A "signed" article...',
        "In the harming season of autumn.",
        "I look forward.",
    ]
    assert list(collate(pages, copy)) == [Difference(1, 5, "harming", "charming")]


def test_missing_and_added_words_stand_beside_a_neighbour() -> None:
    copy = read_copy_text("one two three\n")
    assert list(collate(["one three"], copy)) == [Difference(0, 1, "one", "one two")]
    assert list(collate(["one two and three"], copy)) == [Difference(0, 1, "two and", "two")]


def test_missing_and_added_paragraphs() -> None:
    copy = read_copy_text("one\n\ntwo\n\nthree\n")
    assert list(collate(["one", "three"], copy)) == [Difference(0, 3, "", "two")]
    assert list(collate(["one", "two", "extra", "three"], copy)) == [Difference(2, 0, "extra", "")]
    assert next(iter(collate([], copy))).passage == -1


def test_paragraphs_in_another_order_are_a_difference() -> None:
    copy = read_copy_text("one\n\ntwo\n")
    assert list(collate(["two", "one"], copy))


def test_a_skipped_line_must_be_one_whole_line() -> None:
    assert read_copy_text(COPY, ["Xinhua)"]).unknown == ("Xinhua)",)
    assert read_copy_text("a\n\na\n", ["a"]).unknown == ("a",)
