"""``make spelling``, as part of ``make check`` and ``make test``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.edition import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the target reads."""
    for name in ("article", "commentary", "docs", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("Makefile", "pyproject.toml", "index.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def spelling(folder: Path, *options: str) -> tuple[int, list[str]]:
    target = ["make", "-s", "--no-print-directory", "spelling", *options]
    command = [*target, f"RUN={sys.executable}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, [line for line in done.stdout.splitlines() if "==> Sp" not in line]


def test_the_edition_is_spelt_right(copy: Path) -> None:
    assert spelling(copy) == (0, [])


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "CONTRIBUTING.md",
        "docs/tutorial.md",
        "commentary/places/khorgos.md",
        "article/greeting.md",
    ],
)
def test_a_slip_is_found_with_its_line(copy: Path, path: str) -> None:
    file = copy / path
    lines = file.read_text(encoding="utf-8").splitlines()
    # In the article's pages this is the editors' prose.
    at = 2 if path.startswith("article") else 0
    at = next(n for n in range(at, len(lines)) if lines[n].startswith(("*The editors", "# ")))
    lines[at] += " seperate"
    file.write_text("\n".join(lines), encoding="utf-8")
    status, found = spelling(copy)
    assert status != 0
    cure = (
        '"seperate" may be misspelt: write "separate"; or, if it is right, add it in small letters '
        "to tools/spelling.txt"
    )
    assert found == [f"{path}:{at + 1}: {cure} [spelling]"]
    status, found = spelling(copy, "FORMAT=github")
    assert status != 0
    assert found == [f"::error file={path},line={at + 1},title=spelling::{cure}"]


def test_the_article_is_not_corrected(copy: Path) -> None:
    """A slip of the copy-text stays one on the page."""
    for path in (copy / "article/source.txt", copy / "article/closing.md"):
        text = path.read_text(encoding="utf-8")
        assert "inexhaustible wealth" in text
        path.write_text(text.replace("inexhaustible wealth", "seperate wealth"), encoding="utf-8")
    assert spelling(copy) == (0, [])
