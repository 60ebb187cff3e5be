"""Entries as users of biblatex and of reference managers write them, read as BibTeX's.

The names are those of biblatex's manual, section 2.1 (types) and 2.2 (fields).
"""

from __future__ import annotations

import re
from typing import Any

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
_DAY = re.compile(r"\s*(-?\d{4})(?:[~?%])?(?:-(\d\d)(?:-(\d\d))?)?")
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def as_bibtex(entry: Any) -> None:
    """Give an entry BibTeX's type and fields; those that it has stay."""
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
    for theirs, ours in _FIELDS.items():
        _rename(fields, theirs, ours)
    day = _DAY.match(str(fields.get("date", "")))
    if day and not fields.get("year"):
        year, month, number = day.groups()
        fields["year"] = year
        if month and 1 <= int(month) <= 12 and not fields.get("month"):
            name = _MONTHS[int(month) - 1]
            fields["month"] = f"{int(number)} {name}" if number else name


def _rename(fields: Any, theirs: str, ours: str) -> None:
    if fields.get(theirs) and not fields.get(ours):
        fields[ours] = fields[theirs]
