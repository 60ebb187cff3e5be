"""Comparing pages and copy-text: pure logic."""

from __future__ import annotations

import random
import time

from annotated_edition.text.collation import Difference, collate, read_copy_text

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


ALPHA = "the caravan came from the steppe in the first days of spring"
DELTA = "a letter of the khan was read aloud before the gates"


def test_an_added_paragraph_leaves_the_changed_one_beside_its_original() -> None:
    copy = read_copy_text(f"{ALPHA}\n\n{DELTA}\n")
    pages = ["wholly new words", ALPHA.replace("spring", "autumn"), DELTA]
    assert list(collate(pages, copy)) == [
        Difference(0, 0, "wholly new words", ""),
        Difference(1, 1, "autumn", "spring"),
    ]


def test_a_missing_paragraph_does_too() -> None:
    copy = read_copy_text(f"{ALPHA}\n\nwholly lost words\n\n{DELTA}\n\nend\n")
    pages = [ALPHA.replace("spring", "autumn"), DELTA.replace("khan", "emir"), "end"]
    assert list(collate(pages, copy)) == [
        Difference(0, 1, "autumn", "spring"),
        Difference(0, 3, "", "wholly lost words"),
        Difference(1, 5, "emir", "khan"),
    ]


def test_a_cut_paragraph_still_faces_its_original() -> None:
    copy = read_copy_text(f"{ALPHA} {ALPHA} {DELTA}\n\n{DELTA}\n")
    (found,) = collate([ALPHA, DELTA], copy)
    assert (found.passage, found.line, found.page_reading) == (0, 1, "spring")


def test_paragraphs_without_likeness_face_each_other_in_place() -> None:
    copy = read_copy_text(f"one\n\n{ALPHA}\n\nthree\n")
    assert list(collate(["one", DELTA, "three"], copy)) == [Difference(1, 3, DELTA, ALPHA)]


def test_a_split_paragraph_is_no_change_of_words() -> None:
    copy = read_copy_text(f"one\n\n{ALPHA} – “{DELTA}”\n\nthree\n")
    pages = ["one", f"{ALPHA} --", f'"{DELTA}"', "three"]
    assert list(collate(pages, copy)) == [
        Difference(1, 3, 'of spring -- ¶ "a letter of', 'of spring -- "a letter of', "split")
    ]


def test_a_paragraph_may_be_split_in_many_and_changed_besides() -> None:
    words = [f"w{number}" for number in range(40)]
    copy = read_copy_text(" ".join(words) + "\n")
    words[25] = "changed"
    pages = [" ".join(words[start : start + 10]) for start in range(0, 40, 10)]
    found = list(collate(pages, copy))
    assert [(f.passage, f.division) for f in found] == [
        (0, "split"),
        (1, "split"),
        (2, "split"),
        (2, ""),
    ]
    assert found[-1] == Difference(2, 1, "changed", "w25")


def test_joined_paragraphs_are_no_change_of_words() -> None:
    copy = read_copy_text(f"one\n\n{ALPHA}\n\n{DELTA}\n\nthree\n")
    assert list(collate(["one", f"{ALPHA} {DELTA}", "three"], copy)) == [
        Difference(1, 5, "days of spring a letter of", "days of spring ¶ a letter of", "joined")
    ]


def test_readings_are_shown_as_each_witness_writes_them() -> None:
    copy = read_copy_text('a "charming"  season\n')
    assert list(collate(["a “harming” season"], copy)) == [
        Difference(0, 1, "“harming”", '"charming"')
    ]


def test_long_texts_are_collated_quickly() -> None:
    draw = random.Random(2)
    words = [f"w{draw.randint(0, 900)}" for _ in range(30_000)]
    copy = read_copy_text(" ".join(words))
    started = time.process_time()
    for changed in ([15_000], [10, 29_990]):
        page = list(words)
        for at in changed:
            page[at] = "changed"
        assert list(collate([" ".join(page)], copy)) == [
            Difference(0, 1, "changed", words[at]) for at in changed
        ]
    assert time.process_time() - started < 4


def test_every_paragraph_changed_is_collated_quickly() -> None:
    draw = random.Random(2)
    paragraphs = [[f"w{draw.randint(0, 900)}" for _ in range(80)] for _ in range(400)]
    copy = read_copy_text("\n\n".join(map(" ".join, paragraphs)))
    pages = [" ".join([*words[:40], "changed", *words[41:]]) for words in paragraphs]
    started = time.process_time()
    assert len(list(collate(pages, copy))) == 400
    assert time.process_time() - started < 4
