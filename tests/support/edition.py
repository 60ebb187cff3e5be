"""The edition of this repository: its files, and what the builders make of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

from support.shared import made_once

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
#: Where the tests' edition is kept: with links there its pages are heavier and offer more.
REPOSITORY = "https://github.com/OWNER/NAME"
KEPT = ("-D", f"edition_repository={REPOSITORY}", "-D", "edition_branch=main")


def run_sphinx(
    source: Path, output: Path, builder: str, *options: str, only: Sequence[Path] = ()
) -> subprocess.CompletedProcess[str]:
    """Build *source* into ``output/builder``, as ``make`` does; of its pages *only* some."""
    command = [
        *(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "auto"),
        *("-b", builder, *options),
        *("-d", str(output / "doctrees"), str(source), str(output / builder)),
        *map(str, only),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "_ext")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def build(source: Path, output: Path, builder: str = "html", *options: str) -> Path:
    """Build a project; a warning fails."""
    done = run_sphinx(source, output, builder, *options)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return output / builder


class Outputs:
    """The edition, built by each builder when first asked for, once for all workers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, builder: str) -> Path:
        output = self.folder / builder
        # Builders share their doctrees: one at a time.
        with FileLock(f"{self.folder}.lock"):
            return made_once(output, lambda: build(ROOT, self.folder, builder, *KEPT))
