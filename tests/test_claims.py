"""Names that several files claim: each is one file's by a rule, and the others are told of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from support.project import Project

BASE = Path(__file__).parent / "hostile" / "trees" / "base"

#: Of notes: before the good files in the order of names, and after them.
NAMES = ("aaa", "zzz")
QUOTES = {"aaa": "Word08", "zzz": "Word09"}
NOTE = "---\nquote: Word07 stands\n---\n# A note\n\nThe gist {cite:p}`good2020`.\n\n"


@pytest.fixture
def edition(tmp_path: Path) -> Project:
    """The small edition of strangers' files, with sixty more passages."""
    folder = tmp_path / "project"
    shutil.copytree(BASE, folder)
    conf = (folder / "conf.py").read_text(encoding="utf-8")
    project = Project(folder)
    project.write("conf.py", conf)
    more = "\n\n".join(f"Word{number:02} stands here alone." for number in range(60))
    with (folder / "article/opening.md").open("a", encoding="utf-8") as opening:
        opening.write(
            f"\n{more}\n\nSee {{ref}}`the-caravan` and [here](#the-caravan) and {{term}}`caravan`,"
            " {term}`Caravan` and {cite:p}`good2020`.\n\n(the-caravan)=\n## Caravans\n\nThey go.\n"
        )
    return project


def told(project: Project) -> list[str]:
    """The warnings of a build, whichever folder it ran in."""
    folder = re.escape(f"{project.folder}/")
    return sorted(re.sub(folder, "", line) for line in project.warnings.splitlines())


def pages(project: Project) -> dict[str, str]:
    """All pages, without what Sphinx alone keeps of them."""
    root = project.output("")
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*.html"))
    }


def built(project: Project) -> tuple[list[str], dict[str, str]]:
    """Warnings and pages of a build."""
    project.build()
    return told(project), pages(project)


def built_clean(project: Project) -> tuple[list[str], dict[str, str]]:
    """Warnings and pages of a build from nothing."""
    folder = project.folder.parent / "clean"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project.folder, folder, ignore=shutil.ignore_patterns("_build*"))
    conf = (folder / "conf.py").read_text(encoding="utf-8")
    clean = Project(folder)
    clean.write("conf.py", conf)
    return built(clean)


def with_and_without(project: Project, path: str, text: str) -> list[str]:
    """What a file that claims others' names adds to the warnings.

    It takes no link or word of others', incremental builds and such from nothing say the same,
    also when it is gone again.
    """
    before = built(project)
    assert before == built_clean(project)
    evil = project.write(path, text)
    warnings, now = built(project)
    assert (warnings, now) == built(project)
    assert (warnings, now) == built_clean(project)
    for name in (
        *("article/opening.html", "commentary/people-register.html", "commentary/glossary.html"),
        *("commentary/bibliography.html", "commentary/history/silk-road.html"),
    ):
        assert "EVIL" not in now[name], name
        assert links(before[1][name]) <= links(now[name]), name
    evil.unlink()
    assert built(project) == before
    return [line for line in warnings if line not in before[0]]


def links(html: str) -> set[tuple[str, str]]:
    """Words of a page, and where they lead."""
    main = BeautifulSoup(html, "lxml").select_one("main")
    assert main is not None
    # A note's own mark and its neighbours have numbers and titles, which move on.
    return {
        (str(link["href"]), link.get_text())
        for link in main.select("a[href]")
        if not link.find_parent("nav") and not re.search(r"\d", link.get_text())
    }


@pytest.mark.parametrize(
    "name", ["commentary/people/aaa", "commentary/people/zzz", "commentary/aaa"]
)
@pytest.mark.parametrize("term", ["caravan", "Caravan"])
def test_a_headword_is_the_glossarys(edition: Project, name: str, term: str) -> None:
    front = NOTE if "/people/" in name else "---\norphan: true\n---\n\n# A list\n\n"
    glossary = f"```{{glossary}}\n{term}\n  EVILTERM redefinition.\n```\n"
    warnings = with_and_without(edition, f"{name}.md", f"{front}{glossary}")
    line = 9 if "/people/" in name else 8
    assert warnings == [
        f"{name}.md:{line}: WARNING: the glossary has {term!r} already (commentary/glossary, line "
        "4): keep one of them [edition.glossary]"
    ]


@pytest.mark.parametrize("first", ["aaa", "zzz"])
def test_of_reviewed_lists_the_first_has_a_headword(edition: Project, first: str) -> None:
    """Not the first by its name."""
    second = "zzz" if first == "aaa" else "aaa"
    for name in (first, second):
        path = f"commentary/{name}.md"
        edition.write(path, f"# {name}\n\n```{{glossary}}\nstands here\n  As {name} has it.\n```\n")
    with (edition.folder / "index.md").open("a", encoding="utf-8") as index:
        index.write(f"\n```{{toctree}}\ncommentary/{first}\ncommentary/{second}\n```\n")
    warnings = [line for line in built(edition)[0] if "the glossary has" in line]
    assert [line.partition(":")[0] for line in warnings] == [f"commentary/{second}.md"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_the_registers(edition: Project, name: str) -> None:
    register = "```{edition:register}\nAbai Kunanbayev; Abai | EVIL hijack\n```\n"
    warnings = with_and_without(edition, f"commentary/people/{name}.md", f"{NOTE}{register}")
    assert warnings == [
        f"commentary/people/{name}.md:9: WARNING: the form 'Abai Kunanbayev' (with 1 more) "
        "belongs to 'Abai Kunanbayev' already (commentary/people-register, line 4): give each a "
        "form of its own [edition.register]"
    ]
    assert edition.page("commentary/people-register").select("#register-abai-kunanbayev")


@pytest.mark.parametrize("name", NAMES)
def test_a_label_is_the_texts(edition: Project, name: str) -> None:
    path = f"commentary/people/{name}.md"
    warnings = with_and_without(edition, path, f"{NOTE}(the-caravan)=\n## EVILHEAD\n\nWords.\n")
    assert len(warnings) == 1
    assert warnings[0].startswith(
        f"{path}:9: WARNING: the label 'the-caravan' is another place's already (article/opening, "
    )
    assert warnings[0].endswith(" give this one another name [edition.duplicate-note]")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_source_is_the_bibliographys(edition: Project, name: str, is_trusted: bool) -> None:
    if is_trusted:
        edition.configure('edition_trusted = ["commentary/bibliography"]\n')
    path = f"commentary/{name}.md"
    page = "---\norphan: true\n---\n\n# Sources, too\n\n```{bibliography}\n:all:\n```\n"
    warnings = with_and_without(edition, path, page)
    assert warnings == [
        f"{path}:7: WARNING: the bibliography of commentary/bibliography (line 3) has 'good2020' "
        "already, and citations lead there: list each source once, or delete this bibliography "
        "[edition.source]"
    ]


@pytest.mark.parametrize("key", ["good#2020", "good_2020", "Good---2020"])
def test_an_address_is_the_first_entrys(edition: Project, key: str) -> None:
    for path in (
        "commentary/references.bib",
        "article/opening.md",
        "commentary/history/silk-road.md",
    ):
        words = (edition.folder / path).read_text(encoding="utf-8")
        edition.write(path, words.replace("good2020", "good-2020"))
    bib = (edition.folder / "commentary/references.bib").read_text(encoding="utf-8")
    before = built(edition)
    edition.write(
        "commentary/references.bib",
        f"{bib}@book{{{key}, author={{Evil, Eve}}, title={{EVIL}}, publisher={{P}}, address={{T}},"
        " year={2021}}\n",
    )
    warnings, now = built(edition)
    assert (warnings, now) == built(edition)
    assert (warnings, now) == built_clean(edition)
    assert [line for line in warnings if line not in before[0] and "cited nowhere" not in line] == [
        f"commentary/references.bib:8: WARNING: the key {key!r} gives this entry the address of "
        "'good-2020' (commentary/references.bib, line 1): write one that differs in letters a to z "
        "or in figures [edition.source]"
    ]
    sources = edition.page("commentary/bibliography")
    assert "Gina" in sources.select("#source-good-2020")[0].get_text()
    edition.write("commentary/references.bib", bib)
    assert built(edition) == before


def test_a_claim_counts_whenever_it_is_read(edition: Project) -> None:
    """Also where the reviewed page, or a note of an earlier name, has it later, or no more."""
    opening = edition.folder / "article/opening.md"
    words = opening.read_text(encoding="utf-8")
    label = "(the-caravan)=\n## Caravans\n"

    def leads(page: str) -> set[str]:
        assert built(edition) == built_clean(edition)
        main = edition.page(page).select_one("main")
        assert main is not None
        return {str(one["href"]) for one in main.select("a[href$='#the-caravan']")}

    opening.write_text(words.replace(label, "## Caravans\n"), encoding="utf-8")
    for name in reversed(NAMES):
        note = NOTE.replace("Word07", QUOTES[name])
        edition.write(
            f"commentary/people/{name}.md", f"{note}(the-caravan)=\n## At {name}\n\nWords.\n"
        )
        assert leads("article/opening") == {f"../commentary/people/{name}.html#the-caravan"}
    opening.write_text(words, encoding="utf-8")
    assert leads("article/opening") == {"#the-caravan"}
    # Read once more, after the notes.
    opening.write_text(f"{words}\nThe end.\n", encoding="utf-8")
    assert leads("article/opening") == {"#the-caravan"}
    opening.write_text(words.replace(label, "## Caravans\n"), encoding="utf-8")
    assert leads("article/opening") == {"../commentary/people/aaa.html#the-caravan"}
    (edition.folder / "commentary/people/aaa.md").unlink()
    assert leads("article/opening") == {"../commentary/people/zzz.html#the-caravan"}


def test_processes_that_read_agree(edition: Project) -> None:
    for name in NAMES:
        body = (
            "(the-caravan)=\n## EVILHEAD\n\nWords.\n\n"
            "```{glossary}\ncaravan\n  EVILTERM.\n```\n\n"
            "```{edition:register}\nAbai | EVIL\n```\n"
        )
        note = NOTE.replace("Word07", QUOTES[name])
        edition.write(f"commentary/people/{name}.md", note + body)
    one = built_clean(edition)
    edition.build(parallel=2)
    assert (told(edition), pages(edition)) == one
    assert "EVIL" not in one[1]["article/opening.html"]
    assert len([line for line in one[0] if "already" in line]) == 6
