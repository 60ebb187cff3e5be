"""What every page leads to: the whole on one page, files to load, the source, the parts."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from playwright.sync_api import Browser, expect
from sphinx.environment import BuildEnvironment

from support.pages import parse, words_of
from support.project import Project

CONF = """
html_theme = "edition"
edition_repository = "https://github.com/OWNER/NAME"
edition_downloads = {"PDF": "book.pdf", "EPUB": "book.epub"}
"""
TEXT, NOTES = "whole-text", "whole-notes"


@pytest.fixture
def edition(project: Project) -> Project:
    project.configure(CONF)
    project.text(
        "One silk road, & a sea.\n\n> Two seas.[^x]\n\n[^x]: The author's.",
        "The road again.[^x] See [one](a.md).\n\n[^x]: His too.",
        index="```{toctree}\nterms\n```",
    )
    project.note("h/road", "[silk road, The road]", "See [the other](sea.md) & {ref}`here`.")
    project.note("h/sea", "Two seas", "Of two {term}`sea`.", body="## More\n\n[Up](road.md#more)")
    project.write("terms.md", "# Terms\n\n(here)=\n```{glossary}\nsea\n  Water.\n```\n")
    return project


def faults(project: Project, name: str, builder: str = "html") -> list[str]:
    """Ids that stand twice, and links that lead nowhere."""
    page = project.page(name, builder)
    ids = [str(it["id"]) for it in page.select("[id]")]
    found = [name for name in set(ids) if ids.count(name) > 1]
    here = project.output(f"{name}/" if builder == "dirhtml" else "", builder)
    for link in page.select("main a[href]"):
        address, fragment = urldefrag(str(link["href"]))
        if address.startswith("https:"):
            continue
        file = here / address if address else project.output("whole", builder)
        file = file / "index.html" if address.endswith("/") or file.is_dir() else file
        target = parse(file) if address else page
        if fragment and not target.find(id=unquote(fragment)):
            found.append(str(link["href"]))
    return found


def test_the_whole_text_on_one_page(edition: Project) -> None:
    edition.build()
    page = edition.page(TEXT)
    passages = [words_of(it) for it in page.select(".passage")]
    parts = [edition.page(f"text/{name}") for name in "ab"]
    assert passages == [words_of(it) for part in parts for it in part.select(".passage")]
    assert [it.get_text() for it in page.select("h1, h2:not(.rubric)")] == [
        *("The whole text", "Page a", "Page b")
    ]
    # A note that both parts have stands once, at its first mark.
    assert [it["id"] for it in page.select("[role=doc-footnote]")] == [
        *("note-road", "note-sea", "x", "part-2-x")
    ]
    assert len(page.select(".note-mark[href='#note-road']")) == 2
    assert [it["id"] for it in page.select(".terms-here dt")] == ["here-term-sea"]
    assert faults(edition, TEXT) == []
    assert page.select_one("main .whole-part a[href='#part-1']")


def test_all_notes_in_sequence(edition: Project) -> None:
    edition.build()
    page = edition.page(NOTES)
    assert [it["id"] for it in page.select(".whole-part")] == ["road", "sea"]
    assert [it.get_text() for it in page.select("h2, h3")] == ["Road", "Sea", "More"]
    assert page.select_one("#road a[href='#sea']")
    assert "Of two sea." in page.select("#sea")[0].get_text()
    assert "See the other & here." in page.select("#road")[0].get_text()
    assert not page.select(".note-neighbours, .citation")
    assert faults(edition, NOTES) == []


def test_with_addresses_of_folders(edition: Project) -> None:
    edition.build("dirhtml")
    for name in (TEXT, NOTES):
        assert faults(edition, name, "dirhtml") == []


def test_a_change_reaches_the_whole(edition: Project) -> None:
    edition.build()
    before = {name: edition.output(f"{name}.html").read_bytes() for name in (TEXT, NOTES)}
    edition.build()
    assert before == {name: edition.output(f"{name}.html").read_bytes() for name in before}
    edition.note("h/sea", "Two seas", "A new gist.")
    edition.build()
    assert "A new gist." in edition.page(TEXT).get_text()
    assert "A new gist." in edition.page(NOTES).get_text()


def test_the_pages_can_be_done_without(edition: Project) -> None:
    edition.configure('html_theme_options = {"whole_text": "", "whole_notes": "all"}')
    edition.build()
    assert not edition.output(f"{TEXT}.html").exists()
    assert edition.output("all.html").exists()
    assert links(edition.page("index"))[0] == ("All notes in sequence", "all.html")


def links(page: BeautifulSoup) -> list[tuple[str, str]]:
    return [(it.get_text(), str(it["href"])) for it in page.select("footer li a")]


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_pages_of_the_authors_own_stand(edition: Project, builder: str) -> None:
    own = {
        "html": ("404.html", "whole-text.html", "whole-notes.html"),
        "dirhtml": ("404.html", "whole-text/index.html", "whole-notes/index.html"),
    }[builder]
    edition.configure('html_extra_path = ["extra"]')
    for name in own:
        edition.write(f"extra/{name}", "<p>My own\n")
    for _ in range(2):
        edition.build(builder)
        for name in own:
            assert edition.output(name, builder).read_text(encoding="utf-8") == "<p>My own\n"


def test_a_document_for_missing_pages_stands(edition: Project) -> None:
    edition.write("404.md", "---\norphan: true\n---\n# Lost\n\nMy own.\n")
    for _ in range(2):
        edition.build()
        assert "My own." in words_of(edition.page("404"))


def test_every_page_leads_to_what_has_been_built(edition: Project) -> None:
    edition.build()
    always = [
        ("The whole text", "whole-text.html"),
        ("All notes in sequence", "whole-notes.html"),
        ("Index", "genindex.html"),
        ("Tell of a mistake", "https://github.com/OWNER/NAME/issues/new/choose"),
        ("Source", "https://github.com/OWNER/NAME"),
    ]
    assert links(edition.page("index")) == always
    for name, size in (("book.pdf", 2_140_000), ("book.epub", 339_100)):
        edition.write(name, "")
        os.truncate(edition.folder / name, size)
    edition.build()
    found = links(edition.page("commentary/h/road"))
    assert found[2:4] == [
        ("PDF (2.1 MB)", "../../book.pdf"),
        ("EPUB (340 kB)", "../../book.epub"),
    ]
    assert edition.output("book.pdf").stat().st_size == 2_140_000
    # What is gone is no dead link.
    (edition.folder / "book.epub").unlink()
    edition.build()
    assert "EPUB" not in str(edition.page("text/a").footer)


def test_a_part_tells_where_it_stands(edition: Project, browser: Browser) -> None:
    edition.index = "# E\n\n```{toctree}\nterms\ntext/index\n```\n"
    edition.write("text/index.md", "# Text\n\n```{toctree}\na\nb\n```\n")
    edition.configure('edition_text = ["text/?"]')
    edition.build()
    page = browser.new_page(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page.goto(edition.output("text/b.html").as_uri())
    summary = page.locator("details.edition-nav summary")
    expect(summary).to_have_text("Parts: 2 / 2")
    summary.click()
    expect(page.locator("details.edition-nav [aria-current]")).to_have_text("Page b")
    page.get_by_role("link", name="Page a").first.click()
    expect(page.locator("h1")).to_contain_text("Page a")
    assert not edition.page("terms").select("details.edition-nav")
    page.close()


def test_n_and_p_on_notes_pages(edition: Project, browser: Browser) -> None:
    edition.build()
    page = browser.new_page()
    page.goto(edition.output("commentary/h/road.html").as_uri())
    page.keyboard.press("n")
    page.wait_for_url("**/sea.html")
    page.keyboard.press("p")
    page.wait_for_url("**/road.html")
    # In a field they are letters.
    page.locator("header").get_by_role("searchbox").fill("")
    page.keyboard.type("np")
    expect(page.locator("header").get_by_role("searchbox")).to_have_value("np")
    page.goto(edition.output(f"{NOTES}.html").as_uri())
    page.keyboard.press("n")
    expect(page.locator("#road")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#sea")).to_be_focused()
    page.keyboard.press("p")
    expect(page.locator("#road")).to_be_focused()
    page.close()


def test_pages_know_their_address(edition: Project, tmp_path: Path) -> None:
    edition.configure('html_baseurl = "https://example.org/edition/"')
    edition.build()
    canonical = edition.page("commentary/h/road").select_one("link[rel=canonical]")
    assert canonical
    assert canonical["href"] == "https://example.org/edition/commentary/h/road.html"
    base = edition.page("404").select_one("base")
    assert base
    assert base["href"] == "/edition/"


def test_the_terms_of_a_page_read_the_glossary_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = ["silk", "road", "sea", "port", "ship", "star"]
    project.configure(CONF)
    project.text(f"A {', a '.join(terms)}.", index="```{toctree}\nterms\n```")
    entries = "".join(f"{term}\n  Of {term}.\n\n" for term in terms)
    project.write("terms.md", f"# Terms\n\n```{{glossary}}\n{entries}```\n")
    read: list[tuple[str, str]] = []
    stored = BuildEnvironment.get_doctree

    def counted(env: BuildEnvironment, docname: str) -> nodes.document:
        read.append((env.current_document.docname, docname))
        return stored(env, docname)

    monkeypatch.setattr(BuildEnvironment, "get_doctree", counted)
    project.build()
    assert len(project.page("text/a").select(".terms-here dd")) == len(terms)
    assert read.count(("text/a", "terms")) == 1
