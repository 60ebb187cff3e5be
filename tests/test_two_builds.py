"""Two builds at once in one folder: the second one stops, and touches nothing."""

from __future__ import annotations

import errno
import fcntl
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from sphinx.testing.util import SphinxTestApp

from support.project import Project

#: In ``conf.py``: stop at an event until the file ``go`` stands in the project's folder; of a
#: build with several processes, only those that it forks.
PAUSE = """
def setup(app):
    import os, time
    from pathlib import Path
    main = os.getpid()
    def pause(app, *_):
        name = os.environ.get("PAUSE")
        if name and (app.parallel == 1 or os.getpid() != main):
            Path(app.srcdir, f"{name}-{os.getpid()}").touch()
            while not Path(app.srcdir, "go").exists():
                time.sleep(0.02)
    app.connect(EVENT, pause, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
"""


@pytest.fixture
def edition(project: Project) -> Project:
    """A page of text with a note on it, and pages enough to be read by several processes."""
    project.text("The road.", *["The belt."] * 9)
    project.note("h/road", "The road.")
    project.build("dummy")
    return project


def pausing(edition: Project, event: str) -> Project:
    edition.configure(PAUSE.replace("EVENT", repr(event)))
    return edition


class Build:
    """A build by a process of its own."""

    def __init__(self, folder: Path, pause: str, output: str, trees: str, jobs: int) -> None:
        command = [
            *(sys.executable, "-m", "sphinx", "-q", "-b", "html", f"-j{jobs}"),
            *("-d", str(folder / trees), str(folder), str(folder / output)),
        ]
        python_path = os.pathsep.join(filter(None, sys.path))
        self.folder, self.pause = folder, pause
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": python_path, "PAUSE": pause},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def paused(self, processes: int = 1) -> list[int]:
        """The processes that wait at the event, once there are so many."""
        deadline = time.monotonic() + 120
        while True:
            waiting = [
                int(path.name.rpartition("-")[2]) for path in self.folder.glob(f"{self.pause}-*")
            ]
            if len(waiting) >= processes:
                return waiting
            assert self.process.poll() is None, self.process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def ended(self) -> tuple[int, str]:
        """The exit status and all that was said."""
        said = self.process.communicate(timeout=120)[0]
        return self.process.returncode, said


class Start(Protocol):
    """Starts a build of the edition."""

    def __call__(
        self, pause: str = "", output: str = "one", trees: str = "trees", jobs: int = 1
    ) -> Build: ...


@pytest.fixture
def start(edition: Project) -> Iterator[Start]:
    builds = []

    def begin(pause: str = "", output: str = "one", trees: str = "trees", jobs: int = 1) -> Build:
        builds.append(Build(edition.folder, pause, output, trees, jobs))
        return builds[-1]

    yield begin
    (edition.folder / "go").touch()
    for build in builds:
        build.process.kill()
        build.process.communicate()


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_second_of_two_stops(edition: Project, start: Start) -> None:
    """In the same output, with the same doctrees, or both; in other folders it goes on."""
    pausing(edition, "html-page-context")
    outputs = [edition.folder / name for name in ("one", "two")]
    trees = [edition.folder / name for name in ("trees", "others")]
    first = start("first", jobs=2)
    first.paused()
    for output, own, shared in ((0, 0, trees[0]), (1, 0, trees[0]), (0, 1, outputs[0])):
        before = files(shared)
        second = start(output=outputs[output].name, trees=trees[own].name)
        status, said = second.ended()
        assert status == 2
        assert f"Another build is running in {shared};" in said
        assert files(shared) == before
    assert start(output="two", trees="others").ended() == (0, "")
    (edition.folder / "go").touch()
    assert first.ended() == (0, "")
    one, two = ((folder / "text/a.html").read_text(encoding="utf-8") for folder in outputs)
    assert "The road." in one
    assert one == two
    assert start().ended() == (0, "")


def test_the_lock_leaves_no_file(edition: Project, start: Start) -> None:
    pausing(edition, "env-updated")
    first = start("first")
    first.paused()
    assert [*(edition.folder / "one").rglob("*")] == []
    names = {path.relative_to(edition.folder / "trees") for path in edition.folder.rglob("trees/*")}
    assert all(path.suffix in ("", ".doctree") for path in names), names
    (edition.folder / "go").touch()
    assert first.ended() == (0, "")


@pytest.mark.parametrize(("event", "forked"), [("source-read", 2), ("html-page-context", 1)])
def test_a_killed_build_leaves_no_lock(
    edition: Project, start: Start, event: str, forked: int
) -> None:
    """Not even while the processes live that it forked; they write hardly anything any more."""
    pausing(edition, event)
    first = start("first", jobs=2)
    workers = first.paused(forked)
    assert first.process.pid not in workers
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    assert start(jobs=2).ended() == (0, "")
    before = files(edition.folder / "one") | files(edition.folder / "trees")
    # Each ends the document or page that it has begun.
    (edition.folder / "go").touch()
    first.ended()  # what they would say ends when they do
    now = files(edition.folder / "one") | files(edition.folder / "trees")
    assert now.keys() == before.keys()
    assert len([name for name in now if now[name] != before[name]]) <= len(workers)


@contextmanager
def application(edition: Project) -> Iterator[SphinxTestApp]:
    app = SphinxTestApp("html", srcdir=edition.folder, builddir=edition.folder / "_build")
    try:
        yield app
    finally:
        app.cleanup()


def locked(folder: Path) -> bool:
    """Whether another process would find the folder in use."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def test_applications_of_one_process_build_in_turn(edition: Project) -> None:
    folders = [edition.output(""), edition.output("doctrees", "")]
    with application(edition), application(edition) as first:
        with application(edition) as second:
            second.build()
            assert all(map(locked, folders))
            first.build()
            first.build()
        # One of them never built.
        assert all(map(locked, folders))
    del first, second
    gc.collect()
    assert not any(map(locked, folders))


def test_every_build_of_one_application_is_locked(edition: Project) -> None:
    seen = []
    with application(edition) as app:
        app.connect("env-updated", lambda app, env: seen.append(locked(Path(app.outdir))))
        for _ in range(2):
            app.build()
            seen.append(locked(Path(app.outdir)))
    assert seen == [True, False, True, False]


def test_a_failed_build_gives_the_folders_back(edition: Project) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space")

    with application(edition) as app:
        app.connect("env-updated", fail)
        with pytest.raises(Exception, match="no space"):
            app.build()
        assert not locked(Path(app.outdir))


def test_file_systems_without_locks_build_silently(
    edition: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    edition.build()
    assert edition.warnings == ""
    assert edition.output("text/a.html").exists()
