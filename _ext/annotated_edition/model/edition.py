"""The edition as a whole, assembled: what stands where on every page.  No Sphinx here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from annotated_edition.model.records import Credit, Name, Note, Passage, Problem
from annotated_edition.text.words import NoteId, Words

_NOBODY = Credit()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage is: its label ("7", "a"), document and id there ("p7")."""

    label: str
    docname: str
    id: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A note's mark in a passage: the words it closes, and its own id."""

    note: NoteId
    number: int
    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TermLink:
    """A glossary term to be linked: where it stands and where it leads.

    ``digest`` stands for the entry, which the page may show.
    """

    start: int
    end: int
    docname: str
    id: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Gloss:
    """What stands beside the text for a note: enough to know when it changes."""

    note: NoteId
    number: int
    kind: str
    standing: str
    docname: str
    title: Words
    digest: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A cross-reference seen from one passage: its title and the other places."""

    title: Words
    others: tuple[QuotedPlace, ...]


@dataclass(frozen=True, slots=True)
class WovenPassage:
    """All that weaving puts into and after one passage."""

    place: Place
    marks: tuple[Mark, ...]
    glosses: tuple[Gloss, ...]
    terms: tuple[TermLink, ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A note to link to: its title and document."""

    title: Words
    docname: str


@dataclass(frozen=True, slots=True)
class QuotedPlace:
    """Words of the base text with a little context, and where they stand."""

    place: Place
    before: str
    words: str
    after: str
    #: The first and the last numbered line of verse that the words stand in.
    lines: tuple[int, int] | None = None
    #: Where the words begin in the passage's text; pages don't show it.
    start: int = field(default=0, compare=False, repr=False)

    @property
    def end(self) -> int:
        """Where the words end."""
        return self.start + len(self.words)


def first_in_each(quoted: Iterable[QuotedPlace]) -> list[QuotedPlace]:
    """The first of the quoted words of every passage, in the order given."""
    found: dict[Place, QuotedPlace] = {}
    for one in quoted:
        found.setdefault(one.place, one)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class NotePage:
    """All that weaving adds to a note's own page, and to its entry in lists."""

    number: int
    note: Note
    places: tuple[QuotedPlace, ...]
    see_also: tuple[Link, ...]
    previous: Link | None
    next: Link | None
    credit: Credit = _NOBODY


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A passage that mentions a name, and the offsets in its text where it does."""

    place: Place
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class NamedNote:
    """A note that mentions a name, and where: in ``title``, ``gist``, ``body``.

    ``is_own`` if the name is the note's subject, by what the register says; then
    ``parts`` may be empty.
    """

    note: NoteId
    number: int
    title: Words
    docname: str
    parts: tuple[str, ...]
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class IndexedName:
    """A name of a register, the id that it has there, and all that mention it.

    Passages and notes stand in the order of the text.
    """

    name: Name
    id: str
    places: tuple[NamedPlace, ...]
    notes: tuple[NamedNote, ...]


@dataclass
class Edition:
    """The edition, assembled: answers for every page, and the problems found."""

    places: tuple[Place, ...] = ()
    passages: dict[tuple[str, int], WovenPassage] = field(default_factory=dict)
    #: In text order; the key is the note's id.
    notes: dict[str, NotePage] = field(default_factory=dict)
    #: Places of each cross-reference, by its document.
    cross_references: dict[str, tuple[QuotedPlace, ...]] = field(default_factory=dict)
    #: Where each glossary entry occurs, by document and first term's id.
    occurrences: dict[tuple[str, str], tuple[QuotedPlace, ...]] = field(default_factory=dict)
    #: The registers by document and number there, each sorted by its heads.
    registers: dict[tuple[str, int], tuple[IndexedName, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: The names of notes' files that are no part of it, for a mistake that is reported.
    refused: frozenset[str] = frozenset()

    def note_of(self, docname: str) -> NotePage | None:
        """The note whose page *docname* is, if it is attached."""
        page = self.notes.get(docname.rpartition("/")[2])
        return page if page is not None and page.note.docname == docname else None

    def marks(self) -> dict[str, list[tuple[Place, Mark]]]:
        """The marks of each note, by its id, in the order of the text, and their passages."""
        found: dict[str, list[tuple[Place, Mark]]] = defaultdict(list)
        for woven in self.passages.values():
            for mark in woven.marks:
                found[mark.note].append((woven.place, mark))
        return found

    def index(self) -> Iterator[IndexedName]:
        """Every name of every register, with its forms and all that mention it.

        What a printed index is made of: registers by document, names in each as
        they are sorted.
        """
        for names in self.registers.values():
            yield from names


def number_passages(passages: Iterable[Passage]) -> Iterator[Place]:
    """Number the passages 1, 2, … and the lettered ones a, b, … z, aa, …"""
    numbered = lettered = 0
    for passage in passages:
        if passage.lettered:
            lettered += 1
            label = letters(lettered)
        else:
            numbered += 1
            label = str(numbered)
        yield Place(label, passage.docname, f"p{label}")


def letters(number: int) -> str:
    """The letter or letters for a number from 1: a, b, … z, aa, ab …"""
    label = ""
    while number:
        number, letter = divmod(number - 1, 26)
        label = chr(ord("a") + letter) + label
    return label
