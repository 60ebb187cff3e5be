"""The e-book: what e-readers and their validators find in it."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
from base64 import b64decode
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from bs4 import Tag
from playwright.sync_api import Browser

from annotated_edition.render.epub import defaults
from support.axe import RUN, SHORTEN
from support.edition import Outputs
from support.epub import Book, built, checked
from support.pages import words_of
from support.project import Project

#: One page of each sort.
SORTS = [
    *("epub-cover", "title-page", "nav", "article/index", "article/introduction"),
    *("article/front", "article/greeting", "commentary/about", "commentary/notes"),
    *("commentary/registers", "commentary/versions", "commentary/chronology", "commentary/map"),
    *("commentary/glossary", "commentary/bibliography", "commentary/history/silk-road"),
    "commentary/cross-references/silk-road-to-belt",
]


def dead_links(book: Book) -> list[str]:
    """Links of pages, styles aside, to files or ids that aren't there."""
    pages = book.pages
    ids = {
        name: {str(element["id"]) for element in page.select("[id]")}
        for name, page in pages.items()
    }
    dead = []
    for name, page in pages.items():
        for element in page.select("[href], [src]"):
            address = str(element.get("href") or element.get("src"))
            parts = urlsplit(address)
            if parts.scheme:
                continue
            path = posixpath.join(posixpath.dirname(name), unquote(parts.path))
            target = posixpath.normpath(path) if parts.path else name
            if target not in book.files or (parts.fragment and parts.fragment not in ids[target]):
                dead.append(f"{name}: {address}")
    return dead


@pytest.fixture
def small(project: Project) -> Project:
    """Two pages of text, a verse, three notes, a glossary and an author's footnote."""
    project.configure(
        """
        author = copyright = "Editors"
        version = release = "1.2"
        html_baseurl = "https://example.org/edition/"
        """
    )
    project.text(
        "The *ancient Silk* Road and the SCO[^1], on the steppe.\n\n"
        "See [a far place](https://example.com/far).\n\n[^1]: Of the author.\n",
        "```{eval-rst}\n| A first line,\n| a second line.\n```",
    )
    project.write(
        "glossary.md",
        "---\norphan: true\n---\n# Glossary\n\n```{glossary}\nsteppe\n  Grassland.\n```\n",
    )
    project.note("people/one", "ancient Silk Road", "One: Chinese 丝绸之路, Kazakh Жібек жолы.")
    project.note("people/two", "[Road, the SCO]", "Two.")
    project.note("places/three", "first line", "Three.", body="More.")
    return project


# ---- Notes and passages


def test_notes_can_pop_up_and_are_never_hidden(small: Project) -> None:
    book = built(small)
    page = book.page("text/a.xhtml")
    marks = page.select("[role=doc-noteref]")
    assert len(marks) == 4
    for mark in marks:
        assert mark["epub:type"] == "noteref"
        note = page.find(id=str(mark["href"]).removeprefix("#"))
        assert isinstance(note, Tag)
        # Apple Books takes an aside out of the page.
        assert note.name != "aside"
        assert (note["epub:type"], note["role"]) == ("footnote", "doc-footnote")
        back = note.select_one("[role=doc-backlink]")
        assert back is not None
        assert back["epub:type"] == "backlink"
        assert page.find(id=str(back["href"]).removeprefix("#")) is not None
        assert not [tag for tag in (note, *note.parents) if tag and tag.get("hidden")]
    style = book.files["_static/edition-epub.css"].decode()
    # But for the number of a mark, in whose place another is drawn.
    style = style.replace('a[role="doc-noteref"] > sup { display: none; }', "")
    assert not re.search(r"display:\s*none|visibility:\s*hidden", style)


def test_a_passage_has_a_locator_and_no_word_more(small: Project) -> None:
    book = built(small)
    first, second = book.page("text/a.xhtml"), book.page("text/b.xhtml")
    words = [words_of(passage) for passage in first.select("p.passage")]
    # With epub_show_urls at Sphinx's default, which adds addresses to links.
    assert re.sub(r"\[\w\]", "", words[0]) == "The ancient Silk Road and the SCO, on the steppe."
    assert words[1] == "See a far place."
    breaks = [*first.select("[role=doc-pagebreak]"), *second.select("[role=doc-pagebreak]")]
    assert [(mark["title"], mark["id"], mark.get_text()) for mark in breaks] == [
        ("1", "break-p1", ""),
        ("2", "break-p2", ""),
        ("3", "break-p3", ""),
    ]
    assert breaks[2].parent is second.select_one(".passage .line")
    assert book.nav("page-list") == [
        ("1", "text/a.xhtml#break-p1"),
        ("2", "text/a.xhtml#break-p2"),
        ("3", "text/b.xhtml#break-p3"),
    ]
    assert book.told("pageBreakSource") == ["none"]


def test_an_empty_element_has_an_end_tag(small: Project) -> None:
    """Readers that take XHTML for HTML swallow what follows ``<span/>``."""
    page = built(small).files["text/a.xhtml"].decode()
    assert re.search(r'<span [^>]*title="1"[^>]*></span>', page)
    assert not re.search(r"<(span|a|p|div|td)\b[^>]*/>", page)


def test_languages_are_told_twice(small: Project) -> None:
    page = built(small).page("text/a.xhtml")
    marked = {str(form["lang"]): form.get_text() for form in page.select("span[lang]")}
    assert marked == {"zh": "丝绸之路", "kk": "Жібек жолы"}
    assert all(form["xml:lang"] == form["lang"] for form in page.select("[lang]"))
    assert page.select_one("html[lang=en]") is not None


def test_the_language_is_a_tag_everywhere(small: Project) -> None:
    book = built(small, confoverrides={"language": "zh_CN"})
    assert book.told("dc:language") == ["zh-CN"]
    (package,) = book.package.select("package")
    assert package["xml:lang"] == "zh-CN"
    assert {page.html["lang"] for page in book.pages.values() if page.html} == {"zh-CN"}


def test_places_have_their_types(small: Project) -> None:
    book = built(small)
    chapter = book.page("text/a.xhtml").select_one("section")
    assert chapter is not None
    assert (chapter["epub:type"], chapter["role"]) == ("chapter", "doc-chapter")
    term = book.page("text/a.xhtml").select_one("[role=doc-glossref]")
    assert term is not None
    assert term["epub:type"] == "glossref"
    divisions = {name: page.body["epub:type"] for name, page in book.pages.items() if page.body}
    assert divisions["title-page.xhtml"] == divisions["index.xhtml"] == "frontmatter"
    assert divisions["text/a.xhtml"] == divisions["text/b.xhtml"] == "bodymatter"
    assert divisions["commentary/people/one.xhtml"] == "backmatter"
    kinds = [
        (link["epub:type"], link["href"])
        for link in book.page("nav.xhtml").select("nav a")
        if link.get("epub:type")
    ]
    assert kinds == [
        ("cover", "epub-cover.xhtml"),
        ("titlepage", "title-page.xhtml"),
        ("toc", "nav.xhtml#toc"),
        ("bodymatter", "text/a.xhtml"),
        ("index", "genindex.xhtml"),
    ]


def test_the_contents_have_a_books_order(small: Project) -> None:
    """As in print: what introduces the text, the text, the notes by their numbers, the rest."""
    small.configure('edition_pdf_front = ["about"]')
    small.write("about.md", "# About\n\nWhy.\n")
    small.text("See a far place.\n\nThe Silk Road and the SCO.")
    small.note("people/one", "Silk Road")
    small.note("people/two", "the SCO")
    small.note("places/three", "far place")
    small.index += "\n```{toctree}\nabout\n```\n"
    book = built(small)
    assert [title for title, _ in book.nav("toc")][1:] == [
        *("About", "The edition", "Page a", "1. Three", "2. One", "3. Two"),
        *([] if "Index" not in str(book.page("nav.xhtml")) else ["Index"]),
    ]
    assert book.page("about.xhtml").body["epub:type"] == "frontmatter"  # type: ignore[index]


def test_what_several_tables_of_contents_list_stands_once(small: Project) -> None:
    """At whatever depths: Sphinx can make no navigation of levels that jump."""
    small.text("A far place.", "The Silk Road.")
    small.note("people/one", "Silk Road")
    small.note("people/two", "far place")
    small.write("commentary/people/index.md", "# People\n\n```{toctree}\n:glob:\n\n*\n```\n")
    small.write("lists.md", "# Lists\n\n```{toctree}\ncommentary/people/index\n```\n")
    listed = "commentary/people/index\ncommentary/people/one\nlists\ncommentary/people/two"
    small.index += f"\n```{{toctree}}\n{listed}\n```\n"
    book = built(small)
    titles = [title for title, _ in book.nav("toc")]
    assert sorted(titles) == sorted(set(titles))
    assert {"1. Two", "2. One", "People", "Lists"} <= set(titles)
    assert checked(book.path) == []


def test_a_link_to_a_term_leads_to_what_it_means(small: Project) -> None:
    """A reading system shows in a pop-up what a link leads to."""
    terms = "```{glossary}\nSCO\nShanghai group\n  An organization.\n```"
    small.write("glossary.md", f"---\norphan: true\n---\n# Glossary\n\n{terms}\n")
    page = built(small).page("glossary.xhtml")
    for name in ("term-SCO", "term-Shanghai-group"):
        [target] = page.select(f"#{name}")
        assert "An organization." in target.get_text()
    assert page.select_one("#term-SCO").get_text().startswith("SCO")  # type: ignore[union-attr]


def test_names_of_pages_may_have_spaces_and_any_letters(small: Project) -> None:
    small.write("text/день один.md", "# День один\n\nThe caravan slept.\n")
    small.index = small.index.replace("text/b", "text/b\ntext/день один", 1)
    book = built(small)
    assert "text/день один.xhtml" in map(unquote, book.spine)
    # A name with a space is valid; that old readers may not like it is all that is said.
    assert [fault for fault in checked(book.path) if "PKG-010" not in fault] == []


@pytest.mark.parametrize(
    ("language", "tag"), [("sr@latin", "sr-Latn"), ("zh_CN", "zh-CN"), ("pt_BR", "pt-BR")]
)
def test_the_language_may_have_a_script(small: Project, language: str, tag: str) -> None:
    small.configure(f"language = {language!r}")
    book = built(small)
    assert book.package.select_one("language").get_text() == tag  # type: ignore[union-attr]
    assert {page.html["lang"] for page in book.pages.values() if page.html} == {tag}


# ---- What is in the book


def test_the_book_holds_what_its_pages_need_and_no_more(small: Project) -> None:
    built(small)
    # What another builder, an older build or an extension left there.
    for name in ("old.xhtml", "_static/page.js", "_static/big.css", "_images/old.png", "x.txt"):
        path = small.output(name, "epub")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"old")
    (small.folder / "commentary/places/three.md").unlink()
    book = built(small)
    assert small.warnings == ""
    assert set(book.files) == {
        *("mimetype", "META-INF/container.xml", "content.opf", "toc.ncx", "nav.xhtml"),
        *("epub-cover.xhtml", "title-page.xhtml", "index.xhtml", "genindex.xhtml"),
        *("text/a.xhtml", "text/b.xhtml", "glossary.xhtml"),
        *("commentary/people/one.xhtml", "commentary/people/two.xhtml"),
        *("_static/edition-epub.css", "_static/edition-cover.png"),
    }
    assert dead_links(book) == []


def test_a_page_left_out_keeps_its_links_words(small: Project) -> None:
    small.write("web.md", "---\norphan: true\n---\n# Only on the web\n")
    small.note("people/four", "See", "Four.", body="Look at {doc}`the page </web>` there.")
    small.configure('edition_epub_leave_out = ["index", "web"]')
    book = built(small)
    assert small.warnings == ""
    assert {"index.xhtml", "web.xhtml"}.isdisjoint(book.files)
    note = book.page("commentary/people/four.xhtml")
    assert "Look at the page there." in " ".join(note.get_text().split())
    assert dead_links(book) == []
    assert book.spine[:3] == ["epub-cover.xhtml", "title-page.xhtml", "nav.xhtml"]
    assert book.spine[3:5] == ["text/a.xhtml", "text/b.xhtml"]
    assert checked(book.path) == []


@pytest.mark.parametrize(
    "template", ["<p>Words &amp; more</p>", "<html><body><p>Words &amp; more</p></body></html>", ""]
)
def test_a_template_that_is_no_page_is_reported(small: Project, template: str) -> None:
    """A page that leads on elsewhere, say, which browsers understand."""
    small.configure(
        """
        templates_path = ["templates"]
        html_additional_pages = {"old": "old.html"}
        """
    )
    small.write("templates/old.html", template)
    small.build("epub")
    assert re.search(
        r"conf\.py:\d+: WARNING: this page is no XML .*\[edition\.epub\]", small.warnings
    )
    assert ("Words &amp; more" in small.output("old.xhtml", "epub").read_text()) == bool(template)


def test_a_page_that_is_no_xml_is_reported(small: Project) -> None:
    small.write("raw.md", "---\norphan: true\n---\n# Raw\n\n```{raw} html\n<p>open\n```\n")
    built(small)
    assert re.search(r"raw\.md:1: WARNING: this page is no XML .*\[edition\.epub\]", small.warnings)


def test_a_link_out_of_the_book_is_reported(small: Project) -> None:
    link = '<p><a href="text/z.xhtml">z</a></p>'
    small.write("raw.md", f"---\norphan: true\n---\n# Raw\n\n```{{raw}} html\n{link}\n```\n")
    small.output("text", "epub").mkdir(parents=True)
    small.output("text/z.xhtml", "epub").write_text("<p>An older build's</p>", encoding="utf-8")
    built(small)
    assert "raw.md:1: WARNING: this page links to text/z.xhtml, which isn't in" in small.warnings


def test_another_builder_between_changes_nothing(
    small: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    first = built(small)
    small.build("html")
    second = built(small)
    assert second.path.read_bytes() == first.path.read_bytes()
    assert not [path for path in small.output("", "html").rglob("*") if path.suffix == ".xhtml"]


def test_a_new_version_of_the_extension_writes_all_pages(
    small: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(small)
    page = small.output("text/a.xhtml", "epub")
    new = page.read_text(encoding="utf-8")
    page.write_text(new.replace("doc-noteref", "doc-old"), encoding="utf-8")
    assert "doc-old" in str(built(small).page("text/a.xhtml"))
    monkeypatch.setattr(defaults, "code_version", lambda: 1)
    assert built(small).files["text/a.xhtml"].decode() == new


def test_the_same_pages_make_the_same_bytes(
    small: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    first = built(small)
    data = first.path.read_bytes()
    assert {entry.date_time for entry in first.entries} == {(2023, 11, 14, 22, 13, 20)}
    second = built(small, freshenv=True)
    assert second.path.read_bytes() == data
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700009999")
    assert built(small).path.read_bytes() != data


# ---- What the package says


def test_metadata_come_from_the_configuration(small: Project) -> None:
    small.configure(
        """
        edition_epub_metadata = {
            "dc:creator": ["The Author", "Editors"],
            "dc:rights": "CC BY 4.0 & more",
            "dcterms:conformsTo": "EPUB Accessibility 1.1 - WCAG 2.2 Level AA",
        }
        """
    )
    book = built(small)
    assert book.told("dc:title") == ["A small edition"]
    assert book.told("dc:creator") == ["The Author", "Editors"]
    assert book.told("dc:publisher") == ["Editors"]
    assert book.told("dc:rights") == ["CC BY 4.0 & more"]
    assert book.told("dc:language") == ["en"]
    assert book.told("dc:relation") == ["https://example.org/edition/"]
    assert book.told("dcterms:conformsTo") == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    (name,) = book.told("dc:identifier")
    assert name.startswith("urn:uuid:")
    # Another version is the same book.
    again = built(small, confoverrides={"version": "2", "release": "2"})
    assert again.told("dc:identifier") == [name]
    title = book.page("title-page.xhtml").get_text()
    assert "A small edition" in title
    assert "Version 1.2" in title
    assert "CC BY 4.0 & more" in title


def test_no_conformance_is_claimed_that_nobody_evaluated(small: Project) -> None:
    book = built(small)
    assert book.told("dcterms:conformsTo") == []
    assert book.told("schema:accessMode") == ["textual"]
    assert book.told("schema:accessModeSufficient") == ["textual"]
    assert "alternativeText" not in book.told("schema:accessibilityFeature")
    assert {"tableOfContents", "pageNavigation"} < set(book.told("schema:accessibilityFeature"))
    assert book.told("schema:accessibilityHazard") == ["none"]


#: A picture of one point.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


@pytest.mark.parametrize("words", ["", "A map"])
def test_a_picture_without_words_is_told_of(small: Project, words: str) -> None:
    (small.folder / "dot.png").write_bytes(b64decode(PIXEL))
    small.write("picture.md", f"---\norphan: true\n---\n# Picture\n\n![{words}](dot.png)\n")
    book = built(small)
    assert book.told("schema:accessMode") == ["textual", "visual"]
    enough = ["textual,visual", "textual"] if words else ["textual,visual"]
    assert book.told("schema:accessModeSufficient") == enough
    assert ("alternativeText" in book.told("schema:accessibilityFeature")) == bool(words)


def test_the_cover_is_made_of_the_title(small: Project) -> None:
    small.configure('edition_epub_byline = "By nobody"')
    book = built(small)
    (item,) = book.package.select("item[properties=cover-image]")
    picture = book.files[str(item["href"])]
    assert struct.unpack(">II", picture[16:24]) == (1600, 2560)
    image = book.page("epub-cover.xhtml").select_one("img")
    assert image is not None
    assert image["alt"] == "A small edition, By nobody"
    other = built(small, confoverrides={"epub_title": "Another"})
    assert other.files[str(item["href"])] != picture


def test_a_projects_own_cover_and_style_stand(small: Project) -> None:
    small.write("_static/mine.css", "p { margin: 0 }")
    (small.folder / "_static/mine.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    small.configure(
        """
        html_static_path = ["_static"]
        epub_css_files = ["mine.css"]
        epub_cover = ("_static/mine.png", "")
        """
    )
    book = built(small)
    assert book.package.select_one('item[href="_static/mine.png"][properties=cover-image]')
    assert "_static/edition-cover.png" not in book.files
    assert "_static/mine.css" in book.files


# ---- The edition itself


@pytest.fixture(scope="module")
def edition(outputs: Outputs) -> Book:
    (path,) = outputs("epub").glob("*.epub")
    return Book(path)


def test_epubcheck_finds_nothing(edition: Book) -> None:
    assert checked(edition.path) == []


def test_epubcheck_would_find_something(small: Project, tmp_path: Path) -> None:
    """The validator runs, and sees the pages."""
    broken = tmp_path / "broken.epub"
    with zipfile.ZipFile(broken, "w") as archive:
        for name, data in built(small).files.items():
            archive.writestr(name, data.replace(b'href="#note-', b'href="#no-'))
    assert any("RSC-012" in message for message in checked(broken))


def test_no_link_of_the_edition_is_dead(edition: Book) -> None:
    assert dead_links(edition) == []


def test_the_edition_needs_nothing_but_itself(edition: Book) -> None:
    assert not [name for name in edition.files if name.endswith((".js", ".html"))]
    for name, page in edition.pages.items():
        assert not page.select("script, iframe, form, [popover], meta[http-equiv]"), name
        for element in page.select("[src], link[href]"):
            assert not urlsplit(str(element.get("src") or element["href"])).scheme, name


def test_contents_and_spine_have_one_order(edition: Book) -> None:
    toc = list(dict.fromkeys(address.partition("#")[0] for _title, address in edition.nav("toc")))
    assert toc == [name for name in edition.spine if name not in ("epub-cover.xhtml", "nav.xhtml")]
    assert len(toc) == len(edition.pages) - 2
    assert not edition.package.select("itemref[linear=no]")


def test_every_passage_of_the_edition_is_in_the_page_list(edition: Book) -> None:
    labels = [label for label, _address in edition.nav("page-list")]
    assert labels == [*"abcde", *map(str, range(1, 15))]


def test_axe_finds_nothing_in_the_edition(edition: Book, browser: Browser, tmp_path: Path) -> None:
    with zipfile.ZipFile(edition.path) as archive:
        archive.extractall(tmp_path)
    context = browser.new_context(viewport={"width": 600, "height": 800})
    page = context.new_page()
    page.add_init_script(AXE_SCRIPT)
    found = {}
    for name in SORTS:
        page.goto((tmp_path / f"{name}.xhtml").as_uri())
        page.evaluate(SHORTEN)
        options = {
            # A cover has no heading.
            "rules": {"page-has-heading-one": {"enabled": name != "epub-cover"}},
            "resultTypes": ["violations"],
            "preload": False,
        }
        violations = page.evaluate(RUN, options)
        if violations:
            found[name] = violations
    context.close()
    assert found == {}


def test_large_text_fits_the_page_of_a_phone(
    edition: Book, browser: Browser, tmp_path: Path
) -> None:
    """E-readers cut off what is wider; their readers make letters twice as large."""
    with zipfile.ZipFile(edition.path) as archive:
        archive.extractall(tmp_path)
    page = browser.new_page(viewport={"width": 390, "height": 700})
    wide = []
    for name in SORTS:
        page.goto((tmp_path / f"{name}.xhtml").as_uri())
        page.evaluate(
            "document.documentElement.style.fontSize = '200%';"
            "document.body.style.padding = '0 24px'"
        )
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    page.close()
    assert wide == []


def test_the_letters_of_pictures_can_be_read_on_a_phone(edition: Book) -> None:
    pictures = [name for name in edition.files if name.endswith(".svg")]
    assert len(pictures) > 2
    for name in pictures:
        svg = edition.page(name).svg
        assert svg is not None
        width = float(str(svg["viewBox"]).split()[2])
        sizes = [float(str(element["font-size"])) for element in svg.select("[font-size]")]
        assert min(sizes) * 340 / width > 7, name


def test_pictures_with_capital_suffixes_are_in_the_book(small: Project) -> None:
    folder = small.folder / "commentary/people"
    for name in ("IMG_1.PNG", "two.Png"):
        (folder / name).write_bytes(b64decode(PIXEL))
    body = "![A square](IMG_1.PNG)\n\n![Another](two.Png)\n"
    small.note("people/one", "ancient Silk Road", "One.", body=body)
    book = built(small)
    assert small.warnings == ""
    assert {"_images/IMG_1.PNG", "_images/two.Png"} <= book.files.keys()
    assert dead_links(book) == []


def test_a_title_of_a_picture_alone_is_told_and_the_page_has_one(small: Project) -> None:
    path = small.note("people/one", "ancient Silk Road", "One.")
    (path.parent / "p.png").write_bytes(b64decode(PIXEL))
    path.write_text(path.read_text().replace("# One", "# ![only](p.png)"))
    book = built(small)
    assert "one.md:5: WARNING: this heading is empty: give it words" in small.warnings
    assert all(page.title and page.title.get_text().strip() for page in book.pages.values())


def test_dead_links_of_a_gist_keep_their_words_and_are_told_once(small: Project) -> None:
    """In every build, where the note has them: its words stand on the text's page, too."""
    gist = "A [d](two.md#nope), a {ref}`search` and [e](#nix)."
    small.note("people/one", "ancient Silk Road", gist, body="A {ref}`search`.\n")
    for _again in range(2):
        book = built(small)
        assert dead_links(book) == []
        for page in ("text/a", "commentary/people/one"):
            assert "A d, a Search Page and e." in book.pages[f"{page}.xhtml"].get_text()
        told = re.findall(r"^\S+/(\S+\.md:\d+): WARNING: (.*)$", small.warnings, re.M)
        places = [place for place, _words in told]
        assert sorted(places) == ["one.md:7"] * 3 + ["one.md:9"], told
    assert checked(book.path) == []


@pytest.mark.parametrize("builder", ["html", "edition-check", "latex"])
def test_a_bad_link_of_a_gist_is_told_at_the_note_alone(small: Project, builder: str) -> None:
    gist = "A [d](two.md#nope), a [e](#nix), {any}`nobody`, {doc}`gone` and {ref}`nowhere`."
    small.note("people/one", "ancient Silk Road", gist)
    small.build(builder)
    told = re.findall(r"^\S+/(\S+\.md:\d+): WARNING: ", small.warnings, re.M)
    assert told == ["one.md:7"] * 5, small.warnings


def test_a_helper_that_is_not_in_the_book_costs_nothing(small: Project) -> None:
    """Extensions name theirs on every page, and may bring them when the book is made."""
    small.configure('html_css_files = ["late.css"]\nhtml_js_files = ["late.js"]\n')
    small.configure('def setup(app):\n    app.add_css_file("of-an-extension.css")\n')
    book = built(small)
    assert small.warnings == ""
    assert dead_links(book) == []
    assert checked(book.path) == []


def test_names_of_characters_are_read(small: Project) -> None:
    raw = "<p>5&nbsp;km &copy; Q&amp;A &hellip; a &lt; b &zz;</p><br>"
    small.write("raw.md", f"---\norphan: true\n---\n# Raw\n\n```{{raw}} html\n{raw}\n```\n")
    book = built(small)
    assert small.warnings == ""
    words = book.page("raw.xhtml").get_text()
    assert "5\N{NO-BREAK SPACE}km © Q&A … a < b &zz;" in words


def test_an_index_split_on_the_web_is_whole_in_the_book(small: Project) -> None:
    small.configure("html_split_index = True\n")
    small.write("entries.rst", ":orphan:\n\nEntries\n=======\n\n.. index:: apple, pear\n\nA.\n")
    small.build("html")
    assert small.output("genindex-A.html").exists()
    book = built(small)
    assert small.warnings == ""
    assert dead_links(book) == []
    assert {"apple", "pear"} <= {*book.page("genindex.xhtml").get_text().split()}
