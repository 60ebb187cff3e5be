"""How the edition is cited: a passage or a note, as a sentence, BibTeX, RIS and CSL-JSON.

A passage is cited as style guides cite an edited text (Chicago 14.104, MLA 5.1): author, title,
newspaper and day of the text, by the settings ``edition_text_…``; then the edition, its editors
and version.  A note is cited by those who wrote it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sphinx.config import Config
from sphinx.locale import get_translation

from annotated_edition.model.edition import NotePage
from annotated_edition.model.records import Credit
from annotated_edition.text.bidi import isolated
from annotated_edition.weave.about import PersonName, text_authors
from annotated_edition.weave.days import in_words
from annotated_edition.weave.links import cited

_ = get_translation("annotated_edition")


def cite_passage(config: Config, context: Mapping[str, Any]) -> dict[str, str]:
    """The citation of any passage, and of the whole: ``text``, ``bibtex``, ``ris``, ``csl``.

    Where it is copied, a script fills in ``{url}``, ``{id}`` and ``{passage}``.
    *context* is that of the page's template.
    """
    if not config.edition_text_title:
        return _cite(config, context, "{id}", "", "{passage}")
    authors = text_authors(config)
    title, author = str(config.edition_text_title), _joined([name.spoken for name in authors])
    newspaper, day = str(config.edition_text_published_in), str(config.edition_text_date)
    said = day
    if re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        with suppress(ValueError):  # no day of the calendar, of which there is a warning
            said = in_words(day, config)
    first = ", ".join(filter(None, [newspaper, said]))
    edition = _Edition.of(config, context)
    text = ". ".join(
        filter(
            None,
            [
                author,
                f"“{title}”",
                f"{first}, {{passage}}" if first else "{passage}",
                _("In: %s") % edition.title,
                _("Edited by %s") % edition.author if edition.author else "",
                ", ".join(filter(None, [edition.said_version, edition.year])),
                edition.url,
            ],
        )
    )
    printed = _tex(_("First published in %s") % first) if first else ""
    fields = {
        "author": " and ".join(map(_author, authors)),
        "title": _tex(title),
        "booktitle": _tex(edition.title),
        "editor": f"{{{_tex(edition.author)}}}" if edition.author else "",
        "year": edition.year,
        "edition": _tex(edition.said_version),
        "note": "; ".join(filter(None, [printed, "{passage}"])),
        "url": edition.url,
    }
    item = {
        "type": "chapter",
        "author": [_csl_author(name) for name in authors] or None,
        "title": title,
        "container-title": edition.title,
        "original-publisher": newspaper,
        "original-date": _csl_date(day),
        "section": "{passage}",
    }
    ris = [
        ("TY", "CHAP"),
        *(("AU", name.sorted) for name in authors),
        *(("TI", title), ("T2", edition.title), ("OP", first), ("SE", "{passage}")),
    ]
    return {
        "text": text,
        "bibtex": _bibtex("incollection", "{id}", fields),
        "ris": _ris([*ris, *edition.ris]),
        "csl": _csl({"id": "{id}", **item, **edition.csl}),
    }


def cite_note(config: Config, context: Mapping[str, Any], page: NotePage) -> dict[str, str]:
    """A note's citation, by those who wrote and revised it, likewise."""
    places = ", ".join(dict.fromkeys(cited(quoted) for quoted in page.places))
    about = [_("note on %s") % places]
    if page.credit.written:
        about.append(_("written %s") % in_words(page.credit.written, config))
    if page.credit.revised:
        about.append(_("revised %s") % in_words(page.credit.revised, config))
    names = page.credit.names
    return _cite(config, context, page.note.id, page.note.title, ", ".join(about), names)


def credit_line(credit: Credit) -> str:
    """Who wrote and revised a note, and when (YYYY-MM-DD), in one line; may be empty."""
    said = []
    if credit.written and credit.writers:
        said.append(
            _("written %(day)s by %(names)s")
            % {"day": credit.written, "names": _joined(credit.writers)}
        )
    elif credit.writers:
        said.append(_("written by %s") % _joined(credit.writers))
    elif credit.written:
        said.append(_("written %s") % credit.written)
    revisions = [
        _("%(day)s by %(name)s") % {"day": revision.day, "name": isolated(revision.name)}
        if revision.name
        else revision.day
        for revision in credit.revisions
    ]
    if revisions:
        said.append(_("revised %s") % _listed(revisions))
    return "; ".join(said)


def _joined(names: Sequence[str]) -> str:
    return _listed([isolated(name) for name in names])


def _listed(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(most)s and %(last)s") % {"most": ", ".join(parts[:-1]), "last": parts[-1]}


@dataclass(frozen=True)
class _Edition:
    """What a citation says of the edition."""

    title: str
    author: str
    version: str
    year: str
    url: str

    @classmethod
    def of(cls, config: Config, context: Mapping[str, Any]) -> _Edition:
        """The edition that *config* and a page's *context* tell of."""
        whole = str(context.get("theme_title") or context.get("docstitle") or context["project"])
        if config.edition_text_title:  # the theme's title may be the text's
            whole = config.project
        year = re.search(r"\b\d{4}\b", str(context.get("copyright") or ""))
        return cls(
            re.sub(r"<[^<>]*>", "", whole),
            "" if config.author in ("", "Author name not set") else config.author,
            str(context.get("release") or ""),
            year[0] if year else "",
            str(context.get("pageurl") or "{url}"),
        )

    @property
    def said_version(self) -> str:
        return _("version %s") % self.version if self.version else ""

    @property
    def ris(self) -> list[tuple[str, str]]:
        """The fields of RIS that any citation has."""
        return [
            ("ED", self.author),
            ("PY", self.year),
            ("ET", self.said_version),
            ("UR", self.url),
        ]

    @property
    def csl(self) -> dict[str, Any]:
        """The fields of CSL-JSON that any citation has."""
        return {
            "editor": [{"literal": self.author}] if self.author else None,
            "issued": _csl_date(self.year),
            "version": self.version,
            "URL": self.url,
        }


def _cite(
    config: Config,
    context: Mapping[str, Any],
    key: str,
    title: str,
    about: str,
    names: Sequence[str] = (),
) -> dict[str, str]:
    edition = _Edition.of(config, context)
    imprint = [edition.author, edition.said_version, edition.year]
    if title:
        by = f"{_joined(names)}: " if names else ""
        sentences = [f"{by}“{isolated(title)}” ({about})", _("In: %s") % edition.title]
    else:
        sentences = [edition.title]
        imprint.append(about)
    text = ". ".join([*sentences, ", ".join(filter(None, imprint)), edition.url])
    collective = f"{{{_tex(edition.author)}}}" if edition.author else ""
    fields = {
        "title": _tex(title or edition.title),
        "howpublished": _tex(f"In: {edition.title}") if title else "",
        "author": " and ".join(map(_person, names)) or collective,
        "editor": collective if names else "",
        "year": edition.year,
        "edition": _tex(edition.said_version),
        # Where there is no title, a script fills it in.
        "note": _tex(about) if title else about,
        "url": edition.url,
    }
    authors = [*names] or list(filter(None, [edition.author]))
    item = {
        "type": "entry" if title else "webpage",
        "author": [{"literal": name} for name in authors] or None,
        "title": title or edition.title,
        "container-title": edition.title if title else "",
        "note": about,
    }
    ris = [("TY", "ELEC"), *(("AU", name) for name in authors), ("TI", title or edition.title)]
    ris += [("T2", edition.title if title else ""), ("N1", about)]
    return {
        "text": text,
        "bibtex": _bibtex("misc", key, fields),
        "ris": _ris([*ris, *(edition.ris if names else edition.ris[1:])]),
        "csl": _csl({"id": key, **item, **edition.csl, **({} if names else {"editor": None})}),
    }


def _bibtex(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = [f"  {field} = {{{value}}}," for field, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _ris(fields: Iterable[tuple[str, str]]) -> str:
    """RIS, as reference managers read it: a field a line."""
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\n".join([*lines, "ER  - "])


def _csl(item: Mapping[str, Any]) -> str:
    """CSL-JSON (https://docs.citationstyles.org), without empty fields."""
    given = {field: value for field, value in item.items() if value}
    return json.dumps([given], ensure_ascii=False, indent=1)


def _csl_date(day: str) -> dict[str, Any] | None:
    numbers = [int(number) for number in re.findall(r"\d+", day)[:3]]
    return {"date-parts": [numbers]} if numbers else None


def _csl_author(name: PersonName) -> dict[str, Any]:
    """A name as CSL has it: ``static-ordering`` keeps a family name that is spoken first there."""
    if not name.given:
        return {"literal": name.spoken}
    order = {"static-ordering": True} if name.is_family_first else {}
    return {"family": name.family, "given": name.given, **order}


def _author(name: PersonName) -> str:
    """A name of the text's author as BibTeX reads it; one that nobody parts is whole."""
    return _tex(name.sorted) if name.given else f"{{{_tex(name.spoken)}}}"


def _person(name: str) -> str:
    """A name as BibTeX reads it: in braces where it would take it apart wrongly."""
    return f"{{{_tex(name)}}}" if re.search(r",|\band\b", name, re.I) else _tex(name)


#: What LaTeX takes for a command or a space, as it writes the characters themselves.
_COMMANDS = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    # BibTeX counts braces, whatever stands before them.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
}


def _tex(text: str) -> str:
    return re.sub(r"[&%$#_{}\\^~]", lambda sign: _COMMANDS.get(sign[0], f"\\{sign[0]}"), text)
