"""The fonts that drawings and books are set with, beside those inside Typst."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: The folder of font files; their licence is beside them.
FONTS = Path(__file__).parent

_SUFFIXES = frozenset({".otf", ".ttf", ".otc", ".ttc"})


@dataclass(frozen=True, slots=True)
class Fonts:
    """Where a book's fonts come from: ours, a project's files and folders, perhaps the system."""

    paths: tuple[Path, ...] = ()
    with_system: bool = False

    def folders(self) -> list[Path]:
        """All folders that fonts are read from; a file stands for the folder that it lies in."""
        named = (path.parent if path.is_file() else path for path in self.paths)
        return list(dict.fromkeys([FONTS, *named]))

    def files(self) -> Iterator[Path]:
        """The font files that a book depends on, those of the system aside."""
        for folder in self.folders():
            yield from sorted(it for it in folder.rglob("*") if it.suffix.lower() in _SUFFIXES)
