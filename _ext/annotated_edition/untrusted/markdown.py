"""Markdown for strangers: MyST with a narrow configuration, and what it refuses reported.

This module is imported only where MyST is there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import MutableMapping, Sequence
from typing import Any

from docutils import nodes
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser

from annotated_edition import internals
from annotated_edition.domain import EditionDomain
from annotated_edition.domain.text_nodes import text, verbatim
from annotated_edition.model import limits
from annotated_edition.text import addresses
from annotated_edition.text.control import brief
from annotated_edition.text.words import Words
from annotated_edition.untrusted import allowlists
from annotated_edition.untrusted.amount import Count
from annotated_edition.untrusted.budget import look
from annotated_edition.untrusted.lookup import Refuse
from annotated_edition.untrusted.parser import GuardedParser

#: markdown-it-py drops what is nested deeper, and doesn't say so.  So deep that a
#: tree is refused for its depth before anything is lost.
_MOST_NESTING = 2 * limits.DEPTH
#: Among the parser's options, beside MyST's.
_REFUSE = "edition_refuse"


class GuardedMarkdown(GuardedParser, MystParser):
    """MyST, which reads strangers' files with its configuration narrowed."""

    def parse_untrusted(self, text: str, document: nodes.document, refuse: Refuse) -> None:
        """Parse a stranger's file; its own configuration is not even looked at."""
        env = document.settings.env
        config, kept = internals.myst_config(env), EditionDomain.of(env).kept
        # Put back when it has done its work: one that a hostile file stopped isn't used again.
        reader: StrangersReader | None = kept.pop(StrangersReader, None)
        if reader is None or reader.config is not config:
            reader = StrangersReader(config)
        reader.read(text, document, refuse)
        kept[StrangersReader] = reader


class StrangersReader:
    """Reads one file after another with MyST's configuration, narrowed."""

    def __init__(self, config: MdParserConfig) -> None:
        self.config = config
        narrow = dataclasses.replace(
            config,
            # These two would bring in GitHub's task lists, and HTML with them.
            commonmark_only=False,
            gfm_only=False,
            enable_extensions=set(config.enable_extensions) & allowlists.MYST_EXTENSIONS,
            disable_syntax=[*config.disable_syntax, "front_matter"],
            url_schemes=dict.fromkeys(sorted(addresses.SCHEMES)),
            all_links_external=False,
            fence_as_directive=set(),
            substitutions={},
            html_meta={},
        )
        self._parser = create_md_parser(narrow, _StrangersRenderer)
        self._parser.options["maxNesting"] = _MOST_NESTING
        # Before anything is made of them; also in the contents of directives.
        self._parser.core.ruler.push(
            "edition_amount", lambda state: _count(state.tokens, self._amount)
        )
        # The renderer lets through what is allowed, and says so.
        internals.keep_all_links(self._parser)
        self._amount = Count()

    def read(self, text: str, document: nodes.document, refuse: Refuse) -> None:
        """Parse *text* into *document*; what is refused is told to *refuse*."""
        self._amount = Count()
        options = self._parser.options
        options["document"], options[_REFUSE] = document, refuse
        self._parser.render(text)


def _count(tokens: Sequence[Token], count: Count) -> None:
    """Stop at too many."""
    look()
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        inner = len(token.children or ())
        count.pieces(1 + inner, line)
        count.together(inner, line)
        if token.type == "heading_open":
            count.heading(line)


class _StrangersRenderer(SphinxRenderer):
    """Renders HTML as the text that it is, and only allowed links as links."""

    def setup_render(self, options: dict[str, Any], env: MutableMapping[str, Any]) -> None:
        """Begin a file."""
        internals.set_up(self, options, env)
        self._refuse: Refuse = options[_REFUSE]

    def render_html_inline(self, token: SyntaxTreeNode) -> None:
        """Show the source."""
        if not token.content.startswith("</"):  # its beginning was reported
            self._refuse(_line_of(token), f"the HTML {brief(token.content)}")
        self.current_node.append(text(Words(token.content)))

    def render_html_block(self, token: SyntaxTreeNode) -> None:
        """Show the source."""
        self._refuse(_line_of(token), f"the HTML {brief(token.content)}")
        block = verbatim(Words(token.content))
        block["language"] = "none"
        self.add_line_and_source_path(block, token)
        self.current_node.append(block)

    def render_link(self, token: SyntaxTreeNode) -> None:
        """Show the words of a link that isn't allowed."""
        uri = str(token.attrGet("href") or "")
        if uri.startswith(allowlists.MYST_SCHEMES) or addresses.is_allowed_link(uri):
            super().render_link(token)
            return
        self._refuse(_line_of(token), f"the link {brief(repr(uri))}")
        self.render_children(token)


def _line_of(token: SyntaxTreeNode) -> int:
    return token.map[0] if token.map else 0
