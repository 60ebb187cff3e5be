"""The style sheet of verse, which every theme needs: of lines and their numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

#: The style sheet's file, in a folder of its own.
STYLE = Path(__file__).parent / "static" / "verse.css"


def offer_style(app: Sphinx) -> None:
    """Have its folder copied to the output, also for other themes (``builder-inited``)."""
    if app.builder.format == "html" and app.builder.name != "epub":
        app.config.html_static_path = [*app.config.html_static_path, str(STYLE.parent)]


def add_style(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Link the style sheet on pages with a passage in lines (``html-page-context``)."""
    if app.builder.name == "epub" or doctree is None:
        return
    if any("passage" in verse["classes"] for verse in doctree.findall(nodes.line_block)):
        app.add_css_file(STYLE.name)
