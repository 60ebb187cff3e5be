"""The configuration values, all in one place."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from sphinx.application import Sphinx
from sphinx.config import ENUM

from annotated_edition.hosting import HOSTS


class _Value(NamedTuple):
    name: str
    default: Any
    rebuild: Literal["", "env", "html"]
    types: Any
    """What the value may be."""


_STRINGS = frozenset({list, tuple})

#: Values that decide what is collected while reading rebuild the environment;
#: what is only woven in needs no rebuilding, since pages' inputs are compared.
VALUES = (
    _Value("edition_text", [], "env", _STRINGS),
    _Value("edition_text_language", None, "env", frozenset({str, type(None)})),
    _Value("edition_copy_text", None, "", frozenset({str, type(None)})),
    _Value("edition_copy_text_skip", [], "", _STRINGS),
    _Value("edition_notes", ["commentary/*/*"], "env", _STRINGS),
    _Value("edition_kinds", {}, "env", frozenset({dict})),
    _Value("edition_cross_references", ["commentary/cross-references/*"], "env", _STRINGS),
    _Value("edition_glossary_links", "first", "", ENUM("first", "all", "none")),
    # None: the notes, the cross-references, commentary/glossary and commentary/*-register.
    _Value("edition_untrusted", None, "env", frozenset({list, tuple, type(None)})),
    _Value("edition_checks", False, "env", frozenset({bool})),
    _Value("edition_loaded_words", [], "env", _STRINGS),
    _Value("edition_map_data", None, "html", frozenset({str, type(None)})),
    _Value("edition_gist_words", 30, "env", frozenset({int})),
    # None: found out; "": there is none, and no page leads to one.
    _Value("edition_repository", None, "", frozenset({str, type(None)})),
    _Value("edition_branch", None, "", frozenset({str, type(None)})),
    _Value("edition_repository_host", None, "", ENUM(None, *HOSTS)),
    _Value("edition_credit_from_history", True, "", frozenset({bool})),
    _Value("edition_credit_ignore", ["*[bot]"], "", _STRINGS),
)


def setup_config(app: Sphinx) -> None:
    """Register the values; README documents them."""
    for value in VALUES:
        app.add_config_value(value.name, value.default, value.rebuild, value.types)
