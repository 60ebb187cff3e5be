"""Texts that are nothing like a newspaper's article: verse, a treaty, a mixed page."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from playwright.sync_api import Browser
from pypdf import PdfReader

from support.edition import ROOT
from support.pages import parse
from support.pdf import page_texts
from support.project import Project

Open = Callable[[str], Project]


@pytest.fixture
def open_text(tmp_path: Path) -> Open:
    """A copy of one of the projects in ``tests/texts``."""

    def open_text(name: str) -> Project:
        project = Project(tmp_path / "new")
        shutil.copytree(ROOT / "tests/texts" / name, tmp_path / name)
        project.folder = tmp_path / name
        return project

    (tmp_path / "new").mkdir()
    return open_text


# ---- Verse

TYGER = [
    "Tyger Tyger, burning bright,",
    "In the forests of the night;",
    "What immortal hand or eye,",
    "Could frame thy fearful symmetry?",
]


def without_marks(text: str) -> str:
    """Plain text without the numbers of notes and the stars of terms."""
    return re.sub(r"\[\d+\]|[*_]|\\sphinx\w+\{\w+\}", "", text)


@pytest.mark.parametrize(("builder", "file"), [("text", "text/tyger.txt"), ("man", "verse.1")])
def test_lines_stay_lines(open_text: Open, builder: str, file: str) -> None:
    verse = open_text("verse")
    verse.build(builder)
    assert verse.warnings == ""
    written = without_marks(verse.output(file, builder).read_text(encoding="utf-8"))
    lines = [re.sub(r"\\f[A-Z]", "", line).strip() for line in written.splitlines()]
    at = lines.index(TYGER[0])
    assert [line for line in lines[at:] if line and line != ".br"][:4] == TYGER


def test_lines_stay_lines_in_html_and_print(open_text: Open) -> None:
    verse = open_text("verse")
    verse.build("html")
    page = verse.page("text/tyger")
    for stanza in page.select(".passage"):
        for drawn in stanza.select(".passage-number, [role=doc-noteref]"):
            drawn.decompose()
    lines = [" ".join(line.get_text().split()) for line in page.select(".passage .line")]
    assert lines[:4] == TYGER
    assert len(lines) == 8
    verse.build("latex")
    latex = verse.output("verse.tex", "latex").read_text(encoding="utf-8")
    assert "\\begin{DUlineblock}" in latex[latex.index("Tyger Tyger") - 300 :][:300]
    verse.build("edition-pdf")
    assert verse.warnings == ""
    book = verse.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    stanza = book[book.index("Tyger Tyger") - 200 : book.index("Could frame")]
    assert "#verse(" in stanza
    assert len(re.findall(r"\(0, 0, \[", stanza)) == 4


def test_every_fifth_line_has_its_number(open_text: Open) -> None:
    verse = open_text("verse")
    verse.build("html")
    page = verse.page("text/sonnet")
    numbers = page.select(".line-number")
    assert [number["data-line"] for number in numbers] == ["5", "10", "15"]
    assert not any(number.get_text() for number in numbers)
    fifth = numbers[0].parent
    assert fifth is not None
    assert "Sometime too hot" in fifth.get_text()
    assert fifth["id"] == "p8-line-5"
    assert page.select_one("link[href*='verse.css']")
    # A page of prose has neither.
    prose = verse.page("text/psalm")
    assert not prose.select(".line-number, link[href*='verse.css']")
    verse.build("edition-pdf")
    book = verse.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    assert re.search(r"\(0, 5, \[Sometime too hot", book)
    verse.build("epub")
    sonnet = parse(verse.output("text/sonnet.xhtml", "epub"))
    assert [number["data-line"] for number in sonnet.select(".line-number")] == ["5", "10", "15"]


@pytest.mark.parametrize(
    ("front", "every", "numbers"),
    [("", 5, ["5"]), ("lines: 101", 5, ["105"]), ("lines: none", 5, []), ("", 0, []),
     ("", 2, ["2", "4", "6", "8"])],
)  # fmt: skip
def test_numbers_are_as_page_and_settings_say(
    open_text: Open, front: str, every: int, numbers: list[str]
) -> None:
    verse = open_text("verse")
    verse.configure(f"edition_line_numbers = {every}\n")
    poem = (verse.folder / "text/tyger.md").read_text(encoding="utf-8")
    verse.write("text/tyger.md", f"---\n{front}\n---\n{poem}" if front else poem)
    verse.build("html")
    found = verse.page("text/tyger").select(".line-number")
    assert [number["data-line"] for number in found] == numbers


def test_a_number_that_is_none_is_reported(open_text: Open) -> None:
    verse = open_text("verse")
    poem = (verse.folder / "text/tyger.md").read_text(encoding="utf-8")
    verse.write("text/tyger.md", f"---\nlines: five\n---\n{poem}")
    verse.build("html")
    assert "text/tyger.md:1: WARNING: lines can't begin with 'five'" in verse.warnings
    assert "lines: none" in verse.warnings


def test_places_are_cited_by_line(open_text: Open) -> None:
    verse = open_text("verse")
    verse.build("text")
    across = verse.output("commentary/words/lines.txt", "text").read_text(encoding="utf-8")
    assert "¶11, lines 1–2" in across
    couplet = verse.output("commentary/words/couplet.txt", "text").read_text(encoding="utf-8")
    assert "¶8, lines 13–14" in couplet
    prose = verse.output("commentary/words/restore.txt", "text").read_text(encoding="utf-8")
    assert "line" not in prose


def test_two_lines_of_one_stanza_are_tied(open_text: Open) -> None:
    verse = open_text("verse")
    verse.build("text")
    page = verse.output("text/tyger.txt", "text").read_text(encoding="utf-8")
    assert "Hand and symmetry → ¶11, line 4" in page


def test_emphasis_may_run_over_the_end_of_a_line(project: Project) -> None:
    project.text("One *leaf,\\\nand two* leaves.")
    project.note("words/two", "leaf, and two")
    project.build()
    assert project.warnings == ""
    lines = project.page("text/a").select(".passage .line")
    assert [[em.get_text() for em in line.select("em")] for line in lines] == [
        ["leaf,"],
        ["and two"],
    ]
    assert lines[1].select_one("em + [role=doc-noteref]")


# ---- What a note may be about, and what not


def test_headings_cells_captions_terms_and_footnotes_have_notes(open_text: Open) -> None:
    mixed = open_text("mixed")
    mixed.write("commentary/words/word.md", "---\nquote: Term\n---\n# Word\n\nOn a term.\n")
    across = "quote: in two paragraphs. The second paragraph"
    mixed.write("commentary/words/across.md", f"---\n{across}\n---\n# Across\n\nOn both.\n")
    mixed.build("html")
    page = mixed.page("text/mixed")
    marked = {
        name: page.select_one(f"{where} [role=doc-noteref][href='#note-{name}']")
        for name, where in (
            ("heading", "h2#p2-heading"),
            ("cell", "td#p9-table-4"),
            ("caption", "figcaption"),
            ("word", "dt"),
            ("fn", "aside"),
            # One that runs over the end of a passage has its mark at its own end.
            ("across", "blockquote #p3"),
        )
    }
    assert [name for name, mark in marked.items() if mark is None] == []
    assert all(page.select_one(f"figure#note-{name}") for name in marked)
    assert len(page.select(".quote-across")) == 2
    assert len(page.select("[href='#note-across']")) == 1
    mixed.build("text")
    places = {
        name: re.findall(
            r"\* (¶\d+(?:, [a-z]+)?)",
            mixed.output(f"commentary/words/{name}.txt", "text").read_text(encoding="utf-8"),
        )
        for name in marked
    }
    assert places == {
        "heading": ["¶2, heading"],
        "cell": ["¶9, table"],
        "caption": ["¶9, caption"],
        "word": ["¶13, term"],
        "fn": ["¶17, footnote"],
        "across": ["¶2", "¶3"],
    }
    # Numbered in the order of the text.
    order = mixed.output("commentary/list.txt", "text").read_text(encoding="utf-8")
    assert order.index("heading") < order.index("Across") < order.index("beta")


@pytest.mark.parametrize("builder", ["latex", "edition-pdf", "epub", "tei"])
def test_such_notes_stand_in_every_output(open_text: Open, builder: str) -> None:
    mixed = open_text("mixed")
    mixed.build(builder)
    assert "Error" not in mixed.warnings
    suffix = {"latex": "*.tex", "edition-pdf": "*.typ", "epub": "text/mixed.xhtml", "tei": "*.xml"}
    (file,) = list(mixed.output("", builder).glob(suffix[builder]))
    written = file.read_text(encoding="utf-8")
    if builder == "tei":
        assert "#string-range(p2-heading,0," in written
        assert 'id="p2-heading"' in written
    else:
        for gist in ("On a heading", "Note on a cell", "Note on a caption", "Note on a footnote"):
            assert gist in written


def test_the_authors_footnotes_keep_their_boxes_beside_notes(project: Project) -> None:
    """docutils draws one box round the footnotes that follow each other, and ours aren't its."""
    project.text("x")
    project.write(
        "text/a.rst",
        """
        Page
        ====

        The dog sleeps [#f]_ here. A [#g]_ cat.

        .. [#f] Leaves are dry in autumn.

        More text, with one more [#h]_ footnote.

        .. [#g] Second foot.
        .. [#h] Third foot.
        """,
    )
    (project.folder / "text/a.md").unlink()
    project.note("words/foot", "dry in")
    project.note("words/more", "one more")
    project.note("words/third", "Third")
    for builder, suffix in (("html", "html"), ("singlehtml", "html"), ("epub", "xhtml")):
        project.build(builder)
        assert "this page is no XML" not in project.warnings
        name = "index" if builder == "singlehtml" else "text/a"
        html = project.output(f"{name}.{suffix}", builder).read_text(encoding="utf-8")
        assert html.count("<aside") == html.count("</aside>")
        page = parse(project.output(f"{name}.{suffix}", builder))
        assert all(passage.find_parent("aside") is None for passage in page.select("p.passage"))


def test_notes_stand_on_words_within_any_markup_in_print(project: Project) -> None:
    marked = {
        "code": '`printf "x" and more`',
        "emphasis": "*leaning words there*",
        "strong": "**heavy words there**",
        "pattern": "{samp}`copy {file} over`",
        "key": "{kbd}`Ctrl+C pressed`",
    }
    quotes = {
        "code": "printf",
        "emphasis": "leaning words",
        "strong": "heavy words",
        "pattern": "copy",
        "key": "Ctrl",
    }
    project.text("\n\n".join(f"One {words} stands." for words in marked.values()))
    for name, quote in quotes.items():
        project.note(f"words/{name}", quote, f"Gist of {name}.")
    project.build("edition-pdf")
    assert "dead link" not in project.warnings
    (path,) = project.output("", "edition-pdf").glob("*.pdf")
    text = next(page for page in page_texts(path) if "printf" in page)
    assert [name for name in quotes if f"Gist of {name}." not in text] == [], text
    assert re.search(r'printf\s*1\s*"x" and more', text)


@pytest.mark.parametrize("builder", ["html", "epub", "text", "latex", "edition-pdf", "tei"])
def test_cross_references_tie_what_is_no_passage(project: Project, builder: str) -> None:
    project.text("## The caravan road\n\nA road.\n\n| a wide cell |\n|---|\n\nThe end of it.")
    tie = "---\nquote: [caravan road, wide cell, end of]\n---\n# A tie\n\nTied.\n"
    project.write("commentary/cross-references/tie.md", tie)
    project.build(builder)
    assert "rror" not in project.warnings
    assert "tie.md" not in project.warnings


def test_words_of_passages_come_first(project: Project) -> None:
    project.text("## The road\n\nAlong the road.\n\n## The road\n\nOn.")
    project.note("words/road", "the road")
    project.note("words/head", "The road")
    project.build()
    (line,) = [one for one in project.warnings.splitlines() if "WARNING" in one]
    assert "head.md:2: WARNING: 'The road' occurs more than once" in line
    assert project.page("text/a").select_one("p.passage [href='#note-road']")


def test_words_outside_of_passages_are_said_to_be_there(open_text: Open) -> None:
    mixed = open_text("mixed")
    mixed.build("html")
    for note, sort in (("admon", "a box"), ("code", "a block of code")):
        (line,) = [line for line in mixed.warnings.splitlines() if f"/{note}.md:2: " in line]
        assert f"stands in {sort} (text/mixed, line " in line
        assert "quote words of a passage" in line
    for note in ("fig", "eq"):
        (line,) = [line for line in mixed.warnings.splitlines() if f"/{note}.md:2: " in line]
        assert "is filled in by Sphinx, and no word of the text" in line


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("<div>\nthe words <b>in</b> tags\n</div>", "raw HTML or the like"),
        ("% the words in tags", "a comment"),
        ("```{only} html\nthe words in tags\n```", "`only`"),
        ("```{ifconfig} True\nthe words in tags\n```", "`ifconfig`"),
        ("```{sidebar} Title\nthe words in tags\n```", "a sidebar"),
        ("```{py:function} f(x)\nthe words in tags\n```", "a box"),
        ("```\nthe words in tags\n```", "a block of code"),
        ("{edition:stage}`the words in tags`", "a stage direction or a speaker's name"),
        ("{edition:speaker}`the words in tags` Speech.", "a stage direction or a speaker's name"),
        ("```{centered} the words in tags\n```", "a centred line"),
        ("```{hlist}\n- the words in tags\n```", "a list in columns"),
        ("```{eval-rst}\n:field: the words in tags\n```", "a list of fields"),
    ],
)
def test_each_sort_of_outside_is_named(project: Project, text: str, sort: str) -> None:
    project.configure("extensions.append('sphinx.ext.ifconfig')\n")
    project.text(f"One word.\n\n{text}")
    project.note("words/one", "the words in tags")
    project.build()
    assert f"one.md:2: WARNING: 'the words in tags' stands in {sort} (text/a, line " in (
        project.warnings
    )


def test_a_second_note_in_a_file_is_told(project: Project) -> None:
    project.text("One word, two words.")
    note = project.note("words/one", "One word")
    note.write_text(
        note.read_text(encoding="utf-8") + "\n---\nquote: two words\n---\n# Two\n\nGist.\n",
        encoding="utf-8",
    )
    project.build()
    assert "one.md:13: WARNING: a second note begins here, 'Two'" in project.warnings


def test_what_was_included_is_told_under_its_own_name(project: Project) -> None:
    project.configure('edition_copy_text = "source.txt"\nexclude_patterns = ["parts"]\n')
    project.text("First.\n\n```{include} ../parts/rest.txt\n```")
    project.write("parts/rest.txt", "Second.\n\nThird word.\n")
    project.write("source.txt", "First.\n\nSecond.\n\nThird words.\n")
    project.build()
    assert re.search(r"/parts/rest\.txt:3: WARNING: ¶3 differs", project.warnings)


# ---- What a parser complains of


@pytest.mark.parametrize("builder", ["html", "singlehtml", "dirhtml"])
def test_marks_stay_on_their_words(open_text: Open, builder: str) -> None:
    """MyST's warning of struck words stands in the passage until the page is written."""
    struck = open_text("strike")
    struck.build(builder)
    page = struck.page("index" if builder == "singlehtml" else "text/a", builder)
    quoted = {name: page.select_one(f".quote-{name}") for name in ("struck", "end")}
    assert {name: it and it.get_text() for name, it in quoted.items()} == {
        "struck": "struck out",
        "end": "end here",
    }


# ---- Scripts that the book's own fonts lack


def font_with(sign: str, path: Path) -> None:
    """A font that has one letter, a square."""
    builder = FontBuilder(1000, isTTF=True)
    pen = TTGlyphPen(None)
    for number, point in enumerate([(0, 0), (0, 700), (700, 700), (700, 0)]):
        (pen.lineTo if number else pen.moveTo)(point)
    pen.closePath()
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord(sign): "square"})
    builder.setupGlyf({".notdef": pen.glyph(), "square": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (800, 0), "square": (800, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Square", "styleName": "Regular", "psName": "Square"})
    builder.setupOS2()
    builder.setupPost()
    path.parent.mkdir(parents=True)
    builder.save(path)


def test_a_project_brings_the_font_that_its_script_needs(project: Project) -> None:
    project.text("Words in ት here.")
    project.note("words/here", "here")
    project.build("edition-pdf")
    assert 'text/a.md:3: WARNING: no font of the book has "ት" (U+1275)' in project.warnings
    assert "edition_pdf_fonts" in project.warnings
    font_with("ት", project.folder / "fonts/square.ttf")
    project.configure('edition_pdf_fonts = ["fonts"]\nexclude_patterns = ["fonts"]\n')
    project.build("edition-pdf")
    assert project.warnings == ""
    book = PdfReader(project.output("annotated-edition.pdf", "edition-pdf"))
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in book.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert any(name.endswith("+Square") for name in fonts), fonts


def test_a_font_that_is_not_there_is_told(project: Project) -> None:
    project.text("Words here.")
    project.configure('edition_pdf_fonts = ["no/such.ttf"]\n')
    project.build("edition-pdf")
    assert "conf.py:6: WARNING: edition_pdf_fonts names 'such.ttf'" in project.warnings


# ---- From right to left


def test_arabic_passages_run_from_the_right(open_text: Open) -> None:
    arabic = open_text("arabic")
    arabic.build("html")
    passages = arabic.page("text/fatiha").select(".passage")
    assert [(it["lang"], it["dir"]) for it in passages] == [("ar", "rtl"), ("ar", "rtl")]
    assert "dir" not in arabic.page("text/fatiha").select_one("html").attrs  # type: ignore[union-attr]
    assert not arabic.page("commentary/words/sirat").select("[dir=ltr]")
    arabic.build("edition-pdf")
    book = arabic.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    assert book.count('#turned(rtl)[#language("ar")[') == 2


@pytest.mark.parametrize(
    ("title", "language", "begins"),
    [("الفاتحة 1", "ar", "rtl"), ("Sura 1", None, None), ("1. Sura الفاتحة", None, None)],
)
def test_a_title_begins_where_the_text_does(
    open_text: Open, title: str, language: str | None, begins: str | None
) -> None:
    arabic = open_text("arabic")
    source = arabic.folder / "text/fatiha.md"
    words = source.read_text(encoding="utf-8").partition("\n")[2]
    arabic.write("text/fatiha.md", f"# {title}\n{words}")
    for builder, name in (("html", "text/fatiha"), ("singlehtml", "index")):
        arabic.build(builder)
        headings = arabic.page(name, builder).select("h1, h2")
        found = next(it for it in headings if title in it.get_text())
        assert (found.get("lang"), found.get("dir")) == (language, begins)
    arabic.build("edition-pdf")
    book = arabic.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    assert ('#text(lang: "ar", dir: rtl)[#heading(' in book) is (begins == "rtl")
    assert arabic.output("annotated-edition.pdf", "edition-pdf").exists()


@pytest.mark.parametrize("theme", ["edition", "alabaster"])
def test_a_project_in_arabic_runs_from_the_right(open_text: Open, theme: str) -> None:
    arabic = open_text("arabic")
    arabic.configure(f'language = "ar"\nhtml_theme = {theme!r}\nedition_text_language = "en"\n')
    arabic.build("html")
    page = arabic.page("text/fatiha")
    if theme == "edition":
        assert page.html is not None
        assert page.html["dir"] == "rtl"
    # English within it says so: a paragraph would begin at the right, and end in its full stop.
    assert {(it["lang"], it["dir"]) for it in page.select(".passage")} == {("en", "ltr")}
    arabic.build("epub")
    with zipfile.ZipFile(next(arabic.output("", "epub").glob("*.epub"))) as book:
        package = next(name for name in book.namelist() if name.endswith("content.opf"))
        assert 'page-progression-direction="rtl"' in book.read(package).decode()
        (name,) = (name for name in book.namelist() if name.endswith("fatiha.xhtml"))
        assert re.search(r'<html[^>]* dir="rtl"', book.read(name).decode())


VERSIONS = """
היה נגר בעיר.

```{edition:beside} en
There was a joiner in town.
```

שלום,\\
עליכם.

```{edition:beside} en
Peace,\\
upon you.
```
"""


@pytest.mark.parametrize(("language", "turned"), [("he", "en"), ("en", "he")])
def test_a_version_begins_where_its_language_does(
    project: Project, language: str, turned: str
) -> None:
    project.text(VERSIONS)
    project.configure(
        f'language = "{language}"\nedition_text = []\nedition_works = {{\n'
        '  "m": {"pages": ["text/*"], "language": "he"}, "en": {"title": "E", "language": "en"}}\n'
    )
    project.note("words/joiner", "joiner", front="names: {en: A joiner}")
    project.build("html")
    passages = project.page("text/a").select(".passage[lang]")
    directions = {"he": "rtl", "en": "ltr"}
    assert [(it["lang"], it["dir"]) for it in passages] == [(turned, directions[turned])] * 2
    is_foreign = language == "he"
    name = project.page("commentary/words/joiner").select_one(".note-names [lang=en]")
    assert name is not None
    assert name.get("dir") == ("ltr" if is_foreign else None)
    project.build("edition-pdf")
    source = project.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    assert ("\u2068A joiner\u2069" in source) is is_foreign
    with pdfplumber.open(project.output("annotated-edition.pdf", "edition-pdf")) as book:
        page = next(page for page in book.pages if "joiner" in page.extract_text())
        words = {it["text"]: it for it in page.extract_words()}
        middle = page.width / 2
    for english in ("There", "Peace,", "upon"):
        assert words[english]["x0"] < middle
    # A full stop ends a line, at the right or at the left.
    assert words["town."]["x1"] < middle
    for hebrew in ("היה", "שלום", "עליכם"):
        found = next(it for text, it in words.items() if hebrew in text or hebrew[::-1] in text)
        assert found["x0"] > middle


@pytest.mark.parametrize("language", ["ar", "he", "kk", "zh", "ug", "am"])
def test_no_language_costs_a_warning_of_quotation_marks(open_text: Open, language: str) -> None:
    arabic = open_text("arabic")
    arabic.configure(f"edition_text_language = {language!r}\n")
    arabic.write("text/fatiha.md", '# T\n\nThe "words" aren\'t الصِّرَاطَ الْمُسْتَقِيمَ changed.\n')
    arabic.build("html")
    assert "smart quotes" not in arabic.warnings
    if language == "am":
        assert 'The "words" aren’t' in arabic.page("text/fatiha").get_text()


# ---- In a browser


def test_numbers_of_lines_stand_where_lines_end(project: Project, browser: Browser) -> None:
    project.configure('html_theme = "edition"\nlanguage = "fa"\n')
    project.text("")
    project.write(
        "text/a.md", "---\nlines: 5\n---\n# غزل\n\nمرا در منزل جانان\\\nجرس فریاد می‌دارد\n"
    )
    project.build("html")
    page = browser.new_page()
    page.goto(project.output("text/a.html").as_uri())
    # Drawn, so that nothing but its style tells where it is.
    left = "getComputedStyle(document.querySelector('.line-number'), '::before').left"
    assert page.evaluate(left) == "0px"
    page.close()


def test_long_lines_of_code_keep_out_of_the_notes(project: Project, browser: Browser) -> None:
    project.configure('html_theme = "edition"\n')
    project.text(f"Words before.\n\n```python\n{'print(1); ' * 30}\n```\n")
    project.note("words/before", "Words before")
    project.build("html")
    page = browser.new_page(viewport={"width": 1440, "height": 800})
    page.goto(project.output("text/a.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 1440
    assert page.evaluate("getComputedStyle(document.querySelector('pre')).overflowX") == "auto"
    page.close()


@pytest.mark.parametrize("width", [390, 800, 1440])
def test_long_labels_are_seen_whole(project: Project, browser: Browser, width: int) -> None:
    project.configure('html_theme = "edition"\n')
    project.text("")
    page_of_text = "## {}\n\nIt begins.\n\n1. First.\n"
    titles = ("Article 1", "§ 90a Beginn der Rechtsfähigkeit")
    project.write(
        "text/a.md",
        '---\npassages: "{h2}[({own})]"\n---\n# A law\n\n'
        + "".join(map(page_of_text.format, titles)),
    )
    project.build("html")
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(project.output("text/a.html").as_uri())
    edges = """() => [...document.querySelectorAll(".passage-number")].map((it) => {
      const { left, bottom } = it.getBoundingClientRect();
      const words = document.createRange();
      words.selectNodeContents(it.parentElement.lastChild);
      return [left, bottom, words.getBoundingClientRect()];
    })"""
    for left, bottom, words in page.evaluate(edges):
        assert left >= 0
        assert left < words["left"] or bottom <= words["top"] + 5
    page.close()


def test_no_mark_begins_a_line(project: Project, browser: Browser) -> None:
    """In scripts without spaces a line may end before any letter, and before a number."""
    project.configure('html_theme = "edition"\n')
    words = "道可道非常道名可名無始"
    project.text(f"{words}。", "A word of Latin.")
    project.note("words/name", words)
    project.note("words/latin", "Latin")
    project.build("html")
    page = browser.new_page(viewport={"width": 1440, "height": 800})
    page.goto(project.output("text/a.html").as_uri())
    drawn = "getComputedStyle(document.querySelector('#p1 .note-mark'), '::before').content"
    assert page.evaluate(drawn) == '"\u20601"'
    page.close()
    project.build("edition-pdf")
    book = project.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    # Elsewhere it would be copied for nothing.
    assert book.count("#sym.wj;#note(") == 1
