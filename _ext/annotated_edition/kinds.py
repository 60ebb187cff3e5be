"""The kinds of notes: what they are called, and in which folders their files lie."""

from __future__ import annotations

from collections.abc import Iterable

from sphinx.config import Config


class Kinds:
    """The kinds that an edition is configured to have, or else those that it has notes of.

    ``titles`` has the title of each by its name, in their order.
    """

    def __init__(self, config: Config, notes: Iterable[str]) -> None:
        """*notes* are the docnames of all notes."""
        self._globs: list[str] = list(config.edition_notes)
        self._folders: dict[str, str] = {}
        for folder in sorted({note.rpartition("/")[0] for note in notes} - {""}):
            self._folders.setdefault(folder.rpartition("/")[2], folder)
        self.titles: dict[str, str] = dict(config.edition_kinds) or {
            name: name.capitalize() for name in sorted(self._folders)
        }

    def folder(self, name: str) -> str | None:
        """The folder of a kind: where its notes are, or where ``edition_notes`` has room.

        A kind needs no title to have one.
        """
        if name in self._folders:
            return self._folders[name]
        for above, last in map(_last_folder, self._globs):
            if last in ("*", "**", name) and "*" not in above:
                return f"{above}/{name}" if above else name
        return None

    def any_folder(self) -> str:
        """Some folder that notes may lie in, for an edition without kinds."""
        above, last = _last_folder(self._globs[0] if self._globs else "commentary/*/*")
        folder = f"{above}/{last}" if above else last
        return folder.replace("**", "*").replace("*", "notes")


def _last_folder(glob: str) -> tuple[str, str]:
    """The folder of what a glob finds, parted into those above it and its own name."""
    # Two stars at the end find files in folders, too.
    folder = glob if glob.endswith("**") else glob.rpartition("/")[0]
    above, _slash, last = folder.rpartition("/")
    return above, last
