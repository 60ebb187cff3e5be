"""Style sheets of what texts are made of, which every theme needs: lines, labels, speakers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from annotated_edition.domain.text_roles import ASIDE
from annotated_edition.weave.nodes import NumberNode

#: The folder of the style sheets, which hold nothing else.
FOLDER = Path(__file__).parent / "static"


def _has_verse(doctree: nodes.document) -> bool:
    return any("passage" in verse["classes"] for verse in doctree.findall(nodes.line_block))


def _has_parts(doctree: nodes.document) -> bool:
    return any(
        ASIDE in node or (isinstance(node, NumberNode) and node["ids"])
        for node in doctree.findall(nodes.Element)
    )


#: Each style sheet, and whether a page needs it.
STYLES: Mapping[str, Callable[[nodes.document], bool]] = {
    "verse.css": _has_verse,
    "texts.css": _has_parts,
}


def offer_styles(app: Sphinx) -> None:
    """Have their folder copied to the output, also for other themes (``builder-inited``)."""
    if app.builder.format == "html" and app.builder.name != "epub":
        app.config.html_static_path = [*app.config.html_static_path, str(FOLDER)]


def add_styles(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Link those that a page needs (``html-page-context``)."""
    if app.builder.name == "epub" or doctree is None:
        return
    for name, is_needed in STYLES.items():
        if is_needed(doctree):
            app.add_css_file(name)
