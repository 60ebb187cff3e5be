"""Finding the one place that a quote means, or saying why there is none.

The rule: folded, the quote occurs exactly once in the whole base text, or
exactly once between its prefix and its suffix.  Nothing is ever attached to
what merely resembles it; resemblance only serves the error message.

``exact``, ``prefix`` and ``suffix`` are the names of the W3C Web Annotation Data Model's
TextQuoteSelector (https://www.w3.org/TR/annotation-model/#text-quote-selector).
"""

from __future__ import annotations

import sys
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from heapq import nlargest
from itertools import chain

from annotated_edition.text.folding import Folded, fold
from annotated_edition.text.letters import divides

#: Stands between two passages in the folded whole; folding never yields it.
_BREAK = "\n"

#: An ambiguous quote is answered with so many places: it needs more words, not a longer list.
MOST_CANDIDATES = 8

#: What ends a sentence, and belongs to no wording that was asked for without it.
_STOPS = ".,;:!?。，；：！？"

#: RapidFuzz compares up to so many characters at once; longer quotes take it a
#: hundred times longer, and are compared with the likeliest passages only.
_SHORT = 64


#: What resembles a long quote is found by its beginning.
_TELLING = 500

#: Start and end of folded words in the folded whole.
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the base text that a file refers to, and the line where it says so."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    line: int = 1
    #: The work or the pages that it is limited to.
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A quote resolved: passage (its place in reading order), start and end.

    The offsets count characters of the passage's running text.
    """

    passage: int
    start: int
    end: int
    #: Whether the quote goes on in the next passage.
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where an ambiguous quote occurs, with context that singles it out.

    ``prefix`` or ``suffix`` is empty when no context on that side decides.
    """

    anchor: Anchor
    prefix: str
    suffix: str


class BaseText:
    """All passages in reading order, folded into one string for searching.

    If *loose*, they and the quotes are folded so.
    """

    def __init__(self, passages: Sequence[str], *, loose: bool = False) -> None:
        self._passages = passages
        self._is_loose = loose
        self._fold = partial(fold, loose=loose)
        self._folded = [self._fold(text) for text in passages]
        self._starts: list[int] = []
        length = 0
        for passage in self._folded:
            self._starts.append(length)
            if passage.text:  # one without words parts nothing
                length += len(passage.text) + len(_BREAK)
        self._whole = _BREAK.join(passage.text for passage in self._folded if passage.text)
        # Context may reach into the passage before or after, the quote may not.
        self._context = self._whole.replace(_BREAK, " ")

    def find(self, quote: Quote) -> list[Anchor]:
        """All places that *quote* may mean: one when it is resolved.

        An empty quote has no place.
        """
        return [self._anchor(*span) for span in self._spans(quote, self._within)]

    def find_across(self, quote: Quote) -> list[tuple[Anchor, ...]]:
        """All places of a quote that runs over the end of a passage: an anchor in each passage."""
        spans = self._spans(quote, self._across)
        return [self._parted(*span) for span in spans if _BREAK in self._whole[slice(*span)]]

    @cached_property
    def _closed(self) -> Folded:
        """The folded whole without the breaks that such scripts don't show."""
        return self._fold(self._whole)

    def _parted(self, start: int, end: int) -> tuple[Anchor, ...]:
        """The words from *start* to *end*, passage by passage."""
        anchors = []
        while start < end:
            stop = self._whole.find(_BREAK, start, end)
            goes_on = stop >= 0
            stop = stop if goes_on else end
            anchors.append(replace(self._anchor(start, stop), goes_on=goes_on))
            start = stop + len(_BREAK)
        return tuple(anchors)

    def whole_words(self, quote: Quote, anchors: Sequence[Anchor]) -> list[Anchor]:
        """Those of a quote's *anchors* that neither begin nor end inside a word.

        Unless that is asked for: by a prefix that goes before the beginning, a suffix after
        the end.  In scripts that part no words, or join small words to others, none is inside.
        """
        return [anchor for anchor in anchors if not self._cut(quote, anchor)]

    def completed(self, anchor: Anchor) -> str:
        """The words at *anchor*, with the first and the last as a whole."""
        text, start, end = self._passages[anchor.passage], anchor.start, anchor.end
        while start and (divides(text, start) or _joins(text[start - 1], text[start])):
            start -= 1
        while end < len(text) and (divides(text, end) or _joins(text[end - 1], text[end])):
            end += 1
        return text[start:end]

    def divides_letter(self, anchor: Anchor) -> bool:
        """Whether *anchor* begins or ends between a letter and a mark that belongs to it."""
        text = self._passages[anchor.passage]
        return divides(text, anchor.start) or divides(text, anchor.end)

    def _cut(self, quote: Quote, anchor: Anchor) -> bool:
        if self.divides_letter(anchor):
            return True  # no context can ask for that
        text = self._passages[anchor.passage]
        begins = anchor.start > 0 and _joins(text[anchor.start - 1], text[anchor.start])
        ends = anchor.end < len(text) and _joins(text[anchor.end - 1], text[anchor.end])
        return (begins and not quote.prefix.strip()) or (ends and not quote.suffix.strip())

    def candidates(self, quote: Quote, most: int = 80) -> list[Candidate]:
        """The first places of an ambiguous quote, each with context to tell it apart.

        At most :data:`MOST_CANDIDATES`; :meth:`find` has them all.  The context is
        the fewest whole words, of *most* characters at most, that no other place
        has; a place without such context gets empty strings.
        """
        spans = self._spans(quote, self._within)
        return [
            Candidate(self._anchor(*span), *self._telling(span, spans, most))
            for span in spans[:MOST_CANDIDATES]
        ]

    def single_out(self, quote: Quote, anchor: Anchor) -> Quote:
        """A quote of the same words that means *anchor*, one of their places, alone.

        Its context is the shorter of the fewest whole words before that no other
        place has and the fewest after, those before if both are as long; where neither
        exist, the fewest on both sides.  The reading page's ``quoting.js`` does the same.
        Raises ValueError where *anchor* isn't one of their places.
        """
        spans = self._spans(Quote(quote.exact), self._within)
        span = spans[[self._anchor(*one) for one in spans].index(anchor)]
        if len(spans) == 1:
            return replace(quote, prefix="", suffix="")
        prefix, suffix = self._telling(span, spans, len(self._context))
        if prefix and suffix:
            prefix, suffix = (prefix, "") if len(prefix) <= len(suffix) else ("", suffix)
        elif not prefix and not suffix:
            prefix, suffix = self._telling_together(span, spans)
        return replace(quote, prefix=prefix, suffix=suffix)

    def nearest(self, quote: Quote, least: float = 60.0) -> tuple[int, str] | None:
        """The passage (place in reading order) and its words most like *quote*.

        None when nothing resembles it by at least *least* per cent (RapidFuzz's
        partial ratio).  For messages only.
        """
        from rapidfuzz import fuzz, process  # needed for mistakes alone

        wanted = self._fold(quote.exact).text[:_TELLING].rstrip()
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
        # As it can be copied: of white space any is the same.
        words = " ".join(self._passages[place][anchor.start : anchor.end].split())
        return place, words if wanted[-1] in _STOPS else words.rstrip(_STOPS)

    def _spans(self, quote: Quote, places: Callable[[str], Iterable[_Span]]) -> list[_Span]:
        """Where a quote stands in the folded whole, of all *places* of its folded words."""
        exact = self._fold(quote.exact).text
        if not exact:
            return []
        prefix, suffix = self._fold(quote.prefix).text, self._fold(quote.suffix).text
        return [
            span
            for span in places(exact)
            if self._follows(span, prefix) and self._precedes(span, suffix)
        ]

    def _within(self, exact: str) -> Iterator[_Span]:
        """Where folded words stand in one passage."""
        for stretch in self._stretches(exact):
            yield from _places(exact, self._whole, *stretch)

    def _across(self, exact: str) -> Iterator[_Span]:
        """Where they stand if the passages are one; *loose*, without spaces in some scripts."""
        if self._is_loose:
            yield from (self._closed.span(*one) for one in _places(exact, self._closed.text))
        else:
            yield from _places(exact, self._context)

    def _stretches(self, exact: str) -> Iterator[_Span]:
        """The passages that may have the folded words *exact*, or all of the text as one.

        Those with the rarest of its words, which spares a long book being read through for
        each of its thousand notes.
        """
        first, *inner = exact.split(" ")
        if not inner:
            yield 0, len(self._whole)
            return
        *inner, last = inner
        # The first word may be the end of one of the text's, the last the beginning of one.
        ending = (word[::-1] for word in _beginning(first[::-1], self._words_backwards))
        groups = [*ending], _beginning(last, self._words), *([word] for word in inner)
        found = ([self._passages_with.get(word, ()) for word in group] for group in groups)
        rarest = min(found, key=lambda passages: sum(map(len, passages)))
        for number in sorted(set(chain.from_iterable(rarest))):
            yield self._starts[number], self._starts[number] + len(self._folded[number].text)

    @cached_property
    def _words(self) -> list[str]:
        return sorted(self._passages_with)

    @cached_property
    def _words_backwards(self) -> list[str]:
        return sorted(word[::-1] for word in self._passages_with)

    @cached_property
    def _passages_with(self) -> Mapping[str, Sequence[int]]:
        """The passages, in reading order, that have each word of the text."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(self._folded):
            for word in set(passage.text.split(" ")):
                found[word].append(number)
        return found

    def _anchor(self, start: int, end: int) -> Anchor:
        passage = bisect_right(self._starts, start) - 1
        folded = self._folded[passage]
        base = self._starts[passage]
        return Anchor(passage, *folded.span(start - base, end - base))

    def _follows(self, span: _Span, prefix: str) -> bool:
        return self._context.endswith(prefix, 0, self._last_before(span))

    def _precedes(self, span: _Span, suffix: str) -> bool:
        return self._context.startswith(suffix, self._first_after(span))

    def _last_before(self, span: _Span) -> int:
        """Where what stands before ends, less the white space between."""
        at = span[0]
        while at and self._context[at - 1] == " ":
            at -= 1
        return at

    def _first_after(self, span: _Span) -> int:
        at = span[1]
        while self._context[at : at + 1] == " ":
            at += 1
        return at

    def _words_before(self, span: _Span) -> Iterator[str]:
        """The last word before, the last two words, and so on."""
        start = end = self._last_before(span)
        while start:
            start = self._context.rfind(" ", 0, start - 1) + 1
            yield self._context[start:end]

    def _words_after(self, span: _Span) -> Iterator[str]:
        start = end = self._first_after(span)
        while 0 <= end < len(self._context):
            end = self._context.find(" ", end + 1)
            yield self._context[start:] if end < 0 else self._context[start:end]

    def _telling(self, span: _Span, spans: Sequence[_Span], most: int) -> tuple[str, str]:
        """The fewest words before, and after, that no other of the *spans* has.

        Empty where more than *most* characters would be needed.
        """
        sides = (
            (self._words_before(span), self._follows),
            (self._words_after(span), self._precedes),
        )
        prefix, suffix = (_first_alone(span, spans, words, has, most) for words, has in sides)
        return prefix, suffix

    def _telling_together(self, span: _Span, spans: Sequence[_Span]) -> tuple[str, str]:
        """As many words on either side as no other of the *spans* has on both."""
        rivals = [other for other in spans if other != span]
        before, after = self._words_before(span), self._words_after(span)
        prefix = suffix = ""
        while rivals:  # ends at the latest with the whole text
            prefix, suffix = next(before, prefix), next(after, suffix)
            rivals = [
                rival
                for rival in rivals
                if self._follows(rival, prefix) and self._precedes(rival, suffix)
            ]
        return prefix, suffix


#: Alphabets in which words are parted, and small ones are not joined to others.
_PARTED = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN")


def _places(words: str, text: str, start: int = 0, end: int | None = None) -> Iterator[_Span]:
    """Where *words* stand in a text, from *start* to *end*; they may overlap."""
    at = text.find(words, start, end)
    while at >= 0:
        yield at, at + len(words)
        at = text.find(words, at + 1, end)


def _joins(before: str, after: str) -> bool:
    """Whether two characters that stand together belong to one word."""
    return all(
        letter.isdecimal()
        or unicodedata.category(letter)[0] == "M"
        or (letter.isalpha() and unicodedata.name(letter, "").startswith(_PARTED))
        for letter in (before, after)
    )


def _beginning(letters: str, words: Sequence[str]) -> Sequence[str]:
    """Those of the sorted *words* that begin with these *letters*."""
    return words[bisect_left(words, letters) : bisect_left(words, letters + chr(sys.maxunicode))]


def _pieces(text: str) -> set[str]:
    """All pieces of three characters: what two wordings share, in any script."""
    return {text[at : at + 3] for at in range(len(text) - 2)}


def _first_alone(
    span: _Span,
    spans: Iterable[_Span],
    offered: Iterable[str],
    has: Callable[[_Span, str], bool],
    most: int,
) -> str:
    """The first context *offered*, each longer than the last, that no other span has."""
    rivals = [other for other in spans if other != span]
    for context in offered:
        if len(context) > most:
            break
        # Who hasn't the shorter context hasn't the longer: few rivals stay.
        rivals = [rival for rival in rivals if has(rival, context)]
        if not rivals:
            return context
    return ""
