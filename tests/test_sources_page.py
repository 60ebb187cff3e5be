"""The classes of the sources, and their figures on the page of sources."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from support.edition import ROOT

BIB = "@misc{one, title={T}, class={press}}\n@misc{two, title={T}, class={primary}}\n"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("count_sources", ROOT / "tools/count_sources.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def edition(folder: Path, bib: str = BIB) -> Path:
    for name, text in (
        ("commentary/references.bib", bib),
        ("commentary/h/a.md", "A {cite:p}`one,two{p. 1, 2}` and {cite:t}`one`.\n"),
        ("article/b.md", "B {cite}`two`, {term}`one`, `two`.\n"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_citations_are_counted_by_class(tool: ModuleType, tmp_path: Path) -> None:
    lines = tool.table(edition(tmp_path)).splitlines()
    assert lines[0] == "| Class | Sources | Citations | Share |"
    assert "| Primary documents | 1 | 2 | 50 % |" in lines
    assert "| Other press | 1 | 2 | 50 % |" in lines
    assert "| Scholarship | 0 | 0 | 0 % |" in lines
    assert lines[-1] == "| All | 2 | 4 | 100 % |"


@pytest.mark.parametrize("field", ["", "class={blog}"])
def test_an_entry_without_a_class_is_named(tool: ModuleType, tmp_path: Path, field: str) -> None:
    with pytest.raises(ValueError, match="correct the entries three"):
        tool.table(edition(tmp_path, f"{BIB}@misc{{three, title={{T}}, {field}}}\n"))


def test_the_page_of_sources_has_the_figures_of_today(tool: ModuleType) -> None:
    page = (ROOT / "commentary/bibliography.md").read_text(encoding="utf-8")
    assert tool.table(ROOT) in page, "run tools/count_sources.py --write"
