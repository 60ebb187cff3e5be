"""Pages in themes that aren't ours: a small style sheet for marks, numbers and notes."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from annotated_edition.render.html.theming import has_theme

#: Beside that of verse, which every theme has copied.
STYLE = "edition-notes.css"


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
