"""Run codespell, and tell what it finds: as it does, or beside the lines of a pull request.

tools/spelling.py [--format github] FILE ...    codespell's settings stand in pyproject.toml
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "_ext"))

from annotated_edition.cli.findings import Finding, as_annotation, as_text

_FOUND = re.compile(r"(?P<path>.+?):(?P<line>\d+): (?P<wrong>.+?) ==> (?P<right>.+)")


def findings(lines: list[str]) -> list[Finding]:
    """What codespell's *lines* say, each with its cure; what is no finding is about no file."""
    found = []
    for line in filter(None, lines):
        said = _FOUND.fullmatch(line)
        if said is None:
            found.append(Finding("", 0, line, "spelling"))
            continue
        message = (
            f'"{said["wrong"]}" may be misspelt: write "{said["right"]}"; or, if it is right, add '
            "it in small letters to tools/spelling.txt"
        )
        found.append(Finding(said["path"], int(said["line"]), message, "spelling"))
    return found


def main() -> int:
    """Run it; 1 if anything is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--format", choices=("text", "github"), default="text")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *options.files],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.stderr:
        print(done.stderr, end="", file=sys.stderr)
    form = as_annotation if options.format == "github" else as_text
    for finding in findings(done.stdout.splitlines()):
        print(form(finding, Path()))
    return int(bool(done.returncode))


if __name__ == "__main__":
    sys.exit(main())
