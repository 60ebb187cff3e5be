"""The directive ``toctree`` for strangers: a list of pages in the same folder."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.directives.other import TocTree
from sphinx.util.typing import OptionSpec

from annotated_edition.domain import EditionDomain
from annotated_edition.model import limits
from annotated_edition.text.control import brief
from annotated_edition.untrusted import allowlists

#: Addresses, and the page itself; ``Title <address>``, too.
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\\\]{2}|self$", re.IGNORECASE)
_TITLED = re.compile(r"[^<]*<(?P<entry>[^<>]*)>$")


def list_of_pages(refuse: Callable[[int, str], None]) -> type[TocTree]:
    """A ``toctree`` that tells *refuse* of lines that it leaves out."""

    class ListOfPages(TocTree):
        option_spec: ClassVar[OptionSpec] = {
            name: convert
            for name, convert in (TocTree.option_spec or {}).items()
            if name in allowlists.TOCTREE_OPTIONS
        }

        def run(self) -> list[nodes.Node]:
            kept = StringList()
            for number, line in enumerate(self.content):
                entry = line.strip()
                refused = _refusal(entry, number)
                if refused:
                    refuse(self.lineno, f"{refused} in a toctree")
                else:
                    kept.append(entry, self.content.source(number), self.content.offset(number))
            self.content = kept
            found = super().run()
            for node in found:
                for tree in node.findall(addnodes.toctree):
                    self._sift(tree)
            return found

        def _sift(self, tree: addnodes.toctree) -> None:
            """Leave out pages of other folders: the text's order is its own pages' to tell."""
            here = self.env.current_document.docname
            folder = here.rpartition("/")[0]
            documents = EditionDomain.of(self.env).documents
            entries = []
            for title, docname in tree["entries"]:
                beside = not folder or docname.startswith(f"{folder}/")
                if (
                    docname in self.env.found_docs
                    and docname != self.config.root_doc
                    and not documents.is_text(docname)
                    and (beside or documents.untrusted(docname))
                ):
                    entries.append((title, docname))
                elif not tree["glob"]:
                    refuse(self.lineno, f"the page {brief(repr(docname))} in this toctree")
            kept = {docname for _title, docname in entries}
            tree["entries"] = entries
            tree["includefiles"] = [name for name in tree["includefiles"] if name in kept]

    return ListOfPages


def _refusal(entry: str, number: int) -> str | None:
    """Why a line may not be read, if so."""
    titled = _TITLED.match(entry)
    address = titled["entry"].strip() if titled else entry
    if _ELSEWHERE.match(address):
        return f"the entry {brief(repr(address))}"
    if number >= limits.ENTRIES:
        return f"more than {limits.ENTRIES} entries"
    if "[" in entry or len(re.findall(r"\*\*?", entry)) > limits.STARS:
        return f"the pattern {brief(repr(entry))}"
    return None
