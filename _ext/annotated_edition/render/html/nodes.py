"""Notes in HTML: docutils' footnotes with the names that readers hear.

docutils wraps footnotes into an ``aside`` without a name, which is a landmark
that says nothing, and its marks and back links are bare numbers.  These
nodes stand in HTML only; every other builder sees plain footnotes.

Numbers are no words of the text.  They stand in a ``sup`` for whoever drops style
sheets; the style sheet shows none of it, and draws ``data-n`` instead, which nobody
copies, finds or links to.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.writers.html5 import HTML5Translator

from annotated_edition.render.html.translator import LightTranslator
from annotated_edition.weave.days import DayNode
from annotated_edition.weave.nodes import (
    LabelNode,
    LineNumberNode,
    MarkNode,
    NoteNode,
    NumberNode,
    PartNode,
    RowNode,
)
from annotated_edition.weave.pages import STANDINGS

_ = get_translation("annotated_edition")


def visit_mark(self: HTML5Translator, node: MarkNode) -> None:
    """Open ``<a role="doc-noteref">``."""
    self.body.append(
        _tag(
            self,
            "a",
            ["footnote-reference", "note-mark", *node["classes"]],
            role="doc-noteref",
            id=node["ids"][0],
            href=f"#{node['refid']}",
            data_n=node.astext(),
            aria_label=_("Note %s") % node.astext(),
        )
        # Without style sheets two numbers would be one.
        + ("<sup>, " if isinstance(_sibling(node, -1), MarkNode) else "<sup>")
    )


def depart_mark(self: HTML5Translator, node: MarkNode) -> None:
    """Close the mark."""
    self.body.append("</sup></a>")


def visit_row(self: HTML5Translator, node: RowNode) -> None:
    """Open ``<section class="passage-row">``: of a ``div``, reader views might drop it."""
    self.body.append(_tag(self, "section", node["classes"]) + "\n")


def depart_row(self: HTML5Translator, node: RowNode) -> None:
    """Close the row."""
    self.body.append("</section>\n")


def visit_note(self: HTML5Translator, node: NoteNode) -> None:
    """Open ``<figure role="doc-footnote">``, and round a passage's first note their box.

    Reader views drop an ``aside``, a ``div`` with many links, and what a class such as
    ``quote-community`` tells against, unless ``article`` is in one; a ``section`` can't have
    the role.
    """
    if _is_row(node) and not isinstance(_sibling(node, -1), NoteNode):
        self.body.append('<section class="passage-notes">\n')
    classes = ["edition-note", "in-article", *node["classes"]]
    self.body.append(_tag(self, "figure", classes, role="doc-footnote", id=node["ids"][0]))


def depart_note(self: HTML5Translator, node: NoteNode) -> None:
    """Close the note, after a line that says its kind and, if need be, its standing."""
    classes = node["classes"]
    kind = next((name[5:] for name in classes if name.startswith("kind-")), "")
    standing = next((name[9:] for name in classes if name.startswith("standing-")), "")
    facts = [escape(str(self.config.edition_kinds.get(kind, kind.capitalize())))]
    if standing != "documented":
        facts.append(f'<span class="standing-word">{STANDINGS.get(standing, standing)}</span>')
    self.body.append(f'<p class="note-standing">{" · ".join(facts)}</p>\n</figure>\n')
    if _is_row(node) and not isinstance(_sibling(node, 1), NoteNode):
        self.body.append("</section>\n")


def _is_row(node: NoteNode) -> bool:
    return "passage-row" in node.parent["classes"]


def _sibling(node: NoteNode | MarkNode, by: int) -> nodes.Node | None:
    at = node.parent.index(node) + by
    return node.parent[at] if 0 <= at < len(node.parent) else None


def visit_label(self: HTML5Translator, node: LabelNode) -> None:
    """Write a note's number, a link back to each of its marks on the page."""
    number, marks = node.astext(), node.parent["backrefs"]
    self.body.append('<span class="label">')
    for count, mark in enumerate(marks, 1):
        name = _("Back to note reference %s") % number
        if len(marks) > 1:
            name = _("Back to note reference %s, place %d") % (number, count)
        text = number if count == 1 else f"<sup>{count}</sup>"
        link = _tag(self, "a", [], role="doc-backlink", href=f"#{mark}", aria_label=name)
        self.body.append(f"{' ' if count > 1 else ''}{link}{text}</a>")
    self.body.append("</span>\n")
    raise nodes.SkipNode


#: Labels with more signs than these have no room beside their passage: on a telephone, anywhere.
_LONG = {"long": 5, "longer": 14}


def visit_number(self: HTML5Translator, node: NumberNode) -> None:
    """Write ``<a class="passage-number">`` with a space that goes with it."""
    name = _("Permalink to passage %s") % node["name"].removeprefix("¶")
    words = node.astext()
    lengths = [length for length, least in _LONG.items() if len(words) > least]
    classes = ["passage-number", *lengths, *node["classes"]]
    own = node["ids"][0] if node["ids"] else ""
    href = f"#{node['refid']}"
    link = _tag(self, "a", classes, id=own, href=href, data_n=words, aria_label=name)
    self.body.append(f"{link}<sup>")


def depart_number(self: HTML5Translator, node: NumberNode) -> None:
    """Close the number."""
    self.body.append(" </sup></a>")


def visit_line_number(self: HTML5Translator, node: LineNumberNode) -> None:
    """Write a line's number, which the style sheet draws: it is no word, and isn't copied."""
    self.body.append(f'<span class="line-number" data-line="{int(node["number"])}"></span>')
    raise nodes.SkipNode


def visit_part(self: HTML5Translator, node: PartNode) -> None:
    """Leave as much room as the words before it take; the style sheet draws and hides them."""
    before = escape(str(node["before"]))
    self.body.append(f'<span class="line-before" data-before="{before}"></span>')
    raise nodes.SkipNode


def _tag(self: HTML5Translator, name: str, classes: list[str], **attributes: str) -> str:
    """A start tag with its attributes in this order.

    docutils sorts them by name.  Numbers at the end, before the number that
    follows, make a page with thirty notes a twentieth lighter.
    """
    idle = self.idle if isinstance(self, LightTranslator) else ()
    given = {"class": " ".join(name for name in classes if name not in idle), **attributes}
    written = (
        f' {key.replace("_", "-")}="{escape(value)}"' for key, value in given.items() if value
    )
    return f"<{name}{''.join(written)}>"


def visit_day(translator: HTML5Translator, node: DayNode) -> None:
    """Open ``<time>``, which says the day to machines."""
    translator.body.append(translator.starttag(node, "time", "", datetime=node["datetime"]))


def depart_day(translator: HTML5Translator, node: DayNode) -> None:
    """Close the day."""
    translator.body.append("</time>")
