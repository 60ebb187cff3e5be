"""The same place in another version of the edition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotated_edition.model.versions import Built
from annotated_edition.text.words import NoteId


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A document of another version, and a passage on it, if the place is no whole page there."""

    docname: str
    passage: str = ""


class Places:
    """Finds places of one version in another.

    *builds* are all versions, newest first: what the newest says of where something moved counts,
    and what an older one said, where it doesn't.
    """

    def __init__(self, builds: Sequence[Built]) -> None:
        self._moved: dict[str, str] = {}
        for build in reversed(builds):
            self._moved |= build.moved
        self._came_from: dict[str, list[str]] = {}
        for old, new in self._moved.items():
            self._came_from.setdefault(new, []).append(old)

    def find(self, here: Built, docname: str, there: Built) -> Counterpart | None:
        """Where the document *docname* of *here* is *there*, if it is."""
        for id_, note in here.held.notes.items():
            if note.docname == docname:
                return self._note(id_, docname, there)
        passages = [id_ for id_, page in here.held.passages.items() if page == docname]
        if passages:
            return self._text(passages, docname, there)
        return self._document(docname, docname, there)

    def _note(self, id_: NoteId, docname: str, there: Built) -> Counterpart | None:
        for name in self._names(str(id_)):
            note = there.held.notes.get(NoteId(name))
            if note is not None:
                return Counterpart(note.docname)
        return self._document(str(id_), docname, there)

    def _text(self, passages: Sequence[str], docname: str, there: Built) -> Counterpart | None:
        kept = [id_ for id_ in passages if id_ in there.held.passages]
        if docname in there.documents and (
            not kept or any(there.held.passages[id_] == docname for id_ in kept)
        ):
            return Counterpart(docname)
        if kept:
            return Counterpart(there.held.passages[kept[0]], kept[0])
        return self._document(docname, docname, there)

    def _document(self, name: str, docname: str, there: Built) -> Counterpart | None:
        for one in dict.fromkeys([docname, *self._names(name), *self._names(docname)]):
            if one in there.documents:
                return Counterpart(one)
        return None

    def _names(self, name: str) -> Iterator[str]:
        """The names of something: this one, later ones, and earlier ones, the nearest first."""
        yield name
        seen, one = {name}, name
        while (one := self._moved.get(one, "")) and one not in seen:
            seen.add(one)
            yield one
        ahead = [name]
        for one in ahead:
            for before in self._came_from.get(one, ()):
                if before not in seen:
                    seen.add(before)
                    ahead.append(before)
                    yield before


def newest_first(builds: Mapping[str, Built], latest: Built) -> list[str]:
    """The numbers of released versions: as *latest* tells them, then those it doesn't know."""
    known = [str(number) for number, _day in latest.released]
    rest = sorted(set(builds) - set(known), key=_parts)
    return [number for number in [*rest, *known][::-1] if number in builds]


def _parts(number: str) -> list[tuple[int, int, str]]:
    """1.10 comes after 1.9."""
    found: list[tuple[int, int, str]] = []
    for part in number.replace("-", ".").replace("_", ".").split("."):
        found.append((1, int(part), "") if part.isdecimal() else (0, 0, part))
    return found
