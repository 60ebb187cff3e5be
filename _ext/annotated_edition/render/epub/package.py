"""The finished book: which files belong to it, whether its links land, and the archive."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from annotated_edition.render.epub.semantics import (
    Contents,
    look_into,
    style_targets,
    without_links,
)
from annotated_edition.weave.days import moment


@dataclass
class Files:
    """The book's files, by path from its root: pages with their contents, and the rest."""

    pages: dict[str, Contents] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    #: What the book has in the place of pages.
    mended: dict[str, bytes] = field(default_factory=dict)

    def __contains__(self, path: str) -> bool:
        return path in self.pages or path in self.others

    def dead_links(self) -> dict[str, list[tuple[str, str]]]:
        """For each page the places, with fragments, that it leads to and that the book hasn't."""
        found: dict[str, list[tuple[str, str]]] = {}
        for path, contents in sorted(self.pages.items()):
            for target, fragment in dict.fromkeys(contents.targets):
                ids = self.pages[target].ids if target in self.pages else None
                if target not in self or (fragment and ids is not None and fragment not in ids):
                    found.setdefault(path, []).append((target, fragment))
        return found

    def unlink(self, folder: Path, path: str, dead: Collection[tuple[str, str]]) -> None:
        """Keep only the words of a page's links to some places, in the book alone.

        The page itself stays: the next build looks at it again.
        """
        try:
            page = without_links((folder / path).read_text(encoding="utf-8"), path, dead)
        except ParseError:  # reported when it was written
            return
        self.mended[path] = page.encode()


class MediaTypes(dict[str, str]):
    """Media types by suffix, whose capital letters make no difference."""

    def __contains__(self, suffix: object) -> bool:
        return super().__contains__(str(suffix).lower())

    def __getitem__(self, suffix: str) -> str:
        return super().__getitem__(suffix.lower())


def gather(folder: Path, pages: Iterable[str]) -> Files:
    """The *pages*, as far as they are in *folder*, and what they show or load.

    Whatever else lies in the folder, from an earlier build or because extensions give their
    files to every page, is no part of the book.
    """
    files = Files()
    for path in pages:
        if (folder / path).is_file():
            try:
                files.pages[path] = look_into((folder / path).read_text(encoding="utf-8"), path)
            except ParseError:  # reported when it was written
                files.pages[path] = Contents()
    ahead = [name for page in files.pages.values() for name, _fragment in page.targets]
    while ahead:
        path = ahead.pop()
        if path in files or not (folder / path).is_file() or path.endswith(".xhtml"):
            continue
        files.others.add(path)
        if path.endswith(".css"):
            ahead += style_targets((folder / path).read_text(encoding="utf-8"), path)
    return files


def pack(folder: Path, names: Iterable[str], book: Path, mended: Mapping[str, bytes]) -> None:
    """Write *book*, a zip file with ``mimetype`` first and uncompressed (OCF 3.3, 4.3).

    Files are read from *folder*, but for those *mended*.  All entries bear one time and one mode,
    so that the same pages give the same bytes.
    """
    year, *rest = moment()[:6]
    date = (max(year, 1980), *rest)  # zip's first year
    with ZipFile(book, "w") as archive:
        for name in dict.fromkeys(["mimetype", *sorted(set(names))]):
            entry = ZipInfo(name, date)  # type: ignore[arg-type]
            entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, mended.get(name) or (folder / name).read_bytes())
