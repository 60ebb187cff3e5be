"""What every page leads to: other forms of the edition, the whole on one page, the source."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from babel.numbers import format_decimal
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from annotated_edition.domain import EditionDomain
from annotated_edition.render.html.theming import has_theme
from annotated_edition.weave.locales import locale_of
from annotated_edition.weave.lookups import Answers, Lookups

_ = get_translation("annotated_edition")


class Download(NamedTuple):
    """A file to load: what it is called, its name beside the pages, and its size in words."""

    title: str
    name: str
    size: str


def define(app: Sphinx) -> None:
    """Let pages ask for these, so that they are written again when one changes."""
    answers = Answers.of(app.env)
    answers.define("downloads", lambda: tuple(_downloads(app)))
    answers.define("source_address", lambda: _source(app))
    answers.define("ways_in", lambda: tuple(_ways_in(app)))


def _downloads(app: Sphinx) -> Iterator[Download]:
    for title, path in app.config.edition_downloads.items():
        file = Path(app.srcdir, path)
        if file.is_file():
            yield Download(str(title), file.name, _size(app, file.stat().st_size))


def _size(app: Sphinx, size: int) -> str:
    """A size in words: 2.1 MB, 340 kB."""
    unit, number = ("MB", round(size / 1e6, 1)) if size >= 950_000 else ("kB", -(-size // 1000))
    return f"{format_decimal(number, locale=locale_of(app.config.language))} {unit}"


def _source(app: Sphinx) -> str:
    repository = EditionDomain.of(app.env).repository
    return repository.url if repository else ""


def _ways_in(app: Sphinx) -> Iterator[tuple[str, str]]:
    """Title and address of what tells a reader how to take part."""
    invitations = EditionDomain.of(app.env).invitations
    yield str(_("Contribute")), invitations.contributing
    yield str(_("Tell of a mistake")), invitations.issue


def links(
    app: Sphinx, lookups: Lookups, pagename: str, context: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """The links: each a title and an address on page *pagename*."""
    builder = app.builder
    pathto = context["pathto"]
    if builder.name in ("html", "dirhtml"):
        edition = EditionDomain.of(app.env).edition
        for option, title, members in (
            ("whole_text", _("The whole text"), edition.places),
            ("whole_notes", _("All notes in sequence"), edition.notes),
        ):
            name = context.get(f"theme_{option}")
            if name and members and name != pagename:
                yield {"title": title, "address": pathto(name)}
    for download in lookups.ask("downloads"):
        title = f"{download.title} ({download.size})"
        yield {"title": title, "address": pathto(download.name, 1), "download": True}
    if app.config.html_use_index and builder.name != "singlehtml" and pagename != "genindex":
        yield {"title": _("Index"), "address": pathto("genindex")}
    for title, address in lookups.ask("ways_in"):
        if address:
            yield {"title": title, "address": address}
    if source := lookups.ask("source_address"):
        yield {"title": _("Source"), "address": source}


def copy(app: Sphinx, exception: Exception | None) -> None:
    """Copy the files beside the pages that lead to them (``build-finished``)."""
    if exception or not has_theme(app.builder):
        return
    before = EditionDomain.of(app.env).lasting.files
    for path in app.config.edition_downloads.values():
        file = Path(app.srcdir, path)
        if file.is_file():
            # A file can't lead on: it stands under the names that it had, too.
            for name in (file.name, *(old for old, now in before.items() if now == file.name)):
                shutil.copyfile(file, Path(app.outdir, name))
