"""Finding the one place that a quote means, or saying why there is none.

The rule: folded, the quote occurs exactly once in the whole base text, or
exactly once between its prefix and its suffix.  Nothing is ever attached to
what merely resembles it; resemblance only serves the error message.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from annotated_edition.model import Anchor, Quote

#: Stands between two passages in the folded whole; folding never yields it.
_BREAK = "\n"

#: White space, and characters that print nothing and part no words.
_BLANK = "\\s\u00ad\u200b\u2060\ufeff"

#: What folding changes, each group one rule of :func:`fold`.
_TYPOGRAPHY = re.compile(
    "(?P<double>«[\u00a0\u202f]?|[\u00a0\u202f]?»|[“”„‟″＂〝〞])"
    "|(?P<single>[‘’‚‛′ʼ＇`´‹›])"
    "|(?P<dash>[-‐‑‒–—―−－]{2,}|[‐‑‒–—―−－])"
    "|(?P<dots>(?<!\\.)\\.\\.\\.(?!\\.)|[ \u00a0]?(?<!\\.)\\. \\. \\.(?! ?\\.))"
    f"|(?P<blank>[{_BLANK}]{{2,}}|[^\\S ]|[\u00ad\u200b\u2060\ufeff])"
)
_FOLDED = {"double": '"', "single": "'", "dash": "-", "dots": "…"}


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
        # combining marks can, and so can the later letters of Hangul syllables.
        while end < len(text) and (
            unicodedata.combining(text[end]) or "\u1160" <= text[end] <= "\u11ff"
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

    Two texts that differ in nothing else fold to the same string: straight and
    typographic quotation marks (French ones with their inner no-break space),
    hyphens and dashes in all lengths, ``--`` and ``---``, three dots and the
    ellipsis, all white space, soft hyphens, and composed and decomposed
    letters.  Leading and trailing white space goes.  Words and case stay.
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

    def candidates(self, quote: Quote, most: int = 80) -> list[Candidate]:
        """The places of an ambiguous quote, each with context to tell it apart.

        The context is the fewest whole words, of *most* characters at most, that
        no other place has; a place without such context gets empty strings.
        """
        spans = self._spans(quote)
        return [Candidate(self._anchor(*span), *self._telling(span, spans, most)) for span in spans]

    def nearest(self, quote: Quote, least: float = 60.0) -> tuple[int, str] | None:
        """The passage (place in reading order) and words most like *quote*.

        None when nothing resembles it by at least *least* per cent (RapidFuzz's
        partial ratio).  For messages only.
        """
        from rapidfuzz import fuzz  # needed for mistakes alone

        wanted = fold(quote.exact).text
        best, place, found = least, -1, None
        for number, passage in enumerate(self._folded):
            if not passage.text or not wanted:
                continue
            score = fuzz.partial_ratio_alignment(wanted, passage.text, score_cutoff=best)
            if score is not None and score.score > best and len(passage.text) >= len(wanted) // 2:
                best, place, found = score.score, number, (score.dest_start, score.dest_end)
        if found is None:
            return None
        text = self._folded[place].text
        start = text.rfind(" ", 0, found[0] + 1) + 1
        end = text.find(" ", found[1])
        return place, text[start : end if end >= 0 else len(text)].strip()

    def _spans(self, quote: Quote) -> list[tuple[int, int]]:
        exact = fold(quote.exact).text
        if not exact:
            return []
        prefix, suffix = fold(quote.prefix).text, fold(quote.suffix).text
        spans = []
        at = self._whole.find(exact)
        while at >= 0:
            end = at + len(exact)
            if (not prefix or self._context[:at].rstrip().endswith(prefix)) and (
                not suffix or self._context[end : end + len(suffix) + 2].lstrip().startswith(suffix)
            ):
                spans.append((at, end))
            at = self._whole.find(exact, at + 1)
        return spans

    def _anchor(self, start: int, end: int) -> Anchor:
        passage = bisect_right(self._starts, start) - 1
        folded = self._folded[passage]
        base = self._starts[passage]
        return Anchor(passage, *folded.span(start - base, end - base))

    def _telling(
        self, span: tuple[int, int], spans: Sequence[tuple[int, int]], most: int
    ) -> tuple[str, str]:
        others = [other for other in spans if other != span]
        before = [self._context[:start].rstrip() for start, _ in others]
        after = [self._context[end:].lstrip() for _, end in others]
        words_before = self._context[max(0, span[0] - most) : span[0]].split()
        words_after = self._context[span[1] : span[1] + most].split()
        # The cut may have halved the outermost word.
        words_before, words_after = words_before[span[0] > most :], words_after[:-1] or words_after
        prefix = suffix = ""
        for count in range(1, len(words_before) + 1):
            tried = " ".join(words_before[-count:])
            if not any(text.endswith(tried) for text in before):
                prefix = tried
                break
        for count in range(1, len(words_after) + 1):
            tried = " ".join(words_after[:count])
            if not any(text.startswith(tried) for text in after):
                suffix = tried
                break
        return prefix, suffix
