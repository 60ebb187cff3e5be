"""What one build of the edition holds, and at which addresses: a file beside its pages.

Versions that stand beside each other are linked by these files, place by place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from annotated_edition.model.releases import Release, ReleasesError, as_data, docname_in, from_data
from annotated_edition.text.words import Day, Words

#: The file's name, in the folder of the pages.
NAME = "version.json"
#: A version's number is the name of its folder, too.
NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}(?<!\.)")
#: The folder of what is built of the edition as it is now.
LATEST = "latest"
#: A page's address, from the folder of the pages; never a way out of it.
_ADDRESS = re.compile(r"(?!/)(?!.*(?:^|/)\.\.?(?:/|$))[^\\:?#\x00-\x20]*")
_STANDINGS = ("released", "later", "unreleased")


@dataclass(frozen=True, slots=True)
class Document:
    """A page: its address from the folder of the pages, and its title."""

    address: str
    title: Words


@dataclass(frozen=True, slots=True)
class Built:
    """One build of the edition.

    ``held`` is what it holds, as a release.  ``standing`` says whether it is the released version
    of that number, and ``said`` is what its pages say of it.  ``signs`` are the passages' labels,
    by id.  ``moved`` is what took the place of a note or a document that was released and is gone
    (``edition_moved``), and ``released`` has number and day of each released version that it
    knows of, oldest first.  Pages that are ``linked`` lead to other versions already.
    """

    held: Release
    standing: str
    said: Words
    language: str
    title: Words
    root: str
    documents: Mapping[str, Document]
    signs: Mapping[str, Words]
    moved: Mapping[str, str]
    released: Sequence[tuple[Words, Day]]
    linked: bool = False

    @property
    def number(self) -> Words:
        """The version's number."""
        return self.held.version


def read(text: str) -> Built:
    """The build that a file tells of.  Raises ReleasesError."""
    try:
        return _built(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleasesError(f"{type(error).__name__}: {error}") from error


def written(built: Built) -> str:
    """The text of the file."""
    data = {
        **as_data(built.held),
        "standing": built.standing,
        "said": built.said,
        "language": built.language,
        "title": built.title,
        "root": built.root,
        "documents": {
            docname: {"address": page.address, "title": page.title}
            for docname, page in sorted(built.documents.items())
        },
        "signs": dict(built.signs),
        "moved": dict(built.moved),
        "released": [{"version": number, "day": day} for number, day in built.released],
        "linked": built.linked,
    }
    # Without spaces: laid out for people it takes ten times as long.
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def _built(data: Mapping[str, Any]) -> Built:
    held = from_data(data)
    if not NUMBER.fullmatch(held.version) or held.version == LATEST:
        raise ValueError(f"{held.version!r} is no version's number")
    date.fromisoformat(held.day)
    if data["standing"] not in _STANDINGS:
        raise ValueError(f"standing is none of {', '.join(_STANDINGS)}")
    documents = {
        docname_in(name): Document(_address(page["address"]), Words(str(page["title"])))
        for name, page in data["documents"].items()
    }
    named = {docname_in(data["root"]), *_docnames(held)}
    if unknown := named - documents.keys():
        raise ValueError(f"no document is called {min(unknown)!r}")
    return Built(
        held,
        str(data["standing"]),
        Words(str(data["said"])),
        str(data["language"]),
        Words(str(data["title"])),
        str(data["root"]),
        documents,
        {str(id_): Words(str(sign)) for id_, sign in data["signs"].items()},
        {str(old): str(new) for old, new in data["moved"].items()},
        [(Words(str(one["version"])), Day(str(one["day"]))) for one in data["released"]],
        bool(data.get("linked")),
    )


def _docnames(held: Release) -> Iterable[str]:
    yield from (note.docname for note in held.notes.values())
    yield from held.passages.values()


def _address(address: object) -> str:
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is no page's address")
    return address
