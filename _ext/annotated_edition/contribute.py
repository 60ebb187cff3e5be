"""From reading to contributing: where each file is changed, and where a note begins.

The addresses are plain links.  What a script needs to make a note of the words
that a reader selects lies in a file of its own, which pages load when it is asked
for: the text of the whole edition, since a quote must be unique in all of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation

from annotated_edition.anchoring import BaseText
from annotated_edition.documents import Documents, Part
from annotated_edition.edition import Edition, Place
from annotated_edition.hosting import Repository
from annotated_edition.model import Page, Quote

_ = get_translation("annotated_edition")

#: The file for the script, beside the theme's own.
TEXT_FILE = "edition-text.js"

#: Servers refuse addresses that are longer, in bytes.
MOST_ADDRESS = 8192

#: A note on a passage as a whole begins with its first words.
_OPENING = 5

#: What every YAML takes for text without quotation marks.
_PLAIN = re.compile(
    r"(?!(?:null|true|false|yes|no|on|off|y|n)\Z)[^\W\d_][\w ,.;'’-]*(?<! )\Z", re.IGNORECASE
)


class Kind(NamedTuple):
    """A kind of note: its title and the folder of its files."""

    title: str
    folder: str


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
    ) -> None:
        self._env = env
        self._repository = repository
        self._edition = edition
        self._pages = pages
        self._documents = documents

    def on(self, docname: str) -> list[str]:
        """All addresses on a page: they are inputs of it."""
        part = self._documents.part(docname)
        if part is Part.TEXT:
            return [new.address for new in self.new_notes(docname)]
        page = self._pages.get(docname)
        return [self.edit(docname)] if part is not Part.OTHER or (page and page.entries) else []

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
        assert self._repository is not None
        quote = self._opening(number)
        said = {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
        lines = [f"  {name}: {scalar(words)}" for name, words in said.items() if words]
        value = f" {scalar(quote.exact)}" if len(lines) == 1 else "\n" + "\n".join(lines)
        content = self._template.replace("{quote}", value)
        name = f"note-on-{place.id}{self._suffix}"
        return self._repository.new(self._kinds[0].folder, name, content)

    def _opening(self, number: int) -> Quote:
        """A passage's first words, with context where they stand elsewhere, too."""
        words = self._texts[number].split()[:_OPENING]
        quote = Quote(" ".join(words))
        places = self._base_text.find(quote)
        if len(places) > 1:
            for candidate in self._base_text.candidates(quote):
                if candidate.anchor.passage == number:
                    if candidate.suffix:
                        return Quote(quote.exact, suffix=candidate.suffix)
                    return Quote(quote.exact, candidate.prefix)
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

    @property
    def _suffix(self) -> str:
        suffixes = list(self._env.config.source_suffix)
        return ".md" if ".md" in suffixes else suffixes[0]

    @property
    def _template(self) -> str:
        """A new note, with ``{quote}`` for what follows ``quote:``."""
        title = _("Title")
        heading = f"# {title}" if self._suffix == ".md" else f"{title}\n{'=' * len(title)}"
        hint = _(
            "Write here, in at most %d words, what a reader should know, and name your "
            "sources. More can follow in further paragraphs."
        ) % int(self._env.config.edition_gist_words)
        return f"---\nquote:{{quote}}\n---\n{heading}\n\n{hint}\n"

    @cached_property
    def _kinds(self) -> list[Kind]:
        """The kinds in their order; without any, the first folder that notes may lie in."""
        folders = dict(self._folders())
        kinds = self._env.config.edition_kinds or {kind: kind.capitalize() for kind in folders}
        known = [Kind(title, folders[kind]) for kind, title in kinds.items() if kind in folders]
        if known:
            return known
        globs = self._env.config.edition_notes or ["commentary/*/*"]
        folder = globs[0].rpartition("/")[0].replace("**", "*").replace("*", "notes")
        return [Kind("", folder)]

    def _folders(self) -> Iterator[tuple[str, str]]:
        """The folder of each kind: where one could be, and where there is one."""
        for glob in self._env.config.edition_notes:
            above = glob.rpartition("/")[0]
            for kind in self._env.config.edition_kinds:
                start, _slash, last = above.rpartition("/")
                folder = f"{start}/{kind}" if start else kind
                if last in ("*", "**", kind) and "*" not in start:
                    yield kind, folder
        for page in self._edition.notes.values():
            yield page.note.kind, page.note.docname.rpartition("/")[0]

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
            "suffix": self._suffix,
            "kinds": [list(kind) for kind in self._kinds],
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


def scalar(text: str) -> str:
    """Any text as a YAML value on one line: bare where that is safe, else in quotation marks."""
    return text if _PLAIN.match(text) else json.dumps(text, ensure_ascii=False)
