"""Glossary terms in running text: pure logic."""

from __future__ import annotations

import pytest

from annotated_edition.terms import TermFinder


def found(text: str, *terms: str) -> list[tuple[str, str]]:
    return [(hit.term, text[hit.start : hit.end]) for hit in TermFinder(terms).find(text)]


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("all border ports open", "border port", "border ports"),
        ("China’s Confucius Institutes’ work", "Confucius Institute", "Confucius Institutes’"),
        ("the party's line", "party", "party's"),
        ("two parties met", "party", "parties"),
        ("Steppe and sky", "steppe", "Steppe"),
        ("a vast steppe", "Steppe", "steppe"),
        ("the win–win idea", "win-win", "win–win"),
        ("in “the Silk\u00a0Road”", "Silk Road", "Silk\u00a0Road"),
    ],
)
def test_inflections_typography_and_first_letters(text: str, term: str, expected: str) -> None:
    assert found(text, term) == [(term, expected)]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("the unit", "UN"),
        ("they run", "UN"),
        ("a silk road", "Silk Road"),
        ("the silkworm", "silk"),
        ("days", "da"),
    ],
)
def test_no_parts_of_words_and_no_other_case(text: str, term: str) -> None:
    assert found(text, term) == []


def test_the_longest_term_wins() -> None:
    text = "the Silk Road Economic Belt and the Silk Road"
    assert [term for term, _ in found(text, "Silk Road", "Silk Road Economic Belt")] == [
        "Silk Road Economic Belt",
        "Silk Road",
    ]


def test_no_terms_find_nothing() -> None:
    assert found("anything") == []
