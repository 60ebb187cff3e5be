"""Verse: passages that are set in lines, and the numbers by which lines are cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docutils import nodes

from annotated_edition.domain.text_nodes import again
from annotated_edition.domain.text_roles import PartMark
from annotated_edition.read import doctree

#: The number of a line, from 1, set on its node when its page is read.
LINE = "edition_line"
#: Of a line that speakers share, which part this one is, ``I``, ``M`` or ``F``, as in TEI; and the
#: words of the parts before it.
PART = "edition_part_of_line"
BEFORE = "edition_before"
#: Which parts go on, by ``{edition:part}``.
_GO_ON = ("M", "F")


def set_in_lines(document: nodes.document) -> None:
    """Make verses of the paragraphs whose lines MyST's hard breaks end.

    MyST writes such a break as raw HTML beside raw LaTeX, which other builders leave out: then
    the last word of a line and the first of the next are one. A block of lines is what every
    builder knows, and what reStructuredText makes of the same poem.
    """
    for paragraph in list(doctree.find_passages(document)):
        if isinstance(paragraph, nodes.paragraph) and _is_broken(paragraph):
            verse = nodes.line_block(paragraph.rawsource)
            verse.attributes = paragraph.attributes
            verse.source, verse.line = paragraph.source, paragraph.line
            for count, children in enumerate(_lines_of(paragraph)):
                line = nodes.line("", "", *children)
                line.source, line.line = paragraph.source, doctree.line_of(paragraph) + count
                verse += line
            for name in verse["ids"]:
                document.ids[name] = verse
            paragraph.replace_self(verse)


def _is_broken(paragraph: nodes.Element) -> bool:
    """Whether it has lines; a part of one, alone, is a line."""
    if any(isinstance(child, PartMark) for child in paragraph.children):
        return True
    return any(map(doctree.is_hard_break, paragraph.findall(nodes.raw)))


def _lines_of(parent: nodes.Element) -> list[list[nodes.Node]]:
    """The children of *parent*, line by line; emphasis that runs on is cut at the line's end."""
    lines: list[list[nodes.Node]] = [[]]
    after_break = False
    for child in parent.children:
        if doctree.is_hard_break(child):
            lines.append([])
            after_break = True
            continue
        if after_break and isinstance(child, nodes.raw):
            continue  # the same break for LaTeX
        after_break = False
        if isinstance(child, nodes.Element) and _is_broken(child):
            for count, part in enumerate(_lines_of(child)):
                piece = child.copy()
                piece.extend(part)
                if count:
                    piece["ids"], piece["names"] = [], []
                    lines.append([])
                lines[-1].append(piece)
        else:
            lines[-1].append(child)
    return lines


def lines_of(passage: nodes.Element) -> Iterator[tuple[int, nodes.line]]:
    """The lines of a verse that have words, and where in its running text each begins."""
    begun: set[int] = set()
    for leaf in doctree.leaves(passage):
        if isinstance(leaf.node, (nodes.line, nodes.line_block)) or not leaf.text.strip():
            continue  # the space between two lines
        line = _line_around(leaf.node, passage)
        if line is not None and id(line) not in begun:
            begun.add(id(line))
            yield leaf.start, line


def _line_around(node: nodes.Node, passage: nodes.Element) -> nodes.line | None:
    while node is not passage and node.parent is not None:
        if isinstance(node, nodes.line):
            return node
        node = node.parent
    return None


def is_verse(passages: Sequence[nodes.Element]) -> bool:
    """Whether most of a page's passages are verses: its lines are numbered then."""
    verses = sum(isinstance(passage, nodes.line_block) for passage in passages)
    return 2 * verses > len(passages)


def share_lines(passages: Sequence[nodes.Element]) -> Iterator[tuple[PartMark, str]]:
    """Let lines that speakers share be one: each part knows which it is, and what is before it.

    Yields what is wrong with a mark, in words.
    """
    last: nodes.line | None = None
    for passage in passages:
        lines = [line for _start, line in lines_of(passage)] if _is_verse(passage) else []
        opening = {mark: line for line in lines if (mark := _opening(line)) is not None}
        for line in lines:
            mark = _opening(line)
            if mark is not None and mark["part"] in _GO_ON and last is not None:
                line[BEFORE] = " ".join(
                    filter(None, (last.get(BEFORE, ""), doctree.seen_text(last).strip()))
                )
                line[PART] = str(mark["part"])
                last[PART] = last.get(PART, "I")
            last = line
        for mark in passage.findall(PartMark):
            if mark not in opening:
                yield mark, "stands amid words"
            elif mark["part"] not in _GO_ON:
                yield mark, f"{mark['part']!r} is neither M nor F"
            elif BEFORE not in opening[mark]:
                yield mark, "no line comes before it"


def _is_verse(passage: nodes.Element) -> bool:
    return isinstance(passage, nodes.line_block)


def _opening(line: nodes.line) -> PartMark | None:
    """The mark that a line begins with, speakers and directions aside."""
    for node in line.findall():
        if isinstance(node, PartMark):
            return node
        if isinstance(node, nodes.Text) and node.strip() and not doctree.is_aside(node, line):
            break
    return None


def close_up(passage: nodes.Element) -> None:
    """Take away the blanks after marks of parts."""
    for mark in passage.findall(PartMark):
        after = mark.next_node(nodes.Text, descend=False, siblings=True)
        if after is not None:
            after.parent.replace(after, again(after, len(after) - len(after.lstrip())))


def number_lines(passages: Sequence[nodes.Element], first: int) -> None:
    """Number the lines of a page's verses, from *first*."""
    number = first
    for passage in passages:
        if isinstance(passage, nodes.line_block):
            for _start, line in lines_of(passage):
                if BEFORE in line and number > first:
                    number -= 1  # it goes on
                line[LINE] = number
                number += 1


def numbered_lines(passage: nodes.Element) -> tuple[tuple[int, int], ...]:
    """Where each numbered line of *passage* begins in its running text, and its number."""
    if not isinstance(passage, nodes.line_block):
        return ()
    return tuple((start, line[LINE]) for start, line in lines_of(passage) if LINE in line)
