"""Renew the catalogues of what readers see, or say what is wrong with them (``--check``).

Babel takes the messages out of the source; those of a catalogue that are no longer there go, new
ones are added without a translation, and what is there is compiled.  A new language needs a folder
``_ext/annotated_edition/locale/LANGUAGE/LC_MESSAGES``, with an empty ``annotated_edition.po``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "_ext/annotated_edition"
KEYWORDS = {"_": None, "counted": (1, 2)}
#: Who and when: the history of the files tells it.
IDLE = re.compile(
    r'"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator'
    r"|Language-Team|Generated-By):.*\n"
)
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")


def messages() -> Catalog:
    """All messages of the source."""
    source = Catalog()
    for _file, _line, message, *_rest in extract_from_dir(
        PACKAGE, [("**.py", "python")], keywords=KEYWORDS, comment_tags=()
    ):
        source.add(message)
    return source


def renewed(path: Path, source: Catalog) -> Catalog:
    """The catalogue at *path*, with the messages of the source."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parts[-3])
    if path.stem == "annotated_edition":
        catalog.update(source, no_fuzzy_matching=True)
        catalog.obsolete.clear()
    catalog.fuzzy = False
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as a file that translators edit."""
    file = BytesIO()
    write_po(file, catalog, width=96, sort_output=True, no_location=True)
    return IDLE.sub("", file.getvalue().decode()).encode()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue as a file that programs read."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def contents(path: Path) -> dict[str, str]:
    """What a compiled file says."""
    with path.open("rb") as file:
        return strings(read_mo(file))


def strings(catalog: Catalog) -> dict[str, str]:
    """Each message with its translation, or translations."""
    return {_joined(message.id): _joined(message.string) for message in catalog if message.id}


def _joined(forms: str | Iterable[str]) -> str:
    return forms if isinstance(forms, str) else "\0".join(forms)


def faults(catalog: Catalog) -> Iterator[str]:
    """What translations lack."""
    for message in catalog:
        if message.id:
            yield from (f"{message.id!r}: {fault}" for fault in _faults(message, catalog))


def _faults(message: Message, catalog: Catalog) -> Iterator[str]:
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not forms or not all(forms):
        yield "there is no translation"
    if message.fuzzy:
        yield "it is marked as fuzzy"
    if message.pluralizable and len(forms) != catalog.num_plurals:
        yield f"there must be {catalog.num_plurals} forms"
    wanted = sorted(PLACEHOLDER.findall(message.id[-1] if message.pluralizable else message.id))
    for form in forms:
        if form and sorted(PLACEHOLDER.findall(form)) != wanted:
            yield f"{form!r} hasn't the same placeholders"


def main(check: bool) -> int:
    """Renew or check all catalogues; 1 if something is wrong."""
    source, said = messages(), []
    for path in sorted(PACKAGE.glob("locale/*/LC_MESSAGES/*.po")):
        catalog = renewed(path, source)
        name = f"{path.parts[-3]}/{path.name}"
        said += [f"{name}: {fault}" for fault in faults(catalog)]
        compiled = path.with_suffix(".mo")
        if not check:
            path.write_bytes(as_po(catalog))
            compiled.write_bytes(as_mo(catalog))
        elif path.read_bytes() != as_po(catalog) or contents(compiled) != strings(catalog):
            said.append(f"{name} or what is compiled of it is out of date: make words")
    print(*said, sep="\n", end="\n" if said else "")
    return bool(said)


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
