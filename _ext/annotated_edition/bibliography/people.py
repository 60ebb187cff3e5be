"""Authors and editors as BibTeX reads them, and what was probably meant."""

from __future__ import annotations

import re

from pybtex.database import InvalidNameString, Person

_LINEAGE = re.compile(r"(?:jr|sr|ii|iii|iv|v|2nd|3rd|4th|filho|neto|junior|senior)\.?", re.I)
#: Lower-case words that stand in names of organisations, and in nobody's.
_JOINING = frozenset("of for the on in to".split())
_ORGANISATION = re.compile(
    r"\b(?:Academy|Agency|Assembly|Association|Bank|Board|Bureau|Cent(?:er|re)|Commission|"
    r"Committee|Company|Conference|Congress|Corporation|Council|Court|Department|Embassy|"
    r"Federation|Foundation|Government|Institute|Institution|Library|Ministry|Museum|News|"
    r"Office|Organi[sz]ation|Parliament|Secretariat|Society|Times|Union|University)\b"
)


def fault(role: str, value: str) -> str:
    """What is wrong with the names of the field *role*, whose text is *value*, or ""."""
    if ";" in re.sub(r"\{[^{}]*\}", "", value):
        names = " and ".join(part.strip() for part in value.split(";") if part.strip())
        return f"people are parted by `and`: write {role} = {{{names}}}"
    if re.search(r"(?:^|\sand)\s*\Z|\A\s*and\s", value) and value.strip():
        return (
            f"a name is missing beside `and`: write {role} = {{A. One and B. Two}}, or delete `and`"
        )
    for name in re.split(r"(?<!\s)\s++and\s+", value):
        if advice := _of_one(role, value, " ".join(name.split())):
            return advice
    return ""


def _of_one(role: str, value: str, name: str) -> str:
    by_commas = f"people are parted by `and`, not by commas: write {role} = {{A. One and B. Two}}"
    if "{" in name or not name:
        return ""
    try:
        person = Person(name)
    except InvalidNameString:
        return by_commas
    if name.count(",") > 2 or (
        name.count(",") == 2 and not all(map(_LINEAGE.fullmatch, person.lineage_names))
    ):
        return by_commas
    if re.match(r"[^\W\d_]\.", name) and "," in name:
        return by_commas
    if note := re.search(r"\((?:eds?|Hg|Hrsg|ред|ed\. by|trans)\b[^()]*\)|\(\d{3,4}[^()]*\)", name):
        return f"{note[0]} is no part of a name: leave it out, and give editors in a field editor"
    if re.search(r"[、，；]", name):
        names = " and ".join(part.strip() for part in re.split(r"[、，；]", name) if part.strip())
        return f"people are parted by `and`: write {role} = {{{names}}}"
    if re.search(r"\bet al\b|等\Z", name):
        return f"write `and others` for “et al.”: {role} = {{A. One and others}}"
    if re.search(r"&|\b(?:und|et|y|и)\b", name):
        return f"people are parted by `and`: write {role} = {{A. One and B. Two}}"
    joins = _JOINING & set(re.findall(r"[a-z]+", name))
    if (joins or _ORGANISATION.search(name)) and "," not in name and " " in name:
        return (
            "this is an organisation's name, which BibTeX parts like a person's: put it into two "
            f"pairs of braces, {role} = {{{{{value}}}}}"
        )
    return ""
