"""The edition as a compositor looks at it, on A4 and on 6 x 9 inches.

What is found here is found by the positions of words on the finished pages.  Some of it Typst
can't be asked to avoid: each limit says how many remain, and why.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from annotated_edition.render.pdf import typeset
from support.edition import Outputs
from support.set_lines import Division, Page, divisions, pages_of, runts, sparse
from support.shared import folder_of, made_once

pytestmark = [pytest.mark.edition, pytest.mark.xdist_group("edition")]
NAME = "annotated-edition"


@dataclass(frozen=True)
class Book:
    paper: str
    source: str
    pages: list[Page]

    def remaining(self, a4: int, bound: int) -> int:
        """What stays on either paper."""
        return a4 if self.paper == "a4" else bound

    @property
    def divided(self) -> list[Division]:
        """The words divided by hyphenation, not those that end a line at a hyphen of their own."""
        return [
            one
            for one in divisions(self.pages)
            if f"{one.head.rpartition('-')[2]}\\-{one.tail.partition('-')[0]}" not in self.source
        ]


@pytest.fixture(scope="module", params=["a4", "6x9"])
def book(
    request: pytest.FixtureRequest, outputs: Outputs, tmp_path_factory: pytest.TempPathFactory
) -> Book:
    made = outputs("edition-pdf")
    source = (made / f"{NAME}.typ").read_text(encoding="utf-8")
    if request.param != "a4":
        for told in ('paper: "a4"', '#rest("a4")'):
            source = source.replace(told, told.replace("a4", request.param))
        folder = folder_of(tmp_path_factory, request.param)
        made = made_once(folder, lambda: _set(made, folder, source))
    return Book(request.param, source, pages_of(made / f"{NAME}.pdf"))


def _set(made: Path, folder: Path, source: str) -> None:
    """Set the book of the folder *made* anew, in *folder*."""
    shutil.copytree(made, folder)
    path = folder / f"{NAME}.typ"
    path.write_text(source, encoding="utf-8")
    search = typeset.LayoutSearch(folder)
    path.with_suffix(".pdf").write_bytes(typeset.typeset(path, search).pdf)


def test_no_name_is_divided(book: Book) -> None:
    assert [one for one in book.divided if one.head[:1].isupper()] == []


def test_few_words_are_divided_and_none_after_two_letters(book: Book) -> None:
    assert len(book.pages) / 5 > len(book.divided), "one on five pages"
    # Typst's patterns divide after two letters and ask a price for it: a table's narrow cell pays.
    assert len([one for one in book.divided if len(one.head) < 3]) <= book.remaining(0, 1)


def test_few_words_are_divided_over_a_page_turn(book: Book) -> None:
    # Typst ends lines before it ends pages, and knows no price for the last line of one.
    assert len([one for one in divisions(book.pages) if not one.tail]) <= book.remaining(1, 1)


def test_few_paragraphs_end_with_a_short_word_alone(book: Book) -> None:
    # A citation's year, which a line before it would have to be torn for; a word of Chinese or
    # Russian at the end of an entry that isn't justified.
    assert len(list(runts(book.pages))) <= book.remaining(6, 8), list(runts(book.pages))


def test_a_headnote_stands_with_what_it_is_about(book: Book) -> None:
    found = 0
    for page in book.pages:
        for start in [line for line in page.lines if line.words.startswith("The editors. ")]:
            last = start
            while after := page.under(last):
                last = after
            # Not what hangs in the margin.
            wide = [line for line in page.lines if line.right - line.left > 100]
            below = [line for line in wide if line.foot < last.foot]
            # In larger type than its own, before the notes at the foot.
            sizes = [line.size for line in sorted(below, key=lambda line: -line.foot)]
            assert max(sizes[:1], default=0) > start.size, page.number
            found += 1
    assert found == 4


def test_few_pages_are_nearly_empty(book: Book) -> None:
    # The title, and the last pages of chapters: what follows begins a page.  Lines are set before
    # pages are, so that no chapter can be drawn in by a line or two.
    assert len(list(sparse(book.pages))) <= book.remaining(3, 3), list(sparse(book.pages))


def test_no_column_of_a_table_runs_into_the_next(book: Book) -> None:
    found = 0
    for page in book.pages:
        heads = {line.words for line in page.lines}
        if not ({"Place", "Coordinates"} <= heads or {"Date", "Event"} <= heads):
            continue
        for line in page.lines:
            beside = [one for one in page.lines if abs(one.foot - line.foot) < 1]
            right = [one.left for one in beside if one.left > line.left]
            assert line.right < min(right, default=line.right + 1), (page.number, line.words)
            found += len(right)
    assert found > 500


def test_no_mark_in_the_margin_repeats_the_one_above_it(book: Book) -> None:
    found = 0
    for page in book.pages:
        marks: list[tuple[str, float]] = []
        for line in page.lines:
            if re.match("→.?¶", line.words) and line.size < 9:
                marks.append((line.words, line.foot))
        marks.sort(key=lambda mark: -mark[1])
        found += len(marks)
        for (words, foot), (below, low) in pairwise(marks):
            assert words != below or words.endswith(";") or foot - low > 80, (page.number, words)
    assert found > 20
