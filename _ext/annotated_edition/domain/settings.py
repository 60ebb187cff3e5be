"""Where a project makes its settings."""

from __future__ import annotations

import ast
from pathlib import Path

from sphinx.config import Config
from sphinx.locale import _ as of_sphinx


def line_of_setting(folder: str | Path, setting: str) -> int:
    """The line (from 1) of ``conf.py`` in *folder* where a setting is made.

    *setting* may be the beginning of a name. The first line where it can't be found.
    """
    lines = enumerate(_lines(folder), 1)
    return next((number for number, line in lines if line.lstrip().startswith(setting)), 1)


def settings_like(folder: str | Path, beginning: str) -> list[tuple[str, int]]:
    """The settings that ``conf.py`` in *folder* makes whose names begin so, and their lines."""
    return [(name, line) for name, line in _assigned(folder) if name.startswith(beginning)]


def is_written(folder: str | Path, config: Config, setting: str) -> bool:
    """Whether ``conf.py``, or who calls Sphinx, says what the *setting* is.

    One that is the default may have been chosen all the same.
    """
    return setting in config.overrides or setting in dict(_assigned(folder))


def is_plain_title(config: Config, title: str) -> bool:
    """Whether the *title* is the one that Sphinx gives where the project gives none.

    It ends in "documentation", which an edition is not.
    """
    return title == of_sphinx("%s %s documentation") % (config.project, config.release)


def _assigned(folder: str | Path) -> list[tuple[str, int]]:
    """The names that ``conf.py`` in *folder* gives values to, wherever, and their lines."""
    try:
        tree = ast.parse("\n".join(_lines(folder)))
    except (SyntaxError, ValueError):
        return []  # Sphinx says what is wrong with it
    named = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return [(node.id, node.lineno) for node in named if isinstance(node.ctx, ast.Store)]


def _lines(folder: str | Path) -> list[str]:
    """The lines of ``conf.py`` in *folder*."""
    try:
        written = Path(folder, "conf.py").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return written.splitlines()
