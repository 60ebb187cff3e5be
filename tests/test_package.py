"""The wheel: what it holds, and what it does in environments that have nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest

import annotated_edition
from annotated_edition.text.extras import Extra, command_for
from support.edition import ROOT
from support.project import Project

SOURCE = ROOT / "_ext/annotated_edition"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    (made,) = folder.glob("*.whl")
    return made


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", "--no-input"]
    command += map(str, arguments)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# ---- What it holds


def source_files() -> set[str]:
    paths = (path for path in SOURCE.rglob("*") if path.is_file())
    return {
        f"annotated_edition/{path.relative_to(SOURCE).as_posix()}"
        for path in paths
        if "__pycache__" not in path.parts
    }


@pytest.mark.package
@pytest.mark.xdist_group("package")
def test_the_wheel_holds_all_files_of_the_extension_and_no_others(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    about = f"annotated_edition-{annotated_edition.__version__}.dist-info"
    assert {name for name in names if not name.startswith(f"{about}/")} == source_files()
    assert "annotated_edition/py.typed" in names
    assert {name.rpartition("/")[2] for name in names if f"{about}/licenses/" in name} == {
        "LICENSE",
        "OFL.txt",
        "SOURCE.txt",
    }


def test_every_sort_of_file_is_among_them() -> None:
    sorts = {Path(name).suffix for name in source_files()}
    assert sorts >= {".css", ".html", ".jinja", ".js", ".json", ".otf", ".sty", ".toml", ".typ"}


def test_no_file_becomes_a_page_of_a_project_that_the_extension_lies_in() -> None:
    """Plain text may, in few projects: docs/reference/extras.md says so."""
    documents = {path.name for path in SOURCE.rglob("*") if path.suffix in (".md", ".rst", ".txt")}
    assert documents == {"OFL.txt", "SOURCE.txt"}


def test_the_extras_are_those_that_the_code_names() -> None:
    extras = dict(PROJECT["optional-dependencies"])
    (whole,) = extras.pop("all")
    names = set(get_args(Extra))
    assert set(extras) == names
    assert whole == f"annotated-edition[{','.join(sorted(names))}]"
    page = (ROOT / "docs/reference/extras.md").read_text(encoding="utf-8")
    assert names == set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE))


# ---- What it does

#: What is installed, one after the other, into one environment that begins empty.
STAGES = {"bare": "", "without bibliography": "history,html,pdf", "whole": "all"}

CONF = """
    project = "A first edition"
    author = "An editor"
    copyright = "2026, an editor"
    version = "0.1"
    extensions = ["myst_parser", "annotated_edition"]
    edition_text = ["text/*"]
    html_theme = "edition"
"""


def contents(*pages: str) -> str:
    return "\n".join(["# It", "", "```{toctree}", ":glob:", "text/*", *pages, "```", ""])


class Done(NamedTuple):
    """A finished command: its exit code, all that it said, and what to install of that."""

    code: int
    said: str

    @property
    def advice(self) -> list[str]:
        return [line.strip() for line in self.said.splitlines() if "pip install" in line]


def first(folder: Path) -> Project:
    """The guide's first project."""
    project = Project(folder)
    project.write("conf.py", CONF)
    project.write("index.md", contents("notes"))
    project.write("notes.md", "# Notes\n\n```{toctree}\n:glob:\ncommentary/*/*\n```\n")
    project.write("text/one.md", "# One\n\nA caravan went west along the road.\n\nIt came back.\n")
    project.note("history/first", "caravan", front='dates: {"-0137": It leaves}')
    return project


def citing(folder: Path) -> Project:
    """The first project, with sources."""
    project = first(folder)
    project.configure(
        """
        extensions += ["sphinxcontrib.bibtex"]
        bibtex_bibfiles = ["sources.bib"]
        bibtex_default_style = "author_year"
        bibtex_reference_style = "author_year_semicolon"
        """
    )
    project.write("sources.bib", "@misc{one, author={Sima Qian}, title={One}, year={1993}}\n")
    project.write("sources.md", "# Sources\n\n```{bibliography}\n```\n")
    project.write("index.md", contents("notes", "sources"))
    for name, words in (("first", "caravan"), ("second", "west")):
        project.note(f"history/{name}", words, "Far {cite:p}`one`.")
    return project


def asking(folder: Path) -> Project:
    """One that asks for all that only extras bring, without naming an extension that isn't there.

    It lies in a clone.
    """
    project = first(folder)
    project.write(".git/HEAD", "ref: refs/heads/main\n")
    project.note("history/source", "road", "Far {cite:p}`one`.")
    chart = "```{edition:chronology}\n```\n"
    project.write("charts.md", f"# Charts\n\n{chart}\n{chart}")
    project.write("index.md", contents("notes", "charts"))
    return project


COMMANDS = ("html", "text", "epub", "edition-pdf", "check")

PLAN: dict[str, dict[Callable[[Path], Project], tuple[str, ...]]] = {
    "bare": {first: COMMANDS, asking: ("html", "epub", "latex", "check")},
    "without bibliography": {first: COMMANDS},
    "whole": {citing: COMMANDS},
}


class Runs:
    """What each command did at each stage."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        self.done: dict[tuple[str, str, str], Done] = {}
        environment = folder / "environment"
        # Without pip of its own, which costs seconds: the tests' installs into it.
        command = [sys.executable, "-m", "venv", "--without-pip", str(environment)]
        subprocess.run(command, check=True)
        self.commands = environment / "bin"
        for stage, extras in STAGES.items():
            wanted = f"annotated-edition[{extras}] @ {wheel.as_uri()}"
            pip("--python", environment, "install", "--no-compile", wanted)
            for make, commands in PLAN[stage].items():
                place = folder / make.__name__ / stage
                place.mkdir(parents=True)
                make(place)
                for what in commands:
                    self.done[make.__name__, stage, what] = self.run(place, what)

    def run(self, place: Path, what: str) -> Done:
        command = [self.commands / "annotated-edition", "check"]
        if what != "check":
            strict = [] if place.parent.name == "asking" else ["-W"]
            places = ["-d", "_build/doctrees", ".", f"_build/{what}"]
            command = [self.commands / "sphinx-build", *strict, "-b", what, *places]
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("PYTHONPATH", "MAKELEVEL")
        }
        environment["NO_COLOR"] = "1"
        done = subprocess.run(
            command,
            cwd=place,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def output(self, *names: str) -> Path:
        project, stage, builder, name = names
        return self.folder / project / stage / "_build" / builder / name


@pytest.fixture(scope="module")
def runs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs(tmp_path_factory.mktemp("package"), wheel)


CLEAN = [
    (make.__name__, stage, what)
    for stage, plan in PLAN.items()
    for make, commands in plan.items()
    for what in commands
    if make is not asking and (stage, what) != ("bare", "edition-pdf")
]


@pytest.mark.package
@pytest.mark.xdist_group("package")
@pytest.mark.parametrize(("project", "stage", "what"), CLEAN)
def test_all_commands_are_clean(runs: Runs, project: str, stage: str, what: str) -> None:
    code, said = runs.done[project, stage, what]
    assert code == 0, said
    assert "WARNING" not in said
    if what == "check":
        assert said.endswith("files read: no mistakes found\n")


@pytest.mark.package
@pytest.mark.xdist_group("package")
@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "bare"])
def test_nothing_asks_for_what_is_there(runs: Runs, stage: str) -> None:
    told = [done.advice for (_, when, _), done in runs.done.items() if when == stage]
    assert told
    assert not any(told)


@pytest.mark.package
@pytest.mark.xdist_group("package")
def test_the_outputs_are_there(runs: Runs) -> None:
    for project, stage in (("first", "without bibliography"), ("citing", "whole")):
        assert runs.output(project, stage, "edition-pdf", "annotated-edition.pdf").exists()
        assert runs.output(project, stage, "epub", "_static/edition-cover.png").exists()
    for stage in ("bare", "without bibliography"):
        assert 'id="note-first"' in runs.output("first", stage, "html", "text/one.html").read_text()
        assert "The gist." in runs.output("first", stage, "text", "text/one.txt").read_text()
    cited = runs.output("citing", "whole", "html", "commentary/history/second.html").read_text()
    assert "Qian, 1993" in cited


INSTALL = {extra: command_for(extra) for extra in get_args(Extra)}
COMMENTS = f"style sheets and scripts keep their comments: {INSTALL['html']}"
COVER = (
    f"the EPUB has no cover: to have one drawn, {INSTALL['pdf']}; or name a picture in epub_cover"
)
HISTORY = (
    "the clone's history isn't read, for credit and for links to its repository: "
    f"{INSTALL['history']}"
)
CITATION = (
    "commentary/history/source.md:7: WARNING: citations need sphinxcontrib-bibtex: "
    f'{INSTALL["bibliography"]}, and add "sphinxcontrib.bibtex" to extensions in conf.py '
    "[edition.source]"
)
CHARTS = (
    f"WARNING: charts are printed as tables alone, without Typst: {INSTALL['pdf']} [edition.pdf]"
)
BOOK = f"the builder edition-pdf needs Typst and pikepdf: {INSTALL['pdf']}"


@pytest.mark.package
@pytest.mark.xdist_group("package")
@pytest.mark.parametrize(
    ("project", "what", "lines"),
    [
        ("first", "text", []),
        ("first", "check", []),
        ("first", "html", [COMMENTS]),
        ("first", "epub", [COVER]),
        ("first", "edition-pdf", [BOOK]),
        ("asking", "html", [HISTORY, CITATION, COMMENTS]),
        ("asking", "epub", [HISTORY, CITATION, COVER]),
        ("asking", "latex", [HISTORY, CITATION, CHARTS]),
    ],
)
def test_what_is_missing_is_told_in_one_line(
    runs: Runs, project: str, what: str, lines: list[str]
) -> None:
    done = runs.done[project, "bare", what]
    assert (done.code == 0) == (what != "edition-pdf"), done.said
    assert len(done.advice) == len(lines), done.advice
    for told, line in zip(done.advice, lines, strict=True):
        assert line in told


@pytest.mark.package
@pytest.mark.xdist_group("package")
def test_the_check_tells_what_is_missing_too(runs: Runs) -> None:
    done = runs.done["asking", "bare", "check"]
    assert done.code == 1
    assert done.advice == [CITATION.replace(" WARNING:", "")]
