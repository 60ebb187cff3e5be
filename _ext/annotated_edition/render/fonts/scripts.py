"""Which fonts set which scripts: those of a book are chosen by these rules, and named in warnings.

The fonts are Noto's, which have a family for each script, under one licence (OFL), and come as
packages; any other that a project names does as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple


class Face(NamedTuple):
    """A family of fonts, and the package of Debian and Ubuntu that has it."""

    family: str
    package: str = "fonts-noto-core"

    @property
    def is_shared(self) -> bool:
        """Whether the characters are those of other scripts, too."""
        return self.package == _CJK


_CJK = "fonts-noto-cjk"
#: Where the family isn't named for the script alone; scripts are named as Unicode names letters.
_FACES = {
    # Who has one of these needs them all; the first of them tells the language.
    "Hiragana": Face("Noto Serif CJK JP", _CJK),
    "Katakana": Face("Noto Serif CJK JP", _CJK),
    "Hangul": Face("Noto Serif CJK KR", _CJK),
    "Bopomofo": Face("Noto Serif CJK TC", _CJK),
    "Cjk": Face("Noto Serif CJK SC", _CJK),
    "Ideographic": Face("Noto Serif CJK SC", _CJK),
    "Arabic": Face("Noto Naskh Arabic"),
    "Thaana": Face("Noto Sans Thaana"),
    **{
        name: Face(f"Noto Serif {name}")
        for name in (
            "Armenian Bengali Devanagari Ethiopic Georgian Gujarati Gurmukhi Hebrew Kannada Khmer "
            "Lao Malayalam Myanmar Sinhala Tamil Telugu Thai Tibetan"
        ).split()
    },
    **{
        name: Face(f"Noto Sans {name}")
        for name in (
            "Cherokee Coptic Cuneiform Gothic Mongolian Ogham Oriya Runic Samaritan Syriac Tifinagh"
        ).split()
    },
}
_FAMILIES = frozenset({face.family for face in _FACES.values()})
#: What tells a family that is meant for books from its fellow for screens and signs.
_FOR_BOOKS = re.compile(r"\b(?:Serif|Naskh)\b")
_NOT_FOR_BOOKS = re.compile(r"\b(?:UI|Display|Mono|Kufi|Nastaliq|Looped|Rashi|Black|Light|Thin)\b")


def known_script(name: str) -> str:
    """The script that the *name* of a sign begins with, if a face for it is known."""
    script = re.split("[ -]", name, maxsplit=1)[0].title()
    return script if script in _FACES else ""


def face_for(scripts: Collection[str]) -> Face | None:
    """A face that sets these *scripts*, such as ``["Ethiopic"]``, if one is known."""
    return next((face for script, face in _FACES.items() if script in scripts), None)


def is_known(family: str) -> bool:
    """Whether the *family* is one of those that are named here, or its fellow."""
    return family in _FAMILIES


def by_fitness(families: Iterable[str]) -> list[str]:
    """The *families* of a project or a machine, those first that fit a book with serifs."""

    def rank(family: str) -> tuple[bool, bool, bool, str]:
        return (
            family not in _FAMILIES,
            bool(_NOT_FOR_BOOKS.search(family)),
            not _FOR_BOOKS.search(family),
            family,
        )

    return sorted(dict.fromkeys(families), key=rank)


def as_table() -> str:
    """Scripts, their faces and the packages that have these, in Markdown."""
    languages = {"Cjk": "Chinese", "Hiragana": "Japanese", "Hangul": "Korean"}
    others = {"Katakana", "Bopomofo", "Ideographic"}
    rows = sorted(
        (languages.get(script, script), *face)
        for script, face in _FACES.items()
        if script not in others
    )
    written = (f"| {name} | {family} | `{package}` |\n" for name, family, package in rows)
    return "| Script | Family | Package |\n|---|---|---|\n" + "".join(written)
