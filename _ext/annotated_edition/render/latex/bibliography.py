"""The bibliography in Sphinx's LaTeX: at the end of the book, and its page's heading once."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.latex.nodes import thebibliography
from sphinx.transforms.post_transforms import SphinxPostTransform

#: What a page may have beside its heading and still show nothing.
_UNSEEN = (nodes.title, nodes.target, nodes.comment, addnodes.index, addnodes.highlightlang)


class MoveBibliographyPage(SphinxPostTransform):
    """Let the page that held the entries follow them to the end.

    Sphinx gathers all entries at the end (750) under a heading of LaTeX's.  A page that had
    nothing else would stay behind as a numbered heading over nothing.
    """

    default_priority = 751
    formats = ("latex",)

    def run(self, **kwargs: object) -> None:
        """Move the page, if there is one such page only; links to it land at the first entry."""
        entries = next(self.document.findall(thebibliography), None)
        if entries is None:
            return
        docnames = {entry["docname"] for entry in entries.findall(nodes.citation)}
        words = next(entries[0].findall(nodes.paragraph), None)
        if len(docnames) != 1 or words is None:
            return
        [docname] = docnames
        for page in list(self.document.findall(addnodes.start_of_file)):
            shown = [node for node in page if not _is_unseen(node)]
            if page["docname"] != docname or len(shown) != 1:
                continue
            if not (isinstance(shown[0], nodes.section) and all(map(_is_unseen, shown[0]))):
                continue
            elements = list(page.findall(nodes.Element))
            target = nodes.target("", "", ids=[name for node in elements for name in node["ids"]])
            page.parent.remove(page)
            self.document.remove(entries)
            self.document += addnodes.start_of_file("", entries, docname=docname)
            words.insert(0, target)


def _is_unseen(node: nodes.Node) -> bool:
    if isinstance(node, nodes.container):  # bibtex's, round the entries that are gone
        return all(map(_is_unseen, node))
    return isinstance(node, _UNSEEN)
