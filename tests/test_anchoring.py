"""Folding and finding: pure logic."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotated_edition.anchoring import BaseText, fold
from annotated_edition.model import Anchor, Quote

#: What folding treats, among some that it leaves alone; soft hyphens and
#: zero-width spaces stand where they are used, within words.
PIECES = st.sampled_from(
    [
        *"abcABC 01.,-–—―\"“”„«»'‘’ʼ…\xa0\u202f\n\t éе́́å丝路Қə한하",
        "o\xado",
        "o\u200bo",
        "--",
        "...",
        ". . .",
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('the "Eastern Aristotle"', "the “Eastern Aristotle”"),
        ("Kazakhstan's", "Kazakhstan’s"),
        ("« mot »".replace(" ", "\u202f"), '"mot"'),
        ("-- Over the past", "– Over  the\npast"),
        ("win-win", "win‑win"),
        ("and so on...", "and so on…"),
        ("and so on . . .", "and so on…"),
        ("caf\u0065\u0301", "café"),
        ("co\u00adoperation", "cooperation"),
        ("  a\u00a0b  ", "a b"),
    ],
)
def test_typography_is_no_difference(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [("its", "it's"), ("Silk", "silk"), ("a b", "ab"), ("wait..", "wait…"), ("ё", "е")],
)
def test_words_and_case_are(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


@given(TEXTS)
def test_folding_folded_text_changes_nothing(text: str) -> None:
    folded = fold(text).text
    assert fold(folded).text == folded


@given(TEXTS, st.data())
def test_a_span_leads_back_to_text_that_folds_to_it(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    assume(folded.text)
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    first, last = folded.span(start, end)
    assert 0 <= first < last <= len(text)
    wanted = fold(folded.text[start:end]).text
    # A span that cuts a letter or an ellipsis in two takes the whole of it.
    assert wanted in fold(text[first:last]).text


@given(st.lists(TEXTS, min_size=1, max_size=4), st.data())
def test_a_quote_from_anywhere_anchors_there_or_is_ambiguous(
    passages: list[str], data: st.DataObject
) -> None:
    passage = data.draw(st.integers(0, len(passages) - 1))
    text = passages[passage]
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = Quote(text[start:end])
    exact = fold(quote.exact).text
    # Half a decomposed letter or an ellipsis cut in two is no quote of this text.
    assume(exact and exact in fold(text).text)
    found = BaseText(passages).find(quote)
    assert found
    if len(found) == 1:
        anchor = found[0]
        assert anchor.passage == passage
        assert fold(text[anchor.start : anchor.end]).text == exact
    else:
        assert all(
            fold(passages[anchor.passage][anchor.start : anchor.end]).text == exact
            for anchor in found
        )


@given(
    st.lists(
        st.sampled_from(["the", "SCO", "and", "the", "UN", "of", "a"]), min_size=4, max_size=30
    )
)
def test_the_context_offered_for_an_ambiguous_quote_settles_it(words: list[str]) -> None:
    base = BaseText([" ".join(words[:10]), " ".join(words[10:])])
    quote = Quote("the")
    for candidate in base.candidates(quote):
        for context in (
            {"prefix": candidate.prefix} if candidate.prefix else None,
            {"suffix": candidate.suffix} if candidate.suffix else None,
        ):
            if context:
                assert base.find(Quote("the", **context)) == [candidate.anchor]


BASE = BaseText(
    ["the SCO and the UN met", "the SCO then left", "a “sage poet” of the steppe", "full text:"]
)


def test_a_repeated_quote_needs_context() -> None:
    assert len(BASE.find(Quote("the SCO"))) == 2
    assert BASE.find(Quote("the SCO", suffix=" then")) == [Anchor(1, 0, 7)]
    assert BASE.find(Quote("the SCO", suffix="never")) == []


def test_context_may_reach_into_the_neighbouring_passage() -> None:
    assert BASE.find(Quote("the SCO", prefix="UN met")) == [Anchor(1, 0, 7)]
    assert BASE.find(Quote("met the SCO")) == []


def test_offsets_are_those_of_the_page() -> None:
    (anchor,) = BASE.find(Quote('"sage poet"'))
    assert (anchor.start, anchor.end) == (2, 13)


def test_the_nearest_wording_is_offered_whole_words_and_all() -> None:
    assert BASE.nearest(Quote("a sage poet of the stepe")) == (2, 'a "sage poet" of the steppe')
    assert BASE.nearest(Quote("quarterly earnings report")) is None


def test_an_empty_quote_has_no_place() -> None:
    assert BASE.find(Quote(" \u00ad ")) == []
