"""A Chinese classic with a translation beside it."""

import sys
from pathlib import Path

# The extension beside this project; where it is installed, nothing is needed.
sys.path.insert(0, str(Path(__file__).parents[2] / "_ext"))

project = "The Analects, annotated"
author = "The maintainers of annotated_edition"
copyright = "2026, the maintainers of annotated_edition"
version = release = "1"

extensions = ["myst_parser", "sphinxcontrib.bibtex", "annotated_edition"]
html_theme = "edition"

bibtex_bibfiles = ["references.bib"]

edition_works = {
    "lunyu": {
        "pages": ["text/*"],
        "title": "论语",
        "language": "zh-Hans",
        "passages": "{h1.number}.{n}",
    },
    "legge": {"title": "Legge", "language": "en"},
}
edition_kinds = {"people": "People", "words": "Words"}
edition_pdf_fonts = ["fonts"]
