"""The allow-lists for commentary from strangers.

What isn't named here is refused: a directive that nobody has thought of yet is
refused until somebody has.
"""

from __future__ import annotations

import html
import re

from annotated_edition.model import limits
from annotated_edition.text.addresses import SCHEME, is_allowed_link
from annotated_edition.text.control import MOST_MARKS, crowded

#: Schemes of MyST's own, for documents and things in them, here and in editions
#: that conf.py names.
MYST_SCHEMES = ("project:", "inv:")

#: A word longer than one may be; it is looked for where words begin.
_LONG_WORD = re.compile(rf"(?<![!-\u2e7f])[!-\u2e7f]{{{limits.WORD}}}")

#: Suffixes of images. SVG is a program, too.
IMAGES = frozenset({".gif", ".jpeg", ".jpg", ".png", ".webp"})

#: Extensions of MyST's syntax that only shape text.
MYST_EXTENSIONS = frozenset(
    {"colon_fence", "deflist", "replacements", "smartquotes", "strikethrough"}
)

_ADMONITIONS = (
    "admonition attention caution danger error hint important note seealso tip warning"
).split()

#: Directives: text in other shapes, and nothing that reads, runs or styles.
DIRECTIVES = frozenset(
    [
        *_ADMONITIONS,
        *("centered epigraph eval-rst figure glossary highlights image line-block").split(),
        *("list-table pull-quote rubric table versionadded versionchanged").split(),
        # A register's lines are text, and what comes of them are links within the edition.
        "edition:register",
    ]
)

#: Directives of pages that list others, such as index pages; no note has any.  ``toctree`` is
#: replaced by one that lists pages of the same folder alone.
LIST_DIRECTIVES = frozenset(
    {"toctree", "edition:notes", "edition:chronology", "edition:map", "bibliography"}
)

#: Options of a stranger's ``bibliography``, which has no arguments (files) and no content: a
#: filter is a program.
BIBLIOGRAPHY_OPTIONS = frozenset({"all", "cited", "notcited"})

#: Options of a stranger's ``toctree``: what shapes the list, and nothing that numbers or styles.
TOCTREE_OPTIONS = frozenset({"caption", "glob", "hidden", "maxdepth", "reversed", "titlesonly"})

#: Roles: text, and references within the edition.  The one without a name is
#: reStructuredText's default, which conf.py chooses.
ROLES = frozenset(
    [
        "",
        *("abbr abbreviation any cite code dfn doc emphasis literal numref ref samp").split(),
        *("strong sub subscript sup superscript term title title-reference").split(),
        *("std:doc std:ref std:term").split(),
    ]
)

#: Those that notes need, for who misspells one.
COMMON_ROLES = ("cite:p", "cite:t", "edition:note", "edition:passage", "edition:name", "term")

#: Domains all of whose roles are references.
ROLE_DOMAINS = ("cite:", "edition:")

#: Languages in which code is coloured, beside none: those whose lexers (Pygments') were seen to
#: take time that grows with the code alone.  Some take its square, or never end.
LEXERS = frozenset(
    "bash bibtex css default diff html javascript json latex markdown md none"
    " python rst sql tex text toml xml yaml".split()
)

#: Nodes, by the names of their classes.
NODES = frozenset(
    [
        *_ADMONITIONS,
        # structure
        *("document section title subtitle rubric transition paragraph compact_paragraph").split(),
        *("bullet_list enumerated_list list_item definition_list definition_list_item").split(),
        *("term classifier definition block_quote attribution line_block line glossary").split(),
        *("field_list field field_name field_body centered").split(),
        *("table tgroup colspec thead tbody row entry tabular_col_spec").split(),
        *("figure caption legend image literal_block versionmodified").split(),
        *("footnote label target index RegisterNode").split(),
        # words
        *("emphasis strong literal inline abbreviation subscript superscript").split(),
        *("title_reference literal_strong literal_emphasis footnote_reference").split(),
        *("reference pending_xref number_reference").split(),
        # docutils' own complaints
        *("problematic system_message generated").split(),
    ]
)

#: And those of pages that list others.
LIST_NODES = frozenset(
    {"bibliography", "compound", "toctree", "ListNode", "ChronologyNode", "MapNode"}
)

#: What MyST writes raw of its own, for hard breaks and words struck out; nobody
#: else can, since the directive and the role ``raw`` are refused.
RAW = frozenset({("html", "<br />\n"), ("latex", "\\\\\n"), ("html", "<s>"), ("html", "</s>")})

#: Classes: those that parsers, directives and roles give of their own accord.
_CLASSES = re.compile(
    r"simple|myst|glossary|toctree-wrapper|colwidths-(auto|given)|text-(left|right|center)|footnotes"
    r"|epigraph|highlights|pull-quote|admonition-[a-z0-9-]*|versionmodified|added|changed|deprecated"
)
_ROLE_CLASSES = re.compile(
    r"xref|any|doc|download|ref|term|code|dfn|samp|(std|cite|edition)(-[a-z]+)?"
)

#: Attributes that are measures or numbers.
MEASURES = frozenset({"height", "scale", "start", "width"})
_MEASURE = re.compile(r"\d{1,4}(\.\d{1,4})? ?[a-z%]{0,3}")

#: Ids that the edition gives, and names that Sphinx does: who links to one means
#: that, and no note's.
_RESERVED = re.compile(
    r"p\d+|p[a-z]{1,2}|(note|noteref|here|source|layer|register)-.*|content|citation|keys|layers|peek"
    r"|index|search|genindex|modindex|py-modindex|root|unreadable"
)


#: Names of image files.  LaTeX would obey others.
_FILE = re.compile(r"[\w./ -]+")


def too_long(text: str) -> tuple[int, str] | None:
    """What makes a file's text too long to be read, if anything does, and where (an offset)."""
    if len(text) > limits.TEXT:
        return 0, f"it is longer than {limits.TEXT:,} characters"
    if word := _LONG_WORD.search(text):
        return word.start(), f"it has a word of {limits.WORD:,} letters"
    # Character references make marks, too.
    for written in (text, html.unescape(text)) if "&" in text else (text,):
        if (at := crowded(written)) is not None:
            return at if written is text else 0, f"a letter has more than {MOST_MARKS} marks"
    return None


def is_strangers_link(uri: str) -> bool:
    """Whether an address is of an allowed scheme, or an id.

    Others lead to files, in a PDF to the reader's own; pages of the edition are
    linked by their documents.
    """
    return (
        not uri or uri.startswith("#") or (SCHEME.match(uri) is not None and is_allowed_link(uri))
    )


def is_allowed_template(words: str) -> bool:
    """Whether words with a number to fill in have nothing else to fill in."""
    return re.search("[{}%]", re.sub(r"\{(?:number|name)\}|%s", "", words)) is None


def is_allowed_file(path: str) -> bool:
    """Whether an image's name is plain."""
    return _FILE.fullmatch(path) is not None


def is_allowed_class(name: str, of_role: bool) -> bool:
    """Whether a class is one that no stranger chose."""
    return bool(_CLASSES.fullmatch(name) or (of_role and _ROLE_CLASSES.fullmatch(name)))


def is_allowed_measure(value: str) -> bool:
    """Whether a width, a number to begin at or the like is below ten thousand."""
    return _MEASURE.fullmatch(value) is not None


def is_reserved(name: str) -> bool:
    """Whether a target's name or id is the edition's own."""
    return _RESERVED.fullmatch(name) is not None
