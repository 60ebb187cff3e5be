"""``preview``: what a change does to the edition, on one page that needs nothing else.

Both versions are built.  Of each note that is new, changed or gone the page has the passages
with the words that it is about, and the whole note, before and after; of every other changed
document the paragraphs that differ.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

from annotated_edition.cli.findings import in_one_line
from annotated_edition.cli.html_pieces import Element, blocks, content, written

#: Pieces of pages, each with the folder of its page.
_Side = list[tuple[Path, Element]]


class Refusal(Exception):
    """A version that can't be built; the message says why."""


class Version:
    """One version of the edition, as built: its documents and its passages."""

    def __init__(self, pages: Path) -> None:
        self._pages = pages

    @cached_property
    def sources(self) -> dict[str, tuple[str, bytes]]:
        """The name and the bytes of each document's file."""
        folder = self._pages / "_sources"
        found = {}
        for path in sorted(folder.rglob("*.txt")):
            name = path.relative_to(folder).as_posix().removesuffix(".txt")
            found[name.rpartition(".")[0] or name] = (name, path.read_bytes())
        return found

    def folder(self, docname: str) -> Path:
        """Where a document's page lies."""
        return (self._pages / f"{docname}.html").parent

    def content(self, docname: str) -> Element | None:
        """What a document's page says, or None where there is none."""
        path = self._pages / f"{docname}.html"
        return content(path.read_text(encoding="utf-8")) if path.is_file() else None

    @cached_property
    def rows(self) -> list[tuple[str, Element]]:
        """Each passage with its notes, and its document."""
        found = []
        for docname in self.sources:
            page = self.content(docname)
            for row in page.find(lambda it: "passage-row" in it.classes) if page else ():
                found.append((docname, row))
        return found

    @cached_property
    def notes(self) -> dict[str, list[tuple[str, Element]]]:
        """The passages of each note, by its id, in the order of the text."""
        found: dict[str, list[tuple[str, Element]]] = {}
        for docname, row in self.rows:
            names = [
                name.removeprefix("quote-")
                for one in row.walk()
                for name in one.attributes.get("class", "").split()
                if name.startswith("quote-")
            ]
            for name in dict.fromkeys(names):
                found.setdefault(name, []).append((docname, row))
        return found

    def footnote(self, name: str) -> Element | None:
        """What a note says beside the text."""
        wanted = f"note-{name}"
        for _docname, row in self.rows:
            for one in row.find(lambda it: it.attributes.get("id") == wanted):
                return one
        return None


@dataclass(frozen=True, slots=True)
class Change:
    """A document that isn't what it was."""

    docname: str
    #: Its file, as the project calls it.
    file: str
    #: ``new``, ``changed`` or ``gone``.
    what: str

    @property
    def name(self) -> str:
        """What a note of this document is called."""
        return self.docname.rpartition("/")[2]


def preview(source: Path, before: Path, output: Path, summary: Path | None) -> int:
    """Write the page to *output*, and its contents as Markdown to *summary*.

    0, or 1 if one of the two versions can't be built.  Raises OSError if a file can't be written.
    """
    with TemporaryDirectory() as folder:
        try:
            old = Version(_built(before, Path(folder, "before"), "the version before"))
            new = Version(_built(source, Path(folder, "after"), "the version after"))
        except Refusal as refusal:
            print(f"error: {refusal}")
            return 1
        found = list(changes(old, new))
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page(old, new, found), encoding="utf-8", newline="\n")
        if summary is not None:
            with summary.open("a", encoding="utf-8", newline="\n") as file:
                file.write(in_short(old, new, found))
    print(f"{output}: {len(found)} changed {'file' if len(found) == 1 else 'files'}")
    return 0


def _built(source: Path, folder: Path, version: str) -> Path:
    """The pages of the project in *source*, in a process of its own: it has its own extension.

    Raises Refusal, which says which *version* it is.
    """
    if not (source / "conf.py").is_file():
        raise Refusal(f"{source} has no conf.py: name the folder of the other version by --before")
    settings = ("html_theme=edition", "html_copy_source=1", "html_show_sourcelink=0")
    options = [part for setting in settings for part in ("-D", setting)]
    command = [sys.executable, "-m", "sphinx", "-q", "-j", "auto", "-b", "html", *options]
    done = subprocess.run(
        [*command, "-d", folder / "doctrees", source.resolve(), folder / "html"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refusal(f"{version} ({source}) can't be built: {_error_in(done.stderr)}")
    return folder / "html"


def _error_in(said: str) -> str:
    """The error among all that Sphinx says when it stops."""
    report = said.partition("\nTraceback\n=========\n")[2] or said
    return in_one_line(dedent(report.partition("\nThe full traceback")[0]))


def changes(old: Version, new: Version) -> Iterator[Change]:
    """What differs: notes in the order of the text, those that are gone, and other documents."""
    found = []
    for docname in {**new.sources, **old.sources}:
        was, now = old.sources.get(docname), new.sources.get(docname)
        if was != now:
            what = "new" if was is None else "gone" if now is None else "changed"
            name, _bytes = now or was or ("", b"")
            found.append(Change(docname, name, what))
    places = [*new.notes, *old.notes]

    def place(change: Change) -> tuple[bool, int, str]:
        is_note = change.name in places
        return not is_note, places.index(change.name) if is_note else 0, change.docname

    yield from sorted(found, key=place)


def page(old: Version, new: Version, found: Iterable[Change]) -> str:
    """The page."""
    pieces = [_piece(old, new, change) for change in found]
    style = Path(__file__).with_name("preview.css").read_text(encoding="utf-8")
    told = "".join(pieces) or "<p>Nothing of the edition’s pages differs.</p>"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        # Whatever stands in it, it is looked at and does nothing.
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>What this change does</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<main>\n<h1>What this change does</h1>\n{told}</main>\n</body>\n</html>\n"
    )


def in_short(old: Version, new: Version, found: Iterable[Change]) -> str:
    """The contents of the page as Markdown, for the summary of a job."""
    lines = ["## What this change does", "", "| File | What | Where |", "|---|---|---|"]
    for change in found:
        rows = new.notes.get(change.name) or old.notes.get(change.name) or []
        where = ", ".join(_label(row) for _docname, row in rows)
        kind = f"{change.what} note" if rows else change.what
        lines.append(f"| {_cell(change.file)} | {kind} | {_cell(where)} |")
    if len(lines) == 4:
        lines[2:] = ["Nothing of the edition’s pages differs."]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Text in a table: a stranger's file name is no markup."""
    return "".join(f"&#{ord(sign)};" if sign in "|<>&`*_[]\\!@#\n" else sign for sign in text)


def _label(row: Element) -> str:
    for one in row.walk():
        if "passage-number" in one.classes:
            return one.attributes.get("data-n", "")
    return ""


def _piece(old: Version, new: Version, change: Change) -> str:
    is_note = change.name in new.notes or change.name in old.notes
    what = f"{change.what} note" if is_note else change.what
    inside = _note(old, new, change) if is_note else _document(old, new, change)
    return (
        f'<section class="change"><h2><code>{escape(change.file)}</code> '
        f'<span class="what {change.what}">{what}</span></h2>\n{inside}</section>\n'
    )


def _note(old: Version, new: Version, change: Change) -> str:
    before, after = (
        [(Path(), piece) for piece in _in_passages(version, change.name)]
        + _whole(version, change.docname)
        for version in (old, new)
    )
    return _columns(before, after)


def _whole(version: Version, docname: str) -> _Side:
    """The paragraphs of a page."""
    page = version.content(docname)
    folder = version.folder(docname)
    return [(folder, one) for one in blocks(page)] if page else []


def _in_passages(version: Version, name: str) -> list[Element]:
    """The passages that a note is about, its words marked, and what it says beside them."""
    found = []
    for _docname, row in version.notes.get(name, []):
        for one in row.find(lambda it: "passage" in it.classes):
            found.append(_marked(one, f"quote-{name}"))
    footnote = version.footnote(name)
    if footnote is not None:
        found.append(Element("div", {"class": "beside"}, [footnote]))
    return found


def _marked(element: Element, name: str) -> Element:
    """A copy in which the words of one note alone are marked."""
    attributes = dict(element.attributes)
    if "quoted" in element.classes:
        attributes["class"] = "about" if name in element.classes else ""
    children = [one if isinstance(one, str) else _marked(one, name) for one in element.children]
    return Element(element.tag, attributes, children)


def _document(old: Version, new: Version, change: Change) -> str:
    before, after = (_whole(version, change.docname) for version in (old, new))
    said = [[" ".join(one.words()) for _folder, one in side] for side in (before, after)]
    matcher = SequenceMatcher(None, said[0], said[1], autojunk=False)
    different = [
        _columns(before[begin:end], after[start:stop])
        for tag, begin, end, start, stop in matcher.get_opcodes()
        if tag != "equal"
    ]
    return "".join(different) or "<p>What readers see of it is the same.</p>"


def _columns(before: _Side, after: _Side) -> str:
    """What was and what is, side by side; words that only one of them has are marked."""
    words = [[word for _folder, one in side for word in one.words()] for side in (before, after)]
    matcher = SequenceMatcher(None, words[0], words[1], autojunk=False)
    flagged: list[set[int]] = [set(), set()]
    for tag, begin, end, start, stop in matcher.get_opcodes():
        if tag != "equal":
            flagged[0] |= set(range(begin, end))
            flagged[1] |= set(range(start, stop))
    columns = []
    for side, numbers, flag, title in (
        (before, flagged[0], "del", "Before"),
        (after, flagged[1], "ins", "After"),
    ):
        if side:
            # Where there is nothing to compare, everything would be marked.
            shown = numbers if before and after else set()
            columns.append(f"<div><h3>{title}</h3>{_side(side, shown, flag)}</div>")
    kind = "two" if len(columns) > 1 else "one"
    return f'<div class="{kind}">{"".join(columns)}</div>\n'


def _side(side: _Side, numbers: set[int], flag: str) -> str:
    told, first = [], 0
    for folder, one in side:
        count = sum(1 for _word in one.words())
        own = frozenset(number - first for number in numbers if first <= number < first + count)
        told.append(written(one, folder, own, flag))
        first += count
    return "\n".join(told)
