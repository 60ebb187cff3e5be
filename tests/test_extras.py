"""What only some projects need, and what to install for it."""

from __future__ import annotations

import sys
import tomllib

import pytest

from annotated_edition.text import extras
from annotated_edition.text.extras import command_for, is_installed
from support.edition import ROOT

EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]


@pytest.mark.parametrize("extra", sorted(EXTRAS.keys() - {"all"}))
def test_each_extra_of_the_package_is_known(
    extra: extras.Extra, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_installed(extra)
    assert command_for(extra) == f"pip install 'annotated-edition[{extra}]'"
    asked: list[str] = []

    def find(module: str) -> object:
        asked.append(module)
        return object()

    monkeypatch.setattr(extras, "find_spec", find)
    assert is_installed(extra)
    # Where one of its modules is missing, or the package that it is in, the extra is.
    for missing in asked.copy():
        monkeypatch.setattr(extras, "find_spec", {**dict.fromkeys(asked, 1), missing: None}.get)
        assert not is_installed(extra)

    def fail(module: str) -> object:
        raise ModuleNotFoundError(module)

    monkeypatch.setattr(extras, "find_spec", fail)
    assert not is_installed(extra)


def test_nothing_is_imported_to_know() -> None:
    before = set(sys.modules)
    is_installed("pdf")
    assert "typst" not in set(sys.modules) - before
