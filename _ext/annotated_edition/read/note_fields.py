"""What a note says of itself: the model of its front matter.

``validation`` checks by it; the JSON Schema for editors and the table in
CONTRIBUTING are made of it (``schema``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
    ValidationError,
)
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

from annotated_edition.read.frontmatter import FrontMatter
from annotated_edition.text import edtf
from annotated_edition.text.control import brief
from annotated_edition.text.suggest import nearest, slug
from annotated_edition.text.words import LanguageTag, NoteId, Siglum, Words


class _Made:
    """Makes one of the gate's types of a string that pydantic has found in order."""

    def __init__(self, kind: Callable[[str], str], **constraints: Any) -> None:
        self._kind, self._constraints = kind, constraints

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """A text within the constraints, then the type's constructor."""
        text = core_schema.str_schema(**self._constraints)
        return core_schema.no_info_after_validator_function(self._kind, text)


_Text = Annotated[Words, _Made(Words, strip_whitespace=True, min_length=1)]
#: Looked for in the text, and never shown.
_Quoted = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Scope = Annotated[str, StringConstraints(strip_whitespace=True)]
_Optional = Annotated[Words, _Made(Words)]
_Id = Annotated[NoteId, _Made(NoteId, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
_Tag = Annotated[
    LanguageTag,
    _Made(LanguageTag, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=LanguageTag.MOST),
]
_Siglum = Annotated[Siglum, _Made(Siglum, min_length=1, max_length=Siglum.MOST)]


def _as_date(value: Words) -> Words:
    try:
        edtf.read(value)
    except edtf.DateError as error:
        raise PydanticCustomError("edtf", "{error}", {"error": str(error)}) from None
    return value


_Date = Annotated[_Text, AfterValidator(_as_date)]


def _once_each(ids: list[NoteId]) -> list[NoteId]:
    for place, name in enumerate(ids):
        if name in ids[:place]:
            raise PydanticCustomError("twice", "", {"name": name, "item": (place,)})
    return ids


class Strict(BaseModel):
    """A mapping that has the fields of its model and no others.

    Each field's description is what editors and CONTRIBUTING say of it.  A model is built when it
    is first used, since those within others are built with them.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)


class QuoteFields(Strict):
    """Words of the text and, where they occur more than once, what stands beside them."""

    exact: _Quoted = Field(description="The words, exactly as on the page.")
    prefix: str = Field(default="", description="The words just before those quoted.")
    suffix: str = Field(default="", description="The words just after those quoted.")
    scope: _Scope = Field(
        default="",
        alias="in",
        description="The work or the page of the text that these words stand in.",
    )


def _as_quotes(value: Any) -> Any:
    quotes = value if isinstance(value, list) else [value]
    return [{"exact": quote} if isinstance(quote, str) else quote for quote in quotes]


_Written = _Quoted | QuoteFields | Annotated[list[_Quoted | QuoteFields], Field(min_length=1)]

Quotes = Annotated[
    list[QuoteFields],
    BeforeValidator(_as_quotes, json_schema_input_type=_Written),
    Field(min_length=1),
]


class PlaceFields(Strict):
    """A place for the map, or with `line` a point of a route."""

    name: _Text = Field(description="The place's name, as the map shows it.")
    at: tuple[Annotated[float, Field(ge=-90, le=90)], Annotated[float, Field(ge=-180, le=180)]] = (
        Field(description="Latitude and longitude in degrees (WGS84).")
    )
    line: bool = Field(default=False, description="`true` for a point of a route.")


class ReadingFields(Strict):
    """What another version has in place of the quoted words."""

    reading: _Text = Field(description="Its words.")
    gloss: _Optional = Field(
        default="", validate_default=True, description="What they mean, literally."
    )
    remark: _Optional = Field(
        default="",
        validate_default=True,
        description="The editors' words about it, such as “as reported”.",
    )
    source: _Optional = Field(
        default="",
        validate_default=True,
        description="The key of the source in the bibliography.",
    )


class CrossReferenceFields(Strict):
    """The front matter of a cross-reference."""

    quote: Quotes = Field(
        description="The words of the text that are tied together: two places at least."
    )
    scope: _Scope = Field(
        default="",
        alias="in",
        description="The work or the page of the text that all of them stand in.",
    )
    checked: date | None = Field(
        default=None, description="The day when the cross-reference was last looked at."
    )


class NoteFields(Strict):
    """What a note says of itself, between the lines `---` at its head."""

    quote: Quotes = Field(
        examples=["a caravan of camels"],
        description="The words of the text that the note is about: a text; a mapping `exact`, "
        "`prefix`, `suffix`; or a list of either.",
    )
    scope: _Scope = Field(
        default="",
        alias="in",
        examples=["text/letter"],
        description="The work or the page of the text that the words stand in, where the project "
        "holds several: a name of `edition_works`, or a document name, in which `*` stands for "
        "any letters.",
    )
    standing: Literal["documented", "interpretation", "disputed", "unresolved"] = Field(
        default="documented",
        examples=["disputed"],
        description="How sure the gist is: `documented` (the default), `interpretation`, "
        "`disputed`, `unresolved` (looked for and not found).",
    )
    names: dict[_Tag, _Text] = Field(
        default={},
        examples=[{"zh": "丝绸之路", "kk": "Ұлы Жібек жолы"}],
        description="The subject's name in other languages, by language tag.",
    )
    dates: dict[_Date, _Text] = Field(
        default={},
        examples=[{"0645": "Xuanzang returns to Chang’an"}],
        description="What happened when: a date in "
        "[EDTF](https://www.loc.gov/standards/datetime/), in quotation marks, and a label. "
        "`0870~` is about 870, `[1457,1458]` one of the two, `-0137` is 138 BC, `1405/1433` "
        "from … to.",
    )
    places: list[PlaceFields] = Field(
        default=[],
        examples=[[{"name": "Taraz", "at": [42.898, 71.373]}]],
        description="A list of places: `name`, and `at` with latitude and longitude in degrees "
        "(WGS84); with `line: true` they are points of a route.",
    )
    readings: dict[_Siglum, ReadingFields] = Field(
        default={},
        examples=[{"Zh": {"reading": "数千年", "gloss": "several thousand years"}}],
        description="What another version of the text has instead, by its siglum: `reading`, and "
        "if you like `gloss` (what that means, literally), `remark` (yours: “as reported”) and "
        "`source` (a key of the bibliography).",
    )
    see_also: Annotated[list[_Id], AfterValidator(_once_each)] = Field(
        default=[],
        alias="see-also",
        examples=[["silk-road", "chen-cheng"]],
        description="The names of other notes.",
    )
    contributors: list[_Text] = Field(
        default=[],
        examples=[["A. Reader"]],
        description="Who wrote or revised the note, as they wish to be named.",
    )
    checked: date | None = Field(
        default=None,
        examples=[date(2026, 11, 24)],
        description="The day when the sources were last looked at.",
    )


#: The names of a note's fields, as they stand in its front matter.
FIELDS = frozenset(info.alias or name for name, info in NoteFields.model_fields.items())

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
    complaints = _not_indented(front, complaints)
    if any("did you mean `quote`?" in message for _, message in complaints):
        complaints = [one for one in complaints if "there is no quote" not in one[1]]
    complaints = _once_each_item(faults, complaints)
    faulty = {fault["loc"][0] for fault in faults}
    sound = {name: value for name, value in front.data.items() if name not in faulty}
    try:
        return model.model_validate(sound), complaints
    except ValidationError:
        return None, complaints


def _once_each_item(
    faults: list[ErrorDetails], complaints: list[tuple[int, str]]
) -> list[tuple[int, str]]:
    """*complaints*, but of what stands in the place of something missing the first alone.

    So an ``at`` that is called ``lat`` and ``lon`` has one, and so have two numbers in one line.
    """
    if len(faults) != len(complaints):
        return list(dict.fromkeys(complaints))
    unknown = {tuple(one["loc"][:-1]) for one in faults if one["type"] == "extra_forbidden"}
    kept: list[tuple[int, str]] = []
    told: set[tuple[object, ...]] = set()
    for fault, complaint in zip(faults, complaints, strict=True):
        owner = tuple(fault["loc"][:-1])
        if not owner:
            kept.append(complaint)
            continue
        if fault["type"] == "missing" and owner in unknown:
            continue
        if owner not in told or fault["type"] != "extra_forbidden":
            is_same = owner[-1:] == ("at",) and owner in told
            kept += [] if is_same else [complaint]
        told.add(owner)
    return list(dict.fromkeys(kept))


def _not_indented(front: FrontMatter, complaints: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """*complaints*, or one alone for fields of a field that stand beside it."""
    names = list(front.data)
    for owner, model in _INNER.items():
        inner = {info.alias or name for name, info in model.model_fields.items()} - FIELDS
        if front.data.get(owner, "") is not None:
            continue
        astray = [name for name in names if name in inner]
        if astray:
            lines = {front.line(owner), *map(front.line, astray)}
            told = " and ".join(f"`{name}`" for name in astray)
            message = f"indent {told} under `{owner}:` by two spaces"
            others = [one for one in complaints if one[0] not in lines]
            return [(front.line(astray[0]), message), *others]
    return complaints


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
    name = brief(".".join(part for part in path if isinstance(part, str)))
    value = brief(repr(fault["input"]))
    if kind == "extra_forbidden":
        fields = (_INNER[top] if path[1:] else model).model_fields
        known = [info.alias or field for field, info in fields.items()]
        close = _elsewhere(word, known) or nearest(word, known)
        hint = f"did you mean `{close}`?" if close else f"known are {', '.join(known)}"
        if not path[1:] and word.lower() in _NEEDLESS:
            hint = f"write {_NEEDLESS[word.lower()]}"
        return line, f"there is no field `{name}`: {hint}"
    if kind == "edtf":
        meant = edtf_meant(str(fault["input"]))
        return line, f"`{top}`: {fault['msg']}: {meant or edtf.ADVICE}"
    if kind == "missing" and path == ("quote",):
        return line, "there is no quote: add `quote:` with the words that this is about"
    if kind == "twice":
        return line, f"`{name}` names {fault['ctx']['name']!r} twice: write it once"
    if kind == "literal_error":
        known = re.findall(r"\w+", str(fault["ctx"]["expected"]).replace(" or ", " "))
        close = nearest(str(fault["input"]), known)
        hint = f"did you mean `{name}: {close}`?" if close else f"write {write}"
        return line, f"`{name}` can't be {value}: {hint}"
    meant = "" if kind == "missing" else _meant(top, word, fault["input"])
    write = meant or write
    wrong = f"can't be {value}" if str(fault["input"] or "").strip() else "is empty"
    if kind == "missing":
        wrong = "is incomplete" if isinstance(path[-1], int) else "is missing"
    elif word == "[key]":
        name, wrong = top, f"can't have {value} before a colon"
    return line, f"`{name}` {wrong}: write {write}"


#: What fields are called elsewhere, and by people.
_CALLED = {
    "quote": "quotation quoted passage words anchor lemma",
    "exact": "text words quote quotation",
    "prefix": "before pre",
    "suffix": "after post",
    "in": "work page document file source",
    "standing": "status certainty state cert",
    "names": "translations titles",
    "dates": "year years when event events timeline",
    "places": "location locations coordinates geo map",
    "at": "coordinates coords lat latitude lon lng longitude position location point",
    "name": "place title label",
    "readings": "variants variant witness witnesses",
    "reading": "text words variant",
    "gloss": "translation meaning",
    "remark": "comment note",
    "see-also": "related links seealso see",
    "contributors": "author authors editor editors by",
    "checked": "accessed reviewed updated retrieved",
}
#: What other programs want, and nobody needs here.
_NEEDLESS = {
    "title": "the title below, after #, and delete this line",
    "kind": "nothing, for the folder says it",
    "type": "nothing, for the folder says it",
    "category": "nothing, for the folder says it",
    "id": "nothing, for the file's name is the id",
    "slug": "nothing, for the file's name is the id",
    **dict.fromkeys(
        "layout tags tag aliases alias description draft lang cssclass permalink toc".split(),
        "nothing, for it is shown nowhere",
    ),
}


def _elsewhere(word: str, known: list[str]) -> str:
    """The field among *known* that *word* stands for, if it isn't a slip of the pen."""
    plain = word.lower()
    return next((name for name in known if plain in _CALLED.get(name, "").split()), "")


def _meant(top: str, word: str, value: Any) -> str:
    """What to write for a *value* of the field *top* that was written otherwise, or ""."""
    if top == "see-also":
        texts = [value] if isinstance(value, str) else []
        while isinstance(value, list) and value:
            texts = [one for one in value if isinstance(one, str)]
            value = value[0]
        parts = [part for one in texts for part in re.split(r"[,;]", one) if part.strip()]
        ids = [slug(re.sub(r"\.\w+$", "", part.strip(" []")).rpartition("/")[2]) for part in parts]
        listed = brief(", ".join(filter(None, ids)))
        return _WRITE[top].replace("silk-road", listed, 1) if listed else ""
    if top == "contributors" and isinstance(value, str) and value.strip():
        return f"`contributors: [{brief(value.strip())}]`"
    if top == "places" and word == "at":
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        numbers = [_degrees(part) for part in _ANGLE.finditer(text[:100])]
        if len(numbers) == 2 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180:
            return f"`at: [{numbers[0]:g}, {numbers[1]:g}]`"
        is_angle = re.search(r"[^\d\s.+,-]", text)
        return f"degrees as numbers, such as {numbers[0]:g}" if numbers and is_angle else ""
    return ""


_ANGLE = re.compile(
    r"([-−+]?\d{1,3}(?:[.]\d+)?)\s*(?:[°º]\s*)?(?:(\d{1,2}(?:[.]\d+)?)\s*['’′]\s*)?"
    r"(?:(\d{1,2}(?:[.]\d+)?)\s*(?:[\"”″]|''|’’)\s*)?([NSEWOnsewo])?"
)


def _degrees(angle: re.Match[str]) -> float:
    """Degrees, minutes and seconds as degrees, south and west below zero."""
    whole = float(angle[1].replace("−", "-"))
    part = float(angle[2] or 0) / 60 + float(angle[3] or 0) / 3600
    found = round(whole - part if whole < 0 else whole + part, 4)
    return -found if (angle[4] or "").upper() in ("S", "W") else found


_ABOUT = re.compile(r"(?:c|ca|circa|about|um|около|ок)\.?\s*(\d{3,4})", re.IGNORECASE)
_BEFORE = re.compile(r"(\d{1,4})\s*(?:BCE?|B\.C\.?|v\. ?Chr\.?|до н\. ?э\.?)", re.IGNORECASE)


def edtf_meant(written: str) -> str:
    """What to write for a date that isn't EDTF, where that is certain, or ""."""
    text = written.strip().strip("“”\"'")
    day = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text)
    better = ""
    if match := re.fullmatch(r"(\d{3,4})\s*[–—-]\s*(\d{4})", text):
        better = f"{int(match[1]):04}/{match[2]}"
    elif match := _ABOUT.fullmatch(text):
        better = f"{int(match[1]):04}~"
    elif match := _BEFORE.fullmatch(text):
        better = f"-{int(match[1]) - 1:04}"
    elif match := re.fullmatch(r"(\d{3})0s", text):
        better = f"{match[1]}X"
    elif day and int(day[2]) <= 12 and int(day[1]) > 12:
        better = f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    elif re.fullmatch(r"\d{1,3}", text):
        better = f"{int(text):04}"
    elif text != written.strip():
        better = text
    try:
        edtf.read(better)
    except edtf.DateError:
        return ""
    return f'write "{better}"' if better else ""


_INNER = dict[str, type[Strict]](quote=QuoteFields, places=PlaceFields, readings=ReadingFields)

#: What to write in a field.
_WRITE = {
    "quote": "the words of the text that this is about, such as `quote: the Silk Road`",
    "quote.prefix": "the words just before those quoted, or delete the prefix",
    "in": "the name of a work or of a page of the text, such as `in: text/letter`",
    "quote.in": "the name of a work or of a page of the text, such as `in: text/letter`",
    "quote.suffix": "the words just after those quoted, or delete the suffix",
    "names": "a language tag and the name, such as `names: {zh: 丝绸之路}`",
    "dates": "a date and what happened then, such as `dates: {1457: he is born}`",
    "places": "a list, such as `places: [{name: Suyab, at: [42.8, 75.2]}]`",
    "places.at": "latitude (-90 to 90) and longitude (-180 to 180), such as `at: [42.8, 75.2]`",
    "places.line": "`line: true` for a point of a route, or nothing",
    "readings": "a version and its words: `readings: {Zh: {reading: 相连, gloss: joined}}`",
    "readings.[key]": "a version's siglum of at most 20 letters, digits and hyphens, such as `Zh`",
    "standing": "documented, interpretation, disputed or unresolved",
    "see-also": "a list, such as `see-also: [silk-road]`; a note's id is its file's name",
    "contributors": "a list of names, such as `contributors: [A. Reader]`",
    "checked": "the day, such as `checked: 2026-11-24`",
}
