"""Jinja's templates, compiled once a process and not once a build."""

from __future__ import annotations

from collections import defaultdict
from functools import wraps
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket


class _Memory(BytecodeCache):
    """What Jinja made of templates; it asks for a template's source and compares that itself."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


def keep_compiled() -> None:
    """Give every environment of Jinja a memory, which costs a build of two pages half as much."""
    memories: defaultdict[Any, _Memory] = defaultdict(_Memory)
    made = Environment.__init__

    @wraps(made)
    def init(self: Environment, *args: Any, **options: Any) -> None:
        made(self, *args, **options)
        if self.bytecode_cache is None:
            # What the same words mean depends on these.
            marks = (self.block_start_string, self.variable_start_string, self.comment_start_string)
            spaces = (self.trim_blocks, self.lstrip_blocks, self.keep_trailing_newline)
            kind = (type(self), tuple(self.extensions), marks, spaces, self.autoescape)
            self.bytecode_cache = memories[kind]

    Environment.__init__ = init  # type: ignore[method-assign]
