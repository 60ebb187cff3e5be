"""Strangers' words in messages."""

from __future__ import annotations

import pytest

from annotated_edition.text import CONTROL, brief


def test_white_space_is_one_space_and_control_characters_are_replaced() -> None:
    assert brief(" a\n\tb \x1b[31m c\x00") == "a b \ufffd[31m c\ufffd"
    assert not CONTROL.search("a\tb\nc — é丝\U0001f42b")


@pytest.mark.parametrize("sign", ["\x07", "\x7f", "\x9b", "\ud800", "\ufdd0", "\ufffe"])
def test_what_no_text_needs_is_replaced(sign: str) -> None:
    assert brief(f"a{sign}b") == "a\ufffdb"


def test_long_words_show_beginning_and_end() -> None:
    assert brief("x" * 80) == "x" * 80
    assert brief("b" + "x" * 60 + "y" * 19 + "e") == "b" + "x" * 59 + " … " + "y" * 14 + "e"
