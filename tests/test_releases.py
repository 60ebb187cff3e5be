"""Released versions: addresses that last, and what changed."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser

from annotated_edition.cli import main
from annotated_edition.model.releases import ReleasesError, read
from support.project import Project

pytestmark = pytest.mark.xdist_group("releases")


@pytest.fixture
def released(project: Project) -> Project:
    """Version 1 of an edition of two pages and four notes, released."""
    project.configure(
        """
        release = "1"
        html_theme = "edition"
        edition_releases = "releases.json"
        edition_credit_from_history = False
        """
    )
    project.text("The old road ran west.\n\nIt had a bridge.", "The port was small.")
    project.note("places/road", "old road")
    project.note("places/bridge", "bridge")
    project.note("places/port", "port")
    project.note("places/west", "west")
    project.build()
    assert main(["release", "--source", str(project.folder)]) == 0
    project.configure('release = "2"\n')
    return project


def change(project: Project) -> None:
    """Rename a note, move another, retire a third, revise the fourth, split a page."""
    folder = project.folder / "commentary"
    (folder / "places/road.md").rename(folder / "places/highway.md")
    (folder / "routes").mkdir()
    (folder / "places/bridge.md").rename(folder / "routes/bridge.md")
    (folder / "places/west.md").unlink()
    project.note("places/port", "port", "Another gist.")
    project.text("The old road ran west.", "It had a bridge.", "The port was small.")
    project.configure('edition_moved = {"road": "highway", "west": ""}\n')


def test_a_release_is_kept_once(released: Project, capsys: pytest.CaptureFixture[str]) -> None:
    (release,) = read((released.folder / "releases.json").read_text(encoding="utf-8"))
    assert set(release.notes) == {"road", "bridge", "port", "west"}
    assert release.passages == {"p1": "text/a", "p2": "text/a", "p3": "text/b"}
    released.configure('release = "1"\n')
    assert main(["release", "--source", str(released.folder)]) == 1
    assert "version 1 is in" in capsys.readouterr().out


def test_every_address_of_the_version_before_leads_to_the_right_place(
    released: Project, browser: Browser
) -> None:
    change(released)
    released.build()
    assert released.warnings == ""
    page = browser.new_page()
    for old, new in (
        ("commentary/places/road.html", "commentary/places/highway.html"),
        ("commentary/places/bridge.html", "commentary/routes/bridge.html"),
        ("commentary/places/port.html", "commentary/places/port.html"),
        ("text/a.html#p1", "text/a.html#p1"),
        ("text/a.html#p2", "text/b.html#p2"),
        ("text/b.html#p3", "text/c.html#p3"),
    ):
        path, sign, name = old.partition("#")
        page.goto(f"{released.output(path).as_uri()}{sign}{name}")
        page.wait_for_url(f"**/html/{new}")
        if "#" in new:
            place = page.locator(f"#{new.partition('#')[2]}")
            assert "passage" in str(place.get_attribute("class"))
    page.goto(released.output("commentary/places/west.html").as_uri())
    assert page.locator("h1").inner_text() == "No longer in the edition: West"
    page.close()


def test_old_addresses_lead_on_without_a_script(released: Project, browser: Browser) -> None:
    change(released)
    released.build()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(released.output("commentary/places/road.html").as_uri())
    page.wait_for_url("**/commentary/places/highway.html")
    page.goto(released.output("text/a.html").as_uri() + "#p2")
    page.locator("a#p2").click()
    page.wait_for_url("**/text/b.html#p2")
    context.close()


def test_a_page_of_the_text_that_is_gone_leads_to_its_passages(
    released: Project, browser: Browser
) -> None:
    for name in ("a", "b"):
        (released.folder / f"text/{name}.md").unlink()
    released.write(
        "text/whole.md",
        "# Whole\n\nThe old road ran west.\n\nIt had a bridge.\n\nThe port was small.\n",
    )
    released.index = "# The edition\n\n```{toctree}\ntext/whole\n```\n"
    released.build()
    assert released.warnings == ""
    page = browser.new_page()
    page.goto(released.output("text/b.html").as_uri() + "#p3")
    page.wait_for_url("**/text/whole.html#p3")
    page.close()


def test_a_note_that_is_gone_without_a_successor_is_a_warning(released: Project) -> None:
    (released.folder / "commentary/places/west.md").unlink()
    for _ in range(2):
        released.build()
        assert "the note 'west' was in version 1 and is gone" in released.warnings
        assert "[edition.dangling]" in released.warnings
    released.configure('edition_moved = {"west": ""}\n')
    released.build()
    assert released.warnings == ""


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        ({"wets": ""}, "names 'wets', which was in no released version: did you mean 'west'?"),
        ({"west": "prot"}, "sends 'west' to 'prot', which isn't there: did you mean 'port'?"),
        (
            {"west": "", "quay": "port"},
            "names 'quay', which was in no released version: take it out",
        ),
        ({"west": "wharf-and-quay"}, "isn't there: name what took its place, or"),
        ({"west": "wharf", "wharf": "port"}, ""),
        ({"commentary/places/west": "commentary/places/port"}, ""),
    ],
)
def test_what_a_move_misnames_is_told_alone(
    released: Project, moved: dict[str, str], told: str
) -> None:
    (released.folder / "commentary/places/west.md").unlink()
    released.configure(f"edition_moved = {moved}\n")
    line = len((released.folder / "conf.py").read_text(encoding="utf-8").splitlines())
    released.build()
    found = released.warnings.splitlines()
    assert len(found) == bool(told), found
    assert (
        not told or f"conf.py:{line}: WARNING: edition_moved {told}" in found[0] or told in found[0]
    )


def test_what_changed_is_told_from_the_data(released: Project) -> None:
    change(released)
    released.index += "\n```{toctree}\nchanges\n```\n"
    released.write("changes.md", "# Changes\n\n```{edition:notes}\n:by: changes\n```\n")
    released.build()
    told = released.page("changes").select_one("dl.edition-changes")
    assert told is not None
    assert [" ".join(one.get_text().split()) for one in told.select("dt, dd p")] == [
        "Not yet released",
        "New notes: Road",
        "Revised notes: Port",
        "Retired notes: Road; West",
    ]
    links = [str(link["href"]) for link in told.select("a")]
    assert links == ["commentary/places/highway.html", "commentary/places/port.html"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"releases": [{}]}', '{"releases": [1]}', '{"releases": 3}'],
)
def test_a_file_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ReleasesError):
        read(text)


@pytest.mark.parametrize("name", ["../x.pdf", "a/x.pdf", "..", "", 7])
def test_no_file_is_written_outside(name: object) -> None:
    release = {"version": "1", "day": "2026-01-01", "notes": {}, "passages": {}, "files": [name]}
    with pytest.raises(ReleasesError):
        read(json.dumps({"releases": [release]}))


@pytest.mark.parametrize("name", ["../../etc/x", "/etc/x", "a/../../b", "", "a//b", "..", 3])
def test_no_page_is_written_outside(name: object) -> None:
    release = {"version": "1", "day": "2026-01-01", "notes": {}, "passages": {"p1": name}}
    with pytest.raises(ReleasesError):
        read(json.dumps({"releases": [release]}))


def test_a_broken_file_is_a_warning(released: Project) -> None:
    released.write("releases.json", "{")
    released.build()
    assert "the releases can't be read" in released.warnings
    assert "releases.json:1" in released.warnings


def test_pages_say_whether_they_are_of_a_released_version(released: Project) -> None:
    def said() -> set[str]:
        released.build()
        return {
            words.partition(" · ")[2]
            for name in ("text/a", "commentary/places/port", "index")
            for words in [released.page(name).select_one(".edition-footer p").get_text()]
        }

    released.configure('copyright = "2026, A"\n')
    assert said() == {"Version 2, unreleased"}
    released.configure('release = "1"\n')
    assert said() == {"Version 1"}
    # One note of one page changes what all pages say, also when they aren't written for it.
    released.note("places/port", "port", "Another gist.")
    assert said() == {"Version 1, with later changes"}
    released.note("places/port", "port")
    assert said() == {"Version 1"}
    released.configure("edition_releases = None\n")
    released.note("places/port", "port", "Another gist.")
    assert said() == {"Version 1"}


def test_labels_of_the_texts_own_and_verses_lead_on(project: Project, browser: Browser) -> None:
    """Ids that are no numbers: of works, and of articles."""
    project.configure(
        """
        release = "1"
        html_theme = "edition"
        edition_releases = "releases.json"
        edition_credit_from_history = False
        edition_text = []
        edition_works = {
            "laws": {"pages": ["text/*"], "passages": "{h2}, {n}", "title": "Laws"},
            "poem": {"pages": ["verse/*"], "passages": "numbers", "title": "Poem"},
        }
        """
    )
    laws = ["## Article I\n\nAll shall be free.", "## Article II\n\nNone shall be sold."]
    project.write("text/all.md", "# Laws\n\n" + "\n\n".join(laws) + "\n")
    project.write("verse/poem.md", "# Poem\n\nA line of verse.\n\nAnother line.\n")
    project.index = "# Both\n\n```{toctree}\n:glob:\ntext/*\nverse/*\n```\n"
    project.build()
    assert main(["release", "--source", str(project.folder)]) == 0
    (kept,) = read((project.folder / "releases.json").read_text(encoding="utf-8"))
    ids = {
        str(one["id"])
        for name in ("text/all", "verse/poem")
        for one in project.page(name).select(".passage")
    }
    assert kept.passages.keys() == ids
    assert len([id_ for id_ in ids if id_.startswith("p-")]) == 4
    # One page becomes two, and another goes by another name.
    project.configure('release = "2"\n')
    for number, law in enumerate(laws, 1):
        project.write(f"text/{number}.md", f"# Law {number}\n\n{law}\n")
    (project.folder / "text/all.md").unlink()
    (project.folder / "verse/poem.md").rename(project.folder / "verse/ode.md")
    project.build()
    assert project.warnings == ""
    page = browser.new_page()
    for id_ in sorted(ids):
        page.goto(f"{project.output(kept.passages[id_] + '.html').as_uri()}#{id_}")
        page.wait_for_url(re.compile(rf"/html/(text/[12]|verse/ode)\.html#{id_}$"))
        assert "passage" in str(page.locator(f"#{id_}").get_attribute("class"))
    page.close()
    told = project.page("text/all").select_one(".moved-passages")
    assert told is not None
    assert [link.get_text() for link in told.select("a")] == ["Article I, 1", "Article II, 1"]


def test_a_book_that_was_released_is_there_by_its_old_name(released: Project) -> None:
    released.write("old-road.pdf", "%PDF")
    released.configure('edition_downloads = {"PDF": "old-road.pdf"}\n')
    released.build()
    assert main(["release", "--source", str(released.folder)]) == 0
    (released.folder / "old-road.pdf").rename(released.folder / "roads.pdf")
    released.configure('release = "3"\nedition_downloads = {"PDF": "roads.pdf"}\n')
    for _ in range(2):
        released.build()
        assert "the file 'old-road.pdf' was in version 2 and is gone" in released.warnings
        assert "[edition.dangling]" in released.warnings
    released.configure('edition_moved = {"old-road.pdf": "roads.pdf"}\n')
    released.output("old-road.pdf").unlink()
    released.build()
    assert released.warnings == ""
    assert released.output("old-road.pdf").read_text() == "%PDF"
    assert released.output("roads.pdf").exists()
    released.configure('edition_moved = {"old-road.pdf": ""}\nedition_downloads = {}\n')
    released.build()
    assert released.warnings == ""


def test_verses_within_a_passage_lead_on(project: Project) -> None:
    """Labels that stand inside a paragraph are printed, too, and cited."""
    project.configure(
        """
        release = "1"
        html_theme = "edition"
        edition_releases = "releases.json"
        edition_credit_from_history = False
        """
    )
    verses = "{edition:label}`2:1` And the earth. {edition:label}`2:2` And the heaven."
    project.text(verses)
    project.build()
    assert main(["release", "--source", str(project.folder)]) == 0
    (kept,) = read((project.folder / "releases.json").read_text(encoding="utf-8"))
    assert kept.passages == {"p-2-1": "text/a", "p-2-2": "text/a"}
    project.text("An introduction.", verses)
    project.configure('edition_text = ["text/b"]\n')
    project.build()
    told = project.page("text/a").select_one(".moved-passages")
    assert told is not None
    assert [(link["href"], link.get_text()) for link in told.select("a")] == [
        *(("b.html#p-2-1", "2:1"), ("b.html#p-2-2", "2:2")),
    ]
    for link in told.select("a"):
        assert project.page("text/b").find(id=str(link["id"])) is not None
