"""Every builder of Sphinx: the notes are there, links land, ids are single, no word is altered.

All are run on a small project with what has gone wrong before: an institution as long as a line,
ids that two documents have in common, terms and notes within the author's words.  Those that
share code with none of the others are run on the edition too.
"""

from __future__ import annotations

import json
import pickle
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from support.edition import NOTES, PAGES, Outputs
from support.pages import parse, squeezed, words_of
from support.project import Project
from support.shared import folder_of, made_once

#: Builders that write HTML pages, with the ending of their files.
PAGED = {"html": "html", "dirhtml": "html", "singlehtml": "html", "htmlhelp": "html"}
PAGED |= {"qthelp": "html", "devhelp": "html", "applehelp": "html", "epub": "xhtml"}
SERIALIZED = ("json", "pickle")
#: Builders whose files hold words among markup.
MARKED = ("text", "man", "texinfo", "latex", "xml", "pseudoxml")
SILENT = ("changes", "dummy")
#: One that keeps documents of its own kind; those that look at the network or at code.
OTHERS = {"gettext", "linkcheck", "doctest", "coverage"}

LONG = "The Interdepartmental Commission for Names That Are Longer Than A Line of Text Is"
TEXT = (
    "At dawn the well-known *caravan* left the salt town on the Silk Road.\n\n"
    "Nobody saw the guide.",
    "The guide knew every deep well, and the caravan “drank” from it.",
)
GISTS = {
    "road": "Nobody called it so {cite}`long`.",
    "well": "It was dug twice {cite}`doe`.",
    "guide": "No source names the person {cite}`doe`.",
}


def write(project: Project) -> None:
    project.text(*TEXT)
    project.note("history/road", "Silk Road", GISTS["road"], body="## Sources\n\nMore.")
    project.note("history/well", "deep well", GISTS["well"], body="## Sources\n\nMore.")
    quotes = "[Nobody saw the guide, The guide knew]"
    project.note("history/guide", quotes, GISTS["guide"], body="## Sources\n\nMore.")
    project.write(
        "glossary.md",
        "# Glossary\n\n```{glossary}\ncaravan\n  People.\n\nsalt town\n  A town.\n```\n\n"
        "## Sources\n",
    )
    project.write(
        "r.bib",
        f"@misc{{long, author={{{{{LONG}}}}}, title={{A report}}, year=2001}}\n"
        "@misc{doe, author={Doe, Jane}, title={Wells}, year=2002}\n",
    )
    project.write("sources.md", "# Bibliography\n\n```{bibliography}\n```\n")
    project.index += "\n```{toctree}\nglossary\nsources\n```\n"
    project.configure(
        """
        extensions += ["sphinxcontrib.bibtex"]
        bibtex_bibfiles = ["r.bib"]
        bibtex_default_style = "author_year"
        bibtex_reference_style = "author_year"
        html_theme = "edition"
        html_theme_options = {"nav": {"glossary": "Terms", "sources": "Sources"}}
        copyright = author = "Editors"
        version = release = "1"
        epub_show_urls = "no"
        applehelp_bundle_id = "org.example.edition"
        applehelp_disable_external_tools = True
        man_pages = [("index", "edition", "Edition", [], 1)]
        texinfo_documents = [
            ("index", "edition", "Edition", "Editors", "Edition", "An edition", "Misc"),
        ]
        """
    )


BUILDERS = (*PAGED, *SERIALIZED, *MARKED, *SILENT)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A small project, built by all builders in turn."""
    folder = folder_of(tmp_path_factory, "every-builder")

    def make() -> None:
        folder.mkdir()
        project = Project(folder)
        write(project)
        said = {}
        for builder in BUILDERS:
            project.build(builder)
            said[builder] = project.warnings
        (folder / "warnings.json").write_text(json.dumps(said), encoding="utf-8")

    made_once(folder, make)
    return Project(folder)


class Output:
    """What one builder made."""

    def __init__(self, builder: str, folder: Path) -> None:
        self.builder = builder
        self.folder = folder
        self.pages = dict(self._pages())
        self.files = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}

    def _pages(self) -> Iterator[tuple[str, BeautifulSoup]]:
        if self.builder in SERIALIZED:
            for path in sorted(self.folder.rglob(f"*.f{self.builder}")):
                data: dict[str, Any] = (
                    json.loads(path.read_bytes())
                    if self.builder == "json"
                    else pickle.loads(path.read_bytes())
                )
                if "body" in data:
                    name = path.relative_to(self.folder).as_posix()
                    yield name, BeautifulSoup(data["body"], "lxml")
        elif self.builder in PAGED:
            ending = PAGED[self.builder]
            for path in sorted(self.folder.rglob(f"*.{ending}")):
                # Each says itself in which letters it is written.
                parser = "lxml-xml" if ending == "xhtml" else "lxml"
                page = BeautifulSoup(path.read_bytes(), parser)
                yield path.relative_to(self.folder).as_posix(), page

    def all(self, selector: str) -> list[Tag]:
        return [found for page in self.pages.values() for found in page.select(selector)]

    def doubled(self) -> list[str]:
        """Ids that a page has more than once."""
        return [
            f"{name}#{id_}"
            for name, page in self.pages.items()
            for id_, times in Counter(str(tag["id"]) for tag in page.select("[id]")).items()
            if times > 1
        ]

    def dead(self) -> list[str]:
        """Links within the output that lead nowhere."""
        ids = {
            name: {str(tag[key]) for key in ("id", "name") for tag in page.select(f"[{key}]")}
            for name, page in self.pages.items()
        }
        found = []
        for name, page in self.pages.items():
            for link in page.select("a[href]"):
                href = str(link["href"])
                if re.match(r"[a-z]+:", href):
                    continue
                path, hash_, fragment = href.partition("#")
                target = name if not path else posixpath.join(posixpath.dirname(name), path)
                target = posixpath.normpath(target)
                if target not in self.files:
                    target = posixpath.normpath(posixpath.join(target, "index.html"))
                if href == "#" and self.builder != "singlehtml":
                    continue  # a page's link to itself
                nowhere = hash_ and not fragment and not path
                lost = fragment and target in ids and fragment not in ids[target]
                if nowhere or lost or target not in self.files:
                    found.append(f"{name}: {href}")
        return found


@pytest.fixture(scope="module", params=[*PAGED, *SERIALIZED])
def paged(request: pytest.FixtureRequest, small: Project) -> Output:
    return Output(request.param, small.folder / "_build" / request.param)


def test_sphinx_has_no_builder_that_is_forgotten(small: Project) -> None:
    registered = set(small.build("dummy").registry.builders)
    ours = {"tei", *(name for name in registered if name.startswith("edition-"))}
    assert registered - ours - OTHERS == set(BUILDERS)


def test_every_builder_is_silent(small: Project) -> None:
    said = json.loads((small.folder / "warnings.json").read_text(encoding="utf-8"))
    assert said == dict.fromkeys(BUILDERS, "")


def test_gettext_takes_the_text_and_the_notes(project: Project) -> None:
    write(project)
    project.build("gettext")
    assert project.warnings == ""
    said = files_of("pot", project.folder / "_build/gettext")
    for words in ("Nobody saw the guide.", "Nobody called it so", "No source names the person"):
        assert words in said


PASSAGES = [
    "At dawn the well-known caravan left the salt town on the Silk Road.",
    "Nobody saw the guide.",
    "The guide knew every deep well, and the caravan “drank” from it.",
]


def test_pages_have_every_note_and_no_other_word(paged: Output) -> None:
    once = paged.builder == "singlehtml"
    # A page that holds all of the text has its passages again.
    passages = [words_of(passage) for passage in paged.all(".passage")]
    assert list(dict.fromkeys(passages)) == PASSAGES
    times = len(passages) // len(PASSAGES)
    assert len(paged.all("[role=doc-noteref]")) == 4 * times
    notes = len(paged.all("[role=doc-footnote] .gist"))
    assert notes == (3 if once else 4 + 3 * (times - 1))


def test_no_link_is_dead_and_no_id_doubled(paged: Output) -> None:
    if paged.builder not in SERIALIZED:  # what surrounds these is another program's
        assert paged.dead() == []
    assert paged.doubled() == []


def test_the_menu_of_the_single_page_leads_to_its_parts(small: Project) -> None:
    page = Output("singlehtml", small.folder / "_build/singlehtml").pages["index.html"]
    menu = page.select(".edition-nav a")
    assert [link["href"] for link in menu] == ["#document-glossary", "#document-sources"]
    # Each note's own heading of that name can be led to.
    heads = [head.parent["id"] for head in page.select("h2, h3") if "Sources" in head.get_text()]
    assert len(heads) == len(set(heads)) == 4


#: What a format has around words; and in one piece where a note stands among the text's words.
_NOTES = {
    "texinfo": re.compile(r"@footnote\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"),
    "latex": re.compile(r"\\begin\{footnote\}.*?\\end\{footnote\}", re.DOTALL),
    "xml": re.compile(r"<footnote .*?</footnote>", re.DOTALL),
    "pseudoxml": re.compile(r"(?m)^( *)<footnote [^\n]*\n(\1 +[^\n]*\n)*"),
}
_MARKUP = {
    "man": re.compile(r"\\f[A-Z]|\\\(\w\w|\\\[\w+\]|(?m:^\.[A-Z]+ ?)"),
    "texinfo": re.compile(r"@anchor\{[^}]*\}|@ref\{[^,]*,+|@\w+"),
    "latex": re.compile(
        r"\\(?:DUrole|label|hyperref|hyperlink|sphinxfootnotemark|detokenize|index)"
        r"(?:\{\\detokenize\{[^}]*\}\}|\[[^]]*\]|\{[^}]*\})|\\\w+"
    ),
    "xml": re.compile(r"<[^>]*>"),
    "pseudoxml": re.compile(r"(?m)^ *<.*$"),
}


def letters_of(builder: str, text: str) -> str:
    for patterns in (_NOTES, _MARKUP):
        if builder in patterns:
            text = patterns[builder].sub(" ", text)
    return squeezed(text)


def files_of(builder: str, folder: Path) -> str:
    endings = {"text": "txt", "man": "1", "texinfo": "texi", "latex": "tex"}
    files = sorted(folder.rglob(f"*.{endings.get(builder, builder)}"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("builder", MARKED)
def test_other_formats_have_every_note_and_every_word(small: Project, builder: str) -> None:
    source = files_of(builder, small.folder / "_build" / builder)
    plain = letters_of(builder, source)
    for words in PASSAGES:
        pattern = r"\d*?".join(squeezed(words))
        assert re.search(pattern, plain), words
    for gist in GISTS.values():
        start = squeezed(gist.partition("{")[0])
        # On the text's page, or at its foot, and on its own.
        assert squeezed(re.sub(r"<[^>]*>|\\\w+", "", source)).count(start) >= 2, gist


def test_text_has_no_asterisk_among_the_authors_words_but_theirs(small: Project) -> None:
    page = (small.folder / "_build/text/text/a.txt").read_text(encoding="utf-8")
    assert "the well-known *caravan* left the salt town on the Silk Road[1]." in " ".join(
        page.split()
    )
    sources = (small.folder / "_build/text/sources.txt").read_text(encoding="utf-8")
    assert LONG in " ".join(sources.split())


# ---- The edition ------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["singlehtml", "json"])
def edition(request: pytest.FixtureRequest, outputs: Outputs) -> Output:
    return Output(request.param, outputs(request.param))


def test_the_edition_is_whole(edition: Output, outputs: Outputs) -> None:
    """What no other file of the tests asks these builders for."""
    pages = [parse(outputs("html") / f"article/{name}.html") for name in PAGES]
    wanted = [words_of(passage) for page in pages for passage in page.select(".passage")]
    found = {words_of(passage) for passage in edition.all(".passage")}
    assert found == set(wanted)
    links = edition.all("[role=doc-noteref]")
    assert {str(link["href"]).partition("#note-")[2] for link in links} == set(NOTES)
    assert edition.doubled() == []
    if edition.builder not in SERIALIZED:
        assert edition.dead() == []
