"""Glossary terms in running text: longest first, whole words, plain inflections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annotated_edition.anchoring import fold

#: English endings that a headword may take: plural, possessive or both.
_ENDING = "(?:e?s)?(?:'s|')?"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A headword found: which, and where in the text (offsets of the original)."""

    term: str
    start: int
    end: int


class TermFinder:
    """Finds any of a set of headwords in texts."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms: dict[str, str] = {}
        patterns = []
        # Longest first: "Silk Road Economic Belt" wins over "Silk Road".
        for term in sorted(set(terms), key=lambda term: (-len(term), term)):
            folded = fold(term).text
            if folded:
                group = f"t{len(self._terms)}"
                self._terms[group] = term
                patterns.append(f"(?P<{group}>{_pattern(folded)})")
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)") if patterns else None

    def find(self, text: str) -> Iterator[Occurrence]:
        """The terms of *text* from left to right, none overlapping another."""
        if self._pattern is None:
            return
        folded = fold(text)
        for match in self._pattern.finditer(folded.text):
            term = self._terms[match.lastgroup or ""]
            yield Occurrence(term, *folded.span(*match.span()))


def _pattern(term: str) -> str:
    """A regular expression for a folded headword and its inflections.

    The first letter of a headword without further capitals may stand in either
    case, at the beginning of a sentence or in a glossary that capitalizes;
    acronyms and proper names (a capital after the first letter) match as written.
    """
    head, rest = term[0], term[1:]
    first = re.escape(head)
    if head.isalpha() and rest == rest.lower():
        first = f"[{head.lower()}{head.upper()}]" if len(head.upper()) == 1 else first
    if term.endswith("y") and term[-2:-1] not in set("aeiou"):
        stem = first + re.escape(term[1:-1]) if len(term) > 1 else first
        return f"{stem}(?:y|ies)(?:'s|')?"
    return first + re.escape(rest) + _ENDING
