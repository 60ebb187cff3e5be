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

# LaTeX needs the same font, and is told so by xeCJK; signs of English stay in the other.
latex_engine = "xelatex"
latex_additional_files = ["fonts/analects-han.otf"]
latex_elements = {
    "preamble": r"""
\usepackage{xeCJK}
\newcommand{\han}[1]{#1{analects-han}
  [Extension=.otf,Path=./,BoldFont=*,ItalicFont=*,BoldItalicFont=*]}
\han\setCJKmainfont
\han\setCJKsansfont
\xeCJKsetup{CJKecglue={},CJKspace=true}
\xeCJKDeclareCharClass{Default}{"00B7,"2010 -> "2027}
"""
}
