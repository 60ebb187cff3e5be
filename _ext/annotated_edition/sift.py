"""Sifting: the nodes, links and images that strangers' files may leave in a tree."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import get_node_source

from annotated_edition import allowed
from annotated_edition.domain import EditionDomain
from annotated_edition.model import Subtype
from annotated_edition.passages import line_of

logger = logging.getLogger(__name__)


class SiftNodes(SphinxTransform):
    """Keep only allowed nodes, links and images of a stranger's file.

    Before titles, images and downloads are collected (880), after everything
    that parsing and reading put into the tree.
    """

    default_priority = 870

    def apply(self, **kwargs: object) -> None:
        """Replace what isn't allowed by its words."""
        docname = self.env.current_document.docname
        domain = EditionDomain.of(self.env)
        if not domain.documents.untrusted(docname):
            return
        for node in list(self.document.findall(nodes.Element)):
            refused = self._refusal(node)
            if refused is None:
                continue
            domain.report(Subtype.UNSAFE, docname, line_of(node), f"{refused}: leave it out")
            if isinstance(node, (nodes.reference, nodes.target)) and node.parent is not None:
                node.replace_self(nodes.inline("", "", *node.children))
            elif node.parent is not None:
                words = node.astext()
                is_inline = isinstance(node.parent, nodes.TextElement)
                stand_in = nodes.literal if is_inline else nodes.literal_block
                node.replace_self([stand_in("", words)] if words else [])

    def _refusal(self, node: nodes.Element) -> str | None:
        """Why *node* may not stay, if so."""
        if type(node).__name__ not in allowed.NODES:
            return f"{type(node).__name__} can't be used in commentary"
        if isinstance(node, nodes.image):
            return self._image_refusal(str(node.get("uri", "")))
        if not allowed.is_allowed_link(str(node.get("refuri", ""))):
            return f"the link {node['refuri']!r} isn't http, https or mailto"
        return None

    def _image_refusal(self, uri: str) -> str | None:
        """Images lie beside or below the file, and are pictures."""
        folder = Path(self.env.doc2path(self.env.current_document.docname)).parent.resolve()
        try:
            path = (folder / uri).resolve()
        except (OSError, ValueError):
            return f"the image {uri!r} can't be found"
        if ":" in uri or uri.startswith(("/", "\\")) or not path.is_relative_to(folder):
            return f"the image {uri!r} isn't beside its file"
        if path.suffix.lower() not in allowed.IMAGES:
            return f"the image {uri!r} isn't {', '.join(sorted(allowed.IMAGES))}"
        return None


class CheckLinks(SphinxPostTransform):
    """Drop links of other schemes from every page: a bibliography's, for one."""

    default_priority = 900

    def run(self, **kwargs: object) -> None:
        """Keep the words of such a link."""
        for reference in list(self.document.findall(nodes.reference)):
            uri = str(reference.get("refuri", ""))
            if not allowed.is_allowed_link(uri):
                logger.warning(
                    "the link %r isn't http, https or mailto: correct it",
                    uri,
                    type="edition",
                    subtype=Subtype.UNSAFE.value,
                    location=reference if get_node_source(reference) else None,
                )
                reference.replace_self(nodes.inline("", "", *reference.children))
