"""Released versions beside the latest: each page leads to the same place in the others."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page

from annotated_edition.cli import main
from annotated_edition.model.releases import ReleasesError
from annotated_edition.model.versions import read
from support.edition import ROOT
from support.pages import parse
from support.project import Project

pytestmark = pytest.mark.xdist_group("site")


def release(project: Project, number: str, folder: Path) -> Path:
    """Release the project as it is, and keep its pages as an archive."""
    project.configure(f'release = "{number}"\n')
    project.build()
    assert main(["release", "--source", str(project.folder)]) == 0
    project.build()
    assert project.warnings == ""
    archive = folder / f"{number}.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(project.output(""), "html")
    return archive


def first(project: Project, theme: str = "edition") -> None:
    project.configure(
        f"""
        html_theme = "{theme}"
        copyright = "2026, the editors"
        edition_releases = "releases.json"
        edition_credit_from_history = False
        """
    )
    project.text("The old road ran west.\n\nIt had a bridge.", "The port was small.")
    project.note("places/road", "old road")
    project.note("places/bridge", "bridge")
    project.note("places/west", "west")


def change(project: Project) -> None:
    """Rename a note, move another, retire a third, add a fourth, split a page."""
    folder = project.folder / "commentary"
    (folder / "places/road.md").unlink()
    project.note("places/highway", "old road")
    (folder / "routes").mkdir()
    (folder / "places/bridge.md").rename(folder / "routes/bridge.md")
    (folder / "places/west.md").unlink()
    project.note("places/port", "port")
    project.text("The old road ran west.", "It had a bridge.", "The port was small.")
    project.configure('edition_moved = {"road": "highway", "west": ""}\n')


@pytest.fixture
def site(project: Project) -> Path:
    """Versions 1 and 2, released, and a latest that has retired one note more."""
    kept = project.folder / "kept"
    kept.mkdir()
    project.configure('exclude_patterns = ["kept", "_build"]\n')
    first(project)
    archives = [release(project, "0.1", kept)]
    change(project)
    archives.append(release(project, "0.2", kept))
    (project.folder / "commentary/places/port.md").unlink()
    project.configure('release = "0.3"\nedition_moved["port"] = ""\n')
    project.build()
    return assembled(project, *archives)


def assembled(project: Project, *releases: Path, status: int = 0) -> Path:
    output = project.folder / "_build/site"
    latest = ["--latest", str(project.output("")), "--output", str(output)]
    assert main(["site", *latest, *map(str, releases)]) == status
    return output


def foot(page: BeautifulSoup) -> Tag:
    (found,) = page.select(".edition-footer > p, p.edition-version")
    return found


def line(page: BeautifulSoup) -> str:
    """What a page says of its version and of others."""
    return " ".join(foot(page).get_text().split()).removeprefix("© 2026, the editors · ")


def test_each_page_names_the_same_place_in_the_others(site: Path) -> None:
    told = {
        path.relative_to(site).as_posix(): line(parse(path))
        for number in ("latest", "0.2", "0.1")
        for path in (site / number).rglob("*.html")
        if "commentary/" in str(path) or "text/" in str(path)
    }
    wanted = {
        "latest: Version 0.3, unreleased · others: ": {
            "commentary/places/highway.html": "0.2 · 0.1 (Road)",
            "commentary/routes/bridge.html": "0.2 · 0.1",
            # Pages that lead on, and that say what is no longer there.
            "commentary/places/road.html": "0.1",
            "commentary/places/bridge.html": "0.1",
            "commentary/places/west.html": "0.1",
            "commentary/places/port.html": "0.2",
            "text/a.html": "0.2 · 0.1",
            "text/b.html": "0.2 · 0.1",
            "text/c.html": "0.2 · 0.1",
        },
        "0.2: Version 0.2 · others: ": {
            "commentary/places/highway.html": "latest · 0.1 (Road)",
            "commentary/places/port.html": "latest (not there) · 0.1 (not there)",
            "commentary/routes/bridge.html": "latest · 0.1",
            "commentary/places/road.html": "0.1",
            "commentary/places/bridge.html": "0.1",
            "commentary/places/west.html": "0.1",
            "text/a.html": "latest · 0.1",
            "text/b.html": "latest · 0.1",
            "text/c.html": "latest · 0.1",
        },
        "0.1: Version 0.1 · others: ": {
            "commentary/places/road.html": "latest (Highway) · 0.2 (Highway)",
            "commentary/places/bridge.html": "latest · 0.2",
            "commentary/places/west.html": "latest (not there) · 0.2 (not there)",
            "text/a.html": "latest · 0.2",
            "text/b.html": "latest · 0.2",
        },
    }
    assert told == {
        f"{said.partition(':')[0]}/{name}": said.partition(": ")[2] + others
        for said, pages in wanted.items()
        for name, others in pages.items()
    }


def test_every_link_between_versions_leads_to_what_it_names(site: Path) -> None:
    count = 0
    for path in site.rglob("*.html"):
        for link in parse(path).select("a[href]"):
            href, _, name = str(link["href"]).partition("#")
            if href.startswith("https:"):
                continue
            target = (path.parent / href).resolve() if href else path
            assert target.is_file(), (path, link)
            if name:
                assert parse(target).find(id=name), (path, link)
            count += len(Path(href).parts) > len(path.relative_to(site).parts)
    assert count > 80


def test_a_release_keeps_all_else(site: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "kept/0.1.tar.gz") as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    before = tmp_path / "unpacked/html"
    files = [path for path in before.rglob("*") if path.is_file()]
    assert {path.relative_to(site / "0.1") for path in (site / "0.1").rglob("*")} == {
        path.relative_to(before) for path in before.rglob("*")
    }
    for path in files:
        now = site / "0.1" / path.relative_to(before)
        if path.name == "version.json":
            told = json.loads(now.read_text("utf-8"))
            assert told == json.loads(path.read_text("utf-8")) | {"linked": True}
        elif now.read_bytes() != path.read_bytes():
            lines, old = (file.read_text("utf-8").splitlines() for file in (now, path))
            changed = [pair for pair in zip(lines, old, strict=True) if pair[0] != pair[1]]
            assert len(changed) == 1
            assert changed[0][1].strip() == "<p>© 2026, the editors · Version 0.1</p>"


def follow(page: Page, words: str) -> None:
    foot = page.locator(".edition-footer, .edition-version").last
    foot.get_by_role("link", name=words, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("browser", ["chromium", "firefox"], indirect=True)
def test_a_reader_goes_from_version_to_version(site: Path, browser: Browser, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    # A renamed note, there and back.
    page.goto((site / "0.1/commentary/places/road.html").as_uri())
    assert page.locator(".edition-footer").inner_text().count("Version 0.1") == 1
    follow(page, "0.2")
    page.wait_for_url("**/0.2/commentary/places/highway.html")
    assert "Version 0.2" in page.locator(".edition-footer").inner_text()
    follow(page, "0.1")
    page.wait_for_url("**/0.1/commentary/places/road.html")
    # A page of the text, and a passage of it in all versions.
    page.goto((site / "0.2/text/b.html").as_uri())
    follow(page, "Version 0.2")
    page.wait_for_url("**/versions/text/b.html")
    page.locator("#p2").get_by_role("link", name="0.1", exact=True).click()
    page.wait_for_url("**/0.1/text/a.html#p2")
    # What is no longer there is where it was.
    page.goto((site / "latest/commentary/places/west.html").as_uri())
    follow(page, "0.1")
    page.wait_for_url("**/0.1/commentary/places/west.html")
    # Addresses without a version lead to the latest.
    page.goto((site / "index.html").as_uri())
    page.wait_for_url("**/latest/index.html")
    page.goto((site / "text/b.html").as_uri() + "#p2")
    # Without scripts Firefox alone keeps the passage.
    page.wait_for_url(f"**/latest/text/b.html{'#p2' if scripts else '*'}")
    context.close()


def test_a_page_with_all_versions_says_when_each_was_released(site: Path) -> None:
    page = parse(site / "versions/commentary/places/highway.html")
    items = [" ".join(item.get_text().split()) for item in page.select("main li")]
    (day,) = {one.get_text() for one in page.select("time")}
    (built,) = {date.fromisoformat(str(one["datetime"])) for one in page.select("time")}
    assert day == f"{built:%-d %B %Y}"
    assert items == [
        "latest: Version 0.3, unreleased",
        f"Version 0.2 · {day}",
        f"Version 0.1 · Road · {day}",
    ]


def test_other_themes_say_the_version_and_lead_to_the_others(project: Project) -> None:
    project.configure('exclude_patterns = ["kept", "_build"]\n')
    kept = project.folder / "kept"
    kept.mkdir()
    first(project, "furo")
    archive = release(project, "0.1", kept)
    assert project.page("text/a").select_one("p.edition-version").get_text() == "Version 0.1"
    change(project)
    project.configure('release = "0.2"\n')
    project.build()
    site = assembled(project, archive)
    page = parse(site / "latest/commentary/places/highway.html")
    assert line(page) == "Version 0.2, unreleased · others: 0.1 (Road)"
    assert foot(page).find_parent("article") is not None


def test_another_text_with_labels_of_its_own(tmp_path: Path) -> None:
    """Verses of Genesis, whose ids are made of their numbers; pages in folders."""
    folder = tmp_path / "genesis"
    shutil.copytree(ROOT / "examples/genesis", folder, ignore=shutil.ignore_patterns("_build"))
    project = Project.__new__(Project)
    project.folder, project.index, project.warnings = folder, "", ""
    (folder / "conf.py").write_text(
        (folder / "conf.py")
        .read_text("utf-8")
        .replace('Path(__file__).parents[2] / "_ext"', f'"{ROOT / "_ext"}"')
        + '\nedition_releases = "releases.json"\nexclude_patterns = ["kept", "_build"]\n',
        "utf-8",
    )
    (folder / "kept").mkdir()
    archive = release(project, "1", folder / "kept")
    project.configure('release = "2"\n')
    project.build()
    site = assembled(project, archive)
    data = json.loads((site / "latest/version.json").read_text("utf-8"))
    labelled = [id_ for id_ in data["passages"] if id_.startswith("p-")]
    assert labelled
    for id_ in labelled:
        docname = data["passages"][id_]
        name = data["documents"][docname]["address"]
        page = parse(site / f"versions/{name}")
        row = page.find(id=id_)
        assert row is not None
        for link in row.select("a"):
            href, _, fragment = str(link["href"]).partition("#")
            assert parse((site / "versions" / name).parent / href).find(id=fragment)


def test_addresses_of_folders_are_kept(project: Project) -> None:
    project.configure('exclude_patterns = ["kept", "_build"]\n')
    first(project)
    project.configure('release = "0.1"\n')
    project.build("dirhtml")
    assert main(["release", "--source", str(project.folder)]) == 0
    project.build("dirhtml")
    shutil.copytree(project.output("", "dirhtml"), project.folder / "kept")
    change(project)
    project.configure('release = "0.2"\n')
    project.build("dirhtml")
    output = project.folder / "_build/site"
    latest = ["--latest", str(project.output("", "dirhtml")), "--output", str(output)]
    assert main(["site", *latest, str(project.folder / "kept")]) == 0
    page = parse(output / "0.1/commentary/places/road/index.html")
    assert [str(link["href"]) for link in foot(page).select("a")] == [
        "../../../../versions/commentary/places/road/",
        "../../../../latest/commentary/places/highway/",
    ]


def test_what_is_no_release_is_refused(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    first(project)
    project.build()
    assembled(project, status=1)
    assert "has no version.json" in capsys.readouterr().out
    project.configure('release = "0.1"\n')
    project.build()
    assembled(project, project.output(""), status=1)
    assert "isn't version 0.1 as it was released, but unreleased" in capsys.readouterr().out
    archive = release(project, "0.1", project.folder)
    assembled(project, archive, archive, status=1)
    assert "version 0.1 is given twice" in capsys.readouterr().out
    project.write("_build/site/precious.txt", "Mine.")
    assembled(project, archive, status=1)
    assert "holds something else" in capsys.readouterr().out
    assert project.output("precious.txt", "site").exists()
    project.output("precious.txt", "site").unlink()
    assembled(project)
    assert "0.1 was released, too, and isn't given" in capsys.readouterr().out
    site = assembled(project, archive)
    assembled(project, site / "0.1", status=1)
    assert "is part of a site already" in capsys.readouterr().out
    assert sorted(path.name for path in project.output("", "site").iterdir() if path.is_dir()) == [
        *("0.1", "_static", "commentary", "latest", "text", "versions"),
    ]


GOOD = {
    **{"version": "1", "day": "2026-01-01", "notes": {}, "passages": {"p1": "a"}},
    **{
        "standing": "released",
        "said": "Version 1",
        "language": "en",
        "title": "T",
        "root": "a",
        "signs": {},
    },
    **{"documents": {"a": {"address": "a.html", "title": "A"}}, "moved": {}, "released": []},
}


@pytest.mark.parametrize(
    "change",
    [
        {"version": "../up"},
        {"version": "latest"},
        {"version": "."},
        {"standing": "new"},
        {"root": "b"},
        {"passages": {"p1": "b"}},
        {"documents": {"a": {"address": "../a.html", "title": "A"}}},
        {"documents": {"a": {"address": "/a.html", "title": "A"}}},
        {"documents": {"a": {"address": "https://x.example/", "title": "A"}}},
        {"documents": {"../a": {"address": "a.html", "title": "A"}}},
        {"moved": 7},
        {"day": "yesterday"},
    ],
)
def test_nothing_is_written_outside(change: dict[str, object]) -> None:
    assert read(json.dumps(GOOD)).number == "1"
    with pytest.raises(ReleasesError):
        read(json.dumps(GOOD | change))


def test_what_was_released_is_fetched_and_compared(tmp_path: Path) -> None:
    """With a stand-in for GitHub's own program."""
    (tmp_path / "annotated-edition-html.tar.gz").write_bytes(b"pages")
    digest = hashlib.sha256(b"pages").hexdigest()
    sums = tmp_path / "SHA256SUMS"
    sums.write_text(f"{digest}  annotated-edition-html.tar.gz\n{digest}  not-fetched.pdf\n")
    program = tmp_path / "bin/gh"
    program.parent.mkdir()
    program.write_text(
        f"""#!/bin/sh
        test "$2" = list && printf 'v0.2.0\\nv0.1.0\\n' && exit
        mkdir -p "$5" && cp {tmp_path}/*.tar.gz {tmp_path}/SHA256SUMS "$5"
        """
    )
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    command = [ROOT / "tools/fetch_releases.sh", tmp_path / "kept"]
    assert subprocess.run(command, env=environment, check=False).returncode == 0
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == [
        *("v0.1.0.tar.gz", "v0.2.0.tar.gz"),
    ]
    shutil.rmtree(tmp_path / "kept")
    (tmp_path / "annotated-edition-html.tar.gz").write_bytes(b"other pages")
    assert subprocess.run(command, env=environment, check=False).returncode != 0
