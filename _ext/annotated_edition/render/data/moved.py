"""Pages at old addresses that lead on, and old passages' places on pages that are still there.

They work without a script; with one, an old address of a passage leads straight to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree as ET

from sphinx.locale import get_translation

_ = get_translation("annotated_edition")

#: Follows a link whose id the address names.
SCRIPT_NAME = "moved.js"
SCRIPT = """\
const follow = () => {
  const name = decodeURIComponent(location.hash.slice(1));
  const it = name && document.getElementById(name);
  if (it && it.matches("a[data-moved]")) location.replace(it.href);
};
addEventListener("DOMContentLoaded", follow);
addEventListener("hashchange", follow);
"""
_POLICY = "default-src 'none'; script-src 'self'; base-uri 'none'"


class Passage(NamedTuple):
    """A passage that is elsewhere now: its label, and its address from where it was."""

    sign: str
    address: str


def page(
    language: str,
    title: str,
    target: str,
    script: str,
    passages: Mapping[str, Passage],
    *,
    is_retired: bool,
) -> bytes:
    """A page that leads to *target*; all addresses are relative to it.

    *passages* stood here, by their ids.  From what *is_retired*
    nobody is led on without having been told.
    """
    words = _("No longer in the edition: %s") if is_retired else _("Moved: %s")
    heading = str(words) % title
    root = ET.Element("html", lang=language)
    head = ET.SubElement(root, "head")
    ET.SubElement(head, "meta", charset="utf-8")
    policy = {"http-equiv": "Content-Security-Policy", "content": _POLICY}
    ET.SubElement(head, "meta", policy)
    ET.SubElement(head, "title").text = heading
    ET.SubElement(head, "meta", name="robots", content="noindex")
    ET.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    ET.SubElement(head, "script", src=script)
    if not is_retired:
        ET.SubElement(head, "link", rel="canonical", href=target)
        # The script comes first: an address may name a passage.
        wait = "1" if passages else "0"
        refresh = {"http-equiv": "refresh", "content": f"{wait}; url={target}"}
        ET.SubElement(head, "meta", refresh)
    body = ET.SubElement(root, "body")
    main = ET.SubElement(body, "main")
    ET.SubElement(main, "h1").text = heading
    line = ET.SubElement(main, "p")
    ET.SubElement(line, "a", href=target).text = str(_("To the edition")) if is_retired else title
    if passages:
        main.append(_list(passages))
    text = ET.tostring(root, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{text}\n".encode()


def line(passages: Mapping[str, Passage]) -> str:
    """What a page shows of passages that it had."""
    return ET.tostring(_list(passages), encoding="unicode", method="html")


def _list(passages: Mapping[str, Passage]) -> ET.Element:
    paragraph = ET.Element("p", {"class": "moved-passages"})
    paragraph.text = f"{_('Moved to another page:')} "
    for id_, passage in passages.items():
        link = {"id": id_, "href": passage.address, "data-moved": ""}
        ET.SubElement(paragraph, "a", link).text = passage.sign
        anchor = paragraph[-1]
        anchor.tail = " "
    return paragraph
