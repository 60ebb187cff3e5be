"""The builder ``singlehtml``: Sphinx's, whose tables of contents lead to where they say.

Sphinx writes ``#document-page#id`` for what is in another document, and browsers find nothing
there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from docutils import nodes
from sphinx.builders.singlehtml import SingleFileHTMLBuilder

from annotated_edition.weave.builder_fixes import RENAMED_IDS, last_fragment


class EditionSinglePageBuilder(SingleFileHTMLBuilder):
    """Writes all pages as one, with navigation that lands."""

    _renamed: Mapping[tuple[str, str], str] = MappingProxyType({})

    def assemble_doctree(self) -> nodes.document:
        """Return all pages as one, and note which ids have other names there."""
        tree = super().assemble_doctree()
        self._renamed = tree.attributes.pop(RENAMED_IDS, {})
        return tree

    def render_partial(self, node: nodes.Node | None) -> dict[str, str]:
        """Write a table of contents, once its links are mended."""
        for reference in node.findall(nodes.reference) if node is not None else ():
            if "refuri" in reference:
                reference["refuri"] = last_fragment(reference["refuri"], self._renamed)
        return super().render_partial(node)
