project = "Struck"
extensions = ["myst_parser", "annotated_edition"]
html_theme = "edition"
edition_text = ["text/*"]
myst_enable_extensions = ["strikethrough"]
