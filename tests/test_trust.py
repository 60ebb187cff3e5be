"""Distrust is the default: what strangers may put where, and what Sphinx never opens."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from dulwich import porcelain
from dulwich.repo import Repo

from annotated_edition.cli import main
from support.project import Project

ROOT = Path(__file__).parent.parent
SECRET = "SECRET-ELSEWHERE"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364600000000600023081d02f0000000049454e44ae426082"
)
RAW = "```{raw} html\n<i id='raw'></i>\n```\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project in a folder in which other things may lie, too."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Project(folder)


@pytest.fixture
def edition(project: Project) -> Project:
    """A project with a good note, and a secret beside it."""
    project.text("The good words.")
    project.note("people/good", '"good words"', "The good gist.")
    project.write("../elsewhere/page.md", f"# {SECRET}\n")
    return project


def outputs(project: Project) -> str:
    """All that was written, but for what nobody sees."""
    files = (path for path in project.output("").rglob("*") if path.is_file())
    return "".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def assert_alive(project: Project) -> None:
    assert project.page("text/a").select("#note-good")
    assert SECRET not in outputs(project)


def unsafe(project: Project) -> list[str]:
    """The files that something was refused of."""
    found = re.findall(r"^(.*?):\d+: WARNING: .*\[edition\.unsafe\]$", project.warnings, re.M)
    return [os.path.relpath(path, project.folder) for path in found]


# ---- who is a stranger -------------------------------------------------------------------

PAGES = [
    ("commentary/evil", True),
    ("commentary/index", True),
    ("commentary/people/index", True),
    ("commentary/cross-references/index", True),
    ("commentary/people/deep/er/evil", True),
    ("Commentary/other", True),
    ("COMMENTARY/people/evil", True),
    ("commentary/about", False),
    ("elsewhere/page", False),
    ("commentary", False),
    ("guests/page", True),
]


def test_who_is_a_stranger(edition: Project) -> None:
    edition.configure("edition_trusted = ['commentary/about']\nedition_untrusted = ['guests/*']")
    for name, _strange in PAGES:
        edition.write(f"{name}.md", f"# T\n\n{RAW}")
    edition.build()
    for name, strange in PAGES:
        assert (f"{name}.md" in unsafe(edition)) is strange, name
        assert bool(edition.page(name).select("#raw")) is not strange, name


@pytest.mark.parametrize("name", ["commentary/About", "Commentary/about", "Guests/page"])
def test_letters_make_nobody_trusted(edition: Project, name: str) -> None:
    edition.configure("edition_trusted = ['commentary/about']\nedition_untrusted = ['guests/*']")
    edition.write(f"{name}.md", f"# T\n\n{RAW}")
    edition.build("dummy")
    assert unsafe(edition) == [f"{name}.md"]


def test_text_and_first_page_are_trusted_wherever_they_are(project: Project) -> None:
    project.configure("edition_notes = ['*/*']\nedition_text = ['commentary/text/*']")
    raw = RAW.replace("\n", "\n")
    project.write("index.md", f"# I\n\n```{{toctree}}\ncommentary/text/a\nother\n```\n\n{raw}")
    project.write("commentary/text/a.md", f"# A\n\nWords.\n\n{raw}")
    project.write("other.md", f"# O\n\n{raw}")
    project.build()
    assert unsafe(project) == ["other.md"]
    assert project.page("index").select("#raw")
    assert project.page("commentary/text/a").select("#raw")


# ---- what lists may hold -----------------------------------------------------------------

REFUSED_IN_LISTS = [
    "```{toctree}\nElsewhere <https://evil.example>\n```",
    "```{toctree}\nhttps://evil.example\n```",
    "```{toctree}\nRun <javascript:alert(1)>\n```",
    "```{toctree}\nRun <//evil.example>\n```",
    "```{toctree}\nself\n```",
    "```{toctree}\n/text/a\n```",
    "```{toctree}\n/index\n```",
    "```{toctree}\n/about\n```",
    "```{toctree}\n:glob:\n\n*a*a*a*a*a*a*b\n```",
    "```{toctree}\n:glob:\n\n[z-a]*\n```",
    "```{bibliography} other.bib\n```",
    "```{include} ../../secret.txt\n```",
    "```{literalinclude} ../../secret.txt\n```",
    "```{meta}\n:http-equiv=refresh: 0\n```",
    "```{only} html\nx\n```",
    "<script>alert(1)</script>",
    RAW,
]


@pytest.mark.parametrize("body", REFUSED_IN_LISTS)
def test_what_lists_may_not_hold(edition: Project, body: str) -> None:
    edition.configure("extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['own.bib']\n")
    edition.write("own.bib", "")
    edition.write("other.bib", f"@misc{{x, title={{{SECRET}}}}}")
    edition.write("secret.txt", SECRET)
    edition.write("about.md", "# About\n")
    (edition.folder / "commentary/people/index.md").write_text(f"# I\n\n{body}\n")
    edition.build()
    assert_alive(edition)
    assert re.search(r"people/index\.md:\d+: (WARNING|ERROR)", edition.warnings)
    page = edition.page("commentary/people/index")
    content = page.select_one("[role=main]") or page
    assert not content.select("script, #raw, a.external, [href^='javascript']")
    assert not page.select("meta[http-equiv=refresh]")
    assert not content.select("li[class^=toctree-l] a[href*='text/a']")


def test_what_lists_may_hold(edition: Project) -> None:
    edition.configure("extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['own.bib']\n")
    edition.write("own.bib", "@misc{x, title={A source}}")
    edition.write("commentary/people/more.md", "# More\n\nWords.\n")
    edition.write(
        "commentary/people/index.md",
        """
        # People

        ```{toctree}
        :glob:
        :caption: The <people> \\evil

        Good <good>
        *
        ```

        ```{edition:notes}
        :by: kind
        ```

        ```{edition:register}
        Good; good words
        ```

        ```{edition:chronology}
        ```

        ```{edition:map}
        ```

        ```{bibliography}
        :all:
        ```
        """,
    )
    edition.note("people/good", '"good words"', "The good gist.", front="dates:\n  '1900': Once")
    edition.build()
    assert unsafe(edition) == []
    page = edition.page("commentary/people/index")
    assert page.select(".toctree-wrapper a[href='good.html']")
    assert page.select("svg")
    assert "A source" in page.get_text()
    assert "The <people>" in page.get_text()


@pytest.mark.parametrize("name", ["toctree", "edition:notes", "edition:map", "bibliography"])
def test_notes_hold_no_lists(edition: Project, name: str) -> None:
    body = f"```{{{name}}}\n```\n"
    edition.note("people/other", '"The good"', "Another gist.", body=body)
    edition.build("dummy")
    assert unsafe(edition) == ["commentary/people/other.md"]


def test_front_matter_of_an_index_page_is_not_obeyed(edition: Project) -> None:
    edition.write(
        "commentary/people/index.md",
        """
        ---
        orphan: true
        myst:
          html_meta:
            "http-equiv=refresh": "0; url=https://evil.example"
          substitutions:
            x: "{{ 7 * 191 }}"
          enable_extensions: [substitution]
        ---
        # I

        {{ x }}
        """,
    )
    edition.build()
    assert_alive(edition)
    assert "evil.example" not in outputs(edition)
    assert "1337" not in outputs(edition)
    assert "people/index.md:3: WARNING: myst in the front matter" in edition.warnings
    assert "isn't included in any toctree" not in edition.warnings


# ---- what lies in the folders ------------------------------------------------------------


def link_file(folder: Path) -> str:
    (folder / "commentary/people/index.md").symlink_to(folder.parent / "elsewhere/page.md")
    return "commentary/people/index.md"


def link_file_at_the_root(folder: Path) -> str:
    (folder / "extra.md").symlink_to(folder.parent / "elsewhere/page.md")
    return "extra.md"


def link_to_a_neighbour(folder: Path) -> str:
    (folder / "commentary/people/twin.md").symlink_to("good.md")
    return "commentary/people/twin.md"


def link_to_nowhere(folder: Path) -> str:
    (folder / "commentary/people/gone.md").symlink_to("nowhere.md")
    return "commentary/people/gone.md"


def link_folder(folder: Path) -> str:
    (folder / "commentary/strange").symlink_to(folder.parent / "elsewhere")
    return "commentary/strange"


def link_folder_at_the_root(folder: Path) -> str:
    (folder / "more").symlink_to(folder.parent / "elsewhere")
    return "more"


def loop(folder: Path) -> str:
    (folder / "commentary/people/a").symlink_to(".")
    (folder / "commentary/people/b").symlink_to(".")
    return "commentary/people/a"


def link_with_signs(folder: Path) -> str:
    (folder / "commentary/people/[g]o*d?.md").symlink_to(folder.parent / "elsewhere/page.md")
    return "commentary/people/[g]o*d?.md"


def link_of_a_picture(folder: Path) -> str:
    (folder / "commentary/people/x.png").symlink_to("/dev/tty")
    return "commentary/people/x.png"


def pipe(folder: Path) -> str:
    os.mkfifo(folder / "commentary/people/pipe.md")
    return "commentary/people/pipe.md"


def long_name(folder: Path) -> str:
    name = f"commentary/people/{'n' * 245}.md"
    (folder / name).write_text("# T\n")
    return name


def long_path(folder: Path) -> str:
    below = "/".join(["f" * 200] * 5)
    path = folder / "commentary" / below / "x.md"
    path.parent.mkdir(parents=True)
    path.write_text("# T\n")
    return f"commentary/{below}"


def no_utf8(folder: Path) -> str:
    try:
        (folder / os.fsdecode(b"commentary/people/\xff\xfe.md")).write_text("# T\n")
    except OSError:
        pytest.skip("this file system knows UTF-8 alone")
    return r"commentary/people/\udcff\udcfe.md"


def control(folder: Path) -> str:
    (folder / "commentary/people/a\nb\x1b[2J.md").write_text("# T\n")
    return r"commentary/people/a\nb\x1b[2J.md"


def bidi(folder: Path) -> str:
    (folder / "commentary/people/a\u202edm.md").write_text("# T\n")
    return r"commentary/people/a\u202edm.md"


def twin(folder: Path) -> str:
    (folder / "commentary/people/Good.md").write_text("# T\n")
    if not (folder / "commentary/people/good.md").samefile(folder / "commentary/people/Good.md"):
        return "commentary/people/Good.md"
    pytest.skip("this file system doesn't tell capital letters apart")


def twin_of_a_folder(folder: Path) -> str:
    (folder / "Text").mkdir(exist_ok=True)
    (folder / "Text/a.md").write_text(f"# {SECRET}\n")
    return "Text/a.md"


def other_suffix(folder: Path) -> str:
    (folder / "commentary/people/good.txt").write_text("T\n=\n")
    with (folder / "conf.py").open("a") as conf:
        conf.write("source_suffix = ['.md', '.txt']\n")
    return "commentary/people/good.txt"


def accents_apart(folder: Path) -> str:
    name = unicodedata.normalize("NFD", "commentary/people/caf\xe9.md")
    (folder / name).write_text("# T\n")
    if (folder / unicodedata.normalize("NFC", name)).exists():
        pytest.skip("this file system doesn't tell them apart")
    return name


def accents_twin(folder: Path) -> str:
    name = accents_apart(folder)
    good = folder / "commentary/people/good.md"
    (folder / unicodedata.normalize("NFC", name)).write_text(good.read_text().replace("good ", ""))
    return name


LEFT_OUT = [
    link_file,
    link_file_at_the_root,
    link_to_a_neighbour,
    link_to_nowhere,
    link_folder,
    link_folder_at_the_root,
    loop,
    link_with_signs,
    link_of_a_picture,
    pipe,
    long_name,
    long_path,
    no_utf8,
    control,
    bidi,
    twin,
    twin_of_a_folder,
    other_suffix,
    accents_apart,
    accents_twin,
]


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
@pytest.mark.parametrize("make", LEFT_OUT)
def test_what_is_left_out(edition: Project, make: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Built, built again, and checked: the file is named, once, and what to do."""
    name = make(edition.folder)
    for _again in range(2):
        edition.build()
        assert_alive(edition)
        lines = [line for line in edition.warnings.splitlines() if f"/{name[:150]}" in line]
        assert len(lines) == 1, edition.warnings
        assert lines[0].endswith("[edition.unsafe]")
        assert ": WARNING: " in lines[0]
        assert "multiple files" not in edition.warnings
        assert "Ignored unreadable" not in edition.warnings
    assert main(["check", "--source", str(edition.folder)]) == 1
    assert name[:150] in capsys.readouterr().out


def test_links_that_stay_are_fine(edition: Project) -> None:
    """To a picture in the same folder; and the project itself may lie behind a link."""
    people = edition.folder / "commentary/people"
    (people / "real.png").write_bytes(PIXEL)
    (people / "same.png").symlink_to("real.png")
    edition.note("people/good", '"good words"', "The good gist.", body="![A dot](same.png)\n")
    behind = edition.folder.parent / "behind"
    behind.symlink_to(edition.folder, target_is_directory=True)
    edition.folder = behind
    edition.build()
    assert edition.warnings == ""
    assert edition.page("commentary/people/good").select("img")


@pytest.mark.parametrize("target", ["/dev/tty", "/dev/zero", "elsewhere", "pipe"])
@pytest.mark.parametrize("page", ["commentary/people/good.md", "text/a.md"])
def test_pictures_are_no_links_and_no_devices(edition: Project, target: str, page: str) -> None:
    folder = (edition.folder / page).parent
    if target == "pipe":
        os.mkfifo(folder / "dot.png")
    else:
        elsewhere = edition.folder.parent / "elsewhere/page.md"
        (folder / "dot.png").symlink_to(elsewhere if target == "elsewhere" else target)
    with (edition.folder / page).open("a") as file:
        file.write("\n\n![A dot](dot.png)\n")
    edition.build()
    assert_alive(edition)
    assert page in unsafe(edition)
    assert not edition.page(page.removesuffix(".md")).select("img[src*=dot]")


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("bibtex_bibfiles = ['commentary/x.bib']", "commentary/x.bib"),
        ("edition_copy_text = 'commentary/x.txt'", "commentary/x.txt"),
        ("edition_map_data = 'x.json'", "x.json"),
        ("html_static_path = ['_static']", "_static/x.txt"),
        ("html_extra_path = ['more.txt']", "more.txt"),
        ("html_logo = 'logo.png'", "logo.png"),
    ],
)
@pytest.mark.parametrize("target", ["../elsewhere/page.md", "/dev/zero", "pipe"])
def test_files_that_settings_name(edition: Project, setting: str, name: str, target: str) -> None:
    edition.configure("extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = []\n")
    edition.configure(setting)
    path = edition.folder / name
    path.parent.mkdir(exist_ok=True)
    if target == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(target if target[0] == "/" else edition.folder / target)
    edition.build()
    assert_alive(edition)
    assert unsafe(edition) == [name]


# ---- outputs under version control -------------------------------------------------------


class Bomb:
    """What leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


def git(folder: Path, *arguments: str) -> None:
    settings = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True)


def plant(project: Project, folder: str) -> Path:
    pwned = project.folder.parent / "pwned"
    path = project.folder / folder / "environment.pickle"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(Bomb(pwned)))
    return pwned


def test_a_tracked_environment_is_never_loaded(edition: Project) -> None:
    pwned = plant(edition, "_build/doctrees")
    Repo.init(str(edition.folder))
    porcelain.add(str(edition.folder), [str(edition.folder / "_build")])
    with pytest.raises(Exception, match=r"environment\.pickle.*git rm -r --cached _build"):
        edition.build()
    assert not pwned.exists()


def test_nor_by_check(edition: Project, capsys: pytest.CaptureFixture[str]) -> None:
    pwned = plant(edition, "_build/check/doctrees")
    Repo.init(str(edition.folder))
    porcelain.add(str(edition.folder), [str(edition.folder / "_build")])
    assert main(["check", "--source", str(edition.folder)]) == 1
    assert "git rm -r --cached _build" in capsys.readouterr().out
    assert not pwned.exists()


@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("hashes", ["sha1", "sha256"])
@pytest.mark.parametrize("clone", ["plain", "worktree", "subfolder", "split", "link"])
def test_in_every_kind_of_clone(edition: Project, clone: str, hashes: str, version: str) -> None:
    top = edition.folder.parent if clone == "subfolder" else edition.folder
    git(top, "init", "-q", f"--object-format={hashes}")
    git(top, "config", "index.version", version)
    for number in range(3):
        (top / f"{number}-{'long' * number}.txt").write_text("x")
    if clone == "link":
        (edition.folder.parent / "away").mkdir()
        (edition.folder / "_build").symlink_to(edition.folder.parent / "away")
    else:
        plant(edition, "_build/doctrees")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "x")
    if version == "3":
        (top / "new.txt").write_text("x")
        git(top, "add", "-N", "new.txt")  # a flag that version 2 doesn't know
    if clone == "split":
        git(top, "update-index", "--split-index")
    if clone == "worktree":
        git(top, "worktree", "add", "-q", str(top.parent / "second"))
        edition.folder = top.parent / "second"
    with pytest.raises(Exception, match="git rm -r --cached"):
        edition.build("dummy")


def test_own_outputs_are_used_again(edition: Project) -> None:
    """Untracked, in a clone whose index has files with names like theirs."""
    edition.write("docs/_build/doctrees/x.txt", "x")
    edition.write("_build.md", "# B\n\nWords.\n")
    git(edition.folder, "init", "-q")
    git(edition.folder, "add", "-A")
    for _again in range(2):
        edition.build()
        assert_alive(edition)


# ---- this edition ------------------------------------------------------------------------


def test_reviewers_are_told_of_trusted_pages() -> None:
    names: dict[str, Any] = {}
    source = (ROOT / "conf.py").read_text(encoding="utf-8")
    wanted = re.search(r"^edition_trusted = .*?\]$", source, re.M | re.S)
    assert wanted
    exec(wanted[0], names)
    owners = (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8")
    listed = owners.partition("# Trusted pages")[2]
    pages = re.findall(r"^/(\S+?)\.\w+ +@\S+$", listed, re.M)
    assert pages == names["edition_trusted"]
