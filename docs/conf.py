"""Configuration of the extension's documentation, which uses the extension on an example."""

import sys
from pathlib import Path

DOCS = Path(__file__).parent
# The extension beside these pages, and what makes the reference out of its code.
sys.path[:0] = [str(DOCS.parent / "_ext"), str(DOCS / "_ext")]

from annotated_edition import __version__  # noqa: E402 - the path comes first

project = "annotated_edition"
author = "The maintainers of annotated_edition"
copyright = "2026, the maintainers of annotated_edition"
release = __version__
language = "en"

extensions = ["myst_parser", "sphinxcontrib.bibtex", "annotated_edition", "code_reference"]
exclude_patterns = ["_build", "_ext"]
nitpicky = True
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
highlight_language = "none"

# The example: a poem and its commentary.
edition_text = ["example/text/*"]
edition_copy_text = "example/source.txt"
edition_notes = ["example/commentary/*/*"]
edition_cross_references = ["example/commentary/cross-references/*"]
edition_kinds = {"people": "People", "places": "Places", "words": "Words"}
edition_repository = ""
edition_credit_from_history = False

bibtex_bibfiles = ["example/commentary/references.bib"]

html_theme = "edition"
html_title = "annotated_edition"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
templates_path = ["_templates"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "byline": "A Sphinx extension for annotated editions",
    "nav": {
        "tutorial": "Tutorial",
        "how-to/index": "How-to",
        "reference/index": "Reference",
        "explanation/index": "Explanation",
        "development/index": "Development",
        "example/index": "Example",
    },
}

edition_pdf_name = "kubla-khan"
