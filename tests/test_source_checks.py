"""What an editor asks of the entries of a bibliography, without Sphinx."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotated_edition.anchor.source_checks import incomplete_sources
from annotated_edition.model.records import Subtype


def told(folder: Path, *files: str) -> list[tuple[str, int, str]]:
    """Where, and the beginning of what is told of these files."""
    paths = []
    for number, text in enumerate(files):
        paths.append(folder / f"{number}.bib")
        paths[-1].write_text(text, "utf-8")
    problems = list(incomplete_sources(paths, folder))
    assert all(problem.subtype == Subtype.EDITORIAL for problem in problems)
    return [
        (problem.docname, problem.line, problem.message.partition(":")[0]) for problem in problems
    ]


@pytest.mark.parametrize(
    "fields",
    [
        "year = {2020}",
        "year = 2020",
        'date = "2020-05"',
        "year = {n.d.}, reason = {date: none on the page}",
        "year = {2020}, url = {https://a.example/1}",
        "year = {2020}, url = {http://a.example/1}, reason = {http: the host has no https}",
        "YEAR = {2020}, title = {http://a.example is no address}",
        "year = 2020, url = {https://a.example}, archiveurl = {https://b.example/https://a.example}",
    ],
)
def test_what_is_complete_is_silent(tmp_path: Path, fields: str) -> None:
    assert told(tmp_path, f"@misc{{one, {fields}}}\n") == []


@pytest.mark.parametrize(
    "fields", ["title = {T}", "year = {n.d.}", "year = {}", "year = {n.d.}, reason = { }"]
)
def test_an_entry_without_date_or_reason_is_told(tmp_path: Path, fields: str) -> None:
    text = f"% sources\n@string{{year = 1}}\n@misc{{one,\n  {fields}\n}}\n"
    assert told(tmp_path, text) == [("0.bib", 3, "'one' has no date")]


def test_plain_http_without_reason_is_told(tmp_path: Path) -> None:
    text = "@book{one, year = 2020, url = {HTTP://a.example/1}}\n"
    assert told(tmp_path, text) == [("0.bib", 1, "'one' has an address with http")]


def test_a_copys_address_is_held_to_the_same(tmp_path: Path) -> None:
    text = (
        "@misc{one, year = 2020, archiveurl = {https://a.example/1}}\n"
        "@misc{two, year = 2020, url = {https://a.example/2}, archiveurl = {http://a.example/3}}\n"
        "@misc{three, year = 2020, archiveurl = {https://a.example/1}}\n"
    )
    assert told(tmp_path, text) == [
        ("0.bib", 2, "'two' has an address with http"),
        ("0.bib", 3, "'three' has the address of 'one'"),
    ]


def test_an_address_stands_once_over_all_files(tmp_path: Path) -> None:
    one = "@misc{one, year = 2020, url = {https://www.a.example/1/}}\n"
    two = (
        "@misc{two, year = 2020, url = {https://A.example/1}}\n"
        "@misc{three, year = 2020, doi = {10.1/2}}\n\n"
        "@misc{four, year = 2020, doi = {10.1/2}, url = {https://a.example/2}}\n"
    )
    assert told(tmp_path, one, two) == [
        ("1.bib", 1, "'two' has the address of 'one'"),
        ("1.bib", 4, "'four' has the address of 'three'"),
    ]


def test_what_is_no_text_is_no_matter(tmp_path: Path) -> None:
    file = tmp_path / "a.bib"
    file.write_bytes(b"@misc{\xff, year = {\xff}\n@misc{two,\n")
    assert [problem.line for problem in incomplete_sources([file], tmp_path)] == [2]
