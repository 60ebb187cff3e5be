"""Glossary terms in running text: pure logic."""

from __future__ import annotations

import pytest

from annotated_edition.text import TermFinder
from support.growth import steps


def found(text: str, *terms: str) -> list[tuple[str, str]]:
    return [(hit.term, text[hit.start : hit.end]) for hit in TermFinder(terms).find(text)]


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("all border ports open", "border port", "border ports"),
        ("China’s Confucius Institutes’ work", "Confucius Institute", "Confucius Institutes’"),
        ("the party's line", "party", "party's"),
        ("two parties met", "party", "parties"),
        ("Steppe and sky", "steppe", "Steppe"),
        ("a vast steppe", "Steppe", "steppe"),
        ("the win–win idea", "win-win", "win–win"),
        ("in “the Silk\u00a0Road”", "Silk Road", "Silk\u00a0Road"),
        ("two «border\u00a0ports\u00a0»", "border port", "border\u00a0ports"),
        ("the SCO's seat", "SCO", "SCO's"),
        ("a point (x, y).", "y", "y"),
        ("古代丝绸之路上", "丝绸", "丝绸"),
        ("ประวัติศาสตร์ไทย", "ไทย", "ไทย"),
        ("上海SCO成员", "SCO", "SCO"),
        ("シルクロードの町", "シルクロード", "シルクロード"),
        ("древняя степь", "Степь", "степь"),
        ("the ’Abbasid court", "'Abbasid", "’Abbasid"),
        ("Straßen", "straßen", "Straßen"),
        ("in C++ then", "C++", "C++"),
        ("İklim güzel", "iklim", "İklim"),
        ("bu iklim", "İklim", "iklim"),
        ("bir ışık", "Işık", "ışık"),
        ("Isı", "ısı", "Isı"),
        ("بربندید محمل\u200cها", "محمل", "محمل\u200cها"),
        ("کتاب\u200cهای او", "کتاب", "کتاب\u200cهای"),
        ("می و معشوق", "می", "می"),
    ],
)
def test_inflections_typography_and_first_letters(text: str, term: str, expected: str) -> None:
    assert found(text, term) == [(term, expected)]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("the unit", "UN"),
        ("they run", "UN"),
        ("a silk road", "Silk Road"),
        ("the silkworm", "silk"),
        ("days", "da"),
        ("yy yies", "y"),
        ("степьs", "степь"),
        ("丝绸s", "之路"),
        ("SCOлет", "SCO"),
        ("l'Abbasid", "'Abbasid"),
        ("فریاد می\u200cدارد", "می"),
        ("دیوانه\u200cای بی\u200cدل", "دل"),
    ],
)
def test_no_parts_of_words_and_no_other_case(text: str, term: str) -> None:
    assert found(text, term) == []


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("वह काले घोड़े पर आया।", "काल"),
        ("बारात आई।", "रात"),
        ("परिणाम यह है", "नाम"),
        ("แม่น้ำไหล", "น"),
        ("كَتَبَ الولد", "كَت"),
        ("👩‍🔬 hier", "👩"),
    ],
)
def test_letters_with_marks_are_no_ends_of_words(text: str, term: str) -> None:
    assert list(TermFinder([term]).find(text)) == []


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("रात को आया", "रात"),
        ("वह काला है", "काला"),
        ("น้ำไหลเชี่ยว", "ไหล"),
        ("الولد كَتَبَ", "كَتَبَ"),
        ("संसद्, विधि द्वारा", "संसद्"),
        ("എനിക്ക് അവന്. ഞാൻ", "അവന്"),
        ("சொல் என்றான்.", "என்றான்"),
        ("ကောင်းသော ဉာဏ်နှင့်", "ဉာဏ်"),
    ],
)
def test_words_that_end_in_marks_are_found(text: str, term: str) -> None:
    (found,) = TermFinder([term]).find(text)
    assert text[found.start : found.end] == term


def test_the_longest_term_wins() -> None:
    text = "the Silk Road Economic Belt and the Silk Road"
    assert [term for term, _ in found(text, "Silk Road", "Silk Road Economic Belt")] == [
        "Silk Road Economic Belt",
        "Silk Road",
    ]


def test_of_two_headwords_that_begin_alike_the_one_that_fits_is_found() -> None:
    terms = "new", "news", "party", "part", "parties of the right"
    text = "News of the parties of the right, parties and parts"
    assert [term for term, _ in found(text, *terms)] == [
        "news",
        "parties of the right",
        "party",
        "part",
    ]
    assert found("丝绸之路的丝绸", "丝绸", "丝绸之路") == [
        ("丝绸之路", "丝绸之路"),
        ("丝绸", "丝绸"),
    ]


def test_a_thousand_terms_in_a_long_text_are_found_quickly() -> None:
    def work(terms: int, sentences: int) -> int:
        text = "The caravans of the eastern steppe carried silk to every market town. " * sentences
        others = [f"caravan of the {number}th year" for number in range(terms // 2)]
        others += [f"ste{number}" for number in range(terms // 2)]
        finder = TermFinder([*others, "market town"])
        found: list[object] = []
        taken = steps(lambda: found.extend(finder.find(text)))
        assert len(found) == sentences
        return taken

    few = work(100, 200)
    assert work(1000, 200) < 11 * few
    assert work(100, 800) < 4.5 * few


def test_proper_names_keep_their_capitals() -> None:
    finder = TermFinder(["Turkey", "joint statement of May", "Xi", "ibn Sina"], proper=True)
    text = "A turkey, Turkey's xi and Xi. Joint statement of May; Ibn Sina, ibn Sina"
    assert [text[hit.start : hit.end] for hit in finder.find(text)] == [
        *("Turkey's", "Xi", "Joint statement of May", "Ibn Sina", "ibn Sina")
    ]


def test_no_terms_find_nothing() -> None:
    assert found("anything") == []
