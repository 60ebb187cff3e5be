"""What is wrong with a note's front matter: the model's complaints, in words for contributors."""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from annotated_edition import allowed
from annotated_edition.charts import chronology_dates
from annotated_edition.fields import PlaceFields, QuoteFields, ReadingFields, Strict
from annotated_edition.frontmatter import FrontMatter
from annotated_edition.nearest import nearest

Fields = TypeVar("Fields", bound=Strict)


def validate(
    front: FrontMatter, model: type[Fields]
) -> tuple[Fields | None, list[tuple[int, str]]]:
    """Check *front* against *model*: the fields, and complaints (line, what to do).

    A field with a mistake is left out, and the others stand; without a valid
    quote there are no fields at all (None).
    """
    try:
        return model.model_validate(front.data), []
    except ValidationError as error:
        faults = error.errors(include_url=False)
    complaints = [_complaint(fault, front, model) for fault in faults]
    faulty = {fault["loc"][0] for fault in faults}
    sound = {name: value for name, value in front.data.items() if name not in faulty}
    try:
        return model.model_validate(sound), complaints
    except ValidationError:
        return None, complaints


def _complaint(fault: ErrorDetails, front: FrontMatter, model: type[Strict]) -> tuple[int, str]:
    """The line of a fault and, in our words, what is wrong and what to write."""
    kind, path, top = fault["type"], tuple(fault["loc"]), str(fault["loc"][0])
    word = [str(part) for part in path if isinstance(part, str)][-1]
    write = _WRITE.get(f"{top}.{word}") or _WRITE.get(top)
    if top == "quote" and not isinstance(front.data.get(top), list):
        path = (top, *path[2:])  # the model made a list of it
    line = front.line(*path, *fault.get("ctx", {}).get("item", ()))
    while kind not in ("missing", "extra_forbidden") and path not in front.lines:
        path = path[:-1]
    name = allowed.brief(".".join(part for part in path if isinstance(part, str)))
    value = allowed.brief(repr(fault["input"]))
    if kind == "extra_forbidden":
        fields = (_INNER[top] if path[1:] else model).model_fields
        known = [info.alias or field for field, info in fields.items()]
        close = nearest(word, known)
        hint = f"did you mean `{close}`?" if close else f"known are {', '.join(known)}"
        return line, f"there is no field `{name}`: {hint}"
    if kind == "edtf":
        return line, f"`{top}`: {fault['msg']}: {chronology_dates.ADVICE}"
    if kind == "missing" and path == ("quote",):
        return line, "there is no quote: add `quote:` with the words that this is about"
    if kind == "twice":
        return line, f"`{name}` names {fault['ctx']['name']!r} twice: write it once"
    if kind == "literal_error":
        known = re.findall(r"\w+", str(fault["ctx"]["expected"]).replace(" or ", " "))
        close = nearest(str(fault["input"]), known)
        hint = f"did you mean `{name}: {close}`?" if close else f"write {write}"
        return line, f"`{name}` can't be {value}: {hint}"
    wrong = f"can't be {value}" if str(fault["input"] or "").strip() else "is empty"
    if kind == "missing":
        wrong = "is incomplete" if isinstance(path[-1], int) else "is missing"
    elif word == "[key]":
        name, wrong = top, f"can't have {value} before a colon"
    return line, f"`{name}` {wrong}: write {write}"


_INNER = dict[str, type[Strict]](quote=QuoteFields, places=PlaceFields, readings=ReadingFields)

#: What to write in a field.
_WRITE = {
    "quote": "the words of the text that this is about, such as `quote: the Silk Road`",
    "quote.prefix": "the words just before those quoted, or delete the prefix",
    "quote.suffix": "the words just after those quoted, or delete the suffix",
    "names": "a language tag and the name, such as `names: {zh: 丝绸之路}`",
    "dates": "a date and what happened then, such as `dates: {1457: he is born}`",
    "places": "a list, such as `places: [{name: Suyab, at: [42.8, 75.2]}]`",
    "places.at": "latitude (-90 to 90) and longitude (-180 to 180), such as `at: [42.8, 75.2]`",
    "places.line": "`line: true` for a point of a route, or nothing",
    "readings": "a version and its words: `readings: {Zh: {reading: 相连, gloss: joined}}`",
    "standing": "documented, interpretation, disputed or unresolved",
    "see-also": "a list, such as `see-also: [silk-road]`; a note's id is its file's name",
    "contributors": "a list of names, such as `contributors: [A. Reader]`",
    "checked": "the day, such as `checked: 2026-11-24`",
}
