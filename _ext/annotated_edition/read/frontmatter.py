"""A note's front matter: cut off, and parsed without trust; ``validation`` checks its fields.

The YAML is composed from events, so that aliases, anchors and tags never come
to life, and every complaint can name its line.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import yaml

from annotated_edition.anchor.advice import control_character
from annotated_edition.model import limits
from annotated_edition.read import yaml_cures
from annotated_edition.text.bidi import TURNING
from annotated_edition.text.control import CONTROL, MOST_MARKS, brief, crowded

#: libyaml's, where PyYAML was built with it: several times faster.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class FrontMatter:
    """A file's front matter as plain data, and the line of every key and item."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)
    #: The lines (from 1) of characters that turn the text after them round, and which.
    turning: list[tuple[int, str]] = field(default_factory=list)
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


#: Spaces of other sorts where YAML asks for plain ones: nobody sees which they are.
_ODD_SPACES = re.compile(
    "^[ \u00a0\u2000-\u200a\u202f\u3000]+(?=\\S)"
    "|(?<=:)[\u00a0\u2000-\u200a\u202f\u3000]+(?=\\S)|(?<=-)[\u00a0\u2000-\u200a\u202f\u3000]+(?=\\S)",
    re.MULTILINE,
)


#: Control characters at which YAML stops, without a word of where; it reads the others.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def _as_spaces(found: re.Match[str]) -> str:
    return " " * len(found[0])


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


def parse(text: str, first: int = 2, fields: Collection[str] = ()) -> FrontMatter:
    """Parse the YAML between the fences into strings, numbers, lists and mappings.

    *first* is the number of its first line in the file; *fields* may begin a line.

    Raises FrontMatterError for anything but plain YAML of at most
    :data:`limits.FRONT_MATTER`: no alias, anchor, tag or second document.
    """
    if len(text.encode("utf-8", "surrogatepass")) > limits.FRONT_MATTER:
        raise FrontMatterError(
            1, f"the front matter is longer than {limits.FRONT_MATTER // 1024} kB"
        )
    text = _ODD_SPACES.sub(_as_spaces, text)
    if control := _UNREADABLE.search(text):
        line = first + text.count("\n", 0, control.start())
        raise FrontMatterError(line, control_character(control[0]))
    front, depth = FrontMatter(), 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.ScalarEvent) and (turning := TURNING.search(event.value)):
                front.turning.append((_line(event.start_mark, first), turning[0]))
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > limits.FRONT_MATTER_DEPTH:
                wrong = "the front matter is nested too deeply"
            elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                wrong = "YAML aliases (& and *) can't be used: write it out"
            elif isinstance(event, yaml.ScalarEvent) and CONTROL.search(event.value):
                wrong = "control characters can't be used: leave them out"
            elif isinstance(event, yaml.ScalarEvent) and crowded(event.value) is not None:
                wrong = f"a letter can't have more than {MOST_MARKS} marks: leave them out"
            elif getattr(event, "tag", None):
                wrong = "YAML tags (!) can't be used: quote the value"
            else:
                continue
            raise FrontMatterError(_line(event.start_mark, first), wrong)
        root = yaml.compose(text, Loader=_LOADER)
        data = _plain(root, (), front.lines, first) if root is not None else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, advice = yaml_cures.cure(text, int(mark.line) if mark else 0, fields)
        raise FrontMatterError(first + line, advice) from None
    if not isinstance(data, dict):
        line, advice = yaml_cures.cure(text, 0, fields)
        if "can't be read" in advice:
            advice = (
                "take out the hyphen before the field: only what belongs to a field is a list"
                if isinstance(data, list)
                else "the front matter must be lines of `field: value`"
            )
        raise FrontMatterError(first + line, advice)
    if found := yaml_cures.tight(text) or yaml_cures.cut_off(text, root):
        raise FrontMatterError(first + found[0], found[1])
    front.data = data
    return front


def _line(mark: Any, first: int) -> int:
    return int(mark.line) + first  # marks count from 0


def _plain(node: yaml.Node, path: tuple[str | int, ...], lines: dict[Any, int], first: int) -> Any:
    lines.setdefault(path, _line(node.start_mark, first))
    if isinstance(node, yaml.CollectionNode) and len(node.value) > limits.ITEMS:
        raise FrontMatterError(
            _line(node.start_mark, first),
            f"there are more than {limits.ITEMS} items here: make several files of it",
        )
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(item, (*path, number), lines, first) for number, item in enumerate(node.value)
        ]
    if isinstance(node, yaml.MappingNode):
        mapping = {}
        for key_node, value in node.value:
            line, key = _line(key_node.start_mark, first), str(key_node.value)
            if not isinstance(key_node, yaml.ScalarNode) or not key:
                advice = yaml_cures.before_colon(key_node)
                raise FrontMatterError(line, advice)
            if key in mapping:
                raise FrontMatterError(line, f"`{brief(key)}` stands twice: write it once")
            lines[(*path, key)] = line
            mapping[key] = _plain(value, (*path, key), lines, first)
        return mapping
    # Everything else is text; the model makes numbers and dates of it, so that
    # a quote like "52" or "no" stays the words that it is.
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
