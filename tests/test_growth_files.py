"""Whole files of a stranger's: how the time of every builder grows with what they hold.

Many pieces of each sort are written into the small edition of ``tests/hostile/trees/base``, then
four times as many.  What is compared is the growth, without what the edition itself takes: work
that grows with the square takes sixteen times as long.
"""

from __future__ import annotations

import gc
import time
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.strangers import BUILDERS, TREES, Tree

#: What else is written, by Sphinx's builders and the extension's.
ALL = (*BUILDERS, "text", "man", "texinfo", "singlehtml", "json", "xml", "tei")
#: So many pieces, and four times as many, each time; the limits let more through.
FEW, MANY = 64, 256
#: Four times as long is linear; the rest is room for a busy machine.
MOST = 10.0
#: Seconds that say nothing.
FLOOR = 0.2

Files = dict[str, str | bytes]


#: A picture of one pixel.
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def note(body: str, gist: str = "A gist.", front: str = "") -> str:
    return f"---\nquote: a caravan of camels\n{front}---\n\n# More\n\n{gist}\n\n{body}\n"


def bodies(**made: str) -> Files:
    return {f"commentary/history/{name}.md": note(body) for name, body in made.items()}


def words(n: int) -> Files:
    return bodies(
        paragraphs="Words of it.\n\n" * n,
        lines="Words of it  \n" * n,
        emphases="*a* b " * n,
        tags="<b>a</b> " * n,
        code="```python\n" + "a = 1\n" * n + "```",
        signs="« … » " * n,
        directions="ab \u05d0\u05d1 \u2068c\u2069 " * n,
    )


def links(n: int) -> Files:
    return bodies(
        links="[a](https://example.org/) " * n,
        apart="[a](https://example.org/)\n\n" * n,
        citations="Words {cite:p}`good2020`.\n\n" * n,
        terms="A {term}`caravan`.\n\n" * n,
        notes="See {edition:note}`silk-road`.\n\n" * n,
        footnotes="".join(f"A[^{k}].\n\n" for k in range(n))
        + "".join(f"[^{k}]: b\n\n" for k in range(n)),
    )


def blocks(n: int) -> Files:
    return bodies(
        equal="## Equal\n\n" * n,
        targets="".join(f"(t{k})=\n## H{k}\n\n" for k in range(n)),
        items="- a\n" * n,
        rows="| a | b |\n|---|---|\n" + "| a | b |\n" * n,
        columns=f"|{' a |' * n}" + f"\n|{'---|' * n}" + f"\n|{' a |' * n}",
        quotations="> a\n\nb\n\n" * n,
        nested="- a\n  - b\n    - c\n\n" * n,
        tables="| a |\n|---|\n| b |\n\nx\n\n" * n,
        boxes="```{note}\na\n```\n\n" * n,
        rubrics="```{rubric} R\n```\n\n" * n,
        breaks="a\\\nb\n\n" * n,
        transitions="a\n\n***\n\n" * n,
        comments="<!-- a -->\n\na\n\n% b\n\n" * n,
    )


def marks(n: int) -> Files:
    return bodies(
        attributes="{.a}\nb\n\n" * n,
        classes="{" + " ".join(f".a{k}" for k in range(n)) + "}\nb",
        shortened="{abbr}`a (b)` H{sub}`2`\n\n" * n,
        spans="`a` **b *c* d**\n\n" * n,
        named="".join(f"[r{k}]: https://example.org\n" for k in range(n))
        + "".join(f"[a][r{k}]\n\n" for k in range(n)),
        marked="A[^1].\n\n" * n + "[^1]: b\n",
        pictures="![a](a.png)\n\n```{figure} a.png\nb\n```\n\n" * n,
    ) | {"commentary/history/a.png": PICTURE}


def structured(n: int) -> Files:
    made = {
        "comments": ".. a\n\nb\n\n" * n,
        "lines": "| a\n" * n,
        "options": "-a  b\n" * n,
        "unnamed": "`a <https://example.org>`__\n\n" * n,
        "numbered": "A [#]_\n\n" * n + ".. [#] a\n" * n,
        "fields": ":a: b\n" * n,
        "definitions": "a\n  b\n" * n,
        "substitutions": "".join(f".. |s{k}| replace:: a\n" for k in range(n))
        + "".join(f"\n|s{k}|\n" for k in range(n)),
    }
    head = ":quote: a caravan of camels\n\nMore\n====\n\nA gist.\n\n"
    return {f"commentary/history/{name}.rst": head + body for name, body in made.items()}


def mistakes(n: int) -> Files:
    return bodies(
        roles="{nosuch}`a` " * n,
        directives="```{nosuch}\n```\n\n" * n,
        citations="Words {cite:p}`gone2020`.\n\n" * n,
        terms="A {term}`caravax`.\n\n" * n,
        pictures="".join(f"![a]({k}.png)\n\n" for k in range(n)),
        raw="<script>a</script>\n\n" * n,
    )


def lists(n: int) -> Files:
    base = TREES / "base/commentary"
    bib = (base / "references.bib").read_text(encoding="utf-8")
    glossary = (base / "glossary.md").read_text(encoding="utf-8")
    register = (base / "people-register.md").read_text(encoding="utf-8")
    people = "".join(f"Person {k} | a person\nChen Cheng {k}; Chen\n" for k in range(n))
    headwords = "".join(f"term {k}\n  A word {k}.\n" for k in range(n))
    return {
        "commentary/people-register.md": f"{register.rstrip().removesuffix('```')}{people}```\n",
        "commentary/glossary.md": f"{glossary.rstrip().removesuffix('```')}{headwords}```\n",
        "commentary/references.bib": bib
        + "".join(f"@book{{k{k}, author={{A, B}}, title={{T}}, year=2000}}\n" for k in range(n))
        + "".join(
            f"@book{{s{k}, author={{A, B}}, title={{% T}},\n pages={{9--2}}, year=2999}}\n"
            for k in range(n)
        )
        + "".join(
            f"@inbook{{c{k}, author={{A, B}}, crossref={{c{k + 1}}}, title={{T}}, year=2000}}\n"
            for k in range(n)
        )
        + f"@book{{many, author={{{' and '.join(['A, B'] * n)}}}, title={{T}}, year=2000}}\n",
    }


def keys(n: int) -> Files:
    """Many more: each costs little."""
    bib = (TREES / "base/commentary/references.bib").read_text(encoding="utf-8")
    again = "@book{same, author={A, B}, title={T}, year=2000}\n" * (32 * n)
    return {"commentary/references.bib": f"{bib}\n{again}"}


def notes(n: int) -> Files:
    """A quarter as many: each is a page."""
    good = """\
---
quote: epic along
dates: {{'{year}': a day}}
places: [{{name: P{k}, at: [{north}, 70]}}]
---

# N

A.
"""
    bad = "---\nquote: nowhere {k}\n---\n\n# B\n\nA.\n"
    tie = "---\nquote: [thousands of years, a caravan of camels]\n---\n\n# A tie\n\nTied.\n"
    files = {}
    for k in range(n // 4):
        files[f"commentary/history/n{k}.md"] = good.format(k=k, year=1910 + k % 90, north=k % 80)
        files[f"commentary/people/b{k}.md"] = bad.format(k=k)
        files[f"commentary/cross-references/t{k}.md"] = tie
    return files


def too_fast(n: int) -> Files:
    """What grows with the cube of *n* by itself: seen, or the test would see nothing."""
    rows = "| a | b |\n|---|---|\n" + "| a | b |\n" * (n * n // FEW)
    return bodies(**{f"rows{k}": rows for k in range(n // 32)})


def cost(folder: Path, files: Files, builders: tuple[str, ...] = ALL) -> dict[str, float]:
    """The seconds of the processor that each builder takes."""
    tree = Tree(folder)
    for path, text in files.items():
        tree.put(path, text if isinstance(text, bytes) else text.encode())
    taken = {}
    # What other tests have left would be looked through again and again.
    gc.collect()
    gc.disable()
    try:
        for builder in builders:
            start = time.process_time()
            tree.build(builder)
            taken[builder] = time.process_time() - start
    finally:
        gc.enable()
    return taken


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """What the edition takes by itself, once all is imported."""
    first, second = (cost(tmp_path_factory.mktemp("none"), {}) for _ in range(2))
    return {builder: min(first[builder], second[builder]) for builder in ALL}


def grows_too_fast(
    folder: Any,
    files: Callable[[int], Files],
    nothing: dict[str, float],
    most: float = MOST,
    builders: tuple[str, ...] = ALL,
) -> list[str]:
    """The builders whose time grows *most* times or more from few pieces to many."""
    many = cost(folder.mktemp("many"), files(MANY), builders)
    more = {builder: many[builder] - nothing[builder] for builder in builders}
    # The others' time is too short for that, whatever few take.
    long = [builder for builder in builders if more[builder] >= most * FLOOR]
    if not long:
        return []
    # The first builder reads for all.
    few = cost(folder.mktemp("few"), files(FEW), tuple(dict.fromkeys([builders[0], *long])))
    return [
        builder
        for builder in long
        if more[builder] >= most * max(few[builder] - nothing[builder], FLOOR)
    ]


@pytest.mark.xdist_group("growth-files")
@pytest.mark.parametrize("files", [words, links, blocks, marks, structured, mistakes, lists, notes])
def test_files(
    tmp_path_factory: pytest.TempPathFactory,
    nothing: dict[str, float],
    files: Callable[[int], Files],
) -> None:
    def found() -> list[str]:
        return grows_too_fast(tmp_path_factory, files, nothing)

    assert not (found() and found())  # again, should the machine have been busy


@pytest.mark.xdist_group("growth-files")
def test_bibliographies(
    tmp_path_factory: pytest.TempPathFactory, nothing: dict[str, float]
) -> None:
    # One kind and one builder, which take their time: nothing hides what grows faster.
    def found() -> list[str]:
        return grows_too_fast(tmp_path_factory, keys, nothing, 6, ("xml",))

    assert not (found() and found())


@pytest.mark.xdist_group("growth-files")
def test_faster_growth_is_seen(
    tmp_path_factory: pytest.TempPathFactory, nothing: dict[str, float]
) -> None:
    assert grows_too_fast(tmp_path_factory, too_fast, nothing, builders=BUILDERS[:1])
