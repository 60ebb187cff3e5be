"""The e-book in two reading systems that are made of script: foliate-js and epub.js.

Each opens the edition's file, shows every chapter of its spine, and finds what marks of notes and
links to terms lead to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from support.edition import Outputs
from support.epub import Book
from support.npm import installed

pytestmark = [pytest.mark.edition, pytest.mark.xdist_group("edition")]
HOST = "http://reader.example"
FOLIATE = """<!doctype html><meta charset="utf-8"><script type="module">
  import { View } from "/foliate-js/view.js";
  const view = new View();
  view.style.cssText = "display: block; width: 600px; height: 800px";
  document.body.append(view);
  const file = await (await fetch("/book.epub")).blob();
  await view.open(new File([file], "book.epub"));
  const sections = view.book.sections;
  window.reader = {
    names: sections.map(({ id }) => id),
    // What is on the screen, and what all of the chapter says.
    async show(index) {
      await view.goTo(index);
      const [{ doc, index: shown }] = view.renderer.getContents();
      return [shown, doc.body.textContent, doc.documentElement.getClientRects().length];
    },
    async words(from, href) {
      const address = sections.find(({ id }) => id === from).resolveHref(href);
      const { index, anchor } = view.book.resolveHref(address);
      return anchor(await sections[index].createDocument()).textContent;
    },
  };
</script>"""
EPUB_JS = """<!doctype html><meta charset="utf-8">
<script src="/jszip/dist/jszip.min.js"></script><script src="/epubjs/dist/epub.min.js"></script>
<div id="area"></div><script type="module">
  const book = ePub("/book.epub");
  await book.ready;
  const rendition = book.renderTo("area", { width: 600, height: 800, allowScriptedContent: true });
  const names = book.spine.spineItems.map(({ href }) => href);
  window.reader = {
    names,
    async show(index) {
      await rendition.display(names[index]);
      const [{ document: doc, sectionIndex }] = rendition.getContents();
      return [sectionIndex, doc.body.textContent, doc.documentElement.getClientRects().length];
    },
    async words(from, href) {
      const to = new URL(href, `http://book/${from}`);
      await rendition.display(to.pathname.slice(1) + to.hash);
      return rendition.getContents()[0].document.getElementById(to.hash.slice(1)).textContent;
    },
  };
</script>"""


@pytest.fixture(scope="module")
def book(outputs: Outputs) -> Book:
    (path,) = outputs("epub").glob("*.epub")
    return Book(path)


@pytest.fixture(scope="module", params=["foliate-js", "epub.js"])
def reader(
    request: pytest.FixtureRequest, engines: Callable[[str], Browser], book: Book
) -> Iterator[Page]:
    """A window in which a reading system has opened the edition."""
    programs = installed("readers-1", "foliate-js@1.0.1", "epubjs@0.3.93")
    html = FOLIATE if request.param == "foliate-js" else EPUB_JS

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(HOST).partition("?")[0]
        if name == "/":
            route.fulfill(body=html, content_type="text/html")
        elif name == "/book.epub":
            route.fulfill(path=book.path)
        elif (path := Path(f"{programs}{name}")).is_file():
            route.fulfill(path=path)
        else:
            route.abort()

    context = engines("chromium").new_context(viewport={"width": 800, "height": 900})
    page = context.new_page()
    page.route(f"{HOST}/**", answer)
    page.goto(f"{HOST}/")
    page.wait_for_function("window.reader", timeout=60_000)
    yield page
    context.close()


def test_every_chapter_is_shown(reader: Page, book: Book) -> None:
    names = reader.evaluate("reader.names")
    assert names == book.spine
    # All notes have one form, as have all cross-references: the first of them, and all else.
    notes = [name for name in names if re.match(r"commentary/(?!cross-ref)\w+/", name)]
    ties = [name for name in names if name.startswith("commentary/cross-ref")]
    for name in (name for name in names if name not in notes[2:] + ties[1:]):
        index = names.index(name)
        shown, words, boxes = reader.evaluate("(index) => reader.show(index)", index)
        assert (shown, boxes > 0) == (index, True), name
        body = book.page(name).body
        assert body is not None
        assert "".join(words.split()) == "".join(body.get_text().split()), name


def _addresses(book: Book, selector: str) -> dict[str, Any]:
    """An address that the first page with such a link has, by the page's name."""
    found = ((name, page.select_one(selector)) for name, page in book.pages.items())
    return {name: link["href"] for name, link in found if link}


def test_a_note_and_a_term_are_found(reader: Page, book: Book) -> None:
    for selector, word in (('a[role="doc-noteref"]', "full note"), ("a:has(> .std-term)", " ")):
        [(name, href), *_] = _addresses(book, selector).items()
        words = reader.evaluate("([name, href]) => reader.words(name, href)", [name, href])
        page = book.page(
            name if href.startswith("#") else href.partition("#")[0].removeprefix("../")
        )
        target = page.find(id=href.partition("#")[2])
        assert target is not None
        assert word in words
        assert "".join(words.split()) == "".join(target.get_text().split())
