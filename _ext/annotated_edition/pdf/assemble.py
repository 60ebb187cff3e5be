"""One doctree from all pages of the book, and an index of the places in it.

The index is made from the top down, through ``start_of_file``: which file a node comes from
decides what its ids and its references mean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.util.nodes import inline_all_toctrees

from annotated_edition.pdf.arrange import LEFT_OUT, Parts, Wishes, arrange
from annotated_edition.pdf.index import Entry

#: A place: the document's name and the id in it.
Place = tuple[str, str]


@dataclass
class Book:
    """The assembled doctree and where everything in it is."""

    tree: nodes.document
    root: str
    parts: Parts = field(default_factory=Parts)
    #: What is printed after the title page.
    imprint: list[nodes.Element] = field(default_factory=list)
    index: list[Entry] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)  # notes' docnames -> numbers
    documents: dict[str, str] = field(default_factory=dict)  # docname -> its label
    labels: dict[Place, str] = field(default_factory=dict)
    footnotes: dict[Place, nodes.footnote] = field(default_factory=dict)
    citations: set[str] = field(default_factory=set)  # labels of the bibliography's entries
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


def assemble(
    builder: Builder, leave_out: Collection[str], extra: Collection[str] = ()
) -> nodes.document:
    """Return all pages as one doctree, references resolved, and *extra* ones in no toctree."""
    root = builder.config.root_doc
    source = builder.env.get_doctree(root)
    traversed = [root]
    tree = inline_all_toctrees(builder, set(), root, source, str, traversed)
    tree["docname"] = root
    for docname in extra:
        if docname not in traversed and docname in builder.env.all_docs:
            page = builder.env.get_doctree(docname).deepcopy()
            tree += addnodes.start_of_file("", *page.children, docname=docname)
    _adopt(tree)
    _leave_out(tree, root, leave_out)
    builder.env.resolve_references(tree, root, builder)
    _adopt(tree)
    return tree


def take_imprint(tree: nodes.document, places: Iterable[str]) -> list[nodes.Element]:
    """Return what stands at *places* (``docname`` or ``docname#id``), each as a file.

    Sections are taken out of the tree, anything smaller is copied; a place that isn't there
    raises :class:`KeyError`.
    """
    found: list[nodes.Element] = []
    for place in places:
        docname, _, id_ = place.partition("#")
        files = [f for f in tree.findall(addnodes.start_of_file) if f["docname"] == docname]
        node = next((n for f in files for n in f.findall(nodes.Element) if _is_at(n, id_)), None)
        if node is None:
            raise KeyError(place)
        if isinstance(node, (nodes.section, addnodes.start_of_file)):
            node.parent.remove(node)
        else:
            node = node.deepcopy()
            for part in node.findall(nodes.Element):
                part["ids"] = []
        if not isinstance(node, addnodes.start_of_file):
            node = addnodes.start_of_file("", node, docname=docname)
        found.append(node)
    return found


def _is_at(node: nodes.Element, id_: str) -> bool:
    return id_ in node["ids"] if id_ else isinstance(node, addnodes.start_of_file)


def _adopt(tree: nodes.document) -> None:
    """Mend the parents of each file's topmost nodes, stale after ``inline_all_toctrees``."""
    for child in tree.children:
        child.parent = tree
    for file in tree.findall(addnodes.start_of_file):
        for child in file.children:
            child.parent = file


def _leave_out(tree: nodes.document, root: str, names: Collection[str]) -> None:
    """Take out what stands on the pages *names*, but not the pages that they lead to."""
    for file in list(tree.findall(addnodes.start_of_file)):
        if file["docname"] in names:
            file[LEFT_OUT] = True
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


def book_of(tree: nodes.document, wishes: Wishes, imprint: Iterable[str] = ()) -> Book:
    """Return the book in its order, with the index of its places."""
    taken = take_imprint(tree, imprint)
    parts = arrange(tree, wishes)
    # Flat from here on: one list of files in the order of the book.
    tree += [*taken, *parts.front, *parts.text, *parts.rest]
    _adopt(tree)
    book = Book(tree, tree["docname"], parts, taken)
    if own_words(tree):
        book.documents[book.root] = _document_label(tree, book.root)  # else it is left out
    _index(book, tree, book.root)
    for file in taken:
        book.documents.setdefault(file["docname"], _document_label(file, file["docname"]))
    for mark, docname in _marks(tree, book.root):
        place = book.footnote_of(mark, docname)
        if place is not None:
            book.marked.add(place)
    return book


def own_words(tree: nodes.document) -> list[nodes.Node]:
    """What the landing page itself has to print."""
    return [child for child in tree.children if not isinstance(child, addnodes.start_of_file)]


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
            if name != book.root and child not in book.imprint:
                book.documents[name] = _document_label(child, name)
        elif isinstance(child, nodes.footnote):
            name = child.get("docname", docname)
            for id_ in child["ids"]:
                book.footnotes.setdefault((name, id_), child)
        for id_ in child["ids"]:
            first = child["ids"][0] if isinstance(child, nodes.section) else id_
            label = book.labels.setdefault((name, id_), f"{name}#{first}")
            if isinstance(child, nodes.citation):
                book.citations.add(label)
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
