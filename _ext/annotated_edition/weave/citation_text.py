"""How the edition is cited: a passage or a note, as a sentence and as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sphinx.config import Config
from sphinx.locale import get_translation

from annotated_edition.model.edition import NotePage
from annotated_edition.model.records import Credit
from annotated_edition.text.bidi import isolated
from annotated_edition.weave.days import in_words
from annotated_edition.weave.links import cited

_ = get_translation("annotated_edition")


def cite_passage(config: Config, context: Mapping[str, Any]) -> dict[str, str]:
    """The citation of any passage, and of the whole: ``text`` and ``bibtex``.

    Where it is copied, a script fills in ``{url}``, ``{id}`` and ``{passage}``.
    *context* is that of the page's template.
    """
    return _cite(config, context, "{id}", "", "{passage}")


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
        _("%(day)s by %(name)s") % {"day": revision.day, "name": revision.name}
        if revision.name
        else revision.day
        for revision in credit.revisions
    ]
    if revisions:
        said.append(_("revised %s") % _joined(revisions))
    return "; ".join(said)


def _joined(names: Sequence[str]) -> str:
    names = [isolated(name) for name in names]
    if len(names) < 2:
        return "".join(names)
    return _("%(most)s and %(last)s") % {"most": ", ".join(names[:-1]), "last": names[-1]}


def _cite(
    config: Config,
    context: Mapping[str, Any],
    key: str,
    title: str,
    about: str,
    names: Sequence[str] = (),
) -> dict[str, str]:
    whole = str(context.get("theme_title") or context.get("docstitle") or context["project"])
    whole = re.sub(r"<[^>]*>", "", whole)
    author = "" if config.author in ("", "Author name not set") else config.author
    year = re.search(r"\b\d{4}\b", str(context.get("copyright") or ""))
    release = str(context.get("release") or "")
    url = str(context.get("pageurl") or "{url}")
    imprint = [author, _("version %s") % release if release else "", year[0] if year else ""]
    if title:
        by = f"{_joined(names)}: " if names else ""
        sentences = [f"{by}“{isolated(title)}” ({about})", _("In: %s") % whole]
    else:
        sentences = [whole]
        imprint.append(about)
    text = ". ".join([*sentences, ", ".join(filter(None, imprint)), url])
    collective = f"{{{_tex(author)}}}" if author else ""
    fields = {
        "title": _tex(title or whole),
        "howpublished": _tex(f"In: {whole}") if title else "",
        "author": " and ".join(map(_person, names)) or collective,
        "editor": collective if names else "",
        "year": year[0] if year else "",
        "edition": _tex(f"version {release}") if release else "",
        # Where there is no title, a script fills it in.
        "note": _tex(about) if title else about,
        "url": url,
    }
    lines = [f"  {field} = {{{value}}}," for field, value in fields.items() if value]
    return {"text": text, "bibtex": "\n".join([f"@misc{{{key},", *lines, "}"])}


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
