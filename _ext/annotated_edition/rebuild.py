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

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import NAMESPACE, get_node_location, is_suppressed_warning

from annotated_edition.domain import EditionDomain
from annotated_edition.sources import citing_notes

#: The file of hashes in the output folder: docname to hash, "" for unknown.
HASHES = ".edition.json"


class Pages:
    """The pages of one output folder: what is on them, and what should be."""

    def __init__(self, app: Sphinx) -> None:
        self.path = Path(app.outdir, HASHES)
        self.troubled = _Troubled(app)
        self.wanted: dict[str, str] = {}
        self.written: dict[str, str] = {}
        app.connect("builder-inited", self.watch)
        app.connect("env-get-outdated", self.reread)
        app.connect("env-updated", self.stale)
        app.connect("write-started", self.begin)
        app.connect("build-finished", self.end)

    def watch(self, app: Sphinx) -> None:
        """Listen to warnings from here on."""
        std_logging.getLogger(NAMESPACE).addHandler(self.troubled)

    def reread(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: Set[str],
        changed: Set[str],
        removed: Set[str],
    ) -> set[str]:
        """Documents that cost a warning when they were read last."""
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
        std_logging.getLogger(NAMESPACE).removeHandler(self.troubled)
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
    edition = domain.edition
    inputs = edition.inputs()
    # A list may show anything of a note but its gist.
    listed = [
        (page.number, page.places, replace(page.note, gist_digest=""))
        for page in edition.notes.values()
    ]
    citing = citing_notes(domain.env)
    hashes = {}
    for docname in domain.env.found_docs:
        page = domain.pages.get(docname)
        shown: list[object] = []
        for kind, target in page.used if page else ():
            shown.append(listed if kind == "list" else domain.find_object(kind, target))
        read_at = domain.env.all_docs.get(docname)
        content = repr((read_at, inputs.get(docname), citing.get(docname), shown))
        hashes[docname] = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    return hashes


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
    source = Path(builder.outdir, "_sources", docname)
    for copy in source.parent.glob(f"{source.name}.*"):
        copy.unlink()


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


def setup_rebuilding(app: Sphinx) -> None:
    """Keep account of the output folder's pages."""
    Pages(app)
    app.connect("config-inited", _leave_out_of_epub)


def _leave_out_of_epub(app: Sphinx, config: Config) -> None:
    # The EPUB builder packs whatever lies in the output folder.
    config.epub_exclude_files = [*config.epub_exclude_files, HASHES]
