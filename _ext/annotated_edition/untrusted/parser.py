"""Commentary from strangers: it can run no code, read no file, reach no other host.

Files that match ``edition_untrusted`` pass several walls, each an allow-list,
because each alone is too weak:

1. Their front matter is cut off before MyST could obey it (``collect``).
2. MyST reads them with a narrow configuration: no HTML, no substitutions.
3. Their parser turns any exception, and any tree too deep for what comes
   after, into a report and a stand-in (``env-before-read-docs`` sorts out what
   isn't even text).  Parsers that nobody has looked at don't read them at all.
4. Directives and roles come from a list, however deeply nested the parse
   (``dispatch``).
5. So do the nodes that are left when all is parsed, with the links and images
   in them (``sift``).
6. What bibliographies and other pages link to has its scheme checked when all
   references are resolved (``sift``).

Whatever is refused costs a warning ``edition.unsafe``; the rest of the file
stays.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.transforms import Transform
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.parsers import Parser, RSTParser

from annotated_edition.domain import EditionDomain
from annotated_edition.text.control import CONTROL, brief
from annotated_edition.untrusted import allowlists
from annotated_edition.untrusted.lookup import Refuse, only_allowed
from annotated_edition.untrusted.nodes import (
    report_unsafe,
)

#: The parser that :class:`NarrowMarkdown` knows.
_MYST = "myst_parser.parsers.sphinx_.MystParser"


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

        report = partial(report_unsafe, domain, docname)

        def refuse(line: int, what: str) -> None:
            report(line, f"{what} can't be used in commentary: leave it out")

        def stand_in(failure: str) -> None:
            _put_stand_in(document, docname, {*self.get_transforms()})
            report(1, f"the file can't be read ({brief(failure)}): simplify it")

        control = CONTROL.search(inputstring)
        if control:
            line = inputstring.count("\n", 0, control.start()) + 1
            report(line, f"the control character U+{ord(control[0]):04X}: leave it out")
            inputstring = CONTROL.sub("", inputstring)
        settings = document.settings
        settings.raw_enabled = settings.file_insertion_enabled = False
        document.ids = _FreeIds(document.ids)
        _guard_transforms(document, stand_in)
        failure = allowlists.too_long(inputstring)
        try:
            if not failure:
                with only_allowed(refuse):
                    self.parse_untrusted(inputstring, document, refuse)
            if _too_deep(document):
                failure = "it is nested too deeply"
        except Exception as error:  # whatever a hostile file makes a parser raise
            failure = _words_of(error)
        if failure:
            stand_in(failure)

    def parse_untrusted(self, text: str, document: nodes.document, refuse: Refuse) -> None:
        """Parse a stranger's file.

        Only reStructuredText's parser may do what it always does: others may
        do anything, run cells of code, for instance.
        """
        if not isinstance(self, RSTParser):
            raise ValueError("only Markdown and reStructuredText can be commentary")
        super().parse(text, document)


class NarrowMarkdown:
    """MyST for strangers."""

    def parse_untrusted(self, text: str, document: nodes.document, refuse: Refuse) -> None:
        """Parse with MyST's configuration, narrowed."""
        from annotated_edition.untrusted import markdown

        markdown.parse(text, document, refuse)


def guard_parsers(app: Sphinx, config: Config) -> None:
    """Put guarded subclasses in the place of all parsers (``config-inited``)."""
    for parser in set(app.registry.source_parsers.values()):
        bases: tuple[type, ...] = (GuardedParser, parser)
        if f"{parser.__module__}.{parser.__qualname__}" == _MYST:
            bases = (NarrowMarkdown, *bases)
        app.add_source_parser(type(f"Guarded{parser.__name__}", bases, {}), override=True)


#: What indents what it holds.
_INDENTS = (
    nodes.list_item,
    nodes.definition,
    nodes.field_body,
    nodes.block_quote,
    nodes.line_block,
    nodes.entry,
    nodes.Admonition,
)


def _too_deep(document: nodes.document) -> bool:
    ahead: list[tuple[nodes.Node, int, int]] = [(document, 0, 0)]
    while ahead:
        node, depth, nested = ahead.pop()
        if depth > allowlists.MOST_DEPTH or nested > allowlists.MOST_NESTED:
            return True
        nested += isinstance(node, _INDENTS)
        ahead += [(child, depth + 1, nested) for child in node.children]
    return False


class _FreeIds(dict[str, nodes.Element]):
    """The ids of a document, among which the edition's own seem to be taken."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or allowlists.is_reserved(str(name))


def _guard_transforms(document: nodes.document, stand_in: Callable[[str], None]) -> None:
    """Let whatever a hostile tree makes a transform raise cost that file alone.

    The last of Sphinx's transforms hands the document over, so all of them start
    anew with the stand-in.
    """
    transformer: Any = document.transformer
    apply = transformer.apply_transforms

    def guarded() -> None:
        planned = list(transformer.transforms)
        try:
            apply()
        except Exception as error:
            transformer.transforms[:] = planned
            transformer.sorted = False
            stand_in(_words_of(error))
            apply()

    transformer.apply_transforms = guarded


def _words_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _put_stand_in(document: nodes.document, docname: str, spent: Set[type[Transform]]) -> None:
    """Empty a document, and its memory of what it held, and say so on its page.

    *spent* are the parser's own transforms: MyST's fail where its parser did.
    """
    fresh = nodes.document(document.settings, document.reporter, source=document["source"])
    for name, value in vars(fresh).items():
        if name not in ("settings", "reporter", "transformer"):
            setattr(document, name, value)
    # Those that begin at a node were meant for the tree that is gone.
    plan: list[Any] = document.transformer.transforms
    plan[:] = [entry for entry in plan if entry[2] is None and entry[1] not in spent]
    section = nodes.section(ids=["unreadable"], names=["unreadable"])
    section += nodes.title("", docname.rpartition("/")[2])
    section += nodes.paragraph("", "This file could not be read.")
    document += section


def sort_out(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Leave out strangers' files that aren't text, or lie elsewhere (``env-before-read-docs``).

    Sphinx would stop at the first byte that isn't UTF-8, before any parser runs.
    """
    domain = EditionDomain.of(env)
    domain.unreadable = []
    root = Path(env.srcdir)
    strangers = {docname for docname in env.found_docs if domain.documents.untrusted(docname)}
    # Where strangers may put files, they might put links to folders.
    folders = {folder for docname in strangers for folder in Path(root, docname).parents} - {
        root,
        *root.parents,
    }
    for docname in sorted(env.found_docs):
        path = Path(env.doc2path(docname))
        linked = any(part.parent in folders and part.is_symlink() for part in path.parents)
        problem = _LINK if linked else _unreadable(path) if docname in strangers else None
        if problem:
            domain.report_unreadable(path, problem)
            app.project.docnames.discard(docname)
            if docname in docnames:
                docnames.remove(docname)
            app.emit("env-purge-doc", env, docname)
            env.clear_doc(docname)


_LINK = "is a link to another file: put the text itself there"


def _unreadable(path: Path) -> str | None:
    if path.is_symlink():
        return _LINK
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return "isn't UTF-8 text: save it as UTF-8"
    if "\0" in text:
        return "holds NUL bytes: save it as plain text"
    return None
