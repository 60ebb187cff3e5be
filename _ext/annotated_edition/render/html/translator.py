"""How the theme's pages are written: docutils' and Sphinx's HTML with lighter tags."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.writers.html5 import HTML5Translator

from annotated_edition.domain.classes import language_in
from annotated_edition.render.formulas import MathMLTranslator
from annotated_edition.weave.languages import words_run_from_right
from annotated_edition.weave.locales import runs_from_right

#: Classes that docutils and Sphinx write and no style here needs: on a page with
#: thirty notes they weigh.
IDLE = frozenset(
    "docutils container reference internal footnote-reference simple xref std "
    "standing-documented".split()
)

_CLASS = re.compile(r' class="([^"]*)"')


class DirectedTranslator(HTML5Translator):
    """Says of words in another language, too, which way they run."""

    def starttag(
        self,
        node: nodes.Element,
        tagname: str,
        suffix: str = "\n",
        empty: bool = False,
        **attributes: Any,
    ) -> str:
        """A start tag, as docutils makes it, which turns ``language-ar`` into ``lang``."""
        # docutils passes texts and mappings for nodes, too.
        tag_of_language = language_in(node) if hasattr(node, "attributes") else None
        if tag_of_language and runs_from_right(tag_of_language):
            # Other themes don't say it of a page: it is told whatever stands around.
            attributes["dir"] = "rtl"
        elif tag_of_language and words_run_from_right(node.parent, self.config.language):
            attributes["dir"] = "ltr"
        tag: str = super().starttag(node, tagname, suffix, empty, **attributes)
        return tag


class LightTranslator(DirectedTranslator):
    """Leaves out of start tags what this theme doesn't need."""

    def __init__(self, document: nodes.document, builder: StandaloneHTMLBuilder) -> None:
        super().__init__(document, builder)
        rows = (node for node in document.findall(nodes.container))
        #: The classes that aren't written: none but on pages of the text.
        self.idle = IDLE if any("passage-row" in row["classes"] for row in rows) else frozenset()

    def starttag(
        self,
        node: nodes.Element,
        tagname: str,
        suffix: str = "\n",
        empty: bool = False,
        **attributes: Any,
    ) -> str:
        """A start tag, as docutils makes it, without what nobody needs."""
        if attributes.get("role") == "doc-biblioentry":
            attributes["role"] = "listitem"  # the other is deprecated
        if self.idle and re.fullmatch(r"#p[\w-]+", attributes.get("href", "")):
            # The words that a cross-reference leads to stand on this very page.
            attributes.pop("title", None)
        tag: str = super().starttag(node, tagname, suffix, empty, **attributes)
        return _CLASS.sub(self._lighter, tag, count=1) if self.idle else tag

    def visit_table(self, node: nodes.table) -> None:
        """Open a box round a table, in which it scrolls where it is too wide."""
        # Whoever has no mouse scrolls by a link inside, or else by the box itself.
        links = any(True for _link in node.findall(nodes.reference))
        stop = "" if links else ' tabindex="0"'
        self.body.append(f'<div class="table-wrapper"{stop}>\n')
        super().visit_table(node)

    def depart_table(self, node: nodes.table) -> None:
        """Close the table, and the box."""
        super().depart_table(node)
        self.body.append("</div>\n")

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        """Write code, which scrolls where a line is too long, by keyboard, too."""
        try:
            super().visit_literal_block(node)
        finally:
            # Sphinx writes it at once, and skips what is in it.
            self.body[-1] = self.body[-1].replace("<pre", '<pre tabindex="0"', 1)

    def _lighter(self, classes: re.Match[str]) -> str:
        kept = [name for name in classes[1].split() if name not in self.idle]
        return f' class="{" ".join(kept)}"' if kept else ""


def over(
    base: type[nodes.NodeVisitor], *, is_light: bool, with_mathml: bool
) -> type[nodes.NodeVisitor]:
    """The translator, over the one that Sphinx or another extension chose."""
    ours: type[nodes.NodeVisitor] = LightTranslator if is_light else DirectedTranslator
    if with_mathml:
        ours = type(ours.__name__, (ours, MathMLTranslator), {})
    return ours if issubclass(ours, base) else type(ours.__name__, (ours, base), {})


def knowing(
    base: type[nodes.NodeVisitor], visitors: Iterable[tuple[type[nodes.Element], tuple[Any, Any]]]
) -> type[nodes.NodeVisitor]:
    """The translator *base* with the *visitors* of nodes as methods of its own.

    What extensions give to ``add_node`` for a format (``html=…``), Sphinx forgets where any of
    them names the builder (``epub=…``), and stops at the first node that it then doesn't know.
    """
    methods = {}
    for node, (visit, depart) in visitors:
        methods[f"visit_{node.__name__}"] = visit
        if depart:
            methods[f"depart_{node.__name__}"] = depart
    return type(base.__name__, (base,), methods)
