"""A constitution, cited by article and section."""

import sys
from pathlib import Path

# The extension beside this project; where it is installed, nothing is needed.
sys.path.insert(0, str(Path(__file__).parents[2] / "_ext"))

project = "The Constitution of the United States, annotated"
author = "The maintainers of annotated_edition"
copyright = "2026, the maintainers of annotated_edition"
version = release = "1"

extensions = ["myst_parser", "sphinxcontrib.bibtex", "annotated_edition"]
html_theme = "edition"

bibtex_bibfiles = ["references.bib"]

edition_works = {
    "constitution": {"pages": ["text/*"], "passages": "{h2}[, {h3}], ¶{n}"},
}
edition_kinds = {"amendments": "Amendments", "words": "Words"}
