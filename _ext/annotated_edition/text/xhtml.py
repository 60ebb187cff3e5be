"""HTML as XML: what e-readers need, and browsers don't."""

from __future__ import annotations

import re
from html import escape, unescape

#: Elements that HTML never closes, and attributes without a value.
_VOID = re.compile(
    r"<((?:area|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b(?:\s[^<>]*)?)>"
)
_BARE = re.compile(
    r"""(<\w+\b[^<>]*?\s)(checked|disabled|controls|open|loop|muted)(?=[\s/>])(?!=)"""
)
#: Characters by name (``&nbsp;``): XML knows five.
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,30};")


def closed(page: str) -> str:
    """The page with HTML's own short forms and names written out, such as ``&nbsp;``.

    MyST's task lists have such forms, and other extensions' templates.

    >>> closed("<br>&copy; a &amp; b &hellip; R&amp;D &zz;")
    '<br />© a &amp; b … R&amp;D &amp;zz;'
    """
    page = _NAMED.sub(lambda found: escape(unescape(found[0])), page)
    page = _VOID.sub(lambda found: f"<{found[1].rstrip('/ ')} />", page)
    return _BARE.sub(r'\1\2="\2"', page)
