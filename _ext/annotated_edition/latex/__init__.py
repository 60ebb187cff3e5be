r"""Sphinx's own LaTeX: what an edition has that other projects have not.

Weaving leaves standard nodes with classes, which Sphinx writes as ``\DUrole{CLASS}{…}`` and as the
environment ``sphinxuseclass``; the LaTeX package beside this file says how they look.  A house
style says it otherwise, in ``latex_elements["preamble"]`` or in a class of its own.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from annotated_edition.latex.bibliography import MoveBibliographyPage

#: The LaTeX package's file.
PACKAGE = Path(__file__).parent / "annotatededition.sty"


def add_package_file(app: Sphinx, config: Config) -> None:
    """Have the package copied beside the LaTeX source (``config-inited``)."""
    config.latex_additional_files = [*config.latex_additional_files, str(PACKAGE)]


def setup_latex(app: Sphinx) -> None:
    """Have every LaTeX document use the package, before the project's own preamble."""
    app.add_latex_package(PACKAGE.stem, after_hyperref=True)
    app.add_post_transform(MoveBibliographyPage)
    app.connect("config-inited", add_package_file)
