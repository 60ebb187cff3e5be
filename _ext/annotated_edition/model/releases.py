"""What released versions of the edition held: which notes and passages, and on which pages.

One JSON file, ``edition_releases``, which the command ``release`` writes.  Addresses that were
printed are kept by it, and what changed between versions is told from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from annotated_edition.text.words import Day, NoteId, Words

#: What a document's name may be, so that a page is written for it; never a way out of the folder.
_DOCNAME = re.compile(r"(?!.*(?:^|/)\.\.?(?:/|$))[^/\\\x00-\x1f]+(?:/[^/\\\x00-\x1f]+)*")
_PASSAGE = re.compile(r"p[0-9a-z]+|p-[0-9a-z]+(?:-[0-9a-z]+)*")


class ReleasesError(ValueError):
    """A file that is none of ours; the message says why."""


@dataclass(frozen=True, slots=True)
class ReleasedNote:
    """A note as it was: its page, its title, and a digest of all that it said."""

    docname: str
    title: Words
    digest: str


@dataclass(frozen=True, slots=True)
class Release:
    """A version: its number and day, its notes by id, and the page of each passage by id.

    ``files`` are the names of those that stand beside the pages for readers to take, such as a PDF.
    """

    version: Words
    day: Day
    notes: Mapping[NoteId, ReleasedNote]
    passages: Mapping[str, str]
    files: tuple[str, ...] = ()


def read(text: str) -> list[Release]:
    """The releases in a file, oldest first.  Raises ReleasesError."""
    try:
        return [from_data(one) for one in json.loads(text)["releases"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleasesError(f"{type(error).__name__}: {error}") from error


def written(releases: Iterable[Release]) -> str:
    """The text of the file."""
    data = [as_data(release) for release in releases]
    return json.dumps({"releases": data}, ensure_ascii=False, indent=1) + "\n"


def as_data(release: Release) -> dict[str, object]:
    """A release as JSON has it."""
    return {
        "version": release.version,
        "day": release.day,
        "notes": {
            id_: {"page": note.docname, "title": note.title, "digest": note.digest}
            for id_, note in sorted(release.notes.items())
        },
        "passages": dict(release.passages),
        "files": list(release.files),
    }


def from_data(data: Mapping[str, Any]) -> Release:
    """The release that JSON has.  Raises ValueError, KeyError or TypeError for what is none."""
    notes, passages = data["notes"], data["passages"]
    if not isinstance(notes, dict) or not isinstance(passages, dict):
        raise ValueError("notes and passages are mappings")
    return Release(
        Words(str(data["version"])),
        Day(str(data["day"])),
        {
            NoteId(id_): ReleasedNote(
                docname_in(note["page"]), Words(str(note["title"])), str(note["digest"])
            )
            for id_, note in notes.items()
        },
        {_passage(id_): docname_in(docname) for id_, docname in passages.items()},
        tuple(_file(name) for name in data.get("files", ())),
    )


def docname_in(name: object) -> str:
    """*name*, if a page may be written for it.  Raises ValueError."""
    if not isinstance(name, str) or not _DOCNAME.fullmatch(name):
        raise ValueError(f"{name!r} is no document")
    return name


def _file(name: object) -> str:
    if "/" in docname_in(name):
        raise ValueError(f"{name!r} is no name of a file")
    return str(name)


def _passage(name: str) -> str:
    if not _PASSAGE.fullmatch(name):
        raise ValueError(f"{name!r} is no passage")
    return name
