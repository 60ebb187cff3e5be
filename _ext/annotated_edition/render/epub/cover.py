"""The cover: a picture made of the title page's words, with Typst where that is installed."""

from __future__ import annotations

from pathlib import Path

from annotated_edition.render.fonts import FONTS

_TEMPLATE = Path(__file__).parent / "cover.typ"
#: Typst's points to the 1600 by 2560 pixels that shops ask for.
_DOTS_PER_INCH = 192


def cover(title: str, byline: str, publisher: str, version: str, language: str) -> bytes:
    """A PNG of the cover; empty words are left out.

    The printed book's fonts come first, so that the picture is the same everywhere; letters
    that they haven't are taken from the system's.
    """
    import typst

    words = {
        "title": title,
        "byline": byline,
        "publisher": publisher,
        "version": version,
        "lang": language.partition("-")[0].partition("_")[0].lower() or "en",
    }
    png = typst.compile(
        _TEMPLATE, format="png", ppi=_DOTS_PER_INCH, font_paths=[FONTS], sys_inputs=words
    )
    assert isinstance(png, bytes)
    return png
