"""The PDF's words as readers find and copy them: pdf.js (Firefox), PDFium (Chrome), Poppler, MuPDF.

PDFium comes with the tests, pdf.js from npm; Poppler and MuPDF are asked where they are installed
(on Debian: apt install poppler-utils mupdf-tools).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from support.edition import PAGES, ROOT, Outputs
from support.npm import installed
from support.pages import parse, words_of
from support.project import Project
from support.shared import folder_of, made_once

pytestmark = pytest.mark.xdist_group("extraction")
TOOLS = ("pdf.js", "pdfium", "poppler", "mupdf")
PDFJS = "5.6.205"
#: What a reader makes of a hyphen at the end of a line: itself, a soft one, or PDFium's own signs.
HYPHEN = "[-\u00ad\u0002\ufffe]"
#: What hangs in the margin beside a word: where it is tied to.
MARGIN = re.compile(r"→|¶\w+,\s*p\.\s*\d+;?")


def between(tool: str) -> str:
    """What stands between the parts of a compound; Poppler drops a hyphen that ends a line."""
    return rf"(?:{HYPHEN}\s*|(?<=\w)(?=\w))" if tool == "poppler" else rf"{HYPHEN}\s*"


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def text_of(tool: str, pdf: Path) -> list[str]:
    """The words of each page, as *tool* has them; or skip."""
    if tool == "pdfium":
        with pypdfium2.PdfDocument(pdf) as document:
            return [page.get_textpage().get_text_range() for page in document]
    if tool == "pdf.js":
        module = (
            installed(f"pdfjs-{PDFJS}", f"pdfjs-dist@{PDFJS}") / "pdfjs-dist/legacy/build/pdf.mjs"
        )
        script = str(ROOT / "tests/support/extract.mjs")
        return _run("node", script, module.as_uri(), str(pdf)).split("\f")
    program = {"poppler": "pdftotext", "mupdf": "mutool"}[tool]
    if not shutil.which(program):
        pytest.skip(f"{tool} is not installed: there is no {program}")
    if tool == "poppler":
        return _run(program, str(pdf), "-").split("\f")
    return _run(program, "draw", "-q", "-F", "text", str(pdf)).split("\f")


@pytest.fixture(scope="module", params=TOOLS)
def pages(
    request: pytest.FixtureRequest, outputs: Outputs, tmp_path_factory: pytest.TempPathFactory
) -> list[str]:
    """The edition's book, page by page."""
    return text_of(request.param, outputs("edition-pdf") / "annotated-edition.pdf")


def passages(outputs: Outputs) -> Iterator[tuple[str, str]]:
    for name in PAGES:
        for passage in parse(outputs("html") / f"article/{name}.html").select(".passage"):
            yield str(passage["id"]), words_of(passage)


def letters(text: str) -> str:
    """The letters and figures of a text: lines end where they like."""
    return re.sub(r"[\W_]+", "", MARGIN.sub(" ", text))


def _pattern(words: str) -> str:
    """Words as a page has them: the numbers of notes and passages stand between them."""
    return r"\d*?".join(map(re.escape, words))


def stands(words: str, pages: list[str]) -> bool:
    """Whether words follow each other on a page, or go on on the next one."""
    for page, following in pairwise([*pages, ""]):
        if re.search(_pattern(words), page):
            return True
        # The longest beginning that the page has; the rest is on the next.
        most = bisect_left(
            range(1, len(words)), True, key=lambda n: not re.search(_pattern(words[:n]), page)
        )
        if most > 20 and re.search(_pattern(words[most:]), following):
            return True
    return False


def test_the_article_word_for_word(pages: list[str], outputs: Outputs) -> None:
    book = [letters(page) for page in pages]
    wanted = dict(passages(outputs))
    assert len(wanted) == 19
    assert [id_ for id_, words in wanted.items() if not stands(letters(words), book)] == []


def test_compounds_keep_their_hyphens(
    pages: list[str], outputs: Outputs, request: pytest.FixtureRequest
) -> None:
    """Each hyphenated word of the article, wherever lines end."""
    whole = " ".join(MARGIN.sub(" ", page) for page in pages)
    text = " ".join(words for _, words in passages(outputs))
    wanted = Counter(re.findall(r"\w+(?:-\w+)+", text))
    assert wanted["China-Kazakhstan"] > 10
    joint = between(request.node.callspec.params["pages"])
    for word, times in wanted.items():
        pattern = joint.join(map(re.escape, word.split("-")))
        assert len(re.findall(pattern, whole)) >= times, word


def test_names_in_other_scripts(pages: list[str], outputs: Outputs) -> None:
    """Chinese, Kazakh and Russian of the notes' pages."""
    whole = re.sub(rf"\s|{HYPHEN}", "", "".join(pages))
    names = {
        re.sub(rf"\s|{HYPHEN}", "", name.get_text())
        for page in sorted(outputs("html").glob("commentary/*/*.html"))
        for name in parse(page).select(".note-names [lang]")
    }
    assert len(names) > 50
    assert [name for name in sorted(names) if name not in whole] == []


HYPHENS = """
    Extraordinarily complicated circumstances notwithstanding, the Sino-Lao
    counterrevolutionaries internationalized incomprehensibly characteristic institutionalization,
    *the well-known intercontinental telecommunications infrastructure* unquestionably
    notwithstanding **the half-forgotten** misunderstandings of a Sino-Lao commission.
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book whose first hyphens divide words."""

    def make() -> None:
        folder.mkdir()
        project = Project(folder)
        project.text("incomprehensibilities " * 12 + "\n\n" + " ".join(HYPHENS.split() * 3))
        project.build("edition-pdf")
        assert project.warnings == ""

    folder = folder_of(tmp_path_factory, "hyphens")
    made_once(folder, make)
    (path,) = folder.rglob("annotated-edition.pdf")
    return path


@pytest.mark.parametrize("tool", TOOLS)
def test_a_hyphen_is_one_whichever_a_font_met_first(small: Path, tool: str) -> None:
    whole = "\n".join(text_of(tool, small))
    found = re.findall(f"Sino{between(tool)}Lao", whole)
    assert len(found) == 6
    assert "Sino-Lao" in found
    # A word that a line divides is one word for who takes the hyphen away.
    joined = re.sub(r"-\s*\n|[\u00ad\u0002\ufffe]\s*", "", whole)
    assert joined.count("incomprehensibilities") == 12


def test_a_divided_word_says_that_its_hyphen_is_soft(small: Path) -> None:
    """As tagged PDF asks (ISO 32000-1, 14.8.2.2.3); Poppler and PDFium read it."""
    with pypdfium2.PdfDocument(small) as document:
        words = "".join(page.get_textpage().get_text_range() for page in document)
    assert "\u00ad" not in words  # PDFium writes a sign of its own for both
    import pikepdf

    with pikepdf.open(small) as document:
        drawn = b"".join(page.Contents.read_bytes() for page in document.pages)
        tables = [
            font.ToUnicode.read_bytes()
            for page in document.pages
            for font in page.resources.Font.values()
        ]
    assert drawn.count(b"<FEFF00AD>") > 5
    assert not any(b"<00AD>" in table for table in tables)
