"""A budget of time and memory for each stranger's file, whatever its parser makes of it.

The limits of :mod:`annotated_edition.model.limits` keep all files that were thought of far below
it.  It is there for the others.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

from annotated_edition.model import limits

#: How often is looked, in seconds of the processor.  Most files are read long before the first.
_STEP = 0.25


class OutOfBudget(BaseException):
    """A file took more than it may; no ``except Exception`` of a parser's may hide it."""


class _Budget:
    """What is left, measured by the work of this thread: other programs don't count."""

    def __init__(self, seconds: float, memory: int) -> None:
        self._until = time.thread_time() + seconds
        self._highest = _peak() + memory
        self._seconds, self._memory = seconds, memory

    def check(self) -> None:
        """Raise OutOfBudget if nothing is left."""
        if time.thread_time() > self._until:
            raise OutOfBudget(f"it takes longer than {self._seconds:g} seconds")
        if _peak() > self._highest:
            raise OutOfBudget(f"it takes more than {self._memory // 1_000_000} MB of memory")


_current: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def budget(seconds: float = limits.SECONDS, memory: int = limits.MEMORY) -> Iterator[None]:
    """Raise OutOfBudget within, once there was too much of either.

    Where the system has a timer that counts the work of a process (not on Windows), and this is
    the main thread, it interrupts whatever runs.  Elsewhere :func:`look` does, which is called
    between pieces of a file.
    """
    own = _Budget(seconds, memory)
    token = _current.set(own)

    def tick(number: int, frame: FrameType | None) -> None:
        if _current.get() is own:
            own.check()

    try:
        if sys.platform == "win32" or not _has_timer():
            yield
            return
        signal.signal(signal.SIGVTALRM, tick)
        try:
            # Again and again: an exception may be lost in a destructor.
            signal.setitimer(signal.ITIMER_VIRTUAL, _STEP, _STEP)
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            # Not the default: a tick that comes late would end the process without a word.
            signal.signal(signal.SIGVTALRM, _pass_over)
    finally:
        _current.reset(token)


def _pass_over(number: int, frame: FrameType | None) -> None:
    """A tick that was under way when its budget ended."""


def look() -> None:
    """Raise OutOfBudget if the file that is being read has none left."""
    if own := _current.get():
        own.check()


def _has_timer() -> bool:
    """Whether there is such a timer, and nobody else uses it."""
    return sys.platform != "win32" and (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGVTALRM) in (signal.SIG_DFL, _pass_over)
        and signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    )


def _peak() -> int:
    """The most memory that the process had, in bytes; 0 where nobody counts."""
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
