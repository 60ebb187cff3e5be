"""What this folder's modules may import of one another and of the extension."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
MODULES = sorted([*TESTS.glob("*.py"), *TESTS.glob("support/*.py")])


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of all that a file imports; the name is empty where the module is meant."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.module or "", alias.name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_helpers_come_from_support_alone(path: Path) -> None:
    named = {module.partition(".")[0] for module, _name in imports(path)}
    assert not [name for name in named if name == "conftest" or name.startswith("test_")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_nothing_private_is_imported(path: Path) -> None:
    named = [
        f"{module}.{name}"
        for module, name in imports(path)
        if module.partition(".")[0] in ("annotated_edition", "support")
    ]
    assert not [name for name in named if any(part[:1] == "_" for part in name.split("."))]


@pytest.mark.xdist_group("suite")
def test_workers_are_told_which_tests_belong_together(request: pytest.FixtureRequest) -> None:
    """Without that each worker builds what one was to build for all of a group."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("there is one process")
    assert request.node.nodeid.endswith("@suite")


def test_the_extension_is_imported_by_tests() -> None:
    """The two above look at something."""
    found = {module for path in MODULES for module, _name in imports(path)}
    assert any(module.startswith("annotated_edition.") for module in found)
    assert "support.project" in found
