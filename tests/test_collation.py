"""Comparing pages and copy-text: pure logic."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotated_edition.text import CopyText, Difference, collate, fold, read_copy_text
from support.growth import steps

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


def test_a_copy_text_is_parted_at_its_blank_lines() -> None:
    text = "head\n\n \t\none\ntwo\n\nhead too\nthree\n"
    assert read_copy_text(text) == CopyText(("head", "one\ntwo", "head too\nthree"), (1, 4, 7), ())
    # A skipped line parts what stands around it.
    assert read_copy_text(text, ["one", "head too", "never", "hea"]) == CopyText(
        ("head", "two", "three"), (1, 5, 8), ("never", "hea")
    )
    assert read_copy_text("a\nb\nc\n", ["b"]) == CopyText(("a", "c"), (1, 3), ())
    assert read_copy_text("") == CopyText((), (), ())


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
    def work(count: int, changed: list[int]) -> int:
        draw = random.Random(2)
        words = [f"w{draw.randint(0, 900)}" for _ in range(count)]
        copy = read_copy_text(" ".join(words))
        page = list(words)
        for at in changed:
            page[at] = "changed"
        found: list[Difference] = []
        taken = steps(lambda: found.extend(collate([" ".join(page)], copy)))
        assert found == [Difference(0, 1, "changed", words[at]) for at in changed]
        return taken

    assert work(30_000, [15_000]) < 4.5 * work(7_500, [3_750])
    assert work(30_000, [10, 29_990]) < 4.5 * work(7_500, [10, 7_490])


def test_every_paragraph_changed_is_collated_quickly() -> None:
    def work(count: int) -> int:
        draw = random.Random(2)
        paragraphs = [[f"w{draw.randint(0, 900)}" for _ in range(80)] for _ in range(count)]
        copy = read_copy_text("\n\n".join(map(" ".join, paragraphs)))
        pages = [" ".join([*words[:40], "changed", *words[41:]]) for words in paragraphs]
        found: list[Difference] = []
        taken = steps(lambda: found.extend(collate(pages, copy)))
        assert len(found) == count
        return taken

    # Each paragraph with each would be 16 times as much.
    assert work(400) < 11 * work(100)


def numbered(*numbers: int) -> str:
    return " ".join(f"w{number}" for number in numbers)


def collated(pages: list[str], *paragraphs: str) -> list[tuple[int, int, str, str, str]]:
    copy = CopyText(paragraphs, tuple(range(1, 1 + len(paragraphs))), ())
    return [
        (one.passage, one.line, one.page_reading, one.copy_reading, one.division)
        for one in collate(pages, copy)
    ]


@pytest.mark.parametrize(
    ("page", "copy", "same"),
    [
        # Two words of five, in order.
        ("a b x y z", "p a q b r", True),
        ("a b x y z", "p a q r s", False),
        ("a b x y z", "p b q a r", False),
        ("a b x y z", "p a q b r s", False),
        # Or one is nearly all in the other: four of its words at least, and four of five.
        ("a b c d", f"{numbered(*range(20))} a b c d", True),
        ("a b c", f"{numbered(*range(20))} a b c", False),
        (f"{numbered(*range(20))} a b c d", "a b c d", True),
        ("a b c d e f g h x y", f"{numbered(*range(40))} a b c d e f g h", True),
        ("a b c d e f g x y z", f"{numbered(*range(40))} a b c d e f g", False),
    ],
)
def test_paragraphs_that_share_enough_are_one_text(page: str, copy: str, same: bool) -> None:
    # Of another text the whole is the difference.
    whole = (0, 1, page, copy, "")
    assert (collated([page], copy) != [whole]) is same
    longer = f"{page} more"
    assert collated([page, longer], copy, longer) == collated([page], copy)


def test_each_difference_of_a_paragraph_is_told_alone() -> None:
    page = "a b one c d two three e f g h"
    copy = "a b un c d e f quatre cinq g i"
    assert collated([page], copy) == [
        (0, 1, "one", "un", ""),
        (0, 1, "d two three", "d", ""),
        (0, 1, "f", "f quatre cinq", ""),
        (0, 1, "h", "i", ""),
    ]
    assert collated([f"z {page}"], copy)[0] == (0, 1, "z", "", "")
    assert collated([page], f"z {copy}")[0] == (0, 1, "", "z", "")
    assert collated([f"{page} z"], f"{page}") == [(0, 1, "h z", "h", "")]
    assert collated([page], f"{page} z") == [(0, 1, "h", "h z", "")]


def test_a_word_that_stands_twice_is_told_beside_its_neighbour() -> None:
    assert collated(["a b b c"], "a b c") == [(0, 1, "b b", "b", "")]
    assert collated(["a a a"], "a a") == [(0, 1, "a a", "a", "")]
    assert collated(["a b c"], "a b a b c") == [(0, 1, "b", "b a b", "")]


def test_differences_far_from_each_other_in_a_very_long_paragraph() -> None:
    words = [f"w{number}" for number in range(1400)]
    page = ["z0", *words[1:700], "x", "y", *words[702:1399], "z9"]
    copy = ["c0", *words[1:700], "u", *words[701:1399], "c9"]
    assert collated([" ".join(page)], " ".join(copy)) == [
        (0, 1, "z0", "c0", ""),
        (0, 1, "x y", "u w701", ""),
        (0, 1, "z9", "c9", ""),
    ]
    # Words replaced and words added, side by side, are one difference.
    page[700:702] = ["x", "y", "z"]
    assert collated([" ".join(page)], " ".join(copy))[1] == (0, 1, "x y z", "u w701", "")
    page[700:703] = []
    assert collated([" ".join(page)], " ".join(copy))[1] == (0, 1, "w699", "w699 u w701", "")


ONE, TWO, THREE = (numbered(*range(start, start + 9)) for start in (100, 200, 300))


def test_paragraphs_added_or_missing_among_matches() -> None:
    changed = ONE.replace("w104", "x")
    assert collated([changed, "new", TWO], ONE, TWO) == [
        (0, 1, "x", "w104", ""),
        (1, 0, "new", "", ""),
    ]
    assert collated([changed, TWO.replace("w204", "y")], ONE, "lost", "too", TWO) == [
        (0, 1, "x", "w104", ""),
        (0, 2, "", "lost", ""),
        (0, 3, "", "too", ""),
        (1, 4, "y", "w204", ""),
    ]
    # As many as are missing stand in their places.
    assert collated(
        [changed, "new", "newer", TWO.replace("w204", "y")], ONE, "lost", "too", TWO
    ) == [
        (0, 1, "x", "w104", ""),
        (1, 2, "new", "lost", ""),
        (2, 3, "newer", "too", ""),
        (3, 4, "y", "w204", ""),
    ]
    assert collated(["new", "newer", "newest"], "lost", "too") == [
        (0, 0, "new", "", ""),
        (1, 0, "newer", "", ""),
        (2, 0, "newest", "", ""),
        (2, 1, "", "lost", ""),
        (2, 2, "", "too", ""),
    ]


def test_matches_are_chosen_so_that_most_words_are_shared() -> None:
    # The first shares five words with the copy's second, and nine with its first.
    half = numbered(*range(100, 105), 900, 901)
    assert collated([ONE.replace("w104", "x")], half, ONE) == [
        (-1, 1, "", half, ""),
        (0, 2, "x", "w104", ""),
    ]
    assert collated([half, ONE.replace("w104", "x")], ONE) == [
        (0, 0, half, "", ""),
        (1, 1, "x", "w104", ""),
    ]


def test_paragraphs_are_split_and_joined_at_the_right_places() -> None:
    assert collated([ONE, TWO, THREE], f"{ONE} {TWO} {THREE}") == [
        (0, 1, "w106 w107 w108 ¶ w200 w201 w202", "w106 w107 w108 w200 w201 w202", "split"),
        (1, 1, "w206 w207 w208 ¶ w300 w301 w302", "w206 w207 w208 w300 w301 w302", "split"),
    ]
    assert collated([f"{ONE} {TWO} {THREE}"], ONE, TWO, THREE) == [
        (0, 2, "w106 w107 w108 w200 w201 w202", "w106 w107 w108 ¶ w200 w201 w202", "joined"),
        (0, 3, "w206 w207 w208 w300 w301 w302", "w206 w207 w208 ¶ w300 w301 w302", "joined"),
    ]


def test_few_words_beside_a_break_are_shown_as_they_are() -> None:
    assert collated([ONE, "one two"], f"{ONE} one two") == [
        (0, 1, "w106 w107 w108 ¶ one two", "w106 w107 w108 one two", "split")
    ]
    assert collated(["one two", ONE], f"one two {ONE}") == [
        (0, 1, "one two ¶ w100 w101 w102", "one two w100 w101 w102", "split")
    ]
    assert collated(["start", f"one two {ONE}", "end"], "start", "one two", ONE, "end") == [
        (1, 3, "one two w100 w101 w102", "one two ¶ w100 w101 w102", "joined")
    ]


def test_what_stands_beside_a_match_is_part_of_it_where_half_its_words_are() -> None:
    whole = f"{ONE} one two three four"
    assert [one[4] for one in collated([ONE, "one two x y"], whole)] == ["split", ""]
    assert collated([ONE, "one x y z"], whole) == [
        (0, 1, "w108", "w108 one two three four", ""),
        (1, 0, "one x y z", "", ""),
    ]
    before = f"one two three four {ONE}"
    assert [one[4] for one in collated(["one two x y", ONE], before)] == ["split", ""]
    assert [one[4] for one in collated([before], "one two x y", ONE)] == ["joined", ""]
    assert collated([before], "one x y z", ONE) == [
        (-1, 1, "", "one x y z", ""),
        (0, 2, "one two three four", "", ""),
    ]


@pytest.mark.parametrize("distance", [200, 201])
def test_paragraphs_far_apart_are_not_compared(distance: int) -> None:
    added = [f"new {number}" for number in range(distance)]
    found = collated([*added, ONE.replace("w104", "x")], ONE)
    assert ((distance, 1, "x", "w104", "") in found) is (distance == 200)
    lost = collated([ONE.replace("w104", "x")], *added, ONE)
    assert ((0, distance + 1, "x", "w104", "") in lost) is (distance == 200)


WITNESSES = st.lists(
    st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6).map(" ".join), max_size=5
)


@given(WITNESSES, WITNESSES)
def test_witnesses_differ_where_and_only_where_they_do(pages: list[str], copy: list[str]) -> None:
    found = collated(pages, *copy)
    assert bool(found) is (pages != copy)
    for passage, line, ours, theirs, division in found:
        assert -1 <= passage < max(len(pages), 1)
        assert 0 <= line <= len(copy)
        if division:
            assert ours.replace(" ¶", "") == theirs.replace(" ¶", "")
            assert (ours.count("¶"), theirs.count("¶")) == (
                (1, 0) if division == "split" else (0, 1)
            )
        else:
            assert ours != theirs
            assert fold(ours).text in " ".join(pages)
            assert fold(theirs).text in " ".join(copy)
