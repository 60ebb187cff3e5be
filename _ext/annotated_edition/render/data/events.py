"""When the data is written: heads with their pages, files when the HTML build ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.osutil import relative_uri

from annotated_edition.bibliography import exports
from annotated_edition.domain import EditionDomain
from annotated_edition.model import versions
from annotated_edition.model.documents import Part
from annotated_edition.model.edition import Link
from annotated_edition.model.versions import NAME as VERSION
from annotated_edition.render.assets import brings_file, is_watched
from annotated_edition.render.data import head, listings, moved
from annotated_edition.render.data.addresses import Addresses
from annotated_edition.render.data.annotations import NAME as ANNOTATIONS
from annotated_edition.render.data.annotations import Annotations
from annotated_edition.render.data.downloads import Downloads
from annotated_edition.text.folding import fold
from annotated_edition.text.words import Day, Words
from annotated_edition.weave.about import About, said_version
from annotated_edition.weave.days import build_day
from annotated_edition.weave.incremental import records_of
from annotated_edition.weave.lookups import Lookups

#: The files of each name in ``edition_data``.
FILES = {
    "annotations": (ANNOTATIONS,),
    "bibliography": ("bibliography.bib", "bibliography.json"),
    "downloads": ("text.txt", "text.markdown", "text-with-notes.txt", "text-with-notes.markdown"),
    "feed": ("feed.xml",),
    "llms": ("llms.txt",),
    "robots": ("robots.txt",),
    "sitemap": ("sitemap.xml",),
    "version": (VERSION,),
}
_BOOKS = {"epub", "singlehtml"}


def writes_pages(builder: Builder) -> bool:
    """Whether *builder* writes pages for the web, each with an address of its own."""
    return isinstance(builder, StandaloneHTMLBuilder) and builder.name not in _BOOKS


def fill_head(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add the tags of a page (``html-page-context``)."""
    builder = app.builder
    if (
        "head" not in app.config.edition_data
        or pagename not in app.env.found_docs
        or not writes_pages(builder)
    ):
        return
    assert isinstance(builder, StandaloneHTMLBuilder)
    about = About.of(app.config)
    lookups = Lookups(app.env, pagename)
    address = Addresses(builder, about.address).page(pagename) if about.address else ""
    page = head.Head(about, address, lookups.title(pagename))
    named, graph = _told(app, pagename, page, lookups)
    # The text itself may be under no licence at all.
    licence = about.licence if lookups.note(pagename) else ""
    context["metatags"] = (context.get("metatags") or "") + "".join(
        [
            head.tags(named),
            head.link("license", licence),
            *_links(app, pagename, about),
            head.linked_data(graph),
        ]
    )


def lead_on(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Say on a page where passages are that it had (``html-page-context``)."""
    if not writes_pages(app.builder) or "body" not in context:
        return
    gone = Lookups(app.env, pagename).moved_passages(pagename)
    if gone:
        context["body"] += moved.line(_elsewhere(app.builder, pagename, gone))
        app.add_js_file(moved.SCRIPT_NAME)


def write_moved(app: Sphinx, exception: Exception | None) -> None:
    """Write a page at each address that a released version had (``build-finished``)."""
    if exception or not writes_pages(app.builder):
        return
    assert isinstance(app.builder, StandaloneHTMLBuilder)
    builder, domain = app.builder, EditionDomain.of(app.env)
    last = domain.lasting
    if last.pages or last.passages:
        Path(app.outdir, "_static", moved.SCRIPT_NAME).write_text(moved.SCRIPT, encoding="utf-8")
    for docname, successor in last.pages.items():
        target = successor.docname or app.config.root_doc
        path = builder.get_output_path(docname)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            moved.page(
                str(app.config.language or "en"),
                successor.title,
                builder.get_relative_uri(docname, target),
                relative_uri(builder.get_target_uri(docname), f"_static/{moved.SCRIPT_NAME}"),
                _elsewhere(builder, docname, domain.moved_passages(docname)),
                is_retired=not successor.docname,
            )
        )


def _elsewhere(
    builder: Builder, docname: str, passages: Mapping[str, Link]
) -> dict[str, moved.Passage]:
    """Where passages are now, seen from the page on which they were."""
    return {
        id_: moved.Passage(now.title, f"{builder.get_relative_uri(docname, now.docname)}#{id_}")
        for id_, now in passages.items()
    }


def _told(
    app: Sphinx, pagename: str, page: head.Head, lookups: Lookups
) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    domain = EditionDomain.of(app.env)
    note = lookups.note(pagename)
    if note:
        words = domain.page(pagename).words
        return list(page.of_note(note)), [page.comment(note, words.gist if words else "")]
    if pagename == app.config.root_doc:
        return list(page.of_edition()), [page.edition()]
    if domain.documents.part(pagename) is Part.TEXT:
        return list(page.of_text()), [page.article()]
    read = domain.pages.get(pagename)
    graph: list[dict[str, Any]] = []
    if read and read.entries:
        graph.append(page.terms(read.entries))
    if read and read.names:
        kind = app.config.edition_registers.get(pagename, "")
        sites = {
            fold(site.name).text: site for other in lookups.notes() for site in other.note.sites
        }
        for number in sorted({name.register for name in read.names}):
            graph += page.register(lookups.register(pagename, number), kind, sites)
    return [], graph


def _links(app: Sphinx, pagename: str, about: About) -> Iterable[str]:
    """Links to the files, from the edition's first page alone: other pages are read more."""
    if pagename != app.config.root_doc:
        return
    wanted = app.config.edition_data
    if "annotations" in wanted:
        yield head.link("alternate", ANNOTATIONS, "application/ld+json")
    if "feed" in wanted and about.address:
        yield head.link("alternate", "feed.xml", "application/atom+xml", about.title)
    if "downloads" in wanted:
        yield head.link("alternate", "text.txt", "text/plain")
        yield head.link("alternate", "text.markdown", "text/markdown")


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the files, each where the project wants it (``build-finished``)."""
    if exception or not writes_pages(app.builder):
        return
    maker, wanted = _Files(app), app.config.edition_data
    records_of(app).write_files(
        {
            file: partial(maker.make, file) if name in wanted else lambda: None
            for name, files in FILES.items()
            for file in files
            # Where the project has one, that stands.
            if not brings_file(app, file)
            and not (is_watched(app) and Path(app.outdir, file).exists())
        }
    )


class _Files:
    """Makes each file; nothing where there is nothing to say."""

    def __init__(self, app: Sphinx) -> None:
        assert isinstance(app.builder, StandaloneHTMLBuilder)
        self.app = app
        self.env = app.env
        self.domain = EditionDomain.of(app.env)
        self.edition = self.domain.edition
        self.about = About.of(app.config)
        self.addresses = Addresses(app.builder, self.about.address)
        self.downloads = Downloads(
            self.about,
            self.edition,
            [
                (woven, self.domain.pages[docname].passages[index].text)
                for (docname, index), woven in self.edition.passages.items()
            ],
            title=self._title,
            address=self.addresses.page,
            words=lambda docname: self.domain.page(docname).words,
        )
        self.makers: dict[str, Callable[[], bytes | None]] = {
            ANNOTATIONS: self._annotations,
            "bibliography.bib": self._bibtex,
            "bibliography.json": self._csl,
            "text.txt": lambda: self._text("plain", with_notes=False),
            "text.markdown": lambda: self._text("markdown", with_notes=False),
            "text-with-notes.txt": lambda: self._text("plain", with_notes=True),
            "text-with-notes.markdown": lambda: self._text("markdown", with_notes=True),
            "feed.xml": self._feed,
            "llms.txt": self._llms,
            "robots.txt": self._robots,
            "sitemap.xml": self._sitemap,
            VERSION: self._version,
        }

    def make(self, file: str) -> bytes | None:
        """The bytes of a file."""
        return self.makers[file]()

    def _title(self, docname: str) -> str:
        title = self.env.titles.get(docname)
        return " ".join(title.astext().split()) if title is not None else docname

    def _gist(self, docname: str) -> str:
        words = self.domain.page(docname).words
        return words.gist if words else ""

    def _annotations(self) -> bytes | None:
        made = Annotations(self.edition, self.domain.pages, self.about, self.addresses)
        found = made.collection()
        return _json(found) if found["total"] else None

    def _bibtex(self) -> bytes | None:
        return exports.as_bibtex(self.env).encode("utf-8", "replace") or None

    def _csl(self) -> bytes | None:
        found = exports.as_csl(exports.sources(self.env))
        return _json(found) if found else None

    def _text(self, form: str, *, with_notes: bool) -> bytes | None:
        if not self.edition.places or (with_notes and not self.edition.notes):
            return None
        made = getattr(self.downloads, form)(with_notes=with_notes)
        return str(made).encode("utf-8", "replace")

    def _feed(self) -> bytes | None:
        notes = [
            (page, self.addresses.page(page.note.docname), self._gist(page.note.docname))
            for page in self.edition.notes.values()
        ]
        if not self.about.address or not notes:
            return None
        return listings.feed(self.about, self.addresses.file("feed.xml"), notes, build_day())

    def _sitemap(self) -> bytes | None:
        if not self.about.address:
            return None
        days = {
            page.note.docname: page.credit.revised or page.credit.written
            for page in self.edition.notes.values()
        }
        pages = [
            (self.addresses.page(docname), days.get(docname, ""))
            for docname in sorted(self.env.found_docs)
        ]
        return listings.sitemap(pages)

    def _version(self) -> bytes | None:
        if not self.app.config.edition_releases or not versions.NUMBER.fullmatch(
            self.about.release
        ):
            return None
        released = [(one.version, one.day) for one in self.domain.releases]
        day = dict(released).get(self.about.release, Day(build_day()))
        built = versions.Built(
            replace(self.domain.now, version=self.about.release, day=day),
            self.domain.standing_of_version,
            said_version(self.about.release, self.domain.standing_of_version),
            self.about.language,
            self.about.title,
            self.app.config.root_doc,
            {
                docname: versions.Document(
                    self.app.builder.get_target_uri(docname), Words(self._title(docname))
                )
                for docname in self.env.found_docs
            },
            {place.id: Words(place.sign) for place in self.edition.all_places},
            {str(old): str(new) for old, new in self.app.config.edition_moved.items()},
            released,
        )
        return versions.written(built).encode("utf-8", "replace")

    def _robots(self) -> bytes | None:
        has_sitemap = bool(self.about.address) and "sitemap" in self.app.config.edition_data
        return listings.robots(self.addresses.file("sitemap.xml"), has_sitemap).encode()

    def _llms(self) -> bytes | None:
        if not self.edition.places:
            return None
        texts = dict.fromkeys(docname for docname, _index in self.edition.passages)
        notes = [page.note for page in self.edition.notes.values()]
        wanted = self.app.config.edition_data
        files = [
            (file, self.addresses.file(file))
            for name, names in FILES.items()
            if name in wanted and name in ("annotations", "bibliography", "downloads")
            for file in names
            if Path(self.app.outdir, file).exists()
        ]
        description = str(self.app.config.html_theme_options.get("description") or "")
        sections = [
            ("Text", [(self._title(name), self.addresses.page(name)) for name in texts]),
            ("Notes", [(str(note.title), self.addresses.page(note.docname)) for note in notes]),
            ("Data", files),
        ]
        return listings.llms(self.about, description, sections).encode("utf-8", "replace")


def _json(data: object) -> bytes:
    # Without spaces: laid out for people it takes ten times as long.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{text}\n".encode("utf-8", "replace")
