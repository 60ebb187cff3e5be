"""Citations for who only checks: what no page will show isn't composed.

Formatting five hundred entries and a thousand citations takes longer than all other
checks together.  What a citation looks like matters to no check; whether an entry can
be formatted depends on which fields it has, so that one of each sort is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pybtex.plugin import register_plugin
from pybtex.richtext import Text
from pybtex.style import FormattedEntry
from pybtex.style.template import join
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.style.referencing import BaseReferenceStyle

from annotated_edition.bibliography.errors import FaultyEntry
from annotated_edition.bibliography.styles import STYLE, AuthorYearStyle


def hurry(app: Sphinx) -> None:
    """Compose no citations, and of entries with the same fields only the first."""
    sound = set()

    class Quick(AuthorYearStyle):
        def format_entry(self, label: str, entry: Any, bib_data: Any = None) -> Any:
            sort = _sort_of(entry)
            if sort in sound:
                return FormattedEntry(entry.key, Text(), label)
            formatted = super().format_entry(label, entry, bib_data)
            if sort and not isinstance(formatted, FaultyEntry):
                sound.add(sort)
            return formatted

    # Every application registers its own style anew (``citations``).
    register_plugin("pybtex.style.formatting", STYLE, Quick, force=True)
    app.env.domains["cite"].reference_style = _Bare()  # type: ignore[attr-defined]


def _sort_of(entry: Any) -> tuple[object, ...]:
    """What decides whether an entry can be formatted; nothing for one with LaTeX in it."""
    if any("\\" in value for value in entry.fields.values()):
        return ()
    filled = frozenset((name, bool(value.strip())) for name, value in entry.fields.items())
    return (entry.type, filled, frozenset(entry.persons))


@dataclass
class _Bare(BaseReferenceStyle):
    """References without words."""

    def outer(self, role_name: str, children: Any) -> Any:
        return join

    def inner(self, role_name: str) -> Any:
        return join
