"""The extension's tests with its wheel, on every Python and Sphinx that it is for: ``make nox``.

A session has an environment of its own, and in it what users get: the wheel with all extras. It
runs the modules of tests below, but nothing that drives a browser, builds the whole edition or
installs packages. ``nox -s "tests(3.12-sphinx-9.1)" -- tests/test_pdf.py`` runs one session with
one module.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"

#: Sphinx 9.0 is the last for Python 3.11, 9.1 for Python 3.12; later Pythons get the newest.
COMBINATIONS = [
    ("3.11", "9.0"),
    ("3.12", "9.0"),
    ("3.12", "9.1"),
    ("3.13", "9.0"),
    ("3.13", "9"),
]

#: What works on Sphinx, docutils, MyST, sphinxcontrib-bibtex or Typst; the others are the same
#: with every version of those.
MODULES = [
    f"tests/test_{name}.py"
    for name in (
        *("bibfiles", "builders", "checks", "chronology", "citations", "command_check"),
        *("command_note", "credit", "domain", "epub", "frontmatter", "hostile", "kinds", "latex"),
        *("map", "pdf", "registers", "repository", "schema", "terms", "weaving"),
    )
]
CHOICE = "not browser and not edition and not package"


def candidates(version: str) -> Iterator[str]:
    """Where an interpreter may be: on the path, or among those that pyenv has."""
    if found := shutil.which(f"python{version}"):
        yield found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    yield from map(str, sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True))


def interpreter(version: str) -> str | None:
    """One that works: pyenv puts commands on the path that only say which versions it has."""
    for candidate in candidates(version):
        told = subprocess.run(
            [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
        if told.stdout.strip() == version:
            return candidate
    return None


INTERPRETERS = {version: interpreter(version) for version in dict(COMBINATIONS)}
for missing in [version for version, found in INTERPRETERS.items() if not found]:
    print(f"There is no Python {missing} here: its sessions are left out.", file=sys.stderr)


@nox.session
@nox.parametrize(
    "python,sphinx",
    [
        nox.param(INTERPRETERS[python], f"Sphinx=={sphinx}.*", id=f"{python}-sphinx-{sphinx}")
        for python, sphinx in COMBINATIONS
        if INTERPRETERS[python]
    ],
)
def tests(session: nox.Session, sphinx: str) -> None:
    """Install the wheel and what tests need, and run the tests."""
    session.install("-q", ".[all]", sphinx, "sphinx-design", "-r", "requirements-test.txt")
    place = "import annotated_edition as it; print(it.__file__)"
    installed = session.run("python", "-c", place, silent=True) or ""
    if "site-packages" not in installed:
        session.error(f"the tests would run with {installed}")
    # Not _ext, where the settings of pytest find the extension otherwise.
    session.run(
        *("python", "-m", "pytest", "-q", "-o", "pythonpath=tests", "-m", CHOICE),
        *("-n", "auto", "--maxprocesses", "4", *(session.posargs or MODULES)),
    )
