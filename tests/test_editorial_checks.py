"""What an editor would send a note back for: each fault with its place and words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotated_edition.anchor.editorial_checks import (
    between_notes,
    insecure_links,
    uncited_sources,
    wrong_scripts,
)
from annotated_edition.model import (
    Edition,
    Note,
    NotePage,
    Passage,
    Place,
    Problem,
    QuotedPlace,
    Subtype,
)
from annotated_edition.text.anchoring import Quote


@pytest.mark.parametrize(
    ("tag", "name", "wrong"),
    [
        ("zh", "丝绸之路", False),
        ("zh", "Сычоу", True),
        ("zh", "Silk 路", False),  # some letters are enough
        ("zh-Hant", "絲綢", False),
        ("zh-hant", "Silk", True),
        ("zh-Latn", "Sichou", False),
        ("zh-latn-pinyin", "丝绸", True),
        ("zh-CN", "Silk", True),
        ("kk", "Жібек жолы", False),
        ("KK", "Jibek", True),
        ("kk-Arab", "جىبەك", False),
        ("kk-Arab", "Жібек", True),
        ("el", "Δρόμος", False),
        ("he", "דרך", False),
        ("he", "Derekh", True),
        ("ru", "CICA", True),
        ("ru", "СВМДА (CICA)", False),
        ("en", "Silk Road", False),
        ("ka", "anything", False),  # a script that isn't looked at
        ("xx", "anything", False),
        ("zh", "2022", False),
    ],
)
def test_the_letters_of_a_name_are_those_of_its_language(tag: str, name: str, wrong: bool) -> None:
    message = f"{name!r} isn't written in the letters of {tag!r}: correct the tag or the name"
    assert list(wrong_scripts({"en": "Fine", tag: name})) == ([(tag, message)] if wrong else [])


def test_every_wrong_name_is_told() -> None:
    names = {"zh": "1", "ka": "x", "ru": "Put", "en": "Road", "kk": "Jol"}
    assert [tag for tag, _ in wrong_scripts(names)] == ["ru", "kk"]


PASSAGES = [Passage("text/a", 0, "The old road.", 3), Passage("text/a", 1, "The port.", 5)]
PLACES = Place("1", "text/a", "p1"), Place("2", "text/a", "p2")


def edition(**see_also: str) -> Edition:
    """Notes, each about both passages, by their names."""
    places = tuple(QuotedPlace(place, "", "words", "") for place in PLACES)
    notes = {}
    for number, (name, others) in enumerate(see_also.items(), 1):
        note = Note(
            name, "h", f"commentary/h/{name}", name, (),
            see_also=tuple(others.split()), see_also_line=number + 10,
        )  # fmt: skip
        notes[name] = NotePage(number, note, places, (), None, None)
    return Edition(PLACES, notes=notes)


def test_notes_that_see_each_other_are_sound() -> None:
    assert list(between_notes(edition(a="b", b="a", c=""), PASSAGES, {}, {})) == []


def test_a_passage_without_a_note_is_told() -> None:
    bare = edition(a="")
    page = bare.notes["a"]
    bare.notes["a"] = NotePage(1, page.note, page.places[:1], (), None, None)
    assert list(between_notes(bare, PASSAGES, {}, {})) == [
        Problem(
            Subtype.EDITORIAL,
            "text/a",
            5,
            "¶2 has no note: what would a reader want to know there?",
        )
    ]


def test_passages_and_places_go_together() -> None:
    with pytest.raises(ValueError, match="longer"):
        list(between_notes(edition(a=""), PASSAGES[:1], {}, {}))


def test_gists_that_begin_alike_are_told_at_the_later_one() -> None:
    gists = {
        "a": (4, "This road is a modern name."),
        "b": (5, "THIS  road is a word of old."),
        "c": (6, "This road is one"),
        "d": (7, "This road is"),
        "e": (8, "This road is"),
        "g": (9, "This road is a third."),
    }
    found = list(
        between_notes(edition(a="", b="", c="", d="", e="", f="", g=""), PASSAGES, gists, {})
    )
    assert found == [
        Problem(
            Subtype.EDITORIAL,
            f"commentary/h/{name}",
            line,
            "the gist begins like that of 'a': begin with what is particular here",
        )
        for name, line in (("b", 5), ("g", 9))
    ]


def test_notes_with_one_title_are_told_at_the_later_one() -> None:
    found = edition(a="", b="", c="")
    for name, title in (("a", "Xi’an"), ("b", "Xi"), ("c", "XI'AN")):
        page = found.notes[name]
        found.notes[name] = replace(page, note=replace(page.note, title=title))
    assert list(between_notes(found, PASSAGES, {}, {"a": 5, "b": 6, "c": 7})) == [
        Problem(
            Subtype.EDITORIAL,
            "commentary/h/c",
            7,
            "this is the title of 'a', too: say what is particular here",
        )
    ]


@pytest.mark.parametrize(
    ("text", "lines", "told"),
    [
        ("A long road. " * 30, (), True),
        ("A road. " * 9, (), False),
        ("Oh! " * 90, ((0, 1),), False),
    ],
)
def test_a_quote_of_a_long_passage_is_told(
    text: str, lines: tuple[tuple[int, int], ...], told: bool
) -> None:
    passages = [Passage("text/a", 0, text, 3, lines=lines), PASSAGES[1]]
    found = edition(a="")
    page = found.notes["a"]
    quotes = (Quote("port", line=2), Quote(f" {text}", line=3))
    found.notes["a"] = replace(page, note=replace(page.note, quotes=quotes))
    problems = list(between_notes(found, passages, {}, {}))
    assert [(one.docname, one.line) for one in problems] == [("commentary/h/a", 3)] * told
    assert all("the quote is all of ¶1: quote the words" in one.message for one in problems)


def test_what_nothing_cites_is_told(tmp_path: Path) -> None:
    one, two = tmp_path / "one.bib", tmp_path / "more" / "two.bib"
    two.parent.mkdir()
    one.write_text(
        "% é路\n@misc{used, title={T}}\n  @misc{indented,\n@book{ lost ,\n title={@misc{no, x}}}\n",
        "utf-8",
    )
    two.write_text("@misc{other,\n}\n@string{s = 1}\n@article{last, }\n", "utf-8")
    assert list(uncited_sources([one, two], {"used", "last"}, tmp_path)) == [
        Problem(
            Subtype.EDITORIAL, path, line, f"nothing cites {key!r}: cite it, or delete the entry"
        )
        for path, line, key in (("one.bib", 4, "lost"), ("more/two.bib", 1, "other"))
    ]


def test_addresses_that_are_reached_by_https_elsewhere(tmp_path: Path) -> None:
    one, two = tmp_path / "one.md", tmp_path / "more" / "two.md"
    two.parent.mkdir()
    one.write_text(
        "é路 [a](http://b.example/1) `http://b.example/2`\nhttp://c.example\nhttp://a.example/3.\n",
        "utf-8",
    )
    two.write_text(
        "url = {https://b.example/}, <https://a.example> http://a.example/{x} https://d.example\n",
        "utf-8",
    )
    assert [
        (problem.subtype, problem.docname, problem.line, problem.message)
        for problem in insecure_links([one, two], tmp_path)
    ] == [
        (
            Subtype.EDITORIAL,
            path,
            line,
            f"{host} is reached by https elsewhere: write https instead of http in {address}",
        )
        for path, line, host, address in (
            ("one.md", 3, "a.example", "http://a.example/3."),
            ("more/two.md", 1, "a.example", "http://a.example/{x"),
            ("one.md", 1, "b.example", "http://b.example/1"),
            ("one.md", 1, "b.example", "http://b.example/2"),
        )
    ]


def test_what_is_no_text_or_no_address_is_no_matter(tmp_path: Path) -> None:
    file = tmp_path / "one.bib"
    file.write_bytes(
        b"@misc{lost,\n\xff http://[ https://a.example\nhttp:// http://a.example/\xff\n}\n"
    )
    assert [problem.line for problem in uncited_sources([file], set(), tmp_path)] == [1]
    (found,) = insecure_links([file], tmp_path)
    assert (found.line, found.message[-19:]) == (3, " http://a.example/\ufffd")
