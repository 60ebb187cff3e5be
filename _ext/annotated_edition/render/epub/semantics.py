"""What an e-reader needs to know of a page, put into its XHTML.  No Sphinx here.

Docutils and the extension write DPUB-ARIA roles (https://www.w3.org/TR/dpub-aria/); most
e-readers go by ``epub:type`` (https://www.w3.org/TR/epub-ssv-11/), so every place gets both.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

XHTML = "http://www.w3.org/1999/xhtml"
_SVG = "http://www.w3.org/2000/svg"
_MATHML = "http://www.w3.org/1998/Math/MathML"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_H = f"{{{XHTML}}}"

#: Roles of places within a page.
_TYPES = {
    "doc-noteref": "noteref",
    "doc-footnote": "footnote",
    "doc-backlink": "backlink",
    "doc-biblioref": "biblioref",
    "doc-glossref": "glossref",
}
#: Elements that load what a page looks like and does, and bear no words.
_HELPERS = {"link", "script"}
#: Elements without an end tag in HTML; all others get one, also for readers that don't parse XML.
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
_CLOSED = re.compile(rf"<(?!(?:{_VOID})[\s/])([A-Za-z][\w:.-]*+)([^<>]*?) ?/>")

for _prefix, _uri in (
    ("", XHTML),
    ("epub", "http://www.idpf.org/2007/ops"),
    ("svg", _SVG),
    ("m", _MATHML),
):
    ET.register_namespace(_prefix, _uri)


@dataclass(frozen=True)
class Division:
    """Which part of the book a page belongs to, and what it is.

    ``name`` is ``frontmatter``, ``bodymatter`` or ``backmatter``; ``kind`` is a type that has a
    role too, such as ``chapter`` (may be empty).
    """

    name: str = ""
    kind: str = ""


@dataclass
class Contents:
    """What a finished page holds, and where it points."""

    ids: set[str] = field(default_factory=set)
    #: What the page is, as far as its first section says so.
    kind: str = ""
    #: Pages and files of the book, by path from its root, each with a fragment or none.
    targets: list[tuple[str, str]] = field(default_factory=list)
    #: Those of them that are style sheets and scripts of the whole page.
    helpers: set[tuple[str, str]] = field(default_factory=set)
    images: int = 0
    #: Images that have neither words nor a role that says they need none.
    silent_images: int = 0
    has_svg: bool = False
    has_mathml: bool = False
    has_script: bool = False
    #: Sound, film or pictures that may move.
    may_move: bool = False

    @property
    def properties(self) -> list[str]:
        """The properties of the page's entry in the manifest (EPUB 3.3, D.5)."""
        found = (("mathml", self.has_mathml), ("scripted", self.has_script), ("svg", self.has_svg))
        return [name for name, is_there in found if is_there]


def mark_up(
    page: str,
    path: str,
    division: Division,
    locators: Mapping[str, str],
    left_out: Collection[str] = (),
) -> str:
    """The XHTML *page* with its semantics.

    *path* is its place in the book, *locators* tells the labels of passages by their ids, and
    *left_out* are the paths of pages that the book hasn't: links to them keep their words only.
    Raises :exc:`xml.etree.ElementTree.ParseError` for a page that isn't XML, or has no body.
    """
    root = ET.fromstring(page)
    body = root.find(f"{_H}body")
    if body is None:
        # A project's template may be no whole page, or no XHTML.
        raise ET.ParseError("no body of XHTML")
    for element in list(body.iter()):
        _mark(element)
        anchor = element.get("id", "")
        if anchor in locators and "passage" in _classes(element):
            _locate(element, anchor, locators[anchor])
        elif anchor in locators and "target" in _classes(element):  # of a label within a passage
            element.insert(0, _locator(anchor, locators[anchor], "passage-number within"))
        href = element.get("href")
        is_link = element.tag == f"{_H}a" and href and _is_within(href)
        if href and is_link and left_out and _target(path, href)[0] in left_out:
            _unlink(element)
    if division.name and not body.get(_TYPE):
        body.set(_TYPE, division.name)
    section = body.find(f".//{_H}section")
    kind = division.kind or _kind(body)
    if section is not None and kind:
        section.set(_TYPE, kind)
        section.set("role", f"doc-{kind}")
    for entries in list(body.iter(f"{_H}dl")):
        if "glossary" in _classes(entries):
            _enclose(entries)
    for element in root.iter():
        language = element.get("lang")
        if language:
            element.set(_LANG, language)
    return _written(root)


def without_links(page: str, path: str, dead: Collection[tuple[str, str]]) -> str:
    """A finished page at *path* that keeps only the words of links to the places *dead*.

    It doesn't load style sheets and scripts that are among them.
    """
    root = ET.fromstring(page)
    for parent in list(root.iter()):
        for child in list(parent):
            address = child.get("href") or child.get("src") or ""
            is_helper = child.tag.removeprefix(_H) in _HELPERS and address
            if is_helper and _is_within(address) and _target(path, address) in dead:
                parent.remove(child)
    for element in list(root.iter(f"{_H}a")):
        href = element.get("href")
        if href and _is_within(href) and _target(path, href) in dead:
            _unlink(element)
    return _written(root)


def _unlink(link: ET.Element) -> None:
    link.tag = f"{_H}span"
    del link.attrib["href"]
    link.attrib.pop("title", None)


def _written(root: ET.Element) -> str:
    written = _CLOSED.sub(r"<\1\2></\1>", ET.tostring(root, encoding="unicode"))
    return f"<!DOCTYPE html>\n{written}\n"


#: Elements whose words no reader sees.
_UNSEEN = {"script", "style", "head", "template"}
#: Elements that stand within a line.
_INLINE = set(
    "a abbr b bdi bdo cite code dfn em i kbd mark q s samp small span strong sub sup u".split()
)


class _Words(HTMLParser):
    """The words of a page that may be anything, by paragraph, and the ids among them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.blocks: list[list[tuple[str, str]]] = [[]]  # of ("id" or "words", value)
        self._ids: set[str] = set()
        self._inside: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        if tag in _UNSEEN:
            self._inside.append(tag)
        if tag not in _INLINE:
            self.blocks.append([])
        id_ = dict(attrs).get("id") or ""
        if re.fullmatch(r"[A-Za-z_][\w.-]*", id_, re.ASCII) and id_ not in self._ids:
            self._ids.add(id_)
            self.blocks[-1].append(("id", id_))

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag in self._inside:
            del self._inside[self._inside.index(tag) :]
        if tag not in _INLINE:
            self.blocks.append([])

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif not self._inside:
            self.blocks[-1].append(("words", data))


def words_alone(page: str, language: str) -> str:
    """A page of XHTML that has the words and the ids of *page*, which isn't XML, and no more."""
    words = _Words()
    try:
        words.feed(page)
        words.close()
    except AssertionError:  # html.parser knows no other answer to some declarations
        words.blocks.append([("words", re.sub(r"<[^<>]*>", " ", words.rawdata))])
    root = ET.Element(f"{_H}html", {"lang": language})
    title = ET.SubElement(ET.SubElement(root, f"{_H}head"), f"{_H}title")
    title.text = " ".join(words.title.split()) or "…"
    body = ET.SubElement(root, f"{_H}body")
    for block in words.blocks:
        if not any(kind == "id" or value.strip() for kind, value in block):
            continue
        paragraph = ET.SubElement(body, f"{_H}p")
        paragraph.text = ""
        last: ET.Element | None = None
        for kind, value in block:
            if kind == "id":
                last = ET.SubElement(paragraph, f"{_H}span", {"id": value})
                last.tail = ""
            elif last is None:
                paragraph.text += value
            else:
                last.tail = (last.tail or "") + value
    return ET.tostring(root, encoding="unicode")


def _mark(element: ET.Element) -> None:
    role = element.get("role", "")
    classes = _classes(element)
    if role == "doc-footnote" or "footnote-list" in classes:
        # Apple Books hides an ``aside`` that is a footnote and shows it in a pop-up alone; any
        # other element it shows in both places (Apple Books Asset Guide, “Pop-Up Footnotes”).
        element.tag = f"{_H}div"
    elif role == "doc-biblioentry":  # deprecated
        element.set("role", "listitem")
    elif "bibtex-citation" in classes:
        for link in element.iter(f"{_H}a"):
            link.set("role", "doc-biblioref")
            link.set(_TYPE, "biblioref")
            link.attrib.pop("title", None)  # the whole entry, in every place
    elif element.tag == f"{_H}a" and any("std-term" in _classes(child) for child in element):
        role = "doc-glossref"
        element.set("role", role)
    if role in _TYPES and not element.get(_TYPE):
        element.set(_TYPE, _TYPES[role])


def _enclose(entries: ET.Element) -> None:
    """Let links to a term of a glossary lead to the term and what it means.

    An e-reader shows in a pop-up what a link leads to.  Of several terms with one meaning the
    first names both, each other the meaning.
    """
    groups: list[ET.Element] = []
    last = ""
    for child in list(entries):
        entries.remove(child)
        if not groups or (child.tag == f"{_H}dt" and last != child.tag):
            groups.append(ET.Element(f"{_H}div", {"class": "glossary-entry"}))
        groups[-1].append(child)
        last = str(child.tag)
    for group in groups:
        entries.append(group)
        terms = [child for child in group if child.tag == f"{_H}dt" and child.get("id")]
        said = next((child for child in group if child.tag == f"{_H}dd"), None)
        if terms:
            group.set("id", terms[0].attrib.pop("id"))
        for term in terms[1:]:
            if said is not None and not said.get("id"):
                said.set("id", term.attrib.pop("id"))


def _locate(passage: ET.Element, anchor: str, label: str) -> None:
    """Put a static locator before the first words of a passage, and no word into it."""
    place = passage
    if passage.tag == f"{_H}div":  # a verse: its first line
        place = next((line for line in passage.iter(f"{_H}div") if line is not passage), passage)
    if any(child.get("role") == "doc-pagebreak" for child in place):
        return
    break_ = _locator(anchor, label, "passage-number")
    break_.tail, place.text = place.text, None
    place.insert(0, break_)


def _locator(anchor: str, label: str, classes: str) -> ET.Element:
    """What the list of pages leads to; the style sheet draws its number."""
    return ET.Element(
        f"{_H}span",
        {
            "class": classes,
            _TYPE: "pagebreak",
            "role": "doc-pagebreak",
            "id": f"break-{anchor}",
            # A title, since checkers differ on whether this role may have an aria-label.
            "title": label,
        },
    )


def _kind(body: ET.Element) -> str:
    """What a page is by what it holds, where nothing else says it."""
    for element in body.iter():
        classes = _classes(element)
        if "glossary" in classes and element.tag == f"{_H}dl":
            return "glossary"
        if "citation-list" in classes:
            return "bibliography"
    return ""


def _classes(element: ET.Element) -> list[str]:
    return element.get("class", "").split()


def look_into(page: str, path: str) -> Contents:
    """What the finished XHTML *page* at *path* holds."""
    contents = Contents()
    for element in ET.fromstring(page).iter():
        tag = element.tag.rpartition("}")[2]
        if element.get("id"):
            contents.ids.add(element.get("id", ""))
        if tag == "img":
            contents.images += 1
            if not element.get("alt") and element.get("role") not in ("presentation", "none"):
                contents.silent_images += 1
        if tag == "section" and not contents.kind:
            contents.kind = element.get(_TYPE, "")
        contents.has_svg |= element.tag == f"{{{_SVG}}}svg"
        contents.has_mathml |= element.tag == f"{{{_MATHML}}}math"
        contents.has_script |= tag in ("script", "form")
        contents.may_move |= tag in ("audio", "video", "object", "embed", "iframe", "animate")
        for name in ("href", "src", "{http://www.w3.org/1999/xlink}href"):
            address = element.get(name)
            if address and _is_within(address):
                contents.targets.append(_target(path, address))
                if tag in _HELPERS:
                    contents.helpers.add(_target(path, address))
    contents.may_move |= any(name.lower().endswith(".gif") for name, _ in contents.targets)
    return contents


def style_targets(style: str, path: str) -> Iterator[str]:
    """Files of the book that a style sheet at *path* loads."""
    for match in re.finditer(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", style):
        address = (match[1] or match[2]).strip()
        if _is_within(address):
            yield _target(path, address)[0]


def _is_within(address: str) -> bool:
    """Whether *address* leads to a place in the book; one that is none leads nowhere."""
    try:
        return not urlsplit(address).scheme and not address.startswith("//")
    except ValueError:
        return False


def _target(path: str, address: str) -> tuple[str, str]:
    """The place in the book, and the fragment, that *address* on the page *path* leads to."""
    parts = urlsplit(address)
    if not parts.path:
        return path, unquote(parts.fragment)
    joined = posixpath.join(posixpath.dirname(path), unquote(parts.path))
    return posixpath.normpath(joined), unquote(parts.fragment)
