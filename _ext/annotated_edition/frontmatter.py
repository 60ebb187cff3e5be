"""A note's front matter: cut off, parsed without trust, validated.

The YAML is composed from events, so that aliases, anchors and tags never come
to life, and every complaint can name its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from annotated_edition import allowed
from annotated_edition.charts import chronology_dates
from annotated_edition.fields import (
    CrossReferenceFields,
    NoteFields,
    PlaceFields,
    QuoteFields,
    ReadingFields,
    Strict,
)
from annotated_edition.nearest import nearest

__all__ = ["CrossReferenceFields", "FrontMatter", "FrontMatterError", "NoteFields"]
__all__ += ["cut", "parse", "validate"]

#: Longer front matter is refused unread.
MOST_BYTES = 16_384

#: A note needs four levels: field, list, mapping, pair of numbers.
_MOST_DEPTH = 8

#: libyaml's, where PyYAML was built with it: several times faster.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Fields = TypeVar("Fields", bound=Strict)


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
        self.line, self.message = line, message


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
    front, depth = FrontMatter(), 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _MOST_DEPTH:
                wrong = "the front matter is nested too deeply"
            elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                wrong = "YAML aliases (& and *) can't be used: write it out"
            elif isinstance(event, yaml.ScalarEvent) and allowed.CONTROL.search(event.value):
                wrong = "control characters can't be used: leave them out"
            elif getattr(event, "tag", None):
                wrong = "YAML tags (!) can't be used: quote the value"
            else:
                continue
            raise FrontMatterError(_line(event.start_mark), wrong)
        root = yaml.compose(text, Loader=_LOADER)
        data = _plain(root, (), front.lines) if root is not None else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise FrontMatterError(
            _line(mark) if mark else 2,
            f"this isn't YAML ({allowed.brief(problem)}): put text with : or # or quotes between "
            "quotation marks",
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
            line, key = _line(key_node.start_mark), str(key_node.value)
            if not isinstance(key_node, yaml.ScalarNode) or not key:
                raise FrontMatterError(line, "only a word can stand before a colon: write `a: b`")
            if key in mapping:
                raise FrontMatterError(line, f"`{allowed.brief(key)}` stands twice: write it once")
            lines[(*path, key)] = line
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
