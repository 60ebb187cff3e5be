"""What is done with sphinxcontrib-bibtex in a build; nothing where a project doesn't use it.

pybtex comes with that extension: what needs it is imported only then.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from annotated_edition.bibliography.queries import files_and_citations
from annotated_edition.domain import EditionDomain
from annotated_edition.model.documents import Part
from annotated_edition.model.records import Subtype
from annotated_edition.text.extras import command_for, is_installed

if TYPE_CHECKING:
    from annotated_edition.bibliography.errors import Capture

#: A citation in Markdown or reStructuredText.
_CITATION = re.compile(r"\{cite:\w+\}`|:cite:\w+:`")

_captures: WeakKeyDictionary[Sphinx, Capture] = WeakKeyDictionary()


def has_bibliography(app: Sphinx) -> bool:
    """Whether the project uses sphinxcontrib-bibtex."""
    return "sphinxcontrib.bibtex" in app.extensions


def offer_styles(app: Sphinx, config: Config) -> None:
    """Offer the styles by author and year (``config-inited``)."""
    if has_bibliography(app):
        from annotated_edition.bibliography import styles

        styles.offer(app)


def tell_what_is_missing(app: Sphinx, docname: str, source: list[str]) -> None:
    """Say what citations of the text or a note need (``source-read``)."""
    domain = EditionDomain.of(app.env)
    if has_bibliography(app) or domain.documents.part(docname) is Part.OTHER:
        return
    citation = _CITATION.search(source[0])
    if citation and "cite" not in app.env.domains:
        install = "" if is_installed("bibliography") else f"{command_for('bibliography')}, and "
        domain.report(
            Subtype.SOURCE,
            docname,
            source[0].count("\n", 0, citation.start()) + 1,
            f'citations need sphinxcontrib-bibtex: {install}add "sphinxcontrib.bibtex" to '
            "extensions in conf.py",
        )


def begin_reading(app: Sphinx) -> None:
    """Keep the mistakes of the files that are read next (``builder-inited``)."""
    if has_bibliography(app):
        from annotated_edition.bibliography.errors import Capture

        _captures[app] = Capture()


def end_reading(app: Sphinx) -> None:
    """Report the mistakes in those files (``builder-inited``)."""
    if has_bibliography(app):
        EditionDomain.of(app.env).source_problems = _captures.pop(app).end(app)


def tell_apart(app: Sphinx) -> None:
    """Give letters to years that are alike (``builder-inited``)."""
    if has_bibliography(app):
        from annotated_edition.bibliography import styles

        if app.config.bibtex_default_style == styles.STYLE:
            styles.tell_apart(app.env.domaindata["cite"]["bibdata"].data.entries)
        styles.keep_formatted(app)


def tell_edition(app: Sphinx, env: BuildEnvironment) -> None:
    """Tell the edition what is cited, and which entries can't be printed (``env-updated``)."""
    if not has_bibliography(app):
        return
    from annotated_edition.bibliography.errors import faulty_entries

    domain, data = EditionDomain.of(env), env.domaindata["cite"]
    domain.bibliography = files_and_citations(env)
    faulty = faulty_entries(data["citations"], data["bibdata"].bibfiles, Path(env.srcdir))
    domain.source_problems = list(dict.fromkeys([*domain.source_problems, *faulty]))
