"""The builder ``singlehtml``: Sphinx's, whose tables of contents lead to where they say.

Sphinx writes ``#document-page#id`` for what is in another document, and browsers find nothing
there.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.builders.singlehtml import SingleFileHTMLBuilder

from annotated_edition.weave.builder_fixes import last_fragment


class EditionSinglePageBuilder(SingleFileHTMLBuilder):
    """Writes all pages as one, with navigation that lands."""

    def render_partial(self, node: nodes.Node | None) -> dict[str, str]:
        """Write a table of contents, once its links are mended."""
        for reference in node.findall(nodes.reference) if node is not None else ():
            if "refuri" in reference:
                reference["refuri"] = last_fragment(reference["refuri"])
        return super().render_partial(node)
