"""What Zotero takes from the pages and from copied citations, by its own translators."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag

from support.edition import Outputs
from support.npm import installed
from support.pages import parse
from support.project import Project

#: Zotero's translators and all that runs them, as they were in 2019.
PACKAGE = "zotero-translators@0.0.2"
#: It names a repository of git, of which npm has the release.
OVERRIDES = {"wicked-good-xpath": "1.3.0"}
ADDRESS = "https://example.org/edition/"


def saved(html: Path, pages: list[str], citations: dict[str, str]) -> dict[str, Any]:
    modules = installed("zotero", PACKAGE, any_node=True, overrides=OVERRIDES)
    script = Path(__file__).parent / "zotero.mjs"
    done = subprocess.run(
        ["node", str(script), str(modules), ADDRESS, str(html), *pages],
        input=json.dumps(citations),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def people(item: dict[str, Any], role: str = "author") -> list[tuple[str, str]]:
    return [
        (str(one.get("lastName")), str(one.get("firstName", "")))
        for one in item["creators"]
        if one["creatorType"] == role
    ]


@pytest.mark.edition
def test_pages_and_citations_of_the_edition(outputs: Outputs) -> None:
    html = outputs("html")
    pages = ["index.html", "article/proposals.html", "commentary/history/silk-road.html"]
    passage = json.loads(
        (html / "_static/citation.js")
        .read_text("utf-8")
        .removeprefix("const CITATION = ")
        .rstrip(";\n")
    )
    filled = {
        form: text.replace("{url}", ADDRESS).replace("{id}", "p7").replace("{passage}", "¶7")
        for form, text in passage.items()
    }
    note = parse(html / pages[2]).main
    assert isinstance(note, Tag)
    found = saved(
        html,
        [*pages, "commentary/bibliography.html"],
        {
            "passage, BibTeX": filled["bibtex"],
            "passage, RIS": filled["ris"],
            "passage, CSL": filled["csl"],
            "note, BibTeX": str(note["data-bibtex"]),
            "note, RIS": str(note["data-ris"]),
            "note, CSL": str(note["data-csl"]),
        },
    )
    title = "Build on the Past: An Annotated Edition"
    text = "Build on the Past to Make Greater Strides in China-Kazakhstan Relations"
    (landing,), (article,), (silk_road,) = (found["pages"][page] for page in pages)
    assert landing["title"] == title
    assert people(landing) == [("Xi", "Jinping")]
    assert "publicationTitle" not in landing
    assert (article["itemType"], article["title"]) == ("bookSection", text)
    assert people(article) == [("Xi", "Jinping")]
    assert (article["bookTitle"], article["date"]) == (title, "2022/09/13")
    assert (silk_road["itemType"], silk_road["bookTitle"]) == ("bookSection", title)
    assert silk_road["title"] in parse(html / pages[2]).select("h1")[0].get_text()
    for form in ("BibTeX", "RIS", "CSL"):
        (item,) = found["citations"][f"passage, {form}"]
        # The field's own name, or that which it has in all kinds of items.
        whole = item.get("bookTitle") or item["publicationTitle"]
        assert (item["itemType"], item["title"], whole) == ("bookSection", text, title), form
        assert people(item) == [("Xi", "Jinping")], form
        (item,) = found["citations"][f"note, {form}"]
        assert item["title"] == silk_road["title"], form
    sources = found["pages"]["commentary/bibliography.html"]
    assert len(sources) > 100
    assert {one["translator"] for one in sources} == {"COinS"}
    assert "book" in {one["itemType"] for one in sources}


def test_names_that_nobody_parts_stay_whole(project: Project) -> None:
    """Another text, with two authors, one of whom is a body."""
    project.configure(
        """
        html_theme = "edition"
        author = "The editors"
        copyright = "2026, the editors"
        edition_text_title = "A treaty"
        edition_text_author = ["Ferenc Deák", "The League of Nations"]
        edition_text_author_sorted = ["Deák, Ferenc"]
        """
    )
    project.text("One road.")
    project.build()
    text = project.output("_static/citation.js").read_text("utf-8")
    said = json.loads(text.removeprefix("const CITATION = ").rstrip(";\n"))
    filled = {
        form: said[form].replace("{url}", ADDRESS).replace("{id}", "p1")
        for form in ("bibtex", "csl")
    }
    found = saved(project.output(""), ["text/a.html"], filled)
    for form in filled:
        (item,) = found["citations"][form]
        assert people(item) == [("Deák", "Ferenc"), ("The League of Nations", "")], form
    (page,) = found["pages"]["text/a.html"]
    assert people(page)[0] == ("Deák", "Ferenc")
