"""The chronology and the map: pictures of what the notes say, each with a table of it."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.domain import EditionDomain
from annotated_edition.render.charts.chart import DATA, Chart, ChartNode
from annotated_edition.render.charts.chronology import Chronology
from annotated_edition.render.charts.map import Map

#: The style sheet of drawings inside pages.
STYLE = "figures.css"


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


def remember(app: Sphinx, document: nodes.document) -> None:
    """Note that a page has a chart, and needs its style sheet (``doctree-read``)."""
    if any(True for _node in document.findall(ChartNode)):
        EditionDomain.of(app.env).page(app.env.current_document.docname).has_chart = True


def add_style(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Link the style sheet on pages with charts (``html-page-context``)."""
    pages = EditionDomain.of(app.env).pages
    names = list(pages) if app.builder.name == "singlehtml" else [pagename]
    if app.builder.name != "epub" and any(pages[name].has_chart for name in names if name in pages):
        app.add_css_file(STYLE)


def offer_style(app: Sphinx) -> None:
    """Have the style sheet copied to the output (``builder-inited``)."""
    if app.builder.format == "html" and app.builder.name != "epub":
        app.config.html_static_path = [*app.config.html_static_path, str(DATA / "static")]
