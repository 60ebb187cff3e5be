"""The order of the book: which documents stand where, and on which level.

The web's order is a tree of pages for people who jump; a book is read from front to back.
So the documents are taken out of the toctrees and put one after the other: what stands before
the contents, the text, the commentary in the order of its numbers, the rest, the back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from docutils import nodes
from sphinx import addnodes
from sphinx.util.matching import Matcher

from annotated_edition.passages import LABEL

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
        title = nodes.title("", self.wishes.commentary)
        section = nodes.section("", title, ids=["edition-commentary"])
        yield self._set(addnodes.start_of_file("", section, docname=self.pages.root), 1)
        yield from self._commentary(2)

    @staticmethod
    def _set(file: nodes.Element, level: int) -> nodes.Element:
        file[LEVEL] = level
        return file
