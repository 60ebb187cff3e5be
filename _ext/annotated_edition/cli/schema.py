"""``schema``: the JSON Schema of a note's front matter, or the tables of fields and warnings."""

from __future__ import annotations

from pathlib import Path

from annotated_edition.read.json_schema import json_schema, markdown_table, with_tables


def schema(file: Path | None, markdown: bool = False) -> int:
    """Print the schema or the table of fields; or write the schema, or all tables, to *file*.

    0, or 1 if the file can't be written.
    """
    if file is None:
        print(markdown_table() if markdown else json_schema(), end="")
        return 0
    try:
        text = with_tables(file.read_text(encoding="utf-8")) if markdown else json_schema()
        file.write_text(text, encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        print(f"error: {file} can't be written: {error}")
        return 1
    return 0
