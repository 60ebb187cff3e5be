"""The e-book: Sphinx's EPUB builder, made right for an annotated text.

In the order of the data flow: ``defaults`` is what a project need not say, ``semantics`` marks up
each finished page, ``outline`` says what part of the book it is, ``cover`` makes the picture,
``metadata`` is what the package says of the book, ``package`` the archive, and ``builder`` is what
Sphinx calls.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup_epub(app: Sphinx) -> None:
    """Put the builder in the place of Sphinx's own, and register its configuration."""
    from annotated_edition.epub.builder import EditionEpubBuilder
    from annotated_edition.epub.defaults import THEME, prefer, trim_files

    app.setup_extension("sphinx.builders.epub3")
    app.add_builder(EditionEpubBuilder, override=True)
    app.add_html_theme(THEME, str(Path(__file__).parent / "theme"))
    app.add_config_value(
        "edition_epub_leave_out", [], "epub", (list, tuple, set, frozenset), "Docnames not in it."
    )
    app.add_config_value(
        "edition_epub_byline", "", "epub", str, "Under the title; empty: the HTML theme's byline."
    )
    app.add_config_value(
        "edition_epub_metadata", {}, "epub", dict, "More metadata, or other: property to value."
    )
    app.connect("config-inited", prefer)
    app.connect("html-page-context", trim_files, priority=900)


__all__ = ["setup_epub"]
