"""Plays: speakers, stage directions, and places cited by act, scene and line."""

from __future__ import annotations

import re

import pytest

from support.project import Project

PLAY = """\
---
passages: "{h2.number}.{h3.number}.{line}"
---
# A play

## Act I

### Scene 1

{edition:stage}`Enter A KING and a FOOL`

{edition:speaker}`KING`\\
The night is long, and I have walked alone,\\
And no one comes. {edition:stage}`He sits` The fire is out,\\
The door is shut.

{edition:speaker}`FOOL`\\
Then open it, and see who stands without.

### Scene 2

{edition:speaker}`KING`\\
The fool has gone.
"""


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two scenes."""
    project = Project(tmp_path_factory.mktemp("play"))
    project.configure('html_theme = "edition"\n')
    project.text("x")
    project.write("text/a.md", PLAY)
    # Across a direction; and a word that a speaker's name has, too.
    project.note("words/fire", "comes. The fire is out, The door")
    project.note("words/fool", "fool")
    project.note("words/gone", "has gone")
    return project


def test_speakers_and_directions_are_no_words_of_a_speech(play: Project) -> None:
    play.build("html")
    assert play.warnings == ""
    page = play.page("text/a")
    assert [it.get_text() for it in page.select(".speaker")] == ["KING", "FOOL", "KING"]
    assert [it.get_text() for it in page.select(".stage")] == ["Enter A KING and a FOOL", "He sits"]
    speeches = page.select(".passage")
    assert [it["id"] for it in speeches] == ["p-i-1-1", "p-i-1-4", "p-i-2-1"]
    for drawn in page.select(".passage-number, [role=doc-noteref], .speaker, .stage"):
        drawn.extract()
    assert " ".join(speeches[0].get_text().split()).startswith("The night is long")
    assert page.select_one("link[href*='texts.css']")


def test_places_are_cited_by_act_scene_and_line(play: Project) -> None:
    play.build("text")
    assert play.warnings == ""
    cited = {
        name: re.findall(
            r"\* (\S+)", play.output(f"commentary/words/{name}.txt", "text").read_text("utf-8")
        )[0]
        for name in ("fire", "fool", "gone")
    }
    assert cited == {"fire": "I.1.2–3", "fool": "I.2.1", "gone": "I.2.1"}
    written = play.output("text/a.txt", "text").read_text(encoding="utf-8")
    assert re.search(r"KING\n *The night is long", written)
    assert "*He sits*" in written


def test_plays_in_print_and_in_tei(play: Project) -> None:
    play.build("edition-pdf")
    assert play.warnings == ""
    book = play.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")
    assert book.count("#speaker[") == 3
    assert "#emph[He sits]" in book
    play.build("tei")
    tei = next(play.output("", "tei").glob("*.xml")).read_text(encoding="utf-8")
    assert '<name type="speaker">KING</name>' in tei
    assert "<stage>He sits</stage>" in tei
