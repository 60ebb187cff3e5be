"""Files beside the pages that other extensions may write, too, such as ``sitemap.xml``.

A file is the extension's own while it holds what an earlier build of it wrote: only then is it
replaced or removed.  A build says beforehand which files it will write: where it is stopped, they
are still its own, whatever they hold by then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path


class OwnFiles:
    """The files in *folder* that the extension wrote, each with a digest of what it holds.

    Without digests (an earlier version noted none, or the notes can't be read) whatever is there
    counts as its own, and so does what a build that was stopped was about to write: *coming*.
    """

    def __init__(
        self, folder: Path, digests: Mapping[str, str] | None, coming: Iterable[str] = ()
    ) -> None:
        self._folder = folder
        self._are_noted = digests is not None
        self.digests = dict(digests or {})
        #: Files that this build writes, or that one which was stopped may have written.
        self.coming = frozenset(coming)

    def announce(self, names: Iterable[str]) -> None:
        """Name the files that will be :meth:`put`, before the first is.

        Raises OSError if one that is there can't be read.
        """
        self.coming = frozenset(filter(self._is_own, names))

    def put(self, name: str, content: bytes | None) -> None:
        """Let a file hold *content*, or be none; one that somebody else wrote stays as it is.

        Raises OSError if it can't be read or written.
        """
        path = self._folder / name
        is_own = self._is_own(name, content)
        self.digests.pop(name, None)
        if not is_own:
            return
        if content is None:
            path.unlink(missing_ok=True)
            return
        path.write_bytes(content)
        self.digests[name] = _digest(content)

    def _is_own(self, name: str, content: bytes | None = None) -> bool:
        path = self._folder / name
        if not self._are_noted or name in self.coming or not path.exists():
            return True
        now = path.read_bytes()
        return now == content or _digest(now) == self.digests.get(name)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
