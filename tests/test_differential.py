"""Incremental builds compared with clean ones, after random changes of everything.

The proof that rebuilding can't be wrong.  In every step some part of a small edition is changed,
or it is built, by one builder after another, in the same folder with shared doctrees; each build
must give the files and the warnings that a build from nothing gives.  The environment variable
``EDITION_DIFFERENTIAL`` says how many sequences of changes are tried (default 12).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from support.differential import BUILDERS, PIECES, WORDS, Folder

NOTES = ("aa", "bb", "cc")
KINDS = ("history", "places")
PAGES = ("one", "two")
BIB = """\
@misc{{foo, author = {{Foo, Ann}}, title = {{{foo}}}, year = {{{year}}}}}
@misc{{bare, title = {{{bare}}}, year = {{2001}}}}
{more}"""

piece = st.sampled_from(PIECES)
word = st.sampled_from(WORDS)


class Editing(RuleBasedStateMachine):
    """A small edition, changed and built."""

    def __init__(self) -> None:
        super().__init__()
        self.scratch = tempfile.TemporaryDirectory(prefix="edition-")
        self.edition = Folder(Path(self.scratch.name))
        self.text: dict[str, dict[str, Any]] = {}
        self.notes: dict[str, dict[str, Any]] = {}
        self.pages: dict[str, dict[str, Any]] = {}
        self.terms: dict[str, str] = {}
        self.is_changed = True

    def teardown(self) -> None:
        if self.is_changed and self.edition.files:
            self.build("html")
        self.scratch.cleanup()

    # ---- the edition at first

    @initialize()
    def begin(self) -> None:
        write = self.edition.write
        for name, words in (("a", "The road."), ("b", "The belt."), ("c", "The port again.")):
            self.text[name] = {"title": f"Page {name}", "passages": [words, f"More of {name}."]}
            self.write_text(name)
        for name, kind, quote in (
            ("aa", "history", "The road."),
            ("bb", "history", "The belt."),
            ("cc", "places", "The port again."),
        ):
            self.notes[name] = {
                "kind": kind, "quote": quote, "title": name.capitalize(), "gist": "plain words",
                "body": "plain words", "front": {},
            }  # fmt: skip
            self.write_note(name)
        for name in PAGES:
            self.pages[name] = {"title": f"Number {name}", "body": "plain words", "label": name}
            self.write_page(name)
        self.terms = {"port": "plain words", "road": "plain words"}
        self.write_glossary()
        self.register = ["Belt; zone", "Harbour"]
        self.write_register()
        self.bib = {"foo": "Title of foo", "year": "2000", "bare": "Bare title", "more": ""}
        self.write_bib()
        self.tie = {"quote": ["belt", "again"], "title": "A tie"}
        self.write_tie()
        write("list.md", "# List\n\n```{edition:notes}\n:by: kind\n```\n")
        write("charts.md", "# Charts\n\n```{edition:chronology}\n```\n\n```{edition:map}\n```\n")
        write("readings.md", "# Readings\n\n```{edition:notes}\n:by: readings\n```\n")
        write("bibliography.md", "# Bibliography\n\n```{bibliography}\n```\n")
        write("map.json", '{"type": "FeatureCollection", "features": []}')
        write("source.txt", "The road.\n")
        write("static/own.css", "p {}\n")
        self.order = ["a", "b", "c"]
        self.depth = 1
        self.write_index()
        self.edition.configure()

    def write_index(self) -> None:
        trees = [f"text/{name}" for name in self.order if name in self.text]
        rest = "glossary\nregister\nlist\nreadings\ncharts\nbibliography\npages/one\npages/two"
        self.edition.write(
            "index.md",
            f"# The edition\n\n```{{toctree}}\n:maxdepth: {self.depth}\n\n"
            + "\n".join(trees)
            + f"\n```\n\n```{{toctree}}\n{rest}\n```\n\n"
            + "```{toctree}\n:glob:\ncommentary/*/*\n```\n",
        )

    def write_text(self, name: str) -> None:
        page = self.text[name]
        body = "\n\n".join(page["passages"])
        self.edition.write(f"text/{name}.md", f"# {page['title']}\n\n{body}\n")

    def write_note(self, name: str) -> None:
        note = self.notes[name]
        front = "\n".join(note["front"].values())
        self.edition.write(
            f"commentary/{note['kind']}/{name}.md",
            f"---\nquote: {note['quote']}\n{front}\n---\n# {note['title']}\n\n"
            f"A gist with {note['gist']}.\n\nA body with {note['body']}.\n",
        )

    def write_page(self, name: str) -> None:
        page = self.pages[name]
        label = "spot" if name == "one" else "other"
        mark = f"({label})=\n" if page["label"] else ""
        extra = ""
        if name == "one":
            extra = (
                "\n## Part\n\n```{math}\n:label: sum\na\n```\n\n"
                "```{index} single: Entry of the index\n```\n\n```{table} Caption\n:name: table\n\n"
                "| a |\n|---|\n| b |\n```\n"
            )
        self.edition.write(
            f"pages/{name}.md", f"{mark}# {page['title']}\n\nSee {page['body']}.\n{extra}"
        )

    def write_glossary(self) -> None:
        entries = "\n\n".join(f"{term}\n  Means {words}." for term, words in self.terms.items())
        self.edition.write("glossary.md", f"# Glossary\n\n```{{glossary}}\n{entries}\n```\n")

    def write_register(self) -> None:
        names = "\n".join(self.register)
        self.edition.write("register.md", f"# Register\n\n```{{edition:register}}\n{names}\n```\n")

    def write_bib(self) -> None:
        self.edition.write("references.bib", BIB.format(**self.bib))

    def write_tie(self) -> None:
        quotes = ", ".join(self.tie["quote"])
        self.edition.write(
            "commentary/cross-references/tie.md",
            f"---\nquote: [{quotes}]\n---\n# {self.tie['title']}\n",
        )

    # ---- building

    @rule(builder=st.sampled_from(BUILDERS), processes=st.sampled_from([1, 1, 2]))
    def build(self, builder: str, processes: int = 1) -> None:
        found = self.edition.compare(builder, processes)
        self.is_changed = False
        assert not found, f"{builder}: " + "\n".join(found)

    def changed(self) -> None:
        self.is_changed = True

    # ---- changes of the text

    @rule(name=st.sampled_from("abc"), word=word)
    def change_passage(self, name: str, word: str) -> None:
        if name in self.text:
            self.text[name]["passages"][-1] = f"Words of the {word} on {name}."
            self.write_text(name)
            self.changed()

    @rule(name=st.sampled_from("abc"), word=word)
    def add_passage(self, name: str, word: str) -> None:
        if name in self.text:
            passages = self.text[name]["passages"]
            passages[1:] = [f"Added, a {word} of {name}.", "And more."][: 3 - len(passages)]
            self.write_text(name)
            self.changed()

    @rule(name=st.sampled_from("abc"), word=word)
    def retitle_text(self, name: str, word: str) -> None:
        if name in self.text:
            self.text[name]["title"] = f"Page of the *{word}*"
            self.write_text(name)
            self.changed()

    @rule(order=st.permutations(["a", "b", "c"]), depth=st.integers(1, 2))
    def reorder(self, order: list[str], depth: int) -> None:
        self.order, self.depth = order, depth
        self.write_index()
        self.changed()

    @rule()
    def take_out_a_page(self) -> None:
        if "b" in self.text:
            del self.text["b"]
            self.edition.delete("text/b.md")
        else:
            self.text["b"] = {"title": "Page b", "passages": ["The belt.", "Again."]}
            self.write_text("b")
        self.write_index()
        self.changed()

    # ---- changes of notes

    @rule(name=st.sampled_from(NOTES), piece=piece)
    def change_gist(self, name: str, piece: str) -> None:
        if name in self.notes:
            self.notes[name]["gist"] = piece
            self.write_note(name)
            self.changed()

    @rule(name=st.sampled_from(NOTES), piece=piece)
    def change_body(self, name: str, piece: str) -> None:
        if name in self.notes:
            self.notes[name]["body"] = piece
            self.write_note(name)
            self.changed()

    @rule(name=st.sampled_from(NOTES), word=word)
    def retitle_note(self, name: str, word: str) -> None:
        if name in self.notes:
            self.notes[name]["title"] = f"{name.capitalize()} of {word}"
            self.write_note(name)
            self.changed()

    @rule(
        name=st.sampled_from(NOTES),
        quote=st.sampled_from(["The road.", "belt", "again", "More", "nowhere at all"]),
    )
    def retarget(self, name: str, quote: str) -> None:
        if name in self.notes:
            self.notes[name]["quote"] = quote
            self.write_note(name)
            self.changed()

    @rule(
        name=st.sampled_from(NOTES),
        field=st.sampled_from(
            [
                ("standing", "standing: disputed"),
                ("standing", "standing: unresolved"),
                ("standing", ""),
                ("dates", "dates:\n  '1999': 'something'"),
                ("dates", "dates:\n  '2001-05': 'else'"),
                ("places", "places:\n- name: Almaty\n  at: [43.2, 76.9]"),
                ("places", "places:\n- name: Astana\n  at: [51.1, 71.4]"),
                ("readings", "readings:\n  Zh:\n    reading: 丝绸\n    source: foo"),
                ("readings", "readings:\n  Ru:\n    reading: путь\n    source: bar"),
                ("readings", ""),
                ("see", "see-also: [aa]"),
                ("see", "see-also: [bb, cc]"),
                ("bad", "nonsense: 1"),
                ("bad", ""),
            ]
        ),
    )
    def change_field(self, name: str, field: tuple[str, str]) -> None:
        if name in self.notes:
            self.notes[name]["front"][field[0]] = field[1]
            self.write_note(name)
            self.changed()

    @rule(name=st.sampled_from(NOTES), kind=st.sampled_from(KINDS))
    def move_note(self, name: str, kind: str) -> None:
        if name in self.notes and self.notes[name]["kind"] != kind:
            self.edition.delete(f"commentary/{self.notes[name]['kind']}/{name}.md")
            self.notes[name]["kind"] = kind
            self.write_note(name)
            self.changed()

    @rule(name=st.sampled_from(NOTES))
    def delete_or_add_note(self, name: str) -> None:
        if name in self.notes:
            note = self.notes.pop(name)
            self.edition.delete(f"commentary/{note['kind']}/{name}.md")
        else:
            self.notes[name] = {
                "kind": "history", "quote": "road", "title": name.capitalize(),
                "gist": "plain words", "body": "plain words", "front": {},
            }  # fmt: skip
            self.write_note(name)
        self.changed()

    # ---- changes of what lies around

    @rule(name=st.sampled_from(PAGES), word=word)
    def retitle_page(self, name: str, word: str) -> None:
        self.pages[name]["title"] = f"All of the *{word}*"
        self.write_page(name)
        self.changed()

    @rule(name=st.sampled_from(PAGES), piece=piece)
    def change_page(self, name: str, piece: str) -> None:
        self.pages[name]["body"] = piece
        self.write_page(name)
        self.changed()

    @rule(name=st.sampled_from(PAGES))
    def remove_or_add_label(self, name: str) -> None:
        self.pages[name]["label"] = not self.pages[name]["label"]
        self.write_page(name)
        self.changed()

    @rule(term=st.sampled_from(["port", "ship", "road", "harbour"]), piece=piece)
    def change_term(self, term: str, piece: str) -> None:
        self.terms[term] = piece
        self.write_glossary()
        self.changed()

    @rule(term=st.sampled_from(["port", "ship", "road", "harbour"]))
    def remove_term(self, term: str) -> None:
        if term in self.terms and len(self.terms) > 1:
            del self.terms[term]
            self.write_glossary()
            self.changed()

    @rule(
        register=st.lists(
            st.sampled_from(["Belt; zone", "Belt | a strip", "Harbour; port", "Road; More"]),
            min_size=1,
            unique_by=lambda name: name[:4],
        )
    )
    def change_register(self, register: list[str]) -> None:
        self.register = register
        self.write_register()
        self.changed()

    @rule(field=st.sampled_from(["foo", "bare"]), word=word)
    def change_source(self, field: str, word: str) -> None:
        self.bib[field] = f"On the {word}"
        self.write_bib()
        self.changed()

    @rule(
        more=st.sampled_from(
            ["", "@misc{bar, author = {Foo, Ann}, title = {Bar}, year = {2000}}\n",
             "@article{bar, title = {Bar}, year = {1999}}\n"]
        )
    )  # fmt: skip
    def change_sources(self, more: str) -> None:
        self.bib["more"] = more
        self.write_bib()
        self.changed()

    @rule(title=word, quote=st.sampled_from([["belt", "again"], ["road", "belt"], ["x", "belt"]]))
    def change_tie(self, title: str, quote: list[str]) -> None:
        self.tie = {"quote": quote, "title": f"Tie of {title}"}
        self.write_tie()
        self.changed()

    @rule(word=word)
    def change_files(self, word: str) -> None:
        ring = [[60 + len(word), 30], [80, 30], [80, 50], [60, 30]]
        shape = f'{{"type": "Polygon", "coordinates": [{ring}]}}'
        properties = '{"kind": "land", "name": "x"}'
        feature = f'{{"type": "Feature", "properties": {properties}, "geometry": {shape}}}'
        self.edition.write("map.json", f'{{"type": "FeatureCollection", "features": [{feature}]}}')
        self.edition.write("static/own.css", f"p.{word} {{}}\n")
        self.edition.write("source.txt", f"The {word}.\n")
        self.changed()

    # ---- settings

    @rule(
        setting=st.sampled_from(
            [
                {"project": "Another name"},
                {"theme": "basic", "options": {}},
                {"theme": "alabaster", "options": {}},
                {"theme": "edition", "options": {"nav": ["pages/two", "list"]}},
                {"theme": "edition", "options": {}},
                {"gist_words": 5},
                {"gist_words": 30},
                {"glossary_links": "all"},
                {"glossary_links": "none"},
                {"copy_text": "source.txt"},
                {"copy_text": None},
                {"kinds": {"history": "Of old", "places": "Where"}},
                {"kinds": {}},
                {"nitpicky": True},
                {"nitpicky": False},
                {"ignored": {("py:func", "f")}},
                {"ignored": {("py:func", "g")}},
                {"suppressed": ["myst.role_unknown", "myst.xref_missing"]},
                {"suppressed": []},
            ]
        )
    )
    def change_settings(self, setting: dict[str, object]) -> None:
        self.edition.configure(**setting)
        self.changed()


@pytest.fixture(autouse=True)
def _same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """One time for all builds, and no PDF: its source is compared."""
    from annotated_edition.render.pdf import builder
    from annotated_edition.render.pdf.typeset import Result

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setattr(builder, "typeset", lambda *args: Result([]))


def test_incremental_builds_give_what_clean_ones_give() -> None:
    run_state_machine_as_test(
        Editing,
        settings=settings(
            max_examples=int(os.environ.get("EDITION_DIFFERENTIAL", "12")),
            stateful_step_count=12,
            # Twelve steps are few enough to read; shrinking them takes minutes.
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
