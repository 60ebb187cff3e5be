"""The text, alone and with its notes, as plain text and as Markdown.

Of a note there is what stands beside the text, and the address of the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from annotated_edition.model.edition import Edition, Mark, NotePage, WovenPassage
from annotated_edition.model.records import NoteWords
from annotated_edition.text.commonmark import escaped
from annotated_edition.text.control import tidy
from annotated_edition.weave.about import About


class Downloads:
    """Writes the files.

    *passages* are woven passages and their texts in reading order, *title* gives a document's
    title, *address* a note's page, *words* what a note says.
    """

    def __init__(
        self,
        about: About,
        edition: Edition,
        passages: Sequence[tuple[WovenPassage, str]],
        *,
        title: Callable[[str], str],
        address: Callable[[str], str],
        words: Callable[[str], NoteWords | None],
    ) -> None:
        self.about = about
        self.edition = edition
        self.passages = passages
        self.title = title
        self.address = address
        self.words = words

    def plain(self, *, with_notes: bool) -> str:
        """Plain text: each passage a line, its number before it."""
        return "\n\n".join(self._plain(with_notes)) + "\n"

    def markdown(self, *, with_notes: bool) -> str:
        """Markdown; notes are footnotes, as many dialects have them."""
        return "\n\n".join(self._markdown(with_notes)) + "\n"

    def _head(self) -> Iterator[str]:
        yield self.about.text_title
        authors = ", ".join(author.spoken for author in self.about.text_authors)
        about = [authors, self.about.text_date, self.about.text_source]
        if said := ". ".join(filter(None, about)):
            yield said
        whole = [self.about.title, self.about.release, self.about.address]
        yield ", ".join(filter(None, whole))

    def _pages(self) -> Iterator[tuple[str, list[tuple[WovenPassage, str]]]]:
        for docname, found in groupby(self.passages, lambda one: one[0].place.docname):
            yield self.title(docname), list(found)

    def _plain(self, with_notes: bool) -> Iterator[str]:
        yield from self._head()
        told: set[str] = set()
        for title, passages in self._pages():
            yield title.upper() if title.upper() != title else title
            for woven, text in passages:
                yield f"{woven.place.sign} {' '.join(text.split())}"
                for mark in woven.marks if with_notes else ():
                    if not mark.id:
                        continue  # its words go on
                    if mark.note not in told:
                        told.add(mark.note)
                        page = self.edition.notes[mark.note]
                        quoted = " ".join(text[mark.start : mark.end].split())
                        yield "\n".join(self._plain_note(page, quoted))

    def _plain_note(self, page: NotePage, quoted: str) -> Iterator[str]:
        yield f"    [{page.number}] {quoted}: {page.note.title}"
        said = self.words(page.note.docname)
        if said:
            yield f"    {tidy(said.gist)}"
        yield f"    {self.address(page.note.docname)}"

    def _markdown(self, with_notes: bool) -> Iterator[str]:
        title, *about = self._head()
        yield f"# {escaped(title)}"
        yield from map(escaped, about)
        told: list[str] = []
        for heading, passages in self._pages():
            yield f"## {escaped(heading)}"
            for woven, text in passages:
                marks = [mark for mark in woven.marks if mark.id and with_notes]
                told += [mark.note for mark in marks if mark.note not in told]
                yield f"**{woven.place.sign}** {_marked(text, marks)}"
        for note in told:
            yield self._markdown_note(self.edition.notes[note])

    def _markdown_note(self, page: NotePage) -> str:
        said = self.words(page.note.docname)
        gist = f" {escaped(tidy(said.gist))}" if said else ""
        address = self.address(page.note.docname)
        return f"[^{page.note.id}]: **{escaped(page.note.title)}**{gist} <{address}>"


def _marked(text: str, marks: Sequence[Mark]) -> str:
    """A passage with its footnotes' marks."""
    pieces, at = [], 0
    for mark in marks:
        pieces += [escaped(text[at : mark.end]), f"[^{mark.note}]"]
        at = mark.end
    return " ".join("".join([*pieces, escaped(text[at:])]).split())
