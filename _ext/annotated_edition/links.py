"""Links from page to page, for any builder."""

from __future__ import annotations

from docutils import nodes
from sphinx.builders import Builder
from sphinx.errors import NoUri
from sphinx.util.nodes import make_refnode


def link(
    builder: Builder,
    onto: str,
    docname: str,
    anchor: str,
    content: nodes.Node,
    title: str | None = None,
) -> nodes.Element:
    """A link on page *onto* to *anchor* (may be empty) of page *docname*.

    Where the other page is no part of what is built, as in a LaTeX document of
    chosen chapters, the content stands alone.
    """
    try:
        return make_refnode(builder, onto, docname, anchor, content, title)
    except NoUri:
        return nodes.inline("", "", content)
