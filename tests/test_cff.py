"""CITATION.cff: valid, and about this version of the edition."""

from __future__ import annotations

import runpy
import subprocess
import sys

import pytest
import yaml

from support.edition import ROOT

CFF = ROOT / "CITATION.cff"


def test_it_says_what_the_configuration_says() -> None:
    told = yaml.safe_load(CFF.read_text(encoding="utf-8"))
    settings = runpy.run_path(str(ROOT / "conf.py"))
    assert told["title"] == settings["project"]
    assert told["version"] == settings["release"]
    assert told["authors"] == [{"name": settings["author"]}]
    (article,) = told["references"]
    assert article["title"] == settings["edition_text_title"]
    assert str(article["date-published"]) == settings["edition_text_date"]
    assert article["url"] == settings["edition_text_source_address"]


@pytest.mark.package
@pytest.mark.xdist_group("package")
def test_cffconvert_finds_it_valid() -> None:
    """In an environment of its own: it wants an older jsonschema than the other tests."""
    command = [sys.executable, "-m", "uv", "tool", "run", "--from", "cffconvert==2.0.0"]
    command += ["cffconvert", "--validate", "-i", str(CFF)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "valid according to schema version 1.2.0" in done.stdout + done.stderr
