"""MathML as Typst's markup of formulas.

From MathML and not from TeX: that is read once, by one library, for pages and print alike, and
each sign of it is escaped here, so that no formula holds Typst's own commands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from annotated_edition.render.pdf.escape import string

#: Signs over and under a base that are accents to Typst, by what MathML has for them.
_OVER = {
    "^": "hat", "ˆ": "hat", "~": "tilde", "˜": "tilde", "˙": "dot", "¨": "dot.double",
    "ˇ": "caron", "˘": "breve", "´": "acute", "`": "grave", "→": "arrow", "˚": "circle",
}  # fmt: skip
_LINES = {"¯": "overline", "‾": "overline", "―": "overline", "_": "overline"}
_BRACES = {"⏞": "overbrace", "⏟": "underbrace"}
#: Names under which limits stand.
_LIMITS = frozenset("lim limsup liminf max min sup inf det gcd Pr".split())
_BIG = frozenset("∑∏∐⋃⋂⨁⨂⨀⋁⋀")
_OPENING = frozenset("([{|‖⟨")
_LENGTH = re.compile(r"[+-]?[\d.]+(?:em|pt|mm|cm)")


def formula(root: Element, block: bool) -> str:
    """The markup of a formula, to stand between dollar signs.

    ``&`` aligns the lines of one that is nothing but lines.
    """
    row = list(root)
    while len(row) == 1 and row[0].tag in ("mrow", "mstyle"):
        row = list(row[0])
    if block and len(row) == 1 and row[0].tag == "mtable" and _is_aligned(row[0]):
        return r" \ ".join(" & ".join(map(_inside, line)) for line in row[0])
    return _row(row)


def _is_aligned(table: Element) -> bool:
    cells = [cell.get("class", "") for line in table for cell in line]
    return "math-right" in cells


def _written(element: Element) -> str:
    writer = _WRITERS.get(element.tag, _inside)
    return writer(element)


def _inside(element: Element) -> str:
    return _row(list(element)) if len(element) else _sign(element.text or "")


def _row(elements: list[Element]) -> str:
    """Elements side by side; what stands between two fences grows with them."""
    return " ".join(filter(None, _pieces(elements)))


def _pieces(elements: list[Element]) -> Iterator[str]:
    at = 0
    while at < len(elements):
        element = elements[at]
        end = _end_of_fence(elements, at)
        if end > at:
            ends = _written(element), _written(elements[end])
            yield f"lr({ends[0]} {_row(elements[at + 1 : end])} {ends[1]})"
        else:
            yield _written(element)
        at = end + 1


def _is_fence(element: Element, form: str) -> bool:
    return element.tag == "mo" and element.get("fence") == "true" and element.get("form") == form


def _end_of_fence(elements: list[Element], start: int) -> int:
    """Where what is fenced by the element at *start* ends; *start* itself if it is no fence."""
    element = elements[start]
    before_table = start + 1 < len(elements) and elements[start + 1].tag == "mtable"
    if element.tag == "mo" and (element.text or "") in _OPENING and before_table:
        # A matrix or cases: signs before and after a table grow with it by themselves.
        return min(start + 2, len(elements) - 1)
    depth = 0
    for at in range(start, len(elements)):
        depth += _is_fence(elements[at], "prefix") - _is_fence(elements[at], "postfix")
        if not depth:
            return at
    return start


def _sign(text: str) -> str:
    """Signs that stand for themselves, whatever they mean to Typst."""
    return " ".join(f"\\{sign}" if sign.isascii() and not sign.isalnum() else sign for sign in text)


def _identifier(element: Element) -> str:
    if len(element):
        return _inside(element)
    name = (element.text or "").strip()
    if len(name) != 1:
        return _operator(name) if name else ""
    variant = element.get("mathvariant", "")
    function = "upright" if variant == "normal" else "bold" if "bold" in variant else ""
    return f"{function}({_sign(name)})" if function else _sign(name)


def _operator(name: str) -> str:
    return f"op({string(name)}{', limits: #true' if name in _LIMITS else ''})"


def _number(element: Element) -> str:
    text = (element.text or "").strip()
    return text if re.fullmatch(r"\d+(?:\.\d+)?", text) else string(text) if text else ""


def _symbol(element: Element) -> str:
    text = (element.text or "").strip()
    if len(element):
        return f'class("large", {_inside(element)})'
    size = element.get("minsize", "")
    if _LENGTH.fullmatch(size):
        return f"lr({_sign(text)}, size: #{size})"
    return _operator(text) if len(text) > 1 and text.isalpha() else _sign(text)


def _text(element: Element) -> str:
    return string(element.text) if element.text else ""


def _space(element: Element) -> str:
    width = element.get("width", "")
    return f"#h({width.removeprefix('+')})" if _LENGTH.fullmatch(width) else ""


def _call(function: str, *options: str) -> Callable[[Element], str]:
    def written(element: Element) -> str:
        return f"{function}({', '.join([_inside(element), *options])})"

    return written


def _fraction(element: Element) -> str:
    above, below = map(_argument, element)
    if element.get("linethickness", "").startswith("0"):
        return f"mat(delim: #none, {above}; {below})"
    return f"frac({above}, {below})"


def _argument(element: Element) -> str:
    """An element as an argument, which may be empty but not nothing."""
    return _written(element) or '""'


def _root(element: Element) -> str:
    under, index = map(_argument, element)
    return f"root({index}, {under})"


def _attached(*names: str, limits: bool = False) -> Callable[[Element], str]:
    def written(element: Element) -> str:
        base, *marks = element
        if limits and len(marks) == 1 and (accent := _accented(base, marks[0], names[0])):
            return accent
        words = _argument(base)
        if limits and not (base.tag == "mo" and (base.text or "") in _BIG):
            words = f"limits({words})"
        given = [f"{name}: {_argument(mark)}" for name, mark in zip(names, marks, strict=True)]
        return f"attach({', '.join([words, *given])})"

    return written


def _accented(base: Element, mark: Element, name: str) -> str:
    sign = "".join(mark.itertext()).strip()
    if sign in _BRACES:
        return f"{_BRACES[sign]}({_argument(base)})"
    if sign in _LINES:
        return f"{_LINES[sign] if name == 't' else 'underline'}({_argument(base)})"
    return f"accent({_argument(base)}, {_OVER[sign]})" if name == "t" and sign in _OVER else ""


def _table(element: Element) -> str:
    rows = "; ".join(", ".join(_inside(cell) or '""' for cell in row) for row in element)
    cells = {cell.get("class", "") for row in element for cell in row}
    side = {"math-left": "left", "math-right": "right"}.get(next(iter(cells), ""), "center")
    return f"mat(delim: #none, align: #{side if len(cells) == 1 else 'left'}, {rows})"


def _style(element: Element) -> str:
    """As large as a formula in a line of its own, or among words."""
    size = {"true": "display", "false": "inline"}.get(element.get("displaystyle", ""))
    words = _inside(element)
    return f"{size}({words})" if size and words else words


def _enclosed(element: Element) -> str:
    notation = element.get("notation", "")
    if "strike" in notation:
        return f"cancel({_inside(element)})"
    return (
        f"#box(stroke: 0.5pt, inset: 3pt, ${_inside(element)}$)" if notation else _inside(element)
    )


_WRITERS: dict[str, Callable[[Element], str]] = {
    "mi": _identifier,
    "mn": _number,
    "mo": _symbol,
    "mtext": _text,
    "ms": _text,
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": _call("sqrt"),
    "mroot": _root,
    "msub": _attached("b"),
    "msup": _attached("t"),
    "msubsup": _attached("b", "t"),
    "munder": _attached("b", limits=True),
    "mover": _attached("t", limits=True),
    "munderover": _attached("b", "t", limits=True),
    "mtable": _table,
    "mstyle": _style,
    "menclose": _enclosed,
    "mphantom": lambda element: f"#hide(${_inside(element)}$)",
}
