"""The title of the first page in LaTeX, which Sphinx prints on the title page alone, if at all."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.domain.text_nodes import text
from annotated_edition.read import doctree
from annotated_edition.text.words import Words


class TitleOfFirstPage(SphinxPostTransform):
    """Let the first title be words alone, and a page of the text have its heading nonetheless.

    Sphinx takes the first title for the document's, warns of all in it that isn't words, and
    prints neither it nor what is woven into it.  After references are resolved (10).
    """

    default_priority = 12
    formats = ("latex",)

    def run(self, **kwargs: object) -> None:
        """Look at the first title."""
        title = title_of_document(self.document)
        if title is None:
            return
        section = title.parent
        words = nodes.title("", "", text(Words(doctree.running_text(title))))
        words.source, words.line = title.source, title.line
        section.replace(title, words)
        if doctree.PART in title:  # which only a page with passages has
            _print_page(section, title)


def title_of_document(document: nodes.document) -> nodes.title | None:
    """The title that Sphinx takes for the document's: the first of a section."""
    titles = document.findall(nodes.title)
    return next((one for one in titles if isinstance(one.parent, nodes.section)), None)


def _print_page(section: nodes.Element, title: nodes.title) -> None:
    """Let what stands on the page be a chapter under its title, and pages below it follow."""
    page = nodes.section("", title, ids=section["ids"])
    section["ids"] = []
    rest: list[nodes.Node] = []
    for child in section.children[1:]:
        if _is_of_text(child, title[doctree.DOCNAME]):
            page += child
            rest += _taken_files(child)
        else:
            rest.append(child)
    section[1:] = [page, *rest]


def _is_of_text(node: nodes.Node, docname: str) -> bool:
    """Whether *node* is the page's own; a section that only leads to other pages is not."""
    if not any(True for _file in node.findall(addnodes.start_of_file)):
        return True
    elements = node.findall(nodes.Element)
    return any(doctree.INDEX in one and one[doctree.DOCNAME] == docname for one in elements)


def _taken_files(node: nodes.Node) -> list[nodes.Node]:
    """Take other pages out of *node*: they would be parts of its last section."""
    taken: list[nodes.Node] = []
    for child in list(node.children):
        if isinstance(child, addnodes.start_of_file):
            child.parent.remove(child)
            taken.append(child)
        else:
            taken += _taken_files(child)
    return taken
