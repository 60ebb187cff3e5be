"""Whole trees of a stranger's, by a grammar, built in every way: none takes the edition down.

As many as ``EDITION_FUZZ`` says, else the same few, for a minute at most. With
``EDITION_FUZZ_KEEP`` those that fail are kept in that folder, and the run goes on.
"""

from __future__ import annotations

import os
import pickle
import select
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.repo import Repo
from hypothesis import HealthCheck, Phase, given, settings

from support import grammar
from support.strangers import Tree

NUMBER = int(os.environ.get("EDITION_FUZZ", "0"))
KEPT = os.environ.get("EDITION_FUZZ_KEEP", "")
#: How many are tried in every run of the tests, and how long at most.
FEW, SECONDS = 30, 60
MOST_MEMORY = 1_000_000_000


def sow(tree: Tree, sown: grammar.Sown) -> None:
    """Write a tree's files; what a file system can't hold isn't there."""
    for name, data in sown.files.items():
        path = tree.folder / os.fsdecode(name)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    for name in sown.pipes:
        os.mkfifo(tree.folder / os.fsdecode(name))
    for name, target in sown.links.items():
        with suppress(FileExistsError):
            (tree.folder / os.fsdecode(name)).symlink_to(target)
    if sown.commits:
        Repo.init(str(tree.folder)).close()
        porcelain.add(str(tree.folder), [str(tree.folder / "commentary/people/sure.md")])
        for name, message in sown.commits:
            who = name.replace(b"\n", b" ").replace(b"\0", b"") + b" <a@example.org>"
            porcelain.commit(str(tree.folder), message=message, author=who, committer=who)
    tree.configure(sown.settings)


def faults(tree: Tree, sown: grammar.Sown) -> Iterator[str]:
    # Not all that asks does so by Python's sockets.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = b"127.0.0.1:%d/" % listener.getsockname()[1]
        for name, data in sown.files.items():
            sown.files[name] = data.replace(b"127.0.0.1:9/", port)
        sow(tree, sown)
        _forget_peak()
        # What other tests have left in this process is none of the tree's.
        before = _memory("VmRSS")
        tree.build_all()
        if select.select([listener], [], [], 0)[0]:
            yield "somebody asked the host that a file names"
    if (taken := _memory("VmHWM") - before) > MOST_MEMORY:
        yield f"{taken:,} bytes of memory"
    yield from tree.faults()
    if "html" not in tree.failed and "commentary/people/sure.md" not in tree.named("html"):
        yield f"nobody was told of {sown.refused!r}"


def _forget_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def _memory(what: str) -> int:
    """How much memory there is, or the most since that was forgotten, where it is told; else 0."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    line = next(line for line in status.splitlines() if line.startswith(f"{what}:"))
    return int(line.split()[1]) * 1024


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files there")
@pytest.mark.xdist_group("fuzz-trees")
def test_no_tree_takes_the_edition_down(tmp_path_factory: pytest.TempPathFactory) -> None:
    began = time.monotonic()
    bad = tried = 0

    @settings(
        max_examples=NUMBER or FEW,
        deadline=None,
        derandomize=not NUMBER,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(grammar.trees())
    def fuzz(sown: grammar.Sown) -> None:
        nonlocal bad, tried
        if not NUMBER and time.monotonic() - began > SECONDS:
            return
        folder = tmp_path_factory.mktemp("tree")
        tree = Tree(folder)
        found = list(faults(tree, sown))
        tried += 1
        if found and KEPT:
            bad += 1
            kept = Path(KEPT, f"{os.getpid()}-{tried}")
            kept.mkdir(parents=True)
            (kept / "faults.txt").write_text("\n".join(found), encoding="utf-8", errors="replace")
            (kept / "sown.pickle").write_bytes(pickle.dumps(sown))
        elif found:
            raise AssertionError("\n".join([*found, repr(sown)]))
        shutil.rmtree(folder)
        if KEPT:
            Path(KEPT, f"{os.getpid()}.txt").write_text(f"{tried} trees, {bad} bad\n")

    if KEPT:
        Path(KEPT).mkdir(parents=True, exist_ok=True)
    fuzz()
    assert tried
    assert not bad
