"""Resolving quotes: each to exactly one place of the text, or a problem says why not.

No Sphinx here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import NamedTuple

from annotated_edition.anchor import advice
from annotated_edition.model.edition import Place, number_passages, part_places
from annotated_edition.model.records import Note, Outside, Passage, Problem, Subtype
from annotated_edition.text.anchoring import Anchor, BaseText, Quote
from annotated_edition.text.control import brief
from annotated_edition.text.folding import has_room, is_unspaced
from annotated_edition.text.suggest import Suggestions


@dataclass(frozen=True)
class Text:
    """All that a quote is looked for in, page by page in reading order."""

    passages: Sequence[Passage]
    #: Headings, cells and the like, in which only words are looked for that no passage has.
    parts: Sequence[Passage] = ()
    #: The passages of pages that no toctree leads to.
    unlisted: Sequence[Passage] = ()
    #: Words of the text's pages where no note can stand.
    outside: Sequence[Outside] = ()
    #: Those of the works, by their names.
    titles: Mapping[str, str] = field(default_factory=dict)


class Searched(NamedTuple):
    """Passages in which a quote is looked for; ``numbers`` are theirs in the whole text.

    Those of parts follow the passages'.
    """

    text: BaseText
    places: Sequence[Place]
    numbers: Sequence[int]


class _Wanted(NamedTuple):
    """Which passages a quote is looked for in: those of a work or of pages, or all for none.

    Of these the ones of one *work* alone, where it isn't None; instead of passages *parts*, such
    as headings and cells; and folded *loose*.
    """

    scope: str
    work: str | None = None
    parts: bool = False
    loose: bool = False


class QuoteResolver:
    """Resolves quotes to the passages of a text; ``problems`` grows by those that can't be."""

    def __init__(self, text: Text) -> None:
        self.passages = text.passages
        self.places = tuple(number_passages(text.passages, text.titles))
        self._numbers = {(one.docname, one.index): at for at, one in enumerate(text.passages)}
        #: Those whose passage has a place, which names them.
        self.parts = [
            one
            for one in text.parts
            if one.near is not None and (one.docname, one.near) in self._numbers
        ]
        near = {key: self.places[number] for key, number in self._numbers.items()}
        self.part_places = tuple(part_places(self.parts, near))
        self.unlisted, self.outside = text.unlisted, text.outside
        self.text = BaseText([passage.text for passage in text.passages])
        self.problems: list[Problem] = []
        self.suggestions = Suggestions()
        self._searched: dict[_Wanted, Searched] = {}

    def notes(self, notes: Iterable[Note]) -> list[tuple[Note, list[Anchor]]]:
        """The attached notes in text order, each with its anchors in text order."""
        anchored = []
        for note in self._distinct(notes):
            anchors = self.anchors(note.docname, note.quotes)
            if anchors:
                anchors.sort(key=self._order)
                anchored.append((note, anchors))
        return sorted(anchored, key=lambda pair: (self._order(_first_mark(pair[1])), pair[0].id))

    def _order(self, anchor: Anchor) -> tuple[object, ...]:
        """Where an anchor comes in the order of the text."""
        number = anchor.passage - len(self.passages)
        if number < 0:
            return anchor.passage, 1, 0, anchor.end, anchor.start
        part = self.parts[number]
        near = self._numbers[part.docname, part.near or 0]
        return near, 0 if part.before else 2, number, anchor.end, anchor.start

    def anchors(self, docname: str, quotes: Sequence[Quote]) -> list[Anchor]:
        """Where the *quotes* of a document stand; of those that can't be attached, problems."""
        anchors: dict[Anchor, None] = {}
        for quote in quotes:
            if quote.scope and not self._search(_Wanted(quote.scope)).numbers:
                message = advice.unknown_scope(quote.scope, self.passages)
                self.problems.append(Problem(Subtype.DANGLING, docname, quote.line, message))
                continue
            part, found = self.find(quote)
            whole = [
                pieces
                for pieces in found
                if len(part.text.whole_words(quote, pieces)) == len(pieces)
            ]
            if found and not whole:
                message = advice.cut_words(part.text, quote, [pieces[0] for pieces in found])
                self.problems.append(Problem(Subtype.QUOTE_NOT_FOUND, docname, quote.line, message))
                continue
            found = [
                tuple(replace(piece, passage=part.numbers[piece.passage]) for piece in pieces)
                for pieces in whole
            ]
            if len(found) == 1 and found[0][-1] not in anchors:
                anchors |= dict.fromkeys(found[0])
                continue
            if len(found) == 1:
                subtype, message = (
                    Subtype.DUPLICATE_NOTE,
                    f"{brief(quote.exact)!r} is quoted twice: delete one",
                )
            elif found:
                subtype, message = (
                    Subtype.QUOTE_AMBIGUOUS,
                    advice.ambiguous(part.text, part.places, quote)
                    + advice.scopes([self.passage(pieces[0].passage) for pieces in found]),
                )
            else:
                seek = self.suggestions.one_more(docname)
                elsewhere = self._elsewhere(quote) if quote.scope and seek else ""
                subtype, message = (
                    Subtype.QUOTE_NOT_FOUND,
                    elsewhere
                    or advice.missing(
                        part.text, part.places, quote, self.unlisted, self.outside, seek=seek
                    )
                    + advice.filled_in(quote, [self.passages[one] for one in part.numbers]),
                )
            self.problems.append(Problem(subtype, docname, quote.line, message))
        return list(anchors)

    def find(self, quote: Quote) -> tuple[Searched, list[tuple[Anchor, ...]]]:
        """Where a quote stands: in passages; over the end of one; or else in what is none.

        Each place is an anchor in every passage that it runs through.
        """
        wanted = _Wanted(quote.scope)
        part, found = self._find_in(wanted, quote)
        # Only for who looks in vain: in some texts the same white space parts words.
        if not found and (is_unspaced(quote.exact) or has_room(quote.exact) or self._has_room):
            loose = self._find_in(wanted._replace(loose=True), quote)
            return loose if loose[1] else (part, found)
        return part, found

    def _find_in(self, wanted: _Wanted, quote: Quote) -> tuple[Searched, list[tuple[Anchor, ...]]]:
        part = self._search(wanted)
        found: list[tuple[Anchor, ...]] = [(one,) for one in part.text.find(quote)]
        if found or part.text.find(Quote(quote.exact)):
            return part, found
        if across := self._find_across(wanted, quote):
            return part, across
        parts = self._search(wanted._replace(parts=True))
        found = [(one,) for one in parts.text.find(quote)]
        return (parts, found) if found else (part, [])

    def _find_across(self, wanted: _Wanted, quote: Quote) -> list[tuple[Anchor, ...]]:
        """Where a quote runs over the end of a passage, into the next one of the same work."""
        whole = self._search(wanted)
        works = dict.fromkeys(self.passages[number].work for number in whole.numbers)
        if len(works) < 2:
            return whole.text.find_across(quote)
        at = {number: place for place, number in enumerate(whole.numbers)}
        parts = (self._search(wanted._replace(work=work)) for work in works)
        return [
            tuple(replace(piece, passage=at[part.numbers[piece.passage]]) for piece in pieces)
            for part in parts
            for pieces in part.text.find_across(quote)
        ]

    @cached_property
    def _has_room(self) -> bool:
        return any(has_room(passage.text) for passage in (*self.passages, *self.parts))

    def _elsewhere(self, quote: Quote) -> str:
        """What to do about words that stand in another work or page than the one named, or ""."""
        part, found = self.find(replace(quote, scope=""))
        if not found:
            return ""
        place = self.passage(part.numbers[found[0][0].passage])
        here = place.work or place.docname
        return (
            f"{brief(quote.exact)!r} stands in {here}, not in {brief(quote.scope)}: write "
            f"`in: {here}`, or take out `in`"
        )

    def passage(self, number: int) -> Passage:
        """A passage, or a part, by the number that anchors have."""
        own = len(self.passages)
        return self.passages[number] if number < own else self.parts[number - own]

    def _search(self, wanted: _Wanted) -> Searched:
        if wanted not in self._searched:
            passages = self.parts if wanted.parts else self.passages
            places = self.part_places if wanted.parts else self.places
            scope, work = wanted.scope, wanted.work
            numbers = [
                number
                for number, passage in enumerate(passages)
                if work is None or passage.work == work
                if not scope or scope == passage.work or fnmatchcase(passage.docname, scope)
            ]
            texts = [passages[number].text for number in numbers]
            text = self.text if wanted == _Wanted("") else BaseText(texts, loose=wanted.loose)
            first = len(self.passages) if wanted.parts else 0
            self._searched[wanted] = Searched(
                text,
                [places[number] for number in numbers],
                [first + number for number in numbers],
            )
        return self._searched[wanted]

    def _distinct(self, notes: Iterable[Note]) -> list[Note]:
        """The notes whose ids, and whose further marks' ids, are theirs alone."""
        distinct: dict[str, Note] = {}
        for note in sorted(notes, key=lambda note: note.docname):
            if note.id in distinct:
                self._report(
                    Subtype.DUPLICATE_NOTE,
                    note,
                    f"there is another note {note.id!r} ({distinct[note.id].docname}): "
                    "give this file another name",
                )
            else:
                distinct[note.id] = note
        for note in list(distinct.values()):
            for count in range(2, len(note.quotes) + 1):
                clash = distinct.pop(f"{note.id}-{count}", None)
                if clash is not None:
                    self._report(
                        Subtype.DUPLICATE_NOTE,
                        clash,
                        f"the id {clash.id!r} is taken by a further mark of the note "
                        f"{note.id!r}: give this file another name",
                    )
        return list(distinct.values())

    def _report(self, subtype: Subtype, note: Note, message: str) -> None:
        self.problems.append(Problem(subtype, note.docname, 1, message))


def _first_mark(anchors: Iterable[Anchor]) -> Anchor:
    """Where a note's first mark stands: words that run on have it where they end."""
    return next(anchor for anchor in anchors if not anchor.goes_on)
