"""Outputs of builds that somebody has put under version control.

Sphinx keeps what it read as a pickle, and a pickle is a program: one that comes with a clone
would run as soon as the clone is built.  So a build stops when the clone's index names files
in its folders.

The index is read here, in the format that https://git-scm.com/docs/index-format describes:
that takes a millisecond, and needs neither git nor a library.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import SphinxError

from annotated_edition.model.documents import folded
from annotated_edition.untrusted.files import shown


class TrackedOutput(SphinxError):
    """Files in the folders that a build reads its own files from are under version control."""

    category = "Outputs under version control"


def refuse_tracked(app: Sphinx, config: Config) -> None:
    """Stop before Sphinx reads what another may have written for it (``config-inited``).

    Raises :exc:`TrackedOutput`.
    """
    refuse_tracked_below(Path(app.srcdir), Path(app.doctreedir), Path(app.outdir))


def refuse_tracked_below(project: Path, *folders: Path) -> None:
    """Stop if the clone that holds *project* has files of its own in *folders* (all resolved).

    A link that leads there is one, too.  Raises :exc:`TrackedOutput`.
    """
    root = next((one for one in (project, *project.parents) if (one / ".git").exists()), None)
    if root is None:
        return
    below = [folded(f"{one.relative_to(root).as_posix()}/") for one in folders if _is_in(one, root)]
    found = []
    for mode, path in tracked(root):
        plain = folded(path)
        if plain.startswith(tuple(below)) or (
            not stat.S_ISREG(mode) and _holds(root / path, folders)
        ):
            found.append(path)
    if not found:
        return
    listed = ", ".join(map(shown, sorted(set(found))[:5])) + (" …" if len(found) > 5 else "")
    top = min(found).partition("/")[0]
    raise TrackedOutput(
        f"{listed}: outputs of builds are under version control, and could run code. Remove them "
        f"(git rm -r --cached {shown(top)}), and don't trust whoever added them."
    )


def _is_in(path: Path, root: Path) -> bool:
    return path != root and path.is_relative_to(root)


def _holds(link: Path, folders: tuple[Path, ...]) -> bool:
    """Whether a link, or a clone in the clone, is or holds one of *folders*."""
    try:
        real = link.resolve()
    except (OSError, RuntimeError):
        return False
    return any(folder.is_relative_to(real) for folder in folders)


def tracked(root: Path) -> Iterator[tuple[int, str]]:
    """The mode and path of every file in the index of the clone at *root*."""
    try:
        git = _git_folder(root)
        common = git / (git / "commondir").read_text().strip() if _has(git, "commondir") else git
        settings = (common / "config").read_text(encoding="utf-8", errors="replace")
        size = 32 if re.search(r"(?im)^\s*objectformat\s*=\s*sha256", settings) else 20
        # An index may be split in two.
        files = [git / "index", *sorted(git.glob("sharedindex.*"))]
    except OSError:
        return
    for file in files:
        try:
            data = file.read_bytes()
        except OSError:
            continue
        yield from entries(data, size)


def _git_folder(root: Path) -> Path:
    """``.git``, or the folder that a file of this name leads to (worktrees, submodules)."""
    git = root / ".git"
    if git.is_dir():
        return git
    return root / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()


def _has(folder: Path, name: str) -> bool:
    return (folder / name).is_file()


def entries(data: bytes, size: int) -> Iterator[tuple[int, str]]:
    """The mode and path of each entry of an index, whose hashes have *size* bytes.

    Raises :exc:`TrackedOutput` if *data* is in none of the formats that are known.
    """
    version, count = int.from_bytes(data[4:8]), int.from_bytes(data[8:12])
    if data[:4] != b"DIRC" or version not in (2, 3, 4):
        raise TrackedOutput("the clone's index is in a format that isn't known: run git reset")
    at, path = 12, b""
    for _number in range(count):
        begin = at
        mode = int.from_bytes(data[at + 24 : at + 28])
        at += 40 + size
        extended = version > 2 and data[at] & 0x40
        at += 4 if extended else 2
        kept = 0
        if version == 4:
            removed, at = _variable(data, at)
            kept = len(path) - removed
        end = data.index(b"\0", at)
        path = path[:kept] + data[at:end]
        at = end + 1
        if version < 4:
            # With one to eight NULs up to a multiple of eight bytes.
            at = begin + (end - begin + 8) // 8 * 8
        yield mode, os.fsdecode(path)


def _variable(data: bytes, at: int) -> tuple[int, int]:
    """A number of git's with as many bytes as it needs, and where it ends."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = (value + 1) << 7 | data[at] & 0x7F
    return value, at + 1
