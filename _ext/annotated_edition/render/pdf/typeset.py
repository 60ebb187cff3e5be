"""From a Typst file to a PDF: fonts, layouts to try, and what Typst has to say about it.

Typst and pikepdf are imported when a book is set: other builders do without.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from annotated_edition.render.fonts import FONTS, Fonts
from annotated_edition.render.fonts.scripts import by_fitness, is_known
from annotated_edition.render.pdf.hyphens import name_hyphens

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).parent

TEMPLATE = HERE / "template"  # a folder; book.typ is what the book imports

#: The date in the file if SOURCE_DATE_EPOCH sets none: 1 January 1980, as in zip files.
DEFAULT_EPOCH = 315532800

Layout = dict[str, str]

#: How far the page's foot moves up or down: by half a line, by a quarter, then further.
_NUDGES = [f"{points}pt" for points in (0, -6, 6, -3, 3, -9, 9, -12, 12, 15, 18, 21)]

#: Layouts from the finest on: with widows and orphans avoided or not, and with the foot of the
#: page moved by a hair, which puts other lines last on their pages.
LAYOUTS: list[Layout] = [
    {"widows": widows, "nudge": nudge} for widows in ("100%", "0%") for nudge in _NUDGES
]
#: After so many layouts a note may run on to the next page, if it begins on its mark's, and if that
#: many more have nothing better.
_PATIENCE = len(_NUDGES)
_MORE = 6

_MISSING_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
#: How Typst writes a character that would not be seen in a message.
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")


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
    def unsettled(self) -> bool:
        """Whether page numbers were still changing when Typst gave up: some may be wrong."""
        return any("did not converge" in warning for warning in self.warnings)

    @property
    def faults(self) -> tuple[bool, int, int]:
        """Whether pages are unsettled, how many notes stray, and how many run on."""
        return self.unsettled, *faults_of(self.notes)


def faults_of(notes: list[NotePlace]) -> tuple[int, int]:
    """How many notes stray from their marks' pages, and how many run on to the next page."""
    strays = sum(note.first_page != note.mark_page for note in notes)
    return strays, sum(note.last_page != note.first_page for note in notes)


def too_many(notes: list[NotePlace]) -> bool:
    """Whether so many notes stray that none of the layouts can hold them.

    A line more or less on a page brings a note or none to its mark.  Where more stray than there
    are pages with marks, they are too many for their words, as a hundred on one word are.
    """
    return faults_of(notes)[0] > len({note.mark_page for note in notes})


class TypesettingError(Exception):
    """Typst could not make the book."""

    def __init__(self, diagnostic: str) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic

    @property
    def summary(self) -> str:
        """The first line of what Typst says, without its drawing of the place."""
        return self.diagnostic.strip().partition("\n")[0].removeprefix("error: ")

    @property
    def missing_glyphs(self) -> list[str]:
        """The characters that no font has."""
        found = _MISSING_GLYPH.findall(self.diagnostic)
        return list(dict.fromkeys(_ESCAPE.sub(_unescaped, sign) for sign in found))


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else str(escape[2])


def timestamp() -> int:
    """Return the time that is written into the file."""
    try:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    except (KeyError, ValueError):
        return DEFAULT_EPOCH


def fingerprint(source: Path, target: Path, fonts: Fonts) -> str:
    """Return a digest of all that goes into the PDF of *source*, and of the PDF *target*."""
    made_by = [version(tool) for tool in ("typst", "pikepdf")]
    digest = sha256(f"{timestamp()} {' '.join(made_by)}".encode())
    parts = [*sorted(source.parent.glob("template/*")), *sorted(source.parent.glob("images/*"))]
    for path in (source, *parts, *fonts.files(), target):
        digest.update(path.name.encode() + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


#: Where fonts come from unless a project says otherwise.
_OURS = Fonts()


class LayoutSearch:
    """Looks for the finest layout that keeps every note on its mark's page.

    It sets the text alone, where the notes are, from a file in *folder*; and it does so while
    the rest of the book is still being written: Typst lets go of the interpreter.
    """

    def __init__(self, folder: Path, fonts: Fonts = _OURS) -> None:
        self._folder = folder
        self.fonts = fonts
        self._beside = ThreadPoolExecutor(1)
        self._found: Future[list[Layout]] | None = None

    def begin(self, text: str) -> None:
        """Begin with the file *text*, the book without all that comes after the text."""
        self._found = self._beside.submit(_by_faults, text.encode(), self._folder, self.fonts)
        self._beside.shutdown(wait=False)

    def layouts(self) -> list[Layout]:
        """Return all layouts, the best first; TypesettingError if the text can't be set."""
        return self._found.result() if self._found else LAYOUTS


def typeset(source: Path, search: LayoutSearch) -> Result:
    """Make a PDF of *source* in the layout that *search* finds.

    The whole book is set once.  Should notes elsewhere than in the text stray in it, or its page
    numbers not settle, the other layouts are tried on the whole.
    """
    best: Result | None = None
    for layout in search.layouts():
        result = _whole(source, layout, search.fonts)
        if best is None or result.faults < best.faults:
            best = result
        if (not best.strays and not best.unsettled) or too_many(best.notes):
            break
    assert best is not None
    return replace(best, pdf=packed(best.pdf))


def _by_faults(text: bytes, folder: Path, fonts: Fonts) -> list[Layout]:
    """Return the layouts, best first; those that need not be tried come last."""
    _fonts(fonts)  # read once, before several threads ask for them
    found: list[tuple[tuple[int, int], Layout]] = []
    for layout, notes in _trials(text, folder, fonts):
        found.append((faults_of(notes), layout))
        perfect = found[-1][0] == (0, 0)
        strayed = [strays for (strays, _), _ in found]
        if perfect or (len(found) >= _PATIENCE and 0 in strayed[:-_MORE]):
            break
        if too_many(notes):
            break
    found.sort(key=_first)
    rest = LAYOUTS[len(found) :]
    return [layout for _, layout in found] + rest


def _trials(text: bytes, folder: Path, fonts: Fonts) -> Iterator[tuple[Layout, list[NotePlace]]]:
    """Yield the layouts in their order, with where the notes are in each.

    Each processor makes a trial.
    """
    at_once = os.cpu_count() or 1
    with ThreadPoolExecutor(at_once) as pool:
        for start in range(0, len(LAYOUTS), at_once):
            layouts = LAYOUTS[start : start + at_once]
            yield from zip(
                layouts, pool.map(partial(_trial, text, folder, fonts), layouts), strict=True
            )


def _first(item: tuple[tuple[int, int], Layout]) -> tuple[int, int]:
    return item[0]


@cache
def _fonts(fonts: Fonts) -> typst.Fonts:
    """Typst's own fonts and the project's: the same book on every machine."""
    import typst

    return typst.Fonts(include_system_fonts=fonts.with_system, font_paths=fonts.folders())


@cache
def _faces(fonts: Fonts) -> dict[str, str]:
    """What the template is told of fonts: the families for other scripts, the best first.

    Of the machine's there are hundreds: those that none of the named has, Typst finds itself.
    """
    import typst

    own = typst.Fonts(include_system_fonts=False, font_paths=[FONTS]).families()
    named = typst.Fonts(include_system_fonts=False, font_paths=fonts.folders()).families()
    known = [name for name in _fonts(fonts).families() if is_known(name)]
    found = by_fitness({*named, *known} - {*own})
    return {
        "faces": json.dumps(found),
        "fallback": "yes" if fonts.with_system else "no",
    }


def _compiler(
    source: Path | bytes, root: Path, inputs: dict[str, str], fonts: Fonts
) -> typst.Compiler:
    import typst

    return typst.Compiler(  # type: ignore[type-var]  # its type knows either, not both
        source,
        root=root,
        font_paths=_fonts(fonts),
        sys_inputs={**_faces(fonts), **inputs},
    )


def _notes(compiler: typst.Compiler) -> list[NotePlace]:
    return [
        NotePlace(record["note"], record["mark-page"], record["first-page"], record["last-page"])
        for record in json.loads(compiler.query("<edition-note>", field="value"))
    ]


def _trial(text: bytes, folder: Path, fonts: Fonts, layout: Layout) -> list[NotePlace]:
    """Set the text alone and return where its notes are."""
    with _told():
        return _notes(_compiler(text, folder, {**layout, "trial": "yes"}, fonts))


def _whole(source: Path, layout: Layout, fonts: Fonts) -> Result:
    """Set the whole book."""
    compiler = _compiler(source, source.parent, layout, fonts)
    with _told():
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["ua-1"], timestamp=timestamp()
        )
        notes = _notes(compiler)
    assert isinstance(pdf, bytes)
    return Result(pdf, notes, [warning.diagnostic or warning.message for warning in warnings])


@contextmanager
def _told() -> Iterator[None]:
    """Raise TypesettingError for whatever Typst raises.

    Its errors are RuntimeErrors; should Rust panic, that is no Exception of Python's.
    """
    try:
        yield
    except RuntimeError as error:
        raise TypesettingError(_diagnostic(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise TypesettingError(f"error: {error}") from error


def fault_in(source: Path, fonts: Fonts) -> TypesettingError | None:
    """Why the book *source* can't be set; None if it can.  One layout is tried."""
    try:
        _whole(source, LAYOUTS[-1], fonts)
    except TypesettingError as error:
        return error
    return None


def fault_of_words(words: str, fonts: Fonts) -> TypesettingError | None:
    """Why *words*, in Typst's markup, can't be set by the book's standard; None if they can."""
    text = (
        '#import "/template/sheet.typ": all-faces, fallback\n#set document(title: "Signs")\n'
        f"#set text(font: all-faces(), fallback: fallback)\n{words}"
    )
    compiler = _compiler(text.encode(), HERE, {}, fonts)
    try:
        with _told():
            compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=timestamp())
    except TypesettingError as error:
        return error
    return None


def fault_of_picture(path: Path) -> str:
    """Why Typst can't print the picture at *path*, in its words; ``""`` if it can."""
    words = "#image(sys.inputs.path, alt: sys.inputs.path, width: 1cm)"
    compiler = _compiler(words.encode(), path.parent, {"path": path.name}, Fonts())
    try:
        with _told():
            compiler.compile(format="pdf")
    except TypesettingError as error:
        return error.summary
    return ""


def _diagnostic(error: Exception) -> str:
    return str(getattr(error, "diagnostic", "") or getattr(error, "message", "") or error)


def packed(pdf: bytes) -> bytes:
    """Return the document with its objects in compressed streams (ISO 32000-1, 7.5.7).

    Typst writes each object by itself: the tags and links of a book are several times as large
    as its words. Nothing that is seen changes, and the same bytes give the same bytes.
    """
    import pikepdf  # a fifth of a second, which no other builder need spend

    target = BytesIO()
    # From a file: of bytes in memory, pikepdf would ask Python for each of twenty thousand objects.
    with TemporaryDirectory() as folder:
        source = Path(folder, "book.pdf")
        source.write_bytes(pdf)
        with pikepdf.open(source) as document:
            name_hyphens(document)
            document.save(
                target,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                deterministic_id=True,
                fix_metadata_version=False,
            )
    return target.getvalue()
