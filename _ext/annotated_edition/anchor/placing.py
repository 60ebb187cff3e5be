"""Placing all notes: marks, terms, cross-references and neighbours.  No Sphinx here.

:func:`place_all` takes what was read, page by page, and decides everything that
runs through all pages.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import NamedTuple

from annotated_edition.anchor import advice
from annotated_edition.anchor.owners import TermTarget, term_owners
from annotated_edition.model.edition import (
    Edition,
    Gloss,
    Link,
    Mark,
    NotePage,
    Place,
    QuotedPlace,
    TermLink,
    Tie,
    WovenPassage,
    inner_places,
    number_passages,
    part_places,
)
from annotated_edition.model.records import (
    CrossReference,
    GlossaryEntry,
    Note,
    Outside,
    Passage,
    Problem,
    Subtype,
)
from annotated_edition.text.anchoring import Anchor, BaseText, Quote
from annotated_edition.text.control import brief
from annotated_edition.text.folding import has_room
from annotated_edition.text.suggest import Suggestions, nearest
from annotated_edition.text.terms import Occurrence, TermFinder
from annotated_edition.text.words import NoteId

#: Words of context on either side of quoted words in lists of places, and in the
#: previews that every page of the text carries.
_LISTED_WORDS, _PREVIEWED_WORDS = 6, 3
#: At most so many characters of them, where none part words.
_CONTEXT_LENGTH = 80


def place_all(
    passages: Sequence[Passage],
    notes: Iterable[Note],
    cross_references: Iterable[CrossReference],
    entries: Iterable[GlossaryEntry],
    glossary_links: str = "first",
    unlisted: Sequence[Passage] = (),
    outside: Sequence[Outside] = (),
    names: Set[str] = frozenset(),
    titles: Mapping[str, str] | None = None,
    parts: Sequence[Passage] = (),
) -> Edition:
    """Place all that belongs to *passages*, in reading order.

    Of *entries* that have one headword the first has it. *glossary_links* is ``"first"`` (of each
    entry on each page), ``"all"`` or ``"none"``. *unlisted* are the passages of pages that no
    toctree leads to, *outside* words of the text's pages that are in no passage, *names* those of
    all files of notes, also of such as couldn't be read, *titles* those of the works by their
    names. *parts* are headings, cells and the like, in which only words are looked for that no
    passage has.
    """
    return _Placing(passages, unlisted, outside, names, titles, parts).edition(
        notes, cross_references, list(entries), glossary_links
    )


class _Placing:
    def __init__(
        self,
        passages: Sequence[Passage],
        unlisted: Sequence[Passage] = (),
        outside: Sequence[Outside] = (),
        names: Set[str] = frozenset(),
        titles: Mapping[str, str] | None = None,
        parts: Sequence[Passage] = (),
    ) -> None:
        self.resolver = resolver_of(passages, unlisted, outside, titles, parts)
        self.passages = passages
        self.names = names
        self.text, self.places = self.resolver.text, tuple(self.resolver.places)
        self.parts, self.problems = self.resolver.parts, self.resolver.problems
        self.inner = tuple(inner_places(passages, self.places))
        #: Passages, then parts: anchors count through both.
        self.all_passages = [*passages, *self.parts]
        self.all_places = (*self.places, *self.resolver.part_places)
        self.suggestions = self.resolver.suggestions

    def edition(
        self,
        notes: Iterable[Note],
        cross_references: Iterable[CrossReference],
        entries: Sequence[GlossaryEntry],
        glossary_links: str,
    ) -> Edition:
        anchored = self.resolver.notes(notes)
        marks: dict[int, list[Mark]] = defaultdict(list)
        glosses: dict[int, dict[Gloss, None]] = defaultdict(dict)
        for number, (note, anchors) in enumerate(anchored, 1):
            gloss = Gloss(
                note.id, number, note.kind, note.standing, note.docname, note.title,
                note.gist_digest,
            )  # fmt: skip
            count = 0
            for anchor in anchors:
                count += not anchor.goes_on
                # Words that run on have their mark where they end.
                mark_id = "" if anchor.goes_on else _mark_id(note.id, count)
                marks[anchor.passage].append(
                    Mark(note.id, number, mark_id, anchor.start, anchor.end)
                )
                if not anchor.goes_on:
                    glosses[anchor.passage][gloss] = None
        ties: dict[int, list[Tie]] = defaultdict(list)
        tied = {}
        same: dict[frozenset[Anchor], str] = {}
        for reference in sorted(cross_references, key=lambda item: item.docname):
            anchors = [
                anchor
                for anchor in self.resolver.anchors(reference.docname, reference.quotes)
                if not anchor.goes_on  # where the words end is place enough
            ]
            tied[reference.docname] = tuple(map(self._quoted, anchors))
            places = frozenset(anchors)
            if len(places) > 1 and (other := same.setdefault(places, reference.docname)) != (
                reference.docname
            ):
                self.problems.append(
                    Problem(
                        Subtype.DUPLICATE_NOTE,
                        reference.docname,
                        reference.quotes[0].line,
                        f"{other} ties the same places together: delete one of the two",
                    )
                )
                continue
            first = {anchor.passage: anchor for anchor in reversed(anchors)}
            numbers = sorted(first)
            if len(numbers) == 1 and len(set(map(self._line, anchors))) > 1:
                # Two lines of one stanza: the passage leads from the first to the others.
                others = tuple(self._quoted(other, _PREVIEWED_WORDS) for other in anchors[1:])
                ties[numbers[0]].append(Tie(reference.title, others))
                continue
            for number in numbers:
                others = tuple(
                    self._quoted(first[other], _PREVIEWED_WORDS)
                    for other in numbers
                    if other != number
                )
                if not others:
                    self.problems.append(
                        Problem(
                            Subtype.FRONT_MATTER,
                            reference.docname,
                            reference.quotes[0].line,
                            f"all these words stand in {self.all_places[number].cited}, so there "
                            "is nothing to refer to: add a quote from another passage",
                        )
                    )
                else:
                    ties[number].append(Tie(reference.title, others))
        targets, problems = term_owners(entries)
        self.problems += problems
        found, occurrences = self._terms(entries, targets)
        links = self._links(found, targets, marks, glossary_links)
        return Edition(
            self.places,
            {
                (passage.docname, passage.index): WovenPassage(
                    self.places[number],
                    tuple(sorted(marks[number], key=lambda mark: (mark.end, mark.number))),
                    tuple(sorted(glosses[number], key=lambda gloss: gloss.number)),
                    tuple(links[number]),
                    tuple(ties[number]),
                    self.inner[number],
                )
                for number, passage in enumerate(self.passages)
            },
            notes=self._note_pages(anchored),
            parts=self._woven_parts(marks, glosses, ties),
            cross_references=tied,
            occurrences=occurrences,
            problems=self.problems,
            refused=frozenset(self.names - {note.id for note, _ in anchored}),
        )

    def _woven_parts(
        self,
        marks: Mapping[int, Sequence[Mark]],
        glosses: Mapping[int, Iterable[Gloss]],
        ties: Mapping[int, Sequence[Tie]],
    ) -> dict[str, dict[int, WovenPassage]]:
        """Headings, cells and the like that notes or cross-references are about."""
        found: dict[str, dict[int, WovenPassage]] = defaultdict(dict)
        for number, part in enumerate(self.parts, len(self.passages)):
            if marks.get(number) or ties.get(number):
                found[part.docname][part.index] = WovenPassage(
                    self.all_places[number],
                    tuple(sorted(marks.get(number, ()), key=lambda mark: (mark.end, mark.number))),
                    tuple(sorted(glosses.get(number, ()), key=lambda gloss: gloss.number)),
                    (),
                    tuple(ties.get(number, ())),
                )
        return dict(found)

    def _terms(
        self, entries: Sequence[GlossaryEntry], targets: Mapping[str, TermTarget]
    ) -> tuple[list[list[Occurrence]], dict[tuple[str, str], tuple[QuotedPlace, ...]]]:
        finder = TermFinder(targets)
        found = [list(finder.find(passage.text)) for passage in self.passages]
        by_term: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for number, occurrences in enumerate(found):
            for occurrence in occurrences:
                by_term[occurrence.term].append((number, occurrence.start, occurrence.end))
        places = {}
        for entry in entries:
            own = [one for one in entry.terms if targets.get(one[0]) == (entry, one[1])]
            spans = sorted(span for term, _ in own for span in by_term[term])
            places[entry.docname, entry.terms[0][1]] = tuple(
                self._quoted(Anchor(*span)) for span in spans
            )
            # That all its terms are another's was told.
            if own and not spans and self.passages:
                self.problems.append(
                    Problem(
                        Subtype.UNUSED_TERM, entry.docname, entry.line, self._unused(entry, found)
                    )
                )
        return found, places

    def _unused(self, entry: GlossaryEntry, found: Sequence[Sequence[Occurrence]]) -> str:
        """What to do about an entry that *found*, all terms of each passage, doesn't have."""
        term = entry.terms[0][0]
        said = f"the term {brief(term)!r} occurs nowhere in the text"
        if self.suggestions.one_more(entry.docname):
            alone = TermFinder(form for form, _ in entry.terms)
            for number, passage in enumerate(self.passages):
                for own in alone.find(passage.text):
                    other = next(
                        o for o in found[number] if o.start < own.end and own.start < o.end
                    )
                    return (
                        f"the term {brief(term)!r} stands in the text only where "
                        f"{brief(other.term)!r} does ({self.places[number].cited}), whose words "
                        "it shares: make one entry of the two, or delete this one"
                    )
            said += advice.near(self.text, self.places, term)
        return f"{said}: add the form that does as a line above the definition, or delete the entry"

    def _links(
        self,
        found: Sequence[Sequence[Occurrence]],
        targets: Mapping[str, TermTarget],
        marks: Mapping[int, Sequence[Mark]],
        glossary_links: str,
    ) -> list[list[TermLink]]:
        """The terms to be linked, passage by passage."""
        linked: set[tuple[str, GlossaryEntry]] = set()
        links: list[list[TermLink]] = []
        for number, (passage, occurrences) in enumerate(zip(self.passages, found, strict=True)):
            links.append([])
            # A note on the same words says more, and two marks would compete.
            taken = [(mark.start, mark.end) for mark in marks.get(number, ())]
            for occurrence in occurrences if glossary_links != "none" else ():
                entry, anchor = targets[occurrence.term]
                key = passage.docname, entry
                if glossary_links == "first" and key in linked:
                    continue
                if any(s <= occurrence.start and occurrence.end <= e for s, e in taken):
                    continue
                if any(s < occurrence.end and occurrence.start < e for s, e in passage.links):
                    continue
                linked.add(key)
                links[-1].append(
                    TermLink(occurrence.start, occurrence.end, entry.docname, anchor, entry.digest)
                )
        return links

    def _note_pages(self, anchored: Sequence[tuple[Note, list[Anchor]]]) -> dict[str, NotePage]:
        links = {note.id: Link(note.title, note.docname) for note, _ in anchored}
        order = list(links.values())
        pages: dict[str, NotePage] = {}
        seen_from: dict[NoteId, list[NoteId]] = defaultdict(list)
        for note, _ in anchored:
            for other in note.see_also:
                seen_from[other].append(note.id)
        for number, (note, anchors) in enumerate(anchored, 1):
            for other in note.see_also:
                if other == note.id or (
                    other not in links
                    and other not in self.names
                    and nearest(other, links) == note.id
                ):
                    self.problems.append(
                        Problem(
                            Subtype.DANGLING,
                            note.docname,
                            note.see_also_line,
                            f"see-also names this note itself: take {other!r} out",
                        )
                    )
                elif other not in links and other not in self.names:
                    self.problems.append(
                        Problem(
                            Subtype.DANGLING,
                            note.docname,
                            note.see_also_line,
                            f"see-also names {brief(other)!r}, but no note of that name is "
                            "attached: "
                            + self.suggestions.did_you_mean(
                                note.docname,
                                other,
                                links.keys() - {note.id},
                                "write the name of another note's file, or take it out",
                            ),
                        )
                    )
            pages[note.id] = NotePage(
                number,
                note,
                tuple(map(self._quoted, anchors)),
                # Mutual by itself: who adds a note changes no other.
                tuple(
                    links[other]
                    for other in dict.fromkeys((*note.see_also, *seen_from[note.id]))
                    if other in links and other != note.id
                ),
                order[number - 2] if number > 1 else None,
                order[number] if number < len(order) else None,
            )
        return pages

    def _line(self, anchor: Anchor) -> int | None:
        """The line of verse in which an anchor's words begin, if it is numbered."""
        lines = _lines(self.all_passages[anchor.passage], anchor)
        return lines[0] if lines else None

    def _quoted(self, anchor: Anchor, words: int = _LISTED_WORDS) -> QuotedPlace:
        """The words at *anchor*, with so many *words* on either side."""
        passage = self.all_passages[anchor.passage]
        text = passage.text
        return QuotedPlace(
            self.all_places[anchor.passage],
            _last_words(text[: anchor.start], words),
            text[anchor.start : anchor.end],
            _first_words(text[anchor.end :], words),
            _lines(passage, anchor),
            self._inner(anchor),
            anchor.goes_on,
            anchor.start,
        )

    def _inner(self, anchor: Anchor) -> tuple[Place, Place] | None:
        """The first and the last of the passage's own labels that words stand under."""
        places = self.inner[anchor.passage] if anchor.passage < len(self.inner) else ()
        if not places:
            return None
        starts = [start for start, _label in self.passages[anchor.passage].inner]
        first, last = (bisect_right(starts, at) - 1 for at in (anchor.start, anchor.end - 1))
        return places[first], places[last]


def _lines(passage: Passage, anchor: Anchor) -> tuple[int, int] | None:
    """The numbers of the lines of verse in which an anchor's words begin and end."""
    starts = [start for start, _number in passage.lines]
    first, last = (bisect_right(starts, at) - 1 for at in (anchor.start, anchor.end - 1))
    return (passage.lines[first][1], passage.lines[last][1]) if first >= 0 else None


def _last_words(text: str, most: int) -> str:
    """The end of *text*: *most* words, or a stretch of letters where none part words."""
    words = list(re.finditer(r"\S+", text))
    if len(words) > most:
        text = "… " + text[words[-most].start() :]
    return text if len(text) <= _CONTEXT_LENGTH else "…" + text[-_CONTEXT_LENGTH:]


def _first_words(text: str, most: int) -> str:
    """The beginning of *text*, likewise."""
    words = list(re.finditer(r"\S+", text))
    if len(words) > most:
        text = text[: words[most - 1].end()] + " …"
    return text if len(text) <= _CONTEXT_LENGTH else text[:_CONTEXT_LENGTH] + "…"


def _mark_id(note: str, count: int) -> str:
    return f"noteref-{note}" if count == 1 else f"noteref-{note}-{count}"


def _first_mark(anchors: Iterable[Anchor]) -> Anchor:
    """Where a note's first mark stands: words that run on have it where they end."""
    return next(anchor for anchor in anchors if not anchor.goes_on)


def resolver_of(
    passages: Sequence[Passage],
    unlisted: Sequence[Passage] = (),
    outside: Sequence[Outside] = (),
    titles: Mapping[str, str] | None = None,
    parts: Sequence[Passage] = (),
) -> QuoteResolver:
    """What finds quotes in a text; its arguments are those of :func:`place_all`."""
    places = tuple(number_passages(passages, titles))
    named = {(one.docname, one.index): place for one, place in zip(passages, places, strict=True)}
    parts = [one for one in parts if one.near is not None and (one.docname, one.near) in named]
    text = BaseText([passage.text for passage in passages])
    found = QuoteResolver(passages, text, places, [], unlisted, outside)
    found.add_parts(parts, tuple(part_places(parts, named)))
    return found


class PartOfText(NamedTuple):
    """Passages in which a quote is looked for; ``numbers`` are theirs in the whole text."""

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
    """Resolves quotes to the passages of a text; *problems* grows by those that can't be."""

    def __init__(
        self,
        passages: Sequence[Passage],
        text: BaseText,
        places: Sequence[Place],
        problems: list[Problem],
        unlisted: Sequence[Passage] = (),
        outside: Sequence[Outside] = (),
    ) -> None:
        self.passages = passages
        self.parts: Sequence[Passage] = ()
        self.part_places: Sequence[Place] = ()
        self._numbers: dict[tuple[str, int], int] = {}
        self._parts: dict[_Wanted, PartOfText] = {}
        self.text = text
        self.places = places
        self.problems = problems
        self.unlisted = unlisted
        self.outside = outside
        self.suggestions = Suggestions()

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

    def add_parts(self, parts: Sequence[Passage], places: Sequence[Place]) -> None:
        """Look for what no passage has in these *parts* as well."""
        self.parts, self.part_places = parts, places
        self._numbers = {(one.docname, one.index): at for at, one in enumerate(self.passages)}

    def anchors(self, docname: str, quotes: Sequence[Quote]) -> list[Anchor]:
        """Where the *quotes* of a document stand; of those that can't be attached, problems."""
        anchors: dict[Anchor, None] = {}
        for quote in quotes:
            if quote.scope and not self._part(_Wanted(quote.scope)).numbers:
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

    def find(self, quote: Quote) -> tuple[PartOfText, list[tuple[Anchor, ...]]]:
        """Where a quote stands: in passages; over the end of one; or else in what is none.

        Each place is an anchor in every passage that it runs through.
        """
        wanted = _Wanted(quote.scope)
        part, found = self._find_in(wanted, quote)
        # Only for who looks in vain: in some texts the same white space parts words.
        if not found and (has_room(quote.exact) or self._has_room):
            loose = self._find_in(wanted._replace(loose=True), quote)
            return loose if loose[1] else (part, found)
        return part, found

    def _find_in(
        self, wanted: _Wanted, quote: Quote
    ) -> tuple[PartOfText, list[tuple[Anchor, ...]]]:
        part = self._part(wanted)
        found: list[tuple[Anchor, ...]] = [(one,) for one in part.text.find(quote)]
        if found or part.text.find(Quote(quote.exact)):
            return part, found
        if across := self._find_across(wanted, quote):
            return part, across
        parts = self._part(wanted._replace(parts=True))
        found = [(one,) for one in parts.text.find(quote)]
        return (parts, found) if found else (part, [])

    def _find_across(self, wanted: _Wanted, quote: Quote) -> list[tuple[Anchor, ...]]:
        """Where a quote runs over the end of a passage, into the next one of the same work."""
        whole = self._part(wanted)
        works = dict.fromkeys(self.passages[number].work for number in whole.numbers)
        if len(works) < 2:
            return whole.text.find_across(quote)
        at = {number: place for place, number in enumerate(whole.numbers)}
        parts = (self._part(wanted._replace(work=work)) for work in works)
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

    def _part(self, wanted: _Wanted) -> PartOfText:
        if wanted not in self._parts:
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
            self._parts[wanted] = PartOfText(
                text,
                [places[number] for number in numbers],
                [first + number for number in numbers],
            )
        return self._parts[wanted]

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
