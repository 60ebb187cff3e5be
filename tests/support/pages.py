"""Finished pages, and the words on them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pdfplumber
from bs4 import BeautifulSoup, Tag
from pdfplumber.pdf import PDF


def parse(path: Path) -> BeautifulSoup:
    """An HTML or XHTML file, parsed."""
    features = "lxml-xml" if path.suffix == ".xhtml" else "lxml"
    return BeautifulSoup(path.read_text(encoding="utf-8"), features)


def words_of(passage: Tag) -> str:
    """A built passage's words: what remains without marks, number and cross-references."""
    copy = BeautifulSoup(str(passage), "lxml")
    for extra in copy.select("[role=doc-noteref], .passage-number, .cross-reference"):
        extra.decompose()
    return " ".join(copy.get_text().split())


@cache
def printed(path: Path) -> PDF:
    """A PDF whose pages keep what was read of them, which takes a second each."""
    return pdfplumber.open(path)


def squeezed(text: str) -> str:
    """Letters and figures alone: line breaks, hyphenation and markup aside."""
    return re.sub(r"[\W_]+", "", text)
