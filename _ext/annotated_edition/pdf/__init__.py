"""The printed book: a builder that sets the whole edition with Typst.

In the order of the data flow: ``assemble`` makes one doctree of all pages, ``occurrences`` puts
anchors beside words in it, ``index`` gathers the index, ``arrange`` puts the pages in a book's
order; ``writer`` (with ``output``, ``inlines``, ``blocks``, ``lists``, ``tables``) turns all that
into Typst markup, ``opening`` says what stands on the title page, ``template/`` decides how it
looks, ``typeset`` makes the PDF, ``pack`` a smaller one, and ``builder`` is what Sphinx calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_NAMES = frozenset({list, tuple, set, frozenset})


class _Value(NamedTuple):
    name: str
    default: Any
    types: Any
    meaning: str


#: Nothing of this is read into the environment, so changing it reads no page anew.
_VALUES = (
    _Value("name", "annotated-edition", str, "The file's name, without its suffix."),
    _Value("title", "", str, "Empty: the project's name. A subtitle follows a colon."),
    _Value("byline", "", str, "Under the title: the text's author, where it appeared."),
    _Value("author", "", str, "Who edited the book. Empty: the project's author."),
    _Value("date", "", str, "Empty: Sphinx's ``today``, or the date of SOURCE_DATE_EPOCH."),
    _Value("address", "", str, "The web edition's address. Empty: ``html_baseurl``."),
    _Value("imprint", [], _NAMES, "After the title page: ``docname`` or ``docname#id``."),
    _Value("front", [], _NAMES, "Globs of docnames that stand before the contents."),
    _Value("back", [], _NAMES, "Globs of docnames that stand at the end, in this order."),
    _Value("leave_out", None, _NAMES | {type(None)}, "Docnames. None: the landing page."),
    _Value("undivided", [], _NAMES, "Words that no line divides; hyphenation may err in names."),
    _Value("index", True, bool, "Whether there is an index."),
)


def setup_pdf(app: Sphinx) -> None:
    """Register the builder ``edition-pdf`` and its configuration."""
    from sphinx.config import ENUM

    from annotated_edition.pdf.builder import EditionPDFBuilder

    app.add_builder(EditionPDFBuilder)
    for value in _VALUES:
        app.add_config_value(
            f"edition_pdf_{value.name}", value.default, "", value.types, value.meaning
        )
    app.add_config_value("edition_pdf_paper", "a4", "", ENUM("a4", "6x9"))


__all__ = ["setup_pdf"]
