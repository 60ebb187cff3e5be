"""Directives and roles for strangers: those on the lists alone, at whatever depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles

from annotated_edition.text.control import brief
from annotated_edition.untrusted import allowlists

#: Reports what stands on a line and is refused.
Refuse = Callable[[int, str], None]


@contextmanager
def only_allowed(refuse: Refuse) -> Iterator[None]:
    """Let docutils find only allowed directives and roles.

    Sphinx has put its own look-up in docutils' place while it reads a document;
    MyST, reStructuredText and every nested parse go through it.
    """
    find_directive: Any = directives.directive
    find_role: Any = roles.role

    def directive(name: str, *arguments: Any) -> Any:
        if name.lower() in allowlists.DIRECTIVES:
            return find_directive(name, *arguments)
        return _refused_directive(name, refuse), []

    def role(name: str, language: Any, line: int, reporter: Any) -> Any:
        plain = name.lower()
        if plain in allowlists.ROLES or plain.startswith(allowlists.ROLE_DOMAINS):
            return find_role(name, language, line, reporter)

        def refused(role: str, rawtext: str, text: str, line: int, *rest: Any) -> Any:
            refuse(line, f"the role {{{brief(name)}}}")
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


def _refused_directive(name: str, refuse: Refuse) -> type[Directive]:
    class Refused(Directive):
        has_content = True
        optional_arguments = 1
        final_argument_whitespace = True

        def run(self) -> list[nodes.Node]:
            refuse(self.lineno, f"the directive {{{brief(name)}}}")
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
