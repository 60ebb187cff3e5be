"""Words in other scripts have their language, whatever the language of the pages."""

from __future__ import annotations

import pytest

from annotated_edition.weave.languages import languages_of
from support.project import Project


def forms(words: str, language: str = "en") -> list[tuple[str, str]]:
    pieces = list(languages_of(language).foreign_forms(words))
    assert "".join(piece for piece, _language in pieces) == words
    return [piece for piece in pieces if piece[1]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "Chinese 丝绸之路、一带; Kazakh Бір белдеу, бір жол; Russian Китай + Азия. In Ялта",
            [("丝绸之路、一带", "zh"), ("Бір белдеу, бір жол", "kk"), ("Китай + Азия", "ru")],
        ),
        (
            "Ukrainian Шовковий шлях, Serbian Пут свиле",
            [("Шовковий шлях", "uk"), ("Пут свиле", "sr")],
        ),
        ("Persian راه ابریشم and Uyghur يىپەك", [("راه ابریشم", "fa"), ("يىپەك", "ug")]),
        ("the word שלום, in Hebrew", [("שלום", "he")]),
        ("λόγος, in Ancient Greek λόγος", [("λόγος", "el"), ("λόγος", "grc")]),
        (
            "東京 is 東京タワー’s; 서울 한강",
            [("東京", "zh"), ("東京タワー", "ja"), ("서울 한강", "ko")],
        ),
        ("Japanese 東京", [("東京", "ja")]),
        ("Hindi रेशम मार्ग, ภาษาไทย", [("रेशम मार्ग", "hi"), ("ภาษาไทย", "th")]),
    ],
)
def test_a_script_or_the_name_before_tells_the_language(
    words: str, found: list[tuple[str, str]]
) -> None:
    assert forms(words) == found


@pytest.mark.parametrize("words", ["In Ялта", "طريق", "the α, β and γ of a Δ", "“naïve” – café’s"])
def test_what_may_be_in_several_languages_or_none_is_left_alone(words: str) -> None:
    assert forms(words) == []


def test_the_pages_own_script_is_foreign_to_nobody() -> None:
    assert forms("Путь 丝绸 и Жібек", "ru") == [("丝绸", "zh")]
    assert forms("丝绸之路，哈萨克语 Жібек жолы", "zh_CN") == [("Жібек жолы", "kk")]
    assert forms("東京タワー", "ja") == []
    assert forms("대한민국(大韓民國)", "ko") == []


def test_pages_say_them(project: Project) -> None:
    project.configure('edition_witnesses = {"El": "Greek, a papyrus", "Ms": "A manuscript"}')
    project.text("One word.", "Another.")
    project.note(
        "history/word",
        "One word",
        "The Hebrew דבר and its ends.",
        front="readings:\n  El:\n    reading: logos\n  Ms:\n    reading: verbum",
    )
    project.build()
    page = project.page("commentary/history/word")
    (hebrew,) = page.select("p [lang=he]")
    assert (hebrew.text, hebrew["dir"]) == ("דבר", "rtl")
    # A siglum is no language, but that of a version that bears the language's name is.
    assert [form.text for form in page.select("[lang=el]")] == ["logos"]
    assert not page.select("[lang=ms]")
