"""Front matter: cut, parsed without trust, validated with lines."""

from __future__ import annotations

import pytest

from annotated_edition.frontmatter import (
    CrossReferenceFields,
    FrontMatterError,
    NoteFields,
    cut,
    parse,
    validate,
)


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
        ("quote: a\nstanding: sure", 3, "standing"),
        ("quote: a\nsee-also:\n  - cica\n  - S C O", 5, "a note's id"),
        ("quote: a\nchecked: yesterday", 3, "checked"),
        ("quote: a\nplaces:\n  - name: x\n    at: [100, 0]", 5, "places"),
        ("quote: []", 2, "quote"),
        ("quote: a\nnames: {'1': x}", 3, "language tag"),
    ],
)
def test_a_mistake_has_its_line(text: str, line: int, words: str) -> None:
    found = complaints(text)
    assert any(at == line and words in message for at, message in found), found


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
        "quote: " + "[" * 5000 + "]" * 5000,
        f"quote: {'x' * 20_000}",
    ],
)
def test_what_is_not_plain_yaml_is_refused(text: str) -> None:
    with pytest.raises(FrontMatterError) as caught:
        parse(text)
    assert caught.value.line >= 1
    assert caught.value.message
