"""Glossary terms in running text: longest first, whole words, plain inflections."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotated_edition.text.folding import UNSPACED, fold
from annotated_edition.text.letters import divides, is_mark

#: English possessives, and the plurals that may take them: the longest come first.
_POSSESSIVES = "'s", "'", ""
_PLAIN = tuple(plural + ending for plural in ("es", "s", "") for ending in _POSSESSIVES)
_IN_Y = tuple(plural + ending for plural in ("ies", "y") for ending in _POSSESSIVES)

#: Joins the parts of a word without joining their letters: Persian verbs have it after "می".
_NON_JOINER = "\u200c"
#: Persian plurals, which stand after it.
_PERSIAN = f"{_NON_JOINER}های", f"{_NON_JOINER}ها", ""

#: What is the other case of a letter in Turkish, beside that of other languages.
_TURKISH = {"i": "İ", "İ": "i", "I": "ı"}

#: Folding makes one mark of quotation marks and apostrophes; these may be apostrophes.
_APOSTROPHES = frozenset("'’‘ʼ＇`´")

_UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")

#: A word of a script with spaces; a headword doesn't begin or end inside one.
_WORD = re.compile(f"[^\\W{UNSPACED}]+")
_NOT_WITHIN = f"(?<!{_WORD.pattern[:-1]})"

#: The longest ending that a word of the text may have for its headword's: "ies".
_LONGEST_ENDING = 3

#: Characters of what may come again; a sentence without spaces hardly will.
_OFTEN = 30

#: Characters of a headword: longer ones are looked for nowhere.
MOST_HEADWORD = 200


@dataclass(frozen=True, slots=True)
class _Headword:
    """A headword: what follows its initial in folded text, and what endings that takes."""

    term: str
    rest: str
    endings: tuple[str, ...]

    def end(self, text: str, start: int) -> int | None:
        """Where it ends in the folded *text*, if its stem stands at *start*."""
        stem_end = start + 1 + len(self.rest)
        for ending in self.endings:
            end = stem_end + len(ending)
            if (
                text.startswith(ending, stem_end)
                and not divides(text, end)
                and (not _goes_on_after(text, end) or _UNSPACED_LETTER.match(text, end - 1))
            ):
                return end
        return None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A headword found: which, and where in the text (offsets of the original)."""

    term: str
    start: int
    end: int


class _Shelf:
    """The headwords that begin alike, by how long they go on and by their words.

    Be there thousands, a place in the text is compared with one of each length.
    """

    def __init__(self) -> None:
        self._by_length: dict[int, dict[str, list[_Headword]]] = {}
        self._lengths: list[int] = []

    def add(self, headword: _Headword) -> None:
        alike = self._by_length.setdefault(len(headword.rest), {}).setdefault(headword.rest, [])
        # Of those that are one when folded the first will do.
        if all(other.endings != headword.endings for other in alike):
            alike.append(headword)
        self._lengths = sorted(self._by_length, reverse=True)

    def at(self, text: str, start: int) -> Sequence[_Headword]:
        """Those that go on as *text* does after *start*, longest first."""
        found: list[_Headword] = []
        for length in self._lengths:
            if alike := self._by_length[length].get(text[start + 1 : start + 1 + length]):
                found += alike
        return found


class TermFinder:
    """Finds any of a set of headwords in texts.

    *proper* headwords are names: a capital that begins one is part of it, so that
    "Turkey" isn't found in "a turkey".
    """

    def __init__(self, terms: Iterable[str], *, proper: bool = False) -> None:
        # By what they begin with, a word or a single sign, so that each word of the
        # text is compared with few headwords, be there thousands.
        self._headwords: dict[str, _Shelf] = defaultdict(_Shelf)
        # First letters; and other signs, which may stand anywhere, or not inside a word.
        letters, anywhere, outside = set(), set(), set()
        # Longest first: "Silk Road Economic Belt" wins over "Silk Road".
        for term in sorted(set(terms), key=lambda term: (-len(term), term)):
            folded = fold(term).text
            if not folded or len(folded) > MOST_HEADWORD:
                continue
            stem, endings = _inflected(folded)
            headword = _Headword(term, stem[1:], endings)
            word = _WORD.match(stem)
            for initial in _initials(folded, proper):
                beginning = initial + (word.group()[1:] if word else "")
                self._headwords[beginning].add(headword)
                if word:
                    letters.add(initial)
                elif _UNSPACED_LETTER.match(initial):
                    anywhere.add(initial)
                else:
                    outside.add(initial)
        # Few words begin as a headword does; the set comes first, which is quick to look for.
        word_like = _WORD.pattern[:-1]
        kinds = (
            f"{_any_of(letters)}(?<!{word_like}.){word_like}*" if letters else "",
            _any_of(anywhere) if anywhere else "",
            _NOT_WITHIN + _any_of(outside) if outside else "",
        )
        self._starts = _Starts(self._headwords, re.compile("|".join(filter(None, kinds))))

    def find(self, text: str) -> Iterator[Occurrence]:
        """The terms of *text* from left to right, none overlapping another."""
        if not self._headwords:
            return
        folded = fold(text)
        done = 0
        for start, shelves in self._places(folded.text):
            if start < done or _goes_on(folded.text, start):
                continue
            for headword in [it for one in shelves for it in one.at(folded.text, start)]:
                end = headword.end(folded.text, start)
                if end is None:
                    continue
                mark = folded.text.find("'", start + 1 + len(headword.rest), end)
                if mark >= 0 and text[folded.span(mark, mark + 1)[0]] not in _APOSTROPHES:
                    end = mark  # a closing quotation mark is no possessive
                yield Occurrence(headword.term, *folded.span(start, end))
                done = end
                break

    def _places(self, text: str) -> Iterator[tuple[int, list[_Shelf]]]:
        """Where headwords may begin in a folded *text*, and which; it has single spaces alone."""
        begins = 0
        for piece in text.split(" "):
            for start, shelves in self._starts[piece]:
                yield begins + start, shelves
            begins += len(piece) + 1


class _Starts(dict[str, Sequence[tuple[int, list[_Shelf]]]]):
    """Where headwords may begin in what stands between two spaces, and which, longest first.

    Most words of a text come again, and most begin no headword.
    """

    def __init__(self, headwords: Mapping[str, _Shelf], places: re.Pattern[str]) -> None:
        super().__init__()
        self._headwords = headwords
        self._places = places

    def __missing__(self, piece: str) -> Sequence[tuple[int, list[_Shelf]]]:
        places = self._places.finditer(piece)
        found = [(one.start(), shelves) for one in places if (shelves := self._shelves(one[0]))]
        if len(piece) <= _OFTEN:
            self[piece] = found
        return found

    def _shelves(self, word: str) -> list[_Shelf]:
        least = max(0, len(word) - _LONGEST_ENDING - 1)
        beginnings = (word[:length] for length in range(len(word), least, -1))
        return [self._headwords[one] for one in beginnings if one in self._headwords]


def _goes_on(text: str, at: int) -> bool:
    """Whether a word that began before *at* goes on there, after a mark or a vowel sign."""
    if not at or text.isascii():
        return False
    goes_on = is_mark(text[at - 1]) or text[at - 1] == _NON_JOINER
    return (goes_on and _WORD.match(text, at) is not None) or divides(text, at)


def _goes_on_after(text: str, end: int) -> bool:
    """Whether the word goes on where a headword ends."""
    return _WORD.match(text, end + text.startswith(_NON_JOINER, end)) is not None


def _any_of(signs: Iterable[str]) -> str:
    return f"[{''.join(map(re.escape, sorted(signs)))}]"


def _initials(term: str, proper: bool) -> str:
    """The letters that a folded headword may begin with.

    The first letter of a headword without further capitals may stand in either
    case, at the beginning of a sentence or in a glossary that capitalizes;
    acronyms and proper names (a capital after the first letter) match as written.
    Where all are *proper*, a capital stays one, and any small letter may begin a
    sentence.
    """
    head, rest = term[0], term[1:]
    if not head.isalpha() or (head != head.lower() if proper else rest != rest.lower()):
        return head
    cases = {head, head.lower(), head.upper(), *_TURKISH.get(head, "")}
    # "ß" has no capital of one letter.
    return "".join(sorted({case for case in cases if len(case) == 1}))


def _inflected(term: str) -> tuple[str, tuple[str, ...]]:
    """A folded headword without what its endings change, and these endings.

    They are English, and Persian where it parts them: other words have none.
    """
    letters = [sign for sign in term if sign.isalpha()]
    script = unicodedata.name(letters[-1], "") if letters else ""
    if script.startswith("ARABIC"):
        return term, _PERSIAN
    if "LATIN" not in script:
        return term, ("",)
    if term.endswith("y") and term[-2:-1].isalpha() and term[-2].lower() not in "aeiou":
        return term[:-1], _IN_Y
    return term, _PLAIN
