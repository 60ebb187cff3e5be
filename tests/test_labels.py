"""Passages with labels of their own, and several works in one project."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from annotated_edition.text.labels import (
    Pattern,
    PatternError,
    as_id,
    in_range,
    number_of,
    of_heading,
    printed_number,
)
from support.project import Project

CONF = """\
edition_works = {
    "psalms": {"pages": ["text/psalm"], "title": "Ps."},
    "treaty": {"pages": ["text/treaty"], "passages": "{h2}[({own})]"},
    "fable": {"pages": "text/fable", "language": "fr"},
}
html_theme = "edition"
"""
PSALM = """\
---
passages: "{h1.number}:{own}"
---
# Psalm 23

{edition:label}`1` The LORD is my shepherd; I shall not want. {edition:label}`2` He maketh me
to lie down in green pastures: he leadeth me beside the still waters.

[4] Yea, though I walk through the valley.
"""
TREATY = """\
# A treaty

## Preamble

The parties agree.

## Article 1

1. The parties shall meet.

2. The parties shall talk, and

   1. listen;
   2. answer.

   This ends it.

## Article 2. On words

(a) The parties shall keep their word.
"""
INDEX = """\
# Works

{edition:passage}`Article 1(2)(1)`, {edition:passage}`Ps. 23:2`, {edition:passage}`p-psalms-23-4`

```{toctree}
text/a
text/psalm
text/treaty
text/fable
commentary/words/waters
commentary/words/meet
commentary/words/two
commentary/cross-references/word
```
"""


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Four works, each with labels of its own kind."""
    project = Project(tmp_path_factory.mktemp("works"))
    project.configure(CONF)
    project.write("index.md", INDEX)
    project.write("text/a.md", "# A\n\nThe parties of a poem.\n")
    project.write("text/psalm.md", PSALM)
    project.write("text/treaty.md", TREATY)
    project.write("text/fable.md", "# F\n\nThe parties of a fable.\n\nMore of it.\n")
    project.note("words/waters", "me to lie down in green pastures")
    project.note("words/meet", "The parties shall", front="in: text/psa*")
    project.note("words/two", "[{exact: The parties, in: fable}, {exact: word, in: treaty}]")
    project.write(
        "commentary/cross-references/word.md",
        "---\nquote: [{exact: The parties, in: fable}, their word]\n---\n# Words\n",
    )
    return project


def test_labels_are_made_by_a_pattern(works: Project) -> None:
    works.build("html")
    (warning,) = [line for line in works.warnings.splitlines() if "WARNING" in line]
    assert "meet.md:2: WARNING: 'The parties shall' stands in treaty, not in text/psa*" in warning
    numbers = {
        name: [(it["href"], it["data-n"]) for it in works.page(f"text/{name}").select(
            ".passage-number")]
        for name in ("a", "psalm", "treaty", "fable")
    }  # fmt: skip
    assert numbers == {
        "a": [("#p1", "¶1")],
        "psalm": [
            ("#p-psalms-23-1", "23:1"),
            ("#p-psalms-23-2", "2"),
            ("#p-psalms-23-4", "23:4"),
        ],
        # Headings say the rest, and alone where there is nothing else to say.
        "treaty": [
            ("#p-treaty-preamble", "Preamble"),
            ("#p-treaty-article-1-1", "(1)"),
            ("#p-treaty-article-1-2", "(2)"),
            ("#p-treaty-article-1-2-1", "(2)(1)"),
            ("#p-treaty-article-1-2-2", "(2)(2)"),
            ("#p-treaty-article-1-2-2-2", "(2) ¶2"),
            ("#p-treaty-article-2-a", "(a)"),
        ],
        "fable": [("#p-fable-1", "¶1"), ("#p-fable-2", "¶2")],
    }
    page = works.page("text/psalm")
    for number in page.select(".passage-number, [role=doc-noteref]"):
        number.extract()
    first = page.select_one("#p-psalms-23-1")
    assert first is not None
    assert " ".join(first.get_text().split()).startswith(
        "The LORD is my shepherd; I shall not want. He maketh me"
    )
    assert {it.get("lang") for it in works.page("text/fable").select(".passage")} == {"fr"}
    styles = works.page("text/psalm").select("link[href*='texts.css']")
    assert len(styles) == 1
    assert not works.page("text/treaty").select("link[href*='texts.css']")


def test_labels_are_what_everything_cites(works: Project) -> None:
    works.build("text")
    index = works.output("index.txt", "text").read_text(encoding="utf-8")
    assert "*Article 1(2)(1)*, *Ps. 23:2*, *Ps. 23:4*" in index
    note = works.output("commentary/words/waters.txt", "text").read_text(encoding="utf-8")
    assert "Ps. 23:2 …" in note
    tie = works.output("text/fable.txt", "text").read_text(encoding="utf-8")
    assert "Words → Article 2(a)" in tie
    # A label is no word of the text.
    psalm = works.output("text/psalm.txt", "text").read_text(encoding="utf-8")
    assert "want. He maketh me" in " ".join(psalm.split())


def test_a_note_is_limited_to_a_work(works: Project) -> None:
    works.build("text")
    note = works.output("commentary/words/two.txt", "text").read_text(encoding="utf-8")
    assert re.findall(r"\* (.*?) (?:\*\*|…|\()", note) == ["Article 2(a)", "¶1"]


def test_labels_in_books(works: Project) -> None:
    works.build("edition-pdf")
    book = works.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    assert re.findall(r'#margin-number\("(.*?)"\)', book)[:4] == ["1", "23:1", "23:4", "Preamble"]
    assert re.search(r"want\\?. #super\[2\];He maketh", book)
    works.build("epub")
    with zipfile.ZipFile(next(works.output("", "epub").glob("*.epub"))) as epub:
        (name,) = [name for name in epub.namelist() if name.endswith("nav.xhtml")]
        pages = re.findall(r'href="([^"]*)#break-([^"]*)">([^<]*)</a>', epub.read(name).decode())
    assert pages[:5] == [
        ("text/a.xhtml", "p1", "1"),
        ("text/psalm.xhtml", "p-psalms-23-1", "Ps. 23:1"),
        ("text/psalm.xhtml", "p-psalms-23-2", "Ps. 23:2"),
        ("text/psalm.xhtml", "p-psalms-23-4", "Ps. 23:4"),
        ("text/treaty.xhtml", "p-treaty-preamble", "Preamble"),
    ]
    works.build("latex")
    latex = next(works.output("", "latex").glob("*.tex")).read_text(encoding="utf-8")
    assert re.search(r"want. .*\$\^\{\\text\{2\}\}\$\s*He maketh", latex)
    works.build("tei")
    tei = next(works.output("", "tei").glob("*.xml")).read_text(encoding="utf-8")
    assert 'n="Article 1(2)(1)"' in tei


def test_what_means_several_works_is_ambiguous(project: Project) -> None:
    project.configure(CONF)
    project.text("The parties.")
    project.write("text/fable.md", "# F\n\nThe parties.\n")
    project.write("text/treaty.md", TREATY)
    project.write("text/psalm.md", "---\npassages: '{h2}:{own}'\n---\n# P\n\nNo number.\n")
    project.write("index.md", "# I\n\n```{toctree}\n:glob:\ntext/*\ncommentary/*/*\n```\n")
    project.index = ""
    project.note("words/all", "{exact: The parties, suffix: .}")
    project.note("words/lost", "parties", front="in: fabel")
    project.build("text")
    assert "or say where, with one of `in: text/a`, `in: text/fable`" in project.warnings
    assert (
        "lost.md:2: WARNING: `in` names 'fabel', which is no work and no page of the text: "
        "did you mean 'fable'?" in project.warnings
    )
    assert "psalm.md:6: WARNING: a label of the form '{h2}:{own}' needs {h2}" in project.warnings


@pytest.mark.parametrize(
    ("works", "message"),
    [
        ({"One Work": {}}, "a work's name has small letters"),
        ({"a": {"page": "x"}}, "there is no 'page': did you mean 'pages'?"),
        ({"a": {"passages": "{hh}"}}, "there is no field {hh}"),
        ({"a": {"language": "a b"}}, "'a b' is no language tag"),
        ({"a": "text/a"}, "write a mapping"),
        ({"a": {"pages": ["texts/*"]}}, "edition_works has 'texts/*', which matches no page"),
    ],
)
def test_a_mistake_in_the_works_is_told(
    project: Project, works: dict[str, object], message: str
) -> None:
    project.configure(f"edition_works = {works!r}\n")
    project.text("Words.")
    project.build("dummy")
    (line,) = [one for one in project.warnings.splitlines() if "conf.py" in one]
    assert message in line


def test_a_glob_that_names_no_page_is_told(project: Project) -> None:
    project.configure('edition_text = ["texts/*"]\n')
    project.text("Words.")
    project.build("dummy")
    assert (
        "conf.py:3: WARNING: edition_text has 'texts/*', which matches no page" in project.warnings
    )
    assert str(Path("text", "a")) not in project.warnings


def test_patterns() -> None:
    pattern = Pattern("{h2}[, {h3}], ¶{n}")
    assert pattern.label({"h2": "Article I", "n": "2"}) == ("Article I, ¶2", ())
    assert pattern.label({"h2": "Article I", "h3": "Section 1", "n": "2"})[0] == (
        "Article I, Section 1, ¶2"
    )
    assert pattern.label({"n": "2"}) == ("¶2", ("h2",))
    for written in ("plain", "{x}", "{n", "n}", "[{n}", "{n}]", "[[{n}]]"):
        with pytest.raises(PatternError):
            Pattern(written)


def test_numbers_in_words() -> None:
    assert [number_of(it) for it in ("Article IV", "Chapter 12a.", "第三章", "Preamble")] == [
        "IV", "12a", "三", "",
    ]  # fmt: skip
    assert [of_heading(it) for it in ("Article 2. On words", "Act 1: A wood", "Scene 1 — X")] == [
        "Article 2", "Act 1", "Scene 1",
    ]  # fmt: skip
    words = ("[3] He", "§ 4a Each", "(b) to", "7. Then", "1922 was", "I. am", "3")
    assert [printed_number(it) for it in words] == ["3", "4a", "b", "7", "", "", ""]


def test_labels_in_ids_and_ranges() -> None:
    assert as_id("Article I, Section 2, ¶3") == "article-i-section-2-3"
    assert as_id("學而 1.1") != as_id("為政 1.1")
    assert re.fullmatch(r"[a-z0-9-]+", as_id("學而 1.1"))
    assert in_range("2:14", "2:16") == "2:14–16"
    assert in_range("2:14", "3:1") == "2:14 – 3:1"
    assert in_range("2:14", "2:14") == "2:14"


def test_labels_within_a_passage_without_one_may_be_in_any_script(project: Project) -> None:
    project.text(
        "One verse {edition:label}`२` of many, {edition:label}`3` and {edition:label}`४ क` another."
    )
    project.note("words/other", "another")
    project.build("html")
    assert project.warnings == ""
    labels = project.page("text/a").select(".passage [id]")
    assert {"p-968", "p3", "p-96a-915"} <= {str(one["id"]) for one in labels}
    assert "४ क" in project.page("commentary/words/other").get_text()


def test_pages_of_the_e_book_lead_to_labels_within_a_passage(project: Project) -> None:
    project.configure('version = copyright = "1"\n')
    project.text("")
    project.write("text/a.md", PSALM)
    project.build("epub")
    assert project.warnings == ""
    nav = project.output("nav.xhtml", "epub").read_text(encoding="utf-8")
    page = project.output("text/a.xhtml", "epub").read_text(encoding="utf-8")
    pages = re.findall(r'href="text/a\.xhtml#(break-[^"]+)">([^<]+)<', nav)
    assert [label for _id, label in pages] == ["23:1", "23:2", "23:4"]
    for anchor, label in pages:
        assert f'id="{anchor}" title="{label}"' in page
    # The number is drawn, and no word of the text.
    assert "not want. <span" in page
    assert re.search(r'title="23:2" ?/?>(?:</span>)?</span>He maketh', page)
