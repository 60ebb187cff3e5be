"""Labels that passages have of their own: Article 1, 2:14, 1.2.34.

A page says by a pattern how its passages are labelled: ``"{h2}[, {h3}], ¶{n}"``.  Between braces
stands a field, between square brackets what is left out where a field in it is empty.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from annotated_edition.text.suggest import nearest

#: What stands in a label for the number of a line of verse, until a place is cited.
LINE = "{line}"

#: Stands between the number of an item and that of an item within it: ``2(b)``.
WITHIN = "\x1f"

#: The fields that are the words of headings.
HEADINGS = tuple(f"h{level}" for level in range(1, 7))

#: The fields of a pattern, and what each stands for, in Markdown: the reference is made of it.
FIELDS = {
    "n": "which of the passages it is whose label would be the same without this, from 1",
    "own": (
        "the number that the passage itself has: by the role `` {edition:label}`3` ``, by the "
        "list that it is an item of, or by its first signs (`[3]`, `§ 3`, `(3)`, `3.`, or a "
        "superscript)"
    ),
    "line": "of verse, the number of the line; places in it are cited by theirs",
    **{
        name: f"the heading of level {name[1:]} above it, up to the first full stop, colon or dash"
        for name in HEADINGS
    },
    **{
        f"{name}.number": f"the number in the heading of level {name[1:]}, such as IV or 12"
        for name in HEADINGS
    },
}

_TOKEN = re.compile(r"\{(?P<field>[^{}]*)\}|(?P<sign>[\[\]])|(?P<text>[^{}\[\]]+)|(?P<stray>[{}])")


class PatternError(ValueError):
    """A pattern that can't be read; the message says why."""


class _Piece(NamedTuple):
    """Plain text, or a field's name; ``group`` numbers the brackets that it stands in, from 1."""

    text: str
    is_field: bool
    group: int


class Pattern:
    """How the passages of a page are labelled."""

    def __init__(self, written: str) -> None:
        """Read a pattern as it is *written*; raises PatternError."""
        self._pieces = tuple(_pieces(written))
        #: The fields that it asks for.
        self.fields = frozenset(piece.text for piece in self._pieces if piece.is_field)
        if not self.fields:
            raise PatternError("it has no field, such as {n}")

    def label(
        self, values: Mapping[str, str], silent: Collection[str] = ()
    ) -> tuple[str, tuple[str, ...]]:
        """The label by the *values* of the fields, and the fields that are needed and empty.

        Those that are *silent* say nothing, and nothing else is left out for that.
        """
        values = {**values, **dict.fromkeys(silent, "")}
        empty = {
            piece.group
            for piece in self._pieces
            if piece.is_field and not values.get(piece.text) and piece.text not in silent
        } - {0}
        kept = [piece for piece in self._pieces if piece.group not in empty]
        missing = [piece.text for piece in kept if piece.is_field and not values.get(piece.text)]
        said = "".join(values.get(one.text, "") if one.is_field else one.text for one in kept)
        said = re.sub(r"\(([^()]*)\)", lambda found: found[0].replace(WITHIN, ")("), said)
        said = re.sub(f"{WITHIN}([^{WITHIN}]*)", r"(\1)", said)
        return " ".join(said.split()).strip(" ,;:–—-"), tuple(missing)


def _pieces(written: str) -> Iterator[_Piece]:
    group = groups = 0
    for token in _TOKEN.finditer(written):
        sign, field = token["sign"], token["field"]
        if token["stray"]:
            raise PatternError(f"the brace {token['stray']} stands alone")
        if sign == "[":
            if group:
                raise PatternError("square brackets can't stand in square brackets")
            groups += 1
            group = groups
        elif sign == "]":
            if not group:
                raise PatternError("the bracket ] stands alone")
            group = 0
        elif field is None:
            yield _Piece(token["text"], False, group)
        elif field in FIELDS:
            yield _Piece(field, True, group)
        else:
            close = nearest(field, FIELDS)
            known = "n, own, line, h1 to h6, h1.number to h6.number"
            hint = f"did you mean {{{close}}}?" if close else f"known are {known}"
            raise PatternError(f"there is no field {{{field}}}: {hint}")
    if group:
        raise PatternError("the bracket [ is never closed")


def of_heading(words: str) -> str:
    """What a heading is cited by: its words up to a full stop, colon or dash."""
    return re.split(r"\s[–—-]\s|[:：。]|\.(?=\s|$)", words.strip(), maxsplit=1)[0].strip()


#: A number with its letter, a Roman one, or what Chinese puts between 第 and the word for a part.
_NUMBER = re.compile(r"\d+[a-z]?\b|\b[IVXLCDM]+\b|第(?P<han>[^\s章篇卷節节回條条]+)")


def number_of(words: str) -> str:
    """The first number in the words of a heading, as it is written there; or nothing."""
    found = _NUMBER.search(words)
    return (found["han"] or found[0]) if found else ""


#: The number of a paragraph before its words, in one of the forms in which it is no part of them.
_PRINTED = re.compile(
    r"\s*(?:\[(\w{1,6})\]|\((\w{1,6})\)|§+\s*(\d+\w?)\b\.?|(\d{1,4}[a-z]?)[.)](?=\s))"
)


def printed_number(words: str) -> str:
    """The number that the words of a passage begin with, such as ``[3]`` or ``§ 3``."""
    found = _PRINTED.match(words)
    return next(filter(None, found.groups()), "") if found else ""


def as_id(label: str) -> str:
    """A label as a part of an id: small Latin letters and figures, parted by hyphens.

    Letters of other scripts stand by their code points, so that two labels are two ids.
    """
    plain = unicodedata.normalize("NFKD", label.casefold())
    signs = []
    for sign in plain:
        if sign.isascii() and sign.isalnum():
            signs.append(sign)
        elif sign.isalnum():
            signs.append(f"-{ord(sign):x}-")
        elif not unicodedata.combining(sign):
            signs.append("-")
    return re.sub("-+", "-", "".join(signs)).strip("-")


def in_range(first: str, last: str) -> str:
    """Two labels as one: ``2:14–15``, or both of them where they have nothing in common."""
    if first == last:
        return first
    (begun, number), (ended, end) = _last_number(first), _last_number(last)
    if number and end and begun == ended:
        return f"{first}–{end}"
    return f"{first} – {last}"


def _last_number(label: str) -> tuple[str, str]:
    """A label without the number that it ends in, and that number."""
    length = len(label)
    while length and label[length - 1].isdecimal():
        length -= 1
    return label[:length], label[length:]
