"""Where notes of each kind lie: one answer for the pages and for the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotated_edition.cli import main
from annotated_edition.domain import EditionDomain
from support.project import Project


def folders(project: Project) -> list[tuple[str, str]]:
    """Title and folder of each kind that readers may choose."""
    return EditionDomain.of(project.build().env).invitations.folders


@pytest.mark.parametrize(
    ("globs", "folder"),
    [
        ("commentary/*/*", "commentary/h"),
        ("commentary/**", "commentary/h"),
        ("*/*", "h"),
        ("notes/h/*", "notes/h"),
        ("*/x/*", None),
        ("notes/p/*", None),
    ],
)
def test_a_kind_lies_where_there_is_room(project: Project, globs: str, folder: str | None) -> None:
    project.text("The road.")
    project.configure(f"edition_notes = [{globs!r}]\nedition_kinds = {{'h': 'History'}}\n")
    found = [folder for title, folder in folders(project) if title]
    assert found == ([folder] if folder else [])
    source = str(project.folder)
    assert main(["note", "--source", source, "road", "--kind", "h"]) == (0 if folder else 1)
    written = [path.relative_to(project.folder) for path in project.folder.rglob("road.md")]
    assert written == ([Path(folder, "road.md")] if folder else [])


def test_a_kind_lies_where_its_notes_are(project: Project) -> None:
    project.text("The road.")
    project.configure("edition_notes = ['commentary/*/*', 'more/*/*']\n")
    project.write("more/people/her.md", "---\nquote: The\norphan: true\n---\n# H\n\nA gist.\n")
    project.configure("edition_kinds = {'history': 'History', 'people': 'Men and women'}\n")
    assert folders(project) == [
        ("History", "commentary/history"),
        ("Men and women", "more/people"),
    ]
    assert main(["note", "--source", str(project.folder), "road", "--kind", "people"]) == 0
    assert (project.folder / "more/people/road.md").exists()


def test_kinds_that_are_not_configured_are_those_of_the_notes(project: Project) -> None:
    project.text("The road.")
    assert folders(project) == [("", "commentary/notes")]
    project.note("places/road", "road")
    project.note("history/the", "The")
    assert folders(project) == [
        ("History", "commentary/history"),
        ("Places", "commentary/places"),
    ]
