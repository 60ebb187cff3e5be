import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "The Small Book: An Edition"
author = "A. Author"
release = "1.2"
language = "en"
extensions = ["myst_parser", "sphinxcontrib.bibtex", "sphinx_design", "pdf_passages"]
bibtex_bibfiles = ["sources.bib"]
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["_build"]
edition_pdf_leave_out = ["index"]
