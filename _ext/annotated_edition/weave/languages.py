"""The languages of foreign forms, for screen readers, fonts and hyphenation.

Contributors write “Chinese 丝绸之路; Kazakh Жібек жолы; Greek λόγος” and no markup.  Some scripts
are those of one language; of the others, such as Cyrillic or Arabic, the language is the one that
is named just before, as the pages' own language calls it (Unicode CLDR).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.domain import classes
from annotated_edition.domain.text_nodes import again
from annotated_edition.text.words import LanguageTag, Siglum
from annotated_edition.weave.locales import locale_of, runs_from_right

#: Scripts by their letters (Unicode's blocks), and what language each is unless another is named;
#: nothing where several are written in it.
_SCRIPTS = {
    "Cyrl": ("\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69f", ""),
    "Arab": ("\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc", ""),
    "Deva": ("\u0900-\u097f", ""),
    "Ethi": ("\u1200-\u139f", ""),
    "Mong": ("\u1800-\u18af", "mn"),
    "Hira": ("\u3040-\u30ff\u31f0-\u31ff", "ja"),
    "Hang": ("\u1100-\u11ff\u3130-\u318f\uac00-\ud7af", "ko"),
    "Hani": ("\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff", "zh"),
    "Grek": ("\u0370-\u03ff\u1f00-\u1fff", "el"),
    "Hebr": ("\u0590-\u05ff\ufb1d-\ufb4f", "he"),
    "Syrc": ("\u0700-\u074f", "syr"),
    "Armn": ("\u0531-\u058a", "hy"),
    "Geor": ("\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f", "ka"),
    "Beng": ("\u0980-\u09ff", ""),
    "Guru": ("\u0a00-\u0a7f", "pa"),
    "Gujr": ("\u0a80-\u0aff", "gu"),
    "Taml": ("\u0b80-\u0bff", "ta"),
    "Telu": ("\u0c00-\u0c7f", "te"),
    "Knda": ("\u0c80-\u0cff", "kn"),
    "Mlym": ("\u0d00-\u0d7f", "ml"),
    "Sinh": ("\u0d80-\u0dff", "si"),
    "Thai": ("\u0e00-\u0e7f", "th"),
    "Laoo": ("\u0e80-\u0eff", "lo"),
    "Tibt": ("\u0f00-\u0fff", "bo"),
    "Mymr": ("\u1000-\u109f", "my"),
    "Khmr": ("\u1780-\u17ff", "km"),
}
#: What may stand between the words of a form, and what between those that aren't parted by spaces.
_BETWEEN = r"[ ,+–\-\u200c\u2019]+"
_UNSPACED = "[·、，：+]"
#: What the class of a version's words begins with.
_SIGLUM = "siglum-"
#: A language's name has so many words at most, and letters.
_MOST_WORDS, _MOST_LETTERS = 3, 60


def _run(script: str) -> str:
    """A pattern for words of a *script*, one after another."""
    letters = _SCRIPTS[script][0]
    if script == "Hani":  # by turns with kana in Japanese
        run = f"[{letters}{_SCRIPTS['Hira'][0]}]+"
        return f"{run}(?:{_UNSPACED}{run})*"
    run = rf"[{letters}][{letters}\u0300-\u036f]*"
    return f"{run}(?:{_BETWEEN}{run})*"


#: Runs of letters of one script, each in a group of its name.
_FORM = re.compile("|".join(f"(?P<{name}>{_run(name)})" for name in _SCRIPTS if name != "Hira"))
#: Where there may be a form at all: quicker to look for.
_LETTER = re.compile(f"[{''.join(letters for letters, _language in _SCRIPTS.values())}]")
_KANA = re.compile(f"[{_SCRIPTS['Hira'][0]}]")


class Languages:
    """What the pages' own language calls the others, and in which script it is written itself."""

    def __init__(self, language: str) -> None:
        locale = locale_of(language)
        self._names: Mapping[str, str] = {
            str(name).casefold(): str(tag).replace("_", "-")
            for tag, name in locale.languages.items()
        }
        letters = "".join(filter(str.isalpha, locale.languages.get(locale.language, "")))
        own = _FORM.search(letters)
        self._own = {own.lastgroup if own else "Latn"}
        if "Hang" in self._own:
            self._own.add("Hani")  # Korean has Chinese characters, too

    def named(self, words: str) -> str:
        """The language whose name *words* end in; the longest name counts."""
        if words.endswith(" "):
            told = re.split(r"[^\w-]+", words[-_MOST_LETTERS:-1].casefold())[-_MOST_WORDS:]
            for start in range(len(told)):
                if found := self._names.get(" ".join(told[start:])):
                    return found
        return ""

    def foreign_forms(self, words: str) -> Iterator[tuple[str, str]]:
        """The pieces of *words*, each with its language (empty for the page's own)."""
        at = 0
        for match in _FORM.finditer(words):
            script = str(match.lastgroup)
            language = self.named(words[: match.start()])
            # A single Greek letter is a sign of mathematics or physics.
            is_sign = script == "Grek" and not re.search(r"\w\w", match[script])
            if not language and script not in self._own and not is_sign:
                kana = script == "Hani" and _KANA.search(match[script])
                language = "ja" if kana else _SCRIPTS[script][1]
            if not language:
                continue
            if at < match.start():
                yield words[at : match.start()], ""
            yield match[0], language
            at = match.end()
        if at < len(words):
            yield words[at:], ""

    def of_siglum(self, siglum: str, witness: str, words: str) -> str:
        """The language of a version's *words*, if its siglum is that language's tag.

        ``Kk``, “Kazakh, in a report”, is in Kazakh by its name, and ``Ru`` with words in Cyrillic
        in Russian; ``Ms``, “a manuscript”, isn't in Malay.
        """
        tag = siglum.casefold()
        if tag not in self._names.values():
            return ""
        named = (self._names.get(word) for word in re.findall(r"[^\W\d_]+", witness.casefold()))
        script = _FORM.search(words)
        is_foreign = script is not None and script.lastgroup not in self._own
        return tag if tag in named or is_foreign else ""


@lru_cache(maxsize=8)
def languages_of(language: str) -> Languages:
    """What a language, as Sphinx's ``language`` names it, calls the others."""
    return Languages(language)


def words_run_from_right(node: nodes.Element | None, language: str) -> bool:
    """Whether the words of *node* do, by the language named there, or else that of the pages."""
    return runs_from_right(classes.language_around(node) or language)


class MarkForeignForms(SphinxPostTransform):
    """Wrap foreign forms in elements with their ``lang``, last of all."""

    default_priority = 20
    formats = ("html", "typst", "tei")

    @cached_property
    def _witnesses(self) -> dict[str, str]:
        """What the versions are, by the class of their sigla; few pages have readings."""
        return {
            str(classes.of_siglum(Siglum(siglum))): str(witness)
            for siglum, witness in dict(self.config.edition_witnesses).items()
            if Siglum.fits(siglum)
        }

    def run(self, **kwargs: object) -> None:
        """Mark readings by their siglum, everything else by its letters."""
        languages = languages_of(self.config.language)
        for reading in self.document.findall(nodes.inline):
            for siglum in [name for name in reading["classes"] if name.startswith(_SIGLUM)]:
                tag = siglum.removeprefix(_SIGLUM)
                witness = self._witnesses.get(siglum, "")
                if language := languages.of_siglum(tag, witness, reading.astext()):
                    reading["classes"].append(classes.of_language(LanguageTag(language)))
        # Most pages have no letters beyond Latin ones, and without them there is no form.
        words = self.document.findall(nodes.Text)
        if not any(_LETTER.search(said) for said in words if not said.isascii()):
            return
        # From above, since what others put into a document may not know where it stands.
        for parent in list(self.document.findall(nodes.Element)):
            for found in [child for child in parent.children if isinstance(child, nodes.Text)]:
                if not _LETTER.search(found) or _has_language(parent):
                    continue
                pieces = list(languages.foreign_forms(found))
                if any(language for _words, language in pieces):
                    parent.replace(found, list(_marked(found, pieces)))


def _marked(found: nodes.Text, pieces: Iterable[tuple[str, str]]) -> Iterator[nodes.Node]:
    """The *pieces* of a text, those with a language in elements of their own."""
    at = 0
    for words, language in pieces:
        # As it stands there: a sign that isolates the whole may be in one piece alone.
        said = again(found, at, at + len(words))
        at += len(words)
        if language:
            yield nodes.inline("", "", said, classes=[classes.of_language(LanguageTag(language))])
        else:
            yield said


def _has_language(parent: nodes.Element) -> bool:
    """Whether words in *parent* are marked already, or no element may stand there."""
    node: nodes.Element | None = parent
    while node is not None:
        if isinstance(node, (nodes.FixedTextElement, nodes.literal, nodes.raw)):
            return True
        if classes.language_in(node) is not None:
            return True
        node = node.parent
    return False
