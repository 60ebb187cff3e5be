"""Mutation testing: of small faults in text, model and anchor, how many do the tests notice?

    python tools/mutants.py                                     all of them
    python tools/mutants.py annotated_edition.text.folding      those of one module
    python tools/mutants.py --living                            those that lived, or took long
    python tools/mutants.py --show NAME                         what one of them changes

mutmut (https://mutmut.readthedocs.io) makes the faults ("mutants") and runs, for each, the tests
that touch its function; ``[tool.mutmut]`` of pyproject.toml names the modules and the tests.  What
is known of a mutant is kept until its function changes; after new tests, try --living.  Ends with
1 where fewer than LEAST of 100 mutants are killed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: mutmut looks for packages in ``src``, and leaves its files where it runs.
FOLDER = ROOT / "_build" / "mutants"
LINKS = {"src": "_ext", "tests": "tests", "pyproject.toml": "pyproject.toml"}
#: Per cent of the mutants that the tests must kill.
LEAST = 90
#: A mutant without end is noticed, too.
KILLED = ("killed", "timeout")


def main() -> int:
    """Run mutmut and print what became of the mutants, module by module."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="annotated_edition.text.…")
    parser.add_argument("--living", action="store_true", help="those that lived, or took long")
    parser.add_argument("--show", metavar="NAME", help="show what a mutant changes")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="mutants at a time")
    arguments = parser.parse_args()
    prepare()
    if arguments.show:
        return mutmut("show", arguments.show)
    patterns = [f"{module}.*" for module in arguments.modules]
    if arguments.living:
        patterns = [mutant for mutant, status in results(arguments.modules) if status != "killed"]
    if failed := mutmut("run", "--max-children", str(arguments.jobs), *patterns):
        return failed
    return report(arguments.modules)


def prepare() -> None:
    """Make the folder that mutmut runs in: links to what it reads, no tests of former runs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, target in LINKS.items():
        link = FOLDER / name
        if not link.is_symlink():
            link.symlink_to(os.path.relpath(ROOT / target, FOLDER))
    shutil.rmtree(FOLDER / "mutants" / "tests", ignore_errors=True)


def mutmut(*arguments: str) -> int:
    """Run mutmut, whose output is seen; its exit code."""
    # Each mutant loads pytest's plugins anew: only the one named in pyproject.toml.
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command(*arguments), cwd=FOLDER, env=environment, check=False).returncode


def command(*arguments: str) -> list[str]:
    """A command of mutmut's, by this interpreter."""
    return [sys.executable, "-c", "from mutmut.__main__ import cli; cli()", *arguments]


def results(modules: list[str]) -> list[tuple[str, str]]:
    """What is known of the mutants of the *modules* (or all): name and status."""
    listed = subprocess.run(
        command("results", "--all", "true"), cwd=FOLDER, check=True, capture_output=True, text=True
    ).stdout
    return [
        (mutant, status)
        for mutant, status in re.findall(r"^ +(\S+): (.+)$", listed, re.M)
        if not modules or any(mutant.startswith(f"{module}.") for module in modules)
    ]


def report(modules: list[str]) -> int:
    """Print a table of the *modules* (or all), and the mutants that live."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    print("\nLiving mutants (--show NAME says what they change):")
    for mutant, status in results(modules):
        found[mutant.rpartition(".")[0]][status] += 1
        if status not in KILLED:
            print(f"{mutant}: {status}")
    print()
    for module, counts in sorted(found.items()):
        print(line(module, counts))
    total: Counter[str] = sum(found.values(), Counter())
    print(line("all", total))
    return 0 if 100 * killed(total) >= LEAST * total.total() else 1


def line(name: str, counts: Counter[str]) -> str:
    """A line of the table."""
    return (
        f"{name:48} {killed(counts):5} of {counts.total():5} killed "
        f"({100 * killed(counts) / counts.total():.1f} %), {counts['timeout']} of them by time"
    )


def killed(counts: Counter[str]) -> int:
    """How many mutants the tests notice."""
    return sum(counts[status] for status in KILLED)


if __name__ == "__main__":
    sys.exit(main())
