"""The builder ``edition-pdf``: all pages as one book, typeset with Typst."""

from __future__ import annotations

import atexit
import gc
import shutil
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.errors import SphinxError
from sphinx.locale import get_translation
from sphinx.util import logging
from sphinx.util.display import progress_message
from sphinx.util.logging import get_node_location
from sphinx.util.osutil import ensuredir

from annotated_edition.domain import EditionDomain
from annotated_edition.render.pdf.book import Book, Wishes, assemble, book_of
from annotated_edition.render.pdf.index import Entry, entries
from annotated_edition.render.pdf.opening import opening
from annotated_edition.render.pdf.places import Occurrences, point_at_words, tie_in_the_margin
from annotated_edition.render.pdf.typeset import (
    TEMPLATE,
    LayoutSearch,
    Result,
    TypesettingError,
    fingerprint,
    typeset,
)
from annotated_edition.render.pdf.writer import TypstWriter
from annotated_edition.text.extras import command_for, is_installed

logger = logging.getLogger(__name__)
_ = get_translation("annotated_edition")


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Let Python not look for garbage among nodes that are all still wanted.

    It would look through all of them whenever some ten thousand are new, which takes a fifth
    of the time that a book takes to assemble.
    """
    enabled = gc.isenabled()
    gc.disable()
    # When the process ends, Python would once more look through all of them, for a second.
    atexit.register(gc.freeze)
    try:
        yield
    finally:
        if enabled:
            gc.enable()


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
        search = LayoutSearch(self.outdir)
        with _nothing_collected():
            with progress_message("assembling the book", nonl=False):
                book = self._book()
                self.post_process_images(book.tree)
            with progress_message(f"writing {source.name}"):
                shutil.copytree(TEMPLATE, self.outdir / TEMPLATE.name, dirs_exist_ok=True)
                self._copy_images()
                source.write_text(self._written(book, search), encoding="utf-8")
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
            found.settle()
        try:
            book = book_of(tree, self._wishes(), imprint)
        except KeyError as error:
            message = f"edition_pdf_imprint: there is nothing at {error.args[0]!r}"
            raise PrintError(message) from error
        book.index = index
        if edition is not None:
            notes = edition.edition.notes.values()
            book.numbers = {page.note.docname: page.number for page in notes}
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
        citations = self.env.domaindata.get("cite", {}).get("citations", ())
        return Wishes(
            front=config.edition_pdf_front,
            back=config.edition_pdf_back,
            notes=[page.note.docname for page in notes],
            text=self._texts(),
            sources={citation.bibliography_key.docname for citation in citations},
            commentary=str(_("Commentary")),
        )

    def _written(self, book: Book, search: LayoutSearch) -> str:
        """Return the whole book as markup, or say all that is wrong at once."""
        writer = self.create_translator(book.tree, self, book)
        assert isinstance(writer, TypstWriter)
        words = writer.written(opening(self.config), search.begin)
        problems = list(writer.problems)
        for label, where in writer.wanted.items():
            if label not in writer.emitted:
                problems.append(f'{where}: dead link: "{label}" is nowhere in the printed book')
        if problems:
            raise PrintError("\n".join(problems))
        for where, uri in writer.missing_alt:
            logger.warning(
                'the image "%s" has no alternative text',
                uri,
                location=where,
                type="edition",
                subtype="pdf",
            )
        return words

    def _copy_images(self) -> None:
        ensuredir(self.outdir / "images")
        for uri, name in self.images.items():
            shutil.copyfile(self.srcdir / uri, self.outdir / "images" / name)

    def _typeset(self, source: Path, target: Path, book: Book, search: LayoutSearch) -> None:
        """Make the PDF, unless it is there and nothing that goes into it has changed."""
        record = target.with_suffix(".made-of")
        made_of = record.read_text(encoding="utf-8") if record.exists() else ""
        if made_of and target.exists() and made_of == fingerprint(source, target):
            return
        record.unlink(missing_ok=True)
        result = self._result(source, book, search)
        target.write_bytes(result.pdf)
        if not (result.warnings or result.strays):  # those are told in every build
            record.write_text(fingerprint(source, target), encoding="utf-8")

    def _result(self, source: Path, book: Book, search: LayoutSearch) -> Result:
        try:
            result = typeset(source, search)
        except TypesettingError as error:
            raise PrintError(self._explain(error, book.tree)) from error
        for message in result.warnings:
            logger.warning("Typst: %s", message, type="edition", subtype="pdf")
        for stray in result.strays:
            logger.warning(
                'the note "%s" is printed on page %s of the file, its mark on page %s',
                stray.note.removesuffix(" (note)"),
                stray.first_page,
                stray.mark_page,
                type="edition",
                subtype="pdf",
            )
        return result

    def _explain(self, error: TypesettingError, tree: nodes.document) -> str:
        """Say which character is missing and where it stands, or what else Typst says."""
        if not error.missing_glyphs:
            # What could not be set has no labels: those errors follow from the others.
            found = sorted(error.diagnostic.split("\n\n"), key=lambda e: "` does not exist" in e)
            return "\n\n".join(found[:3])
        lines = []
        for glyph in error.missing_glyphs:
            codes = " ".join(f"U+{ord(character):04X}" for character in glyph)
            places = self._places_of(glyph, tree, self.config.root_doc)
            where = f" ({', '.join(places[:3])})" if places else ""
            lines.append(f'no font of the book has the character "{glyph}" ({codes}){where}')
        lines.append("Chinese characters are added with: python tools/subset_fonts.py")
        return "\n".join(lines)

    def _places_of(self, glyph: str, node: nodes.Node, docname: str) -> list[str]:
        """Return where in the sources *glyph* stands."""
        if isinstance(node, nodes.Text):
            if glyph not in node:
                return []
            place = get_node_location(node.parent) or str(self.env.doc2path(docname))
            return [f"{docname}: {place}"]
        if isinstance(node, addnodes.start_of_file):
            docname = node["docname"]
        places = [p for child in node.children for p in self._places_of(glyph, child, docname)]
        return list(dict.fromkeys(places))
