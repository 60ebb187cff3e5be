"""Which documents are base text, notes, cross-references, and which kinds of notes there are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import takewhile

#: Whether a docname is one of those that some globs name.
Matches = Callable[[str], bool]


class Part(Enum):
    """What a document is to the edition."""

    TEXT = "text"
    NOTE = "note"
    CROSS_REFERENCE = "cross-reference"
    OTHER = "other"


@dataclass(frozen=True)
class Documents:
    """Sorts docnames into parts, by what each of the project's globs names.

    A document that several name is text before it is a cross-reference, and a
    cross-reference before it is a note.  Documents called ``index`` are never notes or
    cross-references.
    """

    is_text: Matches
    is_note: Matches
    is_cross_reference: Matches
    #: Below the folders that strangers write in, or named by ``edition_untrusted``.
    is_strangers: Matches
    #: The first page, and what ``edition_trusted`` names.
    is_trusted: Matches

    def __post_init__(self) -> None:
        # Asked several times for every document: globs are slow to match.
        object.__setattr__(self, "part", cache(self.part))
        object.__setattr__(self, "untrusted", cache(self.untrusted))

    def part(self, docname: str) -> Part:
        """The part that *docname* belongs to."""
        if self.is_text(docname):
            return Part.TEXT
        if _is_index(docname):
            return Part.OTHER
        if self.is_cross_reference(docname):
            return Part.CROSS_REFERENCE
        if self.is_note(docname):
            return Part.NOTE
        return Part.OTHER

    def untrusted(self, docname: str) -> bool:
        """Whether strangers may write *docname*: it is among theirs, and nobody vouches for it."""
        return self.is_strangers(docname) and not self.is_vouched_for(docname)

    def is_vouched_for(self, docname: str) -> bool:
        """Whether *docname* is a page of the text, or named as one that people review."""
        return self.is_text(docname) or self.is_trusted(docname)


def strangers_folders(globs: Iterable[str]) -> frozenset[str]:
    """The folders above those of the kinds that *globs* name, folded, each with a slash.

    ``commentary/`` for ``commentary/people/*``, ``notes/`` for ``notes/*``; an empty one, which
    is above everything, where a glob begins with a star or names no folder.
    """
    found = set()
    for above, last in map(_last_folder, globs):
        named = takewhile(lambda part: not re.search(r"[*?[]", part), (above or last).split("/"))
        folder = "/".join(named)
        found.add(f"{folded(folder)}/" if folder else "")
    return frozenset(found)


def folded(name: str) -> str:
    """A docname or path as file systems compare it that don't tell capital letters apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _is_index(docname: str) -> bool:
    return docname.rpartition("/")[2] == "index"


class Kinds:
    """The kinds that an edition is configured to have, or else those that it has notes of.

    ``titles`` has the title of each by its name, in their order.
    """

    def __init__(
        self, globs: Sequence[str], titles: Mapping[str, str], notes: Iterable[str]
    ) -> None:
        """*globs* name the notes, *titles* are the kinds', *notes* all notes' docnames."""
        self._globs = list(globs)
        self._folders: dict[str, str] = {}
        for folder in sorted({note.rpartition("/")[0] for note in notes} - {""}):
            self._folders.setdefault(folder.rpartition("/")[2], folder)
        self.titles: dict[str, str] = dict(titles) or {
            name: name.capitalize() for name in sorted(self._folders)
        }

    def folder(self, name: str) -> str | None:
        """The folder of a kind: where its notes are, or where ``edition_notes`` has room.

        A kind needs no title to have one.
        """
        if name in self._folders:
            return self._folders[name]
        for above, last in map(_last_folder, self._globs):
            if last in ("*", "**", name) and "*" not in above:
                return f"{above}/{name}" if above else name
        return None

    def any_folder(self) -> str:
        """Some folder that notes may lie in, for an edition without kinds."""
        above, last = _last_folder(self._globs[0] if self._globs else "commentary/*/*")
        folder = f"{above}/{last}" if above else last
        return folder.replace("**", "*").replace("*", "notes")


def _last_folder(glob: str) -> tuple[str, str]:
    """The folder of what a glob finds, parted into those above it and its own name."""
    # Two stars at the end find files in folders, too.
    folder = glob if glob.endswith("**") else glob.rpartition("/")[0]
    above, _slash, last = folder.rpartition("/")
    return above, last
