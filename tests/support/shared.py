"""What is made once for all workers of a test run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def folder_of(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder that all workers have in common."""
    base = factory.getbasetemp()
    # Each worker of xdist has a folder of its own in the run's.
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name


def made_once(folder: Path, make: Callable[[], object]) -> Path:
    """*folder*, which *make* fills; workers that come later wait until it has."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    done = folder.with_name(f"{folder.name}.done")
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not done.exists():
            make()
            done.touch()
    return folder
