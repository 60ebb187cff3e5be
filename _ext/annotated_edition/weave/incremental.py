"""Which pages must be written again, whatever was built before and however it ended.

Sphinx compares times of files; that a note's number changed on another page it can't know.  So a
:class:`Record` of each page lies beside the output: the questions that were asked for it when it
was written (:mod:`~annotated_edition.weave.lookups`), one digest of all their answers, the time
at which its document was read, and the warnings that it cost.  When all documents are read, the
questions are asked again.  Where the digest differs, the page is written again; where it doesn't,
neither page nor warnings can have changed, and the warnings are told again.

The records can't lie in the environment, which other builders share.  While pages are being
written the file says that any of them may be old; only a build that ends well vouches for them.

Warnings of other tools while a document is *read* may rest on anything: such a document is read
again in every build.  What this extension finds at read is data (``Page.problems``) and told in
every build anyway.  Sphinx checks its tables of contents only when something was read; the check
is made in every build.

Not the extension's to mend, and as old after an incremental build as in plain Sphinx: which files
lie in ``_images`` and ``_downloads`` and, where several have one name, which of them is called
what (both depend on the order of reading); links to a domain's index that has become the first of
its kind, or was the last (``rellinks``); empty entries of words in the search index; pages that
only the theme before had (``404.html``).
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.logging import is_suppressed_warning

from annotated_edition import internals
from annotated_edition.bibliography.events import is_told
from annotated_edition.domain import EditionDomain
from annotated_edition.weave import stamps
from annotated_edition.weave.lookups import Answers, Lookups, Question
from annotated_edition.weave.own_files import OwnFiles
from annotated_edition.weave.references import ReferenceAnswers
from annotated_edition.weave.warning_record import Told, Warned, WarningHandler

#: The file of records in the output folder.
RECORDS = ".edition.json"


@dataclass(frozen=True)
class Record:
    """What a page was made from when it was last written."""

    read: int | None
    questions: list[Question]
    answers: str
    warnings: list[Warned] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The record as :func:`json.dumps` takes it."""
        return {
            "read": self.read,
            "questions": self.questions,
            "answers": self.answers,
            "warnings": self.warnings,
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Record:
        """A record as :func:`json.loads` gives it; KeyError or TypeError if it is none."""
        return cls(
            found["read"],
            [tuple(question) for question in found["questions"]],
            found["answers"],
            [Warned(*warned) for warned in found["warnings"]],
        )


class Records:
    """The records of one output folder, and what this build adds to them."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.path = Path(app.outdir, RECORDS)
        self.handler = WarningHandler(app, self._hear)
        #: The records of earlier builds; None for a page that nobody vouches for.
        self.known: dict[str, Record | None] = {}
        #: Files beside the pages.
        self.files = OwnFiles(Path(app.outdir), {})
        self._forget()

    def _forget(self) -> None:
        self.is_reading = self.is_writing = self.is_checked = self.is_unsure = False
        #: Other tools' warnings while documents were read, and the document, where known.
        self.read_warnings: set[tuple[Warned, str]] = set()
        #: The page that is being written.
        self.page: str | None = None
        #: In the order in which they came, so that another build tells the same ones first.
        self.warnings: dict[str, dict[Warned, None]] = defaultdict(dict)
        self.told = Told()
        #: When reading began, and when each document had been read before.
        self.begun = 0
        self.read_before: dict[str, int] = {}

    @property
    def answers(self) -> Answers:
        """The answers of this build."""
        return Answers.of(self.app.env)

    def _hear(self, warned: Warned, elsewhere: bool) -> bool:
        """Take a warning, and say whether it is to be told; *elsewhere* is another process."""
        if is_told(self.app.env, warned.type, warned.subtype, warned.message):
            return False
        is_suppressed = self._is_suppressed(warned.type, warned.subtype)
        if self.is_reading:
            here = "" if elsewhere else self.app.env.current_document.docname
            self.read_warnings.add((warned, here))
        elif self.is_writing and not is_suppressed:
            self._hear_writing(warned, elsewhere)
        return is_suppressed or not self._is_bounded(warned) or self.told.take(warned)

    def _is_bounded(self, warned: Warned) -> bool:
        """Whether a file may have so many such warnings, and no more.

        The extension's own of any file, and what other tools say of strangers' files.
        """
        if not warned.path or warned.type == "edition":
            return bool(warned.path)
        docname = self.app.project.path2doc(warned.path)
        return docname is not None and EditionDomain.of(self.app.env).documents.untrusted(docname)

    def _hear_writing(self, warned: Warned, elsewhere: bool) -> None:
        """Take a warning by the page that is being written, or else by where it points."""
        docname = self.app.project.path2doc(warned.path) if warned.path else None
        if not elsewhere:
            if self.page is not None:
                self.warnings[self.page][warned] = None
        elif docname in self.app.env.found_docs:
            self.warnings[docname][warned] = None
        else:
            # A process that wrote some pages, nobody knows which of them.
            self.is_unsure = True

    def _is_suppressed(self, kind: str, subtype: str) -> bool:
        return is_suppressed_warning(kind, subtype, self.app.config.suppress_warnings)

    def _note_read_warnings(self) -> None:
        """Give each warning to the documents that it is about, or that include its file."""
        env, noted = self.app.env, EditionDomain.of(self.app.env).read_warnings
        including: dict[Path, set[str]] = defaultdict(set)
        if self.read_warnings:
            for docname, files in env.dependencies.items():
                for file in files:
                    including[Path(env.srcdir, file)].add(docname)
        for warned, here in self.read_warnings:
            docnames = {here}
            if warned.path:
                docnames.add(self.app.project.path2doc(warned.path) or "")
                docnames |= including[Path(env.srcdir, warned.path)]
            for docname in docnames & env.found_docs:
                noted.setdefault(docname, set()).add((warned.type, warned.subtype))

    # ---- the steps of a build

    def begin_reading(self, added: Set[str]) -> set[str]:
        """Documents that must be read again, though Sphinx may think otherwise.

        Those that cost a warning when they were read last, be it suppressed then, and those whose
        files are others (:mod:`~annotated_edition.weave.stamps`).

        Every build begins here; an application may build more than once.
        """
        self._forget()
        internals.hear_warnings(self.handler)
        self.is_reading = True
        env = self.app.env
        noted = EditionDomain.of(env).read_warnings
        found = {
            docname
            for docname, kinds in noted.items()
            if not all(self._is_suppressed(*kind) for kind in kinds)
        }
        found |= set(stamps.changed(env, Path(self.app.doctreedir)))
        self.begun, self.read_before = time.time_ns(), dict(env.all_docs)
        return found & env.found_docs - added

    def end_reading(self) -> None:
        """Assemble the edition, and report its problems.

        Every build passes here before it pickles the environment.
        """
        self.is_reading = False
        internals.hear_no_warnings(self.handler)
        env = self.app.env
        domain = EditionDomain.of(env)
        self._note_read_warnings()
        read = [name for name, at in env.all_docs.items() if at != self.read_before.get(name)]
        stamps.note(env, read, self.begun)
        domain.forget_edition()
        domain.warn(self.told.untold)
        self.told = Told()
        self.answers.begin()
        ReferenceAnswers(self.answers)
        self.known, self.files = {}, OwnFiles(Path(self.app.outdir), {})
        if self.by_page:
            self._load()

    def stale(self) -> list[str]:
        """The pages to write, once sections and figures have their numbers."""
        found = self.app.env.found_docs if self.by_page else ()
        return sorted(filter(self._is_stale, found))

    @property
    def by_page(self) -> bool:
        """Whether the builder writes a file for each document; all others write everything."""
        builder = self.app.builder
        if isinstance(builder, StandaloneHTMLBuilder):
            return builder.name != "singlehtml"
        return bool(getattr(builder, "out_suffix", None))

    @cached_property
    def asks_by_templates_alone(self) -> bool:
        """Whether a theme has no program of its own that might show the table of contents.

        Sphinx's own, the one that it installs, and this extension's don't.
        """
        builder = self.app.builder
        assert isinstance(builder, StandaloneHTMLBuilder)
        specs = filter(None, map(find_spec, ("sphinx", "alabaster", "annotated_edition")))
        packages = [Path(spec.origin or "").resolve().parent for spec in specs]
        return all(
            any(Path(folder).resolve().is_relative_to(package) for package in packages)
            for folder in builder.theme.get_theme_dirs()
        )

    def _is_stale(self, docname: str) -> bool:
        record = self.known.get(docname)
        return (
            record is None
            or record.read != self.answers.read(docname)
            or record.answers != self.answers.digest(record.questions)
        )

    def begin_writing(self, builder: Builder) -> None:
        """Vouch for nothing any more, and remove the pages of deleted documents."""
        if not self.is_checked:
            self.app.env.check_consistency()
        self.is_writing = True
        internals.hear_warnings(self.handler)
        self.answers.begin_pages()
        if self.by_page:
            for docname in self.known.keys() - self.app.env.found_docs:
                _remove(builder, docname)
            self._save(dict.fromkeys(self.app.env.found_docs), self.files.coming)

    def write_files(self, makers: Mapping[str, Callable[[], bytes | None]]) -> None:
        """Make and write files beside the pages, of those that are the extension's own.

        Raises OSError if one can't be read or written.
        """
        self.files.announce(makers)
        self._save(dict.fromkeys(self.app.env.found_docs), self.files.coming)
        for name, make in makers.items():
            self.files.put(name, make())

    def begin_page(self, docname: str) -> None:
        """Note what every page rests on."""
        self.page = docname
        is_html = isinstance(self.app.builder, StandaloneHTMLBuilder)
        Lookups(self.app.env, docname).ask("html_page" if is_html else "page", docname)

    def end(self, exception: Exception | None) -> None:
        """Vouch for the pages of a build that ended well, and tell old warnings again."""
        self.is_writing = False
        self.answers.end_pages()
        if exception is None and self.by_page and self.path.exists():
            now = {docname: self._now(docname) for docname in sorted(self.app.env.found_docs)}
            for docname, record in now.items():
                if record and docname not in self.answers.asked:
                    for warned in record.warnings:
                        warned.tell(self.app)
            self._save(now)
        internals.hear_no_warnings(self.handler)
        self.told.tell_more(self.app)

    def _now(self, docname: str) -> Record | None:
        """The record of a page after this build; of one that wasn't written, what it was."""
        if docname not in self.answers.asked:
            record = self.known.get(docname)
            if record and self.warnings[docname]:
                record = Record(**{**record.__dict__, "warnings": self._all(record, docname)})
            return record
        if self.is_unsure:
            return None
        questions = self.answers.asked[docname]
        for warned in self.warnings[docname]:
            # A warning's line is that of another document when words of it stand on this page.
            other = self.app.project.path2doc(warned.path) if warned.path else None
            if other and other != docname:
                questions.add(("read", other))
        return Record(
            self.answers.read(docname),
            sorted(questions, key=repr),
            self.answers.digest(questions),
            [*self.warnings[docname]],
        )

    def _all(self, record: Record, docname: str) -> list[Warned]:
        return [*dict.fromkeys([*record.warnings, *self.warnings[docname]])]

    # ---- the file

    def _load(self) -> None:
        folder = Path(self.app.outdir)
        if not self.path.exists():
            return
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            files = OwnFiles(folder, found.get("files"), found.get("coming", ()))
            self.known = {
                name: Record.from_json(page) if page else None
                for name, page in found["pages"].items()
            }
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            # Half written, say: nobody will ever know more of the files beside the pages.
            files = OwnFiles(folder, None)
        self.files = files

    def _save(self, records: dict[str, Record | None], coming: Iterable[str] = ()) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        pages = {name: record.to_json() if record else None for name, record in records.items()}
        found = {"pages": pages, "files": self.files.digests, "coming": sorted(coming)}
        text = json.dumps(found, sort_keys=True, separators=(",", ":"))
        self.path.write_text(text, encoding="utf-8")


class BeginPage(SphinxPostTransform):
    """Begin a page's record, before any other post-transform."""

    default_priority = 0

    def run(self, **kwargs: object) -> None:
        """Note which page is being written."""
        records = EditionDomain.of(self.env).kept[Records]
        records.begin_page(self.env.current_document.docname)


def _output(builder: Builder, docname: str) -> Path:
    """The file of a document's page."""
    if isinstance(builder, StandaloneHTMLBuilder):
        return Path(builder.get_output_path(docname))
    return Path(builder.outdir, f"{docname}{getattr(builder, 'out_suffix', '')}")


def _remove(builder: Builder, docname: str) -> None:
    """Remove the page of a document that is gone, and the copy of its source."""
    _delete(_output(builder, docname), builder)
    for suffix in builder.config.source_suffix:
        for added in {"", builder.config.html_sourcelink_suffix} - {suffix}:
            _delete(Path(builder.outdir, "_sources", f"{docname}{suffix}{added}"), builder)


def _delete(file: Path, builder: Builder) -> None:
    """Delete a file, if it is there, and the folders that it leaves empty."""
    if not file.is_file():
        return
    file.unlink()
    for folder in file.parents:
        if folder == Path(builder.outdir) or any(folder.iterdir()):
            return
        folder.rmdir()


def records_of(app: Sphinx) -> Records:
    """The records of the application's output folder."""
    kept = EditionDomain.of(app.env).kept
    if Records not in kept:
        kept[Records] = Records(app)
    found = kept[Records]
    assert isinstance(found, Records)
    return found


# ---- Events


def leave_out_of_epub(app: Sphinx, config: Config) -> None:
    """Keep the file of records out of the e-book (``config-inited``)."""
    # The EPUB builder packs whatever lies in the output folder.
    config.epub_exclude_files = [*config.epub_exclude_files, RECORDS]


def reread(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> set[str]:
    """Name the documents to read again (``env-get-outdated``)."""
    return records_of(app).begin_reading(added)


def end_reading(app: Sphinx, env: BuildEnvironment) -> None:
    """Assemble what was read (``env-updated``)."""
    records_of(app).end_reading()


def stale(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages to write again (``env-get-updated``)."""
    return records_of(app).stale()


def checked(app: Sphinx, env: BuildEnvironment) -> None:
    """Note that Sphinx checked its tables of contents (``env-check-consistency``)."""
    records_of(app).is_checked = True


def begin(app: Sphinx, builder: Builder) -> None:
    """Begin to write (``write-started``)."""
    records_of(app).begin_writing(builder)


def watch_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Note if a theme asks for the whole table of contents (``html-page-context``)."""
    if pagename not in app.env.found_docs:
        # An index or the like, written in every build: no page's warnings from here on.
        records_of(app).page = None
        return
    lookups, root = Lookups(app.env, pagename), app.config.root_doc
    if "toctree" in context:
        toctree = context["toctree"]

        def noted(**options: Any) -> Any:
            lookups.ask("contents", root)
            return toctree(**options)

        context["toctree"] = noted
    if not records_of(app).asks_by_templates_alone:
        lookups.ask("contents", root)


def end(app: Sphinx, exception: Exception | None) -> None:
    """Note what was written (``build-finished``)."""
    records_of(app).end(exception)


def end_pages(app: Sphinx) -> list[Any]:
    """Take no warning for a page's any more (``html-collect-pages``)."""
    records_of(app).page = None
    return []
