"""Which pages must be written again, whatever was built before and however it ended.

Sphinx compares times of files; that a note's number changed on another page it
can't know.  So what stands on each page is hashed, and the hashes of what was
last written lie beside the output.  They can't lie in the environment, which
other builders share.  While pages are being written the file says that any of
them may be old; only a finished build vouches for them again.
"""

from __future__ import annotations

import hashlib
import json
import logging as std_logging
from collections.abc import Set
from dataclasses import replace
from pathlib import Path
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import get_node_location, is_suppressed_warning

from annotated_edition import internals
from annotated_edition.bibliography.queries import citation_labels
from annotated_edition.domain import EditionDomain
from annotated_edition.model.edition import WovenPassage
from annotated_edition.weave.backlinks import citing_notes

#: The file of hashes in the output folder: docname to hash, "" for unknown.
HASHES = ".edition.json"


_pages: WeakKeyDictionary[Sphinx, Pages] = WeakKeyDictionary()


class Pages:
    """The pages of one output folder: what is on them, and what should be."""

    def __init__(self, app: Sphinx) -> None:
        self.path = Path(app.outdir, HASHES)
        self.troubled = _Troubled(app)
        self.wanted: dict[str, str] = {}
        self.written: dict[str, str] = {}

    def watch(self, app: Sphinx) -> None:
        """Listen to warnings from here on."""
        internals.hear_warnings(self.troubled)

    def reread(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: Set[str],
        changed: Set[str],
        removed: Set[str],
    ) -> set[str]:
        """Documents that cost a warning when they were read last.

        Every build begins here; an application may build more than once.
        """
        self.troubled.docnames.clear()
        self.watch(app)
        return EditionDomain.of(env).troubled - added

    def stale(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Settle the edition, report its problems and name the pages to write.

        Every build passes here before it pickles the environment.
        """
        domain = EditionDomain.of(env)
        domain.troubled = self.troubled.docnames & env.found_docs
        domain.forget_edition()
        domain.warn()
        self.wanted = page_hashes(domain)
        self.written = self._read()
        return sorted(name for name in self.wanted if self.written.get(name) != self.wanted[name])

    def begin(self, app: Sphinx, builder: Builder) -> None:
        """Vouch for nothing any more, and remove the pages of deleted documents."""
        for docname in self.written.keys() - self.wanted.keys():
            _remove(builder, docname)
        self._write(dict.fromkeys(self.wanted, ""))

    def end(self, app: Sphinx, exception: Exception | None) -> None:
        """Vouch for the pages of a build that ended, except for those with warnings.

        A page that cost a warning is written anew in the next build, and warns
        again.  A page that this build was not asked to write is what it was.
        """
        internals.hear_no_warnings(self.troubled)
        if exception is not None or not self.wanted or not self.path.exists():
            return
        began = self.path.stat().st_mtime_ns
        hashes = {}
        for docname, digest in self.wanted.items():
            output = _output(app.builder, docname)
            if docname in self.troubled.docnames:
                digest = ""
            elif output and output.exists() and output.stat().st_mtime_ns < began:
                digest = self.written.get(docname, "")
            hashes[docname] = digest
        self._write(hashes)

    def _read(self) -> dict[str, str]:
        try:
            written = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return written if isinstance(written, dict) else {}

    def _write(self, hashes: dict[str, str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(hashes, indent=0, sort_keys=True), encoding="utf-8")


def page_hashes(domain: EditionDomain) -> dict[str, str]:
    """A hash of the inputs of every document's page.

    The time of reading is one of them: a document read again for another
    builder is new to this one too.
    """
    env, edition = domain.env, domain.edition
    inputs = edition.inputs()
    # A list may show anything of a note but its gist.
    listed = [
        (page.number, page.places, replace(page.note, gist_digest=""))
        for page in edition.notes.values()
    ]
    shown = _Shown(domain)
    citing, labels = citing_notes(env), citation_labels(env)
    relations = env.collect_relations()
    hashes = {}
    for docname in env.found_docs:
        page = domain.pages.get(docname)
        uses, sources = shown.on(docname)
        content = (
            env.all_docs.get(docname),
            inputs.get(docname),
            citing.get(docname),
            [labels.get(source) for source in sources],
            listed if page and any(kind == "list" for kind, _ in page.used) else None,
            [domain.find_object(*use) for use in uses],
            # Themes link the pages before and after.
            [(name, _title(env, name)) for name in relations.get(docname, ())],
            domain.invitations.on(docname),
        )
        hashes[docname] = hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()
    return hashes


class _Shown:
    """What a page shows of others through the gists and definitions copied into it."""

    def __init__(self, domain: EditionDomain) -> None:
        self.domain = domain
        self.woven: dict[str, list[WovenPassage]] = {}
        for (docname, _), woven in domain.edition.passages.items():
            self.woven.setdefault(docname, []).append(woven)
        self.entries = {
            (entry.docname, anchor): entry
            for page in domain.pages.values()
            for entry in page.entries
            for _, anchor in entry.terms
        }

    def on(self, docname: str) -> tuple[list[tuple[str, str]], list[str]]:
        """The roles and targets on a page, and the documents whose citations it shows."""
        page = self.domain.pages.get(docname)
        uses = {use for use in page.used if use[0] != "list"} if page else set()
        sources = {docname}
        for woven in self.woven.get(docname, ()):
            for gloss in woven.glosses:
                uses.update(self.domain.edition.notes[gloss.note].note.gist_uses)
                sources.add(gloss.docname)
            for term in woven.terms:
                uses.update(self.entries[term.docname, term.id].uses)
                sources.add(term.docname)
        return sorted(uses), sorted(sources)


def _title(env: BuildEnvironment, docname: str | None) -> str:
    return env.titles[docname].astext() if docname in env.titles else ""


def _output(builder: Builder, docname: str) -> Path | None:
    """The file of a document's page, for builders that write one a document."""
    if isinstance(builder, StandaloneHTMLBuilder):
        return None if builder.name == "singlehtml" else Path(builder.get_output_path(docname))
    suffix = getattr(builder, "out_suffix", None)
    return Path(builder.outdir, f"{docname}{suffix}") if suffix else None


def _remove(builder: Builder, docname: str) -> None:
    """Remove the page of a document that is gone, and the copy of its source."""
    output = _output(builder, docname)
    if output is not None:
        output.unlink(missing_ok=True)
    for suffix in builder.config.source_suffix:
        for added in {"", builder.config.html_sourcelink_suffix} - {suffix}:
            copy = Path(builder.outdir, "_sources", f"{docname}{suffix}{added}")
            copy.unlink(missing_ok=True)


class _Troubled(std_logging.Handler):
    """Remembers which documents cost a warning.

    Sphinx and its extensions warn of a mistake while they read or write the
    document, and say nothing in the next build, which leaves it alone: ``-W``
    would pass at the second try.
    """

    def __init__(self, app: Sphinx) -> None:
        super().__init__(std_logging.WARNING)
        self.app = app
        self.docnames: set[str] = set()

    def emit(self, record: std_logging.LogRecord) -> None:
        """Note the document that a warning is about."""
        if is_suppressed_warning(
            getattr(record, "type", "") or "",
            getattr(record, "subtype", "") or "",
            self.app.config.suppress_warnings,
        ):
            return
        location = getattr(record, "location", None)
        if isinstance(location, nodes.Node):
            location = get_node_location(location)
        if isinstance(location, tuple):
            self.docnames.add(str(location[0]))
        elif isinstance(location, str):
            docname = self.app.project.path2doc(location.rpartition(":")[0] or location)
            self.docnames.add(docname or location)


def leave_out_of_epub(app: Sphinx, config: Config) -> None:
    """Keep the file of hashes out of the e-book (``config-inited``)."""
    # The EPUB builder packs whatever lies in the output folder.
    config.epub_exclude_files = [*config.epub_exclude_files, HASHES]


def pages_of(app: Sphinx) -> Pages:
    """The account of the application's output folder."""
    return _pages.setdefault(app, Pages(app))


def reread(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> set[str]:
    """Name the documents to read again (``env-get-outdated``)."""
    return pages_of(app).reread(app, env, added, changed, removed)


def stale(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages to write again (``env-updated``)."""
    return pages_of(app).stale(app, env)


def begin(app: Sphinx, builder: Builder) -> None:
    """Begin to write (``write-started``)."""
    pages_of(app).begin(app, builder)


def end(app: Sphinx, exception: Exception | None) -> None:
    """Note what was written (``build-finished``)."""
    pages_of(app).end(app, exception)
