"""The edition, read by Sphinx in this process, with what it read before at hand.

Nothing is built.  What Sphinx read is kept in ``_build/check`` and used again only
where it must come out the same: see :class:`_Cache`.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Set
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError, SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from annotated_edition.bibliography.queries import CHECK
from annotated_edition.domain.own_code import code_version
from annotated_edition.untrusted.outputs import refuse_tracked_below
from annotated_edition.weave.build_lock import FolderLock

CACHE = "_build/check"
_BUILDER = "edition-check"


@contextmanager
def opened(
    source: Path, warnings: TextIO, fresh: bool = False, credit: bool = True
) -> Iterator[Sphinx]:
    """Sphinx, ready to :meth:`~sphinx.application.Sphinx.build` without output.

    With *fresh*, or where anything but documents has changed, all is read anew.  Without *credit*
    nobody looks up who wrote what, of which no mistake can come.  Raises SphinxError where
    ``conf.py`` is wrong.
    """
    source = source.resolve()
    refuse_tracked_below(source, (source / CACHE).resolve())
    nocolor()
    with _own(source) as folder, patch_docutils(source), docutils_namespace():
        cache = _Cache(source, folder)
        with _told_of_extension():
            app = Sphinx(
                source,
                source,
                folder / "output",
                folder / "doctrees",
                _BUILDER,
                status=None,
                warning=warnings,
                tags=[CHECK],
                confoverrides={} if credit else {"edition_credit_from_history": False},
                freshenv=fresh or not cache.holds(),
            )
        app.connect("env-get-outdated", cache.changed)
        yield app
        cache.remember(app)


@contextmanager
def _told_of_extension() -> Iterator[None]:
    """Say what is missing where Sphinx doesn't know the builder, which the extension adds."""
    try:
        yield
    except SphinxError as error:
        if _BUILDER not in str(error):
            raise
        message = 'conf.py doesn\'t name this extension: add "annotated_edition" to extensions'
        raise ConfigError(message) from error


@contextmanager
def _own(source: Path) -> Iterator[Path]:
    """The folder to keep things in, or a passing one while another check uses that."""
    with ExitStack() as stack:
        folder = source / CACHE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.callback(FolderLock(folder).release)
        except OSError:
            folder = Path(stack.enter_context(TemporaryDirectory()))
        yield folder


class _Cache:
    """Tells by contents, never by times, what of an earlier reading still holds.

    All of it goes when Python, an installed package, the extension, ``conf.py`` or a
    module of the project's own has changed.  A document is read again when its file has,
    or a file that it depends on, or when another tool warned of it while it was read
    (:mod:`annotated_edition.weave.incremental`).
    """

    def __init__(self, source: Path, folder: Path) -> None:
        self.source = source
        self.path = folder / "contents.json"
        self.tools = _digest_of_tools(source)
        try:
            known = json.loads(self.path.read_text(encoding="utf-8"))
            same = known["tools"] == self.tools and all(
                _digest_of(path) == digest for path, digest in known["code"].items()
            )
            self.files = dict(known["files"]) if same else None
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            self.files = None
        # Vouch for nothing until this run has ended well.
        self.path.unlink(missing_ok=True)

    def holds(self) -> bool:
        """Whether anything of the earlier reading does."""
        return self.files is not None

    def changed(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: Set[str],
        changed: Set[str],
        removed: Set[str],
    ) -> set[str]:
        """Documents whose contents, or whose dependencies' contents, differ."""
        known = self.files or {}
        now = {path: _digest_of(path) for path in _files(env, self.source)}
        return {
            docname
            for docname in env.found_docs - added
            if any(known.get(path) != now.get(path) for path in _files_of(env, docname))
        }

    def remember(self, app: Sphinx) -> None:
        """Write down what the files hold that were read, and the project's own programs."""
        known = {
            "tools": self.tools,
            "code": {path: _digest_of(path) for path in _own_code(app, self.source)},
            "files": {path: _digest_of(path) for path in _files(app.env, self.source)},
        }
        self.path.write_text(json.dumps(known), encoding="utf-8")


def _files(env: BuildEnvironment, source: Path) -> set[str]:
    return {path for docname in env.found_docs for path in _files_of(env, docname)}


def _files_of(env: BuildEnvironment, docname: str) -> Iterator[str]:
    yield str(env.doc2path(docname))
    for dependency in env.dependencies.get(docname, ()):
        yield os.path.normpath(Path(env.srcdir, dependency))


def _own_code(app: Sphinx, source: Path) -> set[str]:
    """The files of modules that belong to the project: its extensions, and what those import."""
    installed = {Path(one).resolve() for one in (sys.prefix, sys.base_prefix)}
    installed.add(Path(__file__).resolve().parents[1])  # whose code has a version
    found = set()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        path = Path(file).resolve() if file else None
        if path and (name in app.extensions or path.is_relative_to(source)):
            is_installed = "site-packages" in path.parts or any(
                path.is_relative_to(folder) for folder in installed
            )
            if not is_installed:
                found.add(str(path))
    return found


def _digest_of(path: str | Path) -> str:
    try:
        # A pipe or a device may never end.
        return hashlib.sha256(Path(path).read_bytes()).hexdigest() if Path(path).is_file() else ""
    except OSError:
        return ""


def _digest_of_tools(source: Path) -> str:
    """A digest of all that turns documents into doctrees."""
    parts: Iterable[str] = (
        sys.version,
        *sorted(f"{one.name}" for one in _installed()),
        str(code_version()),
        _digest_of(source / "conf.py"),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _installed() -> Iterator[Path]:
    """The folders that say which packages are installed, in which versions."""
    for folder in dict.fromkeys(map(Path, sys.path)):
        if folder.is_dir():
            yield from folder.glob("*.dist-info")
