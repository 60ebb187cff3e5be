"""``annotated-edition preview``: what a change does, on one page; made of two commits."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page

from annotated_edition.cli import main
from annotated_edition.cli.html_pieces import blocks, content, written
from support.pages import parse
from support.project import Project

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


TERMS = "# Terms\n\n```{glossary}\nport\n  A habour.\n\nroad\n  A way.\n```\n"
LEFTS = "(all) => all.map((it) => it.getBoundingClientRect().left)"


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


class Result:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "preview.html"
        self.html = self.path.read_text(encoding="utf-8")
        self.summary = (folder / "summary.md").read_text(encoding="utf-8")
        self.page: BeautifulSoup = parse(self.path)

    def change(self, file: str) -> Tag:
        (found,) = (one for one in self.page.select(".change") if file in one.h2.get_text())
        return found


def words(element: Tag) -> str:
    return " ".join(element.get_text().split())


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A note is changed, one comes, one goes, one is moved to other words; a term is mended."""
    root = tmp_path_factory.mktemp("preview")
    project = Project(root / "edition")
    project.text(
        "The old road led to the port.\n\nA <b>caravan</b> of camels, & more.",
        index="```{toctree}\nterms\n```",
    )
    project.write(
        "terms.md", "# Terms\n\n```{glossary}\nport\n  A habour.\n\nroad\n  A way.\n```\n"
    )
    project.note("h/road", "old road", "It was long and dusty.", body="Nobody knows its age.")
    project.note("h/gone", "camels", "Two-humped.")
    project.note("h/moved", "led", "It leads.")
    project.note("h/same", "old", "Untouched.")
    project._write_index()
    git(project.folder, "init", "-q")
    git(project.folder, "add", "-A")
    git(project.folder, "commit", "-qm", "Before")
    git(project.folder, "worktree", "add", "-q", str(root / "before"))
    project.write(
        "terms.md", "# Terms\n\n```{glossary}\nport\n  A harbour.\n\nroad\n  A way.\n```\n"
    )
    project.note(
        "h/road", "old road", "It was long and stony.", body="![A map](map.png)\n\nNobody knows."
    )
    (project.folder / "commentary/h/map.png").write_bytes(PICTURE)
    project.note("h/moved", "more", "It leads.")
    (project.folder / "commentary/h/gone.md").unlink()
    project.note("h/a-new-one", "the port", "A place [far](https://a.example/) away.")
    git(project.folder, "add", "-A")
    git(project.folder, "commit", "-qm", "After")
    told = ["--output", str(root / "preview.html"), "--summary", str(root / "summary.md")]
    (root / "summary.md").write_text("Before.\n")
    source = ["--source", str(project.folder), "--before", str(root / "before")]
    assert main(["preview", *source, *told]) == 0
    shutil.rmtree(project.folder)
    shutil.rmtree(root / "before")
    return Result(root)


def test_each_changed_note_stands_in_its_passage_before_and_after(result: Result) -> None:
    files = [one.h2.code.get_text() for one in result.page.select(".change")]
    assert files == [
        "commentary/h/road.md",
        "commentary/h/a-new-one.md",
        "commentary/h/moved.md",
        "commentary/h/gone.md",
        "terms.md",
    ]
    before, after = result.change("road.md").select(".two > div")
    for side in (before, after):
        assert words(side.select_one(".passage")).startswith("¶1 The old")
        # Another note's mark stands between them.
        assert "".join(one.get_text() for one in side.select(".about")) == "old road"
    assert "dusty" in [words(one).split()[0].rstrip(".") for one in before.select("del")]
    assert "stony" in [words(one).rstrip(".") for one in after.select("ins")]
    assert before.select("ins") == after.select("del") == []
    # The whole note, too, with its picture.
    assert "Nobody knows" in words(after)
    assert after.select_one("img")["src"].startswith("data:image/png;base64,")


def test_new_moved_and_gone(result: Result) -> None:
    (new,) = result.change("a-new-one.md").select(".one > div")
    assert words(new.select_one("h3")) == "After"
    assert words(new.select_one(".about")) == "the port"
    assert new.select("ins") == []
    assert new.select_one("a[href]")["href"] == "https://a.example/"
    before, after = result.change("moved.md").select(".two > div")
    assert words(before.select_one(".passage")).startswith("¶1")
    assert words(after.select_one(".passage")).startswith("¶2")
    (gone,) = result.change("gone.md").select(".one > div")
    assert words(gone.select_one("h3")) == "Before"
    assert "camels" in words(gone.select_one(".about"))


def test_of_other_pages_what_differs(result: Result) -> None:
    before, after = result.change("terms.md").select(".two > div")
    assert words(before.select_one("dl")) == "portA habour."
    assert words(after.select_one("ins")) == "harbour."
    assert "A way" not in words(result.change("terms.md"))
    assert "same.md" not in result.html


def test_the_summary_names_files_and_passages(result: Result) -> None:
    lines = result.summary.splitlines()
    assert lines[:2] == ["Before.", "## What this change does"]
    assert "| commentary/h/road.md | changed note | ¶1 |" in lines
    assert "| commentary/h/a-new-one.md | new note | ¶1 |" in lines
    assert "| commentary/h/gone.md | gone note | ¶2 |" in lines
    assert "| terms.md | changed |  |" in lines


@pytest.mark.parametrize("width", [1280, 390])
def test_it_needs_nothing_else(result: Result, browser: Browser, width: int) -> None:
    page: Page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(result.path.as_uri())
    assert [one for one in asked if not one.startswith("data:")] == [result.path.as_uri()]
    assert complaints == []
    boxes = page.locator(".two > div").evaluate_all(LEFTS)
    assert (boxes[0] < boxes[1]) is (width > 800)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_what_a_stranger_writes_does_nothing(result: Result, tmp_path: Path) -> None:
    assert result.page.select("script, iframe, object, form, link") == []
    assert "default-src 'none'" in result.html
    hostile = (
        "<!--page--><p id=x onclick=f() style=y>A &lt;b&gt; <a href=javascript:f()>b</a>"
        "<script>f()</script><img src=../../etc/passwd alt='<i>' onerror=f()>"
        "<iframe src=//a.example></iframe><b>c</p><!--/page-->"
    )
    whole = content(hostile)
    assert whole is not None
    told = "".join(written(one, tmp_path) for one in blocks(whole))
    assert told == "<p>A &lt;b&gt; <a>b</a><em>[&lt;i&gt;]</em><b>c</b></p>"


def test_a_version_that_cannot_be_built_is_told(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project.text("The road.")
    project._write_index()
    arguments = ["--source", str(project.folder), "--output", str(tmp_path / "out/p.html")]
    assert main(["preview", *arguments, "--before", str(tmp_path / "nowhere")]) == 1
    assert "has no conf.py" in capsys.readouterr().out
    before = tmp_path / "before"
    shutil.copytree(project.folder, before, ignore=shutil.ignore_patterns("before"))
    (before / "conf.py").write_text("1 / 0\n")
    assert main(["preview", *arguments, "--before", str(before)]) == 1
    told = capsys.readouterr().out
    assert told.startswith(f"error: the version before ({before}) can't be built: ")
    assert told.endswith("ZeroDivisionError: division by zero\n")
    assert told.count("\n") == 1
