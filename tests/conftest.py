"""Small projects, built by the real Sphinx."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import settings
from sphinx.testing.util import SphinxTestApp

# Timings live in benchmarks; a slow machine fails no property.
settings.register_profile("edition", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("edition")

# What a CI system says of its repository would stand on every page.
for _name in [*os.environ]:
    if _name.startswith(("GITHUB_", "GITEA_", "FORGEJO_", "GITLAB_", "CI_")):
        del os.environ[_name]

pytest_plugins = ("sphinx.testing.fixtures",)
collect_ignore = ["roots", "bench"]

ROOT = Path(__file__).parent.parent

CONF = """\
project = "A small edition"
extensions = ["myst_parser", "annotated_edition"]
edition_text = ["text/*"]
html_theme = "basic"
html_copy_source = False
"""


@pytest.fixture(scope="session")
def rootdir() -> Path:
    """Where sphinx.testing looks for test roots."""
    return Path(__file__).parent / "roots"


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


def parse(path: Path) -> BeautifulSoup:
    """An HTML or XHTML file, parsed."""
    features = "lxml-xml" if path.suffix == ".xhtml" else "lxml"
    return BeautifulSoup(path.read_text(encoding="utf-8"), features)


def words_of(passage: Tag) -> str:
    """A built passage's words: what remains without marks, number and cross-references."""
    copy = BeautifulSoup(str(passage), "lxml")
    for extra in copy.select("[role=doc-noteref], .passage-number, .cross-reference"):
        extra.decompose()
    return " ".join(copy.get_text().split())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project with the extension and nothing else."""
    return Project(tmp_path)


@pytest.fixture
def new_project(tmp_path: Path) -> Iterator[Callable[[], Project]]:
    """Makes fresh projects, for tests that need more than one."""
    count = 0

    def make() -> Project:
        nonlocal count
        count += 1
        folder = tmp_path / str(count)
        folder.mkdir()
        return Project(folder)

    return make


def run_sphinx(source: Path, output: Path, builder: str) -> subprocess.CompletedProcess[str]:
    """Build *source* into ``output/builder``, as ``make`` does."""
    command = [
        *(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "auto"),
        *("-b", builder, "-d", str(output / "doctrees"), str(source), str(output / builder)),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class Outputs:
    """The edition, built by each builder when first asked for.

    Modules that use it belong to one group (``xdist_group("edition")``), so that one process
    runs them and each builder runs once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, builder: str) -> Path:
        output = self.folder / builder
        if not output.exists():
            done = run_sphinx(ROOT, self.folder, builder)
            assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return output


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    """The edition's outputs, shared by all modules of the group."""
    return Outputs(tmp_path_factory.mktemp("edition"))
