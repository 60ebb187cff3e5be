"""What robots and readers of feeds look for: sitemap, Atom feed, robots.txt, llms.txt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from annotated_edition.model.edition import NotePage
from annotated_edition.text.commonmark import escaped
from annotated_edition.text.control import CONTROL, tidy
from annotated_edition.weave.about import About

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: So many entries a feed has, the newest.
MOST_ENTRIES = 50


def sitemap(pages: Iterable[tuple[str, str]]) -> bytes:
    """A sitemap (https://www.sitemaps.org/protocol.html) of addresses and days of change."""
    root = ET.Element("urlset", xmlns=_SITEMAP)
    for address, day in pages:
        url = ET.SubElement(root, "url")
        _add(url, "loc", address)
        if day:
            _add(url, "lastmod", day)
    return _written(root)


def feed(
    about: About, address: str, notes: Iterable[tuple[NotePage, str, str]], today: str
) -> bytes:
    """An Atom feed (RFC 4287) of notes with their addresses and gists, those changed last first.

    *address* is the feed's own.
    """
    dated = [
        (page.credit.revised or page.credit.written, page, where, gist)
        for page, where, gist in notes
    ]
    newest = sorted(
        (one for one in dated if one[0]), key=lambda one: (one[0], one[1].note.id), reverse=True
    )[:MOST_ENTRIES]
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": about.language})
    _add(root, "id", about.address)
    _add(root, "title", about.title)
    _add(root, "updated", f"{newest[0][0] if newest else today}T00:00:00Z")
    ET.SubElement(root, "link", rel="self", type="application/atom+xml", href=address)
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=about.address)
    _add(ET.SubElement(root, "author"), "name", about.editors or about.title)
    if about.rights:
        _add(root, "rights", about.rights)
    for day, page, where, gist in newest:
        entry = ET.SubElement(root, "entry")
        _add(entry, "id", where)
        _add(entry, "title", page.note.title)
        _add(entry, "updated", f"{day}T00:00:00Z")
        if page.credit.written:
            _add(entry, "published", f"{page.credit.written}T00:00:00Z")
        for name in page.credit.names:
            _add(ET.SubElement(entry, "author"), "name", name)
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=where)
        ET.SubElement(entry, "category", term=page.note.kind)
        _add(entry, "summary", tidy(gist))
    return _written(root)


def robots(address: str, has_sitemap: bool) -> str:
    """A robots.txt (RFC 9309) that keeps nobody out."""
    lines = ["User-agent: *", "Allow: /"]
    return "\n".join([*lines, *([f"Sitemap: {address}"] if has_sitemap else [])]) + "\n"


def llms(
    about: About, description: str, sections: Iterable[tuple[str, Sequence[tuple[str, str]]]]
) -> str:
    """An llms.txt (https://llmstxt.org): titles and addresses, by section."""
    lines = [f"# {_line(about.title)}", ""]
    if description:
        lines += [f"> {_line(description)}", ""]
    if about.rights:
        lines += [_line(about.rights), ""]
    for heading, links in sections:
        if links:
            lines += [f"## {heading}", ""]
            lines += [f"- [{_line(title)}]({address})" for title, address in links]
            lines.append("")
    return "\n".join(lines)


def _line(text: str) -> str:
    return escaped(" ".join(text.split()))


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = CONTROL.sub("", text)


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
