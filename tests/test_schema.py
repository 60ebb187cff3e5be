"""The JSON Schema of front matter, and the table of its fields."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from annotated_edition.cli import main
from annotated_edition.model import Subtype
from annotated_edition.read import frontmatter
from annotated_edition.read.json_schema import (
    json_schema,
    markdown_table,
    warnings_table,
    with_tables,
)
from annotated_edition.read.note_fields import CrossReferenceFields, NoteFields, validate
from support.edition import ROOT

FILES = sorted((ROOT / "commentary").glob("*/*.md"))
NOTES = [path for path in FILES if path.stem != "index"]


class Yaml(yaml.SafeLoader):
    """YAML as editors read it: version 1.2 has no type for dates."""


Yaml.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def complaints(front: str) -> tuple[bool, bool]:
    """Whether the schema, and whether the model, find *front* wrong."""
    # Keys of JSON are text.
    data = json.loads(json.dumps(yaml.load(front, Yaml)))
    validator = jsonschema.Draft202012Validator(
        json.loads(json_schema()), format_checker=jsonschema.FormatChecker()
    )
    by_model = validate(frontmatter.parse(front), NoteFields)[1]
    return bool(list(validator.iter_errors(data))), bool(by_model)


def test_the_committed_schema_is_current() -> None:
    committed = (ROOT / "commentary/note.schema.json").read_text(encoding="utf-8")
    assert committed == json_schema(), (
        "run: python -m annotated_edition schema commentary/note.schema.json"
    )
    jsonschema.Draft202012Validator.check_schema(json.loads(committed))


def test_the_tables_in_contributing_are_current() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert markdown_table() in text
    assert warnings_table() in text
    assert text == with_tables(text), (
        "run: python -m annotated_edition schema --markdown CONTRIBUTING.md"
    )
    names = re.findall(r"^\| `([\w-]+)`", markdown_table(), re.MULTILINE)
    assert names == [info.alias or name for name, info in NoteFields.model_fields.items()]


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.stem)
def test_what_the_build_takes_the_schema_takes(path: Path) -> None:
    front, _ = frontmatter.cut(path.read_text(encoding="utf-8"))
    assert complaints(front) == (False, False)


@pytest.mark.parametrize(
    "front",
    [
        "standing: disputed",
        "quote: a\nsee_also: [b]",
        "quote: ''",
        "quote: []",
        "quote: {exact: a, before: b}",
        "quote: {prefix: a}",
        "quote: [a, {exact: b, x: c}]",
        "quote: a\nstanding: sure",
        "quote: a\nnames: {z: a}",
        "quote: a\nnames: [a]",
        "quote: a\nplaces: [{name: A, at: [91.5, 0]}]",
        "quote: a\nplaces: [{name: A, at: [1.5]}]",
        "quote: a\nplaces: [{at: [1.5, 2.5]}]",
        "quote: a\nreadings: {Zh: a}",
        "quote: a\nsee-also: [A b]",
        "quote: a\nchecked: yesterday",
    ],
)
def test_what_the_build_refuses_the_schema_refuses(front: str) -> None:
    assert complaints(front) == (True, True)


def test_examples_and_descriptions_are_complete_and_right() -> None:
    schema = json.loads(json_schema())
    for model in (NoteFields, CrossReferenceFields):
        assert all(info.description for info in model.model_fields.values())
    for definition in schema["$defs"].values():
        assert all("description" in one for one in definition["properties"].values())
    example: dict[str, Any] = {
        name: one["examples"][0] for name, one in schema["properties"].items()
    }
    assert set(example) == {info.alias or name for name, info in NoteFields.model_fields.items()}
    assert complaints(yaml.safe_dump(example, allow_unicode=True)) == (False, False)
    for line in re.findall(r"\| `([\w-]+: .*)` \|$", markdown_table(), re.MULTILINE):
        front = line if line.startswith("quote:") else f"quote: a\n{line}"
        assert complaints(front) == (False, False)


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == json_schema()
    assert main(["schema", "--markdown"]) == 0
    assert capsys.readouterr().out == markdown_table()
    page = tmp_path / "a.md"
    page.write_text("No marks.\n")
    assert main(["schema", "--markdown", str(page)]) == 1
    assert "<!-- fields: begin -->" in capsys.readouterr().out
    assert page.read_text() == "No marks.\n"
    page.write_text("<!-- warnings: begin -->\nold\n<!-- warnings: end -->\nrest\n")
    assert main(["schema", "--markdown", str(page)]) == 0
    table = warnings_table()
    assert page.read_text() == f"<!-- warnings: begin -->\n{table}<!-- warnings: end -->\nrest\n"
    assert all(f"| `{one.value}` | {one.cause}" in table for one in Subtype)
    assert main(["schema", str(tmp_path / "a.json")]) == 0
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == json_schema()


def test_a_comment_that_names_the_schema_is_no_mistake() -> None:
    front = "# yaml-language-server: $schema=../note.schema.json\nquote: a\n"
    assert complaints(front) == (False, False)
    assert frontmatter.parse(front).line("quote") == 3
