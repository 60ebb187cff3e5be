"""What Sphinx keeps of an edition: the ``edition`` domain, its directives and roles."""

from annotated_edition.domain.domain import EditionDomain, Stamp

__all__ = ["EditionDomain", "Stamp"]
