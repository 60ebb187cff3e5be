project = "A letter, annotated"
author = "The editors"
copyright = "2026, the editors"
release = "1.2"
extensions = ["myst_parser", "sphinx_design", "annotated_edition"]
edition_text = ["letter/*"]
edition_kinds = {"ships": "Ships", "stars": "Stars"}
html_theme = "edition"
html_theme_options = {
    "title": "A letter",
    "byline": "Nobody, 1701",
    "nav": "glossary",
    "kind_colours": {"ships": ["#7a1f1f", "#f0a0a0"]},
}
