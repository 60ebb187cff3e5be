"""Reaches into others' insides: few, in one place, listed, and noticed when an inside changes."""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterator
from inspect import getmembers, isfunction
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.utils import new_document
from markdown_it import MarkdownIt
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from sphinx.builders.epub3 import Epub3Builder
from sphinx.testing.util import SphinxTestApp

from annotated_edition import internals
from support.edition import ROOT
from support.project import Project

PACKAGE = ROOT / "_ext/annotated_edition"
PAGE = ROOT / "docs/development/private-api.md"

#: Documented in spite of their names: of named tuples, of enumerations, of ``os``.
DOCUMENTED = {"_replace", "_asdict", "_fields", "_make", "_value_", "_exit"}
#: Modules that change the whole process.
OF_THE_PROCESS = {"atexit", "gc"}
#: Attributes through which others' state is reached that they don't document.
OTHERS = {"registry", "domaindata"}
#: Functions of ``internals`` that are no reach, or the end of one.
HELPERS = {"as_table", "hear_no_warnings"}
#: The edition's own data; what `logging` invites to put on its records; a process of its own
#: may have its own ways.
ALLOWED = {
    ("domain/sources.py", "domaindata"),
    ("weave/warning_record.py", "setattr()"),
    ("__main__.py", "import of gc"),
}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED


def defined(tree: ast.AST) -> set[str]:
    """Names that a module gives itself: functions, classes, variables and attributes."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names |= {node.attr} if ast.unparse(node.value) == "self" else set()
    return names


def imported(tree: ast.AST) -> set[str]:
    """What a module imports from other packages, by the names that it has there."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                if not (module or alias.name).startswith("annotated_edition"):
                    names.add(alias.asname or alias.name.partition(".")[0])
    return names


def reaches(source: str) -> Iterator[tuple[int, str]]:
    """Lines where a module reaches into what others don't document, and what it reaches."""
    tree = ast.parse(source)
    own, foreign = defined(tree), imported(tree)
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            parts = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            # gettext's name is ours to choose.
            if any(is_private(part) and part != "_" for part in parts):
                yield node.lineno, f"import of {'.'.join(parts)}"
            if node.module in OF_THE_PROCESS:
                yield node.lineno, f"import of {node.module}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in OF_THE_PROCESS or any(map(is_private, alias.name.split("."))):
                    yield node.lineno, f"import of {alias.name}"
        elif isinstance(node, ast.Attribute):
            if (is_private(node.attr) and node.attr not in own) or node.attr in OTHERS:
                yield node.lineno, node.attr
            replaced = isinstance(node.ctx, (ast.Store, ast.Del)) and (
                isinstance(node.value, ast.Name) and node.value.id in foreign
            )
            if replaced:
                yield node.lineno, f"{ast.unparse(node)} is replaced"
        elif isinstance(node, ast.Assign):
            # Methods of others' objects.
            value = node.value
            is_code = isinstance(value, ast.Lambda) or ast.unparse(value) in functions
            for target in node.targets if is_code else ():
                if isinstance(target, ast.Attribute) and ast.unparse(target.value) != "self":
                    yield node.lineno, f"{ast.unparse(target)} is replaced"
        elif isinstance(node, ast.Call):
            if ast.unparse(node.func) in ("setattr", "delattr", "vars"):
                yield node.lineno, f"{ast.unparse(node.func)}()"
            if isinstance(node.func, ast.Attribute) and node.func.attr == "addHandler":
                yield node.lineno, "addHandler()"
            if "force=True" in map(ast.unparse, node.keywords):
                yield node.lineno, "force=True"


@pytest.mark.parametrize(
    "source",
    [
        "from sphinx.util._pathlib import StrPath",
        "from sphinx.util import _StrPath",
        "import sphinx._cli",
        "import gc",
        "def f(app): app._registry.x()",
        "class A(B):\n def f(self): return self._inherited",
        "def f(app): return app.registry.source_parsers",
        "def f(env): return env.domaindata['cite']",
        "from docutils.parsers.rst import roles\nroles.role = None",
        "def f(parser): parser.validateLink = lambda url: True",
        "def f(domain):\n def g(): pass\n domain.env_updated = g",
        "register_plugin('a', 'b', C, force=True)",
        "def f(node): setattr(node, 'x', 1)",
        "getLogger('sphinx').addHandler(x)",
    ],
)
def test_a_reach_is_seen(source: str) -> None:
    assert list(reaches(source))


def test_nothing_else_reaches_into_others() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.parent.name != "internals"
        for line, what in reaches(path.read_text(encoding="utf-8"))
        if (path.relative_to(PACKAGE).as_posix(), what) not in ALLOWED
    ]
    assert found == []


def test_every_reach_is_listed() -> None:
    functions = {
        name
        for name, function in getmembers(internals, isfunction)
        if function.__module__ == internals.__name__ and not name.startswith("_")
    }
    assert {reach.name for reach in internals.REACHES} == functions - HELPERS
    table = internals.as_table()
    assert table in PAGE.read_text(encoding="utf-8"), f"{PAGE} wants this table:\n\n{table}"
    assert len(internals.REACHES) <= 10


# ---- each of them ------------------------------------------------------------------------


def test_reserve_ids() -> None:
    document = new_document("a")
    internals.reserve_ids(document, lambda name: name == "p1")
    ids = []
    for name in ("p1", "x", "x"):
        node = nodes.target(names=[name])
        document += node
        document.note_explicit_target(node)
        ids.append(node["ids"][0])
    assert ids[1] == "x"
    assert "p1" not in ids
    assert document.ids[ids[0]] is document[0]
    assert len({*ids}) == 3


def test_keep_all_links() -> None:
    source = "[a](javascript:x) ![a](vbscript:x) <data:x> [b]\n\n[b]: file:x"
    parser = MarkdownIt("commonmark")
    internals.keep_all_links(parser)
    kinds = [token.type for block in parser.parse(source) for token in block.children or ()]
    assert kinds.count("link_open") == 3
    assert kinds.count("image") == 1


def test_set_up() -> None:
    """Whatever MyST sets when it begins a file is set, and to the same."""
    parser = create_md_parser(MdParserConfig(), SphinxRenderer)
    theirs, ours = parser.renderer, SphinxRenderer(parser)
    assert isinstance(theirs, SphinxRenderer)
    document, node = new_document("a", get_default_settings(Parser)), nodes.section()
    options: dict[str, Any] = {"myst_config": MdParserConfig(), "document": document}
    for given in (options, {**options, "current_node": node}):
        env: dict[str, Any] = {}
        theirs.setup_render(given, env)
        internals.set_up(ours, given, env)
        assert vars(ours).keys() == vars(theirs).keys()
        for name, value in vars(theirs).items():
            assert name == "rules" or vars(ours)[name] == value, name


def test_leave_out(project: Project) -> None:
    project.text("A road.")
    project.note("h/road", "road")
    project.write("commentary/h/bad.md", "x").write_bytes(b"\xff\xfe")
    for _ in range(2):
        project.build()
        assert "isn't UTF-8" in project.warnings
        assert len(project.warnings.splitlines()) == 1
    project.note("h/bad", "A")
    project.build()
    assert project.warnings == ""
    assert project.output("commentary/h/bad.html").exists()


def test_templates_of(project: Project) -> None:
    project.text("A road.")
    project.note("h/road", "road")
    project.configure('copyright = "2026"\nversion = "1"\n')
    project.build("epub")
    theirs = {path.name for path in Path(Epub3Builder.template_dir).iterdir()}
    ours = {path.name for path in (PACKAGE / "render/epub/templates").iterdir()}
    assert ours & theirs == {"content.opf.jinja", "nav.xhtml.jinja"}
    package = project.output("content.opf", "epub").read_text(encoding="utf-8")
    assert "schema:accessMode" in package  # Sphinx's says nothing of it
    assert project.output("mimetype", "epub").read_text(encoding="utf-8") == "application/epub+zip"


def test_register_again(monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = pytest.importorskip("pybtex.plugin")

    def searched(**wanted: str) -> None:
        raise AssertionError(f"all installed distributions are searched for {wanted}")

    names = {"pybtex.backends": "plaintext", "pybtex.style.formatting": "plain"}
    before = {group: plugin.find_plugin(group, name) for group, name in names.items()}
    for group, name in names.items():
        other = type("Other", (before[group],), {})
        internals.register_again(group, name, other)
        with monkeypatch.context() as patched:
            patched.setattr(plugin, "entry_points", searched)
            assert plugin.find_plugin(group, name) is other
        internals.register_again(group, name, before[group])


def test_myst_config(project: Project) -> None:
    project.text("A road.")
    project.configure("myst_enable_extensions = ['deflist']\n")
    app = project.build()
    assert internals.myst_config(app.env).enable_extensions == {"deflist"}


def test_line_of_entry() -> None:
    errors, scanner = pytest.importorskip("pybtex.errors"), pytest.importorskip("pybtex.scanner")
    from pybtex.database import parse_string

    with errors.capture() as found:
        parse_string("@misc{a, title={A}}\n\n@misc{b,\n  title={B}\n", "bibtex")
    [error] = found
    assert isinstance(error, scanner.PrematureEOF)
    assert internals.line_of_entry(error) == 3


def test_hear_warnings(tmp_path: Path) -> None:
    class Heard(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message = record.msg
            heard.append((record.levelname, record.type, message))  # type: ignore[attr-defined]

    heard: list[object] = []
    handler = Heard(logging.WARNING)
    (tmp_path / "conf.py").write_text("")
    (tmp_path / "index.rst").write_text("I\n=\n\n:doc:`/nowhere`\n")
    app = SphinxTestApp("html", srcdir=tmp_path, freshenv=True, parallel=2)

    # While documents are read Sphinx takes its own handler away, and puts it back as the last;
    # with several processes it resolves references with its own handler in place.
    def hear(*_: object) -> None:
        internals.hear_warnings(handler)
        internals.hear_warnings(handler)

    listener = app.connect("write-started", hear)
    app.build()
    ((level, kind, message),) = set(heard)
    assert (level, kind) == ("WARNING", "ref")
    assert "[ref" not in message
    internals.hear_no_warnings(handler)
    heard.clear()
    app.disconnect(listener)
    app.build(force_all=True)
    app.cleanup()
    assert heard == []


def test_restore_index_entries(project: Project) -> None:
    project.text("A road.", "A town.")
    for name in ("a", "b"):
        (project.folder / f"extra-{name}.rst").write_text(
            f":orphan:\n\nPage {name}\n======\n\n.. index:: entry {name}\n\nWords.\n"
        )
    project.build()
    whole = project.output("searchindex.js").read_bytes()
    assert b"entry a" in whole
    page = project.folder / "extra-b.rst"
    page.write_text(page.read_text() + "\nMore.\n")
    project.build()
    assert b"entry a" in project.output("searchindex.js").read_bytes()
