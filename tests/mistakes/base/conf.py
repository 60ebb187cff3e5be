project = "A small edition"
extensions = ["myst_parser", "sphinxcontrib.bibtex", "annotated_edition"]
edition_text = ["text/*"]
edition_kinds = {"places": "Places", "people": "People"}
edition_checks = True
edition_credit_from_history = False
myst_enable_extensions = ["colon_fence"]
bibtex_bibfiles = ["commentary/references.bib"]
bibtex_default_style = bibtex_reference_style = "author_year"
nitpicky = True
