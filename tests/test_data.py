"""What stands beside the HTML for other software, and what the pages' heads tell it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from atoma import parse_atom_bytes
from bs4 import BeautifulSoup
from jsonschema import Draft7Validator
from lxml import etree
from markdown_it import MarkdownIt
from pybtex.database import parse_file

from support.edition import NOTES, PAGES, TIES, Outputs
from support.npm import installed
from support.pages import parse, squeezed, words_of
from support.project import Project
from support.tei import validated

pytestmark = pytest.mark.xdist_group("data")

ADDRESS = "https://example.org/edition/"
#: Apache Annotator, and pages outside of a browser for it.
ANNOTATOR = ("@apache-annotator/dom@0.2.0", "@apache-annotator/selector@0.2.0", "jsdom@29.1.1")
ATOM_SCHEMA = Path(__file__).parent / "atom.rnc"
ATOM = "{http://www.w3.org/2005/Atom}"
FILES = {
    *("annotations.jsonld", "feed.xml", "llms.txt", "robots.txt", "sitemap.xml"),
    *("text.txt", "text.markdown", "text-with-notes.txt", "text-with-notes.markdown"),
}


@pytest.fixture
def small(project: Project) -> Project:
    project.configure(
        f"""
        html_baseurl = "{ADDRESS}"
        author = "The Editors & Sons"
        edition_text_title = "The *Road*"
        edition_text_author = ["Ada <Lovelace>"]
        edition_text_date = "1843-09"
        edition_licence = "https://creativecommons.org/licenses/by/4.0/"
        edition_credit_from_history = False
        """
    )
    project.text("The *old* road [1] ran\nwest to the port. # It ran.", "| A verse\n| of the port.")
    project.note(
        "places/road", "old road", "An </script><b> & a road.", 'contributors: ["Bo </meta>"]'
    )
    project.note("places/port", "[to the port, of the port]", "A port.")
    project.write("commentary/cross-references/ports.md", CROSS_REFERENCE)
    return project


CROSS_REFERENCE = """\
---
quote: [ran west, verse]
---
# Both

They belong together.
"""


def annotations(folder: Path) -> list[dict[str, Any]]:
    found = json.loads((folder / "annotations.jsonld").read_text(encoding="utf-8"))
    assert found["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert found["type"] == "AnnotationCollection"
    assert found["total"] == len(found["first"]["items"])
    items: list[dict[str, Any]] = found["first"]["items"]
    return items


def selected(item: dict[str, Any]) -> list[tuple[str, str]]:
    """Page and id, and the words, of every target, by both selectors alike."""
    found = []
    for target in item["target"]:
        quote, position = (one["refinedBy"] for one in target["selector"])
        assert quote["type"], position["type"] == ("TextQuoteSelector", "TextPositionSelector")
        assert position["end"] - position["start"] == len(quote["exact"])
        found.append((f"{target['source']}#{target['selector'][0]['value']}", quote["exact"]))
    return found


def test_all_files_stand_beside_the_pages(small: Project) -> None:
    small.build()
    assert {path.name for path in small.output("").iterdir()} >= FILES
    small.configure('edition_data = ["sitemap"]')
    small.build()
    assert {path.name for path in small.output("").iterdir()} & FILES == {"sitemap.xml"}


def test_a_second_build_reads_none_of_them(small: Project) -> None:
    small.note("places/road", "old road")
    for _ in range(2):
        small.build()
        assert small.warnings == ""


def test_what_needs_an_address_is_left_out_without_one(small: Project) -> None:
    small.configure('html_baseurl = ""')
    small.build()
    left = FILES - {path.name for path in small.output("").iterdir()}
    assert left == {"feed.xml", "sitemap.xml"}
    assert selected(annotations(small.output(""))[0])[0] == ("text/a.html#p1", "old road")


def test_a_file_of_the_projects_own_stays(small: Project) -> None:
    small.write("extra/robots.txt", "User-agent: *\nDisallow: /private\n")
    small.configure('html_extra_path = ["extra"]')
    small.build()
    assert "private" in small.output("robots.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("data", ["", 'edition_data = ["robots"]'])
@pytest.mark.parametrize("priority", [1, 500])
def test_a_file_of_another_extension_stays(small: Project, priority: int, data: str) -> None:
    small.configure(
        f"""
        {data}

        def setup(app):
            def write(app, exception):
                from pathlib import Path

                Path(app.outdir, "sitemap.xml").write_text("theirs")

            app.connect("build-finished", write, {priority})
        """
    )
    for _ in range(2):
        small.build()
        assert small.output("sitemap.xml").read_text(encoding="utf-8") == "theirs"
    assert small.output("robots.txt").exists()


def test_a_file_that_others_write_in_some_builds_alone_stays(small: Project) -> None:
    small.build()
    small.output("sitemap.xml").write_text("theirs", encoding="utf-8")
    small.output("llms.txt").unlink()
    small.build()
    small.configure("edition_data = []")
    small.build()
    assert small.output("sitemap.xml").read_text(encoding="utf-8") == "theirs"
    assert {path.name for path in small.output("").iterdir()} & FILES == {"sitemap.xml"}


def test_while_pages_are_watched_files_for_others_are_made_once(small: Project) -> None:
    def told() -> str:
        return str(annotations(small.output("")))

    for gist in ("A first gist.", "A second gist."):
        small.note("places/road", "old road", gist)
        small.build(tags=["edition_watch"])
        assert gist in small.output("text/a.html").read_text(encoding="utf-8")
        assert "A first gist." in told()
    small.build()
    assert "A second gist." in told()


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_annotations_lead_to_their_words(small: Project, builder: str) -> None:
    small.build(builder)
    page = ADDRESS + "text/%s" + (".html" if builder == "html" else "/")
    assert [selected(item) for item in annotations(small.output("", builder))] == [
        [(page % "a" + "#p1", "old road")],
        [(page % "a" + "#p1", "to the port"), (page % "b" + "#p2", "of the port")],
        [(page % "a" + "#p1", "ran\nwest"), (page % "b" + "#p2", "verse")],
    ]


def test_every_annotation_of_the_edition_leads_to_its_words(outputs: Outputs) -> None:
    """Both selectors, by what a page has in the passage that they name."""
    items = annotations(outputs("html"))
    assert [item["motivation"] for item in items].count("commenting") == len(NOTES)
    assert [item["motivation"] for item in items].count("linking") == len(TIES)
    passages = {
        f"article/{name}.html#{one['id']}": words_of(one)
        for name in PAGES
        for one in parse(outputs("html") / f"article/{name}.html").select(".passage")
    }
    for item in items:
        assert selected(item)
        for target in item["target"]:
            quote, position = (one["refinedBy"] for one in target["selector"])
            passage = f"{target['source']}#{target['selector'][0]['value']}"
            whole = quote["prefix"] + quote["exact"] + quote["suffix"]
            assert passages[passage].count(" ".join(whole.split())) == 1
            start, end = position["start"], position["end"]
            assert passages[passage][start:end] == " ".join(quote["exact"].split())


def test_annotations_have_the_shapes_of_the_data_model(outputs: Outputs) -> None:
    """By a JSON Schema of the W3C's Web Annotation Data Model."""
    folder = installed("anno-schema", "@kba/anno-schema@0.0.8", any_node=True) / "@kba/anno-schema"
    definitions = json.loads((folder / "data-model.json").read_text(encoding="utf-8"))
    shape = {**definitions, "$ref": "#/definitions/Annotation"}
    judge = Draft7Validator(shape)
    for item in annotations(outputs("html")):
        # Of agents that schema knows people alone; the model has organisations, too (3.3.1).
        makers = item.get("creator", [])
        item["creator"] = [one for one in makers if one["type"] != "Organization"]
        assert [error.message for error in judge.iter_errors(item)] == []
    assert not judge.is_valid({**item, "target": 7})


def test_a_library_of_others_anchors_every_annotation(outputs: Outputs) -> None:
    """Apache Annotator, on the built pages and from the published selectors alone."""
    modules = installed("annotator", *ANNOTATOR, any_node=True)
    script = Path(__file__).parent / "anchoring.mjs"
    command = ["node", str(script), str(modules), str(outputs("html"))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    targets = [target for item in annotations(outputs("html")) for target in item["target"]]
    assert len(found) == 2 * len(targets) > 2 * len(NOTES)
    assert [one for one in found if one["words"] != [one["exact"]]] == []


def test_the_sitemap_is_valid(small: Project) -> None:
    """By the protocol's own schema, and with every page."""
    small.build()
    schema = installed("sitemap", "sitemap@9.0.1") / "sitemap/schema/sitemap.xsd"
    tree = etree.parse(small.output("sitemap.xml"))
    etree.XMLSchema(etree.parse(schema)).assertValid(tree)
    places = [str(one.text) for one in tree.getroot().iter("{*}loc")]
    pages = {
        path.relative_to(small.output("")).as_posix() for path in small.output("").rglob("*.html")
    }
    assert {place.removeprefix(ADDRESS) for place in places} == pages - {
        "search.html",
        "genindex.html",
    }


def test_downloads_hold_the_words_and_no_markup_of_theirs(small: Project) -> None:
    small.build()
    plain = small.output("text.txt").read_text(encoding="utf-8")
    assert "¶1 The old road [1] ran west to the port. # It ran." in plain
    assert plain.startswith("The *Road*\n\nAda <Lovelace>. 1843-09\n")
    marked = small.output("text-with-notes.markdown").read_text(encoding="utf-8")
    assert r"The old road[^road] \[1\] ran west to the port[^port]. \# It ran." in marked
    assert rf"[^road]: **Road** An \</script\>\<b\> \& a road. <{ADDRESS}commentary/" in marked
    assert marked.count("[^port]: ") == 1
    with_notes = small.output("text-with-notes.txt").read_text(encoding="utf-8")
    assert "    [1] old road: Road\n    An </script><b> & a road.\n" in with_notes


def test_titles_are_no_markup_where_robots_read_them(small: Project) -> None:
    titles = [r"\<img src=x onerror=alert(1)\>", r"\\\](javascript:alert(1)) [y", "1. One"]
    for number, title in enumerate(titles):
        path = small.note(f"places/odd{number}", "[old road, the port]" if number else "west")
        path.write_text(path.read_text().replace(f"# Odd{number}", f"# {title}"))
    small.build()
    listed = small.output("llms.txt").read_text(encoding="utf-8")
    soup = BeautifulSoup(MarkdownIt().render(listed), "lxml")
    assert not soup.select("img")
    words = {link.get_text() for link in soup.select("a")}
    assert {"<img src=x onerror=alert(1)>", r"\](javascript:alert(1)) [y", "1. One"} <= words
    assert all(str(link["href"]).startswith(ADDRESS) for link in soup.select("a"))


def test_the_text_is_whole_in_the_downloads(outputs: Outputs) -> None:
    passages = [
        squeezed(words_of(one))
        for name in PAGES
        for one in parse(outputs("html") / f"article/{name}.html").select(".passage")
    ]
    for name in ("text.txt", "text.markdown"):
        told = squeezed((outputs("html") / name).read_text(encoding="utf-8"))
        assert [words for words in passages if words not in told] == []


def test_the_feed_is_empty_where_nobody_knows_the_days(small: Project) -> None:
    small.build()
    feed = etree.parse(small.output("feed.xml")).getroot()
    assert feed.findtext(f"{ATOM}id") == ADDRESS
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "The Editors & Sons"
    assert feed.find(f"{ATOM}entry") is None


def committed(project: Project, day: str, message: str) -> None:
    """Commit all, by a contributor, on a day."""
    env = {
        **os.environ,
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (
            ("NAME", "A Reader"), ("EMAIL", "a@example.org"), ("DATE", f"{day}T12:00:00Z")
        )},
    }  # fmt: skip
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", message]):
        subprocess.run(["git", *command], cwd=project.folder, env=env, check=True)


def test_the_feed_is_what_its_standard_demands(small: Project) -> None:
    """By a schema, and by a reader of others."""
    small.configure("edition_credit_from_history = True\n")
    small.write(".gitignore", "_build\n")
    committed(small, "2026-01-02", "Notes")
    small.note("places/port", "[to the port, of the port]", "A & <another> port.")
    committed(small, "2026-03-04", "A better note")
    small.build()
    text = small.output("feed.xml").read_bytes()
    feed = parse_atom_bytes(text)
    assert (feed.id_, feed.title.value, feed.updated.isoformat()) == (
        *(ADDRESS, "A small edition"),
        "2026-03-04T00:00:00+00:00",
    )
    assert {link.rel: link.href for link in feed.links} == {
        "self": f"{ADDRESS}feed.xml",
        "alternate": ADDRESS,
    }
    assert [
        (one.id_, one.title.value, one.published.date(), one.updated.date(), one.summary.value)
        for one in feed.entries
    ] == [
        (
            *(f"{ADDRESS}commentary/places/port.html", "Port"),
            *(date(2026, 1, 2), date(2026, 3, 4), "A & <another> port."),
        ),
        (
            *(f"{ADDRESS}commentary/places/road.html", "Road"),
            *(date(2026, 1, 2), date(2026, 1, 2), "An </script><b> & a road."),
        ),
    ]
    assert [[person.name for person in one.authors] for one in feed.entries] == [
        *(["A Reader"], ["Bo </meta>"]),
    ]
    assert validated(small.output("feed.xml"), ATOM_SCHEMA) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"<id>.*</id>", ""),
        (r"<updated>.*</updated>", ""),
        (r"(<updated>.*</updated>)", r"\1\1"),
        (r"(\d)T00:00:00Z", r"\1"),
        (r"T00:00:00Z", "T00:00:00"),
        (r"<author>[^$]*?</author>", ""),
        (r"https://example.org/edition/<", "edition<"),
        (r"<title>.*</title>", "<title/>"),
        (r'rel="alternate"', 'rel="other"'),
        ("2005/Atom", "2006/Atom"),
    ],
)
def test_a_feed_that_is_none_is_found(
    small: Project, tmp_path_factory: pytest.TempPathFactory, old: str, new: str
) -> None:
    small.build()
    text = small.output("feed.xml").read_text(encoding="utf-8")
    assert validated(small.output("feed.xml"), ATOM_SCHEMA) == ""
    broken = tmp_path_factory.mktemp("feed") / "feed.xml"
    changed = re.sub(old, new, text)
    assert changed != text
    broken.write_text(changed, encoding="utf-8")
    assert "error" in validated(broken, ATOM_SCHEMA)


def told(page: BeautifulSoup) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in page.select("head meta[name]"):
        found.setdefault(str(meta["name"]), []).append(str(meta["content"]))
    return found


def linked(page: BeautifulSoup) -> dict[str, Any]:
    (script,) = page.select('head script[type="application/ld+json"]')
    found = json.loads(script.get_text())
    assert found.pop("@context") == "https://schema.org"
    assert isinstance(found, dict)
    return found


def test_a_text_page_tells_whose_text_it_is(small: Project) -> None:
    small.build()
    page = small.page("text/a")
    tags = told(page)
    assert tags["citation_title"] == ["The *Road*"]
    assert tags["citation_author"] == ["Ada <Lovelace>"]
    assert tags["citation_publication_date"] == ["1843/09"]
    assert tags["citation_book_title"] == ["A small edition"]
    assert linked(page)["@type"] == "Article"
    assert page.select("link[rel=license]") == []


def test_a_note_page_tells_who_wrote_it(small: Project) -> None:
    small.build()
    page = small.page("commentary/places/road")
    assert told(page)["citation_author"] == ["Bo </meta>"]
    comment = linked(page)
    assert comment["@type"] == "Comment"
    assert comment["text"] == "An </script><b> & a road."
    assert comment["author"] == [{"@type": "Person", "name": "Bo </meta>"}]
    assert page.select("head b") == []


def test_registers_and_glossaries_tell_their_names(outputs: Outputs) -> None:
    html = outputs("html")
    people = linked(parse(html / "commentary/people-register.html"))["@graph"]
    assert {one["@type"] for one in people} == {"Person"}
    assert len(people) == len(
        parse(html / "commentary/people-register.html").select("dl.register dt")
    )
    places = linked(parse(html / "commentary/places-register.html"))["@graph"]
    assert any("geo" in one for one in places)
    terms = linked(parse(html / "commentary/glossary.html"))
    assert terms["@type"] == "DefinedTermSet"
    ids = {str(one["id"]) for one in parse(html / "commentary/glossary.html").select("[id]")}
    assert {term["@id"].partition("#")[2] for term in terms["hasDefinedTerm"]} <= ids


def test_the_bibliography_is_whole(outputs: Outputs) -> None:
    html = outputs("html")
    shown = parse(html / "commentary/bibliography.html").select(".citation")
    sources = json.loads((html / "bibliography.json").read_text(encoding="utf-8"))
    entries = parse_file(str(html / "bibliography.bib")).entries
    assert len(shown) == len(sources) == len(entries) > 100
    assert {source["id"] for source in sources} == set(entries)
    by_key = {source["id"]: source for source in sources}
    assert by_key["Beal1884"]["author"][0]["family"] == "Beal"
    assert not [source for source in sources if re.search(r"[{}\\]", source["title"])]


def test_entries_hold_what_reference_managers_collect(small: Project) -> None:
    small.configure(
        """
        extensions.append("sphinxcontrib.bibtex")
        bibtex_bibfiles = ["all.bib"]
        bibtex_default_style = "author_year"
        bibtex_cite_id = "source-{key}"
        """
    )
    small.write(
        "all.bib",
        """
        @article{one, author = {Ada B and {The <Club>}}, title = {A "Road" & more},
          journal = {Roads}, year = 1901, volume = 7, pages = {1--2}, doi = {10.1/x}}
        @misc{two, author = {{N News}}, title = {A page}, year = 2022, month = {15 September},
          url = {https://example.org/?a=b&c},
          archiveurl = {https://archive.example/https://example.org/?a=b&c}}
        @misc{three, author = {{Z News}}, title = {Not kept}, year = 2022,
          archiveurl = {ftp://archive.example/1}}
        """,
    )
    small.write("commentary/sources.md", "# S\n\n```{bibliography}\n:all:\n```\n")
    small.index += "\n```{toctree}\ncommentary/sources\n```\n"
    small.build()
    told = [
        parse_qs(str(span["title"])) for span in small.page("commentary/sources").select(".Z3988")
    ]
    assert [one["rft_val_fmt"][0].rpartition(":")[2] for one in told] == ["journal", "dc", "dc"]
    assert told[0]["rft.atitle"] == ['A "Road" & more']
    assert told[0]["rft.au"] == ["B, Ada", "The <Club>"]
    assert told[0]["rft_id"] == ["info:doi/10.1/x"]
    assert told[1]["rft.date"] == ["2022-09-15"]
    assert told[1]["rft.identifier"] == ["https://example.org/?a=b&c"]
    sources = json.loads(small.output("bibliography.json").read_text(encoding="utf-8"))
    assert [one["type"] for one in sources] == ["article-journal", "webpage", "document"]
    copy = "https://archive.example/https://example.org/?a=b&c"
    assert [one.get("archive_location") for one in sources] == [None, copy, None]
    entries = parse_file(str(small.output("bibliography.bib"))).entries
    assert [entry.fields.get("archiveurl") for entry in entries.values()] == [None, copy, None]
    links = small.page("commentary/sources").select(".citation a[href^='https://archive.example']")
    assert [(link["href"], link.get_text()) for link in links] == [(copy, copy)]


def test_another_project_cites_passages_notes_and_terms(small: Project, new_project: Any) -> None:
    small.write("commentary/glossary.md", "# Terms\n\n```{glossary}\nport\n  A harbour.\n```\n")
    small.index += "\n```{toctree}\ncommentary/glossary\n```\n"
    small.build()
    other = new_project()
    inventory = small.output("objects.inv")
    other.configure(
        f"""
        extensions = ["myst_parser", "annotated_edition", "sphinx.ext.intersphinx"]
        edition_text = []
        intersphinx_mapping = {{"road": ("{ADDRESS}", {str(inventory)!r})}}
        """
    )
    other.write(
        "index.md",
        "# Other\n\n{external+road:edition:passage}`p2` {external+road:edition:note}`road` "
        "{external+road:term}`port`\n",
    )
    other.build()
    assert other.warnings == ""
    links = [(one.get_text(), one["href"]) for one in other.page("index").select("a.external")]
    assert links == [
        ("¶2", f"{ADDRESS}text/b.html#p2"),
        ("Road", f"{ADDRESS}commentary/places/road.html"),
        ("port", f"{ADDRESS}commentary/glossary.html#term-port"),
    ]
