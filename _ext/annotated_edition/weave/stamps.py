"""Which documents must be read again, whatever the times of their files say.

Sphinx reads a document again when its file, or one that it includes, is younger than the moment at
which it was read.  It misses a file that was exchanged for an older one (copied with its time,
unpacked, put back from a backup, written after the clock was set back), and one that was saved
while it was being read, since the moment is noted afterwards.  So a *stamp* of all these files is
kept with what was read: another stamp, older or younger, is another file.

A build that was stopped while it read leaves doctrees that its environment, written afterwards,
would have told of: they may have been read with settings, or from words, that are gone by now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME
from sphinx.environment import BuildEnvironment

from annotated_edition.domain import EditionDomain, Stamp


def changed(env: BuildEnvironment, doctrees: Path) -> Iterator[str]:
    """Documents that were read earlier, and whose files or doctrees aren't those of then."""
    noted = EditionDomain.of(env).stamps
    kept = _time(doctrees / ENV_PICKLE_FILENAME)
    for docname in env.found_docs & env.all_docs.keys():
        if _time(doctrees / f"{docname}.doctree") > kept or noted.get(docname) != _stamp(
            env, docname
        ):
            yield docname


def note(env: BuildEnvironment, docnames: Iterable[str], begun: int) -> None:
    """Note the stamps of documents that were read since the time *begun*, in nanoseconds."""
    noted = EditionDomain.of(env).stamps
    for docname in docnames:
        stamp = _stamp(env, docname)
        if all(time < begun for _path, time, _size in stamp):
            noted[docname] = stamp
        else:
            # Saved while it was read: nobody knows which words were.
            noted.pop(docname, None)


def _stamp(env: BuildEnvironment, docname: str) -> Stamp:
    """Times and sizes of a document's file and of all that it includes or shows."""
    paths = [str(env.doc2path(docname)), *sorted(map(str, env.dependencies.get(docname, ())))]
    return tuple((path, *_look_at(Path(env.srcdir, path))) for path in paths)


def _look_at(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, -1
    return found.st_mtime_ns, found.st_size


def _time(file: Path) -> int:
    return _look_at(file)[0]
