"""``python -m annotated_edition note``: the file of a new note, as the build wants it."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from annotated_edition.cli import main
from annotated_edition.cli.check import find
from annotated_edition.read import frontmatter
from support.edition import ROOT
from support.project import Project

TEXT = (
    'The camel drank: "water," they said. The road led east.\n\n'
    "A camel slept. Then the *camel* drank: nothing.\n\n- The Caravan’s -- end"
)


@pytest.fixture
def edition(project: Project) -> Project:
    project.text(TEXT)
    project.configure(
        'edition_kinds = {"animals": "Animals", "roads": "Roads"}\n'
        'extensions += ["sphinxcontrib.bibtex"]\nbibtex_bibfiles = ["a.bib"]\n'
    )
    project.write("a.bib", "@misc{one, author={A}, title={One}, year={2020}}\n")
    project._write_index()
    return project


def note(edition: Project, *arguments: str) -> int:
    return main(["note", "--source", str(edition.folder), *arguments])


def test_the_file_is_complete_but_for_what_its_author_must_write(
    edition: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert note(edition, "led  east", "--kind", "roads") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("¶1: drank: “water,” they said. The road [led east].\n")
    assert "commentary/roads/led-east.md is begun" in shown
    path = edition.folder / "commentary/roads/led-east.md"
    text = path.read_text(encoding="utf-8")
    assert text.startswith("---\nquote: led east\n---\n# Led east\n\n% Here the gist")
    edition._write_index()
    found, _ = find(edition.folder)
    assert {one.path for one in found} == {str(path.resolve())}
    assert sorted(one.name for one in found) == ["edition.front-matter", "edition.unsourced"]
    assert "there is no gist" in " ".join(one.message for one in found)
    # Right under the hints, as somebody may who doesn't know what they are.
    path.write_text(f"{text}A gist {{cite:p}}`one`.\n", encoding="utf-8")
    edition._write_index()
    edition.write("sources.md", "---\norphan: true\n---\n# Sources\n\n```{bibliography}\n```\n")
    assert find(edition.folder)[0] == []


def test_words_that_builds_find_anywhere_are_found(
    edition: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    edition.text(
        "## A long head\n\nOne ends here.\n\nThen two.\n\n| a | cell |\n|---|---|\n| b | c |\n"
    )
    edition._write_index()
    for name, words, shown in (
        ("head", "long head", "¶1, heading: A [long head]"),
        ("cell", "cell", "¶2, table: [cell]"),
        ("on", "ends here. Then", "¶2: One [ends here. Then] two."),
    ):
        assert note(edition, words, "--kind", "roads", "--id", name) == 0
        assert capsys.readouterr().out.startswith(shown)
    edition._write_index()
    assert {one.name for one in find(edition.folder)[0]} <= {
        "edition.front-matter",
        "edition.unsourced",
    }


def test_words_with_marks_make_yaml_that_means_them(edition: Project) -> None:
    assert note(edition, 'drank: "water," they', "--kind", "animals", "--id", "w") == 0
    path = edition.folder / "commentary/animals/w.md"
    front, _ = frontmatter.cut(path.read_text(encoding="utf-8"))
    assert yaml.safe_load(front)["quote"] in ('drank: "water," they', "drank: “water,” they")
    edition._write_index()
    assert "quote" not in " ".join(one.name for one in find(edition.folder)[0])


def test_words_that_occur_twice_need_a_choice_and_get_context(
    edition: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert note(edition, "camel drank:", "--kind", "animals") == 1
    shown = capsys.readouterr().out
    assert "occurs 2 times" in shown
    assert "  1  ¶1: The [camel drank:]" in shown
    assert "  2  ¶2: A camel slept. Then the [camel drank:] nothing." in shown
    assert note(edition, "camel drank:", "--kind", "animals", "--in", "p3") == 1
    assert "but in ¶1, ¶2" in capsys.readouterr().out
    assert note(edition, "camel drank:", "--kind", "animals", "--occurrence", "3") == 1
    assert "occur 2 times" in capsys.readouterr().out
    assert note(edition, "camel drank:", "--kind", "animals", "--in", "p2", "--id", "b") == 0
    assert note(edition, "camel drank:", "--kind", "animals", "--occurrence", "1", "--id", "a") == 0
    quotes = {
        name: yaml.safe_load(
            frontmatter.cut((edition.folder / f"commentary/animals/{name}.md").read_text("utf-8"))[
                0
            ]
        )["quote"]
        for name in "ab"
    }
    assert quotes["b"] == {"exact": "camel drank:", "prefix": "the"}
    assert quotes["a"] == {"exact": "camel drank:", "prefix": "The"}
    edition._write_index()
    assert "quote" not in " ".join(one.name for one in find(edition.folder)[0])


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["led esat", "--kind", "roads"], "did you mean ¶1 'led east'?"),
        (["led east"], "--kind KIND, one of animals, roads"),
        (["led east", "--kind", "raods"], "did you mean 'roads'?"),
        (["led east", "--kind", "../roads"], "there is no kind"),
        (["led east", "--kind", "roads", "--id", "../x"], "small letters"),
        (["", "--kind", "roads"], "say which words"),
    ],
)
def test_it_refuses_and_says_why(
    edition: Project, arguments: list[str], answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert note(edition, *arguments) == 1
    assert answer in capsys.readouterr().out
    assert not (edition.folder / "commentary").exists()


def test_words_of_a_page_in_no_toctree_are_told_so(
    edition: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    edition.write("text/z.md", "---\norphan: true\n---\n# Z\n\nThe road led west.\n")
    assert note(edition, "led west", "--kind", "roads") == 1
    assert "stands in text/z, but that page is in no toctree" in capsys.readouterr().out


def test_without_a_bibliography_no_source_is_asked_for(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAKELEVEL", raising=False)
    project.text(TEXT)
    project._write_index()
    assert note(project, "led east", "--kind", "roads") == 0
    shown = capsys.readouterr().out
    assert "Write its gist, then run: python -m annotated_edition check" in shown
    file = project.folder / "commentary/roads/led-east.md"
    assert "cite" not in file.read_text(encoding="utf-8")
    monkeypatch.setenv("MAKELEVEL", "1")
    assert note(project, "slept", "--kind", "animals") == 0
    assert "then run: make check" in capsys.readouterr().out
    # Without edition_kinds any folder will do.
    assert (project.folder / "commentary/animals/slept.md").exists()
    assert note(project, "drank", "--kind", "../animals", "--in", "p1") == 1
    assert "can't be a kind" in capsys.readouterr().out


def test_nothing_is_written_over(edition: Project, capsys: pytest.CaptureFixture[str]) -> None:
    edition.note("animals/led-east", "slept")
    edition._write_index()
    before = (edition.folder / "commentary/animals/led-east.md").read_bytes()
    assert note(edition, "led east", "--kind", "roads") == 1
    assert "there is a note 'led-east' (commentary/animals/led-east)" in capsys.readouterr().out
    # A file that Sphinx doesn't know of, for want of text, is a file all the same.
    path = edition.write("commentary/roads/road.md", "")
    assert note(edition, "road led", "--kind", "roads", "--id", "road") == 1
    assert "is there already" in capsys.readouterr().out
    assert path.read_bytes() == b""
    assert (edition.folder / "commentary/animals/led-east.md").read_bytes() == before


def test_what_wasnt_said_is_asked(
    edition: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["The Caravan's", "animals", ""])
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert note(edition, "--title", "Caravans [*]") == 0
    text = Path(edition.folder, "commentary/animals/caravan.md").read_text(encoding="utf-8")
    assert "\n# Caravans \\[\\*\\]\n" in text
    capsys.readouterr()


def test_make_hands_words_over_whatever_they_hold() -> None:
    quote = 'Kazakhstan\'s "52 projects" for US$21.2; `x` \\ & more'
    # As from a shell, also where make runs this test.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    shown = subprocess.run(
        ["make", "-n", "note", f"QUOTE={quote}", "KIND=figures", "ID=projects"],
        cwd=ROOT,
        env=alone,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    command = shown[shown.index("-m annotated_edition") :].replace("\\\n", " ")
    assert shlex.split(command)[2:] == ["note", quote, "--kind", "figures", "--id", "projects"]
