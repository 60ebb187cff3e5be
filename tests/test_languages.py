"""The interface in other languages: whole catalogues, and pages, books and scripts that use them.

And an edition of a translated text: Sphinx's own way, by ``gettext`` and ``locale_dirs``.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from support.edition import ROOT, build
from support.pages import printed
from support.project import Project

LANGUAGES = ["zh_CN", "kk", "ru"]
#: Words of the interface, on each sort of page: English, and those of the languages.
WORDS = {
    "zh_CN": ("图层", "跳到正文", "引用本注", "有争议", "注释 1", "搜索"),
    "kk": (
        "Қабаттар",
        "Мәтінге өту",
        "Осы ескертпеге сілтеме жасау",
        "даулы",
        "1-ескертпе",
        "Іздеу",
    ),
    "ru": (
        "Слои",
        "Перейти к тексту",
        "Цитировать это примечание",
        "спорно",
        "Примечание 1",
        "Поиск",
    ),
}
ENGLISH = re.compile(
    r"\b(?:Layers|Show|Keys|Skip to|Cite this|disputed|Previous|Next|Contents|Cover|Index|Terms on"
    r"|Chronology|Coordinates|Copy|Version|Search|Note \d)\b"
)


def test_catalogues_are_whole_and_current() -> None:
    command = [sys.executable, str(ROOT / "tools/words.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""
    folder = ROOT / "_ext/annotated_edition/locale"
    assert sorted(path.name for path in folder.iterdir()) == sorted(LANGUAGES)


@pytest.fixture
def edition(project: Project) -> Project:
    project.configure(
        """
        html_theme = "edition"
        edition_repository = ""
        author = copyright = "Ж. Ж."
        version = release = "1"
        edition_kinds = {"h": "Ж"}
        edition_text_language = "en"
        project = "Ж"
        """
    )
    project.text(
        "One road to a sea.",
        "Two roads.",
        index="```{edition:chronology}\n```\n\n```{edition:map}\n```\n",
    )
    project.note(
        "h/road",
        "One road",
        "Ж.",
        front="standing: disputed\ndates:\n  0870~: Ж\nplaces:\n  - name: Ж\n    at: [43.2, 76.9]",
    )
    project.write("terms.md", "# Ж\n\n```{glossary}\nsea\n  Ж.\n```\n")
    project.index = project.index.replace("text/a", "terms\ntext/a")
    return project


def made(project: Project, builder: str) -> None:
    """Build by the command, which knows languages that docutils doesn't; a warning fails."""
    build(project.folder, project.folder / "_build", builder)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_and_books_speak_the_language(edition: Project, language: str) -> None:
    edition.configure(f'language = "{language}"\n')
    edition._write_index()
    made(edition, "html")
    layers, skip, cite, disputed, note, search = WORDS[language]
    text, page = edition.page("text/a"), edition.page("commentary/h/road")
    assert layers in text.get_text()
    assert skip in text.get_text()
    assert text.select_one(f".note-mark[aria-label='{note}']")
    assert cite in page.get_text()
    assert disputed in page.get_text()
    assert text.select_one(f"input[placeholder='{search}']")
    for name in ("text/a", "commentary/h/road", "search", "genindex", "404", "terms"):
        found = edition.page(name)
        for words in found.select("[lang=en], code, kbd, script"):
            words.decompose()
        said = [found.get_text(" ")]
        said += [
            str(value)
            for it in found.select("*")
            for key, value in it.attrs.items()
            if key in ("aria-label", "title", "placeholder") or key.startswith("data-")
        ]
        assert ENGLISH.findall(" ".join(said)) == [], name
    if language == "zh_CN":
        return  # the book's font is a subset
    made(edition, "epub")
    book = "".join(path.read_text("utf-8") for path in edition.output("", "epub").rglob("*.xhtml"))
    assert disputed in book
    assert ENGLISH.findall(re.sub(r"<[^>]*>", " ", book)) == []
    made(edition, "edition-pdf")
    pages = [
        it.extract_text() or ""
        for it in printed(next(edition.output("", "edition-pdf").glob("*.pdf"))).pages
    ]
    assert disputed in " ".join(pages)
    assert ENGLISH.findall(" ".join(pages)) == []


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("ru", {1: "1 примечание", 3: "3 примечания", 5: "5 примечаний", 21: "21 примечание"}),
        ("kk", {1: "1 ескертпе", 5: "5 ескертпе"}),
        ("zh_CN", {1: "1 条注释", 5: "5 条注释"}),
        ("en", {1: "1 note", 5: "5 notes"}),
    ],
)
def test_counted_by_the_rules_of_the_language(
    project: Project, language: str, forms: dict[int, str]
) -> None:
    project.configure(
        f"""
        language = "{language}"

        def setup(app):
            import json
            from annotated_edition.weave.locales import counted
            one, many = "%(n)d note", "%(n)d notes"
            said = {{n: counted(one, many, n) % {{"n": n}} for n in {list(forms)}}}
            (app.confdir / "said.json").write_text(json.dumps(said))
        """
    )
    project.text("One.")
    project.build("dummy")
    said = json.loads((project.folder / "said.json").read_text("utf-8"))
    assert said == {str(number): form for number, form in forms.items()}


# ---- a translated text -------------------------------------------------------------------------

RUSSIAN = {
    "One road to a sea.": "Одна дорога к морю.",
    "Two roads.": "Две дороги.",
    "Page a": "Страница а",
    "The road": "Дорога",
    "It is long.": "Она длинная.",
    "The edition": "Издание",
}


def translate(project: Project, words: dict[str, str]) -> None:
    """Fill the catalogues that ``gettext`` has written, and compile them."""
    for pot in project.output("", "gettext").rglob("*.pot"):
        with pot.open("rb") as file:
            catalog = read_po(file, locale="ru")
        for message in catalog:
            if message.id in words:
                message.string = words[str(message.id)]
        name = pot.relative_to(project.output("", "gettext")).with_suffix(".mo")
        target = project.folder / "locale/ru/LC_MESSAGES" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, catalog)


@pytest.fixture
def translated(project: Project) -> Project:
    project.configure(
        """
        html_theme = "edition"
        edition_repository = ""
        locale_dirs = ["locale"]
        gettext_compact = False
        gettext_auto_build = False
        """
    )
    project.text("One road to a sea.", "Two roads.")
    return project


def write_note(project: Project, quote: str) -> Path:
    return project.write(
        "commentary/h/road.md", f"---\nquote: {quote}\n---\n# The road\n\nIt is long.\n"
    )


def test_a_translated_edition(translated: Project) -> None:
    write_note(translated, "One road")
    translated.build("gettext")
    known = "".join(p.read_text("utf-8") for p in translated.output("", "gettext").rglob("*.pot"))
    for words in RUSSIAN:
        assert f'msgid "{words}"' in known, words
    translate(translated, RUSSIAN)
    # It keeps documents of its own kind.
    shutil.rmtree(translated.folder / "_build/doctrees")
    # The quote is one of the text that was translated: words of the original are looked for there.
    translated.configure('language = "ru"\n')
    translated.build()
    assert "edition.quote-not-found" in translated.warnings
    assert f"{translated.folder}/commentary/h/road.md:2: WARNING" in translated.warnings
    write_note(translated, "Одна дорога")
    translated.build()
    assert translated.warnings == ""
    page = translated.page("text/a")
    assert page.select_one("h1:-soup-contains('Страница а')")
    assert page.select_one(".edition-note:-soup-contains('Она длинная.')")
    assert translated.page("commentary/h/road").select_one("h1:-soup-contains('Дорога')")
    data = translated.output("annotations.jsonld").read_text("utf-8")
    assert '"exact":"Одна дорога"' in data
    translated.build("edition-pdf")
    words = " ".join(
        it.extract_text() or ""
        for it in printed(next(translated.output("", "edition-pdf").glob("*.pdf"))).pages
    )
    assert "Она длинная." in words
