"""Words and what stands among them: emphasis, links, foreign words, images."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from docutils import nodes

from annotated_edition.pdf.escape import array, markup, parts_of_address, string
from annotated_edition.pdf.occurrences import TIE_MARK
from annotated_edition.pdf.opening import language_of_book
from annotated_edition.pdf.output import Output

#: Addresses that a reader may follow; anything else is printed without a link.
_SAFE = ("http://", "https://", "mailto:")
_LENGTH = re.compile(r"^\s*([0-9.]+)\s*(%|em|ex|px|pt|mm|cm|in|pc)?\s*$")
_UNITS = {"px": (0.75, "pt"), "": (0.75, "pt"), "ex": (0.5, "em"), "pc": (12.0, "pt")}
_DOI = re.compile(r"https?://(dx\.)?doi\.org/")
#: A longer one may end a line before its year, or the line would be torn.
_SHORT_CITATION = 18
_LETTERED = re.compile(r"n\\\.d\\\.\\-\w+$")  # "n.d.-a", as markup
_LAST_WORD = re.compile(r" (?=[^ ]{1,7}$)")
_BREAK = re.compile(r"^\s*<br\s*/?>\s*$", re.IGNORECASE)


def length(value: str) -> str:
    """Return a docutils length as a Typst one, or ``auto``."""
    match = _LENGTH.match(value)
    if match is None:
        return "auto"
    number, unit = float(match.group(1)), match.group(2) or ""
    factor, unit = _UNITS.get(unit, (1.0, unit))
    return f"{number * factor:g}{unit}"


def language_of(node: nodes.Element) -> str | None:
    """Return the language that a ``language-xx`` class names."""
    for name in node["classes"]:
        if name.startswith("language-"):
            return str(name.removeprefix("language-")).partition("-")[0]
    return None


def _held_together(citation: str) -> str:
    """Return a citation's markup: its year stays with the name, and its letter with the year."""
    if len(citation) < _SHORT_CITATION:
        citation = _LAST_WORD.sub("~", citation)
    return _LETTERED.sub(r"#box[\g<0>];", citation)


def _is_bracketed(node: nodes.Element) -> bool:
    """Whether *node* stands in brackets of its paragraph."""
    before = ""
    for sibling in node.parent.children:
        if sibling is node:
            break
        before += sibling.astext()
    return before.count("(") > before.count(")")


class Inlines(Output):
    """Visitors for inline nodes."""

    def visit_Text(self, node: nodes.Text) -> None:
        """Write words."""
        if node.astext():
            self.add(markup(node.astext()))
        raise nodes.SkipNode

    def _wrap(self, function: str, node: nodes.Element) -> None:
        self.add(f"#{function}[{self.inside(*node.children)}];")
        raise nodes.SkipNode

    def visit_emphasis(self, node: nodes.Element) -> None:
        """Write emphasis; how sure a note is, in one piece."""
        self._wrap("standing" if "standing-word" in node["classes"] else "emph", node)

    visit_title_reference = visit_manpage = visit_literal_emphasis = visit_emphasis

    def visit_strong(self, node: nodes.Element) -> None:
        """Write strong emphasis."""
        self._wrap("strong", node)

    visit_literal_strong = visit_strong

    def visit_subscript(self, node: nodes.Element) -> None:
        """Write a subscript."""
        self._wrap("sub", node)

    def visit_superscript(self, node: nodes.Element) -> None:
        """Write a superscript."""
        self._wrap("super", node)

    def visit_literal(self, node: nodes.Element) -> None:
        """Write literal text; mathematics too is printed as it was typed."""
        self.add(f"#raw({string(node.astext())});")
        raise nodes.SkipNode

    visit_math = visit_literal

    def visit_inline(self, node: nodes.Element) -> None:
        """Write an inline span, in the language that its class names."""
        if TIE_MARK in node["classes"]:
            self._tie(node)
        language = language_of(node)
        words = self.inside(*node.children)
        if language and language != self.book_language:
            words = f"#language({string(language)})[{words}];"
        self.add(words)
        raise nodes.SkipNode

    def _tie(self, node: nodes.Element) -> None:
        """Write a word, and the mark in the margin that tells which places it is tied to."""
        self.flush_anchors()  # they belong to the word, not to the mark
        word, *links = node.children
        with self.telling(pages=True):
            marks = array([f"[{self.inside(link)}]" for link in links])
        self.add(f"#tied([{self.inside(word)}], {marks});")
        raise nodes.SkipNode

    @property
    def book_language(self) -> str:
        """The language of the book, without its region."""
        return language_of_book(self.config)

    def _pass(self, node: nodes.Element) -> None:
        """Write what is inside the node, which itself has no form in print."""
        self.children(node)
        raise nodes.SkipNode

    visit_generated = visit_abbreviation = visit_acronym = visit_problematic = _pass
    visit_pending_xref = visit_pending_xref_condition = visit_substitution_reference = _pass
    visit_download_reference = visit_target = _pass

    def visit_citation_reference(self, node: nodes.Element) -> None:
        """Write a citation that nothing has resolved, in its brackets."""
        self.add(markup(f"[{node.astext()}]"))
        raise nodes.SkipNode

    def visit_raw(self, node: nodes.Element) -> None:
        """Write what is meant for Typst; MyST's hard break is a raw HTML one."""
        if "typst" in node.get("format", "").split():
            self.add(node.astext())
        elif "html" in node.get("format", "").split() and _BREAK.match(node.astext()):
            self.add("#linebreak();")
        raise nodes.SkipNode

    def visit_sd_line_break(self, node: nodes.Element) -> None:
        """Write sphinx-design's line break."""
        self.add("#linebreak();")
        raise nodes.SkipNode

    # ---- links ---------------------------------------------------------------------------

    def visit_reference(self, node: nodes.Element) -> None:
        """Write a link, to a place in the book if there is one."""
        words = self.inside(*node.children)
        if not words.strip():
            raise nodes.SkipNode
        label, address = self._target(node)
        number = self._note_number(node)
        if self.by_number and number:
            words = markup(f"n.\u00a0{number}")
        if label:
            if label in self.book.citations:
                words = _held_together(words)
            self.want(node, label)
            form = self._link_form(node, label)
            if form == "see-aside" and self._is_title(node):
                words = f"#emph[{words}];"
            self.add(f"#{form}({string(label)})[{words}];")
        elif address and node.astext() in (address, f"doi:{_DOI.sub('', address)}"):
            parts = array(parts_of_address(node.astext()))
            self.add(f"#address({string(address)}, {parts});")
        elif address:
            self.add(f"#web({string(address)})[{words}];")
        else:
            self.add(words)
        raise nodes.SkipNode

    def _link_form(self, node: nodes.Element, label: str) -> str:
        """A cross-reference tells its page; a term is set apart."""
        if self.by_number and self._note_number(node):
            return "see"
        if self.with_pages:
            return "see-page"
        if label in self._documents and not self.in_title:
            # Amid a sentence, which goes on after it; brackets in brackets are hard to read.
            return "see-page" if _is_bracketed(node) else "see-aside"
        if any("std-term" in child["classes"] for child in node.findall(nodes.inline)):
            return "term"
        return "see"

    def _is_title(self, node: nodes.Element) -> bool:
        """Whether a link's words are the title of the page that it leads to."""
        docname = str(node.get("refuri", "")).removeprefix("%").partition("#")[0]
        title = self.builder.env.titles.get(docname)
        return title is not None and title.astext() == node.astext()

    @cached_property
    def _documents(self) -> set[str]:
        """The labels of whole pages of the sources."""
        return set(self.book.documents.values())

    #: Whether links tell the page that they lead to.
    with_pages = False

    #: Whether links to notes are their numbers alone.
    by_number = False

    @contextmanager
    def telling(self, *, pages: bool = False, numbers: bool = False) -> Iterator[None]:
        """Within it, links tell their pages, or notes their numbers alone, too."""
        outer = self.with_pages, self.by_number
        self.with_pages |= pages
        self.by_number |= numbers
        try:
            yield
        finally:
            self.with_pages, self.by_number = outer

    def _note_number(self, node: nodes.Element) -> int | None:
        """Return the number of the note whose page a reference leads to."""
        docname, _, id_ = str(node.get("refuri", "")).removeprefix("%").partition("#")
        return None if id_ else self.book.numbers.get(docname)

    def _target(self, node: nodes.Element) -> tuple[str | None, str | None]:
        """Return the label or else the address that a reference leads to."""
        uri = node.get("refuri", "")
        if "refid" in node:
            return self._label(node, self.docname, node["refid"]), None
        if uri.startswith("%"):
            docname, _, rest = uri[1:].partition("#")
            # Some extensions append a second fragment; the last one is the place.
            id_ = rest.rpartition("#")[2]
            if docname in self.book.documents:
                return self._label(node, docname, id_), None
            return None, self._web_address(docname, id_)
        if uri.startswith("#"):
            return self._label(node, self.docname, uri[1:]), None
        return None, uri if uri.startswith(_SAFE) else None

    def _label(self, node: nodes.Element, docname: str, id_: str) -> str | None:
        if not id_:
            return self.book.documents[docname]
        label = self.book.labels.get((docname, id_))
        if label is None:
            self.complain(
                node,
                f'dead link "{node.astext()}": there is no "{id_}" in the document "{docname}"',
            )
        return label

    def _web_address(self, docname: str, id_: str) -> str | None:
        """A page that is not in the book is linked in the web edition, if there is one."""
        base: str = self.config.html_baseurl
        if not base or docname not in self.builder.env.found_docs:
            return None
        return f"{base.rstrip('/')}/{docname}.html" + (f"#{id_}" if id_ else "")

    # ---- images --------------------------------------------------------------------------

    def visit_image(self, node: nodes.Element) -> None:
        """Write an image, which must have a text for those who cannot see it."""
        name = self.builder.images.get(node["uri"])
        if name is None:
            self.complain(node, f'the image "{node["uri"]}" cannot be printed')
            raise nodes.SkipNode
        alt = node.get("alt")
        if not alt:
            alt = self.caption_text or node["uri"]
            self.missing_alt.append((self.where(node), node["uri"]))
        width = length(node["width"]) if "width" in node else "auto"
        inline = isinstance(node.parent, nodes.TextElement) and len(node.parent.children) > 1
        call = f"picture({string('images/' + name)}, {string(alt)}, width: {width}"
        self.add(f"#{call}, inline: true);" if inline else f"#{call});")
        raise nodes.SkipNode

    #: The caption of the figure that is being written: its image's text if it has none.
    caption_text = ""

    def visit_sd_icon(self, node: nodes.Element) -> None:
        """Leave out what is of no use in a book, keeping its ids."""
        raise nodes.SkipNode

    visit_fontawesome = visit_sd_tab_input = visit_sd_icon
    visit_index = visit_comment = visit_substitution_definition = visit_pending = visit_sd_icon
    visit_system_message = visit_meta = visit_highlightlang = visit_sd_icon
    visit_tabular_col_spec = visit_toctree = visit_decoration = visit_colspec = visit_sd_icon
    visit_header = visit_footer = visit_label = visit_docinfo = visit_sd_icon
