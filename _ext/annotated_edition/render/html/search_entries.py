"""The entries of the index in the search, kept for pages that a build doesn't write."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.util.index_entries import split_index_msg

from annotated_edition import internals


def restore(app: Sphinx) -> list[Any]:
    """Give the search back the entries of all pages (``html-collect-pages``)."""
    indexer = getattr(app.builder, "indexer", None)
    if indexer is not None:
        entries = app.env.domains.index_domain.entries
        said = {
            docname: sorted({entry for one in found for entry in _said(*one)})
            for docname, found in entries.items()
        }
        internals.restore_index_entries(indexer, said)
    return []


def _said(kind: str, value: str, target: str, main: str, key: object) -> set[tuple[str, str, str]]:
    """What Sphinx's search keeps of an entry (``IndexBuilder.feed``)."""
    try:
        return {(words, target or "", main) for words in split_index_msg(kind, value)}
    except ValueError:
        return set()
