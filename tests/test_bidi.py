"""Text that runs from right to left amid text that doesn't."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotated_edition.text import balanced, isolated, runs_left
from annotated_edition.text.turns import turns
from annotated_edition.weave.locales import runs_from_right

FIRST_STRONG, RIGHT_ISOLATE, END = "\u2068", "\u2067", "\u2069"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("plain", "plain"),
        ("a\u202eb\u202ac\u202c", "abc"),  # overrides and embeddings go
        ("a\u200eb\u061c", "a\u200eb\u061c"),  # marks turn nothing round
        (f"a{END}b", "ab"),
        (f"{RIGHT_ISOLATE}a{END}b{END}{END}c", f"{RIGHT_ISOLATE}a{END}bc"),
        (f"{RIGHT_ISOLATE}a", f"{RIGHT_ISOLATE}a{END}"),
        (f"\u2066{FIRST_STRONG}a{END}b", f"\u2066{FIRST_STRONG}a{END}b{END}"),
    ],
)
def test_what_turns_others_round_is_taken_out_or_closed(text: str, left: str) -> None:
    assert balanced(text) == left


@given(st.text(f"ab\u202a\u202e\u202c\u2066{FIRST_STRONG}{END}\u05d0"))
def test_isolates_are_closed_in_order(text: str) -> None:
    found = balanced(text)
    depth = 0
    for sign in found:
        depth += (sign in f"\u2066{FIRST_STRONG}") - (sign == END)
        assert depth >= 0
    assert depth == 0
    assert balanced(found) == found


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("plain é丝 123", False),
        ("דרך", True),
        ("a ابن", True),
        ("a ١٢", True),
        ("\U00010840", True),
        ("\ufb20", True),
        ("\u05b0", False),  # a point without its letter
        ("a\u200f", True),
        ("a\u200eb", True),
    ],
)
def test_what_runs_from_right_to_left(text: str, runs: bool) -> None:
    assert runs_left(text) is runs
    assert isolated(text) == (f"{FIRST_STRONG}{text}{END}" if runs else text)


def test_a_name_is_isolated_without_what_it_leaves_open() -> None:
    assert isolated(f"ابن{END}\u202e") == f"{FIRST_STRONG}ابن{END}"
    assert isolated("a\u202eb") == "ab"


@pytest.mark.parametrize(
    ("text", "right", "expected"),
    [
        ("one two", False, []),
        ("אב גד", True, []),
        ("one אב גד, two", False, ["אב גד"]),
        ("one אָב. Two הו׃", False, ["אָב", "הו׃"]),
        ("אב 12%, two", False, ["אב 12%"]),  # a number goes with what is before it
        ("12 אב", False, ["אב"]),
        ("(אב)", False, ["אב"]),
        ("אב (גד), two", False, ["אב (גד)"]),
        ("אב Gen 1:2 (a) גד", True, ["Gen 1:2 (a)"]),
        # What is isolated is a sign without direction to those around it.
        (f"{FIRST_STRONG}אב{END}; {FIRST_STRONG}גד{END}", False, ["אב", "גד"]),
        (f"אב {FIRST_STRONG}one{END} גד", False, [f"אב {FIRST_STRONG}one{END} גד", "one"]),
        (f"{RIGHT_ISOLATE}one אב{END}", False, ["one אב", "one"]),
    ],
)
def test_where_text_turns(text: str, right: bool, expected: list[str]) -> None:
    found = turns(text, right)
    shown = [text[it.start : it.stop] for it in found]
    assert [
        it[1:-1] if it[0] in f"{FIRST_STRONG}{RIGHT_ISOLATE}" else it for it in shown
    ] == expected


@example(f"א{FIRST_STRONG}(١){END}", False)
@given(st.text(f"ab א\u05b0١2(), {FIRST_STRONG}{RIGHT_ISOLATE}{END}"), st.booleans())
def test_turns_stand_within_each_other(text: str, right: bool) -> None:
    opened: list[int] = []
    for turn in turns(text, right):
        assert 0 <= turn.start < turn.stop <= len(text)
        while opened and opened[-1] <= turn.start:
            opened.pop()
        assert not opened or turn.stop <= opened[-1]
        opened.append(turn.stop)


@pytest.mark.parametrize(
    ("language", "runs"),
    [
        *((tag, True) for tag in ("ar", "he-IL", "yi", "syr", "syc", "hbo", "arc", "ota", "ckb")),
        *((tag, True) for tag in ("ku-Arab", "kk-Arab", "lad-Hebr", "ff-Adlm", "ms_Arab")),
        *((tag, False) for tag in ("en", "grc", "cop", "kk", "ku", "zh-Hant", "sr@latin", "")),
    ],
)
def test_which_languages_run_from_right_to_left(language: str, runs: bool) -> None:
    assert runs_from_right(language) is runs
