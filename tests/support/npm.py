"""Programs that npm has: installed once, into the virtual environment's folder.

Where there is no npm, or it reaches no registry, what needs them is skipped and says why.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

from support.edition import ROOT

VENV = ROOT / os.environ.get("VENV", ".venv")
# Scripts would download a browser; a registry out of reach must not cost minutes.
_INSTALL = [
    *("npm", "install", "--ignore-scripts", "--engine-strict", "--no-audit", "--no-fund"),
    *("--loglevel=error", "--fetch-retries=1", "--fetch-timeout=30000"),
]


def installed(
    name: str, *packages: str, any_node: bool = False, overrides: dict[str, str] | None = None
) -> Path:
    """The folder of *packages* (``name@version``) and of all that they need, kept as *name*.

    With *any_node* also those that don't know of a newer Node yet.  *overrides* has other versions
    of what they need than they say, such as where they name a repository of git.
    """
    tool = VENV / name
    VENV.mkdir(exist_ok=True)
    with FileLock(f"{tool}.lock"):
        if not (tool / "node_modules").exists():
            _install(packages, tool, any_node, overrides or {})
    return tool / "node_modules"


def _install(
    packages: tuple[str, ...], tool: Path, any_node: bool, overrides: dict[str, str]
) -> None:
    """Install *packages* into *tool*, whole or not at all, or skip."""
    package = " and ".join(packages)
    if not shutil.which("npm"):
        pytest.skip(f"{package} needs npm, and there is none (on Debian: apt install npm)")
    with tempfile.TemporaryDirectory(dir=VENV) as folder:
        manifest = {"private": True, "overrides": overrides}
        Path(folder, "package.json").write_text(json.dumps(manifest), encoding="utf-8")
        command = [*_INSTALL, *(["--no-engine-strict"] * any_node), "--prefix", folder, *packages]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        except subprocess.TimeoutExpired:
            pytest.skip(f"npm was given 180 seconds, and did not install {package}")
        if done.returncode:
            pytest.skip(f"npm could not install {package}: {' '.join(done.stderr.split())[:200]}")
        tool.mkdir(exist_ok=True)
        (Path(folder) / "node_modules").rename(tool / "node_modules")
