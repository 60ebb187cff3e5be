"""The parts of the book: what stands where, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

from sphinx.builders.epub3 import NavPoint
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation

from annotated_edition.domain import EditionDomain
from annotated_edition.model.documents import Documents, Part
from annotated_edition.render.epub.semantics import Division

_ = get_translation("annotated_edition")


class Landmark(NamedTuple):
    """A place that e-readers offer by name; ``guide`` is EPUB 2's word for it, or empty."""

    type: str
    title: str
    href: str
    guide: str = ""


def divisions(env: BuildEnvironment, documents: Documents) -> dict[str, Division]:
    """The division of each document: the text and what lies between its pages is the body.

    A page whose table of contents leads to pages of the text is a part, a page of the text a
    chapter.
    """
    order = list(_reading_order(env))
    kinds = {}
    for docname in order:
        if documents.part(docname) is Part.TEXT:
            kinds[docname] = "chapter"
        elif docname != env.config.root_doc and any(
            documents.part(child) is Part.TEXT for child in env.toctree_includes.get(docname, ())
        ):
            kinds[docname] = "part"
    body = [at for at, docname in enumerate(order) if docname in kinds]
    first, last = (body[0], body[-1]) if body else (0, len(order) - 1)
    found = {
        docname: Division(
            "frontmatter" if at < first else "bodymatter" if at <= last else "backmatter",
            kinds.get(docname, ""),
        )
        for at, docname in enumerate(order)
    }
    return {docname: found.get(docname, Division("backmatter")) for docname in env.found_docs}


def _reading_order(env: BuildEnvironment) -> Iterator[str]:
    """All documents in some toctree, depth first."""
    seen = set()
    ahead = [env.config.root_doc]
    while ahead:
        docname = ahead.pop()
        if docname not in seen:
            seen.add(docname)
            yield docname
            ahead += reversed(env.toctree_includes.get(docname, []))


def landmarks(
    cover: str, title_page: str, pages: Mapping[str, tuple[str, str]], start: str
) -> list[Landmark]:
    """The landmarks of a book (EPUB 3.3, 7.4.4), each type once.

    *pages* tells the type and the title of pages in reading order, *start* is the page where
    the text begins.
    """
    marks = []
    if cover:
        marks.append(Landmark("cover", _("Cover"), cover, "cover"))
    marks.append(Landmark("titlepage", _("Title page"), title_page, "title-page"))
    marks.append(Landmark("toc", _("Table of contents"), "nav.xhtml#toc", "toc"))
    if start:
        marks.append(Landmark("bodymatter", _("The text"), start, "text"))
    for href, (kind, title) in pages.items():
        if kind in ("glossary", "bibliography", "index") and kind not in {
            mark.type for mark in marks
        }:
            marks.append(Landmark(kind, title, href, kind))
    return marks


def kind_titles(domain: EditionDomain, address: Callable[[str], str]) -> dict[str, str]:
    """The title of its kind for each note, by the note's address."""
    kinds = domain.env.config.edition_kinds
    return {
        address(page.note.docname): str(kinds.get(page.note.kind, page.note.kind.capitalize()))
        for page in domain.edition.notes.values()
    }


def by_kind(points: Sequence[NavPoint], kinds: Mapping[str, str]) -> list[NavPoint]:
    """The contents, with notes that follow one another under the title of their kind.

    *kinds* are those titles, by the notes' addresses.  A title leads nowhere itself.
    """
    found: list[NavPoint] = []
    for title, members in groupby(points, lambda point: kinds.get(point.refuri, "")):
        inner = [point._replace(children=by_kind(point.children, kinds)) for point in members]
        found += [NavPoint(escape(title), "", inner)] if title else inner
    return found
