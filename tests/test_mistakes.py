"""A table of mistakes: each with the findings of ``check``, and no others.

The tables are in ``tests/mistakes``.  A case begins with ``== what it is``; ``@file PATH`` (by
default a note), ``@append``, ``@delete`` and ``@replace``, one or several, change the small edition
in ``tests/mistakes/base``; ``@expect PATH:LINE SUBTYPE words of the cure`` is a finding.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from annotated_edition.cli.check import find

MISTAKES = Path(__file__).parent / "mistakes"
NOTE = "commentary/places/services.md"
TABLES = sorted(path.stem for path in MISTAKES.glob("*.txt"))

_HEAD = "---\nquote: convenient and efficient services\n---"
_BODY = "# Convenient services\n\nA sentence that stands alone, as one should {cite:p}`xi2024zh`."
#: What stands for text that a table can't hold, or would repeat.
WORDS = {
    "{note}": f"{_HEAD}\n{_BODY}",
    "{head}": _HEAD,
    "{body}": _BODY,
    "{tab}": "\t",
    "{nobreak}": "\u00a0",
    "{nowidth}": "\u200b",
    "{rightward}": "\u200e",
    "{ours}": "<" * 7 + " HEAD",
    "{parted}": "=" * 7,
    "{theirs}": ">" * 7 + " branch",
}


@dataclass
class Case:
    """A mistake: what is done to the files, and what must be found."""

    name: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    expected: list[tuple[str, int, str, str]] = field(default_factory=list)


def cases(table: str) -> Iterator[Case]:
    """The cases of a table."""
    text = (MISTAKES / f"{table}.txt").read_text(encoding="utf-8")
    for piece in re.split(r"^== (?!.*==$)", text, flags=re.M)[1:]:
        name, _, rest = piece.partition("\n")
        case, what, path, lines = Case(name), "", NOTE, list[str]()

        def change(case: Case, what: str, path: str, lines: list[str]) -> None:
            content = "\n".join(lines) + "\n"
            for word, means in WORDS.items():
                content = content.replace(word, means)
            case.changes.append((what or "file", path, content))

        for line in rest.rstrip("\n").split("\n"):
            command = re.match(r"@(file|append|delete|replace|expect) (.*)\Z", line)
            if command is None:
                lines.append(line)
            elif command[1] == "expect":
                where = re.match(r"(.*?):(\d+) (\S+) ?(.*)\Z", command[2])
                assert where, line
                bare = "." in where[3] or where[3] == "docutils"
                subtype = where[3] if bare else f"edition.{where[3]}"
                case.expected.append((where[1] or NOTE, int(where[2]), subtype, where[4]))
            else:
                if what:
                    change(case, what, path, lines)
                what, path, lines = command[1], command[2], []
        change(case, what, path, lines)
        yield case


def make(case: Case, folder: Path) -> None:
    """Do to the edition in *folder* what the case says."""
    for what, path, content in case.changes:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if what == "delete":
            file.unlink()
            continue
        if what == "append":
            content = file.read_text(encoding="utf-8") + content
        elif what == "replace":
            old, _, new = content.rstrip("\n").partition("\n=>")
            text = file.read_text(encoding="utf-8")
            assert old in text, (case.name, old)
            content = text.replace(old, new.removeprefix("\n"), 1)
        file.write_text(content, encoding="utf-8")


def faults(case: Case, folder: Path) -> Iterator[str]:
    """What was found otherwise than expected."""
    root = folder.resolve()
    left = list(case.expected)
    for one in find(folder)[0]:
        path = Path(one.path).relative_to(root).as_posix() if one.path else ""
        for wanted in left:
            if (path, one.line, one.name) == wanted[:3] and wanted[3] in one.message:
                left.remove(wanted)
                break
        else:
            yield f"{case.name}: also found {path}:{one.line} {one.name} {one.message}"
    for wanted in left:
        yield f"{case.name}: not found {wanted}"


def is_note(case: Case) -> bool:
    """Whether a case is one note, which others can stand beside; ``!`` says that it isn't."""
    return [(what, path) for what, path, _ in case.changes] == [("file", NOTE)] and not (
        case.name.startswith("!")
    )


def named(case: Case, number: int) -> Case:
    """The case in a file of its own, with a title and a gist of its own."""

    def own(text: str) -> str:
        return text.replace("services.md", f"services-{number}.md")

    changes = [
        (what, own(path), content.replace("[services", f"[services-{number}").replace(
            "services]", f"services-{number}]").replace("A sentence", f"Sentence {number} here"
            ).replace("Convenient services\n", f"Convenient services {number}\n"))
        for what, path, content in case.changes
    ]  # fmt: skip
    return Case(case.name, changes, [(own(path), *rest) for path, *rest in case.expected])


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A copy of the small edition, without a mistake."""
    shutil.copytree(MISTAKES / "base", tmp_path / "edition")
    assert find(tmp_path / "edition")[0] == []
    return tmp_path / "edition"


def clean(work: Path) -> None:
    """Have the edition as it was."""
    base = MISTAKES / "base"
    for path in sorted(work.glob("commentary/**/*"), reverse=True):
        if not (base / path.relative_to(work)).exists():
            path.rmdir() if path.is_dir() else path.unlink()
    shutil.copytree(base, work, dirs_exist_ok=True)


@pytest.mark.parametrize("table", TABLES)
def test_each_mistake_is_told_once_in_its_place_with_its_cure(table: str, work: Path) -> None:
    wrong = []
    found = list(cases(table))
    for case in found:
        if not is_note(case):
            make(case, work)
            wrong += faults(case, work)
            clean(work)
    # Notes stand beside one another: Sphinx starts once for all.
    notes = [named(case, number) for number, case in enumerate(found) if is_note(case)]
    for case in notes:
        make(case, work)
    if notes:
        together = Case("together", [], [one for case in notes for one in case.expected])
        names = {case.changes[0][1]: case.name for case in notes}
        for fault in faults(together, work):
            path = next((path for path in names if path in fault), "")
            wrong.append(f"{names.get(path, '')}: {fault}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("delete", "commentary/references.bib", ""), "restore the file"),
        (("file", "commentary/references.bib", ""), "the bibliography has no entries"),
        (("file", "commentary/bibliography.md", "# Sources\n"), "no page lists the sources"),
        (("append", "conf.py", 'edition_kinds = ["places"]\n'), "must be a mapping"),
        (
            ("append", "conf.py", 'from pathlib import Path\nedition_copy_text = Path("a.txt")\n'),
            "and is of the type PosixPath",
        ),
    ],
)
def test_what_takes_all_is_told_alone(work: Path, change: tuple[str, str, str], words: str) -> None:
    make(Case("", [change]), work)
    found = find(work)[0]
    assert any(words in one.message for one in found)
    assert len(found) <= 2


def test_the_tables_hold_enough() -> None:
    found = [case for table in TABLES for case in cases(table)]
    assert len(found) >= 150
    assert all(1 <= len(case.expected) <= 3 for case in found)
