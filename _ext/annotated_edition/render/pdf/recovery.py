"""What to repair when Typst can't set the book, found from what it says, or else by trying."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from annotated_edition.render.fonts.scripts import face_for
from annotated_edition.render.pdf.book import Book
from annotated_edition.render.pdf.repairs import (
    Piece,
    Unprintable,
    codes,
    culprit,
    find_signs,
    once_a_script,
    pieces_of,
    script_of,
)
from annotated_edition.render.pdf.typeset import TypesettingError, fault_of_picture
from annotated_edition.render.pdf.writer import place_of
from annotated_edition.text.control import brief

#: A document with so many pieces that can't be set stands as its words altogether.
_MOST_OF_A_FILE = 3
#: After so many tries, each of which sets the book, all of it does.
_MOST_TRIES = 200

#: A message, and where in the sources it belongs; None if nobody knows.
Finding = tuple[str, str | None]


class Recovery:
    """Looks for what can't be set, and puts it down in the book's repairs.

    *fault* writes the book with its present repairs and tells why that can't be set, if so;
    *missing* tells which of some signs can't be set, each by itself;
    *pictures* are the copies of its pictures, by their names; *sources* the files that may hold
    a sign; *path* tells a document's file.
    """

    def __init__(
        self,
        book: Book,
        fault: Callable[[], TypesettingError | None],
        missing: Callable[[Collection[str]], set[str]],
        pictures: Mapping[str, Path],
        sources: Collection[Path],
        path: Callable[[str], str],
    ) -> None:
        self._findings: list[Finding] = []
        self._unprintable: list[Unprintable] = []
        self._book, self._repairs = book, book.repairs
        self._fault, self._missing, self._pictures = fault, missing, dict(pictures)
        self._sources, self._path = sources, path
        self._pieces = pieces_of(book.tree, book.notes)
        self._files: Counter[str] = Counter()
        self._tries = 0

    @property
    def findings(self) -> list[Finding]:
        """All that was found, with its places."""
        return [*map(told, once_a_script(self._unprintable)), *self._findings]

    def found(self, error: TypesettingError) -> bool:
        """Find something to repair; False if the fault is in no part of the book."""
        return self._find_signs(error) or self._find_pictures() or self._find_piece(error)

    # ---- signs ---------------------------------------------------------------------------------

    def _find_signs(self, error: TypesettingError) -> bool:
        texts = [text.astext() for text in self._book.tree.findall(nodes.Text)]
        new: dict[str, None] = {}
        for glyph in error.missing_glyphs:
            # Typst joins what it sets as one sign; the words may have it in pieces.
            whole = len(glyph) == 1 or any(glyph in text for text in texts)
            new |= dict.fromkeys([glyph] if whole else [sign for sign in glyph if ord(sign) > 127])
        # For a mark that no font has Typst blames all that is one with it, letter and vowel.
        if len(new) > 1:
            alone = self._alone(new)
            new = {sign: None for sign in new if sign in alone} or new
        signs = [sign for sign in new if sign not in self._repairs.missing]
        if not signs:
            return False
        self._repairs.missing.update(signs)
        places = find_signs(self._sources, signs)
        nowhere = set(signs) - {sign for place in places for sign in place.signs}
        places += self._in_the_book(nowhere)
        lost = sorted(nowhere - {sign for place in places for sign in place.signs})
        self._unprintable += places + ([Unprintable("", 0, tuple(lost))] if lost else [])
        self._repairs.replace_in(self._book.tree)
        for path in self._pictures.values():
            if path.suffix == ".svg":  # a chart's words are the notes'
                words = path.read_text(encoding="utf-8", errors="replace")
                path.write_text(self._repairs.printable(words), encoding="utf-8")
        return True

    def _alone(self, signs: Collection[str]) -> set[str]:
        """Those that can't be set by themselves; all if that can't be known."""
        try:
            return self._missing(signs)
        except TypesettingError:
            return set(signs)

    def _in_the_book(self, signs: set[str]) -> list[Unprintable]:
        """Where signs stand that no file holds: those of a name in the history, for one."""
        found: dict[tuple[str, str], list[str]] = {}
        for sign in sorted(signs):
            place = next(self._places(sign, self._book.tree, self._book.root), None)
            if place:
                found.setdefault((place, script_of(sign[0])), []).append(sign)
        places = []
        for (place, _script), group in found.items():
            path, _, line = place.rpartition(":")
            places.append(Unprintable(path, int(line), tuple(group)))
        return places

    def _places(self, sign: str, node: nodes.Node, docname: str) -> Iterator[str]:
        if isinstance(node, nodes.Text):
            if sign in node.astext():
                yield place_of(node.parent, self._path(docname))
        elif isinstance(node, nodes.Element):
            if isinstance(node, addnodes.start_of_file):
                docname = node["docname"]
            note = self._book.notes.get(node.get("edition_note", ""), docname)
            for child in node.children:
                yield from self._places(sign, child, note)

    # ---- pictures ------------------------------------------------------------------------------

    def _find_pictures(self) -> bool:
        """Let Typst decode each picture by itself."""
        faults = {
            name: f"can't be decoded ({brief(fault)})"
            for name, path in self._pictures.items()
            if name not in self._repairs.pictures and (fault := fault_of_picture(path))
        }
        self._repairs.pictures |= faults  # the writer tells where they stand
        return bool(faults)

    # ---- anything else -------------------------------------------------------------------------

    def _find_piece(self, error: TypesettingError) -> bool:
        known = set(self._repairs.pieces)
        every = known | {piece.id for piece in self._pieces}
        if not self._can_be_left_out(every, error):
            return False
        found: Piece | None = None
        if self._fails(known):
            found = culprit([p for p in self._pieces if p.id not in known], known, self._fails)
            self._repairs.pieces = every if found is None else known | {found.id}
        why = brief(error.summary)
        if found is not None:
            where = place_of(found.node, self._path(found.docname), woven=True)
            self._findings.append(
                (f"Typst can't set this ({why}): its words stand without form; simplify it", where)
            )
            self._files[found.docname] += 1
            if self._files[found.docname] >= _MOST_OF_A_FILE:
                rest = {piece.id for piece in self._pieces if piece.docname == found.docname}
                self._repairs.pieces |= rest
        if self._tries > _MOST_TRIES and known != every:
            self._repairs.pieces = every
        if self._repairs.pieces == every:
            message = f"Typst can't set the book ({why}): all its words stand without form"
            self._findings.append((message, None))
            return known != every
        return True

    def _can_be_left_out(self, every: set[int], error: TypesettingError) -> bool:
        """Whether a book of words alone can be set, perhaps without its index."""
        repairs = self._repairs
        indexless, wordless = repairs.indexless, repairs.wordless
        for indexless_now, wordless_now in (
            (indexless, wordless),
            (indexless, True),
            (True, wordless),
            (True, True),
        ):
            repairs.indexless, repairs.wordless = indexless_now, wordless_now
            if not self._fails(every):
                if indexless_now and not indexless:
                    why = brief(error.summary)
                    message = f"Typst can't set the index ({why}): it is left out"
                    self._findings.append((message, None))
                return True
        return False

    def _fails(self, left_out: set[int]) -> bool:
        self._tries += 1
        self._repairs.pieces = left_out
        return self._fault() is not None


def told(place: Unprintable) -> Finding:
    """What is said of signs that no font has."""
    signs = "".join(place.signs[:8]) + ("…" if len(place.signs) > 8 else "")
    advice = "write it in other letters, or name a font that has it in edition_pdf_fonts (conf.py)"
    face = face_for([script_of(sign[0]) for sign in place.signs])
    if face:
        advice = (
            f"install {face.family} (Debian's and Ubuntu's package {face.package}), and set "
            "edition_pdf_system_fonts = True, or name its file in edition_pdf_fonts (conf.py)"
        )
    others = f" (also in {', '.join(place.others)})" if place.others else ""
    message = (
        f'no font of the book has "{signs}" ({codes("".join(place.signs))}), and a stand-in is '
        f"printed{others}: {advice}"
    )
    return message, place.place or None
