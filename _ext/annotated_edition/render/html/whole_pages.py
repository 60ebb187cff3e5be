"""The whole text on one page, and all notes in sequence on another.

Put together from the pages that were written, when all of them are: what stands on them stands
here, without being woven, and warned of, a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.locale import get_translation
from sphinx.util.osutil import relative_uri

from annotated_edition.domain import EditionDomain
from annotated_edition.render.assets import brings_file
from annotated_edition.render.html import policy
from annotated_edition.render.html.theming import has_theme
from annotated_edition.text.addresses import SCHEME

_ = get_translation("annotated_edition")

#: What the theme's template writes round a page's own content.
_BEGIN, _END = "<!--page-->", "<!--/page-->"

#: Attributes that lead somewhere, and those that name ids of the same page.
_ADDRESSES = ("href", "src")
_IDS = ("id", "for", "aria-labelledby", "aria-describedby", "aria-controls")
_ATTRIBUTE = re.compile(rf'(\s(?:{"|".join(_ADDRESSES + _IDS)})=)"([^"]*)"')
_ID = re.compile(r'<[a-zA-Z][^<>]*?\sid="([^"]+)"')
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_HEADING = re.compile(r"h[1-5]\Z")

#: What belongs to a page alone.
_LEFT_OUT = frozenset({"note-neighbours", "headerlink"})

#: The list of terms at the end of a page of the text, and its entries.
_TERMS = '<div class="terms-here">'
_TERM = re.compile(r"<dt\b.*?</dd>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


@dataclass
class _Part:
    """A page to put in: its document, address, and the id that it has here."""

    docname: str
    address: str
    id: str
    html: str
    #: Its entries of terms: the whole page has one list, with each term once.
    terms: list[str] = field(default_factory=list)
    #: Its ids, and what they are called here.
    ids: dict[str, str] = field(default_factory=dict)


def collect(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    """Make both pages, where a part of them has changed (``html-collect-pages``)."""
    builder = app.builder
    if builder.name not in ("html", "dirhtml") or not has_theme(builder):
        return
    assert isinstance(builder, StandaloneHTMLBuilder)
    edition = EditionDomain.of(app.env).edition
    for name, title, docnames in (
        (
            builder.globalcontext.get("theme_whole_text"),
            _("The whole text"),
            {
                docname: f"part-{number}"
                for number, docname in enumerate(
                    dict.fromkeys(place.docname for place in edition.places), 1
                )
            },
        ),
        (
            builder.globalcontext.get("theme_whole_notes"),
            _("All notes in sequence"),
            {page.note.docname: page.note.id for page in edition.notes.values()},
        ),
    ):
        if not name or not docnames or name in app.env.found_docs:
            continue
        file = Path(builder.get_output_path(str(name))).relative_to(builder.outdir)
        if not brings_file(app, file.as_posix()):
            yield from _page(builder, str(name), str(title), docnames)


def _page(
    builder: StandaloneHTMLBuilder, name: str, title: str, docnames: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any], str]]:
    files = [Path(builder.get_output_path(docname)) for docname in docnames]
    output = Path(builder.get_output_path(name))
    if output.exists() and all(
        file.exists() and file.stat().st_mtime <= output.stat().st_mtime for file in files
    ):
        return
    parts = []
    for (docname, id), file in zip(docnames.items(), files, strict=True):
        if file.exists():
            content, _mark, terms = _content(file).partition(_TERMS)
            address = builder.get_target_uri(docname)
            parts.append(_Part(docname, address, id, content, _TERM.findall(terms)))
    body = f"<h1>{escape(title)}</h1>\n{together(parts, builder.get_target_uri(name))}"
    context = {
        "title": title,
        "body": body,
        "edition_whole": True,
        "edition_parts_policy": policy.of_files(files),
    }
    yield name, context, "page.html"


def _content(file: Path) -> str:
    """A written page's own content."""
    return file.read_text(encoding="utf-8").partition(_BEGIN)[2].partition(_END)[0]


def together(parts: Sequence[_Part], address: str) -> str:
    """All *parts* one after another, ready to stand at *address*.

    Ids that several parts have are told apart, links among the parts stay on the page, and a note
    that stands on several parts stands in the first.
    """
    taken = {part.id for part in parts}
    for part in parts:
        part.terms = [term for term in part.terms if not taken.intersection(_ids(term))]
        taken.update(name for term in part.terms for name in _ids(term))
        for name in _ids(part.html):
            # Those of notes and their marks are the same note's, and the first one's.
            here = f"{part.id}-{name}" if name in taken and not name.startswith("note-") else name
            part.ids[name] = here
            taken.add(here)
    pages = {part.address: part for part in parts}
    notes: set[str] = set()
    written, terms = [], {}
    for part in parts:
        moved = _Assembler(part, pages, address, notes).moved(part.html)
        written.append(f'<section class="whole-part" id="{escape(part.id)}">\n{moved}</section>\n')
        for term in part.terms:
            headword = _TAG.sub("", term.partition("</dt>")[0]).casefold()
            terms[headword] = _Assembler(part, pages, address, notes).moved(term)
    if terms:
        entries = "".join(terms[headword] for headword in sorted(terms))
        title = escape(str(_("Terms on this page")))
        written.append(f'{_TERMS}<h2 class="rubric">{title}</h2><dl>{entries}</dl></div>\n')
    return "".join(written)


def _ids(html: str) -> list[str]:
    return list(dict.fromkeys(map(unescape, _ID.findall(html))))


class _Assembler(HTMLParser):
    """Writes a part as it is, with other ids and addresses, and its headings a level lower."""

    def __init__(
        self, part: _Part, pages: Mapping[str, _Part], address: str, notes: set[str]
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.part = part
        self.pages = pages
        self.address = address
        self.notes = notes
        self.written: list[str] = []
        #: The element that is left out, and how many of its name are open in it.
        self.left_out = ""
        self.depth = 0

    def moved(self, html: str) -> str:
        """A piece of the part, as it stands on the whole page."""
        self.feed(html)
        self.close()
        return "".join(self.written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write a tag, or begin to leave its element out."""
        if self.left_out:
            self.depth += tag == self.left_out
            return
        given = dict(attrs)
        if self._is_left_out(given):
            if tag not in _VOID:
                self.left_out, self.depth = tag, 1
            return
        text = _ATTRIBUTE.sub(self._attribute, self.get_starttag_text() or "")
        if _HEADING.match(tag):
            text = f"<h{int(tag[1]) + 1}{text[3:]}"
        self.written.append(text)

    def _is_left_out(self, given: Mapping[str, str | None]) -> bool:
        name = given.get("id") or ""
        # The author's own footnotes are each page's.
        if name.startswith("note-") and given.get("role") == "doc-footnote":
            if name in self.notes:
                return True
            self.notes.add(name)
        return bool(_LEFT_OUT.intersection((given.get("class") or "").split()))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an empty element."""
        if not self.left_out:
            self.written.append(_ATTRIBUTE.sub(self._attribute, self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        """Write the end of an element."""
        if self.left_out:
            self.depth -= tag == self.left_out
            if not self.depth:
                self.left_out = ""
            return
        level = f"h{int(tag[1]) + 1}" if _HEADING.match(tag) else tag
        self.written.append(f"</{level}>")

    def _keep(self, text: str) -> None:
        if not self.left_out:
            self.written.append(text)

    def handle_data(self, data: str) -> None:
        """Write text."""
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        """Write a character by its name."""
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Write a character by its number."""
        self._keep(f"&#{name};")

    def _attribute(self, found: re.Match[str]) -> str:
        value = unescape(found[2])
        if found[1].strip(" \t\n=") in _ADDRESSES:
            value = self._moved(value)
        else:
            value = " ".join(self.part.ids.get(name, name) for name in value.split())
        return f'{found[1]}"{escape(value)}"'

    def _moved(self, uri: str) -> str:
        """An address on the part's page, as it is on this one."""
        # Not by its parts: what people write after a scheme may be no address.
        if SCHEME.match(uri) or uri.startswith("/"):
            return uri
        absolute, _hash, fragment = urljoin(self.part.address, uri).partition("#")
        target = self.part if uri.startswith("#") else self.pages.get(absolute)
        if target is None:
            relative = relative_uri(self.address, absolute)
            return f"{relative}#{fragment}" if fragment else relative
        return f"#{target.ids.get(unquote(fragment), target.id)}"
