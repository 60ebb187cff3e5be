"""Front matter: cut, parsed without trust, validated with lines."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotated_edition.read.frontmatter import FrontMatterError, cut, parse
from annotated_edition.read.note_fields import CrossReferenceFields, NoteFields, validate


def complaints(text: str) -> list[tuple[int, str]]:
    return validate(parse(text), NoteFields)[1]


def test_cutting_keeps_line_numbers() -> None:
    front, rest = cut("---\nquote: a\n---\n# Title\n")
    assert front == "quote: a\n"
    assert rest.splitlines().index("# Title") == 3
    assert cut("# Title\n") == ("", "# Title\n")
    assert cut("\ufeff---\r\nquote: a\r\n---\r\nx")[0] == "quote: a\r\n"


def test_an_open_fence_is_an_error() -> None:
    with pytest.raises(FrontMatterError, match="isn't closed"):
        cut("---\nquote: a\n# Title\n")


def test_a_note_with_every_field() -> None:
    fields, wrong = validate(
        parse(
            """\
quote:
  - the Silk Road
  - {exact: Silk Road, prefix: "the ", suffix: ""}
names: {zh: 丝绸之路, kk-Cyrl: Жібек жолы}
dates: {"-0137": an embassy, 0630~: a monk}
places: [{name: Suyab, at: [42.8, 75.2]}, {name: Road, at: [1, 2], line: true}]
readings: {Zh: {reading: 山水相连, gloss: joined, source: key2022}}
standing: disputed
see-also: [cica]
contributors: [a contributor]
checked: 2026-11-24
"""
        ),
        NoteFields,
    )
    assert not wrong
    assert fields is not None
    assert [quote.exact for quote in fields.quote] == ["the Silk Road", "Silk Road"]
    assert fields.places[1].line
    assert fields.places[0].at == (42.8, 75.2)
    assert fields.checked is not None
    assert fields.checked.year == 2026


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("title: x", 2, "no quote"),
        ("quote: a\nquots: b", 3, "did you mean `quote`?"),
        ("quote: a\nstanding: sure", 3, "write documented, interpretation, disputed or"),
        ("quote: a\nstanding: Dispute", 3, "did you mean `standing: disputed`?"),
        ("quote: a\nsee-also:\n  - cica\n  - S C O", 5, "a note's id"),
        ("quote: a\nchecked: yesterday", 3, "checked"),
        ("quote: a\nplaces:\n  - name: x\n    at: [100, 0]", 5, "places"),
        ("quote: []", 2, "quote"),
        ("quote: a\nnames: {'1': x}", 3, "language tag"),
        ("quote:", 2, "`quote` is empty: write the words of the text"),
        ("quote: ''", 2, "`quote` is empty: write the words of the text"),
        ("quote: []", 2, "`quote` is empty: write the words of the text"),
        ("quote:\n  - a\n  -", 4, "`quote` is empty: write the words of the text"),
        ("quote: [[a]]", 2, "`quote` can't be ['a']: write the words"),
        ("quote:\n  exact: a\n  prefx: b", 4, "no field `quote.prefx`: did you mean `prefix`?"),
        ("quote:\n  exact: a\n  zzz: b", 4, "`quote.zzz`: known are exact, prefix, suffix"),
        ("quote:\n  - exact: a\n    prefx: b", 4, "did you mean `prefix`?"),
        ("quote: {prefix: b}", 2, "`quote.exact` is missing: write the words"),
        ("quote: {exact: a, prefix: }", 2, "`quote.prefix` is empty: write the words just before"),
        ("quote: a\nsee_also: [cica]", 3, "there is no field `see_also`: did you mean `see-also`?"),
        ("quote: a\nsee-also: cica", 3, "`see-also` can't be 'cica': write a list, such as"),
        (
            "quote: a\nsee-also:\n- b\n- c\n- b",
            6,
            "`see-also` names 'b' twice: write it once",
        ),
        ("quote: a\nnames:\n  zz_1: x", 4, "`names` can't have 'zz_1' before a colon: write a"),
        ("quote: a\nnames:\n  zh:", 4, "`names.zh` is empty: write a language tag and the name"),
        ("quote: a\nnames: [zh]", 3, "`names` can't be ['zh']: write a language tag"),
        ("quote: a\nnames:", 3, "`names` is empty: write a language tag"),
        ("quote: a\ndates: {'x': y}", 3, "write 1943, 1943-02 or"),
        (
            "quote: a\nplaces: {name: x}",
            3,
            "`places` can't be {'name': 'x'}: write a list, such as",
        ),
        ("quote: a\nplaces: [{name: x}]", 3, "`places.at` is missing: write latitude"),
        ("quote: a\nplaces: [{name: x, at: [1]}]", 3, "`places.at` is incomplete: write latitude"),
        (
            "quote: a\nplaces: [{name: x, at: [1,2,3]}]",
            3,
            "`places.at` can't be ['1', '2', '3']: write latitude",
        ),
        ("quote: a\nplaces: [{name: x, at: [1,b]}]", 3, "can't be 'b': write latitude"),
        ("quote: a\nplaces: [{name: x, at: [1,181]}]", 3, "'181': write latitude (-90 to 90)"),
        (
            "quote: a\nplaces: [{name: x, at: [1,2], line: x}]",
            3,
            "can't be 'x': write `line: true`",
        ),
        ("quote: a\nplaces: [{name: x, att: [1,2]}]", 3, "`places.att`: did you mean `at`?"),
        (
            "quote: a\nreadings: {Zh: x}",
            3,
            "`readings.Zh` can't be 'x': write a version and its words",
        ),
        ("quote: a\nreadings: {Zh: {glos: x}}", 3, "`readings.Zh.glos`: did you mean `gloss`?"),
        ("quote: a\nreadings: {gloss: {glos: x}}", 3, "did you mean `gloss`?"),
        ("quote: a\nstanding: sure", 3, "can't be 'sure': write documented, interpretation,"),
        ("quote: a\nchecked: yesterday", 3, "'yesterday': write the day, such"),
        ("quote: a\nchecked: 2026", 3, "'2026': write the day, such"),
        (f"quote: a\nchecked: {'y' * 999}", 3, "yyy': write the day"),
        ("quote: a\nchecked: [1]", 3, "can't be ['1']: write the day"),
    ],
)
def test_a_mistake_has_its_line(text: str, line: int, words: str) -> None:
    found = complaints(text)
    assert any(at == line and words in message for at, message in found), found


#: Whatever may stand in a field: enough to meet every error type of the models.
VALUES: st.SearchStrategy[object] = st.recursive(
    st.sampled_from([None, "", " ", "a", "A b", "1", "1e9", "nan", "2026", "1457", "true", "zh"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["zh", "1", "name", "at", "line", "exact", "prefx", "reading"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
NAMES = [info.alias or name for name, info in NoteFields.model_fields.items()]


@given(st.dictionaries(st.sampled_from([*NAMES, "see_also", "title"]), VALUES))
def test_every_complaint_is_in_our_own_words(data: dict[str, object]) -> None:
    for line, message in complaints(json.dumps(data, ensure_ascii=False)):
        assert line >= 2
        assert re.search(r": (write|add|did you mean|known are|.*: write) .", message), message
        assert not re.search(
            r"(?i)\b(input|valid|string|parse|type|none_|pydantic)\b|\[key", message
        )


def test_a_mistaken_field_leaves_the_others() -> None:
    fields, wrong = validate(parse("quote: a\nstanding: sure\nsee-also: [cica]"), NoteFields)
    assert wrong
    assert fields is not None
    assert fields.see_also == ["cica"]
    assert fields.standing == "documented"


def test_a_quote_that_looks_like_another_type_stays_text() -> None:
    fields, _ = validate(parse("quote: [52, no, 2022-09-13, 1e3]"), CrossReferenceFields)
    assert fields is not None
    assert [quote.exact for quote in fields.quote] == ["52", "no", "2022-09-13", "1e3"]


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x",
        "quote: !!python/object/apply:os.system [echo]",
        "quote: !custom x",
        "quote: a\nquote: b",
        "- a list",
        "quote: 'open",
        "quote: a: b",
        "[" * 2000,
        "quote: a\n? [b]\n: c",
        "quote: a\n? {b: c}\n: d",
        "quote: a\n: d",
        "quote: " + "[" * 5000 + "]" * 5000,
        f"quote: {'x' * 20_000}",
    ],
)
def test_what_is_not_plain_yaml_is_refused(text: str) -> None:
    with pytest.raises(FrontMatterError) as caught:
        parse(text)
    assert caught.value.line >= 1
    assert caught.value.message


@pytest.mark.parametrize("control", ["\0", "\x08", "\x0c", "\x1b", "\x7f", "\x9b", "\ufffe"])
def test_a_control_character_has_its_line(control: str) -> None:
    with pytest.raises(FrontMatterError) as caught:
        parse(f"quote: a\nnames:\n  zh: b{control}c\nstanding: disputed")
    assert caught.value.line == 4
    assert caught.value.message == f"the control character U+{ord(control):04X}: leave it out"


def test_a_list_in_place_of_a_name_has_its_line() -> None:
    with pytest.raises(FrontMatterError, match="put the date in quotation marks") as caught:
        parse("quote: a\n? [b]\n: c")
    assert caught.value.line == 3
