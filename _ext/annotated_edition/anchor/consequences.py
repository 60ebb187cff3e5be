"""What follows from another mistake, and isn't said beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from annotated_edition.model.records import Problem, Subtype

#: Mistakes for which a file, or what it says, is no part of the edition.
_REFUSED = frozenset(
    {
        Subtype.DUPLICATE_NOTE,
        Subtype.FRONT_MATTER,
        Subtype.QUOTE_AMBIGUOUS,
        Subtype.QUOTE_NOT_FOUND,
        Subtype.DANGLING,
        Subtype.SOURCE,
        Subtype.STRUCTURE,
        Subtype.MARKUP,
        Subtype.GLOSSARY,
        Subtype.UNSAFE,
    }
)


def filter_consequences(
    problems: Sequence[Problem], set_aside: Set[str], left_out: bool = False
) -> Iterator[Problem]:
    """The *problems* without those that only follow from others.

    Of documents that were *set_aside* only the reason is told, which is the first of theirs; an
    entry that the bibliography can't print is judged no further.
    While anything was refused, or files were *left_out*, nothing is said to be missing: it may
    stand there.
    """
    refused = left_out or bool(set_aside) or any(one.subtype in _REFUSED for one in problems)
    told = _reasons(problems, set_aside)
    unprinted = {(one.docname, one.line) for one in problems if one.subtype is Subtype.SOURCE}
    misread = {
        (one.docname, one.line)
        for one in problems
        if one.subtype is Subtype.REGISTER and "belongs to" not in one.message
    }
    for problem in problems:
        if problem.docname in set_aside and problem not in told:
            continue
        if problem.absence and refused:
            continue
        place = problem.docname, problem.line
        if problem.subtype is Subtype.EDITORIAL and place in unprinted:
            continue
        if problem.subtype is Subtype.UNUSED_NAME and place in misread:
            continue
        yield problem


def _reasons(problems: Iterable[Problem], set_aside: Set[str]) -> set[Problem]:
    """For each document set aside, its first problem and those that say the same."""
    first: dict[str, str] = {}
    told = set()
    for problem in problems:
        reason = first.setdefault(problem.docname, problem.message)
        if problem.docname in set_aside and reason == problem.message:
            told.add(problem)
    return told
