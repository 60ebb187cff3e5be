"""Author-year citations that would look alike get letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pybtex.database import Entry, parse_string
from pybtex.style.formatting.unsrt import Style as UnsortedStyle
from pypdf import PdfReader
from sphinxcontrib.bibtex.style.referencing import BracketStyle, format_references
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.template import SphinxReferenceInfo

from annotated_edition.bibliography.styles import (
    AuthorYearSorting,
    AuthorYearStyle,
    SemicolonStyle,
    authors,
    tell_apart,
)
from annotated_edition.cli.check import find
from support.browser import ENGINES, PLACED, expect
from support.pages import parse
from support.project import Project

BIB = """
@misc{b2022, author={{Xinhua}}, title={B}, year={2022}}
@misc{a2022, author={{Xinhua}}, title={A}, year={2022}}
@misc{c2021, author={{Xinhua}}, title={C}, year={2021}}
@misc{x, author={{Akorda}}, title={X}, year={n.d.}}
@misc{y, author={{Akorda}}, title={Y}, year={n.d.}}
@misc{many, author={Ab, C. and De, F. and Gh, I.}, title={M}, year={2000}}
@misc{two, author={von Ab, C. and De, F.}, title={T}, year={2000}}
@misc{oil, author={{Oil \\& Gas}}, title={O}, year={2000}}
"""

FILED = r"""
@misc{k, author={{Kursiv Media}}, title={T}, year={2020}}
@misc{x2, author={Xi, Jinping}, title={T}, year={2022b}}
@misc{c, author={{新华}}, title={T}, year={2020}}
@misc{7, author={{7kun.kz}}, title={T}, year={2022}}
@misc{n, author={{Xinhua}}, title={T}, year={n.d.}}
@misc{r, author={{Абай}}, title={T}, year={2020}}
@misc{o, author={{{\"O}VZ}}, title={T}, year={2017}}
@misc{x1, author={Xi, Jinping}, title={T}, year={2022a}}
@misc{k2, author={{Kursiv}}, title={T}, year={2022}}
@misc{s, author={{Xinhua Silk Road}}, title={T}, year={2004}}
@misc{a, author={{The Astana Times}}, title={T}, year={2022}}
@misc{an, author={An, B. and Li, X.}, title={T}, year={2017}}
@misc{t, title={The Art of the Plain}, year={1900}}
@misc{b, author={Bai, Yulan}, title={T}, year={2022}}
@misc{z, author={{Orda}}, title={T}, year={2022}}
"""

KINDS = """
@article{article, author={Li, Quan and Ye, Min}, title={Title}, journal={Journal}, year={2019},
  volume={12}, number={3}, pages={66--81}}
@book{book, editor={Starr, Fred and Ode, Cy}, title={Title}, publisher={House}, year={2001}}
@incollection{part, author={A, B. and C, D. and E, F.}, title={Title}, booktitle={Book},
  editor={Starr, Fred}, publisher={House}, year={2001b}}
@techreport{report, author={{A House}}, title={Title}, institution={House}, year={n.d.-a},
  month={May}}
@misc{title, title={Title}, howpublished={Site, 3 May}, year={2020--2021}}
@misc{undated, author={von Ab, Cy and others}, title={Title}}
@proceedings{meeting, title={Title}, year={1999}}
@misc{kept, title={Title}, year={2020}, url={https://a.example/%5F_1},
  archiveurl={https://web.archive.example/2020/https://a.example/%5F_1}}
@misc{dollars, title={Over \\$2 and \\$3 \\& more}, year={2020}}
@misc{gone, title={Title}, year={2020}, archiveurl={https://web.archive.example/2020/1}}
"""


def _write(project: Project, style: str = "author_year_semicolon") -> None:
    """A note that cites two sources of one body and year, and a page of sources."""
    project.text("A road.", index="```{toctree}\nsources\n```\n")
    project.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        f"bibtex_default_style = 'author_year'\nbibtex_reference_style = '{style}'\n"
    )
    project.write("a.bib", BIB)
    project.write("sources.md", "# Sources\n\n```{bibliography}\n```\n")
    project.note("h/road", "road", "A gist {cite:p}`b2022,a2022`.")


def test_letters_follow_the_keys_and_stay() -> None:
    entries = parse_string(BIB, "bibtex").entries
    for _ in range(2):
        tell_apart(entries)
        years = {key: entry.fields["year"] for key, entry in entries.items()}
        assert years == {
            "a2022": "2022a",
            "b2022": "2022b",
            "c2021": "2021",
            "x": "n.d.-a",
            "y": "n.d.-b",
            "many": "2000",
            "two": "2000",
            "oil": "2000",
        }
    assert authors(entries["many"]) == "Ab et al."
    assert authors(entries["two"]) == "von Ab and De"
    assert authors(entries["oil"]) == "Oil & Gas"


def test_citation_and_bibliography_agree(project: Project) -> None:
    _write(project)
    for _ in range(2):
        project.build()
        assert project.warnings == ""
        gist = project.page("text/a").select_one(".gist")
        assert gist is not None
        assert "[Xinhua, 2022a; Xinhua, 2022b]" in gist.get_text()
        entries = [entry.get_text() for entry in project.page("sources").select("div.citation")]
        assert [entry.split()[:2] for entry in entries] == [
            ["Xinhua.", "2022a."],
            ["Xinhua.", "2022b."],
        ]
        # A changed note is read with what the last build knew.
        project.note("h/road", "road", "Another gist {cite:p}`b2022,a2022`.")


def test_entries_are_formatted_again_when_the_file_has_changed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    format_entry = UnsortedStyle.format_entry

    def counted(style: UnsortedStyle, label: str, entry: Entry, *about: object) -> object:
        made.append(entry.key)
        return format_entry(style, label, entry, *about)

    def printed() -> list[str]:
        entries = project.page("sources").select("div.citation")
        return [" ".join(entry.get_text().split()[:3]) for entry in entries]

    monkeypatch.setattr(UnsortedStyle, "format_entry", counted)
    _write(project)
    project.build()
    assert sorted(set(made)) == ["a2022", "b2022"]
    before = printed()
    made.clear()
    project.note("h/road", "road", "Another gist {cite:p}`b2022,a2022`.")
    project.build()
    assert made == []
    assert printed() == before == ["Xinhua. 2022a. A.", "Xinhua. 2022b. B."]
    project.write("a.bib", BIB.replace("title={A}", "title={Another}"))
    project.build()
    assert printed() == ["Xinhua. 2022a. Another.", "Xinhua. 2022b. B."]


def test_each_source_names_the_notes_that_rest_on_it(project: Project) -> None:
    project.text("A road. A belt.", index="```{toctree}\nsources\n```\n")
    project.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        "bibtex_default_style = bibtex_reference_style = 'author_year'\n"
    )
    project.write("a.bib", BIB)
    project.write("sources.md", "# Sources {cite:p}`c2021`\n\n```{bibliography}\n```\n")
    project.note("h/belt", "belt", "A gist {cite:p}`b2022`.")
    project.note("h/road", "road", "A gist {cite:p}`b2022,a2022`.")
    project.build()
    assert project.warnings == ""

    def cited() -> list[str]:
        return [line.get_text() for line in project.page("sources").select(".cited-in")]

    assert cited() == ["In: Road", "In: Road; Belt"]
    links = project.page("sources").select(".cited-in a")
    assert [link["href"] for link in links][:2] == [
        "commentary/h/road.html",
        "commentary/h/road.html",
    ]
    project.note("h/belt", "belt", "A gist {cite:p}`a2022`.")
    project.build()
    assert cited() == ["In: Road; Belt", "In: Road"]
    project.build("latex")
    project.build("text")
    assert project.warnings == ""


def test_without_the_extension_citations_cost_one_warning_a_file(project: Project) -> None:
    project.text("A road {cite:p}`a`. A belt.", index="```{toctree}\ncommentary/h/belt\n```\n")
    project.note("h/road", "road", "A gist {cite:p}`a`, {cite:t}`b`.")
    rest = "---\nquote: belt\n---\nBelt\n====\n\nA gist :cite:p:`a`, :cite:t:`b`.\n"
    project.write("commentary/h/belt.rst", rest)
    places = [("commentary/h/belt.rst", 7), ("commentary/h/road.md", 7), ("text/a.md", 3)]
    project.build()
    told = [line.partition(" add ")[0] for line in project.warnings.splitlines()]
    what = "citations need sphinxcontrib-bibtex:"
    assert told == [f"{project.folder}/{path}:{line}: WARNING: {what}" for path, line in places]
    found, _documents = find(project.folder)
    assert [(Path(one.path).name, one.line) for one in found] == [
        (Path(path).name, line) for path, line in places
    ]


@pytest.mark.parametrize("builder", ["html", "singlehtml", "epub", "latex"])
def test_of_two_bibliographies_each_names_its_notes_once(project: Project, builder: str) -> None:
    index = "```{toctree}\nreading\ncommentary/sources\n```\n"
    project.text("A road. A belt.", index=index)
    project.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\nversion = '1'\n"
        "bibtex_default_style = bibtex_reference_style = 'author_year'\ncopyright = 'A'\n"
        "latex_documents = [('index', 'book.tex', 'Book', 'A', 'manual')]\n"
    )
    project.write("a.bib", BIB)
    project.write("reading.md", "# Reading\n\n```{bibliography}\n:list: bullet\n```\n")
    project.write("commentary/sources.md", "# Sources\n\n```{bibliography}\n```\n")
    project.note("h/road", "road", "A gist {cite:p}`b2022,a2022`.")
    project.build(builder)
    assert project.warnings == ""
    if builder == "latex":
        book = project.output("book.tex", builder).read_text(encoding="utf-8")
        assert book.count("In: ") == 2
        return
    name = {"html": "commentary/sources.html", "epub": "commentary/sources.xhtml"}.get(builder)
    page = parse(project.output(name or "index.html", builder))
    links = page.select(".cited-in a")
    note = "#document-commentary/h/road" if builder == "singlehtml" else "h/road"
    assert [str(link["href"]).partition(".")[0] for link in links] == [note, note]


@pytest.mark.parametrize("role", ["p", "ps", "alp", "alps", "t", "ts", "author", "year"])
@pytest.mark.parametrize(("before", "after"), [("", ""), ("see", ""), ("", "p. 3"), ("see", "3")])
def test_a_source_is_cited_in_the_librarys_words_every_time(
    role: str, before: str, after: str
) -> None:
    entries = parse_string(KINDS + BIB + FILED, "bibtex").entries.values()
    semicolons = BracketStyle(sep="; ")
    librarys = AuthorYearReferenceStyle(
        bracket_parenthetical=semicolons, bracket_textual=semicolons, bracket_label=semicolons
    )

    def words(style: AuthorYearReferenceStyle, text: tuple[str, str]) -> list[str]:
        info = SphinxReferenceInfo(None, "a", "b", "c", "title", *text)  # type: ignore[arg-type]
        alone = [format_references(style, role, [(entry, None, info)]) for entry in entries]
        return [str(one) for one in [*alone, format_references(
            style, role, [(entry, None, info) for entry in entries]
        )]]  # fmt: skip

    ours = SemicolonStyle()
    words(ours, ("at first", "otherwise"))
    assert words(ours, (before, after)) == words(librarys, (before, after))


def test_entries_are_sorted_by_what_citations_name() -> None:
    entries = parse_string(FILED, "bibtex").entries
    ordered = [entry.key for entry in AuthorYearSorting("en").sort(entries.values())]
    assert ordered == [
        *("7", "an", "t", "a", "b", "k2", "k", "z", "o", "x1", "x2", "n", "s", "r", "c")
    ]


def test_an_entry_begins_with_family_names_and_the_year() -> None:
    entries = parse_string(KINDS, "bibtex").entries
    style = AuthorYearStyle()
    assert {
        key: style.format_entry("", entry).text.render_as("text") for key, entry in entries.items()
    } == {
        "article": "Li, Quan and Ye, Min. 2019. Title. Journal, 12(3):66–81.",
        "book": "Starr, Fred and Ode, Cy, editors. 2001. Title. House.",
        "part": "A, B.; C, D.; and E, F. 2001b. Title. In Fred Starr, editor, Book. House.",
        "report": "A House. n.d.-a. Title. Technical Report, House, May.",
        "title": "Title. 2020–2021. Site, 3 May.",
        "undated": "von Ab, Cy and others. Title.",
        "meeting": "Title. 1999.",
        "kept": "Title. 2020. URL: https://a.example/%5F_1. "
        "Archived: https://web.archive.example/2020/https://a.example/%5F_1.",
        "dollars": "Over $2 and $3 & more. 2020.",
        "gone": "Title. 2020. Archived: https://web.archive.example/2020/1.",
    }
    assert entries["article"].fields["year"] == "2019"


def test_the_printed_bibliography_shows_no_labels(project: Project) -> None:
    _write(project)
    project.build("edition-pdf")
    assert project.warnings == ""
    reader = PdfReader(project.output("annotated-edition.pdf", "edition-pdf"))
    book = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "[Xinhua, 2022a; Xinhua, 2022b]" in book
    assert "Xinhua. 2022a. A. → n. 1 Xinhua. 2022b. B." in book.replace("\xa0", " ")


@pytest.mark.parametrize(("style", "shown"), [("author_year_semicolon", False), ("label", True)])
def test_an_entry_that_begins_as_it_is_cited_needs_no_label(
    project: Project, style: str, shown: bool
) -> None:
    _write(project, style)
    project.build()
    entries = project.page("sources").select("div.citation")
    assert entries
    assert all(bool(entry.select(".label")) is shown for entry in entries)
    assert all(
        entry["id"] and entry.p and entry.p.get_text().startswith("Xinhua") for entry in entries
    )


def test_a_notes_page_lists_its_sources_in_full(project: Project) -> None:
    _write(project, "author_year_semicolon")
    project.build()
    notes = [
        project.page(str(path.relative_to(project.folder).with_suffix("")))
        for path in sorted((project.folder / "commentary").glob("*/*.md"))
    ]
    listed = [item for note in notes for item in note.select(".note-sources li")]
    assert listed
    for item in listed:
        (there,) = item.select("a[title='In the bibliography']")
        assert str(there["href"]).startswith("../../sources.html#")
        assert "\\url" not in item.get_text()
    printed = {
        entry.p.get_text() for entry in project.page("sources").select("div.citation") if entry.p
    }
    assert {item.get_text().removesuffix(" →").strip() for item in listed} <= printed


@pytest.mark.parametrize("browser", ENGINES, indirect=True)
def test_a_citation_shows_its_source(project: Project, browser: Browser) -> None:
    _write(project)
    project.configure('html_theme = "edition"\n')
    body = "\n\n".join(["Much is said of it {cite:p}`a2022`."] * 9)
    project.note("h/road", "road", "A gist {cite:p}`b2022,a2022`.", body=body)
    project.build()
    assert project.warnings == ""
    for path in ("text/a.html", "commentary/h/road.html"):
        page = browser.new_page(viewport={"width": 1440, "height": 300})
        page.goto(project.output(path).as_uri())
        box = page.locator("#cite-peek")
        expect(box).to_have_count(0)
        first = page.locator(".bibtex-citation a").first
        first.hover()
        expect(box).to_have_text("Xinhua. 2022a. A.")
        expect(first).to_have_attribute("aria-describedby", "cite-peek")
        # The pointer may enter it.
        box.hover()
        expect(box).to_be_visible()
        page.mouse.move(1, 1)
        expect(box).to_be_hidden()
        page.keyboard.press("Tab")
        page.locator(".bibtex-citation a").nth(1).focus()
        expect(box).to_have_text("Xinhua. 2022b. B.")
        page.keyboard.press("Escape")
        expect(box).to_be_hidden()
        assert page.evaluate(PLACED, [".bibtex-citation a", "#cite-peek"]) == []
        page.close()


def test_a_project_without_styles_cites_by_author_and_year(project: Project) -> None:
    project.text("One word.")
    project.configure(
        'extensions.insert(1, "sphinxcontrib.bibtex")\nbibtex_bibfiles = ["sources.bib"]\n'
    )
    project.write("sources.bib", "@book{ray, author = {Ray, Ann}, title = {Light}, year = {1999}}")
    project.note("words/one", "One", "Said {cite:p}`ray`.")
    project.write("sources.md", "---\norphan: true\n---\n# Sources\n\n```{bibliography}\n```\n")
    project.build()
    assert "Said [Ray, 1999]." in project.page("text/a").get_text()
    assert project.page("sources").select_one("#source-ray")
    # What it names, be it the library's own default, it gets.
    project.configure('bibtex_default_style = "alpha"\nbibtex_reference_style = "label"\n')
    project.build(freshenv=True)
    assert "Said [Ray99]." in project.page("text/a").get_text()
