"""Days in words, by the language of the pages: ``24 November 2026``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from docutils import nodes
from sphinx.config import Config
from sphinx.locale import get_translation
from sphinx.util.i18n import format_date

_ = get_translation("annotated_edition")

_ISO = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")


class DayNode(nodes.inline):
    """A day in words; ``datetime`` is the same for machines (YYYY-MM-DD)."""


def in_words(day: str | datetime, config: Config) -> str:
    """A day (YYYY-MM-DD), as ``today_fmt`` or else the translation has it.

    Raises ValueError for what is no day.
    """
    moment = datetime.fromisoformat(day) if isinstance(day, str) else day
    date_format = config.today_fmt or str(_("%-d %B %Y"))
    return format_date(date_format, date=moment, language=config.language or "en")


def with_days(text: str, config: Config) -> list[nodes.Node]:
    """*text*, in which every YYYY-MM-DD becomes a :class:`DayNode`."""
    return list(_parts(text, config))


def _parts(text: str, config: Config) -> Iterator[nodes.Node]:
    for number, part in enumerate(_ISO.split(text)):
        node: nodes.Node = nodes.Text(part)
        if number % 2:
            # A name may hold what only looks like a day.
            with suppress(ValueError):
                node = DayNode("", in_words(part, config), datetime=part)
        yield node
