"""What Sphinx asks again in every build, and what stays the same: asked once a process."""

from __future__ import annotations

import sys
from functools import cache, wraps
from importlib import metadata
from typing import Any

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
