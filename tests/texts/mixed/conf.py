project = "Mixed"
author = "The editors"
copyright = "2026, The editors"
version = release = "1"
extensions = ["myst_parser", "annotated_edition"]
exclude_patterns = ["_build"]
html_theme = "edition"
edition_text = ["text/*"]
myst_enable_extensions = [
    "dollarmath",
    "amsmath",
    "deflist",
    "colon_fence",
    "tasklist",
    "fieldlist",
    "attrs_inline",
    "attrs_block",
    "strikethrough",
    "substitution",
    "html_image",
]
numfig = True
