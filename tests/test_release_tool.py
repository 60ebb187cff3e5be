"""tools/release.py: one number in every place, the changelog closed, addresses kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.edition import ROOT
from support.project import Project

PACKAGE = "_ext/annotated_edition/__init__.py"
CITATION = "title: T\nversion: 0.1.0\ndate-released: 2026-01-02\nabstract: A\n"
CHANGELOG = """\
# Changelog

All that changed.

## [Unreleased]

### Added

- A map.

## [0.1.0] - 2026-01-02

- The beginning.
"""


def run(*arguments: str, root: Path = ROOT) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/release.py", "--root", str(root), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "_ext")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def edition(project: Project) -> Project:
    """An edition that is laid out as this one is, and has one release."""
    project.text("The old road.")
    project.note("h/road", "old road")
    project._write_index()
    project.configure(
        f"""
        import re
        from pathlib import Path
        release = re.search('"([0-9.]+)"', Path(__file__).with_name("{PACKAGE.split("/")[0]}")
            .joinpath("annotated_edition", "__init__.py").read_text())[1]
        edition_releases = "releases.json"
        exclude_patterns = ["_ext", "changelog.d", "CHANGELOG.md", "_build"]
        """
    )
    project.write(PACKAGE, '"""A package."""\n\n__version__ = "0.1.0"\n')
    project.write(
        "CITATION.cff", "title: T\nversion: 0.1.0\ndate-released: 2026-01-02\nabstract: A\n"
    )
    project.write("CHANGELOG.md", CHANGELOG)
    releases = {"version": "0.1.0", "day": "2026-01-02", "notes": {}, "passages": {}}
    project.write("releases.json", json.dumps({"releases": [releases]}))
    project.write("changelog.d/README.md", "# How\n")
    project.write("changelog.d/a-search.added.md", "A search.\n")
    project.write("changelog.d/slow-pages.fixed.md", "- Pages are quick.\n")
    return project


def test_every_place_of_this_edition_names_one_version() -> None:
    assert run("--check") == (0, "")


def test_a_release_changes_every_place(edition: Project) -> None:
    folder = edition.folder
    assert run("--check", "v0.1.0", root=folder) == (0, "")
    status, said = run("0.2.0", root=folder)
    assert status == 0, said
    assert "git tag -a v0.2.0" in said
    assert '__version__ = "0.2.0"' in (folder / PACKAGE).read_text()
    kept = json.loads((folder / "releases.json").read_text())["releases"]
    assert [one["version"] for one in kept] == ["0.1.0", "0.2.0"]
    assert list(kept[1]["notes"]) == ["road"]
    day = kept[1]["day"]
    cited = CITATION.replace("0.1.0", "0.2.0").replace("2026-01-02", day)
    assert (folder / "CITATION.cff").read_text() == cited
    changelog = (folder / "CHANGELOG.md").read_text()
    told = "### Added\n\n- A map.\n\n### Added\n\n- A search.\n\n### Mended\n\n- Pages are quick.\n"
    assert changelog == CHANGELOG.replace(
        "## [Unreleased]\n\n### Added\n\n- A map.\n",
        f"## [Unreleased]\n\n## [0.2.0] - {day}\n\n{told}",
    )
    assert [path.name for path in (folder / "changelog.d").iterdir()] == ["README.md"]
    assert run("--check", "v0.2.0", root=folder) == (0, "")
    assert run("--notes", root=folder) == (0, told)
    # Nothing has changed since.
    assert run("0.3.0", root=folder) == (
        1,
        "error: nothing is said of 0.3.0: add files to changelog.d\n",
    )


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("0.1.0", "is in releases.json already"),
        ("0.0.9", "is lower than 0.1.0"),
        ("0.2", "write three numbers"),
        ("v0.2.0", "write three numbers"),
        ("", "write three numbers"),
    ],
)
def test_what_cannot_be_released_changes_nothing(
    edition: Project, version: str, words: str
) -> None:
    before = {path: path.read_bytes() for path in edition.folder.rglob("*") if path.is_file()}
    status, said = run(version, root=edition.folder)
    assert status == 1
    assert words in said
    after = {path: path.read_bytes() for path in edition.folder.rglob("*") if path.is_file()}
    assert after == before


def test_a_fragment_of_no_kind_is_told(edition: Project) -> None:
    edition.write("changelog.d/Something.md", "Something.\n")
    status, said = run("0.2.0", root=edition.folder)
    assert status == 1
    assert "changelog.d/Something.md: call it WHAT.KIND.md" in said
    assert '"0.1.0"' in (edition.folder / PACKAGE).read_text()


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("CITATION.cff", "version: 0.1.0", "version: 0.1.1", "CITATION.cff names 0.1.1"),
        ("CHANGELOG.md", "[0.1.0]", "[0.1.1]", "CHANGELOG.md begins with 0.1.1"),
        ("releases.json", '"0.1.0"', '"0.1.1"', "releases.json ends with 0.1.1"),
        (PACKAGE, "0.1.0", "0.1.1", "the tag is v0.1.0"),
    ],
)
def test_every_place_is_compared(
    edition: Project, path: str, old: str, new: str, words: str
) -> None:
    file = edition.folder / path
    file.write_text(file.read_text().replace(old, new))
    status, said = run("--check", "v0.1.0", root=edition.folder)
    assert status == 1
    assert words in said
