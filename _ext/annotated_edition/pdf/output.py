"""What all parts of the writer share: the output, the present file, places, and complaints."""

from __future__ import annotations

from docutils import nodes
from sphinx.builders import Builder
from sphinx.util.docutils import SphinxTranslator
from sphinx.util.logging import get_node_location

from annotated_edition.pdf.assemble import Book
from annotated_edition.pdf.escape import string

#: Nodes whose ids are written by their own visitor, each for a reason of its own.
_OWN_IDS = (nodes.section, nodes.footnote)


class Output(SphinxTranslator):
    """Collects Typst markup. Parts of the tree are captured with :meth:`inside`."""

    builder: Builder

    def __init__(self, document: nodes.document, builder: Builder, book: Book) -> None:
        super().__init__(document, builder)
        self.book = book
        self.body: list[str] = []
        self.files = [book.root]
        self.level = 0
        self.in_title = False
        self.problems: list[str] = []
        self.missing_alt: list[tuple[str, str]] = []  # images: where, and which
        self.emitted: set[str] = set()
        self.passages: set[str] = set()  # labels of passages
        self.wanted: dict[str, str] = {}  # label -> where the first link to it stands
        self._pending: list[str] = []  # labels that wait for the next thing printed

    @property
    def docname(self) -> str:
        """The file that the present node comes from."""
        return self.files[-1]

    def where(self, node: nodes.Node) -> str:
        """Say where *node* comes from, as file and line."""
        place = get_node_location(node)
        path = str(self.builder.env.doc2path(self.docname))
        if not place or place.startswith(":"):
            return path + (place or "")
        return place

    def complain(self, node: nodes.Node, message: str) -> None:
        """Note a problem; all of them stop the build at its end."""
        self.problems.append(f"{self.where(node)}: {message}")

    # ---- output --------------------------------------------------------------------------

    def add(self, markup: str) -> None:
        """Write inline markup, after the anchors of whatever begins here."""
        self.flush_anchors()
        self.body.append(markup)

    def block(self, markup: str) -> None:
        """Write a block of its own."""
        self.flush_anchors()
        self.body.append(f"\n\n{markup}\n\n")

    def children(self, node: nodes.Element) -> None:
        """Write what is inside *node*."""
        for child in list(node.children):
            child.walkabout(self)

    def inside(self, *parts: nodes.Node) -> str:
        """Return the markup of *parts* instead of writing it."""
        outer, self.body = self.body, []
        for part in parts:
            part.walkabout(self)
        result, self.body = "".join(self.body), outer
        # A block's own blank lines would make it one paragraph too many in its surroundings.
        return result.strip("\n")

    # ---- places --------------------------------------------------------------------------

    def dispatch_visit(self, node: nodes.Node) -> None:
        """Keep the ids of *node* for the next thing printed, then visit it."""
        if isinstance(node, nodes.Element) and not isinstance(node, _OWN_IDS):
            self.expect(node)
        super().dispatch_visit(node)

    def expect(self, node: nodes.Element) -> None:
        """Let the next thing printed carry the labels of *node*."""
        for id_ in node["ids"]:
            label = self.book.labels.get((self.docname, id_))
            if label:
                self.expect_label(label)

    def expect_label(self, label: str) -> None:
        """Let the next thing printed carry *label*, which is given once only."""
        if label not in self.emitted:
            self.emitted.add(label)
            self._pending.append(label)

    def flush_anchors(self) -> None:
        """Write the waiting labels; those inside a heading wait, for it is printed twice."""
        if self._pending and not self.in_title:
            self.body += [f"#anchor({string(label)});" for label in self._pending]
            self._pending.clear()

    def want(self, node: nodes.Node, label: str) -> None:
        """Remember that *node* links to *label*."""
        if label not in self.wanted:
            self.wanted[label] = self.where(node)

    # ---- unknown nodes -------------------------------------------------------------------

    def unknown_visit(self, node: nodes.Node) -> None:
        """Complain of a node that the book has no form for, and leave it out."""
        name = type(node).__name__
        self.complain(
            node,
            f'the printed book does not know what to do with a "{name}" node; give it a '
            "visitor with app.add_node(..., typst=(visit, depart))",
        )
        raise nodes.SkipNode
