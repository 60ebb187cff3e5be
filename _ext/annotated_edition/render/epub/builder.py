"""The builder ``epub``: Sphinx's, with what an e-reader needs to know of an edition.

Sphinx's writes the pages, the table of contents and the frame of the package; its templates for
package and navigation are replaced, and each page is marked up when it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.epub3 import Epub3Builder
from sphinx.locale import get_translation
from sphinx.util import logging
from sphinx.util.matching import Matcher

from annotated_edition import internals
from annotated_edition.domain import EditionDomain
from annotated_edition.domain.settings import line_of_setting
from annotated_edition.model.records import Subtype
from annotated_edition.read.doctree import line_of, read_passages
from annotated_edition.render.epub import metadata, outline, package
from annotated_edition.render.epub.cover import cover
from annotated_edition.render.epub.defaults import COVER, THEME
from annotated_edition.render.epub.semantics import Division, mark_up, words_alone
from annotated_edition.text.control import CONTROL
from annotated_edition.text.extras import command_for
from annotated_edition.text.xhtml import closed
from annotated_edition.weave.days import build_day
from annotated_edition.weave.locales import language_tag, runs_from_right
from annotated_edition.weave.lookups import Answers, Lookups

logger = logging.getLogger(__name__)
_ = get_translation("annotated_edition")

_HERE = Path(__file__).parent
_STYLE = "_static/edition-epub.css"
_TITLE_PAGE = "title-page"


class EditionEpubBuilder(Epub3Builder):
    """Writes the edition as an EPUB 3."""

    def init(self) -> None:
        """Prepare; an application may build more than once."""
        super().init()
        self.media_types = package.MediaTypes(self.media_types)
        answers, documents = Answers.of(self.env), EditionDomain.of(self.env).documents
        answers.define("divisions", lambda: outline.divisions(self.env, documents))
        answers.define("division", lambda name: answers.answer(("divisions",))[name])  # type: ignore[index]
        self.excluded = list(self.config.epub_exclude_files)
        self.files_of_book = package.Files()

    # ---- Pages

    @cached_property
    def left_out(self) -> set[str]:
        """The paths of pages that aren't in the book."""
        return {docname + self.out_suffix for docname in self.config.edition_epub_leave_out}

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Decide what runs through all pages, before writers fork."""
        super().prepare_writing(docnames)
        domain = EditionDomain.of(self.env)
        self.locators: dict[str, dict[str, str]] = {}
        for place in domain.edition.all_places:
            self.locators.setdefault(place.docname, {})[place.id] = (
                f"{place.work} {place.label}".strip()
            )
        entries = self.env.domains.index_domain.entries
        self.use_index = bool(self.use_index and any(entries.values()))

    def add_visible_links(self, tree: nodes.document, show_urls: str = "inline") -> None:
        """Show addresses (``epub_show_urls``), but add no word to a passage."""
        super().add_visible_links(tree, show_urls)
        for passage in read_passages(tree):
            for added in list(passage.findall(nodes.inline)):
                if self.css_link_target_class in added["classes"]:
                    added.parent.remove(added)

    def handle_page(
        self,
        pagename: str,
        addctx: dict[str, Any],
        templatename: str = "page.html",
        *,
        outfilename: Path | None = None,
        event_arg: Any = None,
    ) -> None:
        """Write a page and mark it up."""
        path = pagename + self.out_suffix
        if path in self.left_out:
            return
        addctx.setdefault("language", language_tag(self.config.epub_language))
        addctx.setdefault("index_title", str(_("Index")))
        if path == self.coverpage_name:
            words = filter(None, [self.config.epub_title, self.byline])
            addctx.setdefault("cover_words", ", ".join(words))
            addctx.setdefault("cover_title", str(_("Cover")))
        super().handle_page(
            pagename, addctx, templatename, outfilename=outfilename, event_arg=event_arg
        )
        file = Path(outfilename or self.get_output_path(pagename))
        if not file.exists():  # an index that isn't wanted
            return
        page = file.read_text(encoding="utf-8")
        division = Division("frontmatter")
        if pagename in self.env.found_docs:
            division = Lookups(self.env, pagename).ask("division", pagename)
        if pagename.startswith("genindex"):
            division = Division("backmatter", "index")
        locators = self.locators.get(pagename, {})
        for mend in (_as_it_is, closed, _without_controls, self._words_alone):
            try:
                page = mark_up(mend(page), path, division, locators, self.left_out)
                break
            except ET.ParseError as error:
                fault = str(error)
        if mend is _without_controls:
            message = _("this page has control characters, which are left out: take them away")
            self._warn(message, pagename)
        elif mend not in (_as_it_is, closed):
            message = _(
                "this page is no XML (%s), and e-readers need it: its words stand without form; "
                "see to its raw HTML"
            )
            self._warn(message % fault, pagename)
        file.write_text(page, encoding="utf-8")

    def _words_alone(self, page: str) -> str:
        return words_alone(_without_controls(page), language_tag(self.config.epub_language))

    def _warn(self, message: str, docname: str, line: int = 1) -> None:
        location: tuple[str, int] | str | None = None
        if docname in self.env.found_docs:
            location = docname, line
        elif docname in self.config.html_additional_pages:
            setting = line_of_setting(self.confdir, "html_additional_pages")
            location = f"{Path(self.confdir, 'conf.py')}:{setting}"
        logger.warning("%s", message, type="edition", subtype=Subtype.EPUB.value, location=location)

    # ---- The book

    def handle_finish(self) -> None:
        """Make the cover and the title page, then the package and the archive."""
        today = build_day()
        image, _template = self._cover
        if not image:
            logger.info(
                "the EPUB has no cover: to have one drawn, %s; or name a picture in epub_cover",
                command_for("pdf"),
            )
        if image == COVER:
            (self.outdir / image).write_bytes(
                cover(
                    self.config.epub_title,
                    self.byline,
                    self.config.epub_publisher,
                    _("Version %s") % self.config.release if self.config.release else "",
                    language_tag(self.config.epub_language),
                )
            )
        self.handle_page(
            _TITLE_PAGE,
            {
                "book_title": self.config.epub_title,
                "byline": self.byline,
                "imprint": list(metadata.imprint(self.config, today)),
                "web_edition": self.config.html_baseurl,
            },
            "title-page.html",
        )
        super().handle_finish()

    @property
    def _cover(self) -> tuple[str, str]:
        """The cover's picture and the template of its page; empty for none."""
        image, template = self.config.epub_cover or ("", "")
        return image, template

    @property
    def language(self) -> str:
        """The book's language as a tag of BCP 47; Sphinx writes ``zh_CN``."""
        return escape(language_tag(self.config.epub_language))

    @cached_property
    def byline(self) -> str:
        """What stands under the title."""
        theirs = self.config.html_theme_options.get("byline", "")
        return str(self.config.edition_epub_byline or theirs)

    def toc_add_files(self, refnodes: list[dict[str, Any]]) -> None:
        """Begin with the title page, end with the index, leave out what isn't in the book."""
        super().toc_add_files(refnodes)
        first = {"level": 1, "refuri": _TITLE_PAGE + self.out_suffix, "text": _("Title page")}
        kept = [node for node in refnodes if _page(node["refuri"]) not in self.left_out]
        refnodes[:] = [first, *outline.as_in_a_book(kept, self._places())]
        if self.use_index:
            refnodes.append(
                {"level": 1, "refuri": "genindex" + self.out_suffix, "text": escape(_("Index"))}
            )

    def _places(self) -> outline.Places:
        """What decides where a page stands, by the pages' paths."""
        edition = EditionDomain.of(self.env).edition
        front = Matcher(self.config.edition_pdf_front)
        return outline.Places(
            front=[name + self.out_suffix for name in sorted(self.env.found_docs) if front(name)],
            text={place.docname + self.out_suffix for place in edition.places},
            notes={
                page.note.docname + self.out_suffix: page.number for page in edition.notes.values()
            },
        )

    def build_content(self) -> None:
        """Write the package document; the book holds what its pages show, and no more."""
        image, template = self._cover
        if template:
            self.handle_page("epub-cover", {"image": escape(image)}, template)
        pages = [_page(node["refuri"]) for node in self.refnodes]
        pages += [f"{name}{self.out_suffix}" for name, *_rest in self.domain_indices]
        pages += [docname + self.out_suffix for docname in sorted(self.env.found_docs)]
        pages += [_page(uri) for _type, uri, _title in self.config.epub_guide]
        pages += [self.coverpage_name] if template else []
        self.files_of_book = package.gather(
            Path(self.outdir), [page for page in pages if page not in self.left_out]
        )
        if image:
            self.files_of_book.others.add(image)
        if (Path(self.outdir) / _STYLE).exists():
            self.files_of_book.others.add(_STYLE)  # the navigation document's
        lying = (path.relative_to(self.outdir) for path in Path(self.outdir).rglob("*"))
        self.config.epub_exclude_files = [
            *self.excluded,
            *(str(path) for path in lying if path.as_posix() not in self.files_of_book),
        ]
        self._unlink_the_dead()
        # Sphinx compares the contents' addresses with the names of files.
        addresses = [node["refuri"] for node in self.refnodes]
        for node in self.refnodes:
            node["refuri"] = unquote(node["refuri"])
        with internals.templates_of(self, _HERE / "templates"):
            super().build_content()
        for node, address in zip(self.refnodes, addresses, strict=True):
            node["refuri"] = address
        self._without_controls("content.opf")

    def _unlink_the_dead(self) -> None:
        """Keep only the words of links that lead to nothing in the book, and tell each once.

        A style sheet or script that isn't there costs no word, and no warning: extensions name
        theirs on every page, and bring them after the book is made, or to websites alone.
        """
        found = self.files_of_book.dead_links()
        sources: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for page, places in found.items():
            docname = page.removesuffix(self.out_suffix)
            for place in places:
                sources.setdefault(place, []).extend(self._links_to(place, docname))
            self.files_of_book.unlink(Path(self.outdir), page, places)
        for page, places in found.items():
            docname = page.removesuffix(self.out_suffix)
            for place in places:
                if place in self.files_of_book.pages[page].helpers:
                    continue
                target = f"{place[0]}#{place[1]}" if place[1] else place[0]
                message = _("this page links to %s, which isn't in the book") % target
                # What a page shows of others' words is told where they stand.
                for at, line in dict.fromkeys(sources[place]) or [(docname, 1)]:
                    if at == docname and line:
                        self._warn(message, docname, line)

    def _links_to(self, place: tuple[str, str], docname: str) -> Iterator[tuple[str, int]]:
        """A document and the lines on which its own words link to a place that isn't there.

        The line is 0 where MyST has told it.
        """
        if docname not in self.env.found_docs:
            return
        target, fragment = place[0].removesuffix(self.out_suffix), place[1]
        for node in self.env.get_doctree(docname).findall(nodes.Element):
            if isinstance(node, addnodes.pending_xref):
                name = str(node.get("reftargetid") or node["reftarget"])
                if name in (fragment, target) or (not fragment and name == f"/{target}"):
                    yield docname, 0 if node.get("reftargetid") else line_of(node)
            elif isinstance(node, nodes.reference) and node.get("refuri") in (
                f"{target}#{fragment}",
                f"#{fragment}",
                place[0],
            ):
                yield docname, line_of(node)

    def make_id(self, name: str) -> str:
        """An id made of the file's name, the same in every build."""
        name = unquote(name)
        if name not in self.id_cache:
            plain = "file-" + re.sub(r"[^A-Za-z0-9]+", "-", name)
            taken = set(self.id_cache.values())
            self.id_cache[name] = plain if plain not in taken else f"{plain}-{len(taken)}"
        return self.id_cache[name]

    def content_metadata(self) -> dict[str, Any]:
        """What the package says of the book."""
        config, files = self.config, self.files_of_book
        given = super().content_metadata()
        computed = [
            *metadata.describe(config, given["date"]),
            *metadata.accessibility(
                [page for name, page in files.pages.items() if name != self.coverpage_name],
                has_locators=bool(self.locators),
                has_index=self.use_index,
                own_style=config.epub_theme == THEME,
            ),
        ]
        elements, properties = metadata.with_own(computed, config.edition_epub_metadata)
        return {
            **given,
            "lang": self.language,
            "page_progression_direction": "rtl" if runs_from_right(self.language) else "",
            "elements": elements,
            "properties": properties,
            "item_properties": self._properties,
            "landmarks": self.landmarks(),
            "title_page": self.make_id(_TITLE_PAGE + self.out_suffix),
        }

    def _properties(self, href: str, is_cover: bool) -> str:
        pages = {quote(name): page for name, page in self.files_of_book.pages.items()}
        found = pages[href].properties if href in pages else ()
        return " ".join((*found, *(["cover-image"] * is_cover)))

    def landmarks(self) -> list[outline.Landmark]:
        """The book's landmarks, in reading order."""
        kinds = {}
        for node in self.refnodes:
            path = unquote(node["refuri"])
            if path in self.files_of_book.pages:
                kinds[quote(path)] = self.files_of_book.pages[path].kind, node["text"]
        start = next((path for path, (kind, _title) in kinds.items() if kind == "chapter"), "")
        shown = self.coverpage_name if self.coverpage_name in self.files_of_book else ""
        return outline.landmarks(shown, _TITLE_PAGE + self.out_suffix, kinds, start)

    def build_navigation_doc(self) -> None:
        """Write the navigation document: contents, landmarks, page list."""
        with internals.templates_of(self, _HERE / "templates"):
            super().build_navigation_doc()
        self._without_controls("nav.xhtml")

    def build_toc(self) -> None:
        """Write the contents for EPUB 2."""
        super().build_toc()
        self._without_controls("toc.ncx")

    def _without_controls(self, name: str) -> None:
        """Take from a file of the package what titles may have brought in and XML hasn't."""
        file = Path(self.outdir, name)
        text = file.read_text(encoding="utf-8")
        if CONTROL.search(text):
            file.write_text(_without_controls(text), encoding="utf-8")

    def navigation_doc_metadata(self, navlist: list[Any]) -> dict[str, Any]:
        """What the navigation document shows."""
        locators = [
            (label, f"{quote(docname)}{self.out_suffix}#break-{anchor}")
            for docname, labels in self.locators.items()
            for anchor, label in labels.items()
        ]
        return {
            **super().navigation_doc_metadata(navlist),
            "lang": self.language,
            "page_progression_direction": "rtl" if runs_from_right(self.language) else "",
            "toc_locale": escape(_("Contents")),
            "landmarks": self.landmarks(),
            "landmarks_title": _("Landmarks"),
            "locators": locators,
            "page_list_title": _("Passages"),
            "style": _STYLE if _STYLE in self.files_of_book else "",
        }

    def toc_metadata(self, level: int, navpoints: list[Any]) -> dict[str, Any]:
        """What the contents for EPUB 2 say; the identifier is that of the package."""
        identity = escape(self.config.epub_identifier)
        return {**super().toc_metadata(level, navpoints), "uid": identity}

    def build_epub(self) -> None:
        """Write the archive."""
        name = self.config.epub_basename + ".epub"
        logger.info(_("writing %s"), name)
        names = ["META-INF/container.xml", "content.opf", "toc.ncx", *self.files]
        mended = self.files_of_book.mended
        package.pack(Path(self.outdir), names, Path(self.outdir) / name, mended)


def _as_it_is(page: str) -> str:
    return page


def _without_controls(page: str) -> str:
    """The page without characters that XML has no place for."""
    return CONTROL.sub("", closed(page))


def _page(uri: str) -> str:
    """The path of the page that an address in the contents leads to."""
    return unquote(uri.partition("#")[0])
