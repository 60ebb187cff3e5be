"""Strangers' strings pass one gate before they reach a page."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import docutils.nodes
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sphinx import addnodes

import annotated_edition
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
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]", words)
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


def test_wherever_it_stands(project: Project) -> None:
    """In Sphinx's own lists and links, charts, roles and the search, but not in LaTeX's fonts."""
    hebrew = "\u05d3\u05e8\u05da 1845"
    isolated = f"\u2068{hebrew}\u2069"
    project.configure("extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n")
    project.write("a.bib", "@misc{one, author={Good}, title={T}, year={1}}\n")
    charts = "```{edition:chronology}\n```\n\n```{edition:map}\n```\n"
    charts += "\n```{bibliography}\n:all:\n```\n\n{edition:note}`road`, {doc}`commentary/h/road`\n"
    project.text("A road and a port.", index=charts)
    project.note("h/port", "port", "The port.")
    places = "places: [{name: Taraz, at: [42, 71]}, {name: Almaty, at: [43, 76], line: true}]"
    note = project.note("h/road", "road", "A {cite:p}`one`.", f"dates: {{'1845': x}}\n{places}")
    note.write_text(note.read_text().replace("# Road", f"# {hebrew}"), "utf-8")
    project.build()
    page = project.page("index")
    # In a drawing and in a list of pages each has an order of its own.
    links = page.select("[role=main] a:not(svg a, [class^=toctree-l] > a)")
    shown = [link for link in links if hebrew in link.get_text()]
    # Two tables, the bibliography and two roles.
    assert len(shown) >= 5
    assert [str(link) for link in shown if isolated not in link.get_text()] == []
    hints = [hint.get_text() for hint in page.select("svg title") if hebrew in hint.get_text()]
    assert [hint for hint in hints if ":" in hint and isolated not in hint] == []
    assert isolated in project.page("commentary/h/port").get_text()
    index = project.output("searchindex.js").read_text("utf-8")
    assert isolated in index or isolated.encode("unicode_escape").decode() in index
    project.build("latex")
    for source in project.output("", "latex").glob("*.tex"):
        assert not re.search("[\u2066-\u2069]", source.read_text("utf-8"))


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


# ---- nothing else reaches a page ---------------------------------------------------------

PACKAGE = Path(annotated_edition.__file__).parent
#: Where raw markup is woven: charts, which a writer of XML wrote.
DRAWN = "render/charts/chart.py"


def is_ours(value: ast.expr | None) -> bool:
    """Whether a string, or each of a list of some, is written here or made by the gate."""
    if isinstance(value, ast.List | ast.Tuple):
        return all(map(is_ours, value.elts))
    if isinstance(value, ast.Starred):
        return is_ours(value.value)
    if isinstance(value, ast.Subscript):  # from node to node
        return ast.unparse(value.slice) in ("'classes'", "'ids'", "'names'", "name")
    if isinstance(value, ast.Call):
        made = ast.unparse(value.func)
        if made == "dict.fromkeys":
            return is_ours(value.args[0])
        return made == "Token" or made.startswith("classes.")
    if isinstance(value, ast.IfExp):
        return is_ours(value.body) and is_ours(value.orelse)
    if isinstance(value, ast.ListComp | ast.GeneratorExp):
        return is_ours(value.elt) or is_ours(value.generators[-1].iter)
    if isinstance(value, ast.Attribute):  # the source of another node
        return value.attr == "rawsource"
    return value is None or isinstance(value, ast.Constant) or ast.unparse(value) in OURS


#: Names of what holds constants, or what came out of a tree.
OURS = {"TIE_MARK", "_SIGLA[name]"}


def woven_raw(source: str, path: str) -> Iterator[str]:
    """Where a module makes text, classes or ids of a node from strings that nobody checked."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            strings = strings_of(node, path)
        elif isinstance(node, ast.AugAssign) and ast.unparse(node.target).endswith(NAMES):
            strings = [node.value]
        else:
            continue
        if not all(map(is_ours, strings)):
            yield f"{path}:{node.lineno}: {ast.unparse(node)}"


NAMES = ("['classes']", "['ids']", "['names']")


def strings_of(call: ast.Call, path: str) -> list[ast.expr]:
    """What a call makes text, markup, classes or ids of."""
    name = ast.unparse(call.func)
    short = name.rpartition(".")[2]
    if name in ("nodes.Text", "nodes.raw"):
        return [] if path == DRAWN and short == "raw" else call.args[:2]
    is_known = name in (f"nodes.{short}", f"addnodes.{short}") and short != "make_id"
    if is_known or (name == short and name.endswith("Node")):
        kind = getattr(docutils.nodes, short, None) or getattr(addnodes, short, None)
        # An element without text of its own takes children at once.
        has_text = kind is None or issubclass(kind, docutils.nodes.TextElement)
        given = [one.value for one in call.keywords if f"['{one.arg}']" in NAMES]
        return [*call.args[: 2 if has_text else 1], *given]
    if name.endswith(tuple(f"{one}.append" for one in NAMES)):
        return call.args[:1]
    return call.args[1:] if name.endswith(tuple(f"{one}.insert" for one in NAMES)) else []


def test_words_reach_pages_through_the_gate_alone() -> None:
    """Mypy holds that ``text_nodes.text`` takes words that have passed; this, that all use it."""
    found = [
        place
        for module in sorted(PACKAGE.rglob("*.py"))
        if module.name != "text_nodes.py"
        for place in woven_raw(
            module.read_text(encoding="utf-8"), module.relative_to(PACKAGE).as_posix()
        )
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "nodes.Text(title)",
        "nodes.Text(f'{title}: ')",
        "nodes.paragraph('', title)",
        "nodes.paragraph(title, '')",
        "nodes.inline('', '', classes=[name])",
        "nodes.inline('', '', classes=[f'kind-{kind}'])",
        "nodes.target('', '', ids=[note.id])",
        "nodes.raw('', words, format='html')",
        "NumberNode('', words)",
        "node['classes'].append(siglum)",
        "node['ids'].insert(0, name)",
    ],
)
def test_a_raw_string_is_seen(line: str) -> None:
    assert list(woven_raw(line, "weave/x.py"))


def test_words_of_the_code_and_of_the_gate_are_fine() -> None:
    source = """
nodes.paragraph("", "Words", text(title), classes=["a", classes.of_kind(kind), *node["classes"]])
nodes.Text("; ")
nodes.section("", *parts, ids=[Token(place.id)])
nodes.raw("", "<br>", format="html")
node["classes"].append("later")
"""
    assert list(woven_raw(source, "weave/x.py")) == []
