"""Annotate any text of a Sphinx project from files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up the extension: its settings, then read, anchor, weave, render."""
    # Not at the head: who imports a part of the package imports this module, too.
    from annotated_edition import pipeline
    from annotated_edition.config import add_values
    from annotated_edition.domain.own_code import code_version

    add_values(app)
    pipeline.connect(app)
    return {
        "version": __version__,
        "env_version": code_version(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
