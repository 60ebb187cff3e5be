#!/usr/bin/env python3
"""Write a synthetic annotated book, large enough to measure the extension with.

    python tests/bench/book.py FOLDER            400 passages, 600 notes, 20 pages
    python tests/bench/book.py FOLDER --plain    the same without the extension

The words are invented, but as often repeated as words are: a few everywhere,
most of them once or twice.  The same seed gives the same book, byte for byte.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path

KINDS = {
    "history": "History",
    "people": "People",
    "places": "Places",
    "institutions": "Institutions",
    "figures": "Figures",
    "text": "The text",
}
STANDINGS = ("documented", "documented", "documented", "interpretation", "disputed", "unresolved")

FUNCTION_WORDS = (
    "the of and to in a that is was he for it with as his on be at by had not are but from or "
    "have an they which one you were her all she there would their we him been has when who will "
    "more no if out so said what up its about into than them can only other new some could time"
).split()
ONSETS = "b br c ch d dr f g gr h j k l m n p pr qu r s sh st t tr v w y z".split()
VOWELS = "a e i o u ai ea oa ou".split()
CODAS = ("", "", "", "", "", "l", "m", "n", "nd", "r", "rt", "st", "t", "th")


@dataclass(frozen=True)
class Size:
    """How much of everything a book has."""

    passages: int = 400
    notes: int = 600
    pages: int = 20
    terms: int = 60
    cross_references: int = 20
    #: So many of the notes have a gist that is longer than it may be, which costs a warning.
    long_gists: int = 0


#: A book as scholars write it, whose notes were endnotes: most gists are too long.
ENDNOTES = Size(notes=590, long_gists=382)


@dataclass
class Book:
    """A book as data: passages by page, and the commentary's files."""

    pages: list[list[str]]
    files: dict[str, str] = field(default_factory=dict)

    @property
    def passages(self) -> list[str]:
        """All passages in reading order."""
        return [passage for page in self.pages for passage in page]


class Writer:
    """Invents words, sentences and quotes; all chance comes from one seed."""

    def __init__(self, seed: int, vocabulary: int = 9000) -> None:
        self.random = random.Random(seed)
        self.words = list(FUNCTION_WORDS)
        known = set(self.words)
        while len(self.words) < vocabulary:
            # Frequent words are short.
            most = 2 if len(self.words) < 800 else 3
            word = "".join(self._syllable() for _ in range(self.random.randint(1, most)))
            if len(word) > 2 and word not in known:
                known.add(word)
                self.words.append(word)
        # Zipf's law, as Mandelbrot mended it.
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def _syllable(self) -> str:
        choice = self.random.choice
        return choice(ONSETS) + choice(VOWELS) + choice(CODAS)

    def sentence(self, length: int) -> str:
        """A sentence of *length* words."""
        words = self.random.choices(self.words, cum_weights=self._weights, k=length)
        for at in range(4, length - 3):
            if self.random.random() < 0.08:
                words[at] += ","
        return " ".join([words[0].capitalize(), *words[1:]]) + "."

    def paragraph(self, length: int) -> str:
        """Sentences of about *length* words together."""
        sentences = []
        while length > 0:
            count = min(self.random.randint(8, 28), max(length, 5))
            sentences.append(self.sentence(count))
            length -= count
        return " ".join(sentences)

    def name(self, taken: set[str]) -> str:
        """Two words that make a file's name that isn't *taken*."""
        while True:
            name = "-".join(self.random.choice(self.words) for _ in range(2))
            if name not in taken:
                taken.add(name)
                return name


class Quoter:
    """Takes quotes out of passages that occur nowhere else in the book."""

    def __init__(self, writer: Writer, passages: Sequence[str]) -> None:
        self.random = writer.random
        self.passages = passages
        self.whole = "\n".join(passages)
        self.used: set[str] = set()

    def quote(self) -> str:
        """One to six words, and unique."""
        while True:
            words = self.random.choice(self.passages).split()
            start = self.random.randrange(len(words) - 7)
            count = self.random.choice((1, 1, 2, 2, 2, 3, 3, 4, 5, 6))
            quote = " ".join(words[start : start + count]).rstrip(".,")
            if quote not in self.used and self.whole.count(quote) == 1:
                self.used.add(quote)
                return quote


def compose(size: Size, seed: int) -> Book:
    """Invent a book."""
    writer = Writer(seed)
    passages = [writer.paragraph(writer.random.randint(55, 130)) for _ in range(size.passages)]
    per_page = -(-size.passages // size.pages)
    book = Book([passages[at : at + per_page] for at in range(0, size.passages, per_page)])
    quoter = Quoter(writer, passages)
    book.files.update(_text(book, writer))
    terms = _terms(passages, writer, size.terms)
    book.files.update(_notes(writer, quoter, terms, size))
    book.files.update(_cross_references(writer, quoter, size.cross_references))
    book.files["commentary/glossary.md"] = _glossary(writer, terms)
    book.files["commentary/index.md"] = "# Commentary\n\n" + _toctree(
        "glossary", *(f"{kind}/index" for kind in KINDS), "cross-references/index"
    )
    for kind, title in {**KINDS, "cross-references": "Cross-references"}.items():
        book.files[f"commentary/{kind}/index.md"] = f"# {title}\n\n" + _toctree("*", glob=True)
    pages = [f"text/{number:02}" for number in range(1, len(book.pages) + 1)]
    book.files["index.md"] = "# A book\n\n" + _toctree(*pages, "commentary/index")
    book.files["copy-text.txt"] = "\n\n".join(passages) + "\n"
    return book


def _toctree(*entries: str, glob: bool = False) -> str:
    options = ":glob:\n" if glob else ""
    return "```{toctree}\n" + options + "\n" + "\n".join(entries) + "\n```\n"


def _text(book: Book, writer: Writer) -> Iterator[tuple[str, str]]:
    for number, page in enumerate(book.pages, 1):
        paragraphs = []
        for passage in page:
            words = passage.split(" ")
            for at, word in enumerate(words):
                if word.isalpha() and writer.random.random() < 0.01:
                    words[at] = f"*{word}*"
            paragraphs.append(" ".join(words))
        yield f"text/{number:02}.md", f"# Chapter {number}\n\n" + "\n\n".join(paragraphs) + "\n"


def _terms(passages: Sequence[str], writer: Writer, count: int) -> list[str]:
    """Words and pairs of words that occur a few times: what a glossary explains."""
    words = [word for passage in passages for word in passage.split()]
    singles = Counter(word for word in words if word.isalpha() and word.islower())
    pairs = Counter(
        f"{one} {other}"
        for one, other in pairwise(words)
        if one.isalpha() and other.isalpha() and one.islower() and other.islower()
        if one not in FUNCTION_WORDS and other not in FUNCTION_WORDS
    )
    double = [pair for pair in sorted(pairs) if pairs[pair] >= 2]
    single = [
        word
        for word in sorted(singles)
        if 3 <= singles[word] <= 30 and len(word) > 4 and not word.endswith("s")
    ]
    chosen = writer.random.sample(double, min(count // 6, len(double)))
    return chosen + writer.random.sample(single, count - len(chosen))


def _glossary(writer: Writer, terms: Sequence[str]) -> str:
    entries = [f"{term}\n  {writer.paragraph(25)}\n" for term in sorted(terms)]
    return "# Glossary\n\n```{glossary}\n" + "\n".join(entries) + "```\n"


def _front_matter(quotes: Sequence[str], **fields: object) -> str:
    lines = (
        [f"quote: {json.dumps(quotes[0])}"]
        if len(quotes) == 1
        else ["quote:", *(f"  - {json.dumps(quote)}" for quote in quotes)]
    )
    lines += [f"{name.replace('_', '-')}: {json.dumps(value)}" for name, value in fields.items()]
    return "\n".join(["---", *lines, "---", ""])


def _notes(
    writer: Writer, quoter: Quoter, terms: Sequence[str], size: Size
) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    ids = [writer.name(taken) for _ in range(size.notes)]
    for number, name in enumerate(ids):
        quotes = [quoter.quote() for _ in range(2 if writer.random.random() < 0.05 else 1)]
        fields: dict[str, object] = {"standing": writer.random.choice(STANDINGS)}
        if writer.random.random() < 0.3:
            others = writer.random.sample(ids, 2)
            fields["see_also"] = [other for other in others if other != name]
        before, now = (at * size.long_gists // size.notes for at in (number, number + 1))
        gist = writer.sentence(writer.random.randint(14, 26))
        if now > before:
            gist = f"{gist} {writer.paragraph(30)}"
        term = writer.random.choice(terms)
        body = [writer.paragraph(60), f"{writer.paragraph(40)} {{term}}`{term}`."]
        title = name.replace("-", " ").capitalize()
        yield (
            f"commentary/{writer.random.choice(list(KINDS))}/{name}.md",
            _front_matter(quotes, **fields) + "\n\n".join([f"# {title}", gist, *body]) + "\n",
        )


def _cross_references(writer: Writer, quoter: Quoter, count: int) -> Iterator[tuple[str, str]]:
    for number in range(1, count + 1):
        quotes = [quoter.quote() for _ in range(writer.random.randint(2, 4))]
        yield (
            f"commentary/cross-references/tie-{number:02}.md",
            _front_matter(quotes) + f"# Tie {number}\n\n{writer.paragraph(30)}\n",
        )


def configuration(plain: bool) -> str:
    """The book's ``conf.py``; *plain* leaves the extension out."""
    extensions = ["myst_parser"] if plain else ["myst_parser", "annotated_edition"]
    return f"""project = "A book"
extensions = {extensions!r}
html_theme = "basic"
edition_text = ["text/*"]
edition_copy_text = "copy-text.txt"
edition_kinds = {KINDS!r}
"""


def write(folder: Path, size: Size | None = None, seed: int = 7, plain: bool = False) -> None:
    """Write a book's Sphinx project to *folder*."""
    files = {**compose(size or Size(), seed).files, "conf.py": configuration(plain)}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plain", action="store_true", help="leave the extension out")
    parser.add_argument("--passages", type=int, default=Size.passages)
    parser.add_argument("--notes", type=int, default=Size.notes)
    parser.add_argument("--pages", type=int, default=Size.pages)
    parser.add_argument("--long-gists", type=int, default=Size.long_gists)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    size = Size(
        passages=given.passages,
        notes=given.notes,
        pages=given.pages,
        long_gists=given.long_gists,
    )
    write(given.folder, size, given.seed, given.plain)
    print(f"{given.folder}: {size.passages} passages, {size.notes} notes, {size.pages} pages")


if __name__ == "__main__":
    main()
