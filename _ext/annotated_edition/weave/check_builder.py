"""The builder of ``annotated-edition check``: it writes nothing, and warns as those that do.

A page is resolved when it would have to be written again, as
:mod:`~annotated_edition.weave.incremental` finds; what others cost before is told again.
"""

from __future__ import annotations

from sphinx.builders.dummy import DummyBuilder


class CheckBuilder(DummyBuilder):
    """Resolves the pages that have changed, and whatever rests on what has."""

    name = "edition-check"
    epilog = ""
    #: What the records take for a builder of pages.
    out_suffix = ".check"

    def get_outdated_docs(self) -> set[str]:
        """None: which pages are old is said when all documents are read."""
        return set()
