"""Strings of strangers: what is left out of words, and what a closed form refuses."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotated_edition.text.words import (
    Day,
    Formed,
    LanguageTag,
    NoteId,
    NotOfItsKind,
    Siglum,
    Token,
    Words,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plain é丝", "plain é丝"),
        ("a\x00b\x1b[31m\x7f", "ab[31m"),
        ("a\u202eb", "ab"),
        ("\u2067a", "\u2067a\u2069"),
        ("", ""),
    ],
)
def test_words_hold_nothing_that_turns_others_round(text: str, words: str) -> None:
    found = Words(text)
    assert found == words
    assert isinstance(found, Words)


@given(st.text())
def test_words_are_made_once(text: str) -> None:
    words = Words(text)
    assert Words(words) is words
    assert Words(str(words)) == words
    assert pickle.loads(pickle.dumps(words)) == words


def test_no_words_are_words() -> None:
    assert Words() == ""


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            Siglum,
            ["Zh", "En-Kz", "Ж", "丝1-a", "A" * 20],
            ["", "A_b", "-A", "A-", "A--b", "a b", "A" * 21, "a\n", "{x}"],
        ),
        (
            LanguageTag,
            [
                "kk",
                "zh-Hant",
                "zh-latn-pinyin",
                "en-GB-1",
                "abcdefgh",
                "aa-" + "-".join(["bbb"] * 8),
            ],
            ["", "k", "zh_Hant", "zh-", "абв", "abcdefghi", "aa-" + "-".join(["bbb"] * 9), "zh\n"],
        ),
        (
            NoteId,
            ["silk-road", "a", "1", "road-2", "a" * 200],
            ["", "Silk", "silk road", "-a", "a-", "a--b", "é", "a" * 201, "a/b", "a\n"],
        ),
        (
            Day,
            ["", "2026-11-24"],
            [
                "2026",
                "2026-11-2",
                "26-11-24",
                "2026-11-241",
                "2026/11/24",
                "٢٠٢٦-11-24",
                "2026-11-24\n",
            ],
        ),
        (
            Token,
            ["a", "A-1", "a_b.c", "-", "a" * 300],
            ["", "a b", "a/b", "é", "a" * 301, "a\n"],
        ),
    ],
)
def test_a_closed_form_takes_what_has_it(
    kind: type[Formed], good: list[str], bad: list[str]
) -> None:
    for text in good:
        made = kind(text)
        assert made == text
        assert isinstance(made, kind)
        assert kind(made) is made
        assert kind.fits(text)
    for text in bad:
        assert not kind.fits(text)
        with pytest.raises(NotOfItsKind, match=kind.__name__):
            kind(text)


def test_no_day_is_a_day() -> None:
    assert Day() == ""
