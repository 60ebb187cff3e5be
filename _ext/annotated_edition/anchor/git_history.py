"""The git clone that an edition is built from: its origin, and who changed which file when.

No Sphinx here.  dulwich reads the repository: no git need be installed, and
nothing that a repository's configuration names is run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from difflib import SequenceMatcher
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

from annotated_edition.model import limits
from annotated_edition.model.records import NOTHING, Change, History
from annotated_edition.text.extras import is_installed
from annotated_edition.text.words import Day, Words

if TYPE_CHECKING:
    from dulwich.mailmap import Mailmap
    from dulwich.objects import Commit, ObjectID, Tree
    from dulwich.repo import Repo

#: Commits that change many files and credit nobody, one a line, as ``git blame`` reads it with
#: ``--ignore-revs-file``; GitHub reads a file of this name.
IGNORED = ".git-blame-ignore-revs"

#: So much of a renamed file must be the same (git's own measure).
_LEAST_ALIKE = 0.5

_CO_AUTHOR = re.compile(rb"^co-authored-by:[ \t]*(.+)$", re.I | re.M)

#: Bytes of a commit's message in which co-authors are looked for, at its end where git has them,
#: and characters of a name.
_MOST_MESSAGE = 10_000
_MOST_NAME = 100


class Clone:
    """A clone that holds a project's folder."""

    def __init__(self, repo: Repo, folder: str) -> None:
        self._repo = repo
        #: The project's folder in the repository: empty, or ending with a slash.
        self.folder = folder

    @classmethod
    def of(cls, project: Path) -> Clone | None:
        """The clone whose last commit holds the ``conf.py`` of the folder *project*.

        None where there is none: no clone, or one of something else, such as of a
        home folder within which the project lies; or no dulwich to read it.
        """
        if not is_installed("history"):
            return None
        from dulwich.object_store import tree_lookup_path  # needs a tenth of a second
        from dulwich.repo import Repo

        repo = None
        try:
            repo = Repo.discover(str(project))
            inner = project.resolve().relative_to(Path(repo.path).resolve())
            folder = "" if inner == Path() else f"{inner.as_posix()}/"
            tree = repo[repo.head()].tree  # type: ignore[attr-defined]
            tree_lookup_path(repo.get_object, tree, f"{folder}conf.py".encode())
        except Exception:
            # Whatever is wrong with a clone, the edition can be built without.
            if repo is not None:
                repo.close()
            return None
        return cls(repo, folder)

    def close(self) -> None:
        """Let go of the repository's files."""
        self._repo.close()

    def origin(self) -> str:
        """The address of the remote ``origin``, as it is written down; may be empty."""
        try:
            value = self._repo.get_config().get((b"remote", b"origin"), b"url")
        except KeyError:
            return ""
        return value.decode("utf-8", "replace")

    def history(
        self, wanted: Callable[[str], bool], question: str, known: History | None
    ) -> History:
        """The changes of the files *wanted* (paths from the project's folder).

        A *known* history of the same *question* is brought up to date: only the
        commits since are looked at.  Merges change nothing.  A shallow clone has
        none, since its oldest commit would seem to have written everything.
        """
        try:
            if self._repo.get_shallow():
                return History()
            head, basis = self._repo.head(), self._basis(question)
            if known is None or known.basis != basis or not self._precedes(known.head, head):
                known = History(None, basis)
            if known.head == head:
                return known
            changes = {path: list(found) for path, found in known.changes.items()}
            renames: list[tuple[str, str]] = []
            for path, change in self._read(head, known.head, wanted, renames):
                changes.setdefault(path, []).append(change)
            # The oldest first: a file that was renamed twice has all three histories.
            for old, new in reversed(renames):
                changes[new] = [*changes.get(old, []), *changes.get(new, [])]
        except Exception:
            # A clone without some of its objects, say.
            return History()
        return History(head, basis, {path: sorted(found) for path, found in changes.items()})

    def _basis(self, question: str) -> str:
        ignored = b"\0".join(sorted(self._ignored()))
        parts = (self._file(".mailmap"), ignored, question.encode())
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def _file(self, name: str) -> bytes:
        """What a file of the clone's holds: nothing where it is a link, a device or too long."""
        path = Path(self._repo.path, name)
        try:
            state = path.lstat()
            if S_ISREG(state.st_mode) and state.st_size <= limits.MAILMAP:
                return path.read_bytes()
        except OSError:
            pass
        return b""

    def _ignored(self) -> frozenset[bytes]:
        """The commits that ``.git-blame-ignore-revs`` names, in full."""
        text = self._file(IGNORED)
        return frozenset(re.findall(rb"^[ \t]*([0-9a-f]{40})\b", text, re.M))

    def _precedes(self, old: ObjectID | None, new: ObjectID) -> bool:
        from dulwich.graph import can_fast_forward

        return old == new or (
            old is not None
            and old in self._repo.object_store
            and can_fast_forward(self._repo, old, new)
        )

    def _read(
        self,
        head: ObjectID,
        known: ObjectID | None,
        wanted: Callable[[str], bool],
        renames: list[tuple[str, str]],
    ) -> Iterator[tuple[str, Change]]:
        """Each change since *known*; *renames* grows by old and new paths, the newest first."""
        repo, mailmap, ignored = self._repo, self._mailmap(), self._ignored()
        trees = _Trees(repo)
        excluded = [known] if known else None
        for entry in repo.get_walker([head], excluded, max_entries=limits.COMMITS):
            commit: Commit = entry.commit
            if len(commit.parents) > 1:
                continue
            parents = [repo[parent] for parent in commit.parents]
            before: ObjectID | None = parents[0].tree if parents else None  # type: ignore[attr-defined]
            people = [] if commit.id in ignored else list(_people(commit, mailmap))
            moved = self._moved(trees, before, commit.tree, wanted)
            renames += [(old, new) for new, (old, _same) in moved.items()]
            for path in self._wanted(trees.changed(before, commit.tree), wanted):
                if not moved.get(path, ("", False))[1]:
                    yield from ((path, person) for person in people)

    def _wanted(
        self, found: Iterable[tuple[bytes, ObjectID]], wanted: Callable[[str], bool]
    ) -> dict[str, ObjectID]:
        """Paths from the project's folder, of files *wanted*, and what they hold."""
        paths = {
            path.decode("utf-8", "replace").removeprefix(self.folder): blob
            for path, blob in found
            if path.decode("utf-8", "replace").startswith(self.folder)
        }
        return {path: blob for path, blob in paths.items() if wanted(path)}

    def _moved(
        self,
        trees: _Trees,
        before: ObjectID | None,
        after: ObjectID,
        wanted: Callable[[str], bool],
    ) -> dict[str, tuple[str, bool]]:
        """For each file that a commit renamed: its old path, and whether it is otherwise the same.

        One whose words are half the same at least, as ``git diff -M`` has it.
        """
        gone = self._wanted(trees.gone(before, after), wanted) if before else {}
        if not gone:
            return {}
        fresh = self._wanted(trees.changed(before, after), wanted)
        there = {path for path in fresh if trees.has(before, (self.folder + path).encode())}
        moved: dict[str, tuple[str, bool]] = {}
        for path in sorted(fresh.keys() - there):
            likely = [(self._alike(blob, fresh[path]), old) for old, blob in sorted(gone.items())]
            share, old = max(likely, default=(0.0, ""))
            if share >= _LEAST_ALIKE:
                moved[path] = old, fresh[path] == gone.pop(old)
        return moved

    def _alike(self, one: ObjectID, other: ObjectID) -> float:
        """How much of two files is the same, from 0 to 1."""
        if one == other:
            return 1.0
        old, new = (self._repo[blob].as_raw_string().split(b"\n") for blob in (one, other))
        return SequenceMatcher(a=old, b=new, autojunk=False).ratio()

    def _mailmap(self) -> Mailmap:
        from dulwich.mailmap import Mailmap, read_mailmap

        try:
            return Mailmap(read_mailmap(BytesIO(self._file(".mailmap"))))
        except ValueError:
            return Mailmap()


class _Trees:
    """What differs between folders of two commits.

    dulwich's own comparison looks at every file of a changed folder in Python,
    which costs six times as much with hundreds of notes in one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        # A commit's folders are compared twice: with the one before, and after.
        self._entries = lru_cache(maxsize=256)(self._read)

    def _read(self, tree: ObjectID) -> dict[bytes, tuple[int, ObjectID]]:
        found: Tree = self._repo[tree]  # type: ignore[assignment]
        return {name: found[name] for name in found}

    def gone(
        self, old: ObjectID, new: ObjectID | None, above: bytes = b""
    ) -> Iterator[tuple[bytes, ObjectID]]:
        """The paths of files of the folder *old* that *new* hasn't, and what they held."""
        after = self._entries(new) if new else {}
        for name, (mode, identity) in self._entries(old).items() - after.items():
            if S_ISDIR(mode):
                now = after.get(name)
                inner = now[1] if now and S_ISDIR(now[0]) else None
                yield from self.gone(identity, inner, above + name + b"/")
            elif S_ISREG(mode) and name not in after:
                yield above + name, identity

    def has(self, tree: ObjectID | None, path: bytes) -> bool:
        """Whether there is a file or folder *path* below *tree*."""
        for name in path.split(b"/"):
            found = self._entries(tree).get(name) if tree else None
            if found is None:
                return False
            tree = found[1]
        return True

    def changed(
        self, old: ObjectID | None, new: ObjectID, above: bytes = b""
    ) -> Iterator[tuple[bytes, ObjectID]]:
        """The paths of files that are new or other in the folder *new* than in *old*.

        With what they hold.
        """
        before = self._entries(old) if old else {}
        for name, (mode, identity) in self._entries(new).items() - before.items():
            if S_ISDIR(mode):
                was = before.get(name)
                inner = was[1] if was and S_ISDIR(was[0]) else None
                yield from self.changed(inner, identity, above + name + b"/")
            elif S_ISREG(mode):
                yield above + name, identity


def _people(commit: Commit, mailmap: Mailmap) -> Iterator[Change]:
    """A commit's author and the co-authors that its message names."""
    try:
        zone = timezone(timedelta(seconds=commit.author_timezone))
        day = datetime.fromtimestamp(commit.author_time, zone).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return  # no day of any calendar
    seen = set()
    others = _CO_AUTHOR.findall(commit.message[-_MOST_MESSAGE:])
    for identity in (commit.author, *others[: limits.PEOPLE - 1]):
        try:
            mapped = mailmap.lookup(identity)
        except ValueError:  # no e-mail address
            mapped = identity
        assert isinstance(mapped, bytes)
        name = _name(mapped.decode("utf-8", "replace"))
        if name not in seen:
            seen.add(name)
            yield Change(commit.author_time, Day(day), name)


def _name(identity: str) -> Words:
    """The name alone; empty where somebody gave an address for a name."""
    name = Words(" ".join(identity.partition("<")[0].split())[:_MOST_NAME])
    return NOTHING if "@" in name else name
