"""What stands outside the text: notes, apparatus, registers, events, glossary, sources.

Everything points into the text; nothing stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement

from docutils import nodes

from annotated_edition.anchor.registers import wanted
from annotated_edition.bibliography.exports import Person, Source
from annotated_edition.domain import EditionDomain
from annotated_edition.model.edition import IndexedName, NotePage, QuotedPlace
from annotated_edition.model.records import GlossaryEntry, Reading, Site
from annotated_edition.read.doctree import gist_of, glossary_items
from annotated_edition.render.tei.content import Content
from annotated_edition.render.tei.elements import add
from annotated_edition.render.tei.pointers import Pointers, words_at
from annotated_edition.text import edtf
from annotated_edition.text.folding import fold

#: A register's list, an entry in it, and the names of an entry.
_REGISTERS = {
    "people": ("listPerson", "person", "persName"),
    "places": ("listPlace", "place", "placeName"),
    "organisations": ("listOrg", "org", "orgName"),
    "": ("list", "item", "name"),
}


class StandOff:
    """Writes the edition's data below one element.

    *tree* gives a document with all that is woven into it.
    """

    def __init__(
        self,
        root: Element,
        domain: EditionDomain,
        pointers: Pointers,
        tree: Callable[[str], nodes.document],
    ) -> None:
        self.root = root
        self.domain = domain
        self.edition = domain.edition
        self.pointers = pointers
        self.tree = tree

    # ---- Notes

    def notes(self) -> None:
        """All attached notes, in the order of the text."""
        if not self.edition.notes:
            return
        annotations = add(self.root, "listAnnotation", type="notes")
        for page in self.edition.notes.values():
            targets = [words_at(one.place, one.start, one.end) for one in page.places]
            self._note(annotations, page, targets)

    def _note(self, parent: Element, page: NotePage, targets: Iterable[str]) -> None:
        note = page.note
        annotation = add(parent, "annotation", n=str(page.number), motivation="commenting")
        self.pointers.define(annotation, f"note-{note.id}", f"%{note.docname}")
        annotation.set("target", " ".join(targets))
        sorts = [f"kind {note.kind}", f"standing {note.standing}"]
        annotation.set("ana", " ".join(filter(None, map(self.pointers.to, sorts))))
        self._credit(annotation, page)
        content = add(annotation, "note")
        add(content, "label", note.title)
        self._body(content, note.docname)
        if note.names:
            names = add(content, "list", type="names")
            for tag, form in note.names:
                add(add(names, "item"), "name", form, lang=tag)
        for other in page.see_also:
            add(annotation, "ptr", type="see-also", target=f"%{other.docname}")

    def _credit(self, annotation: Element, page: NotePage) -> None:
        credit = page.credit
        if credit.writers:
            statement = add(annotation, "respStmt")
            add(statement, "resp", "writer")
            for name in credit.writers:
                add(statement, "name", name)
        changes: list[tuple[str, str, tuple[str, ...]]]
        changes = [(revision.day, "revised", (revision.name,)) for revision in credit.revisions]
        if credit.written:
            changes.insert(0, (credit.written, "written", credit.writers))
        if page.note.checked:
            changes.append((page.note.checked, "checked", ()))
        if changes:
            history = add(annotation, "revisionDesc")
            for day, what, names in sorted(changes, reverse=True):
                change = add(history, "change", when=day, status=what)
                for person in filter(None, names):
                    add(change, "name", person)

    def _body(self, parent: Element, docname: str) -> None:
        """What a note says: its gist, and the rest."""
        document, content = self.tree(docname), Content(self.domain, docname)
        section = next(iter(document.findall(nodes.section)), None)
        if section is None:
            return
        gist = gist_of(section)
        for child in [*section.children, *document.children]:
            if child is section:
                continue
            content.block(parent, child)
            if child is gist and len(parent):
                parent[-1].set("rend", "gist")

    def cross_references(self) -> None:
        """The places that belong together."""
        pages = [
            page.cross_reference
            for _docname, page in sorted(self.domain.pages.items())
            if page.cross_reference
            and self.edition.cross_references.get(page.cross_reference.docname)
        ]
        if not pages:
            return
        annotations = add(self.root, "listAnnotation", type="cross-references")
        for reference in pages:
            docname = reference.docname
            annotation = add(annotations, "annotation", motivation="linking")
            self.pointers.define(annotation, f"tie-{docname.rpartition('/')[2]}", f"%{docname}")
            annotation.set("target", _targets(self.edition.cross_references[docname]))
            content = add(annotation, "note")
            add(content, "label", reference.title)
            self._body(content, docname)

    # ---- Apparatus

    def apparatus(self) -> None:
        """What other versions have in place of the quoted words."""
        pages = [page for page in self.edition.notes.values() if page.note.readings]
        if not pages:
            return
        entries = add(self.root, "listApp")
        for page in pages:
            places = page.places
            entry = add(entries, "app")
            entry.set("from", words_at(places[0].place, places[0].start, places[0].end))
            if len(places) > 1:
                entry.set("to", words_at(places[-1].place, places[-1].start, places[-1].end))
            entry.set("corresp", self.pointers.to(f"%{page.note.docname}"))
            add(entry, "lem", " … ".join(quoted.words for quoted in places))
            for reading in page.note.readings:
                self._reading(entry, page, reading)

    def _reading(self, entry: Element, page: NotePage, reading: Reading) -> None:
        version = self.pointers.to(f"siglum {reading.siglum}")
        rdg = add(entry, "rdg", reading.reading, wit=version)
        name = self.pointers.define(rdg, f"rdg-{page.note.id}-{reading.siglum}")
        source = self.pointers.to(f"source {reading.source}")
        if source:
            rdg.set("source", source)
        elif reading.source:
            add(entry, "note", reading.source, type="source", target=f"#{name}")
        for what, words in (("gloss", reading.gloss), ("remark", reading.remark)):
            if words:
                add(entry, "note", words, type=what, target=f"#{name}")

    # ---- Registers

    def registers(self, kinds: Mapping[str, str]) -> None:
        """The registers; *kinds* says by document what their names are."""
        sites = {
            fold(site.name).text: site
            for page in self.edition.notes.values()
            for site in page.note.sites
        }
        for (docname, _number), names in self.edition.registers.items():
            kind = kinds.get(docname, "")
            outer, inner, form = _REGISTERS.get(kind, _REGISTERS[""])
            if not names:
                continue
            register = add(self.root, outer, type="register")
            for entry in names:
                one = add(register, inner)
                self.pointers.define(one, entry.id, f"%{docname}#{entry.id}")
                self._name(one, entry, form, sites if kind == "places" else {})

    def _name(
        self, parent: Element, entry: IndexedName, form: str, sites: Mapping[str, Site]
    ) -> None:
        name = entry.name
        add(parent, form, name.head, type="head")
        for other in name.forms:
            add(parent, form, other, type="variant")
        own = self.edition.notes.get(name.note)
        for tag, words in own.note.names if own else ():
            add(parent, form, words, lang=tag)
        found = (sites.get(fold(form).text) for form in wanted(name))
        if site := next(filter(None, found), None):
            _location(parent, site)
        if name.remark:
            add(parent, "note", name.remark)
        if own:
            add(parent, "ptr", type="note", target=f"%{own.note.docname}")
        spans = [
            words_at(place.place, start, end)
            for place in entry.places
            for start, end in place.spans
        ]
        if spans:
            add(parent, "ptr", type="text", target=" ".join(spans))
        if entry.notes:
            targets = " ".join(f"%{note.docname}" for note in entry.notes)
            add(parent, "ptr", type="notes", target=targets)

    def sites(self) -> None:
        """The places that notes put on the map, note by note."""
        with_sites = [page.note for page in self.edition.notes.values() if page.note.sites]
        if not with_sites:
            return
        whole = add(self.root, "listPlace", type="map")
        for note in with_sites:
            of_note = add(whole, "listPlace", corresp=self.pointers.to(f"%{note.docname}"))
            for site in note.sites:
                place = add(of_note, "place", type="route" if site.line else "")
                add(place, "placeName", site.name)
                _location(place, site)

    # ---- Events

    def events(self) -> None:
        """What notes date, earliest first."""
        dated = [
            (edtf.read(date), date, words, note.note)
            for note in self.edition.notes.values()
            for date, words in note.note.dates
        ]
        if not dated:
            return
        events = add(self.root, "listEvent")
        for when, date, words, note in sorted(dated, key=lambda one: (one[0].start, one[2])):
            event = add(events, "event", **_dates(when))
            add(event, "idno", date, type="EDTF")
            add(event, "label", words)
            add(event, "ptr", target=f"%{note.docname}")

    # ---- Glossary and sources

    def glossary(self) -> None:
        """The glossary, with the places where each entry occurs."""
        entries = [
            entry for _name, page in sorted(self.domain.pages.items()) for entry in page.entries
        ]
        if not entries:
            return
        glossary = add(self.root, "list", type="gloss")
        definitions: dict[str, dict[str, nodes.Element]] = {}
        for entry in entries:
            docname = entry.docname
            if docname not in definitions:
                definitions[docname] = _definitions(self.tree(docname))
            self._entry(glossary, entry, definitions[docname].get(entry.terms[0][1]))

    def _entry(
        self, glossary: Element, entry: GlossaryEntry, definition: nodes.Element | None
    ) -> None:
        label = add(glossary, "label")
        for count, (term, name) in enumerate(entry.terms):
            form = add(label, "term", term, type="variant" if count else "head")
            self.pointers.define(form, name, f"%{entry.docname}#{name}")
        item = add(glossary, "item")
        if definition is not None:
            Content(self.domain, entry.docname).blocks(item, definition.children)
        places = self.edition.occurrences.get((entry.docname, entry.terms[0][1]), ())
        if places:
            add(item, "ptr", type="text", target=_targets(places))

    def sources(self, sources: Iterable[Source]) -> None:
        """The bibliography."""
        found = list(sources)
        if found:
            entries = add(self.root, "listBibl")
            for source in found:
                _source(entries, source, self.pointers)


def _definitions(document: nodes.document) -> dict[str, nodes.Element]:
    found = {}
    for glossary in document.findall(nodes.Element):
        if glossary.tagname == "glossary":
            for item, terms in glossary_items(glossary):
                for term in terms:
                    for name in term["ids"]:
                        found[name] = item
    return {
        name: definition
        for name, item in found.items()
        if isinstance(definition := item.children[-1], nodes.definition)
    }


def _targets(places: Iterable[QuotedPlace]) -> str:
    return " ".join(words_at(quoted.place, quoted.start, quoted.end) for quoted in places)


def _location(parent: Element, site: Site) -> None:
    geo = f"{site.latitude:g} {site.longitude:g}"
    add(add(parent, "location"), "geo", geo)


def _dates(when: edtf.When) -> dict[str, str]:
    """The attributes of an event's date, in the form of ISO 8601, whose year 0 is 1 BC."""
    said = when.said
    first, last = (_iso(day) for day in (said.first, said.last))
    if isinstance(said, edtf.Date) and first == last and not when.unsure:
        return {"when_iso": first}
    if when.lasting:
        return {"from_iso": first, "to_iso": last}
    return {"notBefore_iso": first, "notAfter_iso": last}


def _iso(day: edtf.Day | None) -> str:
    if day is None or not -9999 <= day.year <= 9999:
        return ""
    year = f"{'-' if day.year < 0 else ''}{abs(day.year):04}"
    return "-".join([year, *(f"{part:02}" for part in (day.month, day.day) if part)])


def _source(parent: Element, source: Source, pointers: Pointers) -> None:
    bibl = add(parent, "bibl", type=source.type)
    pointers.define(
        bibl, f"bibl-{source.key}", f"%{source.docname}#{source.id}", f"source {source.key}"
    )
    for name, people in (("author", source.authors), ("editor", source.editors)):
        for person in people:
            _person(add(bibl, name), person)
    add(bibl, "title", source.title, level="a" if source.field("journal", "booktitle") else "m")
    for field, level in (("journal", "j"), ("booktitle", "m"), ("series", "s")):
        if words := source.field(field):
            add(bibl, "title", words, level=level)
    if published := source.field("publisher", "institution", "school", "howpublished"):
        add(bibl, "publisher", published)
    if place := source.field("address"):
        add(bibl, "pubPlace", place)
    when = "-".join(f"{part:02}" for part in source.issued)
    said = " ".join(filter(None, [source.field("month"), source.field("year", "date")]))
    add(bibl, "date", said or "n.d.", when=when)
    for field, unit in (("volume", "volume"), ("number", "issue"), ("pages", "page")):
        if words := source.field(field):
            add(bibl, "biblScope", words, unit=unit)
    for field in ("doi", "isbn", "issn"):
        if words := source.field(field):
            add(bibl, "idno", words, type=field.upper())
    if source.address:
        add(bibl, "ref", source.address, target=source.address)
    if source.archived:
        add(bibl, "ref", source.archived, target=source.archived, type="archived")
    if note := source.field("note"):
        add(bibl, "note", note)


def _person(parent: Element, person: Person) -> None:
    if not person.given:
        add(parent, "name", person.family)
        return
    name = SubElement(parent, "persName")
    add(name, "forename", person.given).tail = " "
    add(name, "surname", person.family)
