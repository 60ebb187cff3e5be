"""Attaching notes and cross-references to the text, or saying why not.  No Sphinx here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotated_edition import advice
from annotated_edition.anchoring import BaseText
from annotated_edition.edition import Place
from annotated_edition.model import Anchor, Note, Problem, Quote, Subtype


class Attaching:
    """Attaches quotes to the passages of a text; *problems* grows by those that can't be."""

    def __init__(self, text: BaseText, places: Sequence[Place], problems: list[Problem]) -> None:
        self.text = text
        self.places = places
        self.problems = problems

    def notes(self, notes: Iterable[Note]) -> list[tuple[Note, list[Anchor]]]:
        """The attached notes in text order, each with its anchors in text order."""
        anchored = []
        for note in self._distinct(notes):
            anchors = self.anchors(note.docname, note.quotes)
            if anchors:
                anchors.sort(key=lambda anchor: (anchor.passage, anchor.end, anchor.start))
                anchored.append((note, anchors))
        return sorted(
            anchored,
            key=lambda pair: (pair[1][0].passage, pair[1][0].end, pair[1][0].start, pair[0].id),
        )

    def anchors(self, docname: str, quotes: Sequence[Quote]) -> list[Anchor]:
        """Where the *quotes* of a document stand; of those that can't be attached, problems."""
        anchors: list[Anchor] = []
        for quote in quotes:
            found = self.text.find(quote)
            if len(found) == 1 and found[0] not in anchors:
                anchors.append(found[0])
                continue
            if len(found) == 1:
                subtype, message = (
                    Subtype.DUPLICATE_NOTE,
                    f"{quote.exact!r} is quoted twice: delete one",
                )
            elif found:
                subtype, message = (
                    Subtype.QUOTE_AMBIGUOUS,
                    advice.ambiguous(self.text, self.places, quote),
                )
            else:
                subtype, message = (
                    Subtype.QUOTE_NOT_FOUND,
                    advice.missing(self.text, self.places, quote),
                )
            self.problems.append(Problem(subtype, docname, quote.line, message))
        return anchors

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
