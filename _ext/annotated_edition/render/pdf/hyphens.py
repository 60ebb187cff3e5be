"""Hyphens in a finished PDF: what is copied and found is what the book says.

Typst sets the hyphen of a divided word and that of a compound with one glyph, and a font can name
one sign only for a glyph: whichever is met first.  If that is the soft hyphen of a divided word,
readers that look at the font alone, such as pdf.js, take every hyphen of the file for a soft one
and leave it out: "China-Kazakhstan" is neither found nor copied.  So the font names the hyphen,
and a divided word tells by itself that its hyphen is a soft one (``ActualText``), as ISO 32000-1,
14.8.2.2.3, asks of tagged files.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

#: A glyph that is named a soft hyphen in its font's table (ISO 32000-1, 9.10.3).
_SOFT_NAME = re.compile(rb"<([0-9A-F]{4})> <00AD>")
#: A hyphen in words where the font names another sign, as Typst writes it.
_HARD = re.compile(rb"/Span<</ActualText\(-\)>>BDC( 0 Tr/(\w+) .*?)EMC", re.DOTALL)
#: One or two glyphs shown by themselves, as the hyphen at the end of a line is.
_ALONE = re.compile(
    rb"0 Tr/(\w+) [\d.]+ Tf [-\d. ]+ Tm(\((?:\\.|[^\\)]){1,8}\)|<[0-9A-F]{4}>)Tj(?=\nET)", re.DOTALL
)
_SOFT = b"/Span<</ActualText<FEFF00AD>>>BDC "


def name_hyphens(document: Pdf) -> None:
    """Let the fonts of *document* name the hyphen, and each divided word its soft hyphen."""
    named: dict[tuple[int, int], bytes] = {}  # a font's object, and its hyphen's code
    for page in document.pages:
        fonts: Any = page.resources.get("/Font", {})
        hyphens = {name: _hyphen_of(font, named) for name, font in fonts.items()}
        codes = {name[1:].encode(): code for name, code in hyphens.items() if code}
        if codes:
            words = page.Contents.read_bytes()
            words = _HARD.sub(partial(_unwrapped, codes), words)
            page.Contents.write(_ALONE.sub(partial(_told, codes), words))


def _hyphen_of(font: Object, named: dict[tuple[int, int], bytes]) -> bytes:
    """Return the code of the hyphen that *font* named a soft one, and name it anew."""
    key = font.objgen
    if key not in named:
        table = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
        found = _SOFT_NAME.search(table)
        named[key] = bytes.fromhex(found[1].decode()) if found else b""
        if found:
            font.ToUnicode.write(_SOFT_NAME.sub(rb"<\1> <002D>", table))
    return named[key]


def _unwrapped(codes: dict[bytes, bytes], hard: re.Match[bytes]) -> bytes:
    return hard[1] if hard[2] in codes else hard[0]


def _told(codes: dict[bytes, bytes], alone: re.Match[bytes]) -> bytes:
    if codes.get(alone[1]) != _bytes_of(alone[2]):
        return alone[0]
    return _SOFT + alone[0] + b" EMC"


@cache
def _bytes_of(token: bytes) -> bytes:
    """Return the bytes of a string as a page writes it (ISO 32000-1, 7.3.4)."""
    import pikepdf

    return bytes(pikepdf.Object.parse(token))
