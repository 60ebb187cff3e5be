"""What contributors must know, described from the code: front matter and warnings.

The JSON Schema (for editors) and the table of fields (for people) come from the model that
validates front matter, :mod:`~annotated_edition.read.note_fields`; the table of warnings comes
from :class:`~annotated_edition.model.records.Subtype`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import yaml
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from annotated_edition.model.records import Subtype
from annotated_edition.read.note_fields import NoteFields, Strict

#: A table stands between these lines of a Markdown file; %s is its name.
BEGIN, END = "<!-- %s: begin -->", "<!-- %s: end -->"


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


def markdown_table(model: type[Strict] = NoteFields) -> str:
    """A table of a model's fields: name, what it holds, an example in YAML if there are any."""
    has_examples = any(field.examples for field in model.model_fields.values())
    rows = [_row("Field", "What it holds", *["Example"] * has_examples)]
    rows.append("|---" * (2 + has_examples) + "|")
    for name, field in model.model_fields.items():
        shown = field.alias or name
        example = [f"`{_example(shown, field.examples[0])}`"] if field.examples else []
        needed = " Needed." if field.is_required() else ""
        description = " ".join((field.description or "").split())
        rows.append(_row(f"`{shown}`", f"{description}{needed}", *example))
    return "\n".join(rows) + "\n"


def warnings_table() -> str:
    """A table of the warnings' subtypes: name, cause, cure."""
    rows = ["| Name | What is wrong | What to do |", "|---|---|---|"]
    rows += [_row(f"`{one.value}`", one.cause, one.cure) for one in Subtype]
    return "\n".join(rows) + "\n"


#: The tables that a Markdown file may have.
TABLES: dict[str, Callable[[], str]] = {"fields": markdown_table, "warnings": warnings_table}


def _row(*cells: str) -> str:
    return " ".join(f"| {cell.replace('|', '&#124;')}" for cell in cells) + " |"


def _example(name: str, value: Any) -> str:
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, default_flow_style=True)
    # A text alone is dumped as a document, which ends with "...".
    return f"{name}: {text.strip().removesuffix('...').strip()}"


def with_tables(text: str) -> str:
    """A Markdown *text* with its tables as they are now.

    Raises ValueError if there are no marks of any.
    """
    found = False
    for name, table in TABLES.items():
        before, begin, rest = text.partition(BEGIN % name)
        _old, end, after = rest.partition(END % name)
        if begin and end:
            found = True
            text = f"{before}{begin}\n{table()}{end}{after}"
    if not found:
        marks = " or ".join(BEGIN % name for name in TABLES)
        raise ValueError(f"there is no line {marks}")
    return text
