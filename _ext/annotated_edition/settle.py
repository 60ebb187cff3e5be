"""Step 2, anchor: from what was read, page by page, to the edition and its problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from sphinx.environment import BuildEnvironment

from annotated_edition import checks
from annotated_edition.clone import Change, Clone, History
from annotated_edition.collation import collate
from annotated_edition.compose import compose
from annotated_edition.copytext import read_copy_text
from annotated_edition.credit import credit
from annotated_edition.documents import Documents, Part
from annotated_edition.edition import Edition, Place
from annotated_edition.model import Page, Passage, Problem, Subtype
from annotated_edition.names import index_names
from annotated_edition.references import faulty_sources


def settle(env: BuildEnvironment, pages: Mapping[str, Page], documents: Documents) -> Edition:
    """Anchor, number and collate everything anew.

    The problems found are the edition's; those found at read stay with their pages.
    """
    passages = read_passages(env, pages, documents)
    sorted_pages = [pages[docname] for docname in sorted(pages)]
    edition = compose(
        passages,
        [page.note for page in sorted_pages if page.note],
        [page.cross_reference for page in sorted_pages if page.cross_reference],
        [entry for page in sorted_pages for entry in page.entries],
        env.config.edition_glossary_links,
    )
    unlisted = {docname for docname, page in pages.items() if page.passages}
    unlisted -= {passage.docname for passage in passages}
    for docname in sorted(unlisted):
        edition.problems.append(
            Problem(
                Subtype.DANGLING,
                docname,
                1,
                "this base-text page is in no toctree, so its passages have no numbers: "
                f"add a line /{docname} to a toctree, such as that of {env.config.root_doc}",
            )
        )
    edition.problems += _taken_ids(edition, pages)
    edition.problems += _collate(env, passages, edition.places)
    names = [name for page in sorted_pages for name in page.names]
    if names:
        words = {page.note.id: page.words for page in sorted_pages if page.note and page.words}
        edition.registers, problems = index_names(
            names, passages, edition.places, edition.notes, words, str(env.config.language)
        )
        edition.problems += problems
    edition.problems += faulty_sources(env)
    if env.config.edition_checks:
        edition.problems += _check(env, edition, passages, sorted_pages)
    _give_credit(env, edition, documents)
    return edition


def _give_credit(env: BuildEnvironment, edition: Edition, documents: Documents) -> None:
    """Say of every note who wrote and revised it.

    A note is known by its file's name, so one that was moved to another folder
    keeps its history.
    """
    changes: dict[str, list[Change]] = {}
    for path, found in _changes(env, documents).items():
        changes.setdefault(PurePosixPath(path).stem, []).extend(found)
    for name, page in edition.notes.items():
        edition.notes[name] = replace(
            page,
            credit=credit(
                page.note.contributors, changes.get(name, ()), env.config.edition_credit_ignore
            ),
        )


def _changes(env: BuildEnvironment, documents: Documents) -> dict[str, list[Change]]:
    """The changes of every note's file, kept in the environment for the next build."""
    clone = Clone.of(Path(env.srcdir)) if env.config.edition_credit_from_history else None
    if clone is None:
        return {}
    suffixes = tuple(env.config.source_suffix)

    def wanted(path: str) -> bool:
        docname, dot, suffix = path.rpartition(".")
        return dot + suffix in suffixes and documents.part(docname) is Part.NOTE

    question = repr((suffixes, env.config.edition_text, env.config.edition_notes))
    data = env.domaindata["edition"]
    data["history"] = clone.history(wanted, question, data["history"])
    clone.close()
    history: History = data["history"]
    return history.changes


def _taken_ids(edition: Edition, pages: Mapping[str, Page]) -> Iterator[Problem]:
    """Ids of the author's that passages, notes and marks need."""
    for (docname, _), woven in edition.passages.items():
        needed = {woven.place.id, *(mark.id for mark in woven.marks)}
        needed |= {f"note-{gloss.note}" for gloss in woven.glosses}
        ids = pages[docname].ids
        for name in sorted(needed & ids.keys()):
            yield Problem(
                Subtype.DUPLICATE_NOTE,
                docname,
                ids[name],
                f"this heading or target has the id {name!r}, which "
                f"¶{woven.place.label} or its notes need: give it another name",
            )


def read_passages(
    env: BuildEnvironment, pages: Mapping[str, Page], documents: Documents
) -> list[Passage]:
    """All passages that have a number, in reading order."""
    return [
        passage
        for docname in reading_order(env, documents)
        if docname in pages
        for passage in pages[docname].passages
    ]


def reading_order(env: BuildEnvironment, documents: Documents) -> Iterator[str]:
    """The base-text pages in toctree order, depth first."""
    seen = set()
    ahead = [env.config.root_doc]
    while ahead:
        docname = ahead.pop()
        if docname in seen:
            continue
        seen.add(docname)
        if documents.part(docname) is Part.TEXT:
            yield docname
        ahead += reversed(env.toctree_includes.get(docname, []))


def _collate(
    env: BuildEnvironment, passages: Sequence[Passage], places: Sequence[Place]
) -> Iterator[Problem]:
    if not env.config.edition_copy_text:
        return
    path = Path(env.srcdir, env.config.edition_copy_text)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"the copy-text can't be read ({error}): correct edition_copy_text"
        yield Problem(Subtype.COLLATION, "conf.py", 0, message)
        return
    copy_text = read_copy_text(text, env.config.edition_copy_text_skip)
    for unknown in copy_text.unknown:
        message = (
            f"edition_copy_text_skip has {unknown!r}, which isn't one whole line of the "
            "copy-text: copy the line exactly"
        )
        yield Problem(Subtype.COLLATION, "conf.py", 0, message)
    for found in collate([passage.text for passage in passages], copy_text):
        at = max(found.passage, 0)
        docname, line, label = (
            (passages[at].docname, passages[at].line, places[at].label)
            if passages
            else (env.config.root_doc, 1, "0")
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
            "split": f"¶{label} ends inside a paragraph of the copy-text (line {found.line}): "
            f"take out the break in “{found.page_reading}”",
            "joined": f"¶{label} runs on where the copy-text begins a paragraph (line "
            f"{found.line}): put an empty line at the ¶ of “{found.copy_reading}”",
        }.get(
            found.division,
            f"¶{label} differs from the copy-text: {page}, {witness}: restore the "
            "copy-text's words on the page",
        )
        yield Problem(Subtype.COLLATION, docname, line, message)


def _check(
    env: BuildEnvironment,
    edition: Edition,
    passages: Sequence[Passage],
    pages: Sequence[Page],
) -> Iterator[Problem]:
    """The editorial checks that need more than one file."""
    gists = {page.note.id: page.gist for page in pages if page.note}
    yield from checks.between_notes(edition, passages, gists)
    root = Path(env.srcdir)
    files = [Path(env.doc2path(page.note.docname)) for page in pages if page.note]
    if "cite" in env.domaindata:
        bibliography = [Path(path) for path in env.domaindata["cite"]["bibdata"].bibfiles]
        cited = {
            target.key
            for reference in env.domaindata["cite"]["citation_refs"]
            for target in reference.targets
        }
        cited |= {reading.source for page in pages if page.note for reading in page.note.readings}
        yield from checks.uncited_sources(bibliography, cited, root)
        files += bibliography
    yield from checks.insecure_links(files, root)
