"""The edition composed of what was read: marks, glosses, terms, ties, neighbours."""

from __future__ import annotations

import pytest

from annotated_edition.anchor.placing import place_all
from annotated_edition.anchor.resolving import Text
from annotated_edition.model import (
    CrossReference,
    Edition,
    Gloss,
    GlossaryEntry,
    Link,
    Mark,
    Note,
    Passage,
    Place,
    Problem,
    QuotedPlace,
    Subtype,
    TermLink,
    Tie,
)
from annotated_edition.text import Quote

TEXT = [
    Passage("text/front", 0, "A front line.", 2, lettered=True),
    Passage("text/a", 0, "The old road and the new road ran west to the port.", 3),
    Passage("text/a", 1, "The port was a market of silk, and of glass.", 5),
    Passage("text/b", 0, "Later the road was a border, and the port closed.", 3),
]
FRONT, ONE, TWO, THREE = (
    Place("a", "text/front", "pa"),
    Place("1", "text/a", "p1"),
    Place("2", "text/a", "p2"),
    Place("3", "text/b", "p3"),
)


def note(name: str, *quotes: str | Quote, kind: str = "places", see_also: str = "") -> Note:
    return Note(
        name,
        kind,
        f"commentary/{kind}/{name}",
        name.capitalize(),
        tuple(
            quote if isinstance(quote, Quote) else Quote(quote, line=line)
            for line, quote in enumerate(quotes, 3)
        ),
        gist_digest=f"gist of {name}",
        standing="disputed",
        see_also=tuple(see_also.split()),
        see_also_line=9,
    )


def composed(
    *notes: Note,
    references: tuple[CrossReference, ...] = (),
    entries: tuple[GlossaryEntry, ...] = (),
    links: str = "first",
    text: list[Passage] = TEXT,
) -> Edition:
    return place_all(Text(text), notes, references, entries, links)


def test_a_text_without_commentary() -> None:
    edition = composed()
    assert edition.places == (FRONT, ONE, TWO, THREE)
    assert list(edition.passages) == [
        ("text/front", 0),
        ("text/a", 0),
        ("text/a", 1),
        ("text/b", 0),
    ]
    for place, woven in zip(edition.places, edition.passages.values(), strict=True):
        assert woven.place is place
        assert (*woven.marks, *woven.glosses, *woven.terms, *woven.ties) == ()
    assert (edition.notes, edition.problems) == ({}, [])


def test_notes_are_numbered_in_the_order_of_the_text() -> None:
    edition = composed(
        note("closed", "closed"), note("whole", "old road and the new"), note("old", "old road")
    )
    # Of two that begin together, the one that ends first has the lower number.
    assert [(name, page.number) for name, page in edition.notes.items()] == [
        ("old", 1),
        ("whole", 2),
        ("closed", 3),
    ]
    assert edition.passages["text/a", 0].marks == (
        Mark("old", 1, "noteref-old", 4, 12),
        Mark("whole", 2, "noteref-whole", 4, 24),
    )
    assert edition.passages["text/b", 0].marks == (Mark("closed", 3, "noteref-closed", 42, 48),)
    assert edition.passages["text/a", 0].glosses[0] == Gloss(
        "old", 1, "places", "disputed", "commentary/places/old", "Old", "gist of old"
    )
    assert [gloss.note for gloss in edition.passages["text/a", 0].glosses] == ["old", "whole"]


def test_of_notes_that_end_together_the_one_that_begins_first_comes_first() -> None:
    edition = composed(
        note("b", "road and the new"), note("a", "new"), note("c", "old road and the new")
    )
    assert list(edition.notes) == ["c", "b", "a"]
    edition = composed(note("b", "new"), note("a", "new"))
    assert list(edition.notes) == ["a", "b"]  # of the same words, by name
    assert [mark.note for mark in edition.passages["text/a", 0].marks] == ["a", "b"]
    assert not edition.problems


def test_a_note_of_several_places_has_a_mark_at_each_and_one_gloss_a_passage() -> None:
    edition = composed(note("roads", "closed", "new road", "old road"), note("mid", "ran"))
    (page, _) = edition.notes.values()
    assert page.note.id == "roads"
    assert [quoted.words for quoted in page.places] == ["old road", "new road", "closed"]
    assert edition.passages["text/a", 0].marks == (
        Mark("roads", 1, "noteref-roads", 4, 12),
        Mark("roads", 1, "noteref-roads-2", 21, 29),
        Mark("mid", 2, "noteref-mid", 30, 33),
    )
    assert edition.passages["text/b", 0].marks[0].id == "noteref-roads-3"
    assert [gloss.number for gloss in edition.passages["text/a", 0].glosses] == [1, 2]
    assert [gloss.note for gloss in edition.passages["text/b", 0].glosses] == ["roads"]


def test_marks_stand_by_what_they_close() -> None:
    edition = composed(
        note(
            "first",
            "old road",
            "port",
        ),
        note("second", "new road"),
    )
    assert edition.problems  # "port" is ambiguous
    edition = composed(
        note("first", "The old road", Quote("port", suffix=".")), note("second", "new road")
    )
    assert not edition.problems
    marks = edition.passages["text/a", 0].marks
    assert [(mark.number, mark.end) for mark in marks] == [(1, 12), (2, 29), (1, 50)]
    assert [gloss.number for gloss in edition.passages["text/a", 0].glosses] == [1, 2]


def test_a_note_knows_its_neighbours_in_the_text() -> None:
    edition = composed(note("c", "closed"), note("a", "old road"), note("b", "market"))
    a, b, c = edition.notes.values()
    assert (a.previous, a.next) == (None, Link("B", "commentary/places/b"))
    assert b.previous == Link("A", "commentary/places/a")
    assert b.next == Link("C", "commentary/places/c")
    assert (c.previous, c.next) == (Link("B", "commentary/places/b"), None)


def test_see_also_leads_to_notes_that_are_attached() -> None:
    edition = composed(
        note("a", "old road", see_also="b bb x"), note("b", "market"), note("lost", "nowhere")
    )
    assert edition.notes["a"].see_also == (Link("B", "commentary/places/b"),)
    assert edition.problems[1:] == [
        Problem(
            Subtype.DANGLING,
            "commentary/places/a",
            9,
            "see-also names 'bb', but no note of that name is attached: write the name of "
            "another note's file, or take it out",
        ),
        Problem(
            Subtype.DANGLING,
            "commentary/places/a",
            9,
            "see-also names 'x', but no note of that name is attached: write the name of "
            "another note's file, or take it out",
        ),
    ]
    near = composed(note("road", "old road", see_also="prot"), note("port", "market"))
    assert near.problems[0].message.endswith("is attached: did you mean 'port'?")


def test_see_also_is_mutual_by_itself() -> None:
    edition = composed(note("a", "old road", see_also="b"), note("b", "market"))
    assert edition.notes["b"].see_also == (Link("A", "commentary/places/a"),)
    assert not edition.problems


def test_a_note_does_not_see_itself() -> None:
    for name in ("road", "raod"):
        (problem,) = composed(note("road", "old road", see_also=name)).problems
        assert problem.message == f"see-also names this note itself: take {name!r} out"


def test_what_names_a_refused_note_is_no_mistake_of_its_own() -> None:
    edition = place_all(
        Text(TEXT), [note("a", "old road", see_also="lost")], [], [], names=frozenset({"a", "lost"})
    )
    assert not edition.problems
    assert edition.refused == {"lost"}


def test_a_quote_that_cuts_words_is_told_the_whole_ones() -> None:
    text = [Passage("a", 0, "At the port.", 1)]
    (problem,) = composed(note("n", "he por"), text=text).problems
    assert problem.subtype is Subtype.QUOTE_NOT_FOUND
    assert "begins or ends inside a word: quote whole words, quote: the port" in problem.message
    asked = composed(note("n", Quote("he por", "t", "t")), text=text)
    assert asked.notes


def test_quotes_that_mean_no_one_place_are_reported_where_they_stand() -> None:
    edition = composed(note("port", "the harbour of glass", "port", "silk", "silk"))
    assert [(problem.subtype, problem.docname, problem.line) for problem in edition.problems] == [
        (Subtype.QUOTE_NOT_FOUND, "commentary/places/port", 3),
        (Subtype.QUOTE_AMBIGUOUS, "commentary/places/port", 4),
        (Subtype.DUPLICATE_NOTE, "commentary/places/port", 6),
    ]
    lost, ambiguous, twice = (problem.message for problem in edition.problems)
    assert lost.startswith("the text has no words 'the harbour of glass'")
    assert ambiguous.startswith("'port' occurs more than once")
    assert "¶2" in ambiguous
    assert twice == "'silk' is quoted twice: delete one"
    # What can be attached is.
    assert [quoted.words for quoted in edition.notes["port"].places] == ["silk"]


def test_a_note_without_any_place_is_left_out() -> None:
    edition = composed(note("lost", "nowhere at all"), note("silk", "silk"))
    assert [(name, page.number) for name, page in edition.notes.items()] == [("silk", 1)]


def test_of_notes_with_one_name_the_first_by_folder_is_kept() -> None:
    edition = composed(
        note("road", "new road", kind="text"), note("road", "old road", kind="places")
    )
    assert edition.notes["road"].note.kind == "places"
    assert edition.problems == [
        Problem(
            Subtype.DUPLICATE_NOTE,
            "commentary/text/road",
            1,
            "there is another note 'road' (commentary/places/road): give this file another name",
        )
    ]


def test_a_name_that_a_further_mark_needs_is_taken() -> None:
    notes = note("road", "old road", "new road"), note("road-2", "silk"), note("road-3", "glass")
    edition = composed(*notes)
    assert list(edition.notes) == ["road", "road-3"]
    assert edition.problems == [
        Problem(
            Subtype.DUPLICATE_NOTE,
            "commentary/places/road-2",
            1,
            "the id 'road-2' is taken by a further mark of the note 'road': give this file "
            "another name",
        )
    ]
    assert list(composed(note("road", "old road"), note("road-1", "silk")).notes) == [
        "road",
        "road-1",
    ]


def reference(name: str, *quotes: str) -> CrossReference:
    return CrossReference(
        f"commentary/cross-references/{name}",
        name.capitalize(),
        tuple(Quote(quote, line=line) for line, quote in enumerate(quotes, 4)),
    )


def test_a_cross_reference_ties_passages_together() -> None:
    edition = composed(references=(reference("roads", "road was a border", "new road", "market"),))
    quoted = edition.cross_references["commentary/cross-references/roads"]
    # As its file has them, with six words on either side.
    assert quoted == (
        QuotedPlace(THREE, "Later the ", "road was a border", ", and the port closed."),
        QuotedPlace(ONE, "The old road and the ", "new road", " ran west to the port."),
        QuotedPlace(TWO, "The port was a ", "market", " of silk, and of glass."),
    )
    # In the passage the others, in the order of the text, with three.
    assert edition.passages["text/a", 0].ties == (
        Tie(
            "Roads",
            (
                QuotedPlace(TWO, "… port was a ", "market", " of silk, and …"),
                QuotedPlace(THREE, "Later the ", "road was a border", ", and the …"),
            ),
        ),
    )
    assert [
        [quoted.place.label for quoted in tie.others]
        for woven in edition.passages.values()
        for tie in woven.ties
    ] == [["2", "3"], ["1", "3"], ["1", "2"]]
    assert not edition.problems


def test_of_several_words_in_a_passage_the_first_of_the_file_is_previewed() -> None:
    edition = composed(references=(reference("roads", "new road", "old road", "market"),))
    (tie,) = edition.passages["text/a", 1].ties
    assert [quoted.words for quoted in tie.others] == ["new road"]
    assert len(edition.cross_references["commentary/cross-references/roads"]) == 3
    assert not edition.problems


def test_a_cross_reference_within_one_passage_refers_to_nothing() -> None:
    edition = composed(references=(reference("roads", "new road", "old road"),))
    assert edition.problems == [
        Problem(
            Subtype.FRONT_MATTER,
            "commentary/cross-references/roads",
            4,
            "all these words stand in ¶1, so there is nothing to refer to: add a quote from "
            "another passage",
        )
    ]
    assert not edition.passages["text/a", 0].ties


def test_cross_references_come_by_their_files_names() -> None:
    edition = composed(
        references=(
            reference("b", "new road", "market"),
            reference("a", "old road", "nowhere here", "silk"),
        )
    )
    assert [tie.title for tie in edition.passages["text/a", 0].ties] == ["A", "B"]
    assert [(problem.docname, problem.line) for problem in edition.problems] == [
        ("commentary/cross-references/a", 5)
    ]


def entry(*terms: str, page: str = "commentary/glossary", line: int = 7) -> GlossaryEntry:
    return GlossaryEntry(
        page, line, tuple((term, f"term-{term}") for term in terms), f"digest of {terms[0]}"
    )


def terms_of(edition: Edition) -> list[list[tuple[int, int, str]]]:
    return [
        [(term.start, term.end, term.id) for term in woven.terms]
        for woven in edition.passages.values()
    ]


PORT = entry("port", "border")


def test_a_term_is_linked_where_it_first_stands_on_each_page() -> None:
    edition = composed(entries=(PORT,))
    assert terms_of(edition) == [[], [(46, 50, "term-port")], [], [(21, 27, "term-border")]]
    assert edition.passages["text/a", 0].terms == (
        TermLink(46, 50, "commentary/glossary", "term-port", "digest of port"),
    )
    assert not edition.problems


def test_or_everywhere_or_nowhere() -> None:
    edition = composed(entries=(PORT,), links="all")
    assert terms_of(edition) == [
        [],
        [(46, 50, "term-port")],
        [(4, 8, "term-port")],
        [(21, 27, "term-border"), (37, 41, "term-port")],
    ]
    nowhere = composed(entries=(PORT,), links="none")
    assert terms_of(nowhere) == [[], [], [], []]
    assert nowhere.occurrences == edition.occurrences


def test_each_place_of_an_entry_is_listed() -> None:
    edition = composed(entries=(PORT,))
    (places,) = edition.occurrences.values()
    assert list(edition.occurrences) == [("commentary/glossary", "term-port")]
    assert places == (
        QuotedPlace(ONE, "… new road ran west to the ", "port", "."),
        QuotedPlace(TWO, "The ", "port", " was a market of silk, and …"),
        QuotedPlace(THREE, "Later the road was a ", "border", ", and the port closed."),
        QuotedPlace(THREE, "… road was a border, and the ", "port", " closed."),
    )


def test_another_entry_is_linked_on_the_same_page() -> None:
    edition = composed(entries=(PORT, entry("silk")))
    assert terms_of(edition)[2] == [(25, 29, "term-silk")]


@pytest.mark.parametrize(
    ("quote", "linked"),
    [
        ("port.", False),
        ("port", False),
        (Quote("por", suffix="t"), True),
        (Quote("ort.", prefix="p"), True),
        ("the port.", False),
        ("the ", True),
    ],
)
def test_a_term_whose_words_a_note_marks_is_none(quote: str | Quote, linked: bool) -> None:
    text = [Passage("a", 0, "At the port.", 1)]
    edition = composed(note("n", quote), entries=(entry("port"),), text=text)
    assert edition.notes
    assert bool(edition.passages["a", 0].terms) is linked
    assert edition.occurrences["commentary/glossary", "term-port"]


@pytest.mark.parametrize(
    ("link", "linked"),
    [((7, 11), False), ((0, 8), False), ((10, 12), False), ((0, 7), True), ((11, 12), True)],
)
def test_nor_one_within_the_authors_link(link: tuple[int, int], linked: bool) -> None:
    text = [Passage("a", 0, "At the port.", 1, links=(link,)), Passage("a", 1, "A port.", 2)]
    edition = composed(entries=(entry("port"),), text=text)
    assert bool(edition.passages["a", 0].terms) is linked
    # The next one is the first then.
    assert bool(edition.passages["a", 1].terms) is not linked


def test_a_later_term_is_linked_after_one_that_cannot_be() -> None:
    text = [Passage("a", 0, "A port, silk, port, silk.", 1, links=((2, 6),))]
    edition = composed(note("n", "A port"), entries=(entry("port"), entry("silk")), text=text)
    assert terms_of(edition) == [[(8, 12, "term-silk"), (14, 18, "term-port")]]
    bare = composed(entries=(entry("port"), entry("silk")), text=text)
    assert terms_of(bare) == terms_of(edition)


def test_an_entry_that_occurs_nowhere_is_reported() -> None:
    edition = composed(entries=(entry("silken"), entry("closer, yet", line=8)))
    assert edition.problems == [
        Problem(
            Subtype.UNUSED_TERM,
            "commentary/glossary",
            7,
            "the term 'silken' occurs nowhere in the text (¶2 has 'silk'): add the form that does "
            "as a line above the definition, or delete the entry",
        ),
        Problem(
            Subtype.UNUSED_TERM,
            "commentary/glossary",
            8,
            "the term 'closer, yet' occurs nowhere in the text: add the form that does as a line "
            "above the definition, or delete the entry",
        ),
    ]
    assert set(edition.occurrences.values()) == {()}


def test_an_entry_that_stands_within_others_alone_is_told_which() -> None:
    text = [Passage("a", 0, "The revenue accrued during the term. Silk Roads.", 1)]
    entries = [entry(term) for term in ("accrued during", "revenue accrued", "Silk", "Silk Road")]
    edition = composed(entries=entries, text=text)
    assert [problem.message for problem in edition.problems] == [
        "the term 'accrued during' stands in the text only where 'revenue accrued' does (¶1), "
        "whose words it shares: make one entry of the two, or delete this one",
        "the term 'Silk' stands in the text only where 'Silk Road' does (¶1), whose words it "
        "shares: make one entry of the two, or delete this one",
    ]


def test_of_a_text_without_words_no_term_is_asked() -> None:
    edition = composed(entries=(entry("silk"),), text=[])
    assert edition.problems == []
    assert edition.passages == {}


def context(text: str, words: str) -> tuple[str, str]:
    edition = composed(note("n", words), text=[Passage("a", 0, text, 1)])
    (place,) = edition.notes["n"].places
    return place.before, place.after


def test_six_words_of_context_are_shown_on_either_side() -> None:
    assert context("a b c d e f X g h i j k l", "X") == ("a b c d e f ", " g h i j k l")
    assert context("0 a b c d e f X g h i j k l m", "X") == ("… a b c d e f ", " g h i j k l …")
    assert context("X", "X") == ("", "")


def test_where_no_spaces_part_words_letters_are_counted() -> None:
    assert context("丝" * 80 + "X" + "路" * 80, "X") == ("丝" * 80, "路" * 80)
    assert context("丝" * 81 + "X" + "路" * 81, "X") == ("…" + "丝" * 80, "路" * 80 + "…")


def test_quotes_with_white_space_that_means_nothing_are_found_if_nothing_else_is() -> None:
    text = [
        Passage("text/a", 0, "Il dit : «\u00a0Voilà\u00a0!\u00a0» et cria « encore ».", 3),
        Passage("text/a", 1, "立在河\n心；岸上", 5),
        Passage("text/a", 2, "Er rief »ja« und «nein».", 7),
    ]
    edition = composed(
        note("spaced", "dit : « Voilà ! » et"),
        note("straight", 'cria "encore"'),
        note("closed", "在河心"),
        note("parted", "在河 心；岸"),
        note("german", 'rief "ja" und'),
        note("gone", "rief »ja« und »nein«."),
        text=text,
    )
    marks = [
        [(mark.note, text[at].text[mark.start : mark.end]) for mark in woven.marks]
        for at, woven in enumerate(edition.passages.values())
    ]
    assert marks == [
        [
            ("spaced", "dit : «\u00a0Voilà\u00a0!\u00a0» et"),
            ("straight", "cria « encore »"),
        ],
        [("closed", "在河\n心"), ("parted", "在河\n心；岸")],
        [("german", "rief »ja« und"), ("gone", "rief »ja« und «nein».")],
    ]
    assert edition.problems == []


def test_a_quote_runs_on_in_the_same_work() -> None:
    text = [
        Passage("text/a", 0, "Arma virumque cano.", 3, work="m"),
        Passage("text/a", 1, "I sing of arms.", 5, work="e"),
        Passage("text/a", 2, "Troiae qui primus.", 7, work="m"),
        Passage("text/a", 3, "Who first from Troy.", 9, work="e"),
    ]
    edition = composed(
        note("latin", "cano. Troiae"),
        note("english", "arms. Who first"),
        note("mixed", "cano. I sing"),
        note("limited", Quote("cano. Troiae qui", scope="text/a")),
        text=text,
    )
    assert [[mark.note for mark in woven.marks] for woven in edition.passages.values()] == [
        ["latin", "limited"],
        ["english"],
        ["latin", "limited"],
        ["english"],
    ]
    (problem,) = edition.problems
    assert (problem.docname, problem.subtype) == (
        "commentary/places/mixed",
        Subtype.QUOTE_NOT_FOUND,
    )


def test_notes_are_numbered_by_where_their_marks_stand() -> None:
    edition = composed(note("long", "port. The port was a market"), note("old", "old road"))
    assert [
        (gloss.note, gloss.number) for woven in edition.passages.values() for gloss in woven.glosses
    ] == [
        ("old", 1),
        ("long", 2),
    ]
    edition = composed(
        note("long", "port. The port was a market"), note("west", "west to the port")
    )
    assert [gloss.note for gloss in edition.passages["text/a", 0].glosses] == ["west"]
    assert [gloss.number for woven in edition.passages.values() for gloss in woven.glosses] == [
        1,
        2,
    ]


@pytest.mark.parametrize(
    ("words", "quote", "whole"),
    [
        ("क्षेत्रे वृक्षाः फलन्ति।", "वृक्ष", "वृक्षाः"),
        ("क्षेत्रे वृक्षाः फलन्ति।", "क्", "क्षे"),
        ("แม่น้ำไหล", "แม่น", "แม่น้"),
        ("ثم كَتَبَ", "كَت", "كَتَ"),
        ("Es weint ☹️ und", "weint ☹", "weint ☹️"),
        ("Forscht 👩‍🔬 hier", "Forscht 👩", "Forscht 👩‍🔬"),
        ("Winkt 👋🏽 hier", "Winkt 👋", "Winkt 👋🏽"),
    ],
)
def test_no_mark_stands_within_a_letter(words: str, quote: str, whole: str) -> None:
    text = [Passage("text/a", 0, words, 3)]
    for wanted in (quote, Quote(quote, suffix=words[words.index(quote) + len(quote) :])):
        (problem,) = composed(note("cut", wanted), text=text).problems
        assert problem.subtype is Subtype.QUOTE_NOT_FOUND
        assert (
            f"between a letter and a mark that belongs to it: quote whole letters, quote: {whole}"
            in (problem.message)
        )
    assert composed(note("sound", whole), text=text).problems == []


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("अस्ति संसद्, विधिः", "संसद्"),
        ("राजा वचनमब्रवीत्॥", "वचनमब्रवीत्"),
        ("അവർ ജനിച്ചവരാണ്. അവൻ", "ജനിച്ചവരാണ്"),
        ("അന്ന് അവന്\u200d.", "അവന്\u200d"),
        ("முதற்றே உலகு தொழாஅர் எனின்.", "எனின்"),
        ("தமிழ்நாடு", "தமிழ்"),
        ("သော ဉာဏ်နှင့် ကျင့်ဝတ်", "ဉာဏ်"),
        ("සමාන අයිතිවාසිකම්වලින් ය", "අයිතිවාසිකම්"),
    ],
)
def test_a_mark_stands_after_a_letter_that_joins_nothing(words: str, quote: str) -> None:
    edition = composed(note("end", quote), text=[Passage("text/a", 0, words, 3)])
    assert edition.problems == []
    (woven,) = edition.passages.values()
    assert [gloss.note for gloss in woven.glosses] == ["end"]


@pytest.mark.parametrize(
    "quote",
    [
        "水の音閑さや",
        "水の音 閑さや",
        "水の音閑さや岩に",
        "しみ入る蝉の声 Basho",  # a Latin word is parted
        Quote("音閑", prefix="水の", suffix="さや岩"),
    ],
)
def test_quotes_run_over_passages_without_a_space_where_none_is_written(quote: str | Quote) -> None:
    lines = ("水の音", "閑さや\n岩に\nしみ入る", "蝉の声", "Basho")
    text = [Passage("text/a", number, words, 3) for number, words in enumerate(lines)]
    edition = composed(note("over", quote), text=text)
    assert edition.problems == []
    assert len(edition.passages) > 1


def test_whole_words_are_told_in_one_line() -> None:
    text = [Passage("text/a", 0, "words and\nmore words2 here", 3)]
    (problem,) = composed(note("cut", "and more words"), text=text).problems
    assert "quote whole words, quote: and more words2;" in problem.message
