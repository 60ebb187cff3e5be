"""A note's front matter: cut off, parsed without trust, validated.

The YAML is composed from events, so that aliases, anchors and tags never come
to life, and every complaint can name its line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from annotated_edition import chronology_dates

#: Longer front matter is refused unread.
MOST_BYTES = 16_384

#: A note needs four levels: field, list, mapping, pair of numbers.
_MOST_DEPTH = 8

#: libyaml's, where PyYAML was built with it: several times faster.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class QuoteFields(_Strict):
    """A quote with context, in the names of the W3C annotation model."""

    exact: _Text
    prefix: str = ""
    suffix: str = ""


def _as_quotes(value: Any) -> Any:
    quotes = value if isinstance(value, list) else [value]
    return [{"exact": quote} if isinstance(quote, str) else quote for quote in quotes]


Quotes = Annotated[list[QuoteFields], BeforeValidator(_as_quotes), Field(min_length=1)]


class PlaceFields(_Strict):
    """A place for the map, or with ``line`` a point of a route."""

    name: _Text
    at: tuple[Annotated[float, Field(ge=-90, le=90)], Annotated[float, Field(ge=-180, le=180)]]
    line: bool = False


class ReadingFields(_Strict):
    """What another version has in place of the quoted words."""

    reading: _Text
    gloss: str = ""
    remark: str = ""
    source: str = ""


class CrossReferenceFields(_Strict):
    """The front matter of a cross-reference."""

    quote: Quotes
    checked: date | None = None


class NoteFields(_Strict):
    """The front matter of a note."""

    quote: Quotes
    names: dict[_Tag, _Text] = {}
    dates: dict[_Date, _Text] = {}
    places: list[PlaceFields] = []
    readings: dict[_Text, ReadingFields] = {}
    standing: Literal["documented", "interpretation", "disputed", "unresolved"] = "documented"
    see_also: list[_Id] = Field(default=[], alias="see-also")
    contributors: list[_Text] = []
    checked: date | None = None


Fields = TypeVar("Fields", bound=_Strict)


@dataclass
class FrontMatter:
    """A file's front matter as plain data, and the line of every key and item."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)
    #: Unreadable, and reported: nothing more need be said of its fields.
    broken: bool = False

    def line(self, *path: str | int) -> int:
        """The line (from 1) of what stands at *path*, or of its nearest parent."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class FrontMatterError(Exception):
    """Front matter that can't be read: the line (from 1) and what to do."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


_FENCED = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)


def cut(source: str) -> tuple[str, str]:
    """Part *source* into front matter (without fences) and the rest.

    The rest keeps its line numbers: as many blank lines stand where the front
    matter stood.  Raises FrontMatterError for a fence that is never closed.
    """
    match = _FENCED.match(source)
    if match is None:
        if re.match(r"\ufeff?---[ \t]*\r?\n", source):
            raise FrontMatterError(1, "the front matter isn't closed: end it with a line ---")
        return "", source
    return match.group(1), "\n" * match.group().count("\n") + source[match.end() :]


def parse(text: str) -> FrontMatter:
    """Parse the YAML between the fences into strings, numbers, lists and mappings.

    Raises FrontMatterError for anything but plain YAML of at most
    :data:`MOST_BYTES`: no alias, anchor, tag or second document.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise FrontMatterError(1, f"the front matter is longer than {MOST_BYTES // 1024} kB")
    front = FrontMatter()
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _MOST_DEPTH:
                raise FrontMatterError(
                    _line(event.start_mark), "the front matter is nested too deeply"
                )
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise FrontMatterError(
                    _line(event.start_mark), "YAML aliases (& and *) can't be used: write it out"
                )
            if getattr(event, "tag", None):
                raise FrontMatterError(
                    _line(event.start_mark), "YAML tags (!) can't be used: quote the value"
                )
        root = yaml.compose(text, Loader=_LOADER)
        data = _plain(root, (), front.lines) if root is not None else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise FrontMatterError(
            _line(mark) if mark else 2,
            f"this isn't YAML ({problem}): put text with : or # or quotes between quotation marks",
        ) from None
    if not isinstance(data, dict):
        raise FrontMatterError(2, "the front matter must be a list of `field: value` lines")
    front.data = data
    return front


def _line(mark: Any) -> int:
    # Marks count from 0, and the opening fence is a line above.
    return int(mark.line) + 2


def _plain(node: yaml.Node, path: tuple[str | int, ...], lines: dict[Any, int]) -> Any:
    lines.setdefault(path, _line(node.start_mark))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, number), lines) for number, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        mapping = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            if key in mapping:
                raise FrontMatterError(_line(key_node.start_mark), f"`{key}` stands twice")
            lines[(*path, key)] = _line(key_node.start_mark)
            mapping[key] = _plain(value, (*path, key), lines)
        return mapping
    # Everything else is text; the model makes numbers and dates of it, so that
    # a quote like "52" or "no" stays the words that it is.
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)


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
        complaints = list(_complaints(error, front, model))
        faulty = {fault["loc"][0] for fault in error.errors(include_url=False)}
    sound = {name: value for name, value in front.data.items() if name not in faulty}
    try:
        return model.model_validate(sound), complaints
    except ValidationError:
        return None, complaints


def _complaints(
    error: ValidationError, front: FrontMatter, model: type[BaseModel]
) -> Iterator[tuple[int, str]]:
    known = [info.alias or name for name, info in model.model_fields.items()]
    for fault in error.errors(include_url=False):
        path = tuple(fault["loc"])
        name = ".".join(str(part) for part in path if isinstance(part, str))
        if fault["type"] == "missing" and path == ("quote",):
            message = "there is no quote: add `quote:` with the words that this is about"
        elif fault["type"] == "missing":
            message = f"`{name}` is missing"
        elif fault["type"] == "extra_forbidden":
            close = difflib.get_close_matches(str(path[-1]), known, 1)
            hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(known)}"
            message = f"there is no field `{name}`: {hint}"
        elif fault["type"] == "edtf":
            message = f"`{path[0]}`: {fault['msg']}: {chronology_dates.ADVICE}"
        elif fault["type"] == "string_pattern_mismatch":
            form = _FORMS.get(path[0], "see CONTRIBUTING")
            message = f"`{name}` can't be {fault['input']!r}: {form}"
        else:
            message = f"`{name}` can't be {fault['input']!r}: {fault['msg'].lower()}"
        yield front.line(*path), message


#: What the patterns ask for, in words.
_FORMS: dict[str | int, str] = {
    "names": "a language tag such as zh, kk or ru comes before the colon",
    "see-also": "write a note's id, small letters and figures with hyphens, such as silk-road",
}
