"""Pages with a glossary or a register: what stands outside, and was meant for a line of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes

from annotated_edition.domain.directives import RegisterNode
from annotated_edition.model.records import Subtype
from annotated_edition.read import doctree

_LINE = re.compile(r"\S.{0,200}?(?:\s\|\s\S|\s@[a-z0-9-]+\s*(?:\||\Z))")


def outside(document: nodes.document, source: str) -> Iterator[tuple[int, Subtype, str]]:
    """Entries outside the directive: line (from 1), subtype and what to do."""
    lines = source.split("\n")
    glossary = next(document.findall(addnodes.glossary), None)
    register = next(document.findall(RegisterNode), None)
    for block in document.findall(nodes.Element):
        if not isinstance(block, (nodes.paragraph, nodes.definition_list)):
            continue
        if _within(block) or not block.line:
            continue
        at = int(block.line)
        first = lines[at - 1] if at <= len(lines) else ""
        second = lines[at] if at < len(lines) else ""
        if register is not None and _LINE.match(first) and not first.startswith("|"):
            yield at, Subtype.REGISTER, _advice("line", "register", at, register)
        elif glossary is not None and first and re.match(r"(?: {2,}|\t)\S", second):
            yield at, Subtype.GLOSSARY, _advice("entry", "glossary", at, glossary)


def _advice(what: str, where: str, at: int, directive: nodes.Element) -> str:
    if at < doctree.line_of(directive):
        return f"this {what} stands outside the {where}: move it below the line that opens it"
    return f"this {what} stands after the end of the {where}: move the line that closes it below"


def _within(node: nodes.Node) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, (addnodes.glossary, RegisterNode, nodes.definition_list, nodes.table)):
            return True
    return False
