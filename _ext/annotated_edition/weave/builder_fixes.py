"""What docutils and Sphinx do that an edition can't live with, mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.domain.text_nodes import text
from annotated_edition.model.edition import letters
from annotated_edition.read import doctree
from annotated_edition.text.words import Words

#: A longer label of a bibliography's entry has a line of its own in plain text.
_LONGEST_LABEL = 12


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


#: Set on the one document of ``singlehtml``: (docname, id) → the id that it has there.
RENAMED_IDS = "edition_renamed_ids"


class MendSinglePageLinks(SphinxPostTransform):
    """Mend ids that stand in several documents, and links to them, in ``singlehtml``.

    Sphinx writes links of the form ``#document-page#id``, and browsers find nothing there; two
    documents that have an id in common (``id1``, ``sources``) keep it both.  Just after
    references are resolved (10).
    """

    default_priority = 11
    builders = ("singlehtml",)

    def run(self, **kwargs: object) -> None:
        """Give each id once, and keep the last fragment of a link alone."""
        placed = list(_with_documents(self.document, self.env.docname))
        renamed = _renamed(placed)
        for node, docname in placed:
            node["ids"] = [renamed.get((docname, id_), id_) for id_ in node["ids"]]
            if "refid" in node:
                node["refid"] = renamed.get((docname, node["refid"]), node["refid"])
            if node.get("backrefs"):
                node["backrefs"] = [renamed.get((docname, id_), id_) for id_ in node["backrefs"]]
            if isinstance(node, nodes.reference) and "refuri" in node:
                node["refuri"] = last_fragment(node["refuri"], renamed)
        self.document[RENAMED_IDS] = renamed


def _with_documents(node: nodes.Element, docname: str) -> Iterator[tuple[nodes.Element, str]]:
    """Every element under *node*, each with the document that it comes from."""
    for child in node.children:
        if isinstance(child, nodes.Element):
            name = child["docname"] if isinstance(child, addnodes.start_of_file) else docname
            yield child, name
            yield from _with_documents(child, name)


def _renamed(placed: list[tuple[nodes.Element, str]]) -> dict[tuple[str, str], str]:
    """New names for the ids that an earlier document has: ``id1-2``, ``id1-3`` …"""
    owners: dict[str, str] = {}
    renamed: dict[tuple[str, str], str] = {}
    all_ids = {id_ for node, _ in placed for id_ in node["ids"]}
    for node, docname in placed:
        for id_ in node["ids"]:
            if owners.setdefault(id_, docname) != docname and (docname, id_) not in renamed:
                new = next(f"{id_}-{n}" for n in count(2) if f"{id_}-{n}" not in all_ids)
                all_ids.add(new)
                renamed[docname, id_] = new
    return renamed


class PlainManLinks(SphinxPostTransform):
    """Keep the words of links within a manual page, which would print as ``<#p1>``."""

    default_priority = 11
    formats = ("man",)

    def run(self, **kwargs: object) -> None:
        """Unwrap every link that stays inside."""
        for reference in list(self.document.findall(nodes.reference)):
            if reference.get("internal") or "refid" in reference:
                words = nodes.inline("", "", *reference.children, ids=reference["ids"])
                reference.replace_self(words if words["ids"] else words.children)


def last_fragment(uri: str, renamed: Mapping[tuple[str, str], str]) -> str:
    """An address in the one page, of which only the last fragment means anything."""
    if not uri.startswith("#") or uri.count("#") < 2:
        return uri
    page, _, id_ = uri[1:].rpartition("#")
    docname = page.partition("#")[0].removeprefix("document-")
    return "#" + renamed.get((docname, id_), id_)


class PlainTextTerms(SphinxPostTransform):
    """Leave the text's words as they are in plain text, which has no links.

    Sphinx writes asterisks round the words of a reference; at a term they would stand among the
    author's words.  After references are resolved (10).
    """

    default_priority = 11
    formats = ("text",)

    def run(self, **kwargs: object) -> None:
        """Take away the class that asks for asterisks, within passages."""
        for passage in doctree.read_passages(self.document):
            for words in passage.findall(nodes.inline):
                words["classes"] = [name for name in words["classes"] if name != "xref"]


class PlainTextSources(SphinxPostTransform):
    """Set entries of a bibliography under their labels, in plain text, if one is long.

    Sphinx indents an entry as far as its label is wide, and stops the build when that leaves no
    room for words.
    """

    default_priority = 11
    formats = ("text",)

    def run(self, **kwargs: object) -> None:
        """Make its entries a list of labels and what they mean: all of them, or none."""
        entries = [
            (citation, citation.children[0])
            for citation in list(self.document.findall(nodes.citation))
            if citation.children and isinstance(citation.children[0], nodes.label)
        ]
        if all(len(label.astext()) <= _LONGEST_LABEL for _, label in entries):
            return
        for citation, label in entries:
            term = nodes.term("", "", text(Words(f"[{label.astext()}]")))
            said = nodes.definition("", *citation.children[1:])
            item = nodes.definition_list_item("", term, said)
            citation.replace_self(nodes.definition_list("", item))
