"""Raw HTML of trusted pages that no e-reader could read: an EPUB's pages are XML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from docutils import nodes

from annotated_edition.read import doctree
from annotated_edition.text.control import CONTROL
from annotated_edition.text.xhtml import closed


def faults(document: nodes.document) -> Iterator[tuple[int, str]]:
    """The first raw HTML of a *document* that isn't XML: its line (from 1), and what to do.

    Elements may begin in one piece and end in another, with other words between.
    """
    parser: Any = ET.XMLPullParser(("start", "end"))
    parser.feed("<html>")
    opened: list[tuple[nodes.raw, str]] = []
    for node in document.findall(nodes.raw):
        if "html" not in str(node.get("format", "")).split():
            continue
        try:
            parser.feed(CONTROL.sub("", closed(node.astext())))
            for event, element in parser.read_events():
                if element.tag == "html":
                    continue
                if event == "start":
                    opened.append((node, element.tag))
                elif opened:
                    opened.pop()
        except ET.ParseError as error:
            what = str(error).partition(":")[0]
            yield (
                _line(node),
                f"this HTML is no XML ({what}), and e-readers need that: close every element, and "
                "write &amp; for &, &lt; for <",
            )
            return
    if opened:
        node, tag = opened[-1]
        yield _line(node), f"<{tag}> is never closed, and e-readers need that: write </{tag}>"


def _line(node: nodes.raw) -> int:
    return doctree.line_of(node if node.line else node.parent)
