"""What the search page looks through: the text, the notes, lists and other pages.

Sphinx's own search knows documents and stems of words: it can't tell a passage from a list that
repeats it, finds no figures, and Chinese only by words that no space parts.  So the search page of
the theme has the words themselves, in a script that it alone loads, and which a browser opens from
a disk, too.  ``docs/explanation/search.md`` weighs this against a library.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.locale import get_translation

from annotated_edition.bibliography import queries
from annotated_edition.domain import EditionDomain
from annotated_edition.model.documents import Part
from annotated_edition.model.edition import first_in_each
from annotated_edition.read import doctree
from annotated_edition.render.html.theming import has_theme

_ = get_translation("annotated_edition")

#: The file beside the theme's scripts.
FILE = "search-data.js"

#: What is found, in the order in which it is shown.
TEXT, NOTES, LISTS, PAGES = range(4)


class Entry(NamedTuple):
    """One thing that can be found.

    ``label`` says what it is, ``address`` is relative to the search page, and ``words`` are
    searched besides the title.
    """

    group: int
    title: str
    label: str
    address: str
    words: str


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the file (``build-finished``)."""
    builder = app.builder
    if exception or builder.name not in ("html", "dirhtml") or not has_theme(builder):
        return
    assert isinstance(builder, StandaloneHTMLBuilder)
    entries = [[entry.group, *map(_plain, entry[1:])] for entry in _Entries(app, builder)]
    groups = [str(name) for name in (_("The text"), _("Notes"), _("Lists"), _("Other pages"))]
    data = json.dumps({"groups": groups, "entries": entries}, ensure_ascii=False, indent=0)
    Path(app.outdir, "_static", FILE).write_text(f"const SEARCH_DATA = {data};\n", "utf-8")


def _plain(said: str) -> str:
    """Words in one form, without the space that a citation left before the full stop."""
    return re.sub(r"(?<! ) ++(?=[.,)])", "", unicodedata.normalize("NFC", said))


class _Entries:
    """All that can be found, group after group."""

    def __init__(self, app: Sphinx, builder: StandaloneHTMLBuilder) -> None:
        self.env = app.env
        self.builder = builder
        self.domain = EditionDomain.of(app.env)
        self.edition = self.domain.edition

    def __iter__(self) -> Iterator[Entry]:
        yield from self._passages()
        yield from self._notes()
        yield from self._glossaries()
        yield from self._names()
        yield from self._sources()
        yield from self._documents()

    def _address(self, docname: str, anchor: str = "") -> str:
        address = self.builder.get_relative_uri("search", docname)
        return f"{address}#{anchor}" if anchor else address

    def _title(self, docname: str) -> str:
        return self.env.titles[docname].astext() if docname in self.env.titles else ""

    def _passages(self) -> Iterator[Entry]:
        for (docname, index), woven in self.edition.passages.items():
            place = woven.place
            words = self.domain.pages[docname].passages[index].text
            address = self._address(docname, place.id)
            yield Entry(TEXT, place.cited, self._title(docname), address, words)

    def _notes(self) -> Iterator[Entry]:
        for page in self.edition.notes.values():
            note = page.note
            said = self.domain.pages[note.docname].words
            places = first_in_each(page.places)
            label = ", ".join(quoted.place.cited for quoted in places)
            words = [
                *((said.gist, said.body) if said else ()),
                *(quoted.words for quoted in page.places),
                *(form for _tag, form in note.names),
                *(f"{date}: {event}" for date, event in note.dates),
                *(
                    f"{one.siglum}: {one.reading} — {one.gloss or one.remark}"
                    for one in note.readings
                ),
            ]
            yield Entry(
                NOTES,
                note.title,
                f"{_('Note')} {page.number} · {label}",
                self._address(note.docname),
                "\n".join(filter(None, map(str, words))),
            )

    def _glossaries(self) -> Iterator[Entry]:
        entries = [entry for page in self.domain.pages.values() for entry in page.entries]
        for docname in sorted({entry.docname for entry in entries}):
            for glossary in self.env.get_doctree(docname).findall(addnodes.glossary):
                for item, terms in doctree.glossary_items(glossary):
                    names = ", ".join(term.astext() for term in terms)
                    yield Entry(
                        LISTS,
                        names,
                        self._title(docname),
                        self._address(docname, terms[0]["ids"][0]),
                        " ".join(doctree.uncited_text(item[-1]).split()),
                    )

    def _names(self) -> Iterator[Entry]:
        for entry in self.edition.index():
            name = entry.name
            words = "; ".join([*name.forms, *filter(None, [name.remark])])
            address = self._address(name.docname, entry.id)
            yield Entry(LISTS, name.head, self._title(name.docname), address, words)

    def _sources(self) -> Iterator[Entry]:
        for source in queries.sources(self.env):
            address = self._address(source.docname, source.id)
            label = self._title(source.docname)
            yield Entry(LISTS, source.label, label, address, source.text)

    def _documents(self) -> Iterator[Entry]:
        """The sections of all other documents, and what editors say between the passages."""
        for docname in sorted(self.env.found_docs):
            if self.edition.note_of(docname):
                continue
            page = self._title(docname)
            is_tie = self.domain.documents.part(docname) is Part.CROSS_REFERENCE
            is_text = self.domain.documents.part(docname) is Part.TEXT
            for section in self.env.get_doctree(docname).findall(nodes.section):
                words = doctree.section_words(section)
                if is_text and not words:
                    continue
                title = section[0].astext()
                first = isinstance(section.parent, nodes.document)
                label = str(_("Cross-reference")) if is_tie else "" if first else page
                address = self._address(docname, "" if first else section["ids"][0])
                yield Entry(LISTS if is_tie else PAGES, title, label, address, words)
