"""What is read and written again, whichever builders ran and however the last build ended."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sphinx.cmd.build import build_main
from sphinx.testing.util import SphinxTestApp

import annotated_edition
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


def pages(project: Project, builder: str = "html") -> dict[str, str]:
    """All HTML pages but the file names of hashed assets."""
    root = project.output("", builder)
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


def warnings(project: Project) -> set[str]:
    """The lines of a build's warnings, whichever folder it ran in."""
    return set(project.warnings.replace(str(project.folder), "").splitlines())


def same_as_clean(edition: Project, builder: str = "html", **options: Any) -> bool:
    """Whether pages and warnings of a build are those of a build from nothing."""
    edition.build(builder, **options)
    folder = edition.folder.parent / f"{edition.folder.name}-clean"
    folder.mkdir()
    clean = Project(folder)
    for path in edition.folder.rglob("*"):
        if path.is_file() and "_build" not in path.parts:
            clean.write(str(path.relative_to(edition.folder)), path.read_text(encoding="utf-8"))
    clean.build(builder)
    assert warnings(edition) == warnings(clean)
    assert pages(edition, builder) == pages(clean, builder)
    return True


def test_notes_are_read_before_the_pages_that_list_them(project: Project) -> None:
    """Sphinx goes through all that is listed whenever it begins a document."""
    project.text("The road.", index="```{toctree}\na-list\n```\n")
    project.write("a-list.md", "# List\n\n```{toctree}\n:glob:\n\ncommentary/h/*\n```\n")
    for name in ("aa", "bb"):
        project.note(f"h/{name}", "The road.")
    project.configure(
        """
        def setup(app):
            app.connect("source-read", note_down)
        def note_down(app, docname, source):
            with open(app.confdir / "read.txt", "a") as file:
                print(docname, file=file)
        """
    )
    project.build()
    read = (project.folder / "read.txt").read_text()
    assert read.split() == ["commentary/h/aa", "commentary/h/bb", "a-list", "index", "text/a"]


def test_nothing_changed_nothing_written(edition: Project) -> None:
    edition.build()
    assert edition.warnings == ""
    assert written(edition, lambda: None) == set()


@pytest.mark.parametrize("theme", ["edition", "basic"])
@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "epub", "latex"])
@pytest.mark.usefixtures("progress_told")
def test_nothing_changed_no_change_is_told(project: Project, builder: str, theme: str) -> None:
    project.configure(f"html_theme = {theme!r}\nversion = copyright = '1'\n")
    project.write("_static/own.css", "p {}")
    project.configure("html_static_path = ['_static']\n")
    project.text("| A road\n| of verse.")
    project.note("h/road", "road")
    for _ in range(3):
        status = StringIO()
        project.build(builder, status=status)
        assert project.warnings == ""
        assert "onfiguration has changed" not in status.getvalue()
    assert "0 added, 0 changed, 0 removed" in status.getvalue()
    if builder in ("html", "dirhtml"):
        page = project.page("text/a", builder)
        sheets = [str(link["href"]) for link in page.select("link[rel=stylesheet]")]
        assert ("edition-notes.css" in " ".join(sheets)) == (theme == "basic")
        assert all("?v=" in sheet for sheet in sheets)
        assert project.output("_static/own.css", builder).exists()
        assert page.title is not None
        assert page.title.text.endswith("documentation") == (theme == "basic")


def test_another_theme_writes_all_pages_again(edition: Project) -> None:
    """One that asks less than the theme before did."""
    edition.build(confoverrides={"html_theme": "edition"})
    edition.build(confoverrides={"html_theme": "basic"})
    edition.build(confoverrides={"html_theme": "edition"})
    edition.build(confoverrides={"html_theme": "basic"})
    assert edition.warnings == ""
    assert "--edition" not in edition.output("text/a.html").read_text(encoding="utf-8")
    assert edition.page("text/a").select_one("div.related")


def test_what_other_code_kept_is_read_again(
    edition: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition.build()
    monkeypatch.setattr("annotated_edition.domain.own_code.code_version", lambda: 7)
    assert {"text/a", "list", "commentary/h/aa"} <= written(edition, lambda: None)
    assert written(edition, lambda: None) == set()


def test_other_code_has_another_number(tmp_path: Path) -> None:
    def number() -> int:
        spec = spec_from_file_location("own_code", tmp_path / "it/domain/own_code.py")
        assert spec
        assert spec.loader
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        found: int = module.code_version()
        return found

    shutil.copytree(Path(annotated_edition.__file__).parent, tmp_path / "it")
    assert number() == number()
    before = number()
    (tmp_path / "it/text/new.py").write_text("A = 1", encoding="utf-8")
    assert number() != before
    # What Sphinx pickles has room for it.
    assert 0 <= before < 2**64


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


@pytest.mark.parametrize("setting", ["default_style = 'plain'", "cite_id = 'source-of-{key}'"])
def test_another_style_of_citations_reaches_every_page(edition: Project, setting: str) -> None:
    """Letters of years, which one style has, go with it."""
    edition.configure(
        """
        extensions += ["sphinxcontrib.bibtex"]
        bibtex_bibfiles = ["references.bib"]
        bibtex_default_style = "author_year"
        bibtex_reference_style = "author_year"
        """
    )
    one, two = (f"@misc{{{key}, author={{Foo}}, title={{T}}, year={{2000}}}}\n" for key in "ab")
    edition.write("references.bib", one + two)
    edition.write("list.md", "# Sources\n\n```{bibliography}\n```\n")
    edition.note("h/aa", "The road.", "Says {cite:p}`a`.", body="And {cite:p}`b`.")
    edition.build()
    edition.configure(f"bibtex_{setting}\n")
    assert same_as_clean(edition)


FIGURES = "# Figures\n\n{}```{{figure}} dot.svg\n:name: dot\n\nA dot.\n```\n"


def test_numbers_of_sections_and_figures_reach_other_pages(edition: Project) -> None:
    """Sphinx gives them late, and writes the pages again that bear them, and no others."""
    edition.configure("numfig = True\nhtml_theme = 'edition'\n")
    edition.write("dot.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    edition.write("figures.md", FIGURES.format(""))
    edition.write("list.md", "# List\n\nSee {numref}`dot`.\n\n```{toctree}\nfigures\n```\n")
    edition.build()
    edition.write("figures.md", FIGURES.format("```{figure} dot.svg\n\nAnother.\n```\n\n"))
    edition.build()
    assert "Fig. 2" in edition.page("list").text
    first, numbered = "```{toctree}\nterms", "```{toctree}\n:numbered:\n\nterms"
    edition.index = edition.index.replace(first, numbered)
    assert same_as_clean(edition)
    before = edition.page("text/a").select_one("a[rel=prev]")
    assert before
    assert before.text == "Previous 2.1. Figures"


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


def command(project: Project, *options: str) -> tuple[int, str]:
    """Sphinx's command, in this process: its exit code, and what it says."""
    said = StringIO()
    with contextlib.redirect_stderr(said):
        code = build_main(sphinx(project, *options)[3:])
    return code, said.getvalue()


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


@pytest.mark.parametrize("name", ["text/a.md", "commentary/h/aa.md", "part.txt"])
@pytest.mark.parametrize("builder", ["html", "epub", "text"])
def test_a_file_exchanged_for_an_older_one_is_read(
    edition: Project, name: str, builder: str
) -> None:
    """Copied with its time, unpacked, or written after the clock was set back."""
    edition.write("part.txt", "A part.\n")
    edition.write("list.md", "# List\n\n```{include} part.txt\n```\n")
    edition.build(builder)
    file = edition.folder / name
    file.write_text(f"{file.read_text(encoding='utf-8')}\nExchanged.\n", encoding="utf-8")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    edition.build(builder)
    suffix = {"html": ".html", "epub": ".xhtml", "text": ".txt"}[builder]
    page = edition.output({"part.txt": "list.md"}.get(name, name), builder).with_suffix(suffix)
    assert "Exchanged." in page.read_text(encoding="utf-8")
    assert written(edition, lambda: None) == set() or builder != "html"


def test_an_older_picture_reaches_the_pages(edition: Project) -> None:
    edition.write("list.md", "# List\n\n![A dot](dot.svg)\n")
    edition.write("dot.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    edition.build()
    file = edition.write("dot.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='1'/>")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    edition.build()
    assert edition.output("_images/dot.svg").read_bytes() == file.read_bytes()


def test_a_file_saved_while_it_was_read_is_read_again(edition: Project) -> None:
    """Sphinx notes afterwards when it read."""
    plain = (edition.folder / "conf.py").read_text(encoding="utf-8")
    edition.configure(
        """
        def setup(app):
            app.connect("doctree-read", save)
        def save(app, doctree):
            if app.env.current_document.docname == "list":
                (app.srcdir / "list.md").write_text("# Saved\\n\\nLater words.\\n")
        """
    )
    edition.build()
    (edition.folder / "conf.py").write_text(plain, encoding="utf-8")
    edition.build()
    assert "Later words." in edition.page("list").text
    assert written(edition, lambda: None) == set()


def test_doctrees_of_a_stopped_build_are_read_again(edition: Project) -> None:
    """It had read them with settings that were taken back."""
    edition.configure(
        """
        myst_enable_extensions = ["substitution"]
        myst_substitutions = {"word": "road"}
        """
    )
    edition.text("The {{ word }}.")
    edition.build()
    plain = (edition.folder / "conf.py").read_text(encoding="utf-8")
    edition.configure(
        """
        myst_substitutions = {"word": "belt"}
        def setup(app):
            import os
            app.connect("env-updated", lambda app, env: os._exit(9), priority=0)
        """
    )
    assert subprocess.run(sphinx(edition), env=environment()).returncode == 9
    (edition.folder / "conf.py").write_text(plain, encoding="utf-8")
    edition.note("h/aa", "The road.", "A new gist.")
    edition.build()
    assert "The road" in edition.page("text/a").text
    assert pages(edition) == clean_build(edition)


def test_a_doctree_that_is_damaged_is_made_again(edition: Project) -> None:
    edition.build()
    (edition.folder / "_build/doctrees/text/a.doctree").write_bytes(b"\x80")
    edition.note("h/aa", "The road.", "A new gist.")
    edition.build()
    assert pages(edition) == clean_build(edition)


@pytest.mark.parametrize("damage", ["stopped", "cut off"])
def test_files_beside_the_pages_stay_the_extensions_own(edition: Project, damage: str) -> None:
    """A build was stopped between writing them and noting that, or while it noted it."""
    edition.build()
    if damage == "cut off":
        record = edition.output(".edition.json")
        record.write_bytes(record.read_bytes()[:100])
    else:
        plain = (edition.folder / "conf.py").read_text(encoding="utf-8")
        edition.text("The first road.")
        edition.configure(
            """
            import os
            from annotated_edition.weave.incremental import Records
            Records.end = lambda *_: os._exit(9)
            """
        )
        assert subprocess.run(sphinx(edition), env=environment()).returncode == 9
        (edition.folder / "conf.py").write_text(plain, encoding="utf-8")
    edition.text("The second road.")
    edition.build()
    assert "The second road." in edition.output("text.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("time", ["older", "gone"])
def test_a_template_that_is_older_or_gone_reaches_every_page(edition: Project, time: str) -> None:
    edition.configure("templates_path = ['templates']\n")
    template = edition.write(
        "templates/layout.html", '{% extends "!layout.html" %}{% block footer %}One{% endblock %}'
    )
    edition.build()
    if time == "gone":
        template.unlink()
    else:
        edition.write("templates/layout.html", '{% extends "!layout.html" %}')
        os.utime(template, (1_000_000_000, 1_000_000_000))
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
    "a role in a file that is included": lambda p: (
        p.write("part.txt", "{nosuchrole}`x`\n"),
        p.write("terms.md", "# T\n\n```{include} part.txt\n```\n"),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("parallel", ["1", "2"])
def test_a_mistake_fails_the_build_every_time(
    edition: Project, mistake: str, parallel: str
) -> None:
    edition.build()
    MISTAKES[mistake](edition)
    strictly = ("-W", "--keep-going", "-n", "-j", parallel)
    for _ in range(3):
        code, said = command(edition, *strictly)
        assert code == 1, said
        assert "WARNING" in said
    edition.note("h/aa", "The road.")
    edition.write("terms.md", "# Terms\n\n```{glossary}\nport\n  A harbour.\n```\n")
    assert command(edition, *strictly) == (0, "")


BIBLIOGRAPHY = """
extensions += ["sphinxcontrib.bibtex"]
bibtex_bibfiles = ["a.bib"]
bibtex_default_style = bibtex_reference_style = "author_year"
"""
SOURCE = "@misc{key, title = {%s}, year = {2000}}\n"


def with_source(edition: Project) -> None:
    """A bibliography of one source that has a title and no author."""
    edition.configure(BIBLIOGRAPHY)
    edition.write("a.bib", SOURCE % "Old")
    edition.write("list.md", "# List\n\n```{bibliography}\n:all:\n```\n")


def gist(text: str) -> Callable[[Project], object]:
    return lambda edition: edition.note("h/aa", "The road.", text)


def definition(text: str) -> Callable[[Project], object]:
    glossary = f"# Terms\n\n```{{glossary}}\nport\n  {text}\n```\n"

    def prepare(edition: Project) -> None:
        edition.configure('html_theme = "edition"\n')
        edition.write("text/c.md", "# Page c\n\nThe port.\n\nTo the port.\n")
        edition.write("terms.md", glossary)

    return prepare


def target(title: str, label: str = "(spot)=\n") -> Callable[[Project], object]:
    return lambda edition: edition.write("list.md", f"{label}# {title}\n")


#: What is written, before the first build and before the second, which must give what a clean
#: one gives.
EDITS: dict[str, tuple[Callable[[Project], object], ...]] = {
    "a term renamed": (
        gist("To a {term}`port`."),
        lambda p: p.write("terms.md", "# T\n\n```{glossary}\nbelt\n  A belt.\n```\n"),
    ),
    "the title of a source without author": (
        lambda p: (with_source(p), gist("See {cite:t}`key`.")(p)),
        lambda p: p.write("a.bib", SOURCE % "New"),
    ),
    "a reading's source": (
        lambda p: (
            with_source(p),
            p.note("h/aa", "The road.", front="readings:\n  Zh: {reading: x, source: key}"),
        ),
        lambda p: p.write("a.bib", SOURCE % "New"),
    ),
    "a reading's source gone": (
        lambda p: (
            with_source(p),
            p.note("h/aa", "The road.", front="readings:\n  Zh: {reading: x, source: key}"),
        ),
        lambda p: p.write("a.bib", "@misc{other, title = {T}, year = {2000}}\n"),
    ),
    "the title of a document in a gist": (gist("See {doc}`/list`."), target("New")),
    "the title of a file in a gist": (gist("See [](/list.md)."), target("New")),
    "the title of a document in a definition": (definition("See {doc}`list`."), target("New")),
    "the title of a file in a definition": (definition("See [](list.md)."), target("New")),
    "a document that a gist's words meant": (
        lambda p: (gist("See {any}`here`.")(p), p.index),
        lambda p: p.write("commentary/h/here.md", "---\norphan: true\n---\n# Here\n"),
    ),
    "a title in the navigation": (
        lambda p: p.configure('html_theme = "edition"\nhtml_theme_options = {"nav": ["list"]}\n'),
        target("New"),
    ),
    "a label removed": (
        lambda p: (target("Old")(p), gist("See {ref}`spot`.")(p)),
        target("Old", label=""),
    ),
    "a label renamed that a page links": (
        lambda p: (target("Old")(p), p.write("terms.md", "# T\n\n[](#spot)\n")),
        target("Old", label="(other)=\n"),
    ),
    "the map's data": (
        lambda p: (
            p.configure('edition_map_data = "map.json"\n'),
            p.write("map.json", '{"features": []}'),
            p.note("h/aa", "The road.", front="places: [{name: A, at: [43, 77]}]"),
            p.write("list.md", "# List\n\n```{edition:map}\n```\n"),
        ),
        lambda p: p.write(
            "map.json",
            '{"features": [{"properties": {"kind": "land", "name": "x"}, "geometry": '
            '{"type": "Polygon", "coordinates": [[[70, 40], [80, 40], [80, 50], [70, 40]]]}}]}',
        ),
    ),
    "an image that a note may show": (
        lambda p: p.note("h/aa", "The road.", body="![words](a.png)"),
        lambda p: p.write("commentary/h/a.png", "\x89PNG"),
    ),
    "a heading in the whole table of contents": (
        lambda p: p.configure('html_theme = "alabaster"\n'),
        target("New"),
    ),
    "warnings of every missing reference": (
        lambda p: p.write("terms.md", "# T\n\n{py:func}`f`\n"),
        lambda p: p.configure("nitpicky = True\n"),
    ),
    "missing references that are ignored": (
        lambda p: (
            p.write("terms.md", "# T\n\n{py:func}`f`\n"),
            p.configure('nitpicky = True\nnitpick_ignore = {("py:func", "g")}\n'),
        ),
        lambda p: p.configure('nitpick_ignore = {("py:func", "f"), ("py:func", "g")}\n'),
    ),
    "a warning of reading that is suppressed no more": (
        lambda p: (
            p.write("terms.md", "# T\n\n#### Deep\n"),
            p.configure('suppress_warnings = ["myst.header"]\n'),
        ),
        lambda p: p.configure("suppress_warnings = []\n"),
    ),
    "a note that a missing name may have meant": (
        lambda p: p.write("terms.md", "# T\n\n{edition:note}`new-notes`\n"),
        lambda p: p.note("h/new-note", "belt"),
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_reaches_every_page(edition: Project, edit: str) -> None:
    before, after = EDITS[edit]
    before(edition)
    edition.build()
    after(edition)
    assert same_as_clean(edition)


@pytest.mark.parametrize(
    "edit", ["a heading in the whole table of contents", "a title in the navigation"]
)
def test_what_other_processes_look_up_is_recorded_too(edition: Project, edit: str) -> None:
    before, after = EDITS[edit]
    before(edition)
    edition.build(parallel=2)
    after(edition)
    assert same_as_clean(edition, parallel=2)


def test_a_style_sheet_reaches_every_page(edition: Project) -> None:
    """Pages name it with a digest, which Sphinx keeps as long as its process lives."""
    edition.configure('html_static_path = ["static"]\nhtml_css_files = ["a.css"]\n')
    edition.write("static/a.css", "p {}\n")
    edition.build()
    old = edition.page("text/a").select_one("link[href*='a.css']")
    edition.write("static/a.css", "div {}\n")
    subprocess.run(sphinx(edition), env=environment(), check=True)
    new = edition.page("text/a").select_one("link[href*='a.css']")
    assert old is not None
    assert new is not None
    assert new["href"] != old["href"]


def test_labels_warnings_fail_the_next_build_too(edition: Project) -> None:
    target("Old")(edition)
    gist("See {ref}`spot`.")(edition)
    edition.build()
    target("Old", label="")(edition)
    for _ in range(3):
        done = subprocess.run(
            sphinx(edition, "-W", "--keep-going"), env=environment(), capture_output=True, text=True
        )
        assert done.returncode == 1
        assert "undefined label: 'spot'" in done.stderr


def test_own_warnings_are_told_and_cost_nothing(edition: Project) -> None:
    edition.configure("edition_gist_words = 1\n")
    for name, quote in (("aa", "The road."), ("bb", "The belt."), ("cc", "The port.")):
        edition.note(f"h/{name}", quote, "Two words.")
    edition.build()
    told = warnings(edition)
    assert len([line for line in told if "edition.gist-length" in line]) == 3
    assert written(edition, lambda: None) == set()
    assert warnings(edition) == told
    assert written(edition, lambda: edition.note("h/bb", "The belt.", "Other words.")) == {
        "commentary/h/bb",
        "text/b",
        "index",
    }
    assert {line.replace("Other", "Two") for line in warnings(edition)} == told


def test_a_page_with_warnings_is_left_alone_and_its_warnings_told(edition: Project) -> None:
    edition.write("terms.md", "# T\n\n{ref}`nowhere`, {term}`nothing`\n\n[x](#nowhere)\n")
    edition.write("orphan.md", "# In no table of contents\n")
    edition.build()
    told = warnings(edition)
    assert len([line for line in told if "WARNING" in line]) == 4
    assert written(edition, lambda: None) == set()
    assert warnings(edition) == told


def test_index_entries_stay_in_the_search(edition: Project) -> None:
    def entries() -> set[str]:
        text = edition.output("searchindex.js").read_text(encoding="utf-8")
        return set(json.loads(text[text.index("(") + 1 : text.rindex(")")])["indexentries"])

    edition.write("list.md", "# List\n\n```{index} single: Silk\n```\n")
    edition.build()
    assert entries() == {"silk", "port"}
    edition.note("h/aa", "The road.", "A new gist.")
    edition.build()
    assert entries() == {"silk", "port"}
    edition.write("list.md", "# List\n")
    edition.build()
    assert entries() == {"port"}
    edition.build()
    assert entries() == {"port"}


@pytest.mark.parametrize("builder", ["dirhtml", "epub", "text"])
def test_pages_of_moved_documents_go(edition: Project, builder: str) -> None:
    edition.configure("html_copy_source = True\n")
    edition.build(builder)
    old = edition.folder / "commentary/h/bb.md"
    (edition.folder / "commentary/k").mkdir()
    old.rename(edition.folder / "commentary/k/bb.md")
    edition.build(builder)
    names = [
        path.relative_to(edition.output("", builder))
        for path in edition.output("", builder).rglob("*bb*")
    ]
    assert names
    assert not [name for name in names if "h" in name.parts]
    for book in edition.output("", builder).glob("*.epub"):
        assert not [name for name in zipfile.ZipFile(book).namelist() if "/h/bb" in name]
