"""Registers of names: what their lines say, and which passages and notes mention whom.

No Sphinx here.  A register is an *index nominum*: one name a line, as the
directive ``{edition:register}`` holds it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from annotated_edition.model.edition import IndexedName, NamedNote, NamedPlace, NotePage, Place
from annotated_edition.model.records import Name, NoteWords, Passage, Problem, Subtype
from annotated_edition.text.control import brief
from annotated_edition.text.folding import fold
from annotated_edition.text.sorting import letters_of, sort_key
from annotated_edition.text.terms import TermFinder
from annotated_edition.text.words import Words

#: Where a note mentions a name, the most prominent place first.
PARTS = ("title", "gist", "body")


_LIST_MARK = re.compile(r"(?:[-*+•·‣]|\d{1,3}[.)]|#{1,6})\s+")


def as_meant(text: str) -> tuple[str, str]:
    """A register's line as it was meant, and what to write instead, or "".

    Of a line of a table's that says nothing, nothing is left.
    """
    form = "`Name; another form @its-note | remark`"
    if text.startswith("|") and text.endswith("|") and len(text) > 1:
        meant = "" if re.fullmatch(r"[\s|:-]+", text) else text.strip("| ")
        return meant, f"a register is no table: write {form}, a name a line"
    if mark := _LIST_MARK.match(text):
        return text[mark.end() :], f"begin with the name, without {mark[0].strip()!r}"
    if "｜" in text or "；" in text:
        plain = text.replace("｜", "|").replace("；", ";")
        return plain, "the signs ｜ and ； are wide ones: write | and ;"
    if "\t" in text and "|" not in text:
        return re.sub(r"\t+", " | ", text, count=1), f"a tab parts nothing: write {form}"
    if re.search(r"\*\*|__", text):
        return re.sub(r"\*\*|__|(?<!\w)\*|\*(?!\w)", "", text), f"write plain words: {form}"
    names, bar, remark = text.partition("|")
    if "|" in remark:
        return text, "a second | stands in the remark: write one name a line"
    if found := re.search(r"(?:\A|\s)@[\w-]", remark):
        return names + bar + remark[: found.start()], f"a note is named before the sign |: {form}"
    if not _names_one_note(names):
        return names.partition("@")[0] + bar + remark, (
            f"one note's id stands directly after @, small letters and hyphens: write {form}"
        )
    return text, ""


def _names_one_note(names: str) -> bool:
    """Whether what stands after an @, if there is one, may be the id of one note."""
    told = names.partition("@")[2]
    is_several = "@" in told or len(told.split()) > 1
    return not (told[:1].isspace() or is_several or re.search("[A-Z.]", told))


def read_line(docname: str, register: int, line: int, text: str) -> Name | None:
    """A name from a register's line, or None if one of its forms has no words.

    ``Zhang Qian; Chang Ch'ien; (Zhang) @silk-road | an envoy`` has a head, a
    further form, one that is found but not shown, the id of the name's own note
    and a remark; only the head is needed.
    """
    forms, _bar, remark = Words(text).strip().partition("|")
    *before, last = forms.rsplit(maxsplit=1) or [""]
    note = ""
    if before and len(last) > 1 and last[0] == "@":
        (forms,), note = before, last[1:]
    head, *others = (form.strip() for form in forms.split(";"))
    shown, hidden = [], []
    for form in others:
        if form.startswith("(") and form.endswith(")"):
            hidden.append(form[1:-1].strip())
        else:
            shown.append(form)
    if not all([head, *shown, *hidden]):
        return None
    return Name(
        docname=docname,
        register=register,
        line=line,
        head=Words(head),
        forms=tuple(map(Words, shown)),
        hidden=tuple(map(Words, hidden)),
        note=note,
        remark=Words(remark.strip()),
    )


def wanted(name: Name) -> tuple[str, ...]:
    """The forms by which texts may mention *name*, its head among them.

    A head with one comma, ``Kabylbekov, Ruslan``, also stands for the name as it
    is spoken, ``Ruslan Kabylbekov``.
    """
    return tuple(dict.fromkeys([*forms_of(name), *name.hidden]))


def forms_of(name: Name) -> tuple[str, ...]:
    """The forms of *name* that are its own: not those that mean it in this text alone."""
    turned = [" ".join(reversed(name.head.split(", ")))] if name.head.count(", ") == 1 else []
    return tuple(dict.fromkeys([name.head, *turned, *name.forms]))


def shown_forms(name: Name) -> Iterator[Words]:
    """The forms that say more than the head: not those whose words are its own."""
    head = set(letters_of(name.head).split())
    for form in name.forms:
        if not set(letters_of(form).split()) <= head:
            yield form


def index_names(
    names: Sequence[Name],
    passages: Sequence[Passage],
    places: Sequence[Place],
    notes: Mapping[str, NotePage],
    words: Mapping[str, NoteWords],
    language: str = "",
    refused: Set[str] = frozenset(),
) -> tuple[dict[tuple[str, int], tuple[IndexedName, ...]], list[Problem]]:
    """Every register of *names*, sorted, with all mentions; and the mistakes in them.

    *notes* are those attached, in the order of the text, *words* what each note
    says, by its id, and *language* the one whose articles sorting leaves out.  The
    registers' keys are document and number there.  *refused* are notes that can't be attached.
    Of *names* that have one form the first has it.
    """
    owners, problems = _owners(names)
    owning = set(owners.values())
    finder = TermFinder(owners, proper=True)
    spoken: dict[Name, dict[Place, list[tuple[int, int]]]] = defaultdict(dict)
    for passage, place in zip(passages, places, strict=True):
        for found in finder.find(passage.text):
            spans = spoken[owners[found.term]].setdefault(place, [])
            spans.append((found.start, found.end))
    noted: dict[Name, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for note in notes:
        for part in PARTS if note in words else ():
            for found in finder.find(getattr(words[note], part)):
                noted[owners[found.term]][note].add(part)
    registers: dict[tuple[str, int], list[IndexedName]] = {}
    order = {note: place for place, note in enumerate(notes)}
    ids = _FreeIds()
    documents = {name.docname: place for place, name in enumerate(reversed(names))}
    # An id, too, is the first name's that would have it; so is what a role looks up.
    for name in sorted(names, key=lambda name: (-documents[name.docname], name.register)):
        own = notes.get(name.note)
        if name.note and own is None and name.note not in refused:
            message = (
                f"there is no note {brief(name.note)!r}: write the name of its file, or nothing"
            )
            problems.append(Problem(Subtype.DANGLING, name.docname, name.line, message))
        # That all its forms are another's was told.
        if name in owning and not spoken[name] and not noted[name] and (passages or notes):
            problems.append(
                Problem(
                    Subtype.UNUSED_NAME,
                    name.docname,
                    name.line,
                    f"neither the text nor a note mentions {brief(name.head)!r}: add the form that "
                    "they use after a semicolon, or delete the line",
                    absence=True,
                )
            )
        registers.setdefault((name.docname, name.register), []).append(
            IndexedName(
                name,
                ids.of(name.head),
                tuple(NamedPlace(place, tuple(spans)) for place, spans in spoken[name].items()),
                tuple(
                    _named(notes[note], noted[name].get(note, ()), notes[note] is own)
                    for note in sorted(
                        {*noted[name], *([name.note] if own else [])}, key=order.__getitem__
                    )
                ),
            )
        )
    return {
        register: tuple(
            sorted(entries, key=lambda entry: sort_key(entry.name.head, language, name=True))
        )
        for register, entries in registers.items()
    }, problems


def _owners(names: Iterable[Name]) -> tuple[dict[str, Name], list[Problem]]:
    """Whose each form is, the first name's that has it; later ones are reported."""
    owners: dict[str, Name] = {}
    folded: dict[str, Name] = {}
    problems = []
    for name in names:
        taken: dict[Name, list[str]] = {}
        for form in wanted(name):
            other = folded.setdefault(fold(form).text, name)
            if other is name:
                owners[form] = name
            else:
                taken.setdefault(other, []).append(form)
        for other, forms in taken.items():
            more = f" (with {len(forms) - 1} more)" if len(forms) > 1 else ""
            problems.append(
                Problem(
                    Subtype.REGISTER,
                    name.docname,
                    name.line,
                    f"the form {brief(forms[0])!r}{more} belongs to {brief(other.head)!r} already "
                    f"({other.docname}, line {other.line}): give each a form of its own",
                )
            )
    return owners, problems


def _named(page: NotePage, parts: Iterable[str], own: bool) -> NamedNote:
    found = set(parts)
    return NamedNote(
        page.note.id,
        page.number,
        page.note.title,
        page.note.docname,
        tuple(part for part in PARTS if part in found),
        own,
    )


#: The letters of a head that its id has at most.
_LONGEST_ID = 200


class _FreeIds:
    """Ids that no other name has."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        #: How often the same letters came: not all numbers are tried again each time.
        self._counts: dict[str, int] = {}

    def of(self, head: str) -> str:
        """The id of the name *head*, with a number if others took the plain one."""
        letters = "-".join(re.findall(r"[a-z0-9]+", letters_of(head)))[:_LONGEST_ID] or "name"
        count = self._counts.get(letters, 0) + 1
        while (name := f"register-{letters}" + (f"-{count}" if count > 1 else "")) in self._taken:
            count += 1
        self._counts[letters] = count
        self._taken.add(name)
        return name
