"""A Hebrew text with English notes."""

import sys
from pathlib import Path

# The extension beside this project; where it is installed, nothing is needed.
sys.path.insert(0, str(Path(__file__).parents[2] / "_ext"))

project = "Genesis 1, annotated"
author = "The maintainers of annotated_edition"
copyright = "2026, the maintainers of annotated_edition"
version = release = "1"

extensions = ["myst_parser", "sphinxcontrib.bibtex", "annotated_edition"]
html_theme = "edition"

bibtex_bibfiles = ["references.bib"]

edition_works = {
    "genesis": {
        "pages": ["text/*"],
        "title": "Gen",
        "language": "he",
        "passages": "{h1.number}:{own}",
    },
}
edition_kinds = {"words": "Words"}
latex_engine = "xelatex"
