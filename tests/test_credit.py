"""Who wrote and revised a note, and when: from front matter and history."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.repo import Repo
from pybtex.database import parse_string

from annotated_edition.anchor.credit import credit
from annotated_edition.anchor.git_history import Clone
from annotated_edition.model import Change, Credit, Revision
from annotated_edition.weave.citation_text import credit_line
from support.project import Project

MARCH, APRIL, MAY = 1772539200, 1775217600, 1777809600  # the 3rd of each, 2026, 12:00 UTC
DAY = 86_400


def person(name: str) -> bytes:
    return f"{name} <{name.lower().replace(' ', '.')}@mail.example>".encode()


class Commits:
    """Commits to a project's folder."""

    def __init__(self, project: Project) -> None:
        self.project = project
        project.build()  # writes the index
        self.repo = Repo.init(str(project.folder))
        self.commit("Founder", MARCH - DAY, "conf.py", "index.md", "text/a.md", "text/b.md")

    def commit(
        self, name: str, when: int, *paths: str, message: str = "Change", zone: int = 0
    ) -> None:
        for path in paths:
            file = str(self.project.folder / path)
            (porcelain.add if Path(file).exists() else porcelain.remove)(self.repo, [file])
        self.repo.get_worktree().commit(
            message.encode(),
            author=person(name),
            committer=person("Committer"),
            author_timestamp=when,
            author_timezone=zone,
            commit_timestamp=MAY + 10 * DAY,
            commit_timezone=0,
        )


@pytest.fixture
def edition(project: Project) -> Project:
    project.text("The old road.", "The port.")
    project.note("people/her", "old")
    project.note("people/him", "port")
    project.configure('html_theme = "edition"\n')
    return project


@pytest.fixture
def history(edition: Project) -> Commits:
    history = Commits(edition)
    history.commit("Ann Lee", MARCH, "commentary/people/her.md", "commentary/people/him.md")
    return history


def shown(project: Project, note: str = "people/her") -> tuple[str, str, str]:
    """The credit line, the citation and the BibTeX on a note's page."""
    project.build()
    assert project.warnings == ""
    page = project.page(f"commentary/{note}")
    line = page.select_one(".note-credit")
    text, bibtex = (
        page.select(f".citation [data-of={kind}]")[0].get_text() for kind in ("text", "bibtex")
    )
    return line.get_text() if line else "", text, bibtex


def test_history_says_who_wrote_and_revised_it(edition: Project, history: Commits) -> None:
    edition.note("people/her", "old", "Better.")
    history.commit("Bo Li", APRIL, "commentary/people/her.md")
    line, text, bibtex = shown(edition)
    assert line == "written 3 March 2026 by Ann Lee; revised 3 April 2026 by Bo Li"
    assert text.startswith(
        "Ann Lee and Bo Li: “Her” (note on ¶1, written 3 March 2026, revised 3 April 2026). In: "
    )
    assert "  author = {Ann Lee and Bo Li},\n" in bibtex
    assert shown(edition, "people/him")[0] == "written 3 March 2026 by Ann Lee"


@pytest.mark.parametrize("signs", ["a { b", "} a", r"\\input{x}", "~^_&%$#", "{{", '"', "@x{"])
def test_bibtex_for_readers_is_bibtex_and_words(edition: Project, signs: str) -> None:
    note = edition.note("people/her", "old", front=f"contributors: [{json.dumps(signs)}]")
    escaped = re.sub(r"([\\{}~^_&%$#\"@])", r"\\\1", signs)
    note.write_text(note.read_text("utf-8").replace("# Her", f"# T {escaped}"), "utf-8")
    _line, _text, bibtex = shown(edition)
    [entry] = parse_string(bibtex, "bibtex").entries.values()
    assert entry.fields["title"].startswith("T ")
    assert {"author", "editor"} & {*entry.persons}
    commands = {r"\textbackslash", r"\textasciicircum", r"\textasciitilde"}
    commands |= {r"\textbraceleft", r"\textbraceright", *(f"\\{sign}" for sign in "_&%$#")}
    assert set(re.findall(r"\\(?:[A-Za-z]+|.)", bibtex)) <= commands


def test_days_are_words_for_people_and_figures_for_machines(
    edition: Project, history: Commits
) -> None:
    front = "checked: 2026-11-09\ncontributors: [2026-13-99]"
    edition.note("people/her", "old", front=front)
    edition.build()
    page = edition.page("commentary/people/her")
    assert "checked 9 November 2026" in page.select_one(".note-facts").get_text()  # type: ignore[union-attr]
    days = {day["datetime"]: day.get_text() for day in page.select(".note-about time")}
    assert days == {"2026-11-09": "9 November 2026", "2026-03-03": "3 March 2026"}
    # No day at all stays as it was written.
    assert "by 2026-13-99" in page.select_one(".note-credit").get_text()  # type: ignore[union-attr]
    edition.build("text")
    text = edition.output("commentary/people/her.txt", "text").read_text(encoding="utf-8")
    assert "checked 9 November 2026" in text
    edition.configure('language = "ru"\n')
    edition.build()
    days_ru = [day.get_text() for day in edition.page("commentary/people/her").select("time")]
    assert days_ru == ["9 ноября 2026\u202fг.", "3 марта 2026\u202fг."]


def test_no_address_reaches_a_page(edition: Project, history: Commits) -> None:
    edition.note("people/her", "old", "Better.")
    history.commit("who@mail.example", APRIL, "commentary/people/her.md")
    edition.note("people/her", "old", "Best.")
    message = "Change\n\nCo-authored-by: Cy Ode <cy@mail.example>\nco-authored-by: x@mail.example\n"
    history.commit("Bo Li", MAY, "commentary/people/her.md", message=message)
    assert shown(edition)[0] == (
        "written 3 March 2026 by Ann Lee; "
        "revised 3 May 2026, 3 May 2026 by Bo Li and 3 May 2026 by Cy Ode"
    )
    for path in edition.folder.glob("_build/**/*"):
        if path.is_file():
            assert b"mail.example" not in path.read_bytes(), path


def test_names_from_the_right_are_isolated_in_the_line(edition: Project, history: Commits) -> None:
    """Each by itself: the day before it, and one that it holds, leave its isolate whole."""
    for when, name in (
        (MARCH, "\u05d0\u05d1"),
        (APRIL, "\u05d2\u05d3"),
        (MAY, "\u05d4 2020-01-01 \u05d5"),
    ):
        edition.note("people/her", "old", f"The gist of {when}.")
        history.commit(name, when, "commentary/people/her.md")
    edition.build()
    line = edition.page("commentary/people/her").select_one(".note-credit")
    assert line is not None
    assert line.get_text() == (
        "written 3 March 2026 by Ann Lee and \u2068\u05d0\u05d1\u2069; "
        "revised 3 April 2026 by \u2068\u05d2\u05d3\u2069 and "
        "3 May 2026 by \u2068\u05d4 2020-01-01 \u05d5\u2069"
    )


def test_the_mailmap_is_heeded(edition: Project, history: Commits) -> None:
    assert "Ann Lee" in shown(edition)[0]
    edition.write(".mailmap", "Ann Leigh <ann.lee@mail.example>\n")
    line, text, _ = shown(edition)
    assert line == "written 3 March 2026 by Ann Leigh"
    assert "Ann Lee" not in text


def test_contributors_come_first(edition: Project, history: Commits) -> None:
    edition.note("people/her", "old", front="contributors: [Dee Eff, Ann Lee]")
    history.commit("Ann Lee", APRIL, "commentary/people/her.md")
    line, text, _ = shown(edition)
    assert line == "written 3 March 2026 by Dee Eff and Ann Lee; revised 3 April 2026 by Ann Lee"
    assert text.startswith("Dee Eff and Ann Lee: ")


def test_contributors_without_history(edition: Project) -> None:
    edition.note("people/her", "old", front="contributors: [Dee Eff]")
    line, text, _ = shown(edition)
    assert line == "written by Dee Eff"
    assert text.startswith("Dee Eff: “Her” (note on ¶1). In: ")
    assert shown(edition, "people/him")[0] == ""


def test_a_moved_note_keeps_its_history(edition: Project, history: Commits) -> None:
    old = edition.folder / "commentary/people/her.md"
    (edition.folder / "commentary/places").mkdir()
    old.rename(edition.folder / "commentary/places/her.md")
    history.commit("Bo Li", APRIL, "commentary/people/her.md", "commentary/places/her.md")
    assert shown(edition, "places/her")[0] == "written 3 March 2026 by Ann Lee"


def test_the_day_is_the_authors_own(edition: Project, history: Commits) -> None:
    edition.note("people/new", "road")
    history.commit("Far East", MARCH + 10 * 3600, "commentary/people/new.md", zone=8 * 3600)
    assert shown(edition, "people/new")[0] == "written 4 March 2026 by Far East"


def test_merges_change_nothing(edition: Project, history: Commits) -> None:
    repo = history.repo
    base = repo.head()
    edition.note("people/her", "old", "Better.")
    history.commit("Bo Li", APRIL, "commentary/people/her.md")
    theirs = repo.head()
    # The branch from which Bo Li's was made takes it in: to it the merge does change the note.
    repo.refs[repo.refs.follow(b"HEAD")[0][-1]] = base
    repo.get_worktree().commit(
        b"Merge", author=person("Merger"), committer=person("Merger"), tree=repo[theirs].tree,
        merge_heads=[theirs], author_timestamp=MAY, commit_timestamp=MAY,
    )  # fmt: skip
    assert repo[repo.head()].parents == [base, theirs]
    line = shown(edition)[0]
    assert "Bo Li" in line
    assert "Merger" not in line


def test_machines_and_collectives_can_be_ignored(edition: Project, history: Commits) -> None:
    edition.configure('edition_credit_ignore = ["*[bot]", "Ann *"]\n')
    edition.note("people/her", "old", "Better.")
    history.commit("dependabot[bot]", APRIL, "commentary/people/her.md")
    line, text, bibtex = shown(edition)
    assert line == "written 3 March 2026; revised 3 April 2026"
    assert text.startswith("“Her” (note on ¶1, written 3 March 2026, revised 3 April 2026). In: ")
    assert "author" not in bibtex


def test_history_can_be_left_out(edition: Project, history: Commits) -> None:
    assert shown(edition)[0]
    edition.configure("edition_credit_from_history = False\n")
    assert shown(edition)[0] == ""


def test_a_shallow_clone_builds_without_days(edition: Project, history: Commits) -> None:
    assert shown(edition)[0]
    edition.note("people/her", "old", "Better.")
    history.commit("Bo Li", APRIL, "commentary/people/her.md")
    (edition.folder / ".git/shallow").write_bytes(history.repo.head() + b"\n")
    assert shown(edition)[0] == ""


def test_a_damaged_clone_builds_without_days(edition: Project, history: Commits) -> None:
    assert shown(edition)[0]
    edition.note("people/her", "old", "Better.")
    history.commit("Bo Li", APRIL, "commentary/people/her.md")
    tree = history.repo[history.repo.head()].tree.decode()
    (edition.folder / f".git/objects/{tree[:2]}/{tree[2:]}").unlink()
    assert shown(edition)[0] == ""


def test_a_commit_rewrites_the_notes_that_it_changes(edition: Project, history: Commits) -> None:
    edition.note("people/her", "old", "Better.")
    edition.build()
    stamps = {
        path: path.stat().st_mtime_ns for path in edition.output("commentary").rglob("*.html")
    } | {path: path.stat().st_mtime_ns for path in edition.output("text").rglob("*.html")}
    history.commit("Bo Li", APRIL, "commentary/people/her.md")
    assert "Bo Li" in shown(edition)[0]
    changed = {path.stem for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp}
    assert changed == {"her"}
    history.commit("Bo Li", MAY, message="Nothing of ours")
    stamps = {path: path.stat().st_mtime_ns for path in stamps}
    edition.build()
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in stamps.items())


def test_only_new_commits_are_read(edition: Project, history: Commits) -> None:
    clone = Clone.of(edition.folder)
    assert clone is not None
    asked: list[str] = []

    def wanted(path: str) -> bool:
        asked.append(path)
        return path.startswith("commentary/")

    first = clone.history(wanted, "q", None)
    assert {path for path in asked if path.startswith("commentary/")} == set(first.changes)
    asked.clear()
    assert clone.history(wanted, "q", first) is first
    assert asked == []
    edition.note("people/her", "old", "Better.")
    history.commit("Bo Li", APRIL, "commentary/people/her.md")
    second = clone.history(wanted, "q", first)
    assert asked == ["commentary/people/her.md"]
    assert second == clone.history(wanted, "q", None)
    # What another branch, mailmap or question gave isn't built upon.
    assert clone.history(wanted, "other", second).basis != second.basis
    history.repo.refs[b"refs/heads/master"] = first.head
    assert clone.history(wanted, "q", second) == first
    edition.write(".mailmap", "Ann Leigh <ann.lee@mail.example>\n")
    names = {change.name for change in clone.history(wanted, "q", first).changes[
        "commentary/people/her.md"]}  # fmt: skip
    assert names == {"Ann Leigh"}
    clone.close()


def test_a_clone_without_commits_is_none(project: Project) -> None:
    Repo.init(str(project.folder))
    assert Clone.of(project.folder) is None


def test_a_persons_revisions_count_once() -> None:
    changes = [
        Change(1, "2026-01-01", "A"),
        Change(2, "2026-01-01", "A"),
        Change(3, "2026-01-02", "B"),
        Change(4, "2026-01-03", "A"),
        Change(5, "2026-01-04", "b"),
        Change(6, "2026-01-05", "B"),
    ]
    given = credit([], reversed(changes), ["b"])
    assert given == Credit(
        ("A",), "2026-01-01", (Revision("2026-01-03", "A"), Revision("2026-01-05", ""))
    )
    assert given.names == ("A",)
    assert given.revised == "2026-01-05"
    assert credit_line(given) == "written 2026-01-01 by A; revised 2026-01-03 by A and 2026-01-05"
    assert credit([], []) == Credit()
    assert credit_line(Credit()) == ""
