"""Finding the one place that a quote means, or saying why there is none.

The rule: folded, the quote occurs exactly once in the whole base text, or
exactly once between its prefix and its suffix.  Nothing is ever attached to
what merely resembles it; resemblance only serves the error message.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest

from annotated_edition.model import Anchor, Quote

#: Stands between two passages in the folded whole; folding never yields it.
_BREAK = "\n"

#: White space, and characters that print nothing and part no words.
_BLANK = "\\s\u00ad\u200b\u2060\ufeff"

#: Where an ellipsis may stand: docutils makes one of the first three of four dots, and
#: of spaced dots only when no three unspaced ones follow.
_DOTS = f"…|\\.\\.\\.|\\.(?:[{_BLANK}]*\\s[{_BLANK}]*\\.){{2}}(?!\\.\\.)"

#: What folding changes, each group one rule of :func:`fold`.  All quotation marks become
#: one: in half of the languages smart quotes make double marks of single ones, in one
#: style the other way round, and an apostrophe is written like either.
_TYPOGRAPHY = re.compile(
    "(?P<quote>[«‹][\u00a0\u202f]?|[\u00a0\u202f]?[»›]"
    '|["“”„‟″＂〝〞「」『』‘’‚‛′ʼ＇`´])'
    "|(?P<dash>[-‐‑‒–—―−－]{2,}|[‐‑‒–—―−－])"
    f"|(?P<dots>[{_BLANK}]*(?:{_DOTS}))"
    f"|(?P<blank>[{_BLANK}]{{2,}}|[^\\S ]|[\u00ad\u200b\u2060\ufeff])"
)
_FOLDED = {"quote": "'", "dash": "-", "dots": "…"}

#: An ambiguous quote is answered with so many places: it needs more words, not a longer list.
MOST_CANDIDATES = 8

#: What ends a sentence, and belongs to no wording that was asked for without it.
_STOPS = ".,;:!?。，；：！？"

#: RapidFuzz compares up to so many characters at once; longer quotes take it a
#: hundred times longer, and are compared with the likeliest passages only.
_SHORT = 64


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of folded text and the stretch of the original it stands for."""

    folded: int
    start: int
    end: int
    copied: bool


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded for comparison, with the way back to the original offsets."""

    text: str
    _runs: tuple[_Run, ...]
    _starts: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters from *start* to *end* (not empty) came from."""
        first, last = self._run(start), self._run(end - 1)
        return (
            first.start + (start - first.folded) if first.copied else first.start,
            last.start + (end - last.folded) if last.copied else last.end,
        )

    def _run(self, offset: int) -> _Run:
        return self._runs[bisect_right(self._starts, offset) - 1]


def _composed(text: str) -> list[tuple[int, int, str]]:
    """Stretches of *text* that NFC changes: start, end and what they become."""
    if unicodedata.is_normalized("NFC", text):
        return []
    changes = []
    start = 0
    while start < len(text):
        end = start + 1
        # A stretch ends before the next character that can't merge backwards:
        # marks can, and so can the later letters of Hangul syllables.
        while end < len(text) and (
            unicodedata.category(text[end])[0] == "M" or "\u1160" <= text[end] <= "\u11ff"
        ):
            end += 1
        normal = unicodedata.normalize("NFC", text[start:end])
        if normal != text[start:end]:
            changes.append((start, end, normal))
        start = end
    return changes


# A passage is folded for quotes, for terms and for the collation.
@lru_cache(maxsize=4096)
def fold(text: str) -> Folded:
    """Fold *text* for typography: quotation marks, dashes, ellipses, spaces, NFC.

    Two texts that differ in nothing else fold to the same string: quotation
    marks, single and double, straight and typographic (French ones with their
    inner no-break space), hyphens and dashes in all lengths, ``--`` and ``---``,
    three dots and the ellipsis, close or after a space, all white space, soft
    hyphens, and composed and decomposed letters.  So a text and what Sphinx's
    smart quotes make of it are one.  Leading and trailing white space goes.
    Words and case stay.
    """
    changes = []
    for match in _TYPOGRAPHY.finditer(text):
        rule, found = match.lastgroup or "", match.group()
        blank = " " if any(map(str.isspace, found)) else ""
        changes.append((match.start(), match.end(), _FOLDED.get(rule, blank)))
    if composed := _composed(text):
        changes = sorted(changes + composed)
    parts: list[str] = []
    runs: list[_Run] = []
    length = at = 0

    def put(piece: str, start: int, end: int, copied: bool) -> None:
        nonlocal length, at
        if not length:  # no white space before the first word
            copied_from = len(piece) - len(piece.lstrip())
            piece, start = piece[copied_from:], start + (copied_from if copied else 0)
        if piece:
            runs.append(_Run(length, start, end, copied))
            parts.append(piece)
            length += len(piece)
        at = end

    for start, end, becomes in changes:
        if start < at:
            continue  # within a change already made
        put(text[at:start], at, start, True)
        put(becomes, start, end, False)
    put(text[at:], at, len(text), True)
    return Folded("".join(parts).rstrip(), tuple(runs), tuple(run.folded for run in runs))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where an ambiguous quote occurs, with context that singles it out.

    ``prefix`` or ``suffix`` is empty when no context on that side decides.
    """

    anchor: Anchor
    prefix: str
    suffix: str


class BaseText:
    """All passages in reading order, folded into one string for searching."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._passages = passages
        self._folded = [fold(text) for text in passages]
        self._starts: list[int] = []
        length = 0
        for passage in self._folded:
            self._starts.append(length)
            length += len(passage.text) + len(_BREAK)
        self._whole = _BREAK.join(passage.text for passage in self._folded)
        # Context may reach into the passage before or after, the quote may not.
        self._context = self._whole.replace(_BREAK, " ")

    def find(self, quote: Quote) -> list[Anchor]:
        """All places that *quote* may mean: one when it is resolved.

        An empty quote has no place.
        """
        return [self._anchor(*span) for span in self._spans(quote)]

    def candidates(
        self, quote: Quote, only: Anchor | None = None, most: int = 80
    ) -> list[Candidate]:
        """The first places of an ambiguous quote, each with context to tell it apart.

        At most :data:`MOST_CANDIDATES`, or the place *only*; :meth:`find` has them all.
        The context is
        the fewest whole words, of *most* characters at most, that no other place
        has; a place without such context gets empty strings.
        """
        spans = self._spans(quote)
        before = [self._before(start, most) for start, _ in spans]
        after = [self._after(end, most) for _, end in spans]
        found = []
        wanted = [
            (number, span)
            for number, span in enumerate(spans)
            if only is None or self._anchor(*span) == only
        ]
        for number, span in wanted[:MOST_CANDIDATES]:
            # The cut may have halved the outermost word.
            words_before = before[number].split()[span[0] > most :]
            words_after = after[number].split()
            words_after = words_after[:-1] or words_after
            prefix = _telling(
                (" ".join(words_before[-n:]) for n in range(1, len(words_before) + 1)),
                (text for other, text in enumerate(before) if other != number),
                str.endswith,
            )
            suffix = _telling(
                (" ".join(words_after[:n]) for n in range(1, len(words_after) + 1)),
                (text for other, text in enumerate(after) if other != number),
                str.startswith,
            )
            found.append(Candidate(self._anchor(*span), prefix, suffix))
        return found

    def nearest(self, quote: Quote, least: float = 60.0) -> tuple[int, str] | None:
        """The passage (place in reading order) and its words most like *quote*.

        None when nothing resembles it by at least *least* per cent (RapidFuzz's
        partial ratio).  For messages only.
        """
        from rapidfuzz import fuzz, process  # needed for mistakes alone

        wanted = fold(quote.exact).text
        if not wanted:
            return None
        # A passage much shorter than the quote resembles any part of it.
        least_length = max(1, len(wanted) // 2)
        choices = {
            place: folded.text
            for place, folded in enumerate(self._folded)
            if len(folded.text) >= least_length
        }
        if len(wanted) > _SHORT:
            pieces = _pieces(wanted)
            likely = nlargest(
                MOST_CANDIDATES, choices, key=lambda at: len(pieces & _pieces(choices[at]))
            )
            choices = {place: choices[place] for place in sorted(likely)}
        best = process.extractOne(wanted, choices, scorer=fuzz.partial_ratio, score_cutoff=least)
        found = best and fuzz.partial_ratio_alignment(wanted, best[0])
        if best is None or found is None:
            return None
        text, _, place = best
        start = text.rfind(" ", 0, found.dest_start + 1) + 1
        end = text.find(" ", max(start, found.dest_end - 1))
        anchor = self._anchor(
            self._starts[place] + start, self._starts[place] + (end if end >= 0 else len(text))
        )
        words = self._passages[place][anchor.start : anchor.end].strip()
        return place, words if wanted[-1] in _STOPS else words.rstrip(_STOPS)

    def _spans(self, quote: Quote) -> list[tuple[int, int]]:
        exact = fold(quote.exact).text
        if not exact:
            return []
        prefix, suffix = fold(quote.prefix).text, fold(quote.suffix).text
        spans = []
        at = self._whole.find(exact)
        while at >= 0:
            end = at + len(exact)
            if self._before(at, len(prefix)) == prefix and self._after(end, len(suffix)) == suffix:
                spans.append((at, end))
            at = self._whole.find(exact, at + 1)
        return spans

    def _anchor(self, start: int, end: int) -> Anchor:
        passage = bisect_right(self._starts, start) - 1
        folded = self._folded[passage]
        base = self._starts[passage]
        return Anchor(passage, *folded.span(start - base, end - base))

    def _before(self, at: int, most: int) -> str:
        """Up to *most* characters before *at*, less the white space between."""
        while at and self._context[at - 1] == " ":
            at -= 1
        return self._context[max(0, at - most) : at]

    def _after(self, at: int, most: int) -> str:
        while self._context[at : at + 1] == " ":
            at += 1
        return self._context[at : at + most]


def _pieces(text: str) -> set[str]:
    """All pieces of three characters: what two wordings share, in any script."""
    return {text[at : at + 3] for at in range(len(text) - 2)}


def _telling(offered: Iterable[str], rivals: Iterable[str], has: Callable[[str, str], bool]) -> str:
    """The first context *offered*, each longer than the last, that no rival has."""
    for context in offered:
        # Who hasn't the shorter context hasn't the longer: few rivals stay.
        rivals = [rival for rival in rivals if has(rival, context)]
        if not rivals:
            return context
    return ""
