"""One build at a time in a folder.

Two that share their doctrees or their output overwrite each other's files, and both say that all
went well.  So a build locks both folders while it runs, and a second one stops before it has
touched anything.

The folder itself is locked, by the operating system: no file is left behind, nothing is packed
into an e-book, and the lock of a build that was killed is gone.  Where a file system knows no
locks (some network drives), builds go on without.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from weakref import WeakKeyDictionary, finalize

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

#: The descriptors by which this process holds locks.
_descriptors: set[int] = set()


class FolderInUse(SphinxError):
    """Another build is running in the same folder."""

    category = "Folder in use"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Another build is running in {folder}; two at once would mix their files. Please "
            "wait until it has ended, or give this one folders of its own "
            "(sphinx-build -d DOCTREES SOURCE OUTPUT)."
        )


class FolderLock:
    """The lock of an existing folder, held from the beginning.

    Raises :exc:`BlockingIOError` where it is held already, by whatever process, and another
    :exc:`OSError` where there are no locks.
    """

    def __init__(self, folder: Path) -> None:
        descriptor = _open(folder)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        _descriptors.add(descriptor)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; a second time does nothing."""
        if self._descriptor in _descriptors:
            _descriptors.remove(self._descriptor)
            os.close(self._descriptor)


if sys.platform == "win32":
    import msvcrt

    def _open(folder: Path) -> int:
        # Folders can't be opened there.  A file elsewhere stands for each.
        path = os.path.normcase(folder.resolve())
        name = hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()
        return os.open(Path(gettempdir(), f"annotated-edition-{name}.lock"), os.O_RDWR | os.O_CREAT)

    def _lock(descriptor: int) -> None:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(*error.args) from error

else:
    import fcntl

    def _open(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _leave_to_parent() -> None:
        """Drop the descriptors in a process that Sphinx forks to read or write.

        The parent keeps the locks.  With copies in its children they would outlive a parent that
        was killed, for ever: each child waits for somebody to take what it has read.
        """
        while _descriptors:
            os.close(_descriptors.pop())

    os.register_at_fork(after_in_child=_leave_to_parent)


class _Hold:
    """A folder's lock and how many applications of this process rely on it."""

    def __init__(self, lock: FolderLock) -> None:
        self.lock = lock
        self.applications = 0


#: By device and inode: names differ, and case does.
_holds: dict[tuple[int, int], _Hold] = {}
_releases: WeakKeyDictionary[Sphinx, finalize[Any, Any]] = WeakKeyDictionary()
#: The process in which a build began last.
_builder = 0


def begin(app: Sphinx) -> None:
    """Lock the doctrees and the output, before anything is read or written (``builder-inited``).

    Raises :exc:`FolderInUse`; later, such an error would make Sphinx remove the environment, which
    is the other build's.
    """
    global _builder
    _builder = os.getpid()
    if app in _releases:
        return
    taken: list[tuple[int, int]] = []
    try:
        for folder in (Path(app.doctreedir), Path(app.outdir)):
            _take(folder, taken)
    except FolderInUse:
        _release(taken)
        raise
    # Some applications never build, and an interrupted build doesn't say that it has ended.
    _releases[app] = finalize(app, _release, taken)


def begin_again(app: Sphinx, *_: object) -> list[str]:
    """Lock them for an application that builds once more (``env-get-outdated``)."""
    begin(app)
    return []


def end(app: Sphinx, exception: Exception | None) -> None:
    """Release both folders (``build-finished``)."""
    release = _releases.pop(app, None)
    if release is not None:
        release()


def stop_orphan(*_: object) -> None:
    """End a process that Sphinx forked, once its parent is gone.

    Asked before each document and page.  Nobody will take what it reads, and it would go on to
    write into the next build's folders.
    """
    if _builder and _builder not in (os.getpid(), os.getppid()):
        os._exit(1)


def _take(folder: Path, taken: list[tuple[int, int]]) -> None:
    """Lock a folder, or share what another application of this process holds."""
    try:
        status = folder.stat()
        key = status.st_dev, status.st_ino
        if key not in _holds:
            _holds[key] = _Hold(FolderLock(folder))
    except BlockingIOError:
        raise FolderInUse(folder) from None
    except OSError:
        return
    _holds[key].applications += 1
    taken.append(key)


def _release(taken: list[tuple[int, int]]) -> None:
    while taken:
        key = taken.pop()
        hold = _holds[key]
        hold.applications -= 1
        if not hold.applications:
            del _holds[key]
            hold.lock.release()
