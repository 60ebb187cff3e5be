"""Two people add to the edition at once, and git merges it: this edition's own layout."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.edition import ROOT

LISTS = ROOT / "tools/lists.py"
GLOSSARY, PEOPLE = "commentary/glossary.md", "commentary/people-register.md"
SOURCES = "commentary/references.bib"
REGISTERS = [f"commentary/{path.name}" for path in sorted(ROOT.glob("commentary/*-register.md"))]
SORTED = [GLOSSARY, SOURCES, *REGISTERS]

Change = Callable[["Clone"], None]


class Clone:
    """A repository with this edition's text and commentary, and its attributes."""

    def __init__(self, folder: Path, with_driver: bool) -> None:
        self.folder = folder
        for name in ("commentary", "article", "changelog.d"):
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name)
        for name in (".gitattributes", "CHANGELOG.md"):
            shutil.copy(ROOT / name, folder)
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "A")
        self.git("config", "user.email", "a@example.org")
        if with_driver:
            self.git("config", "merge.lists.driver", f"{sys.executable} {LISTS} merge %O %A %B")
        self.commit()

    def git(self, *arguments: str, ok: bool = True) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LC_ALL": "C.UTF-8"},
        )
        assert (done.returncode == 0) is ok, done.stdout + done.stderr
        return done.stdout

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "A change")

    def read(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def before(self, path: str, entry: str, new: str) -> None:
        """Put something new before the entry that begins so."""
        text = self.read(path)
        assert text.count(f"\n{entry}") == 1, entry
        self.write(path, text.replace(f"\n{entry}", f"\n{new}{entry}"))

    def merge(self, one: Change, other: Change, ok: bool = True) -> str:
        """Have two branches change something, and merge one after the other, as a host does."""
        for name, change in (("one", one), ("other", other)):
            self.git("checkout", "-q", "-b", name, "main")
            change(self)
            self.commit()
        self.git("checkout", "-q", "main")
        self.git("merge", "-q", "--no-edit", "--no-ff", "one")
        return self.git("merge", "-q", "--no-edit", "--no-ff", "other", ok=ok)


@pytest.fixture
def plain(tmp_path: Path) -> Clone:
    """As on GitHub, which runs no driver."""
    return Clone(tmp_path, with_driver=False)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path, with_driver=True)


def source(key: str) -> str:
    return f"@misc{{{key},\n  author = {{A}},\n  title = {{T}},\n  year = {{2020}}\n}}\n"


def test_whatever_two_people_add_meets_nowhere(plain: Clone) -> None:
    """A note, a term, a source, a name, a see-also to the same note, a change told."""

    def adds(name: str, term_before: str, name_before: str) -> Change:
        def change(clone: Clone) -> None:
            note = (
                f"---\nquote: a Luban Workshop\nsee-also: [silk-road]\n---\n# {name}\n\nA gist.\n"
            )
            clone.write(f"commentary/history/{name}.md", note)
            clone.write(f"commentary/sources/{name}2020.bib", source(f"{name}2020"))
            clone.write(f"changelog.d/{name}.added.md", f"What {name} did.\n")
            clone.before(GLOSSARY, term_before, f"{term_before} of {name}\n  What it means.\n\n")
            clone.before(PEOPLE, name_before, f"{name_before} {name}\n")

        return change

    plain.merge(adds("one", "CICA\n", "Chen Cheng"), adds("other", "Daqing\n", "Chen Xulong"))
    assert "CICA\n of one" in plain.read(GLOSSARY)
    assert "Daqing\n of other" in plain.read(GLOSSARY)
    assert re.search("Chen Cheng one\nChen Cheng .*\nChen Xulong other\n", plain.read(PEOPLE))
    for name in ("one", "other"):
        assert (plain.folder / f"commentary/history/{name}.md").exists()
        assert (plain.folder / f"commentary/sources/{name}2020.bib").exists()


def test_in_lists_in_order_only_neighbours_meet(plain: Clone) -> None:
    """Each line of a register lets in two names, one before and one after it."""
    plain.merge(
        lambda it: it.before(PEOPLE, "Chen Cheng", "Chen A\n"),
        lambda it: it.before(PEOPLE, "Chen Xulong", "Chen D\n"),
    )
    assert re.search("Chen A\nChen Cheng .*\nChen D\nChen Xulong", plain.read(PEOPLE))


def test_in_one_place_git_alone_sees_a_conflict(plain: Clone) -> None:
    plain.merge(
        lambda it: it.before(PEOPLE, "Chen Xulong", "Chen D\n"),
        lambda it: it.before(PEOPLE, "Chen Xulong", "Chen E\n"),
        ok=False,
    )
    assert "<<<<<<<" in plain.read(PEOPLE)


def test_with_the_driver_entries_meet_nowhere(clone: Clone) -> None:
    def adds(name: str) -> Change:
        def change(it: Clone) -> None:
            it.before(PEOPLE, "Chen Xulong", f"Chen W{name.lower()}\n")
            it.before(GLOSSARY, "Daqing\n", f"da{name.lower()}\n  What it means.\n\n")
            it.before(SOURCES, "@misc{afp2022xi", source(f"afp2021x{name}") + "\n")

        return change

    clone.merge(adds("B"), adds("A"))
    assert re.search("Chen Cheng .*\nChen Wa\nChen Wb\nChen Xulong", clone.read(PEOPLE))
    assert "\n\ndaa\n  What it means.\n\ndab\n  What it means.\n\n" in clone.read(GLOSSARY)
    assert f"\n\n{source('afp2021xA')}\n{source('afp2021xB')}\n" in clone.read(SOURCES)
    check = subprocess.run(
        [sys.executable, LISTS, "sort", "--check", PEOPLE, SOURCES],
        cwd=clone.folder,
        check=False,
    )
    assert check.returncode == 0


def test_the_driver_keeps_what_each_side_did(clone: Clone) -> None:
    def corrects(it: Clone) -> None:
        text = it.read(PEOPLE)
        it.write(PEOPLE, text.replace("Chen Cheng @chen-cheng | Ming envoy\n", ""))

    def adds(it: Clone) -> None:
        it.before(PEOPLE, "Chen Xulong", "Chen D\n")
        it.write(PEOPLE, it.read(PEOPLE).replace("# Register of people", "# People"))

    clone.merge(corrects, adds)
    text = clone.read(PEOPLE)
    assert text.startswith("# People\n")
    # What one side deleted doesn't come back, as with git's own driver "union".
    assert "Ming envoy" not in text
    assert "Chen D\nChen Xulong" in text


def test_the_same_entry_changed_twice_is_a_conflict(clone: Clone) -> None:
    def changes(to: str) -> Change:
        def change(it: Clone) -> None:
            it.write(PEOPLE, it.read(PEOPLE).replace("Ming envoy", to))

        return change

    clone.merge(changes("envoy"), changes("envoy of the Ming"), ok=False)
    text = clone.read(PEOPLE)
    assert "<<<<<<< ours" in text
    assert "envoy of the Ming" in text


def test_the_lists_are_in_order_and_attributes_name_the_driver(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, LISTS, "sort", "--check", *SORTED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    assert done.returncode == 0
    told = subprocess.run(
        ["git", "check-attr", "merge", *SORTED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "".join(f"{path}: merge: lists\n" for path in SORTED)
    # Sorting changes the order and nothing else.
    text = (ROOT / PEOPLE).read_text(encoding="utf-8")
    head, register = text.split("```{edition:register}\n")
    lines = register.partition("```")[0].splitlines()
    file = tmp_path / "people.md"
    backwards = "\n".join(reversed(lines))
    file.write_text(f"{head}```{{edition:register}}\n{backwards}\n```\n", encoding="utf-8")
    subprocess.run([sys.executable, LISTS, "sort", file], capture_output=True, check=False)
    assert file.read_text(encoding="utf-8") == text
