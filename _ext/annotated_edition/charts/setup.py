"""Charts and Sphinx: the directives, the transform, the style sheet, and early imports."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.charts.chart import DATA, Chart, ChartNode
from annotated_edition.charts.chronology import Chronology, ChronologyDirective
from annotated_edition.charts.map import Map, MapDirective
from annotated_edition.documents import Part
from annotated_edition.domain import EditionDomain
from annotated_edition.frontmatter import MOST_BYTES

#: The style sheet of drawings inside pages.
STYLE = "figures.css"
#: Up to so many documents Sphinx reads without forking.
_FEW = 5
#: A date in front matter that the library reads.
_RARE_DATE = re.compile(
    rb"""^[ \t]+['"]?[-0-9X~?%.\[{]*(?:X|/\d+[~?%]|[~?%]/|\.\.|{)[^:\n]*:""", re.M
)


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
    """Note that a page shows the notes' data (``doctree-read``)."""
    if any(True for _node in document.findall(ChartNode)):
        page = EditionDomain.of(app.env).page(app.env.current_document.docname)
        page.used = sorted({*page.used, ("list", "chart")})


def import_early(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Import the reader of dates once, before readers fork (``env-before-read-docs``)."""
    if app.parallel < 2 or len(docnames) <= _FEW:
        return
    documents = EditionDomain.of(env).documents
    for docname in docnames:
        if documents.part(docname) is Part.NOTE:
            with Path(env.doc2path(docname)).open("rb") as file:
                if _RARE_DATE.search(file.read(MOST_BYTES)):
                    importlib.import_module("edtf")
                    return


def add_style(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Link the style sheet on pages with charts (``html-page-context``)."""
    pages = EditionDomain.of(app.env).pages
    names = list(pages) if app.builder.name == "singlehtml" else [pagename]
    if app.builder.name != "epub" and any(
        ("list", "chart") in pages[name].used for name in names if name in pages
    ):
        app.add_css_file(STYLE)


def _offer_style(app: Sphinx) -> None:
    if app.builder.format == "html" and app.builder.name != "epub":
        app.config.html_static_path = [*app.config.html_static_path, str(DATA / "static")]


def setup_charts(app: Sphinx) -> None:
    """Register the directives and what weaves them."""
    app.add_directive_to_domain("edition", "chronology", ChronologyDirective)
    app.add_directive_to_domain("edition", "map", MapDirective)
    app.add_node(ChartNode)
    for chart in WeaveCharts.charts:
        app.add_node(chart.node)
    app.add_post_transform(WeaveCharts)
    app.connect("env-before-read-docs", import_early)
    # After the reading of everything else, which begins the list of what a page shows.
    app.connect("doctree-read", remember, priority=600)
    app.connect("html-page-context", add_style)
    app.connect("builder-inited", _offer_style)
