#!/usr/bin/env python3
"""Measure books of real prose, here and with other programs, and write ``BENCHMARKS.md``.

    python tests/bench/compare.py [--most WORDS] [--most-notes NOTES] [--output BENCHMARKS.md]

Each book (:mod:`prose`) is built to HTML by Sphinx with the extension and without it; with its
notes as footnotes by plain Sphinx, MkDocs Material and pandoc; once more with the extension after
one note has changed; and the smaller ones to PDF.  Every build is a process of its own.  All are
measured in one run, by turns, since no two machines are alike: CPU seconds of the process and its
children, and the most memory that one of them had.

The other programs are installed into an environment of their own, from PyPI.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import prose
from prose import Book, Size
from run import environment

ROOT = Path(__file__).resolve().parents[2]

OTHERS = ("mkdocs-material==9.8.2", "pypandoc_binary==1.17")

#: Books from small to large; of those of one length the notes differ.
SIZES = (
    Size(10_000, 100, 50),
    Size(100_000, 1_000, 200),
    Size(1_000_000, 1_000, 1_000),
    Size(1_000_000, 10_000, 1_000),
)
#: The most words that are printed, which is some 1,500 passages.
MOST_PRINTED = 150_000
PRINTED = (Size(40_000, 400, 50), Size(80_000, 800, 50), Size(150_000, 1_500, 50))

#: What the extension may add to a build of a million words, in per cent; how much longer a word may
#: take there than in ten thousand; seconds for the print of 150,000 words; and, after one changed
#: note, the pages that may be written.
MOST_EXTRA, MOST_GROWTH, MOST_PRINT, MOST_PAGES = 15.0, 1.3, 30.0, 6


@dataclass(frozen=True)
class Cost:
    """What a build took: seconds of processors and by the clock, and megabytes at most."""

    cpu: float
    wall: float
    memory: float


def run(command: Sequence[str | Path], folder: Path, extension: bool = False) -> Cost:
    """Run a command in *folder* and say what it took; ends the program if it fails."""
    path = str(ROOT / "_ext") if extension else ""
    with (folder / "log.txt").open("wb") as log:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [*map(str, command)], cwd=folder, env=environment(path), stdout=log, stderr=log
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{(folder / 'log.txt').read_text()[-3000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def sphinx(source: Path, name: str, builder: str = "html", extension: bool = True) -> Cost:
    """Build with Sphinx; what is there of an earlier build of this *name* is built upon."""
    out = source / "_build" / name
    options = [] if extension else ["-D", "extensions=myst_parser"]
    command: list[str | Path] = [sys.executable, "-m", "sphinx", "-q", "-b", builder, *options]
    command += ["-d", out / "trees", source, out / "out"]
    return run(command, source, extension)


def best(build: Callable[[], Cost], clean: Path, runs: int) -> Cost:
    """The cheapest of several builds into an empty folder."""
    found = []
    for _run in range(runs):
        shutil.rmtree(clean, ignore_errors=True)
        found.append(build())
    return min(found, key=lambda cost: cost.cpu)


def pages_written(source: Path, build: Callable[[], Cost]) -> tuple[Cost, int]:
    """What a build took, and how many pages it wrote but those that Sphinx always writes."""
    folder = source / "_build" / "with" / "out"

    def times() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in folder.rglob("*.html")}

    before = times()
    cost = build()
    after = times()
    always = {"genindex.html", "search.html"}
    written = [path for path in after if after[path] != before.get(path)]
    return cost, sum(path.name not in always for path in written)


class Others:
    """MkDocs and pandoc, in an environment of their own."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / "bin" / "python"
        if not self.python.exists():
            venv.create(folder, with_pip=True)
            subprocess.run([self.python, "-m", "pip", "install", "-q", *OTHERS], check=True)
        told = "import pypandoc; print(pypandoc.get_pandoc_path())"
        self.pandoc_path = subprocess.run(
            [self.python, "-c", told], check=True, capture_output=True, text=True
        ).stdout.strip()

    def mkdocs(self, folder: Path) -> Cost:
        """Build a site."""
        return run([self.python, "-m", "mkdocs", "build", "-q", "-d", folder / "site"], folder)

    def pandoc(self, folder: Path) -> Cost:
        """Make one HTML file of each page: pandoc has no notion of a site."""
        (folder / "html").mkdir(exist_ok=True)
        script = (
            "for page in docs/text/*.md; do "
            '"$0" -s "$page" -o "html/$(basename "$page" .md).html" --metadata title=x; done'
        )
        return run(["sh", "-ec", script, self.pandoc_path], folder)


@dataclass(frozen=True)
class Row:
    """A book and what its builds took."""

    size: Size
    plain: Cost
    extended: Cost
    footnotes: Cost
    mkdocs: Cost
    pandoc: Cost
    changed: Cost
    pages: int

    @property
    def extra(self) -> float:
        """What the extension adds to the same build, in per cent."""
        return (self.extended.cpu / self.plain.cpu - 1) * 100


def measure(
    size: Size, addresses: Sequence[tuple[str, str]], work: Path, others: Others, runs: int
) -> Row:
    """Measure one book."""
    book = Book(addresses, size)
    edition, footnotes, site = (work / name for name in ("edition", "footnotes", "site"))
    for folder in (edition, footnotes, site):
        shutil.rmtree(folder, ignore_errors=True)
    prose.write(edition, book)
    prose.write_footnotes(footnotes, book)
    prose.write_mkdocs(site, book)
    plain = best(
        lambda: sphinx(edition, "plain", extension=False), edition / "_build" / "plain", runs
    )
    extended = best(lambda: sphinx(edition, "with"), edition / "_build" / "with", runs)
    # Twice: what the first build learnt last is written by the second.
    sphinx(edition, "with")
    note = book.notes[len(book.notes) // 2]
    path = edition / "commentary" / prose.KIND / f"{note.name}.md"
    path.write_text(path.read_text().replace(note.gist, f"Changed. {note.gist}"[:150]))
    changed, pages = pages_written(edition, lambda: sphinx(edition, "with"))
    return Row(
        size,
        plain,
        extended,
        best(
            lambda: sphinx(footnotes, "plain", extension=False),
            footnotes / "_build" / "plain",
            runs,
        ),
        best(lambda: others.mkdocs(site), site / "site", runs),
        best(lambda: others.pandoc(site), site / "html", runs),
        changed,
        pages,
    )


def printed(size: Size, addresses: Sequence[tuple[str, str]], work: Path) -> tuple[Size, int, Cost]:
    """A book's size, its passages, and what its print takes."""
    book = Book(addresses, size)
    folder = work / "print"
    shutil.rmtree(folder, ignore_errors=True)
    prose.write(folder, book)
    passages = sum(len(passages) for _title, passages in book.pages)
    return size, passages, sphinx(folder, "print", builder="edition-pdf")


def report(rows: Sequence[Row], prints: Sequence[tuple[Size, int, Cost]]) -> Iterator[str]:
    """The lines of the file."""
    yield "# Benchmarks"
    yield ""
    yield "Written by `make benchmarks` (`tests/bench/compare.py`), which says how it measures."
    yield (
        "The text is the State of the Union addresses, in the public domain. CPU seconds, and "
        "below them megabytes of memory at most, each of one process and its children, in one run:"
    )
    yield ""
    processors = os.cpu_count()
    told = [f"{name} {version(name)}" for name in ("Sphinx", "myst-parser")]
    told += [name.replace("==", " ") for name in OTHERS]
    yield (
        f"{datetime.date.today().isoformat()}, Python {platform.python_version()}, "
        f"{processors} processors; {', '.join(told)}."
    )
    yield ""
    yield "## HTML"
    yield ""
    yield (
        "*The same without* is the same project, notes as pages of their own, without the "
        "extension. The last three have the notes as footnotes in the pages of the text."
    )
    yield ""
    heads = ["Book", "With the extension", "The same without", "Added"]
    heads += ["Sphinx, footnotes", "MkDocs Material", "pandoc"]
    yield from _table(
        heads,
        (
            [
                str(row.size),
                _cell(row.extended),
                _cell(row.plain),
                f"{row.extra:+.0f} %",
                _cell(row.footnotes),
                _cell(row.mkdocs),
                _cell(row.pandoc),
            ]
            for row in rows
        ),
    )
    yield ""
    yield "## After one note has changed"
    yield ""
    yield from _table(
        ["Book", "Seconds by the clock", "Pages written"],
        ([str(row.size), f"{row.changed.wall:.1f} s", str(row.pages)] for row in rows),
    )
    yield ""
    yield "## Print"
    yield ""
    yield from _table(
        ["Book", "Passages", "Took", "Seconds by the clock"],
        (
            [str(size), str(passages), _cell(cost), f"{cost.wall:.1f} s"]
            for size, passages, cost in prints
        ),
    )
    yield ""
    yield "## Against the limits"
    yield ""
    yield from _table(["What", "Measured", "Limit", ""], judged(rows, prints))


def judged(rows: Sequence[Row], prints: Sequence[tuple[Size, int, Cost]]) -> Iterator[list[str]]:
    """What is promised, what was measured, the limit, and whether it is kept."""

    def line(what: str, value: float, limit: float, shown: str) -> list[str]:
        kept = "kept" if value <= limit else "**not kept**"
        return [what, shown.format(value), shown.format(limit), kept]

    longest = max(row.size.words for row in rows)
    for row in (row for row in rows if row.size.words == longest):
        yield line(f"Added, {row.size}", row.extra, MOST_EXTRA, "{:.0f} %")
    small, large = rows[0], rows[-1]
    ratios = (row.extended.cpu / row.size.words for row in (small, large))
    first, last = ratios
    yield line(
        "A word of the largest book, against the smallest", last / first, MOST_GROWTH, "{:.2f}"
    )
    for row in rows:
        yield line(f"Pages after one change, {row.size}", row.pages, MOST_PAGES, "{:.0f}")
    for size, _passages, cost in prints[-1:]:
        yield line(f"Print, {size}", cost.wall, MOST_PRINT, "{:.0f} s")


def _cell(cost: Cost) -> str:
    return f"{cost.cpu:.1f} s<br>{cost.memory:.0f} MB"


def _table(heads: Sequence[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--most", type=int, default=SIZES[-1].words, help="words of a book")
    parser.add_argument("--most-notes", type=int, default=SIZES[-1].notes, help="notes of a book")
    parser.add_argument("--runs", type=int, default=1, help="of each build (1)")
    parser.add_argument("--work", type=Path, default=ROOT / "_build" / "benchmarks")
    parser.add_argument("--output", type=Path, default=ROOT / "BENCHMARKS.md")
    given = parser.parse_args()
    work = given.work.resolve()
    addresses = prose.fetch(work / "package")
    others = Others(work / "others")
    rows: list[Row] = []
    prints: list[tuple[Size, int, Cost]] = []

    def write() -> None:
        lines = "\n".join(report(rows, prints))
        given.output.write_text(f"{lines}\n", encoding="utf-8")

    # The largest last, and written as they come: they take long, and may be stopped.
    for size in (size for size in PRINTED if size.words <= given.most):
        prints.append(printed(size, addresses, work))
        print(f"{size}: printed in {prints[-1][2].wall:.1f} s", flush=True)
    for size in SIZES:
        if size.words > given.most or size.notes > given.most_notes:
            continue
        rows.append(measure(size, addresses, work, others, given.runs))
        print(f"{size}: {rows[-1].extra:+.0f} %", flush=True)
        write()


if __name__ == "__main__":
    main()
