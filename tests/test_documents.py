"""Which documents are what, and where notes of a kind lie."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase

import pytest

from annotated_edition.model import Documents, Kinds, Part
from annotated_edition.model.documents import strangers_folders


def named(*globs: str) -> Callable[[str], bool]:
    return lambda docname: any(fnmatchcase(docname, glob) for glob in globs)


DOCUMENTS = Documents(
    is_text=named("text/*", "index"),
    is_note=named("commentary/*/*", "text/*"),
    is_cross_reference=named("commentary/cross-references/*", "text/b"),
    is_strangers=named("commentary/*", "text/*"),
    is_trusted=named("commentary/about", "elsewhere"),
)


@pytest.mark.parametrize(
    ("docname", "part"),
    [
        ("text/a", Part.TEXT),
        ("text/b", Part.TEXT),
        ("text/index", Part.TEXT),
        ("index", Part.TEXT),
        ("commentary/people/her", Part.NOTE),
        ("commentary/people/index", Part.OTHER),
        ("commentary/people/reindex", Part.NOTE),
        ("commentary/cross-references/roads", Part.CROSS_REFERENCE),
        ("commentary/cross-references/index", Part.OTHER),
        ("about", Part.OTHER),
    ],
)
def test_the_part_of_a_document(docname: str, part: Part) -> None:
    assert DOCUMENTS.part(docname) is part


@pytest.mark.parametrize(
    ("docname", "untrusted"),
    [
        ("text/a", False),
        ("commentary/glossary", True),
        ("commentary/people/her", True),
        ("commentary/index", True),
        ("commentary/people/index", True),
        ("commentary/about", False),
        ("elsewhere", False),
        ("about", False),
    ],
)
def test_what_strangers_write(docname: str, untrusted: bool) -> None:
    assert DOCUMENTS.untrusted(docname) is untrusted


@pytest.mark.parametrize(
    ("globs", "folders"),
    [
        (["commentary/*/*", "commentary/cross-references/*"], {"commentary/"}),
        (["Notes/people/*", "NOTES/places/*"], {"notes/"}),
        (["book/commentary/*/*"], {"book/commentary/"}),
        (["book/commentary/**"], {"book/commentary/"}),
        (["notes/*"], {"notes/"}),
        (["notes/**"], {"notes/"}),
        (["*/*"], {""}),
        (["comm*/*/*"], {""}),
        (["**"], {""}),
        (["note"], {""}),
        (["a/*/b/*/*"], {"a/"}),
        ([], set()),
    ],
)
def test_where_strangers_write(globs: list[str], folders: set[str]) -> None:
    assert strangers_folders(globs) == folders


def test_each_document_is_looked_up_once() -> None:
    asked: list[str] = []

    def note(docname: str) -> bool:
        asked.append(docname)
        return True

    def no(_docname: str) -> bool:
        return False

    documents = Documents(no, note, no, note, no)
    for _ in range(3):
        assert documents.part("a") is Part.NOTE
        assert documents.untrusted("a")
    assert asked == ["a", "a"]


def test_kinds_are_those_that_are_configured_in_their_order() -> None:
    kinds = Kinds(["commentary/*/*"], {"text": "The words", "history": "History"}, ["c/places/a"])
    assert list(kinds.titles.items()) == [("text", "The words"), ("history", "History")]


def test_or_else_those_of_the_notes_by_name() -> None:
    notes = ["commentary/places/b", "more/history/a", "commentary/places/a", "alone"]
    kinds = Kinds(["commentary/*/*"], {}, notes)
    assert list(kinds.titles.items()) == [("history", "History"), ("places", "Places")]
    assert Kinds([], {}, ["alone"]).titles == {}


def test_a_kind_lies_where_its_notes_are() -> None:
    notes = ["more/b/people/her", "more/a/people/him", "places/port"]
    kinds = Kinds(["commentary/*/*"], {"people": "Men and women"}, notes)
    assert kinds.folder("people") == "more/a/people"
    assert kinds.folder("places") == "places"
    assert kinds.folder("history") == "commentary/history"


@pytest.mark.parametrize(
    ("globs", "folder"),
    [
        (["commentary/*/*"], "commentary/h"),
        (["commentary/**"], "commentary/h"),
        (["a/b/*/*"], "a/b/h"),
        (["*/*"], "h"),
        (["**"], "h"),
        (["notes/h/*"], "notes/h"),
        (["h/*"], "h"),
        (["*/x/*"], None),
        (["*/h/*"], None),
        (["*/*/*"], None),
        (["notes/p/*"], None),
        (["notes"], None),
        (["notes/p/*", "*/*/*", "second/*/*", "third/*/*"], "second/h"),
        ([], None),
    ],
)
def test_or_where_there_is_room(globs: list[str], folder: str | None) -> None:
    assert Kinds(globs, {"h": "History"}, []).folder("h") == folder


@pytest.mark.parametrize(
    ("globs", "folder"),
    [
        (["commentary/*/*"], "commentary/notes"),
        (["commentary/**"], "commentary/notes"),
        (["a/b/c/*", "x/*/*"], "a/b/c"),
        (["notes/*"], "notes"),
        (["*/*"], "notes"),
        ([], "commentary/notes"),
    ],
)
def test_an_edition_without_kinds_has_some_folder(globs: list[str], folder: str) -> None:
    assert Kinds(globs, {}, []).any_folder() == folder
