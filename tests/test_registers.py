"""Registers of names: who is mentioned where, in every builder, and kept up to date."""

from __future__ import annotations

import re
import zipfile

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from annotated_edition.domain import EditionDomain
from support.browser import ENGINES
from support.pdf import page_texts
from support.project import Project

REGISTER = """\
# People

```{edition:register}
Xi Jinping; Xi
Ruslan's
Kabylbekov, Saulebek; (eye specialist) @doctor | a physician
Éluard
Zhang Qian; Chang Ch'ien | envoy
Silk Road
Silk Road Fund; SRF
```
"""


@pytest.fixture
def edition(project: Project) -> Project:
    """A text, two notes and a register of names."""
    project.text(
        "Xi’s visit. The Silk Road Fund is no Silk Road.",
        "Zhang Qian went to Xi'an. Éluard and Ruslan’s.",
        index="```{toctree}\npeople\n```\n",
    )
    project.write("people.md", REGISTER)
    project.note(
        "h/doctor", "visit", "The gist names nobody.", body="Saulebek Kabylbekov’s *eye* hospital."
    )
    project.note(
        "h/road",
        "no Silk Road",
        "Chang Ch’ien again; see {edition:note}`doctor`.",
        front="names: {en: Xi Jinping}",
        body="## The SRF\n\n- Xi *Jinping*[^1]\n\n[^1]: An eye specialist.\n",
    )
    return project


def entries(page: BeautifulSoup) -> dict[str, str]:
    """What the register's page has under each head."""
    return {
        str(term["id"]): " ".join(term.find_next_sibling("dd").get_text().split())  # type: ignore[union-attr]
        for term in page.select("dl.register > dt")
    }


EXPECTED = {
    "register-eluard": "Text: ¶2",
    "register-kabylbekov-saulebek": "Notes: 1 Doctor; 2 Road",
    "register-ruslans": "Text: ¶2",
    "register-silk-road": "Text: ¶1",
    "register-silk-road-fund": "Text: ¶1. Notes: 2 Road",
    "register-xi-jinping": "Text: ¶1, ¶2. Notes: 2 Road",
    "register-zhang-qian": "Text: ¶2. Notes: 2 Road",
}


@pytest.mark.parametrize("parallel", [0, 2])
def test_every_mention_is_listed(edition: Project, parallel: int) -> None:
    edition.build(parallel=parallel)
    assert edition.warnings == ""
    page = edition.page("people")
    found = entries(page)
    assert list(found) == list(EXPECTED)  # sorted, accents folded
    assert found == EXPECTED
    heads = [term.get_text() for term in page.select("dl.register > dt")]
    assert heads[1] == "Kabylbekov, Saulebek, a physician"
    assert heads[4] == "Silk Road Fund, also SRF"
    assert [strong.get_text() for strong in page.select("dd strong")] == ["1 Doctor"]
    links = [str(link["href"]) for link in page.select("#register-zhang-qian + dd a")]
    assert links == ["text/b.html#p2", "commentary/h/road.html"]
    assert not page.select(".std-term")


def test_the_domain_tells_how_each_name_is_mentioned(edition: Project) -> None:
    app = edition.build()
    index = {entry.name.head: entry for entry in EditionDomain.of(app.env).edition.index()}
    (place,) = index["Silk Road"].places
    assert (place.place.id, place.spans) == ("p1", ((37, 46),))
    parts = {
        head: [(note.note, note.parts, note.is_own) for note in entry.notes]
        for head, entry in index.items()
    }
    assert parts["Zhang Qian"] == [("road", ("gist",), False)]
    assert parts["Silk Road Fund"] == [("road", ("body",), False)]
    assert parts["Kabylbekov, Saulebek"] == [
        ("doctor", ("body",), True),
        ("road", ("body",), False),
    ]


def test_a_name_in_a_title_is_found(edition: Project) -> None:
    path = edition.note("h/road", "no Silk Road", "Nobody.")
    path.write_text(path.read_text("utf-8").replace("# Road", "# Zhang Qian’s road"), "utf-8")
    app = edition.build()
    index = {entry.name.head: entry for entry in EditionDomain.of(app.env).edition.index()}
    assert [note.parts for note in index["Zhang Qian"].notes] == [("title",)]


def test_what_only_a_link_shows_is_no_mention(edition: Project) -> None:
    edition.write("people.md", REGISTER.replace("Silk Road\n", "Silk Road\nDoctor\nBelt\n"))
    edition.write("terms.md", "---\norphan: true\n---\n# T\n\n```{glossary}\nBelt\n  It.\n```\n")
    edition.note(
        "h/road",
        "no Silk Road",
        "Chang Ch'ien, SRF, Xi, an eye specialist, a {term}`Belt`.",
        body="{edition:note}`doctor`, {doc}`doctor`, [](doctor.md), {edition:note}`he <doctor>`.",
    )
    edition.build()
    found = entries(edition.page("people"))
    assert found["register-doctor"] == "Notes: 1 Doctor"
    assert found["register-belt"] == "Notes: 2 Road"


def test_a_changed_note_changes_the_register_alone(edition: Project) -> None:
    edition.build()
    stamps = {path: path.stat().st_mtime_ns for path in edition.output("").rglob("*.html")}
    edition.note("h/doctor", "visit", "The gist names nobody.", body="Saulebek Kabylbekov. Éluard.")
    edition.build()
    assert entries(edition.page("people"))["register-eluard"] == "Text: ¶2. Notes: 1 Doctor"
    written = {
        path.stem for path in stamps if path.stat().st_mtime_ns != stamps[path] and path.exists()
    }
    assert {"people", "doctor"} <= written
    assert not written & {"a", "b", "road"}


def test_a_new_name_is_listed_and_leaves_the_text_alone(edition: Project) -> None:
    edition.build()
    path = edition.output("text/a.html")
    stamp = path.stat().st_mtime_ns
    edition.write("people.md", REGISTER.replace("Silk Road\n", "Silk Road\nXi'an\n"))
    edition.build()
    found = entries(edition.page("people"))
    assert found["register-xian"] == "Text: ¶2"
    # The longer name takes the words.
    assert found["register-xi-jinping"] == "Text: ¶1. Notes: 2 Road"
    assert path.stat().st_mtime_ns == stamp


def test_a_note_may_carry_another_number_afterwards(edition: Project) -> None:
    edition.build()
    edition.note("h/first", "Xi’s", "Nobody.")
    edition.build()
    assert entries(edition.page("people"))["register-zhang-qian"] == "Text: ¶2. Notes: 3 Road"


@pytest.mark.parametrize(
    ("line", "message", "subtype"),
    [
        ("Tagore", "neither the text nor a note mentions 'Tagore'", "unused-name"),
        ("Xi", "the form 'Xi' belongs to 'Xi Jinping' already (people, line 4)", "register"),
        ("Éluard; ", "has a form without words", "register"),
        ("The Silk Road @nowhere", "there is no note 'nowhere'", "dangling"),
    ],
)
def test_mistakes_are_told_with_file_and_line(
    edition: Project, line: str, message: str, subtype: str
) -> None:
    edition.write("people.md", REGISTER.replace("SRF\n", f"SRF\n{line}\n"))
    for _ in range(2):
        edition.build()
        assert re.search(
            rf"people\.md:11: WARNING: .*{re.escape(message)}.* \[edition\.{subtype}\]",
            edition.warnings,
        ), edition.warnings


def test_the_line_is_right_in_nested_directives_and_restructuredtext(edition: Project) -> None:
    edition.write(
        "people.md", "# P\n\n:::{container} x\n```{edition:register}\n\nXi\nNeither\n```\n:::\n"
    )
    edition.write("more.rst", ":orphan:\n\nP\n=\n\n.. edition:register::\n\n   Éluard\n   Nobody\n")
    edition.build()
    assert "people.md:7: WARNING: neither" in edition.warnings
    assert "more.rst:9: WARNING: neither" in edition.warnings


def test_two_registers_of_a_page_are_two_lists(edition: Project) -> None:
    edition.write(
        "people.md", "# P\n\n```{edition:register}\nXi\n```\n\n```{edition:register}\nÉluard\n```\n"
    )
    edition.build()
    assert edition.warnings == ""
    first, second = edition.page("people").select("dl.register")
    assert (first.dt["id"], second.dt["id"]) == ("register-xi", "register-eluard")  # type: ignore[index]


def test_names_are_linked_by_a_role_and_searched(edition: Project) -> None:
    edition.note(
        "h/doctor", "visit", body="{edition:name}`Kabylbekov, Saulebek` {edition:name}`Who`"
    )
    edition.build()
    link = edition.page("commentary/h/doctor").select_one("a[href$=register-kabylbekov-saulebek]")
    assert link is not None
    assert link.get_text() == "Kabylbekov, Saulebek"
    assert "no register has the name 'Who'" in edition.warnings
    assert '"register-zhang-qian"' in edition.output("searchindex.js").read_text("utf-8")


def test_strangers_may_keep_a_register(edition: Project) -> None:
    """Its lines are text: no markup in them is obeyed."""
    hostile = "Zhang Qian | <script>alert(1)</script> [x](javascript:y) {raw}`z`"
    edition.write(
        "commentary/people-register.md", f"# P\n\n```{{edition:register}}\n{hostile}\n```\n"
    )
    edition.index = edition.index.replace("people\n", "commentary/people-register\n")
    (edition.folder / "people.md").unlink()
    edition.build()
    assert edition.warnings == ""
    page = edition.page("commentary/people-register")
    assert "<script>alert(1)</script>" in page.select_one("dt").get_text()  # type: ignore[union-attr]
    assert not page.select("dl.register script, a[href^='javascript']")
    edition.write("commentary/people-register.md", "# P\n\n```{raw} html\n<b>\n```\n")
    edition.build()
    assert "[edition.unsafe]" in edition.warnings


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml", "latex", "text", "man", "epub"])
def test_every_builder_shows_it(edition: Project, builder: str) -> None:
    edition.configure(
        "copyright = author = 'Editors'\nversion = '1'\nepub_show_urls = 'no'\n"
        "man_pages = [('index', 'edition', 'Edition', [], 1)]\n"
    )
    edition.build(builder)
    assert edition.warnings == ""
    path = {
        "dirhtml": "people/index.html",
        "singlehtml": "index.html",
        "latex": "asmalledition.tex",
        "text": "people.txt",
        "man": "edition.1",
        "epub": "Asmalledition.epub",
    }[builder]
    file = edition.output(path, builder)
    if builder == "epub":
        with zipfile.ZipFile(file) as book:
            text = book.read("people.xhtml").decode()
    else:
        text = file.read_text("utf-8")
    if "<" in text[:20]:
        text = BeautifulSoup(text, "lxml").get_text()
    assert "Zhang Qian" in text
    assert re.search(r"Text: \S*¶2|Text: .*\\P\{\}2", text)
    assert "Road" in text


def test_the_printed_book_has_it(edition: Project) -> None:
    edition.build("edition-pdf")
    assert edition.warnings == ""
    file = edition.output("annotated-edition.pdf", "edition-pdf")
    text = " ".join(" ".join(page_texts(file)).split())
    entry = "Zhang Qian, also Chang Ch’ien; envoy Text: ¶2, p. 2. Notes: 2 "
    assert entry in text.replace("'", "’").replace("\xa0", " ")


def test_a_register_is_filed_by_the_pages_language(project: Project) -> None:
    project.text("The Economist and Ferro read Das Blatt.", index="```{toctree}\nnames\n```\n")
    lines = "Ferro\nThe Economist\nDas Blatt"
    project.write("names.md", f"# Names\n\n```{{edition:register}}\n{lines}\n```\n")
    project.build()
    assert project.warnings == ""
    terms = project.page("names").select("dl.register > dt")
    assert [term.get_text() for term in terms] == ["Das Blatt", "The Economist", "Ferro"]
    assert [term["id"] for term in terms][1] == "register-the-economist"


@pytest.mark.browser
@pytest.mark.parametrize("browser", ENGINES, indirect=True)
def test_no_column_begins_with_what_belongs_to_a_name_in_the_one_before(
    project: Project, browser: Browser
) -> None:
    names = [f"{letter}{vowel}bad" for letter in "BDFGHKLMNP" for vowel in "aeiou"]
    project.text(" ".join(f"word{n}" for n in range(12)))
    project.configure('edition_registers = {"names": "places"}\nhtml_theme = "edition"\n')
    project.write("names.md", "# Names\n\n```{edition:register}\n" + "\n".join(names) + "\n```\n")
    project.index += "\n```{toctree}\nnames\n```\n"
    for n in range(12):  # so that what is told of a name takes a line, or several
        told = " ".join(name for count, name in enumerate(names) if n <= count * count % 13)
        project.note(f"places/a-note-with-a-long-name-{n}", f"word{n}", "A place.", body=told)
    project.build()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(project.output("names.html").as_uri())
    # As many names, and each fewer: columns end everywhere.
    found = page.evaluate(
        """() => {
          const list = document.querySelector(".register");
          const found = [];
          while (list.children.length > 20) {
            for (const term of list.querySelectorAll("dt")) {
              const [one, other] = [term, term.nextElementSibling].map(
                (it) => it.getClientRects()[0].left);
              found.push([one, Math.abs(one - other) > 50 ? term.textContent : ""]);
            }
            list.lastElementChild.remove();
            list.lastElementChild.remove();
          }
          return found;
        }"""
    )
    page.close()
    assert len({left for left, _ in found}) == 2, "columns"
    assert [parted for _, parted in found if parted] == []
