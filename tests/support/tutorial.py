"""Somebody who does what a page of the documentation says, block of code after block."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

#: A file's name in a caption, to which lines are added.
_AT_END = " (at the end)"


class Block(NamedTuple):
    """A block of code: commands (``sh``), what they show (``text``), or a file's contents."""

    kind: str
    text: str
    file: str = ""


def blocks(markdown: str) -> Iterator[Block]:
    """The blocks of code of a Markdown text; a caption names the file that a block is."""
    for token in MarkdownIt().parse(markdown):
        if token.type != "fence":
            continue
        text = token.content
        if not token.info.startswith("{code-block}"):
            yield Block(token.info.strip(), text)
            continue
        caption = re.match(r":caption: (.*)\n\n?", text)
        assert caption, f"a file without a name: {text}"
        yield Block("file", text[caption.end() :], caption[1])


class Reader:
    """Begins in *folder*; *environment* is added to that of the commands."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment}
        # Commands of a Makefile say so.
        self.environment.pop("MAKELEVEL", None)
        self.shown = ""
        self.failed = False

    def take(self, block: Block) -> None:
        """Write a file, run commands, or compare what they show."""
        if block.kind == "file":
            at_end = block.file.endswith(_AT_END)
            file = self.folder / block.file.removesuffix(_AT_END)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a" if at_end else "w", encoding="utf-8") as opened:
                opened.write(block.text)
        elif block.kind == "sh":
            self.done()
            self._run(block.text)
        else:
            assert block.kind == "text", f"a block of unknown kind: {block}"
            assert block.text.strip() in self.shown, self.shown
            self.failed = False

    def done(self) -> None:
        """Nothing went wrong but what the page shows."""
        assert not self.failed, self.shown

    def _run(self, commands: str) -> None:
        at = self.folder / ".at"
        done = subprocess.run(
            ["bash", "-c", f"set -e\n{commands}\npwd > '{at}'"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.shown = done.stdout
        self.failed = done.returncode != 0 or "WARNING" in done.stdout
        if at.exists():
            self.folder = Path(at.read_text(encoding="utf-8").strip())
            at.unlink()
