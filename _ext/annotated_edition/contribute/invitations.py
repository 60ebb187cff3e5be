"""From reading to contributing: where each file is changed, and where a note begins.

The addresses are plain links.  What a script needs to make a note of the words
that a reader selects lies in a file of its own, which pages load when it is asked
for: the text of the whole edition, since a quote must be unique in all of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation

from annotated_edition.contribute.draft import as_yaml, draft, suffix_of
from annotated_edition.contribute.hosts import Repository
from annotated_edition.model.documents import Documents, Kinds
from annotated_edition.model.edition import Edition, Place
from annotated_edition.model.records import Page
from annotated_edition.text.anchoring import BaseText, Quote

_ = get_translation("annotated_edition")

#: The file for the script, beside the theme's own.
TEXT_FILE = "edition-text.js"

#: Servers refuse addresses that are longer, in bytes.
MOST_ADDRESS = 8192

#: A note on a passage as a whole begins with its first words, or with so many
#: characters where none part words.
_OPENING, _OPENING_LENGTH = 5, 80


class NewNote(NamedTuple):
    """The page on which a note on a passage begins."""

    place: Place
    address: str


class Invitations:
    """What the edition's pages invite their readers to do; nothing without a repository."""

    def __init__(
        self,
        env: BuildEnvironment,
        repository: Repository | None,
        edition: Edition,
        pages: Mapping[str, Page],
        documents: Documents,
        kinds: Kinds,
    ) -> None:
        self._env = env
        self._repository = repository
        self._edition = edition
        self._pages = pages
        self._documents = documents
        self._kinds = kinds

    def edit(self, docname: str) -> str:
        """Where a document's file is changed, or nothing."""
        if self._repository is None:
            return ""
        path = Path(self._env.doc2path(docname)).relative_to(self._env.srcdir)
        return self._repository.edit(path.as_posix())

    def new_notes(self, docname: str | None = None) -> list[NewNote]:
        """Where a note on each passage begins: on those of a page, or on all."""
        if self._repository is None:
            return []
        return [
            NewNote(place, self._new(number, place))
            for number, place in enumerate(self._edition.places)
            if docname in (place.docname, None)
        ]

    def _new(self, number: int, place: Place) -> str:
        """The address of a note on a passage; without context if it were too long with it."""
        assert self._repository is not None
        quote = self._opening(number)
        name = f"note-on-{place.id}{suffix_of(self._env.config)}"
        folder = self.folders[0][1]
        for said in (quote, Quote(quote.exact)):
            content = self._template.replace("{quote}", as_yaml(said), 1)
            address = self._repository.new(folder, name, content)
            if len(address) <= MOST_ADDRESS:
                break
        return address

    def _opening(self, number: int) -> Quote:
        """A passage's first words, with context where they stand elsewhere, too."""
        words = self._texts[number].split()[:_OPENING]
        quote = Quote(" ".join(words)[:_OPENING_LENGTH].rstrip())
        for anchor in self._base_text.find(quote):
            if anchor.passage == number:
                return self._base_text.single_out(quote, anchor)
        return quote

    @cached_property
    def _texts(self) -> list[str]:
        text = {
            (passage.docname, passage.index): passage.text
            for page in self._pages.values()
            for passage in page.passages
        }
        return [text[key] for key in self._edition.passages]

    @cached_property
    def _base_text(self) -> BaseText:
        return BaseText(self._texts)

    @cached_property
    def _template(self) -> str:
        """A new note, with ``{quote}`` for what follows ``quote:``."""
        return draft("{quote}", str(_("Title")), self._env.config)

    @cached_property
    def folders(self) -> list[tuple[str, str]]:
        """Title and folder of each kind; without any, the first folder that notes may lie in."""
        kinds = self._kinds
        found = [(title, kinds.folder(name)) for name, title in kinds.titles.items()]
        return [(title, folder) for title, folder in found if folder] or [("", kinds.any_folder())]

    def write(self, static: Path) -> None:
        """Write the script's file into the folder *static*, or remove an old one."""
        path = static / TEXT_FILE
        if self.new_notes():
            path.write_text(self.text_file(), encoding="utf-8")
        else:
            path.unlink(missing_ok=True)

    def text_file(self) -> str:
        """What the script needs, as a script: file:// lets pages load nothing else.

        In the passages' order: their ids and words; besides, the pattern of a new
        file's address and content, kinds, names that are taken, and the labels.
        """
        assert self._repository is not None
        marks = [mark.id for found in self._edition.marks().values() for _, mark in found]
        content = {
            "address": self._repository.new_pattern(),
            "takesText": self._repository.takes_text,
            "template": self._template,
            "most": MOST_ADDRESS,
            "suffix": suffix_of(self._env.config),
            "kinds": self.folders,
            "taken": sorted({"index"} | {name.removeprefix("noteref-") for name in marks}),
            "words": {
                "comment": _("Comment on these words"),
                "kind": _("Kind of note"),
                "long": _("The first and the last words alone: an address holds no more."),
                "paste": _("The note’s text is on the clipboard: paste it there."),
            },
            "passages": [
                [place.id, text]
                for place, text in zip(self._edition.places, self._texts, strict=True)
            ],
        }
        # What is translated is no string before it is asked for.
        return f"window.editionText={json.dumps(content, ensure_ascii=False, default=str)};\n"
