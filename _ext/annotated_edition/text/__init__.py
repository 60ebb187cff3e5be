"""Strings alone: what is the same text, where words stand in it, how heads are sorted.

Dates (``edtf``) and what is installed (``extras``) are modules of their own.
"""

from annotated_edition.text.anchoring import MOST_CANDIDATES, Anchor, BaseText, Candidate, Quote
from annotated_edition.text.bidi import balanced, isolated, runs_left
from annotated_edition.text.collation import CopyText, Difference, collate, read_copy_text
from annotated_edition.text.control import CONTROL, brief
from annotated_edition.text.folding import Folded, fold
from annotated_edition.text.sorting import initial, letters_of, sort_key
from annotated_edition.text.suggest import did_you_mean, nearest, slug
from annotated_edition.text.terms import Occurrence, TermFinder

__all__ = [
    "CONTROL",
    "MOST_CANDIDATES",
    "Anchor",
    "BaseText",
    "Candidate",
    "CopyText",
    "Difference",
    "Folded",
    "Occurrence",
    "Quote",
    "TermFinder",
    "balanced",
    "brief",
    "collate",
    "did_you_mean",
    "fold",
    "initial",
    "isolated",
    "letters_of",
    "nearest",
    "read_copy_text",
    "runs_left",
    "slug",
    "sort_key",
]
