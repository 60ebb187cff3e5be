"""How work grows with its input, without a clock."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

#: How often an input is doubled.
DOUBLINGS = 5


def steps(work: Callable[[], object]) -> int:
    """How many lines of Python a piece of work runs: the same on every machine."""
    count = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The time of the processor that this thread's *work* takes, the least of some *times*.

    For what isn't written in Python.  What else the machine does counts little, and is the same
    for a small input as for a large one: compare, and never ask how long something takes.
    """
    least = float("inf")
    for _ in range(times):
        start = time.thread_time()
        work()
        least = min(least, time.thread_time() - start)
    return least


def excess(cost: Callable[[int], float], size: int, floor: float) -> float:
    """By how much more than its input work grows, while that is doubled five times from *size*.

    *cost* is what an input of a size costs: steps, or seconds, of which less than *floor* says
    nothing.  1 is as much: the cost is 32 times what it was; work that grows with the square has
    32, with the cube 1024.
    """
    return cost(size << DOUBLINGS) / max(cost(size), floor) / (1 << DOUBLINGS)
