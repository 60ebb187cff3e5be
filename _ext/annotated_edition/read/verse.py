"""Verse: passages that are set in lines, and the numbers by which lines are cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docutils import nodes

from annotated_edition.read import doctree

#: The number of a line, from 1, set on its node when its page is read.
LINE = "edition_line"


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


def number_lines(passages: Sequence[nodes.Element], first: int) -> None:
    """Number the lines of a page's verses, from *first*."""
    number = first
    for passage in passages:
        if isinstance(passage, nodes.line_block):
            for _start, line in lines_of(passage):
                line[LINE] = number
                number += 1


def numbered_lines(passage: nodes.Element) -> tuple[tuple[int, int], ...]:
    """Where each numbered line of *passage* begins in its running text, and its number."""
    if not isinstance(passage, nodes.line_block):
        return ()
    return tuple((start, line[LINE]) for start, line in lines_of(passage) if LINE in line)
