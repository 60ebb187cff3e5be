"""The documentation: it builds, its tutorial works, its reference is complete, README is short."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import grimp
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from annotated_edition import pipeline
from annotated_edition.cli import parser
from annotated_edition.config import VALUES
from annotated_edition.domain import EditionDomain
from annotated_edition.model import Subtype
from annotated_edition.read.note_fields import CrossReferenceFields, NoteFields
from annotated_edition.render.html.theming import OPTIONS, THEME
from support.axe import faults
from support.edition import ROOT
from support.pages import parse
from support.tutorial import Reader, blocks
from support.webkit import LACKS

DOCS = ROOT / "docs"

pytestmark = pytest.mark.xdist_group("docs")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages, built as ``make docs`` does: every warning fails."""
    folder = tmp_path_factory.mktemp("docs")
    command = [
        *(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"),
        *("-d", str(folder / "doctrees"), str(DOCS), str(folder / "html")),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return folder / "html"


def words(page: BeautifulSoup) -> list[str]:
    """What stands in code letters on a page."""
    return [code.get_text() for code in page.select("main code")]


# ---- the reference -----------------------------------------------------------------------


def test_every_setting_is_in_the_reference(built: Path) -> None:
    page = parse(built / "reference/settings.html")
    terms = page.select("dl.confval > dt")
    assert sorted(term["id"] for term in terms) == sorted(
        f"confval-{value.name}" for value in VALUES
    )
    for value in VALUES:
        entry = page.select_one(f"#confval-{value.name}").parent
        said = " ".join(entry.get_text(" ").replace("’", "'").split())
        assert "Type : " in said
        assert "Default : " in said
        # Up to its first code or quotation mark.
        assert " ".join(re.split(r"[`\"]", value.meaning)[0].split()) in said


def test_every_directive_with_its_options_is_in_the_reference(built: Path) -> None:
    page = parse(built / "reference/directives.html")
    assert {f"{{edition:{name}}}" for name in pipeline.DIRECTIVES} <= set(words(page))
    for name, directive in pipeline.DIRECTIVES.items():
        section = page.select_one(f"section#directive-{name}")
        shown = {code.get_text() for code in section.select("td:first-child code")}
        options = directive.option_spec or {}
        assert shown == {f":{option}:" for option in options}
        assert set(directive.option_meanings) == set(options)


def test_every_role_is_in_the_reference(built: Path) -> None:
    page = parse(built / "reference/directives.html")
    assert {f"{{edition:{name}}}" for name in EditionDomain.roles} <= set(words(page))


def test_every_field_is_in_the_reference(built: Path) -> None:
    page = parse(built / "reference/front-matter.html")
    for model in (NoteFields, CrossReferenceFields):
        names = {info.alias or name for name, info in model.model_fields.items()}
        assert names <= set(words(page))


def test_every_option_of_the_theme_is_in_the_reference(built: Path) -> None:
    theme = tomllib.loads((THEME / "theme.toml").read_text(encoding="utf-8"))
    assert set(theme["options"]) == set(OPTIONS)
    assert set(OPTIONS) <= set(words(parse(built / "reference/theme.html")))


def test_every_warning_has_cause_and_cure_in_the_reference(built: Path) -> None:
    page = parse(built / "reference/warnings.html")
    rows = [[cell.get_text() for cell in row.select("td")] for row in page.select("tbody tr")]
    assert [row[0] for row in rows] == [one.value for one in Subtype]
    assert all(cause and cure for _, cause, cure in rows)


def test_every_extra_is_told_in_the_tutorial_and_the_reference(built: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = parse(built / "reference/installation.html")
    shown = {code.get_text() for code in page.select("td:first-child code")}
    assert {*shown, "all"} == set(project["optional-dependencies"])
    tutorial = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\[([a-z,]+)\]\"", tutorial)) == {"pdf"}


def test_every_command_is_in_the_reference(built: Path) -> None:
    page = parse(built / "reference/commands.html")
    usages = [block.get_text() for block in page.select("pre")]
    (commands,) = parser()._subparsers._group_actions
    assert [usage.split()[3] for usage in usages] == list(commands.choices)
    for name, command in commands.choices.items():
        section = page.select_one(f"section#command-{name}").get_text()
        for action in command._actions[1:]:
            assert (action.option_strings or [action.dest])[0] in section
            assert action.help


def test_what_is_not_tested_in_webkit_is_told() -> None:
    told = (DOCS / "reference/theme.md").read_text(encoding="utf-8").partition("| WebKitGTK |")[2]
    for lack in LACKS.values():
        assert lack in told


def test_the_pipeline_is_on_its_page(built: Path) -> None:
    page = parse(built / "development/events.html")
    shown = words(page)
    # What is done at an event may tell of others.
    firsts = [row.select_one("td").get_text().strip() for row in page.select("tbody tr")]
    assert [name for name in firsts if name in {event.name for event in pipeline.EVENTS}] == [
        event.name for event in pipeline.EVENTS
    ]
    for transform in (*pipeline.TRANSFORMS, *pipeline.POST_TRANSFORMS):
        assert transform.__name__ in shown
    for row in page.select("tbody tr"):
        assert all(cell.get_text().strip() for cell in row.select("td")), row


PROSE = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


@pytest.mark.parametrize("path", PROSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_name_only_what_there_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    settings = {value.name for value in VALUES}
    # Less the prefixes that choose what a table shows.
    text = re.sub(r"^```\{settings\}.*", "", text, flags=re.MULTILINE)
    assert set(re.findall(r"\bedition_[a-z_]+\b", text)) <= settings
    known = {*pipeline.DIRECTIVES, *EditionDomain.roles, *pipeline.ROLES}
    assert set(re.findall(r"\{edition:([a-z]+)\}", text)) <= known


# ---- the pages in a browser ---------------------------------------------------------------

#: One page of each sort.
SORTS = [
    "index.html",
    "tutorial.html",
    "how-to/map.html",
    "reference/settings.html",
    "reference/warnings.html",
    "reference/commands.html",
    "development/architecture.html",
    "development/events.html",
    "example/text/vision.html",
    "example/commentary/chronology.html",
]


def test_the_pages_are_accessible_and_fit_each_screen(built: Path, browser: Browser) -> None:
    found = []
    page = browser.new_page(bypass_csp=True)
    page.add_init_script(AXE_SCRIPT)
    for sort in SORTS:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{(built / sort).as_uri()}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{sort} {scheme}: {fault}" for fault in faults(page, scheme)]
        for width in (1440, 800, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{sort} is wider than {width} pixels")
    page.close()
    assert found == []


# ---- the architecture --------------------------------------------------------------------


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_drawing_shows_the_imports_as_they_are() -> None:
    architecture = load(DOCS / "_ext/architecture.py")
    graph = grimp.build_graph("annotated_edition", cache_dir=None)
    imports: dict[str, set[str]] = {}
    for module in graph.modules:
        name = module.split(".")[1:2]
        if name and name != ["__main__"]:
            found = graph.find_modules_directly_imported_by(module)
            imports.setdefault(name[0], set()).update(
                other.split(".")[1] for other in found if other.count(".")
            )
    expected = {name: found - {name} for name, found in imports.items()}
    assert architecture.read_imports() == expected
    layers = architecture.read_layers(architecture.LAYERS)
    assert {name for layer in layers for name in layer} == set(expected)
    drawn = architecture.draw()
    assert all(f">{name}</text>" in drawn or f" {name}</text>" in drawn for name in expected)


def test_an_implied_import_is_not_drawn() -> None:
    architecture = load(DOCS / "_ext/architecture.py")
    imports = {
        "a": frozenset("bc"), "b": frozenset("c"), "c": frozenset(), "d": frozenset("c"),
    }  # fmt: skip
    assert architecture.without_implied(imports) == {"a": ["b"], "b": ["c"], "c": [], "d": ["c"]}


def test_the_drawing_has_words_for_people_who_do_not_see_it(built: Path) -> None:
    page = parse(built / "development/architecture.html")
    svg = page.select_one("main svg")
    title, description = svg["aria-labelledby"].split()
    assert page.select_one(f"#{title}").get_text()
    assert "text imports no other package" in page.select_one(f"#{description}").get_text()


# ---- the tutorial ------------------------------------------------------------------------


def test_the_tutorial_works(tmp_path: Path) -> None:
    source = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    install, rest = source.split("## Begin a project")
    (installing,) = [block for block in blocks(install) if block.kind == "sh"]
    assert [line.split()[0] for line in installing.text.splitlines()] == ["python3", ".", "pip"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # As if it were installed.
    reader = Reader(tmp_path, {"PATH": path, "PYTHONPATH": str(ROOT / "_ext")})
    for block in blocks(rest):
        reader.take(block)
    reader.done()
    page = parse(reader.folder / "_build/html/text/poem.html")
    assert page.select_one("#note-xanadu .gist").get_text().startswith("Shangdu, the summer")
    assert (reader.folder / "_build/pdf/annotated-edition.pdf").read_bytes()[:5] == b"%PDF-"
    # Words of the tutorial that nothing else would notice.
    assert "**the text and the notes need a\ntoctree.**" in source


# ---- README and CONTRIBUTING -------------------------------------------------------------


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 700


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    assert targets
    for target in targets:
        path, _, fragment = target.partition("#")
        if "://" in target:
            continue
        file = ROOT / unquote(path) if path else ROOT / name
        assert file.exists(), target
        if fragment:
            heads = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
            assert fragment in slugs, target
