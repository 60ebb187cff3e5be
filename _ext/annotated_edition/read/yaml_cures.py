"""What is wrong with a line of front matter that isn't YAML, and what to write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import yaml

_KEY = re.compile(
    r"[ ]*(?:- +)?(?:(?:\"[^\"]*\"|'[^']*')[ ]*|[^\s:#\"'\[{\-][^:]*):(?P<after>.*)\Z"
)
#: What begins something else in YAML than a text.
_SIGNS = "@`%&*!|>{}],?"


def cure(text: str, at: int, fields: Collection[str] = ()) -> tuple[int, str]:
    """The line (from 0) of the mistake in *text* and what to do; the parser stopped on line *at*.

    *fields* are the names that may begin a line.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.strip().startswith("#") or not line.strip():
            continue
        for advice in _faults(line, fields):
            return number, advice
    for number, line in enumerate(lines[1:], 1):
        if re.match(r"[^\s:#\-]", line) and not re.search(r":(?:\s|\Z)", line):
            return number, (
                "this line goes on with the one above: put both on one line, or indent it by two "
                "spaces"
            )
    last = min(max(at, 0), len(lines) - 1)
    while last and not lines[last].strip():
        last -= 1
    for number in range(1, len(lines)):
        if message := _indentation(lines, number):
            return number, message
    if '"' in lines[last] and "\\" in lines[last]:
        return last, (
            'between quotation marks " a backslash has a meaning of its own: put the text between '
            "' and ', or write each backslash twice"
        )
    return last, (
        "this line can't be read: write `field: value`, indent what belongs to a field by two "
        "spaces, and put texts with signs in them between quotation marks"
    )


def _faults(line: str, fields: Collection[str]) -> Iterator[str]:
    """The certain mistakes of one line."""
    if re.match(r" *\t", line):
        yield "this line is indented by a tab: use two spaces"
        return
    if "：" in line and ":" not in line:
        yield "the colon is a wide one (：): write : and a space"
        return
    if date := re.match(r" *(\[[^\]]*\]|\{[^}]*\})[ ]*:", line):
        yield f'put the date in quotation marks: "{date[1]}"'
        return
    word = re.match(r"([\w-]+)(?:[ ]+(?![:\-])|=|\Z)", line)
    if word and word[1] in fields and not re.match(r"[\w-]+[ ]*:", line):
        yield f"there is no colon after `{word[1]}`: write `{word[1]}: …`"
        return
    if tight := re.match(r"[ ]*(?:- +)?([A-Za-z][\w-]*):([^\s:/].*)\Z", line):
        yield f"there is no space after the colon: write `{tight[1]}: {tight[2].strip()}`"
        return
    if item := re.match(r"[ ]*[*•·‣▪–—−][ \t]+(.*)\Z", line):
        yield f"a list has hyphens: write `- {item[1].strip()}`"
        return
    if item := re.match(r"[ ]*-([^\s\-\d].*)\Z", line):
        yield f"there is no space after the hyphen: write `- {item[1].strip()}`"
        return
    key = _KEY.match(line)
    value = key["after"].strip() if key else re.sub(r"\A[ ]*-[ ]+", "", line).strip()
    yield from _of_value(value)


def _of_value(value: str) -> Iterator[str]:
    bare = re.sub(r"(?<![ \t])[ \t]++#.*\Z", "", value)
    if not bare:
        return
    first = bare[0]
    if first in "\"'":
        inner = bare[1:].replace("\\" + first, "") if first == '"' else bare[1:].replace("''", "")
        close = inner.find(first)
        if close < 0:
            yield (
                f"the quotation mark {first} isn't closed: put one at the end of the text, or "
                "delete this one"
            )
        elif inner[close + 1 :].strip():
            other = "'" if first == '"' else '"'
            yield (
                f"text follows after the quotation mark: put the whole text between {other} and "
                f"{other}"
            )
    elif first == "[":
        inside = bare[1:-1] if bare.endswith("]") else ""
        if not bare.endswith("]") or inside.count("[") != inside.count("]"):
            yield (
                "the bracket [ isn't closed where the text ends: close the list with ], or put "
                "the text between quotation marks"
            )
    elif first == "{" and bare.endswith("}"):
        return
    elif first in _SIGNS and bare not in ("|", ">", "|-", ">-"):
        yield f"the text begins with {first}: put it between quotation marks"
    elif re.search(r":(?:[ ]|\Z)", bare):
        yield "the text has a colon in it: put the text in quotation marks"


def _indentation(lines: list[str], number: int) -> str:
    """A line that stands deeper or less deep than any that it could belong to."""
    line = lines[number]
    if not line.strip() or line.lstrip().startswith("#"):
        return ""
    depth = len(line) - len(line.lstrip())
    above = [one for one in lines[:number] if one.strip() and not one.lstrip().startswith("#")]
    if not above:
        return ""
    before = above[-1]
    deeper = len(before) - len(before.lstrip())
    has_value = bool(re.search(r":[ ]+\S", before)) and not before.lstrip().startswith("- ")
    if depth > deeper and has_value and _KEY.match(line):
        return "this line is indented too far: begin it below the line above"
    levels = {len(one) - len(one.lstrip()) for one in above}
    levels |= {len(one) - len(one.lstrip()) + 2 for one in above if one.lstrip().startswith("- ")}
    if depth < deeper and depth not in levels:
        return "this line isn't indented like those beside it: use as many spaces"
    return ""


#: Fields of fields.
_INNER = re.compile(
    r"[ ]+(?:- +)?(exact|prefix|suffix|name|at|reading|gloss|remark|source):(\S.*)\Z"
)


def tight(text: str) -> tuple[int, str] | None:
    """The line (from 0) of an inner field whose colon no space follows, and what to do.

    YAML takes it for text.
    """
    for number, line in enumerate(text.split("\n")):
        if inner := _INNER.match(line):
            return number, (
                f"there is no space after the colon: write `{inner[1]}: {inner[2].strip()}`"
            )
    return None


#: Fields whose values are words of people: a sign # may stand in them.
_OF_WORDS = frozenset("quote names dates readings contributors".split())


def cut_off(text: str, root: yaml.Node | None) -> tuple[int, str] | None:
    """The line (from 0) of words that a sign # cuts off, and what to do.

    For YAML a remark begins there, also amid a quotation.
    """
    lines = text.split("\n")
    ahead = [root] if isinstance(root, yaml.MappingNode) else []
    top = [value for key, value in (ahead[0].value if ahead else []) if key.value in _OF_WORDS]
    while top:
        node = top.pop()
        if isinstance(node, yaml.MappingNode):
            top += [value for _key, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            top += node.value
        elif isinstance(node, yaml.ScalarNode) and not node.style and node.value:
            line = int(node.end_mark.line)
            rest = lines[line][int(node.end_mark.column) :] if line < len(lines) else ""
            if re.match(r"[ \t]+#", rest):
                return line, (
                    "the sign # cuts off what follows: put the text in quotation marks, or a "
                    "remark on a line of its own"
                )
    return None


def before_colon(key: yaml.Node) -> str:
    """What to do about a list or mapping, or nothing, before a colon."""
    if isinstance(key, yaml.SequenceNode):
        values = ",".join(str(item.value) for item in key.value)
        return f'put the date in quotation marks: "[{values}]"'
    return "only a word can stand before a colon: write `a: b`"
