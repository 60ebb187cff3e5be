"""What the package says of the book: Dublin Core, and what it is to readers with disabilities.

EPUB Accessibility 1.1 (https://www.w3.org/TR/epub-a11y-11/) asks for schema.org's properties.
What can be seen in the finished pages is said; that the book conforms to a level of WCAG isn't,
since a person must have evaluated it: a project that had it done says so itself in
``edition_epub_metadata``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sphinx.config import Config
from sphinx.locale import get_translation

from annotated_edition.render.epub.semantics import Contents
from annotated_edition.weave.locales import language_tag

_ = get_translation("annotated_edition")

#: Dublin Core's elements are elements in the package, all else is a property.
_ELEMENT = "dc:"
Metadata = list[tuple[str, str]]


def identifier(name: str) -> str:
    """A name for all versions of a book: a UUID made of its address or title (RFC 9562)."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def with_own(
    computed: Metadata, own: Mapping[str, str | Sequence[str]]
) -> tuple[Metadata, Metadata]:
    """Elements and properties, where the project's *own* stand in place of the computed ones."""
    merged: dict[str, list[str]] = {}
    for name, value in computed:
        merged.setdefault(name, []).append(value)
    for name, values in own.items():
        merged[name] = [values] if isinstance(values, str) else list(values)
    entries = [(name, value) for name, values in merged.items() for value in values if value]
    elements = [entry for entry in entries if entry[0].startswith(_ELEMENT)]
    return elements, [entry for entry in entries if not entry[0].startswith(_ELEMENT)]


def describe(config: Config, date: str) -> Metadata:
    """What the project's configuration says of the book; *date* is in the form of ISO 8601."""
    sphinx_default = "unknown"
    values = (
        ("dc:title", config.epub_title),
        ("dc:creator", config.epub_author),
        ("dc:contributor", config.epub_contributor),
        ("dc:publisher", config.epub_publisher),
        ("dc:rights", config.epub_copyright),
        ("dc:description", config.epub_description),
        ("dc:language", language_tag(config.epub_language)),
        ("dc:date", date),
        ("dc:relation", config.html_baseurl),
        ("dcterms:modified", date),
        ("ibooks:version", config.version),
    )
    return [(name, value) for name, value in values if value and value != sphinx_default]


def imprint(config: Config, date: str) -> Iterator[str]:
    """What stands on the title page under the title."""
    own = config.edition_epub_metadata
    version = _("Version %s") % config.release if config.release else ""
    yield config.epub_publisher
    yield ", ".join(filter(None, [version, str(own.get("dc:date", date))]))
    rights = own.get("dc:rights", f"© {config.epub_copyright}")
    yield from [rights] if isinstance(rights, str) else rights


def accessibility(
    pages: Iterable[Contents], *, has_locators: bool, has_index: bool, own_style: bool
) -> Metadata:
    """Schema.org's accessibility properties of a book of *pages*, its cover left out.

    *has_locators* says that it has a page list, *own_style* that its style sheet is the
    edition's, which leaves sizes and colours to the reader.
    """
    pages = list(pages)
    images = sum(page.images for page in pages)
    silent = sum(page.silent_images for page in pages) > 0 or any(
        page.has_svg or page.may_move for page in pages
    )
    modes = ["textual", *(["visual"] if images else [])]
    found = [
        ("tableOfContents", True),
        ("readingOrder", True),
        ("structuralNavigation", True),
        ("index", has_index),
        ("pageNavigation", has_locators),
        ("pageBreakMarkers", has_locators),
        ("alternativeText", images > 0 and not silent),
        ("MathML", any(page.has_mathml for page in pages)),
        ("displayTransformability", own_style),
        ("unlocked", True),
    ]
    features = [name for name, is_there in found if is_there]
    moving = any(page.may_move or page.has_script for page in pages)
    return [
        *(("schema:accessMode", mode) for mode in modes),
        *_sufficient(images > 0, silent),
        *(("schema:accessibilityFeature", feature) for feature in features),
        ("schema:accessibilityHazard", "unknown" if moving else "none"),
        ("schema:accessibilitySummary", _summary(images > 0 and not silent, has_locators)),
        # The locators are the book's own, not pages of a printed one (EPUB Accessibility 1.1).
        ("pageBreakSource", "none" if has_locators else ""),
    ]


def _sufficient(has_images: bool, silent: bool) -> Iterator[tuple[str, str]]:
    """The sets of senses that each suffice to read all of the book."""
    if has_images:
        yield "schema:accessModeSufficient", "textual,visual"
    if not silent:
        yield "schema:accessModeSufficient", "textual"


def _summary(told_images: bool, has_locators: bool) -> str:
    sentences = [
        _("Headings, lists and tables are marked as such."),
        _("Notes stand after their passage, and mark and note are linked both ways."),
    ]
    if told_images:
        sentences.append(_("All pictures have alternative texts."))
    if has_locators:
        sentences.append(
            _(
                "The page list holds the numbers of the passages, by which the edition is cited; "
                "there are no other pages."
            )
        )
    return " ".join(map(str, sentences))
