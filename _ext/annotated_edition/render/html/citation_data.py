"""How passages are cited, in a script that pages load when a reader first copies something."""

from __future__ import annotations

import json
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.locale import get_translation

from annotated_edition.render.html.theming import has_theme
from annotated_edition.weave.citation_text import cite_passage

_ = get_translation("annotated_edition")

#: The file beside the theme's scripts.
FILE = "citation.js"


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the patterns, which are the same on all pages (``build-finished``)."""
    builder = app.builder
    if exception or not has_theme(builder):
        return
    assert isinstance(builder, StandaloneHTMLBuilder)
    said = cite_passage(app.config, builder.globalcontext)
    said["by_hand"] = str(_("The browser doesn't let this page copy. Press Ctrl+C (on a Mac, ⌘C)."))
    data = json.dumps(said, ensure_ascii=False)
    Path(app.outdir, "_static", FILE).write_text(f"const CITATION = {data};\n", encoding="utf-8")
