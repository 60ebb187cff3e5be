"""Editorial checks, for editions that switch them on: ``edition_checks``.

None of them is needed to attach a note; all of them are what an editor would
send a note back for.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path

from babel.core import get_global

from annotated_edition.model.edition import Edition
from annotated_edition.model.records import Passage, Problem, Subtype
from annotated_edition.text.addresses import split
from annotated_edition.text.control import UNSEEN
from annotated_edition.text.folding import fold

#: How many first words make two gists begin alike.
_ALIKE = 4

#: Characters of a passage that nobody would mark from end to end.
_LONG = 300

#: Unicode's names of scripts that ISO 15924 calls otherwise.
_SCRIPTS = {
    "Arab": "ARABIC",
    "Cyrl": "CYRILLIC",
    "Grek": "GREEK",
    "Hans": "CJK",
    "Hant": "CJK",
    "Hebr": "HEBREW",
    "Latn": "LATIN",
}


def wrong_scripts(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Names whose letters aren't those of their language: the tag and what to do.

    The script is the tag's own (``kk-Arab``), or its language's usual one by
    Unicode CLDR's likely subtags.
    """
    for tag, name in names.items():
        script = _script(tag)
        letters = [letter for letter in name if letter.isalpha()]
        if script is None or not letters:
            continue
        if not any(unicodedata.name(letter, "").startswith(script) for letter in letters):
            yield (
                tag,
                f"{name!r} isn't written in the letters of {tag!r}: correct the tag or the name",
            )


def _script(tag: str) -> str | None:
    parts = tag.split("-")
    for part in parts[1:]:
        if part.title() in _SCRIPTS:
            return _SCRIPTS[part.title()]
    likely = get_global("likely_subtags").get(parts[0].lower(), "").split("_")
    return _SCRIPTS.get(likely[1]) if len(likely) > 1 else None


def between_notes(
    edition: Edition,
    passages: Sequence[Passage],
    gists: Mapping[str, tuple[int, str]],
    titles: Mapping[str, int],
) -> Iterator[Problem]:
    """What only shows when all notes are known.

    *gists* has the line and the words of each note's gist, by the note's id, and *titles* the line
    of its title.
    """
    yield from _alike(edition, gists)
    yield from _called_alike(edition, titles)
    yield from _whole_passages(edition, passages)
    noted = {quoted.place for page in edition.notes.values() for quoted in page.places}
    for passage, place in zip(passages, edition.places, strict=True):
        if place not in noted:
            yield Problem(
                Subtype.EDITORIAL,
                passage.docname,
                passage.line,
                f"{place.cited} has no note: what would a reader want to know there?",
                absence=True,
            )


def _alike(edition: Edition, gists: Mapping[str, tuple[int, str]]) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], str] = {}
    for name in edition.notes:
        line, gist = gists.get(name, (1, ""))
        start = tuple(gist.casefold().split()[:_ALIKE])
        if len(start) < _ALIKE:
            continue
        if start in seen:
            yield Problem(
                Subtype.EDITORIAL,
                edition.notes[name].note.docname,
                line,
                f"the gist begins like that of {seen[start]!r}: begin with what is particular here",
            )
        seen.setdefault(start, name)


def _called_alike(edition: Edition, titles: Mapping[str, int]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, page in edition.notes.items():
        other = seen.setdefault(fold(page.note.title).text.casefold(), name)
        if other != name:
            yield Problem(
                Subtype.EDITORIAL,
                page.note.docname,
                titles.get(name, 1),
                f"this is the title of {other!r}, too: say what is particular here",
            )


def _whole_passages(edition: Edition, passages: Sequence[Passage]) -> Iterator[Problem]:
    # A stanza is short, and often the least that a note can be about.
    whole = {
        fold(passage.text).text.strip(): place.cited
        for passage, place in zip(passages, edition.places, strict=True)
        if len(passage.text) > _LONG and not passage.lines
    }
    for page in edition.notes.values():
        for quote in page.note.quotes:
            if cited := whole.get(fold(quote.exact).text.strip()):
                yield Problem(
                    Subtype.EDITORIAL,
                    page.note.docname,
                    quote.line,
                    f"the quote is all of {cited}: quote the words that the note is about; for the "
                    "whole, its first words will do",
                )


def uncited_sources(files: Iterable[Path], cited: Set[str], root: Path) -> Iterator[Problem]:
    """Entries of bibliography files that nothing cites, with file and line."""
    texts = {path: UNSEEN.sub("", path.read_text("utf-8", "replace")) for path in files}
    # What other entries take their fields from is no source by itself.
    named = {
        key.strip()
        for text in texts.values()
        for keys in re.findall(r"\b(?:crossref|xdata|xref)\s*=\s*[{\"]([^{}\"\n]*)", text, re.I)
        for key in keys.split(",")
    }
    for path, text in texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            entry = re.match(r"@(?!xdata\b|set\b)\w+\{\s*([^,\s]+)\s*,", line, re.I)
            if entry and entry.group(1) not in cited | named:
                yield Problem(
                    Subtype.EDITORIAL,
                    path.relative_to(root).as_posix(),
                    number,
                    f"nothing cites {entry.group(1)!r}: cite it, or delete the entry",
                    absence=True,
                )


def insecure_links(files: Iterable[Path], root: Path) -> Iterator[Problem]:
    """Addresses with http whose host the same files elsewhere name with https."""
    found: dict[str, list[tuple[Path, int, str]]] = defaultdict(list)
    secure = set()
    for path in files:
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            for address in re.findall(r"https?://[^\s}>)\]\"`]+", line):
                parts = split(address)
                if parts.scheme == "https":
                    secure.add(parts.netloc)
                elif parts.netloc:
                    found[parts.netloc].append((path, number, address))
    for host in sorted(secure & found.keys()):
        for path, number, address in found[host]:
            yield Problem(
                Subtype.EDITORIAL,
                path.relative_to(root).as_posix(),
                number,
                f"{host} is reached by https elsewhere: write https instead of http in {address}",
            )
