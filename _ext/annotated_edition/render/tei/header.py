"""The header of the TEI file: what the edition is, and how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from annotated_edition.model.edition import Edition
from annotated_edition.render.tei.elements import add
from annotated_edition.render.tei.pointers import Pointers
from annotated_edition.text.words import Words
from annotated_edition.weave.about import About
from annotated_edition.weave.pages import STANDINGS

#: What is said where the project tells nothing of its principles.
_DECLARATION = (
    "The text stands word for word as in its source; notes are attached to it by the words that "
    "they quote."
)


def header(
    root: Element,
    about: About,
    edition: Edition,
    pointers: Pointers,
    *,
    witnesses: Mapping[str, str],
    kinds: Mapping[str, str],
    date: str,
) -> Element:
    """Add the header to *root*; the element of the editorial declaration is returned, empty.

    *date* is the day of this build, *kinds* the titles of the kinds of notes.
    """
    whole = add(root, "teiHeader")
    file = add(whole, "fileDesc")
    _title(add(file, "titleStmt"), about)
    if about.release:
        add(add(file, "editionStmt"), "edition", str(about.release), n=about.release)
    _publication(add(file, "publicationStmt"), about, date)
    _source(add(file, "sourceDesc"), about, edition, pointers, witnesses)
    encoding = add(whole, "encodingDesc")
    declaration = add(encoding, "editorialDecl")
    classes = add(encoding, "classDecl")
    _taxonomy(classes, "kinds", "kind", _kinds(edition, kinds), pointers)
    standings = {name: str(words) for name, words in STANDINGS.items()}
    _taxonomy(classes, "standings", "standing", standings, pointers)
    languages = add(add(whole, "profileDesc"), "langUsage")
    for tag in dict.fromkeys([about.text_language, about.language]):
        add(languages, "language", tag, ident=tag)
    return declaration


def declare(declaration: Element) -> None:
    """Complete an editorial declaration, which holds paragraphs alone.

    Where it is still empty it says what holds for every edition.
    """
    for at, child in enumerate(list(declaration)):
        if child.tag != "p":
            declaration[at] = paragraph = Element("p")
            paragraph.append(child)
    if not len(declaration):
        add(declaration, "p", _DECLARATION)


def _title(parent: Element, about: About) -> None:
    add(parent, "title", about.title, type="main")
    if about.text_title != about.title:
        add(parent, "title", about.text_title, type="text")
    for author in about.text_authors:
        add(parent, "author", author.spoken)
    if about.editors:
        add(parent, "editor", about.editors)


def _publication(parent: Element, about: About, date: str) -> None:
    add(parent, "publisher", about.editors or about.title)
    add(parent, "date", date, when=date)
    if about.address:
        add(parent, "idno", about.address, type="URL")
    availability = add(parent, "availability")
    if about.licence:
        add(availability, "licence", about.rights or about.licence, target=about.licence)
    else:
        add(availability, "p", about.rights or f"© {about.year} {about.editors}".strip())


def _source(
    parent: Element,
    about: About,
    edition: Edition,
    pointers: Pointers,
    witnesses: Mapping[str, str],
) -> None:
    source = add(parent, "bibl")
    for author in about.text_authors:
        add(source, "author", author.spoken)
    add(source, "title", about.text_title)
    if about.text_date:
        add(source, "date", about.text_date, when=about.text_date)
    if about.text_source:
        add(source, "note", about.text_source)
    if about.text_source_address:
        add(source, "ref", about.text_source_address, target=about.text_source_address)
    sigla = dict.fromkeys(
        reading.siglum for page in edition.notes.values() for reading in page.note.readings
    )
    told: dict[str, str] = {**{siglum: siglum for siglum in sigla}, **witnesses}
    if told:
        versions = add(parent, "listWit")
        for siglum, words in told.items():
            witness = add(versions, "witness", str(Words(words)), n=siglum)
            pointers.define(witness, f"wit-{siglum}", f"siglum {siglum}")


def _kinds(edition: Edition, titles: Mapping[str, str]) -> dict[str, str]:
    used = {page.note.kind: page.note.kind.capitalize() for page in edition.notes.values()}
    return {**titles, **{kind: title for kind, title in used.items() if kind not in titles}}


def _taxonomy(
    parent: Element, name: str, prefix: str, words: Mapping[str, str], pointers: Pointers
) -> None:
    if not words:
        return
    taxonomy = add(parent, "taxonomy")
    pointers.define(taxonomy, name)
    for key, title in words.items():
        category = add(taxonomy, "category")
        pointers.define(category, f"{prefix}-{key}", f"{prefix} {key}")
        add(category, "catDesc", str(title))
