"""The works that ``edition_works`` names, and mistakes in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sphinx.config import Config
from sphinx.util.matching import Matcher

from annotated_edition.model.records import Problem, Subtype
from annotated_edition.model.works import LETTERS, NUMBERS, Work, Works
from annotated_edition.text.control import brief
from annotated_edition.text.labels import Pattern, PatternError
from annotated_edition.text.suggest import nearest
from annotated_edition.text.words import LanguageTag, NoteId, Words

#: What may be said of a work, and what it means, in Markdown: the reference is made of it.
FIELDS = {
    "pages": "its pages, a list of globs; what stands beside another text has none",
    "title": "its title as citations name it, where two works have the same labels",
    "language": "its language, if it isn't `edition_text_language`",
    "passages": "how its passages are labelled, as the front matter of a page may say, too",
}


def works_of(config: Config) -> Works:
    """The works of a project; what is wrong in a work is left out of it."""
    return Works(_work(name, said) for name, said in _named(config))


def pages_of(config: Config) -> list[str]:
    """The globs of all works' pages."""
    return [glob for _name, said in _named(config) for glob in _globs(said)]


def problems_of(config: Config, line: int) -> Iterator[Problem]:
    """What is wrong in ``edition_works``, which ``conf.py`` sets on this *line*."""
    for name, said in config.edition_works.items():
        for message in _faults(str(name), said):
            yield Problem(
                Subtype.FRONT_MATTER,
                "conf.py",
                line,
                f"edition_works[{brief(repr(name))}]: {message}",
            )


def _named(config: Config) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, said in config.edition_works.items():
        if NoteId.fits(str(name)) and isinstance(said, Mapping):
            yield str(name), said


def _globs(said: Mapping[str, Any]) -> list[str]:
    given = said.get("pages", [])
    return [str(glob) for glob in ([given] if isinstance(given, str) else given)]


def _work(name: str, said: Mapping[str, Any]) -> Work:
    language = str(said.get("language") or "").replace("_", "-")
    passages = str(said.get("passages") or NUMBERS)
    return Work(
        name,
        Matcher(_globs(said)),
        Words(str(said.get("title") or "")),
        language if LanguageTag.fits(language) else "",
        NUMBERS if pattern_fault(passages) else passages,
    )


def _faults(name: str, said: object) -> Iterator[str]:
    if not NoteId.fits(name):
        yield "a work's name has small letters and figures, parted by hyphens: call it so"
    if not isinstance(said, Mapping):
        yield 'write a mapping, such as {"pages": ["text/*"], "title": "The Tyger"}'
        return
    for field in said:
        if field not in FIELDS:
            close = nearest(str(field), FIELDS)
            hint = f"did you mean {close!r}?" if close else f"known are {', '.join(FIELDS)}"
            yield f"there is no {brief(repr(field))}: {hint}"
    language = str(said.get("language") or "")
    if language and not LanguageTag.fits(language.replace("_", "-")):
        yield f"{brief(repr(language))} is no language tag: write one, such as en or zh-Hant"
    if fault := pattern_fault(str(said.get("passages") or NUMBERS)):
        yield fault


def pattern_fault(written: str) -> str:
    """What is wrong with how passages are to be labelled, and what to write; or nothing."""
    if written in (NUMBERS, LETTERS):
        return ""
    try:
        Pattern(written)
    except PatternError as error:
        return (
            f"passages can't be {brief(repr(written))} ({error}): write numbers, letters, or a "
            'pattern such as "{h2}, ¶{n}"'
        )
    return ""
