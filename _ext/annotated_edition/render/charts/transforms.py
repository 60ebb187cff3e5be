"""The chronology and the map: pictures of what the notes say, each with a table of it."""

from __future__ import annotations

from typing import ClassVar

from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.domain import EditionDomain
from annotated_edition.render.charts.chart import Chart, ChartNode
from annotated_edition.render.charts.chronology import Chronology
from annotated_edition.render.charts.map import Map


class WeaveCharts(SphinxPostTransform):
    """Put charts into a document; before references are resolved, as all weaving."""

    default_priority = 4
    charts: ClassVar[list[type[Chart]]] = [Chronology, Map]

    def run(self, **kwargs: object) -> None:
        """Replace the placeholders."""
        for node in list(self.document.findall(ChartNode)):
            kind = next(chart for chart in self.charts if isinstance(node, chart.node))
            docname = self.env.current_document.docname
            node.replace_self(kind(EditionDomain.of(self.env), node, docname).woven())
