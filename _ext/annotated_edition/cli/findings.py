"""What Sphinx, its extensions and this one complain of, as data.

A :class:`Findings` is the stream that Sphinx writes its warnings to.  Each arrives
in one piece, ``path:line: WARNING: message [type.subtype]``, whoever found it, in
whichever process; a path and a line may be missing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from annotated_edition.text.control import CONTROL
from annotated_edition.text.suggest import did_you_mean

_WARNING = re.compile(
    r"(?:(?P<place>[^\n]*?): )?(?P<level>WARNING|ERROR|CRITICAL): (?P<message>.*)", re.DOTALL
)
#: A warning's type and subtype, at its end, without the first bracket.
_NAME = re.compile(r"([\w-]+(?:\.[\w-]+)?)\]")
_PLACE = re.compile(r"(?P<path>.*?)(?::(?P<line>\d{1,9}))?(?::[^/\\:]*)?\Z")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


#: Warnings of docutils' and MyST's, by name and words, and what to do.
_CURES = (
    (
        "docutils",
        re.compile(r'Unknown target name: "([^"]*)"'),
        r"a footnote without text: add a line [^\1]: text, or name a source, {cite:p}`key`",
    ),
    ("docutils", re.compile("Title underline too short"), "make it as long as the title"),
    ("myst.header", re.compile("start at H(2|3|4|5|6)"), "begin the title with one #"),
    ("myst.header", re.compile("Non-consecutive header"), "use ## below #, ### below ##"),
    (
        "myst.xref_missing",
        re.compile(r"'(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}(?<!\.md)(?<!\.html)(?:/[^']*)?'$"),
        "begin the address with https://",
    ),
    ("myst.xref_missing", re.compile(""), "correct the link; a note is {edition:note}`its-name`"),
    ("docutils", re.compile("not begin with a transition"), "delete this line ---"),
    ("docutils", re.compile("not end with a transition"), "delete this line ---"),
    ("ref.doc", re.compile("unknown document"), "a note is {edition:note}`its-name`"),
    ("ref.ref", re.compile("undefined label"), "a note is {edition:note}`its-name`"),
    (
        "ref.footnote",
        re.compile("is not referenced"),
        "put its mark, [^1], where it belongs, or delete it",
    ),
    ("ref.footnote", re.compile("Duplicate footnote"), "give this one another mark"),
    ("toc.not_included", re.compile(""), "name it in a toctree, such as that of index"),
    ("toc.not_readable", re.compile(""), "correct the name, or take out the line"),
    ("bibtex.bibfile_error", re.compile(""), "restore the file, or correct bibtex_bibfiles"),
)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A mistake: the file ("": no file's), its line (0: the whole file), and what to do.

    ``name`` is the warning's type and subtype, such as ``edition.unsourced``.
    """

    path: str
    line: int
    message: str
    name: str = ""


class Findings(io.StringIO):
    """Collects warnings; see :meth:`sorted`."""

    def __init__(self) -> None:
        super().__init__()
        self._found: set[Finding] = set()

    def write(self, text: str) -> int:
        """Take one warning."""
        plain = _COLOUR.sub("", text).strip()
        if plain:
            self._found.add(_read(plain))
        return len(text)

    def add(self, finding: Finding) -> None:
        """Take what no warning said."""
        self._found.add(finding)

    def improve(self, name: str, known: Iterable[str]) -> None:
        """Say what another tool's warnings of unknown names probably meant."""
        known = set(known)
        for finding in [one for one in self._found if one.name == name]:
            unknown = finding.message.partition('"')[2].rstrip('"')
            if not known:
                self._found.remove(finding)
                message = "the bibliography has no entries: restore its file, see bibtex_bibfiles"
                self._found.add(Finding("", 0, message, "edition.source"))
                continue
            if unknown in known:
                # No page has a bibliography: one finding says so.
                self._found.remove(finding)
                message = "no page lists the sources: write ```{bibliography} on one, and ``` below"
                self._found.add(Finding("", 0, message, "edition.source"))
                continue
            hint = did_you_mean(unknown, known, "correct the key, or add the entry")
            self._found.remove(finding)
            self._found.add(replace(finding, message=f"{finding.message}: {hint}"))

    def cure(self) -> None:
        """Say what to do about other tools' warnings that don't."""
        for finding in list(self._found):
            for name, words, advice in _CURES:
                if finding.name == name and (match := words.search(finding.message)):
                    self._found.discard(finding)
                    message = f"{finding.message.rstrip('.')}: {match.expand(advice)}"
                    self._found.add(replace(finding, message=message))
                    break

    def leave_out_consequences(self) -> None:
        """Leave out what follows from other findings of other tools'.

        A page that lies in the wrong place is in no toctree; if nothing is a bibliography, no
        source is found.
        """
        misplaced = {
            one.path
            for one in self._found
            if one.name == "edition.front-matter" and "is no kind of note" in one.message
        }
        unmatched = any("didn't match any documents" in one.message for one in self._found)
        for one in list(self._found):
            if one.name == "toc.not_included" and (unmatched or one.path in misplaced):
                self._found.remove(one)

    def sorted(self) -> list[Finding]:
        """All of them, each once, by file and line."""
        return sorted(self._found)


def _read(text: str) -> Finding:
    warning = _WARNING.match(text)
    if warning is None:
        return Finding("", 0, _harmless(text))
    message, name = warning["message"], None
    begin, _bracket, end = message.rpartition("[")
    if begin[-1:].isspace() and (name := _NAME.fullmatch(end)):
        message = begin.rstrip()
    place = _PLACE.match(warning["place"] or "")
    path, line = (place["path"], int(place["line"] or 0)) if place else ("", 0)
    return Finding(path, line, _harmless(message), name[1] if name else "")


def _harmless(message: str) -> str:
    """A message that may hold a stranger's words, without what terminals obey."""
    lines = [CONTROL.sub("\ufffd", line).rstrip() for line in message.split("\n")]
    return "\n".join(line for line in lines if line)


def in_one_line(error: str) -> str:
    """What an error says, without the lines of Python's that lead to it."""
    lines = [line for line in error.splitlines() if line.strip() and not line[0].isspace()]
    return " ".join([line for line in lines if not line.startswith("Traceback ")][-3:])


def as_text(finding: Finding, base: Path) -> str:
    """A finding for people: the place first, as compilers and editors have it."""
    where = relative(finding.path, base)
    if where and finding.line:
        where = f"{where}:{finding.line}"
    name = f" [{finding.name}]" if finding.name else ""
    return f"{where or 'error'}: {finding.message}{name}"


def as_annotation(finding: Finding, base: Path) -> str:
    """A finding as a workflow command of GitHub, which shows it beside the line.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    where = {"file": relative(finding.path, base), "line": str(finding.line or 1)}
    properties = (where if finding.path else {}) | {"title": finding.name or "check"}
    listed = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::error {listed}::{_escaped(finding.message)}"


def _escaped(text: str, also: str = "") -> str:
    return "".join(f"%{ord(letter):02X}" if letter in f"%\r\n{also}" else letter for letter in text)


def relative(path: str, base: Path) -> str:
    """*path* seen from *base*, if it lies there."""
    full = Path(path)
    return full.relative_to(base).as_posix() if path and full.is_relative_to(base) else path
