"""The lists that many people add to: registers, glossary, bibliography.

    tools/lists.py sort FILE ...        put the entries of each list in order
    tools/lists.py sort --check FILE    say which aren't, and change nothing
    tools/lists.py merge BASE OURS THEIRS   git's merge driver: entry by entry, into OURS

Entries in order have two additions meet rarely, and git merges the rest.  Where they do meet, git
sees a conflict of lines, and the driver none: an entry that only one side added or changed is
taken.  GitHub runs no drivers: there such a conflict is merged on a maintainer's machine
(``make hooks`` sets the driver up).
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "_ext"))

from annotated_edition.text.sorting import sort_key

#: A directive that holds a list; a register has an entry a line, a glossary one a block.
_FENCE = re.compile(r"(```+|:::+)\{(glossary|edition:register)\}\s*")


class UnclearError(ValueError):
    """The lists can't be merged entry by entry."""


class Entries(NamedTuple):
    """A list: its entries by their key, as they stand, and what parts them."""

    by_key: dict[str, str]
    gap: str

    def keys(self) -> list[str]:
        """The keys, in the order of the file."""
        return list(self.by_key)

    def text(self) -> str:
        """The list as it stands in a file."""
        return self.gap.join(self.by_key.values())


def order(key: str) -> tuple[bool, str, str]:
    """Where an entry stands among others: as registers and glossaries are shown."""
    return sort_key(key, "en", name=True)


def parts(text: str, is_bibliography: bool) -> list[str | Entries]:
    """A file as what stands around its lists, and the lists."""
    if is_bibliography:
        head, first, rest = text.partition("@")
        entries = re.split(r"\n{2,}(?=@)", (first + rest).rstrip("\n"))
        return [head, _entries(entries, "\n\n", _key_of_source), "\n"]
    found: list[str | Entries] = []
    around: list[str] = []
    lines = iter(text.splitlines(keepends=True))
    for line in lines:
        around.append(line)
        if not (opened := _FENCE.fullmatch(line)):
            continue
        inside = list(_until(opened[1], lines))
        last = inside.pop() if inside else ""
        body = "".join(inside).rstrip("\n")
        if opened[2] == "glossary":
            # Options of the directive stand before the entries.
            options = re.match(r"(?::\w.*\n)*\n*", body)
            around.append(options[0] if options else "")
            entries = re.split(r"\n{2,}", body[len(around[-1]) :])
            listed = _entries(entries, "\n\n", lambda entry: entry.partition("\n")[0])
        else:
            listed = _entries(body.split("\n"), "\n", lambda line: re.split("[;|@]", line)[0])
        found += ["".join(around), listed]
        around = ["\n", last]
    return [*found, "".join(around)]


def _until(fence: str, lines: Iterator[str]) -> Iterator[str]:
    """The lines of a directive, the one that ends it last."""
    for line in lines:
        yield line
        if re.fullmatch(rf"{fence[0]}{{{len(fence)},}}\s*", line):
            return


def _key_of_source(entry: str) -> str:
    found = re.match(r"@\w+\s*\{\s*([^,\s]+)", entry)
    return found[1] if found else ""


def _entries(entries: list[str], gap: str, key_of: object) -> Entries:
    assert callable(key_of)
    by_key = {" ".join(key_of(entry).split()): entry for entry in entries if entry}
    if "" in by_key or len(by_key) < len([entry for entry in entries if entry]):
        raise UnclearError("an entry has no name, or the name of another")
    return Entries(by_key, gap)


def joined(found: list[str | Entries]) -> str:
    """The file again."""
    return "".join(part if isinstance(part, str) else part.text() for part in found)


def ordered(text: str, is_bibliography: bool) -> str:
    """A file with the entries of its lists in order."""
    return joined(
        [
            part
            if isinstance(part, str)
            else Entries(
                {key: part.by_key[key] for key in sorted(part.by_key, key=order)}, part.gap
            )
            for part in parts(text, is_bibliography)
        ]
    )


def chosen(base: str | None, ours: str | None, theirs: str | None) -> str | None:
    """Of three versions the one that counts; raises UnclearError where both sides changed it."""
    if theirs in (base, ours):
        return ours
    if ours == base:
        return theirs
    raise UnclearError("both sides changed the same entry")


def merged(base: str, ours: str, theirs: str, is_bibliography: bool) -> str:
    """One file of three; raises UnclearError where entries alone don't decide."""
    sides = [parts(text, is_bibliography) for text in (base, ours, theirs)]
    if len({len(side) for side in sides}) > 1:
        raise UnclearError("the files have different lists")
    result: list[str | Entries] = []
    for old, mine, other in zip(*sides, strict=True):
        if isinstance(old, Entries):
            assert isinstance(mine, Entries)
            assert isinstance(other, Entries)
            result.append(_merged_entries(old, mine, other))
        else:
            assert isinstance(mine, str)
            assert isinstance(other, str)
            result.append(chosen(old, mine, other) or "")
    return joined(result)


def _merged_entries(old: Entries, mine: Entries, other: Entries) -> Entries:
    versions = {
        key: chosen(old.by_key.get(key), mine.by_key.get(key), other.by_key.get(key))
        for key in {**old.by_key, **mine.by_key, **other.by_key}
    }
    keys = [key for key in mine.keys() if versions[key] is not None]  # noqa: SIM118
    for key, entry in versions.items():
        if entry is not None and key not in mine.by_key:
            keys.insert(bisect_left(keys, order(key), key=order), key)
    return Entries({key: str(versions[key]) for key in keys}, mine.gap)


def sort(paths: list[Path], check: bool) -> int:
    """Sort files, or say which aren't; 1 if any wasn't."""
    unsorted = 0
    for path in paths:
        text = path.read_text(encoding="utf-8")
        try:
            wanted = ordered(text, path.suffix == ".bib")
        except UnclearError as error:
            # The check of the commentary says what is wrong, and where.
            print(f"{path}: left as it is: {error}")
            continue
        if wanted == text:
            continue
        unsorted = 1
        if check:
            print(f"{path}: not in order: run tools/lists.py sort {path}")
        else:
            path.write_text(wanted, encoding="utf-8", newline="\n")
            print(f"{path}: sorted")
    return unsorted


def merge(base: Path, ours: Path, theirs: Path) -> int:
    """Merge three versions of a file into *ours*; 1 leaves conflict markers, as git would."""
    texts = [path.read_text(encoding="utf-8") for path in (base, ours, theirs)]
    # Git hands over copies whose names say nothing.
    is_bibliography = any(re.search(r"^@\w+\s*\{", text, re.M) for text in texts)
    try:
        result = merged(texts[0], texts[1], texts[2], is_bibliography)
    except UnclearError:
        markers = ["-L", "ours", "-L", "base", "-L", "theirs"]
        done = subprocess.run(
            ["git", "merge-file", *markers, ours, base, theirs],
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
        return min(done.returncode, 1)
    ours.write_text(result, encoding="utf-8", newline="\n")
    return 0


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    sorting = commands.add_parser("sort")
    sorting.add_argument("--check", action="store_true")
    sorting.add_argument("files", nargs="+", type=Path)
    merging = commands.add_parser("merge")
    for name in ("base", "ours", "theirs"):
        merging.add_argument(name, type=Path)
    options = parser.parse_args()
    if options.command == "sort":
        return sort(options.files, options.check)
    return merge(options.base, options.ours, options.theirs)


if __name__ == "__main__":
    sys.exit(main())
