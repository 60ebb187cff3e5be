"""The directive ``glossary``, which says of each line that it can't read what to write.

Sphinx's own names the wrong line in Markdown, and takes a definition that isn't indented for a
further headword.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.domains.std import Glossary

from annotated_edition.domain import EditionDomain
from annotated_edition.domain.directives import lines_in_file
from annotated_edition.model.records import Subtype
from annotated_edition.text.control import brief

#: Like a sentence, and like no headword.
_SENTENCE = re.compile(r"\S+(?:\s+\S+){3,}.*(?:[.!?。！？]|\{cite.*`[.]?)\Z")


#: What begins a list's item or a heading, and no headword.
_MARK = re.compile(r"(?:[-+•]|\d{1,3}[.)]|#{1,6})\s+")


@dataclass
class _Entry:
    """A headword's lines, and those of its definition, by their places (from 0)."""

    terms: list[int] = field(default_factory=list)
    definition: list[int] = field(default_factory=list)


class ReportingGlossary(Glossary):
    """Sphinx's glossary, of lines that it can read."""

    def run(self) -> list[nodes.Node]:
        """Report the mistakes, and read the lines as they were meant."""
        numbers = lines_in_file(self, list(self.content))
        domain, docname = EditionDomain.of(self.env), self.env.current_document.docname
        lines, faults = mended(list(self.content))
        for at, message in faults:
            domain.report(Subtype.GLOSSARY, docname, numbers[at], message)
        if faults:
            items = [self.content.items[min(at, len(self.content) - 1)] for at, _ in lines]
            self.content = StringList([line for _, line in lines], items=items)
        # Sphinx takes the last of those that claim a headword for its own, and blames whichever
        # is read later; `read.claims` says whose it is.
        data = self.env.domains.standard_domain.data
        objects, own = data["objects"], dict[tuple[str, str], tuple[str, str]]()
        data["objects"] = own
        try:
            return super().run()
        finally:
            objects.update(own)
            data["objects"] = objects


def mended(lines: Sequence[str]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The *lines* of a glossary as they were meant, each with its place; and what is wrong.

    Places count from 0.
    """
    faults: list[tuple[int, str]] = []
    entries = list(_entries(lines, faults))
    kept: list[tuple[int, str]] = []
    for entry in entries:
        terms = entry.terms
        double = [at for at in terms if not _is_first(lines, entries, entry, at)]
        for at in double:
            faults.append(
                (at, f"the glossary has {brief(repr(lines[at].strip()))} already: keep one of them")
            )
        terms = [at for at in terms if at not in double]
        if not terms:
            continue
        kept += [(at, _MARK.sub("", lines[at].strip(), count=1)) for at in terms]
        for at in entry.definition:
            line = lines[at]
            kept.append((at, line if not line or line[0].isspace() else f"  {line}"))
        if entry.definition:  # without one, they go with the next
            kept.append((entry.terms[-1], ""))
    return kept, sorted(faults)


def _is_first(lines: Sequence[str], entries: Sequence[_Entry], entry: _Entry, at: int) -> bool:
    wanted = lines[at].strip()
    for other in entries:
        if other is entry:
            return True
        if wanted in [lines[term].strip() for term in other.terms]:
            return False
    return True


def _entries(lines: Sequence[str], faults: list[tuple[int, str]]) -> Iterator[_Entry]:
    """The entries, as they were meant."""
    groups = list(_groups(lines))
    entry = _Entry()
    for number, (kind, places) in enumerate(groups):
        if kind == "definition":
            if not entry.terms:
                faults.append(
                    (places[0], "this line is indented, and no headword stands above it: begin it "
                     "at the margin, or write the headword")
                )  # fmt: skip
                entry.terms = places[:1]
                places = places[1:]
            entry.definition += places
            continue
        follows = groups[number + 1][0] if number + 1 < len(groups) else ""
        for at in places:
            if mark := _MARK.match(lines[at]):
                faults.append(
                    (at, f"begin the headword at the margin, without {mark[0].strip()!r}")
                )
        touching = bool(entry.definition) and bool(lines[places[0] - 1].strip())
        sentences = [at for at in places if _SENTENCE.match(lines[at].strip())]
        if touching and (follows != "definition" or len(sentences) == len(places)):
            faults.append((places[0], "this line isn't indented: indent the whole definition by two"
                           " spaces"))  # fmt: skip
            entry.definition += places
            continue
        if touching:
            faults.append((places[0], "put an empty line above this headword"))
        if entry.terms and not entry.definition:
            faults.append(
                (entry.terms[-1], f"{brief(repr(lines[entry.terms[-1]].strip()))} has no "
                 "definition: write it below, indented by two spaces; a further form stands "
                 "directly above the next, without an empty line")
            )  # fmt: skip
            entry.definition = []
        if entry.terms:
            yield entry
        entry = _Entry(terms=list(places))
        meant = sentences[:1] if len(places) > 1 else []
        if (not meant and len(places) > 1 and follows != "definition") or (
            not meant and len(places) > 1 and not _adjoins(lines, places, groups, number)
        ):
            meant = places[1:2]
        if meant and meant[0] > places[0]:
            at = places.index(meant[0])
            faults.append(
                (
                    meant[0],
                    "this definition isn't indented: begin each of its lines with two spaces",
                )
            )
            entry = _Entry(terms=list(places[:at]), definition=list(places[at:]))
    if entry.terms and not entry.definition:
        faults.append(
            (entry.terms[-1], f"{brief(repr(lines[entry.terms[-1]].strip()))} has no definition: "
             "write it below, indented by two spaces")
        )  # fmt: skip
    if entry.terms:
        yield entry


def _adjoins(
    lines: Sequence[str],
    places: Sequence[int],
    groups: Sequence[tuple[str, list[int]]],
    number: int,
) -> bool:
    """Whether the definition follows at once on the headwords."""
    return groups[number + 1][1][0] == places[-1] + 1


def _groups(lines: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    """Stretches of lines at the margin without an empty one, and of indented ones with any."""
    kind, places = "", list[int]()
    comment = False
    for at, line in enumerate(lines):
        if not line.strip():
            if kind == "terms":
                yield kind, places
                kind, places = "", []
            continue
        if line.startswith(".. "):
            comment = True
            continue
        if comment and line[0].isspace():
            continue
        comment = False
        now = "definition" if line[0].isspace() else "terms"
        if now != kind and places:
            yield kind, _filled(places, kind)
            places = []
        kind = now
        places.append(at)
    if places:
        yield kind, _filled(places, kind)


def _filled(places: list[int], kind: str) -> list[int]:
    """The places of a definition with those of the empty lines within."""
    return list(range(places[0], places[-1] + 1)) if kind == "definition" else places
