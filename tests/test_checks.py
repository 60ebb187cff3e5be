"""Editorial checks, through the real Sphinx: each with its file and line."""

from __future__ import annotations

import re

import pytest

from support.project import Project


@pytest.fixture
def edition(project: Project) -> Project:
    """An edition without a fault, but with every chance for one."""
    project.text("The ancient road.\n\nThe belt.", index="```{toctree}\nsources\n```\n")
    project.configure(
        """
        extensions += ["sphinxcontrib.bibtex"]
        bibtex_bibfiles = ["a.bib"]
        edition_checks = True
        edition_loaded_words = ["rock-solid", "regime"]
        """
    )
    project.write(
        "a.bib",
        "@misc{one, author={A}, title={One}, year={2020}, url={https://a.example/1}}\n"
        "@misc{two, author={B}, title={Two}, year={2021}, url={https://b.example/2}}\n",
    )
    project.write("sources.md", "# Sources\n\n```{bibliography}\n```\n")
    project.note(
        "h/road",
        "ancient road",
        "This road is a modern name {cite:p}`one`.",
        front="see-also: [belt]\nnames: {zh: 路, kk: жол, kk-Latn: jol}",
        body="The sources call the ties “rock-solid” {cite:p}`two`.",
    )
    project.note("h/belt", "belt", "Another thing altogether {cite:p}`one`.", "see-also: [road]")
    return project


def faults(project: Project) -> list[tuple[str, str]]:
    """Place (within the project) and message of each editorial warning."""
    project.build()
    root = re.escape(f"{project.folder}/")
    return re.findall(rf"{root}(\S+): WARNING: (.*) \[edition\.editorial\]", project.warnings)


def test_a_sound_edition_is_silent(edition: Project) -> None:
    assert faults(edition) == []
    assert edition.warnings == ""


def change(edition: Project, path: str, old: str, new: str) -> None:
    file = edition.folder / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "old", "new", "place", "words"),
    [
        ("commentary/h/road.md", "“rock-solid”", "rock-solid", "commentary/h/road.md:10", "side"),
        ("commentary/h/road.md", "zh: 路", "zh: lu", "commentary/h/road.md:4", "letters of 'zh'"),
        (
            "commentary/h/belt.md",
            "Another thing altogether",
            "This road is a different one",
            "commentary/h/belt.md:7",
            "begins like that of",
        ),
        (
            "a.bib",
            "@misc{two",
            "@misc{six, title={T}}\n@misc{two",
            "a.bib:2",
            "nothing cites 'six'",
        ),
        ("a.bib", "https://b.example/2", "http://a.example/2", "a.bib:2", "write https"),
        ("a.bib", "https://b.example/2", "http://b.example/2", "a.bib:2", "an address with http"),
        ("a.bib", "year={2021}", "year={n.d.}", "a.bib:2", "'two' has no date"),
        ("a.bib", "b.example/2", "a.example/1", "a.bib:2", "the address of 'one'"),
        ("commentary/h/belt.md", "quote: belt", "quote: road", "text/a.md:5", "¶2 has no note"),
    ],
)
def test_each_fault_is_found_at_its_place(
    edition: Project, path: str, old: str, new: str, place: str, words: str
) -> None:
    change(edition, path, old, new)
    for _ in range(2):  # and found again
        found = faults(edition)
        assert any(at == place and words in message for at, message in found), found


def test_a_secure_link_of_another_host_says_nothing_about_this_one(edition: Project) -> None:
    change(
        edition, "a.bib", "url={https://b.example/2}", "url={http://b.example/2}, reason={http: so}"
    )
    assert faults(edition) == []


def test_an_insecure_link_of_a_note_is_found(edition: Project) -> None:
    edition.note(
        "h/belt",
        "belt",
        "Another thing altogether {cite:p}`one`.",
        "see-also: [road]",
        body="See [there](http://a.example/).",
    )
    assert faults(edition) == [
        (
            "commentary/h/belt.md:9",
            "a.example is reached by https elsewhere: write https instead of http in "
            "http://a.example/",
        )
    ]


def test_without_the_setting_nobody_is_nagged(edition: Project) -> None:
    change(edition, "conf.py", "edition_checks = True", "edition_checks = False")
    change(edition, "commentary/h/road.md", "“rock-solid”", "rock-solid")
    assert faults(edition) == []
