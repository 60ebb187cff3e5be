"""Annotate any text of a Sphinx project from files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up the extension: read, anchor, weave, render."""
    from annotated_edition.charts.setup import setup_charts
    from annotated_edition.collect import setup_reading
    from annotated_edition.config import setup_config
    from annotated_edition.days import setup_days
    from annotated_edition.domain import setup_domain
    from annotated_edition.epub import setup_epub
    from annotated_edition.guard import setup_guards
    from annotated_edition.hints import setup_hints
    from annotated_edition.html import setup_html
    from annotated_edition.latex import setup_latex
    from annotated_edition.localterms import setup_local_terms
    from annotated_edition.pdf import setup_pdf
    from annotated_edition.reading import setup_reading_page
    from annotated_edition.rebuild import setup_rebuilding
    from annotated_edition.repairs import setup_repairs
    from annotated_edition.sources import setup_sources
    from annotated_edition.weave import setup_weaving

    setup_config(app)
    setup_domain(app)
    setup_reading(app)
    setup_guards(app)
    setup_rebuilding(app)
    setup_weaving(app)
    setup_charts(app)
    setup_sources(app)
    setup_days(app)
    setup_repairs(app)
    setup_hints(app)
    setup_html(app)
    setup_reading_page(app)
    setup_local_terms(app)
    setup_latex(app)
    setup_pdf(app)
    setup_epub(app)
    return {
        "version": __version__,
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
