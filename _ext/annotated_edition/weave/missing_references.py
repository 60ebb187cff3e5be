"""References that lead nowhere: Sphinx's warnings, with what was probably meant."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.util import logging

from annotated_edition.domain import EditionDomain
from annotated_edition.model.records import Subtype
from annotated_edition.text.suggest import did_you_mean

logger = logging.getLogger(__name__)


def warn(app: Sphinx, domain: Domain | None, node: nodes.Element) -> bool | None:
    """Warn of an unknown note, passage, name or term (``warn-missing-reference``).

    True tells Sphinx that the warning is given; None leaves the warning to Sphinx.
    """
    role, target = node["reftype"], node["reftarget"]
    if domain is None:
        return None
    if domain.name == EditionDomain.name and role in EditionDomain.roles:
        edition = EditionDomain.of(app.env).edition
        message = f"there is no {role} {target!r}"
        if role == "note":
            hint = did_you_mean(
                target, edition.notes, "write the name of its file, such as silk-road"
            )
        elif role == "name":
            heads = [name.name.head for name in edition.index()]
            hint = did_you_mean(target, heads, "write it as it stands there, or add it")
            message = f"no register has the name {target!r}"
        else:
            ends = ", ".join(place.id for place in (*edition.places[:1], *edition.places[-1:]))
            hint = f"write its id; they run from {ends.replace(', ', ' to ')}"
        message = f"{message}: {hint}"
        kind, subtype = "edition", Subtype.DANGLING.value
    elif domain.name == "std" and role == "term":
        terms = [name for name, _, kind, *_ in domain.get_objects() if kind == "term"]
        hint = did_you_mean(target, terms, "write a term as the glossary has it, or add it there")
        message, kind, subtype = f"the glossary has no term {target!r}: {hint}", "ref", "term"
    else:
        return None
    logger.warning("%s", message, type=kind, subtype=subtype, location=node)
    return True
