"""Configuration of the edition, read by Sphinx."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from annotated_edition import __version__

project = "Build on the Past: An Annotated Edition"
author = "The contributors to the annotated edition"
copyright = "2026, the contributors to the annotated edition"
# One number for the edition and its extension; `make release` raises it.
version = ".".join(__version__.split(".")[:2])
release = __version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "annotated_edition",
]
exclude_patterns = [
    "_build",
    ".venv",
    "_ext",
    "tests",
    "docs",
    "examples",
    "tools",
    "changelog.d",
    "[A-Z]*.md",
    ".*",
]
nitpicky = True

# The text and its commentary.
edition_text = [
    "article/front",
    "article/greeting",
    "article/thirty-years",
    "article/proposals",
    "article/closing",
]
edition_copy_text = "article/source.txt"
# The time stamp of the copy is told on the page of the front lines; it is no part of the article.
edition_copy_text_skip = ["Xinhua) 07:37, September 14, 2022"]
edition_text_title = "Build on the Past to Make Greater Strides in China-Kazakhstan Relations"
edition_text_author = "Xi Jinping"
edition_text_author_sorted = "Xi, Jinping"
edition_text_date = "2022-09-13"
edition_text_published_in = "Kazakhstanskaya Pravda"
edition_text_source = (
    "The English version of Xinhua, as People's Daily Online carried it on 14 September 2022"
)
edition_text_source_address = "https://en.people.cn/n3/2022/0914/c90000-10146539.html"
edition_licence = "https://creativecommons.org/licenses/by/4.0/"
edition_rights = (
    "Commentary © 2026 the contributors to the annotated edition, under Creative Commons "
    "Attribution 4.0 (CC BY 4.0). The article is not covered by it: it is reproduced for "
    "study and commentary."
)
edition_witnesses = {
    "Zh": "Chinese, by Xinhua",
    "Ru": "Russian, as circulated in Kazakhstan",
    "En-Kz": "English, made from the Russian, on a Kazakhstani site",
    "Kk": "Kazakh, in a report of Kazakhstan's national television",
}
edition_registers = {
    "commentary/people-register": "people",
    "commentary/places-register": "places",
    "commentary/institutions-register": "organisations",
}
edition_principles = "commentary/about"
# What each released version holds (`annotated-edition release`), so that its addresses last.
edition_releases = "releases.json"
edition_kinds = {
    "history": "History",
    "institutions": "Institutions and initiatives",
    "people": "People",
    "places": "Places and projects",
    "figures": "Figures",
    "text": "The text",
}

# Everything in the folder of the commentary is read with care: anybody may propose it. Pages that
# are named here would not be. Who reviews them stands in .github/CODEOWNERS.
edition_trusted = []

# What an editor would send back. The words take a side or praise, unless somebody else says
# them: then they stand in quotation marks.
edition_checks = True
edition_loaded_words = (
    "three evils;regime;propaganda;debt trap;debt-trap;color revolution;colour revolution;"
    "so-called;vocational centres;hegemony;hegemonic;rock-solid;fruitful;tangible;"
    "historic;of course;obviously;unprecedented;remarkable;brilliant;outstanding;undoubtedly;"
    "heart-warming;glorious;notorious;puppet;it is important to note"
).split(";")

# Collective names and machines name nobody.
edition_credit_ignore = ["*[bot]", "* maintainers"]

# Markdown.
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 2

# Sources: a file of its own for each that is added, so that no two people change one file.
bibtex_bibfiles = [
    "commentary/references.bib",
    *sorted(
        path.relative_to(Path(__file__).parent).as_posix()
        for path in Path(__file__).parent.glob("commentary/sources/*.bib")
    ),
]

# What `make linkcheck` visits, once a week: hosts that are slow get time.
linkcheck_timeout = 30
linkcheck_retries = 3

# Where the pages will be, for sitemap, feed and permanent addresses; the workflow says it.
html_baseurl = os.environ.get("EDITION_ADDRESS", "")
html_theme = "edition"
html_title = project
# Its terms stand in the glossary, and its names in the registers.
html_use_index = False
html_theme_options = {
    "title": edition_text_title,
    "byline": "Xi Jinping · Kazakhstanskaya Pravda, 13 September 2022",
    "nav": {
        "article/index": "Article",
        "commentary/notes": "Notes",
        "commentary/glossary": "Glossary",
        "commentary/versions": "Versions",
        "commentary/chronology": "Chronology",
        "commentary/map": "Map",
        "commentary/registers": "Registers",
        "commentary/bibliography": "Sources",
        "commentary/about": "About",
    },
}

# What every page leads to, where it has been built: `make edition` builds all.
edition_downloads = {
    "PDF": "_build/pdf/annotated-edition.pdf",
    "EPUB": "_build/epub/annotated-edition.epub",
}

# The printed book: the landing page and the lists that its contents replace are left out.
edition_pdf_byline = html_theme_options["byline"]
edition_pdf_text_author = "Xi Jinping"
edition_pdf_author = "Edited by the contributors to the annotated edition"
edition_pdf_leave_out = ["index", "commentary/notes"]
edition_pdf_front = ["commentary/about"]
edition_pdf_imprint = [
    "commentary/about#copy-text",
    "commentary/about#to-cite",
    "commentary/about#licence",
]
edition_pdf_back = [
    "commentary/versions",
    "commentary/cross-references/index",
    "commentary/glossary",
    "commentary/registers",
    "commentary/chronology",
    "commentary/map",
    "commentary/bibliography",
]

# LaTeX (make latexpdf): the landing page is left out, pictures stay before their tables. The
# index holds English terms, so that makeindex, which every TeX has, sorts them. xeCJK takes
# Chinese from the font of the printed book and leaves all other signs as they are written.
latex_engine = "xelatex"
latex_use_xindy = False
latex_documents = [
    ("index", "annotated-edition.tex", project, author, "manual", True),
]
latex_additional_files = [
    "_ext/annotated_edition/render/fonts/NotoSerifCJKsc-Regular-subset.otf",
]
latex_elements = {
    "papersize": "a4paper",
    "extraclassoptions": "openany,oneside",
    "fncychap": "",
    "figure_align": "H",
    "preamble": r"""
\usepackage{xeCJK}
\newcommand{\chinese}[1]{#1{NotoSerifCJKsc-Regular-subset}
  [Extension=.otf,Path=./,BoldFont=*,ItalicFont=*,BoldItalicFont=*]}
\chinese\setCJKmainfont
\chinese\setCJKsansfont
\chinese\setCJKmonofont
\xeCJKsetup{CJKecglue={},CJKspace=true}
\xeCJKDeclareCharClass{Default}{"00B7,"2010 -> "2027}
\setlength{\tymin}{4em}
\renewcommand{\sphinxstyleindexentry}[1]{#1}
""",
}

edition_epub_leave_out = ["index"]
edition_epub_metadata = {
    "dc:creator": [edition_text_author, author],
    "dc:source": edition_text_source_address,
    "dc:rights": edition_rights,
}
