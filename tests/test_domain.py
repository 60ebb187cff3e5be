"""Roles, objects, lists, glossary, notes' pages and warnings, through the real Sphinx."""

from __future__ import annotations

import re
import zlib

import pytest

from support.project import Project

TERMS = "```{toctree}\nterms\n```\n"


@pytest.fixture
def edition(project: Project) -> Project:
    """Two pages of text, two notes, a glossary with aliases."""
    project.text(
        "The ancient Silk Road ran west. The SCO met.",
        "Along the Silk Road came monks; silk roads are many. The SCO’s summit.",
        index="```{toctree}\nterms\nlists\n```\n",
    )
    project.write(
        "terms.md",
        """
        # Terms

        ```{glossary}
        Silk Road
          Routes.

        SCO
        Shanghai Cooperation Organization
          A body.
        ```
        """,
    )
    project.write(
        "lists.md",
        """
        # Lists

        ```{edition:notes}
        ```

        ```{edition:notes}
        :by: kind
        ```

        See {edition:note}`monks`, {edition:note}`these <west>`, {edition:passage}`p2`
        and {edition:passage}`1`.
        """,
    )
    project.configure("edition_kinds = {'people': 'Persons', 'places': 'Places'}\n")
    project.note(
        "people/monks",
        "monks",
        front="names: {zh: 僧, ru: Монахи}\nstanding: disputed\nsee-also: [west]",
    )
    project.note(
        "places/west", "west", front="readings: {Zh: {reading: 西方, gloss: western side}}"
    )
    return project


def test_roles_lists_and_registers(edition: Project) -> None:
    edition.build()
    assert edition.warnings == ""
    page = edition.page("lists")
    in_order, *by_kind = page.select("ul.note-list")
    assert [item.get_text() for item in in_order.select("li")] == ["1 · West ¶1", "2 · Monks ¶2"]
    assert [rubric.get_text() for rubric in page.select(".rubric")] == ["Persons", "Places"]
    assert [item.get_text() for item in by_kind[0].select("li")] == ["2 · Monks ¶2"]
    links = {
        link.get_text(): link["href"] for link in page.select("section > p a.reference.internal")
    }
    assert links == {
        "Monks": "commentary/people/monks.html",
        "these": "commentary/places/west.html",
        "¶2": "text/b.html#p2",
        "¶1": "text/a.html#p1",
    }


def test_a_notes_page(edition: Project) -> None:
    edition.build()
    page = edition.page("commentary/people/monks")
    (place,) = page.select(".note-places li")
    assert place.get_text() == "¶2 Along the Silk Road came monks; silk roads are many. The …"
    assert place.select_one("strong").get_text() == "monks"  # type: ignore[union-attr]
    assert place.select_one("a")["href"] == "../../text/b.html#p2"  # type: ignore[index]
    facts = page.select_one(".note-facts")
    assert facts is not None
    assert facts.get_text() == "Note 2 · Persons · disputed"
    names = page.select_one(".note-names")
    assert names is not None
    assert names.get_text() == "Chinese 僧 · Russian Монахи"
    assert [name["lang"] for name in names.select("[lang]")] == ["zh", "ru"]
    see_also = page.select_one(".note-see-also a")
    assert see_also is not None
    assert see_also["href"] == "../places/west.html"
    neighbours = page.select(".note-neighbours a")
    assert [link["href"] for link in neighbours] == ["../places/west.html"]
    readings = edition.page("commentary/places/west").select_one(".note-readings")
    assert readings is not None
    assert " ".join(readings.get_text(" ").split()) == "Zh 西方 — “western side”"


def test_objects_are_in_the_inventory_and_the_search(edition: Project) -> None:
    edition.build(parallel=2)
    data = edition.output("objects.inv").read_bytes()
    inventory = zlib.decompress(data.split(b"\n", 4)[4]).decode()
    assert "p2 edition:passage 1 text/b.html#$ ¶2" in inventory
    assert "monks edition:note 1 commentary/people/monks.html Monks" in inventory
    index = edition.output("searchindex.js").read_text(encoding="utf-8")
    assert '"edition:note"' in index
    assert '"","Monks"]' in index


def test_the_first_occurrence_on_a_page_is_linked(edition: Project) -> None:
    edition.write("text/b.md", "# B\n\n## Silk Road\n\n[Silk Road](https://example.org) and *Silk* "
                  "Road, Silk Road; monks. The SCO’s summit.\n")  # fmt: skip
    edition.build()
    assert edition.warnings == ""
    page = edition.page("text/b")
    terms = [
        link for link in page.select("#p2 a.reference.internal") if link.select_one(".std-term")
    ]
    assert [term.get_text() for term in terms] == ["Silk", " Road", "SCO’s"]
    assert {term["href"] for term in terms} == {
        "../terms.html#term-Silk-Road",
        "../terms.html#term-SCO",
    }
    assert page.select("h2 .std-term, a a") == []


@pytest.mark.parametrize(("links", "count"), [("first", 1), ("all", 2), ("none", 0)])
def test_how_many_occurrences_are_linked_is_configured(
    project: Project, links: str, count: int
) -> None:
    project.text("A road and a road.", index=TERMS)
    project.write("terms.md", "# T\n\n```{glossary}\nroad\n  A way.\n```\n")
    project.configure(f"edition_glossary_links = {links!r}\n")
    project.build()
    assert len(project.page("text/a").select("#p1 .std-term")) == count


def test_a_term_with_an_apostrophe_is_linked(project: Project) -> None:
    project.text("The Prime Ministers' Meetings went on.", index=TERMS)
    project.write("terms.md", "# T\n\n```{glossary}\nPrime Ministers' Meetings\n  Two men.\n```\n")
    project.build()
    assert project.warnings == ""
    assert project.page("text/a").select_one("#p1 .std-term") is not None


def test_no_term_is_linked_where_a_note_covers_its_words(edition: Project) -> None:
    edition.note("people/road", "The ancient Silk Road")
    edition.build()
    linked = [term.get_text() for term in edition.page("text/a").select("#p1 .std-term")]
    assert linked == ["SCO"]


def test_a_glossary_entry_lists_where_it_occurs(edition: Project) -> None:
    edition.build()
    silk, sco = edition.page("terms").select("ul.occurrences")
    assert [item.get_text() for item in silk.select("li")] == [
        "¶1 The ancient Silk Road ran west. The SCO met.",
        "¶2 Along the Silk Road came monks; silk roads are many. …",
    ]
    assert [item.select_one("strong").get_text() for item in sco.select("li")] == ["SCO", "SCO’s"]  # type: ignore[union-attr]


def test_a_passage_that_says_a_term_twice_is_told_once(edition: Project) -> None:
    edition.text("The Silk Road. The SCO on a Silk Road.", "The Silk Road.", index=TERMS)
    for name in ("people/monks", "places/west"):
        (edition.folder / f"commentary/{name}.md").unlink()
    (edition.folder / "lists.md").unlink()
    edition.build()
    assert edition.warnings == ""
    silk, _ = edition.page("terms").select("ul.occurrences")
    assert [item.get_text() for item in silk.select("li a")] == ["¶1", "¶2"]


def test_titles_in_a_line_are_parted_by_semicolons(edition: Project) -> None:
    edition.note("people/third", "summit")
    edition.note("people/monks", "monks", front="see-also: [west, third]")
    edition.build()
    line = edition.page("commentary/people/monks").select_one(".note-see-also")
    assert line is not None
    assert line.get_text() == "See also: West; Third"


def test_lists_by_kind_are_filed_like_registers(edition: Project) -> None:
    for name, title in (("a1", "The Zebra"), ("a2", "“Yaks”"), ("a3", "A xebec")):
        path = edition.note(f"people/{name}", "summit")
        path.write_text(path.read_text("utf-8").replace(f"# {name.capitalize()}", f"# {title}"))
    edition.build()
    of_people = edition.page("lists").select("ul.note-list")[1]
    titles = [item.select_one("a").get_text() for item in of_people.select("li")]  # type: ignore[union-attr]
    assert titles == ["Monks", "A xebec", "“Yaks”", "The Zebra"]


BROKEN = {
    "front-matter": (
        "commentary/people/monks.md:3",
        "---\nquote: monks\nquotes: x\n---\n# Monks\n\nGist.\n",
        "did you mean `quote`?",
    ),
    "front-matter no title": (
        "commentary/people/monks.md:1",
        "---\nquote: monks\n---\n",
        "# Title",
    ),
    "front-matter no gist": (
        "commentary/people/monks.md:4",
        "---\nquote: monks\n---\n# Monks\n",
        "no gist",
    ),
    "front-matter no quote": (
        "commentary/people/monks.md:1",
        "# Monks\n\nGist.\n",
        "no quote",
    ),
    "front-matter footnote": (
        "commentary/people/monks.md:6",
        "---\nquote: monks\n---\n# Monks\n\nGist.[^1]\n\n[^1]: Why.\n",
        "can't have footnotes",
    ),
    "quote-not-found": (
        "commentary/people/monks.md:4",
        "---\nquote:\n  - monks\n  - the ancient Slik Road\n---\n# Monks\n\nGist.\n",
        "did you mean ¶1 'The ancient Silk Road'?",
    ),
    "quote-not-found context": (
        "commentary/people/monks.md:2",
        "---\nquote: {exact: monks, prefix: went}\n---\n# Monks\n\nGist.\n",
        "occurs (¶2), but not between this prefix and suffix: delete them, and write quote: monks",
    ),
    "quote-ambiguous": (
        "commentary/people/monks.md:2",
        "---\nquote: Silk Road\n---\n# Monks\n\nGist.\n",
        "¶2  quote: {exact: Silk Road, prefix: the}  or  quote: {exact: Silk Road, suffix: came}",
    ),
    "gist-length": (
        "commentary/people/monks.md:6",
        f"---\nquote: monks\n---\n# Monks\n\n{'word ' * 31}\n",
        "has 31 words, at most 30 fit beside the text: end it at the latest after "
        "“… word word word word”",
    ),
    "dangling": (
        "commentary/people/monks.md:3",
        "---\nquote: monks\nsee-also: [nobody]\n---\n# Monks\n\nGist.\n",
        "'nobody'",
    ),
    "duplicate-note": (
        "commentary/places/monks.md:1",
        "---\nquote: monks\n---\n# Monks\n\nGist.\n",
        "give this file another name",
    ),
    "duplicate-note mark": (
        "commentary/people/west-2.md:1",
        "---\nquote: monks\n---\n# Monks\n\nGist.\n",
        "further mark",
    ),
    "unused-term": (
        "terms.md:4",
        "# Terms\n\n```{glossary}\nCaravan\n  Camels.\n\nSilk Road\n  Routes.\n```\n",
        "'Caravan' occurs nowhere in the text: add",
    ),
    "unused-term near": (
        "terms.md:4",
        "# Terms\n\n```{glossary}\nSilk Rode\n  A way.\n\nSilk Road\n  Routes.\n```\n",
        "'Silk Rode' occurs nowhere in the text (¶1 has 'Silk Road')",
    ),
    "dangling note": (
        "commentary/people/west.md:6",
        "---\nquote: west\n---\n# West\n\nSee {edition:note}`monk`.\n",
        "there is no note 'monk': did you mean 'monks'?",
    ),
    "dangling nobody": (
        "commentary/people/west.md:6",
        "---\nquote: west\n---\n# West\n\nSee {edition:note}`zzz`.\n",
        "there is no note 'zzz': write the name of its file",
    ),
    "dangling passage": (
        "commentary/people/west.md:6",
        "---\nquote: west\n---\n# West\n\nSee {edition:passage}`p9`.\n",
        "there is no passage 'p9': write its id; they run from p1 to p2",
    ),
    "front-matter name": (
        "commentary/people/The Monk’s.md:1",
        "---\nquote: came monks\n---\n# Monks\n\nGist.\n",
        "parted by hyphens: call it the-monk",
    ),
    "front-matter passages": (
        "text/b.md:1",
        "---\npassages: roman\n---\n# B\n\nAlong came monks.\n",
        "write numbers, letters, or a pattern",
    ),
    "front-matter kind": (
        "commentary/poeple/monks.md:1",
        "---\nquote: came monks\n---\n# Monks\n\nGist.\n",
        "the folder 'poeple' is no kind of note: did you mean 'people'?",
    ),
    "front-matter too deep": (
        "commentary/people/deep/monks.md:1",
        "---\nquote: monks\n---\n# Monks\n\nGist.\n",
        "isn't among the notes",
    ),
    "front-matter one place": (
        "commentary/cross-references/tie.md:2",
        "---\nquote: [monks, many]\n---\n# A tie\n",
        "add a quote from another passage",
    ),
    "duplicate-note id": (
        "text/b.md:1",
        "# P2\n\nAlong came monks.\n",
        "the id 'p2', which ¶2 or its notes need",
    ),
    "front-matter tie": (
        "commentary/cross-references/tie.md:2",
        "---\nquote: monks\n---\n# A tie\n",
        "two places or more",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("parallel", [0, 2])
def test_every_warning_has_its_place_and_says_what_to_do(
    edition: Project, case: str, parallel: int
) -> None:
    place, text, words = BROKEN[case]
    if case == "duplicate-note mark":
        edition.note("places/west", "[west, The SCO met]")
        edition.write("commentary/places/west-2.md", text)
        place = place.replace("people", "places")
    edition.write(place.partition(":")[0], text)
    edition.build(parallel=parallel)
    expected = rf"{re.escape(str(edition.folder / place))}: WARNING: "
    warning = re.search(rf"{expected}(?:.|\n)*?\[edition\.{case.partition(' ')[0]}\]",
                        edition.warnings)  # fmt: skip
    assert warning is not None, edition.warnings
    assert words in warning.group()


def test_a_page_in_no_toctree_is_reported(project: Project) -> None:
    project.text("One.", "Two.")
    project.write("text/c.md", "---\norphan: true\n---\n# C\n\nThree.\n")
    project.build()
    assert "text/c.md:1: WARNING: this base-text page is in no toctree" in project.warnings
    assert "add a line /text/c to a toctree, such as that of index" in project.warnings
    assert project.page("text/c").select(".passage") == []


def test_a_note_on_a_page_in_no_toctree_is_told_so(project: Project) -> None:
    project.text("One.")
    project.write("text/c.md", "---\norphan: true\n---\n# C\n\nThree.\n")
    project.note("h/three", "Three")
    project.build()
    assert (
        "commentary/h/three.md:2: WARNING: 'Three' stands in text/c, but that page is in no "
        "toctree, so it isn't part of the text yet: add a line /text/c to a toctree "
        "[edition.quote-not-found]"
    ) in project.warnings


def test_a_note_without_any_text_is_told_so(project: Project) -> None:
    project.text("One.")
    project.configure("edition_text = []\n")
    project.note("h/one", "One")
    project.build()
    assert (
        "'One' can't be found, for the edition has no text yet: name the pages of the text in "
        "edition_text (conf.py), and put each into a toctree [edition.quote-not-found]"
    ) in project.warnings


def test_collation_names_page_line_passage_and_both_readings(project: Project) -> None:
    project.text("One word.\n\nTwo words.")
    project.write("source.txt", "Skip me\n\nOne word.\n\nTwo swords.\n")
    project.configure("edition_copy_text = 'source.txt'\nedition_copy_text_skip = ['Skip me']\n")
    for _ in range(2):
        project.build()
        (warning,) = project.warnings.splitlines()
        assert f"{project.folder}/text/a.md:5: WARNING: ¶2 differs" in warning
        assert "the page has “words.”, the copy-text (line 5) “swords.”" in warning
        assert "[edition.collation]" in warning


def test_an_unsourced_note_is_reported_where_there_is_a_bibliography(edition: Project) -> None:
    edition.configure("extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n")
    edition.write("a.bib", "@misc{key, author={Someone}, title={Something}, year={2022}}\n")
    edition.write("sources.md", "---\norphan: true\n---\n# S\n\n```{bibliography}\n```\n")
    edition.note("places/west", "west", "The west {cite:p}`key`.")
    edition.build()
    assert re.findall(r"(\S+): WARNING: the note cites nothing", edition.warnings) == [
        f"{edition.folder}/commentary/people/monks.md:7"
    ]


def test_a_note_keeps_its_place_in_a_book_of_other_chapters(edition: Project) -> None:
    """The ``{any}`` role and Markdown's own links find notes and passages too."""
    edition.write("lists.md", "# Lists\n\n{any}`monks` and [the second](#p2).\n")
    edition.build()
    assert edition.warnings == ""
    links = [link["href"] for link in edition.page("lists").select("section > p a.internal")]
    assert links == ["commentary/people/monks.html", "text/b.html#p2"]


def test_lists_within_a_definition_are_no_entries(project: Project) -> None:
    project.text("A road.", index=TERMS)
    project.write(
        "terms.rst",
        """
        Terms
        =====

        .. glossary::

           road
              A way:

              inner
                 of the way
        """,
    )
    project.build()
    assert project.warnings == ""
    assert len(project.page("terms").select("ul.occurrences")) == 1


def test_a_foreign_reference_without_domain_is_let_alone(project: Project) -> None:
    project.configure(
        """
        from docutils import nodes
        from sphinx import addnodes

        def odd(name, rawtext, text, lineno, inliner, options={}, content=[]):
            node = addnodes.pending_xref("", nodes.inline("", text), reftype="x", reftarget=text)
            return [node], []

        def setup(app):
            app.add_role("odd", odd)
        """
    )
    project.text("A {odd}`road` west.")
    project.note("h/road", "road west")
    project.build()
    assert project.page("text/a").select_one("#p1 #noteref-road") is not None


def test_what_is_added_stands_before_a_notes_subsections(edition: Project) -> None:
    edition.note("people/monks", "monks", front="see-also: [west]", body="## Deeper\n\nMore.\n")
    edition.build("text")
    page = edition.output("commentary/people/monks.txt", "text").read_text(encoding="utf-8")
    assert page.index("See also") < page.index("Deeper")


def test_an_interface_language_that_nobody_knows(edition: Project) -> None:
    edition.configure("language = 'xx'\n")
    edition.build()
    names = edition.page("commentary/people/monks").select_one(".note-names")
    assert names is not None
    assert names.get_text() == "Chinese 僧 · Russian Монахи"


def test_a_list_of_no_notes_says_so(edition: Project) -> None:
    edition.write("lists.md", "# Lists\n\n```{edition:notes}\n:kind: places\n```\n")
    (edition.folder / "commentary/places/west.md").unlink()
    edition.note("people/monks", "monks")
    edition.build("latex")
    assert edition.warnings == ""
    source = edition.output("asmalledition.tex", "latex").read_text(encoding="utf-8")
    assert "No notes." in source


def test_a_source_of_a_reading_alone_stands_in_the_bibliography(edition: Project) -> None:
    edition.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        "bibtex_default_style = bibtex_reference_style = 'author_year'\n"
    )
    edition.write(
        "a.bib",
        "@misc{key, author={Someone}, title={A}, year={2022}}\n"
        "@misc{zh, author={Other}, title={B}, year={2021}}\n",
    )
    edition.write("sources.md", "---\norphan: true\n---\n# S\n\n```{bibliography}\n```\n")
    edition.note("people/monks", "monks", "Monks {cite:p}`key`.")
    front = "readings: {Zh: {reading: 西, source: zh}, Ru: {reading: запад, source: nowhere}}"
    edition.note("places/west", "west", "The west {cite:p}`key`.", front=front)
    edition.build()
    assert "[Other, 2021]" in edition.page("commentary/places/west").get_text()
    assert "Other. 2021. B" in edition.page("sources").get_text()
    assert "west.md:3: WARNING: the bibliography has no entry 'nowhere'" in edition.warnings


def test_files_too_deep_to_be_notes_are_strangers_all_the_same(edition: Project) -> None:
    """MyST would run what this front matter says."""
    victim = edition.folder / "victim"
    edition.write(
        "commentary/people/deep/evil.md",
        f"""
        ---
        quote: monks
        myst:
          enable_extensions: [substitution]
          substitutions:
            x: "{{{{ cycler.__init__.__globals__.os.system('touch {victim}') }}}}"
        ---
        # Evil

        {{{{ x }}}}
        """,
    )
    edition.build()
    assert not victim.exists()
    assert "isn't among the notes" in edition.warnings


def test_a_note_without_gist_is_set_by_every_builder(edition: Project) -> None:
    edition.write("commentary/people/monks.md", "---\nquote: monks\n---\n# Monks\n")
    edition.configure("man_pages = [('index', 'edition', 'Edition', [], 1)]\n")
    for builder in ("html", "man", "latex", "text"):
        edition.build(builder)
        assert "there is no gist" in edition.warnings
