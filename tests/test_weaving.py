"""Notes, numbers and cross-references in pages, through the real Sphinx."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotated_edition.text import fold
from support.pages import words_of
from support.project import Project


def marks(page: BeautifulSoup, passage: str) -> list[tuple[str, str]]:
    """Number of each mark of a passage, and the words just before it."""
    found = []
    for mark in page.select(f"#{passage} [role=doc-noteref]"):
        before = mark.previous_sibling
        found.append((mark.get_text(), before.get_text() if before is not None else ""))
    return found


def test_a_note_stands_after_its_passage_and_links_both_ways(project: Project) -> None:
    project.text("The ancient Silk Road ran west.\n\nNo note here.")
    project.note("history/silk-road", "Silk Road", "A *modern* name.")
    project.build()
    assert project.warnings == ""
    page = project.page("text/a")
    passage = page.select_one("p.passage#p1")
    assert passage is not None
    mark = passage.select_one("a[role=doc-noteref]#noteref-silk-road")
    assert mark is not None
    assert mark["href"] == "#note-silk-road"
    assert mark["aria-label"] == "Note 1"
    note = page.select_one("figure[role=doc-footnote]#note-silk-road.kind-history")
    assert note is not None
    assert note.find_previous("p", class_="passage") is passage
    assert "A modern name." in note.get_text()
    back = note.select_one("[role=doc-backlink]")
    assert back is not None
    assert back["href"] == "#noteref-silk-road"
    assert back["aria-label"] == "Back to note reference 1"
    assert words_of(passage) == "The ancient Silk Road ran west."
    assert page.select("#p2 [role=doc-noteref]") == []


def test_numbers_run_in_text_order_through_all_pages(project: Project) -> None:
    project.text("One two three.", "Four five six.")
    project.note("a/last", "five")
    project.note("b/first", "two three")
    project.note("c/middle", "four".capitalize())
    project.build()
    assert marks(project.page("text/a"), "p1") == [("1", "two three")]
    assert [number for number, _ in marks(project.page("text/b"), "p2")] == ["2", "3"]


def test_quotes_overlap_nest_and_cross_markup(project: Project) -> None:
    project.text("The *ancient **Silk** Road* of [merchants and](https://example.org) monks.")
    project.note("h/overlap-one", "ancient Silk")
    project.note("h/overlap-two", "Silk Road of")
    project.note("h/nested", "Silk")
    project.note("h/into-link", "of merchants")
    project.note("h/out-of-link", "and monks")
    project.build()
    assert project.warnings == ""
    page = project.page("text/a")
    passage = page.select_one("#p1")
    assert passage is not None
    assert words_of(passage) == "The ancient Silk Road of merchants and monks."
    assert len(passage.select("[role=doc-noteref]")) == 5
    assert passage.select("a [role=doc-noteref], a a") == []
    quoted = {
        name: "".join(part.get_text() for part in passage.select(f".quote-{name}"))
        for name in ("overlap-one", "overlap-two", "nested", "out-of-link")
    }
    for name, words in quoted.items():
        quoted[name] = re.sub(r"\d", "", words)
    assert quoted == {
        "overlap-one": "ancient Silk",
        "overlap-two": "Silk Road of",
        "nested": "Silk",
        "out-of-link": "and monks",
    }
    # The numbers stand in the order of the words that they close.
    numbers = [str(mark["data-n"]) for mark in passage.select("[role=doc-noteref]")]
    assert numbers == sorted(numbers, key=int)


def test_a_mark_at_the_end_of_emphasis_is_not_emphasized(project: Project) -> None:
    project.text("Read the *Pravda* today.")
    project.note("h/paper", "the Pravda")
    project.build()
    page = project.page("text/a")
    assert [word.get_text() for word in page.select("em")] == ["Pravda"]
    assert len(page.select("#p1 [role=doc-noteref]")) == 1
    assert page.select("em [role=doc-noteref]") == []


def test_a_note_with_several_quotes(project: Project) -> None:
    project.text("One Belt. Two roads.", "The road again.")
    project.note("h/belt", "[Belt, Two roads, road again]")
    project.build()
    first, second = project.page("text/a"), project.page("text/b")
    ids = [mark["id"] for page in (first, second) for mark in page.select("[role=doc-noteref]")]
    assert ids == ["noteref-belt", "noteref-belt-2", "noteref-belt-3"]
    # Its footnote stands once on each page, with a link back to each mark there.
    assert len(first.select("#note-belt")) == len(second.select("#note-belt")) == 1
    assert len(first.select("#note-belt [role=doc-backlink]")) == 2
    assert len(second.select("#note-belt [role=doc-backlink]")) == 1
    project.build("singlehtml")
    assert len(project.page("index", "singlehtml").select("#note-belt")) == 1


def test_a_repeated_quote_is_told_apart_by_context(project: Project) -> None:
    project.text("the SCO met and the SCO left.")
    project.note("h/sco", '{exact: the SCO, prefix: "and "}')
    project.build()
    assert project.warnings == ""
    assert marks(project.page("text/a"), "p1") == [("1", "the SCO")]


@pytest.mark.parametrize("builder", ["html", "text", "latex", "singlehtml"])
def test_hard_breaks_count_as_spaces(project: Project, builder: str) -> None:
    project.text("Roses are red\\\nviolets are blue.")
    project.note("h/flowers", "red violets")
    project.build(builder)
    assert project.warnings == ""
    if builder == "text":
        assert "red violets[1]" in " ".join(
            project.output("text/a.txt", "text").read_text(encoding="utf-8").split()
        )


def test_verses_lists_and_quotations_are_passages(project: Project) -> None:
    project.write("index.rst", "Edition\n=======\n\n.. toctree::\n\n   text/a\n   notes\n")
    project.write("notes.md", "# Notes\n\n```{toctree}\n:glob:\ncommentary/*/*\n```\n")
    project.write(
        "text/a.rst",
        """
        Page
        ====

        | A verse of the *poem*
        | and its second line

        * first item of a list

        * second item

            A quotation.

        .. note:: An editor's remark.
        """,
    )
    project.note("h/verse", "poem and its second")
    project.note("h/item", "second item")
    project.note("h/quoted", "A quotation")
    project.build()
    assert project.warnings == ""
    page = project.page("text/a")
    assert [passage.get("id") for passage in page.select(".passage")] == ["p1", "p2", "p3", "p4"]
    assert page.select_one("div.line-block.passage#p1") is not None
    assert page.select_one("li #p3 #noteref-item") is not None
    assert page.select_one("#p1 #noteref-verse") is not None
    assert "remark" not in " ".join(words_of(item) for item in page.select(".passage"))


def test_cross_references_follow_the_notes_of_each_passage(project: Project) -> None:
    project.text("One road.\n\nTwo belts.", "Three ports.")
    project.note("h/road", "road")
    project.write(
        "commentary/cross-references/ways.md",
        """
        ---
        quote: [One road, Three ports]
        ---
        # From road to port
        """,
    )
    project.build()
    assert project.warnings == ""
    page = project.page("text/a")
    (line,) = page.select(".cross-reference")
    assert line.get_text() == "From road to port → ¶3"
    assert line.find_previous(class_="edition-note")["id"] == "note-road"  # type: ignore[index]
    link = line.select_one("a")
    assert link is not None
    assert link["href"] == "b.html#p3"
    assert marks(project.page("text/b"), "p3") == []
    own = project.page("commentary/cross-references/ways")
    assert [item.get_text() for item in own.select(".cross-reference-places strong")] == [
        "One road",
        "Three ports",
    ]


def test_a_cross_references_preview_is_shorter_than_its_list(project: Project) -> None:
    words = " ".join(f"word{number}" for number in range(20))
    project.text("One road.", f"{words} three ports {words}")
    project.write(
        "commentary/cross-references/ways.md",
        "---\nquote: [One road, three ports]\n---\n# Ways\n",
    )
    project.build()
    assert project.warnings == ""
    link = project.page("text/a").select_one(".cross-reference a")
    assert link is not None
    assert link["title"] == "… word17 word18 word19 three ports word0 word1 word2 …"
    own = project.page("commentary/cross-references/ways")
    place = own.select(".cross-reference-places li")[1]
    assert "… word14 word15 word16 word17 word18 word19 three ports word0" in place.get_text()


def test_letters_for_front_lines(project: Project) -> None:
    project.text("The body.")
    project.write("text/0.md", "---\npassages: letters\n---\n# Front\n\nBy-line.\n\nLead.\n")
    project.index = "# E\n\n```{toctree}\ntext/0\ntext/a\n```\n"
    project.note("h/who", "By-line")
    project.build()
    assert project.warnings == ""
    assert [item["id"] for item in project.page("text/0").select(".passage")] == ["pa", "pb"]
    assert [item["id"] for item in project.page("text/a").select(".passage")] == ["p1"]


def test_passages_are_in_the_language_of_the_text(project: Project) -> None:
    project.configure("language = 'fr'\nedition_text_language = 'en'\n")
    project.text('The "sage poet" wrote.')
    project.note("h/poet", "'The \"sage poet\"'")
    project.build()
    passage = project.page("text/a").select_one("#p1")
    assert passage is not None
    assert passage["lang"] == "en"
    assert "“sage poet”" in words_of(passage)


def test_a_formula_is_marked_as_a_whole(project: Project) -> None:
    project.text("Area {math}`a + x^2 + b` of it. See {code}`bar` there.")
    project.configure("html_math_renderer = 'mathjax'\n")
    project.note("h/square", "x^2")
    project.build()
    assert project.warnings == ""
    page = project.page("text/a")
    assert page.select(".math [role=doc-noteref]") == []
    formula = page.select_one("#p1 .math")
    assert formula is not None
    assert formula.get_text() == r"\(a + x^2 + b\)"
    assert page.select_one("#p1 #noteref-square") is not None


def test_a_verse_may_begin_indented(project: Project) -> None:
    project.write("index.rst", "E\n=\n\n.. toctree::\n   :glob:\n\n   text/a\n   commentary/*/*\n")
    project.write("text/a.rst", "A\n=\n\n|    Indented first\n| second line\n")
    project.note("h/across", "first second")
    project.build()
    assert project.warnings == ""
    quoted = project.page("text/a").select("#p1 .quote-across")
    assert [part.get_text() for part in quoted] == ["first", "second"]


def test_citations_in_the_text_are_no_words_of_it(project: Project) -> None:
    project.configure("extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n")
    project.write("a.bib", "@misc{foo, author={A}, title={T}, year={2020}}\n")
    project.text("A road {cite:p}`foo`and a belt.\n\n```{bibliography}\n```")
    project.note("h/both", "road and", "A gist {cite:p}`foo`.")
    project.build()
    assert project.warnings == ""
    assert project.page("text/a").select_one("#p1 #noteref-both") is not None


def test_reading_the_doctree_again_finds_the_text_untouched(project: Project) -> None:
    """What is woven stays out of the stored doctree."""
    project.text("The ancient Silk Road.")
    project.note("h/road", "Silk Road")
    app = project.build()
    assert project.page("text/a").select("[role=doc-noteref]")
    doctree = app.env.get_doctree("text/a")
    assert "Silk Road" in doctree.pformat()
    assert "noteref" not in doctree.pformat()


WORD = st.sampled_from(
    [
        "road",
        "belt",
        "port",
        "Abai",
        "silk",
        "poet's",
        "win-win",
        "“steppe”",
        "丝绸",
        "дала",
        "(602)",
        "it's",
        "a",
        "the",
    ]
)
MARKUP = st.sampled_from(["{}", "{}", "{}", "*{}*", "**{}**", "[{}](https://example.org)", "`{}`"])


@given(
    passages=st.lists(
        st.lists(st.tuples(st.lists(WORD, min_size=1, max_size=5), MARKUP), min_size=1, max_size=6),
        min_size=1,
        max_size=3,
    ),
    data=st.data(),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_weaving_never_changes_the_text(
    tmp_path_factory: pytest.TempPathFactory,
    passages: list[list[tuple[list[str], str]]],
    data: st.DataObject,
) -> None:
    """Whatever is quoted, a page's words are those of the page without the extension."""
    folder: Path = tmp_path_factory.mktemp("woven")
    project = Project(folder)
    project.text(
        "\n\n".join(" ".join(form.format(" ".join(words)) for words, form in p) for p in passages)
    )
    flat = [[word for words, _ in passage for word in words] for passage in passages]
    for number in range(data.draw(st.integers(1, 6), "notes")):
        words = data.draw(st.sampled_from(flat))
        start = data.draw(st.integers(0, len(words) - 1))
        stop = data.draw(st.integers(start + 1, len(words)))
        project.note(f"h/n{number}", repr(" ".join(words[start:stop])))
    project.write("terms.md", "# T\n\n```{glossary}\nroad\n  A way.\n\nsilk poet's\n  Who.\n```\n")
    project.build()
    woven = [words_of(passage) for passage in project.page("text/a").select(".passage")]
    assert [fold(text).text for text in woven] == [fold(" ".join(words)).text for words in flat]
