#!/usr/bin/env python3
"""Count the citations of the edition by class of source.

    tools/count_sources.py           the table that stands on the page of sources
    tools/count_sources.py --write   writes it there

An entry's class is its field ``class`` in commentary/references.bib. A citation is a key in a
``{cite}`` role of the commentary or of the article's own pages: two notes that cite one source
are two citations, and so are two citations in one note.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

from pybtex.database import parse_file

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "commentary/bibliography.md"

#: The classes, in the order of the table, with their names there.
CLASSES = {
    "primary": "Primary documents",
    "scholarship": "Scholarship",
    "research": "Institutes and organisations",
    "state-media": "State media",
    "press": "Other press",
    "reference": "Works of reference",
}

_ROLE = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
_TABLE = re.compile(r"(?<=% counts: begin\n\n).*?(?=\n% counts: end)", re.DOTALL)


def classes(path: Path) -> dict[str, str]:
    """Each entry's class, by key; ValueError names the entries that have none of CLASSES."""
    found = {
        key: entry.fields.get("class", "") for key, entry in parse_file(str(path)).entries.items()
    }
    if wrong := sorted(key for key, name in found.items() if name not in CLASSES):
        raise ValueError(
            f"class must be one of {', '.join(CLASSES)}: correct the entries {', '.join(wrong)}"
        )
    return found


def citations(root: Path) -> Counter[str]:
    """How often each key is cited."""
    count: Counter[str] = Counter()
    for folder in ("commentary", "article"):
        for page in sorted((root / folder).rglob("*.md")):
            for role in _ROLE.finditer(page.read_text(encoding="utf-8")):
                # A locator stands in braces after its key: author2020{p. 17}.
                keys = re.sub(r"\{[^}]*\}", "", role[1])
                count.update(key.strip() for key in keys.split(","))
    return count


def table(root: Path) -> str:
    """The table in Markdown."""
    of = classes(root / "commentary/references.bib")
    cited = citations(root)
    total = sum(cited[key] for key in of)
    lines = ["| Class | Sources | Citations | Share |", "|---|---|---|---|"]
    for name, title in CLASSES.items():
        keys = [key for key in of if of[key] == name]
        number = sum(cited[key] for key in keys)
        lines.append(f"| {title} | {len(keys)} | {number} | {100 * number / total:.0f} % |")
    lines.append(f"| All | {len(of)} | {total} | 100 % |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Print the table, or write it into the page; 1 if an entry has no class."""
    parser = argparse.ArgumentParser(description="Count citations by class of source.")
    parser.add_argument("--write", action="store_true", help="write the table into the page")
    options = parser.parse_args(arguments)
    try:
        counted = table(ROOT)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(_TABLE.sub(lambda _: counted, page), encoding="utf-8")
    else:
        print(counted, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
