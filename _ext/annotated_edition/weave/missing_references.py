"""References that lead nowhere: Sphinx's warnings, with what was probably meant."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
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
    if domain and _follows(EditionDomain.of(app.env), domain.name, role, target):
        return True
    words = message(app.env, domain.name, role, target) if domain else ""
    if not words:
        return None
    is_term = role == "term"
    logger.warning(
        "%s",
        words,
        type="ref" if is_term else "edition",
        subtype="term" if is_term else Subtype.DANGLING.value,
        location=node,
    )
    return True


def _follows(edition: EditionDomain, domain: str, role: str, target: str) -> bool:
    """Whether what is referred to is refused for a mistake of its own, which is reported."""
    if (domain, role) == (EditionDomain.name, "note"):
        return target in edition.edition.refused
    if (domain, role) == ("std", "term"):
        return any(page.set_aside and page.entries for page in edition.pages.values())
    return False


def message(env: BuildEnvironment, domain: str, role: str, target: str) -> str:
    """Why there is no such note, passage, name or term, and what to do; empty for all else."""
    if domain == EditionDomain.name and role in EditionDomain.roles:
        edition = EditionDomain.of(env).edition
        if role == "note":
            hint = did_you_mean(
                target, edition.notes, "write the name of its file, such as silk-road"
            )
        elif role == "name":
            heads = [name.name.head for name in edition.index()]
            hint = did_you_mean(target, heads, "write it as it stands there, or add it")
            return f"no register has the name {target!r}: {hint}"
        else:
            ends = ", ".join(place.id for place in (*edition.places[:1], *edition.places[-1:]))
            hint = f"write its id; they run from {ends.replace(', ', ' to ')}"
        return f"there is no {role} {target!r}: {hint}"
    if domain == "std" and role == "term":
        objects = env.domains["std"].get_objects()
        terms = [name for name, _, kind, *_ in objects if kind == "term"]
        hint = did_you_mean(target, terms, "write a term as the glossary has it, or add it there")
        return f"the glossary has no term {target!r}: {hint}"
    return ""
