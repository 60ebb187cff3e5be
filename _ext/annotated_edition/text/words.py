"""The gate for strangers' strings: what reaches a page is of one of these types.

Front matter, registers, git's history, the bibliography and the names of files are others' words.
Each string of theirs is made one of these where it enters, once, and what is woven into a page
takes nothing else: a plain ``str`` has not passed.  The types are ``str`` to everybody else, who
compares, hashes, sorts and pickles them as such.

What a type can't hold it either leaves out, if nobody would miss it (:class:`Words`), or refuses
(:class:`NotOfItsKind`): the caller says where, and what to write.
"""

from __future__ import annotations

import re
from typing import ClassVar, Self

from annotated_edition.text.bidi import balanced, isolated
from annotated_edition.text.control import CONTROL, SEPARATORS


class NotOfItsKind(ValueError):
    """A string that can't be what it should be."""


class Words(str):
    """Plain words: no control characters, and nothing that turns the text after it round.

    Left out are what :data:`~annotated_edition.text.control.CONTROL` names, embeddings and
    overrides (U+202A to U+202E), and isolates (U+2066 to U+2069) that it doesn't close itself;
    right-to-left text needs no others (Unicode Standard Annex 9, 2.7).  Separators of lines and
    paragraphs (U+2028, U+2029) are spaces: Typst would begin a paragraph in the middle of a title.
    """

    __slots__ = ()

    def __new__(cls, text: str = "") -> Self:
        """The words of *text*; what has passed once is handed back."""
        if isinstance(text, cls):
            return text
        if text.isascii() and text.isprintable():
            return super().__new__(cls, text)
        return super().__new__(cls, balanced(CONTROL.sub("", SEPARATORS.sub(" ", text))))

    def isolated(self) -> Words:
        """A title or a name that leaves the order of the words around it alone."""
        return Words(isolated(self))


class Formed(str):
    """A string of a closed form; nothing is left out of it."""

    __slots__ = ()

    #: What it must match, from end to end, and how long it may be.
    FORM: ClassVar[re.Pattern[str]]
    MOST: ClassVar[int]

    def __new__(cls, text: str = "") -> Self:
        """*text*, if it has the form; raises NotOfItsKind."""
        if isinstance(text, cls):
            return text
        if not cls.fits(text):
            raise NotOfItsKind(cls.__name__)
        return super().__new__(cls, text)

    @classmethod
    def fits(cls, text: str) -> bool:
        """Whether *text* has the form."""
        return len(text) <= cls.MOST and cls.FORM.fullmatch(text) is not None


class Siglum(Formed):
    """The sign of a version of the text: letters and digits of any script, and hyphens."""

    __slots__ = ()
    FORM = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
    MOST = 20


class LanguageTag(Formed):
    """A language tag of the shape of BCP 47 (RFC 5646, 2.1): ``kk``, ``zh-Hant``."""

    __slots__ = ()
    FORM = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
    MOST = 35


class NoteId(Formed):
    """The name of a note's or a cross-reference's file."""

    __slots__ = ()
    FORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
    MOST = 200


class Day(Formed):
    """A day of ISO 8601, ``2026-11-24``, or none."""

    __slots__ = ()
    FORM = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2})?")
    MOST = 10


class Token(Formed):
    """A class or an id, which no writer takes for anything else."""

    __slots__ = ()
    FORM = re.compile("[A-Za-z0-9._-]+")
    MOST = 300
