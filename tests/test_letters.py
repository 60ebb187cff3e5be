"""Where letters end."""

from __future__ import annotations

import pytest

from annotated_edition.text.letters import divides, is_mark

#: Pieces that no cut may go through.
LETTERS = [
    "e\u0301",  # a letter and its accent
    "\u0915\u093f",  # Devanagari: ka, and its vowel sign
    "\u0915\u094d\u0937",  # ka and ssha, joined by a virama
    "\u0e01\u0e48",  # Thai: a letter and its tone
    "\u05d1\u05bc\u05b0",  # Hebrew: a letter, its dot and its vowel
    "\U0001f44d\U0001f3fd",  # a thumb and its colour
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
    "\u2764\ufe0f",  # a heart, and how it is drawn
]


@pytest.mark.parametrize("letter", LETTERS)
def test_no_letter_is_divided(letter: str) -> None:
    text = f"a{letter}b"
    assert not divides(text, 1)
    assert all(divides(text, at) for at in range(2, len(text) - 1))
    assert not divides(text, len(text) - 1)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("abc", 1),
        ("\u4e1d\u7ef8", 1),
        ("\u0915\u094d \u0937", 2),  # no space is joined to a letter
        ("\u0915\u0916", 1),
        ("\U0001f468\U0001f469", 1),
        ("e\u0301", 0),
        ("e\u0301", 2),
        ("\u0301e", 0),
        ("", 0),
        ("e\u0301", -1),
        ("\u200d \u0915", 1),
    ],
)
def test_other_cuts_divide_none(text: str, at: int) -> None:
    assert not divides(text, at)


def test_marks_belong_to_the_letter_before_them() -> None:
    assert all(map(is_mark, "\u0301\u093f\u05b0\u20dd\U0001f3fb\U0001f3ff"))
    assert not any(map(is_mark, "a\u0915\u4e1d \U0001f3fa\U0001f400"))
