"""Numbers of several notes at one place, which LaTeX would set as one number."""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform


class PartMarks(SphinxPostTransform):
    r"""Put ``\editionbetweenmarks`` between two marks side by side: ¹,² and not ¹².

    After weaving (4), and before Sphinx puts footnotes in the place of their marks (600).
    """

    default_priority = 20
    formats = ("latex",)

    def run(self, **kwargs: object) -> None:
        """Part them, also those of the author's own footnotes."""
        for mark in list(self.document.findall(nodes.footnote_reference)):
            at = mark.parent.index(mark)
            if at and isinstance(mark.parent[at - 1], nodes.footnote_reference):
                mark.parent.insert(at, nodes.raw("", r"\editionbetweenmarks{}", format="latex"))
