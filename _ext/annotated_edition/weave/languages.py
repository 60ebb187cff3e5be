"""The languages of foreign forms, for screen readers, fonts and hyphenation.

Contributors write “Chinese 丝绸之路; Kazakh Жібек жолы; Russian Шёлковый путь”
and no markup.  Chinese is known by its characters; Cyrillic isn't, so its
language is the one named just before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.domain import classes
from annotated_edition.domain.text_nodes import text
from annotated_edition.text.words import LanguageTag, Siglum, Words

_HAN = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
_CYRILLIC = r"[\u0400-\u052f]+"
#: Runs of letters, and what may stand between them.
_FORM = re.compile(
    rf"(?P<zh>{_HAN}(?:[·、，：+]{_HAN})*)"
    rf"|\bKazakh (?P<kk>{_CYRILLIC}(?:[ ,+–-]+{_CYRILLIC})*)"
    rf"|\bRussian (?P<ru>{_CYRILLIC}(?:[ ,+–-]+{_CYRILLIC})*)"
)
#: Readings say by their siglum what language they are in.
_SIGLA = {
    classes.of_siglum(Siglum(language)): classes.of_language(LanguageTag(language))
    for language in ("zh", "kk", "ru")
}


def foreign_forms(text: str) -> Iterator[tuple[str, str]]:
    """The pieces of *text*, each with its language (empty for the page's own)."""
    at = 0
    for match in _FORM.finditer(text):
        language = str(match.lastgroup)
        if at < match.start(language):
            yield text[at : match.start(language)], ""
        yield match[language], language
        at = match.end(language)
    if at < len(text):
        yield text[at:], ""


class MarkForeignForms(SphinxPostTransform):
    """Wrap foreign forms in elements with their ``lang``, last of all."""

    default_priority = 20
    formats = ("html", "typst", "tei")

    def run(self, **kwargs: object) -> None:
        """Mark readings by their siglum, everything else by its letters."""
        for reading in self.document.findall(nodes.inline):
            if named := reading["classes"]:
                named += [_SIGLA[name] for name in named if name in _SIGLA]
        # Most pages have no letters beyond Latin ones, and without them there is no form.
        words = self.document.findall(nodes.Text)
        if not any(_FORM.search(said) for said in words if not said.isascii()):
            return
        # From above, since what others put into a document may not know where it stands.
        for parent in list(self.document.findall(nodes.Element)):
            for found in [child for child in parent.children if isinstance(child, nodes.Text)]:
                if _FORM.search(found) and not _has_language(parent):
                    parent.replace(found, list(_marked_forms(found)))


def _marked_forms(words: str) -> Iterator[nodes.Node]:
    for piece, language in foreign_forms(words):
        yield _marked(Words(piece), language) if language else text(Words(piece))


def _marked(words: Words, language: str) -> nodes.inline:
    return nodes.inline("", "", text(words), classes=[classes.of_language(LanguageTag(language))])


def _has_language(parent: nodes.Element) -> bool:
    """Whether words in *parent* are marked already, or no element may stand there."""
    node: nodes.Element | None = parent
    while node is not None:
        named: list[str] = node.get("classes", [])
        if isinstance(node, (nodes.FixedTextElement, nodes.literal, nodes.raw)):
            return True
        if any(name.startswith("language-") for name in named):
            return True
        node = node.parent
    return False
