"""COinS: each entry of a bibliography as an OpenURL, which reference managers collect.

https://www.openurl.info/registry/docs/mtx/info:ofi/fmt:kev:mtx:ctx describes the keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from annotated_edition.bibliography import exports
from annotated_edition.domain import EditionDomain
from annotated_edition.render.data.events import writes_pages

_BOOKS = {"book", "inbook", "incollection", "manual", "proceedings", "booklet"}


class ContextObjectNode(nodes.General, nodes.Inline, nodes.Element):
    """An entry's OpenURL, ``openurl``; in HTML alone, where nobody sees it."""


class AddContextObjects(SphinxPostTransform):
    """Add one to each entry, just after the notes that cite it (6)."""

    default_priority = 7
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Go through the page's entries."""
        citations = list(self.document.findall(nodes.citation))
        wanted = "bibliography" in self.config.edition_data
        if not (citations and wanted and writes_pages(EditionDomain.of(self.env).builder)):
            return
        here = self.env.current_document.docname
        found = {one.id: one for one in exports.sources(self.env) if one.docname == here}
        for citation in citations:
            source = next((found[name] for name in citation["ids"] if name in found), None)
            paragraph = next(iter(citation.findall(nodes.paragraph)), None)
            if source is not None and paragraph is not None:
                paragraph += ContextObjectNode(openurl=urlencode(list(_keys(source))))


def visit(translator: HTML5Translator, node: ContextObjectNode) -> None:
    """Write ``<span class="Z3988">``."""
    span = ET.Element("span", {"class": "Z3988", "title": node["openurl"]})
    translator.body.append(ET.tostring(span, encoding="unicode", method="html"))
    raise nodes.SkipNode


def _keys(source: exports.Source) -> Iterator[tuple[str, str]]:
    yield "ctx_ver", "Z39.88-2004"
    journal, book = source.field("journal"), source.field("booktitle")
    if journal:
        found = {"genre": "article", "atitle": source.title, "jtitle": journal}
    elif source.type in _BOOKS and book:
        found = {"genre": "bookitem", "atitle": source.title, "btitle": book}
    elif source.type in _BOOKS:
        found = {"genre": "book", "btitle": source.title}
    else:
        found = {"title": source.title, "publisher": source.container}
    sort = "journal" if journal else "book" if source.type in _BOOKS else "dc"
    yield "rft_val_fmt", f"info:ofi/fmt:kev:mtx:{sort}"
    day = "-".join(f"{part:02}" for part in source.issued)
    fields = {"volume": "volume", "issue": "number", "pages": "pages", "isbn": "isbn"}
    found |= {name: source.field(field) for name, field in fields.items() if sort != "dc"}
    if sort == "book":
        found |= {"pub": source.field("publisher"), "place": source.field("address")}
    for name, value in [*found.items(), ("date", day)]:
        if value:
            yield f"rft.{name}", value
    for person in source.authors:
        name = ", ".join(filter(None, [person.family, person.given]))
        yield ("rft.creator" if sort == "dc" else "rft.au"), name
    if doi := source.field("doi"):
        yield "rft_id", f"info:doi/{doi}"
    if source.address:
        yield ("rft.identifier" if sort == "dc" else "rft_id"), source.address
