"""From Sphinx to the edition: what :func:`~annotated_edition.anchor.assemble.assemble` needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.matching import Matcher

from annotated_edition.anchor.assemble import CheckedFiles, Sources
from annotated_edition.anchor.git_history import Clone
from annotated_edition.domain.settings import line_of_setting
from annotated_edition.domain.works import pages_of, problems_of, works_of
from annotated_edition.model import releases
from annotated_edition.model.documents import Documents, Kinds, Part, folded, strangers_folders
from annotated_edition.model.records import Change, History, Page, Problem, Subtype
from annotated_edition.model.releases import Release
from annotated_edition.text.collation import CopyText, read_copy_text
from annotated_edition.text.control import brief


def documents_of(config: Config) -> Documents:
    """Which documents are what, by the project's configuration."""
    folders = tuple(strangers_folders([*config.edition_notes, *config.edition_cross_references]))
    named = Matcher([folded(glob) for glob in config.edition_untrusted or ()])
    trusted = Matcher(config.edition_trusted)

    def is_strangers(docname: str) -> bool:
        plain = folded(docname)
        return plain.startswith(folders) or named(plain)

    def is_trusted(docname: str) -> bool:
        return docname == config.root_doc or trusted(docname)

    return Documents(
        Matcher([*config.edition_text, *pages_of(config)]),
        Matcher(config.edition_notes),
        Matcher(config.edition_cross_references),
        is_strangers,
        is_trusted,
    )


def kinds_of(config: Config, pages: Mapping[str, Page]) -> Kinds:
    """The kinds of notes that the project names, or has."""
    notes = (page.note.docname for page in pages.values() if page.note)
    return Kinds(config.edition_notes, config.edition_kinds, notes)


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


def claim_order(env: BuildEnvironment, documents: Documents, docnames: Iterable[str]) -> list[str]:
    """The documents *docnames* in the order in which they may claim a name that several have.

    What people vouch for comes before what strangers write. Of strangers' pages those come first
    that are no notes, such as a glossary, and of these those that a reviewed page's toctree has,
    in its order: what a file is called, which strangers choose, decides last.
    """
    reviewed = sorted(name for name in env.toctree_includes if not documents.untrusted(name))
    entries = dict.fromkeys(entry for page in reviewed for entry in env.toctree_includes[page])
    listed = {entry: place for place, entry in enumerate(entries)}
    return sorted(
        docnames,
        key=lambda docname: (
            documents.untrusted(docname),
            documents.part(docname) is not Part.OTHER,
            listed.get(docname, len(listed)),
            docname,
        ),
    )


def sources_of(
    env: BuildEnvironment,
    pages: Mapping[str, Page],
    documents: Documents,
    bibliography: tuple[list[Path], frozenset[str]],
) -> tuple[Sources, list[Problem]]:
    """What the edition is assembled from, and mistakes in the settings that name it.

    *bibliography* is its files, and the keys that documents cite.
    """
    config = env.config
    copy_text, problems = _copy_text(env)
    problems += problems_of(config, line_of_setting(env.srcdir, "edition_works"))
    problems += _matching_nothing(env)
    checked = None
    if config.edition_checks:
        notes = [page.note for _, page in sorted(pages.items()) if page.note]
        files, cited = bibliography
        checked = CheckedFiles(
            Path(env.srcdir),
            [Path(env.doc2path(note.docname)) for note in notes],
            files,
            cited | {reading.source for note in notes for reading in note.readings},
        )
    return (
        Sources(
            pages=pages,
            claims=claim_order(env, documents, pages),
            names=frozenset(
                docname.rpartition("/")[2]
                for docname in env.found_docs
                if documents.part(docname) is Part.NOTE
            ),
            order=list(reading_order(env, documents)),
            root=config.root_doc,
            language=str(config.language),
            glossary_links=config.edition_glossary_links,
            copy_text=copy_text,
            changes=_changes(env, documents),
            nobody=config.edition_credit_ignore,
            checked=checked,
            titles=works_of(config).titles,
        ),
        problems,
    )


def _matching_nothing(env: BuildEnvironment) -> Iterator[Problem]:
    """Globs of pages of the text that name none."""
    named = [("edition_text", glob) for glob in env.config.edition_text]
    named += [("edition_works", glob) for glob in pages_of(env.config)]
    for setting, glob in named:
        if not any(map(Matcher([glob]), env.found_docs)):
            yield Problem(
                Subtype.DANGLING,
                "conf.py",
                line_of_setting(env.srcdir, setting),
                f"{setting} has {brief(repr(glob))}, which matches no page: write document names, "
                "without suffix and from the project's folder, such as text/*",
            )


def _copy_text(env: BuildEnvironment) -> tuple[CopyText | None, list[Problem]]:
    """The copy-text, if there is one and it can be read."""
    if not env.config.edition_copy_text:
        return None, []
    path = Path(env.srcdir, env.config.edition_copy_text)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"the copy-text can't be read ({error}): correct edition_copy_text"
        line = line_of_setting(env.srcdir, "edition_copy_text")
        return None, [Problem(Subtype.COLLATION, "conf.py", line, message)]
    copy_text = read_copy_text(text, env.config.edition_copy_text_skip)
    return copy_text, [
        Problem(
            Subtype.COLLATION,
            "conf.py",
            line_of_setting(env.srcdir, "edition_copy_text_skip"),
            f"edition_copy_text_skip has {unknown!r}, which isn't one whole line of the "
            "copy-text: copy the line exactly",
        )
        for unknown in copy_text.unknown
    ]


def releases_of(env: BuildEnvironment) -> tuple[list[Release], list[Problem]]:
    """The released versions, if the project keeps them, and what is wrong with their file."""
    name = env.config.edition_releases
    if not name:
        return [], []
    path = Path(env.srcdir, name)
    if not path.exists():
        return [], []  # nothing was released yet
    try:
        return releases.read(path.read_text(encoding="utf-8")), []
    except (OSError, UnicodeDecodeError, releases.ReleasesError) as error:
        message = f"the releases can't be read ({error}): restore the file, or edition_releases"
        return [], [Problem(Subtype.DANGLING, name, 1, message)]


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
