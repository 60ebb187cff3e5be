"""A new note's file: the same whoever begins it, and no note before somebody has written it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from annotated_edition.cli import main
from annotated_edition.contribute.draft import as_yaml, scalar
from annotated_edition.domain import EditionDomain
from annotated_edition.read import frontmatter
from annotated_edition.read.note_fields import NoteFields, validate
from annotated_edition.text import Quote
from support.project import Project

REPOSITORY = "https://github.com/OWNER/NAME"


def begun(project: Project) -> dict[str, tuple[str, str]]:
    """Path and content of the file that each passage's link begins, by its address."""
    found = {}
    for new in EditionDomain.of(project.build().env).invitations.new_notes():
        parts = urlsplit(new.address)
        query = parse_qs(parts.query, strict_parsing=True)
        folder = parts.path.removeprefix("/OWNER/NAME/new/main/")
        found[new.address] = (f"{folder}/{query['filename'][0]}", query["value"][0])
    return found


def named(content: str, title: str) -> str:
    """A draft with a title of its own, as the command gives it."""
    return content.replace("# Title\n", f"# {title}\n")


def test_link_and_command_begin_the_same_file(project: Project) -> None:
    project.text("The road.", "A camel.")
    project.configure(f'edition_repository = {REPOSITORY!r}\nedition_kinds = {{"h": "History"}}\n')
    (path, content), _ = begun(project).values()
    assert path == "commentary/h/the-road.md"
    source = str(project.folder)
    assert main(["note", "--source", source, "The road", "--kind", "h", "--id", "road"]) == 0
    written = (project.folder / "commentary/h/road.md").read_text(encoding="utf-8")
    assert written == named(content, "Road")


@pytest.mark.parametrize("parser", ["md", "rst"])
def test_what_nobody_has_written_is_no_note(project: Project, parser: str) -> None:
    project.text("The road.")
    project.configure(f"edition_repository = {REPOSITORY!r}\nedition_gist_words = 17\n")
    if parser == "rst":
        project.configure(
            "extensions = ['annotated_edition']\nsource_suffix = {'.rst': 'restructuredtext'}\n"
        )
        for path in project.folder.rglob("*.md"):
            path.unlink()
        project.index = ""
        project.write(
            "index.rst", "Edition\n=======\n\n.. toctree::\n   :glob:\n\n   */*\n   */*/*\n"
        )
        project.write("text/a.rst", "A\n=\n\nThe road.\n")
    ((path, content),) = begun(project).values()
    assert path == f"commentary/notes/the-road.{parser}"
    assert "17 words at most" in content
    project.write(path, content)
    project.build()
    (warning,) = project.warnings.splitlines()
    assert f"{path}:{4 if parser == 'md' else 5}" in warning
    missing = "say what the note is about" if parser == "md" else "write a first paragraph"
    assert missing in warning
    page = project.page(path.rpartition(".")[0])
    assert "Here the gist" not in page.get_text()
    titled = content.replace("\n# Title\n", "\n# What it is about\n")
    project.write(path, f"{titled}\nA gist.\n")
    project.build()
    assert project.warnings == ""
    gist = project.page("text/a").select_one(".gist")
    assert gist is not None
    assert gist.get_text().startswith("A gist.")


def test_addresses_are_short_enough_whatever_the_script(project: Project) -> None:
    row = "丝绸之路" * 800
    project.text(f"{row}\n\n{row}\n\nThe road.")
    project.configure(f"edition_repository = {REPOSITORY!r}\n")
    found = begun(project)
    assert all(len(address) <= 8192 for address in found)
    quotes = [yaml.safe_load(content.split("---\n")[1])["quote"] for _, content in found.values()]
    # What tells the two apart is too long for an address, and the build will say it.
    assert quotes == [row[:80], row[:80], "The road"]


@given(st.builds(Quote, *[st.text(st.characters(exclude_categories=["C"]))] * 3))
def test_front_matter_is_read_as_it_was_meant(quote: Quote) -> None:
    wanted = [" ".join(words.split()) for words in (quote.exact, quote.prefix, quote.suffix)]
    if not wanted[0]:
        return
    text = f"quote:{as_yaml(Quote(*wanted))}\n"
    fields, complaints = validate(frontmatter.parse(text), NoteFields)
    assert complaints == []
    assert fields is not None
    (read,) = fields.quote
    assert [read.exact, read.prefix, read.suffix] == wanted
    assert set(yaml.safe_load(text)) == {"quote"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "plain words",
            "Yes",
            "null",
            "1457",
            "a: b",
            "“win-win”",
            '"a" #b',
            "- x",
            "{x}",
            "a\\b",
        ),
        *("丝绸之路", "it’s", "x ", " x", "- ", "[a]", "*a", "&a", "!a", "%a", "@a", "`a", "?"),
    ],
)
def test_any_words_are_yaml(text: str) -> None:
    assert frontmatter.parse(f"quote: {scalar(text)}\n").data == {"quote": text}
