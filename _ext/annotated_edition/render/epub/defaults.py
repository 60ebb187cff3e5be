"""What the book has where the project says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config

from annotated_edition.domain.own_code import code_version
from annotated_edition.domain.settings import is_plain_title
from annotated_edition.render.assets import is_needed, set_while_writing
from annotated_edition.render.epub.metadata import identifier
from annotated_edition.text.extras import is_installed
from annotated_edition.weave.locales import runs_from_right

#: The names of the theme, and of the cover that is made from the title.
THEME = "edition-epub"
THEME_FOLDER = Path(__file__).parent / "theme"
COVER = "_static/edition-cover.png"
#: The name under which the code's version is one of the configuration's values.
_CODE = "edition_epub_code"


def prefer(app: Sphinx, config: Config) -> None:
    """Choose better than Sphinx's defaults, where the project says nothing (``config-inited``).

    Hidden tables of contents are the rule in an edition, and the book's identity must outlive
    its versions.  The same for all builders: some of these values belong to the environment.
    """
    if config.epub_theme == "epub":
        config.epub_theme = THEME
    if config.epub_tocscope == "default":
        config.epub_tocscope = "includehidden"
    if config.epub_uid == "unknown":
        config.epub_uid = "book-id"
    if is_plain_title(config, config.epub_title):
        config.epub_title = config.project
    if config.epub_identifier == "unknown":
        config.epub_identifier = identifier(config.html_baseurl or config.epub_title)
    # All pages are written anew when the code was changed: they must match the style.
    if _CODE not in config:
        config.add(_CODE, str(code_version()), "epub", str)
    # Typst draws it.
    if not config.epub_cover and is_installed("pdf"):
        config.epub_cover = (COVER, "epub-cover.html")


def keep_index_whole(app: Sphinx, builder: Builder) -> None:
    """Have one page for the index (``write-started``): the book's contents lead to no other."""
    if builder.name == "epub":
        set_while_writing(app, "html_split_index", False)


def trim_files(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load only the style sheets that a page of the book needs, and tell which way it runs.

    ``html-page-context``.
    """
    if app.builder.name != "epub":
        return
    context["from_right"] = runs_from_right(str(app.config.language))
    body = str(context.get("body") or "")
    context["css_files"] = [file for file in context["css_files"] if is_needed(file, body)]
