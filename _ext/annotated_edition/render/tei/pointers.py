"""Ids of the file, and links to them.

While elements are made, a link holds what the builder's ``get_target_uri`` gives, ``%docname``
and an id there; when all are made, it gets the id in the file, or the address on the web.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote
from xml.etree.ElementTree import Element

from annotated_edition.model.edition import Place
from annotated_edition.render.tei.elements import ID, name_of

#: Until links are resolved: the places that an element stands for.
ANCHORS = "anchors"
_LINKS = ("target", "ref", "source")


def words_at(place: Place, start: int, end: int) -> str:
    """A pointer to words of a passage (TEI Guidelines, 16.2.4.7), counted from 0."""
    return f"#string-range({place.id},{start},{end - start})"


class Pointers:
    """The ids given, each once, and what links mean."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._taken: set[str] = set()

    def define(self, element: Element, wanted: str, *places: str) -> str:
        """Give *element* the id *wanted*, or one like it; links to *places* lead there."""
        name = plain = name_of(wanted)
        count = 1
        while name in self._taken:
            count += 1
            name = f"{plain}-{count}"
        self._taken.add(name)
        element.set(ID, name)
        for place in places:
            self._ids.setdefault(place, name)
        return name

    def reserve(self, name: str, *places: str) -> None:
        """Keep the id *name* for an element that has it already; links to *places* lead there."""
        self._taken.add(name)
        self._ids.update(dict.fromkeys(places, name))

    def to(self, place: str) -> str:
        """A pointer to *place*, or nothing."""
        return f"#{self._ids[place]}" if place in self._ids else ""

    def resolve(self, root: Element, web: Callable[[str, str], str]) -> None:
        """Turn all links into pointers; *web* gives the address of a document and an id there."""
        for element in root.iter():
            if places := element.attrib.pop(ANCHORS, ""):
                self.define(element, places.split()[0].partition("#")[2], *places.split())
        for element in root.iter():
            for name in _LINKS:
                if name in element.attrib:
                    links = [self._resolved(link, web) for link in element.attrib[name].split()]
                    element.attrib[name] = " ".join(filter(None, links))
                    if not element.attrib[name]:
                        del element.attrib[name]

    def _resolved(self, link: str, web: Callable[[str, str], str]) -> str:
        if not link.startswith("%"):
            return quote(link, safe="%/:=&?~#+!$,;'@()*[]")
        docname, _sign, name = link[1:].partition("#")
        return self.to(link) or (self.to(f"%{docname}") if not name else "") or web(docname, name)
