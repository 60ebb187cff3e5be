"""The words of the edition as data: passages, quotes, notes, anchors.

Everything here is frozen and plain, so that it can be pickled with Sphinx's
environment, merged between parallel readers, compared and hashed.  ``exact``,
``prefix`` and ``suffix`` are the names of the W3C Web Annotation Data Model's
TextQuoteSelector (https://www.w3.org/TR/annotation-model/#text-quote-selector).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import TYPE_CHECKING

from annotated_edition.text.anchoring import Quote
from annotated_edition.text.words import Day, LanguageTag, NoteId, Siglum, Words

if TYPE_CHECKING:
    from dulwich.objects import ObjectID


#: What a field holds that isn't filled in.
NOTHING = Words()
NO_DAY = Day()


class Subtype(Enum):
    """The subtypes of the extension's warnings, whose type is ``edition``.

    Each has its cause and its cure, in Markdown: the tables of warnings are made of them.
    """

    cause: str
    cure: str

    def __new__(cls, name: str, cause: str, cure: str) -> Subtype:
        """A member whose value is its *name*, as it stands in the warning."""
        member = object.__new__(cls)
        member._value_ = name
        member.cause, member.cure = cause, cure
        return member

    FRONT_MATTER = (
        "front-matter",
        "Between the lines `---` a field is misspelt, missing or malformed. Or the note has no "
        "title, no first paragraph, a footnote in the first paragraph, or a file name that "
        "can't be its name. Or a place lies outside the map or at `[0, 0]`, a day hasn't come, two "
        "people are written as one, a reading has the text's own words.",
        "Change the line as the warning says. Put texts with `:` or `#` between quotation marks.",
    )
    STRUCTURE = (
        "structure",
        "Two versions stand in the file, with git's conflict markers. Or a note isn't built as "
        "notes are: text before its title, a second title, a list or code "
        "where the gist should stand, the template's own title, another note named by its number, "
        "a heading with nothing under it.",
        "Write the title, the gist, then the rest, each a paragraph at the margin.",
    )
    MARKUP = (
        "markup",
        "Something looks like a citation, a link or a role, and would be printed as it is: "
        "pandoc's or LaTeX's citations, reStructuredText in Markdown, a bare address. Or a link "
        "names no host, a citation one source twice; `{edition:part}` stands where no line of "
        "verse goes on.",
        "Write it as the warning says.",
    )
    QUOTE_NOT_FOUND = (
        "quote-not-found",
        "The text doesn't have these words, or not between this `prefix` and `suffix`.",
        "Copy the words from the page. The warning shows the nearest wording.",
    )
    QUOTE_AMBIGUOUS = (
        "quote-ambiguous",
        "The words occur more than once.",
        "Paste one of the lines that the warning lists, or quote more words.",
    )
    DUPLICATE_NOTE = (
        "duplicate-note",
        "Two notes have the same name, or a note quotes the same place twice. The name "
        "`silk-road-2` is also taken where a note `silk-road` has a second quote. Or two "
        "cross-references tie the same places together, or two files give one label.",
        "Rename the file or the label, or delete the second quote or cross-reference.",
    )
    COLLATION = (
        "collation",
        "A page of the text differs from the copy-text.",
        "Restore the words of the copy-text on the page. Neither is ever corrected: say in a "
        "note what is odd.",
    )
    GIST_LENGTH = (
        "gist-length",
        "The note's first paragraph has more words than `edition_gist_words` allows.",
        "Shorten it; move the rest into a second paragraph.",
    )
    UNSOURCED = (
        "unsourced",
        "The note cites nothing.",
        "Name a source: `` {cite:p}`key` ``.",
    )
    SOURCE = (
        "source",
        "An entry of the bibliography can't be read, lacks a field, or has the key of another. Or "
        "it says what can't be so: a year to come, pages backwards, an ISBN or ISSN with a slip.",
        "Change the line as the warning says. The other entries stand.",
    )
    UNUSED_TERM = (
        "unused-term",
        "The text never uses this glossary term.",
        "Add the form that it does use, on a line of its own above the definition, or delete "
        "the entry.",
    )
    UNUSED_NAME = (
        "unused-name",
        "A name of a register stands neither in the text nor in a note.",
        "Add the form that they do use, or delete the line.",
    )
    REGISTER = (
        "register",
        "A line of a register has a form without words, or a form that another name already has.",
        "Give each name forms of its own.",
    )
    GLOSSARY = (
        "glossary",
        "A line of a glossary can't be read: a definition that isn't indented, a headword "
        "without one, an entry outside the directive.",
        "Write each headword at the margin and what it means below, indented by two spaces, with "
        "an empty line between two entries.",
    )
    DANGLING = (
        "dangling",
        "Something points to a note, a passage or a page that isn't there, or a page of the "
        "text is in no toctree.",
        "Correct the name, or add what is missing. Add the page to a toctree.",
    )
    EDITORIAL = (
        "editorial",
        "With `edition_checks`, what an editor would send back: a word that praises or takes a "
        "side, two gists that begin alike, two notes with one title, a gist that repeats its "
        "title or quote, a quote that is a long passage from end to end, a name in the wrong "
        "letters, a source that nothing "
        "cites, a passage without a note, `http` where `https` is known; a source that has no "
        "date, or plain `http`, and gives no `reason`; two sources with one address.",
        "Write what the warning says.",
    )
    UNSAFE = (
        "unsafe",
        "The file asks for something that untrusted files may not do: HTML, scripts, other "
        "files, pictures from elsewhere, a directive or role that isn't allowed. Or it isn't "
        "UTF-8 text, has too much of something, or takes too long to read.",
        "Write it in plain Markdown; make several files of one that is too large.",
    )
    MORE = (
        "more",
        "The file has more mistakes than are told at once.",
        "Mend those that are told; the next are told then.",
    )
    PDF = (
        "pdf",
        "The printed book couldn't be set as it should: a character that no font has, a picture "
        "without a description, a note on another page than its mark.",
        "Replace the character; describe the picture. A note that moved to the next page usually "
        "moves back with the next change of the text.",
    )
    FORMULA = (
        "formula",
        "A formula has a command or an environment that isn't known, or can't be read.",
        "Write it in the TeX that latex2mathml knows.",
    )
    POLICY = (
        "policy",
        "A page of the theme `edition` holds something that its Content-Security-Policy stops, and "
        "that no setting names.",
        "Do what the warning says, or name what the page needs in the theme's option `policy`.",
    )
    EPUB = (
        "epub",
        "A page is unfit for e-readers: its raw HTML is no XML, or a link leads to something "
        "that isn't in the book.",
        "Correct the link; close every element.",
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake to report: what, in which document, on which line (from 1).

    ``docname`` may also be the path of a file that is no document, such as
    ``conf.py`` (line 0: the whole file).  What is missing, such as a mention, may stand in a
    file that was set aside: while any is, an ``absence`` isn't reported.
    """

    subtype: Subtype
    docname: str
    line: int
    message: str
    absence: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the base text, as it was read.

    ``text`` is its running text (typography as on the page), ``index`` its
    place among the passages of the document, from 0.
    """

    docname: str
    index: int
    text: str
    line: int
    lettered: bool = False
    #: Stretches of the text that are links already, where no term is linked.
    links: tuple[tuple[int, int], ...] = ()
    #: Of a verse: where each numbered line begins in the text, and its number.
    lines: tuple[tuple[int, int], ...] = ()
    #: The work that it belongs to, of those that the project names.
    work: str = ""
    #: Its own label, where it has one; :data:`~annotated_edition.text.labels.LINE` stands for the
    #: number of a line.
    label: str = ""
    #: What of that stands beside the passage, where headings say the rest; else nothing.
    short: str = ""
    #: Of what has several labels, as verses of scripture in one paragraph: where each begins.
    inner: tuple[tuple[int, str], ...] = ()
    #: Of a version: the index of the passage beside which it stands.
    beside: int | None = None
    #: Of what is no passage, and may be quoted as if it were one: which part of the text it is.
    part: str = ""
    #: The index of the passage that this part is named by; ``before`` if it stands before that.
    near: int | None = None
    before: bool = False
    #: Whether a reference in it shows what Sphinx fills in, such as “Fig. 1”.
    has_filled: bool = False
    #: The file that it was included from, by its path from the project's folder.
    path: str = ""


@dataclass(frozen=True, slots=True)
class Outside:
    """Words on a page of the text that no note can quote: ``sort`` is "a table" or the like."""

    docname: str
    sort: str
    line: int
    text: str
    #: The file that it was included from, by its path from the project's folder.
    path: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What another version, named by its siglum, has in place of the quoted words.

    ``gloss`` is what that means, literally; ``remark`` is the editors'.
    """

    siglum: Siglum
    reading: Words
    gloss: Words = NOTHING
    remark: Words = NOTHING
    source: Words = NOTHING


@dataclass(frozen=True, slots=True)
class Site:
    """A place that a note names, by WGS84 latitude and longitude in degrees.

    With ``line`` it is a point of a route, which joins the note's points in order.
    """

    name: Words
    latitude: float
    longitude: float
    line: bool = False
    #: The line of the file that says where it is.
    at_line: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """A note as its file gives it; ``gist_digest`` stands for the gist's content."""

    id: NoteId
    kind: str
    docname: str
    title: Words
    quotes: tuple[Quote, ...]
    gist_digest: str = ""
    standing: str = "documented"
    see_also: tuple[NoteId, ...] = ()
    see_also_line: int = 1
    names: tuple[tuple[LanguageTag, Words], ...] = ()
    #: EDTF date and what happened then.
    dates: tuple[tuple[Words, Words], ...] = ()
    sites: tuple[Site, ...] = ()
    readings: tuple[Reading, ...] = ()
    #: Names that the file gives; its history may know more.
    contributors: tuple[Words, ...] = ()
    checked: Day = NO_DAY


@dataclass(frozen=True, slots=True)
class CrossReference:
    """Two or more places of the text tied together under a title."""

    docname: str
    title: Words
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A glossary entry: its headwords with their ids, aliases after the first.

    ``digest`` stands for what the whole entry says.
    """

    docname: str
    line: int
    terms: tuple[tuple[str, str], ...]
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What a document gives a name of its own, to link to: its id there, title and line.

    Without a title only links with words of their own lead to it.
    """

    id: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class NoteWords:
    """What a note says, paragraph after paragraph, without its citations."""

    title: str
    gist: str
    body: str


@dataclass(frozen=True, slots=True)
class Name:
    """A line of a register: the head, and the further forms that mention the same.

    ``register`` counts the registers of the document, from 0; ``hidden`` are
    forms that are found, but not shown.
    """

    docname: str
    register: int
    line: int
    head: Words
    forms: tuple[Words, ...] = ()
    hidden: tuple[Words, ...] = ()
    #: The id of the note whose subject this is.
    note: str = ""
    remark: Words = NOTHING


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One person's part in one commit: when (seconds since 1970), the day there, and a name.

    The name is what stands before the e-mail address, as ``.mailmap`` corrects
    it; the address itself is never kept.
    """

    when: int
    day: Day
    name: Words


@dataclass
class History:
    """All changes of the files asked for, up to one commit."""

    #: What was read: the commit, ``.mailmap``, and the question.
    head: ObjectID | None = None
    basis: str = ""
    changes: dict[str, list[Change]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revision:
    """A later change: the day (YYYY-MM-DD) of the last by this person, and a name or ""."""

    day: Day
    name: Words


@dataclass(frozen=True, slots=True)
class Credit:
    """Who wrote a note, the day it first stood in the repository, and its revisions.

    All may be empty: no names, no history.
    """

    writers: tuple[Words, ...] = ()
    written: Day = NO_DAY
    revisions: tuple[Revision, ...] = ()

    @property
    def names(self) -> tuple[Words, ...]:
        """Everybody, each once, writers first."""
        revisers = (revision.name for revision in self.revisions)
        return tuple(dict.fromkeys(filter(None, (*self.writers, *revisers))))

    @property
    def revised(self) -> Day:
        """The day of the last revision, or nothing."""
        return self.revisions[-1].day if self.revisions else NO_DAY


@dataclass(slots=True)
class Page:
    """What one document gave when it was read."""

    passages: list[Passage] = field(default_factory=list)
    #: Headings, cells and the like, which may be quoted, too.
    parts: list[Passage] = field(default_factory=list)
    outside: list[Outside] = field(default_factory=list)
    #: Ids of a base-text page that might be those of passages, notes or marks: the
    #: files that they were included from, or nothing, and their lines there.
    ids: dict[str, tuple[str, int]] = field(default_factory=dict)
    note: Note | None = None
    #: The line of a note's title.
    title_line: int = 1
    #: The line and the words, without citations, of a note's gist.
    gist: tuple[int, str] = (1, "")
    #: The gist itself, for the pages that show it: its nodes, pickled, as Sphinx keeps documents.
    gist_nodes: bytes = b""
    cross_reference: CrossReference | None = None
    entries: list[GlossaryEntry] = field(default_factory=list)
    #: By their names, as links write them.
    labels: dict[str, Label] = field(default_factory=dict)
    names: list[Name] = field(default_factory=list)
    words: NoteWords | None = None
    #: Whether it can't be judged for what was reported already: nothing more is.
    set_aside: bool = False
    #: Mistakes found at read, kept so that every build reports them.
    problems: list[Problem] = field(default_factory=list)


def layout() -> int:
    """A number that changes with the fields of what is pickled.

    Slotted classes are pickled by position: an environment of other fields must
    be read anew.
    """
    shapes = [
        (kind.__name__, [(one.name, str(one.type)) for one in fields(kind)])
        for kind in (
            *(Problem, Passage, Outside, Quote, Reading, Site, Note),
            *(CrossReference, GlossaryEntry, Label, NoteWords, Name, Page),
            *(Change, History),
        )
    ]
    return zlib.crc32(repr(shapes).encode())
