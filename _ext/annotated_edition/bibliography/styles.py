"""Author and year for citations, told apart where they would look alike.

sphinxcontrib-bibtex cites by author and year, but two articles of one agency in
one year come out the same.  As in the Chicago Manual of Style (15.20), their
years get letters, in the citation and in the bibliography alike; and what a
citation says, an entry begins with and is sorted by.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib.metadata import version
from types import MappingProxyType, SimpleNamespace
from typing import Any

from pybtex.database import Entry
from pybtex.plugin import PluginNotFound, find_plugin, register_plugin
from pybtex.richtext import Symbol, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting.unsrt import Style as UnsortedStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.names.lastfirst import NameStyle as FamilyNameFirst
from pybtex.style.names.plain import NameStyle as GivenNameFirst
from pybtex.style.sorting import BaseSortingStyle
from pybtex.style.template import field as entry_field
from pybtex.style.template import href, join, names, node, optional, sentence, words
from sphinx.application import Sphinx
from sphinxcontrib.bibtex import plugin
from sphinxcontrib.bibtex.style.referencing import BaseReferenceStyle, BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from annotated_edition import internals
from annotated_edition.bibliography.errors import FaultyEntry, formatted
from annotated_edition.bibliography.queries import CHECK
from annotated_edition.domain.settings import is_written
from annotated_edition.model.edition import letters
from annotated_edition.text import sorting

#: The name of the bibliography's style, for ``bibtex_default_style``.
STYLE = "author_year"
#: The name of the citations' style, for ``bibtex_reference_style``.
REFERENCE_STYLE = "author_year_semicolon"
#: The name of both where no page will show an entry.
CHECKED_STYLE = "edition_check"

#: What sphinxcontrib-bibtex takes where a project says nothing, and what is taken in its place:
#: the styles, and ids that last, for links to a source.
DEFAULTS = {
    "bibtex_default_style": ("alpha", STYLE),
    "bibtex_reference_style": ("label", REFERENCE_STYLE),
    "bibtex_cite_id": ("", "source-{key}"),
}

#: The language of the pages that entries are sorted for; pybtex makes styles without arguments.
LANGUAGE: ContextVar[str] = ContextVar("language", default="en")

#: By key and label, an entry and what the last build made of it.
_FORMATTED: ContextVar[Mapping[tuple[str, str], tuple[Entry, Any]]] = ContextVar(
    "formatted", default=MappingProxyType({})
)
#: With another pybtex entries may come out otherwise; what other code of this package made isn't
#: kept at all (``domain.own_code``).
_MADE_BY = version("pybtex")
_BACKENDS = "pybtex.backends"
_FORMATTING = "pybtex.style.formatting"
_PLAIN_YEAR = re.compile(r"(?:ca\. )?\d{4}(?:\?|–(?:\d{4})?)?|n\.d\.")
_BRACES = re.compile("[{}]")
_NEW_BLOCK = Symbol("newblock")


def offer(app: Sphinx) -> None:
    """Offer the styles to sphinxcontrib-bibtex, and take them where the project names no others.

    Those for who only checks take their places where no page will show an entry.
    """
    for name, (theirs, ours) in DEFAULTS.items():
        if app.config[name] == theirs and not is_written(app.confdir, app.config, name):
            app.config[name] = ours
    referencing = "sphinxcontrib.bibtex.style.referencing"
    register_plugin(_FORMATTING, STYLE, AuthorYearStyle)
    plugin.register_plugin(referencing, REFERENCE_STYLE, SemicolonStyle)
    if CHECK in app.tags:
        register_plugin(_FORMATTING, CHECKED_STYLE, CheckedStyle)
        plugin.register_plugin(referencing, CHECKED_STYLE, WordlessStyle)
        app.config.bibtex_reference_style = CHECKED_STYLE
        app.config.bibtex_tooltips = False
        if app.config.bibtex_default_style == STYLE:
            app.config.bibtex_default_style = CHECKED_STYLE
    for backend in ("plaintext", "docutils"):
        found = find_plugin(_BACKENDS, backend)
        internals.register_again(_BACKENDS, backend, found)


def remember(citations: Iterable[Any]) -> None:
    """Keep what the last build made of the entries (*citations* are sphinxcontrib-bibtex's).

    Formatting hundreds of entries takes longer than all else that a small change costs.
    """
    _FORMATTED.set(
        {
            (citation.entry.key, citation.formatted_entry.label): (
                citation.entry,
                citation.formatted_entry,
            )
            for citation in citations
            if getattr(citation.formatted_entry, "made_by", None) == _MADE_BY
        }
    )


def tell_apart(entries: Mapping[str, Entry]) -> None:
    """Give letters to the years of entries that author and year don't tell apart.

    Entries keep a letter that they have, so doing it twice changes nothing.
    """
    alike: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for key in sorted(entries, key=str.casefold):
        entry = entries[key]
        year = entry.fields.get("year", "")
        if _PLAIN_YEAR.fullmatch(year):
            alike[authors(entry), year].append(entry)
    for (_, year), group in alike.items():
        if len(group) > 1:
            dash = "" if year[-1].isdigit() else "-"
            for number, entry in enumerate(group, 1):
                entry.fields["year"] = f"{year}{dash}{letters(number)}"


def authors(entry: Entry) -> str:
    """An entry's authors (or editors, or title) as citations name them."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [_plain(" ".join([*person.prelast_names, *person.last_names])) for person in people]
    if not names:
        return _plain(str(entry.fields.get("title", entry.key)))
    return " and ".join(names) if len(names) < 3 else f"{names[0]} et al."


def _plain(latex: str) -> str:
    """A field's words, without what only LaTeX understands."""
    # Most have nothing but braces, and are many.
    return str(Text.from_latex(latex)) if "\\" in latex or "~" in latex else _BRACES.sub("", latex)


class AuthorYearLabels(BaseLabelStyle):  # type: ignore[misc]
    """Labels that say what the citations say: “Waugh, 2007”."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """One label an entry."""
        for entry in sorted_entries:
            yield f"{authors(entry)}, {entry.fields.get('year', 'n.d.')}"


class AuthorYearSorting(BaseSortingStyle):  # type: ignore[misc]
    """By what citations name, then by year with its letter, then by title."""

    def __init__(self, language: str | None = None) -> None:
        super().__init__()
        #: The language whose articles count for nothing.
        self.language = language or LANGUAGE.get()

    def sorting_key(self, entry: Entry) -> tuple[object, ...]:
        """“Xinhua, 2022b” before “Xinhua Silk Road, 2021”: whole names, then years."""
        is_name = any(entry.persons.get(role) for role in ("author", "editor"))
        title = _plain(str(entry.fields.get("title", "")))
        return (
            sorting.sort_key(authors(entry), self.language, name=is_name),
            str(entry.fields.get("year", "n.d.")),
            sorting.sort_key(title, self.language),
        )


@node  # type: ignore[untyped-decorator]
def _people(children: Any, data: dict[str, Any], role: str) -> Any:
    """Those whom an entry begins with, by their family names; further ones as they are spoken."""
    if role == "author" or not data["entry"].persons.get("author"):
        return names(role, sep="; ", sep2=" and ", last_sep="; and ").format_data(data)
    spoken = SimpleNamespace(format_name=GivenNameFirst().format, abbreviate_names=False)
    people = names(role, sep=", ", sep2=" and ", last_sep=", and ")
    return people.format_data({**data, "style": spoken})


class AuthorYearStyle(UnsortedStyle):  # type: ignore[misc]
    """pybtex's plain style, as author and date ask for it (Chicago 15).

    An entry begins with its authors, family names first, and the year.
    """

    default_name_style = FamilyNameFirst
    default_label_style = AuthorYearLabels
    default_sorting_style = AuthorYearSorting
    #: The last entry with its label, and what it became.
    _last: tuple[Entry | None, str, Any] = (None, "", None)

    def format_names(self, role: str, as_sentence: bool = True) -> Any:
        """The template for an entry's people."""
        return sentence[_people(role)] if as_sentence else _people(role)

    def format_web_refs(self, e: Entry) -> Any:
        """The template for addresses: where it is on the web, and where an archive has a copy."""
        archived = entry_field("archiveurl", raw=True)
        copy = words["Archived:", href(archived)[archived]]
        return join(sep=" ")[super().format_web_refs(e), sentence[optional[copy]]]

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> Any:
        """An entry as it stands in the bibliography; a faulty one costs no build."""
        # sphinxcontrib-bibtex asks for each twice, the second time for tooltips.
        if self._last[0] is not entry or self._last[1] != label:
            again = self._again(label, entry)
            done = again or formatted(self, label, entry, bib_data, self._year_first)
            if type(self) is AuthorYearStyle and not isinstance(done, FaultyEntry):
                done.made_by = _MADE_BY
            self._last = entry, label, done
        return self._last[2]

    def _again(self, label: str, entry: Entry) -> Any:
        """What the last build made of an entry that is still the same; None if it isn't."""
        if type(self) is not AuthorYearStyle or "crossref" in entry.fields:
            return None
        before, done = _FORMATTED.get().get((entry.key, label), (None, None))
        return done if before == entry else None

    def _year_first(self, label: str, entry: Entry, bib_data: Any) -> Any:
        if any(r"\$" in value for value in entry.fields.values()):
            # pybtex leaves this one of LaTeX's signs as it is written.
            fields = {name: value.replace(r"\$", "$") for name, value in entry.fields.items()}
            said = Entry(entry.type, fields, entry.persons)
            said.key = entry.key
            entry = said
        if not entry.fields.get("year"):
            return super().format_entry(label, entry, bib_data)
        # The templates have the year in many places, and some ask for it: where it is empty,
        # they leave it out. What an entry begins with is always its first block.
        rest = Entry(entry.type, {**entry.fields, "year": ""}, entry.persons)
        rest.key = entry.key
        done = super().format_entry(label, rest, bib_data)
        year = sentence[Text.from_latex(entry.fields["year"])].format()
        parts = list(done.text.parts)
        at = parts.index(_NEW_BLOCK) if _NEW_BLOCK in parts else len(parts)
        done.text = Text(*parts[:at], _NEW_BLOCK, year, *parts[at:])
        return done


@dataclass
class SemicolonStyle(AuthorYearReferenceStyle):
    """Several sources in one citation parted by semicolons: each has a comma of its own."""

    bracket_parenthetical: BracketStyle = field(default_factory=lambda: BracketStyle(sep="; "))
    bracket_textual: BracketStyle = field(default_factory=lambda: BracketStyle(sep="; "))
    bracket_label: BracketStyle = field(default_factory=lambda: BracketStyle(sep="; "))


def guard(name: str) -> None:
    """Have a faulty entry cost itself in the style of this name, too, whoever wrote it."""
    try:
        style = find_plugin(_FORMATTING, name)
    except PluginNotFound:
        return  # which sphinxcontrib-bibtex tells
    if not issubclass(style, (AuthorYearStyle, _Guarded)):
        guarded = type(style.__name__, (_Guarded, style), {})
        internals.register_again(_FORMATTING, name, guarded)


class _Guarded:
    """What is mixed into another style: each of its steps goes on without a faulty entry."""

    def __init__(self, **styles: Any) -> None:
        super().__init__(**styles)
        # pybtex's styles keep both as attributes.
        style: Any = self
        self._sort, style.sort = style.sort, self._sorted
        self._labels, style.format_labels = style.format_labels, self._labelled

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> Any:
        """An entry as the style sets it, or what is wrong with it."""
        return formatted(self, label, entry, bib_data, super().format_entry)  # type: ignore[misc]

    def _sorted(self, entries: Iterable[Entry]) -> list[Entry]:
        sound, faulty = _parted(list(entries), lambda entry: list(self._sort([entry])))
        return [*self._sort(sound), *faulty]

    def _labelled(self, entries: Iterable[Entry]) -> Iterator[str]:
        known = list(entries)
        sound, _faulty = _parted(known, lambda entry: list(self._labels([entry])))
        labels = dict(zip((entry.key for entry in sound), self._labels(sound), strict=True))
        return (labels.get(entry.key, entry.key) for entry in known)


def _parted(
    entries: list[Entry], work: Callable[[Entry], object]
) -> tuple[list[Entry], list[Entry]]:
    """The entries with which a step can be done, and the others."""
    sound, faulty = [], []
    for entry in entries:
        try:
            work(entry)
        except Exception:  # whatever a hostile entry makes a style raise
            faulty.append(entry)
        else:
            sound.append(entry)
    return sound, faulty


class CheckedStyle(AuthorYearStyle):
    """For who only checks: of entries with the same fields only the first is formatted.

    Five hundred entries and a thousand citations take longer than all other checks together.
    Whether an entry can be formatted depends on which fields it has.
    """

    def __init__(self, **styles: Any) -> None:
        super().__init__(**styles)
        self._sound: set[tuple[object, ...]] = set()

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> Any:
        """An entry without words, or with what is wrong with it."""
        sort = _sort_of(entry)
        if sort in self._sound:
            return FormattedEntry(entry.key, Text(), label)
        done = super().format_entry(label, entry, bib_data)
        if sort and not isinstance(done, FaultyEntry):
            self._sound.add(sort)
        return done


def _sort_of(entry: Entry) -> tuple[object, ...]:
    """What decides whether an entry can be formatted; nothing for one with LaTeX in it."""
    if any("\\" in value for value in entry.fields.values()):
        return ()
    filled = frozenset((name, bool(value.strip())) for name, value in entry.fields.items())
    return (entry.type, filled, frozenset(entry.persons))


@dataclass
class WordlessStyle(BaseReferenceStyle):
    """Citations without words, for who only checks."""

    def outer(self, role_name: str, children: Any) -> Any:
        """The template round all sources of a citation."""
        return join

    def inner(self, role_name: str) -> Any:
        """The template of one source."""
        return join
