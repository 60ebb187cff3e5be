"""Strangers' strings pass one gate before they reach a page."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotated_edition.domain import classes
from annotated_edition.text.bidi import balanced
from annotated_edition.text.words import Day, LanguageTag, NoteId, NotOfItsKind, Siglum, Words
from annotated_edition.untrusted.allowlists import is_allowed_template
from support.project import Project

SIGNS = "aZ0- {}\\^~&%$#_<>\"'/.:\n\x00\x1b\x85\u202e\u2066\u2069\u05d0ü"
HOSTILE = st.text(st.sampled_from(SIGNS))

SIGLUM = r"x}{}\input{/etc/passwd}{"
TURN = "\u202e"


@given(HOSTILE)
def test_words_hold_no_controls_and_pass_once(text: str) -> None:
    words = Words(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", words)
    assert balanced(words) == words
    assert Words(words) is words
    assert pickle.loads(pickle.dumps(words)) == words
    assert type(pickle.loads(pickle.dumps(words))) is Words


@pytest.mark.parametrize("kind", [Siglum, LanguageTag, NoteId, Day])
@given(text=HOSTILE)
def test_what_has_a_form_has_it_from_end_to_end(kind: type[Siglum], text: str) -> None:
    try:
        made = kind(text)
    except NotOfItsKind:
        return
    assert all(sign.isalnum() or sign == "-" for sign in made)
    assert len(made) <= kind.MOST


@pytest.mark.parametrize("siglum", ["Zh", "Ru", "En-Kz", "Kk", "A2", "2", "Қз"])
def test_sigla_are_letters_and_digits_and_their_classes_plain(siglum: str) -> None:
    assert re.fullmatch("[a-z0-9-]+", classes.of_siglum(Siglum(siglum)))


@given(HOSTILE)
def test_any_kind_and_standing_makes_a_plain_class(text: str) -> None:
    for made in (classes.of_kind(text), classes.of_standing(text), classes.of_link(text)):
        assert re.fullmatch("[A-Za-z0-9-]+", made)


@pytest.mark.parametrize(
    "front",
    [
        f"readings: {{'{SIGLUM}': {{reading: r}}}}",
        f"readings: {{{'x' * 21}: {{reading: r}}}}",
        f"names: {{'{SIGLUM}': n}}",
        f"names: {{{'-'.join(['abcdefgh'] * 5)}: n}}",
        f"see-also: ['{SIGLUM}']",
        f"standing: '{SIGLUM}'",
    ],
)
@pytest.mark.parametrize("builder", ["html", "latex"])
def test_what_has_not_its_form_is_reported_and_makes_no_class(
    project: Project, front: str, builder: str
) -> None:
    project.text("A road.")
    project.note("h/road", "road", "GOODGIST.", front)
    project.build(builder)
    field = front.partition(":")[0]
    assert re.search(rf"road\.md:3: WARNING: `{field}.*\[edition\.front-matter\]", project.warnings)
    for path in project.output("", builder).rglob("*.tex" if builder == "latex" else "*.html"):
        assert "passwd" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("builder", ["html", "text", "latex"])
def test_a_title_turns_no_other_round(project: Project, builder: str) -> None:
    project.text("A road and a port.")
    project.note("h/port", "port", "The port.", "see-also: [road]")
    note = project.note("h/road", "road", "A road.", f"contributors: ['A. Honest {TURN}editor']")
    note.write_text(note.read_text().replace("# Road", f"# Road {TURN}(draft)"), "utf-8")
    project.build(builder)
    told = [line for line in project.warnings.splitlines() if "U+202E" in line]
    assert len(told) == 2
    assert all("road.md:" in line and "[edition.unsafe]" in line for line in told)
    for path in project.output("", builder).rglob("*.*"):
        if path.suffix in (".html", ".txt", ".tex", ".js"):
            assert TURN not in path.read_text(encoding="utf-8")


def test_a_name_that_runs_to_the_left_is_isolated_where_others_stand(project: Project) -> None:
    hebrew = "\u05d3\u05e8\u05da"
    project.text("A road and a port.")
    project.note("h/port", "port", "The port.", "see-also: [road]")
    note = project.note("h/road", "road", "A road.")
    note.write_text(note.read_text().replace("# Road", f"# {hebrew}"), "utf-8")
    project.build()
    assert f"\u2068{hebrew}\u2069" in project.page("commentary/h/port").get_text()
    assert f"\u2068{hebrew}" not in project.page("commentary/h/road").h1.get_text()  # type: ignore


@pytest.mark.parametrize(
    "words",
    [
        "{number:>2000000000}",
        "{name.__class__}",
        "{number.x}",
        "{0}",
        "{number!r:{name}}",
        "%9999d",
    ],
)
def test_words_with_a_number_are_no_program(project: Project, words: str) -> None:
    assert not is_allowed_template(words)
    project.configure("numfig = True\n")
    project.text("A road.")
    body = (
        "```{table} T\n:name: t1\n\n| a |\n|---|\n| b |\n```\n\n"
        f"{{numref}}`x {words} number <t1>`\n\n{{numref}}`fine {{number}} <t1>`\n"
    )
    project.note("h/road", "road", "GOODGIST.", body=body)
    project.build()
    assert re.search(r"road\.md:\d+: WARNING: .*numref.*\[edition\.unsafe\]", project.warnings)
    page = project.page("commentary/h/road").get_text()
    assert "fine 1" in page
    assert words in page


def test_a_host_that_looks_like_another_is_shown_as_it_is(project: Project) -> None:
    project.text("A road.")
    project.note("h/road", "road", "GOODGIST.", body="[apple](https://\u0430pple.com/)\n")
    project.build("text")
    assert "(xn--pple-43d.com)" in project.output("commentary/h/road.txt", "text").read_text(
        "utf-8"
    )
