"""The words of a PDF, and its structure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from pypdf import PdfReader

from support.pages import squeezed

#: How PDFium tells a hyphen that only parts a line, with the end of that line.
_PARTING = re.compile("[\u00ad\ufffe\x02]\\s*")


def page_texts(path: Path) -> list[str]:
    """The words of each page, as PDFium reads them: as Chromium does, and many times as fast as
    what is written in Python."""
    with pypdfium2.PdfDocument(path) as document:
        return [_PARTING.sub("", page.get_textpage().get_text_range()) for page in document]


def tags_by_heading(reader: PdfReader) -> list[tuple[str, Counter[str]]]:
    """What stands under each heading in a tagged PDF: its elements by their tags.

    Headings have the outline's titles, without spaces and in the same order; before the first
    is what stands under none.
    """
    titles = _titles(list(reader.outline))
    found: list[tuple[str, Counter[str]]] = [("", Counter())]

    def walk(element: Any) -> None:
        tag = str(element.get("/S", ""))
        if re.fullmatch(r"/H\d", tag):
            found.append((next(titles), Counter()))
        found[-1][1][tag] += 1
        for kid in _kids(element):
            walk(kid)

    root: Any = reader.trailer["/Root"]
    walk(root["/StructTreeRoot"].get_object())
    assert next(titles, None) is None
    return found


def _titles(outline: list[Any]) -> Iterator[str]:
    for item in outline:
        if isinstance(item, list):
            yield from _titles(item)
        else:
            yield squeezed(str(item.title))


def _kids(element: Any) -> Iterator[Any]:
    kids = element.get("/K")
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    for kid in kids if isinstance(kids, list) else [kids]:
        it = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(it, dict):
            yield it
