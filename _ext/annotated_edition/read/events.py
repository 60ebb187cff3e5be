"""Step 1, read: passages, names and glossary entries; ``commentary`` reads the notes.

Runs while Sphinx reads a document, in whichever process that is, and leaves
plain data in the ``edition`` domain.
"""

from __future__ import annotations

import os
import pickle
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from docutils import nodes
from docutils.utils import normalize_language_tag
from docutils.utils.smartquotes import smartchars
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import traverse_parent

from annotated_edition.anchor import advice
from annotated_edition.anchor.registers import as_meant, read_line
from annotated_edition.domain import EditionDomain, classes, text_nodes
from annotated_edition.domain.directives import RegisterNode
from annotated_edition.domain.text_nodes import text
from annotated_edition.domain.works import pattern_fault
from annotated_edition.model.documents import Part
from annotated_edition.model.records import Outside, Passage, Problem, Subtype
from annotated_edition.model.works import LETTERS, NUMBERS
from annotated_edition.read import (
    doctree,
    fences,
    frontmatter,
    glossary,
    labels,
    list_pages,
    misspelt,
    parallel,
    raw_html,
    verse,
)
from annotated_edition.read.frontmatter import FrontMatter
from annotated_edition.read.parallel import Parallel
from annotated_edition.text import bidi
from annotated_edition.text.conflicts import ADVICE as CONFLICT
from annotated_edition.text.conflicts import resolved
from annotated_edition.text.control import brief
from annotated_edition.text.labels import LINE
from annotated_edition.text.seen import seen
from annotated_edition.text.words import LanguageTag, Words

#: Where the front matter waits between the source and the doctree.
_FRONT = "edition_front_matter"

#: What ``commentary`` reads.
_COMMENTARY = (Part.NOTE, Part.CROSS_REFERENCE)

#: Ids that passages, notes and marks may have.
_OURS = re.compile(r"p(\d+|[a-z]{1,2})\Z|p-|note(ref)?-")


def put_notes_first(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Have notes read before the pages that list them (``env-before-read-docs``).

    Whenever Sphinx begins a document it goes through all entries of those tables of contents that
    it has read: in a book of ten thousand notes, a minute's work.
    """
    documents = EditionDomain.of(env).documents
    docnames.sort(key=lambda docname: documents.part(docname) not in _COMMENTARY)


def read_front_matter(app: Sphinx, docname: str, source: list[str]) -> None:
    """Cut the front matter off a note before its parser sees it (``source-read``).

    MyST would obey some of it; for MyST and reStructuredText alike the lines
    that follow keep their numbers.
    """
    domain = EditionDomain.of(app.env)
    if domain.documents.part(docname) not in _COMMENTARY and not domain.documents.untrusted(
        docname
    ):
        # The words stay as they are, which people have reviewed: only the mistake is told.
        for line in resolved(source[0])[1]:
            domain.report(Subtype.STRUCTURE, docname, line, CONFLICT)
        return
    source[0], conflicts = resolved(seen(source[0]))
    for line in conflicts:
        domain.set_aside(docname, Problem(Subtype.STRUCTURE, docname, line, CONFLICT))
    front = FrontMatter()
    try:
        if domain.documents.part(docname) in _COMMENTARY:
            # Not at the head: pydantic takes its time.
            from annotated_edition.read.note_fields import FIELDS

            fenced = fences.find(source[0])
            source[0] = fenced.rest
            for line, message in fenced.faults:
                domain.report(Subtype.FRONT_MATTER, docname, line, message)
            front = frontmatter.parse(fenced.text, fenced.first, FIELDS)
        else:
            text, source[0] = frontmatter.cut(source[0])
            front = frontmatter.parse(text)
    except frontmatter.FrontMatterError as error:
        domain.report(Subtype.FRONT_MATTER, docname, error.line, error.message)
        front.broken = True
    for line, sign in front.turning:
        domain.report(Subtype.UNSAFE, docname, line, advice.turning(sign))
    app.env.current_document[_FRONT] = front


#: No page begins with a later line.
_MOST_LINES = 1_000_000


class MarkPassages(SphinxTransform):
    """Find the passages of a base-text page and mark their nodes.

    Strictly before SmartQuotes (750), which looks for the class that says what
    language the passages are in, and after the inline parsing of both parsers.
    """

    default_priority = 740

    def apply(self, **kwargs: object) -> None:
        """Set docname, index and language on each passage's node."""
        docname = self.env.current_document.docname
        if EditionDomain.of(self.env).documents.part(docname) is not Part.TEXT:
            return
        verse.set_in_lines(self.document)
        self._keep_quotation_marks()
        work = EditionDomain.of(self.env).works.of(docname)
        works = EditionDomain.of(self.env).works.by_name
        general = str(self.config.edition_text_language or "").replace("_", "-")
        at_right: dict[LanguageTag, None] = {}
        for index, passage in enumerate(doctree.find_passages(self.document)):
            doctree.close_up(passage)
            verse.close_up(passage)
            version = parallel.version_of(passage)
            its = works.get(version["work"]) if version else work
            # Of a version it is known, or nobody's.
            language = its.language if its and its.language else "" if version else general
            passage[doctree.DOCNAME] = docname
            passage[doctree.INDEX] = index
            if LanguageTag.fits(language) and language != self.config.language.replace("_", "-"):
                passage["classes"].append(classes.of_language(LanguageTag(language)))
                if version is None and bidi.begins_at_right(passage.astext()):
                    at_right[LanguageTag(language)] = None
        # Above a text that begins at the right, titles in its letters do, too.
        for title in self.document.findall(nodes.title) if at_right else ():
            if bidi.begins_at_right(title.astext()):
                title["classes"].append(classes.of_language(next(iter(at_right))))

    def _keep_quotation_marks(self) -> None:
        """Let straight quotation marks stand in a language for which docutils knows no others.

        It warns of such a language, and then does the same.
        """
        works = EditionDomain.of(self.env).works.by_name.values()
        languages = [str(self.config.edition_text_language or "en")]
        for language in dict.fromkeys([*languages, *(one.language for one in works)]):
            tags = normalize_language_tag(language)
            if language and not any(tag in smartchars.quotes for tag in tags):
                settings = self.document.settings
                settings.smartquotes_locales = [
                    *(settings.smartquotes_locales or ()),
                    (tags[0], ('"', '"', "'", "'")),
                ]


def isolate_title(app: Sphinx, document: nodes.document) -> None:
    """Let a title that runs from right to left leave its neighbours alone (``doctree-read``).

    Sphinx puts it into lists, links, the search and the names of windows.
    """
    title = app.env.titles.get(app.env.current_document.docname)
    if title is not None and bidi.runs_left(title.astext()):
        text_nodes.isolate(title)


def collect(app: Sphinx, document: nodes.document) -> None:
    """Take what the edition needs out of a document (``doctree-read``)."""
    docname = app.env.current_document.docname
    front: FrontMatter = app.env.current_document.get(_FRONT) or FrontMatter()
    reader = _Reader(app, docname, document)
    for image in document.findall(nodes.image):
        # One in a line knows its file alone; a copy on another page has nothing round it to ask.
        image.line = doctree.line_of(image)
    part = reader.domain.documents.part(docname)
    if part is Part.TEXT:
        reader.text()
    elif part in _COMMENTARY:
        from annotated_edition.read.commentary import CommentaryReader

        commentary = CommentaryReader(app, document, front)
        if part is Part.NOTE:
            commentary.note()
        else:
            commentary.cross_reference()
    elif "quote" in {**reader.metadata, **front.data}:
        reader.metadata["orphan"] = True  # one finding is enough
        reader.report(
            Subtype.FRONT_MATTER,
            1,
            "this file has a quote, but isn't among the notes: move it to a folder of "
            "notes, or add its folder to edition_notes",
        )
    config = app.config
    in_book = docname not in config.edition_epub_leave_out
    if config.edition_checks and in_book and not reader.domain.documents.untrusted(docname):
        reader.raw_html()
    if part is Part.OTHER and front.data:
        reader.front_matter(front)
    reader.everywhere()


def keep_gist(app: Sphinx, document: nodes.document) -> None:
    """Keep a note's gist by itself (``doctree-read``): text pages needn't load the whole note."""
    domain, docname = EditionDomain.of(app.env), app.env.current_document.docname
    if domain.documents.part(docname) is not Part.NOTE:
        return
    section = next(document.findall(nodes.section), None)
    gist = None if section is None else doctree.gist_of(section)
    if gist is not None:
        gist = gist.deepcopy()
        for node in gist.findall():
            node.document = None  # type: ignore[assignment]  # or all of it would be kept
        domain.page(docname).gist_nodes = pickle.dumps(gist)


class GiveTitle(SphinxTransform):
    """Give a note without a title the name of its file, so that lists can show it.

    Before Sphinx collects titles; it is reported (``CommentaryReader``).
    """

    default_priority = 700

    def apply(self, **kwargs: object) -> None:
        """Put all into a section."""
        docname = self.env.current_document.docname
        part = EditionDomain.of(self.env).documents.part(docname)
        if part not in _COMMENTARY or any(True for _ in self.document.findall(nodes.section)):
            return
        name = docname.rpartition("/")[2]
        section = nodes.section(
            "", nodes.title("", "", text(Words(name))), ids=["untitled"], names=["untitled"]
        )
        section[doctree.UNTITLED] = True
        section += self.document.children
        self.document.children = []
        self.document += section


class _Reader:
    """Reads the text's own pages, and what may stand in any document."""

    def __init__(self, app: Sphinx, docname: str, document: nodes.document) -> None:
        self.path = Path(app.env.doc2path(docname))
        self.metadata = app.env.metadata[docname]
        self.folder = Path(app.srcdir)
        self.domain = EditionDomain.of(app.env)
        self.page = self.domain.page(docname)
        self.docname = docname
        self.document = document
        self.registers = 0
        self.count_of_parts = 0

    def report(self, subtype: Subtype, line: int, message: str) -> None:
        self.domain.report(subtype, self.docname, line, message)

    def report_at(self, node: nodes.Element, subtype: Subtype, message: str) -> None:
        line, included = doctree.line_of(node), self.included(node)
        self.domain.report(subtype, self.docname, line, message, included)

    def front_matter(self, front: FrontMatter) -> None:
        """Of a stranger's list or index page nothing is obeyed but `orphan`, which is harmless."""
        if front.data.get("orphan"):
            self.metadata["orphan"] = True
        ignored = [name for name in front.data if name not in ("orphan", "quote")]
        if ignored:
            named = brief(", ".join(map(str, ignored)))
            message = f"{named} in the front matter can't be used in commentary: leave it out"
            self.report(Subtype.UNSAFE, front.line(ignored[0]), message)

    def everywhere(self) -> None:
        """Glossary entries and registers, which may stand in any document."""
        part = self.domain.documents.part(self.docname)
        lists = False
        numbers: dict[str, int] | None = None
        for node in self.document.findall(nodes.Element):
            if isinstance(node, addnodes.glossary):
                node[doctree.PAGE] = self.docname
                numbers = glossary.line_numbers(self.path) if numbers is None else numbers
                self.page.entries += glossary.entries(self.docname, numbers, node)
                lists = True
            elif isinstance(node, RegisterNode):
                self.register(node)
                lists = True
        if not lists or part is not Part.OTHER:
            return
        source = self.path.read_text("utf-8", "replace")
        for line, subtype, message in list_pages.outside(self.document, source):
            self.report(subtype, line, message)
        if self.domain.documents.untrusted(self.docname):
            for line, message in misspelt.find(self.document, source, self.path.suffix != ".rst"):
                self.report(Subtype.MARKUP, line, message)

    def register(self, node: RegisterNode) -> None:
        node[doctree.PAGE] = self.docname
        node["number"] = self.registers
        told: set[str] = set()
        for line, words in node["lines"]:
            words, fault = as_meant(words)
            if fault and fault not in told:
                self.report(
                    Subtype.REGISTER, line, f"{brief(words)!r}: {fault}" if words else fault
                )
            told.add(fault)
            name = read_line(self.docname, self.registers, line, words)
            if fault and name is None:
                continue
            if name is not None:
                self.page.names.append(name)
                continue
            message = (
                f"{brief(words)!r} has a form without words: write `Name; another form | remark`"
            )
            self.report(Subtype.REGISTER, line, message)
        self.registers += 1

    def raw_html(self) -> None:
        """Tell now what the e-book would stumble on."""
        for line, message in raw_html.faults(self.document):
            self.report(Subtype.EPUB, line, message)

    def text(self) -> None:
        work = self.domain.works.of(self.docname)
        numbering = str(self.metadata.get("passages", work.passages if work else NUMBERS))
        if fault := pattern_fault(numbering):
            self.report(Subtype.FRONT_MATTER, 1, fault)
            numbering = NUMBERS
        versions = parallel.set_beside(self.document, numbering, self.domain.works)
        for node, message in versions.faults:
            self.report_at(node, Subtype.FRONT_MATTER, message)
        passages = list(doctree.read_passages(self.document))
        for index, node in enumerate(passages):
            node[doctree.INDEX] = index
        for mark, fault in verse.share_lines(passages):
            # A role in a verse says where the verse begins.
            self.report_at(mark.parent, Subtype.MARKUP, advice.misplaced_part(fault))
        labelled = self.label(passages, numbering, versions)
        self.page.ids = {
            name: (self.included(node), doctree.line_of(node))
            for name, node in self.document.ids.items()
            if _OURS.match(name)
        }
        self.page.passages = [
            Passage(
                self.docname,
                node[doctree.INDEX],
                doctree.running_text(node),
                doctree.line_of(node),
                numbering == LETTERS,
                doctree.linked_spans(node),
                verse.numbered_lines(node),
                versions.works.get(node, work.name if work else ""),
                label.label,
                label.short,
                label.inner,
                versions.beside[node][doctree.INDEX] if node in versions.beside else None,
                has_filled=any(map(doctree.is_filled_in, node.findall(nodes.Element))),
                path=self.included(node),
            )
            for node, label in zip(passages, labelled, strict=True)
        ]
        for node, label in zip(passages, labelled, strict=True):
            if label.missing:
                message = advice.incomplete_label(numbering, label.missing[0])
                self.report_at(node, Subtype.FRONT_MATTER, message)
        self.page.parts = list(self.parts(passages))
        self.page.outside = [
            Outside(self.docname, sort, doctree.line_of(node), words, self.included(node))
            for sort, node, words in doctree.find_outside(self.document)
        ]

    def parts(self, passages: Sequence[nodes.Element]) -> Iterator[Passage]:
        """What is no passage and may be quoted: each is named by a passage beside it."""
        found = {id(node): name for name, node in doctree.find_parts(self.document)}
        waiting: list[tuple[str, nodes.Element]] = []
        last: int | None = None
        for node in self.document.findall(nodes.Element):
            if doctree.INDEX in node:
                last = node[doctree.INDEX]
                yield from (self.part(*one, last, before=True) for one in waiting)
                waiting = []
            elif id(node) in found:
                name = found[id(node)]
                if name == "heading" or last is None:
                    waiting.append((name, node))
                else:
                    yield self.part(name, node, last, before=False)
        if last is not None:
            yield from (self.part(*one, last, before=False) for one in waiting)

    def part(self, name: str, node: nodes.Element, near: int, *, before: bool) -> Passage:
        """One of them, with a number of its own."""
        number = self.count_of_parts
        self.count_of_parts += 1
        node[doctree.PART] = number
        node[doctree.DOCNAME] = self.docname
        return Passage(
            self.docname,
            number,
            doctree.running_text(node),
            doctree.line_of(node),
            work=self.page.passages[near].work,
            part=name,
            near=near,
            before=before,
        )

    def label(
        self, passages: Sequence[nodes.Element], numbering: str, versions: Parallel
    ) -> list[labels.Labelled]:
        """Label the passages, and number the lines, of the text and of each version by itself."""
        found: dict[nodes.Element, labels.Labelled] = {}
        for name in dict.fromkeys(("", *versions.works.values())):
            ours = [one for one in passages if versions.works.get(one, "") == name]
            labelled = labels.label_all(ours, numbering)
            self.number_lines(ours, [one.label for one in labelled])
            found |= zip(ours, labelled, strict=True)
        for node in versions.beside:
            if found[node].label.isdecimal() and numbering in (NUMBERS, LETTERS):
                found[node].label = ""  # which it has from what it stands beside
        return [found[node] for node in passages]

    def included(self, node: nodes.Element) -> str:
        """The file that a node was included from, by its path from the project's folder."""
        source = next((one.source for one in traverse_parent(node) if one.source), "")
        path = Path(source.partition(":")[0]) if source else self.path
        if path == self.path or not path.is_file():
            return ""
        return Path(os.path.relpath(path, self.folder)).as_posix()

    def number_lines(self, passages: Sequence[nodes.Element], labels: Sequence[str]) -> None:
        """Number the lines of a page that is verse, from where its front matter says.

        Passages that are cited by their lines are counted for each label anew.
        """
        given = str(self.metadata.get("lines", "")).strip()
        first = int(given) if given.isdecimal() and 0 < int(given) < _MOST_LINES else 1
        if any(LINE in label for label in labels):
            for label in dict.fromkeys(labels):
                verse.number_lines(
                    [one for one, its in zip(passages, labels, strict=True) if its == label], first
                )
        elif str(first) == given or (not given and verse.is_verse(passages)):
            verse.number_lines(passages, first)
        elif given not in ("", "none"):
            self.report(
                Subtype.FRONT_MATTER,
                1,
                f"lines can't begin with {given!r}: write the number of the page's first line, "
                "such as `lines: 1`, or `lines: none`",
            )
