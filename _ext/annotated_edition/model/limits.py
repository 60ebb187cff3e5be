"""How much strangers' files may have of what costs time or room: one table of all limits.

Each step over a stranger's file takes time that grows with it, or with the square of something
that is bounded here.  What exceeds a limit costs a warning and itself; most files stay far below.
"""

from __future__ import annotations

from typing import NamedTuple

from annotated_edition.text.control import MOST_MARKS
from annotated_edition.text.edtf import MOST_SIGNS
from annotated_edition.text.suggest import MOST_SUGGESTIONS
from annotated_edition.text.terms import MOST_HEADWORD

#: Characters of a file, and of a word (Chinese has no spaces between words): wrapping lines takes
#: time that grows with the square of a word's length.
TEXT = 200_000
WORD = 10_000

#: Pieces of a file: words between marks, links, emphases, paragraphs, lines, cells of a table …
#: Each costs every builder time, and a thousand times the room of a letter.
PIECES = 20_000

#: Pieces of one paragraph or heading: parts of Sphinx look at all of them for each.
PIECES_TOGETHER = 2_000

#: Headings of a file, and characters of one, which other pages repeat.
HEADINGS = 500
HEADING = 500

#: References to notes, terms, passages and sources in a file: each that leads nowhere is compared
#: with all that are known.
REFERENCES = 1_000

#: Deeper trees make recursive code fail; and lists in lists, and quotations, notes and so on:
#: LaTeX stops at more, and plain text has no room.
DEPTH = 100
NESTED = 6

#: Characters of a piece of code that are coloured.
CODE = 5_000

#: Mistakes of a file that are told, and as many of those that other tools find: more would hide
#: other files'.
FINDINGS = 50

#: Headwords of an entry of a glossary: Sphinx looks at all of them for each.
HEADWORDS = 100

#: Bytes of front matter, its depth (a note needs four: field, list, mapping, pair of numbers),
#: and items of a list or fields of a mapping in it.
FRONT_MATTER = 16_384
FRONT_MATTER_DEPTH = 8
ITEMS = 100

#: Lines of a stranger's list of pages, each of which is compared with all documents, and stars in
#: one, each of which multiplies the time that it takes.
ENTRIES = 1000
STARS = 2

#: Lists of pages in each other, and pages of one that other lists have, too, with all that they
#: list: Sphinx follows every way there is.
LISTS = 20
REPEATED = 1_000

#: Of a bibliography's file, of an entry with its abbreviations written out, of all of a file's.
BIBLIOGRAPHY = 4_000_000
BIBLIOGRAPHY_ENTRY = 100_000
BIBLIOGRAPHY_WRITTEN_OUT = 10_000_000
BIBLIOGRAPHY_ENTRIES = 10_000

#: Pixels (four bytes each when decoded; a page of A4 at 600 dots an inch has 35 million), and
#: bytes of a picture.
PIXELS = 50_000_000
PICTURE = 50_000_000

#: Bytes of git's ``.mailmap``, people of a commit, and commits that are looked at.
MAILMAP = 1_000_000
PEOPLE = 20
COMMITS = 100_000

#: Seconds of the processor, and bytes of memory, that reading a file may take.
SECONDS = 10
MEMORY = 500_000_000


class Limit(NamedTuple):
    """A line of the table: of what, what is counted, and how much there may be."""

    of: str
    what: str
    most: int


TABLE = (
    Limit(
        "A file",
        "mistakes that are told, and as many that other tools find; a line says how many are left",
        FINDINGS,
    ),
    Limit("", "characters", TEXT),
    Limit("", "characters of a word", WORD),
    Limit("", "marks on one letter", MOST_MARKS),
    Limit("", "pieces (paragraphs, lines, cells, links, emphases, the words between them)", PIECES),
    Limit("", "pieces of one paragraph or heading", PIECES_TOGETHER),
    Limit("", "headings", HEADINGS),
    Limit("", "characters of a heading; what follows is cut off", HEADING),
    Limit("", "references to notes, terms, passages and sources", REFERENCES),
    Limit("", "levels of the tree that is made of it", DEPTH),
    Limit("", "lists and quotations in each other", NESTED),
    Limit("", "characters of a piece of code that are coloured", CODE),
    Limit("", "mistakes for which a suggestion is looked for", MOST_SUGGESTIONS),
    Limit("", "seconds of the processor to read it", SECONDS),
    Limit("", "bytes of memory to read it", MEMORY),
    Limit("Front matter", "bytes", FRONT_MATTER),
    Limit("", "levels", FRONT_MATTER_DEPTH),
    Limit("", "items of a list, fields of a mapping", ITEMS),
    Limit("", "characters of a date", MOST_SIGNS),
    Limit("A name or term", "characters that are looked for", MOST_HEADWORD),
    Limit("An entry of a glossary", "headwords", HEADWORDS),
    Limit("A list of pages", "lines", ENTRIES),
    Limit("", "stars in a line", STARS),
    Limit("", "lists in each other", LISTS),
    Limit("", "pages of lists that other pages list, too", REPEATED),
    Limit("The bibliography", "bytes of a file", BIBLIOGRAPHY),
    Limit("", "entries of a file", BIBLIOGRAPHY_ENTRIES),
    Limit("", "characters of an entry, its abbreviations written out", BIBLIOGRAPHY_ENTRY),
    Limit("", "characters of all entries, likewise", BIBLIOGRAPHY_WRITTEN_OUT),
    Limit("A picture", "bytes", PICTURE),
    Limit("", "pixels", PIXELS),
    Limit("The history of git", "commits that are looked at", COMMITS),
    Limit("", "people of a commit", PEOPLE),
    Limit("", "bytes of `.mailmap`", MAILMAP),
)


def as_table() -> str:
    """The limits as a Markdown table."""
    lines = ["| Of | | At most |", "| --- | --- | ---: |"]
    lines += [f"| {limit.of} | {limit.what} | {limit.most:,} |" for limit in TABLE]
    return "\n".join(lines)
