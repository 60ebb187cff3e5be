"""What citations name, in a script that pages load when one is first pointed at."""

from __future__ import annotations

import json
from pathlib import Path

from sphinx.application import Sphinx

from annotated_edition.bibliography import queries
from annotated_edition.render.html.theming import has_theme

#: The file beside the theme's scripts.
FILE = "sources.js"


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the entries by the ids that citations lead to (``build-finished``)."""
    if exception or not has_theme(app.builder):
        return
    entries = {source.id: source.text for source in queries.sources(app.env)}
    data = json.dumps(entries, ensure_ascii=False, indent=0)
    Path(app.outdir, "_static", FILE).write_text(f"const SOURCES = {data};\n", encoding="utf-8")
