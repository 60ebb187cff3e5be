"""References as questions: where each one leads, and with what words.

Noted just before MyST and Sphinx resolve them, when all weaving is done, so that those in gists
and definitions from other pages are among them.  For most the answer is what their domain itself
says, whichever domain that is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.errors import NoUri
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join
from sphinx.util.logging import pending_logging

from annotated_edition.bibliography import queries
from annotated_edition.domain import EditionDomain
from annotated_edition.weave import missing_references
from annotated_edition.weave.lookups import Answers, Lookups, Question

#: Attributes of every node, and of references, that don't.
_IDLE = {*nodes.Element.basic_attributes, "refwarn", "reftitle", "source", "line"}


class RecordReferences(SphinxPostTransform):
    """Note what each reference and each table of contents of a page asks for.

    Strictly before MyST's (9) and Sphinx's (10), after everything that leaves references.
    """

    default_priority = 8

    def run(self, **kwargs: object) -> None:
        """Ask, and leave the resolving to whose it is."""
        page = self.env.current_document.docname
        lookups = Lookups(self.env, page)
        for node in self.document.findall(nodes.Element):
            if isinstance(node, addnodes.pending_xref):
                for question in questions(node, page):
                    lookups.ask(*question)
            elif isinstance(node, addnodes.toctree):
                lookups.ask("contents", page)


def questions(node: addnodes.pending_xref, page: str) -> Iterator[Question]:
    """What the reference *node* on *page* asks."""
    domain, role = str(node.get("refdomain") or ""), str(node["reftype"])
    target, onto = str(node["reftarget"]), str(node.get("refdoc", page))
    if domain == EditionDomain.name:
        yield "edition_object", role, target
    elif domain == "cite":
        for key in queries.keys_of(target):
            yield "citation", key
    elif role == "myst" and domain == "doc":
        yield "document_part", target, str(node.get("reftargetid") or "")
    elif role in ("any", "myst") and not domain:
        yield "name", onto, target, bool(node.get("refexplicit"))
    else:
        given = {name: value for name, value in node.attributes.items() if name not in _IDLE}
        if domain == "std":
            # All pages ask the same; only documents are named from where one stands.
            given["refdoc"] = ""
            if role == "doc":
                given["reftarget"] = "/" + docname_join(onto, target)
        try:
            yield "reference", json.dumps(given, sort_keys=True)
        except TypeError:
            # C and C++ leave objects of theirs in a reference: it can't be asked again.
            yield ("never_the_same",)


class ReferenceAnswers:
    """Answers the questions about references."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.env: BuildEnvironment = answers.env
        for kind in ("edition_object", "document_part", "name", "reference"):
            answers.define(kind, getattr(self, kind))

    def edition_object(self, role: str, target: str) -> object:
        """Title, document and id of a note, passage or name, or why there is none."""
        domain = EditionDomain.of(self.env)
        return domain.find_object(role, target) or missing_references.message(
            self.env, domain.name, role, target
        )

    def document_part(self, docname: str, name: str) -> object:
        """What ``[](page.md#name)`` shows: the page's title, or that of a part of it."""
        if not name:
            return self.answers.answer(("title", docname)), docname in self.env.all_docs
        slugs: dict[str, Any] = self.env.metadata.get(docname, {}).get("myst_slugs", {})
        std = self.env.domains.standard_domain
        labels = [
            (label, *where[1:])
            for labels in (std.labels, std.anonlabels)
            for label, where in labels.items()
            if where[0] == docname and name in (label, where[1])
        ]
        # A slug comes with its line, which isn't shown.
        parts = sorted((slug, *part[1:]) for slug, part in slugs.items() if name in (slug, part[1]))
        return docname in self.env.all_docs, parts, labels

    def name(self, onto: str, target: str, explicit: bool) -> object:
        """All that bears a name that any domain may know (``{any}`` and ``[](#name)``)."""
        node = addnodes.pending_xref(
            "",
            nodes.inline("", "x"),
            refdomain="",
            reftype="any",
            reftarget=target,
            refexplicit=explicit,
            refdoc=onto,
        )
        docname = docname_join(onto, target)
        found: list[object] = [
            docname in self.env.all_docs and (docname, self.answers.answer(("title", docname))),
            EditionDomain.of(self.env).find_object("any", target),
            [self.answers.answer(("citation", key.strip())) for key in target.split(",")],
            # Inventories of other projects, by when they were fetched.
            [cached[:2] for cached in getattr(self.env, "intersphinx_cache", {}).values()],
        ]
        for domain in self.env.domains.values():
            if domain.name not in (EditionDomain.name, "cite"):
                found.append(self._found_anywhere(domain, node))
        return found

    def _found_anywhere(self, domain: Domain, node: addnodes.pending_xref) -> object:
        """What *domain* has of the reference's name, in whatever role."""
        onto, target = node["refdoc"], node["reftarget"]
        builder = EditionDomain.of(self.env).builder
        content = nodes.inline("", "x")
        with pending_logging() as told:
            try:
                found = domain.resolve_any_xref(self.env, onto, builder, target, node, content)
                shown: list[object] = [(role, link.pformat()) for role, link in found]
            except NotImplementedError:
                shown = [
                    (role, link.pformat())
                    for role in domain.roles
                    if (
                        link := domain.resolve_xref(
                            self.env, onto, builder, role, target, node, content
                        )
                    )
                ]
            except NoUri:
                shown = []
            warnings = [str(record.msg) for record in told.clear()]
        return shown, warnings

    def reference(self, attributes: str) -> object:
        """What its domain, or else another project, makes of a reference."""
        given: dict[str, Any] = json.loads(attributes)
        given["refdoc"] = given.get("refdoc") or self.env.config.root_doc
        content = nodes.inline("", "x")
        node = addnodes.pending_xref("", content.deepcopy(), **given)
        role, target, onto = given["reftype"], given["reftarget"], given["refdoc"]
        domain = self.env.domains.get(given.get("refdomain") or "")
        builder = EditionDomain.of(self.env).builder
        found: nodes.Node | None = None
        with pending_logging() as told:
            try:
                if domain is not None:
                    found = domain.resolve_xref(
                        self.env, onto, builder, role, target, node, content
                    )
                if found is None:
                    found = self.env.events.emit_firstresult(
                        "missing-reference", self.env, node, content, allowed_exceptions=(NoUri,)
                    )
            except NoUri:
                found = None
            warnings = [str(record.msg) for record in told.clear()]
        if found is not None:
            return found.pformat(), warnings
        missing = missing_references.message(self.env, given.get("refdomain") or "", role, target)
        return missing, warnings
