"""What Sphinx asks again in every build, and what stays the same: asked once a process."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache, wraps
from importlib import metadata
from typing import Any

from docutils.frontend import OptionParser
from jinja2 import Environment


def keep_compiled() -> None:
    """Have Jinja compile templates once a process, which costs a build of two pages half as much.

    Their sources are read in every build all the same.
    """
    compiled: dict[Any, Any] = {}
    compile_ = Environment.compile

    @wraps(compile_)
    def kept(
        self: Environment, source: Any, name: str | None = None, *args: Any, **options: Any
    ) -> Any:
        # What the same words mean depends on these.
        marks = (self.block_start_string, self.variable_start_string, self.comment_start_string)
        spaces = (self.trim_blocks, self.lstrip_blocks, self.keep_trailing_newline)
        kind = (type(self), tuple(self.extensions), marks, spaces, self.autoescape)
        key = (kind, source, name, args, tuple(options.items()))
        if key not in compiled:
            compiled[key] = compile_(self, source, name, *args, **options)
        return compiled[key]

    Environment.compile = kept  # type: ignore[method-assign]


def keep_entry_points() -> None:
    """Read once what installed packages offer; for each builder and theme Sphinx reads it again."""
    asked = metadata.entry_points
    kept = cache(asked)
    for module in [*sys.modules.values()]:
        if vars(module).get("entry_points") is asked:
            vars(module)["entry_points"] = kept


def keep_settings() -> None:
    """Ask components of docutils once for their settings, which Sphinx does for each document.

    Defaults are copied: what else is kept of them, nobody changes.
    """
    asked: dict[tuple[type, ...], dict[str, Any]] = {}
    ask = OptionParser.populate_from_components

    @wraps(ask)
    def kept(self: OptionParser, components: Iterable[Any]) -> None:
        components = tuple(components)
        key = tuple(one if isinstance(one, type) else type(one) for one in components)
        if key not in asked:
            ask(self, components)
            asked[key] = {**vars(self), "defaults": {**self.defaults}}
        own = {"components": components, "config_files": []}
        vars(self).update({**asked[key], **own, "defaults": {**asked[key]["defaults"]}})

    OptionParser.populate_from_components = kept  # type: ignore[method-assign]
