"""Headwords and labels that several documents claim: whose each is."""

from __future__ import annotations

from annotated_edition.anchor.owners import label_owners, term_owners
from annotated_edition.model import GlossaryEntry, Label, Page, Problem, Subtype


def entry(docname: str, line: int, *terms: str) -> GlossaryEntry:
    return GlossaryEntry(docname, line, tuple((term, f"term-{term}") for term in terms))


def page(**lines: int) -> Page:
    return Page(labels={name: Label(f"id-{name}", name, line) for name, line in lines.items()})


def test_the_first_in_order_has_a_headword() -> None:
    first, second = entry("z", 4, "caravan", "caravans"), entry("a", 9, "caravans", "camel")
    owners, problems = term_owners([first, second])
    assert owners == {
        "caravan": (first, "term-caravan"),
        "caravans": (first, "term-caravans"),
        "camel": (second, "term-camel"),
    }
    assert problems == [
        Problem(
            Subtype.GLOSSARY,
            "a",
            9,
            "the glossary has 'caravans' already (z, line 4): keep one of them",
        )
    ]


def test_an_entry_is_told_once_and_of_the_first_that_is_anothers() -> None:
    first = entry("z", 4, "one", "two")
    other = entry("y", 6, "three")
    problems = term_owners([first, other, entry("a", 9, "three", "two", "one")])[1]
    assert [problem.message for problem in problems] == [
        "the glossary has 'three' already (y, line 6): keep one of them"
    ]


def test_capitals_and_typography_make_no_headword_of_ones_own() -> None:
    first = entry("z", 4, "khan's tent")
    owners, problems = term_owners([first, entry("a", 9, "Khan\u2019s Tent")])
    assert list(owners) == ["khan's tent"]
    assert [problem.docname for problem in problems] == ["a"]


def test_within_a_document_capitals_may() -> None:
    one, two, three = entry("z", 4, "ACE"), entry("z", 6, "ace"), entry("z", 8, "ace")
    owners, problems = term_owners([one, two, three])
    assert owners == {"ACE": (one, "term-ACE"), "ace": (two, "term-ace")}
    assert [problem.line for problem in problems] == [8]


def test_the_first_in_order_has_a_label() -> None:
    pages = {"a": page(road=3, ships=7), "z": page(road=5)}
    owners, problems = label_owners(["z", "a"], pages)
    assert {name: docname for name, (docname, _label) in owners.items()} == {
        "road": "z",
        "ships": "a",
    }
    assert owners["road"][1] == Label("id-road", "road", 5)
    assert problems == [
        Problem(
            Subtype.DUPLICATE_NOTE,
            "a",
            3,
            "the label 'road' is another place's already (z, line 5): give this one another name",
        )
    ]


def test_names_are_shown_as_they_are_and_short() -> None:
    name = "x" * 500
    (problem,) = label_owners(["a", "b"], {"a": page(**{name: 1}), "b": page(**{name: 1})})[1]
    assert len(problem.message) < 300
    (problem,) = term_owners([entry("a", 1, name), entry("b", 1, name)])[1]
    assert len(problem.message) < 300
