"""Elements of TEI, made by ElementTree alone: what is put in can't be taken for markup."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from annotated_edition.text.control import CONTROL

NAMESPACE = "http://www.tei-c.org/ns/1.0"
ID = "{http://www.w3.org/XML/1998/namespace}id"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

#: What an id may not hold, of the signs that XML's NCName allows in every place but the first.
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_.-]")


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """Add an element *name* to *parent*; attributes that are empty are left out.

    ``id`` and ``lang`` are XML's own; ``class_`` stands for names that Python keeps.
    """
    given = {}
    for key, value in attributes.items():
        if value:
            key = {"id": ID, "lang": LANGUAGE}.get(key, key.rstrip("_").replace("_", "-"))
            given[key] = CONTROL.sub("", value)
    child = SubElement(parent, name, given)
    if text:
        write(child, text)
    return child


def write(parent: Element, text: str) -> None:
    """Add *text* at the end of *parent*."""
    text = CONTROL.sub("", text)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def words_of(element: Element) -> str:
    """The words in *element*."""
    return "".join(element.itertext())


def name_of(text: str) -> str:
    """An id made of *text*: itself, where XML allows it; different ones for different texts."""
    name = _NOT_IN_IDS.sub(lambda sign: f"_{ord(sign[0]):x}_", text)
    return name if re.match("[A-Za-z_]", name) else f"_{name}"
