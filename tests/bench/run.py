#!/usr/bin/env python3
"""Measure what the extension costs, on this edition and on a large book.

    python tests/bench/run.py [--runs 3] [--only edition|data|book|endnotes]

CPU seconds of full HTML builds with the extension and without it, by turns, in
processes of their own (imports count), and what their medians say; the same with
and without the files and tags for other software (``edition_data``); then, in
the books, how long a build takes after one note's gist has changed and how many
pages it writes.  Of the times by the clock the shortest count, since whatever
else the machine does only lengthens them.  Ends with 1 if a limit is exceeded.
"""

from __future__ import annotations

import argparse
import os
import resource
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import book

ROOT = Path(__file__).resolve().parents[2]
NAME = "annotated_edition"

#: The limits: what the extension may add (per cent of CPU time), and after a
#: changed gist the per cent of the full build's time and the number of pages.
MOST_EXTRA = {"edition": 30.0, "data": 10.0, "book": 25.0, "endnotes": 25.0}
MOST_TIME = 25.0
MOST_PAGES = 6

#: Sphinx writes these in every build.
ALWAYS_WRITTEN = {"genindex.html", "search.html"}


@dataclass(frozen=True)
class Cost:
    """What a build took."""

    cpu: float
    wall: float


def environment(path: str) -> dict[str, str]:
    """What a measured process has round it; *path* is where it finds the extension, if it does."""
    given = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}
    # Sphinx's modules were compiled when they were installed, ours are when they are run.
    given.pop("PYTHONDONTWRITEBYTECODE", None)
    return given


def build(
    source: Path,
    output: Path,
    extensions: Sequence[str],
    fresh: bool = True,
    options: Sequence[str] = ("html_theme=basic",),
) -> Cost:
    """Build the HTML pages of *source* with these *extensions* and say what it took."""
    if fresh:
        shutil.rmtree(output, ignore_errors=True)
    command = [
        sys.executable, "-m", "sphinx", "-q", "-b", "html",
        "-D", f"extensions={','.join(extensions)}",
        *(part for option in options for part in ("-D", option)),
        "-d", str(output / "doctrees"), str(source), str(output / "html"),
    ]  # fmt: skip
    if NAME not in extensions and any("bibtex" in name for name in extensions):
        # The edition's styles of bibliography and citations are the extension's: take usual ones.
        command += ["-D", "bibtex_default_style=alpha", "-D", "bibtex_reference_style=author_year"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    # Without the extension its roles are unknown: warnings, which are no matter here.
    done = subprocess.run(
        command, env=environment(str(ROOT / "_ext")), capture_output=True, text=True, check=False
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr[-3000:]}")
    if NAME in extensions and "edition.gist-length" not in done.stderr and done.stderr:
        print(f"warnings in the measured build, such as: {done.stderr.splitlines()[0]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, wall)


def summary(costs: Sequence[Cost]) -> Cost:
    """The median of the CPU times and the shortest time by the clock."""
    return Cost(median(cost.cpu for cost in costs), min(cost.wall for cost in costs))


def compare(source: Path, work: Path, runs: int) -> tuple[Cost, Cost]:
    """The costs without and with the extension; with it is built last, into ``work/with``."""
    extensions = [str(name) for name in runpy.run_path(str(source / "conf.py"))["extensions"]]
    variants = {
        "without": [name for name in extensions if name.partition(".")[0] != NAME],
        "with": extensions,
    }
    costs: dict[str, list[Cost]] = {name: [] for name in variants}
    for run in range(runs + 1):
        for name, chosen in variants.items():
            cost = build(source, work / name, chosen)
            if run:  # the first fills the caches
                costs[name].append(cost)
    return summary(costs["without"]), summary(costs["with"])


def compare_data(source: Path, work: Path, runs: int) -> tuple[Cost, Cost]:
    """The costs without and with what is written for other software, in the pages' own theme."""
    extensions = [str(name) for name in runpy.run_path(str(source / "conf.py"))["extensions"]]
    variants = {"without": ("edition_data=",), "with": ()}
    costs: dict[str, list[Cost]] = {name: [] for name in variants}
    for run in range(runs + 1):
        for name, chosen in variants.items():
            # The feed and the sitemap need an address.
            options = ("html_baseurl=https://example.org/", *chosen)
            cost = build(source, work / name, extensions, options=options)
            if run:  # the first fills the caches
                costs[name].append(cost)
    return summary(costs["without"]), summary(costs["with"])


def change_gist(source: Path, output: Path, runs: int) -> tuple[Cost, int]:
    """After a change of one note's gist: the cost, and the most pages written."""
    extensions = ["myst_parser", NAME]
    notes = sorted(
        path for kind in book.KINDS for path in (source / "commentary" / kind).glob("*-*.md")
    )
    costs, most = [], 0
    for run in range(runs):
        note = notes[len(notes) * (run + 1) // (runs + 1)]
        lines = note.read_text(encoding="utf-8").split("\n")
        gist = next(at for at, line in enumerate(lines) if line.startswith("# ")) + 2
        lines[gist] = "Changed. " + " ".join(lines[gist].split()[1:])
        note.write_text("\n".join(lines), encoding="utf-8")
        before = _times(output / "html")
        costs.append(build(source, output, extensions, fresh=False))
        after = _times(output / "html")
        written = {page for page in after if after[page] != before.get(page)}
        most = max(most, len(written - ALWAYS_WRITTEN))
    return summary(costs), most


def _times(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*.html")
    }


class Table:
    """The results, printed line by line, and whether they keep within the limits."""

    def __init__(self) -> None:
        self.within = True
        print(f"{'':34}{'without':>10}{'with':>10}{'result':>10}{'limit':>10}")

    def line(self, what: str, without: str, extended: str, result: str, limit: str) -> None:
        """Print a line."""
        print(f"{what:34}{without:>10}{extended:>10}{result:>10}{limit:>10}", flush=True)

    def judge(self, ok: bool) -> str:
        """Note whether a limit is kept, and give the mark to print."""
        self.within = self.within and ok
        return "" if ok else " !"

    def extra(self, name: str, without: Cost, extended: Cost) -> None:
        """Print what the extension adds to a full build."""
        per_cent = (extended.cpu / without.cpu - 1) * 100
        limit = MOST_EXTRA[name]
        mark = self.judge(per_cent <= limit)
        self.line(
            f"{name}: full build, CPU",
            f"{without.cpu:.2f} s",
            f"{extended.cpu:.2f} s",
            f"{per_cent:+.1f} %",
            f"{limit:.0f} %{mark}",
        )

    def change(self, name: str, full: Cost, changed: Cost, pages: int) -> None:
        """Print what a changed gist costs."""
        per_cent = changed.wall / full.wall * 100
        mark = self.judge(per_cent < MOST_TIME)
        self.line(
            f"{name}: one gist changed, wall",
            "",
            f"{changed.wall:.2f} s",
            f"{per_cent:.1f} %",
            f"{MOST_TIME:.0f} %{mark}",
        )
        mark = self.judge(pages <= MOST_PAGES)
        self.line(f"{name}: one gist changed, pages", "", "", f"{pages}", f"{MOST_PAGES}{mark}")


def measure_edition(table: Table, work: Path, runs: int) -> None:
    """Measure this edition."""
    table.extra("edition", *compare(ROOT, work / "edition", runs))


def measure_data(table: Table, work: Path, runs: int) -> None:
    """Measure what this edition's HTML pages say to other software."""
    table.extra("data", *compare_data(ROOT, work / "data", runs))


def measure_book(table: Table, work: Path, runs: int) -> None:
    """Measure the book."""
    _measure_book(table, work, runs, "book", book.Size())


def measure_endnotes(table: Table, work: Path, runs: int) -> None:
    """Measure a book most of whose gists cost a warning."""
    _measure_book(table, work, runs, "endnotes", book.ENDNOTES)


def _measure_book(table: Table, work: Path, runs: int, name: str, size: book.Size) -> None:
    source = work / name / "source"
    book.write(source, size)
    without, extended = compare(source, work / name, runs)
    table.extra(name, without, extended)
    table.change(name, extended, *change_gist(source, work / name / "with", runs))


MEASURES: dict[str, Callable[[Table, Path, int], None]] = {
    "edition": measure_edition,
    "data": measure_data,
    "book": measure_book,
    "endnotes": measure_endnotes,
}


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="of each build (3)")
    parser.add_argument("--only", choices=MEASURES, help="measure this alone")
    given = parser.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory(prefix="edition-bench-") as work:
        for name, measure in MEASURES.items():
            if given.only in (None, name):
                measure(table, Path(work), given.runs)
    if not table.within:
        print("A limit is exceeded (marked !).")
    return 0 if table.within else 1


if __name__ == "__main__":
    raise SystemExit(main())
