"""Names that several files claim: to which of them each belongs.  No Sphinx here.

It belongs to the first that claims it, in the order that is given: neither the order of reading
nor a file's name may decide, which strangers choose.  The others are reported, each once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from annotated_edition.model.records import GlossaryEntry, Label, Page, Problem, Subtype
from annotated_edition.text.control import brief
from annotated_edition.text.folding import fold

#: Where a headword leads: its entry, and its id on that page.
TermTarget = tuple[GlossaryEntry, str]
#: Where a label leads: the document, and what is there.
LabelTarget = tuple[str, Label]


def term_owners(
    entries: Iterable[GlossaryEntry],
) -> tuple[dict[str, TermTarget], list[Problem]]:
    """Each headword's own entry, and what is wrong with those that claim another's.

    Capital letters and typography make no headword of one's own, for texts and roles find either;
    only within a document, whose author knows both, ``ACE`` may stand beside ``ace``.
    """
    owners: dict[str, TermTarget] = {}
    folded: dict[str, GlossaryEntry] = {}
    problems = []
    for entry in entries:
        taken: tuple[str, GlossaryEntry] | None = None
        for term, anchor in entry.terms:
            other = folded.setdefault(fold(term).text.casefold(), entry)
            if other.docname == entry.docname and term not in owners:
                owners[term] = entry, anchor
            else:
                taken = taken or (term, other)
        if taken:
            term, other = taken
            problems.append(
                Problem(
                    Subtype.GLOSSARY,
                    entry.docname,
                    entry.line,
                    f"the glossary has {brief(repr(term))} already ({other.docname}, line "
                    f"{other.line}): keep one of them",
                )
            )
    return owners, problems


def label_owners(
    docnames: Iterable[str], pages: Mapping[str, Page]
) -> tuple[dict[str, LabelTarget], list[Problem]]:
    """Each label's own place, and what is wrong with those that claim another's.

    *docnames* are those of *pages*, in the order in which they may claim.
    """
    owners: dict[str, LabelTarget] = {}
    problems = []
    for docname in docnames:
        for name, label in pages[docname].labels.items():
            other, place = owners.setdefault(name, (docname, label))
            if other != docname:
                problems.append(
                    Problem(
                        Subtype.DUPLICATE_NOTE,
                        docname,
                        label.line,
                        f"the label {brief(repr(name))} is another place's already ({other}, line "
                        f"{place.line}): give this one another name",
                    )
                )
    return owners, problems
