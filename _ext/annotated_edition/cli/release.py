"""``release``: writes into ``edition_releases`` what the present version holds."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

from annotated_edition.model.releases import ReleasesError, read, written
from annotated_edition.text.words import Day, Words


def release(source: Path) -> int:
    """Add the version that ``conf.py`` names; 0, or 1 if it can't be.

    Raises SphinxError if the edition can't be read, OSError if the file can't be written.
    """
    from annotated_edition.cli.project import opened
    from annotated_edition.domain import EditionDomain
    from annotated_edition.weave.days import build_day

    with opened(source, StringIO()) as app:
        app.build()
        name, version = app.config.edition_releases, str(app.config.release)
        now = EditionDomain.of(app.env).now
    if not name or not version:
        print("error: conf.py needs edition_releases, the name of a file, and release")
        return 1
    path = source / name
    try:
        releases = read(path.read_text(encoding="utf-8")) if path.exists() else []
    except (OSError, UnicodeDecodeError, ReleasesError) as error:
        print(f"error: {path} can't be read: {error}")
        return 1
    if any(one.version == version for one in releases):
        print(f"error: version {version} is in {path} already: raise release in conf.py")
        return 1
    releases.append(replace(now, version=Words(version), day=Day(build_day())))
    path.write_text(written(releases), encoding="utf-8", newline="\n")
    print(f"{path}: version {version}, {len(now.notes)} notes, {len(now.passages)} passages")
    return 0
