"""What the project says of its edition and of the text, for everything that tells it on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from sphinx.config import Config
from sphinx.locale import get_translation

from annotated_edition.text.words import Words

_ = get_translation("annotated_edition")


class PersonName(NamedTuple):
    """A name as it is spoken and, where somebody said so, its parts."""

    spoken: Words
    family: Words = Words()
    given: Words = Words()

    @property
    def sorted(self) -> str:
        """The family name first, as reference managers want it; else as it is spoken."""
        return f"{self.family}, {self.given}" if self.given else self.spoken

    @property
    def is_family_first(self) -> bool:
        """Whether the family name is spoken first, as in Chinese or Hungarian."""
        return bool(self.given) and self.spoken.startswith(self.family)


def said_version(release: str, standing: str) -> Words:
    """The version in words: one that was released, or what comes before or after it."""
    said = {
        "released": _("Version %s"),
        "later": _("Version %s, with later changes"),
        "unreleased": _("Version %s, unreleased"),
    }[standing]
    return Words(said % release if release else "")


def text_authors(config: Config) -> tuple[PersonName, ...]:
    """Who wrote the text, by ``edition_text_author`` and ``edition_text_author_sorted``."""
    spoken, by_family = (
        [given] if isinstance(given, str) else [*given]
        for given in (config.edition_text_author, config.edition_text_author_sorted)
    )
    parted = zip_longest(filter(None, spoken), by_family[: len(spoken)], fillvalue="")
    return tuple(
        PersonName(Words(name), *(Words(part.strip()) for part in form.split(",", 1)))
        if "," in form
        else PersonName(Words(name))
        for name, form in parted
    )


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
    text_authors: tuple[PersonName, ...]
    text_date: str
    text_source: Words
    text_source_address: str
    text_language: str
    licence: str
    rights: Words

    @classmethod
    def of(cls, config: Config) -> About:
        """What *config* says."""
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
            text_authors=text_authors(config),
            text_date=config.edition_text_date,
            text_source=Words(config.edition_text_source),
            text_source_address=config.edition_text_source_address,
            text_language=config.edition_text_language or language,
            licence=config.edition_licence,
            rights=Words(config.edition_rights),
        )
