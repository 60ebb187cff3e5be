r"""Sphinx's own LaTeX: what an edition has that other projects have not.

Weaving leaves standard nodes with classes, which Sphinx writes as ``\DUrole{CLASS}{…}`` and as the
environment ``sphinxuseclass``; the LaTeX package beside this file says how they look.  A house
style says it otherwise, in ``latex_elements["preamble"]`` or in a class of its own.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

#: The LaTeX package's file.
PACKAGE = Path(__file__).parent / "annotatededition.sty"


def add_package_file(app: Sphinx, config: Config) -> None:
    """Have the package copied beside the LaTeX source (``config-inited``)."""
    config.latex_additional_files = [*config.latex_additional_files, str(PACKAGE)]
