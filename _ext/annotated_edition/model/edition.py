"""The edition as a whole, assembled: what stands where on every page.  No Sphinx here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

from annotated_edition.model.records import Credit, Name, Note, Passage, Problem
from annotated_edition.text.labels import LINE, as_id
from annotated_edition.text.words import NoteId, Token, Words

_NOBODY = Credit()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage is: its label ("7", "a", "2:14"), document and id there ("p7").

    ``own`` if the label is the text's, and not one that this edition counts; ``work`` is the
    title of the work, where a citation needs it, and ``by_line`` the label of a passage that is
    cited by its lines, with room for their numbers.  ``short`` is the part of a label that its
    headings don't say.
    """

    label: str
    docname: str
    id: str
    own: bool = False
    work: str = ""
    by_line: str = ""
    short: str = ""
    #: Of a heading, a cell and the like: what it is; the label is that of a passage beside it.
    part: str = ""

    @property
    def sign(self) -> str:
        """The label with its sign: ``¶7``, ``2:14``, ``Article 1(2)``, ``¶7, heading``."""
        sign = self.label if self.own else f"¶{self.label}"
        return f"{sign}, {self.part}" if self.part else sign

    @property
    def shown(self) -> str:
        """The label as the passage bears it, under its headings: ``¶7``, ``2:14``, ``(2)``."""
        return self.short or self.sign

    @property
    def cited(self) -> str:
        """The label as other pages name it, with the work if there are several."""
        return f"{self.work} {self.sign}" if self.work else self.sign


@dataclass(frozen=True, slots=True)
class Mark:
    """A note's mark in a passage: the words it closes, and its own id.

    Without an id it is none: the words run on into the next passage, where the mark stands.
    """

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
    #: The places of its own labels, in their order; none where it has one alone.
    inner: tuple[Place, ...] = ()


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
    #: The first and the last of the passage's own labels that they stand under.
    inner: tuple[Place, Place] | None = None
    #: Whether the note quotes the words that follow in the next passage, too.
    goes_on: bool = False
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
    #: Headings, cells and the like that have notes, by document and number there.
    parts: dict[str, dict[int, WovenPassage]] = field(default_factory=dict)
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

    @cached_property
    def all_places(self) -> tuple[Place, ...]:
        """All places that can be cited, in reading order: passages, and labels within them."""
        woven = self.passages.values()
        return tuple(place for one in woven for place in (one.inner or (one.place,)))

    def find_place(self, target: str) -> Place | None:
        """The passage of an id or label: ``p7``, ``7``, ``¶7``, ``2:14``; None for none or many."""
        return self._by_name.get(target)

    @cached_property
    def _by_name(self) -> dict[str, Place | None]:
        """Places by all that they can be called; None for what means several."""
        named: dict[str, Place | None] = {}
        for place in self.all_places:
            for name in {place.label, place.sign, place.cited}:
                named[name] = None if name in named else place
        # Ids are unique, and mean what they say.
        named.update((place.id, place) for place in self.all_places)
        return named

    def note_of(self, docname: str) -> NotePage | None:
        """The note whose page *docname* is, if it is attached."""
        page = self.notes.get(docname.rpartition("/")[2])
        return page if page is not None and page.note.docname == docname else None

    def marks(self) -> dict[str, list[tuple[Place, Mark]]]:
        """The marks of each note, by its id, in the order of the text, and their passages."""
        found: dict[str, list[tuple[Place, Mark]]] = defaultdict(list)
        parts = (woven for found in self.parts.values() for woven in found.values())
        for woven in (*self.passages.values(), *parts):
            for mark in woven.marks:
                if mark.id:
                    found[mark.note].append((woven.place, mark))
        for note, marks in found.items():
            # A heading's mark comes before those of passages after it.
            order = {quoted.place: number for number, quoted in enumerate(self.notes[note].places)}
            marks.sort(key=lambda one: (order.get(one[0], 0), one[1].end))
        return found

    def index(self) -> Iterator[IndexedName]:
        """Every name of every register, with its forms and all that mention it.

        What a printed index is made of: registers by document, names in each as
        they are sorted.
        """
        for names in self.registers.values():
            yield from names


def number_passages(
    passages: Iterable[Passage], titles: Mapping[str, str] | None = None
) -> Iterator[Place]:
    """Number the passages of each work 1, 2, … and the lettered ones a, b, … z, aa, …

    Those with labels of their own have these; *titles* are the works', by their names.  Every id
    is given once: of two passages with one label the second has another.
    """
    titles = titles or {}
    numbered: Counter[str] = Counter()
    lettered: Counter[str] = Counter()
    given: set[str] = set()
    known: dict[tuple[str, int], str] = {}
    beside: Counter[tuple[str, str, int]] = Counter()
    for passage in passages:
        by_line = passage.label if LINE in passage.label else ""
        if passage.label:
            label = passage.label
            if by_line:
                label = label.replace(LINE, str(passage.lines[0][1] if passage.lines else 0))
        elif passage.beside is not None:
            # A version has the labels of what it stands beside.
            key = passage.work, passage.docname, passage.beside
            beside[key] += 1
            label = known[passage.docname, passage.beside]
            label += f" ¶{beside[key]}" if beside[key] > 1 else ""
        elif passage.lettered:
            lettered[passage.work] += 1
            label = letters(lettered[passage.work])
        else:
            numbered[passage.work] += 1
            label = str(numbered[passage.work])
        known[passage.docname, passage.index] = label
        yield Place(
            label,
            passage.docname,
            _id_of(label, passage, given),
            own=bool(passage.label),
            work=titles.get(passage.work, ""),
            by_line=by_line,
            short=passage.short,
        )


def part_places(
    parts: Iterable[Passage], passages: Mapping[tuple[str, int], Place]
) -> Iterator[Place]:
    """Where headings, cells and the like are, named by a passage beside each."""
    counts: Counter[str] = Counter()
    for part in parts:
        assert part.near is not None
        near = passages[part.docname, part.near]
        name = f"{near.id}-{part.part}"
        counts[name] += 1
        count = counts[name]
        yield replace(
            near, id=f"{name}-{count}" if count > 1 else name, part=part.part, by_line="", short=""
        )


def inner_places(
    passages: Sequence[Passage], places: Sequence[Place]
) -> Iterator[tuple[Place, ...]]:
    """The places of the labels within each passage, the first of which is its own."""
    given = {place.id for place in places}
    for passage, place in zip(passages, places, strict=True):
        if len(passage.inner) < 2:
            yield ()
            continue
        rest = (
            Place(label, place.docname, _id_of(label, passage, given), own=True, work=place.work)
            for _start, label in passage.inner[1:]
        )
        yield (place, *rest)


def _id_of(label: str, passage: Passage, given: set[str]) -> str:
    """The id of a passage, which no other has: ``p7``, ``p-2-14``, ``p-tyger-7``."""
    name = f"p{label}"
    # A label within a passage is the text's own, in whatever script, even if that isn't labelled.
    if passage.work or passage.label or not Token.fits(name):
        name = "p-" + as_id(f"{passage.work} {label}")
    # A Token has an end.
    name = name[:_LONGEST_ID]
    found = name
    for number in count(2):
        if found not in given:
            break
        found = f"{name}-{number}"
    given.add(found)
    return found


#: Room is left for what other ids make of this one.
_LONGEST_ID = 200


def letters(number: int) -> str:
    """The letter or letters for a number from 1: a, b, … z, aa, ab …"""
    label = ""
    while number:
        number, letter = divmod(number - 1, 26)
        label = chr(ord("a") + letter) + label
    return label
