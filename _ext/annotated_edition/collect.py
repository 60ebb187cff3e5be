"""Step 1, read: passages, notes, cross-references and glossary entries.

Runs while Sphinx reads a document, in whichever process that is, and leaves
plain data in the ``edition`` domain.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from annotated_edition import advice, checks, frontmatter, glossary, passages
from annotated_edition.documents import Part
from annotated_edition.domain import EditionDomain
from annotated_edition.frontmatter import CrossReferenceFields, FrontMatter, NoteFields
from annotated_edition.listing import ListNode
from annotated_edition.model import (
    CrossReference,
    Note,
    Passage,
    Quote,
    Reading,
    Site,
    Subtype,
)
from annotated_edition.names import read_line
from annotated_edition.nearest import did_you_mean
from annotated_edition.references import known_sources, note_source
from annotated_edition.register import RegisterNode

#: Where the front matter waits between the source and the doctree.
_FRONT = "edition_front_matter"

#: Ids that passages, notes and marks may have.
_OURS = re.compile(r"p(\d+|[a-z]{1,2})\Z|note(ref)?-")

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


def read_front_matter(app: Sphinx, docname: str, source: list[str]) -> None:
    """Cut the front matter off a note before its parser sees it (``source-read``).

    MyST would obey some of it; for MyST and reStructuredText alike the lines
    that follow keep their numbers.
    """
    domain = EditionDomain.of(app.env)
    if domain.documents.part(docname) not in (
        Part.NOTE,
        Part.CROSS_REFERENCE,
    ) and not domain.documents.untrusted(docname):
        return
    front = FrontMatter()
    try:
        text, source[0] = frontmatter.cut(source[0])
        front = frontmatter.parse(text)
    except frontmatter.FrontMatterError as error:
        domain.report(Subtype.FRONT_MATTER, docname, error.line, error.message)
        front.broken = True
    app.env.current_document[_FRONT] = front


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
        language = self.config.edition_text_language
        for index, passage in enumerate(passages.find_passages(self.document)):
            passage[passages.DOCNAME] = docname
            passage[passages.INDEX] = index
            if language and language != self.config.language:
                passage["classes"].append(f"language-{language}")


def collect(app: Sphinx, document: nodes.document) -> None:
    """Take what the edition needs out of a document (``doctree-read``)."""
    docname = app.env.current_document.docname
    reader = _Reader(app, EditionDomain.of(app.env), docname, document)
    part = reader.domain.documents.part(docname)
    if part is Part.TEXT:
        reader.text()
    elif part is Part.NOTE:
        reader.note()
    elif part is Part.CROSS_REFERENCE:
        reader.cross_reference()
    reader.everywhere()


class _Reader:
    def __init__(
        self, app: Sphinx, domain: EditionDomain, docname: str, document: nodes.document
    ) -> None:
        self.config = app.config
        self.env = app.env
        self.path = Path(app.env.doc2path(docname))
        self.metadata = app.env.metadata[docname]
        self.bibliography = "sphinxcontrib.bibtex" in app.extensions
        self.domain = domain
        self.page = domain.page(docname)
        self.front: FrontMatter = app.env.current_document.get(_FRONT) or FrontMatter()
        self.docname = docname
        self.document = document
        self.registers = 0

    def report(self, subtype: Subtype, line: int, message: str) -> None:
        self.domain.report(subtype, self.docname, line, message)

    def everywhere(self) -> None:
        """Glossary entries, lists and roles, which may stand in any document."""
        used = set()
        for node in self.document.findall(nodes.Element):
            if isinstance(node, addnodes.glossary):
                node[passages.PAGE] = self.docname
                self.page.entries += glossary.entries(self.docname, self.path, node)
            elif isinstance(node, addnodes.pending_xref):
                used |= glossary.uses(node)
            elif isinstance(node, ListNode):
                used.add(("list", node["by"]))
            elif isinstance(node, RegisterNode):
                self.register(node)
        self.page.used = sorted(used)
        part = self.domain.documents.part(self.docname)
        if part is Part.OTHER and "quote" in {**self.metadata, **self.front.data}:
            self.report(
                Subtype.FRONT_MATTER,
                1,
                "this file has a quote, but isn't among the notes: move it to a folder of "
                "notes, or add its folder to edition_notes",
            )

    def register(self, node: RegisterNode) -> None:
        node[passages.PAGE] = self.docname
        node["number"] = self.registers
        for line, text in node["lines"]:
            name = read_line(self.docname, self.registers, line, text)
            if name is not None:
                self.page.names.append(name)
                continue
            message = f"{text!r} has a form without words: write `Name; another form | remark`"
            self.report(Subtype.REGISTER, line, message)
        self.registers += 1

    def text(self) -> None:
        numbering = str(self.metadata.get("passages", "numbers"))
        if numbering not in ("numbers", "letters"):
            self.report(
                Subtype.FRONT_MATTER,
                1,
                f"passages can't be {numbering!r}: write `passages: letters`, or nothing",
            )
        self.page.ids = {
            name: passages.line_of(node)
            for name, node in self.document.ids.items()
            if _OURS.match(name)
        }
        self.page.passages = [
            Passage(
                self.docname,
                node[passages.INDEX],
                passages.running_text(node),
                passages.line_of(node),
                numbering == "letters",
                passages.linked_spans(node),
            )
            for node in passages.read_passages(self.document)
        ]

    def note(self) -> None:
        front = self.front
        fields = self.validated(front, NoteFields)
        titled = self.titled()
        if titled is None:
            return
        section, title = titled
        digest, uses = self.gist(section)
        self.page.words = passages.note_words(self.document, section)
        *_, kind, name = ("", *self.docname.split("/"))
        if not _ID.match(name):
            self.report(Subtype.FRONT_MATTER, 1, advice.bad_name(name))
            return
        if self.bibliography and not any(map(passages.cites, self.document.findall(nodes.Element))):
            self.report(
                Subtype.UNSOURCED,
                passages.line_of(section),
                "the note cites nothing: name its sources, such as {cite:p}`key`, with the key "
                "of an entry of the bibliography",
            )
        if self.config.edition_kinds and kind not in self.config.edition_kinds:
            message = advice.unknown_kind(kind, list(self.config.edition_kinds))
            self.report(Subtype.FRONT_MATTER, 1, message)
        if self.config.edition_checks:
            for line, message in checks.loaded_words(
                self.document, self.config.edition_loaded_words
            ):
                self.report(Subtype.EDITORIAL, line, message)
            for tag, message in checks.wrong_scripts(fields.names if fields else {}):
                self.report(Subtype.EDITORIAL, front.line("names", tag), message)
        if fields is None:
            return
        for siglum, reading in fields.readings.items():
            line = front.line("readings", siglum, "source")
            if reading.source and not note_source(self.env, self.docname, reading.source, line):
                self.report(
                    Subtype.DANGLING,
                    line,
                    f"the bibliography has no entry {reading.source!r}: "
                    + did_you_mean(
                        reading.source, known_sources(self.env), "correct the key, or add the entry"
                    ),
                )
        self.page.note = Note(
            id=name,
            kind=kind,
            docname=self.docname,
            title=title,
            quotes=self.quotes(front, fields),
            gist_digest=digest,
            gist_uses=uses,
            standing=fields.standing,
            see_also=tuple(fields.see_also),
            see_also_line=front.line("see-also"),
            names=tuple(fields.names.items()),
            dates=tuple(fields.dates.items()),
            sites=tuple(Site(place.name, *place.at, place.line) for place in fields.places),
            readings=tuple(
                Reading(siglum, reading.reading, reading.gloss, reading.remark, reading.source)
                for siglum, reading in fields.readings.items()
            ),
            contributors=tuple(dict.fromkeys(fields.contributors)),
            checked=fields.checked.isoformat() if fields.checked else "",
        )

    def cross_reference(self) -> None:
        front = self.front
        fields = self.validated(front, CrossReferenceFields)
        titled = self.titled()
        if titled is None or fields is None:
            return
        quotes = self.quotes(front, fields)
        if len(quotes) < 2:
            self.report(
                Subtype.FRONT_MATTER,
                front.line("quote"),
                "a cross-reference ties two places or more together: write a list, such as "
                "quote: [the old road, the new road]",
            )
        self.page.cross_reference = CrossReference(self.docname, titled[1], quotes)

    def validated(
        self, front: FrontMatter, model: type[frontmatter.Fields]
    ) -> frontmatter.Fields | None:
        if front.broken:
            return None
        fields, complaints = frontmatter.validate(front, model)
        for line, message in complaints:
            self.report(Subtype.FRONT_MATTER, line, message)
        return fields

    def quotes(
        self, front: FrontMatter, fields: NoteFields | CrossReferenceFields
    ) -> tuple[Quote, ...]:
        return tuple(
            Quote(quote.exact, quote.prefix, quote.suffix, front.line("quote", number))
            for number, quote in enumerate(fields.quote)
        )

    def titled(self) -> tuple[nodes.section, str] | None:
        """The page's section and title; without one the file is reported."""
        for section in self.document.findall(nodes.section):
            section[passages.PAGE] = self.docname
            return section, section[0].astext()
        self.report(
            Subtype.FRONT_MATTER, 1, "there is no title: start the text with a line `# Title`"
        )
        return None

    def gist(self, section: nodes.section) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Check the gist, the section's first paragraph; its digest and what it uses."""
        gist = passages.gist_of(section)
        if gist is None:
            self.report(
                Subtype.FRONT_MATTER,
                passages.line_of(section),
                "there is no gist: write a first paragraph under the title",
            )
            return "", ()
        uncited = passages.uncited_text(gist)
        self.page.gist = passages.line_of(gist), uncited
        words = len(uncited.split())
        if words > self.config.edition_gist_words:
            self.report(
                Subtype.GIST_LENGTH,
                passages.line_of(gist),
                advice.long_gist(uncited.split(), self.config.edition_gist_words),
            )
        if any(True for _ in gist.findall(nodes.footnote_reference)):
            self.report(
                Subtype.FRONT_MATTER,
                passages.line_of(gist),
                "the gist becomes a footnote and can't have footnotes: move them to the "
                "second paragraph",
            )
        return glossary.digest(gist), glossary.all_uses(gist)


def setup_reading(app: Sphinx) -> None:
    """Connect to the reading of every document."""
    # First of all: whoever looks at a note's source sees it without front matter.
    app.connect("source-read", read_front_matter, priority=1)
    app.add_transform(MarkPassages)
    app.connect("doctree-read", collect)
