"""Sphinx's own LaTeX: what an edition adds to it, and that TeX takes it."""

from __future__ import annotations

import re
from pathlib import Path

import pdfplumber
import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from support.edition import ROOT, Outputs
from support.project import Project
from support.tex import pdf_of, run_tex

#: An address with nothing but hyphens to break at, and one without.
HYPHENS = "https://example.org/" + "-".join(["hyphens"] * 20)
LETTERS = "https://example.org/" + "letters" * 20


def edition(project: Project) -> Project:
    """Passages of every form, some with notes, two tied together."""
    project.text(
        "Plain words of a passage.\n\n- Words of an item.\n\n> Words of a quotation.\n\n"
        f":::{{container}} editorial\nThe editors saw <{HYPHENS}> and <{LETTERS}>.\n:::"
    )
    # Markdown has no verse.
    verse = "| First verse of two,\n| second verse.\n"
    project.write("text/b.rst", f"Page b\n======\n\n{verse}")
    project.index = project.index.replace("text/a", "text/a\ntext/b")
    project.note("h/one", "Plain words", "The gist of one.")
    project.note("h/two", "second verse", "The gist of two, Қазақстан и Россия.")
    tie = "---\nquote: [Plain words, an item]\n---\n# A tie\n\nTwo places.\n"
    project.write("commentary/cross-references/tie.md", tie)
    project.configure('myst_enable_extensions = ["colon_fence"]\nlatex_engine = "xelatex"\n')
    return project


def source_of(project: Project) -> str:
    return project.output("asmalledition.tex", "latex").read_text(encoding="utf-8")


def test_passages_have_their_numbers_and_ties_their_class(project: Project) -> None:
    edition(project).build("latex")
    assert project.warnings == ""
    source = source_of(project)
    beginnings = {"1": "Plain", "2": "Words of an item", "3": "Words of a quo", "4": "First"}
    for number, words in beginnings.items():
        page = "b" if number == "4" else "a"
        label = rf"\phantomsection\label{{\detokenize{{text/{page}:p{number}}}}}"
        assert rf"{label}\DUrole{{passage-number}}{{¶{number}}}{words}" in source
    # TeX knows no place for a number before the first item of a list, as verse is.
    assert re.search(r"\\begin\{DUlineblock\}\{0em\}\s*\\item\[\] *\\phantomsection", source)
    tie = re.search(r"\\begin\{sphinxuseclass\}\{cross-reference\}(.*?)\\end", source, re.S)
    assert tie is not None
    assert "A tie →" in tie[1]


def test_a_house_style_comes_after_the_package(project: Project) -> None:
    edition(project)
    project.write("house.sty", "% ours\n")
    project.configure(
        "latex_additional_files = ['house.sty']\n"
        r"latex_elements = {'preamble': r'\renewcommand{\editionpassagenumber}[1]{(#1)}'}"
    )
    project.build("latex")
    source = source_of(project)
    steps = [r"{hyperref}", r"\usepackage{annotatededition}", r"\renewcommand{\editionpassagen"]
    places = [source.index(step) for step in steps]
    assert places == sorted(places)
    assert project.output("house.sty", "latex").exists()
    package = project.output("annotatededition.sty", "latex").read_text(encoding="utf-8")
    assert r"\newcommand{\editionpassagenumber}[1]" in package
    looks = ["DUrolepassage-number", "sphinxclasscross-reference", "sphinxclasseditorial"]
    for name in (*looks, "{xurl}"):
        assert name in package


@pytest.mark.parametrize("words", ["", "Where the copies are.\n\n"])
def test_no_heading_stays_behind_the_bibliography(project: Project, words: str) -> None:
    """Sphinx takes the entries to the end; a page that says more than them stays."""
    project.text("A road.", index="```{toctree}\nsources\n```\n")
    project.configure("extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n")
    project.write("a.bib", "@misc{a, author={{Somebody}}, title={A source}, year={2000}}\n")
    project.write("sources.md", f"(the-sources)=\n# Sources\n\n{words}```{{bibliography}}\n```\n")
    links = "See {doc}`/sources` and {ref}`the-sources`."
    project.note("h/road", "road", "A gist {cite:p}`a`.", body=links)
    project.build("latex")
    assert project.warnings == ""
    source = source_of(project)
    assert (r"\chapter{Sources}" in source) == bool(words)
    before, after = source.split(r"\begin{sphinxthebibliography}")
    for name in ("sources::doc", "sources:the-sources"):
        label = rf"\label{{\detokenize{{{name}}}}}"
        assert rf"\hyperref[\detokenize{{{name}}}]" in before
        assert source.count(label) == 1
        assert (label in after) == (not words)


@pytest.mark.xdist_group("edition")
def test_every_chinese_letter_of_the_edition_has_its_font(outputs: Outputs) -> None:
    folder = outputs("latex")
    [path] = folder.glob("*.tex")
    source = path.read_text(encoding="utf-8")
    [font] = folder.glob("*.otf")
    assert rf"{{{font.stem}}}" in source
    chinese = set(re.findall(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]", source))
    assert len(chinese) > 300
    # TeX asks every font for a space.
    assert {ord(letter) for letter in chinese | {" "}} <= TTFont(font).getBestCmap().keys()


@pytest.mark.xdist_group("edition")
def test_the_editions_pictures_are_before_their_tables(outputs: Outputs) -> None:
    [path] = outputs("latex").glob("*.tex")
    source = path.read_text(encoding="utf-8")
    for name in ("chronology", "map"):
        start = source.index(rf"\label{{\detokenize{{commentary/{name}::doc}}}}")
        picture, table = source.index("includegraphics", start), source.index("{longtable}", start)
        assert picture < table
    # A float would drift behind a table of many pages.
    assert set(re.findall(r"\\begin\{figure\}(\[.*?\])", source)) == {"[H]"}
    # The landing page's cards are for screens.
    assert "sd-card" not in source


def test_the_workflow_installs_what_make_asks_for() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    workflow = (ROOT / ".github/workflows/edition.yml").read_text(encoding="utf-8")
    [asked] = re.findall(r"^TEX_PACKAGES = (.*)", makefile, re.M)
    [given] = re.findall(r"--no-install-recommends (.*)", workflow.replace("\\\n", " "))
    packages = re.sub(r"-o \S+", "", given)
    assert set(asked.split()) == set(packages.split())


def right_to_left(project: Project) -> Project:
    """Hebrew in itself and amid English, with notes and links; and Arabic in a note."""
    words = "One אָב גד (הו) two [ab זח](#latin) three."
    project.text(
        "אב גד הו זח, ab cd טי 12 [כל מנ](#latin) סע.", f"(latin)=\n## בראשית 1\n\n{words}"
    )
    project.note("h/one", "אב גד", "Of العلم والعمل.")
    works = '{"he": {"pages": ["text/a"], "language": "he"}, "en": {"pages": ["text/b"]}}'
    project.configure(f'latex_engine = "xelatex"\nedition_text = []\nedition_works = {works}\n')
    return project


def test_tex_is_told_where_words_turn(project: Project) -> None:
    right_to_left(project).build("latex")
    assert project.warnings == ""
    source = source_of(project)
    begin, end = r"\editionbeginR{}", r"\editionendR{}"
    assert rf"\section{{{begin}{{\editionHebrew{{}}בראשית}} 1{end}}}" in source
    passage = re.search(r"\\editionparagraphR\{\}\\phantomsection.*", source)
    assert passage is not None
    assert r"{passage-number-turned}{¶1}{\editionHebrew{}אב גד}" in passage[0]
    # What has a colour begins on the left: TeX would put its end before its beginning.
    assert "\\editionbeginL{}%\n\\begin{footnote}[1]" in source
    assert r"\end{footnote}\editionendL{} {\editionHebrew{}הו זח}, " in source
    assert r"\editionbeginL{}ab cd\editionendL{} {\editionHebrew{}טי} 12 \editionbeginL{}" in source
    assert "\u2068" not in source
    assert rf"{begin}{{\editionArabic{{}}العلم والعمل}}{end}." in source


def made_by_tex(project: Project) -> Path:
    project.build("latex")
    return pdf_of(project.output("", "latex"))


@pytest.mark.tex
def test_tex_takes_it(project: Project) -> None:
    pages = [page.extract_text() for page in PdfReader(made_by_tex(edition(project))).pages]
    words = " ".join(" ".join(pages).split())
    for number, passage in enumerate(("Plain words", "Words of an", "Words of a q", "First"), 1):
        assert re.search(rf"¶{number} ?(• ?)?{passage}", words), words
    assert "The gist of two, Қазақстан и Россия." in words


@pytest.mark.tex
def test_tex_sets_words_from_the_right(project: Project) -> None:
    with pdfplumber.open(made_by_tex(right_to_left(project))) as book:
        pages = [page.chars for page in book.pages]
    signs = next(page for page in pages if any(sign["text"] == "ט" for sign in page))
    [base] = [sign["bottom"] for sign in signs if sign["text"] == "ט"]
    places = {it["text"]: it["x0"] for it in signs if abs(it["bottom"] - base) < 5}
    read = [places[sign] for sign in "¶אבגדהוזחdbטיכלמנסע"]
    assert read == sorted(read, reverse=True), places


@pytest.mark.tex
def test_tex_stops_at_a_letter_that_no_font_has(project: Project) -> None:
    project.text("A word 论 of a passage.")
    project.configure('latex_engine = "xelatex"\n')
    project.build("latex")
    code, log = run_tex(project.output("", "latex"))
    assert code != 0
    assert "! Missing character: There is no 论" in log


@pytest.mark.tex
def test_what_belongs_together_stands_on_one_page(project: Project) -> None:
    """A term and what is said of it, a source and where it is cited."""
    more = " More words fill the line until another begins." * 2
    terms = "\n\n".join(f"Term{n}\n: - Said of {n}.{more * (n % 4)}" for n in range(300))
    project.text("A road.", index="```{toctree}\nterms\nsources\n```\n")
    project.write("terms.md", f"# Terms\n\n{terms}\n")
    entries = "".join(
        f"@misc{{s{n}, author={{{{Some{n}}}}}, year={{2000}}, "
        f"title={{Source {n}.{more * (n % 3)}}}}}\n"
        for n in range(100)
    )
    project.write("a.bib", entries)
    project.write("sources.md", "# Sources\n\n```{bibliography}\n```\n")
    cited = " ".join(f"{{cite:p}}`s{number}`" for number in range(100))
    project.note("h/road", "road", "The gist.", body=f"Body {cited}.")
    project.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        "myst_enable_extensions = ['deflist']\nlatex_engine = 'xelatex'\n"
    )
    pages = [page.extract_text() for page in PdfReader(made_by_tex(project)).pages]
    assert sum("Term" in page for page in pages) > 2
    for page in pages:
        for number in re.findall(r"^Term(\d+)$", page, re.M):
            assert f"Said of {number}." in page
        assert len(re.findall(r"Source \d+\.", page)) == page.count("In: Road")


def test_lines_of_verse_have_their_numbers(project: Project) -> None:
    edition(project)
    project.configure("edition_line_numbers = 2\n")
    project.build("latex")
    assert r"\DUrole{line-number}{2}second verse" in source_of(project)


@pytest.mark.tex
def test_no_mark_of_a_heading_stands_at_the_foot_of_pages(project: Project) -> None:
    project.text("Words.", "More.")
    project.note("h/heading", "Page a", "The gist.")
    project.configure("latex_engine = 'xelatex'\n")
    pages = [page.extract_text() for page in PdfReader(made_by_tex(project)).pages]
    feet = [foot for page in pages for foot in re.findall(r"Chapter 1\..*", page)]
    assert feet
    assert {foot.partition("Page a")[2].strip() for foot in feet} == {""}


@pytest.mark.parametrize(
    ("language", "title"),
    [("he", "My edition"), ("ar", "My edition"), ("en", "The book of שלום"), ("en", "*My* *own*")],
)
def test_the_title_of_the_first_page_is_words_alone(
    project: Project, language: str, title: str
) -> None:
    project.text("A word.")
    project.index = project.index.replace("The edition", title)
    # No title but that of the page.
    documents = '[("index", "asmalledition.tex", "", "", "manual")]'
    project.configure(f'language = "{language}"\nlatex_documents = {documents}\n')
    project.build("latex")
    assert project.warnings == ""
    assert rf"\title{{{title.replace('*', '')}}}" in source_of(project)


#: A text on the first page, with a note on its title, and pages that it leads to on the way.
FIRST = """
# The Walrus and the Carpenter

The sun was shining on the sea.

```{toctree}
text/a
```

## The walk

They walked [along](#the-walk).

```{toctree}
text/b
```

## Other texts

```{toctree}
text/c
```
"""


def of_one_page(project: Project) -> Project:
    """A text on the first page, and another page below it."""
    project.text("Another page.", "A page below.", "One below another heading.")
    project.index = FIRST
    project.configure(
        'latex_engine = "xelatex"\nedition_text = ["index", "text/*"]\nmyst_heading_anchors = 2\n'
    )
    project.note("h/walrus", "Walrus and", "The gist of the title.")
    project.note("h/link", "sun", "Of {doc}`the poem </index>`.")
    return project


def test_a_text_on_the_first_page_has_its_heading(project: Project) -> None:
    of_one_page(project).build("latex")
    assert project.warnings == ""
    source = source_of(project)
    heads = re.findall(r"\\((?:chapter|section)\{.*)", source)
    assert [re.sub(r"\\label\{.*?\}\}", "", head) for head in heads[:6]] == [
        r"chapter{The Walrus and\sphinxfootnotemark[1] the Carpenter}",
        "section{The walk}",
        "chapter{Page a}",
        "chapter{Page b}",
        "chapter{Other texts}",
        "section{Page c}",
    ]
    assert source.index("The gist of the title.") < source.index("The sun")


@pytest.mark.tex
def test_tex_prints_the_heading_of_a_text_on_the_first_page(project: Project) -> None:
    pages = [page.extract_text() for page in PdfReader(made_by_tex(of_one_page(project))).pages]
    page = next(" ".join(page.split()) for page in pages if "shining" in page)
    assert "THE WALRUS AND1 THE CARPENTER" in page
    assert "1 The gist of the title." in page
