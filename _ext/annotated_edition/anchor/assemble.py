"""Assembling the edition: everything anchored, numbered, collated and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from annotated_edition.anchor import editorial_checks, source_checks
from annotated_edition.anchor.credit import credit
from annotated_edition.anchor.owners import label_owners
from annotated_edition.anchor.placing import place_all
from annotated_edition.anchor.registers import index_names
from annotated_edition.anchor.resolving import Text
from annotated_edition.anchor.turned_places import turned_places
from annotated_edition.model.edition import Edition, Place
from annotated_edition.model.records import Change, Page, Passage, Problem, Subtype
from annotated_edition.text.collation import CopyText, collate


@dataclass(frozen=True)
class Sources:
    """All that an edition is assembled from."""

    #: What was read, by docname.
    pages: Mapping[str, Page]
    #: The names of all files of notes, also of such as couldn't be read.
    names: frozenset[str] = field(default=frozenset(), kw_only=True)
    #: The documents of *pages* in the order in which they may claim a name that several have.
    claims: Sequence[str] = field(default=(), kw_only=True)
    #: The base-text pages in reading order, and the page that a project begins with.
    order: Sequence[str]
    root: str
    language: str = ""
    #: Which occurrences of a term are links: ``"first"`` on each page, ``"all"``, ``"none"``.
    glossary_links: str = "first"
    copy_text: CopyText | None = None
    #: The changes of every note's file, by its path; and globs of names that are nobody's.
    changes: Mapping[str, Sequence[Change]] = field(default_factory=dict)
    nobody: Sequence[str] = ()
    #: What the editorial checks look at; None where they are off.
    checked: CheckedFiles | None = None
    #: The titles of the works, by their names.
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckedFiles:
    """What the editorial checks look at beside what was read."""

    root: Path
    notes: Sequence[Path]
    #: The bibliography's files, and the keys that anything cites.
    bibliography: Sequence[Path] = ()
    cited: frozenset[str] = frozenset()


def assemble(sources: Sources) -> Edition:
    """Anchor, number and collate everything anew.

    The problems found are the edition's; those found at read stay with their pages.
    """
    text = text_of(sources.pages, sources.order, sources.titles)
    passages = text.passages
    pages = [sources.pages[docname] for docname in sorted(sources.pages)]
    claims = sources.claims or sorted(sources.pages)
    claiming = [sources.pages[docname] for docname in claims]
    edition = place_all(
        text,
        [page.note for page in pages if page.note],
        [page.cross_reference for page in pages if page.cross_reference],
        [entry for page in claiming for entry in page.entries],
        sources.glossary_links,
        sources.names,
    )
    edition.problems += _problems_of_unlisted(text.unlisted, sources.root)
    edition.problems += _taken_ids(edition, sources.pages)
    if sources.copy_text is not None:
        # What stands beside the text is another witness.
        own = [
            (passage, place)
            for passage, place in zip(passages, edition.places, strict=True)
            if passage.beside is None
        ]
        edition.problems += _collated(
            sources, sources.copy_text, [one for one, _ in own], [place for _, place in own]
        )
    edition.problems += label_owners(claims, sources.pages)[1]
    names = [name for page in claiming for name in page.names]
    if names:
        words = {str(page.note.id): page.words for page in pages if page.note and page.words}
        edition.registers, problems = index_names(
            names, passages, edition.places, edition.notes, words, sources.language,
            edition.refused,
        )  # fmt: skip
        edition.problems += problems
    edition.problems += turned_places(page.note for page in edition.notes.values())
    if sources.checked is not None:
        edition.problems += _checked(sources.checked, edition, passages, pages)
    _give_credit(sources, edition)
    return edition


def text_of(pages: Mapping[str, Page], order: Iterable[str], titles: Mapping[str, str]) -> Text:
    """The text of *pages*, in the reading *order*; *titles* are the works', by their names."""
    order = list(order)
    listed = [pages[docname] for docname in order if docname in pages]
    passages = [passage for page in listed for passage in page.passages]
    unlisted = sorted({name for name, page in pages.items() if page.passages} - set(order))
    return Text(
        passages,
        [part for page in listed for part in page.parts],
        [passage for docname in unlisted for passage in pages[docname].passages],
        [outside for _, page in sorted(pages.items()) for outside in page.outside],
        titles,
    )


def _problems_of_unlisted(unlisted: Iterable[Passage], root: str) -> Iterator[Problem]:
    for docname in dict.fromkeys(passage.docname for passage in unlisted):
        yield Problem(
            Subtype.DANGLING,
            docname,
            1,
            "this base-text page is in no toctree, so its passages have no numbers: "
            f"add a line /{docname} to a toctree, such as that of {root}",
        )


def _give_credit(sources: Sources, edition: Edition) -> None:
    """Say of every note who wrote and revised it.

    A note is known by its file's name, so one that was moved to another folder
    keeps its history.
    """
    changes: dict[str, list[Change]] = {}
    for path, found in sources.changes.items():
        changes.setdefault(PurePosixPath(path).stem, []).extend(found)
    for name, page in edition.notes.items():
        given = credit(page.note.contributors, changes.get(name, ()), sources.nobody)
        edition.notes[name] = replace(page, credit=given)


def _taken_ids(edition: Edition, pages: Mapping[str, Page]) -> Iterator[Problem]:
    """Ids of the author's that passages, notes and marks need."""
    for (docname, _), woven in edition.passages.items():
        needed = {woven.place.id, *(mark.id for mark in woven.marks if mark.id)}
        needed |= {f"note-{gloss.note}" for gloss in woven.glosses}
        ids = pages[docname].ids
        for name in sorted(needed & ids.keys()):
            included, line = ids[name]
            yield Problem(
                Subtype.DUPLICATE_NOTE,
                included or docname,
                line,
                f"this heading or target has the id {name!r}, which "
                f"{woven.place.sign} or its notes need: give it another name",
            )


def _collated(
    sources: Sources, copy_text: CopyText, passages: Sequence[Passage], places: Sequence[Place]
) -> Iterator[Problem]:
    """Every difference between the pages and the copy-text."""
    for found in collate([passage.text for passage in passages], copy_text):
        at = max(found.passage, 0)
        docname, line, label = (
            (passages[at].path or passages[at].docname, passages[at].line, places[at].cited)
            if passages
            else (sources.root, 1, "¶0")
        )
        page = (
            f"the page has “{found.page_reading}”" if found.page_reading else "the page has nothing"
        )
        witness = (
            f"the copy-text (line {found.line}) “{found.copy_reading}”"
            if found.copy_reading
            else "the copy-text has nothing there"
        )
        message = {
            "split": f"{label} ends inside a paragraph of the copy-text (line {found.line}): "
            f"take out the break in “{found.page_reading}”",
            "joined": f"{label} runs on where the copy-text begins a paragraph (line "
            f"{found.line}): put an empty line at the ¶ of “{found.copy_reading}”",
        }.get(
            found.division,
            f"{label} differs from the copy-text: {page}, {witness}: restore the "
            "copy-text's words on the page",
        )
        yield Problem(Subtype.COLLATION, docname, line, message)


def _checked(
    checked: CheckedFiles, edition: Edition, passages: Sequence[Passage], pages: Sequence[Page]
) -> Iterator[Problem]:
    """The editorial checks that need more than one file."""
    gists = {str(page.note.id): page.gist for page in pages if page.note}
    titles = {str(page.note.id): page.title_line for page in pages if page.note}
    yield from editorial_checks.between_notes(edition, passages, gists, titles)
    yield from editorial_checks.uncited_sources(checked.bibliography, checked.cited, checked.root)
    yield from source_checks.incomplete_sources(checked.bibliography, checked.root)
    yield from editorial_checks.insecure_links(
        [*checked.notes, *checked.bibliography], checked.root
    )
