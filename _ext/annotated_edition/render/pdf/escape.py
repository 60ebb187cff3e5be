"""Text as Typst markup: every sign that means something to Typst is made harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotated_edition.text.bidi import balanced, isolated

# Signs that begin something in Typst's markup wherever they stand; a full stop and a colon are
# among them because "1." begins a list item and "http://" a link.
_SPECIAL = re.compile(r"[\\#$*_`<>@\[\](){}~+=/'\".:;-]")
#: All that ends lines for Typst; not \s, which would eat no-break spaces.
_SPACE = re.compile("[ \t\r\n\f\v\x85\u2028\u2029]+")

_IDEOGRAPHS = (
    r"\u2e80-\u2fdf\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
#: A run of Chinese: ideographs and their punctuation, with the quotation marks, figures and
#: abbreviations that stand between two of them.
HAN = re.compile(rf"[{_IDEOGRAPHS}]+(?:[“”‘’·—…0-9A-Za-z+]{{1,4}}[{_IDEOGRAPHS}]+)*")


#: A longer word may end a line anywhere: it is wider than the page.  Scripts without spaces end
#: lines between any two letters as it is.
_LONG_WORD = re.compile(r"(?<![!-\u2e7f])[!-\u2e7f]{100,}")
_PIECE = re.compile(r"\S{10}(?=\S)")
_BREAK = "\u200b"  # zero width space


def breakable(text: str) -> str:
    """Return *text* with places in its longest words where a line may end."""
    return _LONG_WORD.sub(lambda word: _PIECE.sub(rf"\g<0>{_BREAK}", word[0]), text)


def shortened(text: str, most: int) -> str:
    """Return *text* in one line, cut after a word and with an ellipsis if it is too long."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    start = text[:most]
    return (start.rpartition(" ")[0] or start).rstrip() + "…"


def string(text: str) -> str:
    """Return *text* as a Typst string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\r", "").replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def plain(text: str) -> str:
    """Return *text* as markup that prints exactly that, its white space folded."""
    words = breakable(balanced(_SPACE.sub(" ", text)))
    return _SPECIAL.sub(lambda match: "\\" + match.group(), words)


def markup(text: str) -> str:
    """Return running *text* as markup, each run of Chinese given to the template's ``han``."""
    parts: list[str] = []
    end = 0
    for run in HAN.finditer(text):
        parts += [plain(text[end : run.start()]), f"#han({string(run.group())});"]
        end = run.end()
    parts.append(plain(text[end:]))
    return "".join(parts)


def isolate(text: str) -> str:
    """Return a name or a title as markup: whichever way it runs, its surroundings keep theirs."""
    return markup(isolated(text))


#: An address may end a line after its host, after a stroke and before other signs; never after
#: a hyphen, which would look like part of it (Chicago Manual of Style, 17th edition, 14.18).
_ADDRESS_PART = re.compile(r"^[a-z]+:/*[^/?#]+/?|[-._~?#&=+,;:@!]*[^-._~?#&=+,;:@!/]*/*")
#: A part that is longer is cut, but not amid a sign written as %D0%B0 (RFC 3629, 3).
_LONGEST_PART = 44
_SIGN = re.compile(r"%[C-F][0-9A-F](?:%[89AB][0-9A-F])+|%[0-9A-F]{2}|.", re.I | re.S)


def parts_of_address(address: str) -> list[str]:
    """Return a web address as Typst strings, in the parts between which a line may end."""
    parts = [part for part in _ADDRESS_PART.findall(address) if part]
    return [string(piece) for part in parts for piece in _pieces(part)]


def _pieces(part: str) -> Iterator[str]:
    piece = ""
    for sign in _SIGN.findall(part):
        if piece and len(piece) + len(sign) > _LONGEST_PART:
            yield piece
            piece = ""
        piece += sign
    yield piece


def array(items: list[str]) -> str:
    """Return a Typst array of the given expressions; the comma keeps one item an array."""
    return "(" + "".join(f"{item}, " for item in items).rstrip() + ")"
