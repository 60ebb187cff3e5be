"""Where pages, passages and notes are: on the web, or from the folder of the pages."""

from __future__ import annotations

from dataclasses import dataclass

from sphinx.builders.html import StandaloneHTMLBuilder

from annotated_edition.model.edition import Place


@dataclass(frozen=True)
class Addresses:
    """Addresses of what is built; relative to the root where the project has no address."""

    builder: StandaloneHTMLBuilder
    base: str

    def page(self, docname: str) -> str:
        """A document's page."""
        return self.base + self.builder.get_target_uri(docname)

    def passage(self, place: Place) -> str:
        """A passage on its page."""
        return f"{self.page(place.docname)}#{place.id}"

    def file(self, name: str) -> str:
        """A file beside the pages."""
        return self.base + name
