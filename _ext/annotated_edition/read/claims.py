"""Headwords and labels that several documents claim: Sphinx's tables have their owners alone.

Sphinx has them lead to the document that it read last, and blames one of them, once.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from annotated_edition.anchor.owners import label_owners, term_owners
from annotated_edition.domain import EditionDomain
from annotated_edition.domain.sources import claim_order
from annotated_edition.model.records import Label
from annotated_edition.read.doctree import line_of


class RecordLabels(SphinxTransform):
    """Note which labels a document claims, so that Sphinx finds no other claim on them.

    Directly before Sphinx collects them (850).
    """

    default_priority = 849

    def apply(self, **kwargs: object) -> None:
        """Have Sphinx collect them into empty tables."""
        docname, document = self.env.current_document.docname, self.document
        std = self.env.domains.standard_domain
        labels, anonymous = std.labels, std.anonlabels
        std.data.update(labels={}, anonlabels={})
        try:
            std.process_doc(self.env, docname, document)
            claimed = {
                name: (id_, std.labels.get(name, ("", "", ""))[2])
                for name, (_docname, id_) in std.anonlabels.items()
            }
        finally:
            std.data.update(labels=labels, anonlabels=anonymous)
        page = EditionDomain.of(self.env).page(docname)
        page.labels.clear()  # a file that couldn't be read begins anew with what stands in for it
        for name, (id_, title) in claimed.items():
            target = document.ids.get(document.nameids[name] or "")
            page.labels[name] = Label(id_, title, line_of(target) if target is not None else 1)
            # Sphinx's own pages, such as the search, are in the table, too: of those it warns.
            if name in labels and labels[name][0] in self.env.found_docs:
                del labels[name]


def give_names(app: Sphinx, env: BuildEnvironment) -> None:
    """Have every headword and label lead to its owner (``env-updated``)."""
    domain = EditionDomain.of(env)
    docnames = claim_order(env, domain.documents, domain.pages)
    _give_terms(env.domains.standard_domain, domain, docnames)
    _give_labels(env.domains.standard_domain, domain, docnames)


def _give_terms(std: StandardDomain, domain: EditionDomain, docnames: list[str]) -> None:
    entries = [entry for docname in docnames for entry in domain.pages[docname].entries]
    owners, _problems = term_owners(entries)
    terms = std.data.setdefault("terms", {})
    for entry in entries:
        for term, _id in entry.terms:
            std.objects.pop(("term", term), None)
            terms.pop(term.lower(), None)
    for term, (entry, id_) in owners.items():
        std.objects["term", term] = terms[term.lower()] = entry.docname, id_


def _give_labels(std: StandardDomain, domain: EditionDomain, docnames: list[str]) -> None:
    owners, _problems = label_owners(docnames, domain.pages)
    for name, (docname, label) in owners.items():
        std.anonlabels[name] = docname, label.id
        std.labels.pop(name, None)
        if label.title:
            std.labels[name] = docname, label.id, label.title
