"""A new note's file, as everybody begins it: the command, the pages' links and their script.

It has all but what its author must write.  What is asked for stands in comments, so
that nothing of it ever reaches a page: a draft that nobody has gone on with is a note
without a gist, and the build says so.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence

from docutils.utils import column_width
from sphinx.config import Config
from sphinx.locale import get_translation

from annotated_edition.text.anchoring import Quote

_ = get_translation("annotated_edition")

#: What every YAML takes for text without quotation marks.
_PLAIN = re.compile(
    r"(?!(?:null|true|false|yes|no|on|off|y|n)\Z)[^\W\d_][\w ,.;'’-]*(?<! )\Z", re.IGNORECASE
)

#: What Markdown, and reStructuredText, would take for their own.
_MARKDOWN = re.compile(r"([\\`*_\[\]<>{}$&])")
_RESTRUCTURED = re.compile(r"([\\`*_|])")


def draft(quote: str, title: str, config: Config, folders: Sequence[str] = ()) -> str:
    """The text of a new note's file.

    *quote* stands after ``quote:`` as it is (:func:`as_yaml`); *title* is plain text.
    *folders* are those to choose from, where nobody has chosen yet.
    """
    is_markdown = suffix_of(config) == ".md"
    # Each sentence is whole, so that it can be translated.
    if "sphinxcontrib.bibtex" in config.extensions:
        hint = _(
            "Here the gist: one or two sentences that make sense alone, %(words)d words at most, "
            "with their source, such as %(cite)s. More follows in paragraphs of its own. Nobody "
            "sees these lines: delete them."
        )
    else:
        hint = _(
            "Here the gist: one or two sentences that make sense alone, %(words)d words at most. "
            "More follows in paragraphs of its own. Nobody sees these lines: delete them."
        )
    hint %= {
        "words": config.edition_gist_words,
        "cite": "{cite:p}`key`" if is_markdown else ":cite:p:`key`",
    }
    if len(folders) > 1:
        kinds = _("The folder is the kind: %s.")
        hint += " " + kinds % ", ".join(folders)
    lines = textwrap.wrap(hint, 90, break_long_words=False, break_on_hyphens=False)
    if is_markdown:
        heading = "# " + _MARKDOWN.sub(r"\\\1", title)
        comment = "\n".join(f"% {line}" for line in lines)
    else:
        heading = _RESTRUCTURED.sub(r"\\\1", title)
        heading += "\n" + "=" * column_width(heading)
        comment = "..\n" + "\n".join(f"   {line}" for line in lines)
    return f"---\nquote:{quote}\n---\n{heading}\n\n{comment}\n"


def suffix_of(config: Config) -> str:
    """The suffix of a new note's file: Markdown's, if the project has any."""
    suffixes = list(config.source_suffix)
    return ".md" if ".md" in suffixes else str(suffixes[0])


def as_yaml(quote: Quote) -> str:
    """What follows on ``quote:`` to say *quote*: its words alone, or lines with its context."""
    said = {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
    lines = [f"\n  {name}: {scalar(words)}" for name, words in said.items() if words]
    return "".join(lines) if len(lines) > 1 else f" {scalar(quote.exact)}"


def scalar(text: str) -> str:
    """Any text as a YAML value on one line: bare where that is safe, else in quotation marks."""
    return text if _PLAIN.match(text) else json.dumps(text, ensure_ascii=False)
