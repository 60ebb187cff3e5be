"""The commands: ``annotated-edition check``, ``note``, ``preview``, ``release`` and the like.

Where only the folder of the extension is there: ``python -m annotated_edition check``.

``project`` has Sphinx read the edition, ``findings`` are what it complains of,
and each command has a module of its own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeGuard


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that *arguments* (default: the process's) name; the exit code."""
    options = parser().parse_args(arguments)
    try:
        return _run(options)
    except Exception as error:
        from sphinx.errors import SphinxError

        from annotated_edition.cli.findings import in_one_line

        # What is wrong with the project, or with its folder; all else is this program's fault.
        if not isinstance(error, SphinxError | OSError):
            raise
        said = f"{error.strerror}: {error.filename}" if _names_file(error) else str(error)
        print(f"error: {in_one_line(said)}")
        return 1


def _names_file(error: Exception) -> TypeGuard[OSError]:
    return isinstance(error, OSError) and bool(error.strerror and error.filename)


def _run(options: argparse.Namespace) -> int:
    source: Path = options.source
    if options.command not in ("schema", "site") and not (source / "conf.py").is_file():
        print(f"error: {source} has no conf.py: name the edition's folder by --source DIR")
        return 1
    # Each command imports what it needs, and nothing else.
    if options.command == "check":
        from annotated_edition.cli.check import check

        return check(source, options.format)
    if options.command == "note":
        from annotated_edition.cli.note import Wanted, note

        return note(
            source,
            Wanted(
                options.words,
                options.kind,
                options.id,
                options.title,
                options.passage,
                options.occurrence,
            ),
            ask=sys.stdin.isatty(),
        )
    if options.command == "preview":
        from annotated_edition.cli.preview import preview

        return preview(source, options.before, options.output, options.summary)
    if options.command == "release":
        from annotated_edition.cli.release import release

        return release(source)
    if options.command == "site":
        from annotated_edition.cli.site import site

        return site(options.latest, options.releases, options.output)
    from annotated_edition.cli.schema import schema

    return schema(options.file, markdown=options.markdown)


def own_name() -> str:
    """What the command was called by, to be called by again."""
    name = Path(sys.argv[0]).stem
    return name if name == "annotated-edition" else "python -m annotated_edition"


def parser() -> argparse.ArgumentParser:
    """The parser of the command line; the reference of the commands is made of it."""
    whole = argparse.ArgumentParser(
        prog=own_name(), description="Commands for people who write notes."
    )
    whole.set_defaults(source=Path())
    commands = whole.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="report every mistake in the commentary")
    check.add_argument(
        "--format",
        choices=("text", "github"),
        default="text",
        help="text for people, or annotations for a workflow on GitHub",
    )
    note = commands.add_parser("note", help="begin a note on words of the text")
    note.add_argument("words", nargs="?", default="", help="the exact words")
    note.add_argument("--kind", default="", help="the folder of the note, such as history")
    note.add_argument("--id", default="", help="the name of the file, such as silk-road")
    note.add_argument("--title", default="", help="the title")
    note.add_argument(
        "--in", dest="passage", default="", metavar="PASSAGE", help="where, such as p11"
    )
    note.add_argument(
        "--occurrence", type=int, default=0, metavar="N", help="which of several places, from 1"
    )
    preview = commands.add_parser(
        "preview", help="show on one page what a change does to the notes, before and after"
    )
    preview.add_argument(
        "--before", type=Path, required=True, metavar="DIR", help="the folder of the other version"
    )
    preview.add_argument(
        "--output", type=Path, default=Path("preview.html"), metavar="FILE", help="the page"
    )
    preview.add_argument(
        "--summary", type=Path, metavar="FILE", help="a file to add the page's contents to"
    )
    release = commands.add_parser(
        "release", help="keep what the present version holds, so that its addresses last"
    )
    for command in (check, note, preview, release):
        command.add_argument(
            "--source", type=Path, default=Path(), metavar="DIR", help="the folder with conf.py"
        )
    schema = commands.add_parser(
        "schema", help="print or write the JSON Schema of a note's front matter"
    )
    schema.add_argument(
        "--markdown", action="store_true", help="the table of fields instead, for people"
    )
    site = commands.add_parser(
        "site", help="put released versions under their numbers beside the latest"
    )
    site.add_argument(
        "releases", nargs="*", type=Path, help="the HTML pages of each: a folder, or a .tar.gz"
    )
    site.add_argument(
        "--latest", type=Path, default=Path("_build/html"), metavar="DIR", help="the pages now"
    )
    site.add_argument(
        "--output", type=Path, default=Path("_build/site"), metavar="DIR", help="the folder of all"
    )
    schema.add_argument(
        "file",
        nargs="?",
        type=Path,
        help="write to this file; with --markdown, the tables between its marks",
    )
    return whole
