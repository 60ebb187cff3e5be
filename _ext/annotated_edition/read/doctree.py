"""Passages and gists in a doctree: which nodes they are, and their running text.

Both reading and weaving go through :func:`leaves`, so an offset found in a
passage's text always leads back to the same character of the same node.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes
from sphinx.util.nodes import traverse_parent

from annotated_edition.domain.parallel import BesideNode, PairNode
from annotated_edition.domain.text_nodes import again
from annotated_edition.domain.text_roles import ASIDE, LabelMark, PartMark
from annotated_edition.model.records import NoteWords

#: A passage's docname and index, set on its node when it is read.
DOCNAME = "edition_docname"
INDEX = "edition_index"
#: A passage's printed label ("¶7", "¶a", "2:14"), set when it is woven.
LABEL = "edition_label"

#: The docname of a note's or cross-reference's section, and of a glossary.
PAGE = "edition_page"

#: On the section of a note that has no title.
UNTITLED = "edition_untitled"

#: What running text may stand in; anything else (admonitions, tables, figures,
#: footnotes, containers) is editorial.
_STRUCTURE = (
    nodes.document,
    nodes.section,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
    nodes.definition_list,
    nodes.definition_list_item,
    nodes.definition,
    nodes.block_quote,
    PairNode,
    BesideNode,
)

#: Inline nodes that hold no words of the text.
_WORDLESS = (
    nodes.footnote_reference,
    nodes.citation_reference,
    nodes.raw,
    nodes.image,
    nodes.comment,
    nodes.substitution_definition,
    nodes.pending,
    nodes.system_message,
    addnodes.index,
    LabelMark,
    PartMark,
)

#: Inline nodes that are links, or become links: no term is linked inside them.
_LINKS = (nodes.reference, addnodes.pending_xref, addnodes.download_reference)


#: What a block may stand in that has notes after it.
CONTAINERS = (
    nodes.document,
    nodes.section,
    nodes.container,
    nodes.list_item,
    nodes.definition,
    nodes.block_quote,
)


def find_passages(document: nodes.Element) -> Iterator[nodes.Element]:
    """The passages of a freshly read document: paragraphs and verses, in order."""
    yield from _find(document)


def _find(parent: nodes.Element) -> Iterator[nodes.Element]:
    for child in parent.children:
        if isinstance(child, (nodes.paragraph, nodes.line_block)):
            if running_text(child).strip():
                yield child
        elif isinstance(child, _STRUCTURE):
            yield from _find(child)


#: Where words of a text's page stand that are no passage, in the words of a warning.
_OUTSIDE = (
    (nodes.title, "a heading"),
    (nodes.subtitle, "a heading"),
    (nodes.rubric, "a heading"),
    (nodes.table, "a table"),
    (nodes.figure, "a caption"),
    (nodes.footnote, "a footnote"),
    (nodes.citation, "a footnote"),
    (nodes.math_block, "a formula"),
    (nodes.comment, "a comment"),
    (nodes.raw, "raw HTML or the like"),
    (nodes.FixedTextElement, "a block of code"),
    (nodes.Admonition, "a box"),
    (nodes.attribution, "an attribution"),
    (nodes.term, "a list's term"),
    (nodes.sidebar, "a sidebar"),
    (nodes.topic, "a box"),
    (nodes.field_list, "a list of fields"),
    (nodes.option_list, "a list of options"),
    (nodes.classifier, "a term's classifier"),
    (addnodes.hlist, "a list in columns"),
    (addnodes.centered, "a centred line"),
    (addnodes.only, "`only`"),
)
#: The same of nodes of an extension that may not be loaded, by their names.
_OUTSIDE_BY_NAME = {"ifconfig": "`ifconfig`"}


#: A tag of HTML, in a block of it that a page brings along.
_TAG = re.compile(r"<[^<>]*+>")

#: Set on what is no passage and may be quoted as if it were: its number on the page.
PART = "edition_part"

#: What such a place is called, by the node that it is or stands in.
_PARTS = (
    (nodes.title, "heading"),
    (nodes.subtitle, "heading"),
    (nodes.rubric, "heading"),
    (nodes.caption, "caption"),
    (nodes.legend, "caption"),
    (nodes.term, "term"),
    (nodes.attribution, "attribution"),
    (nodes.entry, "table"),
    (nodes.footnote, "footnote"),
    (nodes.citation, "footnote"),
)


def find_parts(document: nodes.Element) -> Iterator[tuple[str, nodes.Element]]:
    """Headings, cells, captions, terms and the author's footnotes that have words, in order."""
    for child in document.children:
        if not isinstance(child, nodes.Element) or INDEX in child:
            continue
        name = next((name for kind, name in _PARTS if isinstance(child, kind)), "")
        if name == "heading" and isinstance(document, nodes.table):
            name = "caption"
        if name and isinstance(child, (nodes.TextElement, nodes.term)):
            if running_text(child).strip():
                yield name, child
        elif name:
            for paragraph in child.findall(nodes.paragraph):
                if running_text(paragraph).strip():
                    yield name, paragraph
        elif isinstance(child, (*_STRUCTURE, *_HOLDERS)):
            yield from find_parts(child)


#: What such parts stand in.
_HOLDERS = (
    nodes.table,
    nodes.tgroup,
    nodes.thead,
    nodes.tbody,
    nodes.row,
    nodes.figure,
    nodes.definition_list_item,
)


def find_outside(parent: nodes.Element) -> Iterator[tuple[str, nodes.Element, str]]:
    """What can't be quoted on a page of the text: the sort of place, its node, the words."""
    for child in parent.children:
        if not isinstance(child, nodes.Element):
            continue
        if isinstance(child, (nodes.TextElement, nodes.line_block)):
            for aside in child.findall(nodes.Element):
                if ASIDE in aside and aside.astext().strip():
                    yield "a stage direction or a speaker's name", aside, aside.astext()
        if INDEX in child or PART in child:
            continue
        if isinstance(child, (*_STRUCTURE, *_HOLDERS)):
            yield from find_outside(child)
            continue
        other = _OUTSIDE_BY_NAME.get(child.tagname, "a box")
        sort = next((name for kind, name in _OUTSIDE if isinstance(child, kind)), other)
        if isinstance(child, nodes.raw):
            yield sort, child, " ".join(_TAG.sub(" ", child.astext()).split())
            continue
        for block in child.findall(nodes.TextElement):
            if PART in block:
                continue
            # What a directive describes, such as a function, counts as inline.
            is_block = not isinstance(block, nodes.Inline) or "fullname" in block
            if is_block and not isinstance(block, nodes.system_message):
                words = running_text(block)
                if words.strip():
                    yield sort, block, words


def read_passages(document: nodes.document) -> Iterator[nodes.Element]:
    """The passages of a document, or of several assembled into one, as marked at read."""
    for node in document.findall(nodes.Element):
        if INDEX in node:
            yield node


@dataclass(frozen=True, slots=True)
class Leaf:
    """A piece of a passage's running text and where it begins.

    ``node`` is a Text node; or a formula or highlighted code, which can't be cut;
    or for the end of a line of verse the node of the next, and then ``text`` is
    a space.
    """

    node: nodes.Node
    text: str
    start: int


def leaves(passage: nodes.Element) -> Iterator[Leaf]:
    """The pieces of a passage's running text, in order."""
    length = 0
    for node, text in _pieces(passage):
        if text:
            yield Leaf(node, text, length)
            length += len(text)


def running_text(passage: nodes.Element) -> str:
    """The words of a passage as one string."""
    return "".join(text for _, text in _pieces(passage))


def seen_text(line: nodes.Element) -> str:
    """The words of a line, those of speakers and directions with them."""
    return "".join(text for _, text in _pieces(line, with_asides=True))


def label_marks(passage: nodes.Element) -> Iterator[tuple[int, LabelMark]]:
    """The labels that stand in a passage, and where in its running text each does."""
    length = 0
    for node, text in _pieces(passage):
        if isinstance(node, LabelMark):
            yield length, node
        length += len(text)


def close_up(passage: nodes.Element) -> None:
    """Take away the blanks after labels that stand after a blank, or open the passage."""
    before: LabelMark | str = ""
    for child in list(passage.children):
        if isinstance(before, LabelMark) and isinstance(child, nodes.Text):
            bare = again(child, len(child) - len(child.lstrip()))
            passage.replace(child, bare)
            child = bare
        if isinstance(child, LabelMark) and (not before or str(before)[-1:].isspace()):
            before = child
        else:
            before = child.astext()


def linked_spans(passage: nodes.Element) -> tuple[tuple[int, int], ...]:
    """The stretches of the running text where no term can be linked.

    They are links already, or formulas and code.
    """
    spans = []
    for leaf in leaves(passage):
        if is_opaque(leaf.node) or enclosing_link(leaf.node, passage) is not None:
            spans.append((leaf.start, leaf.start + len(leaf.text)))
    return tuple(spans)


def is_aside(node: nodes.Node, within: nodes.Element) -> bool:
    """Whether *node* is part of what is no word of the passage, such as a speaker's name."""
    while node is not within and node.parent is not None:
        if isinstance(node, nodes.Element) and ASIDE in node:
            return True
        node = node.parent
    return False


def enclosing_link(node: nodes.Node, passage: nodes.Element) -> nodes.Element | None:
    """The outermost link around *node* within *passage*, if any."""
    link = None
    while node is not passage and node.parent is not None:
        if isinstance(node, _LINKS):
            link = node
        node = node.parent
    return link


def is_opaque(node: nodes.Node) -> bool:
    """Whether *node* is a formula or highlighted code: whole or not at all."""
    return isinstance(node, nodes.math) or (isinstance(node, nodes.literal) and "language" in node)


def is_hard_break(node: nodes.Node) -> bool:
    """Whether *node* is MyST's hard break: raw HTML, beside raw LaTeX."""
    return isinstance(node, nodes.raw) and node.astext().lstrip().startswith("<br")


def _pieces(
    parent: nodes.Element, *, with_asides: bool = False
) -> Iterator[tuple[nodes.Node, str]]:
    first = True
    for child in parent.children:
        if isinstance(child, nodes.Text):
            # reStructuredText has a NUL before what a backslash escapes.
            yield child, child.astext() if "\0" in child else str(child)
        elif isinstance(child, (nodes.line, nodes.line_block)):
            if not first:
                yield child, " "
            first = False
            yield from _pieces(child, with_asides=with_asides)
        elif isinstance(child, LabelMark):
            yield child, ""
        elif is_opaque(child):
            yield child, child.astext()
        elif (
            isinstance(child, nodes.Element)
            and not isinstance(child, _WORDLESS)
            and not cites(child)
            and (with_asides or ASIDE not in child)
            and not is_filled_in(child)
        ):
            yield from _pieces(child, with_asides=with_asides)


def glossary_items(
    glossary: nodes.Element,
) -> Iterator[tuple[nodes.definition_list_item, list[nodes.term]]]:
    """The entries of a glossary, not of lists within their definitions, and their terms."""
    for entries in glossary.children:
        for item in entries.children if isinstance(entries, nodes.definition_list) else ():
            terms = [term for term in item.children if isinstance(term, nodes.term)]
            if isinstance(item, nodes.definition_list_item) and terms and terms[0]["ids"]:
                yield item, terms


def gist_of(section: nodes.Element) -> nodes.paragraph | None:
    """A note's gist: the first paragraph inside its section."""
    for child in section.children:
        if isinstance(child, nodes.paragraph):
            return child
        if isinstance(child, nodes.section):
            break
    return None


def is_filled_in(node: nodes.Node) -> bool:
    """Whether *node* is a reference that shows what it names: its words are Sphinx's.

    One that no domain resolves keeps its own.
    """
    if not isinstance(node, addnodes.pending_xref) or cites(node):
        return False
    kind = node.get("reftype")
    is_resolved = node.get("refdomain") or kind in ("any", "myst")
    return bool(is_resolved) and not node.get("refexplicit") and kind != "term"


def cites(node: nodes.Node) -> bool:
    """Whether *node* cites: docutils' own citations, and bibtex's roles."""
    if isinstance(node, addnodes.pending_xref):
        return node.get("refdomain") in ("cite", "footcite", "citation")
    return isinstance(node, nodes.citation_reference)


def uncited_text(node: nodes.Node) -> str:
    """The words of *node* without those of its citations."""
    if cites(node):
        return ""
    if isinstance(node, nodes.Text):
        return str(node)
    return "".join(map(uncited_text, node.children))


#: Blocks whose text is not prose: code, comments, raw output, error messages.
_SILENT = (nodes.Invisible, nodes.FixedTextElement, nodes.system_message, nodes.raw)


def note_words(document: nodes.document, section: nodes.Element) -> NoteWords:
    """What a note says: the title and the gist of its *section*, and all the rest.

    MyST puts footnotes behind the section.
    """
    gist = gist_of(section)
    rest = (node for node in document.findall(nodes.TextElement) if node not in (section[0], gist))
    return NoteWords(
        _said(section[0]),
        "" if gist is None else _said(gist),
        "\n".join(_said(node) for node in rest if _is_block(node)),
    )


def section_words(section: nodes.Element) -> str:
    """What a *section* says itself, without title, passages, subsections and glossaries."""
    said: list[str] = []
    for child in section.children[1:]:
        if isinstance(child, (nodes.section, addnodes.glossary)):
            continue
        blocks = child.findall(nodes.TextElement) if isinstance(child, nodes.Element) else ()
        said += (_said(node) for node in blocks if _is_block(node) and INDEX not in node)
    return "\n".join(filter(None, (" ".join(one.split()) for one in said)))


def _is_block(node: nodes.TextElement) -> bool:
    """Whether *node* is a paragraph, heading or cell with prose, and not part of another."""
    return not (
        isinstance(node, (nodes.Inline, *_SILENT))
        or isinstance(node.parent, (nodes.TextElement, nodes.system_message))
    )


def _said(node: nodes.Node) -> str:
    """The words of *node*; a reference that shows what it names has none of its own."""
    if isinstance(node, nodes.Text):
        return str(node)
    if isinstance(node, _WORDLESS) or cites(node):
        return " " if is_hard_break(node) else ""
    if is_filled_in(node):
        return ""
    return "".join(map(_said, node.children))


def is_indented(block: nodes.Element, source: str) -> bool:
    """Whether a block of code is one for its indentation alone, in Markdown."""
    lines = source.split("\n")
    at = line_of(block) - 1
    return 0 <= at < len(lines) and re.match(r"(?: {4}|\t)\s*\S", lines[at]) is not None


def line_of(node: nodes.Element) -> int:
    """The line (from 1) of *node*, or of what it stands in."""
    for element in traverse_parent(node):
        if element.line:
            return int(element.line)
    return 1
