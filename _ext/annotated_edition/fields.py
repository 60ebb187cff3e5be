"""What a note says of itself: the model of its front matter.

``validation`` checks by it; the JSON Schema for editors and the table in
CONTRIBUTING are made of it (``schema``).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from annotated_edition.charts import chronology_dates

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
_Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]


def _as_date(value: str) -> str:
    try:
        chronology_dates.read(value)
    except chronology_dates.DateError as error:
        raise PydanticCustomError("edtf", "{error}", {"error": str(error)}) from None
    return value


_Date = Annotated[_Text, AfterValidator(_as_date)]


def _once_each(ids: list[str]) -> list[str]:
    for place, name in enumerate(ids):
        if name in ids[:place]:
            raise PydanticCustomError("twice", "", {"name": name, "item": (place,)})
    return ids


class Strict(BaseModel):
    """A mapping that has the fields of its model and no others.

    The line under each field is its description, for editors and CONTRIBUTING.
    """

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class QuoteFields(Strict):
    """Words of the text and, where they occur more than once, what stands beside them."""

    exact: _Text
    """The words, exactly as on the page."""
    prefix: str = ""
    """The words just before those quoted."""
    suffix: str = ""
    """The words just after those quoted."""


def _as_quotes(value: Any) -> Any:
    quotes = value if isinstance(value, list) else [value]
    return [{"exact": quote} if isinstance(quote, str) else quote for quote in quotes]


_Written = _Text | QuoteFields | Annotated[list[_Text | QuoteFields], Field(min_length=1)]

Quotes = Annotated[
    list[QuoteFields],
    BeforeValidator(_as_quotes, json_schema_input_type=_Written),
    Field(min_length=1),
]


class PlaceFields(Strict):
    """A place for the map, or with `line` a point of a route."""

    name: _Text
    """The place's name, as the map shows it."""
    at: tuple[Annotated[float, Field(ge=-90, le=90)], Annotated[float, Field(ge=-180, le=180)]]
    """Latitude and longitude in degrees (WGS84)."""
    line: bool = False
    """`true` for a point of a route."""


class ReadingFields(Strict):
    """What another version has in place of the quoted words."""

    reading: _Text
    """Its words."""
    gloss: str = ""
    """What they mean, literally."""
    remark: str = ""
    """The editors' words about it, such as “as reported”."""
    source: str = ""
    """The key of the source in the bibliography."""


class CrossReferenceFields(Strict):
    """The front matter of a cross-reference."""

    quote: Quotes
    """The words of the text that are tied together: two places at least."""
    checked: date | None = None
    """The day when the cross-reference was last looked at."""


class NoteFields(Strict):
    """What a note says of itself, between the lines `---` at its head."""

    quote: Annotated[Quotes, Field(examples=["a caravan of camels"])]
    """The words of the text that the note is about: a text; a mapping `exact`, `prefix`,
    `suffix`; or a list of either."""
    standing: Annotated[
        Literal["documented", "interpretation", "disputed", "unresolved"],
        Field(examples=["disputed"]),
    ] = "documented"
    """How sure the gist is: `documented` (the default), `interpretation`, `disputed`,
    `unresolved` (looked for and not found)."""
    names: Annotated[
        dict[_Tag, _Text], Field(examples=[{"zh": "丝绸之路", "kk": "Ұлы Жібек жолы"}])
    ] = {}
    """The subject's name in other languages, by language tag."""
    dates: Annotated[
        dict[_Date, _Text], Field(examples=[{"0645": "Xuanzang returns to Chang’an"}])
    ] = {}
    """What happened when: a date in
    [EDTF](https://www.loc.gov/standards/datetime/), in quotation marks, and a label. `0870~`
    is about 870, `[1457,1458]` one of the two, `-0137` is 138 BC, `1405/1433` from … to."""
    places: Annotated[
        list[PlaceFields], Field(examples=[[{"name": "Taraz", "at": [42.898, 71.373]}]])
    ] = []
    """A list of places: `name`, and `at` with latitude and longitude in degrees (WGS84); with
    `line: true` they are points of a route."""
    readings: Annotated[
        dict[_Text, ReadingFields],
        Field(examples=[{"Zh": {"reading": "数千年", "gloss": "several thousand years"}}]),
    ] = {}
    """What another version of the text has instead, by its siglum: `reading`, and if you like
    `gloss` (what that means, literally), `remark` (yours: “as reported”) and `source` (a key of
    the bibliography)."""
    see_also: Annotated[
        list[_Id],
        AfterValidator(_once_each),
        Field(alias="see-also", examples=[["silk-road", "chen-cheng"]]),
    ] = []
    """The names of other notes."""
    contributors: Annotated[list[_Text], Field(examples=[["A. Reader"]])] = []
    """Who wrote or revised the note, as they wish to be named."""
    checked: Annotated[date | None, Field(examples=[date(2026, 11, 24)])] = None
    """The day when the sources were last looked at."""
