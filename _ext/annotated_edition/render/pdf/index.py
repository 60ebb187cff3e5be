"""The index at the end of the book: heads, and the pages where they stand.

Each source is a function in :data:`SOURCES` that gives :class:`Entry` after entry; entries with
the same head are joined.  A further source needs nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from annotated_edition.domain import EditionDomain
from annotated_edition.render.pdf.places import Occurrences
from annotated_edition.text import sorting
from annotated_edition.weave.locales import locale_of

#: A place in the book: docname and id; an empty id is the document's beginning.
Place = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """A head of the index, and where it leads."""

    head: str
    #: Where it stands in the text.
    text: tuple[Place, ...] = ()
    #: Marks of the notes about it, each with the note's number.
    notes: tuple[tuple[int, Place], ...] = ()
    #: Where it is explained: an entry of the glossary, a note in full.
    explained: tuple[Place, ...] = ()
    #: Another head to look under, instead of all that.
    see: str = ""
    #: Whether it is a name, of which an article may be part.
    is_name: bool = False
    #: Tags of the languages that the head is in, where it isn't the book's.
    languages: tuple[str, ...] = ()

    def joined(self, other: Entry) -> Entry:
        """The same head with what *other* knows of it too."""
        return Entry(
            self.head,
            tuple(dict.fromkeys(self.text + other.text)),
            tuple(sorted(dict.fromkeys(self.notes + other.notes), key=lambda note: note[0])),
            tuple(dict.fromkeys(self.explained + other.explained)),
            is_name=self.is_name or other.is_name,
            languages=tuple(dict.fromkeys(self.languages + other.languages)),
        )


Source = Callable[[EditionDomain, Occurrences], Iterable[Entry]]


def glossary_terms(domain: EditionDomain, found: Occurrences) -> Iterator[Entry]:
    """The terms of the glossaries; further names of a term say where to look."""
    edition = domain.edition
    for entry in (entry for page in domain.pages.values() for entry in page.entries):
        (head, id_), *others = entry.terms
        places = edition.occurrences.get((entry.docname, id_), ())
        text = tuple(found.place_of(quoted) for quoted in places)
        yield Entry(head, text, explained=((entry.docname, id_),))
        for other, _ in others:
            yield Entry(other, see=head)


def note_titles(domain: EditionDomain, found: Occurrences) -> Iterator[Entry]:
    """The notes by their titles, and by the names that they give in other languages."""
    marks = _marks(domain)
    for id_, page in domain.edition.notes.items():
        note = page.note
        notes, explained = tuple(marks.get(id_, ())), ((note.docname, ""),)
        yield Entry(note.title, notes=notes, explained=explained)
        for tag, name in note.names:
            yield Entry(name, notes=notes, explained=explained, languages=(tag,))


def registered_names(domain: EditionDomain, found: Occurrences) -> Iterator[Entry]:
    """The names of the registers: in the text, in notes at its foot, and where all else stands.

    A note that names somebody in full alone leads to its place in the commentary; the register
    is where to look if nothing else is.
    """
    marks = _marks(domain)
    for (docname, _), names in domain.edition.registers.items():
        for name in names:
            in_full = tuple(
                (note.docname, "")
                for note in name.notes
                if note.is_own or set(note.parts) - {"gist"}
            )
            yield Entry(
                name.name.head,
                tuple(at for place in name.places for at in found.each(place)),
                tuple(
                    mark
                    for note in name.notes
                    if note.is_own or "gist" in note.parts
                    for mark in marks.get(note.note, ())
                ),
                in_full or ((docname, name.id),),
                is_name=True,
            )


def _marks(domain: EditionDomain) -> dict[str, list[tuple[int, Place]]]:
    """The marks of each note, by its id: its number, and where the mark stands."""
    return {
        note: [(mark.number, (place.docname, mark.id)) for place, mark in found]
        for note, found in domain.edition.marks().items()
    }


SOURCES: tuple[Source, ...] = (glossary_terms, note_titles, registered_names)


def entries(domain: EditionDomain, found: Occurrences) -> list[Entry]:
    """All entries, in the order of the alphabet."""
    joined: dict[str, Entry] = {}
    for source in SOURCES:
        for entry in source(domain, found):
            key = entry.head.casefold()
            known = joined.get(key)
            if known is None or known.see:
                joined[key] = entry
            elif not entry.see:
                joined[key] = known.joined(entry)
    language = str(domain.env.config.language)

    def order(entry: Entry) -> tuple[bool, str, str]:
        return sorting.sort_key(entry.head, language, name=entry.is_name)

    return sorted(joined.values(), key=order)


def languages_of(entry: Entry, language: str) -> str:
    """The languages of a head that isn't in the book's, in the book's words."""
    named = locale_of(language).languages
    codes = (tag.partition("-")[0] for tag in entry.languages)
    return ", ".join(dict.fromkeys(named.get(code, code) for code in codes))


def initial(entry: Entry, language: str) -> str:
    """The letter that an entry stands under; ``""`` for figures and scripts without case."""
    return sorting.initial(entry.head, language, name=entry.is_name)
