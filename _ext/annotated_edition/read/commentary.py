"""Reading a file of commentary, a note or a cross-reference: its fields, title and gist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from annotated_edition.anchor import advice, editorial_checks
from annotated_edition.bibliography.queries import note_source
from annotated_edition.domain import EditionDomain
from annotated_edition.model.records import (
    NO_DAY,
    CrossReference,
    Note,
    Problem,
    Reading,
    Site,
    Subtype,
)
from annotated_edition.read import doctree, field_checks, glossary, misspelt, structure
from annotated_edition.read.frontmatter import FrontMatter
from annotated_edition.read.note_fields import CrossReferenceFields, Fields, NoteFields, validate
from annotated_edition.text.anchoring import Quote
from annotated_edition.text.control import brief
from annotated_edition.text.seen import seen
from annotated_edition.text.sorting import letters_of
from annotated_edition.text.words import Day, NoteId, Words

_ = get_translation("annotated_edition")

#: What stands between quotation marks is somebody else's word.
_QUOTED = re.compile('“[^“”]*”|‘[^‘’]*’|«[^«»]*»|"[^"]*"')


class CommentaryReader:
    """Reads the document that Sphinx has just parsed, whose front matter was *front*.

    What it says is added to its page in the domain, what is wrong with it reported.
    """

    def __init__(self, app: Sphinx, document: nodes.document, front: FrontMatter) -> None:
        self.config = app.config
        self.env = app.env
        self.docname = app.env.current_document.docname
        self.document = document
        self.front = front
        self.source = seen(Path(app.env.doc2path(self.docname)).read_text("utf-8", "replace"))
        self.is_markdown = self._suffix(app) not in (".rst", ".txt")
        self.domain = EditionDomain.of(app.env)
        self.page = self.domain.page(self.docname)
        self.bibliography = "sphinxcontrib.bibtex" in app.extensions

    def _suffix(self, app: Sphinx) -> str:
        """The suffix of the document's file."""
        return Path(app.env.doc2path(self.docname)).suffix

    def note(self) -> None:
        """Read a note."""
        front = self.front
        *_, kind, name = ("", *self.docname.split("/"))
        if self.config.edition_kinds and kind not in self.config.edition_kinds:
            others = [
                glob.split("/")[-2] for glob in self.config.edition_cross_references if "/" in glob
            ]
            message = advice.unknown_kind(kind, [*self.config.edition_kinds, *others])
            problem = Problem(Subtype.FRONT_MATTER, self.docname, 1, message)
            self.domain.set_aside(self.docname, problem)
            return
        fields = self._validated(front, NoteFields)
        titled = self._titled()
        for line, message in (
            *misspelt.find(self.document, self.source, self.is_markdown),
            *misspelt.slips(self.document),
        ):
            self._report(Subtype.MARKUP, line, message)
        if titled is None:
            return
        section, title = titled
        self.page.title_line = doctree.line_of(section)
        self._check_structure()
        digest = self._gist(section)
        self.page.words = doctree.note_words(self.document, section)
        if not NoteId.fits(name):
            self._report(Subtype.FRONT_MATTER, 1, advice.bad_name(name))
            return
        if not any(one.subtype is Subtype.MARKUP for one in self.page.problems):
            self._check_sources(section)
        if message := advice.device(name):
            self._report(Subtype.FRONT_MATTER, 1, message)
        if self.config.edition_checks:
            self._check_style(fields, title)
        if fields is None:
            return
        self._check_fields(fields)
        self._cite_readings(fields)
        self.page.note = Note(
            id=NoteId(name),
            kind=kind,
            docname=self.docname,
            title=title,
            quotes=self._quotes(front, fields),
            gist_digest=digest,
            standing=fields.standing,
            see_also=tuple(fields.see_also),
            see_also_line=front.line("see-also"),
            names=tuple(fields.names.items()),
            dates=tuple(fields.dates.items()),
            sites=tuple(
                Site(place.name, *place.at, place.line, front.line("places", number, "at"))
                for number, place in enumerate(fields.places)
            ),
            readings=tuple(
                Reading(siglum, reading.reading, reading.gloss, reading.remark, reading.source)
                for siglum, reading in fields.readings.items()
            ),
            contributors=tuple(dict.fromkeys(fields.contributors)),
            checked=Day(fields.checked.isoformat()) if fields.checked else NO_DAY,
        )

    def cross_reference(self) -> None:
        """Read a cross-reference."""
        front = self.front
        fields = self._validated(front, CrossReferenceFields)
        titled = self._titled()
        if titled is None or fields is None:
            return
        self._check_day(fields)
        quotes = self._quotes(front, fields)
        if len(quotes) < 2:
            self._report(
                Subtype.FRONT_MATTER,
                front.line("quote"),
                "a cross-reference ties two places or more together: write a list, such as "
                "quote: [the old road, the new road]",
            )
        self.page.cross_reference = CrossReference(self.docname, titled[1], quotes)

    def _report(self, subtype: Subtype, line: int, message: str) -> None:
        self.domain.report(subtype, self.docname, line, message)

    def _check_structure(self) -> None:
        templates = [str(_("Title")), "Title", "Untitled"] if self.is_markdown else []
        found = [*structure.faults(self.document, self.source, templates, self.is_markdown)]
        if self.config.edition_checks:
            found += structure.backwards(self.document, self.is_markdown)
        for line, message in found:
            self._report(Subtype.STRUCTURE, line, message)

    def _check_fields(self, fields: NoteFields) -> None:
        """What is well written and can't be so."""
        found = [
            (self.front.line("dates", written), message)
            for written, message in field_checks.future_days(fields.dates, _today())
        ]
        self._check_day(fields)
        for number, name in enumerate(fields.contributors):
            if people := field_checks.several_people(name):
                found.append(
                    (
                        self.front.line("contributors", number),
                        f"`contributors` has {len(people)} people in one name: write each by "
                        f"themselves, [{brief(', '.join(people))}]",
                    )
                )
        for number, place in enumerate(fields.places):
            if not any(place.at):
                found.append(
                    (
                        self.front.line("places", number, "at"),
                        "`places.at`: at [0, 0] is open sea: write the latitude and longitude of "
                        f"{brief(place.name)}, or leave the place out",
                    )
                )
        quotes = [quote.exact for quote in fields.quote]
        for siglum, reading in fields.readings.items():
            # With a remark it may be the point that this version agrees.
            if not reading.remark and field_checks.same_as_text(reading.reading, quotes):
                found.append(
                    (
                        self.front.line("readings", siglum, "reading"),
                        f"`readings`: {siglum} has the words of the text itself: write its own, or "
                        "leave it out",
                    )
                )
        for tag in fields.names:
            if message := field_checks.unknown_language(str(tag)):
                found.append((self.front.line("names", tag), message))
        for line, message in found:
            self._report(Subtype.FRONT_MATTER, line, message)

    def _check_day(self, fields: NoteFields | CrossReferenceFields) -> None:
        if fields.checked and (message := field_checks.future_check(fields.checked, _today())):
            self._report(Subtype.FRONT_MATTER, self.front.line("checked"), message)

    def _check_sources(self, section: nodes.section) -> None:
        if self.bibliography and not any(map(doctree.cites, self.document.findall(nodes.Element))):
            self._report(
                Subtype.UNSOURCED,
                doctree.line_of(section),
                "the note cites nothing: name its sources, such as {cite:p}`key`, with the key "
                "of an entry of the bibliography",
            )

    def _repeated(self, gist: str, title: str, fields: NoteFields) -> str:
        """What a gist repeats word for word, if anything."""
        said = letters_of(gist).split()
        if said and said == letters_of(title).split():
            return "title"
        quotes = [letters_of(quote.exact).split() for quote in fields.quote]
        return "quote" if said in quotes and said else ""

    def _check_style(self, fields: NoteFields | None, title: str) -> None:
        for line, message in loaded_words(self.document, self.config.edition_loaded_words):
            self._report(Subtype.EDITORIAL, line, message)
        line, gist = self.page.gist
        if fields and (what := self._repeated(gist, title, fields)):
            message = f"the gist repeats its {what}: say something of it"
            self._report(Subtype.EDITORIAL, line, message)
        names = {str(tag): form for tag, form in fields.names.items()} if fields else {}
        for tag, message in editorial_checks.wrong_scripts(names):
            self._report(Subtype.EDITORIAL, self.front.line("names", tag), message)

    def _cite_readings(self, fields: NoteFields) -> None:
        """Have the bibliography hold what versions of the text are quoted from."""
        for siglum, reading in fields.readings.items():
            line = self.front.line("readings", siglum, "source")
            if reading.source:
                note_source(self.env, self.docname, reading.source, line)

    def _validated(self, front: FrontMatter, model: type[Fields]) -> Fields | None:
        if front.broken:
            return None
        fields, complaints = validate(front, model)
        for line, message in complaints:
            self._report(Subtype.FRONT_MATTER, line, message)
        return fields

    def _quotes(
        self, front: FrontMatter, fields: NoteFields | CrossReferenceFields
    ) -> tuple[Quote, ...]:
        return tuple(
            Quote(
                quote.exact,
                quote.prefix,
                quote.suffix,
                front.line("quote", number),
                quote.scope or fields.scope,
            )
            for number, quote in enumerate(fields.quote)
        )

    def _titled(self) -> tuple[nodes.section, Words] | None:
        """The page's section and title; without one the file is reported."""
        for section in self.document.findall(nodes.section):
            if doctree.UNTITLED in section:
                break
            section[doctree.PAGE] = self.docname
            return section, Words(section[0].astext())
        self._report(Subtype.FRONT_MATTER, *structure.without_title(self.source, self.is_markdown))
        return None

    def _gist(self, section: nodes.section) -> str:
        """Check the gist, the section's first paragraph; a digest of it."""
        gist = doctree.gist_of(section)
        if gist is None:
            if any(one.subtype is Subtype.STRUCTURE for one in self.page.problems):
                return ""  # it stands elsewhere, which was told
            self._report(
                Subtype.FRONT_MATTER,
                doctree.line_of(section),
                "there is no gist: write a first paragraph under the title",
            )
            return ""
        uncited = doctree.uncited_text(gist)
        self.page.gist = doctree.line_of(gist), uncited
        words = len(uncited.split())
        if words > self.config.edition_gist_words:
            self._report(
                Subtype.GIST_LENGTH,
                doctree.line_of(gist),
                advice.long_gist(uncited.split(), self.config.edition_gist_words),
            )
        if any(True for _ in gist.findall(nodes.footnote_reference)):
            self._report(
                Subtype.FRONT_MATTER,
                doctree.line_of(gist),
                "the gist becomes a footnote and can't have footnotes: move them to the "
                "second paragraph",
            )
        return glossary.digest(gist)


def _today() -> date:
    """The last day that has begun anywhere."""
    return datetime.now(tz=UTC).date() + timedelta(days=1)


def loaded_words(document: nodes.document, words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Words of the list outside quotation marks: the line (from 1) and what to do."""
    if not words:
        return
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
    for paragraph in document.findall(nodes.paragraph):
        for match in pattern.finditer(_QUOTED.sub("", doctree.running_text(paragraph))):
            yield (
                paragraph.line or 1,
                f"{match.group()!r} takes a side or praises: say what the sources say, "
                "or quote whose word it is",
            )
