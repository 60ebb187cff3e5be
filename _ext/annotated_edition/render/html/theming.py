"""The theme ``edition``: where it is, its options, and whether pages are written in it."""

from __future__ import annotations

from pathlib import Path

from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinxcontrib.serializinghtml import SerializingHTMLBuilder

#: The folder of the theme.
THEME = Path(__file__).parent / "theme"

#: The theme's own options (``theme.toml`` has their defaults), and what each is for, in
#: Markdown: the reference is made of it.
OPTIONS = {
    "title": "The title at the head of every page. Without it, the project's.",
    "byline": "The line under that title: who wrote the text, and where it appeared.",
    "description": "One or two sentences for search engines and previews of links.",
    "nav": (
        "The pages that the head of every page links to: document names with spaces between "
        "them, a list, or a mapping from document name to a short title. Without it, the first "
        "level of the table of contents, but notes."
    ),
    "text_face": (
        "A face for the text instead of the reader's own: a file of `html_static_path`, in WOFF2, "
        "or up to four, for roman, italic, bold and bold italic; 20 to 100 kB a file for every "
        "reader. Off by default."
    ),
    "policy": (
        "What else pages may load, by directive of their Content-Security-Policy: "
        '`{"frame-src": "https://video.example"}`. `False` for no policy in the pages, where '
        "the server sends one."
    ),
    "whole_text": (
        "The name of a page that has the whole text with its notes, put together from the others; "
        'empty for none. Without it, `"whole-text"`.'
    ),
    "whole_notes": (
        "The name of a page that has all notes, whole, in the order of their numbers; empty for "
        'none. Without it, `"whole-notes"`.'
    ),
    "kind_colours": (
        'A mapping from kind to two colours, for light and for dark pages: `{"people": '
        '("#1f6b45", "#7fcf9f")}`. Other kinds take their colours from a palette. Choose colours '
        "with a contrast of at least 4.5 with the page."
    ),
}


def has_theme(builder: Builder) -> bool:
    """Whether *builder* writes pages in this theme, or in one made from it.

    Those that give each page's parts to another program (``json``, ``pickle``) write none.
    """
    if not isinstance(builder, StandaloneHTMLBuilder) or builder.name == "epub":
        return False
    if isinstance(builder, SerializingHTMLBuilder):
        return False
    return str(THEME) in map(str, builder.theme.get_theme_dirs())
