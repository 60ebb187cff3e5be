"""The TEI file: valid, and the same edition as the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from tei_reader import TeiReader

from support.edition import NOTES, PAGES, TIES, Outputs
from support.pages import parse, squeezed, words_of
from support.project import Project
from support.tei import TEI, XML_ID, File, validated, words

pytestmark = pytest.mark.xdist_group("tei")


@pytest.fixture(scope="module")
def path(outputs: Outputs) -> Path:
    return outputs("tei") / "annotated-edition.xml"


@pytest.fixture(scope="module")
def tei(path: Path) -> File:
    return File(path)


def small(project: Project) -> File:
    project.build("tei")
    path = project.output("annotated-edition.xml", "tei")
    assert validated(path) == ""
    return File(path)


def fields_of(note: Path) -> dict[str, object]:
    fields = yaml.safe_load(note.read_text(encoding="utf-8").split("---\n")[1])
    assert isinstance(fields, dict)
    return fields


def test_the_edition_is_valid(path: Path) -> None:
    assert validated(path) == ""


def test_a_tei_library_reads_the_article(path: Path, outputs: Outputs) -> None:
    pages = [parse(outputs("html") / f"article/{name}.html") for name in PAGES]
    told = [
        squeezed(words_of(element))
        for page in pages
        for element in page.select("main section > h1, .passage")
    ]
    read = [squeezed(line) for line in TeiReader().read_file(str(path)).text.splitlines()]
    assert [line for line in read if line] == [words.removesuffix("¶") for words in told]


def test_passages_have_the_words_of_the_pages(tei: File, outputs: Outputs) -> None:
    pages = [parse(outputs("html") / f"article/{name}.html") for name in PAGES]
    shown = {str(one["id"]): words_of(one) for page in pages for one in page.select(".passage")}
    assert {name: " ".join(said.split()) for name, said in tei.passages.items()} == shown


def test_every_pointer_leads_to_what_it_is_about(tei: File) -> None:
    assert tei.dead_pointers() == []
    notes = tei.all("standOff/listAnnotation[@type='notes']/annotation")
    assert {str(note.get(XML_ID)) for note in notes} == {f"note-{name}" for name in NOTES}
    for note in notes:
        quotes = fields_of(NOTES[str(note.get(XML_ID)).removeprefix("note-")])["quote"]
        wanted = {
            squeezed(str(quote["exact"] if isinstance(quote, dict) else quote))
            for quote in (quotes if isinstance(quotes, list) else [quotes])
        }
        found = {squeezed(said) for _passage, said in tei.pointed(str(note.get("target")))}
        assert found == wanted


def test_all_that_front_matter_says_is_there(tei: File) -> None:
    fields = [fields_of(path) for path in NOTES.values()]

    def count(name: str) -> int:
        return sum(len(field.get(name) or ()) for field in fields)  # type: ignore[arg-type]

    assert len(tei.all("standOff/listApp/app/rdg")) == count("readings") > 0
    assert len(tei.all("standOff/listEvent/event")) == count("dates") > 0
    assert len(tei.all("standOff/listPlace[@type='map']/listPlace/place")) == count("places") > 0
    assert len(tei.all("standOff//annotation/note/list[@type='names']/item")) == count("names") > 0
    assert len(tei.all("standOff/listAnnotation[@type='cross-references']/annotation")) == len(TIES)


def test_an_event_has_its_date(tei: File) -> None:
    events = {
        words(event.find(f"{TEI}label")): dict(event.attrib)  # type: ignore[arg-type]
        for event in tei.all("standOff/listEvent/event")
    }
    assert events["Death of Xuanzang"] == {"when-iso": "0664"}
    assert {"notBefore-iso": "0596", "notAfter-iso": "0602"} in events.values()
    assert {"when-iso": "-0137"} in events.values()


def test_the_registers_have_their_names_and_places(tei: File, outputs: Outputs) -> None:
    for page, path in (
        ("people", "listPerson/person"),
        ("places", "listPlace[@type='register']/place"),
        ("institutions", "listOrg/org"),
    ):
        names = parse(outputs("html") / f"commentary/{page}-register.html").select("dl.register dt")
        assert len(tei.all(f"standOff/{path}")) == len(names) > 0
    assert tei.all("standOff/listPlace[@type='register']/place/location/geo")
    xuanzang = next(one for one in tei.all("standOff/listPerson/person") if "玄奘" in words(one))
    mentioned = xuanzang.find(f"{TEI}ptr[@type='text']")
    assert mentioned is not None
    assert ("p2", "Huen Tsang") in tei.pointed(str(mentioned.get("target")))


def test_the_header_tells_whose_it_is(tei: File) -> None:
    assert [words(one) for one in tei.all("teiHeader//titleStmt/author")] == ["Xi Jinping"]
    sigla = {str(one.get("n")) for one in tei.all("teiHeader//listWit/witness")}
    assert sigla == {"Zh", "Ru", "En-Kz", "Kk"}
    licence = tei.all("teiHeader//licence")[0]
    assert licence.get("target") == "https://creativecommons.org/licenses/by/4.0/"


def test_the_bibliography_is_whole(tei: File, outputs: Outputs) -> None:
    shown = parse(outputs("html") / "commentary/bibliography.html").select(".citation")
    entries = tei.all("standOff/listBibl/bibl")
    assert len(entries) == len(shown) > 100
    assert all(entry.find(f"{TEI}title") is not None for entry in entries)


def test_a_source_has_its_address_and_an_archives(project: Project) -> None:
    project.text("A road.", index="```{toctree}\nsources\n```\n")
    project.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        "bibtex_default_style = bibtex_reference_style = 'author_year'\n"
    )
    project.write(
        "a.bib",
        "@misc{one, title={T}, year={2020}, url={https://a.example/1},\n"
        "  archiveurl={https://web.archive.example/2020/https://a.example/1}}\n",
    )
    project.write("sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n")
    assert [
        (ref.get("type"), ref.get("target"))
        for ref in small(project).all("standOff/listBibl/bibl/ref")
    ] == [
        (None, "https://a.example/1"),
        ("archived", "https://web.archive.example/2020/https://a.example/1"),
    ]


def test_any_text_keeps_its_form_and_its_spaces(project: Project) -> None:
    project.configure('edition_text_language = "he"\n')
    project.text(
        """
        ```{eval-rst}
        | שלום *עליכם*
        | מלאכי השרת
        |    מלאכי עליון
        ```

        A word[^a] and `code` <b>& more</b>\\
        after a break.

        > A quotation of words.

        - An item of the text.

        ## A section

        The last passage.

        [^a]: The author's own note.
        """
    )
    project.note("poems/angels", "מלאכי השרת", "They *serve* <here> & there.", "names: {he: מלאך}")
    project.note("poems/ends", "after a break", "It breaks.")
    tei = small(project)
    assert [one.tag for one in tei.root.iter(f"{TEI}lg", f"{TEI}l")] == [
        f"{TEI}{name}" for name in ("lg", "l", "l", "lg", "l", "lg", "l", "l")
    ]
    assert tei.passages["p1"] == "שלום עליכם מלאכי השרת מלאכי עליון"
    assert list(tei.passages) == ["p1", "p2", "p3", "p4", "p5"]
    targets = {
        str(note.get(XML_ID)): tei.pointed(str(note.get("target")))
        for note in tei.all("standOff/listAnnotation/annotation")
    }
    assert targets == {
        "note-angels": [("p1", "מלאכי השרת")],
        "note-ends": [("p2", "after a break")],
    }
    assert [words(one) for one in tei.all("text//note[@type='author']")] == [
        "The author’s own note."
    ]
    assert tei.dead_pointers() == []


def test_notes_on_what_is_no_passage_point_to_it(project: Project) -> None:
    project.write(
        "text/a.md",
        """
        # The page itself

        First of all.

        :::{rubric} The rubric words
        :::

        > A quotation of words.
        >
        > -- Attributed Person

        ```{list-table} The tabled things
        :header-rows: 1

        * - Column head
          - Second column
        * - Lonely cell
          - Opening cell

            Closing cell
        ```

        :::{figure} https://example.org/a.png
        The figure caption

        Legendary words.

        - Itemized legend
        :::

        A listed term
        : Definition of it.

        ## The inner section

        ```{eval-rst}
        .. table:: Tabled again

           ===  ===
           one  two
           ===  ===

        A citation [Cit]_ and a footnote [#a]_.

        .. [Cit] Cited source
        .. [#a] Footnoted words
        ```
        """,
    )
    # A page without a heading, whose table has a title.
    project.write(
        "text/b.md", "```{list-table} Without heading\n* - Solitary\n```\n\nAnd a passage.\n"
    )
    project.index = "# P\n\n```{toctree}\ntext/a\ntext/b\n```\n"
    quotes = (
        *("page itself", "rubric words", "Attributed Person", "tabled things", "Column head"),
        *("Lonely cell", "Closing cell", "figure caption", "Legendary", "Itemized", "listed term"),
        *("inner section", "Tabled again", "Cited source", "Footnoted", "Without heading"),
        *("Solitary", "a passage"),
    )
    for number, quote in enumerate(quotes):
        project.note(f"words/n{number}", quote)
    tei = small(project)
    pointed = {
        str(note.get(XML_ID)): [said for _id, said in tei.pointed(str(note.get("target")))]
        for note in tei.all("standOff/listAnnotation/annotation")
    }
    assert pointed == {f"note-n{number}": [quote] for number, quote in enumerate(quotes)}


def test_lines_of_verse_have_their_numbers(project: Project) -> None:
    project.text("One line\\\nand another.\n\nA third\\\nand a fourth.")
    tei = small(project)
    assert [one.get("n") for one in tei.root.iter(f"{TEI}l")] == ["1", "2", "3", "4"]


def test_strangers_words_are_no_markup(project: Project) -> None:
    project.text("The old road ran west to the port.")
    project.note(
        "places/road",
        "old road",
        "A gist ]]> <!-- &lt; \x07 end.",
        """
        contributors: ["</name><script>", "A & B"]
        readings: {"Zh": {reading: "<rdg>", source: "\\"#x\\" onload="}}
        places: [{name: "]]>", at: [1, 2]}]
        dates: {"1999": "<event/>"}
        """,
    )
    project.build("tei")
    path = project.output("annotated-edition.xml", "tei")
    assert validated(path) == ""
    tei = File(path)
    assert [words(one) for one in tei.all("standOff//respStmt/name")] == [
        "</name><script>",
        "A & B",
    ]
    assert [words(one) for one in tei.all("standOff//rdg")] == ["<rdg>"]
    assert re.search(r"\]\]> ?", words(tei.all("standOff//annotation/note")[0]))


def test_an_edition_without_anything_is_valid(project: Project) -> None:
    project.write("index.md", "# Nothing yet\n")
    assert small(project).passages == {}
