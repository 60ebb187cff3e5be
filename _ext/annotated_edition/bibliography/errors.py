"""Mistakes in the bibliography's files, each with its file and line.

sphinxcontrib-bibtex stops the build at a missing brace, and names no line for an
entry that lacks a field.  Here a broken entry costs a warning and itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from docutils.nodes import make_id
from pybtex import errors
from pybtex.database import Entry, Person
from pybtex.richtext import Tag, Text
from pybtex.scanner import PrematureEOF, PybtexSyntaxError
from pybtex.style import FormattedEntry
from pybtex.style.template import FieldIsMissing
from sphinx.config import Config
from sphinxcontrib.bibtex.domain import BibtexDomain

from annotated_edition import internals
from annotated_edition.bibliography import biblatex, latex_words, people, wall
from annotated_edition.bibliography.slips import slips
from annotated_edition.model.records import Problem, Subtype
from annotated_edition.text.addresses import is_allowed_link
from annotated_edition.text.control import brief
from annotated_edition.text.words import Words

#: A field of people; braces within are those of organisations and accents.
_PEOPLE = re.compile(
    r"\b(author|editor|translator)\s*=\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}", re.I
)
_ENTRY = re.compile(r"\s*@(?!(?:string|preamble|comment)\b)\w+\s*[{(]\s*([^,\s}]+)\s*[,}]", re.I)


class FaultyEntry(FormattedEntry):  # type: ignore[misc]
    """What stands in the bibliography for an entry that can't be formatted."""

    def __init__(self, key: str, label: str, fault: str) -> None:
        super().__init__(key, Tag("b", fault), label)
        self.fault = fault


def formatted(style: Any, label: str, entry: Any, bib_data: Any, format_entry: Any) -> Any:
    """What *format_entry* makes of an entry, or a :class:`FaultyEntry` that says what to do."""
    kind = str(entry.type)
    # A style's other methods are helpers, whatever they are called.
    if not hasattr(style, f"get_{kind}_template") and _has_templates(style):
        fault = f"there is no kind of source `@{brief(kind)}`: write `@misc`"
        return FaultyEntry(entry.key, label, fault)
    try:
        return format_entry(label, entry, bib_data)
    except FieldIsMissing as missing:
        field = missing.field_name
        if field in ("author", "editor") and not any(entry.persons.values()):
            field = "author"  # or an editor: the style asks for either
        fault = f"the entry has no {field}: add a line `{field} = {{…}},`"
    except PybtexSyntaxError as error:
        fault = f"a field can't be read ({error}): close every brace, and write \\& for &"
    except Exception as error:  # whatever a hostile entry makes a style raise
        fault = f"the entry can't be printed ({brief(f'{type(error).__name__}: {error}')})"
    return FaultyEntry(entry.key, label, fault)


def _has_templates(style: Any) -> bool:
    """Whether a style's kinds of sources are known by their templates, as pybtex's own are."""
    return any(name.startswith("get_") and name.endswith("_template") for name in dir(style))


def entry_lines(files: Iterable[Path]) -> dict[str, list[tuple[Path, int]]]:
    """For each key, the files and lines (from 1) where an entry of that key begins."""
    lines: dict[str, list[tuple[Path, int]]] = defaultdict(list)
    for path in files:
        for number, line in enumerate(_lines(path), 1):
            if entry := _ENTRY.match(line):
                lines[entry.group(1)].append((path, number))
    return lines


@lru_cache(maxsize=16)
def _lines(path: Path) -> list[str]:
    """A file's lines as they are read; kept, since each mistake asks, until files are read anew."""
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8", errors="replace")
    return wall.NO_WIDTH.sub("", text).splitlines()


def faulty_entries(citations: Iterable[Any], files: Iterable[Path], root: Path) -> list[Problem]:
    """Entries that couldn't be formatted (*citations* are sphinxcontrib-bibtex's)."""
    faulty = {
        citation.entry.key: citation.formatted_entry.fault
        for citation in citations
        if isinstance(citation.formatted_entry, FaultyEntry)
    }
    _lines.cache_clear()
    lines = entry_lines(files) if faulty else {}
    return [
        Problem(Subtype.SOURCE, _name(path, root), line, f"{key!r}: {fault}")
        for key, fault in faulty.items()
        for path, line in lines.get(key, ())[:1]
    ]


class Capture:
    """Keeps pybtex's errors while sphinxcontrib-bibtex reads the files, if they have changed.

    Instead of a file with something in it that would cost others their place, a copy without it
    is read (:mod:`~annotated_edition.bibliography.wall`), which lies in *folder*.
    """

    def __init__(self, bibtex: BibtexDomain, config: Config, root: Path, folder: Path) -> None:
        self._bibtex, self._before = bibtex, bibtex.bibdata
        self._config, self._named = config, config.bibtex_bibfiles
        #: The file that each copy is of, and what was wrong there.
        self._copied: dict[Path, Path] = {}
        self._faults: list[tuple[Path, int, str]] = []
        #: Ids that the keys of several entries make, after :meth:`end`.
        self.shared_ids: set[str] = set()
        if self._named is not None:
            config.bibtex_bibfiles = [
                self._read_instead(Path(root, name).resolve(), folder / f"{number}.bib")
                for number, name in enumerate(self._named)
            ]
        self._stack = ExitStack()
        self._errors: list[Any] = self._stack.enter_context(errors.capture())

    def end(self, root: Path) -> list[Problem] | None:
        """Stop; what was wrong, each with its file and line, or None if nothing was read."""
        self._stack.close()
        _lines.cache_clear()
        self._config.bibtex_bibfiles = self._named
        found = self._bibtex.bibdata
        if found is self._before:
            return None
        files = {self._copied.get(path, path): file for path, file in found.bibfiles.items()}
        self._bibtex.data["bibdata"] = found._replace(bibfiles=files)
        for error in self._errors:
            if getattr(error, "filename", None):
                error.filename = self._copied.get(Path(error.filename), error.filename)
        problems = [
            Problem(Subtype.SOURCE, _name(path, root), line, advice)
            for path, line, advice in self._faults
        ]
        lines = entry_lines(files)
        problems += _problems(self._errors, files, lines, root)
        told = {(problem.docname, problem.line) for problem in problems}
        entries = found.data.entries
        # What was read of them, pybtex has kept.
        for key in _unreadable(self._errors, lines):
            entries.pop(key, None)
        this_year = datetime.now(tz=UTC).year
        resolved = [*biblatex.resolve(entries)]
        _stand_in(found.data, files, lines)
        self._bibtex.data["bibdata"] = found._replace(bibfiles=files)
        ids = {key: id_ for key in entries if (id_ := _id_of(key, self._config))}
        problems += _alike(ids, lines, root)
        self.shared_ids = {id_ for id_, count in Counter(ids.values()).items() if count > 1}
        for key, entry in entries.items():
            resolved += [(key, name, advice) for name, advice in _said_of(entry, this_year)]
        misread = [*resolved, *_misnamed(files), *_misread(entries)]
        mended = [(key, name, Subtype.SOURCE, advice) for key, name, advice in misread]
        mended += [(key, "", subtype, advice) for key, subtype, advice in _mended(entries)]
        for key, name, subtype, advice in mended:
            path, line = next(iter(lines.get(key, [])), (next(iter(files), root), 1))
            found_here = (_name(path, root), line)
            # What can't be read lacks what couldn't be.
            if not advice.startswith(_NO_TITLE) or found_here not in told:
                at = _name(path, root), _field_line(path, line, name) if name else line
                problems.append(Problem(subtype, *at, f"{key!r}: {advice}"))
        return list(dict.fromkeys(problems))

    def _read_instead(self, path: Path, copy: Path) -> str:
        """The path of what is read for the file *path*: its own, or a *copy*'s."""
        try:
            with path.open("rb") as file:
                content = file.read(wall.MOST_BYTES + 1)
            text, faults = wall.cleaned(content, self._config.bibtex_encoding)
            # Not as bytes: an encoding may write a mark of byte order that the file lacks.
            known = content.decode(self._config.bibtex_encoding).replace("\r", "")
            if not faults and text == known:
                return str(path)
        except UnicodeDecodeError:
            pass
        except (OSError, LookupError):
            return str(path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, self._config.bibtex_encoding, newline="\n")
        copy = copy.resolve()
        self._copied[copy] = path
        self._faults += [(path, line, advice) for line, advice in faults]
        return str(copy)


def _said_of(entry: Any, this_year: int) -> Iterator[tuple[str, str]]:
    """What is wrong with an entry, which becomes BibTeX's: a field, or nothing, and what to do."""
    try:
        yield from biblatex.as_bibtex(entry)
        yield from slips(entry.fields, this_year)
    except Exception as error:  # whatever a hostile entry makes of it: the others stand
        wrong = brief(f"{type(error).__name__}: {error}")
        yield "", f"the entry can't be read ({wrong}): simplify it"


_NO_TITLE = "the entry has no title: add a line `title = {…},`"


#: Where entries begin, as :func:`entry_lines` finds them.
_Places = Mapping[str, list[tuple[Path, int]]]


def _stand_in(data: Any, files: dict[Path, Any], lines: _Places) -> None:
    """Add an entry for each that was refused: who cites it has made no mistake."""
    for key, ((path, _line), *_others) in lines.items():
        if key not in data.entries:
            stand_in = Entry("misc", {"title": f"{{{key}}}"})
            stand_in.key = key
            data.entries[key] = stand_in
            files[path] = files[path]._replace(keys={**files[path].keys, key: None})
    for path, file in files.items():
        files[path] = file._replace(keys={key: None for key in file.keys if key in data.entries})


def _unreadable(found: Iterable[Any], lines: _Places) -> Iterator[str]:
    """The keys of entries in which pybtex stopped."""
    begun = sorted((path, line, key) for key, places in lines.items() for path, line in places)
    for error in found:
        if isinstance(error, PybtexSyntaxError) and error.filename:
            stopped = _line_of(error)
            at = bisect_right(begun, (Path(error.filename), stopped, "\U0010ffff"))
            path, line, key = begun[at - 1] if at else (None, 0, "")
            if path == Path(error.filename):
                # One that is closed before is sound; what follows it is no entry's.
                before = "\n".join(_lines(path)[line - 1 : stopped - 1])
                if wall.end_of_entry(before) is None:
                    yield key


def _line_of(error: Any) -> int:
    if isinstance(error, PrematureEOF):
        return internals.line_of_entry(error)
    return int(error.lineno or 1)


def _field_line(path: Path, line: int, name: str) -> int:
    """The line of a field of the entry that begins on *line*, or that line."""
    texts = _lines(path)
    for number in range(line - 1, len(texts)):
        if number >= line and _ENTRY.match(texts[number]):
            break
        if name and re.search(rf"(?:^|[,{{(])\s*{re.escape(name)}\s*=", texts[number], re.I):
            return number + 1
    return line


def _misread(entries: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What BibTeX reads otherwise than it was meant: keys, fields, and what to do."""
    for key, entry in entries.items():
        for name, value in list(entry.fields.items()):
            if name not in _ADDRESSES and _COMMENT.search(value):
                entry.fields[name] = value = _COMMENT.sub(r"\\%", value)
                if name in _UNPRINTED:
                    continue
                yield (
                    key,
                    name,
                    f"the sign % cuts off the rest of the field {name}: write \\% (and \\& and \\# "
                    "for & and #)",
                )
            if name in _ADDRESSES | _UNPRINTED:
                continue
            plain, advice = latex_words.plain(value)
            if plain != value:
                entry.fields[name] = plain
            if advice:
                yield key, name, f"the field {name} has {advice}"


def _misnamed(files: Iterable[Path]) -> Iterator[tuple[str, str, str]]:
    """Names of people that BibTeX reads otherwise; in files, for it keeps none as written."""
    for path in files:
        text = "\n".join(_lines(path))
        starts = list(re.finditer(_ENTRY.pattern.removeprefix(r"\s*"), text, re.IGNORECASE))
        for match, stop in pairwise([*starts, None]):
            assert match is not None
            entry = text[match.start() : stop.start() if stop else len(text)]
            for role, value in _PEOPLE.findall(entry):
                if advice := people.fault(role.lower(), " ".join(value.split())):
                    yield match.group(1), role, advice


def _mended(entries: Mapping[str, Any]) -> Iterator[tuple[str, Subtype, str]]:
    """Take out of entries what can't be shown; their keys, and what to do.

    A field is read as LaTeX in many places, and would stop each of them.
    """
    for key, entry in entries.items():
        for name, value in entry.fields.items():
            words = Words(value)
            if words != value:
                yield key, Subtype.SOURCE, _TURNING % name
            if bad := _bad_address(name, words):
                advice = f"the link {brief(repr(bad))} isn't http, https or mailto: correct it"
                yield key, Subtype.UNSAFE, advice
                words = Words() if name in _WHOLE_ADDRESSES else Words(_COMMAND.sub("", words))
            if _LATEX.search(words) and name not in _ADDRESSES and not is_latex(words):
                advice = f"the field {name} can't be read: write \\& for & and \\% for %"
                yield key, Subtype.SOURCE, advice
                words = Words(_COMMAND.sub("", words))
            if words != value:
                entry.fields[name] = str(words)
        for role, persons in entry.persons.items():
            cleaned = [_clean(person) for person in persons]
            if any(cleaned):
                yield key, Subtype.SOURCE, _TURNING % role
            # Styles read each part of a name by itself.
            sound = [
                all(is_latex(name) for names in _parts(person) for name in names)
                for person in persons
            ]
            if not all(sound):
                advice = f"a name of the field {role} can't be read: close every brace"
                yield key, Subtype.SOURCE, advice
            for at, person in enumerate(persons):
                if not sound[at] or (cleaned[at] and not str(person)):
                    # Without any name the entry would seem to lack the field.
                    plain = _COMMAND.sub("", str(person)).strip() or _COMMAND.sub("", key)
                    persons[at] = Person(last=str(Words(plain)))
        named = [*entry.persons.get("author", ()), *entry.persons.get("editor", ())]
        if not any(map(str, named)) and not entry.fields.get("title", "").strip():
            # Every page that cites it would look for one of them.
            yield key, Subtype.SOURCE, _NO_TITLE
            entry.fields["title"] = str(Words(_COMMAND.sub("", key)))


_TURNING = "the field %s has characters that turn others round: leave them out"


def _clean(person: Any) -> bool:
    """Take out of a name what no page may show; whether there was any."""
    parts = _parts(person)
    before = [[*names] for names in parts]
    for names in parts:
        names[:] = filter(None, (str(Words(name)) for name in names))
    return before != [*parts]


def _parts(person: Any) -> tuple[list[str], ...]:
    """The lists of names that a person's consists of."""
    return (
        person.first_names,
        person.middle_names,
        person.prelast_names,
        person.last_names,
        person.lineage_names,
    )


def _bad_address(name: str, value: str) -> str:
    """An address of a field that no page may link to, or nothing."""
    addresses = [value] if name in _WHOLE_ADDRESSES else _LINK.findall(value)
    return next((address for address in addresses if not is_allowed_link(address)), "")


#: An address among a field's LaTeX.
_LINK = re.compile(r"\\(?:href|url)\s*\{([^{}]*)")
#: What may make LaTeX of a field unreadable, and is left out then.
_LATEX = re.compile(r"[\\%]")
_COMMENT = re.compile(r"(?<!\\)%")
_COMMAND = re.compile(r"[\\{}%]")
#: Words, some in braces of their own: LaTeX that anything can read.
_PLAIN = re.compile(r"[^\\{}%]*+(?:\{[^\\{}%]*+\}[^\\{}%]*+)*+")
#: Fields that are an address and nothing else.
_WHOLE_ADDRESSES = frozenset({"url", "archiveurl"})
#: Fields that aren't read as LaTeX.
_ADDRESSES = _WHOLE_ADDRESSES | {"doi", "eprint", "pubmed"}
#: Fields that no style prints.
_UNPRINTED = frozenset(
    "abstract annotation annote comment file groups keywords owner pdf reason timestamp".split()
)


def is_latex(text: str) -> bool:
    """Whether pybtex can read the LaTeX of a field."""
    if not _PLAIN.fullmatch(text):
        try:
            Text.from_latex(text)
        except (PybtexSyntaxError, ValueError, RecursionError):
            return False
    return Words(text) == text


def _problems(
    found: Iterable[Any], files: Iterable[Path], lines: _Places, root: Path
) -> Iterator[Problem]:
    # Capital letters make no difference to BibTeX.
    alike: dict[str, list[tuple[Path, int]]] = defaultdict(list)
    for key, begun in lines.items():
        alike[key.lower()] += begun
    for begun in alike.values():
        begun.sort()
    again: Counter[str] = Counter()
    for error in found:
        if isinstance(error, PybtexSyntaxError):
            path, line = Path(error.filename or root), _line_of(error)
            what = re.sub(r" in line \d+", "", str(error)).removeprefix("syntax error: ")
            unknown = re.fullmatch(r"undefined string: (\S+)", what)
            rule = (
                f"put {brief(unknown[1])} in braces; a month may be month = nov"
                if unknown
                else "every field is `name = {…}`, with a comma after it, every brace is closed, "
                "and no remark stands inside"
            )
            advice = f"this entry can't be read ({brief(what)}): {rule}"
            yield Problem(Subtype.SOURCE, _name(path, root), line, advice)
            continue
        message = brief(str(error))
        if message.startswith("Too many commas"):
            continue  # `people` says it of the entry's own line
        key = message.rpartition(": ")[2]
        places = alike.get(key.lower(), [])
        if len(places) > 1:
            # Each that comes again is told, in their order.
            again[key.lower()] += 1
            (first_path, first) = places[0]
            path, line = places[min(again[key.lower()], len(places) - 1)]
            message = (
                f"{key!r} is the key of another entry, too ({_name(first_path, root)}, line "
                f"{first}): give this one another key, or delete it"
            )
            yield Problem(Subtype.SOURCE, _name(path, root), line, message)
        else:
            duplicate = re.match(r"entry with key (\S+) has a duplicate (\S+) field", message)
            path, line = next(
                iter(lines.get(duplicate.group(1), []) if duplicate else []),
                (next(iter(files), root), 1),
            )
            message = f"{message}: write each field once" if duplicate else message
            yield Problem(Subtype.SOURCE, _name(path, root), line, message)


def _id_of(key: str, config: Config) -> str:
    """The id that an entry's key makes, or nothing where keys make none."""
    form = config.bibtex_cite_id
    return make_id(form.format(bibliography_count=1, key=key)) if "{key}" in form else ""


def _alike(ids: Mapping[str, str], lines: _Places, root: Path) -> Iterator[Problem]:
    """Entries whose keys make the id of one before them: *ids* are by the keys, in their order."""
    owners: dict[str, str] = {}
    for key, id_ in ids.items():
        other = owners.setdefault(id_, key)
        if other != key and key in lines and other in lines:
            (path, line), (other_path, other_line) = lines[key][0], lines[other][0]
            yield Problem(
                Subtype.SOURCE,
                _name(path, root),
                line,
                f"the key {brief(key)!r} gives this entry the address of {brief(other)!r} "
                f"({_name(other_path, root)}, line {other_line}): write one that differs in "
                "letters a to z or in figures",
            )


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
