"""Folding and finding: pure logic."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from docutils.utils import smartquotes
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotated_edition.text import MOST_CANDIDATES, Anchor, BaseText, Quote, fold
from support.edition import ROOT
from support.growth import steps

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
    "vector",
    json.loads((ROOT / "tests/folding.json").read_text(encoding="utf-8")),
    ids=lambda vector: vector["about"],
)
def test_folding_as_the_reading_page_does(vector: dict[str, Any]) -> None:
    # test_comment.py puts the same texts to the script.
    folded = fold(vector["text"])
    assert folded.text == vector["folded"]
    spans = [list(folded.span(at, at + 1)) for at in range(len(folded.text))]
    assert spans == vector["spans"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('the "Eastern Aristotle"', "the “Eastern Aristotle”"),
        ("Kazakhstan's", "Kazakhstan’s"),
        ("« mot »".replace(" ", "\u202f"), '"mot"'),
        ("-- Over the past", "– Over  the\npast"),
        ("win-win", "win‑win"),
        ("d--d", "d\u2e3ad"),
        ("d---d", "d\u2e3bd"),
        ("מן-העץ", "מן\u05beהעץ"),
        ("ա-բ", "ա\u058aբ"),
        ("and so on...", "and so on…"),
        ("and so on . . .", "and so on…"),
        ("and so on .\n.\n.", "and so on…"),
        ("and so on …", "and so on…"),
        ("left.... Then", "left…. Then"),
        ("left...... Then", "left…… Then"),
        ("left. . ... Then", "left. . … Then"),
        ("the 'sage' said", "the „sage“ said"),
        ('a "word"', "a ‹\u202fword\u202f›"),
        ('a "word"', "a 「word」"),
        ("caf\u0065\u0301", "café"),
        ("co\u00adoperation", "cooperation"),
        ("  a\u00a0b  ", "a b"),
        ("צה״ל", 'צה"ל'),
        ("ס׳איז", "ס'איז"),
        ("o\u02bbzbek", "o'zbek"),
    ],
)
def test_typography_is_no_difference(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("il dit « mot », puis", 'il dit "mot", puis'),
        ("il dit «\u2009mot\n». Puis", "il dit «mot». Puis"),
        ("il dit «\u00a0mot\u00a0» (« et »)", "il dit « mot » («et»)"),
        ("立在河\n心；\n岸上", "立在河心；岸上"),
        ("นานมา\nแล้ว", "นานมาแล้ว"),
        ("ཆུབ་\nསེམས", "ཆུབ་སེམས"),
        ("降り\u3000つ", "降りつ"),
    ],
)
def test_loosely_white_space_that_means_nothing_is_no_difference(one: str, other: str) -> None:
    assert fold(one, loose=True).text == fold(other, loose=True).text
    assert fold(one).text != fold(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("its", "it's"),
        ("rief »ja« und", "rief »ja«und"),
        ("立在 河", "立在河"),
        ("Silk", "silk"),
        ("a b", "ab"),
        ("wait..", "wait…"),
        ("ё", "е"),
        ("wait.. Then", "wait…. Then"),
        ("left. Then", "left.... Then"),
        ("a. b. c.", "a… b c"),
    ],
)
def test_words_and_case_are(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


#: For texts of any length.
SYLLABLES = [a + b + c for a in "bdfgklmn" for b in "aeiou" for c in ("", "r", "st")]

#: What smart quotes treat, and what decides how.
TYPED = st.lists(
    st.sampled_from(
        [*"abZ09 \"'-.(),[]!…–—“”’«»\xa0\u202f\n\té丝", *"   ", "...", ". . .", "--", "---", "'80s"]
    ),
    max_size=30,
).map("".join)


@pytest.mark.parametrize("style", sorted(smartquotes.smartchars.quotes))
@settings(max_examples=60)
@given(typed=TYPED, action=st.sampled_from(["qDe", "qd", "ie", "q", "e"]))
def test_what_smart_quotes_make_of_a_text_is_that_text(style: str, typed: str, action: str) -> None:
    # Where a no-break space stands beside a straight quotation mark or between spaced
    # dots, one educated text comes of two that differ in words' spaces: nobody types it.
    assume(not re.search("[\xa0\u202f][\"'»]|[\"'«][\xa0\u202f]", typed))
    assume(not re.search(r"\.[^\S ]+\.|\.\s{2,}\.", typed))
    educated = "".join(smartquotes.educate_tokens([("plain", typed)], action, style))
    assert fold(educated).text == fold(typed).text


@pytest.mark.parametrize(
    ("signs", "becomes"),
    [
        ('«»‹›"“”„‟″＂〝〞「」『』‘’‚‛′ʼ＇`´', "'"),
        ("-‐‑‒–—―−－", "-"),
        ("…", "…"),
        ("\xa0\u2003\u202f\u3000\t\n\r", " "),
        ("\xad\u200b\u2060\ufeff", ""),
    ],
)
def test_each_sign_is_folded_wherever_it_stands(signs: str, becomes: str) -> None:
    """At the beginning and at the end, after many letters, beside a space, more than once."""
    for sign in signs:
        whole = fold(f"{sign}letters{sign}and, {sign}letters{sign} and{sign}")
        parts = [f"{becomes}letters{becomes}and,", f"{becomes}letters{becomes}", f"and{becomes}"]
        if becomes == "…":
            parts = ["…letters…and,…letters… and…"]
        assert whole.text == " ".join(" ".join(parts).split())


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


@given(st.lists(st.sampled_from(["the", "the", "old", "it"]), min_size=1, max_size=30))
def test_every_place_of_repeated_words_can_be_singled_out(words: list[str]) -> None:
    base = BaseText([" ".join(words[:10]), " ".join(words[10:20]), " ".join(words[20:])])
    for anchor in base.find(Quote("the")):
        quote = base.single_out(Quote("the", "never", "never"), anchor)
        assert quote.exact == "the"
        assert base.find(quote) == [anchor]


@pytest.mark.parametrize(
    ("passages", "place", "prefix", "suffix"),
    [
        (["a road here"], 0, "", ""),
        (["an old road runs, a road"], 0, "old", ""),  # the shorter
        (["every road is long, the road was"], 0, "", "is"),
        (["my road is", "our road so"], 0, "my", ""),  # the prefix, where both are as long
        (["from far away road by", "from far up road at"], 0, "", "by"),
        (["road is", "road was"], 0, "", "is"),
        (["an interminable road of the west", "a road of the east"], 1, "a", ""),
        # Fewer letters count, not fewer words.
        (["an interminable road of a", "the new road of b"], 0, "", "of a"),
        (["road road road"], 1, "road", "road"),  # neither side alone
        (["it was it was it was it"], 1, "it was", "was it was"),
    ],
)
def test_the_shorter_context_singles_out(
    passages: list[str], place: int, prefix: str, suffix: str
) -> None:
    base = BaseText(passages)
    quote = Quote("it" if "it was" in passages[0] else "road")
    anchor = base.find(quote)[place]
    assert base.single_out(quote, anchor) == Quote(quote.exact, prefix, suffix)
    with pytest.raises(ValueError, match="not in list"):
        base.single_out(quote, Anchor(0, 1, 3))


BASE = BaseText(
    ["the SCO and the UN met", "the SCO then left", "a “sage poet” of the steppe", "full text:"]
)


@given(
    st.lists(
        st.lists(st.sampled_from("a an and sand the then 和 和平 it's".split()), max_size=8).map(
            " ".join
        ),
        min_size=1,
        max_size=5,
    ),
    st.data(),
)
def test_every_place_is_found_where_words_are_parts_of_others(
    passages: list[str], data: st.DataObject
) -> None:
    passage = data.draw(st.sampled_from(passages))
    start = data.draw(st.integers(0, len(passage)))
    words = passage[start : data.draw(st.integers(start, len(passage)))].strip()
    found = [(one.passage, one.start) for one in BaseText(passages).find(Quote(words))]
    assert found == [
        (number, at)
        for number, passage in enumerate(passages)
        for at in range(len(passage))
        if words and passage.startswith(words, at)
    ]


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
    assert BASE.nearest(Quote("a sage poet of the stepe")) == (2, "a “sage poet” of the steppe")
    assert BASE.nearest(Quote("quarterly earnings report")) is None


def test_an_empty_quote_has_no_place() -> None:
    assert BASE.find(Quote(" \u00ad ")) == []


def test_the_nearest_of_many_passages_is_quick() -> None:
    def work(count: int) -> int:
        draw = random.Random(4)
        passages = [" ".join(draw.choices(SYLLABLES, k=100)) for _ in range(count)]
        base = BaseText(passages)
        words = passages[count // 2].split()[10:60]
        wanted = " ".join([*words[:9], "quite", *words[10:]])
        found: list[object] = []
        taken = steps(lambda: found.append(base.nearest(Quote(wanted))))
        assert found == [(count // 2, " ".join(words))]
        return taken

    assert work(400) < 4.5 * work(100)


def test_the_first_of_very_many_places_are_offered_quickly() -> None:
    def text(passages: int) -> BaseText:
        return BaseText(
            [f"all the {number} roads lead to the {number} towns" for number in range(passages)]
        )

    def work(base: BaseText) -> int:
        return steps(lambda: base.candidates(Quote("the")))

    base = text(2000)
    assert work(base) < 4.5 * work(text(500))
    candidates = base.candidates(Quote("the"))
    assert len(base.find(Quote("the"))) == 4000
    assert len(candidates) == MOST_CANDIDATES
    assert [candidate.anchor for candidate in candidates] == base.find(Quote("the"))[:8]
    assert candidates[0].suffix == "0 roads"
    for candidate in candidates:
        assert base.find(Quote("the", suffix=candidate.suffix)) == [candidate.anchor]


def test_places_without_telling_context_say_so() -> None:
    candidates = BaseText(["so it was. " * 20]).candidates(Quote("it"), most=20)
    assert (candidates[0].prefix, candidates[0].suffix) == ("", "")
    assert (candidates[7].prefix, candidates[7].suffix) == ("", "")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("sage poets", "“sage poet”"),
        ("age poe", "“sage poet”"),  # whole words
        ("of the stepe", "of the steppe"),
        ("of the stepe.", "of the steppe."),  # a stop that was asked for stays
        ("the stepe, ", "the steppe."),
        ("it lay there,", "It lay there;"),
        ("it lays there", "It lay there"),
        ("the sage poet", "A “sage poet”"),
        ("of the steppe. it lays there", "of the steppe. It lay there"),
        ("quarterly", None),
        ("  ", None),
    ],
)
def test_the_nearest_wording_is_one_of_the_texts(wanted: str, found: str | None) -> None:
    base = BaseText(["Short.", "A “sage poet” of the steppe. It lay there; far."])
    assert base.nearest(Quote(wanted)) == (found and (1, found))


def test_how_like_the_nearest_wording_must_be() -> None:
    base = BaseText(["abcdefghij"])
    assert base.nearest(Quote("123abcdefg456")) == (0, "abcdefghij")
    assert base.nearest(Quote("1234abcde5678")) is None
    assert base.nearest(Quote("1234abcde5678"), least=30) == (0, "abcdefghij")
    assert base.nearest(Quote("123abcdefg456"), least=99) is None


def test_a_passage_of_half_the_words_may_be_meant_and_a_shorter_one_not() -> None:
    assert BaseText(["abcde"]).nearest(Quote("abcdefghij")) == (0, "abcde")
    assert BaseText(["abcd"]).nearest(Quote("abcdefghij")) is None
    assert BaseText(["b", ""]).nearest(Quote("b")) == (0, "b")


@pytest.mark.parametrize("length", [8, 9, 10, 11, 30])
def test_a_long_quote_is_looked_for_where_most_of_it_may_be(length: int) -> None:
    words = [f"{number}road" for number in range(1, length + 1)]
    passages = [
        f"{' '.join(words[:number])} and so on without end, {number}" for number in range(40)
    ]
    passages.reverse()
    passages.append("wholly other words than all the others have, and as many of them as they")
    wanted = " ".join(words)
    found = BaseText(passages).nearest(Quote(wanted.replace("2road", "2roads")))
    assert found is not None
    assert passages[found[0]].startswith(wanted)
    assert found[1] == wanted


def test_context_of_at_most_so_many_letters_is_offered() -> None:
    base = BaseText(["an old road here, a new road there"])
    first, second = base.find(Quote("road"))
    for most, prefix in ((3, "old"), (2, "")):
        offered = base.candidates(Quote("road"), most)
        assert [one.anchor for one in offered] == [first, second]
        assert offered[0].prefix == prefix
    assert base.candidates(Quote("road"), 5)[1].suffix == "there"
    assert base.candidates(Quote("road"), 4)[1].suffix == ""
    assert base.candidates(Quote("nowhere")) == []


def test_eighty_letters_of_context_are_offered_where_nothing_else_is_said() -> None:
    base = BaseText([f"1{'x' * 77} a road", f"2{'x' * 78} a road"])
    assert [len(one.prefix) for one in base.candidates(Quote("road"))] == [80, 0]


def test_the_context_is_all_words_to_the_end_of_the_text_where_it_must_be() -> None:
    base = BaseText(["a b a b"])
    first, second = base.candidates(Quote("a"))
    assert (first.prefix, first.suffix) == ("", "b a")
    assert (second.prefix, second.suffix) == ("b", "")
    # One that ends the text, and one that begins it, have context on one side.
    base = BaseText(["end", "the end"])
    first, second = base.candidates(Quote("end"))
    assert (first.prefix, first.suffix) == ("", "the")
    assert (second.prefix, second.suffix) == ("the", "")


def test_places_may_overlap_and_spaces_at_the_ends_of_a_quote_are_none() -> None:
    assert BaseText(["aaa"]).find(Quote("aa")) == [Anchor(0, 0, 2), Anchor(0, 1, 3)]
    base = BaseText(["a", "b a ", " c"])
    assert base.find(Quote(" a ")) == [Anchor(0, 0, 1), Anchor(1, 2, 3)]
    assert base.find(Quote("a", prefix="b ", suffix=" c")) == [Anchor(1, 2, 3)]
    assert base.find(Quote("a", prefix="a b")) == [Anchor(1, 2, 3)]
    assert base.find(Quote("a", suffix="b a")) == [Anchor(0, 0, 1)]
    assert base.find(Quote("a", prefix="x a")) == []


@pytest.mark.parametrize(
    ("passages", "place", "prefix", "suffix"),
    [
        (["the and the a", ""], 1, "and", ""),
        (["the a", "", "b the and the ab"], 0, "", "a b"),
        (["b", "", "a the ba the"], 0, "b a", "ba"),
    ],
)
def test_empty_passages_tell_no_places_apart(
    passages: list[str], place: int, prefix: str, suffix: str
) -> None:
    base = BaseText(passages)
    offered = base.candidates(Quote("the"))[place]
    assert (offered.prefix, offered.suffix) == (prefix, suffix)
    for quote in (Quote("the", prefix), Quote("the", suffix=suffix)):
        if quote != Quote("the"):
            assert base.find(quote) == [offered.anchor]


def test_a_quote_keeps_its_line_when_it_is_singled_out() -> None:
    base = BaseText(["a road, the road"])
    anchor = base.find(Quote("road"))[1]
    assert base.single_out(Quote("road", line=7), anchor) == Quote("road", "the", "", 7)
    assert base.single_out(Quote("a road", "x", "y", 7), Anchor(0, 0, 6)) == Quote("a road", line=7)


def test_both_sides_grow_together_until_they_tell() -> None:
    base = BaseText(["a b X c d", "q b X c r", "a b X c s", "a b X c d e", "q b X c d"])
    places = base.find(Quote("X"))
    assert len(places) == 5
    quotes = [base.single_out(Quote("X"), place) for place in places]
    assert [base.find(quote) for quote in quotes] == [[place] for place in places]
    base = BaseText(["k X m", "l X n", "k X n"])
    assert base.single_out(Quote("X"), base.find(Quote("X"))[1]) == Quote("X", "l", "")
    assert base.single_out(Quote("X"), base.find(Quote("X"))[2]) == Quote("X", "n k", "")
