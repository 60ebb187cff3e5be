"""Every builder attaches every note, once where it should be once."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from support.pages import parse, words_of
from support.project import Project

GISTS = {"one": "The first gist.", "two": "The second gist.", "three": "The third gist."}

MARKDOWN = (
    "The *ancient Silk* Road and the SCO.\n\nAgain the road.",
    "The belt, and the SCO once more.",
)


def write_edition(project: Project, *, rest: bool = False) -> None:
    """Two pages of text and three notes, one with two quotes on two pages."""
    project.text(*MARKDOWN)
    if rest:
        for name, page in zip("ab", MARKDOWN, strict=True):
            (project.folder / f"text/{name}.md").unlink()
            project.write(f"text/{name}.rst", f"Page {name}\n======\n\n{page}\n")
    project.note("h/one", "ancient Silk Road", GISTS["one"])
    project.note("h/two", "['{exact: the SCO, prefix: and}', belt]".replace("'", ""), GISTS["two"])
    project.write("commentary/h/two.md", "---\nquote:\n  - {exact: the SCO, suffix: .}\n  - belt\n"
                  f"---\n# Two\n\n{GISTS['two']}\n")  # fmt: skip
    project.note("h/three", "Again the road", GISTS["three"])
    project.configure(
        """
        epub_show_urls = "no"
        copyright = author = "Editors"
        version = "1"
        man_pages = [("index", "edition", "Edition", [], 1)]
        """
    )


@pytest.fixture(params=["markdown", "restructuredtext"])
def edition(request: pytest.FixtureRequest, project: Project) -> Project:
    write_edition(project, rest=request.param == "restructuredtext")
    return project


def text_pages(soups: list[BeautifulSoup]) -> tuple[int, int]:
    """How many marks and how many footnotes stand in some pages."""
    return (
        sum(len(soup.select("a[role=doc-noteref]")) for soup in soups),
        sum(len(soup.select("[role=doc-footnote] .gist")) for soup in soups),
    )


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
@pytest.mark.parametrize("parallel", [0, 2])
def test_html(edition: Project, builder: str, parallel: int) -> None:
    edition.build(builder, parallel=parallel)
    assert edition.warnings == ""
    pages = [edition.page(name, builder) for name in ("text/a", "text/b")]
    # The note with two quotes has its footnote on both pages.
    assert text_pages(pages) == (4, 4)
    assert [len(page.select(".passage")) for page in pages] == [2, 1]


def test_singlehtml(edition: Project) -> None:
    edition.build("singlehtml")
    assert edition.warnings == ""
    page = edition.page("index", "singlehtml")
    assert text_pages([page]) == (4, 3)
    assert [item["id"] for item in page.select(".passage")] == ["p1", "p2", "p3"]


def test_epub(edition: Project) -> None:
    edition.build("epub", confoverrides={"epub_exclude_files": ["*.doctree"]})
    assert edition.warnings == ""
    with zipfile.ZipFile(edition.output("Asmalledition.epub", "epub")) as book:
        names = book.namelist()
        pages = [BeautifulSoup(book.read(f"text/{name}.xhtml"), "lxml") for name in "ab"]
    assert text_pages(pages) == (4, 4)
    assert ".edition.json" not in " ".join(names)
    # A number within the passage would be a word of the text.
    numbers = [number for page in pages for number in page.select(".passage-number")]
    assert [number.get_text() for number in numbers] == ["", "", ""]
    assert pages[0].select_one("#p1").get_text().startswith("The ancient")  # type: ignore[union-attr]


def test_latex(edition: Project) -> None:
    edition.build("latex")
    assert edition.warnings == ""
    source = edition.output("asmalledition.tex", "latex").read_text(encoding="utf-8")
    assert len(re.findall(r"\\begin\{footnote\}\[\d\]\\sphinxAtStartFootnote", source)) == 3
    assert source.count(r"\sphinxfootnotemark[2]") == 1
    for label in ("text/a:p1", "text/a:p2", "text/b:p3"):
        assert rf"\label{{\detokenize{{{label}}}}}" in source
    for gist in GISTS.values():
        # Once as a footnote, once on the note's own page.
        assert source.count(gist) == 2


def test_text(edition: Project) -> None:
    edition.build("text")
    assert edition.warnings == ""
    pages = [edition.output(f"text/{name}.txt", "text").read_text("utf-8") for name in "ab"]
    assert [len(re.findall(r"(?<!^)\[\d\]", page, re.M)) for page in pages] == [3, 1]
    assert [len(re.findall(r"^\[\d\] The", page, re.M)) for page in pages] == [3, 1]
    assert "¶" not in pages[0]


def test_man(edition: Project) -> None:
    edition.build("man")
    assert edition.warnings == ""
    page = edition.output("edition.1", "man").read_text(encoding="utf-8")
    for gist in GISTS.values():
        assert page.count(gist) == 2
    # Marks and footnotes are both bracketed numbers in a manual page.
    assert re.findall(r"(?<!\.IP )\[(\d)\]", page) == ["1", "2", "3", "2"]
    assert re.findall(r"\.IP \[(\d)\]", page) == ["1", "2", "3"]
    assert "<#" not in page


def test_pdf(edition: Project) -> None:
    pypdf = pytest.importorskip("pypdf")
    edition.build("edition-pdf")
    assert edition.warnings == ""
    reader = pypdf.PdfReader(edition.output("annotated-edition.pdf", "edition-pdf"))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for gist in GISTS.values():
        assert text.count(gist) == 2


@pytest.mark.parametrize("theme", ["alabaster", "classic", "edition"])
def test_any_theme(edition: Project, theme: str) -> None:
    edition.build(confoverrides={"html_theme": theme})
    assert edition.warnings == ""
    pages = [edition.page(name) for name in ("text/a", "text/b")]
    assert text_pages(pages) == (4, 4)
    assert words_of(pages[0].select("#p1")[0]) == "The ancient Silk Road and the SCO."


def test_a_book_of_chosen_chapters_has_the_footnotes_it_needs(project: Project) -> None:
    """A LaTeX document that begins after a note's first mark still has the note."""
    write_edition(project)
    project.configure('latex_documents = [("text/b", "part.tex", "Part", "Editors", "howto")]\n')
    # What the notes and terms link to is no part of it.
    project.write("terms.md", "---\norphan: true\n---\n# T\n\n```{glossary}\nonce\n  Then.\n```\n")
    project.build("latex")
    source = project.output("part.tex", "latex").read_text(encoding="utf-8")
    assert source.count(r"\begin{footnote}[2]\sphinxAtStartFootnote") == 1


def test_a_chart_in_chosen_chapters_names_notes_that_are_elsewhere(project: Project) -> None:
    project.configure('latex_documents = [("lists", "part.tex", "Part", "Editors", "howto")]\n')
    project.text("The towns and a road.")
    project.note(
        "h/towns",
        "towns",
        "Of [a file](other.zip).",
        front="dates: {1219: A siege}\nplaces: [{name: Otrar, at: [42.8, 68.4]}]",
    )
    charts = "```{edition:map}\n```\n\n```{edition:chronology}\n```\n\n```{edition:notes}\n```\n"
    project.write("lists.md", f"---\norphan: true\n---\n# Lists\n\n{charts}")
    project.build("latex")
    source = project.output("part.tex", "latex").read_text(encoding="utf-8")
    assert source.count("Towns") >= 3
    assert "Otrar" in source


def test_a_gist_in_chosen_chapters_keeps_the_words_of_its_links(project: Project) -> None:
    chapters = 'latex_documents = [("text/a", "part.tex", "Part", "Editors", "howto")]'
    # Only people whom the project trusts link to files.
    project.configure(f'{chapters}\nedition_trusted = ["commentary/h/*"]\n')
    project.text("The towns and a road.")
    note = "---\nquote: towns\n---\n\nTowns\n=====\n\nOf `a file <other.zip>`__ and more.\n"
    project.write("commentary/h/towns.rst", note)
    project.build("latex")
    source = project.output("part.tex", "latex").read_text(encoding="utf-8")
    assert "Of a file and more." in " ".join(source.split())


def test_the_authors_own_footnote_keeps_its_text(project: Project) -> None:
    """One numbered like a note of ours would be swallowed in LaTeX."""
    project.text(
        "The road[^x] and the belt[^1] and the road again[^x].\n\n"
        "[^x]: The author's first.\n\n[^1]: The author's second."
    )
    project.note("h/one", "The road")
    project.note("h/two", "belt")
    project.build("latex")
    assert project.warnings == ""
    source = project.output("asmalledition.tex", "latex").read_text(encoding="utf-8")
    for text in ("author’s first", "author’s second", "The gist."):
        assert text in source.replace("'", "’")
    labels = re.findall(r"\\begin\{footnote\}\[(\w)\]", source)
    assert sorted(labels) == ["1", "2", "a", "b"]
    assert r"\sphinxfootnotemark[a]" in source
    project.build()
    page = project.page("text/a")
    own = page.select("#p1 a.footnote-reference:not(.note-mark)")
    assert [mark.get_text().strip("[]") for mark in own] == ["a", "b", "a"]
    for mark in own:
        assert page.select_one(str(mark["href"])) is not None


def test_the_authors_footnotes_go_on_after_z(project: Project) -> None:
    project.text(
        " ".join(f"word[^{number}]" for number in range(1, 29))
        + "\n\n"
        + "\n".join(f"[^{number}]: Footnote {number}." for number in range(1, 29))
    )
    project.build()
    assert project.warnings == ""
    page = project.page("text/a")
    own = [mark.get_text().strip("[]") for mark in page.select("#p1 a.footnote-reference")]
    assert own[0] == "a"
    assert own[25:] == ["z", "aa", "ab"]


def links(folder: Path, pattern: str = "*.html") -> list[str]:
    """Links within a folder of pages that land nowhere."""
    pages = {path.resolve(): parse(path) for path in folder.rglob(pattern)}
    dead = []
    for path, soup in pages.items():
        for link in soup.select("a[href]"):
            target, _, fragment = str(link["href"]).partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            goal = (path.parent / target).resolve() if target else path
            if goal.is_dir():
                goal /= "index.html"
            if goal not in pages:
                if not goal.exists():
                    dead.append(f"{path.name}: {link['href']}")
            elif fragment and not pages[goal].find(id=fragment):
                dead.append(f"{path.name}: {link['href']}")
    return dead


@pytest.fixture
def linked(project: Project) -> Project:
    """A gist that links in every way there is."""
    project.text("The ancient Silk Road.", "The belt.", index="```{toctree}\nterms\nsources\n```\n")
    project.configure(
        """
        extensions += ["sphinxcontrib.bibtex"]
        bibtex_bibfiles = ["a.bib"]
        myst_heading_anchors = 3
        epub_show_urls = "no"
        copyright = author = "Editors"
        version = "1"
        html_theme = "alabaster"
        """
    )
    project.write("a.bib", "@misc{key, author={Someone}, title={Some}, year={2022}}\n")
    project.write("sources.md", "# Sources\n\n```{bibliography}\n```\n")
    project.write("terms.md", "# Terms\n\n```{glossary}\nbelt\n  A zone.\n```\n")
    project.note(
        "places/belt",
        "belt",
        "One {cite:p}`key` with {doc}`the road <../people/road>`, [local](#part), "
        "[below](#below), [file](../people/road.md), [its part](../people/road.md#beyond), "
        "{any}`../people/road`, {term}`belt`, {ref}`here`, {edition:note}`road`, "
        "{edition:passage}`p1`.",
        body="(part)=\n## Part\n\nOne.\n\n(here)=\n## Here\n\nTwo.\n\n## Below\n\nThree.\n",
    )
    project.note("people/road", "Silk Road", "Two {cite:t}`key`.", body="## Beyond\n\nMore.\n")
    return project


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
@pytest.mark.parametrize("parallel", [0, 2])
def test_all_links_of_a_gist_land(linked: Project, builder: str, parallel: int) -> None:
    linked.build(builder, parallel=parallel)
    assert linked.warnings == ""
    name = "index" if builder == "singlehtml" else "text/b"
    gist = linked.page(name, builder).select_one("#note-belt .gist")
    assert gist is not None
    assert "the road, local, below, file, its part, Road, belt, Here, Road, ¶1" in gist.get_text()
    assert len(gist.select("a[href]")) == 12
    assert links(linked.output("", builder)) == []


def test_all_links_land_in_epub(linked: Project) -> None:
    linked.build("epub")
    with zipfile.ZipFile(linked.output("Asmalledition.epub", "epub")) as book:
        book.extractall(linked.folder / "unpacked")
    folder = linked.folder / "unpacked"
    assert len(parse(folder / "text/b.xhtml").select("#note-belt .gist a[href]")) == 12
    assert links(folder, "*.xhtml") == []


def test_all_links_land_in_latex(linked: Project) -> None:
    linked.build("latex")
    assert linked.warnings == ""
    source = linked.output("asmalledition.tex", "latex").read_text(encoding="utf-8")
    targets = set(re.findall(r"\\hyperref\[\\detokenize\{(.*?)\}\]", source))
    labels = set(re.findall(r"\\label\{\\detokenize\{(.*?)\}\}", source))
    assert targets
    assert targets <= labels


@pytest.mark.parametrize("builder", ["epub", "singlehtml", "dirhtml"])
def test_nodes_are_known_beside_an_extension_that_names_a_builder(
    project: Project, builder: str
) -> None:
    """Sphinx then forgets what others registered for the format."""
    project.write(
        "films.py",
        f"""\
        from docutils import nodes

        class film(nodes.General, nodes.Element):
            pass

        def skip(self, node):
            raise nodes.SkipNode

        def setup(app):
            app.add_node(film, {builder}=(skip, None))
        """,
    )
    project.configure(
        "import sys\nsys.path.insert(0, str(__import__('pathlib').Path(__file__).parent))\n"
        "extensions.append('films')\nsys.modules.pop('films', None)\n"
        "copyright = '2026'\nversion = '1'\n"
    )
    project.text("A road.", "One line\\\nand two\\\nand three\\\nand four\\\nand five")
    project.note("h/road", "road")
    project.build(builder)
    assert project.warnings == ""
    pages = project.output("", builder).rglob("*html")
    assert any("line-number" in page.read_text(encoding="utf-8") for page in pages)
