"""Charts: pictures of what the notes hold, each over a table of the same.

A directive leaves a :class:`ChartNode`; when its page is woven, a figure and a table take its
place.  In HTML the drawing stands in the page itself, so that its marks are links and it follows
light and dark; elsewhere it is a picture of its own, as SVG or, where only that is known, PDF.
Builders without pictures show the table alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from annotated_edition.domain import EditionDomain
from annotated_edition.domain.text_nodes import text
from annotated_edition.model.edition import NotePage, first_in_each
from annotated_edition.model.records import Subtype
from annotated_edition.render.charts.svg import PRINT, SCREEN, Look
from annotated_edition.render.fonts import FONTS
from annotated_edition.text.extras import command_for, is_installed
from annotated_edition.text.words import Token, Words
from annotated_edition.weave.links import link, link_to_words
from annotated_edition.weave.lookups import Lookups

logger = logging.getLogger(__name__)
_ = get_translation("annotated_edition")

Option = TypeVar("Option")
#: Geodata and the style sheet.
DATA = Path(__file__).parent / "data"


class ChartNode(nodes.General, nodes.Element):
    """Stands for a chart until weaving puts it there; its children are the caption."""


@dataclass(frozen=True, slots=True)
class Version:
    """One drawing of a chart: who it is for, how wide (in its own units), its letters' size."""

    name: str
    look: Look
    width: float
    size: float
    #: The rows of a chronology have their names above them, not beside them.
    names_above: bool = False
    #: On pages: the most height beside the width; a chronology that is taller is parted.
    tallest: float | None = None


#: Beside each other in a page: one is shown.
WIDE = Version("wide", SCREEN, 830, 13)
NARROW = Version("narrow", SCREEN, 360, 12.5, names_above=True)
#: The book's is as wide as a page's text, in points; two of them fill a page.
PRINTED = Version("print", PRINT, 372, 7.8, tallest=0.8)
#: On the smaller paper, letters of the same size.
POCKET = Version("print", PRINT, 302, 7.6, names_above=True, tallest=1.3)
#: An e-reader's page may be as small as a phone's.
READER = Version("reader", PRINT, 400, 11.5, names_above=True, tallest=1.3)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing, as SVG, and what it shows, in words."""

    svg: str
    title: str
    description: str


class ChartDirective(SphinxDirective):
    """What the directives of charts have in common."""

    node: ClassVar[type[ChartNode]]
    has_content = False
    #: What each option is for, in Markdown: the reference is made of it.
    option_meanings: ClassVar[dict[str, str]] = {
        "title": "What the picture shows, for people who don't see it.",
        "caption": "The words under the picture; roles such as `{cite:p}` are allowed.",
    }

    def run(self) -> list[nodes.Node]:
        """Leave a placeholder: the notes are not known while a page is read."""
        docname = self.env.current_document.docname
        serial = self.env.new_serialno("edition-chart") + 1
        name = f"{self.node.__name__.lower()}-{docname.replace('/', '-')}-{serial}"
        node = self.node(docname=docname, name=name, **dict(self.options))
        self.set_source_info(node)
        caption = self.options.get("caption")
        if caption:
            words, messages = self.parse_inline(caption, lineno=self.lineno)
            node += [*words, *messages]
        return [node]


class Chart(ABC):
    """Weaves a chart into its page; the parts of it are the subclasses' work."""

    node: ClassVar[type[ChartNode]]
    #: The versions for a page of HTML.
    versions: ClassVar[Sequence[Version]] = (WIDE,)

    def __init__(self, domain: EditionDomain, node: ChartNode, docname: str) -> None:
        self.domain = domain
        self.builder = domain.builder
        self.config = domain.env.config
        self.options = node
        self.name: str = node["name"]
        self.docname = docname
        self.lookups = Lookups(domain.env, docname)

    # ---- for subclasses ------------------------------------------------------------------

    @abstractmethod
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""

    def scrolling(self) -> str:
        """Attributes of a box that scrolls where the page is narrow."""
        return ""

    @abstractmethod
    def drawings(self, version: Version) -> list[Drawing]:
        """The drawings that the chart is made of."""

    def caption(self) -> list[nodes.Node]:
        """The words under the picture."""
        return list(self.options.children)

    @abstractmethod
    def table(self) -> nodes.table:
        """The same in words."""

    # ---- weaving -------------------------------------------------------------------------

    def woven(self) -> list[nodes.Node]:
        """The figure and the table."""
        if self.is_empty():
            return []
        content: list[nodes.Element] = []
        for count, picture in enumerate(self._pictures()):
            figure = nodes.figure("", picture, classes=["edition-figure"])
            figure["ids"].append(Token(f"{self.name}-{count + 1}"))
            content.append(figure)
        caption = self.caption()
        if content and caption:
            content[-1] += nodes.caption("", "", *caption)
        return [*content, self.table()]

    def _pictures(self) -> list[nodes.Node]:
        types = self.builder.supported_image_types
        if self.builder.format == "html" and self.builder.name != "epub":
            drawings = [one.svg for version in self.versions for one in self.drawings(version)]
            box = f'<div class="edition-chart"{self.scrolling()}>'
            return [nodes.raw("", "\n".join([box, *drawings, "</div>"]), format="html")]
        if "image/svg+xml" in types or "application/pdf" in types:
            version = PRINTED
            if self.builder.name == "epub":
                version = READER
            elif self.builder.name == "edition-pdf" and self.config.edition_pdf_paper == "6x9":
                version = POCKET
            if "image/svg+xml" not in types and not is_installed("pdf"):
                logger.warning(
                    "charts are printed as tables alone, without Typst: %s",
                    command_for("pdf"),
                    type="edition",
                    subtype=Subtype.PDF.value,
                    once=True,
                )
                return []
            return [self._file(one, at) for at, one in enumerate(self.drawings(version), 1)]
        return []

    def _file(self, drawing: Drawing, count: int) -> nodes.image:
        """Write a drawing for the builder to copy, as with Sphinx's converted images."""
        folder = Path(self.domain.env.doctreedir, "edition-charts")
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.name}-{count}.svg"
        file.write_text(drawing.svg, encoding="utf-8")
        if "image/svg+xml" not in self.builder.supported_image_types:
            file = _as_pdf(file)
        self.domain.env.images.add_file(self.docname, str(file))
        alt = f"{drawing.title}. {drawing.description}"
        return nodes.image("", uri=str(file), candidates={"*": str(file)}, alt=alt, width="100%")

    def address(self, page: NotePage) -> str:
        """A note's page, as seen from the chart's."""
        if self.builder.format != "html":
            return ""
        return self.builder.get_relative_uri(self.docname, page.note.docname)

    def note_link(self, page: NotePage) -> nodes.Element:
        """A link to a note, by its title; the title alone where the note isn't in what is built."""
        words = nodes.inline("", "", text(page.note.title.isolated()))
        return link(self.builder, self.docname, page.note.docname, "", words)

    def passage_links(self, *pages: NotePage) -> list[nodes.Node]:
        """Links to the passages that notes are about."""
        links: list[nodes.Node] = []
        for quoted in first_in_each(quoted for page in pages for quoted in page.places):
            if links:
                links.append(nodes.Text(" "))
            links.append(link_to_words(self.builder, self.docname, quoted))
        return links

    def grid(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[nodes.Element]],
        widths: Sequence[int],
        first: int = 1,
    ) -> nodes.table:
        """A table; browsers find the columns' widths themselves.

        The last two columns are passages and notes.  An e-reader's page has room for two columns
        and cuts off what is wider: *first* says how many go into the first of them.
        """
        cells: list[list[list[nodes.Element]]] = [[[cell] for cell in row] for row in rows]
        if self.builder.name == "epub":
            heads = [" · ".join(heads[:first]), " · ".join(heads[first:])]
            widths = [sum(widths[:first]), sum(widths[first:])]
            cells = [[[*row[:first]], [*row[first:-2], *_in_one(row[-2:])]] for row in rows]
        paper = self.builder.format in ("latex", "typst")
        group = nodes.tgroup("", cols=len(heads))
        group += [nodes.colspec("", colwidth=width) for width in widths]
        head = nodes.row(
            "", *(nodes.entry("", nodes.paragraph("", "", text(Words(word)))) for word in heads)
        )
        group += nodes.thead("", head)
        group += nodes.tbody(
            "", *(nodes.row("", *(nodes.entry("", *cell) for cell in row)) for row in cells)
        )
        return nodes.table(
            "",
            group,
            classes=[
                *(["colwidths-given", "longtable"] if paper else ["colwidths-auto"]),
                "edition-figure-table",
            ],
        )


def _in_one(paragraphs: Sequence[nodes.Element]) -> list[nodes.Element]:
    """The words of some paragraphs in one, if they have any."""
    one = nodes.paragraph("", "", classes=[*paragraphs[0]["classes"]])
    for paragraph in paragraphs:
        if len(one) and len(paragraph):
            one += nodes.Text(" ")
        one += [*paragraph.children]
    return [one] if len(one) else []


def _as_pdf(svg: Path) -> Path:
    """Make a PDF of a drawing, for LaTeX."""
    import typst

    source = f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{svg.name}")\n'
    page = svg.with_suffix(".typ")
    page.write_text(source, encoding="utf-8")
    fonts = [FONTS]
    pdf = typst.compile(
        page, root=svg.parent, font_paths=fonts, ignore_system_fonts=True, timestamp=0
    )
    file = svg.with_suffix(".pdf")
    file.write_bytes(pdf)
    return file


def parsed(words: str, part: Callable[[str], Option]) -> list[Option]:
    """An option's values, parted by spaces or commas."""
    return [part(word) for word in words.replace(",", " ").split()]
