"""``check``: every mistake in the commentary at once, without building anything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from annotated_edition.cli.findings import (
    Finding,
    Findings,
    as_annotation,
    as_text,
    in_one_line,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def find(source: Path, fresh: bool = False) -> tuple[list[Finding], int]:
    """All that is wrong with the edition in *source*, and how many documents it has."""
    from sphinx.errors import SphinxError

    from annotated_edition.bibliography.queries import known_sources
    from annotated_edition.cli.project import opened

    found, documents = Findings(), 0
    try:
        with opened(source, found, fresh, credit=False) as app:
            app.build()
            documents = len(app.env.found_docs)
            found.improve("bibtex.key_not_found", known_sources(app.env))
            found.cure()
            found.leave_out_consequences()
            for finding in _unprintable(app):
                found.add(finding)
    except SphinxError as error:
        # conf.py is wrong, or an extension gave up: nothing more can be found.
        found.add(Finding("", 0, f"Sphinx stopped: {in_one_line(str(error))}"))
    return found.sorted(), documents


def _unprintable(app: Sphinx) -> Iterator[Finding]:
    """What the printed book couldn't set; of projects that want all that an editor says."""
    from annotated_edition.cli.project import CACHE
    from annotated_edition.text.extras import is_installed

    if not app.config.edition_checks or not is_installed("pdf"):
        return
    from annotated_edition.render.pdf.builder import fonts_of, sources_of
    from annotated_edition.render.pdf.glyphs import unprintable

    fonts = fonts_of(app.config, Path(app.confdir))
    memory = Path(app.srcdir, CACHE, "signs.json")
    for message, where in unprintable(sources_of(app.env), fonts, memory):
        path, _colon, line = (where or "").rpartition(":")
        yield Finding(path, int(line or 0), message, "edition.pdf")


def check(source: Path, form: str = "text") -> int:
    """Print all that is wrong; 1 if anything is, else 0."""
    found, documents = find(source)
    if form == "github":
        base = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
        for finding in found:
            print(as_annotation(finding, base))
    else:
        for finding in found:
            print(as_text(finding, Path.cwd()))
    mistakes = "1 mistake" if len(found) == 1 else f"{len(found) or 'no'} mistakes"
    print(f"{documents} files read: {mistakes} found")
    return 1 if found else 0
