"""Pages in themes that aren't ours: a small style sheet for marks, numbers and notes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from annotated_edition.render.html.theming import has_theme

STYLE = "edition-notes.css"
_STATIC = Path(__file__).parent / "static"


def offer_style(app: Sphinx) -> None:
    """Have the style sheet copied to the output (``builder-inited``)."""
    if _is_plain(app):
        app.config.html_static_path = [*app.config.html_static_path, str(_STATIC)]


def add_style(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Link the style sheet on pages of the text (``html-page-context``)."""
    if _is_plain(app) and 'class="passage-row' in str(context.get("body") or ""):
        app.add_css_file(STYLE)


def _is_plain(app: Sphinx) -> bool:
    """Whether this extension makes the pages presentable, and not its own theme."""
    builder = app.builder
    return builder.format == "html" and builder.name != "epub" and not has_theme(builder)
