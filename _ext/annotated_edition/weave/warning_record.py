"""Warnings as data: what was told of a page, so that it can be told again.

Sphinx and its extensions warn of a mistake while they read or write the document, and say nothing
in the next build, which leaves it alone: ``-W`` would pass at the second try.
"""

from __future__ import annotations

import logging as std_logging
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.logging import get_node_location

from annotated_edition.anchor.consequences import and_more
from annotated_edition.domain import EditionDomain
from annotated_edition.model import limits
from annotated_edition.model.records import Subtype
from annotated_edition.read.included import place_of

logger = logging.getLogger(__name__)

#: Set on records that were heard: Sphinx keeps some back and hands them on later.
_HEARD = "edition_heard"


class Warned(NamedTuple):
    """A warning: plain, so that JSON can hold it.

    ``path`` and ``place`` are its location: a path from the project's folder, and what follows
    after a colon, mostly a line.
    """

    level: int
    message: str
    type: str
    subtype: str
    path: str
    place: str
    once: bool

    def tell(self, app: Sphinx) -> None:
        """Give the warning once more."""
        location: str | None = None
        if self.path:
            path = str(Path(app.srcdir, self.path))
            location = f"{path}:{self.place}" if self.place else app.project.path2doc(path) or path
        logger.log(
            self.level,
            "%s",
            self.message,
            type=self.type or None,
            subtype=self.subtype or None,
            location=location,
            once=self.once,
        )


class Told:
    """Which warnings of each file are told: each once, and not more than a file may have."""

    def __init__(self) -> None:
        self._told: dict[str, set[Warned]] = defaultdict(set)
        #: Of files that have more: the line of the first that isn't told, and how many aren't.
        self.untold: dict[str, tuple[int, int]] = {}

    def take(self, warned: Warned) -> bool:
        """Whether a warning is to be told."""
        told = self._told[warned.path]
        if warned in told:
            return False
        if len(told) < limits.FINDINGS:
            told.add(warned)
            return True
        here = int(warned.place) if warned.place.isdecimal() else 1
        line, count = self.untold.get(warned.path, (here, 0))
        self.untold[warned.path] = line, count + 1
        return False

    def tell_more(self, app: Sphinx) -> None:
        """Say how many warnings weren't told."""
        for path, (line, count) in sorted(self.untold.items()):
            more = Subtype.MORE.value
            Warned(
                std_logging.WARNING, and_more(count), "edition", more, path, str(line), False
            ).tell(app)


class WarningHandler(std_logging.Handler):
    """Hands every warning to *hear*, once, those that are suppressed, too.

    *hear* is told, too, whether the warning comes from another process, and says whether it is to
    be told: what isn't is for who looks for faults in Sphinx, with its option ``-vv``.
    """

    def __init__(self, app: Sphinx, hear: Callable[[Warned, bool], bool]) -> None:
        super().__init__(std_logging.WARNING)
        self._app = app
        self._hear = hear

    def emit(self, record: std_logging.LogRecord) -> None:
        """Take a warning."""
        if getattr(record, _HEARD, False):
            return
        setattr(record, _HEARD, True)
        kind = str(getattr(record, "type", "") or "")
        subtype = str(getattr(record, "subtype", "") or "")
        # Sphinx's own kind of record puts the location before the message.
        message = std_logging.LogRecord.getMessage(record)
        location = getattr(record, "location", None)
        if kind == "myst" and isinstance(location, tuple) and location[0]:
            docname, line = location
            if included := place_of(Path(self._app.env.doc2path(docname)), line):
                location = included
                setattr(record, "location", included)  # noqa: B010
        path, place = self._place(location)
        if "\n" in message and self._is_strangers(path):
            message = _without_source(message)
            record.msg, record.args = message, ()
        once = bool(getattr(record, "once", False))
        warned = Warned(record.levelno, message, kind, subtype, path, place, once)
        if not self._hear(warned, record.process != _own_process()):
            # Other handlers, which come after this one, go by the level.
            record.levelno, record.levelname = std_logging.DEBUG, "DEBUG"

    def _is_strangers(self, path: str) -> bool:
        docname = self._app.project.path2doc(path) if path else None
        return docname is not None and EditionDomain.of(self._app.env).documents.untrusted(docname)

    def _place(self, location: object) -> tuple[str, str]:
        """The path from the project's folder, and the place in that file."""
        if isinstance(location, nodes.Node):
            location = get_node_location(location)
        if isinstance(location, tuple):
            docname, line = location
            location = f"{self._app.env.doc2path(docname)}:{line or ''}" if docname else None
        if not location:
            return "", ""
        text = str(location)
        if ":" not in text:
            text = f"{self._app.env.doc2path(text)}:"
        path, _colon, place = text.partition(":")
        root = Path(self._app.srcdir)
        if Path(path).is_relative_to(root):
            path = Path(path).relative_to(root).as_posix()
        return path, place


def _without_source(message: str) -> str:
    """A message of docutils' in one line, without the lines of the file that it repeats.

    A line that a stranger wrote would look like another warning, or be obeyed: workflows take
    ``::stop-commands::x`` for a command.
    """
    return " ".join(message.strip().partition("\n\n")[0].split())


def _own_process() -> int:
    return std_logging.LogRecord("", 0, "", 0, "", None, None).process or 0
