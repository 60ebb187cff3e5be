"""The builder ``edition-pdf``: all pages as one book, typeset with Typst."""

from __future__ import annotations

import shutil
from collections.abc import Set
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.errors import SphinxError
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.display import progress_message
from sphinx.util.logging import get_node_location
from sphinx.util.osutil import ensuredir

from annotated_edition.pdf.assemble import Book, assemble, index_of
from annotated_edition.pdf.escape import string
from annotated_edition.pdf.typeset import TEMPLATE, TypesettingError, typeset
from annotated_edition.pdf.writer import TypstWriter

logger = logging.getLogger(__name__)


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
        with progress_message("assembling the book", nonl=False):
            book = index_of(assemble(self, set(self.config.edition_pdf_leave_out)))
            self.post_process_images(book.tree)
        source = self.outdir / f"{name}.typ"
        with progress_message(f"writing {source.name}"):
            writer = self._written(book)
            shutil.copyfile(TEMPLATE, self.outdir / "template.typ")
            self._copy_images()
            source.write_text(self._opening() + "".join(writer.body) + "\n", encoding="utf-8")
        with progress_message(f"typesetting {name}.pdf"):
            (self.outdir / f"{name}.pdf").write_bytes(self._pdf(source, book))

    def _written(self, book: Book) -> TypstWriter:
        """Return the writer with the whole book in it, or say all that is wrong at once."""
        writer = self.create_translator(book.tree, self, book)
        assert isinstance(writer, TypstWriter)
        book.tree.walkabout(writer)
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
        return writer

    def _copy_images(self) -> None:
        ensuredir(self.outdir / "images")
        for uri, name in self.images.items():
            shutil.copyfile(self.srcdir / uri, self.outdir / "images" / name)

    def _opening(self) -> str:
        """Return the head of the Typst file: the template, told what the book is."""
        config = self.config
        title, colon, subtitle = (config.edition_pdf_title or config.project).partition(": ")
        author = config.edition_pdf_author or config.author
        release = config.release or config.version
        arguments = {
            "title": string(title),
            "subtitle": string(subtitle) if colon else "none",
            "authors": string(author) if author and author != "unknown" else "none",
            "version": string(f"{_('Release')} {release}") if release else "none",
            "address": string(config.html_baseurl) if config.html_baseurl else "none",
            "language": string(str(config.language or "en").partition("_")[0].partition("-")[0]),
            "paper": string(config.edition_pdf_paper),
            "contents-title": string(_("Contents")),
        }
        listed = "".join(f"  {key}: {value},\n" for key, value in arguments.items())
        return f'#import "template.typ": *\n\n#show: edition.with(\n{listed})\n'

    def _pdf(self, source: Path, book: Book) -> bytes:
        try:
            result = typeset(source)
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
        return result.pdf

    def _explain(self, error: TypesettingError, tree: nodes.document) -> str:
        """Say which character is missing and where it stands, or what else Typst says."""
        if not error.missing_glyphs:
            return error.diagnostic
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
