"""The editions under ``examples``: each builder makes them, without a warning."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from support.project import Project

EXAMPLES = Path(__file__).parent.parent / "examples"

#: Of each example: the labels of its first passages, and words that every output has.
SEEN = {
    "chapman": (["¶1"], "some watcher of the skies"),
    "analects": (["1.1", "1.1", "1.2"], "Fine words"),
    "constitution": (["¶1", "¶1", "¶1", "¶2"], "secure the Blessings"),
    "genesis": (["1:1", "1:2"], "וְרוּחַ"),
}


def test_all_examples_are_built() -> None:
    assert sorted(path.parent.name for path in EXAMPLES.glob("*/conf.py")) == sorted(SEEN)


@pytest.mark.parametrize("name", SEEN)
def test_every_builder_makes_it_without_a_warning(name: str, tmp_path: Path) -> None:
    project = Project(tmp_path / name)
    shutil.copytree(EXAMPLES / name, project.folder, dirs_exist_ok=True)
    labels, words = SEEN[name]
    files = project.folder.glob("commentary/*/*.md")
    notes = sum(file.parent.name != "cross-references" for file in files)
    for builder in ("html", "text", "latex", "epub", "edition-pdf"):
        # One environment for all; warnings are told again in every build.
        project.build(builder)
        assert project.warnings == ""
    (page,) = project.folder.glob("text/*.md")
    html = project.page(f"text/{page.stem}")
    numbers = [it["data-n"] for it in html.select(".passage-number")]
    assert numbers[: len(labels)] == labels
    assert len(html.select("[role=doc-footnote]")) == notes
    for file, builder in (
        (f"text/{page.stem}.txt", "text"),
        ("annotated-edition.typ", "edition-pdf"),
    ):
        written = project.output(file, builder).read_text(encoding="utf-8")
        assert words in re.sub(r"\s+", " ", written)
    assert project.output("annotated-edition.pdf", "edition-pdf").stat().st_size > 10_000
    (latex,) = project.output("", "latex").glob("*.tex")
    assert words in re.sub(r"\s+", " ", latex.read_text(encoding="utf-8"))
    assert list(project.output("", "epub").glob("*.epub"))
