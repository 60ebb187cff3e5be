"""The bibliography for other software: every entry as data, and as CSL-JSON and BibTeX.

CSL-JSON is what reference managers and citation processors read
(https://docs.citationstyles.org/en/stable/specification.html, appendices III and IV).  Without
sphinxcontrib-bibtex everything here is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinx.environment import BuildEnvironment

from annotated_edition.bibliography.queries import bibtex_domain
from annotated_edition.text.addresses import split
from annotated_edition.text.words import Words

if TYPE_CHECKING:
    from pybtex.database import Entry
    from sphinxcontrib.bibtex.domain import Citation

#: CSL's types for BibTeX's; what is on the web alone is a page there.
_TYPES = {
    "article": "article-journal",
    "book": "book",
    "booklet": "pamphlet",
    "conference": "paper-conference",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "manual": "book",
    "mastersthesis": "thesis",
    "phdthesis": "thesis",
    "proceedings": "book",
    "techreport": "report",
    "unpublished": "manuscript",
}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass(frozen=True, slots=True)
class Person:
    """A name in parts, or whole in ``family`` where it is an institution's."""

    family: Words
    given: Words


@dataclass(frozen=True, slots=True)
class Source:
    """An entry of the bibliography, its fields as plain words.

    ``docname`` and ``id`` say where it stands; ``issued`` is the year, with month and day where
    they are known.
    """

    key: Words
    docname: str
    id: str
    type: str
    title: Words
    authors: tuple[Person, ...]
    editors: tuple[Person, ...]
    issued: tuple[int, ...]
    fields: dict[str, Words]

    def field(self, *names: str) -> Words:
        """The first of these fields that the entry has, or nothing."""
        return next((self.fields[name] for name in names if self.fields.get(name)), Words())

    @property
    def address(self) -> str:
        """Where it is on the web; nothing but http and https."""
        return self._web_address("url")

    @property
    def archived(self) -> str:
        """Where an archive of the web has a copy of it; nothing but http and https."""
        return self._web_address("archiveurl")

    def _web_address(self, name: str) -> str:
        url = self.field(name)
        return url if split(url).scheme in ("http", "https") else ""

    @property
    def container(self) -> Words:
        """The journal, book or site that it is part of."""
        return self.field("journal", "booktitle", "howpublished")


def sources(env: BuildEnvironment) -> list[Source]:
    """All entries that bibliographies show, each once, in their order."""
    return [
        _source(one.entry, one.bibliography_key.docname, one.citation_id) for one in _citations(env)
    ]


def as_bibtex(env: BuildEnvironment) -> str:
    """All entries that bibliographies show, as BibTeX."""
    return "\n\n".join(_bibtex(one.entry) for one in _citations(env))


def as_csl(found: Iterable[Source]) -> list[dict[str, Any]]:
    """Entries as CSL-JSON."""
    return [_csl(source) for source in found]


def _citations(env: BuildEnvironment) -> Iterator[Citation]:
    """What stands in bibliographies, each entry once."""
    bibtex = bibtex_domain(env)
    # The last that has a source is where citations lead.
    yield from {one.key: one for one in (bibtex.citations if bibtex else ())}.values()


def _bibtex(entry: Entry) -> str:
    """An entry as it was read; pybtex's own writer takes twenty times as long.

    Values come from BibTeX, so their braces are balanced.
    """
    given = {role: " and ".join(map(str, people)) for role, people in entry.persons.items()}
    given |= dict(entry.fields.items())
    if "year" in given:
        given["year"] = _without_letter(given["year"])
    lines = [f"  {name} = {{{value}}}," for name, value in given.items() if value]
    return "\n".join([f"@{entry.type}{{{entry.key},", *lines, "}"])


def _without_letter(year: str) -> str:
    """A year without the letter that tells works of one year apart."""
    return re.sub(r"^(\d{4}|n\.d\.)(?:[a-z]|-[a-z])[a-z]*$", r"\1", year)


def _source(entry: Entry, docname: str, id_: str) -> Source:
    fields = {name.lower(): _plain(value) for name, value in entry.fields.items()}
    if "year" in fields:
        fields["year"] = Words(_without_letter(fields["year"]))
    return Source(
        Words(entry.key),
        docname,
        id_,
        entry.type,
        fields.get("title", Words()),
        _people(entry, "author"),
        _people(entry, "editor"),
        _issued(fields),
        fields,
    )


def _people(entry: Entry, role: str) -> tuple[Person, ...]:
    return tuple(
        Person(
            _plain(" ".join([*person.prelast_names, *person.last_names, *person.lineage_names])),
            _plain(" ".join([*person.first_names, *person.middle_names])),
        )
        for person in entry.persons.get(role, [])
    )


def _plain(value: str) -> Words:
    """The words of a field; what LaTeX has no sense in stays as it is, less its braces."""
    from pybtex.richtext import Text

    # latexcodec and pybtex each have errors of their own.
    with suppress(Exception):
        if "\\" in value or "~" in value:
            # A dollar sign begins a formula, so it is left as it was written.
            return Words(str(Text.from_latex(value)).replace(r"\$", "$"))
    return Words(re.sub("[{}]", "", value))


def _issued(fields: dict[str, Words]) -> tuple[int, ...]:
    """``(2022, 9, 15)`` of the fields year, month (also "15 September") and day."""
    year = re.match(r"\d{4}", fields.get("year", "") or fields.get("date", ""))
    if year is None:
        return ()
    said = fields.get("month", "").casefold()
    word = re.search("|".join(_MONTHS), said)
    if word is None:
        return (int(year[0]),)
    month = _MONTHS.index(word[0]) + 1
    day = re.search(r"\b([0-3]?\d)\b", f"{fields.get('day', '')} {said}")
    # Of "28-29 June" or "June to July" the month or year alone is sure.
    if len(re.findall("|".join(_MONTHS), said)) > 1:
        return (int(year[0]),)
    if day is None or len(re.findall(r"\d+", said)) > 1 or not 1 <= int(day[1]) <= 31:
        return int(year[0]), month
    return int(year[0]), month, int(day[1])


def _csl(source: Source) -> dict[str, Any]:
    kind = _TYPES.get(source.type, "webpage" if source.address else "document")
    pages = re.sub("-+|–", "–", source.field("pages"))
    found: dict[str, Any] = {
        "id": source.key,
        "type": kind,
        "title": source.title,
        "author": [_csl_name(person) for person in source.authors],
        "editor": [_csl_name(person) for person in source.editors],
        "issued": {"date-parts": [list(source.issued)]} if source.issued else None,
        "container-title": source.container,
        "publisher": source.field("publisher", "institution", "school", "organization"),
        "publisher-place": source.field("address"),
        "volume": source.field("volume"),
        "issue": source.field("number"),
        "page": pages,
        "edition": source.field("edition"),
        "DOI": source.field("doi"),
        "ISBN": source.field("isbn"),
        "ISSN": source.field("issn"),
        "URL": source.address,
        # Zotero's "Loc. in Archive", where its users keep the address of an archived copy.
        "archive_location": source.archived,
        "note": source.field("note"),
    }
    return {name: value for name, value in found.items() if value}


def _csl_name(person: Person) -> dict[str, str]:
    if not person.given:
        return {"literal": person.family}
    return {"family": person.family, "given": person.given}
