"""What TeX makes of Sphinx's LaTeX."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

#: What Sphinx's LaTeX needs beside the programs.
FILES = ["tabulary.sty", "polyglossia.sty", "xurl.sty", "pzdr.tfm", "FreeSerif.otf"]


def _without_tex(*files: str) -> str:
    """Why TeX can't be asked, or nothing."""
    if not (shutil.which("latexmk") and shutil.which("xelatex") and shutil.which("kpsewhich")):
        return "no latexmk and xelatex here"
    asked = [*FILES, *files]
    found = subprocess.run(["kpsewhich", *asked], capture_output=True, text=True, check=False)
    return "" if len(found.stdout.split()) == len(asked) else f"TeX lacks one of {asked}"


def run_tex(folder: Path, *files: str) -> tuple[int, str]:
    """What TeX returns and logs; the test is skipped where it, or one of *files*, is missing."""
    if reason := _without_tex(*files):
        pytest.skip(reason)
    [source] = folder.glob("*.tex")
    command = ["latexmk", "-xelatex", "-silent", "-halt-on-error", source.name]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    log = source.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    return done.returncode, log


def pdf_of(folder: Path, *files: str) -> Path:
    """The PDF, of which TeX says that no word is lost and none stands in the margin."""
    code, log = run_tex(folder, *files)
    assert code == 0, log[-2000:]
    assert not re.findall(r"^Missing character.*|^Overfull.*|^.*Warning: .*undefined.*", log, re.M)
    [pdf] = [path for path in folder.glob("*.pdf") if path.with_suffix(".tex").exists()]
    return pdf
