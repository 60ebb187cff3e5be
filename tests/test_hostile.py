"""Commentary from strangers can do no harm: every file of ``hostile`` through the real Sphinx.

All of them stand in one project beside a good note, and each has a quote that its gist would
be shown with.  ``hostile/expected.txt`` says what must be reported of each, line by line.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import socket
import zipfile
import zlib
from collections import defaultdict
from pathlib import Path
from typing import Any

import docutils
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from annotated_edition.untrusted import allowlists
from support.pages import parse
from support.pdf import page_texts
from support.project import Project
from support.strangers import html_faults, pdf_faults

HOSTILE = Path(__file__).parent / "hostile"
#: All but the trees, which are whole editions (``support.strangers``).
FILES = [
    path.relative_to(HOSTILE).as_posix()
    for path in sorted(HOSTILE.glob("*/*"))
    if path.parent.name != "trees"
]

#: What would be found in the output if a file had been read.
SECRETS = ("SECRET-INSIDE", "SECRET-OUTSIDE", "SECRET-CONF", "root:x:0:0")
#: What commands would leave behind.
PWNED = "pwned"

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)

#: Everything is switched on that conf.py could switch on.
CONF = """
# SECRET-CONF
extensions += ["sphinxcontrib.bibtex", "sphinx_design"]
bibtex_bibfiles = ["hostile.bib"]
bibtex_default_style = "author_year"
myst_enable_extensions = [
    "amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath",
    "fieldlist", "html_admonition", "html_image", "strikethrough", "substitution", "tasklist",
]
myst_fence_as_directive = ["mermaid"]
myst_substitutions = {"key": "value"}
myst_heading_anchors = 3
html_theme = "edition"
epub_show_urls = "no"
author = copyright = "Editors"
version = "1"
"""


def hostile_project(folder: Path, files: list[str]) -> Project:
    """A project with a good note and hostile ones, and secrets around."""
    folder.mkdir(parents=True, exist_ok=True)
    project = Project(folder)
    project.configure(CONF)
    for name in ("inside.txt", "inside.png"):
        project.write(f"secret-{name}", "SECRET-INSIDE")
    for name in ("outside.txt", "outside.png"):
        project.write(f"../secret-{name}", "SECRET-OUTSIDE")
    (folder / "commentary/other").mkdir(parents=True)
    (folder / "commentary/other/pixel.png").write_bytes(PIXEL)
    shutil.copy(HOSTILE / "hostile.bib", folder)
    for name in files:
        target = folder / "commentary" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HOSTILE / name, target)
        (target.parent / "pixel.png").write_bytes(PIXEL)
        for image in ("fake.png", "script.svg"):
            shutil.copy(HOSTILE / image, target.parent)
    words = "\n\n".join(f"Words about {Path(name).stem}." for name in files)
    project.text(
        f"The good words.\n\n{words}", index="```{toctree}\nsources\n```\n\n[first](#p1)\n"
    )
    project.write("sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n")
    project.note("good/good", '"good words"', "The good gist.")
    return project


class Hostile:
    """The project, built once for each builder, and what the builds did beside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requests: list[Any] = []
        self.built: dict[str, str] = {}
        self.projects: dict[tuple[str, ...], Project] = {}

    def build(self, builder: str, files: list[str] = FILES) -> Project:
        """Build with *builder* unless it is done."""
        key = tuple(files)
        if key not in self.projects:
            folder = self.folder / str(len(self.projects)) / "project"
            self.projects[key] = hostile_project(folder, files)
        project = self.projects[key]
        if builder not in self.built:
            self.built[builder] = self._warnings(project, builder)
        return project

    def _warnings(self, project: Project, builder: str) -> str:
        here = Path.cwd()
        connect = socket.socket.connect
        socket.socket.connect = lambda _, to: self.requests.append(to)  # type: ignore
        os.chdir(self.folder)
        try:
            project.build(builder)
        except Exception as error:
            error.add_note(f"files that end the build: {self._culprits(builder)}")
            raise
        finally:
            os.chdir(here)
            socket.socket.connect = connect  # type: ignore[method-assign]
        return project.warnings

    def _culprits(self, builder: str) -> list[str]:
        """Which files end the build, each alone."""
        culprits = []
        for number, name in enumerate(FILES):
            try:
                hostile_project(self.folder / f"alone-{number}" / "project", [name]).build(builder)
            except Exception:
                culprits.append(name)
        return culprits


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    return Hostile(tmp_path_factory.mktemp("hostile"))


def reported(warnings: str, folder: Path) -> dict[str, set[str]]:
    """What was refused in each file: line and subtype."""
    found: dict[str, set[str]] = defaultdict(set)
    pattern = rf"^{re.escape(str(folder))}/commentary/(\S+?):(\d+): WARNING: .* \[edition\.(\S+)\]$"
    for path, line, subtype in re.findall(pattern, warnings, re.M):
        if subtype in ("unsafe", "front-matter"):
            found[path].add(f"{line} {subtype}")
    return found


def expected() -> dict[str, set[str]]:
    text = (HOSTILE / "expected.txt").read_text(encoding="utf-8")
    known = r"\1" if docutils.__version_info__ >= (0, 23) else r"\2"
    lines = re.sub(r"(\d+)\|(\d+)", known, text).splitlines()
    parted = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return {path: set(filter(None, what.split(", "))) for path, _, what in parted}


def assert_no_secret(name: str, data: bytes) -> None:
    for secret in SECRETS:
        assert secret.encode() not in data, f"{secret} in {name}"


# One worker reads the files, for all builders.
pytestmark = pytest.mark.xdist_group("hostile")


def test_there_are_files_of_many_sorts() -> None:
    assert len(FILES) >= 60
    assert len({name.partition("/")[0] for name in FILES}) >= 12
    assert expected().keys() == {*FILES}


@pytest.mark.parametrize("name", FILES)
def test_what_is_refused_is_reported(hostile: Hostile, name: str) -> None:
    folder = hostile.build("html").folder
    assert reported(hostile.built["html"], folder)[name] == expected()[name]


@pytest.mark.parametrize("name", FILES)
def test_a_page_shows_text_alone(hostile: Hostile, name: str) -> None:
    project = hostile.build("html")
    page = project.output(f"commentary/{name.rpartition('.')[0]}.html")
    if page.exists():  # files that are no text have none
        assert list(html_faults(parse(page))) == []


def test_the_site(hostile: Hostile) -> None:
    project = hostile.build("html")
    assert "Traceback" not in hostile.built["html"]
    assert project.page("text/a").select("#note-good .gist")[0].get_text().startswith("The good")
    images = set()
    for path in sorted(project.output("").rglob("*")):
        if path.is_dir():
            continue
        data = path.read_bytes()
        assert_no_secret(str(path), zlib_of(data) if path.name == "objects.inv" else data)
        if path.suffix == ".html":
            soup = parse(path)
            assert list(html_faults(soup)) == [], path
            images |= {(path.parent / str(image["src"])).resolve() for image in soup.select("img")}
        assert path.suffix != ".svg" or path.parent.name == "_static"
    assert {image.name for image in images} <= {
        f"pixel{number}.png" for number in ["", *range(1, 40)]
    }
    assert all(image.is_file() for image in images)


def zlib_of(inventory: bytes) -> bytes:
    return zlib.decompress(inventory.split(b"\n", 4)[4])


def test_names_of_the_edition_stay_its_own(hostile: Hostile) -> None:
    """A stranger's target called p1 is no passage, and links to passages don't lead there."""
    project = hostile.build("html")
    link = project.page("index").find("a", string="first")
    assert isinstance(link, Tag)
    assert link["href"] == "text/a.html#p1"
    page = project.page("commentary/spoofing/ids")
    assert not page.select("#p1, #p2, #note-good, #noteref-good, #note-classes")
    for name in ("classes", "ids", "p1"):
        page = project.page(f"commentary/spoofing/{name}")
        ours = ".note-about, .note-neighbours, .note-see-also"
        for part in page.select(ours):
            part.decompose()
        assert not page.select(".passage, .edition-note, .passage-row, .passage-number")


def test_what_is_good_stays(hostile: Hostile) -> None:
    page = hostile.build("html").page("commentary/links/good-links")
    body = page.select_one("#content")
    assert body is not None
    links = {str(link["href"]) for link in body.select("a.external")}
    assert {"https://good.example/a?b=c#d", "mailto:a%40good.example"} <= links
    assert body.select("br")
    assert body.select("s")
    assert body.select("img[alt='A pixel']")
    assert "a comment" not in body.get_text()
    assert "An escaped <b> and <i>." in body.get_text()


def test_lost_text_is_reported_and_deep_text_is_not_lost_unsaid(hostile: Hostile) -> None:
    folder = hostile.build("html").folder
    for name in ("block-quotes", "block-quotes-25", "lists-15", "lists-one-line"):
        page = (folder / f"_build/html/commentary/size/{name}.html").read_text(encoding="utf-8")
        assert "This file could not be read." in page
        assert (
            f"{name}.md:1: WARNING: the file can't be read (it is nested" in (hostile.built["html"])
        )


def test_mysts_own_warnings_name_the_right_lines(tmp_path: Path) -> None:
    """Also after the cut, with Windows' line ends, and in nested directives."""
    project = hostile_project(tmp_path / "project", [])
    project.note(
        "good/lines",
        '"good words"',
        front="names:\n  zh: x",
        body="[missing](#nowhere)\n\n````{note}\n:bad: x\n\n```{tip}\n:worse: x\n\n"
        "[lost](#lost)\n```\n````\n\n```{unheard-of}\n```\n",
    )
    path = project.folder / "commentary/good/lines.md"
    lines = path.read_text(encoding="utf-8").split("\n")
    path.write_bytes("\r\n".join(lines).encode())
    project.build()
    for words in (":bad:", ":worse:", "[missing]", "[lost]", "{unheard-of}"):
        number = next(at for at, line in enumerate(lines, 1) if words in line)
        assert f"{path}:{number}: WARNING: " in project.warnings, words


def test_links_to_files_and_files_with_odd_names(tmp_path: Path) -> None:
    """What no Windows could check out is made here."""
    project = hostile_project(tmp_path / "project", [])
    commentary = project.folder / "commentary"
    (commentary / "good/link.md").symlink_to(project.folder / "secret-inside.txt")
    (commentary / "good/outside.md").symlink_to(tmp_path / "secret-outside.txt")
    (commentary / "good/nowhere.md").symlink_to(tmp_path / "nowhere")
    (commentary / "good/loop.md").symlink_to(commentary / "good/loop.md")
    for folder in (commentary, commentary / "good"):
        (folder / "folder").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    project.write("../elsewhere/below/page.md", "# SECRET-OUTSIDE\n")
    (commentary / "good/stolen.png").symlink_to(tmp_path / "secret-outside.png")
    odd = commentary / 'x" onmouseover="alert(1)'
    odd.mkdir()
    text = '---\nquote: "good words"\n---\n# Odd\n\nThe gist.\n\n![x](stolen.png)\n'
    (odd / "kind.md").write_text(text, encoding="utf-8")
    name = "a<script>alert(1)<.md"
    (commentary / "good" / name).write_text(text, encoding="utf-8")
    evil = "a}\\input{secret}.png"
    (commentary / "good" / evil).write_bytes(PIXEL)
    rest = '---\nquote: "good words"\n---\nOdd\n===\n\nThe gist.\n\n'
    rest += ".. image:: a}\\\\input{secret}.png\n"
    (commentary / "good/image.rst").write_text(rest, encoding="utf-8")
    (commentary / "good/steal.md").write_text(text, encoding="utf-8")
    for builder in ("html", "latex", "text"):
        project.build(builder)
        for path in project.output("", builder).rglob("*"):
            if path.is_file():
                assert_no_secret(str(path), path.read_bytes())
            if path.suffix == ".html":
                assert list(html_faults(parse(path))) == [], path
            if path.suffix == ".tex":
                assert r"\input{secret}" not in path.read_text(encoding="utf-8")
        for linked in ("link", "outside"):
            assert f"good/{linked}.md:1: WARNING: the file is a link" in project.warnings
        for path in (commentary / "good/steal.md", commentary / "good/image.rst"):
            assert re.search(
                rf"{re.escape(str(path))}:\d+: .*\[edition\.unsafe\]", project.warnings
            )
    assert project.page("text/a").select("#note-good")


def test_epub(hostile: Hostile) -> None:
    project = hostile.build("epub")
    with zipfile.ZipFile(next(project.output("", "epub").glob("*.epub"))) as book:
        for name in book.namelist():
            data = book.read(name)
            assert_no_secret(name, data)
            if name.endswith((".xhtml", ".opf", ".ncx")):
                etree.fromstring(data)  # one character that XML hasn't ends the chapter
            if name.endswith(".xhtml"):
                soup = BeautifulSoup(data, "lxml-xml")
                assert list(html_faults(soup)) == [], name
                assert not soup.select("script, form")
        assert b"The good gist." in book.read("text/a.xhtml")


def test_latex(hostile: Hostile) -> None:
    project = hostile.build("latex")
    (path,) = project.output("", "latex").glob("*.tex")
    source = path.read_text(encoding="utf-8")
    assert_no_secret(path.name, source.encode())
    body = source.partition(r"\sphinxtableofcontents")[2]
    assert body.count("The good gist.") == 2
    # The only definition that Sphinx's writer makes there.
    body = body.replace(r"\def\sphinxLiteralBlockLabel", "")
    commands = set(re.findall(r"\\([A-Za-z@]+)", body))
    reading = "input include immediate write openin read lstinputlisting verbatiminput special"
    assert not commands & {*reading.split(), "def", "let", "csname", "catcode", "openout"}
    # Blocks of code are verbatim, except for Pygments' commands.
    assert not re.search(r"\^\^[0-9a-f]", re.sub(r"\\textasciicircum\{\}", "", body))
    addresses = re.findall(r"\\(?:sphinx)?href\{([^}]*)\}", body)
    assert addresses
    for address in addresses:
        assert re.match(r"https?:|mailto:", address), address
    images = re.findall(r"\\sphinxincludegraphics(?:\[.*?\])?\{(\{[^{}]*\}[^{}]*)\}", body)
    assert images
    for image in images:
        assert re.fullmatch(r"\{pixel\d*\}\.png", image), image


def test_text(hostile: Hostile) -> None:
    project = hostile.build("text")
    for path in project.output("", "text").rglob("*.txt"):
        data = path.read_bytes()
        assert_no_secret(str(path), data)
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", data), path
    assert "The good gist." in project.output("text/a.txt", "text").read_text(encoding="utf-8")


def test_pdf(hostile: Hostile) -> None:
    """All but the huge files, which take Typst a minute."""
    files = [name for name in FILES if not name.startswith("size/")]
    project = hostile.build("edition-pdf", files)
    path = project.output("annotated-edition.pdf", "edition-pdf")
    assert_no_secret(path.name, path.read_bytes())
    reader = PdfReader(path)
    text = " ".join(page_texts(path))
    assert text.count("The good gist.") == 2
    assert_no_secret("the text of the PDF", text.encode("utf-8", "surrogatepass"))
    assert list(pdf_faults(reader)) == []
    assert not hostile.requests
    assert not list(hostile.folder.rglob(PWNED))


def test_nothing_ran_and_nothing_was_fetched(hostile: Hostile) -> None:
    hostile.build("html")
    assert hostile.requests == []
    assert not list(hostile.folder.rglob(PWNED))


def test_a_bibliography_has_no_javascript(hostile: Hostile) -> None:
    project = hostile.build("html")
    page = project.page("sources")
    assert "Bad" in page.get_text()
    addresses = [str(link["href"]).lower() for link in page.select("a[href]")]
    assert not [address for address in addresses if address.startswith("javascript:")]
    assert "the link 'javascript:alert(1)' isn't http" in hostile.built["html"]


def test_a_parser_that_nobody_looked_at_reads_no_commentary(project: Project) -> None:
    """One that runs cells of code, for instance."""
    project.text("The good words.")
    project.note("good/good", '"good words"', "The good gist.")
    project.configure(
        """
        from sphinx.parsers import Parser

        class Runner(Parser):
            supported = ("runner",)

            def parse(self, text, document):
                exec(text)

        def setup(app):
            app.add_source_parser(Runner)
            app.add_source_suffix(".run", "runner")
        """
    )
    project.write("commentary/good/bad.run", "raise SystemExit")
    project.build()
    assert "bad.run:1: WARNING: the file isn't Markdown or reStructuredText" in project.warnings
    assert not project.output("commentary/good/bad.html").exists()
    assert project.page("text/a").select("#note-good")


def test_a_parser_that_claims_markdown_costs_one_warning(project: Project) -> None:
    project.text("The good words.")
    project.note("good/one", '"good words"', "A gist.")
    project.note("good/two", '"good words"', "A gist.")
    project.configure(
        """
        from sphinx.parsers import Parser

        class Notebook(Parser):
            supported = ("notebook",)

            def parse(self, text, document):
                pass

        def setup(app):
            app.add_source_parser(Notebook)
            app.add_source_suffix(".md", "notebook", override=True)
            app.add_source_suffix(".nb", "notebook")
        """
    )
    # Sphinx keeps what one application adds to its default for the next of the process.
    project.configure('source_suffix = {".rst": "restructuredtext"}\n')
    project.build()
    (told,) = [line for line in project.warnings.splitlines() if "[edition.unsafe]" in line]
    place, _colon, words = told.partition(": WARNING: ")
    assert place.startswith(f"{project.folder}/conf.py:")
    assert "reads such files as 'notebook'" in words
    setting = words.partition("write ")[2].partition(" [edition")[0]
    project.configure(f"{setting}\n")
    project.build()
    assert project.warnings == ""
    assert project.page("text/a").select("#note-one, #note-two")


def test_what_conf_adds_to_a_file_is_no_strangers(project: Project) -> None:
    project.configure(
        '''
        rst_prolog = """
        .. |east| replace:: the *East*
        .. |dash| unicode:: U+2014
        .. role:: small-caps
        .. role:: raw-html(raw)
           :format: html
        .. |mark| raw:: html

           <b>mark</b>
        """
        rst_epilog = """
        .. |west| replace:: the West :small-caps:`end`
        .. _home: https://example.org/
        """
        import textwrap
        rst_prolog, rst_epilog = map(textwrap.dedent, (rst_prolog, rst_epilog))
        '''
    )
    project.text("A road west and a river.", index="```{toctree}\n:glob:\ncommentary/*/*\n```\n")
    words = "To |east| :small-caps:`x` |dash| |west|, home_ |mark|.\n"
    path = project.write("commentary/h/road.rst", f"---\nquote: road\n---\nRoad\n====\n\n{words}")
    project.build()
    assert project.warnings == ""
    gist = str(project.page("commentary/h/road").select_one("section > p"))
    for words in ("<em>East</em>", '<span class="small-caps">x</span>', "— the West", "<b>mark"):
        assert words in gist
    with path.open("a", encoding="utf-8") as file:
        file.write(
            "\n:raw-html:`<i>x</i>` and :kbd:`x`\n\n.. raw:: html\n\n   <script>1</script>\n"
        )
    second = (
        "---\nquote: river\n---\n   <script>2</script>\n\nRiver\n=====\n\nThe gist.\n\n.. note::\n"
    )
    project.write("commentary/h/river.rst", second)
    project.build()
    for line, words in ((9, "{raw-html}"), (9, "{kbd}"), (11, "the directive {raw}")):
        assert f"road.rst:{line}: WARNING: the " in project.warnings
        assert words in project.warnings
    assert "text stands before the title: move it below the title and its" in project.warnings
    for name in ("road", "river"):
        page = project.page(f"commentary/h/{name}")
        assert not page.select("section script, section i, blockquote script")


def test_people_may_still_do_what_strangers_may_not(project: Project) -> None:
    """Settings that are narrowed for one document aren't for the next."""
    project.text("The good words.\n\n```{raw} html\n<i id='ours'>x</i>\n```")
    project.note("good/good", '"good words"', "The good gist.", body="```{raw} html\n<b>\n```\n")
    project.build()
    assert project.page("text/a").select("i#ours")


#: What stands in a role's backquotes, where words alone won't do.
ROLE_WORDS = {
    "any": "a-place", "ref": "a-place", "std:ref": "a-place", "doc": "/text/a",
    "std:doc": "/text/a", "numref": "a-picture", "term": "caravan", "std:term": "caravan",
    "cite": "one", "abbr": "UN (United Nations)", "abbreviation": "UN",
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["md", "rst"])
def test_every_allowed_role_can_be_used(project: Project, suffix: str) -> None:
    project.configure(
        """
        extensions += ["sphinxcontrib.bibtex"]
        bibtex_bibfiles = ["one.bib"]
        numfig = True
        """
    )
    project.write("one.bib", "@book{one, author={A}, title={One}, publisher={P}, year=2001}\n")
    project.text("The words of a caravan.", index="```{toctree}\nsources\n```\n")
    project.write(
        "sources.md", "# Sources\n\n```{bibliography}\n```\n\n```{glossary}\ncaravan\n  A.\n```\n"
    )
    figure = "(a-place)=\n## A place\n\n```{figure} dot.png\n:name: a-picture\n\nA dot.\n```\n"
    if suffix == "rst":
        figure = ".. _a-place:\n\nA place\n-------\n\n.. figure:: dot.png\n"
        figure += "   :name: a-picture\n\n   A dot.\n"
    opening, closing = ("{", "}") if suffix == "md" else (":", ":")
    roles = {role: ROLE_WORDS.get(role, "word") for role in sorted(allowlists.ROLES) if role}
    lines = [f"{opening}{role}{closing}`{words}`\n" for role, words in roles.items()]
    title = "# Good\n" if suffix == "md" else "Good\n====\n"
    project.write(
        f"commentary/good/good.{suffix}",
        "\n".join(["---\nquote: words\n---\n", title, "The gist.\n", figure, *lines]),
    )
    (project.folder / "commentary/good/dot.png").write_bytes(PIXEL)
    project.index = project.index + "\n```{toctree}\n:glob:\ncommentary/good/*\n```\n"
    project.build()
    assert project.warnings == ""


def test_a_citation_of_nothing_is_told_once(project: Project) -> None:
    project.configure('extensions += ["sphinxcontrib.bibtex"]\nbibtex_bibfiles = ["one.bib"]\n')
    project.write("one.bib", "@book{one, author={A}, title={One}, publisher={P}, year=2001}\n")
    project.text("The words.", index="```{toctree}\nsources\n```\n")
    project.write("sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n")
    project.note("good/good", "words", body="As {cite:p}`,` said.")
    project.build()
    assert project.warnings.count("WARNING") == 1
    assert "good.md:9: WARNING: the source can't be read in ','" in project.warnings
    assert "As , said." in project.page("commentary/good/good").get_text()


def test_characters_by_their_numbers_are_told_as_they_are_directly(project: Project) -> None:
    project.text("The words.")
    project.note(
        "good/good", "words", body="AB&#x202e;CD&#27;EF\n\n`&#x202D;` is code, &#65; a letter.\n"
    )
    project.build()
    said = [line.partition("good.md:")[2] for line in project.warnings.splitlines()]
    assert said == [
        "9: WARNING: the character U+202E turns the text after it round: leave it out "
        "[edition.unsafe]",
        "9: WARNING: the control character U+001B: leave it out [edition.unsafe]",
    ]
    assert "&#x202D; is code, A a letter." in project.page("commentary/good/good").get_text()


# ---- fuzzing -----------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        *"# > - * + ` ~ : | [ ] ( ) < > & \\ ! { } $ _ ^ \" ' = % 1.".split(),
        *("\n", "\n\n", "  ", "    ", "\t", "\n---\n", "\n+++\n", "```", "````", ":::", "\n```\n"),
        *("{note}", "{eval-rst}\n", "{figure} pixel.png\n", "{list-table}\n", "{glossary}\n"),
        *("{table} x\n", "{image} x\n", "{abbr}`x`", "{term}`x`", "{cite:p}`x`", "{doc}`/index`"),
        *(":name: p1\n", ":class: passage\n", ":target: javascript:x\n", ".. raw:: html\n\n   x\n"),
        *("[^a]", "\n[^a]: x\n", "[a]: javascript:x\n", "[x](#p1)", "![](pixel.png)", "(p1)=\n"),
        *("<script>", "</script>", "<!--", "-->", "&#12;", "javascript:x", "\n| a | b |\n|---|\n"),
        *(
            "\n# H\n",
            "\nx\n: y\n",
            "\n* - a\n  - b\n",
            "x_",
            ".. _x: y\n",
            "|x|",
            ".. |x| image:: y",
        ),
        *("\x00", "\x0b", "\x85", "\u2028", "\ufeff", "\u202e", "é", "中", "😀", "\ufffe"),
    ]
)
_BODIES = st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=40).map("".join)
_FRONTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "quote: ",
                    "names: ",
                    "places:\n",
                    "  - ",
                    "at: ",
                    "[",
                    "]",
                    "{",
                    "}",
                    ": ",
                    "\n",
                ),
                *("&a ", "*a", "!!str ", "? ", "| ", "> ", "%YAML", "---", '"', "'", "~", "1e9"),
                *("checked: ", "see-also: ", "readings:\n", "standing: ", "<<: ", "#", "\t", ", "),
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=25,
).map("".join)


@pytest.mark.xdist_group("fuzz")
def test_fuzz(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No front matter and no body ends the build or loses the good note."""

    # Many files a build: a build takes longer than all of them.
    @settings(
        max_examples=5,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.tuples(_FRONTS, _BODIES, st.sampled_from(["md", "rst"])), min_size=25))
    def fuzz(notes: list[tuple[str, str, str]]) -> None:
        project = hostile_project(tmp_path_factory.mktemp("fuzz") / "project", [])
        folder = project.folder / "commentary/good"
        for number, (front, body, suffix) in enumerate(notes):
            title = "# T\n\n" if suffix == "md" else "T\n=\n\n"
            text = f'---\nquote: "good words"\n{front}\n---\n{title}{body}'
            data = text.encode("utf-8", "surrogatepass")
            (folder / f"fuzz-{number}.{suffix}").write_bytes(data)
        for builder in ("html", "latex", "text"):
            project.build(builder)
            assert "Traceback" not in project.warnings
        assert project.page("text/a").select("#note-good")
        for path in project.output("").rglob("*.html"):
            assert list(html_faults(parse(path))) == [], path.read_text(encoding="utf-8")

    fuzz()
