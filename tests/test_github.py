"""What GitHub reads: workflows that trust nobody, forms, owners."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.edition import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
FORMS = sorted(path for path in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if path.stem != "config")

#: Jobs that may do more than read: where, and what.
MAY_WRITE = {
    ("edition", "deploy"): {"pages": "write", "id-token": "write"},
    ("links", "report"): {"issues": "write"},
}


def load(path: Path) -> dict[Any, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def test_all_yaml_is_valid() -> None:
    found = [load(path) for path in GITHUB.rglob("*.yml")]
    assert len(found) == len(WORKFLOWS) + len(FORMS) + 2


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_trust_nobody(path: Path) -> None:
    text, workflow = path.read_text(encoding="utf-8"), load(path)
    assert "secrets." not in text
    # YAML 1.1 takes "on" for true.
    assert "pull_request_target" not in workflow[True]
    assert "workflow_run" not in workflow[True]
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        allowed = MAY_WRITE.get((path.stem, name))
        assert job.get("permissions") == allowed, name
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            uses = step.get("uses")
            if uses:
                # A tag can be moved; a commit is what was looked at.
                assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", uses), uses
                assert f"{uses} # v" in text
            if uses and "checkout" in uses:
                assert step["with"]["persist-credentials"] is False
                assert allowed is None, "a job that may write runs nothing of the repository"
            # What strangers name would be run by the shell.
            assert "${{" not in step.get("run", "")
            assert allowed is None or "make " not in step.get("run", "")


def test_only_what_is_merged_is_deployed() -> None:
    workflow = load(GITHUB / "workflows/edition.yml")
    assert set(workflow[True]) == {"pull_request", "push"}
    assert workflow[True]["push"] == {"branches": ["main"]}
    deploy = workflow["jobs"]["deploy"]
    assert deploy["needs"] == ["check", "edition", "test"]
    condition = "github.event_name == 'push' && github.ref == 'refs/heads/main'"
    assert condition in deploy["if"]
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    kept = [step for step in steps if "artifact@" in step.get("uses", "")]
    assert {step["with"].get("name") for step in kept} == {"html", "pdf", "epub", "tei", None}
    (pages,) = (step for step in kept if "pages-artifact" in step["uses"])
    assert condition in pages["if"]


def test_workflows_call_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    called = set()
    for path in WORKFLOWS:
        for command in re.findall(r"make ([a-z ]+?)(?= [A-Z]|$)", path.read_text(), re.MULTILINE):
            called |= set(command.split())
    assert called <= targets | {"latexpdf"}
    assert {"check", "edition", "test", "linkcheck"} <= called


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_issue_forms_are_as_github_wants_them(path: Path) -> None:
    form = load(path)
    assert set(form) <= {"name", "description", "title", "labels", "assignees", "body"}
    assert form["name"]
    assert form["description"]
    fields = [one for one in form["body"] if one["type"] != "markdown"]
    ids = [one["id"] for one in fields]
    assert len(set(ids)) == len(ids) > 0
    for one in form["body"]:
        assert one["type"] in ("markdown", "input", "textarea", "dropdown", "checkboxes")
        assert one["attributes"].get("value" if one["type"] == "markdown" else "label")
    assert any(one.get("validations", {}).get("required") for one in fields)


def test_every_kind_has_owners() -> None:
    text = (GITHUB / "CODEOWNERS").read_text(encoding="utf-8")
    rules = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    assert all(owner.startswith("@") for _, *owners in rules for owner in owners)
    paths = [path for path, *_ in rules]
    conf: dict[str, Any] = {"__file__": str(ROOT / "conf.py")}
    before = list(sys.path)
    exec((ROOT / "conf.py").read_text(encoding="utf-8"), conf)
    sys.path[:] = before
    assert {f"/commentary/{kind}/" for kind in conf["edition_kinds"]} <= set(paths)
    # A folder that has nothing in it isn't in a clone.
    for path in set(paths[1:]) - {"/commentary/sources/"}:
        assert (ROOT / path.lstrip("/")).exists(), path


def broken_links() -> Any:
    spec = importlib.util.spec_from_file_location("broken_links", ROOT / "tools/broken_links.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_broken_links_are_reported_and_hosts_that_refuse_are_not() -> None:
    report = broken_links().report

    def result(status: str, info: str, uri: str = "https://a.example/") -> dict[str, Any]:
        return {"status": status, "info": info, "uri": uri, "filename": "a.md", "lineno": 3}

    assert report([result("working", ""), result("broken", "403 Client Error: Forbidden")]) == ""
    text = report(
        [
            result("broken", "404 Client Error: @everyone `x`"),
            result("broken", "404 Client Error: @everyone `x`"),
            result("timeout", "", "https://b.example/"),
        ]
    )
    assert text.count("a.example") == 1
    first, last = text.split("These turned the visitor away")
    assert "- `` https://a.example/ ``: `` 404 Client Error: @everyone %60x%60 ``" in first
    assert "(`` a.md, line 3 ``)" in first
    assert "b.example" in last
