"""What pages show of other pages: each look-up is a question, noted down when it is asked.

A page of the edition holds much that its own file doesn't: gists of notes, titles of pages that
it links, numbers, words of citations.  Sphinx compares times of files and can't know of that.
So whatever is woven into a page is fetched through the page's :class:`Lookups`, which note the
question, a plain tuple such as ``("note", "commentary/people/bb")``.  :class:`Answers` finds the
answers, each once in a build however many pages ask, and a digest of each.  A later build asks
the questions of a page again: if all digests are what they were, so is the page
(:mod:`~annotated_edition.weave.incremental`).

The answer that a page shows and the one that is compared come out of the same function, so that
nothing can be shown and not compared.  What an answer holds besides what the page shows costs
time at most: the page is written though it needn't be.

While pages are written in parallel, some are asked for in processes that end with them.  What
those ask goes through a file that all of them share.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from annotated_edition.anchor.releases import Changes
from annotated_edition.bibliography import queries
from annotated_edition.contribute.invitations import NewNote
from annotated_edition.domain import EditionDomain
from annotated_edition.model.edition import (
    IndexedName,
    Link,
    NotePage,
    QuotedPlace,
    WovenPassage,
)
from annotated_edition.model.records import NO_DAY, Credit, GlossaryEntry

#: What is asked: the kind of question, and what it is about.  JSON can hold it.
Question = tuple[str | int | bool, ...]
#: How a kind of question is answered.
Answerer = Callable[..., object]

#: The extension's own style sheets and scripts, which pages of every theme may need.
OWN_STATIC = Path(__file__).parents[1] / "render" / "static"

#: Settings of builders that write everything anyway, or of one builder alone.
_OF_ONE_BUILDER = {"edition_pdf_": "edition-pdf", "edition_epub_": "epub"}


class Answers:
    """Answers questions from what Sphinx and the edition know in this build.

    Kinds of questions are the names of its methods, and what is given to :meth:`define`.
    """

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env
        self.domain = EditionDomain.of(env)
        self._defined: dict[str, Answerer] = {}
        self._process = os.getpid()
        self._journal: IO[bytes] | None = None
        self.begin()

    @classmethod
    def of(cls, env: BuildEnvironment) -> Answers:
        """The answers of the environment's present build."""
        kept = EditionDomain.of(env).kept
        if cls not in kept:
            kept[cls] = cls(env)
        found = kept[cls]
        assert isinstance(found, cls)
        return found

    def define(self, kind: str, answerer: Answerer) -> None:
        """Have *answerer* answer questions of a *kind* that only a renderer knows."""
        self._defined[kind] = answerer

    def begin(self) -> None:
        """Forget all answers: the documents were read again, and pages will be written."""
        self._answers: dict[Question, object] = {}
        self._digests: dict[Question, str] = {}
        self._definitions: dict[str, dict[str, nodes.definition]] = {}
        #: The questions of each page that this build has written, or begun to.
        self.asked: dict[str, set[Question]] = defaultdict(set)
        for name in ("_relations", "_entries", "_citing", "_citations", "_settings"):
            self.__dict__.pop(name, None)

    def ask(self, page: str, question: Question) -> Any:
        """Answer a *question* of *page*, and note that it was asked."""
        if question not in self.asked[page]:
            self.asked[page].add(question)
            if self._journal is not None and os.getpid() != self._process:
                self._journal.write(json.dumps([page, *question]).encode() + b"\n")
        return self.answer(question)

    def begin_pages(self) -> None:
        """Be ready for other processes to ask."""
        # Without a buffer, each line is written at once, and none into another's midst.
        self._journal = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - until end_pages

    def end_pages(self) -> None:
        """Take over what other processes have asked."""
        if self._journal is None:
            return
        self._journal.seek(0)
        for line in self._journal.read().splitlines():
            page, *question = json.loads(line)
            self.asked[page].add(tuple(question))
        self._journal.close()
        self._journal = None

    def answer(self, question: Question) -> object:
        """The answer to a *question*."""
        if question not in self._answers:
            kind, *about = question
            answerer = self._answerer(str(kind))
            if answerer is None:
                raise LookupError(f"nobody answers questions of the kind {kind!r}")
            self._answers[question] = answerer(*about)
        return self._answers[question]

    def _answerer(self, kind: str) -> Answerer | None:
        """Who answers questions of a *kind*, if anybody does."""
        found: Answerer | None = self._defined.get(kind) or getattr(self, kind, None)
        return found

    def digest(self, questions: Iterable[Question]) -> str:
        """One digest of the answers to all *questions*."""
        whole = hashlib.sha256()
        for question in sorted(questions, key=repr):
            if question not in self._digests:
                # A page of another theme may have asked what nobody answers in this one.
                known = self._answerer(str(question[0]))
                self._digests[question] = _digest(self.answer(question)) if known else ""
            whole.update(self._digests[question].encode())
        return whole.hexdigest()

    # ---- the edition

    def passage(self, docname: str, index: int) -> WovenPassage | None:
        """All that is woven into the passage with this number (from 0) in a document."""
        return self.domain.edition.passages.get((docname, index))

    def parts(self, docname: str) -> Mapping[int, WovenPassage]:
        """What is woven into headings, cells and the like of a document, by their numbers."""
        return self.domain.edition.parts.get(docname, {})

    def note(self, docname: str) -> NotePage | None:
        """The attached note whose page *docname* is."""
        return self.domain.edition.note_of(docname)

    def notes(self) -> tuple[NotePage, ...]:
        """All attached notes, with what lists and charts may show of them."""
        return tuple(
            replace(
                page,
                note=replace(
                    page.note,
                    quotes=(),
                    gist_digest="",
                    see_also=(),
                    see_also_line=0,
                    checked=NO_DAY,
                ),
                see_also=(),
                previous=None,
                next=None,
                credit=Credit(),
            )
            for page in self.domain.edition.notes.values()
        )

    def changes(self) -> list[Changes]:
        """What changed between released versions, newest first."""
        return self.domain.changes

    def moved_passages(self, docname: str) -> Mapping[str, Link]:
        """Passages that a document had in a released version, and where they are now."""
        return self.domain.moved_passages(docname)

    def gist(self, docname: str) -> str:
        """A digest of the gist of a note."""
        page = self.domain.pages.get(docname)
        return page.note.gist_digest if page and page.note else ""

    def cross_reference(self, docname: str) -> tuple[QuotedPlace, ...] | None:
        """The places that the cross-reference *docname* ties together."""
        return self.domain.edition.cross_references.get(docname)

    def occurrences(self, docname: str, name: str) -> tuple[QuotedPlace, ...]:
        """Where a glossary's entry, by its document and first id, occurs in the text."""
        return self.domain.edition.occurrences.get((docname, name), ())

    def register(self, docname: str, number: int) -> tuple[IndexedName, ...]:
        """The names of a register, by document and number there, with all that mention them."""
        return self.domain.edition.registers.get((docname, number), ())

    def entry(self, docname: str, name: str) -> GlossaryEntry | None:
        """A glossary's entry, by its document and the id of any of its terms."""
        entry = self._entries.get((docname, name))
        return replace(entry, line=0) if entry else None

    def definitions(self, docname: str) -> Mapping[str, nodes.definition]:
        """The definitions of the glossaries of a document, by the ids of their first terms."""
        # Kept: each of a thousand terms would read the whole glossary.
        if docname not in self._definitions:
            self._definitions[docname] = {
                name: item[-1]
                for item in self.env.get_doctree(docname).findall(nodes.definition_list_item)
                if isinstance(item[0], nodes.term) and isinstance(item[-1], nodes.definition)
                for name in item[0]["ids"]
            }
        return self._definitions[docname]

    @cached_property
    def _entries(self) -> Mapping[tuple[str, str], GlossaryEntry]:
        return {
            (entry.docname, name): entry
            for page in self.domain.pages.values()
            for entry in page.entries
            for _term, name in entry.terms
        }

    def edit_address(self, docname: str) -> str:
        """Where a document's file is changed, or nothing."""
        return self.domain.invitations.edit(docname)

    def edit_file_address(self, path: str) -> str:
        """Where a file, by its path from the project's folder, is changed, or nothing."""
        return self.domain.invitations.edit_file(path)

    def standing_of_version(self) -> str:
        """``released``, ``later`` than the version that it names, or ``unreleased``."""
        return self.domain.standing_of_version

    def has_entries(self, docname: str) -> bool:
        """Whether a document has entries of a glossary."""
        page = self.domain.pages.get(docname)
        return bool(page and page.entries)

    def new_notes(self, docname: str) -> list[NewNote]:
        """Where notes on the passages of a page begin."""
        return self.domain.invitations.new_notes(docname)

    # ---- the bibliography

    def source(self, key: str) -> bool:
        """Whether the bibliography has an entry *key*."""
        return queries.has_source(self.env, key)

    def citation(self, key: str) -> list[tuple[object, ...]]:
        """All that a citation of *key* may show and link."""
        return self._citations.get(key, [])

    @cached_property
    def _citations(self) -> dict[str, list[tuple[object, ...]]]:
        return queries.citations(self.env)

    def bibliography(self, docname: str) -> list[tuple[object, ...]]:
        """All entries that stand on a page."""
        return [one for found in self._citations.values() for one in found if one[0] == docname]

    def citing(self, docname: str) -> Mapping[str, tuple[Link, ...]]:
        """The ids of the bibliography's entries on a page, and the notes that cite each."""
        return self._citing.get(docname, {})

    @cached_property
    def _citing(self) -> dict[str, dict[str, tuple[Link, ...]]]:
        links = {
            page.note.docname: Link(page.note.title, page.note.docname)
            for page in self.domain.edition.notes.values()
        }
        order = {docname: number for number, docname in enumerate(links)}
        return {
            docname: {
                name: tuple(
                    links[note] for note in sorted(documents & links.keys(), key=order.__getitem__)
                )
                for name, documents in entries.items()
            }
            for docname, entries in queries.citing_documents(self.env).items()
        }

    def bibliographies(self) -> tuple[str, ...]:
        """The pages that have a bibliography, be it empty."""
        return tuple(sorted(self._citing))

    # ---- Sphinx

    def page(self, docname: str) -> tuple[object, ...]:
        """What any page rests on besides its document."""
        return self.numbers(docname), self.answer(("settings",))

    def html_page(self, docname: str) -> tuple[object, ...]:
        """What a page of HTML rests on: neighbours, style sheets, scripts and templates, too."""
        around = self.surroundings(docname)
        files = self.answer(("static_files",)), self.answer(("templates",))
        return self.page(docname), around, files

    def never_the_same(self) -> str:
        """What can't be compared: a page that asks is written in every build."""
        return os.urandom(16).hex()

    def read(self, docname: str) -> int | None:
        """When a document was read."""
        return self.env.all_docs.get(docname)

    def exists(self, docname: str) -> bool:
        """Whether there is such a document."""
        return docname in self.env.found_docs

    def title(self, docname: str) -> str:
        """A document's title, with its markup."""
        title = self.env.titles.get(docname)
        return "" if title is None else title.pformat()

    def children(self, docname: str) -> tuple[str, ...]:
        """The documents in the tables of contents of a document."""
        return tuple(self.env.toctree_includes.get(docname, ()))

    def surroundings(self, docname: str) -> list[tuple[str, str]]:
        """Name and title of the pages before, after and above a page."""
        parent, before, after = self._relations.get(docname, (None, None, None))
        above: list[str] = []
        while parent is not None and parent not in above:
            above.append(parent)
            parent = self._relations.get(parent, (None, None, None))[0]
        return [
            (name or "", str(self.answer(("title", name or ""))))
            for name in (before, after, *above)
        ]

    @cached_property
    def _relations(self) -> Mapping[str, Sequence[str | None]]:
        return self.env.collect_relations()

    def contents(self, docname: str) -> str:
        """All headings of the documents that are reached from a document, in their order."""
        order = list(self._reached(docname))
        found = [
            (name, self.answer(("headings", name)), self.answer(("children", name)))
            for name in order[1:]
        ]
        return _digest([order[0], self.children(docname), found])

    def headings(self, docname: str) -> str:
        """A digest of a document's title, its headings and their numbers."""
        headings = self.env.tocs.get(docname)
        within = "" if headings is None else headings.pformat()
        return _digest([self.answer(("title", docname)), within, self.numbers(docname)])

    def _reached(self, docname: str) -> Iterator[str]:
        seen, ahead = set(), [docname]
        while ahead:
            name = ahead.pop()
            if name not in seen:
                seen.add(name)
                yield name
                ahead += reversed(self.env.toctree_includes.get(name, []))

    def numbers(self, docname: str) -> tuple[object, ...]:
        """The numbers of a document's sections and figures."""
        return self.env.toc_secnumbers.get(docname), self.env.toc_fignumbers.get(docname)

    def file(self, path: str) -> str:
        """A digest of a file, by its path from the project's folder."""
        try:
            file = Path(self.env.srcdir, path)
            # A pipe or a device may never end.
            return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
        except OSError:
            return ""

    def static_files(self) -> str:
        """A digest of style sheets and scripts: pages name them with a digest of each."""
        builder = self.domain.builder
        if not isinstance(builder, StandaloneHTMLBuilder):
            return ""
        folders = [Path(builder.confdir, name) for name in builder.config.html_static_path]
        # Ours are added while pages are written (``render.assets``).
        folders = [*dict.fromkeys([*folders, OWN_STATIC])]
        folders += [Path(folder, "static") for folder in builder.theme.get_theme_dirs()]
        return self._files(folders, "*.css*", "*.js*")

    def templates(self) -> str:
        """A digest of the templates: Sphinx misses one that is gone, or older than its build."""
        builder = self.domain.builder
        if not isinstance(builder, StandaloneHTMLBuilder):
            return ""
        folders = [Path(builder.confdir, name) for name in builder.config.templates_path]
        folders += map(Path, builder.theme.get_theme_dirs())
        return self._files(folders, "*.html")

    def _files(self, folders: Iterable[Path], *patterns: str) -> str:
        """A digest of the files below some folders whose names fit one of the patterns."""
        return _digest(
            [
                (path.relative_to(folder).as_posix(), self.file(str(path)))
                for folder in folders
                for pattern in patterns
                for path in sorted(folder.rglob(pattern))
            ]
        )

    def settings(self) -> tuple[tuple[str, str], ...]:
        """The settings after a change of which Sphinx itself writes nothing."""
        return self._settings

    @cached_property
    def _settings(self) -> tuple[tuple[str, str], ...]:
        builder = self.domain.builder.name
        return tuple(
            (value.name, _stable(value.value))
            for value in self.env.config
            if value.rebuild == ""
            and all(
                builder == name or not value.name.startswith(prefix)
                for prefix, name in _OF_ONE_BUILDER.items()
            )
        )


class Lookups:
    """What one page looks up: every answer that it gets is noted.

    Weaving has nothing else to ask.
    """

    def __init__(self, env: BuildEnvironment, page: str) -> None:
        self.env = env
        self.page = page
        self._answers = Answers.of(env)

    def ask(self, *question: str | int | bool) -> Any:
        """The answer to a question that :class:`Answers` knows."""
        return self._answers.ask(self.page, question)

    def passage(self, docname: str, index: int) -> WovenPassage | None:
        """All that is woven into the passage with this number (from 0) in a document."""
        found: WovenPassage | None = self.ask("passage", docname, index)
        return found

    def parts(self, docname: str) -> Mapping[int, WovenPassage]:
        """What is woven into headings, cells and the like of a document, by their numbers."""
        found: Mapping[int, WovenPassage] = self.ask("parts", docname)
        return found

    def note(self, docname: str) -> NotePage | None:
        """The attached note whose page *docname* is."""
        found: NotePage | None = self.ask("note", docname)
        return found

    def notes(self) -> tuple[NotePage, ...]:
        """All attached notes in text order, without what only their own pages show."""
        found: tuple[NotePage, ...] = self.ask("notes")
        return found

    def changes(self) -> list[Changes]:
        """What changed between released versions, newest first."""
        found: list[Changes] = self.ask("changes")
        return found

    def moved_passages(self, docname: str) -> Mapping[str, Link]:
        """Passages that a document had in a released version, and where they are now."""
        found: Mapping[str, Link] = self.ask("moved_passages", docname)
        return found

    def gist(self, docname: str) -> nodes.paragraph | None:
        """A copy of a note's gist."""
        self.ask("gist", docname)
        page = EditionDomain.of(self.env).pages.get(docname)
        if page is None or not page.gist_nodes:
            return None
        gist = pickle.loads(page.gist_nodes)
        assert isinstance(gist, nodes.paragraph)
        return gist

    def definition(self, entry: GlossaryEntry) -> nodes.definition | None:
        """A copy of the definition of a glossary's *entry*."""
        name = entry.terms[0][1]
        self.ask("entry", entry.docname, name)
        found = self._answers.definitions(entry.docname).get(name)
        return None if found is None else found.deepcopy()

    def entry(self, docname: str, name: str) -> GlossaryEntry | None:
        """A glossary's entry, by its document and the id of any of its terms."""
        found: GlossaryEntry | None = self.ask("entry", docname, name)
        return found

    def cross_reference(self, docname: str) -> tuple[QuotedPlace, ...] | None:
        """The places that the cross-reference *docname* ties together."""
        found: tuple[QuotedPlace, ...] | None = self.ask("cross_reference", docname)
        return found

    def occurrences(self, docname: str, name: str) -> tuple[QuotedPlace, ...]:
        """Where a glossary's entry, by its document and first id, occurs in the text."""
        found: tuple[QuotedPlace, ...] = self.ask("occurrences", docname, name)
        return found

    def register(self, docname: str, number: int) -> tuple[IndexedName, ...]:
        """The names of a register, by document and number there, with all that mention them."""
        found: tuple[IndexedName, ...] = self.ask("register", docname, number)
        return found

    def printed_source(self, key: str) -> nodes.paragraph | None:
        """The entry *key* as a bibliography prints it."""
        self.ask("citation", key)
        return queries.printed(self.env, key)

    def source_place(self, key: str) -> tuple[str, str] | None:
        """Document and id of the entry *key* in the bibliography whose it is."""
        for docname, name, *_printed in self.ask("citation", key):
            return str(docname), str(name)
        return None

    def has_bibliography(self) -> bool:
        """Whether the page itself has a bibliography, be it empty."""
        return self.page in self._answers.bibliographies()

    def bibliographies(self) -> tuple[str, ...]:
        """The pages that have a bibliography; their entries are noted with them."""
        found: tuple[str, ...] = self.ask("bibliographies")
        for docname in found:
            self.ask("bibliography", docname)
        return found

    def citing(self, docname: str) -> Mapping[str, tuple[Link, ...]]:
        """The ids of the bibliography's entries on a page, and the notes that cite each."""
        found: Mapping[str, tuple[Link, ...]] = self.ask("citing", docname)
        return found

    def edit_address(self, docname: str) -> str:
        """Where a document's file is changed, or nothing."""
        return str(self.ask("edit_address", docname))

    def edit_file_address(self, path: str) -> str:
        """Where a file, by its path from the project's folder, is changed, or nothing."""
        return str(self.ask("edit_file_address", path))

    def standing_of_version(self) -> str:
        """``released``, ``later`` than the version that it names, or ``unreleased``."""
        return str(self.ask("standing_of_version"))

    def has_entries(self, docname: str) -> bool:
        """Whether a document has entries of a glossary."""
        return bool(self.ask("has_entries", docname))

    def new_notes(self, docname: str) -> list[NewNote]:
        """Where notes on the passages of a page begin."""
        found: list[NewNote] = self.ask("new_notes", docname)
        return found

    def is_source(self, key: str) -> bool:
        """Whether the bibliography has an entry *key*."""
        return bool(self.ask("source", key))

    def is_document(self, docname: str) -> bool:
        """Whether there is such a document."""
        return bool(self.ask("exists", docname))

    def title(self, docname: str) -> str:
        """The words of a document's title."""
        self.ask("title", docname)
        return self.env.titles[docname].astext()

    def children(self, docname: str) -> tuple[str, ...]:
        """The documents in the tables of contents of a document."""
        found: tuple[str, ...] = self.ask("children", docname)
        return found

    def file(self, path: str) -> None:
        """Note that a file is shown, by its path from the project's folder."""
        self.ask("file", path)


def _stable(value: object) -> str:
    """What a setting's *value* says, the same in every process."""
    if isinstance(value, (set, frozenset)):
        return f"{{{', '.join(sorted(map(_stable, value)))}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_stable, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_stable(key)}: {_stable(of)}' for key, of in value.items())}}}"
    if value is None or isinstance(value, (str, int, float)):
        return repr(value)
    # A function or an object may say where in memory it lies.
    kind = value if hasattr(value, "__qualname__") else type(value)
    return f"{kind.__module__}.{kind.__qualname__}"


def _digest(answer: object) -> str:
    return hashlib.sha256(repr(answer).encode("utf-8", "surrogatepass")).hexdigest()
