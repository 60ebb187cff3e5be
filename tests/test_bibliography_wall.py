"""A bibliography's file is a stranger's: what one entry does to it costs that entry alone."""

from __future__ import annotations

import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import BibliographyData
from pybtex.database.input.bibtex import Parser
from pybtex.errors import capture

from annotated_edition.bibliography.wall import MOST_BYTES, MOST_ENTRY, cleaned
from support.project import Project

GOOD = "@misc{%s, author={Good, Gina}, title={GOODTITLE %s}, year={2020}}\n"
BEFORE, AFTER = GOOD % ("one", "first"), GOOD % ("two", "second")

STYLES_METHODS = [
    "names", "title", "btitle", "editor", "edition", "url", "web_refs", "entries", "entry",
    "bibliography", "doi", "author_or_editor", "__class__",
]  # fmt: skip


def entry(field: str) -> str:
    return f"@misc{{bad, author={{B}}, {field}, year={{2000}}}}\n"


#: What stands between two good entries (a surrogate is a byte that isn't UTF-8), and what is said.
BAD = {
    **{name: (f"@{name}{{b, author={{A, B}}, title={{T}}, year={{2000}}}}\n", "there is no kind")
       for name in STYLES_METHODS},
    "backslash": (entry(r"title={\}"), "can't be read"),
    "backslash as year": ("@misc{bad, author={B}, title={T}, year={\\}}\n", "can't be read"),
    "backslash as author": (r"@misc{bad, author={\ and \{B}, title={T}, year={2000}}" + "\n", ""),
    "comment sign": (entry("title={{%}}"), "cuts off the rest of the field title"),
    "byte": (entry("title={\udcff}"), "isn't UTF-8"),
    "nul": (entry("title={a\0b}"), "U+0000"),
    "escape": (entry("title={a\x1b[2Jb}"), "U+001B"),
    "turned": (entry("title={a \u202eb}"), "turn others round"),
    "no address": (entry("title={T}, url={http://[}"), ""),
    "javascript": (entry("title={T}, url={javascript:alert(1)}"), "isn't http"),
    "javascript for a copy": (entry("title={T}, archiveurl={javascript:alert(1)}"), "isn't http"),
    "never ends": ("@misc{bad, title={T},\n", "never ends"),
    "conflict": (
        "<<<<<<< HEAD\n@misc{x, title={T}, year={1}}\n=======\n"
        "@misc{y, title={T}, year={1}}\n>>>>>>> other\n",
        "conflict of git",
    ),
    "nothing": ("@misc{bad, year={2000}}\n", "the entry has no title"),
    "nothing but braces": ("@misc{bad, title={ }, author={{}}}\n", ""),
    "long": (entry("note={" + "a " * MOST_ENTRY + "}, title={T}"), "shorten it"),
    **{f"figures as {field}": (entry(f"{field}={{1--{'9' * 5000}}}, title={{T}}"), "")
       for field in ("pages", "date", "volume", "isbn")},
    "figures as month": (entry(f"month={{{'9' * 5000}}}, title={{T}}"), ""),
    "bomb": (
        '@string{a0 = "aaaaaaaaaa"}\n'
        + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(40))
        + entry("title=a40"),
        "shorten it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_one_entry_costs_itself(project: Project, case: str) -> None:
    bad, words = BAD[case]
    (project.folder / "a.bib").write_bytes(
        (BEFORE + bad + AFTER).encode("utf-8", "surrogateescape")
    )
    project.text("A road.", index="```{toctree}\nsources\n```\n")
    project.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        "bibtex_default_style = bibtex_reference_style = 'author_year'\n"
    )
    project.write("sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n")
    project.note("h/road", "road", "GOODGIST {cite:p}`one` {cite:p}`two`.")
    # What a note cites, its page sets once more.
    project.note("h/a", '"A road"', "A gist.", body="{cite:p}`bad` {cite:t}`bad` {cite:p}`b`")
    project.build()
    sources = project.page("sources").get_text().casefold()
    assert "goodtitle first" in sources
    assert "goodtitle second" in sources
    assert "GOODGIST" in project.page("text/a").get_text()
    assert "\x1b" not in sources
    assert "\u202e" not in sources
    warnings = project.warnings.splitlines()
    told = [line for line in warnings if "[edition." in line and "unsourced" not in line]
    assert words in "\n".join(told)
    ours = [line for line in told if "the bibliography has no entry" not in line]
    for line in ours:
        if "unsafe" not in line:
            assert re.match(rf"{project.folder}/a\.bib:\d+: WARNING", line), line
    # The same in a build that reads nothing anew.
    project.build()
    warnings = project.warnings.splitlines()
    again = [line for line in warnings if "[edition." in line and "unsourced" not in line]
    assert sorted(again) == sorted(told)


NAMES = {
    "A\u202eB": ("turn others round", "AB"),
    "Doe, J\u202eane and Roe, Ann": ("turn others round", "Doe, Jane"),
    "Ann \\": ("close every brace", "Ann"),
    "\u202e": ("turn others round", ""),
}


@pytest.mark.parametrize("style", ["plain", "alpha", "unsrt", "author_year"])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_cleaned_told_once_and_kept(project: Project, style: str, name: str) -> None:
    words, shown = NAMES[name]
    bad = f'@book{{bad, author="{name}", title={{Bad}}, publisher={{P}}, year=2001}}\n'
    (project.folder / "a.bib").write_text(BEFORE + bad + AFTER, encoding="utf-8")
    project.text("A road.", index="```{toctree}\nsources\n```\n")
    project.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        f"bibtex_default_style = {style!r}\n"
    )
    project.write("sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n")
    project.build()
    told = [line for line in project.warnings.splitlines() if "'bad'" in line]
    assert len(told) == 1, project.warnings
    assert words in told[0]
    sources = project.page("sources").get_text()
    assert shown in sources or shown.partition(", ")[2] in sources
    assert "\u202e" not in sources


@pytest.mark.parametrize("style", ["plain", "alpha", "unsrt", "unsrtalpha"])
@pytest.mark.parametrize("checks", [False, True])
def test_in_other_styles_too(project: Project, style: str, checks: bool) -> None:
    """A helper's name as kind, a missing field, what a label can't be made of, a bad address."""
    kinds = "".join(BAD[name][0].replace("{b,", f"{{{name},") for name in STYLES_METHODS)
    bad = (
        f"{kinds}@book{{fieldless}}\n@misc{{, }}\n"
        "@misc{nothing, author={,}, editor={ and }}\n@book{bare, year={2000}}\n"
        "@misc{link, title={T}, year={1}, url={javascript:alert(1)}}\n"
        "@misc{hidden, title={T}, year={1}, note={See \\href{javascript:alert(1)}{it}}}\n"
    )
    (project.folder / "a.bib").write_text(BEFORE + bad + AFTER)
    project.text("A road.", index="```{toctree}\nsources\n```\n")
    project.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        f"bibtex_default_style = '{style}'\nedition_checks = {checks}\n"
    )
    project.write("sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n")
    cited = " ".join(f"{{cite:p}}`{key}`" for key in ("one", "two", "fieldless", "nothing", "bare"))
    project.note("h/road", "road", f"GOODGIST {cited} {{cite:t}}`nothing` {{cite:t}}`names`.")
    for builder in ("html", "latex"):
        project.build(builder)
        assert "Traceback" not in project.warnings
        lines = (BEFORE + bad).splitlines()
        for beginning in ("@names", "@book{fieldless", "@misc{link", "@misc{hidden"):
            line = next(n for n, text in enumerate(lines, 1) if text.startswith(beginning))
            assert f"{project.folder}/a.bib:{line}: WARNING" in project.warnings, beginning
        assert project.warnings.count("'javascript:alert(1)' isn't http") == 2
    sources = project.page("sources")
    assert "goodtitle first" in sources.get_text().casefold()
    assert "goodtitle second" in sources.get_text().casefold()
    assert not sources.select("a[href^=javascript]")


def read(text: str) -> BibliographyData:
    with capture():
        return Parser().parse_string(text)


@given(st.lists(st.sampled_from([
    "@string", "@comment", "@misc", "{", "}", "(", ")", "a", "b", " = ", " # ", '"', "x" * 50,
    ",", "\n", "%", "@", " ",
])).map("".join))  # fmt: skip
def test_nothing_grows_and_no_line_is_lost(text: str) -> None:
    clean, _faults = cleaned(text.encode(), "utf-8")
    assert clean.count("\n") == text.count("\n")
    assert len(clean) <= len(text)


@pytest.mark.parametrize(
    "chain",
    [
        "".join(f"@string{{a{n + 1} = a{n} # a{n}}} " for n in range(60)),
        "@comment{" + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(60)) + "}",
        "@misc{ , " + "".join(f"@STRING(A{n + 1} = a{n} # A{n})\n" for n in range(60)) + "}",
        "".join(f"@preamble{{ a{n} # a{n} }}\n@string{{a{n + 1}=a{n}#a{n}}}\n" for n in range(60)),
    ],
)
def test_abbreviations_are_bounded_before_they_are_written_out(chain: str) -> None:
    clean, faults = cleaned(f'@string{{a0 = "aaaaaaaaaaaaaaaa"}}\n{chain}'.encode(), "utf-8")
    assert faults
    tracemalloc.start()
    read(clean)
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_a_sound_file_is_itself_and_a_long_one_is_cut() -> None:
    assert cleaned((BEFORE + AFTER).encode(), "utf-8-sig") == (BEFORE + AFTER, [])
    text, faults = cleaned((BEFORE * (MOST_BYTES // len(BEFORE) + 9)).encode(), "utf-8")
    assert len(text) <= MOST_BYTES
    assert "longer than" in faults[0][1]


@pytest.mark.usefixtures("progress_told")
@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-16", "latin-1"])
def test_a_sound_file_is_read_itself_and_only_when_it_has_changed(
    project: Project, encoding: str | None
) -> None:
    project.text("One word.")
    project.write("sources.md", "---\norphan: true\n---\n# Sources\n\n```{bibliography}\n```\n")
    project.configure(
        'extensions.insert(1, "sphinxcontrib.bibtex")\nbibtex_bibfiles = ["sources.bib"]\n'
    )
    if encoding:
        project.configure(f'bibtex_encoding = "{encoding}"\n')
    project.note("words/one", "One", "Said {cite:p}`one`.")
    sources = project.folder / "sources.bib"
    sources.write_text(BEFORE, encoding or "utf-8", newline="\r\n")
    data = []
    for change in (BEFORE, BEFORE, BEFORE + AFTER):
        if change != BEFORE:
            sources.write_text(change, encoding or "utf-8")
        app = project.build()
        assert project.warnings == ""
        data.append("up to date" in app.status.getvalue())
    assert data == [False, True, False]
