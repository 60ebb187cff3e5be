"""Registers of names: lines read, forms, mentions in the text and in notes."""

from __future__ import annotations

import pytest

from annotated_edition.anchor.registers import index_names, read_line, shown_forms, wanted
from annotated_edition.model import (
    IndexedName,
    Name,
    NamedNote,
    NamedPlace,
    Note,
    NotePage,
    NoteWords,
    Passage,
    Place,
    Problem,
    Subtype,
)


@pytest.mark.parametrize(
    ("line", "head", "forms", "hidden", "note", "remark"),
    [
        ("Xi", "Xi", (), (), "", ""),
        ("  Xi  ", "Xi", (), (), "", ""),
        (
            "Kim, A.; Kim A; (K.) @kim | one | two",
            "Kim, A.",
            ("Kim A",),
            ("K.",),
            "kim",
            "one | two",
        ),
        ("A; B ; C", "A", ("B", "C"), (), "", ""),
        ("A @b", "A", (), (), "b", ""),
        ("A | remark", "A", (), (), "", "remark"),
        ("A|remark", "A", (), (), "", "remark"),
        ("A | ", "A", (), (), "", ""),
        ("a@b.example", "a@b.example", (), (), "", ""),
        ("A; ( b )", "A", (), ("b",), "", ""),
        ("A; (b) c; c (b)", "A", ("(b) c", "c (b)"), (), "", ""),
        ("(A)", "(A)", (), (), "", ""),
        ("A | see @b", "A", (), (), "", "see @b"),
    ],
)
def test_a_line_is_read(
    line: str,
    head: str,
    forms: tuple[str, ...],
    hidden: tuple[str, ...],
    note: str,
    remark: str,
) -> None:
    assert read_line("names", 2, 5, line) == Name("names", 2, 5, head, forms, hidden, note, remark)


@pytest.mark.parametrize("line", ["", "; Kim", "Kim;", "Kim; ; K", "Kim; ()", "Kim; ( )", "| one"])
def test_a_form_without_words_is_a_mistake(line: str) -> None:
    assert read_line("names", 0, 5, line) is None


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        (Name("n", 0, 1, "Xi"), ("Xi",)),
        (Name("n", 0, 1, "Kim, A.", ("Kim A",), ("K.",)), ("Kim, A.", "A. Kim", "Kim A", "K.")),
        (Name("n", 0, 1, "Li, A, B"), ("Li, A, B",)),
        (Name("n", 0, 1, "Li,A"), ("Li,A",)),
        (Name("n", 0, 1, "A, B", ("B A",), ("A, B",)), ("A, B", "B A")),
    ],
)
def test_the_forms_that_texts_may_use(name: Name, forms: tuple[str, ...]) -> None:
    assert wanted(name) == forms


def test_forms_that_say_more_than_the_head_are_shown() -> None:
    name = Name("n", 0, 1, "Kim, Ana", ("Ana Kim", "Kim", "A. Kim", "KIM-ANA", "Anna Kim"))
    assert list(shown_forms(name)) == ["A. Kim", "Anna Kim"]


PASSAGES = [
    Passage("text/a", 0, "Xi’s visit. The Silk Road Fund is no Silk Road, says Xi.", 3),
    Passage("text/a", 1, "Zhang Qian went to Xi'an.", 5),
]
PLACES = [Place("1", "text/a", "p1"), Place("2", "text/a", "p2")]
NOTES = {
    name: NotePage(
        number, Note(name, "h", f"commentary/h/{name}", name.title(), ()), (), (), None, None
    )
    for number, name in enumerate(("road", "doctor", "bare"), 1)
}
WORDS = {
    "doctor": NoteWords("Of Xi", "Nobody.", "Saulebek Kabylbekov’s hospital. Xi."),
    "road": NoteWords("Roads", "Zhang Qian again, and Xi.", "Xi. Zhang Qian; the eye doctor"),
    "lost": NoteWords("Nobody", "Tagore", "Tagore"),
}


def indexed(
    *names: Name, language: str = "", passages: list[Passage] = PASSAGES
) -> tuple[dict[tuple[str, int], tuple[IndexedName, ...]], list[Problem]]:
    return index_names(names, passages, PLACES[: len(passages)], NOTES, WORDS, language)


def name(line: str, number: int = 4, register: int = 0, docname: str = "names") -> Name:
    read = read_line(docname, register, number, line)
    assert read is not None
    return read


def one(line: str) -> IndexedName:
    registers, problems = indexed(name(line))
    assert problems == []
    ((found,),) = registers.values()
    return found


def test_a_name_is_found_in_the_text_and_in_notes() -> None:
    xi = name("Xi")
    assert one("Xi") == IndexedName(
        xi,
        "register-xi",
        # "Xi'an" is found as well: an apostrophe parts words, so it is given a name of its own.
        (
            NamedPlace(PLACES[0], ((0, 4), (53, 55))),
            NamedPlace(PLACES[1], ((19, 21),)),
        ),
        (
            NamedNote("road", 1, "Road", "commentary/h/road", ("gist", "body")),
            NamedNote("doctor", 2, "Doctor", "commentary/h/doctor", ("title", "body")),
        ),
    )


def test_every_form_counts_for_its_name() -> None:
    found = one("Kabylbekov, Saulebek; (eye doctor)")
    assert found.id == "register-kabylbekov-saulebek"
    assert [(note.note, note.parts) for note in found.notes] == [
        ("road", ("body",)),
        ("doctor", ("body",)),
    ]
    assert found.places == ()


def test_a_names_own_note_is_listed_even_where_it_says_nothing() -> None:
    found = one("Zhang Qian @bare")
    assert [(note.note, note.parts, note.is_own) for note in found.notes] == [
        ("road", ("gist", "body"), False),
        ("bare", (), True),
    ]
    assert [place.place.label for place in found.places] == ["2"]
    (own,) = [note for note in one("Zhang Qian @road").notes if note.note == "road"]
    assert (own.parts, own.is_own) == (("gist", "body"), True)


def test_the_longest_name_takes_the_words() -> None:
    registers, problems = indexed(name("Silk Road"), name("Silk Road Fund", 5), name("Xi'an", 6))
    assert problems == []
    road, fund, city = registers["names", 0]
    assert [place.spans for place in road.places] == [((37, 46),)]
    assert [place.spans for place in fund.places] == [((16, 30),)]
    assert city.places[0].place is PLACES[1]


def test_registers_are_sorted_each_by_its_heads() -> None:
    registers, problems = indexed(
        name("Zhang Qian", 4, 1),
        name("The Silk Road", 5, 1),
        name("Kabylbekov, Saulebek", 2, 0),
        name("Xi", 1, 0, "a"),
        language="en",
    )
    assert list(registers) == [("names", 0), ("names", 1), ("a", 0)]
    assert [entry.name.head for entry in registers["names", 1]] == ["The Silk Road", "Zhang Qian"]
    assert problems == []
    spoken, _ = indexed(name("Road, The"), name("The Fund"), language="en")
    assert [entry.name.head for entry in spoken["names", 0]] == ["The Fund", "Road, The"]
    unspoken, _ = indexed(name("Road, The"), name("The Fund"))
    assert [entry.name.head for entry in unspoken["names", 0]] == ["Road, The", "The Fund"]


def test_names_keep_their_articles_and_their_capitals() -> None:
    text = [Passage("text/a", 0, "A turkey, An Lushan, Borobudur, The Economist, Turkey", 3)]
    registers, problems = index_names(
        [name("Turkey"), name("An Lushan", 5), name("Borobudur", 6), name("The Economist", 7)],
        text, PLACES[:1], {}, {}, "en",
    )  # fmt: skip
    assert problems == []
    (register,) = registers.values()
    assert [entry.name.head for entry in register] == [
        *("An Lushan", "Borobudur", "The Economist", "Turkey")
    ]
    assert register[-1].places == (NamedPlace(PLACES[0], ((47, 53),)),)


def test_passages_and_places_go_together() -> None:
    with pytest.raises(ValueError, match="shorter"):
        index_names([name("Xi")], PASSAGES, PLACES[:1], {}, {})


def test_heads_of_the_same_letters_have_ids_of_their_own() -> None:
    registers, _ = indexed(
        name("Xi"),
        name("XI", 5),
        name("(xi)", 6),
        name("丝绸", 7),
        name("路", 8),
        name("Xi", 3, docname="a"),
    )
    assert [entry.id for entry in registers["a", 0]] == ["register-xi-4"]
    assert {entry.name.line: entry.id for entry in registers["names", 0]} == {
        4: "register-xi",
        5: "register-xi-2",
        6: "register-xi-3",
        7: "register-name",
        8: "register-name-2",
    }


def test_a_name_that_nobody_mentions_is_reported() -> None:
    assert indexed(name("Tagore"))[1] == [
        Problem(
            Subtype.UNUSED_NAME,
            "names",
            4,
            "neither the text nor a note mentions 'Tagore': add the form that they use after a "
            "semicolon, or delete the line",
        )
    ]
    # A name that a note or the text alone mentions is mentioned.
    assert indexed(name("Kabylbekov, Saulebek"))[1] == []
    assert indexed(name("Silk Road"))[1] == []
    # Without text and notes there is nothing that could.
    assert index_names([name("Tagore")], [], [], {}, {})[1] == []
    assert len(index_names([name("Tagore")], [], [], NOTES, {})[1]) == 1
    assert len(index_names([name("Tagore")], PASSAGES, PLACES, {}, {})[1]) == 1


def test_a_note_that_is_not_there_is_reported() -> None:
    assert indexed(name("Xi @nowhere"))[1] == [
        Problem(
            Subtype.DANGLING,
            "names",
            4,
            "there is no note 'nowhere': write the name of its file, or nothing",
        )
    ]


def test_a_form_belongs_to_one_name() -> None:
    registers, problems = indexed(name("Zhang Qian; Xi"), name("Xi", 5), name("Xi’an; Xi", 6))
    assert problems == [
        Problem(
            Subtype.REGISTER,
            "names",
            line,
            "the form 'Xi' belongs to 'Zhang Qian' already (names, line 4): give each a form of "
            "its own",
        )
        for line in (5, 6)  # and not that nothing mentions a name without forms of its own
    ]
    heads = {entry.name.head: entry for entry in registers["names", 0]}
    assert [place.place.label for place in heads["Zhang Qian"].places] == ["1", "2"]
    assert [place.spans for place in heads["Xi’an"].places] == [((19, 24),)]


def test_typography_makes_no_other_form() -> None:
    _, problems = indexed(name("Xi'an"), name("Xi’an", 5))
    assert problems[0].message.startswith("the form 'Xi’an' belongs to \"Xi'an\" already")
    assert indexed(name("Xi'an; Xi’an"))[1] == []
