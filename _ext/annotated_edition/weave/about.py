"""What the project says of its edition and of the text, for everything that tells it on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sphinx.config import Config

from annotated_edition.text.words import Words


@dataclass(frozen=True, slots=True)
class About:
    """The edition and its text; what isn't said is empty.

    ``title`` is the edition's, ``text_title`` that of the text in it.  ``address`` ends in a
    slash, or is empty where nobody knows where the pages will be.
    """

    title: Words
    editors: Words
    release: Words
    year: str
    language: str
    address: str
    text_title: Words
    text_authors: tuple[Words, ...]
    text_date: str
    text_source: Words
    text_source_address: str
    text_language: str
    licence: str
    rights: Words

    @classmethod
    def of(cls, config: Config) -> About:
        """What *config* says."""
        authors = config.edition_text_author
        year = re.search(r"\b\d{4}\b", str(config.copyright))
        nobody = ("", "unknown", "Author name not set")
        language = str(config.language or "en").replace("_", "-")
        return cls(
            title=Words(config.project),
            editors=Words("" if config.author in nobody else config.author),
            release=Words(config.release),
            year=year[0] if year else "",
            language=language,
            address=config.html_baseurl and config.html_baseurl.rstrip("/") + "/",
            text_title=Words(
                config.edition_text_title
                or re.sub(r"<[^<>]*>", "", str(config.html_theme_options.get("title") or ""))
                or config.project
            ),
            text_authors=tuple(map(Words, [authors] if isinstance(authors, str) else authors)),
            text_date=config.edition_text_date,
            text_source=Words(config.edition_text_source),
            text_source_address=config.edition_text_source_address,
            text_language=config.edition_text_language or language,
            licence=config.edition_licence,
            rights=Words(config.edition_rights),
        )
