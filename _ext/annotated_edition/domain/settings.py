"""Where a project makes its settings."""

from __future__ import annotations

from pathlib import Path


def line_of_setting(folder: str | Path, setting: str) -> int:
    """The line (from 1) of ``conf.py`` in *folder* where a setting is made.

    *setting* may be the beginning of a name. The first line where it can't be found.
    """
    path = Path(folder, "conf.py")
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 1
    at = (number for number, line in enumerate(lines, 1) if line.lstrip().startswith(setting))
    return next(at, 1)
