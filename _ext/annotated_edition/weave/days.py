"""Days in words, by the language of the pages: ``24 November 2026``."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from docutils import nodes
from sphinx.config import Config
from sphinx.util.i18n import format_date

from annotated_edition.domain.text_nodes import text
from annotated_edition.text.bidi import END, ISOLATES
from annotated_edition.text.words import Words
from annotated_edition.weave import locales

_ISO = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")


class DayNode(nodes.inline):
    """A day in words; ``datetime`` is the same for machines (YYYY-MM-DD)."""


def in_words(day: str | datetime, config: Config) -> str:
    """A day (YYYY-MM-DD), as ``today_fmt`` has it or else the language of the pages.

    Raises ValueError for what is no day.
    """
    moment = datetime.fromisoformat(day) if isinstance(day, str) else day
    if config.today_fmt:
        return format_date(config.today_fmt, date=moment, language=config.language or "en")
    locale = locales.locale_of(config.language)
    return locales.in_words(locale, "yd", moment.year, moment.month, moment.day)


def moment() -> time.struct_time:
    """When an output is made: now, or what ``SOURCE_DATE_EPOCH`` says."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return time.gmtime(int(epoch) if epoch else None)


def build_day() -> str:
    """The day on which an output is made (YYYY-MM-DD)."""
    return time.strftime("%Y-%m-%d", moment())


def with_days(words: str, config: Config) -> list[nodes.Node]:
    """*words*, in which every YYYY-MM-DD becomes a :class:`DayNode`, but for those in a name."""
    return list(_parts(words, config))


def _parts(words: str, config: Config) -> Iterator[nodes.Node]:
    at = 0
    for found in _ISO.finditer(words):
        # A name may hold what only looks like a day; parted, its isolate would end before it.
        before = words[: found.start()]
        if sum(map(before.count, ISOLATES)) > before.count(END):
            continue
        with suppress(ValueError):
            day = DayNode("", "", text(Words(in_words(found[1], config))), datetime=found[1])
            yield from _words(words[at : found.start()])
            yield day
            at = found.end()
    yield from _words(words[at:])


def _words(words: str) -> list[nodes.Node]:
    return [text(Words(words))] if words else []
