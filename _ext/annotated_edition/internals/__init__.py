"""Every reach into what others don't document, or share with the whole process; nowhere else.

Each is a function with a :class:`Reach`: whose insides they are, why nothing documented does, and
the versions it was seen to work with.  ``tests/test_internals.py`` fails when one of them changes,
when code elsewhere in the package does the like, or when ``docs/development/private-api.md``
doesn't list them all; :func:`as_table` writes that list.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from docutils import nodes
    from markdown_it import MarkdownIt
    from myst_parser.config.main import MdParserConfig
    from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
    from pybtex.scanner import PrematureEOF
    from sphinx.application import Sphinx
    from sphinx.builders.epub3 import Epub3Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.search import IndexBuilder

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Reach:
    """A reach into others' insides."""

    #: The function here that does it.
    name: str
    #: The package, and what of it is read, replaced or changed.
    whose: str
    what: str
    #: Why it is needed, and why nothing documented does.
    reason: str
    #: The versions that it was seen to work with.
    seen_with: str


#: All of them, in the order of this module.
REACHES: list[Reach] = []


def _reach(
    whose: str, what: str, reason: str, seen_with: str
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def noted(function: Callable[P, R]) -> Callable[P, R]:
        REACHES.append(Reach(function.__name__, whose, what, reason, seen_with))
        return function

    return noted


def as_table() -> str:
    """The list as a table in Markdown."""
    rows = [
        ("In `internals`", "Whose", "What", "Why", "Seen with"),
        ("---",) * 5,
        *((f"`{one.name}`", one.whose, one.what, one.reason, one.seen_with) for one in REACHES),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


@_reach(
    "docutils",
    "`document.ids` is replaced by a mapping in which other ids seem to be taken",
    "A stranger's page must not have the id of a passage or a note. docutils looks there, and "
    "nowhere else, before it gives an id, be it while it parses or later; its settings "
    "know prefixes of ids only.",
    "0.22",
)
def reserve_ids(document: nodes.document, is_reserved: Callable[[str], bool]) -> None:
    """Let no node of *document* get an id that *is_reserved* (a module's function)."""
    document.ids = _ReservedIds(document.ids)
    document.ids.is_reserved = is_reserved


class _ReservedIds(dict[str, Any]):
    """The ids of a document, among which others seem to be taken; kept with the document."""

    is_reserved: Callable[[str], bool]

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or self.is_reserved(str(name))


@_reach(
    "MyST-Parser",
    "`env.myst_config` is read",
    "Strangers' Markdown is read with the project's configuration, narrowed. MyST makes it of "
    "some fifty values, and has no function that returns it.",
    "5.2",
)
def myst_config(env: BuildEnvironment) -> MdParserConfig:
    """The project's configuration of MyST."""
    config: MdParserConfig = env.myst_config  # type: ignore[attr-defined]
    return config


@_reach(
    "MyST-Parser",
    "`setup_render` of its renderer is done anew, without what it calls `make_document()` for",
    "For each file MyST makes a document with all of docutils' settings, and throws it away, since "
    'it is given one (`options.get("document", make_document())`). That is a twentieth of the '
    "time in which a large book is built, and of what a contributor waits for.",
    "5.1, 5.2",
)
def set_up(
    renderer: SphinxRenderer, options: dict[str, Any], env: MutableMapping[str, Any]
) -> None:
    """Begin to render a file whose document is among the *options*."""
    from docutils.parsers.rst.languages import get_language

    renderer.md_env, renderer.md_options = env, options
    renderer.md_config = options["myst_config"]
    renderer.document = document = options["document"]
    renderer.current_node = options.get("current_node", document)
    renderer.reporter = document.reporter
    language = get_language(document.settings.language_code)
    renderer.language_module_rst = language  # type: ignore[assignment]
    renderer._heading_offset = 0
    renderer._level_to_section = {0: document}
    renderer._heading_slugs = {}


@_reach(
    "markdown-it-py",
    "`validateLink` of one parser is replaced",
    "It leaves links that might be attacks as text, and says nothing. Ours are all judged when "
    "they are rendered, by a list of what is allowed, with a warning. The method was made to "
    "be overridden, but MyST makes the parser.",
    "4.3",
)
def keep_all_links(parser: MarkdownIt) -> None:
    """Let *parser* take every link for one."""
    parser.validateLink = lambda url: True  # type: ignore[method-assign]


@_reach(
    "Sphinx",
    "`app.project.docnames`, from which a document is taken, and `env.clear_doc`",
    "One file that is no text ends a whole build before any parser sees it. That is known only "
    "once Sphinx has looked for files, and `exclude_patterns`, changed then, would have "
    "everything read again.",
    "9.0, 9.2",
)
def leave_out(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Have Sphinx forget the document *docname* in this build (``env-before-read-docs``)."""
    app.project.docnames.discard(docname)
    app.emit("env-purge-doc", env, docname)
    env.clear_doc(docname)


@_reach(
    "Sphinx",
    "`template_dir` of the EPUB builder is exchanged",
    "The package document and the navigation are written from templates of ours, the other "
    "three files from Sphinx's. The builder takes all from one folder.",
    "9.0, 9.2",
)
@contextmanager
def templates_of(builder: Epub3Builder, folder: Path) -> Iterator[None]:
    """Let *builder* find its templates in *folder*."""
    theirs = builder.template_dir
    builder.template_dir = folder  # type: ignore[assignment]
    try:
        yield
    finally:
        builder.template_dir = theirs


@_reach(
    "pybtex",
    "what it knows by a name is registered once more, with `force`: its backends `plaintext` and "
    "`docutils`, and the styles that format a bibliography",
    "sphinxcontrib-bibtex looks a backend up for every citation, and pybtex each time among all "
    "installed distributions, which makes a build half as long again. What is registered is "
    "found at once. And a style that meets an entry which it can't format ends the build: in its "
    "place stands one that is made of it.",
    "0.26",
)
def register_again(group: str, name: str, plugin: type) -> None:
    """Have pybtex find *plugin*, at once, for a name that it knows."""
    from pybtex.plugin import register_plugin

    register_plugin(group, name, plugin, force=True)


@_reach(
    "pybtex",
    "`command_start` of the parser that an error names is read",
    "Of an entry that never ends pybtex knows where the file does. A contributor needs the line "
    "where the entry begins.",
    "0.26",
)
def line_of_entry(error: PrematureEOF) -> int:
    """The line (from 1) of the entry that *error* says never ends."""
    parser = error.parser
    return int(parser.text.count("\n", 0, parser.command_start or 0)) + 1


@_reach(
    "Sphinx",
    "a handler on the logger `sphinx`, which the whole process shares; `hear_no_warnings` "
    "takes it away when the build has ended",
    "A warning given while a document is read or written is not given again while the document "
    "is left alone, so that `-W` would pass at the second try. Sphinx has no event for warnings.",
    "9.0, 9.2",
)
def hear_warnings(handler: logging.Handler) -> None:
    """Have *handler* told of Sphinx's and its extensions' warnings, once each.

    First of all: Sphinx's own handler adds the warning's type to the record's message.
    """
    logger = logging.getLogger("sphinx")
    if handler not in logger.handlers:
        logger.handlers.insert(0, handler)


def hear_no_warnings(handler: logging.Handler) -> None:
    """Undo :func:`hear_warnings`."""
    logging.getLogger("sphinx").removeHandler(handler)


@_reach(
    "Sphinx",
    "`_titles` and `_index_entries` of the builder's `indexer`",
    "The search finds index entries and glossary terms. Added to an earlier search index, it keeps "
    "words and titles of pages that aren't written again, but drops their entries "
    "(`IndexBuilder.load`), and nothing documented gives them back.",
    "9.0, 9.2",
)
def restore_index_entries(
    indexer: IndexBuilder, entries: Mapping[str, list[tuple[str, str, str]]]
) -> None:
    """Give the search the *entries* of pages that it has: words, id, and ``main`` or nothing."""
    kept = indexer._index_entries
    for docname in [*kept]:
        if docname not in indexer._titles:
            del kept[docname]
    # Those that were written have theirs; without a title a page isn't in the search.
    for docname in indexer._titles.keys() & entries.keys() - kept.keys():
        kept[docname] = entries[docname]
    # In the order of a search index that is made at once.
    for docname in sorted(kept):
        kept[docname] = kept.pop(docname)
