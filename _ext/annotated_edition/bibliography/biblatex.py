"""Entries as users of biblatex and of reference managers write them, read as BibTeX's.

The names are those of biblatex's manual, section 2.1 (types) and 2.2 (fields).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from typing import Any

from pybtex.database import InvalidNameString, Person

from annotated_edition.model import limits
from annotated_edition.text.control import brief
from annotated_edition.text.suggest import nearest

_FIELDS = {
    "journaltitle": "journal",
    "location": "address",
    "annotation": "annote",
    "file": "pdf",
    "titleaddon": "note",
    "maintitle": "booktitle",
    "eventtitle": "note",
}
_TYPES = {
    "electronic": "online",
    "www": "online",
    "report": "techreport",
    "mvbook": "book",
    "collection": "book",
    "mvcollection": "book",
    "reference": "book",
    "mvreference": "book",
    "bookinbook": "inbook",
    "suppbook": "inbook",
    "inreference": "incollection",
    "suppcollection": "incollection",
    "suppperiodical": "article",
    "periodical": "book",
    "conference": "inproceedings",
    "mvproceedings": "proceedings",
    "newspaper": "article",
    "newsarticle": "article",
    "audio": "misc",
    "image": "misc",
    "legal": "misc",
    "legislation": "misc",
    "letter": "misc",
    "map": "misc",
    "movie": "misc",
    "performance": "misc",
    "standard": "misc",
    "video": "misc",
}
#: A day, month or year of EDTF, as biblatex writes it; how sure it is comes last.
_DAY = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?([~?%])?")
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


#: Fields that an entry has of its own, whatever it is part of.
_NOT_INHERITED = frozenset(
    "abstract annotation annote crossref entryset file ids keywords label options related"
    " shorthand sortkey xdata xref".split()
)
#: What a part calls the titles of the whole.
_WHOLE = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
_SUBTITLES = {
    "title": "subtitle",
    "booktitle": "booksubtitle",
    "maintitle": "mainsubtitle",
    "journaltitle": "journalsubtitle",
}
#: So far a part may be from the whole: in a volume of a series, say.
_MOST_STEPS = 3
#: All fields of BibTeX and biblatex (section 2.2), and what reference managers add.
_KNOWN = frozenset(
    "abstract accessed address afterword annotation annotator annote archive archiveurl author"
    " bookauthor"
    " bookpagination booksubtitle booktitle booktitleaddon chapter collaborator collection comment"
    " commentator contributor copyright crossref date day doi edition editor editora editorb"
    " editorc editortype eid entryset eprint eprintclass eprinttype eventdate eventtitle"
    " eventtitleaddon execute file foreword gender genre groups holder howpublished ids"
    " indexsorttitle indextitle institution interhash intrahash introduction isan isbn ismn isrn"
    " issn issue issuesubtitle issuetitle issuetitleaddon iswc journal journalsubtitle"
    " journaltitle journaltitleaddon key keyword keywords label langid langidopts language lccn"
    " library location mainsubtitle maintitle maintitleaddon mendeley-groups month mrnumber"
    " nameaddon note number numpages options organization origdate origlanguage origlocation"
    " origpublisher origtitle owner pages pagetotal pagination part pdf place presort publisher"
    " pubmed pubstate reason related relatedoptions relatedstring relatedtype reprinttitle school"
    " section series shelfmark shortauthor shorteditor shorthand shorthandintro shortjournal"
    " shortseries shorttitle sortkey sortname sortshorthand sorttitle sortyear subtitle"
    " themecolor timestamp title titleaddon translator type url urldate usera userb venue version"
    " volume volumes xdata xref year zblnumber".split()
)
_PEOPLE = frozenset("author editor translator".split())


def resolve(entries: MutableMapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give parts what they have from the whole, and drop entries that are no sources.

    Yields what can't be: key, field and what to do.
    """
    left = limits.BIBLIOGRAPHY_WRITTEN_OUT
    for key in list(entries):
        entry = entries[key]
        yield from _misspelt(key, entry)
        for _step in range(_MOST_STEPS):
            named = dict.fromkeys(
                (name, one.strip())
                for name in ("xdata", "crossref")
                for one in str(entry.fields.pop(name, "")).split(",")
                if one.strip()
            )
            for name, other in named:
                if other not in entries:
                    advice = f"{name} names no other entry, {brief(repr(other))}: correct the key"
                    yield key, name, advice
                elif entries[other] is entry:
                    yield key, name, f"{name} leads back to this entry: name another, or delete it"
                elif left > 0:
                    left -= _inherit(entry, entries[other], whole=name == "crossref")
                    if left <= 0:
                        yield key, name, "what entries have from others is too much: shorten it"
    for key in [key for key in entries if str(entries[key].type).lower() in ("set", "xdata")]:
        if str(entries[key].type).lower() == "set":
            cited = str(entries[key].fields.get("entryset", "")).replace(" ", "") or "key,key"
            yield key, "", f"biblatex alone joins entries by @set: cite {{cite:p}}`{brief(cited)}`"
        del entries[key]


def _misspelt(key: str, entry: Any) -> Iterator[tuple[str, str, str]]:
    """Fields that no style knows, though it knows one of nearly the name; read as meant."""
    for name in [name for name in entry.fields if name.lower() not in _KNOWN][:20]:
        meant = nearest(name, _KNOWN)
        if meant is None or name.lower()[:1] != meant[:1] or abs(len(name) - len(meant)) > 2:
            continue
        yield key, name, f"there is no field {brief(name)}: did you mean {meant}?"
        if meant in _PEOPLE:
            try:
                people = [Person(one) for one in entry.fields[name].split(" and ")]
            except InvalidNameString:
                people = []
            if people and not entry.persons.get(meant):
                entry.persons[meant] = people
        else:
            _rename(entry.fields, name, meant)


#: What a field costs beside its letters.
_OVERHEAD = 20


def _inherit(entry: Any, other: Any, *, whole: bool) -> int:
    """Give *entry* the fields of *other* that it hasn't; *whole*: of the book that it is in.

    Returns what that costs in characters: each may be had again and again.
    """
    cost = 0
    of_book = whole and str(entry.type).lower() not in ("book", "misc", "online")
    for name, value in other.fields.items():
        name = name.lower()
        if name in _NOT_INHERITED - {"crossref", "xdata"}:
            continue
        ours = _WHOLE.get(name, name) if of_book else name
        if not entry.fields.get(ours):
            entry.fields[ours] = value
            cost += len(value) + _OVERHEAD
    for role, people in other.persons.items():
        is_books = of_book and role == "author"
        if not entry.persons.get(role) and not (is_books and entry.persons.get("author")):
            entry.persons[role] = list(people)
            cost += len(people) * _OVERHEAD
    return cost


def as_bibtex(entry: Any) -> Iterator[tuple[str, str]]:
    """Give an entry BibTeX's type and fields; those that it has stay.

    Yields what can't be read: a field and what to do.
    """
    fields = entry.fields
    kind = str(entry.type).lower()
    if kind == "thesis":
        level = str(fields.get("type", "")).lower()
        kind = "mastersthesis" if "ma" in level.replace(" ", "")[:6] else "phdthesis"
        fields.pop("type", None)
        _rename(fields, "institution", "school")
    entry.type = _TYPES.get(kind, entry.type if kind != "phdthesis" else kind)
    if str(entry.type).lower() == "thesis" or kind == "mastersthesis":
        entry.type = kind
    for title, subtitle in _SUBTITLES.items():
        _join(fields, title, subtitle)
    for theirs, ours in _FIELDS.items():
        _rename(fields, theirs, ours)
    month = str(fields.get("month", "")).strip()
    if month.isdecimal() and len(month) <= 2 and 1 <= int(month) <= 12:
        fields["month"] = _MONTHS[int(month) - 1]
    if pages := str(fields.get("pages", "")):
        fields["pages"] = re.sub(r"\A\s*(?:pp?|S|с|стр)\.\s*(?=\d)", "", pages)
    organisation = str(fields.get("organization", ""))
    if organisation and entry.type in ("online", "misc", "manual") and not _has_people(entry):
        # Who is answerable for a page of the web is cited as its author.
        entry.persons["author"] = [Person(f"{{{organisation}}}")] if _is_plain(organisation) else []
    yield from _date(fields)
    yield from _addresses(fields)


def _has_people(entry: Any) -> bool:
    return any(entry.persons.get(role) for role in ("author", "editor"))


def _is_plain(text: str) -> bool:
    return not re.search(r"[{}\\]", text)


def _join(fields: Any, title: str, subtitle: str) -> None:
    """Have a title say its subtitle, too, which BibTeX has no field for."""
    if (main := str(fields.get(title, "")).strip()) and (rest := fields.pop(subtitle, "")):
        fields[title] = f"{main}{' ' if main[-1] in '.:?!' else ': '}{rest}"


def _date(fields: Any) -> Iterator[tuple[str, str]]:
    """Have ``year`` and ``month`` say the field ``date``."""
    written = str(fields.get("date", "")).strip()
    if not written or str(fields.get("year", "")).strip():
        return
    first, slash, last = written.partition("/")
    begun, ended = _DAY.fullmatch(first.strip()), _DAY.fullmatch(last.strip())
    if begun is None or (slash and last.strip(" .") and ended is None):
        if found := _YEAR.search(written):
            fields["year"] = found[0]
        yield (
            "date",
            (
                f"the date {brief(repr(written))} can't be read: write a year, month or day such "
                "as date = {2001-11-24}, or a range, {2001/2003}"
            ),
        )
        return
    year, month, number, sure = begun.groups()
    year = f"ca. {year}" if sure in ("~", "%") else f"{year}?" if sure else year
    if slash:
        end = ended[1] if ended else ""
        fields["year"] = year if end == begun[1] else f"{year}–{end}"
        return
    fields["year"] = year
    if month and 1 <= int(month) <= 12 and not fields.get("month"):
        name = _MONTHS[int(month) - 1]
        fields["month"] = f"{int(number)} {name}" if number else name


_DOI = re.compile(r"\s*(?:https?://(?:dx\.)?doi\.org/|doi:\s*)+", re.IGNORECASE)


def _addresses(fields: Any) -> Iterator[tuple[str, str]]:
    """Write addresses as browsers want them; what else stands there is told."""
    if doi := str(fields.get("doi", "")).strip():
        fields["doi"] = _DOI.sub("", doi)
        if not re.match(r"10\.\d+/\S+\Z", fields["doi"]) and not re.search(r"[{}]", doi):
            yield (
                "doi",
                f"{brief(repr(doi))} is no DOI: write it as it begins, with 10., or delete it",
            )
            fields.pop("doi")
    url = str(fields.get("url", "")).strip()
    # As LaTeX has it, and as programs write it.
    url = re.sub(r"\A(?:\\url\s*\{([^{}]*)\}|<([^<>]*)>)\Z", lambda one: one[1] or one[2], url)
    url = re.sub(r"\\([_%#&~$])", r"\1", url)
    if url:
        fields["url"] = url
    if re.match(r"(?:www\.|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}(?:/|\Z))", url, re.IGNORECASE):
        fields["url"] = f"https://{url}"
        yield "url", f"the address has no https:// before it: write url = {{https://{brief(url)}}}"
    elif re.search(r"\s", url):
        fields["url"] = url.split()[0].rstrip(";,")
        yield "url", "an address has no spaces, and stands alone: write url = {https://…}"


def _rename(fields: Any, theirs: str, ours: str) -> None:
    if fields.get(theirs) and not fields.get(ours):
        fields[ours] = fields[theirs]
