"""The files of a project before Sphinx opens them: what leads elsewhere, or has an unfit name.

Sphinx follows links, opens whatever is there and writes files with longer names than it
found.  So the folders are looked through once, without following anything, before it looks
for documents (``config-inited``); what it must not find is added to ``exclude_patterns``.
``env-before-read-docs`` reports it (``parser.sort_out``).
"""

from __future__ import annotations

import logging
import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.matching import compile_matchers

from annotated_edition import internals
from annotated_edition.domain.sources import documents_of
from annotated_edition.model.documents import Documents, folded
from annotated_edition.model.records import Problem, Subtype
from annotated_edition.text.control import UNSEEN

#: Bytes of a document's name, and of its path.  255 is what file systems allow for a name;
#: those of the output are longer (``.doctree``, ``.md.txt``), and so is its path.
MOST_NAME = 200
MOST_PATH = 1000

#: What Sphinx never takes for documents, besides what ``exclude_patterns`` names.
_NEVER = ("**/_sources", ".#*", "**/.#*", "*.lproj/**", ".git", "**/.git")

#: Settings that name files or folders of the project which are read or copied.
_SETTINGS = (
    "bibtex_bibfiles",
    "edition_copy_text",
    "edition_map_data",
    "epub_cover",
    "html_extra_path",
    "html_favicon",
    "html_logo",
    "html_static_path",
    "latex_additional_files",
    "latex_logo",
    "locale_dirs",
    "templates_path",
)

LINKED_FILE = "the file is a link to another file: put the text itself there"
_LINKED_FOLDER = "the folder is a link to another folder: put the files themselves there"
_LEADS_OUT = "the file is a link that leads out of its folder: put the file itself there"
_SPECIAL = "this is no file but a pipe, a device or the like: remove it"
_NO_UTF8 = "the name isn't UTF-8: rename it"
_CONTROL = "the name has control characters: rename it"
_APART = "letters and accents of the name are apart (NFD), so nothing finds it: rename it (NFC)"
_COMPOSED_TWIN = "there is a file of this name already, with accents otherwise composed: rename it"
_LONG = f"the name is longer than {MOST_NAME} bytes: give the file a shorter one"
_LONG_PATH = f"the path is longer than {MOST_PATH} bytes: use shorter names or fewer folders"
#: Those that end lines, hide or turn round what stands beside them.
_UNSEEN = re.compile(rf"[\x00-\x1f\x7f-\x9f]|{UNSEEN.pattern}")


class Unfit(NamedTuple):
    """A file or folder that Sphinx must not open: its path in the project, and why."""

    path: str
    problem: str


#: What was found, to be reported in each build of an application.
_found: WeakKeyDictionary[Sphinx, list[Unfit]] = WeakKeyDictionary()


class _Unsaid(logging.Handler):
    """Lets Sphinx say nothing of what stands twice among its files: the other is reported."""

    #: The files and documents of the last application, as Sphinx calls them.
    names: Collection[str] = ()

    def emit(self, record: logging.LogRecord) -> None:
        """Make little of a warning about one of them."""
        args = record.args if isinstance(record.args, tuple) else ()
        if record.name == "sphinx.sphinx.project" and args and args[0] in self.names:
            # Other handlers, which come after this one, go by the level.
            record.levelno, record.levelname = logging.DEBUG, "DEBUG"


_unsaid = _Unsaid()


def sift_settings(app: Sphinx, config: Config) -> None:
    """Have no setting name what leads elsewhere or is no file (``config-inited``, at first)."""
    _found[app] = list(_sift_settings(Path(app.srcdir), config))


def leave_out(app: Sphinx, config: Config) -> None:
    """Have Sphinx find no unfit file (``config-inited``, when it knows its suffixes)."""
    root = Path(app.srcdir)
    outputs = {Path(app.outdir), Path(app.doctreedir)}
    excluded = compile_matchers([*config.exclude_patterns, *_NEVER])

    def skip(path: str) -> bool:
        plain = unicodedata.normalize("NFC", path)
        return any(match(plain) for match in excluded) or root / path in outputs

    found = list(unfit(root, tuple(config.source_suffix), skip, documents_of(config)))
    # Sphinx takes such a twin for the file itself: it can't leave out one of them.
    twins = [one for one in found if one.problem == _COMPOSED_TWIN]
    _unsaid.names = {name for one in twins for name in _names_of(one, config.source_suffix)}
    internals.hear_warnings(_unsaid)
    if found:
        left_out = [_as_pattern(one) for one in found if one not in twins]
        config.exclude_patterns = [*config.exclude_patterns, *left_out]
        known = {one.path for one in _found[app]}
        _found[app] += [one for one in found if one.path not in known]


def _names_of(found: Unfit, suffixes: Iterable[str]) -> Iterator[str]:
    """What Sphinx calls a file, and its document."""
    plain = unicodedata.normalize("NFC", found.path)
    yield plain
    yield from (plain.removesuffix(suffix) for suffix in suffixes if plain.endswith(suffix))


def problems(app: Sphinx) -> Iterator[Problem]:
    """A report of each, by a name that every terminal can show."""
    for path, problem in _found.get(app, ()):
        yield Problem(Subtype.UNSAFE, shown(path), 1, problem)


def shown(path: str) -> str:
    """A path without what no terminal, no page and no log can hold."""
    plain = path.encode("utf-8", "backslashreplace").decode("utf-8")
    plain = _UNSEEN.sub(lambda sign: ascii(sign[0])[1:-1], plain)
    return plain if len(plain) <= 300 else f"{plain[:200]} … {plain[-80:]}"


def unfit(
    root: Path, suffixes: tuple[str, ...], skip: Callable[[str], bool], documents: Documents
) -> Iterator[Unfit]:
    """What Sphinx must not open below *root*; *skip* says what it doesn't anyway.

    Each folder is listed once; links are looked at, but not followed.
    """
    names: dict[str, dict[str, list[str]]] = {}
    ahead = [""]
    while ahead:
        above = ahead.pop()
        try:
            with os.scandir(root / above) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            continue  # nor can Sphinx list it
        for entry in entries:
            path = f"{above}{entry.name}"
            if skip(path):
                continue
            is_folder = entry.is_dir(follow_symlinks=False)
            suffix = next((suffix for suffix in suffixes if path.endswith(suffix)), "")
            problem = _problem_of(entry, path, suffix, root)
            if suffix and not is_folder:
                problem = problem or _apart(path, root)
            if problem:
                yield Unfit(path, problem)
            elif is_folder:
                ahead.append(f"{path}/")
            elif suffix:
                docname = unicodedata.normalize("NFC", path.removesuffix(suffix))
                names.setdefault(folded(docname), {}).setdefault(docname, []).append(path)
    for plain, by_name in names.items():
        for paths in by_name.values():
            yield from _doubles(paths, suffixes)
        if len(by_name) > 1:
            yield from _twins(plain, by_name, documents)
    yield from _in_the_way(names, documents)


def _problem_of(entry: os.DirEntry[str], path: str, suffix: str, root: Path) -> str | None:
    if entry.is_symlink():
        if _is_folder(entry):
            return _LINKED_FOLDER
        if suffix:
            return LINKED_FILE
        return _LEADS_OUT if leads_out(root / path, root) else None
    is_folder = entry.is_dir(follow_symlinks=False)
    if not is_folder and not entry.is_file(follow_symlinks=False):
        return _SPECIAL
    return name_problem(path, is_folder, bool(suffix))


def _is_folder(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:
        return False


def name_problem(path: str, is_folder: bool, is_document: bool) -> str | None:
    """What is wrong with the last name of *path*, if anything is."""
    name = path.rpartition("/")[2]
    if len(os.fsencode(path)) > MOST_PATH:
        return _LONG_PATH
    if not (is_folder or is_document):
        return None  # who uses it looks at its name
    try:
        encoded = name.encode("utf-8")
    except UnicodeEncodeError:
        return _NO_UTF8
    if _UNSEEN.search(name):
        return _CONTROL
    return _LONG if is_document and len(encoded) > MOST_NAME else None


def leads_out(path: Path, root: Path) -> bool:
    """Whether *path*, below the resolved folder *root*, really lies outside its folder.

    So it does where a folder above it is a link, unless that leads to itself.
    """
    plain = Path(os.path.normpath(path))
    try:
        return plain.is_relative_to(root) and not path.resolve().is_relative_to(plain.parent)
    except (OSError, RuntimeError):
        return True  # a loop


def is_special(path: Path) -> bool:
    """Whether *path* is there, and neither a file nor a folder: opening it might never end."""
    return path.exists() and not path.is_file() and not path.is_dir()


def picture_problem(path: Path, root: Path) -> str | None:
    """Why the picture *path* must not be opened, if so; what isn't there can't be."""
    name = path.name.encode("utf-8", "surrogateescape")
    if len(name) > MOST_NAME:
        return f"has a name of more than {MOST_NAME} bytes"
    try:
        if leads_out(path, root):
            return "is a link that leads out of its folder"
        return "is no file" if is_special(path) or path.is_dir() else None
    except (OSError, ValueError):
        return "can't be found"


def _twins(plain: str, by_name: dict[str, list[str]], documents: Documents) -> Iterator[Unfit]:
    """Documents whose pages are one where capital letters make no difference, but for one.

    That is a page of the text before others, and one in small letters, as notes are.
    """
    first, *others = sorted(
        by_name, key=lambda name: (not documents.is_vouched_for(name), name != plain, name)
    )
    for docname in others:
        for path in by_name[docname]:
            other = shown(by_name[first][0])
            yield Unfit(path, f"the name differs from {other} in capital letters only: rename it")


def _in_the_way(
    names: Mapping[str, Mapping[str, Sequence[str]]], documents: Documents
) -> Iterator[Unfit]:
    """Strangers' documents below folders of which a builder makes files, such as ``a.html/b.md``.

    *names* has documents by their folded names.  Of a page that people vouch for, what a stranger
    has put before it is unfit.
    """

    def of_strangers(name: str) -> list[str]:
        by_name = names[name]
        return [path for one in filter(documents.untrusted, by_name) for path in by_name[one]]

    for plain in names:
        for folder, page in _files_of_pages(plain):
            if page in names:
                problem = f"{shown(folder)} may be the file of a page, and no folder: rename it"
                yield from (
                    Unfit(path, problem) for path in of_strangers(plain) or of_strangers(page)
                )
                break


def _files_of_pages(docname: str) -> Iterator[tuple[str, str]]:
    """The folders that a page is written to, and the pages of which builders may make such files.

    A file's name is the document's with a suffix, or with two (``a.md.txt``); or it is
    ``index.html`` in a folder of the document's name (``dirhtml``).
    """
    parts = docname.split("/")
    for number, part in enumerate(parts):
        folder = "/".join(parts[: number + 1])
        above = folder.removesuffix(part)
        if number < len(parts) - 1:
            yield from ((folder, above + part[:at]) for at, sign in enumerate(part) if sign == ".")
        if part == "index.html":
            yield from ((folder, page) for page in (above.rstrip("/"), f"{above}index"))


def _doubles(paths: list[str], suffixes: Sequence[str]) -> Iterator[Unfit]:
    """All files of one document but for one, and take them out of its *paths*.

    The one is that whose suffix stands first in ``source_suffix``.
    """
    paths.sort(key=lambda path: [path.endswith(suffix) for suffix in suffixes], reverse=True)
    for path in paths[1:]:
        yield Unfit(path, f"there is {shown(paths[0])} already: rename it, or delete one of them")
    del paths[1:]


def _apart(path: str, root: Path) -> str | None:
    """What is wrong with a name that Sphinx composes, where the composed name is another's."""
    composed = unicodedata.normalize("NFC", path)
    if composed == path:
        return None
    try:
        is_same = (root / composed).samefile(root / path)
    except OSError:
        return _APART
    return None if is_same else _COMPOSED_TWIN


def _as_pattern(found: Unfit) -> str:
    """A glob of Sphinx's that finds this path, as Sphinx composes it, and no other."""
    plain = unicodedata.normalize("NFC", found.path)
    # A set that begins with a bracket is one that Python warns of.
    return re.sub(r"[*?[]", lambda sign: r"[\[]" if sign[0] == "[" else f"[{sign[0]}]", plain)


def _sift_settings(root: Path, config: Config) -> Iterator[Unfit]:
    """Take out of the settings what leads elsewhere or is no file, and tell."""
    for name in _SETTINGS:
        if name not in config:
            continue
        value = getattr(config, name)
        if isinstance(value, str):
            bad = list(_unfit_below(root, value))
            if bad:
                config[name] = None
                yield from bad
        elif isinstance(value, (list, tuple)):
            kept = []
            for path in value:
                bad = list(_unfit_below(root, path)) if isinstance(path, str) else []
                if bad:
                    yield from bad
                else:
                    kept.append(path)
            if len(kept) < len(value):
                config[name] = kept


def _unfit_below(root: Path, named: str) -> Iterable[Unfit]:
    """What is unfit of a file that a setting names, or in a folder that it does."""
    path = Path(os.path.normpath(root / named))
    if not path.is_relative_to(root) or path == root:
        return  # the project's own affair
    if is_special(path):
        yield Unfit(named, _SPECIAL)
    elif leads_out(path, root):
        yield Unfit(named, _LEADS_OUT)
    elif path.is_dir():
        yield from unfit_in_folder(path, root)


def unfit_in_folder(folder: Path, root: Path) -> Iterator[Unfit]:
    """What is unfit in a folder that is copied as it is: nothing may lead out of it."""
    for above, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(above, name)
            if is_special(path):
                yield Unfit(path.relative_to(root).as_posix(), _SPECIAL)
            elif path.is_symlink() and not _resolves_into(path, folder):
                yield Unfit(path.relative_to(root).as_posix(), _LEADS_OUT)


def _resolves_into(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, RuntimeError):
        return False
