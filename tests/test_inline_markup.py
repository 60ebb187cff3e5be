"""Marks stay on their words beside every inline construct of MyST and reStructuredText.

Also beside those that a parser or a reference warns of, and those that Sphinx fills in or drops
when a page is written: what is read and what is written must have the same characters.  One
passage for each construct, and some for pairs of them, which Hypothesis chooses.
"""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.pages import words_of
from support.project import Project

MYST = [
    *("*em*", "**strong**", "`code`", "~~struck~~", "H{sub}`2`O", "x{sup}`2`", "{nosuch}`role`"),
    *(
        "$x^2$",
        r"{math}`\frac{1}{2}`",
        "{abbr}`TLA (three letters)`",
        "{kbd}`Ctrl+C`",
        "---",
        "...",
    ),
    *(
        "{{ word }}",
        "{{ nosuch }}",
        "<b>raw</b>",
        "<!-- comment -->",
        "&amp;",
        r"\*",
        "a\\\nb",
        "(c)",
    ),
    *("[link](https://example.org)", "[](index.md)", "[words](nosuch.md)", "[](#nosuch)", "[^n]"),
    *("{ref}`nosuch`", "{doc}`/index`", "{doc}`nosuch`", "{term}`nosuch`", "{numref}`nosuch`"),
    *("{download}`nosuch.txt`", "{eq}`nosuch`", "![alt](nosuch.png)", "![](dot.png)", "'single'"),
    *(
        "[span]{.c #here}",
        "{index}`entry`",
        "{raw}`x`",
        "{py:func}`f`",
        '"double"',
        "<https://a.b>",
    ),
    *("{edition:note}`n0`", "{edition:passage}`1`", "{edition:note}`nosuch`", "{cite}`nosuch`"),
    *("{samp}`print {n}`", "{pep}`8`", "{menuselection}`A --> B`", "{guilabel}`&Cancel`", "--"),
    *("**un*closed**", "[un](closed", "<span lang='fr'>mot</span>", "`` a`b ``"),
]
REST = [
    *("*em*", "**strong**", "``code``", "`title`", ":sub:`2`", ":sup:`2`", ":nosuch:`role`"),
    *(":math:`x^2`", "|word|", "|nosuch|", "|dot|", "`link <https://example.org>`_", "nosuch_"),
    *("`nosuch`_", "[1]_", "[#]_", "[NOSUCH]_", ":ref:`nosuch`", ":doc:`/index`", ":doc:`nosuch`"),
    *(":term:`nosuch`", ":numref:`nosuch`", ":eq:`nosuch`", ":download:`nosuch.txt`", r"\*", "---"),
    *(":abbr:`TLA (three letters)`", ":kbd:`Ctrl+C`", ":index:`entry`", ":pep:`8`", "https://a.b"),
    *("*unclosed", "**un*closed**", ":raw:`x`", "_`here`"),
    *(":edition:note:`n0`", ":edition:passage:`1`", ":guilabel:`&Cancel`", ":samp:`print {n}`"),
    *('"double"', "'single'", "...", "--", ":menuselection:`A --> B`", ":any:`nosuch`", "a@b.c"),
]
EXTENSIONS = "attrs_inline dollarmath replacements smartquotes strikethrough substitution"


def build(project: Project, constructs: list[str], suffix: str) -> BeautifulSoup:
    """A page with a passage for each construct, and a note on a word behind it."""
    passages = [
        f"alpha{n} one {it} two beta{n} three {it} four gamma{n}."
        for n, it in enumerate(constructs)
    ]
    head = "# Text" if suffix == "md" else "Text\n===="
    tail = "[^n]: A footnote." if suffix == "md" else ".. |word| replace:: a *word*"
    project.write(f"text/a.{suffix}", "\n\n".join([head, *passages, tail]) + "\n")
    for number in range(len(constructs)):
        for place in ("beta", "gamma"):
            project.note(f"h/{place}{number}", f"{place}{number}")
    project.note("h/n0", "alpha0")
    project.build()
    return project.page("text/a")


def marked(page: BeautifulSoup, note: str) -> str:
    """The word before a note's mark."""
    (mark,) = page.select(f".note-mark[href='#note-{note}']")
    passage = mark.find_parent(class_="passage")
    assert passage
    copy = BeautifulSoup(str(passage), "lxml")
    (mark,) = copy.select(f".note-mark[href='#note-{note}']")
    mark.replace_with("\0")
    for extra in copy.select(".note-mark, .passage-number, [role=doc-noteref]"):
        extra.decompose()
    return re.findall(r"\w*$", copy.get_text().partition("\0")[0])[0]


def check(project: Project, constructs: list[str], suffix: str) -> None:
    page = build(project, constructs, suffix)
    assert "edition.quote" not in project.warnings
    words = [words_of(it) for it in page.select(".passage")]
    assert len(words) == len(constructs)
    for number, construct in enumerate(constructs):
        assert words[number].startswith(f"alpha{number} one"), construct
        for place in ("beta", "gamma"):
            name = f"{place}{number}"
            assert words[number].count(name) == 1, construct
            assert marked(page, name) == name, construct


CONF = f"""
myst_enable_extensions = {EXTENSIONS.split()}
myst_substitutions = {{"word": "a *word*"}}
edition_repository = ""
"""


@pytest.mark.parametrize(("suffix", "constructs"), [("md", MYST), ("rst", REST)])
def test_every_construct(project: Project, suffix: str, constructs: list[str]) -> None:
    project.configure(CONF)
    project.index = "# E\n\n```{toctree}\ntext/a\n```\n"
    check(project, constructs, suffix)


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize(("suffix", "constructs"), [("md", MYST), ("rst", REST)])
def test_constructs_side_by_side(
    tmp_path_factory: pytest.TempPathFactory,
    suffix: str,
    constructs: list[str],
    data: st.DataObject,
) -> None:
    order = data.draw(st.permutations(constructs))
    pairs = [f"{one} und {other}" for one, other in zip(constructs, order, strict=True)]
    project = Project(tmp_path_factory.mktemp("pairs"))
    project.configure(CONF)
    project.index = "# E\n\n```{toctree}\ntext/a\n```\n"
    check(project, pairs[:25], suffix)
