"""``note``: begin a note on words of the text, in a file that says all that can be known."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from sphinx.config import Config

from annotated_edition.anchor import advice
from annotated_edition.anchor.resolving import QuoteResolver, Searched
from annotated_edition.cli import own_name
from annotated_edition.cli.findings import Findings
from annotated_edition.contribute.draft import as_yaml, draft, suffix_of
from annotated_edition.model.documents import Documents, Kinds
from annotated_edition.model.edition import Place
from annotated_edition.text.anchoring import Anchor, Quote
from annotated_edition.text.suggest import did_you_mean, file_name

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

#: What begins a name, and is no part of a file's.
_ARTICLE = re.compile(r"\A(?:a|an|the)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """What the contributor asks for; "" and 0 for what wasn't said.

    ``passage`` is a passage's id (``p11``), ``occurrence`` counts from 1.
    """

    words: str = ""
    kind: str = ""
    id: str = ""
    title: str = ""
    passage: str = ""
    occurrence: int = 0


class Refusal(Exception):
    """Why no note can be begun so, and what to do."""


@dataclass(frozen=True)
class _Edition:
    """What must be known of an edition to begin a note in it."""

    source: Path
    resolver: QuoteResolver
    kinds: Kinds
    notes: dict[str, str]
    documents: Documents
    config: Config


def note(source: Path, wanted: Wanted, ask: bool = False) -> int:
    """Write the file of a new note and say where; 0 if all went well, else 1.

    With *ask*, what *wanted* doesn't say is asked for.  Raises SphinxError if the edition can't be
    read, OSError if the file can't be written.
    """
    try:
        edition = _read(source)
        path, lines = begin(edition, _asked(edition, wanted) if ask else wanted)
    except Refusal as refusal:
        print(f"error: {refusal}")
        return 1
    except (EOFError, KeyboardInterrupt):
        print("error: nothing was written")
        return 1
    for line in lines:
        print(line)
    # Make says so to what it runs.
    check = "make check" if "MAKELEVEL" in os.environ else f"{own_name()} check"
    cites = "sphinxcontrib.bibtex" in edition.config.extensions
    task = "Write its gist and name a source" if cites else "Write its gist"
    print(f"{path} is begun. {task}, then run: {check}")
    return 0


def begin(edition: _Edition, wanted: Wanted) -> tuple[str, list[str]]:
    """Write the new file; its path within the source, and where its words stand.

    Raises Refusal.
    """
    if not wanted.words.strip():
        raise Refusal('say which words of the text the note is about: note "the exact words"')
    quote, place = _placed(edition.resolver, wanted)
    kind = _kind(edition, wanted.kind)
    name = wanted.id or _slug(wanted.words)
    if not _ID.fullmatch(name):
        raise Refusal(
            f"{name!r} can't be a note's name: use small letters a to z and figures, parted by "
            "hyphens: --id silk-road"
        )
    if name in edition.notes:
        raise Refusal(
            f"there is a note {name!r} ({edition.notes[name]}): open that, or give this "
            "one another name: --id OTHER-NAME"
        )
    docname = _docname(edition, kind, name)
    path = edition.source / f"{docname}{suffix_of(edition.config)}"
    bare = _ARTICLE.sub("", " ".join(quote.exact.split()), count=1).strip(" .,;:!?")
    title = " ".join(wanted.title.split()) or bare[:1].upper() + bare[1:]
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Never over a file that is there, whoever put it there meanwhile.
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(draft(as_yaml(quote), title, edition.config))
    except FileExistsError:
        raise Refusal(f"{path} is there already: open it, or say --id OTHER-NAME") from None
    shown = path.relative_to(edition.source).as_posix()
    return shown, [place.in_context]


@dataclass(frozen=True)
class _Found:
    """Where words stand: a place, the passages that they run through, and what is round them."""

    place: Place
    anchors: tuple[Anchor, ...]
    words: str
    before: str
    after: str

    @property
    def in_context(self) -> str:
        """The words in brackets, amid those round them."""
        before, after = self.before.split(" ")[-7:], self.after.split(" ")[:7]
        words = f"{' '.join(before)}[{self.words}]{' '.join(after)}"
        return f"{self.place.cited}: {' '.join(words.split())}"

    @property
    def names(self) -> set[str]:
        """All that the passage can be called."""
        return {self.place.id, self.place.label, self.place.sign, self.place.cited}


def _found(resolver: QuoteResolver, quote: Quote) -> tuple[Searched, list[_Found]]:
    part, found = resolver.find(quote)

    def described(anchors: tuple[Anchor, ...]) -> _Found:
        texts = [resolver.passage(part.numbers[one.passage]).text for one in anchors]
        return _Found(
            part.places[anchors[-1].passage],
            anchors,
            " ".join(text[one.start : one.end] for text, one in zip(texts, anchors, strict=True)),
            texts[0][: anchors[0].start],
            texts[-1][anchors[-1].end :],
        )

    return part, [*map(described, found)]


def _placed(resolver: QuoteResolver, wanted: Wanted) -> tuple[Quote, _Found]:
    """The quote, as the page has it and with the context that it needs, and its place."""
    quote = Quote(" ".join(wanted.words.split()))
    part, found = _found(resolver, quote)
    if not found:
        raise Refusal(
            advice.missing(
                resolver.text, resolver.places, quote, resolver.unlisted, resolver.outside
            )
        )
    chosen = found
    if wanted.passage:
        names = {wanted.passage, wanted.passage.removeprefix("¶").removeprefix("p")}
        chosen = [one for one in chosen if names & one.names]
        if not chosen:
            labels = ", ".join(one.place.cited for one in found)
            raise Refusal(f"the words {quote.exact!r} aren't in {wanted.passage}, but in {labels}")
    if wanted.occurrence:
        if not 1 <= wanted.occurrence <= len(chosen):
            raise Refusal(f"--occurrence {wanted.occurrence}: the words occur {len(chosen)} times")
        chosen = chosen[wanted.occurrence - 1 : wanted.occurrence]
    if len(chosen) > 1:
        places = "\n".join(f"  {number}  {one.in_context}" for number, one in enumerate(chosen, 1))
        raise Refusal(
            f"{quote.exact!r} occurs {len(chosen)} times: quote more words, or say which by "
            f"--occurrence N or --in PASSAGE (such as --in p7)\n{places}"
        )
    (one,) = chosen
    as_printed = Quote(" ".join(one.words.split()))
    # Without its no-break spaces the page's own typography may be another.
    same = [other.anchors for other in _found(resolver, as_printed)[1]]
    quote = as_printed if one.anchors in same else quote
    if len(one.anchors) > 1:
        return quote, one
    return part.text.single_out(quote, one.anchors[0]), one


def _kind(edition: _Edition, kind: str) -> str:
    known = list(edition.kinds.titles)
    kinds = ", ".join(known)
    if not kind:
        one_of = f", one of {kinds}" if kinds else ", the name of a folder, such as people"
        raise Refusal(f"say what kind of note it is: --kind KIND{one_of}")
    if kind in known:
        return kind
    if not edition.config.edition_kinds:
        # The folders that there are, and any other.
        if re.fullmatch(r"\w[\w-]*", kind):
            return kind
        raise Refusal(f"{kind!r} can't be a kind: it is the name of one folder, such as people")
    hint = did_you_mean(kind, known, f"there are {kinds}")
    raise Refusal(f"there is no kind {kind!r}: {hint}")


def _docname(edition: _Edition, kind: str, name: str) -> str:
    """Where the edition keeps notes of this kind."""
    from annotated_edition.model.documents import Part

    folder = edition.kinds.folder(kind)
    docname = f"{folder}/{name}"
    if folder is None or edition.documents.part(docname) is not Part.NOTE:
        raise Refusal(f"edition_notes has no folder for notes of the kind {kind!r}: add one")
    return docname


def _slug(words: str) -> str:
    return file_name(_ARTICLE.sub("", words.strip(), count=1))


def _asked(edition: _Edition, wanted: Wanted) -> Wanted:
    """*wanted*, completed by questions."""
    if not wanted.words:
        wanted = replace(wanted, words=input("The exact words of the text: "))
    if not wanted.kind:
        kinds = ", ".join(edition.kinds.titles) or "a folder, such as people"
        wanted = replace(wanted, kind=input(f"The kind ({kinds}): ").strip())
    if not wanted.id:
        slug = _slug(wanted.words)
        wanted = replace(wanted, id=input(f"The note's name [{slug}]: ").strip() or slug)
    return wanted


def _read(source: Path) -> _Edition:
    from annotated_edition.anchor.assemble import text_of
    from annotated_edition.cli.project import opened
    from annotated_edition.domain import EditionDomain
    from annotated_edition.domain.sources import kinds_of, reading_order

    with opened(source, Findings()) as app:
        app.build()
        domain = EditionDomain.of(app.env)
        order = reading_order(app.env, domain.documents)
        notes = {
            str(page.note.id): page.note.docname for page in domain.pages.values() if page.note
        }
        return _Edition(
            source.resolve(),
            QuoteResolver(text_of(domain.pages, order, domain.works.titles)),
            kinds_of(app.config, domain.pages),
            notes,
            domain.documents,
            app.config,
        )
