"""Places inside passages: where words stand, not only in which paragraph.

A passage may run over several pages, so the page of a term, of quoted words or of a name is
that of an anchor put before the words themselves.  The same goes for cross-references, whose
marks hang in the margin beside the words that they tie.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import count

from docutils import nodes
from sphinx import addnodes

from annotated_edition.domain.text_nodes import again, text
from annotated_edition.model.edition import Edition, NamedPlace, Place, QuotedPlace, first_in_each
from annotated_edition.read import doctree
from annotated_edition.text.words import Token, Words
from annotated_edition.weave import links

#: The class of a cross-reference's mark, and of the line after a passage that it stands for.
TIE_MARK = "cross-reference-mark"
_TIE_LINE = "cross-reference"
_ELLIPSIS = "…"


class Occurrences:
    """Puts anchors and marks into the passages of an assembled and woven book."""

    def __init__(self, tree: nodes.document, edition: Edition) -> None:
        #: A note's words are where its mark is: on that page the note stands.
        self._marks = {
            (place.docname, place.id, quoted.before, quoted.words): mark.id
            for note, places in edition.marks().items()
            for (place, mark), quoted in zip(
                places,
                (one for one in edition.notes[note].places if not one.goes_on),
                strict=True,
            )
        }
        self._nodes: dict[tuple[str, str], nodes.Element] = {}
        self._serial = count(1)
        #: What is to be put into each passage: (offset, id), and (offset, mark with its word).
        self._anchors: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        self._ties: dict[tuple[str, str], list[tuple[int, nodes.Element]]] = defaultdict(list)
        self._known: dict[tuple[str, str, int], str] = {}
        for node in doctree.read_passages(tree):
            for id_ in node["ids"]:
                self._nodes[node[doctree.DOCNAME], id_] = node

    def anchor(self, docname: str, id_: str, before: str, words: str) -> str:
        """Return the id of the place in *docname* where the words quoted of a passage begin.

        The passage's own, *id_*, if the words are not found in it; a note's mark for its words.
        """
        if mark := self._marks.get((docname, id_, before, words)):
            return mark
        at = self._find((docname, id_), words, before)
        return id_ if at is None else self._anchor_at((docname, id_), at)

    def place_of(self, quoted: QuotedPlace) -> tuple[str, str]:
        """Return docname and id of the place where quoted words begin."""
        place = quoted.place
        id_ = self.anchor(place.docname, place.id, quoted.before, quoted.words)
        return place.docname, id_

    def each(self, named: NamedPlace) -> list[tuple[str, str]]:
        """Return anchors before every mention of a name in a passage."""
        place = named.place
        if (place.docname, place.id) not in self._nodes:
            return [(place.docname, place.id)]
        key = place.docname, place.id
        return [(place.docname, self._anchor_at(key, start)) for start, _ in named.spans]

    def mark(self, quoted: QuotedPlace, mark: nodes.Element) -> bool:
        """Tie *mark* to one of the quoted words, or else to the nearest; tell whether it is tied.

        The word moves into *mark*: what hangs in the margin must not come apart from it, and
        nothing may come between the word and a note's number after it.
        """
        place = quoted.place
        at = self._find((place.docname, place.id), quoted.words, quoted.before)
        if at is None:
            return False
        ties = self._ties[place.docname, place.id]
        taken = {start for start, _ in ties}
        words = _loose_words(self._nodes[place.docname, place.id])
        free = [(start, word) for start, word in words if start not in taken]
        if not free:
            return False
        end = at + len(quoted.words)
        start, word = min(free, key=lambda one: max(at - one[0], one[0] - end + 1, 0))
        mark.insert(0, text(Words(word)))
        ties.append((start, mark))
        return True

    def _anchor_at(self, key: tuple[str, str], at: int) -> str:
        if (*key, at) not in self._known:
            self._known[*key, at] = id_ = f"{key[1]}-at-{next(self._serial)}"
            self._anchors[key].append((at, id_))
        return self._known[*key, at]

    def _find(self, key: tuple[str, str], words: str, before: str) -> int | None:
        node = self._nodes.get(key)
        if node is None or not words:
            return None
        text = doctree.running_text(node)
        context = before.lstrip(_ELLIPSIS).lstrip()
        at = text.find(context + words)
        if at >= 0:
            return at + len(context)
        at = text.find(words)
        return at if at >= 0 else None

    def put_in(self) -> None:
        """Put everything into the passages, from their ends on: offsets before stay true."""
        for key in {**self._anchors, **self._ties}:
            waiting = [
                (at, nodes.target("", "", ids=[Token(id_)])) for at, id_ in self._anchors[key]
            ]
            for at, node in sorted(waiting + self._ties[key], key=lambda item: -item[0]):
                _insert(self._nodes[key], at, node)
        self._anchors.clear()
        self._ties.clear()


def _loose_words(passage: nodes.Element) -> list[tuple[int, str]]:
    """The words of a passage, and where they start, that have a space on either side."""
    text = doctree.running_text(passage)
    found = []
    for leaf in doctree.leaves(passage):
        if isinstance(leaf.node, nodes.Text) and not doctree.enclosing_link(leaf.node, passage):
            for word in re.finditer(r"(?<!\S)\S++(?=\s)", leaf.text):
                start = leaf.start + word.start()
                if not re.search(r"\w", word.group()):
                    continue
                if start == 0 or text[start - 1].isspace():
                    found.append((start, word.group()))
    return found


def _insert(passage: nodes.Element, at: int, node: nodes.Element) -> None:
    """Put *node* before the character *at* of a passage's running text.

    A mark takes the place of the word that it holds.
    """
    size = len(node.children[0].astext()) if TIE_MARK in node["classes"] else 0
    for leaf in doctree.leaves(passage):
        if not leaf.start <= at < leaf.start + len(leaf.text):
            continue
        inside: nodes.Node = leaf.node
        if isinstance(inside, (nodes.line, nodes.line_block)):
            continue  # the end of a verse's line: the next leaf is as good
        link = doctree.enclosing_link(inside, passage)
        pieces: list[nodes.Node] = [node, inside]
        if link is not None:  # links cannot be nested
            inside, pieces = link, [node, link]
        elif isinstance(inside, nodes.Text):
            cut = at - leaf.start
            ends = again(inside, 0, cut), again(inside, cut + size)
            pieces = [end for end in (ends[0], node, ends[1]) if end is node or end.astext()]
        parent = inside.parent
        spot = next(n for n, child in enumerate(parent.children) if child is inside)
        parent[spot : spot + 1] = pieces
        return
    passage.append(node)


def tie_in_the_margin(tree: nodes.document, edition: Edition, found: Occurrences) -> None:
    """Hang each cross-reference beside its words, instead of a line after the passage."""
    marked: set[tuple[str, str]] = set()
    lost: set[tuple[str, str]] = set()
    order = {_passage(place): number for number, place in enumerate(edition.places)}
    for places in edition.cross_references.values():
        first = sorted(first_in_each(places), key=lambda one: order[_passage(one.place)])
        for quoted in first:
            others = [other for other in first if other is not quoted]
            if others:
                key = (quoted.place.docname, quoted.place.id)
                (marked if found.mark(quoted, _mark(others, found)) else lost).add(key)
    for node in list(doctree.read_passages(tree)):
        here = {(node[doctree.DOCNAME], id_) for id_ in node["ids"]}
        if here & marked and not here & lost:
            _drop_line_after(node)


def _passage(place: Place) -> tuple[str, str, str]:
    """What a passage has in common with the headings, cells and the like that it names."""
    return place.docname, place.label, place.work


def _mark(places: Iterable[QuotedPlace], found: Occurrences) -> nodes.inline:
    mark = nodes.inline("", "", classes=[TIE_MARK])
    for quoted in places:
        reference = nodes.reference("", "", text(Words(quoted.place.cited)), internal=True)
        _direct(reference, *found.place_of(quoted))
        mark += reference
    return mark


def _drop_line_after(passage: nodes.Element) -> None:
    siblings = passage.parent.children
    at = next(n for n, child in enumerate(siblings) if child is passage) + 1
    for sibling in siblings[at:]:
        if isinstance(sibling, nodes.Element) and doctree.INDEX in sibling:
            return
        if isinstance(sibling, nodes.paragraph) and _TIE_LINE in sibling["classes"]:
            passage.parent.remove(sibling)
            return


def point_at_words(tree: nodes.document, edition: Edition, found: Occurrences) -> None:
    """Let links to words, and lists of names, lead to the words: they tell those words' pages."""
    for reference in list(tree.findall(nodes.reference)):
        if links.QUOTED in reference:
            docname, *words = reference[links.QUOTED]
            _direct(reference, docname, found.anchor(docname, *words))
    names = {
        (docname, name.id): name
        for (docname, _), register in edition.registers.items()
        for name in register
    }
    registers = {docname for docname, _ in names}
    for file in tree.findall(addnodes.start_of_file):
        if file["docname"] not in registers:
            continue
        for item in file.findall(nodes.definition_list_item):
            term = item.children[0]
            ids = term["ids"] if isinstance(term, nodes.term) else ()
            # A file holds those below it in the book, too.
            for name in filter(None, (names.get((file["docname"], id_)) for id_ in ids)):
                _lead(item, [found.each(one)[0] for one in name.places])


def _lead(item: nodes.Node, places: list[tuple[str, str]]) -> None:
    """Let the first links in *item* lead to *places*."""
    for reference, (docname, id_) in zip(item.findall(nodes.reference), places, strict=False):
        _direct(reference, docname, id_)


def _direct(reference: nodes.reference, docname: str, id_: str) -> None:
    reference.attributes.pop("refid", None)
    reference["refuri"] = f"%{docname}#{id_}"
