"""The benchmarks measure what they say: the same book in every form, and builds that work."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from support.edition import ROOT

_THINGS = ("winter", "treaty", "granary", "lantern", "meadow", "quarrel", "harvest")
ADDRESSES = [
    (
        f"Nobody, 18{year:02}",
        " ".join(
            f"The {number} of {thing} was seen by {number + 7} of them in the year {year} of ships."
            for thing in _THINGS
            for number in (year, year + 100, year + 200)
        ),
    )
    for year in range(10, 18)
]


def _bench(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tests/bench"))
    return importlib.import_module(name)


def _built(folder: Path, *options: str) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", *options]
    done = subprocess.run(
        [*command, str(folder), str(folder / "out")],
        env={"PYTHONPATH": str(ROOT / "_ext"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_book_of_prose_has_the_same_notes_in_every_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prose = _bench("prose", monkeypatch)
    book = prose.Book(ADDRESSES, prose.Size(1200, 12))
    assert prose.Book(ADDRESSES, prose.Size(1200, 12)).notes == book.notes
    assert 1200 <= len(book.whole.split()) < 1400
    assert all(book.whole.count(note.quote) == 1 for note in book.notes)
    prose.write(tmp_path / "edition", book)
    # Every note finds its one place, and no other tool need be asked.
    _built(tmp_path / "edition")
    prose.write_footnotes(tmp_path / "footnotes", book)
    _built(tmp_path / "footnotes")
    for form in ("edition", "footnotes"):
        pages = (tmp_path / form / "out/text").glob("*.html")
        told = "".join(page.read_text(encoding="utf-8") for page in pages)
        assert told.count('role="doc-footnote"') == 12


def test_what_the_extension_costs_can_be_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of this project the styles of the bibliography are the extension's: without it others serve.
    run = _bench("run", monkeypatch)
    without, extended = run.compare(ROOT / "examples/constitution", tmp_path, 1)
    assert without.cpu > 0
    assert extended.cpu > 0
