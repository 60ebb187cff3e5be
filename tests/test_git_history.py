"""The clone read: where it is, its origin, and who changed which file when."""

from __future__ import annotations

import gc
import hashlib
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from dulwich.objects import Blob, Tree
from dulwich.repo import Repo

from annotated_edition.anchor.git_history import Clone
from annotated_edition.model import Change, History, limits

#: 3 March 2026, 12:00 UTC.
NOON = 1772539200
HOUR = 3600


class Repository:
    """A repository of which each commit holds the files that it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.repo = Repo.init(str(folder))

    def commit(
        self,
        files: dict[str, str],
        author: str = "Ann Lee <ann@mail.example>",
        when: int = NOON,
        message: str = "Change",
        zone: int = 0,
        merged: tuple[bytes, ...] = (),
    ) -> bytes:
        """Make a commit of exactly *files*; a name that ends with ``@`` is a link."""
        tree = self._tree({tuple(path.split("/")): text for path, text in files.items()})
        self.repo.get_worktree().commit(
            message.encode(),
            author=author.encode(),
            committer=b"Committer <c@mail.example>",
            author_timestamp=when,
            author_timezone=zone,
            commit_timestamp=NOON + 99 * HOUR,
            commit_timezone=0,
            tree=tree,
            merge_heads=list(merged) or None,
        )
        return self.repo.head()

    def _tree(self, files: dict[tuple[str, ...], str]) -> bytes:
        tree = Tree()
        for name in sorted({path[0] for path in files}):
            inner = {path[1:]: text for path, text in files.items() if path[0] == name}
            if () in inner:
                blob = Blob.from_string(inner[()].encode())
                self.repo.object_store.add_object(blob)
                mode = 0o120000 if name.endswith("@") else 0o100644
                tree.add(name.encode("utf-8", "surrogateescape"), mode, blob.id)
            else:
                tree.add(name.encode(), 0o040000, self._tree(inner))
        self.repo.object_store.add_object(tree)
        return tree.id


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    """An empty repository."""
    made = Repository(tmp_path / "clone")
    yield made
    made.repo.close()


NOTE = "---\nquote: a\n---\n# A\n\nThe gist of this note.\n\nMore of it.\n"


@pytest.mark.parametrize("path", ["notes/b.md", "other/a.md", "other/b.md"])
def test_who_renames_or_moves_a_file_is_not_its_author(repository: Repository, path: str) -> None:
    conf = {"conf.py": ""}
    repository.commit({**conf, "notes/a.md": NOTE})
    repository.commit({**conf, path: NOTE}, "Bo Ek <bo@mail.example>", NOON + HOUR)
    assert names(repository)[path] == ["Ann Lee"]
    # Nor is a later reviser, where the history was read in between.
    changed = NOTE.replace("More", "Much more")
    repository.commit({**conf, path: changed}, "Cy Fox <cy@mail.example>", NOON + 2 * HOUR)
    assert names(repository)[path] == ["Ann Lee", "Cy Fox"]


def test_a_file_that_is_renamed_and_changed_keeps_its_author(repository: Repository) -> None:
    conf = {"conf.py": ""}
    repository.commit({**conf, "notes/a.md": NOTE, "notes/c.md": "Another thing\naltogether\n"})
    changed = NOTE.replace("More", "Much more")
    files = {**conf, "notes/b.md": changed, "notes/c.md": "Another thing\naltogether\n"}
    repository.commit(files, "Bo Ek <bo@mail.example>", NOON + HOUR)
    assert names(repository)["notes/b.md"] == ["Ann Lee", "Bo Ek"]
    # A new file in the place of one that was deleted is none of this.
    files = {**conf, "notes/b.md": changed, "notes/d.md": "Something else\nand new\n"}
    repository.commit(files, "Cy Fox <cy@mail.example>", NOON + 2 * HOUR)
    assert names(repository)["notes/d.md"] == ["Cy Fox"]


def test_a_commit_that_is_ignored_credits_nobody(repository: Repository) -> None:
    conf = {"conf.py": ""}
    repository.commit({**conf, "notes/a.md": NOTE})
    bulk = repository.commit(
        {**conf, "notes/a.md": NOTE.replace("gist", "point")},
        "Bo Ek <bo@mail.example>",
        NOON + HOUR,
        "Spelling of all notes\n\nCo-authored-by: Cy Fox <cy@mail.example>",
    )
    assert names(repository)["notes/a.md"] == ["Ann Lee", "Bo Ek", "Cy Fox"]
    ignored = repository.folder / ".git-blame-ignore-revs"
    ignored.write_text(f"# all notes\n{bulk.decode()}\n", encoding="utf-8")
    assert names(repository)["notes/a.md"] == ["Ann Lee"]


def names(repository: Repository) -> dict[str, list[str]]:
    """Who changed which file, in order."""
    clone = Clone.of(repository.folder)
    assert clone is not None
    history = clone.history(lambda path: path.endswith(".md"), "", None)
    clone.close()
    return {
        path: list(dict.fromkeys(str(change.name) for change in sorted(changes)))
        for path, changes in history.changes.items()
    }


def anything(_path: str) -> bool:
    return True


def read(
    repository: Repository, known: History | None = None, question: str = "q", folder: str = ""
) -> History:
    clone = Clone(repository.repo, folder)
    return clone.history(anything, question, known)


FILES = {"conf.py": "", "notes/her.md": "1", "notes/him.md": "1"}


def test_the_clone_of_a_project_is_found(repository: Repository) -> None:
    repository.commit({"conf.py": ""})
    clone = Clone.of(repository.folder)
    assert clone is not None
    assert clone.folder == ""
    clone.close()


def test_the_project_may_lie_within_it(repository: Repository) -> None:
    repository.commit({"a/docs/conf.py": ""})
    project = repository.folder / "a" / "docs"
    project.mkdir(parents=True)
    clone = Clone.of(project)
    assert clone is not None
    assert clone.folder == "a/docs/"
    clone.close()
    # Of a folder whose conf.py it doesn't hold, it is no clone.
    assert Clone.of(repository.folder) is None
    assert Clone.of(repository.folder / "a") is None


def test_without_clone_or_commit_there_is_none(tmp_path: Path, repository: Repository) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert Clone.of(alone) is None
        assert Clone.of(repository.folder) is None
        gc.collect()
    assert caught == []  # no file stays open


def test_the_origin_is_as_it_is_written_down(repository: Repository) -> None:
    clone = Clone(repository.repo, "")
    assert clone.origin() == ""
    config = repository.repo.get_config()
    config.set((b"remote", b"other"), b"url", b"https://other.example/x")
    config.set((b"remote", b"origin"), b"fetch", b"+refs")
    config.write_to_path()
    assert clone.origin() == ""
    config.set((b"remote", b"origin"), b"url", "https://é.example/x".encode() + b"\xff")
    config.write_to_path()
    assert clone.origin() == "https://é.example/x\ufffd"


def test_each_change_of_a_file_has_its_day_and_person(repository: Repository) -> None:
    repository.commit(FILES)
    repository.commit({**FILES, "notes/her.md": "2"}, "Bo Li <bo@mail.example>", NOON + 24 * HOUR)
    head = repository.commit(
        {"conf.py": "", "notes/her.md": "2", "notes/deep/x.md": "3"}, when=NOON + 48 * HOUR
    )
    history = read(repository)
    assert history.head == head
    first, second = (
        Change(NOON, "2026-03-03", "Ann Lee"),
        Change(NOON + 24 * HOUR, "2026-03-04", "Bo Li"),
    )
    assert history.changes == {
        "conf.py": [first],
        "notes/her.md": [first, second],
        "notes/him.md": [first],  # deleting it is no change
        "notes/deep/x.md": [Change(NOON + 48 * HOUR, "2026-03-05", "Ann Lee")],
    }


def test_changes_are_in_order_of_time(repository: Repository) -> None:
    repository.commit({"a.md": "1"}, when=NOON + 9 * HOUR)
    repository.commit({"a.md": "2"}, when=NOON)
    assert [change.when for change in read(repository).changes["a.md"]] == [NOON, NOON + 9 * HOUR]


def test_only_wanted_files_of_the_projects_folder_are_looked_at(repository: Repository) -> None:
    repository.commit({"docs/a.md": "1", "docs/b.txt": "1", "a.md": "1"})
    asked = []

    def wanted(path: str) -> bool:
        asked.append(path)
        return path.endswith(".md")

    history = Clone(repository.repo, "docs/").history(wanted, "q", None)
    assert list(history.changes) == ["a.md"]
    assert sorted(asked) == ["a.md", "b.txt"]


def test_links_are_no_files_and_names_may_be_in_any_encoding(repository: Repository) -> None:
    repository.commit({"l@": "a.md", "a.md": "1", "b\udcff.md": "1", "é.md": "1"})
    assert sorted(read(repository).changes) == ["a.md", "b\ufffd.md", "é.md"]


def test_a_file_that_becomes_a_folder_and_back(repository: Repository) -> None:
    repository.commit({"a": "1"})
    repository.commit({"a/b.md": "1"}, when=NOON + HOUR)
    repository.commit({"a": "1"}, when=NOON + 2 * HOUR)
    changes = read(repository).changes
    assert [change.when for change in changes["a"]] == [NOON, NOON + 2 * HOUR]
    assert [change.when for change in changes["a/b.md"]] == [NOON + HOUR]


def test_a_merge_changes_nothing(repository: Repository) -> None:
    base = repository.commit({"a.md": "1"})
    repository.commit({"a.md": "2"}, when=NOON + HOUR)
    repository.commit({"a.md": "merged"}, "Merger <m@m>", NOON + 2 * HOUR, merged=(base,))
    assert [change.name for change in read(repository).changes["a.md"]] == ["Ann Lee", "Ann Lee"]
    repository.commit({"a.md": "3"}, "Bo <b@b>", NOON + 3 * HOUR)
    assert [change.name for change in read(repository).changes["a.md"]] == [
        *("Ann Lee", "Ann Lee", "Bo")
    ]


@pytest.mark.parametrize(
    ("zone", "day"), [(8 * HOUR, "2026-03-04"), (-13 * HOUR, "2026-03-02"), (0, "2026-03-03")]
)
def test_the_day_is_the_authors_own(repository: Repository, zone: int, day: str) -> None:
    when = NOON + (5 * HOUR if zone > 0 else 0)
    repository.commit({"a.md": "1"}, when=when, zone=zone)
    assert read(repository).changes["a.md"] == [Change(when, day, "Ann Lee")]


@pytest.mark.parametrize("when", [2**40, 2**60])
def test_a_commit_of_no_day_is_left_out(repository: Repository, when: int) -> None:
    repository.commit({"a.md": "1"}, when=when)
    repository.commit({"a.md": "2"})
    assert [change.when for change in read(repository).changes["a.md"]] == [NOON]


def test_co_authors_are_named_too_each_once(repository: Repository) -> None:
    message = (
        "Change\n\nCo-Authored-By: Cy  Ode <cy@mail.example>\nco-authored-by:\tBo <b@b>\n"
        "Co-authored-by: Ann Lee <other@mail.example>\nNot co-authored-by: X <x@x>\n"
        "co-authored-by:\nco-authored-by: No Address\n"
    )
    repository.commit({"a.md": "1"}, message=message)
    assert read(repository).changes["a.md"] == [
        Change(NOON, "2026-03-03", name) for name in ("Ann Lee", "Bo", "Cy Ode", "No Address")
    ]


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("  Ann   Lee  <ann@mail.example>", "Ann Lee"),
        ("ann@mail.example <ann@mail.example>", ""),
        (" <ann@mail.example>", ""),
        ("A <B> <c@c>", "A"),
    ],
)
def test_a_name_stands_before_the_address(repository: Repository, author: str, name: str) -> None:
    commit = repository.repo[repository.commit({"a.md": "1"})]
    commit.author = author.encode()
    repository.repo.object_store.add_object(commit)
    repository.repo.refs[b"HEAD"] = commit.id
    assert [change.name for change in read(repository).changes["a.md"]] == [name]


def test_a_name_of_wrong_encoding_is_shown_as_well_as_can_be(repository: Repository) -> None:
    commit = repository.repo[repository.commit({"a.md": "1"})]
    commit.author = b"J\xf6rg <j@j>"
    repository.repo.object_store.add_object(commit)
    repository.repo.refs[b"HEAD"] = commit.id
    assert read(repository).changes["a.md"][0].name == "J\ufffdrg"


def test_the_mailmap_corrects_names(repository: Repository) -> None:
    repository.commit({"a.md": "1"}, message="x\n\nco-authored-by: Old <old@mail.example>")
    before = read(repository)
    (repository.folder / ".mailmap").write_bytes(b"New <old@mail.example>\n")
    after = read(repository, before)
    assert [change.name for change in after.changes["a.md"]] == ["Ann Lee", "New"]
    assert after.basis != before.basis
    # One that can't be read corrects nothing.
    (repository.folder / ".mailmap").write_bytes(b"no address\n")
    assert [change.name for change in read(repository).changes["a.md"]] == ["Ann Lee", "Old"]


@pytest.mark.parametrize("kind", ["device", "link", "pipe", "long"])
def test_a_mailmap_that_is_no_file_of_its_own_is_not_opened(
    repository: Repository, tmp_path: Path, kind: str
) -> None:
    other = tmp_path / "elsewhere"
    other.write_bytes(b"New <old@mail.example>\n")
    mailmap = repository.folder / ".mailmap"
    if kind == "pipe":
        os.mkfifo(mailmap)
    elif kind == "long":
        mailmap.write_bytes(b"New <old@mail.example>\n" + b"#\n" * limits.MAILMAP)
    else:
        mailmap.symlink_to("/dev/zero" if kind == "device" else other)
    repository.commit({"a.md": "1"}, message="x\n\nco-authored-by: Old <old@mail.example>")
    assert [change.name for change in read(repository).changes["a.md"]] == ["Ann Lee", "Old"]


def test_names_and_people_of_a_commit_are_few(repository: Repository) -> None:
    others = "".join(f"Co-authored-by: {'A' * 999} {n} <a@b.example>\n" for n in range(200))
    others += "".join(f"Co-authored-by: {n} <a@b.example>\n" for n in range(50))
    repository.commit({"a.md": "1"}, message=f"x\n\n{others}")
    names = [change.name for change in read(repository).changes["a.md"]]
    assert len(names) <= limits.PEOPLE
    assert max(map(len, names)) <= 100


def test_a_known_history_is_brought_up_to_date(repository: Repository) -> None:
    repository.commit({"a.md": "1"})
    first = read(repository)
    assert read(repository, first) is first
    repository.commit({"a.md": "2"}, when=NOON + HOUR)
    # What is known is believed, and only the rest is read.
    known = History(first.head, first.basis, {"a.md": [Change(0, "1970-01-01", "X")], "b": []})
    second = read(repository, known)
    assert [change.when for change in second.changes["a.md"]] == [0, NOON + HOUR]
    assert second.changes["b"] == []
    assert known.changes["a.md"] == [Change(0, "1970-01-01", "X")]
    assert (second.head, second.basis) == (repository.repo.head(), first.basis)
    assert second.basis == hashlib.sha256(b"\0\0q").hexdigest()


def test_what_another_branch_or_question_gave_is_read_anew(repository: Repository) -> None:
    old = repository.commit({"a.md": "1"})
    repository.commit({"a.md": "2"}, when=NOON + HOUR)
    known = read(repository)
    known.changes["a.md"].append(Change(0, "1970-01-01", "X"))
    assert len(read(repository, known, "other").changes["a.md"]) == 2
    repository.repo.refs[b"HEAD"] = old
    assert len(read(repository, known).changes["a.md"]) == 1
    gone = History(b"1" * 40, known.basis, {"a.md": [Change(0, "1970-01-01", "X")]})
    assert len(read(repository, gone).changes["a.md"]) == 1
    unread = History(None, known.basis, {"a.md": [Change(0, "1970-01-01", "X")]})
    assert len(read(repository, unread).changes["a.md"]) == 1


def test_a_shallow_clone_has_no_history(repository: Repository) -> None:
    head = repository.commit({"a.md": "1"})
    known = read(repository)
    (repository.folder / ".git/shallow").write_bytes(head + b"\n")
    assert read(repository) == History()
    assert read(repository, known) == History()


def test_nor_has_a_damaged_one(repository: Repository) -> None:
    head = repository.commit({"a.md": "1"})
    tree = repository.repo[head].tree.decode()
    (repository.folder / f".git/objects/{tree[:2]}/{tree[2:]}").unlink()
    assert read(repository) == History()
