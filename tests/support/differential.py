"""A small edition whose every part can be changed, and its comparison with a clean build.

What is left out, since its clean result is chance in plain Sphinx itself: two labels or two terms
of one name (which of them holds depends on the order of reading); several images or downloads of
one file name (who is renamed depends on it, too), and images that no page shows any more.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sphinx.builders.html._assets import _file_checksum_inner
from sphinx.errors import SphinxError

from support.project import Project

BUILDERS = ("html", "dirhtml", "epub", "text", "edition-pdf")

#: Files of an output that say when, or from what, it was made.
_OWN = {".edition.json", ".buildinfo", ".buildinfo.bak", "layout.json"}

CONF = """\
project = {project!r}
author = "Somebody"
extensions = ["myst_parser", "sphinxcontrib.bibtex", "annotated_edition"]
edition_text = ["text/*"]
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "author_year"
bibtex_reference_style = "author_year_semicolon"
html_theme = {theme!r}
html_theme_options = {options!r}
html_static_path = ["static"]
html_css_files = ["own.css"]
edition_repository = "https://github.com/somebody/edition"
edition_credit_from_history = False
edition_gist_words = {gist_words!r}
edition_glossary_links = {glossary_links!r}
edition_map_data = "map.json"
edition_copy_text = {copy_text!r}
edition_kinds = {kinds!r}
edition_pdf_front = []
edition_pdf_back = []
nitpicky = {nitpicky!r}
nitpick_ignore = {ignored!r}
suppress_warnings = ["bibtex.duplicate_label", *{suppressed!r}]
"""

#: What may stand in a gist, a definition or a page; NOTE, TERM and PAGE are filled in.
PIECES = (
    "plain words",
    "{doc}`/pages/one`",
    "[](/pages/two.md)",
    "[words](/pages/one.md)",
    "[](/pages/one.md#part)",
    "{ref}`spot`",
    "{ref}`words <spot>`",
    "[](#spot)",
    "{any}`spot`",
    "{term}`port`",
    "{term}`ship`",
    "{cite:p}`foo`",
    "{cite:t}`bare`",
    "{cite:p}`foo,bar`",
    "{edition:note}`aa`",
    "{edition:note}`bb`",
    "{edition:passage}`p2`",
    "{edition:name}`Belt`",
    "[](#p3)",
    "{any}`aa`",
    "{eq}`sum`",
    "{numref}`table`",
    "{nosuchrole}`x`",
    "[](nowhere.md)",
    "{py:func}`f`",
    "many words " * 12,
)
WORDS = ("road", "belt", "port", "ship", "harbour", "silk")


@dataclass
class Folder:
    """The project that is built again and again, and the clean ones beside it."""

    root: Path
    files: dict[str, str] = field(default_factory=dict)
    settings: dict[str, object] = field(default_factory=dict)
    builds: int = 0

    def __post_init__(self) -> None:
        self.project = Project(self._new("kept"))
        self.settings |= {
            "project": "A small edition",
            "theme": "edition",
            "options": {"nav": ["pages/one", "glossary"]},
            "gist_words": 30,
            "glossary_links": "first",
            "copy_text": None,
            "kinds": {"history": "History", "places": "Places"},
            "nitpicky": False,
            "ignored": set(),
            "suppressed": [],
        }

    def _new(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir(parents=True)
        return folder

    def write(self, name: str, text: str) -> None:
        """Write a file, if that changes it."""
        if self.files.get(name) != text:
            self.files[name] = text
            self.project.write(name, text)

    def delete(self, name: str) -> None:
        """Delete a file."""
        del self.files[name]
        (self.project.folder / name).unlink()

    def configure(self, **settings: object) -> None:
        """Change settings."""
        self.settings |= settings
        self.write("conf.py", CONF.format(**self.settings))

    def compare(self, builder: str, processes: int = 1) -> list[str]:
        """What differs after a build, by so many processes, from one from nothing."""
        self.builds += 1
        kept = outcome(self.project, builder, processes)
        clean = Project(self._new(f"clean-{self.builds}"))
        for name, text in self.files.items():
            clean.write(name, text)
        try:
            return list(_differences(kept, outcome(clean, builder)))
        finally:
            shutil.rmtree(clean.folder)


@dataclass
class Outcome:
    """What a build gave: files, warnings, and how it ended."""

    files: dict[str, object]
    warnings: set[str]
    end: str


def outcome(project: Project, builder: str, processes: int = 1) -> Outcome:
    """Build a project."""
    # Sphinx keeps what it knows of style sheets as long as its process lives.
    _file_checksum_inner.cache_clear()
    end = ""
    try:
        project.build(builder, parallel=processes)
    except SphinxError as error:
        end = f"{type(error).__name__}: {error}"
    lines = project.warnings.replace(str(project.folder), "")
    # A message may run over lines; every one of them tells.
    warnings = {line for line in lines.splitlines() if line.strip()}
    files = {} if end else dict(_files(project.output("", builder)))
    return Outcome(files, warnings, end.replace(str(project.folder), ""))


def _files(folder: Path) -> Iterator[tuple[str, object]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.name in _OWN or path.suffix in (".pdf", ".made-of"):
            continue
        if path.suffix == ".epub":
            with zipfile.ZipFile(path) as archive:
                for member in archive.infolist():
                    yield f"{name}!{member.filename}", archive.read(member)
        elif path.name == "searchindex.js":
            yield name, _search(path.read_text(encoding="utf-8"))
        else:
            yield name, path.read_bytes()


def _search(text: str) -> object:
    """The search's index, without words that stand on no page any more."""
    index = json.loads(re.sub(r"^Search\.setIndex\((.*)\)$", r"\1", text, flags=re.DOTALL))
    for words in ("terms", "titleterms"):
        index[words] = {word: found for word, found in index[words].items() if found != []}
    for lists in ("alltitles", "indexentries"):
        index[lists] = {name: sorted(found, key=repr) for name, found in index[lists].items()}
    return index


def _differences(kept: Outcome, clean: Outcome) -> Iterator[str]:
    if kept.end != clean.end:
        yield f"ended with {kept.end!r}, clean with {clean.end!r}"
    if clean.end:
        return  # an end in the middle says nothing of warnings and files
    for warning in sorted(clean.warnings - kept.warnings):
        yield f"lost the warning {warning}"
    for warning in sorted(kept.warnings - clean.warnings):
        yield f"has the old warning {warning}"
    for name in sorted(clean.files.keys() - kept.files.keys()):
        yield f"lacks {name}"
    for name in sorted(kept.files.keys() - clean.files.keys()):
        if not name.startswith(("_images/", "_downloads/")) and name != "404.html":
            yield f"still has {name}"
    for name in sorted(clean.files.keys() & kept.files.keys()):
        if clean.files[name] != kept.files[name]:
            yield f"{name}: {_first(kept.files[name], clean.files[name])}"


def _first(kept: object, clean: object) -> str:
    """Where two files differ first."""
    if isinstance(kept, dict) and isinstance(clean, dict):
        keys = [key for key in {**kept, **clean} if kept.get(key) != clean.get(key)]
        return "; ".join(
            f"{key}: {kept.get(key)!r:.200} != {clean.get(key)!r:.200}" for key in keys
        )
    assert isinstance(kept, bytes)
    assert isinstance(clean, bytes)
    at = next((n for n, (a, b) in enumerate(zip(kept, clean, strict=False)) if a != b), 0)
    begin = max(at - 100, 0)
    return f"{kept[begin : at + 100]!r} is old, {clean[begin : at + 100]!r} new"


Change = Callable[[Folder], None]
