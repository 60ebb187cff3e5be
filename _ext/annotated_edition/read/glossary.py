"""Reading a glossary: its entries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from annotated_edition.model.records import GlossaryEntry
from annotated_edition.read import doctree
from annotated_edition.text.seen import seen


def line_numbers(path: Path) -> dict[str, int]:
    """The first line of the file *path* (from 1) that has some words.

    The lines of terms count from the glossary's first in Markdown, from the file's in
    reStructuredText, and always from 0: they are looked up instead.
    """
    lines = seen(path.read_text(encoding="utf-8", errors="replace")).split("\n")
    numbers: dict[str, int] = {}
    for number, text in enumerate(lines, 1):
        numbers.setdefault(text.strip(), number)
    return numbers


def entries(
    docname: str, numbers: Mapping[str, int], glossary: addnodes.glossary
) -> Iterator[GlossaryEntry]:
    """The entries of a glossary of document *docname*, with its lines' *numbers*."""
    for item, terms in doctree.glossary_items(glossary):
        yield GlossaryEntry(
            docname,
            numbers.get(terms[0].rawsource.strip()) or doctree.line_of(glossary),
            tuple((term.astext(), term["ids"][0]) for term in terms),
            digest(item),
        )


def digest(node: nodes.Element) -> str:
    """A hash of a node and all in it."""
    return hashlib.sha256(node.pformat().encode("utf-8", "surrogatepass")).hexdigest()
