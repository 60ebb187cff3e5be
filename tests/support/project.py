"""Small projects, written and built by the real Sphinx."""

from __future__ import annotations

import re
import textwrap
from io import StringIO
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from sphinx.testing.util import SphinxTestApp

from support.pages import parse

CONF = """\
project = "A small edition"
extensions = ["myst_parser", "annotated_edition"]
edition_text = ["text/*"]
html_theme = "basic"
html_copy_source = False
"""


class Project:
    """A Sphinx project in a folder of its own, written and built by a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings = ""
        self.index = ""
        self.write("conf.py", CONF)

    def write(self, path: str, text: str) -> Path:
        """Write a file; the text may be indented."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return file

    def configure(self, lines: str) -> None:
        """Add lines to ``conf.py``."""
        with (self.folder / "conf.py").open("a", encoding="utf-8") as conf:
            conf.write(textwrap.dedent(lines))

    def text(self, *pages: str, index: str = "") -> None:
        """Write base-text pages ``text/a.md``, ``text/b.md`` … and plan an index of all."""
        names = [chr(ord("a") + number) for number in range(len(pages))]
        for name, page in zip(names, pages, strict=True):
            self.write(f"text/{name}.md", f"# Page {name}\n\n{textwrap.dedent(page).strip()}\n")
        self.index = (
            f"# The edition\n\n{textwrap.dedent(index)}\n```{{toctree}}\n"
            + "\n".join(f"text/{name}" for name in names)
            + "\n```\n"
        )

    def _write_index(self) -> None:
        """Write the index that :meth:`text` began, with what commentary there is."""
        index = self.index
        if index and any(self.folder.glob("commentary/*/*.md")):
            index += "\n```{toctree}\n:glob:\ncommentary/*/*\n```\n"
        path = self.folder / "index.md"
        if index and not (path.exists() and path.read_text(encoding="utf-8") == index):
            self.write("index.md", index)

    def note(
        self, name: str, quote: str, gist: str = "The gist.", front: str = "", body: str = ""
    ) -> Path:
        """Write ``commentary/NAME.md`` (NAME: kind and id) for a quote or YAML list of them."""
        title = name.rpartition("/")[2].capitalize()
        text = f"---\nquote: {quote}\n{textwrap.dedent(front).strip()}\n---\n# {title}\n\n{gist}\n"
        return self.write(f"commentary/{name}.md", f"{text}\n{textwrap.dedent(body)}")

    def build(self, builder: str = "html", **options: Any) -> SphinxTestApp:
        """Build with *builder*; warnings stay readable in ``self.warnings``."""
        self._write_index()
        warning = StringIO()
        app = SphinxTestApp(
            builder,
            srcdir=self.folder,
            builddir=self.folder / "_build",
            warning=warning,
            **options,
        )
        try:
            app.build()
        finally:
            app.cleanup()
        self.warnings = re.sub(r"\x1b\[[0-9;]*m", "", warning.getvalue())
        return app

    def output(self, path: str, builder: str = "html") -> Path:
        """A file of a builder's output."""
        return self.folder / "_build" / builder / path

    def page(self, name: str, builder: str = "html") -> BeautifulSoup:
        """A page of HTML output, parsed."""
        suffix = "/index.html" if builder == "dirhtml" else ".html"
        return parse(self.output(name + suffix, builder))
