"""Which style sheets and scripts a page needs, by what is on it."""

from __future__ import annotations

import re
from typing import Any

#: Files that pages load only if they hold what these patterns tell of.
_NEEDS = {
    "pygments.css": 'class="highlight',
    "pygments_dark.css": 'class="highlight',
    "sphinx-design.min.css": r'class="[^"]*\bsd-',
    "design-tabs.js": r'class="[^"]*\bsd-tab',
    "edition.js": 'class="passage-row',
    "notes.js": r'class="[^"]*\bnote-about\b',
}


def is_needed(file: Any, body: str) -> bool:
    """Whether a page with this *body* has anything that a style sheet or script is for."""
    name = name_of(file)
    return name not in _NEEDS or re.search(_NEEDS[name], body) is not None


def name_of(file: Any) -> str:
    """The name of a style sheet or script, without its folder."""
    return str(getattr(file, "filename", file) or "").rpartition("/")[2]
