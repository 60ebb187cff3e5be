"""What is checked before a commit: hooks that fetch nothing, for the files that they are about."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
import yaml

from support.edition import ROOT

CONFIG = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for repo in CONFIG["repos"] for hook in repo["hooks"]
}


def test_hooks_run_what_is_here() -> None:
    assert {repo["repo"] for repo in CONFIG["repos"]} == {"local"}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for hook in HOOKS.values():
        assert hook["language"] == "system"
        command, *arguments = shlex.split(hook["entry"])
        if command == "make":
            assert set(arguments) <= targets
        else:
            assert command == ".venv/bin/python"
            assert arguments[0] == "-m" or (ROOT / arguments[0]).is_file()


@pytest.mark.parametrize(
    ("path", "hooks"),
    [
        ("commentary/glossary.md", {"lists", "spelling", "check"}),
        ("commentary/people-register.md", {"lists", "spelling", "check"}),
        ("commentary/people/xi-jinping.md", {"spelling", "check"}),
        ("commentary/references.bib", {"lists", "check"}),
        ("commentary/sources/new2026.bib", {"check"}),
        ("conf.py", {"check"}),
        ("README.md", {"spelling"}),
        ("tests/hostile/notes/a.md", set()),
    ],
)
def test_a_hook_is_about_its_files(path: str, hooks: set[str]) -> None:
    # ruff's are by kind of file, and for those who have it.
    found = {name for name, hook in HOOKS.items() if re.search(hook.get("files", r"(?!)"), path)}
    assert found == hooks
    assert all(hook["stages"] == ["manual"] for name, hook in HOOKS.items() if "ruff" in name)
