"""Step 2, anchor: the ``edition`` domain, its data, objects and roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import RoleFunction

from annotated_edition.collation import collate, read_copy_text
from annotated_edition.compose import compose
from annotated_edition.documents import Documents, Part
from annotated_edition.edition import Edition, Place
from annotated_edition.listing import NoteList
from annotated_edition.model import Page, Passage, Problem, Subtype

logger = logging.getLogger(__name__)


class EditionDomain(Domain):
    """What was read, document by document, and the edition settled from it."""

    name = "edition"
    label = "Annotated edition"
    object_types: ClassVar[dict[str, ObjType]] = {
        "passage": ObjType(_("passage"), "passage"),
        "note": ObjType(_("note"), "note"),
    }
    roles: ClassVar[dict[str, RoleFunction | XRefRole]] = {
        "passage": XRefRole(warn_dangling=True),
        "note": XRefRole(warn_dangling=True),
    }
    directives: ClassVar[dict[str, type[Directive]]] = {"notes": NoteList}
    dangling_warnings: ClassVar[dict[str, str]] = {
        "passage": "there is no passage %(target)r: write its id, such as p7",
        "note": "there is no note %(target)r: write the name of its file, such as silk-road",
    }
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}, "troubled": set()}
    data_version = 2

    #: The builder of this run, whose addresses links need; set before reading.
    builder: Builder

    @classmethod
    def of(cls, env: BuildEnvironment) -> EditionDomain:
        """The environment's edition."""
        domain = env.domains[cls.name]
        assert isinstance(domain, cls)
        return domain

    def setup(self) -> None:
        """Prepare what is settled anew in every build."""
        super().setup()
        self._edition: Edition | None = None

    @cached_property
    def documents(self) -> Documents:
        """Which documents are base text, notes, cross-references."""
        return Documents(self.env.config)

    @property
    def pages(self) -> dict[str, Page]:
        """What was read, by docname; documents that hold nothing of ours are absent."""
        pages: dict[str, Page] = self.data["pages"]
        return pages

    @property
    def troubled(self) -> set[str]:
        """Documents that cost a warning when they were read."""
        troubled: set[str] = self.data["troubled"]
        return troubled

    @troubled.setter
    def troubled(self, docnames: set[str]) -> None:
        self.data["troubled"] = docnames

    def page(self, docname: str) -> Page:
        """What was read from *docname*, to be added to."""
        return self.pages.setdefault(docname, Page())

    def report(self, subtype: Subtype, docname: str, line: int, message: str) -> None:
        """Keep a mistake found at read; :meth:`warn` shows it."""
        self.page(docname).problems.append(Problem(subtype, docname, line, message))

    def clear_doc(self, docname: str) -> None:
        """Forget what was read from *docname*."""
        self.pages.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read from *docnames*."""
        for docname, page in otherdata["pages"].items():
            if docname in docnames:
                self.pages[docname] = page

    @property
    def edition(self) -> Edition:
        """The edition, settled when first asked for after reading."""
        if self._edition is None:
            self._edition = self.settle()
        return self._edition

    def settle(self) -> Edition:
        """Anchor, number and collate everything anew."""
        order = list(self.reading_order())
        passages = [passage for docname in order for passage in self.page(docname).passages]
        pages = [self.pages[docname] for docname in sorted(self.pages)]
        edition = compose(
            passages,
            [page.note for page in pages if page.note],
            [page.cross_reference for page in pages if page.cross_reference],
            [entry for page in pages for entry in page.entries],
            self.env.config.edition_glossary_links,
        )
        unlisted = {docname for docname, page in self.pages.items() if page.passages} - set(order)
        for docname in sorted(unlisted):
            edition.problems.append(
                Problem(
                    Subtype.DANGLING,
                    docname,
                    1,
                    "this base-text page is in no toctree, so its passages have no numbers: "
                    "add it to one",
                )
            )
        edition.problems += self._collate(passages, edition.places)
        self._edition = edition
        return edition

    def reading_order(self) -> Iterator[str]:
        """The base-text pages in toctree order, depth first."""
        seen = set()
        ahead = [self.env.config.root_doc]
        while ahead:
            docname = ahead.pop()
            if docname in seen:
                continue
            seen.add(docname)
            if self.documents.part(docname) is Part.TEXT:
                yield docname
            ahead += reversed(self.env.toctree_includes.get(docname, []))

    def _collate(self, passages: Sequence[Passage], places: Sequence[Place]) -> Iterator[Problem]:
        if not self.env.config.edition_copy_text:
            return
        path = Path(self.env.srcdir, self.env.config.edition_copy_text)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            yield Problem(
                Subtype.COLLATION,
                "",
                0,
                f"the copy-text can't be read ({error}): correct edition_copy_text",
            )
            return
        copy_text = read_copy_text(text, self.env.config.edition_copy_text_skip)
        for unknown in copy_text.unknown:
            yield Problem(
                Subtype.COLLATION,
                "",
                0,
                f"edition_copy_text_skip has {unknown!r}, which isn't one whole line of the "
                "copy-text: copy the line exactly",
            )
        for found in collate([passage.text for passage in passages], copy_text):
            at = max(found.passage, 0)
            docname, line, label = (
                (passages[at].docname, passages[at].line, places[at].label)
                if passages
                else (self.env.config.root_doc, 1, "0")
            )
            page = (
                f"the page has “{found.page_reading}”"
                if found.page_reading
                else "the page has nothing"
            )
            witness = (
                f"the copy-text (line {found.line}) “{found.copy_reading}”"
                if found.copy_reading
                else "the copy-text has nothing there"
            )
            yield Problem(
                Subtype.COLLATION,
                docname,
                line,
                f"¶{label} differs from the copy-text: {page}, {witness}: restore the "
                "copy-text's words on the page",
            )

    def warn(self) -> None:
        """Report every mistake, those found at read and those found since."""
        problems = [problem for page in self.pages.values() for problem in page.problems]
        for problem in sorted(
            problems + self.edition.problems, key=lambda problem: (problem.docname, problem.line)
        ):
            logger.warning(
                "%s",
                problem.message,
                type="edition",
                subtype=problem.subtype.value,
                location=(problem.docname, problem.line) if problem.docname else "conf.py",
            )

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Passages and attached notes, for ``objects.inv`` and the search."""
        for place in self.edition.places:
            yield place.id, f"¶{place.label}", "passage", place.docname, place.id, 1
        for name, page in self.edition.notes.items():
            yield name, page.note.title, "note", page.note.docname, "", 1

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
        """Link to a passage by ``p7`` or ``7``, to a note by its id."""
        found = self.find_object(typ, target)
        if found is None:
            return None
        title, docname, anchor = found
        content = contnode
        if not node.get("refexplicit"):
            content = nodes.inline("", title, classes=["xref", "edition", f"edition-{typ}-link"])
        return make_refnode(builder, fromdocname, docname, anchor, content)

    def find_object(self, typ: str, target: str) -> tuple[str, str, str] | None:
        """Title, document and id of a passage ("p7", "7") or note (its id)."""
        if typ == "note":
            page = self.edition.notes.get(target)
            return (page.note.title, page.note.docname, "") if page else None
        label = target.removeprefix("¶").removeprefix("p")
        for place in self.edition.places:
            if label == place.label:
                return f"¶{label}", place.docname, place.id
        return None

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
        for typ in self.object_types:
            reference = self.resolve_xref(env, fromdocname, builder, typ, target, node, contnode)
            if reference is not None:
                found.append((f"edition:{typ}", reference))
        return found


def setup_domain(app: Sphinx) -> None:
    """Register the domain and tell it of the builder, whose addresses links need."""
    app.add_domain(EditionDomain)
    app.connect("builder-inited", _remember_builder)


def _remember_builder(app: Sphinx) -> None:
    EditionDomain.of(app.env).builder = app.builder
