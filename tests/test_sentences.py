"""Every sentence of the article has a note or a term, or stands here with the reason why not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml

from support.edition import ROOT

PARTS = ("greeting", "thirty-years", "proposals", "closing")

#: Sentences that name no thing, figure or formula of which a reader could ask what it is.
WITHOUT: dict[str, str] = {
    "I very much look forward to the visit.": "a courtesy",
    "To this day, their stories are still being told among the two peoples.": (
        "tested with the sentence before it; a cross-reference ties it to ¶7"
    ),
    "Our interactions and cooperation have become ever more vibrant, and we have travelled an "
    "extraordinary path side by side.": "praise that names nothing",
    "-- Over the past 30 years, China-Kazakhstan relations have made big strides.": (
        "the head of a paragraph, told by what follows"
    ),
    "We are friends to trust and partners to count on for each other, and our peoples always "
    "stand shoulder to shoulder with each other.": "praise that names nothing",
    "-- Over the past 30 years, China-Kazakhstan cooperation has yielded remarkable results.": (
        "the head of a paragraph, told by what follows"
    ),
    "-- Over the past 30 years, China and Kazakhstan have built extensive infrastructure links.": (
        "the head of a paragraph, told by what follows"
    ),
    "Our cultural and people-to-people exchanges will make greater strides, and the friendship "
    "between our peoples will continue to thrive on an increasingly solid foundation.": (
        "a wish that names nothing"
    ),
    "Having stood the test of the changing circumstances and the passage of time, "
    "China-Kazakhstan relations have long become rock-solid.": (
        "praise; a cross-reference ties it to ¶9"
    ),
    "We should cherish this hard-won achievement, and work harder to carry on the cause of "
    "friendship between our two countries.": "an appeal that names nothing",
    "Second, we need to further deepen mutually beneficial cooperation.": "a heading",
    "Third, we need to firmly safeguard common security.": "a heading",
    "Fourth, we need to strengthen international coordination in all respects.": "a heading",
    "China stands ready to continue to share development achievements with Kazakhstan and learn "
    "from each other's development experience.": (
        "an offer that names nothing; a cross-reference ties it to ¶4"
    ),
}

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
#: The end of a sentence: a stop, what may close after it, and a capital or nothing.
_END = re.compile(r'(?<!\bDr)[.!?]["\')]*(?=\s+[A-Z"]|$)')


def passages() -> list[str]:
    found = []
    for part in PARTS:
        text = (ROOT / f"article/{part}.md").read_text(encoding="utf-8").translate(_STRAIGHT)
        text = re.sub(r"^:::\{container\}.*?^:::$", "", text, flags=re.DOTALL | re.MULTILINE)
        blocks = (" ".join(block.split()) for block in text.split("\n\n"))
        found += [block for block in blocks if block and not block.startswith("#")]
    return found


def sentences(passage: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _END.finditer(passage):
        yield start, end.end()
        start = end.end()


def quotes() -> Iterator[tuple[str, str, str]]:
    """The words of every note, with what stands before and after them."""
    for path in sorted((ROOT / "commentary").glob("*/*.md")):
        if path.parent.name == "cross-references":
            continue
        front = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
        given = front["quote"]
        for quote in given if isinstance(given, list) else [given]:
            parts = {"exact": quote} if isinstance(quote, str) else quote
            exact, prefix, suffix = (
                str(parts.get(name, "")).translate(_STRAIGHT)
                for name in ("exact", "prefix", "suffix")
            )
            yield exact, prefix.strip(), suffix.strip()


def terms() -> re.Pattern[str]:
    glossary = (ROOT / "commentary/glossary.md").read_text(encoding="utf-8").translate(_STRAIGHT)
    forms = re.findall(r"^(\w.*)$", glossary.split("```{glossary}\n")[1], re.MULTILINE)
    return re.compile("|".join(rf"\b{re.escape(form)}(?:s|'s)?\b" for form in forms))


def uncovered() -> list[str]:
    found = []
    words, term = list(quotes()), terms()
    for passage in passages():
        spans = [match.span() for match in term.finditer(passage)]
        for exact, prefix, suffix in words:
            for match in re.finditer(re.escape(exact), passage):
                before, after = passage[: match.start()].rstrip(), passage[match.end() :].lstrip()
                if before.endswith(prefix) and after.startswith(suffix):
                    spans.append(match.span())
        found += [
            passage[start:end].strip()
            for start, end in sentences(passage)
            if not any(a < end and start < b for a, b in spans)
        ]
    return found


@pytest.fixture(scope="module")
def bare() -> list[str]:
    return uncovered()


def test_sentences_are_told_apart() -> None:
    text = 'Dr. A has 5.5. "So?" It is so. U'
    assert [text[a:b].strip() for a, b in sentences(text)] == [
        "Dr. A has 5.5.",
        '"So?"',
        "It is so.",
    ]
    assert len(passages()) == 14


def test_a_sentence_without_note_or_term_has_its_reason(bare: list[str]) -> None:
    assert [sentence for sentence in bare if sentence not in WITHOUT] == []


def test_no_reason_is_left_over(bare: list[str]) -> None:
    assert [sentence for sentence in WITHOUT if sentence not in bare] == []
    assert all(reason.strip() for reason in WITHOUT.values())
