"""Which documents are base text, notes, cross-references: the configured globs."""

from __future__ import annotations

from enum import Enum

from sphinx.config import Config
from sphinx.util.matching import Matcher


class Part(Enum):
    """What a document is to the edition."""

    TEXT = "text"
    NOTE = "note"
    CROSS_REFERENCE = "cross-reference"
    OTHER = "other"


class Documents:
    """Sorts docnames into parts.

    A document that several globs name is text before it is a cross-reference,
    and a cross-reference before it is a note.  Documents called ``index`` are
    never notes or cross-references.
    """

    def __init__(self, config: Config) -> None:
        self._parts: dict[str, Part] = {}
        self._strangers: dict[str, bool] = {}
        self._text = Matcher(config.edition_text)
        self._notes = Matcher(config.edition_notes)
        self._cross_references = Matcher(config.edition_cross_references)
        commentary = [*config.edition_notes, *config.edition_cross_references]
        self._untrusted = Matcher(
            [*commentary, "commentary/glossary", "commentary/*-register"]
            if config.edition_untrusted is None
            else config.edition_untrusted
        )
        # A file in a folder too deep to be a note is no less a stranger's.
        self._deeper = Matcher(
            [f"{glob}/**" for glob in commentary] if config.edition_untrusted is None else []
        )

    def part(self, docname: str) -> Part:
        """The part that *docname* belongs to."""
        # Asked several times for every document: globs are slow to match.
        if docname not in self._parts:
            self._parts[docname] = self._part(docname)
        return self._parts[docname]

    def _part(self, docname: str) -> Part:
        if self._text(docname):
            return Part.TEXT
        if docname.rpartition("/")[2] == "index":
            return Part.OTHER
        if self._cross_references(docname):
            return Part.CROSS_REFERENCE
        if self._notes(docname):
            return Part.NOTE
        return Part.OTHER

    def untrusted(self, docname: str) -> bool:
        """Whether strangers write *docname*; index pages are reviewed by people."""
        if docname not in self._strangers:
            self._strangers[docname] = self._is_untrusted(docname)
        return self._strangers[docname]

    def _is_untrusted(self, docname: str) -> bool:
        if self._text(docname):
            return False
        is_index = docname.rpartition("/")[2] == "index"
        return self._deeper(docname) or (self._untrusted(docname) and not is_index)
