"""The nearest of known names, and what something may be called."""

from __future__ import annotations

import pytest

from annotated_edition.text import did_you_mean, nearest, slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("silk-raod", "silk-road"),
        ("Silk Road", "silk-road"),  # hyphens and capitals are no difference
        ("SILK_ROAD", "silk-road"),
        ("border-ports", "border-port"),
        ("quarterly", None),
        ("sixxxxx-rod", None),  # not like enough
        ("", None),
    ],
)
def test_the_nearest_name(name: str, expected: str | None) -> None:
    assert nearest(name, iter(["border-port", "silk-road", "cica"])) == expected


def test_nothing_is_near_nothing() -> None:
    assert nearest("silk-road", []) is None


def test_seven_signs_of_ten_are_like_enough() -> None:
    assert nearest("abcdefgxyz", ["abcdefg123"]) == "abcdefg123"
    assert nearest("abcdefwxyz", ["abcdef1234"]) is None


def test_a_question_or_else_what_to_do() -> None:
    assert did_you_mean("silkroad", ["cica", "silk-road"], "do this") == "did you mean 'silk-road'?"
    assert did_you_mean("else", ["cica", "silk-road"], "do this") == "do this"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("The Silk Road", "the-silk-road"),
        ("Éluard, Paul (1895)", "eluard-paul-1895"),
        ("Xi’s visit to O'Neill's", "xi-visit-to-oneill"),
        ("Ch’ien and Ch'ien", "chien-and-chien"),
        ("it’s SOON", "it-soon"),
        ("IT’S SOON", "it-soon"),
        ("丝绸之路", "si-chou-zhi-lu"),
        ("Қазақстан", "qazaqstan"),
        ("Абай", "abay"),
        ("  -- a--b --", "a-b"),
    ],
)
def test_what_words_are_called_as_a_file(words: str, name: str) -> None:
    assert slug(words) == name
