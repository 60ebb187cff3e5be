"""Plain words as Markdown (CommonMark 0.31), in which they mean nothing else."""

from __future__ import annotations

import re

#: What it takes for markup (2.4).
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
#: What begins a list or a heading where it begins a line; of a number, the sign after it.
_BEGINNING = re.compile(r"^(\s*+(?=[-+=])|\s*+\d++(?=[.)]))", re.MULTILINE)


def escaped(text: str) -> str:
    r"""*text* with a backslash before all that would be markup.

    >>> escaped("1. A [b] <c>")
    '1\\. A \\[b\\] \\<c\\>'
    """
    return _BEGINNING.sub(r"\1\\", _MARKUP.sub(r"\\\1", text))
