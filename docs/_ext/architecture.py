"""The drawing of the architecture: the packages in their layers, and who imports whom.

Made from the imports as they stand in the code, and from the layers that import-linter holds
(``pyproject.toml``).
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ROOT / "pyproject.toml"
PACKAGE = ROOT / "_ext/annotated_edition"

#: The four steps, as the boxes name them.
STEPS = {"read": "1", "anchor": "2", "weave": "3", "render": "4"}

Imports = Mapping[str, frozenset[str]]

# Sizes in the drawing's own units.
_MIDDLE, _SIDE, _GAP, _ROW = 276, 84, 18, 46
_LETTERS = 42


def read_layers(pyproject: Path) -> list[list[str]]:
    """The layers of the extension, from the top, each with its packages."""
    settings = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one["type"] == "layers")
    return [[name.strip() for name in layer.split("|")] for layer in layers]


def read_imports() -> Imports:
    """Which package imports which, anywhere in its code."""
    imports: dict[str, set[str]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        package = _package_of(file)
        if package.startswith("__"):
            continue
        found = imports.setdefault(package, set())
        found |= set(_imported(ast.parse(file.read_text(encoding="utf-8")))) - {package}
    known = frozenset(imports)
    return {name: frozenset(found) & known for name, found in imports.items()}


def _package_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # "from annotated_edition import pipeline", too.
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == PACKAGE.name and rest:
                yield rest.partition(".")[0]


def read_contents() -> dict[str, list[str]]:
    """The modules and packages that lie in each package."""
    return {
        folder.name: sorted(
            {
                inner.stem
                for inner in folder.iterdir()
                if (inner.suffix == ".py" or (inner / "__init__.py").exists())
                and not inner.stem.startswith("__")
            }
        )
        for folder in PACKAGE.iterdir()
        if (folder / "__init__.py").exists()
    }


def _reached(name: str, imports: Imports) -> set[str]:
    found: set[str] = set()
    for other in imports.get(name, ()):
        found |= {other} | _reached(other, imports)
    return found


def without_implied(imports: Imports) -> dict[str, list[str]]:
    """The imports less those that a longer way implies: fewer arrows say the same."""
    return {
        name: sorted(
            other
            for other in found
            if not any(other in _reached(between, imports) for between in found - {other})
        )
        for name, found in imports.items()
    }


def _longest(name: str, arrows: Mapping[str, Iterable[str]]) -> list[str]:
    ways = [_longest(other, arrows) for other in arrows.get(name, ())]
    return [name, *max(ways, key=len, default=[])]


class _Drawing:
    """The longest way of imports stands in the middle, the other packages beside it."""

    def __init__(
        self, layers: list[list[str]], imports: Imports, contents: Mapping[str, list[str]]
    ) -> None:
        self.layers, self.imports, self.contents = layers, imports, contents
        self.arrows = without_implied(imports)
        self.row = {name: at for at, layer in enumerate(layers) for name in layer}
        ways = [_longest(name, self.arrows) for name in sorted(self.row)]
        self.spine = max(ways, key=len)
        self.column = self._columns()
        left = max([0, *(-at for at in self.column.values())])
        right = max([0, *self.column.values()])
        self.middle = left * (_SIDE + _GAP) + _GAP / 2 + _MIDDLE / 2
        self.width = (left + right) * (_SIDE + _GAP) + _MIDDLE + _GAP
        self.heights = [self._height(layer) for layer in layers]
        self.tops = [8 + sum(self.heights[:at]) + at * (_ROW - 18) for at in range(len(layers))]
        self.height = self.tops[-1] + self.heights[-1] + 8

    def _columns(self) -> dict[str, int]:
        """Columns beside the middle (0), so that no arrow crosses a box."""
        columns = dict.fromkeys(self.spine, 0)
        taken: dict[int, list[tuple[int, int]]] = {}
        # Those that are imported from the middle first: nothing may lie between.
        imported = {other for others in self.arrows.values() for other in others}
        beside = set(self.row) - set(self.spine)
        for name in sorted(beside, key=lambda name: (name not in imported, self.row[name], name)):
            rows = [self.row[name], *(self.row[other] for other in self.arrows[name])]
            rows += [self.row[other] for other, to in self.arrows.items() if name in to]
            span = min(rows), max(rows)
            for column in (-1, 1, -2, 2, -3, 3):
                if all(span[1] < low or high < span[0] for low, high in taken.get(column, ())):
                    taken.setdefault(column, []).append(span)
                    columns[name] = column
                    break
        return columns

    def _lines(self, name: str) -> list[str]:
        return wrap(" · ".join(self.contents.get(name, ())), _LETTERS)

    def _height(self, layer: list[str]) -> float:
        return max(26 + 14 * len(self._lines(name)) * (name in self.spine) for name in layer)

    def _box(self, name: str) -> tuple[float, float, float, float]:
        """Left, top, width, height."""
        row, column = self.row[name], self.column[name]
        wide = _MIDDLE if column == 0 else _SIDE
        centre = self.middle
        if column:
            sign = 1 if column > 0 else -1
            centre += sign * (_MIDDLE / 2 + _GAP + _SIDE / 2 + (abs(column) - 1) * (_SIDE + _GAP))
        height = self.heights[row] if column == 0 else 26
        return centre - wide / 2, self.tops[row], wide, height

    def svg(self) -> str:
        """The whole file."""
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} '
            f'{self.height:g}" role="img" aria-labelledby="architecture-title '
            'architecture-description" fill="none" stroke="currentColor" stroke-width="1.2">',
            '<title id="architecture-title">The packages of the extension in their layers</title>',
            f'<desc id="architecture-description">{escape(self._words())}</desc>',
            '<defs><marker id="architecture-head" viewBox="0 0 8 8" refX="7" refY="4" '
            'markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" '
            'fill="currentColor" stroke="none"/></marker></defs>',
        ]
        parts += self._paths()
        parts += [part for layer in self.layers for name in layer for part in self._drawn(name)]
        return "\n".join([*parts, "</svg>", ""])

    def _words(self) -> str:
        sentences = [
            f"{name} imports {', '.join(sorted(self.imports[name]))}."
            if self.imports.get(name)
            else f"{name} imports no other package."
            for layer in self.layers
            for name in layer
        ]
        return "From the top layer to the lowest: " + " ".join(sentences)

    def _drawn(self, name: str) -> Iterable[str]:
        left, top, width, height = self._box(name)
        yield f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="4"/>'
        step = f"{STEPS[name]} · " if name in STEPS else ""
        lines = self._lines(name) if self.column[name] == 0 else []
        x = left + width / 2
        yield (
            f'<text x="{x:g}" y="{top + 17:g}" text-anchor="middle" font-family="system-ui, '
            f'sans-serif" font-size="13" font-weight="700" fill="currentColor" stroke="none">'
            f"{step}{name}</text>"
        )
        for number, line in enumerate(lines, 1):
            yield (
                f'<text x="{x:g}" y="{top + 18 + 14 * number:g}" text-anchor="middle" '
                f'font-family="system-ui, sans-serif" font-size="11" fill="currentColor" '
                f'stroke="none">{escape(line)}</text>'
            )

    def _paths(self) -> Iterable[str]:
        for name, others in self.arrows.items():
            left, top, width, height = self._box(name)
            for other in others:
                to_left, to_top, to_width, _ = self._box(other)
                if self.column[name] == self.column[other]:
                    way = f"M{left + width / 2:g} {top + height:g}V{to_top - 1:g}"
                elif self.column[other]:
                    # Out at the side, down onto a box beside the middle.
                    edge = left + width if self.column[other] > 0 else left
                    way = f"M{edge:g} {top + 13:g}H{to_left + to_width / 2:g}V{to_top - 1:g}"
                else:
                    # Down beside the middle, in at the side.
                    edge = to_left + to_width + 1 if self.column[name] > 0 else to_left - 1
                    way = f"M{left + width / 2:g} {top + height:g}V{to_top + 13:g}H{edge:g}"
                yield f'<path d="{way}" marker-end="url(#architecture-head)"/>'


def draw() -> str:
    """The drawing, as SVG in the colour of the text around it."""
    return _Drawing(read_layers(LAYERS), read_imports(), read_contents()).svg()
