"""Regular expressions take time that grows with what they are applied to, and no faster.

All patterns of the package are collected from its source, so that none is forgotten.  Doyensec's
regexploit looks for repetitions that could divide the same text in several ways; it knows nothing
of searching from every place of a text, so each pattern is also applied to repetitions of what it
is made of.
"""

from __future__ import annotations

import ast
import itertools
import pkgutil
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as expressions  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from regexploit.ast.sre import SreOpParser
from regexploit.redos import find

import annotated_edition
from annotated_edition.read.misspelt import SLIPS, Slip

ROOT = Path(annotated_edition.__path__[0])

#: Patterns that are made while the extension runs, by module and function: why they are linear.
MADE = {
    "anchor.credit:credit": "globs of conf.py, and names of a hundred letters at most",
    "bibliography.errors:_field_line": "from a sign over spaces to a name",
    "read.commentary:loaded_words": "words of conf.py between borders, each tried once at a place",
    "render.html.reading_page:fill_page": "a name of ours and one letter",
    "render.pdf.repairs:printable": "a sign, then spaces and signs: no two can begin alike",
    "text.sorting:letters_of": "articles of a language, at the beginning alone",
    "text.sorting:without_article": "the same",
    "text.terms:__init__": "any of some letters, not within a word, then the rest of that word",
    "render.assets:is_needed": "patterns of ours",
}

#: Those that either check refuses: why no stranger can make use of it.
BOUNDED = {
    "text.edtf": "a date has 80 signs at most",
    "weave.locales": "a format of dates, of a language or of conf.py",
}


class Pattern(NamedTuple):
    """A pattern: where it stands, and whether it is only applied at the beginning of a text."""

    where: str
    pattern: str | bytes
    flags: int
    anchored: bool


def modules() -> Iterator[tuple[str, Any, ast.Module]]:
    """Name, module and source of all of the package."""
    for found in pkgutil.walk_packages([str(ROOT)], "annotated_edition."):
        if found.name.endswith("__main__"):
            continue
        module = import_module(found.name)
        source = Path(str(module.__file__)).read_text("utf-8")
        yield found.name.removeprefix("annotated_edition."), module, ast.parse(source)


def _calls(tree: ast.AST, function: str = "") -> Iterator[tuple[str, ast.Call]]:
    """All calls of ``re.…``, with the function that they stand in."""
    for node in ast.iter_child_nodes(tree):
        inner = node.name if isinstance(node, ast.FunctionDef) else function
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr != "escape"
        ):
            yield inner, node
        yield from _calls(node, inner)


def _uses(tree: ast.Module) -> dict[str, set[str]]:
    """What is done with each name: the methods that are called on it, or got from it."""
    uses: dict[str, set[str]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            uses[name].add(node.attr)
    return uses


def _names(tree: ast.Module) -> dict[ast.expr, str]:
    """The name that each value is given."""
    return {
        node.value: target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def patterns() -> tuple[list[Pattern], set[str]]:
    """All patterns that are known when the package is imported; and where others are made."""
    known, made = [], set()
    everything = list(modules())
    uses: dict[str, set[str]] = defaultdict(set)
    methods = {*"match fullmatch search sub subn findall finditer split".split()}
    for module, _, tree in everything:
        for name, used in _uses(tree).items():
            # Nobody else uses a name that begins with a line.
            uses[f"{module}.{name}" if name.startswith("_") else name] |= used & methods
    for name, module, tree in everything:
        names = _names(tree)
        for function, call in _calls(tree):
            method = call.func.attr  # type: ignore[attr-defined]
            where = f"{name}:{call.lineno}"
            flags = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
            # re.sub and re.split have others before.
            flags += call.args[
                {"sub": 4, "split": 3}.get(method, 2 if method != "compile" else 1) :
            ]
            try:
                pattern, *given = [
                    eval(compile(ast.Expression(part), where, "eval"), dict(vars(module)))
                    for part in (call.args[0], *flags)
                ]
            except NameError:
                made.add(f"{name}:{function}")
                continue
            given_name = names.get(call, "")
            key = f"{name}.{given_name}" if given_name.startswith("_") else given_name
            used = uses[key] if method == "compile" else {method}
            anchored = bool(used) and used <= {"match", "fullmatch"}
            known.append(Pattern(where, pattern, int(given[0]) if given else 0, anchored))
    return known, made


KNOWN, WHERE_MADE = patterns()


class Reader(SreOpParser):  # type: ignore[misc]
    """regexploit's reader, which is older than repetitions that give nothing back.

    One within another takes all that it can each time, so that it divides nothing: it counts once.
    """

    is_within = False

    def from_POSSESSIVE_REPEAT(self, data: Any) -> Any:
        if self.is_within:
            return self.from_MAX_REPEAT((1, 1, data[2]))
        self.is_within = True
        try:
            return self.from_MAX_REPEAT(data)
        finally:
            self.is_within = False


def signs(tree: Any) -> set[int]:
    """One character at least of all that a pattern names."""
    found: set[int] = set()
    for code, value in tree:
        if code in (codes.LITERAL, codes.NOT_LITERAL):
            found.add(value)
        elif code is codes.RANGE:
            found |= {value[0], value[1]}
        elif code in (codes.IN, codes.ATOMIC_GROUP):
            found |= signs(value)
        elif code in (codes.ANY, codes.CATEGORY):
            found |= {*map(ord, " a1-")}
        elif code is codes.SUBPATTERN:
            found |= signs(value[3])
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            found |= signs(value[2])
        elif code is codes.BRANCH:
            found |= set().union(*map(signs, value[1]))
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            found |= signs(value[1])
    return found


def _seconds(pattern: re.Pattern[Any], text: str | bytes, anchored: bool) -> float:
    start = time.thread_time()
    pattern.match(text)
    pattern.fullmatch(text)
    if not anchored:
        for _ in pattern.finditer(text):
            pass
    return time.thread_time() - start


def is_linear(pattern: re.Pattern[Any], unit: Any, before: Any, anchored: bool) -> bool:
    """Whether the time grows with so many of a *unit*, in a text sixteen times as long."""

    def least(size: int, times: int) -> float:
        end = b"\x01" if isinstance(unit, bytes) else "\x01"
        text = before + unit * (size // len(unit)) + end
        return min(_seconds(pattern, text, anchored) for _ in range(times))

    if least(600, 1) > 0.02 and least(600, 3) > 0.02:
        return False  # the cube, or worse
    if least(9600, 1) < 0.004:
        return True
    # The square would have 256.
    return least(9600, 5) < 80 * max(least(600, 5), 0.00005)


def _units(pattern: Pattern) -> Iterator[tuple[Any, Any]]:
    """Repetitions to try, and what may stand before them."""
    found = sorted(signs(expressions.parse(pattern.pattern, pattern.flags)))
    if len(found) > 8:
        found = random.Random(1).sample(found, 8)
    made: list[Any] = [
        bytes([sign]) if isinstance(pattern.pattern, bytes) else chr(sign) for sign in found
    ]
    empty = made[0][:0] if made else ""
    for unit in made:
        yield from ((unit, before) for before in (empty, *made))
    yield from ((one + other, empty) for one, other in itertools.permutations(made, 2))


def test_none_is_hidden() -> None:
    assert len(KNOWN) > 100
    assert set(MADE) == WHERE_MADE
    for _, _, tree in modules():
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.ImportFrom) and node.module == "re")
            assert not (isinstance(node, ast.Import) and any(n.name == "regex" for n in node.names))


@pytest.mark.parametrize("pattern", KNOWN, ids=[found.where for found in KNOWN])
def test_no_text_can_be_divided_in_many_ways(pattern: Pattern) -> None:
    if pattern.where.partition(":")[0] in BOUNDED:
        return
    tree = Reader().parse_sre(pattern.pattern, pattern.flags)
    assert not [found for found in find(tree) if found.starriness > 2]


@pytest.mark.parametrize("pattern", KNOWN, ids=[found.where for found in KNOWN])
def test_repetitions(pattern: Pattern) -> None:
    if pattern.where.partition(":")[0] in BOUNDED:
        return
    compiled = re.compile(pattern.pattern, pattern.flags)
    assert [
        unit
        for unit in _units(pattern)
        if not is_linear(compiled, *unit, anchored=pattern.anchored)
    ] == []


@pytest.mark.parametrize("vulnerable", [r"(a+)+b", r"a[^b]*b"])
def test_what_is_not_linear_is_found(vulnerable: str) -> None:
    pattern = Pattern("", vulnerable, 0, anchored=False)
    compiled = re.compile(vulnerable)
    dividing = [one for one in find(Reader().parse_sre(vulnerable, 0)) if one.starriness > 2]
    assert dividing or not all(
        is_linear(compiled, *unit, anchored=False) for unit in _units(pattern)
    )


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.pattern.pattern[:20])
@settings(max_examples=20, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_signs_of_a_slip_stand_in_all_that_it_matches(slip: Slip, data: st.DataObject) -> None:
    """No misspelling is passed over because its signs were looked for first."""
    found = slip.pattern.search(data.draw(st.from_regex(slip.pattern)))
    assert found
    assert any(sign in found[0] for sign in slip.signs)
