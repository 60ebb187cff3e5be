"""``{edition:beside}``: another version of the text, such as a translation, beside it."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from annotated_edition.text.words import Words


class PairNode(nodes.container):
    """A passage, and the passages of other versions that stand beside it."""


class BesideNode(nodes.container):
    """Passages of another version: ``work`` is its name, ``number`` counts versions from 1."""


class Beside(SphinxDirective):
    """A version of what stands above it, passage by passage.

    When the page is read, each of its passages moves beside the one that it belongs to.
    """

    has_content = True
    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {}
    option_meanings: ClassVar[dict[str, str]] = {}

    def run(self) -> list[nodes.Node]:
        """The passages, in a node that says whose they are."""
        node = BesideNode("", work=Words(self.arguments[0].strip()))
        node += self.parse_content_to_nodes()
        self.set_source_info(node)
        return [node]
