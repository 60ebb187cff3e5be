"""Notes and cross-references as W3C Web Annotations (https://www.w3.org/TR/annotation-model/).

A selector's words and positions are those of the passage alone.  On a page they are what remains
of the element with the passage's id without ``[role=doc-noteref]``, ``.passage-number`` and
``.cross-reference``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotated_edition.model.edition import Edition, NotePage, Place
from annotated_edition.model.records import Page
from annotated_edition.render.data.addresses import Addresses
from annotated_edition.text.control import tidy
from annotated_edition.weave.about import About

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
#: How media fragments of HTML are told (Web Annotation Data Model, 4.2.1).
_HTML_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3236"
#: Signs of context before and after a quote.
_AROUND = 32
NAME = "annotations.jsonld"


class Annotations:
    """Makes the collection; *pages* is what was read of each document."""

    def __init__(
        self, edition: Edition, pages: Mapping[str, Page], about: About, addresses: Addresses
    ) -> None:
        self.edition = edition
        self.pages = pages
        self.about = about
        self.addresses = addresses
        self.texts = {
            woven.place: pages[docname].passages[index].text
            for (docname, index), woven in edition.passages.items()
        } | {
            woven.place: pages[docname].parts[index].text
            for docname, parts in edition.parts.items()
            for index, woven in parts.items()
        }

    def collection(self) -> dict[str, Any]:
        """The collection with all annotations on its one page."""
        items = [*self.notes(), *self.cross_references()]
        name = self.addresses.file(NAME)
        page = {"id": f"{name}#page", "type": "AnnotationPage", "partOf": name, "startIndex": 0}
        return {
            "@context": CONTEXT,
            "id": name,
            "type": "AnnotationCollection",
            "label": self.about.title,
            "total": len(items),
            **({"rights": self.about.licence} if self.about.licence else {}),
            "first": {**page, "items": items},
        }

    def notes(self) -> Iterator[dict[str, Any]]:
        """One annotation a note, in the order of the text."""
        for page in self.edition.notes.values():
            docname = page.note.docname
            yield {
                "id": self.addresses.page(docname),
                "type": "Annotation",
                "motivation": "commenting",
                **self._credit(page),
                "body": self._body(docname, self._said(docname)),
                "target": [
                    self.target(quoted.place, quoted.start, quoted.end) for quoted in page.places
                ],
            }

    def cross_references(self) -> Iterator[dict[str, Any]]:
        """One annotation a cross-reference."""
        for docname, places in sorted(self.edition.cross_references.items()):
            reference = self.pages[docname].cross_reference
            if reference is None or not places:
                continue
            yield {
                "id": self.addresses.page(docname),
                "type": "Annotation",
                "motivation": "linking",
                "body": self._body(docname, reference.title),
                "target": [
                    self.target(quoted.place, quoted.start, quoted.end) for quoted in places
                ],
            }

    def target(self, place: Place, start: int, end: int) -> dict[str, Any]:
        """Words of a passage: by the passage's id, and in it by quote and by position."""
        text = self.texts[place]
        quote = {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(start - _AROUND, 0) : start],
            "suffix": text[end : end + _AROUND],
        }
        position = {"type": "TextPositionSelector", "start": start, "end": end}
        return {
            "type": "SpecificResource",
            "source": self.addresses.page(place.docname),
            "selector": [
                {
                    "type": "FragmentSelector",
                    "value": place.id,
                    "conformsTo": _HTML_FRAGMENTS,
                    "refinedBy": refined,
                }
                for refined in (quote, position)
            ],
        }

    def _said(self, docname: str) -> str:
        words = self.pages[docname].words
        return f"{words.title}. {words.gist}" if words else ""

    def _body(self, docname: str, words: str) -> Sequence[dict[str, Any]]:
        """The gist, and the page that has all of it."""
        return [
            {
                "type": "TextualBody",
                "value": tidy(words),
                "format": "text/plain",
                "language": self.about.language,
            },
            {
                "id": self.addresses.page(docname),
                "type": "Text",
                "format": "text/html",
                "language": self.about.language,
            },
        ]

    def _credit(self, page: NotePage) -> dict[str, Any]:
        credit = page.credit
        people = [{"type": "Person", "name": name} for name in credit.names]
        if not people and self.about.editors:
            people = [{"type": "Organization", "name": self.about.editors}]
        days = {"created": credit.written, "modified": credit.revised}
        return {
            **({"creator": people} if people else {}),
            **{name: f"{day}T00:00:00Z" for name, day in days.items() if day},
        }
