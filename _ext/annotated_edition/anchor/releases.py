"""Addresses that last, and what changed: the edition compared with its released versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from annotated_edition.model.edition import Edition, Link
from annotated_edition.model.records import NoteWords, Problem, Subtype
from annotated_edition.model.releases import Release, ReleasedNote
from annotated_edition.text.control import brief
from annotated_edition.text.suggest import did_you_mean, nearest
from annotated_edition.text.words import Day, NoteId, Words


@dataclass(frozen=True, slots=True)
class Changes:
    """What one version has that the one before hadn't, and the reverse.

    ``version`` is empty for what isn't released yet.  Retired notes have no page: their links
    have no document.
    """

    version: Words
    day: Day
    added: tuple[Link, ...]
    revised: tuple[Link, ...]
    retired: tuple[Link, ...]


@dataclass(frozen=True)
class Lasting:
    """Where old addresses lead.

    ``pages`` has every page that was released and is gone: its title, and the document to which
    it leads, or none.  ``passages`` has for each page, gone or not, passages that stood there:
    their ids, and the documents in which they are now.  ``files`` has what stood beside the pages
    and goes by another name now: its old name, and the new one.
    """

    pages: Mapping[str, Link] = field(default_factory=dict)
    passages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def present(
    edition: Edition,
    words: Mapping[str, NoteWords],
    version: Words,
    day: Day,
    files: Iterable[str] = (),
) -> Release:
    """The edition as it is now, as a release.

    *words* is what each note says, by its id, and *files* are the names of those beside the pages.
    """
    return Release(
        version,
        day,
        {
            NoteId(id_): ReleasedNote(
                page.note.docname, page.note.title, _digest(words.get(id_), page.note.readings)
            )
            for id_, page in edition.notes.items()
        },
        {place.id: place.docname for place in edition.all_places},
        tuple(files),
    )


def _digest(*said: object) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def lasting(
    releases: Sequence[Release], now: Release, documents: Set[str], moved: Mapping[str, str]
) -> Lasting:
    """Where the addresses of all *releases* lead now.

    *documents* are all there are, *moved* names by a note's id or a document what took its place,
    or nothing where nothing did.
    """
    pages: dict[str, Link] = {}
    passages: dict[str, dict[str, str]] = {}
    files: dict[str, str] = {}
    problems, misnamed = _misnamed(releases, now, documents, moved)
    for release in releases:
        for id_, note in release.notes.items():
            if note.docname in documents:
                continue
            successor = _successor(id_, note.docname, now, documents, moved)
            pages[note.docname] = Link(note.title, successor or "")
            if successor is None and release is releases[-1] and id_ not in misnamed:
                problems.append(
                    Problem(
                        Subtype.DANGLING,
                        "conf.py",
                        0,
                        f"the note {id_!r} was in version {release.version} and is gone: name in "
                        "edition_moved the note that took its place, or nothing: "
                        f'{{"{id_}": ""}}',
                    )
                )
        for passage, docname in release.passages.items():
            place = now.passages.get(passage)
            if place is not None and place != docname:
                passages.setdefault(docname, {})[passage] = place
                if docname not in documents:
                    pages.setdefault(docname, Link(Words(docname.rpartition("/")[2]), place))
        for file in {*release.files} - {*now.files}:
            successor = _file_now(file, now, moved)
            if successor:
                files[file] = successor
            elif successor is None and release is releases[-1] and file not in misnamed:
                problems.append(
                    Problem(
                        Subtype.DANGLING,
                        "conf.py",
                        0,
                        f"the file {file!r} was in version {release.version} and is gone: name in "
                        "edition_moved the file that took its place, or nothing: "
                        f'{{"{file}": ""}}',
                    )
                )
    return Lasting(pages, passages, files, tuple(problems))


def _misnamed(
    releases: Sequence[Release], now: Release, documents: Set[str], moved: Mapping[str, str]
) -> tuple[list[Problem], set[str]]:
    """What *moved* names that never was or isn't there, and the released names that are meant."""
    if not releases:
        return [], set()  # written ahead of the first
    notes = {str(id_): note for one in releases for id_, note in one.notes.items()}
    files = {file for one in releases for file in one.files}
    pages = {note.docname for note in notes.values()} | {
        docname for one in releases for docname in one.passages.values()
    }
    released = {*notes, *files, *pages}
    there = {*map(str, now.notes), *now.files, *documents}
    gone = released - there
    problems, meant = [], set()

    def add(message: str) -> None:
        problems.append(Problem(Subtype.DANGLING, "conf.py", 0, f"edition_moved {message}"))

    for old, new in moved.items():
        if old not in released | set(moved.values()):
            close = nearest(old, gone - moved.keys())
            meant |= {close} if close else set()
            hint = f"did you mean {close!r}?" if close else "take it out"
            add(f"names {brief(old)!r}, which was in no released version: {hint}")
        if new and new not in there | released | moved.keys():
            meant.add(old)
            hint = did_you_mean(new, there, 'name what took its place, or "" for nothing')
            add(f"sends {brief(old)!r} to {brief(new)!r}, which isn't there: {hint}")
    return problems, meant


def _file_now(name: str, now: Release, moved: Mapping[str, str]) -> str | None:
    """The file that took another's place; empty for none, None where nobody says so."""
    seen: set[str] = set()
    while name in moved and name not in seen:
        seen.add(name)
        name = moved[name]
        if name in now.files or not name:
            return name
    return None


def _successor(
    id_: NoteId, docname: str, now: Release, documents: Set[str], moved: Mapping[str, str]
) -> str | None:
    """The document that took a note's place; empty for none, None where nobody says so."""
    seen: set[str] = set()
    name = str(id_)
    while name not in seen:
        seen.add(name)
        if name in now.notes:
            return now.notes[NoteId(name)].docname
        if name in documents:
            return name
        if name in moved:
            name = moved[name]
        elif docname in moved and docname not in seen:
            name = moved[docname]
        else:
            return None
        if not name:
            return ""
    return None


def history(releases: Sequence[Release], now: Release) -> list[Changes]:
    """What changed, newest first: since the last version, and from version to version."""
    found = []
    for before, after in zip([None, *releases], [*releases, now], strict=True):
        if before is None:
            continue
        names = after.notes.keys()
        found.append(
            Changes(
                after.version,
                after.day,
                _links(after, [name for name in names if name not in before.notes], now),
                _links(
                    after,
                    [
                        name
                        for name in names
                        if name in before.notes
                        and before.notes[name].digest != after.notes[name].digest
                    ],
                    now,
                ),
                _links(before, [name for name in before.notes if name not in names], now),
            )
        )
    return found[::-1]


def _links(release: Release, names: Sequence[NoteId], now: Release) -> tuple[Link, ...]:
    """Notes by their titles then, and their pages now."""
    return tuple(
        Link(
            release.notes[name].title,
            now.notes[name].docname if name in now.notes else "",
        )
        for name in names
    )
