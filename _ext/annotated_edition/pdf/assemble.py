"""One doctree from all pages of the book, and an index of the places in it.

The index is made from the top down, through ``start_of_file``: which file a node comes from
decides what its ids and its references mean.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.util.nodes import inline_all_toctrees

#: A place: the document's name and the id in it.
Place = tuple[str, str]


@dataclass
class Book:
    """The assembled doctree and where everything in it is."""

    tree: nodes.document
    root: str
    documents: dict[str, str] = field(default_factory=dict)  # docname -> its label
    labels: dict[Place, str] = field(default_factory=dict)
    footnotes: dict[Place, nodes.footnote] = field(default_factory=dict)
    marked: set[Place] = field(default_factory=set)  # footnotes that have a mark

    def footnote_of(self, mark: nodes.footnote_reference, docname: str) -> Place | None:
        """Return the place of the footnote that *mark* stands for, if there is one.

        A footnote that stands once for several pages is found by its id alone, if no other
        page has a footnote of that id.
        """
        refid = mark.get("refid", "")
        for name in (mark.get("docname"), docname):
            if name and (name, refid) in self.footnotes:
                return (name, refid)
        others = [place for place in self.footnotes if place[1] == refid]
        return others[0] if len(others) == 1 else None


def assemble(builder: Builder, leave_out: Collection[str]) -> nodes.document:
    """Return the whole book as one doctree, references resolved."""
    root = builder.config.root_doc
    source = builder.env.get_doctree(root)
    tree = inline_all_toctrees(builder, set(), root, source, str, [root])
    tree["docname"] = root
    _adopt(tree)
    _leave_out(tree, root, leave_out)
    builder.env.resolve_references(tree, root, builder)
    _adopt(tree)
    return tree


def _adopt(tree: nodes.document) -> None:
    """Mend the parents of each file's topmost nodes, stale after ``inline_all_toctrees``."""
    for file in tree.findall(addnodes.start_of_file):
        for child in file.children:
            child.parent = file


def _leave_out(tree: nodes.document, root: str, names: Collection[str]) -> None:
    """Take out what stands on the pages *names*, but not the pages that they lead to."""
    for file in list(tree.findall(addnodes.start_of_file)):
        if file["docname"] in names:
            file["left_out"] = True
            file.children[:] = _files_in(file)
    if root in names:
        tree.children[:] = _files_in(tree)
        for child in tree.children:
            child.parent = tree
    _adopt(tree)


def _files_in(node: nodes.Element) -> list[nodes.Node]:
    """Return the outermost files inside *node*."""
    found: list[nodes.Node] = []
    for child in node.children:
        if isinstance(child, addnodes.start_of_file):
            found.append(child)
        elif isinstance(child, nodes.Element):
            found += _files_in(child)
    return found


def index_of(tree: nodes.document) -> Book:
    """Return *tree* with the index of its places."""
    book = Book(tree, tree["docname"])
    if any(not isinstance(child, addnodes.start_of_file) for child in tree.children):
        book.documents[book.root] = _document_label(tree, book.root)  # else it is left out
    _index(book, tree, book.root)
    for mark, docname in _marks(tree, book.root):
        place = book.footnote_of(mark, docname)
        if place is not None:
            book.marked.add(place)
    return book


def _document_label(file: nodes.Element, docname: str) -> str:
    """A page is where its first section is: one heading can carry one label only."""
    for child in file.children:
        if isinstance(child, nodes.section) and child["ids"]:
            return f"{docname}#{child['ids'][0]}"
    return f"{docname}#"


def _index(book: Book, node: nodes.Element, docname: str) -> None:
    for child in node.children:
        if not isinstance(child, nodes.Element):
            continue
        name = docname
        if isinstance(child, addnodes.start_of_file):
            name = child["docname"]
            if not child.get("left_out"):
                book.documents[name] = _document_label(child, name)
        elif isinstance(child, nodes.footnote):
            name = child.get("docname", docname)
            for id_ in child["ids"]:
                book.footnotes.setdefault((name, id_), child)
        for id_ in child["ids"]:
            first = child["ids"][0] if isinstance(child, nodes.section) else id_
            book.labels.setdefault((name, id_), f"{name}#{first}")
        _index(book, child, name)


def _marks(node: nodes.Element, docname: str) -> list[tuple[nodes.footnote_reference, str]]:
    found: list[tuple[nodes.footnote_reference, str]] = []
    for child in node.children:
        if isinstance(child, nodes.footnote_reference):
            found.append((child, docname))
        elif isinstance(child, addnodes.start_of_file):
            found += _marks(child, child["docname"])
        elif isinstance(child, nodes.Element):
            found += _marks(child, docname)
    return found
