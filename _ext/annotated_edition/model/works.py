"""The works that a project holds: each has its numbers, and may have a language of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annotated_edition.model.documents import Matches

#: How the passages of a page are labelled, besides by a pattern: counted, or by letters.
NUMBERS, LETTERS = "numbers", "letters"


@dataclass(frozen=True)
class Work:
    """One of several works, or one version of a work.

    ``title`` stands in citations, where it tells the work from others; ``passages`` is how
    passages are labelled on pages that don't say it themselves.
    """

    name: str
    is_page: Matches
    title: str = ""
    language: str = ""
    passages: str = NUMBERS


class Works:
    """All works that a project names."""

    def __init__(self, works: Iterable[Work]) -> None:
        self.by_name = {work.name: work for work in works}

    def of(self, docname: str) -> Work | None:
        """The first work that has the page *docname*, if any has."""
        return next((work for work in self.by_name.values() if work.is_page(docname)), None)

    @property
    def titles(self) -> dict[str, str]:
        """The title of each by its name."""
        return {name: work.title for name, work in self.by_name.items()}
