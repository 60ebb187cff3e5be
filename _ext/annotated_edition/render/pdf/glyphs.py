"""Which signs no font of the book has, without setting the book: for who only checks.

Typst, which sets the book, is asked; it alone knows its fonts.  What it could print before is
remembered, so that an edition is asked about once, and then about what is new.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from annotated_edition.render.fonts import Fonts
from annotated_edition.render.pdf.escape import string
from annotated_edition.render.pdf.recovery import Finding, told
from annotated_edition.render.pdf.repairs import find_signs, once_a_script
from annotated_edition.render.pdf.typeset import TypesettingError, fault_of_words

#: A sign that isn't ASCII, and what belongs to it: marks, joiners, variation selectors.
_CLUSTER = re.compile("[^\x00-\x7f][\u0300-\u036f\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]*")


def unprintable(paths: Collection[Path], fonts: Fonts, memory: Path) -> Iterator[Finding]:
    """A finding for each sign in the files *paths* that can't be printed, as the builder tells it.

    *memory* is the file that remembers what can be.
    """
    printable = _recalled(memory, fonts)
    found: set[str] = set()
    for path in paths:
        try:
            found |= set(_CLUSTER.findall(path.read_text(encoding="utf-8", errors="replace")))
        except OSError:
            continue
    unknown = sorted(sign for sign in found - printable if _is_seen(sign))
    missing = missing_alone(unknown, fonts)
    if set(unknown) - missing:
        _remember(memory, fonts, printable | (set(unknown) - missing))
    if missing:
        yield from map(told, once_a_script(find_signs(paths, sorted(missing))))


def _is_seen(sign: str) -> bool:
    """Whether a sign prints anything by itself."""
    return unicodedata.category(sign[0])[0] not in "CZM"


def missing_alone(signs: Collection[str], fonts: Fonts) -> set[str]:
    """Those that can't be set, each by itself; Typst tells some at a time.

    Raises TypesettingError where Typst fails for another reason.
    """
    missing: set[str] = set()
    while rest := [sign for sign in signs if sign not in missing]:
        words = "\n".join(f"#box({string(sign)})" for sign in rest)
        fault = fault_of_words(words, fonts)
        if fault is None:
            break
        told_now = {sign for glyph in fault.missing_glyphs for sign in rest if sign[0] in glyph}
        if not told_now:
            raise TypesettingError(fault.diagnostic)
        missing |= told_now
    return missing


def _key(fonts: Fonts) -> str:
    """What the memory rests on."""
    digest = sha256(f"{version('typst')} {fonts.with_system}".encode())
    for path in fonts.files():
        digest.update(path.name.encode() + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _recalled(memory: Path, fonts: Fonts) -> set[str]:
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
        return set(known["signs"]) if known["key"] == _key(fonts) else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _remember(memory: Path, fonts: Fonts, signs: set[str]) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    known = {"key": _key(fonts), "signs": sorted(signs)}
    memory.write_text(json.dumps(known), encoding="utf-8")
