"""The printed book: a builder that sets the whole edition with Typst.

In the order of the data flow: ``assemble`` makes one doctree of all pages, ``writer`` (with
``output``, ``inlines``, ``blocks``, ``tables``) turns it into Typst markup, ``template.typ``
decides how that looks, ``typeset`` makes the PDF, and ``builder`` is what Sphinx calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup_pdf(app: Sphinx) -> None:
    """Register the builder ``edition-pdf`` and its configuration."""
    from sphinx.config import ENUM

    from annotated_edition.pdf.builder import EditionPDFBuilder

    app.add_builder(EditionPDFBuilder)
    app.add_config_value("edition_pdf_name", "annotated-edition", "", str)
    app.add_config_value("edition_pdf_title", "", "", str, "Empty: the project's name.")
    app.add_config_value("edition_pdf_author", "", "", str, "Empty: the project's author.")
    app.add_config_value("edition_pdf_paper", "a4", "", ENUM("a4", "6x9"))
    app.add_config_value(
        "edition_pdf_leave_out", [], "", (list, tuple, set, frozenset), "Docnames not printed."
    )


__all__ = ["setup_pdf"]
