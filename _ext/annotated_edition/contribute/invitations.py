"""From reading to contributing: where each file is changed, and where a note begins.

The addresses are plain links.  What a script needs to make a note of the words
that a reader selects lies in a file of its own, which pages load when it is asked
for: the text of the whole edition, since a quote must be unique in all of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import count, dropwhile, islice
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
from annotated_edition.text.suggest import file_name, in_latin_letters

_ = get_translation("annotated_edition")

#: The file for the script, beside the theme's own.
TEXT_FILE = "edition-text.js"

#: Where repositories say how to contribute, from their root.
CONTRIBUTING = ("CONTRIBUTING.md", "CONTRIBUTING.rst", ".github/CONTRIBUTING.md")

#: Servers refuse addresses that are longer, in bytes.
MOST_ADDRESS = 8192

#: A note on a passage as a whole begins with its first words, or with so many
#: characters where none part words.
_OPENING, _OPENING_LENGTH = 4, 80


class NewNote(NamedTuple):
    """The page on which a note on a passage begins."""

    place: Place
    address: str


def _numbered(name: str) -> Iterator[str]:
    """A file's name, and those to take where it is taken."""
    yield name
    yield from (f"{name}-{number}" for number in count(2))


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

    @property
    def contributing(self) -> str:
        """Where the repository says how to contribute, or nothing."""
        if self._repository is None:
            return ""
        steps = self._repository.folder.count("/")
        root = Path(self._env.srcdir, *[".."] * steps).resolve()
        found = (name for name in CONTRIBUTING if (root / name).is_file())
        return next(map(self._repository.view, found), "")

    @property
    def issue(self) -> str:
        """Where a mistake is told, or nothing."""
        return self._repository.issue if self._repository else ""

    def edit_file(self, path: str) -> str:
        """Where a file is changed, by its path from the project's folder; or nothing."""
        return self._repository.edit(path) if self._repository else ""

    def new_notes(self, docname: str | None = None) -> list[NewNote]:
        """Where a note on each passage begins: on those of a page, or on all."""
        if self._repository is None:
            return []
        return [
            NewNote(place, self._new(number))
            for number, place in enumerate(self._edition.places)
            if docname in (place.docname, None)
        ]

    def _new(self, number: int) -> str:
        """The address of a note on a passage; without context if it were too long with it."""
        assert self._repository is not None
        quote = self._openings[number]
        name = f"{self._names[number]}{suffix_of(self._env.config)}"
        folder = self.folders[0][1]
        for said in (quote, Quote(quote.exact)):
            content = self._unsorted.replace("{quote}", as_yaml(said), 1)
            address = self._repository.new(folder, name, content)
            if len(address) <= MOST_ADDRESS:
                break
        return address

    @cached_property
    def _openings(self) -> list[Quote]:
        return [self._opening(number) for number in range(len(self._texts))]

    @cached_property
    def _names(self) -> list[str]:
        """For a note on each passage a file's name that no note has, nor another passage's."""
        taken = set(self.taken)
        openings = [file_name(quote.exact) for quote in self._openings]
        names = []
        for opening, place in zip(openings, self._edition.places, strict=True):
            alone = openings.count(opening) == 1 and opening not in taken
            name = opening if opening and alone else f"{opening or 'note'}-{place.id}"
            names.append(next(one for one in _numbered(name) if one not in taken))
            taken.add(names[-1])
        return names

    @cached_property
    def taken(self) -> list[str]:
        """What no new note can be called."""
        marks = [mark.id for found in self._edition.marks().values() for _, mark in found]
        notes = [str(page.note.id) for page in self._pages.values() if page.note]
        return sorted({"index", *notes, *(name.removeprefix("noteref-") for name in marks)})

    def _opening(self, number: int) -> Quote:
        """A passage's first words, with context where they stand elsewhere, too."""
        # Of a dash that begins a paragraph nobody writes.
        words = dropwhile(lambda word: not any(map(str.isalnum, word)), self._texts[number].split())
        opening = " ".join(islice(words, _OPENING))[:_OPENING_LENGTH]
        quote = Quote(opening.rstrip(" ,;:.") or self._texts[number].strip())
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
    def _unsorted(self) -> str:
        """The same where no script asks for the kind."""
        names = [folder.rpartition("/")[2] for _title, folder in self.folders]
        return draft("{quote}", str(_("Title")), self._env.config, names)

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
        paste = (
            _("Fork the repository, and add the file to your copy: its text is on the clipboard.")
            if self._repository.forks_first
            else _("The note’s text is on the clipboard: paste it there.")
        )
        content = {
            "address": self._repository.new_pattern(),
            "takesText": self._repository.takes_text,
            "template": self._template,
            "most": MOST_ADDRESS,
            "suffix": suffix_of(self._env.config),
            "kinds": self.folders,
            "taken": self.taken,
            "letters": in_latin_letters("".join(self._texts)),
            "words": {
                "comment": _("Comment on these words"),
                "kind": _("Kind of note"),
                "long": _("The first and the last words alone: an address holds no more."),
                "paste": paste,
                "about": _("On the words"),
                "elsewhere": _("This passage doesn’t have these words."),
                "several": _("The first of several places; select the words to choose another."),
            },
            "passages": [
                [place.id, text]
                for place, text in zip(self._edition.places, self._texts, strict=True)
            ],
        }
        # What is translated is no string before it is asked for.
        return f"window.editionText={json.dumps(content, ensure_ascii=False, default=str)};\n"
