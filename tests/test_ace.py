"""DAISY Ace on the e-book, where npm can install it.

Ace comes from npm and is installed once, into the virtual environment's folder.  Where there is
no npm, or it reaches no registry, these tests are skipped and say why; ``test_epub.py`` asks
axe-core about the same pages in any case.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from support.axe import EVERYTHING
from support.browser import CHROMIUM
from support.edition import Outputs
from support.epub import Book, built
from support.npm import installed
from support.project import Project

#: Ace's packages ask for one another by exact version: what is found doesn't change by itself.
VERSION = "1.4.6"


@pytest.fixture(scope="module")
def ace() -> Path:
    """Ace's command."""
    return installed(f"ace-{VERSION}", f"@daisy/ace-cli@{VERSION}") / ".bin/ace-cli"


def found(ace: Path, book: Path, folder: Path) -> list[str]:
    """What Ace has to say of a book; *folder* takes its report, log and settings."""
    browser = shutil.which(CHROMIUM)
    assert browser, f"DAISY Ace needs Chromium, and there is no {CHROMIUM}"
    environment = {
        **os.environ,
        "PUPPETEER_EXECUTABLE_PATH": browser,
        # Milliseconds that a browser may take to start.
        "ACE_TIMEOUT_INITIAL": "180000",
        **{f"XDG_{kind}_HOME": str(folder) for kind in ("CACHE", "CONFIG", "DATA", "STATE")},
    }
    done = subprocess.run(
        [str(ace), "--silent", "--outdir", str(folder / "report"), str(book)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((folder / "report/report.json").read_text(encoding="utf-8"))
    assert len(report["assertions"]) > len(Book(book).spine), "Ace did not open every page"
    return [
        f"{page['earl:testSubject']['url']}: {fault['earl:test']['dct:title']}: "
        f"{fault['earl:result']['dct:description']} {fault['earl:result'].get('html', '')[:200]}"
        for page in report["assertions"]
        for fault in page["assertions"]
    ]


def shortened(book: Book, path: Path) -> Path:
    """The book with the longest page of each folder of notes, and the beginnings of lists.

    Pages of a sort are alike, each costs Ace a second, and the whole bibliography 20.
    """
    alike = [
        name for name in book.spine if name.count("/") > 1 and not name.endswith("/index.xhtml")
    ]
    longest = {
        posixpath.dirname(name): name
        for name in sorted(alike, key=lambda name: len(book.files[name]))
    }
    dropped = set(alike).difference(longest.values())
    package, nav = book.package, book.page("nav.xhtml")
    for item in package.select("manifest > item"):
        if item["href"] in dropped:
            for reference in package.select(f'itemref[idref="{item["id"]}"]'):
                reference.decompose()
    for link in nav.select("li > a"):
        if str(link["href"]).partition("#")[0] in dropped and link.parent:
            link.parent.decompose()
    changed = {"content.opf": str(package), "nav.xhtml": str(nav)}
    for name, page in book.pages.items():
        if (
            name not in {"nav.xhtml", *dropped}
            and name in book.spine
            and (later := list(beyond(page)))
        ):
            for entry in later:
                entry.extract()
            changed[name] = str(page)
    return written({**book.files, **{name: text.encode() for name, text in changed.items()}}, path)


def beyond(page: BeautifulSoup) -> Iterator[Tag]:
    """What stands in a list or a table after eight of its sort."""
    for parts in page.select("dl, ul, ol, tbody, .citation-list"):
        seen: Counter[str] = Counter()
        for part in parts.find_all(True, recursive=False):
            sort = f"{part.name} {part.get('class')}"
            seen[sort] += 1
            if seen[sort] > 8:
                yield part


def written(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_ace_finds_nothing(ace: Path, outputs: Outputs, tmp_path: Path) -> None:
    (path,) = outputs("epub").glob("*.epub")
    if not EVERYTHING:
        path = shortened(Book(path), tmp_path / "short.epub")
    assert found(ace, path, tmp_path) == []


def test_ace_would_find_something(ace: Path, project: Project) -> None:
    """The checker runs, and sees the package and the pages."""
    project.text("One passage.")
    book = built(project)
    files = {
        name: data.replace(b" alt=", b" data-alt=").replace(b'"schema:accessMode"', b'"schema:x"')
        for name, data in book.files.items()
    }
    faults = found(ace, written(files, project.folder / "broken.epub"), project.folder)
    assert any(re.search(r"^epub-cover\.xhtml: image-alt", fault) for fault in faults)
    assert any(re.search(r"^content\.opf: metadata-accessmode", fault) for fault in faults)
