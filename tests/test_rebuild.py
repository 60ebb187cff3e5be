"""What is read and written again, whichever builders ran and however the last build ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from support.project import Project


@pytest.fixture
def edition(project: Project) -> Project:
    """Four pages of text, four notes, a glossary and a cross-reference."""
    project.text(
        *("The road.", "The belt.", "The port.", "The road again."),
        index="```{toctree}\nterms\nlist\n```\n",
    )
    project.write("terms.md", "# Terms\n\n```{glossary}\nport\n  A harbour.\n```\n")
    project.write("list.md", "# List\n\n```{edition:notes}\n```\n")
    for name, quote in (("aa", "The road."), ("bb", "The belt."), ("cc", "The port.")):
        project.note(f"h/{name}", quote)
    project.write("commentary/cross-references/tie.md", "---\nquote: [belt, again]\n---\n# A tie\n")
    return project


def written(project: Project, change: Callable[[], object], builder: str = "html") -> set[str]:
    """The pages that a build writes after a change."""
    stamps = {path: path.stat().st_mtime_ns for path in project.output("", builder).rglob("*.html")}
    change()
    project.build(builder)
    return {
        str(path.relative_to(project.output("", builder)).with_suffix(""))
        for path in project.output("", builder).rglob("*.html")
        if stamps.get(path) != path.stat().st_mtime_ns
    } - {"genindex", "search"}


def pages(project: Project) -> dict[str, str]:
    """All HTML pages but the file names of hashed assets."""
    root = project.output("")
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*.html"))
    }


def clean_build(edition: Project) -> dict[str, str]:
    """What a build from nothing gives for the project as it is now."""
    folder = edition.folder.parent / f"{edition.folder.name}-clean"
    folder.mkdir()
    copy = Project(folder)
    for path in edition.folder.rglob("*"):
        if path.is_file() and "_build" not in path.parts:
            copy.write(str(path.relative_to(edition.folder)), path.read_text(encoding="utf-8"))
    copy.build()
    return pages(copy)


def test_nothing_changed_nothing_written(edition: Project) -> None:
    edition.build()
    assert edition.warnings == ""
    assert written(edition, lambda: None) == set()


def test_a_changed_gist_writes_its_note_and_its_page(edition: Project) -> None:
    edition.build()
    # The index is the toctree's page, which Sphinx itself writes again.
    assert written(edition, lambda: edition.note("h/bb", "The belt.", "Another gist.")) == {
        "commentary/h/bb",
        "text/b",
        "index",
    }
    assert "Another gist." in edition.page("text/b").get_text()


def test_a_changed_body_leaves_the_text_alone(edition: Project) -> None:
    edition.build()
    assert written(edition, lambda: edition.note("h/bb", "The belt.", body="More.")) == {
        "commentary/h/bb",
        "index",
    }


def test_a_new_note_renumbers_only_what_follows(edition: Project) -> None:
    edition.build()
    changed = written(edition, lambda: edition.note("h/between", "belt"))
    assert {"text/b", "text/c", "commentary/h/between", "list"} <= changed
    assert not changed & {"text/a", "text/d", "terms", "commentary/h/aa"} - {"commentary/h/aa"}
    assert "text/a" not in changed
    assert pages(edition) == clean_build(edition)


def test_a_retargeted_note_rewrites_both_pages(edition: Project) -> None:
    edition.build()
    changed = written(edition, lambda: edition.note("h/cc", "The road again."))
    assert {"text/c", "text/d", "commentary/h/cc", "list"} <= changed
    assert "text/a" not in changed
    assert pages(edition) == clean_build(edition)


def test_a_deleted_note_goes_with_its_page(edition: Project) -> None:
    edition.build()
    changed = written(edition, lambda: (edition.folder / "commentary/h/bb.md").unlink())
    assert {"text/b", "text/c"} <= changed
    assert not edition.output("commentary/h/bb.html").exists()
    assert pages(edition) == clean_build(edition)


def test_a_changed_title_reaches_the_roles_that_name_it(edition: Project) -> None:
    edition.write("terms.md", "# Terms\n\nSee {edition:note}`bb` and {edition:passage}`p3`.\n")
    edition.build()
    path = edition.folder / "commentary/h/bb.md"
    changed = written(edition, lambda: path.write_text(path.read_text().replace("# Bb", "# New")))
    assert "terms" in changed
    assert "See New and ¶3" in edition.page("terms").get_text()


def test_a_new_glossary_term_rewrites_the_pages_where_it_occurs(edition: Project) -> None:
    edition.build()
    changed = written(
        edition,
        lambda: edition.write(
            "terms.md", "# Terms\n\n```{glossary}\nport\n  A harbour.\n\nbelt\n  A zone.\n```\n"
        ),
    )
    # ¶2's words carry a note, so only the glossary itself tells of the belt.
    assert "terms" in changed
    assert "text/a" not in changed
    assert pages(edition) == clean_build(edition)


def test_a_gists_own_links_follow(edition: Project) -> None:
    edition.note("h/aa", "The road.", "See {edition:note}`bb`.")
    edition.build()
    path = edition.folder / "commentary/h/bb.md"
    changed = written(edition, lambda: path.write_text(path.read_text().replace("# Bb", "# New")))
    assert "text/a" in changed
    assert "See New." in edition.page("text/a").get_text()


def test_links_of_markdown_follow_a_passage(edition: Project) -> None:
    edition.write("terms.md", "# Terms\n\n[Here](#p2), {any}`p2`.\n")
    edition.build()
    edition.write("text/a.md", "# Page a\n\nThe road.\n\nThe belt.\n")
    edition.write("text/b.md", "# Page b\n\nNothing more.\n")
    edition.build()
    links = [str(link["href"]) for link in edition.page("terms").select("section > p a.internal")]
    assert links == ["text/a.html#p2", "text/a.html#p2"]


def test_letters_of_years_follow_the_bibliography(edition: Project) -> None:
    edition.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        "bibtex_default_style = bibtex_reference_style = 'author_year'\n"
    )
    entry = "@misc{%s, author={Foo}, title={T%s}, year={2000}}\n"
    edition.write("a.bib", entry % ("a1", 1) + entry % ("a2", 2))
    edition.write("list.md", "# S\n\n```{bibliography}\n:all:\n```\n")
    for name, quote in (("aa", "The road."), ("bb", "The belt."), ("cc", "The port.")):
        edition.note(f"h/{name}", quote, "A gist {cite:p}`a1`.")
    edition.build()
    assert "Foo, 2000a" in edition.page("text/a").get_text()
    edition.write("a.bib", entry % ("a0", 0) + entry % ("a1", 1) + entry % ("a2", 2))
    edition.build()
    assert "Foo, 2000b" in edition.page("text/a").get_text()
    assert "Foo, 2000b" in edition.page("commentary/h/aa").get_text()


def test_no_page_links_to_a_deleted_neighbour(edition: Project) -> None:
    edition.configure("html_theme = 'alabaster'\n")
    edition.write("text/e.md", "# Page e\n\nThe end.\n")
    edition.index = edition.index.replace("text/d", "text/e\ntext/d")
    edition.build()
    assert "e.html" in edition.output("text/c.html").read_text(encoding="utf-8")
    (edition.folder / "text/e.md").unlink()
    edition.index = edition.index.replace("text/e\n", "")
    edition.build()
    assert "e.html" not in edition.output("text/c.html").read_text(encoding="utf-8")


def test_every_build_of_one_application_is_watched(edition: Project) -> None:
    edition.build()
    app = SphinxTestApp(
        "html", srcdir=edition.folder, builddir=edition.folder / "_build", warning=StringIO()
    )
    app.build()
    edition.note("h/aa", "The road.", body="{ref}`nowhere`")
    app.build()
    app.cleanup()
    edition.build()
    assert "undefined label" in edition.warnings


@pytest.mark.parametrize("other", ["text", "singlehtml", "latex", "dirhtml", "edition-pdf"])
def test_another_builder_in_between_leaves_no_old_page(edition: Project, other: str) -> None:
    edition.build()
    edition.note("h/cc", "The road again.", "A new gist.")
    edition.build(other)
    edition.build()
    assert pages(edition) == clean_build(edition)


def sphinx(project: Project, *options: str) -> list[str]:
    return [
        *(sys.executable, "-m", "sphinx", "-q", *options),
        *("-d", str(project.folder / "_build/doctrees")),
        *(str(project.folder), str(project.output(""))),
    ]


def environment() -> dict[str, str]:
    extension = Path(__file__).parent.parent / "_ext"
    return {**os.environ, "PYTHONPATH": str(extension)}


def test_a_killed_build_leaves_no_old_page(edition: Project) -> None:
    """SIGKILL between pickling the environment and writing the pages."""
    edition.build()
    edition.note("h/cc", "The road again.", "A new gist.")
    plain = (edition.folder / "conf.py").read_text(encoding="utf-8")
    edition.configure(
        """
        def setup(app):
            import time
            from pathlib import Path
            def wait(app, builder):
                Path(app.outdir, "pickled").touch()
                time.sleep(600)
            app.connect("write-started", wait, priority=999)
        """
    )
    process = subprocess.Popen(sphinx(edition), env=environment())
    deadline = time.monotonic() + 60
    while not edition.output("pickled").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (edition.folder / "conf.py").write_text(plain, encoding="utf-8")
    edition.build()
    assert pages(edition) == clean_build(edition)


def test_building_one_page_does_not_vouch_for_the_others(edition: Project) -> None:
    edition.build()
    edition.note("h/aa", "The road.", "A new gist.")
    subprocess.run(
        [*sphinx(edition), str(edition.folder / "text/d.md")], env=environment(), check=True
    )
    edition.build()
    assert pages(edition) == clean_build(edition)


MISTAKES = {
    "a quote that isn't there": lambda p: p.note("h/aa", "The rood."),
    "a role of docutils": lambda p: p.note("h/aa", "The road.", body="{nosuchrole}`x`"),
    "a reference": lambda p: p.note("h/aa", "The road.", body="{ref}`nowhere`"),
    "a link in a gist": lambda p: p.note("h/aa", "The road.", "See [there](#nowhere)."),
    "an unused term": lambda p: p.write("terms.md", "# T\n\n```{glossary}\nship\n  A boat.\n```\n"),
    "a role of ours": lambda p: p.write("terms.md", "# T\n\n{edition:note}`nobody`\n"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("parallel", ["1", "2"])
def test_a_mistake_fails_the_build_every_time(
    edition: Project, mistake: str, parallel: str
) -> None:
    edition.build()
    MISTAKES[mistake](edition)
    command = sphinx(edition, "-W", "--keep-going", "-n", "-j", parallel)
    for _ in range(3):
        done = subprocess.run(command, env=environment(), capture_output=True, text=True)
        assert done.returncode == 1, done.stderr
        assert "WARNING" in done.stderr
    edition.note("h/aa", "The road.")
    edition.write("terms.md", "# Terms\n\n```{glossary}\nport\n  A harbour.\n```\n")
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
