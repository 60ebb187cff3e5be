"""Texts side by side."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from support.project import Project

CONF = """\
html_theme = "edition"
edition_text_language = "la"
edition_copy_text = "source.txt"
edition_works = {
    "en": {"title": "English", "language": "en"},
    "fr": {"title": "French", "language": "fr"},
}
"""
PAGE = """\
# Liber

Prima verba.

> Secunda verba.

Tertia verba.

```{edition:beside} en
First words.

{edition:label}`3` Third words.

{edition:label}`3` And more words.
```

```{edition:beside} fr
Premiers mots.

Deuxièmes mots.
```
"""


@pytest.fixture(scope="module")
def bilingual(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A page of three passages, with two versions beside them."""
    project = Project(tmp_path_factory.mktemp("bilingual"))
    project.configure(CONF)
    project.text("x")
    project.write("text/a.md", PAGE)
    project.write("source.txt", "Prima verba.\n\nSecunda verba.\n\nTertia verba.\n")
    project.note("words/latin", "Tertia")
    project.note("words/english", "more words")
    project.note("words/words", "words", front="in: en")
    project.note("words/french", "{exact: mots, suffix: ., in: fr, prefix: Premiers}")
    return project


def test_each_passage_stands_beside_its_own(bilingual: Project) -> None:
    bilingual.build("html")
    (warning,) = [line for line in bilingual.warnings.splitlines() if "WARNING" in line]
    assert "words.md:2: WARNING: 'words' occurs more than once" in warning
    pairs = bilingual.page("text/a").select(".passage-pair")
    ids = [[(it["id"], it.get("lang")) for it in pair.select(".passage")] for pair in pairs]
    assert ids == [
        [("p1", "la"), ("p-en-1", None), ("p-fr-1", "fr")],
        [("p2", "la"), ("p-fr-2", "fr")],
        [("p3", "la"), ("p-en-3", None), ("p-en-3-2", None)],
    ]
    page = bilingual.page("text/a")
    # A layer for each, and no script.
    layers = [page.select_one(f"#version-{number}") for number in range(3)]
    assert [it and it.parent and it.parent.get_text().strip() for it in layers] == [
        "The text",
        "English",
        "French",
    ]
    assert page.select_one("link[href*='texts.css']")
    assert [it["href"] for it in pairs[2].select("[role=doc-noteref]")] == [
        "#note-latin",
        "#note-english",
    ]


def test_versions_follow_each_other_in_every_builder(bilingual: Project) -> None:
    bilingual.build("text")
    written = bilingual.output("text/a.txt", "text").read_text(encoding="utf-8")
    words = re.findall(r"(Prim|First|Premi|Secun|Deux|Terti|Third|And more)", written)
    assert words == ["Prim", "First", "Premi", "Secun", "Deux", "Terti", "Third", "And more"]
    bilingual.build("edition-pdf")
    book = bilingual.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    # The number of what it stands beside is enough.
    assert re.findall(r'#margin-number\("(.*?)"\)', book) == ["1", "2", "3"]
    assert book.count("#beside[") == 4
    assert bilingual.output("annotated-edition.pdf", "edition-pdf").exists()
    bilingual.build("latex")
    latex = next(bilingual.output("", "latex").glob("*.tex")).read_text(encoding="utf-8")
    assert latex.index("First words") < latex.index("Secunda")


def test_what_stands_beside_nothing_is_told(project: Project) -> None:
    project.configure('edition_works = {"en": {"language": "en"}}\n')
    project.text(
        "Una.\n\n```{edition:beside} en\nOne.\n\nTwo.\n```\n\n```{edition:beside} eng\nU.\n```"
    )
    project.build("html")
    assert "text/a.md:8: WARNING: nothing on this page has the label '2'" in project.warnings
    assert "text/a.md:11: WARNING: there is no work 'eng'" in project.warnings


def test_versions_are_aligned_by_labels(project: Project) -> None:
    project.configure(
        'edition_works = {"la": {"pages": ["text/a"], "passages": "{h2.number}.{n}"}, "en": {}}\n'
    )
    project.text(
        """
        ## Caput 1

        Una.

        ## Caput 2

        Altera.

        ```{edition:beside} en
        {edition:label}`1.1` One.

        Other.
        ```
        """
    )
    project.build("html")
    assert project.warnings == ""
    pairs = project.page("text/a").select(".passage-pair")
    assert [[it["id"] for it in pair.select(".passage")] for pair in pairs] == [
        ["p-la-1-1", "p-en-1-1"],
        ["p-la-2-1", "p-en-2-1"],
    ]


def test_a_verse_stands_beside_the_paragraph_that_has_it(project: Project) -> None:
    project.configure(
        'edition_works = {"de": {"pages": ["text/a"], "passages": "{h1.number}:{own}"}, "en": {}}\n'
    )
    project.text(
        """
        # Kapitel 3

        {edition:label}`1` Erster Vers. {edition:label}`2` Zweiter Vers.

        {edition:label}`3` Dritter Vers.

        ```{edition:beside} en
        {edition:label}`1` First verse.

        {edition:label}`2` Second verse.

        {edition:label}`3` Third verse.
        ```
        """
    )
    project.build("html")
    assert project.warnings == ""
    pairs = project.page("text/a").select(".passage-pair")
    assert [[it["id"] for it in pair.select(".passage")] for pair in pairs] == [
        ["p-de-3-1", "p-en-3-1", "p-en-3-2"],
        ["p-de-3-3", "p-en-3-3"],
    ]


def test_a_version_has_one_column_on_a_page(bilingual: Project, browser: Browser) -> None:
    bilingual.configure(CONF)
    bilingual.build("html")
    page = browser.new_page(viewport={"width": 1440, "height": 800})
    page.goto(bilingual.output("text/a.html").as_uri())
    # Beside the third passage there is no French.
    left = "id => document.getElementById(id).getBoundingClientRect().left"
    assert page.evaluate(left, "p-en-1") == page.evaluate(left, "p-en-3")
    page.close()


@pytest.mark.parametrize(("theme", "is_in_margin"), [("edition", True), ("alabaster", False)])
def test_notes_on_the_second_of_two_passages_beside_stand_as_others(
    bilingual: Project, browser: Browser, theme: str, is_in_margin: bool
) -> None:
    bilingual.configure(CONF.replace('"edition"', f'"{theme}"'))
    bilingual.build("html")
    page = browser.new_page(viewport={"width": 1440, "height": 800})
    page.goto(bilingual.output("text/a.html").as_uri())
    box = """id => {
      const { left, right, top } = document.getElementById(id).getBoundingClientRect();
      return { left, right, top };
    }"""
    latin, english = (page.evaluate(box, name) for name in ("note-latin", "note-english"))
    passage = page.evaluate(box, "p-en-3-2")
    if is_in_margin:
        assert english["left"] == latin["left"] > passage["right"]
    else:
        assert abs(english["left"] - passage["left"]) < 40
        assert english["top"] > passage["top"]
    if is_in_margin:
        # It goes with its text where that isn't shown.
        page.uncheck("#version-1")
        assert page.is_visible("#note-latin")
        assert not page.is_visible("#note-english")
    page.close()


@pytest.mark.parametrize("theme", ["furo", "alabaster"])
def test_under_other_themes_lines_beside_begin_alike(
    project: Project, browser: Browser, theme: str
) -> None:
    project.configure(
        f'html_theme = "{theme}"\n'
        'edition_works = {"one": {"pages": ["text/*"]}, "other": {"title": "Other"}}\n'
    )
    words = "Words of the other text, and more of them. " * 6
    project.text(f"Of the text.\n\n```{{edition:beside}} other\n{words}\n```")
    project.build()
    page = browser.new_page(viewport={"width": 1440, "height": 800})
    page.goto(project.output("text/a.html").as_uri())
    lines = """() => {
      const beside = document.querySelector(".beside");
      const range = document.createRange();
      range.selectNodeContents(beside.querySelector(".passage").lastChild);
      const lefts = [...range.getClientRects()].map(({ left }) => Math.round(left));
      return [Math.round(beside.getBoundingClientRect().left), ...lefts];
    }"""
    edge, first, second, *_ = page.evaluate(lines)
    assert first == second
    # One under the other, the bar keeps off the words.
    page.set_viewport_size({"width": 800, "height": 800})
    edge, first, second, *_ = page.evaluate(lines)
    assert first == second
    assert first - edge > 8
    page.close()
