"""``schema``: the JSON Schema of a note's front matter, or the table of its fields."""

from __future__ import annotations

from pathlib import Path

from annotated_edition.read.json_schema import json_schema, markdown_table, with_table


def schema(file: Path | None, markdown: bool = False) -> int:
    """Print one of them, or write it to *file*; 0, or 1 if the file can't take it."""
    if file is None:
        print(markdown_table() if markdown else json_schema(), end="")
        return 0
    try:
        text = with_table(file.read_text(encoding="utf-8")) if markdown else json_schema()
        file.write_text(text, encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        print(f"error: {file} can't be written: {error}")
        return 1
    return 0
