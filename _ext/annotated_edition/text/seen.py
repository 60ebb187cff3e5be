"""A file's text as everybody sees it.

Words that are pasted bring signs along that nobody sees, and that part a role from its key, or a
heading from its sign.  Nobody can be asked to find them: they are read as what they look like.
"""

from __future__ import annotations

import re

from annotated_edition.text.control import SEPARATORS

#: Signs without width beside ASCII, where they divide nothing but markup and keys.
_NO_WIDTH = re.compile(
    "(?<=[\\n!-~])[\u200b\u2060\ufeff]+|\\A[\u200b\u2060]+"
    "|(?<![\u200b\u2060\ufeff])[\u200b\u2060\ufeff]+(?=[!-~])"
)
#: Spaces of other widths at the head of a heading, in the place of the plain one.
_WIDE_SPACE = re.compile("^(#{1,6})[\u00a0\u2000-\u200a\u202f\u3000]+", re.MULTILINE)
#: A role and what follows it, between which marks of direction may have been typed.
_ROLE = re.compile("(\\{[\\w:+-]{1,40}\\})[\u200e\u200f\u061c]+(?=`)")


def seen(source: str) -> str:
    """*source* as everybody sees it: without signs that come along when words are pasted.

    No line is more or less.
    """
    if source.isascii():
        return source
    source = _NO_WIDTH.sub("", SEPARATORS.sub(" ", source))
    return _ROLE.sub(r"\1", _WIDE_SPACE.sub(r"\1 ", source))
