"""Files beside the pages that other extensions may write, too, such as ``sitemap.xml``.

A file is the extension's own while it holds what an earlier build of it wrote: only then is it
replaced or removed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path


class OwnFiles:
    """The files in *folder* that the extension wrote, each with a digest of what it holds.

    Without digests (an earlier version noted none) whatever is there counts as its own.
    """

    def __init__(self, folder: Path, digests: Mapping[str, str] | None) -> None:
        self._folder = folder
        self._are_noted = digests is not None
        self.digests = dict(digests or {})

    def put(self, name: str, content: bytes | None) -> None:
        """Let a file hold *content*, or be none; one that somebody else wrote stays as it is.

        Raises OSError if it can't be read or written.
        """
        path = self._folder / name
        ours = self.digests.pop(name, "")
        if self._are_noted and path.exists():
            now = path.read_bytes()
            if _digest(now) != ours and now != content:
                return
        if content is None:
            path.unlink(missing_ok=True)
            return
        path.write_bytes(content)
        self.digests[name] = _digest(content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
