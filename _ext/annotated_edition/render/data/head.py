"""What a page's head tells reference managers and search engines.

Highwire's tags (``citation_…``) and Dublin Core are what Zotero and Google Scholar read, JSON-LD
with schema.org's words what search engines do.  The tags go into ``metatags``, which every theme
of Sphinx writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

from annotated_edition.model.edition import IndexedName, NotePage
from annotated_edition.model.records import GlossaryEntry, Site
from annotated_edition.text.control import CONTROL, tidy
from annotated_edition.text.folding import fold
from annotated_edition.weave.about import About, PersonName

_SCHEMA = "https://schema.org"
#: What the names of a register are to schema.org.
_TYPES = {"people": "Person", "places": "Place", "organisations": "Organization"}


class Head:
    """The tags of one page; *address* is its own, or nothing where nobody knows it."""

    def __init__(self, about: About, address: str, title: str) -> None:
        self.about = about
        self.address = address
        self.title = title

    # ---- Tags

    def of_text(self) -> Iterator[tuple[str, str]]:
        """A page of the text: few tags, since these pages are read most."""
        about = self.about
        yield "citation_title", about.text_title
        yield from (("citation_author", name.sorted) for name in about.text_authors)
        yield "citation_publication_date", about.text_date.replace("-", "/")
        yield "citation_book_title", about.title
        yield "citation_language", about.text_language
        yield "DC.title", f"{about.text_title}. {self.title}"
        yield from (("DC.creator", name.sorted) for name in about.text_authors)
        yield "DC.date", about.text_date

    def of_note(self, page: NotePage) -> Iterator[tuple[str, str]]:
        """A note's page."""
        about = self.about
        people = page.credit.names or ((about.editors,) if about.editors else ())
        day = page.credit.revised or page.credit.written or about.year
        yield "citation_title", page.note.title
        yield from (("citation_author", name) for name in people)
        yield "citation_publication_date", day.replace("-", "/")
        yield "citation_book_title", about.title
        yield "citation_language", about.language
        yield "DC.title", page.note.title
        yield from (("DC.creator", name) for name in people)
        yield "DC.date", day
        yield "DC.rights", about.licence or about.rights

    def of_edition(self) -> Iterator[tuple[str, str]]:
        """The landing page."""
        about = self.about
        yield "citation_title", about.title
        yield from (("citation_author", name.sorted) for name in about.text_authors)
        yield "citation_editor", about.editors
        yield "citation_publication_date", about.year
        yield "citation_language", about.language
        yield "DC.title", about.title
        yield from (("DC.creator", name.sorted) for name in about.text_authors)
        yield "DC.contributor", about.editors
        yield "DC.date", about.year
        yield "DC.rights", about.rights

    # ---- JSON-LD

    def edition(self) -> dict[str, Any]:
        """The edition as a work."""
        about = self.about
        return _filled(
            {
                "@type": "Book",
                "@id": about.address,
                "name": about.title,
                "author": [_author(name) for name in about.text_authors],
                "editor": _organisation(about.editors),
                "version": about.release,
                "datePublished": about.year,
                "inLanguage": about.language,
                "license": about.licence,
                "isBasedOn": about.text_source_address,
            }
        )

    def article(self) -> dict[str, Any]:
        """A page of the text as a part of the text in the edition."""
        about = self.about
        return _filled(
            {
                "@type": "Article",
                # Reader views show it as the page's title.
                "headline": self.title,
                "author": [_author(name) for name in about.text_authors],
                "datePublished": about.text_date,
                "inLanguage": about.text_language,
                "url": self.address,
                "isPartOf": _filled({"@type": "Book", "@id": about.address, "name": about.title}),
            }
        )

    def comment(self, page: NotePage, gist: str) -> dict[str, Any]:
        """A note as a comment on the text."""
        about, credit = self.about, page.credit
        people = [_person(name) for name in credit.names]
        return _filled(
            {
                "@type": "Comment",
                "@id": self.address,
                "name": page.note.title,
                "text": tidy(gist),
                "author": people or _organisation(about.editors),
                "dateCreated": credit.written,
                "dateModified": credit.revised,
                "inLanguage": about.language,
                "license": about.licence,
                "about": _filled(
                    {
                        "@type": "Article",
                        "headline": about.text_title,
                        "author": [_author(name) for name in about.text_authors],
                    }
                ),
                "isPartOf": _filled({"@type": "Book", "@id": about.address, "name": about.title}),
            }
        )

    def register(
        self, names: Iterable[IndexedName], kind: str, sites: dict[str, Site]
    ) -> list[dict[str, Any]]:
        """The names of a register as people, places, organisations or things."""
        return [self._name(entry, _TYPES.get(kind, "Thing"), sites) for entry in names]

    def _name(self, entry: IndexedName, kind: str, sites: dict[str, Site]) -> dict[str, Any]:
        name = entry.name
        site = sites.get(fold(name.head).text) if kind == "Place" else None
        geo = site and {
            "@type": "GeoCoordinates",
            "latitude": site.latitude,
            "longitude": site.longitude,
        }
        return _filled(
            {
                "@type": kind,
                "@id": f"{self.address}#{entry.id}",
                "name": name.head,
                "alternateName": list(name.forms),
                "description": name.remark,
                "geo": geo,
            }
        )

    def terms(self, entries: Iterable[GlossaryEntry]) -> dict[str, Any]:
        """A glossary."""
        return {
            "@type": "DefinedTermSet",
            "@id": self.address or "#",
            "name": self.title,
            "hasDefinedTerm": [
                _filled(
                    {
                        "@type": "DefinedTerm",
                        "@id": f"{self.address}#{entry.terms[0][1]}",
                        "name": entry.terms[0][0],
                        "alternateName": [term for term, _name in entry.terms[1:]],
                    }
                )
                for entry in entries
            ],
        }


def tags(named: Iterable[tuple[str, str]]) -> str:
    """``meta`` elements; those without a value are left out."""
    return "".join(
        _html(ET.Element("meta", name=name, content=CONTROL.sub("", value)))
        for name, value in named
        if value
    )


def link(rel: str, address: str, kind: str = "", title: str = "") -> str:
    """A ``link`` element, if there is an address."""
    given = {"rel": rel, "type": kind, "title": title, "href": address}
    filled = {name: CONTROL.sub("", value) for name, value in given.items() if value}
    return _html(ET.Element("link", filled)) if address else ""


def linked_data(graph: list[dict[str, Any]]) -> str:
    """A block of JSON-LD; browsers run nothing of it."""
    if not graph:
        return ""
    whole = {"@context": _SCHEMA, **(graph[0] if len(graph) == 1 else {"@graph": graph})}
    script = ET.Element("script", type="application/ld+json")
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    # Nothing in it can end the element.
    script.text = CONTROL.sub("", text).replace("<", r"\u003c").replace("&", r"\u0026")
    return _html(script)


def _html(element: ET.Element) -> str:
    return f"\n  {ET.tostring(element, encoding='unicode', method='html')}"


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}


def _author(name: PersonName) -> dict[str, str]:
    parts = {"familyName": name.family, "givenName": name.given} if name.given else {}
    return {**_person(name.spoken), **parts}


def _person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


def _organisation(name: str) -> dict[str, str] | None:
    return {"@type": "Organization", "name": name} if name else None
