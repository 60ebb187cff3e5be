"""Plain words as Markdown."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from annotated_edition.text.commonmark import escaped

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("plain words", "plain words"),
        ("1. A [b] <c>", r"1\. A \[b\] \<c\>"),
        ("12) a", r"12\) a"),
        ("- a", r"\- a"),
        ("+ a\n= b", "\\+ a\n\\= b"),
        (" - a", r" \- a"),
        ("a - b + c = 1. d", "a - b + c = 1. d"),
        ("\\ ` * _ { } # | ~ $ &", r"\\ \` \* \_ \{ \} \# \| \~ \$ \&"),
    ],
)
def test_what_would_be_markup_has_a_backslash(words: str, written: str) -> None:
    assert escaped(words) == written


@given(st.text("ab12 -+=.)(*_`[]<>#|~$&\\{}!:\"'", max_size=30))
@example("1234567890. a")
@example("---")
@example("a&amp;b")
@example("![a](b)")
@example("<http://a.b>")
def test_a_reader_of_markdown_finds_the_words(words: str) -> None:
    words = " ".join(words.split())
    found = BeautifulSoup(READER.render(escaped(words)), "html.parser")
    assert [tag.name for tag in found.find_all()] == ["p"] * bool(words)
    assert found.get_text().strip() == words
