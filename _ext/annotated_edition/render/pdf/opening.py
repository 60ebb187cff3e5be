"""What the book is called, by whom and when: the arguments of the template, and its file."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from sphinx.config import Config
from sphinx.locale import get_translation

from annotated_edition.render.pdf.escape import array, string
from annotated_edition.weave.days import in_words
from annotated_edition.weave.locales import language_tag, runs_from_right

_ = get_translation("annotated_edition")


def language_of_book(config: Config) -> str:
    """The language of the book, without its region."""
    return language_tag(str(config.language)).partition("-")[0]


def region_of(tag: str) -> str:
    """The region whose forms of Chinese characters a language *tag* asks for, or nothing.

    Typst chooses them by regions, and tags name the script as well: ``zh-Hant``.
    """
    language, *parts = tag.lower().replace("_", "-").split("-")
    if language != "zh":
        return ""
    if {"hk", "mo"} & {*parts}:
        return "HK"
    return "TW" if {"tw", "hant"} & {*parts} else ""


def date_of_book(config: Config) -> str:
    """The date on the title page, or nothing: the day of the build is no date of the edition."""
    if config.edition_pdf_date or config.today:
        return str(config.edition_pdf_date or config.today)
    try:
        epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    except (KeyError, ValueError):
        return ""
    return in_words(datetime.fromtimestamp(epoch, UTC), config).removeprefix("0")


def opening(config: Config) -> dict[str, str]:
    """Return the template's arguments, as Typst expressions."""
    title, colon, subtitle = (config.edition_pdf_title or config.project).partition(": ")
    author = config.edition_pdf_author or config.author
    release = config.release or config.version
    address = config.edition_pdf_address or config.html_baseurl
    date = date_of_book(config)
    copyright = config.copyright if isinstance(config.copyright, str) else ""
    region = region_of(str(config.language))
    return {
        "title": string(title),
        "subtitle": string(subtitle) if colon else "none",
        "byline": _or_none(config.edition_pdf_byline),
        "authors": _or_none("" if author == "unknown" else author),
        "text-author": _or_none(config.edition_pdf_text_author),
        "version": _or_none(f"{_('Release')} {release}" if release else ""),
        "date": _or_none(date),
        "address": _or_none(address),
        "rights": _or_none(f"© {copyright}" if copyright else ""),
        "language": string(language_of_book(config)),
        "region": string(region) if region else "none",
        # Typst doesn't know it of every language.
        "direction": "rtl" if runs_from_right(str(config.language)) else "ltr",
        "paper": string(config.edition_pdf_paper),
        "contents-title": string(_("Contents")),
        "undivided": array([string(word) for word in config.edition_pdf_undivided]),
    }


def file_of(arguments: dict[str, str], body: str) -> str:
    """Return a file that sets *body* by the template, which *arguments* are for."""
    listed = "".join(f"  {key}: {value},\n" for key, value in arguments.items())
    return f'#import "template/book.typ": *\n\n#show: edition.with(\n{listed})\n{body}\n'


def _or_none(text: str) -> str:
    return string(text) if text else "none"
