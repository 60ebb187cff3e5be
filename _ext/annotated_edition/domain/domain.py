"""The ``edition`` domain: what was read, the edition assembled from it, objects and roles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.logging import is_suppressed_warning
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import RoleFunction

from annotated_edition.anchor.assemble import assemble
from annotated_edition.anchor.consequences import bound, filter_consequences
from annotated_edition.anchor.releases import Changes, Lasting, history, lasting, present
from annotated_edition.contribute.hosts import Repository
from annotated_edition.contribute.invitations import Invitations
from annotated_edition.contribute.repository import find_repository
from annotated_edition.domain import classes
from annotated_edition.domain.settings import line_of_setting
from annotated_edition.domain.sources import documents_of, kinds_of, releases_of, sources_of
from annotated_edition.domain.text_nodes import text
from annotated_edition.domain.works import works_of
from annotated_edition.model.documents import Documents
from annotated_edition.model.edition import Edition, Link
from annotated_edition.model.records import NO_DAY, Page, Problem, Subtype, layout
from annotated_edition.model.releases import Release
from annotated_edition.model.works import Works
from annotated_edition.text.words import Words

logger = logging.getLogger(__name__)

#: Path, time and size of each file from which a document was read.
Stamp = tuple[tuple[str, int, int], ...]

#: The roles, and what each links to, in Markdown: the reference is made of it.
ROLES = {
    "passage": (
        "A passage, by its id or label: `` {edition:passage}`p7` `` is ¶7, "
        "`` {edition:passage}`pa` `` a lettered one, `` {edition:passage}`Article 1` `` one whose "
        "label is the text's own. The link's words are the label."
    ),
    "note": (
        "A note, by the name of its file: `` {edition:note}`silk-road` ``. The link's words are "
        "the note's title."
    ),
    "name": (
        "A name in a register, by the form that its line begins with: "
        "`` {edition:name}`Polo, Marco` ``."
    ),
}


#: Ids that a passage may have.
_PASSAGE_ID = re.compile(r"p(?:\d+|[a-z]{1,2}|-[a-z0-9-]+)")


_ = get_translation("annotated_edition")


class EditionDomain(Domain):
    """What was read, document by document, and the edition assembled from it."""

    name = "edition"
    label = "Annotated edition"
    object_types: ClassVar[dict[str, ObjType]] = {
        "passage": ObjType(_("passage"), "passage"),
        "note": ObjType(_("note"), "note"),
        "name": ObjType(_("name"), "name"),
    }
    roles: ClassVar[dict[str, RoleFunction | XRefRole]] = {
        # Words of a sentence, not code.
        role: XRefRole(warn_dangling=True, innernodeclass=nodes.inline)
        for role in ROLES
    }
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}, "read_warnings": {}, "history": None}
    data_version = layout()

    #: The builder of this run, whose addresses links need; set before reading.
    builder: Builder

    @classmethod
    def of(cls, env: BuildEnvironment) -> EditionDomain:
        """The environment's edition."""
        domain = env.domains[cls.name]
        assert isinstance(domain, cls)
        return domain

    def setup(self) -> None:
        """Prepare what is assembled anew in every build."""
        super().setup()
        #: What later steps keep of their own for as long as Sphinx runs, by its class.
        self.kept: dict[type, Any] = {}
        self._edition: Edition | None = None
        self._invitations: Invitations | None = None
        self._lasting: Lasting | None = None
        #: Files left out in this run because they can't be read.
        self.unreadable: list[Problem] = []
        #: What can't be followed in strangers' lists of pages, by their pages; and reports of it.
        self.unfollowed: dict[str, frozenset[str]] = {}
        self.unfollowed_problems: list[Problem] = []
        #: Entries of the bibliography that this run couldn't format, or didn't find.
        self.faulty_entries: list[Problem] = []
        #: The bibliography's files, and the keys that documents cite.
        self.bibliography: tuple[list[Path], frozenset[str]] = ([], frozenset())

    @cached_property
    def documents(self) -> Documents:
        """Which documents are base text, notes, cross-references."""
        return documents_of(self.env.config)

    @cached_property
    def works(self) -> Works:
        """The works that the project names."""
        return works_of(self.env.config)

    @cached_property
    def repository(self) -> Repository | None:
        """The repository that the pages invite to contribute to, if any is known."""
        return find_repository(self.env.config, Path(self.env.srcdir))

    @property
    def pages(self) -> dict[str, Page]:
        """What was read, by docname."""
        pages: dict[str, Page] = self.data["pages"]
        return pages

    @property
    def read_warnings(self) -> dict[str, set[tuple[str, str]]]:
        """Type and subtype of other tools' warnings while each document was read."""
        kinds: dict[str, set[tuple[str, str]]] = self.data.setdefault("read_warnings", {})
        return kinds

    @property
    def stamps(self) -> dict[str, Stamp]:
        """The files from which each document was read, as they were then."""
        stamps: dict[str, Stamp] = self.data.setdefault("stamps", {})
        return stamps

    @property
    def source_problems(self) -> list[Problem]:
        """Mistakes in the bibliography's files, as they were read last."""
        problems: list[Problem] = self.data.get("source_problems", [])
        return problems

    @source_problems.setter
    def source_problems(self, problems: list[Problem]) -> None:
        self.data["source_problems"] = problems

    @property
    def shared_ids(self) -> set[str]:
        """Ids that the keys of several entries of the bibliography make."""
        ids: set[str] = self.data.get("shared_ids", set())
        return ids

    @shared_ids.setter
    def shared_ids(self, ids: set[str]) -> None:
        self.data["shared_ids"] = ids

    @property
    def citation_settings(self) -> dict[str, str]:
        """The settings with which citations were read."""
        settings: dict[str, str] = self.data.get("citation_settings", {})
        return settings

    @citation_settings.setter
    def citation_settings(self, settings: dict[str, str]) -> None:
        self.data["citation_settings"] = settings

    def page(self, docname: str) -> Page:
        """What was read from *docname*, to be added to."""
        return self.pages.setdefault(docname, Page())

    def report(
        self, subtype: Subtype, docname: str, line: int, message: str, included: str = ""
    ) -> None:
        """Keep a mistake found at read; :meth:`warn` shows it.

        *included* is the file that the line is in, if the document includes it.
        """
        page = self.page(docname)
        if not page.set_aside:
            page.problems.append(Problem(subtype, included or docname, line, message))

    def set_aside(self, docname: str, problem: Problem) -> None:
        """Report why a document can't be judged, and nothing that follows from it."""
        page = self.page(docname)
        # The first is told: not what was found on the way to it.
        page.problems.insert(len(page.problems) if page.set_aside else 0, problem)
        page.set_aside = True

    def report_unreadable(self, path: Path, message: str) -> None:
        """Report a file that is no document because it can't be read."""
        name = path.relative_to(self.env.srcdir).as_posix()
        self.unreadable.append(Problem(Subtype.UNSAFE, name, 1, message))

    def clear_doc(self, docname: str) -> None:
        """Forget what was read from *docname*."""
        self.pages.pop(docname, None)
        self.read_warnings.pop(docname, None)
        self.stamps.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read from *docnames*."""
        for docname, page in otherdata["pages"].items():
            if docname in docnames:
                self.pages[docname] = page

    @property
    def edition(self) -> Edition:
        """The edition, assembled when first asked for after reading."""
        if self._edition is None:
            sources, problems = sources_of(self.env, self.pages, self.documents, self.bibliography)
            self._edition = assemble(sources)
            self._edition.problems += problems
            self._invitations = None
            self._releases, problems = releases_of(self.env)
            self._now = present(
                self._edition,
                {
                    str(page.note.id): page.words
                    for page in self.pages.values()
                    if page.note and page.words
                },
                Words(),
                NO_DAY,
                [Path(path).name for path in self.env.config.edition_downloads.values()],
            )
            self._lasting = lasting(
                self._releases, self._now, self.env.found_docs, self.env.config.edition_moved
            )
            moved = [
                replace(problem, line=line_of_setting(self.env.srcdir, "edition_moved"))
                for problem in self._lasting.problems
            ]
            self._edition.problems += [*problems, *moved]
        return self._edition

    @property
    def now(self) -> Release:
        """The edition as it would be released."""
        _ = self.edition
        return self._now

    @property
    def lasting(self) -> Lasting:
        """Where the addresses of released versions lead."""
        _ = self.edition
        assert self._lasting is not None
        return self._lasting

    def moved_passages(self, docname: str) -> dict[str, Link]:
        """Passages that *docname* had in a released version: their labels, and where they are."""
        found = {}
        for id_, now in self.lasting.passages.get(docname, {}).items():
            place = self.edition.find_place(id_)
            found[id_] = Link(Words(place.sign if place else id_), now)
        return found

    @property
    def releases(self) -> list[Release]:
        """The released versions, oldest first."""
        _ = self.edition
        return self._releases

    @property
    def standing_of_version(self) -> str:
        """Whether what is built is a released version: ``released``, ``later`` or ``unreleased``.

        It is *later* where notes or passages are others than those of the version that it names.
        A project that keeps no versions says nothing of them: then it is ``released``.
        """
        if not self.env.config.edition_releases:
            return "released"
        now, version = self.now, str(self.env.config.release)
        for one in self._releases:
            if one.version == version:
                same = (one.notes, one.passages) == (now.notes, now.passages)
                return "released" if same else "later"
        return "unreleased"

    @property
    def changes(self) -> list[Changes]:
        """What changed between versions, newest first."""
        _ = self.edition
        return history(self._releases, self._now)

    @property
    def invitations(self) -> Invitations:
        """Where readers may change what they read."""
        edition = self.edition
        if self._invitations is None:
            self._invitations = Invitations(
                self.env,
                self.repository,
                edition,
                self.pages,
                self.documents,
                kinds_of(self.env.config, self.pages),
            )
        return self._invitations

    def forget_edition(self) -> None:
        """Have the edition assembled anew, after documents were read again."""
        self._edition = None

    def warn(self, untold: Mapping[str, tuple[int, int]]) -> None:
        """Report the mistakes of each file, found at read and since, up to a limit.

        *untold* are other tools' that weren't told, by the file: a line, and how many.
        """
        problems = [problem for page in self.pages.values() for problem in page.problems]
        problems += [*self.unreadable, *self.unfollowed_problems]
        problems += dict.fromkeys([*self.source_problems, *self.faulty_entries])
        problems += self.edition.problems
        aside = {docname for docname, page in self.pages.items() if page.set_aside}
        suppressed = self.env.config.suppress_warnings
        told = [
            problem
            for problem in filter_consequences(problems, aside, bool(self.unreadable))
            if not is_suppressed_warning("edition", problem.subtype.value, suppressed)
        ]
        # Of one line in the order of the words: files that include another are read in any order.
        told.sort(key=lambda problem: (problem.docname, problem.line, problem.message))
        for problem in sorted(
            bound(told, self._file_of, untold), key=lambda problem: (problem.docname, problem.line)
        ):
            logger.warning(
                "%s",
                problem.message,
                type="edition",
                subtype=problem.subtype.value,
                location=self._location(problem),
            )

    def _file_of(self, problem: Problem) -> str:
        """The path, from the project's folder, of the file that a problem is in."""
        if problem.docname in self.env.found_docs:
            return Path(self.env.doc2path(problem.docname, False)).as_posix()
        return problem.docname

    def _location(self, problem: Problem) -> tuple[str, int] | str:
        if problem.docname in self.env.found_docs:
            return problem.docname, problem.line
        path = Path(self.env.srcdir, problem.docname)
        # Without a line Sphinx takes it for a document's name.
        return f"{path}:{problem.line or 1}"

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:
        """What an object is called in Sphinx's own search: “note”, without the domain."""
        return str(type.lname)

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Passages, attached notes and names, for ``objects.inv`` and the search."""
        for place in self.edition.all_places:
            yield place.id, place.cited, "passage", place.docname, place.id, 1
        for name, page in self.edition.notes.items():
            yield name, page.note.title.isolated(), "note", page.note.docname, "", 1
        for entry in self.edition.index():
            head = entry.name.head
            yield head, head.isolated(), "name", entry.name.docname, entry.id, 1

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Link to a passage by ``p7`` or ``7``, to a note by its id, to a name by its head."""
        found = self.find_object(typ, target)
        if found is None:
            return None
        title, docname, anchor = found
        content = contnode
        if not node.get("refexplicit"):
            words = text(Words(title).isolated())
            content = nodes.inline("", "", words, classes=["xref", "edition", classes.of_link(typ)])
        return make_refnode(builder, fromdocname, docname, anchor, content)

    def find_object(self, typ: str, target: str) -> tuple[str, str, str] | None:
        """Title, document and id of a passage ("p7", "7"), note (its id) or name (its head).

        ``any`` finds either, a passage by ``p7`` alone.
        """
        if typ == "any":
            return self.find_object("note", target) or (
                self.find_object("passage", target) if _is_id(target) else None
            )
        if typ == "note":
            page = self.edition.notes.get(target)
            return (page.note.title, page.note.docname, "") if page else None
        if typ == "name":
            for entry in self.edition.index():
                if entry.name.head == target:
                    return target, entry.name.docname, entry.id
            return None
        place = self.edition.find_place(target)
        return (place.cited, place.docname, place.id) if place else None

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Find *target* among passages and notes, for ``{any}`` and Markdown links."""
        found = []
        for typ in ("passage", "note"):
            if typ == "passage" and not _is_id(target):
                continue  # "a" and "1" mean other things
            reference = self.resolve_xref(env, fromdocname, builder, typ, target, node, contnode)
            if reference is not None:
                found.append((f"edition:{typ}", reference))
        return found


def _is_id(target: str) -> bool:
    """Whether a name that may be anything's can be a passage's: its id is meant."""
    return _PASSAGE_ID.fullmatch(target) is not None


def remember_builder(app: Sphinx) -> None:
    """Tell the domain of the builder, whose addresses links need (``builder-inited``)."""
    EditionDomain.of(app.env).builder = app.builder
