"""Scripts that the book's own fonts lack: silent where a font is at hand, one warning where not."""

from __future__ import annotations

import re
from pathlib import Path

import pdfplumber
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pypdf import PdfReader

from support.project import Project

#: By language: some words, a few of them quoted, and the face that is told.
TEXTS = {
    "zh-Hant": ("子曰：「學而時習之，不亦說乎？」有朋自遠方來。", "有朋自遠方來", "CJK SC"),
    "ja": ("山路を登りながら、こう考えた。「智に働けば角が立つ。」", "こう考えた", "CJK JP"),
    "ko": ("나랏말씀이 중국과 달라 한자와는 서로 통하지 아니하므로", "서로 통하지", "CJK KR"),
    "th": ("มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน", "มีอิสระ", "Noto Serif Thai"),
    "am": ("የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና በመብትም እኩልነት ያለው ነው።", "ሲወለድ", "Ethiopic"),
    "hi": ("सभी मनुष्यों को गौरव और अधिकारों के मामले में", "गौरव और", "Noto Serif Devanagari"),
    "syr": ("ܐܒܘܢ ܕܒܫܡܝܐ ܢܬܩܕܫ ܫܡܟ ܬܐܬܐ ܡܠܟܘܬܟ", "ܢܬܩܕܫ ܫܡܟ", "Noto Sans Syriac"),
    "ar": ("بِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ الْحَمْدُ لِلَّهِ", "الْحَمْدُ لِلَّهِ", ""),
    "he": ("בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם", "בָּרָא אֱלֹהִים", ""),
    "zh-Hans": ("我们的干部要关心每一个战士，为人民服务。", "为人民服务", ""),
}  # fmt: skip
OTHERS = ["html", "singlehtml", "epub", "text", "latex"]


def font_for(words: str, path: Path, family: str = "Square") -> None:
    """A font of a *family* that has a square for each letter of *words*."""
    builder = FontBuilder(1000, isTTF=True)
    pen = TTGlyphPen(None)
    for number, point in enumerate([(50, 0), (50, 700), (750, 700), (750, 0)]):
        (pen.lineTo if number else pen.moveTo)(point)
    pen.closePath()
    square = pen.glyph()
    names = {ord(sign): f"u{ord(sign):04X}" for sign in sorted({*words}) if not sign.isspace()}
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    builder.setupGlyf({".notdef": square, **dict.fromkeys(names.values(), square)})
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (800, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": "Square"})
    builder.setupOS2()
    builder.setupPost()
    path.parent.mkdir(parents=True)
    builder.save(path)


def fonts_of(project: Project) -> set[str]:
    """The names of the fonts that the book embeds."""
    book = PdfReader(project.output("annotated-edition.pdf", "edition-pdf"))
    return {
        str(font.get_object()["/BaseFont"])
        for page in book.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }


@pytest.fixture(params=TEXTS)
def edition(request: pytest.FixtureRequest, project: Project) -> tuple[Project, str, str]:
    """A text in one of the languages, a note that repeats its words, and the face they need."""
    language = request.param
    words, quote, face = TEXTS[language]
    project.configure(f'edition_text_language = "{language}"\nhtml_theme = "edition"\n')
    project.configure('version = copyright = "1"\n')
    project.text(words)
    project.note("words/one", quote, f"On {quote}, in English.")
    return project, words, face


def test_other_outputs_are_silent(edition: tuple[Project, str, str]) -> None:
    project, words, _face = edition
    for builder in OTHERS:
        project.build(builder)
        assert project.warnings == ""
    (passage,) = project.page("text/a").select(".passage")
    for drawn in passage.select(".passage-number, [role=doc-noteref]"):
        drawn.decompose()
    assert passage.get_text().strip() == words


def test_without_a_font_one_warning_names_it(edition: tuple[Project, str, str]) -> None:
    project, _words, face = edition
    project.build("edition-pdf")
    if not face:  # the book's own fonts have it
        assert project.warnings == ""
        return
    (told,) = project.warnings.strip().splitlines()
    assert re.match(r"\S+/(commentary/words/one\.md:2|text/a\.md:3): WARNING: no font", told)
    assert f"{face} (Debian's and Ubuntu's package fonts-noto-c" in told
    assert "edition_pdf_system_fonts = True" in told
    # The other of the two places is named as well, unless it has none of those that are missing.
    assert told.count(".md:") == 2
    # A visible box, and the book is there.
    book = PdfReader(project.output("annotated-edition.pdf", "edition-pdf"))
    assert re.search(r"\[(U\+|\w+ …)", "".join(page.extract_text() for page in book.pages))
    # Told again in the next build, which changes nothing; and once.
    project.build("edition-pdf")
    assert project.warnings.count("no font") == 1


def test_a_stand_in_is_printed_for_words_beside_the_texts(project: Project) -> None:
    """Labels in the margin, what a line completes, names of boxes and figures, index letters."""
    project.configure('language = "hi"\nnumfig = True\n')
    verses = "\n\n".join(f"{{edition:label}}`{number}` A verse." for number in "१२३")
    project.text(
        f"""
{verses}

{{edition:label}}`४` सभी मनुष्यों\\
{{edition:part}}`F` And the rest,\\
in two lines.

```{{note}}
A box.
```

```{{figure}} a.svg
A caption.
```
"""
    )
    # The index has a group of entries for each letter, of scripts that have small ones.
    title = project.note("words/first", "in two lines", "The gist.")
    title.write_text(
        title.read_text(encoding="utf-8").replace("# First", "# Ⰰⰱⰲ"), encoding="utf-8"
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
    project.write("text/a.svg", svg)
    project.build("edition-pdf")
    told = [one for one in project.warnings.splitlines() if "no font" in one]
    assert len(told) == 2
    assert "Typst can't" not in project.warnings
    source = project.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    for number in range(1, 4):
        assert f'#margin-number("[U+{0x966 + number:04X}]")' in source
    assert not re.search("[\u0900-\u097f\u2c00-\u2c5f]", source)


def test_with_a_font_print_is_silent(edition: tuple[Project, str, str]) -> None:
    project, words, face = edition
    font_for(words + " ", project.folder / "fonts/square.ttf")
    project.configure('edition_pdf_fonts = ["fonts"]\nexclude_patterns = ["fonts"]\n')
    project.build("edition-pdf")
    assert project.warnings == ""
    assert any(name.endswith("+Square") for name in fonts_of(project)) == bool(face)


#: Letters and vowels that the book's own font has, with accents that it hasn't.
BIBLE = "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים"


def test_a_mark_without_a_font_takes_no_letter_along(project: Project) -> None:
    project.configure('edition_text_language = "he"\n')
    project.text(BIBLE)
    project.build("edition-pdf")
    (told,) = project.warnings.strip().splitlines()
    assert (
        'text/a.md:3: WARNING: no font of the book has "\u0596\u05a3\u0591" (U+0596 U+05A3' in told
    )
    source = project.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    assert "בְּרֵאשִׁ[U+0596]ית בָּרָ[U+05A3]א אֱלֹהִ[U+0591]ים" in source.replace("\\", "")


def test_letters_and_their_marks_are_of_one_font(project: Project) -> None:
    """A letter whose mark is of another font Typst prints twice, if it runs from the right."""
    project.configure('edition_text_language = "he"\nedition_pdf_fonts = ["fonts"]\n')
    project.text(BIBLE)
    font_for(BIBLE, project.folder / "fonts/square.ttf", "Square Hebrew")
    project.build("edition-pdf")
    assert project.warnings == ""
    with pdfplumber.open(project.output("annotated-edition.pdf", "edition-pdf")) as book:
        drawn = [one for page in book.pages for one in page.chars if max(one["text"]) >= "\u0590"]
    assert {one["fontname"].partition("+")[2] for one in drawn} == {"Square"}


def test_letters_that_join_are_not_taken_from_a_font_that_parts_them(project: Project) -> None:
    """Fonts inside Typst have letters of Devanagari, and no way to join them; and of Arabic."""
    project.text("Words कर्म here.", "Words کتاب here.")
    project.build("edition-pdf")
    (told,) = project.warnings.strip().splitlines()
    assert 'text/a.md:3: WARNING: no font of the book has "कर' in told
    assert "install Noto Serif Devanagari (" in told
    assert "NotoNaskhArabic" in " ".join(fonts_of(project))


def test_the_check_names_the_font_before_the_build(edition: tuple[Project, str, str]) -> None:
    project, _words, face = edition
    project.configure("edition_checks = True\n")
    project.write("index.md", project.index)
    from annotated_edition.cli.check import find

    found, _documents = find(project.folder)
    told = [one for one in found if "no font" in one.message]
    assert len(told) == bool(face)
    assert all(face in one.message and one.line for one in told)


@pytest.mark.parametrize(
    ("language", "font"), [("ja", "JP"), ("ko", "KR"), ("zh-Hant", "TC"), ("zh-HK", "TC")]
)
def test_characters_have_the_forms_of_their_language(
    project: Project, language: str, font: str
) -> None:
    project.configure(f'edition_text_language = "{language}"\n')
    project.text("直骨")
    font_for("直骨", project.folder / "fonts/square.ttf")
    from fontTools.ttLib import TTFont

    whole = TTFont(project.folder / "fonts/square.ttf")
    for record in whole["name"].names:
        record.string = record.toUnicode().replace("Square", f"Noto Serif CJK {font}")
    whole.save(project.folder / "fonts/square.ttf")
    project.configure('edition_pdf_fonts = ["fonts"]\nexclude_patterns = ["fonts"]\n')
    project.build("edition-pdf")
    assert project.warnings == ""
    fonts = fonts_of(project)
    assert any(f"CJK {font}".replace(" ", "") in name.replace(" ", "") for name in fonts), fonts


def test_an_everyday_word_of_chinese_prints(project: Project) -> None:
    """Also one that no text of this edition has."""
    words = "服务 电脑 厨房 蔬菜 咖啡 爱情 宠物 吃饭 跑步 晒太阳"
    project.text("Words here.")
    project.note("words/here", "here", f"In Chinese {words}.")
    project.build("edition-pdf")
    assert project.warnings == ""
