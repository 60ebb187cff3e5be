"""The classes and ids that are made of data; nowhere else are any made.

LaTeX's writer makes commands of classes, and style sheets look for them: what they are made of
has passed the gate (:mod:`annotated_edition.text.words`), or is of a closed set.
"""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes

from annotated_edition.text.words import LanguageTag, NoteId, Siglum, Token

#: How sure a gist may be.
STANDINGS = ("documented", "interpretation", "disputed", "unresolved")
_LANGUAGE = "language-"


def of_kind(kind: str) -> Token:
    """The class of the notes of a *kind*, the name of their folder."""
    return Token(f"kind-{nodes.make_id(kind)}")


def of_standing(standing: str) -> Token:
    """The class of the notes of a *standing*, one of :data:`STANDINGS`."""
    return Token(f"standing-{standing if standing in STANDINGS else STANDINGS[0]}")


def of_quote(note: NoteId) -> Token:
    """The class of the words that a note quotes."""
    return Token(f"quote-{note}")


def of_siglum(siglum: Siglum) -> Token:
    """The class of a version's words; a siglum of other than Latin letters is no part of it."""
    return Token(nodes.make_id(f"siglum-{siglum}"))


def of_language(tag: LanguageTag) -> Token:
    """The class of words in another language."""
    return Token(f"{_LANGUAGE}{tag}")


def language_in(node: nodes.Element) -> str | None:
    """The language that a class of a node names."""
    names: Sequence[str] = node.get("classes", ())
    for name in names:
        if name.startswith(_LANGUAGE):
            return name.removeprefix(_LANGUAGE)
    return None


def language_around(node: nodes.Element | None) -> str | None:
    """The language of *node*: what its class names, or that of the innermost element around it."""
    while node is not None:
        if tag := language_in(node):
            return tag
        node = node.parent
    return None


def of_link(role: str) -> Token:
    """The class of what a role of the domain links to."""
    return Token(f"edition-{nodes.make_id(role)}-link")


def beside(name: str) -> Token:
    """The id of a term that is told beside the text; *name* is the id that docutils gave it."""
    ours = f"here-{name}"
    return Token(ours if Token.fits(ours) else nodes.make_id(ours)[: Token.MOST])


def note_target(note: NoteId) -> Token:
    """The id of a note beside the text."""
    return Token(f"note-{note}")
