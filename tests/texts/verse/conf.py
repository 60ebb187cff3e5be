project = "Verse"
author = "The editors"
copyright = "2026, The editors"
version = release = "1"
extensions = ["myst_parser", "annotated_edition"]
exclude_patterns = ["_build"]
html_theme = "edition"
edition_text = ["text/*"]
