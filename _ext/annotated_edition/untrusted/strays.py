"""Files in the folders of the commentary that are no notes, and were meant for some.

Sphinx reads what has a suffix of ``source_suffix`` and passes over everything else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath

from sphinx.application import Sphinx
from sphinx.util.matching import compile_matchers

from annotated_edition.domain.sources import documents_of
from annotated_edition.model.documents import Part
from annotated_edition.model.records import Problem, Subtype
from annotated_edition.text.suggest import slug
from annotated_edition.untrusted import allowlists
from annotated_edition.untrusted.files import shown

#: Suffixes that texts have; beside the folders of notes nothing else is looked at.
_TEXTS = frozenset(
    ".markdown .mdown .mkd .mkdn .mdx .md~ .txt .text .rtf .doc .docx .odt .pages .html .htm "
    ".orig .rej .bak .tmp .old".split()
)
#: What editors, systems and version control leave.
_OTHERS = frozenset(".pdf .zip .db .url .webloc .lnk .exe .mp3 .mp4 .xlsx .pptx .ini".split())
#: Pictures that commentary can't show.
_PICTURES = frozenset(
    ".svg .svgz .avif .heic .heif .tif .tiff .bmp .ico .psd .jp2 .jxl .eps".split()
)
_LEFT = re.compile(
    r"~\$.*|.*(?:~|\.orig|\.rej|\.bak|\.tmp|\.old|\.swp|_BACKUP_\d+.*|_LOCAL_\d+.*)\Z"
)
_KNOWN = frozenset({".bib", ".json", ".csv", ".yml", ".yaml", ".license", ".geojson"})


def strays(app: Sphinx) -> Iterator[Problem]:
    """Every file that isn't read, though it lies among the notes, with the name it should have."""
    config, root = app.config, Path(app.srcdir)
    documents = documents_of(config)
    suffixes = tuple(config.source_suffix)
    excluded = compile_matchers([*config.exclude_patterns])
    bibliographies = list(getattr(config, "bibtex_bibfiles", None) or ())
    for folder, is_kind in _folders(
        root, [*config.edition_notes, *config.edition_cross_references]
    ):
        for entry in sorted(os.scandir(root / folder), key=lambda entry: entry.name):
            path = f"{folder}/{entry.name}"
            if not entry.is_file(follow_symlinks=False) or entry.name.startswith("."):
                continue
            if excluded_by(path, excluded):
                continue
            if path.endswith(suffixes):
                continue
            suffix = PurePosixPath(entry.name).suffix.lower()
            if ".bib" in entry.name.lower() and path not in bibliographies:
                yield Problem(Subtype.SOURCE, shown(path), 1, _of_bibliography(bibliographies))
                continue
            if suffix in allowlists.IMAGES | _KNOWN:
                continue
            is_text = suffix in _TEXTS or entry.name.lower().endswith(suffixes) or (
                _LEFT.match(entry.name) is not None
            )  # fmt: skip
            name = f"{folder}/{re.sub(r'[.].*', '', entry.name)}"
            if not is_text and not (is_kind and documents.part(name) is not Part.OTHER):
                continue
            yield Problem(Subtype.FRONT_MATTER, shown(path), 1, _advice(entry.name, suffixes))


def excluded_by(path: str, matchers: Sequence[object]) -> bool:
    """Whether one of Sphinx's matchers names *path*."""
    return any(match(path) for match in matchers)  # type: ignore[operator]


def _of_bibliography(named: Sequence[str]) -> str:
    """What to do about a file of sources that nothing reads."""
    where = f"move its entries to {named[0]}, or " if named else ""
    return f"no bibliography reads this file: {where}name it in bibtex_bibfiles (conf.py)"


def _advice(name: str, suffixes: Sequence[str]) -> str:
    wanted = ".md" if ".md" in suffixes else suffixes[0]
    stem = name.partition(".")[0]
    if _LEFT.match(name):
        return f"{name!r} is a copy that a tool left, and no note: delete it"
    if PurePosixPath(name).suffix.lower() in _OTHERS:
        return "this file is no note, and nothing shows it: delete it"
    if PurePosixPath(name).suffix.lower() in _PICTURES:
        return (
            f"commentary shows no pictures but {', '.join(sorted(allowlists.IMAGES))}: save it as "
            "one of them, or delete it"
        )
    return (
        f"this file is no note, for its name doesn't end with {wanted}: call it "
        f"{slug(stem) or 'silk-road'}{wanted}"
    )


def _folders(root: Path, globs: Collection[str]) -> Iterator[tuple[str, bool]]:
    """The folders of notes, and those above them, that are there."""
    seen: dict[str, bool] = {}
    for glob in globs:
        above, _slash, _name = glob.rpartition("/")
        for folder in sorted(root.glob(above)) if above and not above.startswith("/") else ():
            if folder.is_dir() and not folder.is_symlink() and folder.is_relative_to(root):
                path = folder.relative_to(root).as_posix()
                if not any(part.startswith((".", "_")) for part in path.split("/")):
                    seen[path] = True
                    parent = path.rpartition("/")[0]
                    if parent:
                        seen.setdefault(parent, False)
    yield from sorted(seen.items())
