"""How an edited text and a note on it are cited, in four forms."""

from __future__ import annotations

import json

from bs4 import Tag

from support.project import Project

CONF = """
html_theme = "edition"
author = "The editors"
release = "0.1"
copyright = "2026, the editors"
edition_text_title = "Past & Future"
edition_text_author = "Xi Jinping"
edition_text_author_sorted = "Xi, Jinping"
edition_text_published_in = "Pravda"
edition_text_date = "2022-09-13"
"""


def passages(project: Project) -> dict[str, str]:
    text = project.output("_static/citation.js").read_text("utf-8")
    found: dict[str, str] = json.loads(text.removeprefix("const CITATION = ").rstrip(";\n"))
    return found


def test_a_passage_is_cited_as_an_edited_text(project: Project) -> None:
    project.configure(CONF)
    project.text("One road.")
    project.build()
    said = passages(project)
    assert said["text"] == (
        "Xi Jinping. “Past & Future”. Pravda, 13 September 2022, {passage}. "
        "In: A small edition. Edited by The editors. version 0.1, 2026. {url}"
    )
    assert said["bibtex"].splitlines() == [
        "@incollection{{id},",
        "  author = {Xi, Jinping},",
        r"  title = {Past \& Future},",
        "  booktitle = {A small edition},",
        "  editor = {{The editors}},",
        "  year = {2026},",
        "  edition = {version 0.1},",
        "  note = {First published in Pravda, 13 September 2022; {passage}},",
        "  url = {{url}},",
        "}",
    ]
    assert said["ris"].splitlines() == [
        *("TY  - CHAP", "AU  - Xi, Jinping", "TI  - Past & Future", "T2  - A small edition"),
        *("OP  - Pravda, 13 September 2022", "SE  - {passage}", "ED  - The editors"),
        *("PY  - 2026", "ET  - version 0.1", "UR  - {url}", "ER  - "),
    ]
    (item,) = json.loads(said["csl"])
    assert item["author"] == [{"family": "Xi", "given": "Jinping", "static-ordering": True}]
    assert item["original-date"] == {"date-parts": [[2022, 9, 13]]}
    assert item["issued"] == {"date-parts": [[2026]]}
    assert (item["type"], item["version"], item["section"]) == ("chapter", "0.1", "{passage}")


def test_a_note_is_cited_by_who_wrote_it(project: Project) -> None:
    project.configure(CONF + "html_baseurl = 'https://example.org/'\n")
    project.text("One road.")
    project.note("h/road", "road", front="contributors: [Ann Lee]")
    project.build()
    main = project.page("commentary/h/road").main
    assert isinstance(main, Tag)
    assert str(main["data-text"]).startswith("Ann Lee: “Road” (note on ¶1). In: A small edition.")
    assert "AU  - Ann Lee\nTI  - Road\nT2  - A small edition" in str(main["data-ris"])
    assert "ED  - The editors" in str(main["data-ris"])
    (item,) = json.loads(str(main["data-csl"]))
    assert item["URL"] == "https://example.org/commentary/h/road.html"
    assert item["id"] == "road"


def test_without_a_work_the_edition_is_cited(project: Project) -> None:
    project.configure(CONF + "edition_text_title = ''\n")
    project.text("One road.")
    project.build()
    said = passages(project)
    assert said["text"].endswith(". The editors, version 0.1, 2026, {passage}. {url}")
    assert said["bibtex"].startswith("@misc{{id},\n  title = ")
    (item,) = json.loads(said["csl"])
    assert item["note"] == "{passage}"
