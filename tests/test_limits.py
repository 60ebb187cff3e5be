"""What a stranger's file has too much of costs that file alone, with a warning on its line."""

from __future__ import annotations

import threading
import time

import pytest

from annotated_edition.model import limits
from annotated_edition.untrusted.budget import OutOfBudget, budget, look
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


def test_complaints_come_to_an_end(project: Project) -> None:
    project.text("A road.")
    project.note("k/road", "road", body="".join(f"<b{n}>\n\n" for n in range(300)))
    project.build()
    told = [line for line in project.warnings.splitlines() if "road.md:" in line]
    assert len(told) == limits.COMPLAINTS + 1
    assert sum("there is more to mend" in line for line in told) == 1


def _for_ever() -> None:
    while True:
        pass


def _take_all() -> None:
    kept: list[object] = []
    while True:
        kept.append([0] * 1000)


def test_time_runs_out() -> None:
    with pytest.raises(OutOfBudget, match=r"longer than 0\.3 seconds"), budget(seconds=0.3):
        _for_ever()
    start = time.thread_time()
    while time.thread_time() - start < 0.6:  # nothing ticks any more
        sum(range(10_000))


# Hypothesis counts collections of garbage, in a place where Python passes over what is raised; the
# next tick raises again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_memory_runs_out() -> None:
    with pytest.raises(OutOfBudget, match="memory"), budget(seconds=60, memory=50_000_000):
        _take_all()


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

    parse = markdown.parse

    def slow(text: str, *others: object) -> None:
        if "SLOW" in text:
            try:
                _for_ever()
            except Exception:
                _for_ever()
        parse(text, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(markdown, "parse", slow)
    monkeypatch.setattr(parser, "budget", lambda: budget(seconds=0.5))
    project.text("A road and a port.")
    project.note("k/port", "port", "The good gist.")
    project.note("k/road", "road", body="SLOW")
    project.build()
    assert "road.md:1: WARNING: the file can't be read (it takes longer than 0.5" in (
        project.warnings
    )
    assert "The good gist." in project.page("text/a").get_text()
