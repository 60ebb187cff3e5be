"""The index at the end of the book: heads, and the pages where they stand.

Each source is a function in :data:`SOURCES` that gives :class:`Entry` after entry; entries with
the same head are joined.  A further source needs nothing else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace

from annotated_edition.anchor.registers import forms_of, shown_forms
from annotated_edition.domain import EditionDomain
from annotated_edition.render.pdf.places import Occurrences
from annotated_edition.text import sorting
from annotated_edition.text.terms import TermFinder
from annotated_edition.weave.locales import locale_of

#: A place in the book: docname and id; an empty id is the document's beginning.
Place = tuple[str, str]

#: What parts a subject from what a title says of it; a quotation may begin that.
_LEADING = re.compile(r"^(?:[^\w(“‘«„\"]|\"(?=\s))+")


@dataclass(frozen=True)
class SubEntry:
    """A part of a head's subject, and where it leads."""

    words: str
    notes: tuple[tuple[int, Place], ...] = ()
    explained: tuple[Place, ...] = ()


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
    #: What of the above leads to a part of the subject.
    parts: tuple[SubEntry, ...] = ()
    #: Other heads to look under as well.
    see_also: tuple[str, ...] = ()

    def joined(self, other: Entry) -> Entry:
        """The same head with what *other* knows of it too."""
        return Entry(
            self.head,
            tuple(dict.fromkeys(self.text + other.text)),
            tuple(sorted(dict.fromkeys(self.notes + other.notes), key=lambda note: note[0])),
            tuple(dict.fromkeys(self.explained + other.explained)),
            is_name=self.is_name or other.is_name,
            languages=tuple(dict.fromkeys(self.languages + other.languages)),
            parts=self.parts + other.parts,
        )

    def apart(self) -> Entry:
        """The same, each place told once: a part's under the part."""
        notes = {note for part in self.parts for note in part.notes}
        explained = {place for part in self.parts for place in part.explained}
        return replace(
            self,
            notes=tuple(note for note in self.notes if note not in notes),
            explained=tuple(place for place in self.explained if place not in explained),
        )


class Subjects:
    """What the index's heads are about: one subject has one head, however it is called.

    A register's name is the head for all its forms, for a term of the glossary that is one of
    them, and for their plurals.
    """

    def __init__(self, domain: EditionDomain) -> None:
        self._language = str(domain.env.config.language)
        self._heads: dict[str, str] = {}
        registers = domain.edition.registers.values()
        for name in (one.name for names in registers for one in names):
            for form in forms_of(name):
                self._heads.setdefault(form, name.head)
        names = TermFinder(self._heads, proper=True)
        entries = [entry for page in domain.pages.values() for entry in page.entries]
        # Each form is looked up once, not once for each entry.
        terms_of_all = TermFinder(term for entry in entries for term, _ in entry.terms)
        plurals: dict[str, str] = {}
        for form, head in self._heads.items():
            if term := self._whole(terms_of_all, form):
                plurals.setdefault(term, head)
        for entry in entries:
            terms = [term for term, _ in entry.terms]
            known = (self._heads[form] for term in terms if (form := self._whole(names, term)))
            plural = (plurals[term] for term in terms if term in plurals)
            head = next(known, None) or next(plural, terms[0])
            for term in terms:
                self._heads[term] = head
        self._finder = TermFinder(self._heads)

    def head_of(self, words: str) -> str:
        """The head of the subject that is called by these *words*: themselves, if none is."""
        return self._heads.get(self._whole(self._finder, words), words)

    def part_of(self, title: str) -> tuple[str, str] | None:
        """The subject that a title begins with, and what it goes on with; None if with none."""
        bare = sorting.without_article(title, self._language)
        found = next(iter(self._finder.find(bare)), None)
        if found is None or re.search(r"\w", bare[: found.start]):
            return None
        return self._heads[found.term], _LEADING.sub("", bare[found.end :])

    def _whole(self, finder: TermFinder, words: str) -> str:
        """The term that *words* are, perhaps with an article; ``""`` if they are none."""
        bare = sorting.without_article(words, self._language)
        found = next(iter(finder.find(bare)), None)
        return found.term if found and (found.start, found.end) == (0, len(bare)) else ""


Source = Callable[[EditionDomain, Occurrences, Subjects], Iterable[Entry]]


def glossary_terms(
    domain: EditionDomain, found: Occurrences, subjects: Subjects
) -> Iterator[Entry]:
    """The terms of the glossaries; further names of a term say where to look."""
    edition = domain.edition
    for entry in (entry for page in domain.pages.values() for entry in page.entries):
        (first, id_), *_ = entry.terms
        head = subjects.head_of(first)
        places = edition.occurrences.get((entry.docname, id_), ())
        text = tuple(found.place_of(quoted) for quoted in places)
        yield Entry(head, text, explained=((entry.docname, id_),))
        for term, _ in entry.terms:
            yield from _see(term, head, domain)


def note_titles(domain: EditionDomain, found: Occurrences, subjects: Subjects) -> Iterator[Entry]:
    """The notes, and the names that they give in other languages.

    A title that begins with a subject is a part of that, or it. Others are seldom what a reader
    looks for: they are heads if nothing else leads to their notes, whose titles are all in the
    contents.
    """
    marks = _marks(domain)
    named = {
        note.note
        for names in domain.edition.registers.values()
        for name in names
        for note in name.notes
        if note.is_own or {"title", "gist"} & set(note.parts)
    }
    for id_, page in domain.edition.notes.items():
        note = page.note
        notes, explained = tuple(marks.get(id_, ())), ((note.docname, ""),)
        about = subjects.part_of(note.title)
        if about and about[1]:
            part = SubEntry(about[1], notes, explained)
            yield Entry(about[0], notes=notes, explained=explained, parts=(part,))
        elif about or id_ not in named:
            yield Entry(about[0] if about else note.title, notes=notes, explained=explained)
        for tag, name in note.names:
            yield Entry(name, notes=notes, explained=explained, languages=(tag,))


def registered_names(
    domain: EditionDomain, found: Occurrences, subjects: Subjects
) -> Iterator[Entry]:
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
            for form in shown_forms(name.name):
                yield from _see(form, name.name.head, domain)


def _see(form: str, head: str, domain: EditionDomain) -> Iterator[Entry]:
    """Where to look for *form*, unless *head* stands right there."""
    language = str(domain.env.config.language)
    first, other = (sorting.letters_of(words, language).split() for words in (form, head))
    if first[:1] != other[:1]:
        yield Entry(form, see=head)


def _marks(domain: EditionDomain) -> dict[str, list[tuple[int, Place]]]:
    """The marks of each note, by its id: its number, and where the mark stands."""
    return {
        note: [(mark.number, (place.docname, mark.id)) for place, mark in found]
        for note, found in domain.edition.marks().items()
    }


def _related(domain: EditionDomain, subjects: Subjects, heads: Set[str]) -> dict[str, list[str]]:
    """The heads to look under as well: those of the notes that a subject's own notes name.

    A note is a subject's own if a register says so, or if its title begins with the subject. Not
    every note on a page is related: only what an author wrote under ``see-also``, either way.
    """
    edition = domain.edition
    about: dict[str, list[str]] = defaultdict(list)
    for names in edition.registers.values():
        for name in names:
            for note in name.notes:
                if note.is_own:
                    about[note.note].append(name.name.head)
    for id_, page in edition.notes.items():
        part = subjects.part_of(page.note.title)
        if part:
            about[id_].append(part[0])
    names_of = {page.note.docname: id_ for id_, page in edition.notes.items()}
    found: dict[str, list[str]] = defaultdict(list)
    for id_, page in edition.notes.items():
        others = [other for link in page.see_also for other in about[names_of[link.docname]]]
        for head in dict.fromkeys(about[id_]):
            # What the same note is about stands there already.
            found[head] += [other for other in others if other not in about[id_]]
    return {head: [one for one in others if one in heads] for head, others in found.items()}


SOURCES: tuple[Source, ...] = (glossary_terms, note_titles, registered_names)


def entries(domain: EditionDomain, found: Occurrences) -> list[Entry]:
    """All entries, in the order of the alphabet."""
    language = str(domain.env.config.language)
    subjects = Subjects(domain)
    joined: dict[str, Entry] = {}
    for source in SOURCES:
        for entry in source(domain, found, subjects):
            key = entry.head.casefold()
            known = joined.get(key)
            if known is None or known.see:
                joined[key] = entry
            elif not entry.see:
                joined[key] = known.joined(entry)

    heads = {entry.head for entry in joined.values() if not entry.see}
    for head, others in _related(domain, subjects, heads).items():
        if known := joined.get(head.casefold()):
            also = sorted(set(others), key=lambda one: sorting.sort_key(one, language, name=True))
            joined[head.casefold()] = replace(known, see_also=tuple(also))

    def order(entry: Entry) -> tuple[bool, str, str]:
        return sorting.sort_key(entry.head, language, name=entry.is_name)

    def order_of_part(part: SubEntry) -> tuple[bool, str, str]:
        return sorting.sort_key(part.words, language)

    return sorted(
        (
            replace(entry.apart(), parts=tuple(sorted(entry.parts, key=order_of_part)))
            for entry in joined.values()
        ),
        key=order,
    )


def languages_of(entry: Entry, language: str) -> str:
    """The languages of a head that isn't in the book's, in the book's words."""
    named = locale_of(language).languages
    codes = (tag.partition("-")[0] for tag in entry.languages)
    return ", ".join(dict.fromkeys(named.get(code, code) for code in codes))


def initial(entry: Entry, language: str) -> str:
    """The letter that an entry stands under; ``""`` for figures and scripts without case."""
    return sorting.initial(entry.head, language, name=entry.is_name)
