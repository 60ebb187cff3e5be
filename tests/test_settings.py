"""Mistakes in ``conf.py``: the build stops at the wrong type, and tells of what says nothing."""

from __future__ import annotations

import pytest
from sphinx.errors import ConfigError

from support.project import Project


@pytest.fixture
def small(project: Project) -> Project:
    project.text("A road.")
    project.note("h/road", "road")
    return project


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("edition_text = ['text/*', 5]", "edition_text .*: 5 must be a text .*, and is a number"),
        ("edition_notes = [['a']]", "edition_notes .*: .*'a'.* must be a text"),
        ("edition_kinds = {5: 'H'}", "edition_kinds .*: 5 must be a text"),
        ("edition_kinds = {'h': None}", "edition_kinds .*: what 'h' has must be .*, and is None"),
        ("edition_witnesses = {'A': 5}", "edition_witnesses .*: what 'A' has must be a text"),
        ("edition_text_author = ['A', 2.5]", "edition_text_author .*: 2.5 must be a text"),
        ("edition_registers = {'a': ['people']}", "edition_registers .*: what 'a' has must be"),
        ("edition_epub_metadata = {'dc:creator': 5}", "what 'dc:creator' has must be a list"),
        ("edition_glossary_links = ['first']", "edition_glossary_links .* one of .*'first'"),
        ("edition_pdf_name = '../book'", "edition_pdf_name .* must be a file's name, and is"),
        ("edition_tei_name = ''", "edition_tei_name .* must be a file's name, and is ''"),
        ("html_theme_options = {'text_face': 5}", "text_face must name files in WOFF2, not 5"),
        ("edition_pdf_paper = 5", "edition_pdf_paper .* one of '6x9', 'a4', and is a number"),
    ],
)
def test_a_wrong_type_within_a_setting_stops_the_build(
    small: Project, line: str, message: str
) -> None:
    small.configure(line + "\n")
    with pytest.raises(ConfigError, match=message):
        small.build()


def test_a_path_will_do_where_a_file_is_named(small: Project) -> None:
    small.configure("from pathlib import Path\nedition_pdf_fonts = [Path('text')]\n")
    small.build()
    assert small.warnings == ""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("edition_text_language = 'en us'", "'en us' is no language tag: write one, such as en"),
        ("edition_text_date = 'yesterday'", "'yesterday' is no date: write 1813, 1813-01 or"),
        ("edition_text_date = '1816-02-30'", "'1816-02-30' is no date"),
        ("edition_data = ['anotations']", "there is no 'anotations': did you mean 'annotations'?"),
        ("edition_registers = {'a': 'rivers'}", "there is no 'rivers': known are people, places,"),
    ],
)
@pytest.mark.parametrize("theme", ["edition", "basic"])
def test_what_says_nothing_is_told_with_its_line(
    small: Project, line: str, message: str, theme: str
) -> None:
    small.configure(f"edition_text_title = 'T'\nhtml_theme = '{theme}'\n{line}\n")
    small.build()
    (warning,) = small.warnings.splitlines()
    assert f"conf.py:8: WARNING: {line.split()[0]}: {message}" in warning
    assert "[edition.dangling]" in warning


@pytest.mark.parametrize("day", ["1813", "1813-01", "1813-01-28", "-0043", "1813~"])
def test_a_date_is_no_mistake(small: Project, day: str) -> None:
    small.configure(f"edition_text_date = '{day}'\nedition_text_language = 'zh_Hant'\n")
    small.build()
    assert small.warnings == ""


@pytest.mark.parametrize("data", [None, "no JSON", "[]", '{"features": [{}]}', "{}"])
def test_geodata_that_can_not_be_read_cost_a_warning(small: Project, data: str | None) -> None:
    if data:
        small.write("data.json", data)
    small.configure("edition_map_data = 'data.json'\n")
    small.note("h/town", "A", front="places: [{name: Almaty, at: [43.2, 76.9]}]")
    small.write("map.md", "---\norphan: true\n---\n# Map\n\n```{edition:map}\n:title: M\n```\n")
    for _ in range(2):
        small.build()
        (warning,) = small.warnings.splitlines()
        assert "conf.py:6: WARNING: edition_map_data: 'data.json' can't be read" in warning
    assert "<svg" in str(small.page("map"))


def test_a_list_is_given_on_the_command_line(small: Project) -> None:
    small.write("web.md", "---\norphan: true\n---\n# Only on the web\n")
    small.build(confoverrides={"edition_pdf_leave_out": "index,web", "edition_text": "text/*"})
    assert small.warnings == ""
    small.configure("edition_pdf_leave_out = 'index'\n")
    with pytest.raises(ConfigError, match=r"edition_pdf_leave_out .* is a text"):
        small.build()
