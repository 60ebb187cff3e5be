"""Make a version of the edition: set its number, close the changelog, keep its addresses.

    tools/release.py 0.2.0          change the files; commit and tag them afterwards
    tools/release.py --check        whether every place names one version
    tools/release.py --check v0.2.0 and whether it is this one, and released
    tools/release.py --notes        what the changelog says of the version

The number stands in ``_ext/annotated_edition/__init__.py``; conf.py and pyproject.toml take it
from there.  Besides, the changelog, CITATION.cff and ``releases.json`` name it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

VERSION = Path("_ext/annotated_edition/__init__.py")
CHANGELOG, FRAGMENTS = Path("CHANGELOG.md"), Path("changelog.d")
CITATION, RELEASES = Path("CITATION.cff"), Path("releases.json")

_NUMBER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_SET = re.compile(r'^(__version__ = )"([^"]*)"$', re.M)
_CITED = re.compile(r"^(version: )(\S+)$", re.M)
_CITED_DAY = re.compile(r"^date-released: \S+\n", re.M)
_HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<day>\d{4}-\d\d-\d\d))?\n", re.M)
_FRAGMENT = re.compile(r"[a-z0-9-]+\.(?P<kind>added|changed|fixed|removed)\.md")
_TITLES = {"added": "Added", "changed": "Changed", "fixed": "Mended", "removed": "Removed"}


class ReleaseError(Exception):
    """A version that can't be made; the message says why and what to do."""


def _read(root: Path, path: Path) -> str:
    return (root / path).read_text(encoding="utf-8")


def _write(root: Path, path: Path, text: str) -> None:
    (root / path).write_text(text, encoding="utf-8", newline="\n")


def version_of(root: Path) -> str:
    """The version that the project has now."""
    found = _SET.search(_read(root, VERSION))
    if not found:
        raise ReleaseError(f'{VERSION} has no line such as __version__ = "0.1.0"')
    return found[2]


def released(root: Path) -> list[str]:
    """The versions that are kept, oldest first."""
    path = root / RELEASES
    kept = json.loads(path.read_text(encoding="utf-8"))["releases"] if path.exists() else []
    return [one["version"] for one in kept]


def section(changelog: str, version: str) -> tuple[int, int] | None:
    """Where the changelog's part on a version begins, after its heading, and ends."""
    headings = list(_HEADING.finditer(changelog))
    for at, heading in enumerate(headings):
        if heading["version"] == version:
            following = headings[at + 1].start() if at + 1 < len(headings) else len(changelog)
            return heading.end(), following
    return None


def fragments(root: Path) -> dict[Path, str]:
    """The files that each tell of a change, with what kind it is."""
    found = {}
    for path in sorted((root / FRAGMENTS).glob("*.md")):
        if path.name == "README.md":
            continue
        if not (said := _FRAGMENT.fullmatch(path.name)):
            kinds = ", ".join(_TITLES)
            raise ReleaseError(f"{FRAGMENTS / path.name}: call it WHAT.KIND.md, of {kinds}")
        found[path] = said["kind"]
    return found


def told(root: Path) -> str:
    """The fragments as parts of the changelog."""
    found = fragments(root)
    parts = []
    for kind, title in _TITLES.items():
        items = [path.read_text(encoding="utf-8").strip() for path in found if found[path] == kind]
        if items:
            listed = "\n".join(f"- {item.removeprefix('- ')}" for item in items)
            parts.append(f"### {title}\n\n{listed}\n")
    return "\n".join(parts)


def make(root: Path, version: str, day: date) -> None:
    """Change all files for a *version*; raises ReleaseError before anything is changed."""
    if not _NUMBER.fullmatch(version):
        raise ReleaseError(f"{version!r} is no version: write three numbers, such as 0.2.0")
    if version in released(root):
        raise ReleaseError(f"version {version} is in {RELEASES} already: choose a higher one")
    now, wanted = (tuple(map(int, one.split("."))) for one in (version_of(root), version))
    if wanted < now:
        raise ReleaseError(f"{version} is lower than {version_of(root)}, which the project has")
    changelog = _read(root, CHANGELOG)
    place = section(changelog, "Unreleased")
    if place is None:
        raise ReleaseError(f"{CHANGELOG} has no heading ## [Unreleased]: add it at the top")
    body, new = changelog[slice(*place)].strip(), told(root).strip()
    if not body and not new:
        raise ReleaseError(f"nothing is said of {version}: add files to {FRAGMENTS}")
    if not _CITED.search(_read(root, CITATION)):
        raise ReleaseError(f"{CITATION} has no line version: add one")

    parts = "\n\n".join(filter(None, (body, new)))
    start = changelog.rindex("## [Unreleased]", 0, place[0])
    heading = f"## [Unreleased]\n\n## [{version}] - {day.isoformat()}\n\n"
    rest = changelog[place[1] :]
    _write(root, CHANGELOG, f"{changelog[:start]}{heading}{parts}\n{chr(10) if rest else ''}{rest}")
    for path in fragments(root):
        path.unlink()
    _write(root, VERSION, _SET.sub(rf'\g<1>"{version}"', _read(root, VERSION)))
    citation = _CITED_DAY.sub("", _read(root, CITATION))
    cited = rf"\g<1>{version}\ndate-released: {day.isoformat()}"
    _write(root, CITATION, _CITED.sub(cited, citation))
    command = [sys.executable, "-m", "annotated_edition", "release", "--source", str(root)]
    done = subprocess.run(
        command, env={**os.environ, "SOURCE_DATE_EPOCH": str(_seconds(day))}, check=False
    )
    if done.returncode:
        raise ReleaseError("its addresses could not be kept: see above")


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def faults(root: Path, tag: str = "") -> Iterator[str]:
    """Where the project names another version than its own; with a *tag*, what isn't released."""
    version = version_of(root)
    cited = _CITED.search(_read(root, CITATION))
    if not cited or cited[2] != version:
        yield f"{CITATION} names {cited[2] if cited else 'no version'}, and {VERSION} {version}"
    changelog = _read(root, CHANGELOG)
    versions = [one["version"] for one in _HEADING.finditer(changelog)]
    told_of = [one for one in versions if one != "Unreleased"]
    if told_of and told_of[0] != version:
        yield f"{CHANGELOG} begins with {told_of[0]}, and {VERSION} has {version}"
    kept = released(root)
    if kept and kept[-1] != version:
        yield f"{RELEASES} ends with {kept[-1]}, and {VERSION} has {version}"
    if tag:
        if tag != f"v{version}":
            yield f"the tag is {tag}, and {VERSION} has {version}: tag v{version}"
        if version not in told_of:
            yield f"{CHANGELOG} has no part on {version}: run make release VERSION={version}"
        if version not in kept:
            yield f"{RELEASES} doesn't keep {version}: run make release VERSION={version}"


def notes(root: Path) -> str:
    """What the changelog says of the version."""
    changelog = _read(root, CHANGELOG)
    place = section(changelog, version_of(root))
    if place is None:
        raise ReleaseError(f"{CHANGELOG} has no part on {version_of(root)}")
    return changelog[slice(*place)].strip() + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 1 if something is wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("version", nargs="?", default="")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--notes", action="store_true")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[1])
    options = parser.parse_args(arguments)
    root: Path = options.root.resolve()
    try:
        if options.notes:
            print(notes(root), end="")
        elif options.check:
            found = list(faults(root, options.version))
            for fault in found:
                print(f"error: {fault}")
            return int(bool(found))
        else:
            number = options.version
            make(root, number, datetime.now(UTC).date())
            print(f"Read what has changed (git diff). Then: git commit -am 'Version {number}'")
            print(f"git tag -a v{number} -m {number} && git push --follow-tags")
    except ReleaseError as error:
        print(f"error: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
