"""From a Typst file to a PDF: fonts, layouts to try, and what Typst has to say about it.

Typst and pikepdf are imported when a book is set: other builders do without.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from itertools import groupby, pairwise
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

#: Layouts from the finest on: with the foot of the page moved by a hair, which puts other lines
#: last on their pages.
LAYOUTS: list[Layout] = [{"nudge": nudge} for nudge in _NUDGES]
#: Where notes are at fault on more pages than this, no layout has none: a book that is ten times
#: as long has ten times as many.
_HOPELESS = 6
#: In so many layouts such a book is tried with what parts notes from their marks eased.
_FEW = 4
#: How often the whole book is set at most.
_MOST_WHOLE = 3
#: In points: less than from a line to the next, and more than half of it.
_LINE = 11.0
#: Notes of one line that are higher than this altogether may go on on the next page.
_SHORT_NOTES = 100.0

_MISSING_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
#: How Typst writes a character that would not be seen in a message.
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")


#: A page of the file, and how far down, in points.
Spot = tuple[int, float]


@dataclass(frozen=True)
class NotePlace:
    """On which pages of the file a note's mark stands, and the note begins and ends."""

    note: str
    mark_page: int
    first_page: int
    last_page: int
    #: How far down the page the line of the mark is, and the first line of the note.
    mark_y: float = 0
    first_y: float = 0

    @property
    def mark(self) -> Spot:
        """Where the mark's line is."""
        return self.mark_page, self.mark_y

    @property
    def first(self) -> Spot:
        """Where the note's first line is."""
        return self.first_page, self.first_y


@dataclass(frozen=True)
class Paragraph:
    """Where a paragraph with notes begins, the top of its first line, and the foot of its last."""

    number: str
    first: Spot
    last: Spot


@dataclass(frozen=True)
class Places:
    """Where notes and the paragraphs of their marks are in a layout."""

    notes: list[NotePlace]
    paragraphs: list[Paragraph] = field(default_factory=list)

    @property
    def strays(self) -> list[NotePlace]:
        """The notes that do not begin on their mark's page."""
        return [note for note in self.notes if note.first_page != note.mark_page]

    @property
    def faults(self) -> tuple[int, int]:
        """How many notes stray from their marks' pages, and how many run on to the next page."""
        run_on = sum(note.last_page != note.first_page for note in self.notes)
        return len(self.strays), run_on

    @property
    def pages_at_fault(self) -> int:
        """On how many pages notes stray or run on."""
        return len(
            {
                note.mark_page
                for note in self.notes
                if not note.mark_page == note.first_page == note.last_page
            }
        )

    @property
    def too_many(self) -> bool:
        """Whether so many notes stray that none of the layouts can hold them.

        A line more or less on a page brings a note or none to its mark.  Where more stray than
        there are pages with marks, they are too many for their words, as a hundred on one word are.
        """
        return len(self.strays) > len({note.mark_page for note in self.notes})


@dataclass(frozen=True)
class Result(Places):
    """A finished PDF."""

    pdf: bytes = b""
    warnings: list[str] = field(default_factory=list)

    @property
    def unsettled(self) -> bool:
        """Whether page numbers were still changing when Typst gave up: some may be wrong."""
        return any("did not converge" in warning for warning in self.warnings)


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


@dataclass(frozen=True)
class Found:
    """Layouts, the best first, and the notes that stray in the best, by their names."""

    layouts: list[Layout]
    strays: frozenset[str] = frozenset()


class LayoutSearch:
    """Looks for the finest layout that keeps every note on its mark's page.

    It sets the text alone, where the notes are, from a file in *folder*; and it does so while
    the rest of the book is still being written: Typst lets go of the interpreter.
    """

    def __init__(self, folder: Path, fonts: Fonts = _OURS) -> None:
        self._folder = folder
        self.fonts = fonts
        self._beside = ThreadPoolExecutor(1)
        self._found: Future[Found] | None = None

    def begin(self, text: str) -> None:
        """Begin with the file *text*, the book without all that comes after the text."""
        trials = partial(_trials, text.encode(), self._folder, self.fonts)
        self._found = self._beside.submit(_by_faults, trials, self.fonts)
        self._beside.shutdown(wait=False)

    def found(self) -> Found:
        """Return what was found; TypesettingError if the text can't be set."""
        return self._found.result() if self._found else Found(LAYOUTS)


def typeset(source: Path, search: LayoutSearch) -> Result:
    """Make a PDF of *source* in the layout that *search* finds.

    The whole book is set once.  Should notes elsewhere than in the text stray in it, or its page
    numbers not settle, it is set again, a few times at most.
    """
    found = search.found()
    layouts = found.layouts
    best: Result | None = None
    for _ in range(_MOST_WHOLE):
        layout, *layouts = layouts
        result = _whole(source, layout, search.fonts)
        if best is None or _rank(result) < _rank(best):
            best = result
        expected = {note.note for note in best.strays} <= found.strays
        if (expected and not best.unsettled) or best.too_many or not layouts:
            break
        if (eased := easing(layout, result)) != layout:
            layouts = [eased, *layouts]
    assert best is not None
    return replace(best, pdf=packed(best.pdf))


def _rank(result: Result) -> tuple[bool, tuple[int, int]]:
    return result.unsettled, result.faults


#: The places of notes in layouts that are tried one after the other.
Trials = Callable[[list[Layout]], Iterator[tuple[Layout, Places]]]


def _by_faults(trials: Trials, fonts: Fonts) -> Found:
    """Return the layouts, best first; those that need not be tried come last.

    If notes stray in all, they are tried again with what parts notes from their marks eased.
    """
    _fonts(fonts)  # read once, before several threads ask for them
    found: list[tuple[Layout, Places]] = []
    for layout, places in trials(LAYOUTS):
        found.append((layout, places))
        if places.faults == (0, 0) or places.too_many or places.pages_at_fault > _HOPELESS:
            break
    rest = LAYOUTS[len(found) :]
    first = found[0][1]
    if all(places.strays and not places.too_many for _, places in found):
        several = LAYOUTS[:_FEW] if first.pages_at_fault > _HOPELESS else LAYOUTS
        for layout, places in trials([easing(layout, first) for layout in several]):
            found.append((layout, places))
            if not places.strays:
                break
    found.sort(key=_faults)
    strays = frozenset(note.note for note in found[0][1].strays)
    return Found([layout for layout, _ in found] + rest, strays)


def _faults(found: tuple[Layout, Places]) -> tuple[int, int]:
    return found[1].faults


def easing(layout: Layout, places: Places) -> Layout:
    """Return *layout* with what keeps notes from their marks' pages eased.

    Typst puts a note on a page with its mark's line, and then finds that the two lines that it
    keeps together, the first two of a paragraph or the last two, have no room any more: the line
    goes to the next page, and the note stays.  And it takes a line to the next page if its first
    note has no room, but not if the second has none.

    Where lines end has nothing to do with pages: what is found in one layout is true in all.
    """
    before = json.loads(layout.get("eased", "{}"))
    paragraphs = {**before.get("paragraphs", {}), **_divisible(places)}
    notes = {**before.get("notes", {}), **_together(places.notes)}
    eased = json.dumps({"paragraphs": paragraphs, "notes": notes}, sort_keys=True)
    return {**layout, "eased": eased}


def _divisible(places: Places) -> dict[str, list[str]]:
    """Return the paragraphs whose first line or last but one has a mark, and what isn't avoided."""
    found: dict[str, set[str]] = {}
    paragraphs = sorted(places.paragraphs, key=lambda one: one.first)
    starts = [one.first for one in paragraphs]
    for note in places.notes:
        at = bisect_right(starts, note.mark) - 1
        if at < 0 or note.mark > (one := paragraphs[at]).last:
            continue
        if note.mark_page == one.first[0] and note.mark_y - one.first[1] < _LINE:
            found.setdefault(one.number, set()).add("orphan")
        if note.mark_page == one.last[0] and 0 < one.last[1] - note.mark_y < 2 * _LINE:
            found.setdefault(one.number, set()).add("widow")
    return {number: sorted(costs) for number, costs in found.items()}


def _together(notes: list[NotePlace]) -> dict[str, tuple[bool, float | None, float | None]]:
    """Return which notes of one line are held together: see the template's ``together``."""
    found: dict[str, tuple[bool, float | None, float | None]] = {}
    for _, line in groupby(notes, key=lambda note: note.mark):
        first, *others = line
        if not others:
            continue
        heights = [_height(note, after) for note, after in pairwise([first, *others])]
        if sum(heights) > _SHORT_NOTES:
            continue  # they may go on on the next page
        room = round(sum(heights[1:]), 2)
        for note in others[:-1]:
            found[note.note] = True, None, None
        found[first.note] = True, room, None
        found[others[0].note] = len(others) > 1, None, room
    return found


def _height(note: NotePlace, after: NotePlace) -> float:
    """How high *note* is, before *after*; what was parted from that is none of the shortest."""
    on_one_page = note.first_page == note.last_page == after.first_page
    return after.first_y - note.first_y if on_one_page else 3 * _LINE


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


def _places(compiler: typst.Compiler) -> Places:
    """What the template's ``note-records`` tells."""
    records = json.loads(compiler.query("<edition-records>", field="value", one=True))
    notes = [
        NotePlace(
            record["note"],
            record["mark-page"],
            record["first-page"],
            record["last-page"],
            record["mark-y"],
            record["first-y"],
        )
        for record in records["notes"]
    ]
    paragraphs = [
        Paragraph(number, (*first,), (*last,)) for number, first, last in records["paragraphs"]
    ]
    return Places(notes, paragraphs)


def _trials(
    text: bytes, folder: Path, fonts: Fonts, layouts: list[Layout]
) -> Iterator[tuple[Layout, Places]]:
    """Yield *layouts* in their order, with where the notes are in each.

    The first is tried alone: it may do. Then each processor makes a trial.
    """
    at_once = os.cpu_count() or 1
    with ThreadPoolExecutor(at_once) as pool:
        for start, end in pairwise([0, *range(1, len(layouts), at_once), len(layouts)]):
            some = layouts[start:end]
            yield from zip(some, pool.map(partial(_trial, text, folder, fonts), some), strict=True)


def _trial(text: bytes, folder: Path, fonts: Fonts, layout: Layout) -> Places:
    """Set the text alone and return where its notes are."""
    with _told():
        return _places(_compiler(text, folder, {**layout, "trial": "yes"}, fonts))


def _whole(source: Path, layout: Layout, fonts: Fonts) -> Result:
    """Set the whole book."""
    compiler = _compiler(source, source.parent, layout, fonts)
    with _told():
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["ua-1"], timestamp=timestamp()
        )
        places = _places(compiler)
    assert isinstance(pdf, bytes)
    told = [warning.diagnostic or warning.message for warning in warnings]
    return Result(places.notes, places.paragraphs, pdf, told)


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
