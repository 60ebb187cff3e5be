"""Each attack that once took an edition down, laid over a small one and built in every way.

``hostile/trees`` holds those that are files; the others are made here.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.repo import Repo

from support.pages import parse
from support.strangers import TREES, Tree

#: What is laid over the edition: who says what is wrong (a builder), of which file and line.
LAID = {
    "siglum-latex": ("html", "commentary/people/chen.md", 3),
    "bib-type-names": ("html", "commentary/references.bib", 8),
    "bib-urls": ("html", "commentary/references.bib", 8),
    "edtf-bomb": ("html", "commentary/people/chen.md", 3),
    "quote-redos": ("html", "commentary/people/chen.md", 2),
    "lexer-csharp": ("html", "commentary/people/chen.md", 9),
    "m-lang": ("edition-pdf", "commentary/people/chen.md", 6),
    "heading-img": ("edition-pdf", "commentary/people/chen.md", 9),
    "bidi2": ("html", "commentary/people/abai-evil.md", 6),
}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_every_tree_is_listed() -> None:
    assert {path.name for path in TREES.iterdir()} == {"base", *LAID}


def test_the_edition_alone_is_sound(tree: Tree) -> None:
    good = b"---\nquote: Chen Cheng\n---\n\n# Good\n\nGist {cite:p}`good2020`.\n"
    tree.put("commentary/people/good.md", good)
    tree.build_all()
    assert list(tree.faults()) == []
    assert set(tree.said.values()) <= {"", "11 files read: no mistakes found\n"}


@pytest.mark.parametrize("name", sorted(LAID))
def test_what_is_laid_over_costs_itself(tree: Tree, name: str) -> None:
    tree.lay(name)
    tree.build_all()
    assert list(tree.faults()) == []
    builder, file, line = LAID[name]
    assert line in tree.named(builder).get(file, {}), tree.said[builder]


def test_a_name_turns_nothing_round(tree: Tree) -> None:
    tree.lay("bidi2")
    tree.build("html")
    for path in tree.output("").rglob("*.html"):
        assert "\u202e" not in path.read_text(encoding="utf-8")
    page = parse(tree.output("commentary/people/abai-good.html")).get_text(" ", strip=True)
    assert "Abai (draft)" in page


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files there")
def test_what_are_no_files_cost_themselves(tree: Tree) -> None:
    """All at once, in every way: links, a pipe, devices, odd names, odd authors."""
    people = tree.folder / "commentary/people"
    people.mkdir()
    (people / "index.md").symlink_to("../../secret.txt")
    (people / "a").symlink_to(".")
    (people / "b").symlink_to(".")
    os.mkfifo(people / "pipe.md")
    (people / "tty.png").symlink_to("/dev/tty")
    (people / f"{'n' * 245}.md").write_text("# T\n")
    names = ["commentary/people/index.md", "commentary/people/a", "commentary/people/pipe.md"]
    try:
        (people / os.fsdecode(b"\xff\xfe.md")).write_text("# T\n")
        names.append(r"commentary/people/\udcff\udcfe.md")
    except OSError:
        pass  # this file system knows UTF-8 alone
    note = "---\nquote: Chen Cheng\n---\n\n# Chen\n\nHOSTILE gist.\n\n![A screen](tty.png)\n"
    (people / "chen.md").write_text(note)
    repository = Repo.init(str(tree.folder))
    for words in ("one", "two"):
        (people / "chen.md").write_text(note + words)
        porcelain.add(repository, [str(people / "chen.md")])
        author = "An \x1b[2J\U0001f600 author \u202e <a@example.org>".encode()
        porcelain.commit(repository, message=words.encode(), author=author, committer=author)
    repository.close()
    (tree.folder / ".mailmap").symlink_to("/dev/zero")
    tree.build_all()
    assert list(tree.faults()) == []
    named = tree.named("html", "unsafe")
    assert 9 in named["commentary/people/chen.md"]
    assert {*names} <= named.keys()
    assert any("nnnn" in name for name in named)
    assert "HOSTILE gist." in tree.page("article/opening").get_text()


#: Mistakes of tables and of domains, with lines that workflows would obey, or that look like what
#: is told of another file.
FORGED = """\
---
quote: Chen Cheng
---

# Chen

HOSTILE gist.

```{list-table}
::stop-commands::forged
commentary/history/silk-road.md:1: WARNING: forged
```

```{eval-rst}
.. table::

   ::error file=conf.py::forged
```

```{forged:domain} x
```
"""


def test_no_line_of_what_is_told_is_a_strangers(tree: Tree) -> None:
    tree.put("commentary/people/chen.md", FORGED.encode())
    tree.build_all()
    assert list(tree.faults()) == []
    for said in tree.said.values():
        told = [line for line in said.splitlines() if "forged" in line or "list-table" in line]
        assert told
        assert all("commentary/people/chen.md:" in line.partition(" ")[0] for line in told)
    assert 20 in tree.named("html", "unsafe")["commentary/people/chen.md"]


NOTE = b"---\nquote: an epic\n---\n\n# Forged\n\nThe gist.\n"
#: Files below folders of which a builder makes files.
IN_THE_WAY = [
    "commentary/glossary.html/a.md", "commentary/Glossary.HTML/deep/a.md",
    "commentary/history/silk-road.txt/a.md", "commentary/glossary.md.txt/a.md",
    "commentary/glossary.xhtml/a.md", "commentary/glossary.fjson/a.md",
    "commentary/glossary/index.html.md", "commentary/notes/index.html/a.md",
]  # fmt: skip


def test_no_folder_stands_where_a_page_is_written(tree: Tree) -> None:
    for path in IN_THE_WAY:
        tree.put(path, NOTE)
    tree.put("commentary/glossary.pictures/p.png", b"")
    tree.build_all()
    assert list(tree.faults()) == []
    for builder in ("dirhtml", "text", "json", "xml"):
        tree.build(builder)
    named = tree.named("html", "unsafe")
    assert {*IN_THE_WAY} <= named.keys()
    assert "commentary/glossary.pictures/p.png" not in tree.said["html"]


def test_no_page_is_written_over_another_where_pages_are_folders(tree: Tree) -> None:
    tree.put("commentary/glossary/index.md", NOTE)
    tree.build("html")
    assert "unsafe" not in tree.warnings
    tree.build("dirhtml")
    assert "commentary/glossary/index.md:1: WARNING: its page would be that of" in tree.warnings
    words = tree.page("commentary/glossary", "dirhtml").get_text()
    assert "GOODTERM" in words
    assert "Forged" not in words


def test_a_link_to_a_file_is_told_as_one(tree: Tree) -> None:
    note = b"---\nquote: Chen Cheng\n---\n\n# Chen\n\nGist.\n\n[x](../../secret.txt)\n"
    tree.put("commentary/people/chen.md", note)
    tree.build("html")
    words = "chen.md:9: WARNING: the link '../../secret.txt' leads to a file: leave it out"
    assert words in tree.warnings
