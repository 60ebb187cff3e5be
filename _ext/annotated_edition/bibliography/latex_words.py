"""Fields of a bibliography as words: what LaTeX or HTML would obey, pybtex prints as it is.

pybtex decodes accents and signs (latexcodec), and nothing else.
"""

from __future__ import annotations

import html
import re

from pybtex.richtext import Text
from pybtex.scanner import PybtexSyntaxError

from annotated_edition.text.control import brief

#: Commands that only shape the words in their braces, which stay.
_SHAPES = re.compile(
    r"\\(?:emph|text(?:it|bf|sc|sf|tt|up|md|rm|sl|normal|superscript|subscript)|mkbib(?:emph|italic|bold)"
    r"|mbox|foreignlanguage\s*\{[^{}]*\}|textlang\w*\s*\{[^{}]*\}|uline|underline)\s*+(?=\{)"
)
_QUOTED = re.compile(r"\\(?:enquote|mkbibquote)\*?\s*+\{([^{}]*)\}")
_COMMAND = re.compile(r"\\(?!url\b|href\b)[A-Za-z]{2,}")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,9}(?:\s[^<>]{0,200})?/?>")
_ENTITY = re.compile(r"\\?&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,12});")
_FORMULA = re.compile(r"\$[^$]{0,200}[\\^_][^$]{0,200}\$")
_MARKDOWN = re.compile(r"\*\*[^*\n]{1,200}\*\*|\[[^\[\]\n]{1,200}\]\(https?:[^()\s]{1,300}\)")


def plain(value: str) -> tuple[str, str]:
    """*value* without commands that shape words, and what else no reader should see, or ""."""
    if not re.search(r"[\\<&$*\[]", value):
        return value, ""
    value = _QUOTED.sub(r"“\1”", _SHAPES.sub("", value))
    for pattern, sort in (
        (_TAG, "HTML"),
        (_ENTITY, "HTML"),
        (_MARKDOWN, "Markdown"),
        (_FORMULA, "a formula"),
    ):
        if found := pattern.search(value):
            advice = f"{sort} in it, {brief(found[0])}: write plain words"
            if pattern is _TAG:
                value = _TAG.sub("", value)
            elif pattern is _ENTITY:
                value = _ENTITY.sub(_decoded, value)
            return value, advice
    if "\\" in value and (unknown := _COMMAND.search(_read(value))):
        return value, f"a command that isn't known here, {brief(unknown[0])}: write plain words"
    return value, ""


def _decoded(entity: re.Match[str]) -> str:
    """The sign of a reference of HTML's, as LaTeX has it."""
    sign = html.unescape(entity[0].lstrip("\\"))
    return re.sub(r"[\\{}%]", "", sign) or " "


def _read(value: str) -> str:
    try:
        return str(Text.from_latex(value))
    except (PybtexSyntaxError, ValueError, RecursionError):
        return ""  # which is told of the whole field
