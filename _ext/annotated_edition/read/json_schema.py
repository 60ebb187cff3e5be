"""A note's front matter described: a JSON Schema for editors, a table for people.

Both come from the model that validates it (``fields``).
"""

from __future__ import annotations

import json
from typing import Any

import yaml
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from annotated_edition.read.note_fields import NoteFields

#: The table stands between these lines of a Markdown file.
BEGIN, END = "<!-- fields: begin -->", "<!-- fields: end -->"


class _Generator(GenerateJsonSchema):
    """Without titles that say the field's name again, and strict where the model is."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def dict_schema(self, schema: Any) -> JsonSchemaValue:
        generated = super().dict_schema(schema)
        if "patternProperties" in generated:
            generated.setdefault("additionalProperties", False)
        return generated


def json_schema() -> str:
    """The JSON Schema (draft 2020-12) of a note's front matter, as a file's text."""
    schema = NoteFields.model_json_schema(schema_generator=_Generator)
    schema = _unwrapped({"$schema": _Generator.schema_dialect, **schema})
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _unwrapped(value: Any) -> Any:
    """Descriptions on one line, and no class's name as a title."""
    if isinstance(value, dict):
        return {
            key: " ".join(item.split()) if key == "description" else _unwrapped(item)
            for key, item in value.items()
            if not (key == "title" and isinstance(item, str))
        }
    return [_unwrapped(item) for item in value] if isinstance(value, list) else value


def markdown_table() -> str:
    """A table of the fields: name, what it holds, an example in YAML."""
    rows = ["| Field | What it holds | Example |", "|---|---|---|"]
    for name, field in NoteFields.model_fields.items():
        shown = field.alias or name
        example = _example(shown, (field.examples or [None])[0])
        needed = " Needed." if field.is_required() else ""
        description = " ".join((field.description or "").split())
        cells = (f"`{shown}`", f"{description}{needed}", f"`{example}`")
        rows.append(" ".join(f"| {cell.replace('|', '&#124;')}" for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _example(name: str, value: Any) -> str:
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, default_flow_style=True)
    # A text alone is dumped as a document, which ends with "...".
    return f"{name}: {text.strip().removesuffix('...').strip()}"


def with_table(text: str) -> str:
    """A Markdown *text* with the table as it is now.

    Raises ValueError if the marks aren't there.
    """
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"there are no lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{markdown_table()}{END}{after}"
