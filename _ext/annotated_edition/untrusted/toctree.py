"""The directive ``toctree`` for strangers: a list of pages in the same folder.

Lists may name pages that list others.  Sphinx follows them from the first page without looking
where it has been, so those that lead back, lie too deep, or repeat too much are taken out when
all pages are read (``env-updated``), and out of a page when it is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.directives.other import TocTree
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join
from sphinx.util.typing import OptionSpec

from annotated_edition.domain import EditionDomain
from annotated_edition.model import limits
from annotated_edition.model.records import Problem, Subtype
from annotated_edition.text.control import brief
from annotated_edition.untrusted import allowlists

#: Addresses, and the page itself; ``Title <address>``, too.
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\\\]{2}|self$", re.IGNORECASE)
_TITLED = re.compile(r"[^<]*<(?P<entry>[^<>]*)>$")

#: The attribute of a stranger's list that keeps all its entries.
_ALL = "edition_entries"


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
                refused = _refusal(entry, number) or self._itself(entry)
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

        def _itself(self, entry: str) -> str | None:
            """Why a line may not be read that names the page that it is on."""
            titled = _TITLED.match(entry)
            named = titled["entry"].strip() if titled else entry
            here = self.env.current_document.docname
            names = {named, *map(named.removesuffix, self.config.source_suffix)}
            is_itself = any(docname_join(here, name) == here for name in names if name)
            return f"the entry {brief(repr(named))}" if is_itself else None

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
            # What must be taken out of them, later builds may see otherwise.
            tree[_ALL] = entries

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


def sift_lists(app: Sphinx, env: BuildEnvironment) -> None:
    """Take out of strangers' lists what Sphinx can't follow, and report it (``env-updated``).

    Before anybody else asks for the order of the pages.
    """
    domain = EditionDomain.of(env)
    domain.unfollowed.clear()
    domain.unfollowed_problems.clear()
    lists = {
        docname: [tree for tree in env.tocs[docname].findall(addnodes.toctree) if _ALL in tree]
        for docname in sorted(filter(domain.documents.untrusted, env.toctree_includes))
        if docname in env.tocs
    }
    for docname, trees in lists.items():
        _keep(env, docname, trees, {})
    walk = _Walk(env.toctree_includes, {docname for docname, trees in lists.items() if trees})
    walk.follow([env.config.root_doc, *sorted(env.toctree_includes)])
    for docname, reasons in walk.left_out.items():
        domain.unfollowed[docname] = frozenset(reasons)
        for tree in lists[docname]:
            if message := _message(tree, reasons):
                problem = Problem(Subtype.UNSAFE, docname, tree.line or 1, message)
                domain.unfollowed_problems.append(problem)
        _keep(env, docname, lists[docname], reasons)


def _keep(
    env: BuildEnvironment,
    docname: str,
    trees: Sequence[addnodes.toctree],
    without: Mapping[str, str],
) -> None:
    """Let a page list all that its lists name, but for some."""
    if not trees:
        return
    for tree in trees:
        tree["entries"] = [entry for entry in tree[_ALL] if entry[1] not in without]
        tree["includefiles"] = [name for _title, name in tree["entries"]]
    env.toctree_includes[docname] = [name for tree in trees for name in tree["includefiles"]]


def _message(tree: addnodes.toctree, reasons: Mapping[str, str]) -> str | None:
    """What to do about entries of one list, if some were left out: a line for all of them."""
    names = [name for _title, name in tree[_ALL] if name in reasons]
    if not names:
        return None
    more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
    cure = "name the others, without :glob:" if tree["glob"] else "leave it out"
    return (
        f"the page {brief(repr(names[0]))}{more} can't stand in this toctree, for "
        f"{reasons[names[0]]}: {cure}"
    )


_BACK = "it leads back to this page"
_TOO_DEEP = f"lists in each other may be {limits.LISTS} deep"
_REPEATED = f"of what other pages list it may repeat {limits.REPEATED:,} pages"


class _Walk:
    """Follows lists of pages, and finds what must be left out of strangers' lists.

    Only entries that are lists themselves are: a page without any may stand in all of them.
    """

    def __init__(self, lists: Mapping[str, Sequence[str]], strangers: set[str]) -> None:
        self.lists, self.strangers = lists, strangers
        #: For each stranger's page the entries to leave out, and why.
        self.left_out: dict[str, dict[str, str]] = {}

    def follow(self, roots: Sequence[str]) -> None:
        """Go through all lists, from each of some pages on."""
        while True:
            #: Of the pages done: how many steps they cost, and how deep their lists lie.
            self.done: dict[str, tuple[int, int]] = {}
            #: The pages that led to where the walk is.
            self.path: list[str] = []
            # A trusted list that closes a circle stays; a stranger's before it doesn't, and what
            # is done was done with that.
            if all(self._visit(root) for root in roots if root not in self.done):
                return

    def _visit(self, docname: str) -> bool:
        """Go through a page's list; False where the walk must begin anew."""
        self.path.append(docname)
        steps, depth, repeated = 1, 0, 0
        for name, times in Counter(self.lists.get(docname, ())).items():
            if name in self.left_out.get(docname, ()):
                continue
            if name in self.path:
                if docname in self.strangers:
                    self._leave_out(docname, name, _BACK)
                elif self._break_before(name):
                    return False
                continue  # a circle of trusted pages is the project's own affair
            known = self.done.get(name)
            is_strange = docname in self.strangers and bool(self.lists.get(name))
            if is_strange and len(self.path) + (known[1] if known else 0) > limits.LISTS:
                self._leave_out(docname, name, _TOO_DEEP)
                continue
            if known is None and not self._visit(name):
                return False
            more = self.done[name][0] * (times - 1 if known is None else times)
            if is_strange and repeated + more > limits.REPEATED:
                self._leave_out(docname, name, _REPEATED)
                continue
            repeated += more if is_strange else 0
            steps += self.done[name][0] * times
            depth = max(depth, self.done[name][1] + 1)
        self.path.pop()
        self.done[docname] = steps, depth
        return True

    def _leave_out(self, docname: str, name: str, reason: str) -> None:
        self.left_out.setdefault(docname, {})[name] = reason

    def _break_before(self, name: str) -> bool:
        """Leave out the last entry of a stranger's between a page of the path and its end."""
        circle = self.path[self.path.index(name) :]
        for docname, entry in reversed([*pairwise(circle)]):
            if docname in self.strangers:
                self._leave_out(docname, entry, _BACK)
                return True
        return False


class SiftLists(SphinxPostTransform):
    """Show of strangers' lists what is left of them, before Sphinx resolves them."""

    default_priority = 1

    def run(self, **kwargs: object) -> None:
        """Take out what :func:`sift_lists` found."""
        unfollowed = EditionDomain.of(self.env).unfollowed
        for tree in self.document.findall(addnodes.toctree):
            without = unfollowed.get(str(tree.get("parent", "")), frozenset())
            if without:
                tree["entries"] = [one for one in tree["entries"] if one[1] not in without]
                kept = [name for name in tree["includefiles"] if name not in without]
                tree["includefiles"] = kept
