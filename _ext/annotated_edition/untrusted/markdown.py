"""Markdown for strangers: MyST with a narrow configuration, and what it refuses reported.

This module is imported only where MyST is there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from docutils import nodes
from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.base import token_line
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser

from annotated_edition.text.control import brief
from annotated_edition.untrusted import allowlists

#: markdown-it-py drops what is nested deeper, and doesn't say so.  So deep that a
#: tree is refused for its depth before anything is lost.
_MOST_NESTING = 2 * allowlists.MOST_DEPTH


def parse(text: str, document: nodes.document, refuse: Callable[[int, str], None]) -> None:
    """Parse with MyST's configuration, narrowed; the file's own is not even looked at."""
    config = document.settings.env.myst_config
    narrow = dataclasses.replace(
        config,
        # These two would bring in GitHub's task lists, and HTML with them.
        commonmark_only=False,
        gfm_only=False,
        enable_extensions=set(config.enable_extensions) & allowlists.MYST_EXTENSIONS,
        disable_syntax=[*config.disable_syntax, "front_matter"],
        url_schemes=dict.fromkeys(sorted(allowlists.SCHEMES)),
        all_links_external=False,
        fence_as_directive=set(),
        substitutions={},
        html_meta={},
    )
    parser = create_md_parser(narrow, lambda md: _StrangersRenderer(md, refuse))
    parser.options["document"] = document
    parser.options["maxNesting"] = _MOST_NESTING
    # markdown-it-py leaves some links as text, from a list of known attacks and
    # without a word: the renderer lets through what is allowed, and says so.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.render(text)


class _StrangersRenderer(SphinxRenderer):
    """Renders HTML as the text that it is, and only allowed links as links."""

    def __init__(self, md: Any, refuse: Callable[[int, str], None]) -> None:
        super().__init__(md)
        self._refuse = refuse

    def render_html_inline(self, token: SyntaxTreeNode) -> None:
        """Show the source."""
        if not token.content.startswith("</"):  # its beginning was reported
            self._refuse(token_line(token, 0), f"the HTML {brief(token.content)}")
        self.current_node.append(nodes.Text(token.content))

    def render_html_block(self, token: SyntaxTreeNode) -> None:
        """Show the source."""
        self._refuse(token_line(token, 0), f"the HTML {brief(token.content)}")
        block = nodes.literal_block(token.content, token.content, language="none")
        self.add_line_and_source_path(block, token)
        self.current_node.append(block)

    def render_link(self, token: SyntaxTreeNode) -> None:
        """Show the words of a link that isn't allowed."""
        uri = str(token.attrGet("href") or "")
        if uri.startswith(allowlists.MYST_SCHEMES) or allowlists.is_allowed_link(uri):
            super().render_link(token)
            return
        self._refuse(token_line(token, 0), f"the link {brief(repr(uri))}")
        self.render_children(token)
