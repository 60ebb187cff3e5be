"""Drawing in SVG: elements, colours for screen and print, widths of words.

The drawings are trees of the standard library's ElementTree, which escapes whatever strangers
write and costs nothing to import.  (``drawsvg`` leaves attributes unescaped, ``svgwrite`` is no
longer kept, ``svg.py`` takes 0.1 s to import, matplotlib half a second.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree import ElementTree

Element = ElementTree.Element


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two have a point in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Whether the other lies inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def has(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def grown(self, by: float) -> Box:
        """The same with a margin."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True, slots=True)
class Look:
    """Colours and letters of a medium."""

    font: str
    #: How wide its letters are, beside Helvetica's.
    stretch: float
    ink: str
    soft: str
    line: str
    paper: str
    shade: str
    mark: str
    strong: str
    land: str
    water: str
    river: str
    #: Whether a reader can follow links.
    links: bool


#: Inside an HTML page: the page's fonts, and colours from ``figures.css``, which knows light
#: and dark.  The widest of the usual system fonts sets the widths.
SCREEN = Look(
    font="var(--sans, system-ui, sans-serif)",
    stretch=1.14,
    ink="currentColor",
    soft="var(--chart-soft, #666)",
    line="var(--chart-line, #bbb)",
    paper="var(--chart-paper, #fff)",
    shade="var(--chart-shade, #eee)",
    mark="var(--kind, var(--chart-mark, #333))",
    strong="var(--chart-strong, #b3261e)",
    land="var(--chart-land, #fff)",
    water="var(--chart-water, #e8eef2)",
    river="var(--chart-river, #9db6c6)",
    links=True,
)

#: As a picture of its own: in the printed book, in EPUB and LaTeX.
PRINT = Look(
    font="Libertinus Serif, Libertinus, Georgia, serif",
    stretch=0.93,
    ink="#1c1a17",
    soft="#5f5a51",
    line="#d9d4c8",
    paper="#ffffff",
    shade="#efece4",
    mark="#1f3a63",
    strong="#9c2f1f",
    land="#ffffff",
    water="#e6ebee",
    river="#8fa9b8",
    links=False,
)

# Helvetica's widths, in thousandths of its size, for the signs that differ from the usual.
_WIDTHS = {
    **dict.fromkeys("ijl.,:;'|’‘", 250),
    **dict.fromkeys("ftI!/\\()[]-· r", 320),
    **dict.fromkeys("mMW", 860),
    **dict.fromkeys("wCDGHNOQRUw&—→", 730),
    **dict.fromkeys("ABEKPSVXY<>=+", 670),
}


def width_of(words: str, size: float, look: Look) -> float:
    """How wide words will be at most, or nearly: fonts differ."""
    thousandths = sum(
        _WIDTHS.get(sign, 560 if ord(sign) < 0x2E80 else 1000 / look.stretch) for sign in words
    )
    return thousandths * size * look.stretch / 1000


def wrapped(words: str, width: float, size: float, look: Look, most: int = 2) -> list[str]:
    """Break words into lines of about the same length; what is beyond the last is cut off."""
    lines = _filled(words, width, size, look)
    for part in (0.5, 0.6, 0.7, 0.8, 0.9):
        even = _filled(words, width * part, size, look)
        if (
            1 < len(even) == len(lines) <= most
            and max(width_of(line, size, look) for line in even) <= width
        ):
            return even
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] += "…"
    for at, line in enumerate(lines):
        while width_of(line, size, look) > width and len(line) > 2:
            line = f"{line[:-2].rstrip()}…"
        lines[at] = line
    return lines


def _filled(words: str, width: float, size: float, look: Look) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or width_of(longer, size, look) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def number(value: float) -> str:
    """A length, short and always the same."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def add(parent: Element, tag: str, words: str | None = None, /, **attributes: object) -> Element:
    """Add an element; ``stroke_width`` is written ``stroke-width``, numbers are shortened."""
    element = ElementTree.SubElement(parent, tag)
    for name, value in attributes.items():
        if value is None:
            continue
        text = number(value) if isinstance(value, int | float) else str(value)
        element.set(name.rstrip("_").replace("_", "-"), text)
    element.text = None if words is None else str(words)  # or it is a translation to come
    return element


def link(parent: Element, address: str, hint: str, look: Look, /, **attributes: object) -> Element:
    """Add a link with a hint, or where there are no links a group.

    Links of a picture are no stops of the tab key: the table under it has the same, one by one.
    """
    if look.links and address:
        attributes |= {"href": address, "tabindex": "-1"}
    element = add(parent, "a" if look.links and address else "g", **attributes)
    add(element, "title", hint)
    return element


def path(points: Iterable[tuple[float, float]], closed: bool = False, step: float = 0) -> str:
    """A path through points, as an attribute; points nearer than a step are left out."""
    steps: list[str] = []
    last = (-1e9, -1e9)
    for x, y in points:
        if abs(x - last[0]) > step or abs(y - last[1]) > step:
            steps.append(f"{number(round(x, 1))} {number(round(y, 1))}")
            last = x, y
    return f"M{'L'.join(steps)}{'Z' if closed else ''}" if len(steps) > 1 else ""


def drawing(
    name: str, width: float, height: float, title: str, description: str, look: Look, classes: str
) -> Element:
    """An empty drawing with its title and description.

    Inside a page it is a group, since a picture (``role="img"``) has no links in it for those
    who listen; as a file it is a picture.
    """
    svg = Element("svg", {"viewBox": f"0 0 {number(width)} {number(height)}", "class": classes})
    if not look.links:
        svg.set("xmlns", "http://www.w3.org/2000/svg")
        svg.attrib.update({"width": f"{number(width)}pt", "height": f"{number(height)}pt"})
    svg.set("role", "group" if look.links else "img")
    svg.set("aria-labelledby", f"{name}-title")
    svg.set("aria-describedby", f"{name}-description")
    svg.set("font-family", look.font)
    svg.set("fill", look.ink)
    add(svg, "title", title, id=f"{name}-title")
    add(svg, "desc", description, id=f"{name}-description")
    return svg


def written(svg: Element) -> str:
    """A drawing as text."""
    return ElementTree.tostring(svg, encoding="unicode")
