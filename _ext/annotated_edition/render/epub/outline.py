"""The parts of the book: what stands where, in reading order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import unquote

from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.util.matching import Matcher

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
    front = Matcher(env.config.edition_pdf_front)
    found = {}
    for at, docname in enumerate(order):
        name = "bodymatter" if at <= last else "backmatter"
        if at < first or front(docname):
            name = "frontmatter"
        found[docname] = Division(name, kinds.get(docname, ""))
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


@dataclass(frozen=True)
class Places:
    """What decides where a page stands in the book; pages by their paths."""

    #: Pages that come before the text.
    front: Sequence[str] = ()
    text: Collection[str] = ()
    #: The notes' pages, with their numbers.
    notes: Mapping[str, int] = field(default_factory=dict)


Entries = list[dict[str, Any]]


def as_in_a_book(entries: Entries, places: Places) -> Entries:
    """The contents in the order of the printed book: front, text, notes by number, the rest.

    *entries* are Sphinx's, each with ``level``, ``refuri`` and ``text``.  The page that leads to
    all notes comes before them, and they stand under it; without one they follow the text.
    What several tables of contents list stands where the first does.
    """
    blocks = list(_blocks(_once(entries)))
    front = [block for path, block in blocks if path in places.front]
    notes = sorted(
        ((places.notes[path], block) for path, block in blocks if path in places.notes),
        key=lambda note: note[0],
    )
    moved = {*places.front, *places.notes}
    rest = [(path, block) for path, block in blocks if path not in moved]
    chapter = _parent([path for path, _ in blocks], blocks, places.notes)
    at = 0
    for number, (path, _block) in enumerate(rest, 1):
        if path in places.text:
            at = number
        if path == chapter:
            at = number
            break
    level = rest[at - 1][1][0]["level"] + 1 if chapter and at else 1
    found = [entry for block in front for entry in _at_level(block, 1)]
    found += [entry for _, block in rest[:at] for entry in block]
    for number, block in notes:
        first, *others = _at_level(block, level)
        found += [{**first, "text": f"{number}. {first['text']}"}, *others]
    found += [entry for _, block in rest[at:] for entry in block]
    return list(_step_by_step(found))


def _once(entries: Entries) -> Entries:
    """The entries, each address once."""
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        found.setdefault(entry["refuri"], entry)
    return list(found.values())


def _step_by_step(entries: Entries) -> Iterator[dict[str, Any]]:
    """The entries with levels from 1, none deeper than one below the entry before.

    Sphinx's navigation can't be made of others; what stood between may have gone elsewhere.
    """
    before = 0
    for entry in entries:
        before = min(max(entry["level"], 1), before + 1)
        yield {**entry, "level": before}


def _blocks(entries: Entries) -> Iterator[tuple[str, Entries]]:
    """The entries of each page, its own and those of its sections."""
    for path, members in groupby(entries, lambda e: unquote(e["refuri"].partition("#")[0])):
        yield path, list(members)


def _parent(
    paths: Sequence[str], blocks: Sequence[tuple[str, Entries]], notes: Collection[str]
) -> str:
    """The page under which the first note stands in the contents, if all notes stand there."""
    at = [number for number, path in enumerate(paths) if path in notes]
    parents = {
        next(
            (
                paths[before]
                for before in range(number - 1, -1, -1)
                if blocks[before][1][0]["level"] < blocks[number][1][0]["level"]
            ),
            "",
        )
        for number in at
    }
    return parents.pop() if len(parents) == 1 else ""


def _at_level(block: Entries, level: int) -> Entries:
    lower = level - block[0]["level"]
    return [{**entry, "level": entry["level"] + lower} for entry in block]
