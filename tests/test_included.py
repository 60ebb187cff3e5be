"""Files that pages of the text include: what is said of them names them, and their own lines."""

from __future__ import annotations

import re

import pytest

from support.project import Project

#: Of each page, what it includes, and what that includes; the first two lines are left out.
MARKDOWN = {
    "text/a.md": "# A\n\nFirst.\n\n```{include} ../parts/one.txt\n:start-line: 2\n```\n\nLast.\n",
    "parts/one.txt": (
        "Left out.\n\nSecond {nosuch}`x`.\n\n```{include} ../parts/two.txt\n"
        ":start-after: out of it\n```\n\nThird [word](#nowhere).\n\n```text\nset in code\n```\n"
    ),
    "parts/two.txt": (
        "Left\nout of it\n\nInner {nosuch}`y`.\n\n(p2)=\n## P2\n\nInner ት {edition:part}`F` end.\n"
    ),
}
RESTRUCTURED = {
    "text/a.rst": ("A\n=\n\nFirst.\n\n.. include:: ../parts/one.txt\n   :start-line: 2\n\nLast.\n"),
    "parts/one.txt": (
        "Left out.\n\nSecond :nosuch:`x`.\n\n.. include:: ../parts/two.txt\n"
        "   :start-after: out of it\n\n\nThird nowhere_.\n\n::\n\n   set in code\n"
    ),
    "parts/two.txt": (
        "Left\nout of it\n\nInner :nosuch:`y`.\n\n.. _p2:\n\nP2\n~~\n\n"
        "Inner ት :edition:part:`F` end.\n"
    ),
}


@pytest.fixture(params=["markdown", "restructured"])
def including(request: pytest.FixtureRequest, project: Project) -> Project:
    """A page that includes a file that includes another, with a mistake of each sort."""
    project.text("x")
    (project.folder / "text/a.md").unlink()
    for path, text in (MARKDOWN if request.param == "markdown" else RESTRUCTURED).items():
        project.write(path, text)
    project.configure('edition_copy_text = "source.txt"\nexclude_patterns = ["parts"]\n')
    project.write("source.txt", "First.\n\nSecond.\n\nLast.\n")
    project.note("words/code", "set in code")
    project.note("words/inner", "Inner ት")
    return project


def line_with(project: Project, path: str, words: str) -> int:
    """The line of a file that has the words."""
    lines = (project.folder / path).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_warnings_name_the_included_file_and_its_line(including: Project) -> None:
    including.build()
    is_markdown = (including.folder / "text/a.md").exists()
    # A block of code begins with its fence, a heading is known by its underline.
    code, heading = ("```text", "## P2") if is_markdown else ("set in code", "~~")
    told = re.findall(r"(?m)^\S*?((?:text|parts)/\w+\.\w+:\d+): (.*)", including.warnings)

    def at(path: str, words: str) -> str:
        return f"{path}:{line_with(including, path, words)}"

    expected = [
        # The parser's own: roles that it doesn't know, a target that isn't there.
        (at("parts/one.txt", "Second"), '"nosuch"'),
        (at("parts/two.txt", "`y`"), '"nosuch"'),
        (at("parts/one.txt", "Third"), "nowhere"),
        # What differs from the copy-text.
        (at("parts/two.txt", "`y`"), "¶3 differs"),
        (at("parts/two.txt", "ት"), "¶4 differs"),
        (at("parts/one.txt", "Third"), "¶5 differs"),
        # Mistakes of the text's markup.
        (at("parts/two.txt", "ት"), "{edition:part} stands amid words"),
        (at("parts/two.txt", heading), "has the id 'p2'"),
    ]
    for place, words in expected:
        assert any(place == where and words in said for where, said in told), (place, words)
    # Nothing is said of the page itself.
    assert {place.partition(":")[0] for place, _said in told} == {"parts/one.txt", "parts/two.txt"}
    place = at("parts/one.txt", code).replace(":", ", line ")
    assert f"stands in a block of code ({place})" in including.warnings


def test_what_no_font_has_is_told_where_it_stands(including: Project) -> None:
    including.build("edition-pdf")
    line = line_with(including, "parts/two.txt", "ት")
    # Once for a sign, with all places: the note quotes it, too.
    (warning,) = [one for one in including.warnings.splitlines() if "WARNING: no font" in one]
    assert re.findall(r"parts/\w+\.txt:\d+", warning) == [f"parts/two.txt:{line}"]


@pytest.mark.parametrize(
    ("options", "line"),
    [("", 1), (":start-line: 3", 4), (":start-line: -2", 5), (":start-after: two", 2),
     (":start-line: 1\n   :start-after: three", 3)],
)  # fmt: skip
def test_lines_that_are_left_out_are_counted(project: Project, options: str, line: int) -> None:
    project.text("x")
    (project.folder / "text/a.md").unlink()
    options = f"   {options}\n" if options else ""
    project.write("text/a.rst", f"A\n=\n\n.. include:: /parts/one.txt\n{options}\nLast.\n")
    project.write("parts/one.txt", "one\ntwo\nthree\nfour\nfive\nsix\n")
    project.configure('edition_copy_text = "source.txt"\nexclude_patterns = ["parts"]\n')
    project.write("source.txt", "Last.\n")
    project.build()
    (told,) = re.findall(r"parts/one\.txt:(\d+): WARNING: ¶1 differs", project.warnings)
    # A paragraph that begins after words that are left out begins on their line.
    assert int(told) in (line, line + 1)
