"""What the edition is built with: locked by hash, as the requirements and the workflows say."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.edition import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
#: One package: name, version, where it applies, hashes.
ENTRY = re.compile(
    r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>[^\\]+))? \\\n"
    r"(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)
PYTHONS = ("3.11", "3.12", "3.13")


def required() -> Iterator[Requirement]:
    """All that requirements.txt asks for, the extension's own requirements among it."""
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        wanted = line.partition("#")[0].strip()
        if wanted.startswith("-e ."):
            project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
                "project"
            ]
            extras = project["optional-dependencies"].values()
            for one in (*project["dependencies"], *(name for extra in extras for name in extra)):
                if not one.startswith(project["name"]):
                    yield Requirement(one)
        elif wanted:
            yield Requirement(wanted)


def locked(python: str) -> dict[str, str]:
    """Name to version, on Linux."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": "linux",
    }
    return {
        entry["name"]: entry["version"]
        for entry in ENTRY.finditer(LOCK)
        if not entry["marker"] or Marker(entry["marker"]).evaluate(environment)
    }


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_satisfies_the_requirements(python: str) -> None:
    """Where this fails: make lock."""
    versions = locked(python)
    wanted = [*required()]
    assert len(wanted) > 10
    for requirement in wanted:
        name = canonicalize_name(requirement.name)
        assert name in versions, f"requirements.lock has no {requirement.name}: make lock"
        assert requirement.specifier.contains(versions[name]), f"{requirement}: make lock"


def test_the_lock_has_packages_and_hashes_alone() -> None:
    """No address: whence packages come is for whoever installs them to say."""
    rest = ENTRY.sub("", LOCK)
    assert all(re.match(r" *#|$", line) for line in rest.splitlines()), rest
    assert "//" not in LOCK
    assert "\n-" not in LOCK


def workflow(name: str) -> dict:
    return yaml.safe_load((ROOT / ".github/workflows" / name).read_text(encoding="utf-8"))


def test_what_is_deployed_comes_from_a_job_without_the_tests_packages() -> None:
    jobs = workflow("edition.yml")["jobs"]

    def runs(job: str) -> list[str]:
        return [step["run"] for step in jobs[job]["steps"] if "run" in step]

    def with_artifact(action: str, **named: str) -> list[str]:
        return [
            name
            for name, job in jobs.items()
            for step in job["steps"]
            if f"/{action}@" in step.get("uses", "") and step["with"].items() >= named.items()
        ]

    (made,) = with_artifact("upload-artifact", name="html", path="_build/html")
    (joined,) = with_artifact("upload-pages-artifact", path="_build/site")
    assert with_artifact("download-artifact") == [joined]
    assert runs(made) == ["make edition tei PYTHON=python"]
    assert runs(joined) == ["tools/fetch_releases.sh _build/releases", "make site PYTHON=python"]
    assert set(jobs[joined]["needs"]) >= {made, "test", "check"}
    assert jobs["deploy"]["needs"] == joined
    environment = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
    done = subprocess.run(
        ["make", "-n", "edition", "epub"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.findall(r"^tools/venv.*", done.stdout, re.MULTILINE) == [
        "tools/venv.sh requirements.lock"
    ]


class Packages:
    """A folder of wheels that say nothing but their name, and an environment to install them in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hashes = {version: self._wheel(version) for version in ("1.0", "2.0")}

    def _wheel(self, version: str) -> str:
        path = self.folder / f"thing-{version}-py3-none-any.whl"
        info = f"thing-{version}.dist-info"
        with zipfile.ZipFile(path, "w") as wheel:
            metadata = f"Metadata-Version: 2.1\nName: thing\nVersion: {version}\n"
            wheel.writestr(f"{info}/METADATA", metadata)
            tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            wheel.writestr(f"{info}/WHEEL", tags)
            wheel.writestr(f"{info}/RECORD", "")
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def install(self, digest: str, wanted: str = "") -> subprocess.CompletedProcess[str]:
        """Install version 1 by a lock with this hash, then what tests want."""
        lock, tests = self.folder / "edition.lock", self.folder / "tests.txt"
        lock.write_text(f"thing==1.0 \\\n    --hash=sha256:{digest}\n", encoding="utf-8")
        tests.write_text(wanted, encoding="utf-8")
        wheels = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.folder), "PIP_CONFIG_FILE": ""}
        return subprocess.run(
            ["tools/venv.sh", lock, *([tests] if wanted else [])],
            cwd=ROOT,
            env={**os.environ, **wheels, "VENV": str(self.folder / "venv"), "PYTHON": ""},
            capture_output=True,
            text=True,
            check=False,
        )

    def installed(self) -> list[str]:
        return [path.stem for path in self.folder.glob("venv/lib/python3*/site-packages/thing-*")]


@pytest.mark.package
def test_only_what_was_locked_is_installed(tmp_path: Path) -> None:
    packages = Packages(tmp_path)
    refused = packages.install(packages.hashes["2.0"])
    assert refused.returncode
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    assert packages.installed() == []
    # Nor does the next attempt take it for done.
    assert packages.install(packages.hashes["2.0"]).returncode
    assert packages.install(packages.hashes["1.0"]).returncode == 0
    assert packages.installed() == ["thing-1.0"]
    # What tests need doesn't change it.
    assert packages.install(packages.hashes["1.0"], "thing>=1").returncode == 0
    assert packages.install(packages.hashes["1.0"], "thing>=2").returncode
    assert packages.installed() == ["thing-1.0"]


def test_newer_versions_are_proposed_for_all_that_is_named() -> None:
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))
    assert {"github-actions", "pip"} <= {one["package-ecosystem"] for one in updates["updates"]}
