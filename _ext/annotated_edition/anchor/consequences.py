"""What isn't said beside other mistakes: what follows from them, and what is too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

from annotated_edition.model import limits
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


def and_more(count: int) -> str:
    """What is said of *count* mistakes of a file that aren't told."""
    mistakes = "1 more mistake" if count == 1 else f"{count:,} more mistakes"
    return f"this file has {mistakes}: mend those that are told, then the next are told"


def bound(
    problems: Iterable[Problem],
    file_of: Callable[[Problem], str],
    untold: Mapping[str, tuple[int, int]],
) -> Iterator[Problem]:
    """The first *problems* of each file, each once, and how many more there are.

    *untold* are those that other tools found and that weren't told, by the file: the line of the
    first, and how many.
    """
    found: Counter[str] = Counter()
    more = dict(untold)
    docnames: dict[str, str] = {}
    for problem in dict.fromkeys(problems):
        file = file_of(problem)
        docnames.setdefault(file, problem.docname)
        found[file] += 1
        if found[file] <= limits.FINDINGS:
            yield problem
            continue
        line, count = more.get(file, (1, 0))
        if found[file] == limits.FINDINGS + 1:
            line = max(line, problem.line)
        more[file] = line, count + 1
    for file, (line, count) in more.items():
        yield Problem(Subtype.MORE, docnames.get(file, file), line, and_more(count))


def _reasons(problems: Iterable[Problem], set_aside: Set[str]) -> set[Problem]:
    """For each document set aside, its first problem and those that say the same."""
    first: dict[str, str] = {}
    told = set()
    for problem in problems:
        reason = first.setdefault(problem.docname, problem.message)
        if problem.docname in set_aside and reason == problem.message:
            told.add(problem)
    return told
