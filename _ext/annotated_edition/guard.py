"""Commentary from strangers: it can run no code, read no file, reach no other host.

Files that match ``edition_untrusted`` pass several walls, each an allow-list,
because each alone is too weak:

1. Their front matter is cut off before MyST could obey it (``collect``).
2. MyST reads them with a narrow configuration: no HTML, no substitutions.
3. Their parser turns any exception, and any tree too deep for what comes
   after, into a report and a stand-in (``env-before-read-docs`` sorts out what
   isn't even text).
4. Directives and roles come from a list, however deeply nested the parse.
5. So do the nodes that are left when all is parsed, with the links and images
   in them (``sift``).
6. What bibliographies and other pages link to has its scheme checked when all
   references are resolved (``sift``).

Whatever is refused costs a warning ``edition.unsafe``; the rest of the file
stays.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.parsers import Parser

from annotated_edition import allowed
from annotated_edition.domain import EditionDomain
from annotated_edition.model import Subtype
from annotated_edition.sift import CheckLinks, SiftNodes

#: Deeper trees make recursive code fail; no commentary needs them.
MOST_DEPTH = 100


class GuardedParser(Parser):
    """What a guarded parser adds to the parser that it is made from."""

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse, with all walls up if the document is a stranger's."""
        env: BuildEnvironment = document.settings.env
        domain = EditionDomain.of(env)
        docname = env.current_document.docname
        if not domain.documents.untrusted(docname):
            super().parse(inputstring, document)
            return

        def refuse(line: int, what: str) -> None:
            domain.report(
                Subtype.UNSAFE, docname, line, f"{what} can't be used in commentary: leave it out"
            )

        settings = document.settings
        settings.raw_enabled = settings.file_insertion_enabled = False
        try:
            with _only_allowed(refuse):
                self.parse_untrusted(inputstring, document)
            failure = "it is nested too deeply" if _too_deep(document) else ""
        except Exception as error:  # whatever a hostile file makes a parser raise
            failure = f"{type(error).__name__}: {error}"
        if failure:
            document.clear()
            _forget_names(document)
            domain.report(
                Subtype.UNSAFE,
                docname,
                1,
                f"the file can't be read ({failure}): simplify it, or take parts out until it can",
            )
            document += _stand_in(docname)

    def parse_untrusted(self, inputstring: str, document: nodes.document) -> None:
        """Parse a stranger's file; the default is what the parser always does."""
        super().parse(inputstring, document)


class NarrowMarkdown:
    """MyST for strangers: the file's own configuration is not even looked at."""

    def parse_untrusted(self, inputstring: str, document: nodes.document) -> None:
        """Parse with MyST's configuration, narrowed."""
        from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
        from myst_parser.parsers.mdit import create_md_parser

        config = document.settings.env.myst_config
        narrow = dataclasses.replace(
            config,
            enable_extensions=set(config.enable_extensions) & allowed.MYST_EXTENSIONS,
            disable_syntax=[*config.disable_syntax, "html_block", "html_inline", "front_matter"],
            url_schemes=dict.fromkeys(sorted(allowed.SCHEMES)),
            substitutions={},
            html_meta={},
        )
        parser = create_md_parser(narrow, SphinxRenderer)
        parser.options["document"] = document
        parser.render(inputstring)


def guard_parsers(app: Sphinx, config: Config) -> None:
    """Put guarded subclasses in the place of all parsers (``config-inited``)."""
    for name, parser in set(app.registry.source_parsers.items()):
        bases: tuple[type, ...] = (GuardedParser, parser)
        if name == "markdown" and parser.__module__.startswith("myst_parser"):
            bases = (NarrowMarkdown, *bases)
        app.add_source_parser(type(f"Guarded{parser.__name__}", bases, {}), override=True)


@contextmanager
def _only_allowed(refuse: Callable[[int, str], None]) -> Iterator[None]:
    """Let docutils find only allowed directives and roles.

    Sphinx has put its own look-up in docutils' place while it reads a document;
    MyST, reStructuredText and every nested parse go through it.
    """
    find_directive: Any = directives.directive
    find_role: Any = roles.role

    def directive(name: str, *arguments: Any) -> Any:
        if name.lower() in allowed.DIRECTIVES:
            return find_directive(name, *arguments)
        return _refused_directive(name, refuse), []

    def role(name: str, language: Any, line: int, reporter: Any) -> Any:
        plain = name.lower()
        if plain in allowed.ROLES or plain.startswith(allowed.ROLE_DOMAINS):
            return find_role(name, language, line, reporter)

        def refused(role: str, rawtext: str, text: str, line: int, *rest: Any) -> Any:
            refuse(line, f"the role {{{name}}}")
            return [nodes.literal(rawtext, text)], []

        return refused, []

    _put(directive, role)
    try:
        yield
    finally:
        _put(find_directive, find_role)


def _put(directive: Any, role: Any) -> None:
    directives.directive = directive
    roles.role = role


def _refused_directive(name: str, refuse: Callable[[int, str], None]) -> type[Directive]:
    class Refused(Directive):
        has_content = True
        optional_arguments = 1
        final_argument_whitespace = True

        def run(self) -> list[nodes.Node]:
            refuse(self.lineno, f"the directive {{{name}}}")
            return [nodes.literal_block(self.block_text, self.block_text)]

    # Whatever options stand there are as welcome as the directive.
    Refused.option_spec = _AnyOption()
    return Refused


class _AnyOption(dict[str, Callable[[str], Any]]):
    def __getitem__(self, key: str) -> Callable[[str], Any]:
        return directives.unchanged

    def __contains__(self, key: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


def _too_deep(document: nodes.document) -> bool:
    ahead: list[tuple[nodes.Node, int]] = [(document, 0)]
    while ahead:
        node, depth = ahead.pop()
        if depth > MOST_DEPTH:
            return True
        ahead += [(child, depth + 1) for child in node.children]
    return False


def _forget_names(document: nodes.document) -> None:
    """Clear what a document remembers of the nodes that it held."""
    for table in ("ids", "nameids", "nametypes", "refnames", "refids", "footnote_refs"):
        getattr(document, table).clear()
    for table in ("footnotes", "autofootnotes", "autofootnote_refs", "symbol_footnotes"):
        getattr(document, table).clear()
    for table in ("citations", "citation_refs", "indirect_targets", "transformer"):
        value = getattr(document, table, None)
        if isinstance(value, (list, dict)):
            value.clear()


def _stand_in(docname: str) -> nodes.section:
    section = nodes.section(ids=["unreadable"], names=["unreadable"])
    section += nodes.title("", docname.rpartition("/")[2])
    section += nodes.paragraph("", "This file could not be read.")
    return section


def sort_out(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Leave out strangers' files that aren't text, or lie elsewhere (``env-before-read-docs``).

    Sphinx would stop at the first byte that isn't UTF-8, before any parser runs.
    """
    domain = EditionDomain.of(env)
    domain.unreadable = []
    for docname in sorted(filter(domain.documents.untrusted, env.found_docs)):
        path = Path(env.doc2path(docname))
        problem = _unreadable(path, Path(env.srcdir))
        if problem:
            domain.report_unreadable(path, problem)
            app.project.docnames.discard(docname)
            if docname in docnames:
                docnames.remove(docname)
            app.emit("env-purge-doc", env, docname)
            env.clear_doc(docname)


def _unreadable(path: Path, root: Path) -> str | None:
    if any(part.is_symlink() for part in (path, *path.parents) if part.is_relative_to(root)):
        return "is a link to another file: put the text itself there"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return "isn't UTF-8 text: save it as UTF-8"
    if "\0" in text:
        return "holds NUL bytes: save it as plain text"
    return None


def setup_guards(app: Sphinx) -> None:
    """Put up the walls."""
    app.connect("config-inited", guard_parsers)
    app.connect("env-before-read-docs", sort_out)
    app.add_transform(SiftNodes)
    app.add_post_transform(CheckLinks)
