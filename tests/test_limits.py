"""What a stranger's file has too much of costs that file alone, with a warning on its line."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest
from docutils import nodes

from annotated_edition.anchor.consequences import bound
from annotated_edition.cli import main
from annotated_edition.model import limits
from annotated_edition.model.records import Problem, Subtype
from annotated_edition.untrusted.budget import OutOfBudget, budget, look
from annotated_edition.untrusted.lookup import Refuse
from support.edition import ROOT
from support.project import Project

#: A body, the line of the warning and what it says.
TOO_MUCH = {
    "text": ("word " * (limits.TEXT // 5), 1, "longer than 200,000 characters"),
    "word": ("a" * limits.WORD, 9, "a word of 10,000 letters"),
    "marks": ("a" + "\ufe20\ufe27" * 20, 9, "more than 30 marks"),
    "references": ("&#x301;" * 40, 1, "more than 30 marks"),
    "paragraph": ("*a* " * limits.PIECES_TOGETHER, 9, "a paragraph has more than 2,000 pieces"),
    "lines": ("a\n" * limits.PIECES_TOGETHER, 9, "a paragraph has more than 2,000 pieces"),
    "pieces": ("- a\n" * limits.PIECES, None, "more than 20,000 pieces"),
    "cells": ("| a |\n|---|\n" + "| b |\n" * limits.PIECES, None, "more than 20,000 pieces"),
    "headings": ("## Same\n\n" * limits.HEADINGS, 1007, "more than 500 headings"),
    "roles": ("{term}`b`\n\n" * (limits.REFERENCES + 1), None, "more than 1,000 references"),
    "nested": ("```{eval-rst}\n" + "*a* b\n" * 1500 + "\n```\n", None, "more than 2,000 pieces"),
    "headwords": (
        "```{glossary}\n" + "".join(f"Word {n}\n" for n in range(101)) + "  Meaning.\n```\n",
        None,
        "an entry of a glossary has more than 100 headwords",
    ),
    "lexer": ("```csharp\n" + "a\n" * 3000 + "```\n", 9, "code in csharp isn't coloured"),
    "code": ("```python\n" + "a = 1\n" * 1000 + "```\n", 9, "code of more than 5,000 characters"),
    "heading": (f"## {'word ' * 200}\n", 9, "this heading has more than 500 characters"),
}  # fmt: skip


def test_each_costs_itself(project: Project) -> None:
    project.text("A good word. " + " ".join(f"About {name}." for name in TOO_MUCH))
    project.note("good/good", "A good word", "The good gist.")
    for name, (body, *_) in TOO_MUCH.items():
        project.note(f"bad/{name}", f"About {name}.", body=body)
    project.build()
    for name, (_, line, what) in TOO_MUCH.items():
        told = [
            told
            for told in project.warnings.splitlines()
            if f"/{name}.md:" in told and told.endswith("[edition.unsafe]")
        ]
        assert len(told) == 1, (name, told)
        assert what in told[0]
        assert line is None or f"/{name}.md:{line}: " in told[0]
    assert "The good gist." in project.page("text/a").get_text()


#: Pieces that each are a mistake, and the names of the warnings.
MISTAKES = {
    "<b{}>": "edition.unsafe",
    "See \\cite{{k{}}}.": "edition.markup",
    "See {{edition:note}}`n{}`.": "edition.dangling",
    "A [link](gone{}).": "myst.xref_missing",
    "A mark[^{}].": "docutils",
    "See {{cite:p}}`gone{}`.": "bibtex.key_not_found",
    "See {{term}}`gone{}`.": "ref.term",
}
WAYS = ("html", "html", "check", "epub", "latex", "edition-pdf")


def _told(project: Project, capsys: pytest.CaptureFixture[str], way: str) -> list[str]:
    """What is told of the note, with a builder or by the command."""
    if way == "check":
        main(["check", "--source", str(project.folder)])
        return [line for line in capsys.readouterr().out.splitlines() if "road.md" in line]
    project.build(way)
    return [line for line in project.warnings.splitlines() if "road.md" in line]


def _lines(told: list[str]) -> list[int]:
    return [int(line.partition("road.md:")[2].partition(":")[0]) for line in told]


@pytest.mark.parametrize(("piece", "name"), MISTAKES.items(), ids=MISTAKES.values())
def test_mistakes_of_a_file_come_to_an_end(
    project: Project, capsys: pytest.CaptureFixture[str], piece: str, name: str
) -> None:
    extensions = '["myst_parser", "sphinxcontrib.bibtex", "annotated_edition"]'
    project.configure(f"extensions = {extensions}\nbibtex_bibfiles = ['s.bib']\n")
    project.write("s.bib", "@misc{good, author={A}, title={T}, year=2000}")
    project.write("sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n")
    project.text("A road.")
    for more in (0, 60):
        pieces = [piece.format(number) for number in range(limits.FINDINGS + more)]
        project.note("k/road", "road", "{cite:p}`good`", body="\n\n".join(pieces))
        ways = set()
        for way in WAYS:
            told = _told(project, capsys, way)
            assert sum(f"[{name}]" in line for line in told) == limits.FINDINGS, (way, told)
            left = [line for line in told if "[edition.more]" in line]
            assert len(told) == limits.FINDINGS + len(left)
            assert len(left) == (more > 0)
            assert not more or f"{more} more mistakes:" in left[0]
            assert _lines(told) == sorted(_lines(told))
            ways.add(tuple(_lines(told)))
        assert len(ways) == 1


def test_what_is_told_of_a_file() -> None:
    found = [Problem(Subtype.MARKUP, "a", line, f"{line}") for line in range(1, 52)]
    others = [Problem(Subtype.MARKUP, "b", 1, "the same")] * 100
    told = [*bound([*found, *others], lambda one: f"{one.docname}.md", {"c.md": (7, 1000)})]
    assert told[:50] == found[:50]
    assert told[50] == others[0]
    assert [(one.docname, one.line, one.subtype) for one in told[51:]] == [
        ("c.md", 7, Subtype.MORE),
        ("a", 51, Subtype.MORE),
    ]
    assert "has 1,000 more mistakes: mend" in told[51].message
    assert "has 1 more mistake: mend" in told[52].message


def test_mistakes_that_are_left_out_take_no_room(project: Project) -> None:
    project.configure("suppress_warnings = ['edition.unsafe', 'myst.xref_missing']\n")
    pieces = [f"<b{number}>\n\nA [link](gone{number})." for number in range(300)]
    project.text("A road.")
    project.note("k/road", "road", body="\n\n".join([*pieces, "See \\cite{k}.", "A mark[^1]."]))
    for _ in range(2):
        project.build()
        told = project.warnings
        assert "[edition.markup]" in told
        assert "[docutils]" in told
        assert "[edition.more]" not in told


def test_a_trusted_page_is_told_all_that_other_tools_find(project: Project) -> None:
    pieces = [f"A [link](gone{n}), {{math}}`\\frac{{{n}`." for n in range(300)]
    project.configure("html_theme = 'edition'\n")
    project.text("A road.\n\n" + "\n\n".join(pieces))
    for _ in range(2):
        project.build()
        assert project.warnings.count("[myst.xref_missing]") == 300
        assert project.warnings.count("[edition.formula]") == limits.FINDINGS
        assert project.warnings.count("this file has 250 more mistakes") == 1


def test_readers_and_writers_in_parallel_tell_the_same(project: Project) -> None:
    body = "\n\n".join(f"A [link](gone{n}), a mark[^{n}], <b{n}>." for n in range(100))
    project.text("A road. " + " ".join(f"About n{n}." for n in range(12)))
    for number in range(12):
        project.note(f"k/n{number}", f"About n{number}.", body=body)
    project.build(freshenv=True)
    told = sorted(project.warnings.splitlines())
    project.build(freshenv=True, parallel=2)
    assert sorted(project.warnings.splitlines()) == told
    assert sum("[edition.more]" in line for line in told) == 24


def test_why_a_file_is_set_aside_is_told_first(project: Project) -> None:
    project.text("A road.")
    words = "".join(f"Word {n}\n  A meaning.\n" for n in range(4000))
    project.note("k/road", "road", body=f"```{{glossary}}\n{words}```\n")
    project.build()
    (told,) = project.warnings.splitlines()
    assert "the file can't be read (it has more than 20,000 pieces)" in told


def _for_ever() -> None:
    while True:
        pass


def test_time_runs_out() -> None:
    with pytest.raises(OutOfBudget, match=r"longer than 0\.3 seconds"), budget(seconds=0.3):
        _for_ever()
    start = time.thread_time()
    while time.thread_time() - start < 0.6:  # nothing ticks any more
        sum(range(10_000))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such timer")
def test_a_tick_that_comes_late_is_passed_over() -> None:
    late = "os.kill(os.getpid(), signal.SIGVTALRM)"
    program = (
        "import os, signal\n"
        "from annotated_edition.untrusted.budget import budget\n"
        f"with budget(): pass\n{late}\nwith budget(): pass\n{late}\n"
    )
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "_ext")}
    assert subprocess.run([sys.executable, "-c", program], env=surroundings).returncode == 0


def test_memory_runs_out() -> None:
    # In a process of its own: this one may have had much more at some time, which counts.
    program = (
        "from annotated_edition.untrusted.budget import OutOfBudget, budget\n"
        "kept = []\n"
        "try:\n"
        "    with budget(seconds=60, memory=50_000_000):\n"
        "        while True:\n"
        "            kept.append([0] * 1000)\n"
        "except OutOfBudget as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT / "_ext")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert done.stdout == "it takes more than 50 MB of memory\n"


def test_elsewhere_it_is_looked_at_between_pieces() -> None:
    ended = []

    def work() -> None:
        try:
            with budget(seconds=0.1):
                while True:
                    look()
        except OutOfBudget:
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert ended


def test_a_parser_that_never_ends_costs_its_file(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotated_edition.untrusted import markdown, parser

    class Slow(markdown.StrangersReader):
        stopped = False

        def read(self, text: str, document: nodes.document, refuse: Refuse) -> None:
            assert not self.stopped  # whatever state it was left in
            self.stopped = "SLOW" in text
            if self.stopped:
                try:
                    _for_ever()
                except Exception:
                    _for_ever()
            super().read(text, document, refuse)

    monkeypatch.setattr(markdown, "StrangersReader", Slow)
    monkeypatch.setattr(parser, "budget", lambda: budget(seconds=0.5))
    project.text("A road and a port.")
    project.note("k/port", "port", "The good gist.")
    project.note("k/road", "road", body="SLOW")
    project.note("k/way", "A")
    project.build()
    assert "road.md:1: WARNING: the file can't be read (it takes longer than 0.5" in (
        project.warnings
    )
    assert "way.md" not in project.warnings
    assert "The good gist." in project.page("text/a").get_text()
