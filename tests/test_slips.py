"""What looks like a slip and is none, and slips that only releases show."""

from __future__ import annotations

import pytest

from annotated_edition.bibliography.slips import slips
from annotated_edition.read.field_checks import same_as_text, several_people
from annotated_edition.text.addresses import has_host


@pytest.mark.parametrize(
    "name",
    [
        "Doe, Jane",
        "Reader, A. B.",
        "Ludwig, prince of Anhalt",
        "Jane Doe, Kazakh National Conservatory of Music",
        "National Development and Reform Commission",
        "Johnson and Johnson",
        "Jane and John Doe",
        "Marks & Spencer",
        "Department of History, Peking University",
        "Abai Kunanbaiuly",
        "习近平",
    ],
)
def test_one_name(name: str) -> None:
    assert several_people(name) == []


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("Jane Doe & John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe, John Roe, and J. Poe", ["Jane Doe", "John Roe", "J. Poe"]),
        ("Jane Doe/John Roe", ["Jane Doe", "John Roe"]),
    ],
)
def test_several_names(name: str, people: list[str]) -> None:
    assert several_people(name) == people


def test_readings_of_the_same_words() -> None:
    assert same_as_text("the “old”  road", ["the 'old' road"])
    assert not same_as_text("the Old road", ["the old road"])
    assert not same_as_text("the old road", ["the old road", "the way"])


@pytest.mark.parametrize(
    "fields",
    [
        {"year": "2027"},
        {"year": "5784 [2024]"},
        {"year": "forthcoming"},
        {"year": "1999–2031"},
        {"year": "ca. 870"},
        {"date": "2001-05-03", "year": "2001"},
        {"pages": "321-28"},
        {"pages": "321--28"},
        {"pages": "3-1, 12-3"},
        {"pages": "S. 99--101, e200-100, xi--iv, 7"},
        {"pages": "100--100"},
        {"isbn": "978-0-306-40615-7"},
        {"isbn": "9780306406157, 0306406152"},
        {"isbn": "0-8044-2957-X (hardback)"},
        {"isbn": "978 0 306 40615 7"},
        {"isbn": "ISBN 978‑0‑306‑40615‑7"},
        {"isbn": "none"},
        {"issn": "2049-3630"},
        {"issn": "0317-8471; 2434-561X"},
        {"url": "https://example.org"},
        {"url": "ftp:///a"},
        {"url": "see the catalogue"},
    ],
)
def test_what_is_sound(fields: dict[str, str]) -> None:
    assert list(slips(fields, 2026)) == []


def test_hosts() -> None:
    assert has_host("https://example.org/a%20b")
    assert has_host("https://пример.рф/")
    assert not has_host("https://exa%20mple.org/")
    assert not has_host("https:///a")
    assert not has_host("https://.org")
    assert not has_host("https:example.org")
