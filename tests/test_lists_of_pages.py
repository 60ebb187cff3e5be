"""Lists of pages (``toctree``) that strangers write, however they name each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

import pytest

from annotated_edition.model import limits
from support.project import Project

#: What Sphinx says, or ends with, where it follows lists round and round.
CIRCLES = ("recursion", "circular", "duplicated", "nonexisting")


@pytest.fixture
def listed(project: Project) -> Project:
    project.text("The ancient Silk Road.")
    project.note("history/road", "ancient Silk Road")
    project.index = "# The edition\n\n```{toctree}\ntext/a\ncommentary/map\n```\n"
    project.index += "\n```{toctree}\ncommentary/history/road\n```\n"
    return project


def put(project: Project, name: str, entries: Iterable[str], *options: str) -> None:
    """Write a page with a list of pages."""
    lines = "\n".join([*options, "", *entries])
    project.write(
        f"commentary/{name}.md", f"# {name.capitalize()}\n\n```{{toctree}}\n{lines}\n```\n"
    )


def told(project: Project) -> list[str]:
    """What was said of lists of pages."""
    assert not any(words in project.warnings.lower() for words in CIRCLES), project.warnings
    return re.findall(r"commentary/(\w+\.md:\d+): WARNING: .*toctree", project.warnings)


def order(project: Project) -> dict[str, list[str]]:
    """What each page's list shows, first level alone."""
    found = {}
    for path in sorted((project.folder / "commentary").glob("*.md")):
        page = project.page(f"commentary/{path.stem}")
        found[path.stem] = [str(link["href"]) for link in page.select(".toctree-l1 a")]
    return found


@pytest.mark.parametrize("builder", ["html", "epub", "latex", "singlehtml", "text", "check"])
def test_two_that_name_each_other_cost_an_entry(listed: Project, builder: str) -> None:
    put(listed, "map", ["notes"])
    put(listed, "notes", ["map"])
    listed.build("edition-check" if builder == "check" else builder)
    assert told(listed) == ["notes.md:3"]
    assert (
        "the page 'commentary/map' can't stand in this toctree, for it leads back to this page: "
        "leave it out [edition.unsafe]"
    ) in listed.warnings


def test_each_build_says_it_and_a_mended_list_has_all_again(listed: Project) -> None:
    put(listed, "map", ["notes"])
    put(listed, "notes", ["map"])
    listed.build()
    assert order(listed) == {"map": ["notes.html"], "notes": []}
    listed.build()
    assert told(listed) == ["notes.md:3"]
    listed.write("commentary/map.md", "# Map\n")
    listed.index = listed.index.replace("commentary/map", "commentary/notes")
    listed.build()
    assert told(listed) == []
    assert order(listed) == {"map": [], "notes": ["map.html"]}


def test_one_that_names_itself_costs_that_entry(listed: Project) -> None:
    put(listed, "map", ["map", "Once more <map.md>", "notes"])
    listed.write("commentary/notes.md", "# Notes\n")
    listed.build()
    assert len(told(listed)) == 2
    assert order(listed)["map"] == ["notes.html"]


@pytest.mark.parametrize("length", [3, 12])
def test_a_long_circle_is_broken_where_it_closes(listed: Project, length: int) -> None:
    names = ["map", *(f"list{number}" for number in range(1, length))]
    for name, follower in zip(names, [*names[1:], "map"], strict=True):
        put(listed, name, [follower])
    listed.build()
    assert told(listed) == [f"{names[-1]}.md:3"]
    assert order(listed)["map"][0] == "list1.html"


def test_a_circle_that_nothing_leads_to_costs_an_entry(listed: Project) -> None:
    listed.write("commentary/map.md", "# Map\n")
    put(listed, "one", ["two"])
    put(listed, "two", ["one"])
    listed.build()
    assert told(listed) == ["two.md:3"]


def test_a_trusted_list_keeps_its_entries(listed: Project) -> None:
    listed.configure('edition_trusted = ["commentary/all"]\n')
    put(listed, "all", ["map"])
    put(listed, "map", ["all"])
    listed.build()
    assert told(listed) == ["map.md:3"]
    assert order(listed) == {"all": ["map.html"], "map": []}


@pytest.mark.parametrize("count", [2, 14])
def test_pages_that_list_their_whole_folder_are_built(listed: Project, count: int) -> None:
    """Sphinx would go every way through them: two to the power of their number."""
    for number in range(count):
        put(listed, f"list{number:02}", ["*"], ":glob:")
    put(listed, "map", ["*"], ":glob:")
    listed.build()
    assert count <= len(told(listed)) == len(set(told(listed)))
    assert "name the others, without :glob:" in listed.warnings


def test_lists_that_lie_too_deep_are_cut_off(listed: Project) -> None:
    names = ["map", *(f"list{number}" for number in range(400))]
    for name, follower in pairwise(names):
        put(listed, name, [follower])
    listed.write(f"commentary/{names[-1]}.md", "# End\n")
    listed.build()
    assert set(told(listed)) < {f"{name}.md:3" for name in names}
    assert f"lists in each other may be {limits.LISTS} deep" in listed.warnings


def test_a_page_may_stand_in_many_lists(listed: Project) -> None:
    put(listed, "map", ["notes", "more"])
    put(listed, "more", ["notes"])
    listed.write("commentary/notes.md", "# Notes\n")
    listed.build()
    assert told(listed) == []
    assert order(listed)["more"] == ["notes.html"]
