"""Which code made what is kept of an earlier build."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path


@cache
def code_version() -> int:
    """A number that another state of this package doesn't have (64 bits of SHA-256).

    Sphinx keeps what was read as pickled objects, and hands them to the next build.  A contributor
    who pulls a newer state of the repository has it build with what the older one kept; a number
    written by hand would be forgotten.
    """
    package = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return int.from_bytes(digest.digest()[:8])
