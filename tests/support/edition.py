"""The edition of this repository: its files, and what the builders make of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Files of the notes and of the cross-references, by id.
NOTES = {
    path.stem: path
    for path in sorted((ROOT / "commentary").glob("*/*.md"))
    if path.parent.name != "cross-references" and path.stem != "index"
}
TIES = [
    path
    for path in sorted((ROOT / "commentary/cross-references").glob("*.md"))
    if path.stem != "index"
]
#: The article's pages, without and with that of its front lines.
PARTS = ("greeting", "thirty-years", "proposals", "closing")
PAGES = ("front", *PARTS)
#: With links to a repository pages are heavier, and have more to be reached.
REPOSITORY = ("-D", "edition_repository=https://github.com/OWNER/NAME")


def build(
    source: Path, output: Path, builder: str = "html", *options: str, strict: bool = True
) -> Path:
    """Build a project; if *strict*, a warning fails."""
    fatal = ["-W"] if strict else []
    command = [sys.executable, "-m", "sphinx", "-q", *fatal, "-b", builder, *options]
    command += ["-d", str(output / "doctrees"), str(source), str(output / builder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "_ext")}
    built = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert not strict or built.stderr == ""
    return output / builder


def run_sphinx(source: Path, output: Path, builder: str) -> subprocess.CompletedProcess[str]:
    """Build *source* into ``output/builder``, as ``make`` does."""
    command = [
        *(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "auto"),
        *("-b", builder, "-d", str(output / "doctrees"), str(source), str(output / builder)),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class Outputs:
    """The edition, built by each builder when first asked for.

    Modules that use it belong to one group (``xdist_group("edition")``), so that one process
    runs them and each builder runs once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, builder: str) -> Path:
        output = self.folder / builder
        if not output.exists():
            done = run_sphinx(ROOT, self.folder, builder)
            assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return output
