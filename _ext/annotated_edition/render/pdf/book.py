"""The book: all pages in one doctree, in a book's order, and where everything in it is.

The web's order is a tree of pages for people who jump; a book is read from front to back.
So the documents are taken out of the toctrees and put one after the other: what stands before
the contents, the text, the commentary in the order of its numbers, the rest, the back.

The places are found from the top down, through ``start_of_file``: which file a node comes from
decides what its ids and its references mean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.util.matching import Matcher
from sphinx.util.nodes import inline_all_toctrees

from annotated_edition.domain.text_nodes import text
from annotated_edition.read.doctree import LABEL
from annotated_edition.render.pdf.index import Entry
from annotated_edition.render.pdf.repairs import Repairs
from annotated_edition.text.words import Words

#: A file's level in the book, set on its node: 1 for a chapter.
LEVEL = "edition_level"
#: Set on a file whose own words are not printed.
LEFT_OUT = "left_out"

#: What may be left of a page that only led to others.
_HOLLOW = (nodes.title, nodes.comment, nodes.target, nodes.substitution_definition)


@dataclass(frozen=True)
class Wishes:
    """What the order depends on: settings (globs of docnames), and the edition's data."""

    front: Sequence[str] = ()
    back: Sequence[str] = ()
    #: Docnames of the notes' pages, in the order of numbers, and of the text's pages.
    notes: Sequence[str] = ()
    text: Collection[str] = ()
    #: Docnames of pages with a bibliography: they come last if no setting places them.
    sources: Collection[str] = ()
    #: The title of the chapter of notes, if no page of the project is one.
    commentary: str = "Commentary"


@dataclass
class Parts:
    """The files of the book in their order; ``text`` ends with the last page of the text."""

    front: list[nodes.Element] = field(default_factory=list)
    text: list[nodes.Element] = field(default_factory=list)
    rest: list[nodes.Element] = field(default_factory=list)


class _Pages:
    """The documents as a tree, each with its own words alone."""

    def __init__(self, tree: nodes.document) -> None:
        self.root: str = tree["docname"]
        self.files: dict[str, nodes.Element] = {}
        self.inner: dict[str, list[str]] = {self.root: []}
        self.outer: dict[str, str] = {}
        self._detach(tree, self.root)

    def _detach(self, node: nodes.Element, docname: str) -> None:
        kept = []
        for child in node.children:
            if isinstance(child, addnodes.start_of_file):
                name = child["docname"]
                if name not in self.files:  # a page in two toctrees is printed once
                    self.files[name] = child
                    self.inner[name] = []
                    self.inner[docname].append(name)
                    self.outer[name] = docname
                    self._detach(child, name)
                continue
            if isinstance(child, nodes.Element):
                self._detach(child, docname)
            kept.append(child)
        node.children[:] = kept

    def chain(self, name: str) -> list[str]:
        """The page and all that lead to it, from the root down."""
        found = [name]
        while name in self.outer:
            name = self.outer[name]
            found.insert(0, name)
        return found

    def hollow(self, name: str) -> bool:
        """Whether the page only leads to others."""
        return bool(self.inner[name]) and _is_hollow(self.files[name])


def _is_hollow(node: nodes.Element) -> bool:
    return all(
        isinstance(child, _HOLLOW)
        or (isinstance(child, (nodes.section, addnodes.start_of_file)) and _is_hollow(child))
        or (isinstance(child, nodes.compound) and "toctree-wrapper" in child["classes"])
        for child in node.children
    )


def arrange(tree: nodes.document, wishes: Wishes) -> Parts:
    """Take *tree* apart and return its files in the order of the book.

    The tree's own words, if it has any, remain in it.
    """
    return _Arranger(_Pages(tree), wishes).parts()


class _Arranger:
    def __init__(self, pages: _Pages, wishes: Wishes) -> None:
        self.pages = pages
        self.wishes = wishes
        self.notes = [name for name in wishes.notes if name in pages.files]
        self.chapter = self._chapter()
        self.front = self._matching(wishes.front)
        self.back = [name for name in self._matching(wishes.back) if name not in self.front]
        named = {*self.front, *self.back, *wishes.text, *self.notes}
        sources = [name for name in pages.files if name in wishes.sources and name not in named]
        if not any(name in wishes.sources for name in self.back):
            self.back += sources
        #: What does not stand where a toctree has it.
        self.moved = {*self.front, *self.back, *self.notes}

    def _matching(self, globs: Sequence[str]) -> list[str]:
        found: dict[str, None] = {}
        for glob in globs:
            found |= dict.fromkeys(filter(Matcher([glob]), self.pages.files))
        # A page comes with those under it, whether or not the glob names them too.
        return [
            name
            for name in found
            if name not in self.notes and not set(self.pages.chain(name)[:-1]) & set(found)
        ]

    def _chapter(self) -> str | None:
        """The innermost page under which all notes stand; the root is none."""
        chains = [self.pages.chain(name)[:-1] for name in self.notes]
        common: list[str] = []
        for names in zip(*chains, strict=False):
            if len(set(names)) > 1:
                break
            common.append(names[0])
        return common[-1] if len(common) > 1 else None

    def parts(self) -> Parts:
        """Return the book's parts."""
        parts = Parts()
        for name in self.front:
            parts.front += self._file(name, 1)
        chapters = (name for name in self.pages.inner[self.pages.root] if name not in self.moved)
        main = [file for name in chapters for file in self._file(name, 1)]
        texts = [at for at, file in enumerate(main) if self._is_text(file)]
        end = texts[-1] + 1 if texts else 0
        if self.notes and self.chapter is None:
            main[end:end] = self._synthetic_chapter()
        parts.text, parts.rest = main[:end], main[end:]
        for name in self.back:
            parts.rest += self._file(name, 1)
        return parts

    def _is_text(self, file: nodes.Element) -> bool:
        labelled = any(LABEL in node for node in file.findall(nodes.Element))
        return labelled or file["docname"] in self.wishes.text

    def _file(self, name: str, level: int) -> Iterator[nodes.Element]:
        """A page, then those under it, a level lower."""
        file = self.pages.files[name]
        inner = [other for other in self.pages.inner[name] if other not in self.moved]
        if name == self.chapter:
            yield self._set(file, level)
            yield from self._commentary(level + 1)
        elif file.get(LEFT_OUT) or (self.pages.hollow(name) and not inner):
            file[LEFT_OUT] = True
        else:
            yield self._set(file, level)
            level += 1
        for other in inner:
            yield from self._file(other, level)

    def _commentary(self, level: int) -> Iterator[nodes.Element]:
        for name in self.notes:
            yield self._set(self.pages.files[name], level)

    def _synthetic_chapter(self) -> Iterator[nodes.Element]:
        title = nodes.title("", "", text(Words(self.wishes.commentary)))
        section = nodes.section("", title, ids=["edition-commentary"])
        yield self._set(addnodes.start_of_file("", section, docname=self.pages.root), 1)
        yield from self._commentary(2)

    @staticmethod
    def _set(file: nodes.Element, level: int) -> nodes.Element:
        file[LEVEL] = level
        return file


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
    notes: dict[str, str] = field(default_factory=dict)  # notes' names -> docnames
    documents: dict[str, str] = field(default_factory=dict)  # docname -> its label
    labels: dict[Place, str] = field(default_factory=dict)
    footnotes: dict[Place, nodes.footnote] = field(default_factory=dict)
    citations: set[str] = field(default_factory=set)  # labels of the bibliography's entries
    marked: set[Place] = field(default_factory=set)  # footnotes that have a mark
    repairs: Repairs = field(default_factory=Repairs)

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
