"""Advice for quotes that can't be attached."""

from __future__ import annotations

from collections.abc import Sequence

from annotated_edition.anchoring import MOST_CANDIDATES, BaseText
from annotated_edition.edition import Place
from annotated_edition.model import Quote


def missing(text: BaseText, places: Sequence[Place], quote: Quote) -> str:
    """What to do about words that the text has not, or not in this context."""
    bare = text.find(Quote(quote.exact))
    if bare:
        where = ", ".join(f"¶{places[anchor.passage].label}" for anchor in bare)
        return (
            f"{quote.exact!r} occurs ({where}), but not between this prefix and suffix: "
            "copy them from the text just before and after the words"
        )
    message = f"the text has no words {quote.exact!r}"
    nearest = text.nearest(quote)
    if nearest is None:
        return f"{message}: copy the words from the page"
    passage, words = nearest
    return f"{message}: did you mean ¶{places[passage].label} {words!r}?"


def ambiguous(text: BaseText, places: Sequence[Place], quote: Quote) -> str:
    """How to tell apart the places where words occur."""
    lines = [f"{quote.exact!r} occurs more than once: say which with prefix or suffix"]
    for candidate in text.candidates(quote):
        telling = [
            f"{name}: {words!r}"
            for name, words in (("prefix", candidate.prefix), ("suffix", candidate.suffix))
            if words
        ]
        label = places[candidate.anchor.passage].label
        lines.append(f"  ¶{label}  {'  or  '.join(telling) or 'quote more words'}")
    more = len(text.find(quote)) - MOST_CANDIDATES
    if more > 0:
        lines.append(f"  and {more} more: quote more words")
    return "\n".join(lines)
