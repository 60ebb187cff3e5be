"""Directives and roles for strangers: those on the lists alone, at whatever depth."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from types import ModuleType
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from docutils.parsers.rst.directives.misc import Role
from docutils.parsers.rst.states import Inliner
from docutils.utils import Reporter
from sphinx.util.docutils import CustomReSTDispatcher
from sphinx.util.typing import RoleFunction

from annotated_edition.domain import text_nodes
from annotated_edition.text import citation_targets
from annotated_edition.text.control import UNSEEN, brief
from annotated_edition.text.suggest import nearest
from annotated_edition.text.words import Words
from annotated_edition.untrusted import allowlists
from annotated_edition.untrusted.budget import look
from annotated_edition.untrusted.toctree import list_of_pages

#: Reports what stands on a line and is refused.
Refuse = Callable[[int, str], None]

#: Marks nodes that ``conf.py`` made, and the classes that its roles give, until they are sifted.
TRUSTED, TRUSTED_CLASSES = "edition_trusted", "edition_trusted_classes"

_ROLE = re.compile(r"([^\s()]++)(?:[ \t]*\([ \t]*([^\s()]++))?")


class OnlyAllowed(CustomReSTDispatcher):
    """Lets docutils find only allowed directives and roles, while it is entered.

    Sphinx has put its own look-up in docutils' place while it reads a document;
    MyST, reStructuredText and every nested parse go through it.
    """

    def __init__(
        self,
        refuse: Refuse,
        lists: bool = False,
        misspelt: Refuse | None = None,
        from_conf: Collection[tuple[str, int]] = (),
    ) -> None:
        """*lists*: whether the page may list others, as no note may.

        *misspelt* reports what is read as it was meant.  *from_conf* has the source and the line
        (from 1) of directives that ``conf.py`` adds to the file.
        """
        super().__init__()
        self._refuse = refuse
        self._lists = lists
        self._misspelt = misspelt or refuse
        self._from_conf = from_conf
        #: Whether such a directive is at work.
        self._is_trusted = False
        #: Roles that ``conf.py`` made of those that are allowed.
        self._roles: set[str] = set()

    def directive(
        self, directive_name: str, language_module: ModuleType, document: nodes.document
    ) -> tuple[type[Directive] | None, list[nodes.system_message]]:
        """The directive of a name, or one that reports itself."""
        look()
        plain = directive_name.lower()
        if self._is_trusted or self._stands_in_conf(document.reporter):
            found, messages = super().directive(directive_name, language_module, document)
            return self._trusted(found) if found else found, messages
        if plain == "toctree" and self._lists:
            return list_of_pages(self._refuse), []
        if plain in allowlists.DIRECTIVES or (self._lists and plain in allowlists.LIST_DIRECTIVES):
            found, messages = super().directive(directive_name, language_module, document)
            if found and plain == "bibliography":
                found = _bare_bibliography(found)
            return found, messages
        meant = ""
        known = None
        domain, colon, _name = plain.partition(":")
        # Of a domain that isn't there Sphinx warns without file and line.
        if not colon or domain in document.settings.env.domains:
            known, _messages = super().directive(directive_name, language_module, document)
        if known is None and plain not in _ELSEWHERE:
            allowed = {*allowlists.DIRECTIVES, *(allowlists.LIST_DIRECTIVES if self._lists else ())}
            meant = nearest(directive_name, sorted(allowed)) or ""
        return _refused_directive(directive_name, self._refuse, self._misspelt, meant), []

    def role(
        self, role_name: str, language_module: ModuleType, lineno: int, reporter: Reporter
    ) -> tuple[RoleFunction, list[nodes.system_message]]:
        """The role of a name, or one that reports itself."""
        look()
        plain = role_name.lower()
        if self._is_trusted or plain in self._roles or self._is_allowed(plain):
            found, messages = super().role(role_name, language_module, lineno, reporter)
            if self._is_trusted:
                return found, messages
            if plain in self._roles:
                return _with_classes(found), messages
            # None for a role that isn't there, whatever Sphinx's types say.
            known: Any = found
            if known is not None:
                mend = plain.startswith("cite:")
                return _mended_citation(known, self._misspelt) if mend else known, messages

        def refused(
            name: str,
            rawtext: str,
            text: str,
            lineno: int,
            inliner: Inliner,
            options: dict[str, Any] | None = None,
            content: Sequence[str] = (),
        ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
            close = nearest(role_name, allowlists.COMMON_ROLES)
            if close:
                self._misspelt(
                    lineno,
                    f"there is no role {{{brief(role_name)}}}: write {{{close}}}`{brief(text)}`",
                )
            else:
                self._refuse(lineno, f"the role {{{brief(role_name)}}}")
            return _as_literal(name, rawtext, text, lineno, inliner)

        return refused, []

    def _is_allowed(self, role: str) -> bool:
        return role in allowlists.ROLES or role.startswith(allowlists.ROLE_DOMAINS)

    def _stands_in_conf(self, reporter: Reporter) -> bool:
        """Whether what is being read is a directive that ``conf.py`` adds."""
        # Only docutils' own parser knows what it is reading.
        where: Any = reporter.get_source_and_line if self._from_conf else None
        return where is not None and where() in self._from_conf

    def _trusted(self, theirs: type[Directive]) -> type[Directive]:
        """A directive of ``conf.py``, which may do all that it does elsewhere."""

        def run(directive: Directive) -> list[nodes.Node]:
            settings = directive.state.document.settings
            before = self._is_trusted, settings.raw_enabled, settings.file_insertion_enabled
            self._is_trusted = settings.raw_enabled = settings.file_insertion_enabled = True
            try:
                made = [*theirs.run(directive)]
            finally:
                self._is_trusted, settings.raw_enabled, settings.file_insertion_enabled = before
            for node in made:
                if isinstance(node, nodes.Element):
                    node[TRUSTED] = True
            if issubclass(theirs, Role) and (match := _ROLE.match(directive.content[0])):
                base = (match[2] or "").lower()
                if not base or base in self._roles or self._is_allowed(base):
                    self._roles.add(match[1].lower())
            return made

        return type("Trusted", (theirs,), {"run": run})


def _with_classes(theirs: RoleFunction) -> RoleFunction:
    """A role that ``conf.py`` made, whose classes may stay."""

    def role(
        name: str,
        rawtext: str,
        text: str,
        lineno: int,
        inliner: Inliner,
        options: dict[str, Any] | None = None,
        content: Sequence[str] = (),
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        made, messages = theirs(name, rawtext, text, lineno, inliner, options or {}, content)
        for node in made:
            if isinstance(node, nodes.Element):
                node[TRUSTED_CLASSES] = [*node["classes"]]
        return made, messages

    return role


class WithoutCitations(CustomReSTDispatcher):
    """Shows keys of sources where nothing can cite them, as a warning of its own says.

    While it is entered; elsewhere Sphinx and docutils complain of each citation.
    """

    def role(
        self, role_name: str, language_module: ModuleType, lineno: int, reporter: Reporter
    ) -> tuple[RoleFunction, list[nodes.system_message]]:
        """The role of a name."""
        if role_name.lower().startswith("cite:"):
            return _as_literal, []
        return super().role(role_name, language_module, lineno, reporter)


def _as_literal(
    name: str,
    rawtext: str,
    text: str,
    lineno: int,
    inliner: Inliner,
    options: dict[str, Any] | None = None,
    content: Sequence[str] = (),
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    return [nodes.literal("", "", text_nodes.text(Words(text)))], []


def _mended_citation(theirs: RoleFunction, misspelt: Refuse) -> RoleFunction:
    """A role that cites what was meant where its keys are miswritten, and says so."""

    def cite(
        name: str,
        rawtext: str,
        text: str,
        lineno: int,
        inliner: Inliner,
        options: dict[str, Any] | None = None,
        content: Sequence[str] = (),
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        target = citation_targets.mended(text)
        if target != UNSEEN.sub("", text):
            parsed: object = inliner  # MyST has one of its own
            role = f":{name}:" if isinstance(parsed, Inliner) else f"{{{name}}}"
            message = f"the source can't be read in {brief(text)!r}: write {role}`{brief(target)}`"
            misspelt(lineno, message)
            if target == citation_targets.PLACEHOLDER not in text:
                return _as_literal(name, rawtext, text, lineno, inliner)
        return theirs(name, rawtext, target, lineno, inliner, options or {}, content)

    return cite


def _bare_bibliography(theirs: type[Directive]) -> type[Directive]:
    class Bibliography(theirs):  # type: ignore[valid-type, misc]
        optional_arguments = 0
        has_content = False
        option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
            name: convert
            for name, convert in (theirs.option_spec or {}).items()
            if name in allowlists.BIBLIOGRAPHY_OPTIONS
        }

    return Bibliography


#: Directives of other extensions that may not be loaded, and are refused as what they are.
_ELSEWHERE = frozenset(
    "table-of-contents cards card grid button dropdown tab-set tab-item autoclass automodule"
    " autofunction download mermaid graphviz".split()
)


def _refused_directive(
    name: str, refuse: Refuse, misspelt: Refuse, meant: str = ""
) -> type[Directive]:
    class Refused(Directive):
        has_content = True
        optional_arguments = 1
        final_argument_whitespace = True

        def run(self) -> list[nodes.Node]:
            if meant:
                misspelt(self.lineno, f"there is no directive {{{brief(name)}}}: write {{{meant}}}")
            else:
                refuse(self.lineno, f"the directive {{{brief(name)}}}")
            return [text_nodes.verbatim(Words(self.block_text))]

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
