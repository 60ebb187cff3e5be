# What Sphinx's and MyST's documentation show, on pages of the theme `edition`.
project = "Everything"
author = "The editors"
copyright = "The editors"
version = release = "1"
extensions = [
    "myst_parser",
    "annotated_edition",
    "sphinx.ext.extlinks",
    "sphinx.ext.ifconfig",
    "sphinx.ext.todo",
]
html_theme = "edition"
edition_text = ["text"]
edition_repository = ""
numfig = True
math_number_all = False
todo_include_todos = True
extlinks = {"issue": ("https://example.org/issues/%s", "issue %s")}
exclude_patterns = ["part.txt"]
today_fmt = "%Y"
smartquotes = True
myst_enable_extensions = [
    "amsmath",
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
    "fieldlist",
    "html_admonition",
    "html_image",
    "replacements",
    "smartquotes",
    "strikethrough",
    "substitution",
    "tasklist",
]
myst_substitutions = {"word": "a *word*"}
myst_heading_anchors = 3
# It warns that only HTML has it.
suppress_warnings = ["myst.strikethrough"]
man_pages = [("index", "everything", "Everything", [author], 1)]
