"""Built pages as trees, and pieces of them written again so that they need nothing else.

Our own pages are well formed: the parser of the standard library will do.
"""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from pathlib import Path

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())

_BLOCKS = frozenset("p dt h1 h2 h3 h4 h5 h6 pre td th caption".split())

#: What isn't shown a second time: it acts, or leads somewhere else.
_LEFT_OUT = frozenset(
    "script style iframe object embed form input button select svg link meta".split()
)

#: Attributes that are kept; ids would stand twice, and links lead nowhere.
_KEPT = frozenset({"class", "lang", "dir", "alt", "datetime", "data-n", "colspan", "rowspan"})

#: Of what changes with every other note, or with the day.
UNSTEADY = frozenset(
    "headerlink note-mark note-facts note-credit note-neighbours suggest-change label "
    "passage-number backlinks occurrences".split()
)

_NOT_SHOWN = frozenset({"headerlink", "suggest-change", "occurrences"})

#: Bytes of a picture that is taken along.
_MOST_PICTURE = 2_000_000


@dataclass(eq=False, slots=True)
class Element:
    """An element: its tag, its attributes, and what it holds."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """Its classes."""
        return set(self.attributes.get("class", "").split())

    def walk(self) -> Iterator[Element]:
        """It, and all elements within it, in their order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def find(self, wanted: Callable[[Element], bool]) -> Iterator[Element]:
        """The elements that are *wanted*, but none within one of them."""
        for child in self.children:
            if isinstance(child, Element):
                if wanted(child):
                    yield child
                else:
                    yield from child.find(wanted)

    def words(self) -> Iterator[str]:
        """Its words, less what is unsteady."""
        if self.tag in _LEFT_OUT or self.classes & UNSTEADY:
            return
        for child in self.children:
            if isinstance(child, str):
                yield from child.split()
            else:
                yield from child.words()


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("div")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def content(page: str) -> Element | None:
    """What a page of the theme ``edition`` says itself, without header and footer."""
    _before, begin, rest = page.partition("<!--page-->")
    inside, end, _after = rest.partition("<!--/page-->")
    if not begin or not end:
        return None
    parser = _Parser()
    parser.feed(inside)
    parser.close()
    return parser.root


def blocks(element: Element) -> Iterator[Element]:
    """Its paragraphs, headings, entries and cells: what holds words and no other block."""
    for child in element.children:
        if not isinstance(child, Element) or child.classes & UNSTEADY or child.tag in _LEFT_OUT:
            continue
        if child.tag == "dl":
            yield from _definitions(child)
            continue
        holds_words = any(isinstance(one, str) and one.strip() for one in child.children)
        if child.tag in _BLOCKS or holds_words:
            yield child
        else:
            yield from blocks(child)


def _definitions(listed: Element) -> Iterator[Element]:
    """Each entry of a list of definitions, its terms and what they mean."""
    entry = Element("dl")
    for child in listed.children:
        if isinstance(child, Element):
            entry.children.append(child)
            if child.tag == "dd":
                yield entry
                entry = Element("dl")
    if entry.children:
        yield entry


def written(
    element: Element, folder: Path, flagged: frozenset[int] = frozenset(), flag: str = ""
) -> str:
    """An element as HTML that needs nothing else.

    Of its words (:meth:`Element.words`) those whose numbers are *flagged* stand in elements
    *flag*.  Pictures come from *folder*, that of its page.
    """
    return "".join(_write(element, folder, flagged, flag, [0], steady=True))


def _write(
    element: Element, folder: Path, flagged: frozenset[int], flag: str, at: list[int], steady: bool
) -> Iterator[str]:
    if element.tag in _LEFT_OUT or element.classes & _NOT_SHOWN:
        return
    if element.tag == "img":
        yield _picture(element, folder)
        return
    steady = steady and not element.classes & UNSTEADY
    attributes = {name: said for name, said in element.attributes.items() if name in _KEPT}
    href = element.attributes.get("href", "")
    if href.startswith(("https://", "http://")):
        attributes |= {"href": href, "rel": "nofollow noreferrer"}
    told = "".join(f' {name}="{escape(said)}"' for name, said in attributes.items())
    yield f"<{element.tag}{told}>"
    if element.tag in _VOID:
        return
    for child in element.children:
        if isinstance(child, Element):
            yield from _write(child, folder, flagged, flag, at, steady)
        elif steady:
            yield from _write_words(child, flagged, flag, at)
        else:
            yield escape(child, quote=False)
    yield f"</{element.tag}>"


def _write_words(text: str, flagged: frozenset[int], flag: str, at: list[int]) -> Iterator[str]:
    begin = 0
    for word in text.split():
        start = text.index(word, begin)
        yield escape(text[begin:start], quote=False)
        shown = escape(word, quote=False)
        yield f"<{flag}>{shown}</{flag}>" if at[0] in flagged else shown
        at[0] += 1
        begin = start + len(word)
    yield escape(text[begin:], quote=False)


def _picture(element: Element, folder: Path) -> str:
    """A picture, within the page."""
    alt = escape(element.attributes.get("alt", ""))
    path = folder / element.attributes.get("src", "")
    kind = mimetypes.guess_type(path.name)[0] or ""
    if not kind.startswith("image/") or not path.is_file() or path.stat().st_size > _MOST_PICTURE:
        return f"<em>[{alt}]</em>"
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="{alt}" src="data:{kind};base64,{data}">'
