project = "E"
author = copyright = "Editors"
version = release = "1"
language = "en"
extensions = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex", "annotated_edition"]
exclude_patterns = ["_build*"]
edition_text = ["article/*"]
edition_kinds = {"history": "History", "people": "People"}
edition_checks = False
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 2
bibtex_bibfiles = ["commentary/references.bib"]
bibtex_default_style = "author_year"
bibtex_reference_style = "author_year_semicolon"
bibtex_cite_id = "source-{key}"
html_theme = "edition"
edition_repository = ""
epub_show_urls = "no"
latex_engine = "xelatex"
