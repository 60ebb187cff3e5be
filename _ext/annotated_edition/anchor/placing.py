"""Placing all notes: marks, terms, cross-references and neighbours.  No Sphinx here.

:func:`place_all` takes what was read, page by page, and decides everything that
runs through all pages.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from annotated_edition.anchor import advice
from annotated_edition.anchor.owners import TermTarget, term_owners
from annotated_edition.anchor.resolving import QuoteResolver, Text
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
)
from annotated_edition.model.records import (
    CrossReference,
    GlossaryEntry,
    Note,
    Passage,
    Problem,
    Subtype,
)
from annotated_edition.text.anchoring import Anchor
from annotated_edition.text.control import brief
from annotated_edition.text.suggest import nearest
from annotated_edition.text.terms import Occurrence, TermFinder
from annotated_edition.text.words import NoteId

#: Words of context on either side of quoted words in lists of places, and in the
#: previews that every page of the text carries.
_LISTED_WORDS, _PREVIEWED_WORDS = 6, 3
#: At most so many characters of them, where none part words.
_CONTEXT_LENGTH = 80


def place_all(
    text: Text,
    notes: Iterable[Note],
    cross_references: Iterable[CrossReference],
    entries: Iterable[GlossaryEntry],
    glossary_links: str = "first",
    names: Set[str] = frozenset(),
) -> Edition:
    """Place all that belongs to a text, in reading order.

    Of *entries* that have one headword the first has it. *glossary_links* is ``"first"`` (of each
    entry on each page), ``"all"`` or ``"none"``. *names* are those of all files of notes, also of
    such as couldn't be read.
    """
    return _Placing(text, names).edition(notes, cross_references, list(entries), glossary_links)


class _Placing:
    def __init__(self, text: Text, names: Set[str]) -> None:
        self.resolver = QuoteResolver(text)
        self.passages, self.parts = text.passages, self.resolver.parts
        self.names = names
        self.text, self.places = self.resolver.text, self.resolver.places
        self.problems = self.resolver.problems
        self.inner = tuple(inner_places(self.passages, self.places))
        #: Passages, then parts: anchors count through both.
        self.all_passages = [*self.passages, *self.parts]
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
