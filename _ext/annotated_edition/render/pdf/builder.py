"""The builder ``edition-pdf``: all pages as one book, typeset with Typst."""

from __future__ import annotations

import shutil
from collections.abc import Set
from mimetypes import guess_type
from pathlib import Path
from typing import ClassVar

from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.locale import get_translation
from sphinx.util import logging
from sphinx.util.display import progress_message
from sphinx.util.osutil import ensuredir

from annotated_edition.bibliography.queries import bibliography_pages
from annotated_edition.domain import EditionDomain
from annotated_edition.domain.settings import line_of_setting
from annotated_edition.model.records import Subtype
from annotated_edition.render.fonts import Fonts
from annotated_edition.render.pdf.book import Book, Wishes, assemble, book_of
from annotated_edition.render.pdf.glyphs import missing_alone
from annotated_edition.render.pdf.index import Entry, entries
from annotated_edition.render.pdf.opening import opening
from annotated_edition.render.pdf.places import Occurrences, point_at_words, tie_in_the_margin
from annotated_edition.render.pdf.recovery import Recovery
from annotated_edition.render.pdf.typeset import (
    TEMPLATE,
    LayoutSearch,
    NotePlace,
    Result,
    TypesettingError,
    fault_in,
    fingerprint,
    typeset,
)
from annotated_edition.render.pdf.writer import TypstWriter
from annotated_edition.render.pictures import without_words
from annotated_edition.text.control import brief
from annotated_edition.text.extras import command_for, is_installed

logger = logging.getLogger(__name__)
_ = get_translation("annotated_edition")


class PrintError(SphinxError):
    """The book cannot be printed as its sources stand."""

    category = "The printed book"


class EditionPDFBuilder(Builder):
    """Writes the whole edition as one accessible PDF."""

    name = "edition-pdf"
    format = "typst"
    epilog = "The book is in %(outdir)s."
    default_translator_class = TypstWriter
    supported_image_types: ClassVar[list[str]] = [
        "image/svg+xml",
        "image/png",
        "image/jpeg",
        "image/webp",
        "image/gif",
        "application/pdf",
    ]

    def init(self) -> None:
        """Refuse to begin without Typst, before anything is read."""
        if not is_installed("pdf"):
            message = f"the builder {self.name} needs Typst and pikepdf: {command_for('pdf')}"
            raise PrintError(message)

    def get_outdated_docs(self) -> str:
        """Every page is in the one file."""
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return what the writer knows as a page; the place in it follows after a ``#``."""
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the same as :meth:`get_target_uri`: there is one file."""
        return self.get_target_uri(to, typ)

    def write_documents(self, docnames: Set[str]) -> None:
        """Write the book."""
        name: str = self.config.edition_pdf_name
        source = self.outdir / f"{name}.typ"
        self._told: set[tuple[str, str | None]] = set()
        with progress_message("assembling the book", nonl=False):
            book = self._book()
            self.post_process_images(book.tree)
        with progress_message(f"writing {source.name}"):
            shutil.copytree(TEMPLATE, self.outdir / TEMPLATE.name, dirs_exist_ok=True)
            self._copy_images(book)
            search = self._write(source, book)
        with progress_message(f"typesetting {name}.pdf"):
            self._typeset(source, self.outdir / f"{name}.pdf", book, search)

    def _book(self) -> Book:
        """Return the book: all pages, woven, with what only print has, in a book's order."""
        config, edition = self.config, self._edition
        imprint = [str(place) for place in config.edition_pdf_imprint]
        tree = assemble(self, self._left_out(), [place.partition("#")[0] for place in imprint])
        index: list[Entry] = []
        if edition is not None:
            found = Occurrences(tree, edition.edition)
            point_at_words(tree, edition.edition, found)
            if config.edition_pdf_index:
                index = entries(edition, found)
            tie_in_the_margin(tree, edition.edition, found)
            found.put_in()
        try:
            book = book_of(tree, self._wishes(), imprint)
        except KeyError as error:
            message = f"edition_pdf_imprint: there is nothing at {error.args[0]!r}"
            raise PrintError(message) from error
        book.index = index
        if edition is not None:
            notes = edition.edition.notes.values()
            book.numbers = {page.note.docname: page.number for page in notes}
            book.notes = {id_: page.note.docname for id_, page in edition.edition.notes.items()}
        return book

    @property
    def _edition(self) -> EditionDomain | None:
        """The edition's data; none if the extension's other parts are not set up."""
        domain = self.env.domains.get(EditionDomain.name)
        return domain if isinstance(domain, EditionDomain) else None

    def _left_out(self) -> set[str]:
        left_out = self.config.edition_pdf_leave_out
        if left_out is not None:
            return set(left_out)
        root = self.config.root_doc
        return set() if root in self._texts() else {root}

    def _texts(self) -> set[str]:
        """The pages that hold the text, or lead to it within the same chapter."""
        edition = self._edition
        return {docname for docname, _ in edition.edition.passages} if edition else set()

    def _wishes(self) -> Wishes:
        edition, config = self._edition, self.config
        notes = edition.edition.notes.values() if edition else ()
        return Wishes(
            front=config.edition_pdf_front,
            back=config.edition_pdf_back,
            notes=[page.note.docname for page in notes],
            text=self._texts(),
            sources=bibliography_pages(self.env),
            commentary=str(_("Commentary")),
        )

    def _write(self, source: Path, book: Book) -> LayoutSearch:
        """Write the whole book as markup, and say what of it stands in for something else."""
        writer, search = self._written(source, book)
        dead = writer.wanted.keys() - writer.emitted
        if dead:
            book.repairs.dead |= dead
            writer, search = self._written(source, book)
        for where, message in writer.problems:
            self._warn(message, where)
        for where, image in writer.missing_alt:
            self._warn(without_words(image), where)
        return search

    def _written(
        self, source: Path, book: Book, *, to_try: bool = False
    ) -> tuple[TypstWriter, LayoutSearch]:
        """Write the book, and begin to look for its layout but if it is only *to_try* something."""
        writer = self.create_translator(book.tree, self, book)
        assert isinstance(writer, TypstWriter)
        search = LayoutSearch(self.outdir, self._fonts())
        printable = book.repairs.printable
        arguments = {key: printable(value) for key, value in opening(self.config).items()}
        words = writer.written(arguments, (lambda text: None) if to_try else search.begin)
        source.write_text(words, encoding="utf-8")
        return writer, search

    def _warn(self, message: str, where: str | None = None) -> None:
        """Warn of what isn't printed as it should be, once a build."""
        if (message, where) not in self._told:
            self._told.add((message, where))
            logger.warning("%s", message, location=where, type="edition", subtype=Subtype.PDF.value)

    def _conf(self, setting: str) -> str:
        """Where in ``conf.py`` a setting, or the first of a sort, is made: its file and line."""
        return f"{Path(self.confdir, 'conf.py')}:{line_of_setting(self.confdir, setting)}"

    def _fonts(self) -> Fonts:
        """Where the book's fonts come from."""
        for path in map(Path(self.confdir).joinpath, self.config.edition_pdf_fonts):
            if not path.exists():
                message = (
                    f"edition_pdf_fonts names {str(path.name)!r}, which isn't there: write the "
                    "path of a font file or folder, from that of conf.py"
                )
                self._warn(message, self._conf("edition_pdf_fonts"))
        return fonts_of(self.config, Path(self.confdir))

    def _copy_images(self, book: Book) -> None:
        ensuredir(self.outdir / "images")
        for uri, name in self.images.items():
            try:
                shutil.copyfile(self.srcdir / uri, self.outdir / "images" / name)
            except OSError as error:
                book.repairs.pictures[name] = f"can't be read ({brief(str(error.strerror))})"

    def _typeset(self, source: Path, target: Path, book: Book, search: LayoutSearch) -> None:
        """Make the PDF, unless it is there and nothing that goes into it has changed."""
        record = target.with_suffix(".made-of")
        made_of = record.read_text(encoding="utf-8") if record.exists() else ""
        if made_of and target.exists() and made_of == fingerprint(source, target, search.fonts):
            return
        record.unlink(missing_ok=True)
        result = self._result(source, book, search)
        target.write_bytes(result.pdf)
        told = result.warnings or result.strays or book.repairs.after_trial
        if not told:  # or it would be silent the next time
            record.write_text(fingerprint(source, target, search.fonts), encoding="utf-8")

    def _result(self, source: Path, book: Book, search: LayoutSearch) -> Result:
        result = self._repaired(source, book, search)
        for message in result.warnings:
            self._warn(f"Typst: {message}")
        by_page: dict[str, list[NotePlace]] = {}
        for stray in result.strays:
            by_page.setdefault(stray.note.partition("#")[0], []).append(stray)
        for docname, (stray, *others) in by_page.items():
            known = docname in self.env.found_docs
            self._warn(
                f'the note "{stray.note.removesuffix(" (note)")}" is printed on page '
                f"{stray.first_page} of the file, its mark on page {stray.mark_page}"
                + (f" (and {len(others)} more of this page's)" if others else ""),
                f"{self.env.doc2path(docname)}:1" if known else self._conf("edition_pdf_"),
            )
        return result

    def _repaired(self, source: Path, book: Book, search: LayoutSearch) -> Result:
        """Set the book, each time without what it could not be set for before."""
        recovery = Recovery(
            book,
            lambda: self._fault_in(source, book),
            lambda signs: missing_alone(signs, self._fonts()),
            {name: self.outdir / "images" / name for name in self.images.values()},
            self._sources(),
            lambda docname: str(self.env.doc2path(docname)),
        )
        while True:
            try:
                return typeset(source, search)
            except TypesettingError as error:
                if not recovery.found(error):
                    raise PrintError(_in_short(error)) from error
            for message, where in recovery.findings:
                self._warn(message, where or self._conf("edition_pdf_"))
            search = self._write(source, book)

    def _fault_in(self, source: Path, book: Book) -> TypesettingError | None:
        self._written(source, book, to_try=True)
        return fault_in(source, self._fonts())

    def _sources(self) -> list[Path]:
        """The files that the book's words come from."""
        return sources_of(self.env)


def fonts_of(config: Config, folder: Path) -> Fonts:
    """Where the fonts of a book come from whose ``conf.py`` is in *folder*."""
    paths = (Path(folder, name) for name in config.edition_pdf_fonts)
    return Fonts(tuple(path for path in paths if path.exists()), config.edition_pdf_system_fonts)


def sources_of(env: BuildEnvironment) -> list[Path]:
    """The files that a book's words may come from."""
    found = [Path(env.doc2path(docname)) for docname in sorted(env.found_docs)]
    # What documents include; pictures, which they depend on, too, have no words.
    others = {Path(env.srcdir, name) for names in env.dependencies.values() for name in names}
    found += sorted(path for path in others - {*found} if _is_text(path))
    bibliographies = getattr(env.config, "bibtex_bibfiles", None) or ()
    return found + [Path(env.srcdir, name) for name in bibliographies]


def _is_text(path: Path) -> bool:
    kind = guess_type(path.name)[0] or ""
    return path.is_file() and kind.partition("/")[0] not in ("image", "font", "audio", "video")


def _in_short(error: TypesettingError) -> str:
    """Say what Typst says; what could not be set has no labels, which follows from the rest."""
    found = sorted(error.diagnostic.split("\n\n"), key=lambda e: "` does not exist" in e)
    return "\n\n".join(found[:3])
