"""Advice: what to do about quotes that can't be attached, and other mistakes in a note."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

import yaml

from annotated_edition.model.edition import Place
from annotated_edition.model.records import Outside, Passage
from annotated_edition.text.anchoring import MOST_CANDIDATES, Anchor, BaseText, Quote
from annotated_edition.text.control import brief
from annotated_edition.text.suggest import did_you_mean, slug

#: Characters of quoted words in a message.
_MOST_SHOWN = 300


def missing(
    text: BaseText,
    places: Sequence[Place],
    quote: Quote,
    unlisted: Sequence[Passage] = (),
    outside: Sequence[Outside] = (),
    *,
    seek: bool = True,
) -> str:
    """What to do about words that the text has not, or not in this context.

    *unlisted* are passages of pages that no toctree leads to: they are no part of the text yet.
    *outside* are words on the text's pages that are in no passage.
    Unless *seek*, nothing is looked for that resembles them.
    """
    exact = _few(quote.exact)
    for other in unlisted if seek else ():
        if BaseText([other.text]).find(quote):
            return (
                f"{exact!r} stands in {other.docname}, but that page is in no toctree, so "
                f"it isn't part of the text yet: add a line /{other.docname} to a toctree"
            )
    if not places:
        return (
            f"{exact!r} can't be found, for the edition has no text yet: name the pages of "
            "the text in edition_text (conf.py), and put each into a toctree"
        )
    bare = text.find(Quote(quote.exact))
    if bare:
        where = ", ".join(places[anchor.passage].cited for anchor in bare[:MOST_CANDIDATES])
        where += ", …" if len(bare) > MOST_CANDIDATES else ""
        message = f"{exact!r} occurs ({where}), but not between this prefix and suffix"
        if len(bare) == 1:
            return f"{message}: delete them, and write {_written(Quote(quote.exact))}"
        return "\n".join([f"{message}: write one of", *_choices(text, places, quote.exact)])
    for place in outside if seek else ():
        if BaseText([place.text]).find(Quote(quote.exact)):
            return (
                f"{exact!r} stands in {place.sort} ({place.path or place.docname}, line "
                f"{place.line}), "
                "where no note can stand: quote words of a passage beside it"
            )
    message = f"the text has no words {exact!r}"
    if meant := _bare(text, quote) if seek else "":
        return (
            f"{message}, but has them without the signs around them: write {_written(Quote(meant))}"
        )
    if seek and re.search(r"\w\s*(?:\[?(?:…|\.\.\.)\]?)\s*\w", quote.exact):
        return (
            f"{message}: the dots stand for words that are left out; quote all of them, or a list "
            "of two pieces"
        )
    nearest = text.nearest(quote) if seek else None
    if nearest is None:
        return f"{message}: copy the words from the page"
    passage, words = nearest
    return f"{message}: did you mean {places[passage].cited} {words!r}?"


#: What people put around a quotation, or bring along from the page.
_AROUND = " \t\u200e\u200f\u2066\u2067\u2068\u2069\"'“”„‟‘’‚‛«»‹›()[]*_`.…,;:!?¶/\\"


def _bare(text: BaseText, quote: Quote) -> str:
    """The words of a quote that the text has once, without what stands around them, or ""."""
    words = re.sub(r"\A\s*[¶§]\s*\d{1,4}\s+", "", quote.exact)
    words = re.sub("[\u200e\u200f\u2066-\u2069]", "", words)
    words = " ".join(html.unescape(words).split())
    words = re.sub(r" ?/ ?|\\ ", " ", words).strip(_AROUND)
    if not words or words == quote.exact:
        return ""
    found = text.find(Quote(words))
    return words if len(found) == 1 and text.whole_words(Quote(words), found) else ""


def filled_in(quote: Quote, passages: Sequence[Passage]) -> str:
    """What else may be wrong with a quote that isn't found: it has a reference's words."""
    numbers = set(re.findall(r"\d+", quote.exact))
    if numbers and any(one.has_filled and not numbers & _figures(one) for one in passages):
        return (
            ". What a reference to a figure, a table or an equation shows is filled in by Sphinx, "
            "and no word of the text: quote the words beside it"
        )
    return ""


def _figures(passage: Passage) -> set[str]:
    return set(re.findall(r"\d+", passage.text))


def cut_words(text: BaseText, quote: Quote, found: Sequence[Anchor]) -> str:
    """What to do about a quote that begins or ends inside a word, wherever it is *found*."""
    # In one line, as it can be pasted.
    wordings = list(dict.fromkeys(" ".join(text.completed(one).split()) for one in found))
    whole = " or ".join(_written(Quote(words)) for words in wordings[:3])
    if any(map(text.divides_letter, found)):
        return (
            f"{_few(quote.exact)!r} begins or ends between a letter and a mark that belongs to it: "
            f"quote whole letters, {whole}"
        )
    return (
        f"{_few(quote.exact)!r} begins or ends inside a word: quote whole words, {whole}; or say "
        "so, with the letters before it as prefix or those after it as suffix"
    )


def _few(words: str) -> str:
    """*words* as a message may hold them; all of them, unless they fill a page."""
    return words if len(words) <= _MOST_SHOWN else f"{words[:_MOST_SHOWN]} …"


def near(text: BaseText, places: Sequence[Place], words: str) -> str:
    """The nearest wording in brackets, if there is one."""
    nearest = text.nearest(Quote(words))
    return f" ({places[nearest[0]].cited} has {nearest[1]!r})" if nearest else ""


def ambiguous(text: BaseText, places: Sequence[Place], quote: Quote) -> str:
    """How to tell apart the places where words occur."""
    message = (
        f"{_few(quote.exact)!r} occurs more than once: say which with prefix or suffix, by one of"
    )
    choices = list(_choices(text, places, quote.exact))
    if not choices:  # over the end of a passage
        return f"{_few(quote.exact)!r} occurs more than once: quote more words"
    return "\n".join([message, *choices])


def scopes(found: Sequence[Passage]) -> str:
    """Another way to tell places apart: by their works or pages, if these differ."""
    for names in ([one.work for one in found], [one.docname for one in found]):
        if len(set(names)) > 1 and all(names):
            written = ", ".join(f"`in: {name}`" for name in dict.fromkeys(names))
            return f"\nor say where, with one of {written}"
    return ""


def unknown_scope(scope: str, passages: Sequence[Passage]) -> str:
    """What to do about a work or page that the text hasn't."""
    known = dict.fromkeys(name for one in passages for name in (one.work, one.docname) if name)
    hint = did_you_mean(scope, known, "write the name of a work, or of a page of the text")
    return f"`in` names {brief(repr(scope))}, which is no work and no page of the text: {hint}"


def _choices(text: BaseText, places: Sequence[Place], exact: str) -> Iterator[str]:
    """For each place of *exact*, the lines to write that mean it and no other."""
    quote = Quote(exact)
    for candidate in text.candidates(quote):
        telling = [
            _written(choice)
            for choice in (Quote(exact, candidate.prefix), Quote(exact, suffix=candidate.suffix))
            if choice != quote
        ]
        label = places[candidate.anchor.passage].cited
        yield f"  {label}  {'  or  '.join(telling) or 'quote more words'}"
    more = len(text.find(quote)) - MOST_CANDIDATES
    if more > 0:
        yield f"  and {more} more: quote more words"


def _written(quote: Quote) -> str:
    """*quote* as it stands in front matter, also as an item of a list."""
    fields = {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
    said = {name: words for name, words in fields.items() if words}
    text = yaml.safe_dump(
        said if len(said) > 1 else quote.exact,
        allow_unicode=True,
        default_flow_style=True,
        width=10**6,
    )
    # A text alone is dumped as a document, which ends with "...".
    return "quote: " + text.strip().removesuffix("...").strip()


def bad_name(name: str) -> str:
    """What to do about a file whose name can't be a note's id."""
    return (
        f"the file's name {name!r} can't be an id, which has small letters and figures, "
        f"parted by hyphens: call it {slug(name) or 'silk-road'}"
    )


#: Windows keeps these names for devices, whatever their suffix.
_DEVICES = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


def device(name: str) -> str:
    """What to do about a file that no Windows can check out, or ""."""
    if not _DEVICES.fullmatch(name):
        return ""
    return f"Windows can have no file {name!r}: call it otherwise, such as {name}-note"


def unknown_kind(kind: str, kinds: Sequence[str]) -> str:
    """What to do about a folder that is no kind of note."""
    hint = did_you_mean(kind, kinds, f"move the file to one of {', '.join(kinds)}")
    return f"the folder {kind!r} is no kind of note: {hint}"


def long_gist(words: Sequence[str], most: int) -> str:
    """What to do about a gist of more than *most* words."""
    last = " ".join(words[:most][-4:])
    return (
        f"the gist (the first paragraph) has {len(words)} words, at most {most} fit beside the "
        f"text: end it at the latest after “… {last}”, and move the rest into a second paragraph"
    )


def incomplete_label(pattern: str, field: str) -> str:
    """What to do about a passage that lacks what its label is made of."""
    return (
        f"a label of the form {brief(repr(pattern))} needs {{{field}}}, which this passage hasn't: "
        "put that in square brackets, or begin the passage with {edition:label}`…`"
    )


def misplaced_part(fault: str) -> str:
    """What to do about ``{edition:part}`` where no line goes on."""
    return (
        f"{{edition:part}} {fault}: write {{edition:part}}`F` before the words of a verse that "
        "complete the line before, or `M` where another speaker goes on"
    )


def control_character(sign: str) -> str:
    """What to do about a control character."""
    return f"the control character U+{ord(sign):04X}: leave it out"


def turning(sign: str) -> str:
    """What to do about a character that turns the text after it round."""
    return f"the character U+{ord(sign):04X} turns the text after it round: leave it out"
