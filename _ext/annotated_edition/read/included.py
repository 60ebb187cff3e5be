"""What stands in a file that a page includes is told by that file's name and its own lines."""

from __future__ import annotations

import os
from contextvars import ContextVar
from pathlib import Path

from docutils import nodes
from sphinx.directives.other import Include

#: The document that is being parsed.  Its ``source`` is the file that is included just then.
PARSED: ContextVar[nodes.document | None] = ContextVar("parsed", default=None)

StrPath = str | os.PathLike[str]

#: With these a file isn't read as part of the page.
_NOT_PARSED = {"literal", "code", "parser"}


class IncludeInPlace(Include):
    """``include`` of reStructuredText: where it leaves out lines, those that follow keep theirs.

    docutils counts from the first that it takes.  MyST has an ``include`` of its own, which is
    right.
    """

    def read_file(self, path: StrPath) -> str:
        """The text of a file as it is included, after an empty line for each that is left out."""
        text: str = super().read_file(path)
        if _NOT_PARSED.isdisjoint(self.options):
            text = "\n" * self._left_out(path) + text
        return text

    def _left_out(self, path: StrPath) -> int:
        """How many lines stand before what is included."""
        start: int = self.options.get("start-line") or 0
        after: str = self.options.get("start-after", "")
        if start >= 0 and not after:
            return start
        encoding = self.options.get("encoding") or "utf-8-sig"
        lines = Path(path).read_text(encoding=encoding, errors="replace").splitlines()
        if start < 0:
            start = max(0, len(lines) + start)
        rest = "\n".join(lines[start:])
        return start + rest.count("\n", 0, rest.find(after) + len(after)) if after else start


def place_of(page: Path, line: int | None) -> str:
    """Where a *line* is that the parser complains of, if not on the *page* itself; or nothing.

    MyST names the page, whatever file it includes.
    """
    document = PARSED.get()
    source = str(document.get("source") or "") if document is not None else ""
    if not source or Path(source) == page or not Path(source).is_file():
        return ""
    return f"{source}:{line or ''}"
