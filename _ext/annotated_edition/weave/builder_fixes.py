"""What docutils and Sphinx do that an edition can't live with, mended."""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.domain.text_nodes import text
from annotated_edition.model.edition import letters
from annotated_edition.text.words import Words


def letter_footnotes(document: nodes.document, texts: set[str]) -> None:
    """Give the author's own footnotes on base-text pages letters: a, b, … z, aa …

    LaTeX pairs marks and footnotes by document and printed number, so that one
    numbered like a note of the edition would swallow it.  Footnotes with
    symbols or names keep them.
    """
    labels: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    for mark in document.findall(nodes.footnote_reference):
        docname = mark.get("docname", "")
        key = docname, mark.get("refid", "")
        if docname not in texts or not mark.astext().isdigit():
            continue
        if key not in labels:
            counts[docname] = number = counts.get(docname, 0) + 1
            labels[key] = letters(number)
        _relabel(mark, labels[key])
    for footnote in document.findall(nodes.footnote):
        for name in footnote["ids"]:
            label = labels.get((footnote.get("docname", ""), name))
            if label and isinstance(footnote[0], nodes.label):
                _relabel(footnote[0], label)


def _relabel(node: nodes.Element, label: str) -> None:
    node.clear()
    node += text(Words(label))


class MendSinglePageLinks(SphinxPostTransform):
    """Mend links of the form ``#document-page#id`` in ``singlehtml``.

    Sphinx writes them for targets in other documents, and browsers find nothing
    there.  Just after references are resolved (10).
    """

    default_priority = 11
    builders = ("singlehtml",)

    def run(self, **kwargs: object) -> None:
        """Keep the last fragment alone."""
        for reference in self.document.findall(nodes.reference):
            if "refuri" in reference:
                reference["refuri"] = last_fragment(reference["refuri"])


class PlainManLinks(SphinxPostTransform):
    """Keep the words of links within a manual page, which would print as ``<#p1>``."""

    default_priority = 11
    formats = ("man",)

    def run(self, **kwargs: object) -> None:
        """Unwrap every link that stays inside."""
        for reference in list(self.document.findall(nodes.reference)):
            if reference.get("internal") or "refid" in reference:
                reference.replace_self(reference.children)


def last_fragment(uri: str) -> str:
    """An address in the one page, of which only the last fragment means anything."""
    return "#" + uri.rpartition("#")[2] if uri.startswith("#") and uri.count("#") > 1 else uri
