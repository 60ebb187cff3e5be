"""``python -m annotated_edition check``: all mistakes at once, each on its file and line."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from annotated_edition.cli import main
from annotated_edition.cli.check import find
from annotated_edition.cli.findings import Finding, Findings, as_annotation, as_text
from support.edition import ROOT
from support.project import Project

#: Each mistake: its file (in the project), line, warning's name and some of its words.
PLANTED = [
    ("commentary/glossary.md", 7, "edition.unused-term", "'Silk Toad' occurs nowhere"),
    (
        "commentary/h/ambiguous.md",
        2,
        "edition.quote-ambiguous",
        "¶1  quote: {exact: camel, prefix: first}",
    ),
    ("commentary/h/field.md", 3, "edition.front-matter", "did you mean `see-also`?"),
    ("commentary/h/gist.md", 7, "edition.gist-length", "has 40 words"),
    ("commentary/h/key.md", 7, "bibtex.key_not_found", "\"ones\": did you mean 'one'?"),
    ("commentary/h/missing.md", 3, "edition.quote-not-found", "did you mean ¶1 'caravan'"),
    ("commentary/h/role.md", 9, "edition.unsafe", "the directive {raw}"),
    ("commentary/h/see.md", 3, "edition.dangling", "did you mean 'sound'?"),
    ("commentary/h/term.md", 10, "ref.term", "no term 'Silk Rode': did you mean 'Silk Toad'?"),
    ("commentary/h/unsourced.md", 4, "edition.unsourced", "cites nothing"),
    ("commentary/h/link.md", 10, "myst.xref_missing", "nowhere"),
    ("commentary/h/rst.rst", 10, "docutils", "Title underline too short"),
    ("refs.bib", 2, "edition.source", "'unnamed': the entry has no publisher"),
    ("refs.bib", 3, "edition.source", "this entry can't be read ('}' expected)"),
]


@pytest.fixture
def edition(project: Project) -> Project:
    """An edition with a glossary and sources, and no mistake."""
    project.text(
        "The first camel of the caravan.\n\nThe second camel drank.\n\nThe old road.",
        index="```{toctree}\nsources\ncommentary/glossary\n```\n",
    )
    project.configure(
        """
        extensions += ["sphinxcontrib.bibtex"]
        bibtex_bibfiles = ["refs.bib"]
        bibtex_default_style = bibtex_reference_style = "author_year"
        """
    )
    project.write("refs.bib", "@misc{one, author={A}, title={One}, year={2020}}\n")
    project.write("sources.md", "# Sources\n\n```{bibliography}\n```\n")
    project.write("commentary/glossary.md", "# Glossary\n\n:::{glossary}\nroad\n  A way.\n:::\n")
    project.configure('myst_enable_extensions = ["colon_fence"]\n')
    project.note("h/sound", "old road", "A gist {cite:p}`one`.")
    project._write_index()
    return project


def plant(edition: Project) -> None:
    cited = "A gist {cite:p}`one`."
    edition.write(
        "commentary/glossary.md",
        "# Glossary\n\n:::{glossary}\nroad\n  A way.\n\nSilk Toad\n  An animal.\n:::\n",
    )
    edition.note("h/ambiguous", "camel", cited)
    edition.note("h/field", "caravan", cited, "see_also: [sound]")
    edition.note("h/gist", "first camel", "word " * 40 + "{cite:p}`one`")
    edition.note("h/key", "second camel", "A gist {cite:p}`ones`.")
    edition.write(
        "commentary/h/missing.md", f"---\nquote:\n  - karavan\n---\n# Missing\n\n{cited}\n"
    )
    edition.note("h/role", "second", cited, "", "```{raw} html\n<b>\n```\n")
    edition.note("h/see", "drank", cited, "see-also: [soun]")
    edition.note("h/term", "old", cited, "", "\nSee {term}`Silk Rode`.\n")
    edition.note("h/link", "first", cited, "", "\nSee [this](nowhere.md).\n")
    edition.write("commentary/h/unsourced.md", "---\nquote: road\n---\n# Unsourced\n\nA gist.\n")
    edition.write(
        "commentary/h/rst.rst",
        "---\nquote: camel drank\n---\nTitle\n=====\n\nA gist :cite:p:`one`.\n\n"
        "More to say\n-------\n\nText.\n",
    )
    edition.write(
        "refs.bib",
        "@misc{one, author={A}, title={One}, year={2020}}\n"
        "@book{unnamed, title={T}, author={B}, year={2020}}\n"
        "@misc{broken, title={T} year={2020}}\n",
    )
    edition.note("h/sound", "old road", "A gist {cite:p}`one,unnamed`.")
    edition._write_index()


def places(edition: Project, found: list[Finding]) -> list[tuple[str, int, str]]:
    root = edition.folder.resolve()
    return [(Path(one.path).relative_to(root).as_posix(), one.line, one.name) for one in found]


def test_one_run_finds_every_mistake_with_file_and_line(edition: Project) -> None:
    assert find(edition.folder) == ([], 5)
    plant(edition)
    found, _ = find(edition.folder)
    expected = {(path, line, name) for path, line, name, _ in PLANTED}
    assert set(places(edition, found)) == expected
    for path, line, name, words in PLANTED:
        messages = [
            one.message
            for one, place in zip(found, places(edition, found), strict=True)
            if place == (path, line, name)
        ]
        assert any(words in message for message in messages), (path, messages)
    # Whatever is kept between runs, each finds the same.
    assert find(edition.folder)[0] == found
    assert find(edition.folder, fresh=True)[0] == found
    assert not (edition.folder / "_build/html").exists()


def test_it_exits_with_0_or_1_and_names_places_as_seen_from_here(
    edition: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(edition.folder)
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "5 files read: no mistakes found\n"
    edition.note("h/sound", "old toad", "A gist {cite:p}`one`.")
    assert main(["check"]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("commentary/h/sound.md:2: the text has no words 'old toad': ")
    assert shown.endswith("5 files read: 1 mistake found\n")
    monkeypatch.chdir(edition.folder / "text")
    assert main(["check", "--source", str(edition.folder)]) == 1
    assert str(edition.folder / "commentary/h/sound.md") in capsys.readouterr().out
    # A mistake outside any file, and a project that isn't one.
    edition.configure("edition_text = [")
    assert main(["check", "--source", ".."]) == 1
    assert "Sphinx stopped: " in capsys.readouterr().out
    assert main(["check", "--source", "nowhere"]) == 1
    assert "has no conf.py" in capsys.readouterr().out


def test_it_runs_as_a_module(edition: Project) -> None:
    edition.note("h/sound", "old toad", "A gist {cite:p}`one`.")
    done = subprocess.run(
        [sys.executable, "-m", "annotated_edition", "check", "--format", "github"],
        cwd=edition.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "_ext"), "GITHUB_WORKSPACE": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    first = done.stdout.splitlines()[0]
    where = "file=commentary/h/sound.md,line=2,title=edition.quote-not-found"
    assert first.startswith(f"::error {where}::the text has no words 'old toad': ")


def test_a_change_of_contents_counts_whatever_the_time_says(edition: Project) -> None:
    assert find(edition.folder)[0] == []
    note = edition.folder / "commentary/h/sound.md"
    before = note.stat()
    note.write_text(note.read_text("utf-8").replace("old road", "odd road"), "utf-8")
    os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))
    (found,) = find(edition.folder)[0]
    assert "'odd road'" in found.message


def test_annotations_are_escaped() -> None:
    finding = Finding("/a/b,c:d%.md", 3, "100 % of\nthis: , bad", "edition.unsafe")
    assert as_annotation(finding, Path("/a")) == (
        "::error file=b%2Cc%3Ad%25.md,line=3,title=edition.unsafe::100 %25 of%0Athis: , bad"
    )
    assert as_annotation(Finding("", 0, "::x"), Path("/a")) == "::error title=check::::x"


def read(text: str) -> Finding:
    findings = Findings()
    findings.write(text)
    (found,) = findings.sorted()
    return found


@pytest.mark.parametrize(
    ("warning", "finding"),
    [
        ("/a/b.md:3: WARNING: no [edition.x]\n", Finding("/a/b.md", 3, "no", "edition.x")),
        ("/a/b.md: WARNING: no [toc]\n", Finding("/a/b.md", 0, "no", "toc")),
        ("WARNING: two\n\nlines [a.b]", Finding("", 0, "two\nlines", "a.b")),
        ("C:\\a\\b.md:12: ERROR: x: y", Finding("C:\\a\\b.md", 12, "x: y")),
        ("/a.md:1: WARNING: \x1b]0;t\x07 [e.f]", Finding("/a.md", 1, "�]0;t�", "e.f")),
        ("\x1b[91m/a.md:1: WARNING: red [e.f]\x1b[39;49;00m", Finding("/a.md", 1, "red", "e.f")),
        ("no warning at all", Finding("", 0, "no warning at all")),
    ],
)
def test_sphinx_warnings_are_read(warning: str, finding: Finding) -> None:
    assert read(warning) == finding


def test_people_see_the_place_first() -> None:
    assert as_text(Finding("/a/b.md", 3, "no", "e.f"), Path("/a")) == "b.md:3: no [e.f]"
    assert as_text(Finding("", 0, "no"), Path("/a")) == "error: no"


def test_two_checks_at_once_keep_out_of_each_others_way(edition: Project) -> None:
    assert find(edition.folder)[0] == []
    kept = edition.folder / "_build/check"
    with ExitStack() as stack:
        descriptor = os.open(kept, os.O_RDONLY)
        stack.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
        edition.note("h/sound", "old toad", "A gist {cite:p}`one`.")
        (found,) = find(edition.folder)[0]
        assert "'old toad'" in found.message
        assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before
    assert find(edition.folder)[0] == [found]


def test_what_is_kept_hides_no_mistake(edition: Project) -> None:
    """A page that nobody touched is looked at again when what it rests on has changed."""
    body = "\nSee {term}`road` and {edition:note}`other`.\n"
    edition.note("h/sound", "old road", "A gist {cite:p}`one`.", body=body)
    edition.note("h/other", "camel drank", "A gist {cite:p}`one`.")
    edition._write_index()
    assert find(edition.folder)[0] == []
    glossary = edition.folder / "commentary/glossary.md"
    sound = glossary.read_text(encoding="utf-8")
    edition.write("commentary/glossary.md", sound.replace("\nroad\n", "\ncaravan\n"))
    (edition.folder / "commentary/h/other.md").rename(edition.folder / "commentary/h/renamed.md")
    edition.write("lonely.md", "# In no toctree\n")
    expected = {
        ("commentary/h/sound.md", "ref.term"),
        ("commentary/h/sound.md", "edition.dangling"),
        ("lonely.md", "toc.not_included"),
    }
    for _ in range(2):
        found, _count = find(edition.folder)
        assert {(path, name) for path, _, name in places(edition, found)} == expected
        assert found == find(edition.folder, fresh=True)[0]
    edition.write("commentary/glossary.md", sound)
    (edition.folder / "lonely.md").unlink()
    (edition.folder / "commentary/h/renamed.md").rename(edition.folder / "commentary/h/other.md")
    assert find(edition.folder)[0] == []


def test_what_would_mar_the_book_is_found(
    edition: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signs without a font, as the PDF's builder tells them; pictures that can't be decoded."""
    body = "\nA smile 😀, é, ༀ and ሀ.\n\n![A map](map.png)\n"
    edition.note("h/sound", "old road", "A gist {cite:p}`one`.", body=body)
    (edition.folder / "commentary/h/map.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    line = 1 + edition.folder.joinpath("commentary/h/sound.md").read_text().split("\n").index(
        "A smile 😀, é, ༀ and ሀ."
    )
    edition._write_index()
    # Whoever wants no editor's word prints no book, maybe.
    assert [one.name for one in find(edition.folder)[0]] == ["edition.pdf"]
    edition.configure("edition_checks = True")
    for _ in range(2):
        found = [one for one in find(edition.folder)[0] if one.name == "edition.pdf"]
        signs = [one for one in found if "no font" in one.message]
        assert {(Path(one.path).name, one.line) for one in signs} == {("sound.md", line)}
        told = " ".join(one.message for one in signs)
        assert "edition_pdf_fonts" in told
        assert all(code in told for code in ("U+1F600", "U+0F00", "U+1200"))
        assert "é" not in told
        (picture,) = (one for one in found if one not in signs)
        assert "map.png" in picture.message
        assert "save it anew" in picture.message
        assert picture.line > 1, "it stands in a line, which knows its number"
    # Nor can a picture without words be told to who doesn't see it.
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
        "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
    )
    (edition.folder / "commentary/h/map.png").write_bytes(png)
    edition.note("h/sound", "old road", "A gist {cite:p}`one`.", body="\n![](map.png)\n")
    (silent,) = (one for one in find(edition.folder)[0] if one.name == "edition.pdf")
    assert "has no alternative text: write what it shows between" in silent.message
    edition.note("h/sound", "old road", "A {cite:p}`one`.", body="\n```{figure} map.png\nA.\n```\n")
    (silent,) = (one for one in find(edition.folder)[0] if one.name == "edition.pdf")
    assert "write what it shows in a line `:alt: such as this`" in silent.message
    # What could be printed is not asked about again.
    edition.note("h/sound", "old road", "A gist {cite:p}`one`.", body="\nA naïve é.\n")
    asked: list[str] = []
    monkeypatch.setattr(
        "annotated_edition.render.pdf.glyphs.fault_of_words",
        lambda words, fonts: asked.append(words),
    )
    find(edition.folder)
    assert len(asked) == 1
    assert "ï" in asked[0]
    assert "é" not in asked[0]


def test_a_changed_program_of_the_projects_reads_all_anew(project: Project) -> None:
    project.text("A road {own}`x`.")
    project._write_index()
    own = """
    from own_words import WORDS

    def own(name, rawtext, text, lineno, inliner, options={}, content=[]):
        inliner.reporter.warning(WORDS, line=lineno) if WORDS else None
        return [], []

    def setup(app):
        app.add_role("own", own)
    """
    project.write("own_role.py", own)
    project.configure("import sys\nsys.path.insert(0, '.')\nextensions.append('own_role')\n")

    def checked() -> str:
        command = [sys.executable, "-m", "annotated_edition", "check"]
        paths = {**os.environ, "PYTHONPATH": str(ROOT / "_ext"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            command, cwd=project.folder, env=paths, capture_output=True, text=True, check=False
        )
        return done.stdout

    for words, mistakes in (("", "no mistakes"), ("Odd.", "1 mistake"), ("", "no mistakes")):
        project.write("own_words.py", f"WORDS = {words!r}\n")
        assert mistakes in checked()


@pytest.mark.parametrize("command", [["check"], ["note", "road", "--kind", "h"], ["release"]])
@pytest.mark.parametrize(
    ("conf", "words"),
    [
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ("extensions = ['myst_parser']\n", 'add "annotated_edition" to extensions'),
        ("extensions = ['no_such']\n", "no_such"),
        ("if\n", "syntax"),
    ],
)
def test_what_is_wrong_with_conf_is_one_line(
    project: Project,
    command: list[str],
    conf: str,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project.text("A road.")
    project._write_index()
    project.write("conf.py", conf)
    assert main([*command, "--source", str(project.folder)]) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if "files read" not in line]
    assert len(told) == 1
    assert told[0].startswith("error: ")
    assert words in told[0]


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (["note", "road", "--kind", "h"], "commentary"),
        (["release"], "kept"),
        (["preview", "--before", ".", "--output", "kept/page.html"], "kept"),
    ],
)
def test_what_cannot_be_written_is_one_line(
    project: Project,
    command: list[str],
    file: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project.text("A road.")
    project.configure("release = '1'\nedition_releases = 'kept/releases.json'\n")
    project._write_index()
    project.write(file, "A file where a folder would have to be.")
    monkeypatch.chdir(project.folder)
    assert main(command) == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 1
    assert told[0].startswith("error: ")
    assert file in told[0]
