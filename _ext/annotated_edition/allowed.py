"""The allow-lists for commentary from strangers.

What isn't named here is refused: a directive that nobody has thought of yet is
refused until somebody has.
"""

from __future__ import annotations

import re

#: Link schemes; links within the edition have none.
SCHEMES = frozenset({"http", "https", "mailto"})

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
    ]
)

#: Roles: text, and references within the edition.
ROLES = frozenset(
    (
        "abbr abbreviation any cite code dfn doc emphasis literal numref ref samp strong sub "
        "subscript sup superscript term title title-reference std:doc std:ref std:term"
    ).split()
)

#: Domains all of whose roles are references.
ROLE_DOMAINS = ("cite:", "edition:")

#: Nodes, by the names of their classes.
NODES = frozenset(
    [
        *_ADMONITIONS,
        # structure
        *("document section title subtitle rubric transition paragraph compact_paragraph").split(),
        *("bullet_list enumerated_list list_item definition_list definition_list_item").split(),
        *("term classifier definition block_quote attribution line_block line glossary").split(),
        *("field_list field field_name field_body docinfo option_list centered").split(),
        *("table tgroup colspec thead tbody row entry tabular_col_spec").split(),
        *("figure caption legend image literal_block versionmodified").split(),
        *("footnote label citation target index").split(),
        # words
        *("emphasis strong literal inline abbreviation subscript superscript").split(),
        *("title_reference literal_strong literal_emphasis footnote_reference").split(),
        *("citation_reference reference pending_xref number_reference").split(),
        # docutils' own complaints
        *("problematic system_message generated").split(),
    ]
)

#: A scheme, once white space and control characters are out of the way, which
#: browsers ignore inside addresses.
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def is_allowed_link(uri: str) -> bool:
    """Whether an address is of an allowed scheme, or of none."""
    scheme = _SCHEME.match(re.sub(r"[\x00-\x20\x7f-\x9f]+", "", uri))
    return scheme is None or scheme.group(1).lower() in SCHEMES
