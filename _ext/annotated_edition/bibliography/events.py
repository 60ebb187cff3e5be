"""What is done with sphinxcontrib-bibtex in a build; nothing where a project doesn't use it.

pybtex comes with that extension: what needs it is imported only then.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Set
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import is_suppressed_warning

from annotated_edition.bibliography.queries import (
    bibtex_domain,
    files_and_citations,
    known_sources,
    lacks_citations,
    unknown_sources,
)
from annotated_edition.domain import EditionDomain
from annotated_edition.domain.sources import claim_order
from annotated_edition.model.records import Problem, Subtype
from annotated_edition.text.control import brief
from annotated_edition.text.extras import command_for, is_installed
from annotated_edition.text.suggest import Suggestions

if TYPE_CHECKING:
    from sphinxcontrib.bibtex.directives import BibliographyKey
    from sphinxcontrib.bibtex.domain import BibtexDomain

    from annotated_edition.bibliography.errors import Capture

#: A citation in Markdown or reStructuredText.
_CITATION = re.compile(r"\{cite:\w+\}`|:cite:\w+:`")

#: What sphinxcontrib-bibtex says of sources that several bibliographies have: it blames the one
#: that is read later, for each source.
_LISTED_TWICE = (("bibtex", "duplicate_citation"), ("bibtex", "duplicate_local_citation"))

_captures: WeakKeyDictionary[Sphinx, Capture] = WeakKeyDictionary()


def is_told(env: BuildEnvironment, kind: str, subtype: str, message: str) -> bool:
    """Whether the edition itself tells what is a warning of sphinxcontrib-bibtex's.

    That names a page that lists sources, where another page or an entry is wrong.
    """
    if (kind, subtype) == ("bibtex", "duplicate_id"):
        return message.rpartition(" ")[2] in EditionDomain.of(env).shared_ids
    return (kind, subtype) in _LISTED_TWICE


def has_bibliography(app: Sphinx) -> bool:
    """Whether the project uses sphinxcontrib-bibtex."""
    return "sphinxcontrib.bibtex" in app.extensions


def offer_styles(app: Sphinx, config: Config) -> None:
    """Offer the styles by author and year (``config-inited``)."""
    if has_bibliography(app):
        from annotated_edition.bibliography import styles

        styles.offer(app)


def tell_what_is_missing(app: Sphinx, docname: str, source: list[str]) -> None:
    """Say what citations of the text or a note need (``source-read``)."""
    if not lacks_citations(app.env):
        return
    citation = _CITATION.search(source[0])
    if citation:
        install = "" if is_installed("bibliography") else f"{command_for('bibliography')}, and "
        EditionDomain.of(app.env).report(
            Subtype.SOURCE,
            docname,
            source[0].count("\n", 0, citation.start()) + 1,
            f'citations need sphinxcontrib-bibtex: {install}add "sphinxcontrib.bibtex" to '
            "extensions in conf.py",
        )


def begin_reading(app: Sphinx) -> None:
    """Keep the mistakes of the files that are read next (``builder-inited``)."""
    if bibtex := bibtex_domain(app.env):
        from annotated_edition.bibliography.errors import Capture

        if EditionDomain.of(app.env).citation_settings != _settings(app.config):
            # Years have letters for one style, and files another encoding: all are read again.
            bibtex.data["bibdata"] = deepcopy(bibtex.initial_data["bibdata"])
        _captures[app] = Capture(
            bibtex, app.config, Path(app.confdir), Path(app.doctreedir, "edition-bibliography")
        )


def end_reading(app: Sphinx) -> None:
    """Remember them, until the files are read again (``builder-inited``)."""
    if app in _captures:
        capture, domain = _captures.pop(app), EditionDomain.of(app.env)
        problems = capture.end(Path(app.srcdir))
        if problems is not None:
            domain.source_problems, domain.shared_ids = problems, capture.shared_ids


def tell_apart(app: Sphinx) -> None:
    """Give letters to years that are alike (``builder-inited``)."""
    if bibtex := bibtex_domain(app.env):
        from annotated_edition.bibliography import styles

        if app.config.bibtex_default_style in (styles.STYLE, styles.CHECKED_STYLE):
            styles.tell_apart(bibtex.bibdata.data.entries)


def reread(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> Set[str]:
    """Name all documents if citations are to look otherwise (``env-get-outdated``).

    Most settings of sphinxcontrib-bibtex are used while documents are read, and it has Sphinx write
    pages again when one changes, but read none.
    """
    if bibtex_domain(env) is None:
        return set()
    domain = EditionDomain.of(env)
    before, domain.citation_settings = domain.citation_settings, _settings(app.config)
    return env.found_docs - added if before != domain.citation_settings else set()


def _settings(config: Config) -> dict[str, str]:
    """The settings of sphinxcontrib-bibtex but its files, whose changes it sees itself."""
    names = [value.name for value in config if value.name.startswith("bibtex_")]
    return {name: str(config[name]) for name in names if name != "bibtex_bibfiles"}


def begin_formatting(app: Sphinx, env: BuildEnvironment) -> None:
    """Say in which language the entries that are formatted next are sorted (``env-updated``).

    And which are the same as in the last build; and guard the styles that format them.  The
    bibliographies are put into the order in which they may claim a source.
    """
    if bibtex := bibtex_domain(env):
        from annotated_edition.bibliography import styles

        found = bibtex.bibliographies
        documents = EditionDomain.of(env).documents
        docnames = claim_order(env, documents, {key.docname for key in found})
        place = {docname: number for number, docname in enumerate(docnames)}
        bibtex.data["bibliographies"] = dict(
            sorted(found.items(), key=lambda one: (place[one[0].docname], one[1].line))
        )
        styles.LANGUAGE.set(str(app.config.language))
        styles.remember(bibtex.citations)
        used = {bibliography.style for bibliography in bibtex.bibliographies.values()}
        for style in filter(None, {*used, app.config.bibtex_tooltips_style}):
            styles.guard(style)


def tell_edition(app: Sphinx, env: BuildEnvironment) -> None:
    """Tell the edition what is cited, and which entries can't be printed (``env-updated``)."""
    bibtex = bibtex_domain(env)
    if bibtex is None:
        return
    from annotated_edition.bibliography.errors import faulty_entries

    listed_twice = list(_listed_twice(bibtex))
    # Citations lead to the last that has their source: that is its own from here on.
    last = {key: -number for number, key in enumerate(bibtex.bibliographies)}
    bibtex.citations.sort(key=lambda one: last[one.bibliography_key])
    domain = EditionDomain.of(env)
    domain.bibliography = files_and_citations(env)
    domain.faulty_entries = faulty_entries(
        bibtex.citations, bibtex.bibdata.bibfiles, Path(env.srcdir)
    )
    if not is_suppressed_warning(*_LISTED_TWICE[0], app.config.suppress_warnings):
        domain.faulty_entries += listed_twice
    known, suggestions = known_sources(env), Suggestions()
    domain.faulty_entries += [
        Problem(
            Subtype.DANGLING,
            docname,
            line,
            f"the bibliography has no entry {key!r}: "
            + suggestions.did_you_mean(docname, key, known, "correct the key, or add the entry"),
        )
        for docname, line, key in unknown_sources(env)
    ]


def _listed_twice(bibtex: BibtexDomain) -> Iterator[Problem]:
    """Bibliographies that have sources of an earlier one, each once."""
    owners: dict[str, BibliographyKey] = {}
    twice: dict[BibliographyKey, list[str]] = defaultdict(list)
    for citation in bibtex.citations:
        here = citation.bibliography_key
        is_claim = bibtex.bibliographies[here].list_ == "citation"
        if is_claim and owners.setdefault(citation.key, here) != here:
            twice[here].append(citation.key)
    for here, keys in twice.items():
        other = owners[keys[0]]
        more = f" (with {len(keys) - 1} more)" if len(keys) > 1 else ""
        yield Problem(
            Subtype.SOURCE,
            here.docname,
            bibtex.bibliographies[here].line,
            f"the bibliography of {other.docname} (line {bibtex.bibliographies[other].line}) has "
            f"{brief(keys[0])!r}{more} already, and citations lead there: list each source once, "
            "or delete this bibliography",
        )
