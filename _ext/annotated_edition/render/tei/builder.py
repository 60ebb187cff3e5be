"""The builder ``tei``: the edition as one TEI P5 file (https://tei-c.org/guidelines/p5/).

The text stands in ``text``, a passage a paragraph or stanza with its id; everything else is
``standOff`` that points into it by ``string-range()``.
"""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote
from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx.builders import Builder
from sphinx.util.display import progress_message

from annotated_edition.bibliography import exports
from annotated_edition.domain import EditionDomain
from annotated_edition.domain.sources import reading_order
from annotated_edition.render.tei.content import Content
from annotated_edition.render.tei.elements import LANGUAGE, NAMESPACE, add
from annotated_edition.render.tei.header import declare, header
from annotated_edition.render.tei.pointers import Pointers
from annotated_edition.render.tei.standoff import StandOff
from annotated_edition.weave.about import About
from annotated_edition.weave.days import build_day


class TEIBuilder(Builder):
    """Writes text, notes and registers as TEI."""

    name = "tei"
    format = "tei"
    epilog = "The TEI file is in %(outdir)s."
    supported_image_types: ClassVar[list[str]] = [
        "image/svg+xml",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
    ]

    def get_outdated_docs(self) -> str:
        """Everything is in the one file."""
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return what the links of the file are resolved from, when all of it is made."""
        return f"%{quote(docname)}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the same as :meth:`get_target_uri`: there is one file."""
        return self.get_target_uri(to, typ)

    def write_documents(self, docnames: Set[str]) -> None:
        """Write the file."""
        target = Path(self.outdir, f"{self.config.edition_tei_name}.xml")
        with progress_message(f"writing {target.name}"):
            self.domain = EditionDomain.of(self.env)
            self._trees: dict[str, nodes.document] = {}
            tree = ET.ElementTree(self._file())
            tree.write(target, encoding="utf-8", xml_declaration=True)

    def _tree(self, docname: str) -> nodes.document:
        if docname not in self._trees:
            tree = self._trees[docname] = self.env.get_doctree(docname)
            self.env.resolve_references(tree, docname, self)
        return self._trees[docname]

    def _file(self) -> ET.Element:
        config, edition = self.config, self.domain.edition
        about, pointers = About.of(config), Pointers()
        root = ET.Element("TEI", {"xmlns": NAMESPACE, LANGUAGE: about.language})
        declaration = header(
            root,
            about,
            edition,
            pointers,
            witnesses=config.edition_witnesses,
            kinds={name: str(title) for name, title in config.edition_kinds.items()},
            date=build_day(),
        )
        principles = config.edition_principles
        if principles in self.env.found_docs:
            Content(self.domain, principles).blocks(declaration, self._tree(principles).children)
        declare(declaration)
        standoff = ET.Element("standOff")
        self._stand_off(standoff, pointers)
        if len(standoff):
            root.append(standoff)
        self._text(add(root, "text", lang=about.text_language), pointers)
        pointers.resolve(root, lambda docname, name: self._address(about, docname, name))
        return root

    def _text(self, parent: ET.Element, pointers: Pointers) -> None:
        body = add(parent, "body")
        for place in self.domain.edition.places:
            pointers.reserve(place.id, f"%{place.docname}#{place.id}")
        for docname in reading_order(self.env, self.domain.documents):
            division = add(body, "div", type="page")
            pointers.define(division, f"page-{docname}", f"%{docname}")
            tree = self._tree(docname)
            content = Content(self.domain, docname, has_divisions=True)
            # The first section is the page itself; a title before it would be a table's.
            page = next((one for one in tree.children if isinstance(one, nodes.section)), None)
            if page is not None:
                content.heading(division, page)
            for child in tree.children:
                content.blocks(division, page.children if child is page else [child])
        if not len(body):
            add(add(body, "div"), "p")

    def _stand_off(self, root: ET.Element, pointers: Pointers) -> None:
        whole = StandOff(root, self.domain, pointers, self._tree)
        # Readings point to sources: these are made first, and stand last.
        sources = ET.Element("standOff")
        StandOff(sources, self.domain, pointers, self._tree).sources(exports.sources(self.env))
        whole.notes()
        whole.cross_references()
        whole.apparatus()
        whole.registers(self.config.edition_registers)
        whole.sites()
        whole.events()
        whole.glossary()
        root.extend(sources)

    @staticmethod
    def _address(about: About, docname: str, name: str) -> str:
        """Where a page is on the web, if that is known; the names of Sphinx's HTML builder."""
        if not about.address:
            return ""
        return f"{about.address}{docname}.html" + (f"#{name}" if name else "")
