"""Links from page to page, for any builder."""

from __future__ import annotations

from dataclasses import replace

from docutils import nodes
from sphinx.builders import Builder
from sphinx.errors import NoUri
from sphinx.locale import get_translation
from sphinx.util.nodes import make_refnode

from annotated_edition.domain.text_nodes import text
from annotated_edition.model.edition import QuotedPlace
from annotated_edition.text.labels import LINE, in_range
from annotated_edition.text.words import Words

_ = get_translation("annotated_edition")

#: What is no passage, in words.
_PARTS = {
    "heading": _("heading"),
    "caption": _("caption"),
    "term": _("term"),
    "attribution": _("attribution"),
    "table": _("table"),
    "footnote": _("footnote"),
}

#: Set on a link to a passage for the sake of words in it: the passage's document and id, what
#: stands before the words, and the words.
QUOTED = "edition_quoted"


def link(
    builder: Builder,
    onto: str,
    docname: str,
    anchor: str,
    content: nodes.Node,
    title: str | None = None,
) -> nodes.Element:
    """A link on page *onto* to *anchor* (may be empty) of page *docname*.

    Where the other page is no part of what is built, as in a LaTeX document of
    chosen chapters, the content stands alone.
    """
    try:
        return make_refnode(builder, onto, docname, anchor, content, title)
    except NoUri:
        return nodes.inline("", "", content)


def cited(quoted: QuotedPlace) -> str:
    """How a place is cited: ``¶7``, and of numbered verse the lines."""
    place = quoted.place
    label = place.cited
    if place.part:
        named = {"passage": replace(place, part="").cited, "part": _PARTS[place.part]}
        return _("%(passage)s, %(part)s") % named
    if quoted.inner is not None:
        begin, end = quoted.inner
        label = in_range(begin.cited, end.sign) if begin is not end else begin.cited
    if quoted.lines is None:
        return label
    first, last = quoted.lines
    if place.by_line:
        numbers = str(first) if first == last else f"{first}–{last}"
        return replace(place, label=place.by_line.replace(LINE, numbers)).cited
    if first == last:
        return _("%(passage)s, line %(line)d") % {"passage": label, "line": first}
    lines = {"passage": label, "first": first, "last": last}
    return _("%(passage)s, lines %(first)d–%(last)d") % lines


def link_to_words(
    builder: Builder, onto: str, quoted: QuotedPlace, title: str | None = None
) -> nodes.Element:
    """A link ``¶7`` on page *onto* to the passage that holds the quoted words.

    A web page knows the passage alone. A book, in which a passage may run over several pages,
    finds the words by the link's attribute :data:`QUOTED`.
    """
    place = quoted.place
    words = text(Words(cited(quoted)))
    target = quoted.inner[0].id if quoted.inner else place.id
    reference = link(builder, onto, place.docname, target, words, title)
    reference[QUOTED] = [place.docname, place.id, quoted.before, quoted.words]
    return reference
