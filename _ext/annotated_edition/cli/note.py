"""``note``: begin a note on words of the text, in a file that says all that can be known."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sphinx.config import Config
from sphinx.errors import SphinxError

from annotated_edition.anchor import advice
from annotated_edition.cli import own_name
from annotated_edition.cli.findings import Findings
from annotated_edition.contribute.draft import as_yaml, draft, suffix_of
from annotated_edition.model.documents import Documents, Kinds
from annotated_edition.model.edition import Place, number_passages
from annotated_edition.model.records import Outside, Passage
from annotated_edition.text.anchoring import Anchor, BaseText, Quote
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
    passages: Sequence[Passage]
    #: Those of pages that no toctree leads to.
    unlisted: Sequence[Passage]
    outside: Sequence[Outside]
    places: Sequence[Place]
    kinds: Kinds
    notes: dict[str, str]
    documents: Documents
    config: Config


def note(source: Path, wanted: Wanted, ask: bool = False) -> int:
    """Write the file of a new note and say where; 0 if all went well, else 1.

    With *ask*, what *wanted* doesn't say is asked for.
    """
    try:
        edition = _read(source)
        path, lines = begin(edition, _asked(edition, wanted) if ask else wanted)
    except (Refusal, SphinxError) as refusal:
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
    text = BaseText([passage.text for passage in edition.passages])
    quote, anchor = _placed(edition, text, wanted)
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
    return shown, [_in_context(edition, anchor)]


def _placed(edition: _Edition, text: BaseText, wanted: Wanted) -> tuple[Quote, Anchor]:
    """The quote, as the page has it and with the context that it needs, and its place."""
    quote = Quote(" ".join(wanted.words.split()))
    found = text.find(quote)
    if not found:
        raise Refusal(
            advice.missing(text, edition.places, quote, edition.unlisted, edition.outside)
        )
    chosen = found
    if wanted.passage:
        names = {wanted.passage, wanted.passage.removeprefix("¶").removeprefix("p")}
        chosen = [one for one in chosen if names & _names_of(edition.places[one.passage])]
        if not chosen:
            labels = ", ".join(edition.places[anchor.passage].cited for anchor in found)
            raise Refusal(f"the words {quote.exact!r} aren't in {wanted.passage}, but in {labels}")
    if wanted.occurrence:
        if not 1 <= wanted.occurrence <= len(chosen):
            raise Refusal(f"--occurrence {wanted.occurrence}: the words occur {len(chosen)} times")
        chosen = chosen[wanted.occurrence - 1 : wanted.occurrence]
    if len(chosen) > 1:
        places = "\n".join(
            f"  {number}  {_in_context(edition, anchor)}" for number, anchor in enumerate(chosen, 1)
        )
        raise Refusal(
            f"{quote.exact!r} occurs {len(chosen)} times: quote more words, or say which by "
            f"--occurrence N or --in PASSAGE (such as --in p7)\n{places}"
        )
    (anchor,) = chosen
    exact = edition.passages[anchor.passage].text[anchor.start : anchor.end]
    as_printed = Quote(" ".join(exact.split()))
    # Without its no-break spaces the page's own typography may be another.
    quote = as_printed if anchor in text.find(as_printed) else quote
    return text.single_out(quote, anchor), anchor


def _names_of(place: Place) -> set[str]:
    """All that a passage can be called."""
    return {place.id, place.label, place.sign, place.cited}


def _in_context(edition: _Edition, anchor: Anchor) -> str:
    text = edition.passages[anchor.passage].text
    before = " ".join(text[: anchor.start].split(" ")[-7:])
    after = " ".join(text[anchor.end :].split(" ")[:7])
    words = f"{before}[{text[anchor.start : anchor.end]}]{after}"
    return f"{edition.places[anchor.passage].cited}: {' '.join(words.split())}"


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
    from annotated_edition.anchor.assemble import passages_in_order, unlisted_pages
    from annotated_edition.cli.project import opened
    from annotated_edition.domain import EditionDomain
    from annotated_edition.domain.sources import kinds_of, reading_order

    with opened(source, Findings()) as app:
        app.build()
        domain = EditionDomain.of(app.env)
        passages = passages_in_order(domain.pages, reading_order(app.env, domain.documents))
        notes = {
            str(page.note.id): page.note.docname for page in domain.pages.values() if page.note
        }
        return _Edition(
            source.resolve(),
            passages,
            passages_in_order(domain.pages, unlisted_pages(domain.pages, passages)),
            [outside for page in domain.pages.values() for outside in page.outside],
            list(number_passages(passages, domain.works.titles)),
            kinds_of(app.config, domain.pages),
            notes,
            domain.documents,
            app.config,
        )
