"""Mistakes in a bibliography's file cost a warning and the entry, never the build."""

from __future__ import annotations

import re

import pytest

from support.project import Project

GOOD = "@misc{one, author={A}, title={One}, year={2020}}\n"

FAULTY = {
    "comma": ("@misc{two, title={T} year={2020}}\n", 2, "'}' expected"),
    "brace": ("@misc{two, title={T},\n  year={2020}\n", 2, "(premature end of file)"),
    "macro": ("@misc{two, title=Title, year={2020}}\n", 2, "undefined string"),
    "repeated": ("@misc{one, title={T}}\n", 2, "the key of another entry, too (a.bib, line 1)"),
    "field twice": ("@misc{two, title={T}, title={U}}\n", 2, "write each field once"),
    "kind": ("@webpage{two, author={A}, title={T}, year={2020}}\n", 2, "write `@misc`"),
    "kind in two words": ("@x y{two, title={T}}\n", 2, "every brace is closed"),
    "no field": ("@book{two, author={A}, title={T}, year={2020}}\n", 2, "add a line `publisher"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTY)
def test_each_is_reported_in_every_build_and_the_rest_stands(project: Project, case: str) -> None:
    entry, line, words = FAULTY[case]
    project.text("A road.", index="```{toctree}\nsources\n```\n")
    project.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        "bibtex_default_style = bibtex_reference_style = 'author_year'\n"
    )
    project.write("a.bib", GOOD + entry)
    project.write("sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n")
    project.note("h/road", "road", "A gist {cite:p}`one`.")
    for _ in range(2):
        project.build()
        place = re.escape(f"{project.folder}/a.bib:{line}: WARNING: ")
        warning = re.search(rf"{place}.*\[edition\.source\]", project.warnings)
        assert warning is not None, project.warnings
        assert words in warning.group()
        assert len(project.warnings.splitlines()) == 1
    sources = project.page("sources").get_text()
    assert "One" in sources
    # Mended, it is silent.
    project.write("a.bib", GOOD)
    project.build()
    assert project.warnings == ""


def test_a_key_that_comes_again_and_again_is_told_each_time(project: Project) -> None:
    project.text("A road.", index="```{toctree}\nsources\n```\n")
    project.configure("extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n")
    project.write("a.bib", GOOD + "@misc{one, title={T}}\n\n@misc{ONE, title={T}}\n")
    project.write("sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n")
    project.build()
    told = [line for line in project.warnings.splitlines() if "the key of another entry" in line]
    assert [re.search(r"a\.bib:(\d+): WARNING: '(\w+)'", line).groups() for line in told] == [
        *(("2", "one"), ("4", "ONE")),
    ]


LOOPS = {
    "itself": ("@misc{two, title={T}, crossref={two}}\n", "crossref leads back to this entry"),
    "each other": (
        "@misc{two, title={T}, xdata={three}}\n@misc{three, title={T}, xdata={two}}\n",
        "xdata leads back to this entry",
    ),
    "nothing": ("@misc{two, title={T}, crossref={x}}\n", "crossref names no other entry, 'x'"),
}


@pytest.mark.parametrize("case", LOOPS)
def test_what_an_entry_can_have_from_none_is_told(project: Project, case: str) -> None:
    entries, words = LOOPS[case]
    project.text("A road.", index="```{toctree}\nsources\n```\n")
    project.configure("extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n")
    project.write("a.bib", GOOD + entries)
    project.write("sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n")
    project.build()
    assert f"a.bib:2: WARNING: 'two': {words}" in project.warnings
