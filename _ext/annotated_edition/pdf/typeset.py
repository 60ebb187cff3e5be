"""From a Typst file to a PDF: fonts, layouts to try, and what Typst has to say about it."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import typst

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
TEMPLATE = HERE / "template.typ"

#: The date in the file if SOURCE_DATE_EPOCH sets none: 1 January 1980, as in zip files.
DEFAULT_EPOCH = 315532800

#: Layouts from the finest on: with widows and orphans avoided or not, and with the foot of the
#: page moved by a hair, which puts other lines last on their pages.
LAYOUTS = [
    {"widows": widows, "nudge": nudge}
    for widows in ("100%", "0%")
    for nudge in ("0pt", "3pt", "18pt", "27pt")
]
#: After so many layouts a note may run on to the next page, if it begins on its mark's.
_PATIENCE = 4

_MISSING_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


@dataclass(frozen=True)
class NotePlace:
    """On which pages of the file a note's mark stands, and the note begins and ends."""

    note: str
    mark_page: int
    first_page: int
    last_page: int


@dataclass(frozen=True)
class Result:
    """A finished PDF."""

    pdf: bytes
    notes: list[NotePlace]
    warnings: list[str]

    @property
    def strays(self) -> list[NotePlace]:
        """The notes that do not begin on their mark's page."""
        return [note for note in self.notes if note.first_page != note.mark_page]

    @property
    def faults(self) -> tuple[int, int]:
        """How many notes stray, and how many run on to the next page."""
        runs = [note for note in self.notes if note.last_page != note.first_page]
        return len(self.strays), len(runs)


class TypesettingError(Exception):
    """Typst could not make the book."""

    def __init__(self, diagnostic: str) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic

    @property
    def missing_glyphs(self) -> list[str]:
        """The characters that no font has."""
        return list(dict.fromkeys(_MISSING_GLYPH.findall(self.diagnostic)))


def timestamp() -> int:
    """Return the time that is written into the file."""
    try:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    except (KeyError, ValueError):
        return DEFAULT_EPOCH


def typeset(source: Path) -> Result:
    """Make a PDF of *source* in the finest layout that keeps every note on its mark's page."""
    best: Result | None = None
    for tried, layout in enumerate(LAYOUTS, 1):
        result = _typeset(source, layout)
        if best is None or result.faults < best.faults:
            best = result
        if best.faults == (0, 0) or (tried >= _PATIENCE and not best.strays):
            break
    assert best is not None
    return best


def _typeset(source: Path, layout: dict[str, str]) -> Result:
    compiler = typst.Compiler(
        source,
        root=source.parent,
        font_paths=[FONTS],
        ignore_system_fonts=True,  # the same book on every machine
        sys_inputs=layout,
    )
    try:
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["ua-1"], timestamp=timestamp()
        )
        records = json.loads(compiler.query("<edition-note>", field="value"))
    except typst.TypstError as error:
        raise TypesettingError(error.diagnostic or error.message) from error
    assert isinstance(pdf, bytes)
    notes = [
        NotePlace(record["note"], record["mark-page"], record["first-page"], record["last-page"])
        for record in records
    ]
    return Result(pdf, notes, [warning.diagnostic or warning.message for warning in warnings])
