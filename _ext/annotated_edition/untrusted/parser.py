"""Commentary from strangers: it can run no code, read no file, reach no other host.

Files that match ``edition_untrusted`` pass several walls, each an allow-list,
because each alone is too weak:

1. Their front matter is cut off before MyST could obey it (``read.events``).
2. MyST reads them with a narrow configuration: no HTML, no substitutions
   (``markdown``).
3. Their parser turns any exception, and any tree too deep for what comes
   after, into a report and a stand-in.  ``env-before-read-docs`` sorts out what
   isn't even text, and what would be read by a parser that nobody has looked at.
4. Directives and roles come from a list, however deeply nested the parse
   (``lookup``).
5. So do the nodes that are left when all is parsed, with the links and images
   in them (``nodes``).
6. What bibliographies and other pages link to has its scheme checked when all
   references are resolved (``nodes``).

Whatever is refused costs a warning ``edition.unsafe``; the rest of the file
stays.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.dirhtml import DirectoryHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.parsers import Parser, RSTParser
from sphinx.transforms import SphinxTransform

from annotated_edition import internals
from annotated_edition.anchor import advice
from annotated_edition.bibliography.queries import lacks_citations
from annotated_edition.domain import EditionDomain
from annotated_edition.domain.settings import line_of_setting
from annotated_edition.domain.text_nodes import text
from annotated_edition.model.documents import Documents, Part
from annotated_edition.model.records import Problem, Subtype
from annotated_edition.read.included import PARSED
from annotated_edition.text.bidi import TURNING
from annotated_edition.text.control import CONTROL, brief
from annotated_edition.text.words import Words
from annotated_edition.untrusted import allowlists, files
from annotated_edition.untrusted.amount import TooMuch, check_tree
from annotated_edition.untrusted.budget import OutOfBudget, budget
from annotated_edition.untrusted.lookup import OnlyAllowed, Refuse, WithoutCitations
from annotated_edition.untrusted.strays import strays


class GuardedParser(Parser):
    """What a guarded parser adds to the parser that it is made from."""

    def parse(self, inputstring: str | StringList, document: nodes.document) -> None:
        """Parse, with all walls up if the document is a stranger's."""
        env: BuildEnvironment = document.settings.env
        with WithoutCitations() if lacks_citations(env) else nullcontext():
            self._parse(inputstring, document, env)

    def _parse(
        self, inputstring: str | StringList, document: nodes.document, env: BuildEnvironment
    ) -> None:
        domain = EditionDomain.of(env)
        docname = env.current_document.docname
        if not domain.documents.untrusted(docname):
            parsed = PARSED.set(document)
            try:
                super().parse(inputstring, document)  # type: ignore[arg-type]
            finally:
                PARSED.reset(parsed)
            return

        #: The source and the line (from 1) of directives that ``conf.py`` adds.
        self.from_conf: set[tuple[str, int]] = set()
        text = inputstring if isinstance(inputstring, str) else "\n".join(inputstring)
        report = partial(domain.report, Subtype.UNSAFE, docname)

        def refuse(line: int, what: str) -> None:
            report(self.own_line(line), f"{what} can't be used in commentary: leave it out")

        def misspelt(line: int, what: str) -> None:
            domain.report(Subtype.MARKUP, docname, self.own_line(line), what)

        def stand_in(failure: str, line: int = 1) -> None:
            _put_stand_in(document, docname, {*self.get_transforms()})
            message = f"the file can't be read ({brief(failure)}): simplify it"
            domain.set_aside(docname, Problem(Subtype.UNSAFE, docname, line, message))

        control = CONTROL.search(text)
        if control:
            line = text.count("\n", 0, control.start()) + 1
            report(line, advice.control_character(control[0]))
            text = CONTROL.sub("", text)
        for number, one in enumerate(text.split("\n"), 1) if TURNING.search(text) else ():
            if turning := TURNING.search(one):
                report(number, advice.turning(turning[0]))
        settings = document.settings
        settings.raw_enabled = settings.file_insertion_enabled = False
        internals.reserve_ids(document, allowlists.is_reserved)
        document.transformer.add_transform(ApplyGuarded, stand_in=stand_in)
        if too_long := allowlists.too_long(text):
            at, failure = too_long
            stand_in(failure, text.count("\n", 0, at) + 1)
            return
        try:
            is_list = domain.documents.part(docname) is Part.OTHER
            with budget(), OnlyAllowed(refuse, is_list, misspelt, self.from_conf):
                self.parse_untrusted(text, document, refuse)
            for number, said in _refused_references(text, document):
                report(number, said)
            check_tree(document)
        except TooMuch as error:
            stand_in(error.what, error.line)
        # Whatever a hostile file makes a parser raise.
        except (Exception, OutOfBudget) as error:
            stand_in(_words_of(error))

    def parse_untrusted(self, text: str, document: nodes.document, refuse: Refuse) -> None:
        """Parse a stranger's file, as any other if the parser itself does nothing unsafe."""
        super().parse(text, document)

    def own_line(self, line: int) -> int:
        """The line of the stranger's file, of one that the parser counts."""
        return line


#: What Sphinx calls the lines of ``rst_prolog`` and ``rst_epilog``, and what stands beside them.
_FROM_CONF = ("<rst_prologue>", "<rst_epilogue>")
_BESIDE = "<generated>"
#: A comment without words, which ends whatever was begun, and begins nothing.
_BOUNDARY = ("", "..", "")


class GuardedText(GuardedParser, RSTParser):
    """reStructuredText, whose directives and roles alone could be unsafe.

    What ``conf.py`` puts before and after each file is no stranger's.
    """

    #: Of each line that is parsed, where (from 1) the stranger's file is; None in other files.
    _own_lines: list[int] | None = None

    def parse_untrusted(self, text: str, document: nodes.document, refuse: Refuse) -> None:
        """Parse a stranger's file."""
        self._own_lines = []
        self.added: Config = document.settings.env.config
        super().parse_untrusted(text, document, refuse)

    def decorate(self, content: StringList) -> None:
        """Add ``rst_prolog`` and ``rst_epilog``, which a stranger's words can't go on with."""
        if self._own_lines is None:
            super().decorate(content)
            return
        if self.added.rst_prolog:
            for number, line in enumerate(_BOUNDARY):
                content.insert(number, line, _BESIDE, 0)
        if self.added.rst_epilog:
            for line in _BOUNDARY:
                content.append(line, _BESIDE, 0)
        super().decorate(content)
        own = 1
        for line, (source, offset) in zip(content, content.items, strict=True):
            if source not in (*_FROM_CONF, _BESIDE):
                own = offset + 1
            # A directive, and what belongs to it: under a heading might stand a stranger's.
            elif source != _BESIDE and (not line or line.startswith((" ", ".."))):
                self.from_conf.add((source, offset + 1))
            self._own_lines.append(own)

    def own_line(self, line: int) -> int:
        """The line of the stranger's file, without those of ``rst_prolog``."""
        lines = self._own_lines
        return lines[line - 1] if lines and 0 < line <= len(lines) else line


def guard_parsers(app: Sphinx, config: Config) -> None:
    """Put guarded parsers in the place of Sphinx's and MyST's (``config-inited``)."""
    for parser in guarded_parsers(app):
        app.add_source_parser(parser, override=True)


def guarded_parsers(app: Sphinx) -> list[type[GuardedParser]]:
    """The parsers that may read strangers' files."""
    if "myst_parser" not in app.extensions:
        return [GuardedText]
    from annotated_edition.untrusted.markdown import GuardedMarkdown

    return [GuardedText, GuardedMarkdown]


class ApplyGuarded(SphinxTransform):
    """Let whatever a hostile tree makes a transform raise cost that file alone.

    The first of all transforms applies the others.  The last of Sphinx's hands the document
    over, so all of them start anew with the stand-in.
    """

    default_priority = 0

    def apply(self, *, stand_in: Callable[[str], None]) -> None:
        """Apply those that are planned."""
        document, transformer = self.document, self.document.transformer
        planned = list(transformer.transforms)
        # What called this one listens to docutils' complaints already.
        document.reporter.detach_observer(document.note_transform_message)
        try:
            with budget():
                transformer.apply_transforms()
        except (Exception, OutOfBudget) as error:
            document.reporter.detach_observer(document.note_transform_message)
            transformer.transforms = planned
            stand_in(_words_of(error))
            transformer.apply_transforms()
        document.reporter.attach_observer(document.note_transform_message)


#: A character by its number.
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,6})|([0-9]{1,7}));", re.IGNORECASE)


def _refused_references(source: str, document: nodes.document) -> Iterator[tuple[int, str]]:
    """Lines with numbers of characters that can't stand there, and what to do.

    Of code, and where the markup has no such thing, they are words like others.
    """
    found = [
        (match, sign)
        for match in (_REFERENCE.finditer(source) if "&#" in source else ())
        if (sign := _sign_of(match)) and (CONTROL.match(sign) or TURNING.match(sign))
    ]
    if not found:
        return
    words = document.astext()
    written = Counter(match[0] for match, _sign in found)
    for match, sign in found:
        if words.count(match[0]) < written[match[0]]:
            line = source.count("\n", 0, match.start()) + 1
            yield (
                line,
                advice.turning(sign) if TURNING.match(sign) else advice.control_character(sign),
            )


def _sign_of(reference: re.Match[str]) -> str:
    """The character with a number, or nothing if there can't be one."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return chr(number) if number <= sys.maxunicode else ""


def _words_of(error: BaseException) -> str:
    return str(error) if isinstance(error, OutOfBudget) else f"{type(error).__name__}: {error}"


def _put_stand_in(document: nodes.document, docname: str, spent: Collection[object]) -> None:
    """Empty a document, and its memory of what it held, and say so on its page.

    *spent* are the parser's own transforms: MyST's fail where its parser did.
    """
    transformer = document.transformer
    # Those that begin at a node were meant for the tree that is gone.
    transformer.transforms = [
        (priority, transform, node, options)
        for priority, transform, node, options in transformer.transforms
        if node is None and transform not in spent
    ]
    transformer.sorted = False
    nodes.document.__init__(
        document, document.settings, document.reporter, source=document["source"]
    )
    document.transformer = transformer
    section = nodes.section(ids=["unreadable"], names=["unreadable"])
    section += nodes.title("", "", text(Words(docname.rpartition("/")[2])))
    section += nodes.paragraph("", "This file could not be read.")
    document += section


def sort_out(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Leave out strangers' files that aren't text (``env-before-read-docs``).

    Sphinx would stop at the first byte that isn't UTF-8, before any parser runs.  What was left
    out before it looked for documents is reported with them.
    """
    domain = EditionDomain.of(env)
    domain.unreadable = [*files.problems(app), *strays(app)]
    readable = {name for parser in guarded_parsers(app) for name in parser.supported}
    suffixes, claimed = app.config.source_suffix, ""
    for docname in sorted(filter(domain.documents.untrusted, env.found_docs)):
        path = Path(env.doc2path(docname))
        problem = _unreadable(path) or _page_of_another(app.builder, docname, env, domain.documents)
        is_claimed = filetype_of(path, suffixes) not in readable
        if is_claimed and path.suffix in _FILETYPES:
            claimed = path.suffix  # the file is what it should be
        elif is_claimed:
            problem = "the file isn't Markdown or reStructuredText: write it as one of them"
        if problem or is_claimed:
            if problem:
                domain.report_unreadable(path, problem)
            internals.leave_out(app, env, docname)
            if docname in docnames:
                docnames.remove(docname)

    if claimed:
        line = line_of_setting(app.confdir, "source_suffix")
        message = _claimed(claimed, suffixes, "myst_parser" in app.extensions)
        domain.unreadable.append(Problem(Subtype.UNSAFE, "conf.py", line, message))


#: What files of these suffixes are for the parsers that may read strangers' files.
_FILETYPES = {".md": "markdown", ".rst": "restructuredtext"}


def _claimed(suffix: str, suffixes: Mapping[str, str | None], has_myst: bool) -> str:
    """What to do where another extension reads files of *suffix*."""
    wanted = {name: _FILETYPES.get(name, filetype) for name, filetype in suffixes.items()}
    load = "" if has_myst or suffix != ".md" else 'put "myst_parser" first in extensions, and '
    return (
        f"notes in {suffix} aren't read, for another extension reads such files as "
        f"{suffixes[suffix]!r}: {load}write source_suffix = {wanted}"
    )


def filetype_of(path: Path, suffixes: Mapping[str, str | None]) -> str:
    """What a file is in, by ``source_suffix``."""
    found = (filetype for suffix, filetype in suffixes.items() if path.name.endswith(suffix))
    return next(found, None) or "restructuredtext"


def _page_of_another(
    builder: Builder, docname: str, env: BuildEnvironment, documents: Documents
) -> str | None:
    """What is wrong with a name where pages are those of folders, and another page has its.

    That is one that people vouch for, or one beside the folder.
    """
    if not isinstance(builder, DirectoryHTMLBuilder):
        return None
    above, _slash, name = docname.rpartition("/")
    other = above if name == "index" else f"{docname}/index"
    if other not in env.found_docs or (name != "index" and documents.untrusted(other)):
        return None
    return f"its page would be that of {files.shown(other)}: rename it"


def _unreadable(path: Path) -> str | None:
    if path.is_symlink() or not path.is_file():
        return files.LINKED_FILE  # put there since files were looked for
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return "the file isn't UTF-8 text: save it as UTF-8"
    if "\0" in text:
        return "the file holds NUL bytes: save it as plain text"
    return None
