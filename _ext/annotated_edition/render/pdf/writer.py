"""The doctree of the whole book as Typst markup.

One class, because a translator of docutils dispatches by the names of its methods.  It is in
the order of the grammar: the output itself, words, blocks, lists, tables, and at last what
makes a book of them: files, headings, notes and the index.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

from docutils import nodes
from sphinx.builders import Builder
from sphinx.locale import admonitionlabels, get_translation
from sphinx.util.docutils import SphinxTranslator
from sphinx.util.logging import get_node_location
from sphinx.util.nodes import traverse_parent

from annotated_edition.bibliography.queries import cites_by_author
from annotated_edition.domain.classes import language_in
from annotated_edition.domain.parallel import BesideNode
from annotated_edition.domain.text_nodes import text
from annotated_edition.domain.text_roles import ASIDE
from annotated_edition.read.doctree import DOCNAME, INDEX, LABEL, PAGE, PART, is_opaque
from annotated_edition.read.verse import BEFORE, LINE
from annotated_edition.render.formulas import FormulaError, tex_of
from annotated_edition.render.formulas import read as read_formula
from annotated_edition.render.pdf.book import LEVEL, Book, Place, own_words
from annotated_edition.render.pdf.escape import (
    HAN,
    array,
    breakable,
    isolate,
    markup,
    parts_of_address,
    plain,
    shortened,
    string,
)
from annotated_edition.render.pdf.formulas import formula
from annotated_edition.render.pdf.index import Entry, SubEntry, initial, languages_of
from annotated_edition.render.pdf.numbers import Numbers
from annotated_edition.render.pdf.opening import file_of, language_of_book, region_of
from annotated_edition.render.pdf.places import TIE_MARK
from annotated_edition.render.pictures import words_for
from annotated_edition.text.bidi import ISOLATION, balanced, isolated, runs_left
from annotated_edition.text.control import brief
from annotated_edition.text.folding import parts_no_words
from annotated_edition.text.words import Words
from annotated_edition.weave.languages import words_run_from_right

#: Nodes whose ids are written by their own visitor, each for a reason of its own.
_OWN_IDS = (nodes.section, nodes.footnote)
#: Addresses that a reader may follow; anything else is printed without a link.
_SAFE = ("http://", "https://", "mailto:")
#: Typst refuses longer ones, counted in bytes.
_LONGEST_ADDRESS = 8000
#: Typst knows languages by the codes of ISO 639 alone.
#: Languages of which Typst knows where their lines may end.
_EAST = frozenset({"zh", "ja", "ko"})
_LANGUAGE = re.compile(r"[a-z]{2,3}")
#: A longer title would fill the running heads, the contents and the index.
_LONGEST_TITLE = 300
_LENGTH = re.compile(r"([0-9.]+)\s*(%|em|ex|px|pt|mm|cm|in|pc)?")
_UNITS = {"px": (0.75, "pt"), "": (0.75, "pt"), "ex": (0.5, "em"), "pc": (12.0, "pt")}
_DOI = re.compile(r"https?://(dx\.)?doi\.org/")
#: A longer one may end a line before its year, or the line would be torn.
_SHORT_CITATION = 18
_LETTERED = re.compile(r"n\\\.d\\\.\\-\w+$")  # "n.d.-a", as markup
_LAST_WORD = re.compile(r" (?=[^ ]{1,7}$)")
_BREAK = re.compile(r"^\s*<br\s*/?>\s*$", re.IGNORECASE)
_ = get_translation("annotated_edition")
_ADMONITIONS = [
    "attention",
    "caution",
    "danger",
    "error",
    "hint",
    "important",
    "note",
    "seealso",
    "tip",
    "warning",
]
#: What leads from page to page on a screen; the pages of a book follow anyway.
_ON_SCREEN_ONLY = "note-neighbours"
#: Who wrote a note: told with its other facts.
_CREDIT = "note-credit"
#: Signs of a block that may stay in one piece: some fifteen lines.
_SHORT_PROSE = 1200
#: Containers that are set apart as the editors' prose.
_EDITORIAL = {"editorial", "headnote"}
#: Lists of the places where quoted words or terms stand.
_PLACES = {"note-places", "cross-reference-places"}
#: A column whose longest cell has no more signs than this is as wide as its words.
_NARROW = 20
#: How many signs a line of several links may have, if each is shorter: "45; 77; 81".
_LINKS = 12
#: What is kept with a short block before it, and how many signs a short one has.
_TOGETHER = {"note-see-also", "cross-reference-places"}
_SHORT = 450
#: What parts the places and the notes of a register's entry in print, instead of on a screen.
_OTHER_MARKS = {", ": "; ", "; ": ", "}
#: An anchor as :meth:`Output.flush_anchors` writes it.
_ANCHOR = re.compile(r'#anchor\(("(?:[^"\\]|\\.)*")\);')


class TypstWriter(SphinxTranslator):
    """Visits the assembled doctree; :meth:`written` returns the book as a Typst file.

    Parts of the tree are captured with :meth:`inside`.
    """

    builder: Builder

    def __init__(self, document: nodes.document, builder: Builder, book: Book) -> None:
        super().__init__(document, builder)
        self.book = book
        self.numbers = Numbers(builder.env)
        self.every: int = builder.config.edition_line_numbers
        self.body: list[str] = []
        self.files = [book.root]
        self.level = 0
        self.in_title = False
        self.problems: list[tuple[str, str]] = []  # where, and what was left out
        self.missing_alt: list[tuple[str, nodes.Element]] = []  # images: where, and which
        self.emitted: set[str] = set()
        self.passages: set[str] = set()  # labels of passages
        self.wanted: dict[str, str] = {}  # label -> where the first link to it stands
        self._pending: list[str] = []  # labels that wait for the next thing printed
        self._told: set[tuple[str, str]] = set()

    @property
    def docname(self) -> str:
        """The file that the present node comes from."""
        return self.files[-1]

    def where(self, node: nodes.Node) -> str:
        """Say where *node* comes from, as file and line."""
        path = str(self.builder.env.doc2path(self._note or self.docname))
        return place_of(node, path, woven=bool(self._note))

    #: The note, by its document's name, whose gist is being written into the text's page.
    _note = ""

    def complain(self, node: nodes.Node, message: str) -> None:
        """Note once that a piece could not be set; the book goes on without it."""
        problem = self.where(node), message
        if problem not in self._told:
            self._told.add(problem)
            self.problems.append(problem)

    # ---- output --------------------------------------------------------------------------

    def add(self, markup: str) -> None:
        """Write inline markup, after the anchors of whatever begins here."""
        self.flush_anchors()
        self.body.append(markup)

    def block(self, markup: str) -> None:
        """Write a block of its own."""
        self.flush_anchors()
        self.body.append(f"\n\n{markup}\n\n")

    def children(self, node: nodes.Element) -> None:
        """Write what is inside *node*."""
        for child in list(node.children):
            child.walkabout(self)

    def inside(self, *parts: nodes.Node) -> str:
        """Return the markup of *parts* instead of writing it."""
        outer, self.body = self.body, []
        for part in parts:
            part.walkabout(self)
        result, self.body = "".join(self.body), outer
        # A block's own blank lines would make it one paragraph too many in its surroundings.
        return result.strip("\n")

    # ---- places --------------------------------------------------------------------------

    def dispatch_visit(self, node: nodes.Node) -> None:
        """Keep the ids of *node* for the next thing printed, then visit it.

        Whatever a visitor raises costs the node, not the book: its words stand in for it.
        """
        if isinstance(node, nodes.Element) and not isinstance(node, _OWN_IDS):
            self.expect(node)
        if id(node) in self.book.repairs.pieces and not isinstance(node, nodes.footnote):
            self._stand_in(node)
            raise nodes.SkipNode
        body, written, files = self.body, len(self.body), len(self.files)
        state = self.level, self.in_title, self._note
        try:
            super().dispatch_visit(node)
        except (nodes.TreePruningException, nodes.StopTraversal):
            raise
        except Exception as error:
            self.body = body
            del self.body[written:], self.files[files:]
            self.level, self.in_title, self._note = state
            why = brief(f"{type(error).__name__}: {error}")
            self.complain(node, f"this can't be printed ({why}): its words stand without form")
            self._stand_in(node)
            raise nodes.SkipNode from error

    def _stand_in(self, node: nodes.Node) -> None:
        """Write the words of *node* in its place, and the labels that are in it."""
        if isinstance(node, nodes.Element):
            for part in node.findall(nodes.Element):
                if not isinstance(part, nodes.footnote):
                    self.expect(part)
        words = markup(self.book.repairs.words_of(node))
        if isinstance(node.parent, nodes.TextElement):
            self.add(words)
        else:
            self.block(words)

    def expect(self, node: nodes.Element) -> None:
        """Let the next thing printed carry the labels of *node*."""
        for id_ in node["ids"]:
            label = self.book.labels.get((self.docname, id_))
            if label:
                self.expect_label(label)

    def expect_label(self, label: str) -> None:
        """Let the next thing printed carry *label*, which is given once only."""
        if label not in self.emitted:
            self.emitted.add(label)
            self._pending.append(label)

    def flush_anchors(self) -> None:
        """Write the waiting labels; those inside a heading wait, for it is printed twice."""
        if self._pending and not self.in_title:
            self.body += [f"#anchor({string(label)});" for label in self._pending]
            self._pending.clear()

    def want(self, node: nodes.Node, label: str) -> None:
        """Remember that *node* links to *label*."""
        if label not in self.wanted:
            self.wanted[label] = self.where(node)

    # ---- unknown nodes -------------------------------------------------------------------

    def unknown_visit(self, node: nodes.Node) -> None:
        """Complain of a node that the book has no form for, and write what is inside."""
        self.complain(
            node,
            f'the printed book does not know what to do with a "{type(node).__name__}" node, and '
            "prints its words alone; give it a visitor with "
            "app.add_node(..., typst=(visit, depart))",
        )
        if isinstance(node, nodes.Element):
            self.children(node)
        raise nodes.SkipNode

    # ---- words, and what stands among them ---------------------------------------------------

    def visit_Text(self, node: nodes.Text) -> None:
        """Write words."""
        if node.astext():
            words = node.astext()
            boxed = HAN.search(words) is None or self._is_foreign(node)
            self.add(markup(words) if boxed else plain(words))
        raise nodes.SkipNode

    def _is_foreign(self, node: nodes.Node) -> bool:
        """Whether Chinese stands amid another language, where lines don't end as in Chinese."""
        if self.book_language in _EAST:
            return False
        inline = (nodes.Inline, nodes.line)
        blocks = (one for one in traverse_parent(node.parent) if not isinstance(one, inline))
        return language_of(next(blocks)) not in _EAST

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
        """Write literal text; marks and linked terms amid it as they are elsewhere."""
        for piece in [node] if is_opaque(node) else node.children:
            is_words = piece is node or isinstance(piece, nodes.Text)
            words = string(breakable(piece.astext()))
            self.add(f"#raw({words});" if is_words else self.inside(piece))
        raise nodes.SkipNode

    def visit_math(self, node: nodes.math) -> None:
        """Write a formula among words."""
        self.add(self._formula(node, node.astext(), block=False))
        raise nodes.SkipNode

    def _formula(self, node: nodes.Element, tex: str, *, block: bool, number: str = "") -> str:
        """A formula, or its TeX as it was typed if nothing can read it."""
        try:
            root = read_formula(tex, block)
        except FormulaError as error:
            self.complain(node, f"this formula can't be read ({error}), and is printed as typed")
            words = string(breakable(node.astext()))
            return f"#code({words})" if block else f"#raw({words});"
        alt = string(root.get("alttext", ""))
        if not block:
            return f"#math.equation(alt: {alt}, ${formula(root, block)}$.body);"
        numbered = f", number: {string(number)}" if number else ""
        return f"#displayed($ {formula(root, block)} $, {alt}{numbered})"

    def visit_math_block(self, node: nodes.math_block) -> None:
        """Write a formula in lines of its own, with its number."""
        self.block(
            self._formula(
                node, tex_of(node), block=True, number=self.numbers.equation(self.docname, node)
            )
        )
        raise nodes.SkipNode

    def visit_inline(self, node: nodes.Element) -> None:
        """Write an inline span, in the language that its class names."""
        if TIE_MARK in node["classes"]:
            self._tie(node)
        if ASIDE in node:
            self._wrap("speaker", node)
        if "register-remark" in node["classes"]:
            self._wrap("remark", node)
        language = self._language(node)
        words = self.inside(*node.children)
        if language and (runs_left(node.astext()) or self._direction(node)):
            words = balanced(words).join(ISOLATION)
        self.add(self._in_language(node, words, language))
        raise nodes.SkipNode

    def _tie(self, node: nodes.Element) -> None:
        """Write a word, and the mark in the margin that tells which places it is tied to."""
        self.flush_anchors()  # they belong to the word, not to the mark
        word, *links = node.children
        with self.telling(pages=True):
            marks = array([f"[{self.inside(link)}]" for link in links])
        places = []
        for link in links:
            label = self._target(link)[0] if isinstance(link, nodes.Element) else None
            places.append(f"({string(link.astext())}, {string(label or '')})")
        self.add(f"#tied([{self.inside(word)}], {marks}, {array(places)});")
        raise nodes.SkipNode

    def _language(self, node: nodes.Element) -> str | None:
        """Return the language that a class names, as Typst knows it."""
        language = language_of(node)
        if language is None or _LANGUAGE.fullmatch(language):
            return language
        self.complain(
            node,
            f"print knows no language {brief(repr(language))}, and sets its words as the book's "
            "own: write its code of two or three letters (ISO 639)",
        )
        return None

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
        if runs_left(node.astext()):
            words = isolated(words)
        if self.by_number and number:
            words = markup(str(number) if self.bare_numbers else f"n.\u00a0{number}")
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

    #: Whether links to notes are their numbers alone, and those without the sign before them.
    by_number = False
    bare_numbers = False

    @contextmanager
    def telling(
        self, *, pages: bool = False, numbers: bool = False, bare: bool = False
    ) -> Iterator[None]:
        """Within it, links tell their pages, or notes their numbers alone, too."""
        outer = self.with_pages, self.by_number, self.bare_numbers
        self.with_pages |= pages
        self.by_number |= numbers
        self.bare_numbers |= bare
        try:
            yield
        finally:
            self.with_pages, self.by_number, self.bare_numbers = outer

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
        if uri.startswith(_SAFE) and len(uri.encode()) > _LONGEST_ADDRESS:
            self.complain(
                node,
                f"the address {brief(uri)} is longer than {_LONGEST_ADDRESS:,} bytes, and its "
                "words stand without a link: shorten it",
            )
            return None, None
        return None, uri if uri.startswith(_SAFE) else None

    def _label(self, node: nodes.Element, docname: str, id_: str) -> str | None:
        if not id_:
            return self.book.documents[docname]
        label = self.book.labels.get((docname, id_))
        if label is None or label in self.book.repairs.dead:
            self.complain(
                node,
                f'dead link "{brief(node.astext())}": there is no "{id_}" in the document '
                f'"{docname}" as it is printed, and its words stand without a link',
            )
            return None
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
        file = self.builder.images.get(node["uri"])
        fault = "has a form that print doesn't know"
        if file is None or (fault := self.book.repairs.pictures.get(file, "")):
            self.complain(
                node,
                f"the picture {brief(repr(node['uri']))} {fault}: save it anew; its text stands "
                "in its place",
            )
            alt = str(node.get("alt") or self.caption_text)
            self.add(markup(words_for(" ".join(alt.split()))))
            raise nodes.SkipNode
        alt = node.get("alt")
        if not alt:
            alt = self.caption_text or node["uri"]
            self.missing_alt.append((self.where(node), node))
        width = length(node["width"]) if "width" in node else "auto"
        inline = isinstance(node.parent, nodes.TextElement) and len(node.parent.children) > 1
        call = f"picture({string('images/' + file)}, {string(alt)}, width: {width}"
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

    # ---- paragraphs and what they stand in ---------------------------------------------------

    # ---- paragraphs ----------------------------------------------------------------------

    def visit_paragraph(self, node: nodes.Element) -> None:
        """Write a paragraph; a passage has its number in the margin."""
        if _ON_SCREEN_ONLY in node["classes"] or _CREDIT in node["classes"]:
            raise nodes.SkipNode
        if "cross-reference" in node["classes"]:
            self.block(f"#cross-references[{self._with_pages(*node.children)}]")
            raise nodes.SkipNode
        if "note-facts" in node["classes"]:
            self._facts(node)
        if "note-see-also" in node["classes"]:
            self.block(self._with_pages(*node.children))
            raise nodes.SkipNode
        # The anchors go inside, or they would make a paragraph of their own.
        self.body.append("\n\n")
        words = self._noted(node, self.margin_number(node) + self.inside(*node.children))
        self.add(self._turned(node, self._in_language(node, words, self._language(node))))
        self.body.append("\n\n")
        raise nodes.SkipNode

    _paragraphs_with_notes = 0

    def _noted(self, node: nodes.Element, words: str) -> str:
        """Return a paragraph's words, told from others if it has notes: lines may need room."""
        if not any(True for _mark in node.findall(nodes.footnote_reference)):
            return words
        self._paragraphs_with_notes += 1
        return f"#noted({string(str(self._paragraphs_with_notes))})[{words}];"

    def note_links(self, node: nodes.Element) -> list[str]:
        """Return the links to notes in *node*, by their numbers."""
        with self.telling(numbers=True):
            return [self.inside(link) for link in node.findall(nodes.reference)]

    def _facts(self, node: nodes.Element) -> None:
        """Write a note's kind and standing, whose it is, and its name, by which it is cited.

        Its number stands in the heading already.
        """
        facts = [isolate(fact) for fact in _facts_of(node) if fact not in self._facts_of_all]
        id_ = self.book.repairs.printable(self.docname.rpartition("/")[2])
        facts.append(f"{markup(str(_('cited as')))} #box(emph[{markup(id_)}]);")
        # No line begins with a dot.
        line = " · ".join(facts).replace(" · ", "~· ")
        self.block(f"#facts[{line}]")
        raise nodes.SkipNode

    @cached_property
    def _facts_of_notes(self) -> list[tuple[str, str]]:
        """When each note was checked, and who wrote it and when."""
        lines = [node for node in self.book.tree.findall(nodes.paragraph) if _is_facts(node)]
        return [(" · ".join(_checked_of(line)), " · ".join(_credit_of(line))) for line in lines]

    @cached_property
    def _facts_of_all(self) -> list[str]:
        """What is said alike of most notes: told once, in the front matter.

        Only where every note says when, or who: none may seem to say what it leaves open.
        """
        found = []
        for said in zip(*self._facts_of_notes, strict=True):
            fact, times = Counter(said).most_common(1)[0]
            if all(said) and len(said) > 1 and times * 2 > len(said):
                found.append(fact)
        return found

    @property
    def _all_agree(self) -> bool:
        """Whether what is said of most notes is said of all."""
        return all({*self._facts_of_all} <= {*said} for said in self._facts_of_notes)

    def visit_PassthroughTextElement(self, node: nodes.Element) -> None:
        """Write sphinx-design's loose text as a paragraph."""
        self.visit_paragraph(node)

    def margin_number(self, node: nodes.Element) -> str:
        """Return the mark that hangs a passage's number in the margin."""
        label = node.get("edition_label")
        places = ((self.docname, id_) for id_ in node["ids"] if label)
        self.passages.update(self.book.labels[place] for place in places)
        if isinstance(node.parent, BesideNode):
            return ""  # the number of what it stands beside
        # Counted numbers stand there by themselves: the sign is told with them elsewhere.
        return f"#margin-number({string(str(label).removeprefix('¶'))});" if label else ""

    def _in_language(self, node: nodes.Element, words: str, language: str | None) -> str:
        region = region_of(language_in(node) or "")
        book = region_of(str(self.config.language))
        if language is None or (language, region) == (self.book_language, book):
            return words
        given = f", region: {string(region)}" if region else ""
        return f"#language({string(language)}{given})[{words}];"

    def _direction(self, node: nodes.Element) -> str:
        """The direction of *node*, if what stands around runs in the other one."""
        language = str(self.config.language)
        from_right = words_run_from_right(node, language)
        if from_right == words_run_from_right(node.parent, language):
            return ""
        return "rtl" if from_right else "ltr"

    def _turned(self, node: nodes.Element, words: str) -> str:
        """Return a block's words, in the direction of its language."""
        direction = self._direction(node)
        return f"#turned({direction})[{words}]" if direction else words

    def visit_line_block(self, node: nodes.Element) -> None:
        """Write a verse, its lines indented as deep as their blocks are nested."""
        lines = self._lines(node, 0)
        if lines:
            first = self.margin_number(node)
            if first:
                at = next(n for n, line in enumerate(lines) if not line.endswith("[])"))
                lines[at] = lines[at].replace("[", f"[{first}", 1)
            verse = f"#verse({', '.join(lines)})"
            self.block(self._turned(node, self._in_language(node, verse, self._language(node))))
        raise nodes.SkipNode

    def _lines(self, node: nodes.Element, depth: int) -> list[str]:
        lines: list[str] = []
        for child in node.children:
            if isinstance(child, nodes.line_block):
                self.expect(child)
                lines += self._lines(child, depth + 1)
            elif isinstance(child, nodes.line):
                self.expect(child)
                number = child.get(LINE, 0)
                shown = number if self.every and number % self.every == 0 else 0
                words, before = self.inside(*child.children), str(child.get(BEFORE, ""))
                if before:
                    shown, words = 0, f"#line-before[{markup(before)}];{words}"
                lines.append(f"({depth}, {shown}, [{words}])")
        return lines

    def _template_block(self, function: str, node: nodes.Element) -> None:
        self.block(f"#{function}[{self.inside(*node.children)}]")
        raise nodes.SkipNode

    def visit_rubric(self, node: nodes.Element) -> None:
        """Write a heading outside the book's order."""
        self._template_block("rubric", node)

    visit_dropdown_title = visit_sd_tab_label = visit_rubric

    def visit_caption(self, node: nodes.Element) -> None:
        """Write the caption of something that is no figure, such as code."""
        self.block(f"#caption[{self._numbered(node.parent)}{self.inside(*node.children)}]")
        raise nodes.SkipNode

    def _numbered(self, node: nodes.Element) -> str:
        """The number before a caption, which is cited by it."""
        number = self.book.repairs.printable(self.numbers.caption(self.docname, node))
        return f"#caption-number[{markup(number)}] " if number else ""

    def visit_centered(self, node: nodes.Element) -> None:
        """Write a centred line."""
        self._template_block("centred", node)

    def visit_transition(self, node: nodes.Element) -> None:
        """Write an ornament between two paragraphs; MyST's line over its footnotes is none."""
        if "footnotes" not in node["classes"]:
            self.block("#ornament()")
        raise nodes.SkipNode

    def visit_literal_block(self, node: nodes.Element) -> None:
        """Write lines as they were typed."""
        self.block(f"#code({string(breakable(node.astext()))})")
        raise nodes.SkipNode

    visit_doctest_block = visit_literal_block

    def visit_productionlist(self, node: nodes.Element) -> None:
        """Write a grammar, whose lines links lead to."""
        for production in node.findall(nodes.Element):
            self.expect(production)
        self.visit_literal_block(node)

    # ---- containers ----------------------------------------------------------------------

    def visit_container(self, node: nodes.Element) -> None:
        """Write a container; the editors' prose is set apart."""
        classes = set(node["classes"])
        if _ON_SCREEN_ONLY in classes:
            raise nodes.SkipNode
        if classes & _EDITORIAL:
            # A short one stays in one piece.
            whole = len(node.astext()) < _SHORT_PROSE
            options = ["breakable: false"] if whole else []
            # A headnote doesn't stand at a page's foot without what it is about.
            options += ["sticky: true"] if _is_followed(node) else []
            self.block(f"#editorial({', '.join(options)})[{self.inside(*node.children)}]")
            raise nodes.SkipNode
        if "note-about" in classes:
            self.block(f"#about[{self._with_pages(*node.children)}]")
            raise nodes.SkipNode
        language = self._language(node)
        if language and language != self.book_language and "literal-block-wrapper" not in classes:
            words = self._in_language(node, self.inside(*node.children), language)
            self.block(self._turned(node, words))
        else:
            self.children(node)
        raise nodes.SkipNode

    def visit_BesideNode(self, node: nodes.Element) -> None:
        """Write what stands beside a passage: under it, and set apart."""
        self.block(f"#beside[{self.inside(*node.children)}]")
        raise nodes.SkipNode

    def _with_pages(self, *parts: nodes.Node) -> str:
        """Return the markup of *parts*, links telling the pages that they lead to."""
        with self.telling(pages=True):
            return self.inside(*parts)

    def _through(self, node: nodes.Element) -> None:
        """Write what is inside the node, which itself has no form in print."""
        self.children(node)
        raise nodes.SkipNode

    visit_compound = visit_legend = visit_glossary = visit_only = visit_acks = _through
    visit_hlist = visit_hlistcol = visit_desc = visit_versionmodified = _through
    visit_dropdown_main = visit_aside_main = _through

    def visit_desc_signature(self, node: nodes.Element) -> None:
        """Write the name of a described object."""
        self._template_block("signature", node)

    def visit_desc_signature_line(self, node: nodes.Element) -> None:
        """Write a part of a described object's name."""
        self.children(node)
        raise nodes.SkipNode

    visit_desc_name = visit_desc_addname = visit_desc_type = visit_desc_signature_line
    visit_desc_annotation = visit_desc_parameter = visit_desc_signature_line

    def visit_desc_parameterlist(self, node: nodes.Element) -> None:
        """Write the parameters of a described object."""
        self.add("\\(" + ", ".join(self.inside(child) for child in node.children) + "\\)")
        raise nodes.SkipNode

    def visit_desc_content(self, node: nodes.Element) -> None:
        """Write what is said of a described object."""
        self._template_block("indented", node)

    def visit_block_quote(self, node: nodes.Element) -> None:
        """Write a quotation and whose it is."""
        said = [child for child in node.children if not isinstance(child, nodes.attribution)]
        by = [child for child in node.children if isinstance(child, nodes.attribution)]
        words = self.inside(*said)
        option = ""
        if by:
            option = "attribution: [" + self.inside(*by[0].children) + "]"
        self.block(f"#quotation({option})[{words}]")
        raise nodes.SkipNode

    # ---- admonitions ---------------------------------------------------------------------

    def _boxed(self, node: nodes.Element, kind: str, title: str | None) -> None:
        rest = list(node.children)
        if rest and isinstance(rest[0], nodes.title):
            title = self.inside(*rest[0].children)
            rest = rest[1:]
        words = self.inside(*rest)
        heading = "none" if title is None else f"[{title}]"
        self.block(f"#admonition({string(kind)}, {heading})[{words}]")
        raise nodes.SkipNode

    def visit_Admonition(self, node: nodes.Element) -> None:
        """Write an admonition under its name in the book's language."""
        kind = node.tagname
        title = str(admonitionlabels[kind]) if kind in admonitionlabels else None
        self._boxed(node, kind, title and markup(self.book.repairs.printable(title)))

    def visit_topic(self, node: nodes.Element) -> None:
        """Write a topic; a local table of contents is of no use beside the book's own."""
        if "contents" in node["classes"]:
            raise nodes.SkipNode
        self._boxed(node, "topic", None)

    visit_sidebar = visit_topic

    # ---- lists -------------------------------------------------------------------------------

    def _items(self, node: nodes.Element) -> str:
        return ", ".join(f"[{self.inside(item)}]" for item in node.children)

    def visit_bullet_list(self, node: nodes.Element) -> None:
        """Write a list; one of places in the text is set as what it is."""
        classes = set(node["classes"])
        if "occurrences" in classes:
            # The text is in the same book: where to look is enough, without the words around.
            links = [link for item in node.children for link in _first_links(item)]
            self._end_paragraph_with(f"#occurrences[{self._with_pages(*_parted(links))}];")
        elif classes & _PLACES:
            items = [self._place(item) for item in node.children]
            self.block(f"#places({', '.join(items)})")
        elif "note-list" in classes:
            items = [f"[{self._with_pages(*_after_semicolons(item))}]" for item in node.children]
            self.block(f"#note-list({', '.join(items)})")
        else:
            self.block(f"#list({self._items(node)})")
        raise nodes.SkipNode

    def _end_paragraph_with(self, words: str) -> None:
        """Write *words* as the last line of the paragraph before: no page begins with them."""
        while self.body and not self.body[-1].strip():
            self.body.pop()
        self.add(words)
        self.body.append("\n\n")

    def _place(self, item: nodes.Node) -> str:
        """Return where words stand, set off from them."""
        (line,) = item.children
        with self.telling(pages=True):
            link, words = self.inside(line.children[0]), self.inside(*line.children[1:])
        return f"[{link}#h(0.55em){words.lstrip()}]"

    def visit_enumerated_list(self, node: nodes.Element) -> None:
        """Write a numbered list, numbered as its author did."""
        signs = {"arabic": "1", "loweralpha": "a", "upperalpha": "A"}
        signs |= {"lowerroman": "i", "upperroman": "I"}
        sign = signs.get(node.get("enumtype", "arabic"), "1")
        pattern = f"{node.get('prefix', '')}{sign}{node.get('suffix', '.')}"
        start = node.get("start", 1)
        self.block(f"#enum(numbering: {string(pattern)}, start: {start}, {self._items(node)})")
        raise nodes.SkipNode

    visit_steps_list = visit_enumerated_list

    def visit_list_item(self, node: nodes.Element) -> None:
        """Write what is inside an item."""
        self.children(node)
        raise nodes.SkipNode

    def _terms(self, pairs: list[tuple[str, str]], function: str = "terms") -> None:
        if pairs:
            items = ", ".join(f"terms.item[{name}][{words}]" for name, words in pairs)
            self.block(f"#{function}({items})")
        raise nodes.SkipNode

    def visit_definition_list(self, node: nodes.Element) -> None:
        """Write terms and what they mean; several terms may share one meaning."""
        if "register" in node["classes"]:
            self._register(node)
        pairs: list[tuple[str, str]] = []
        compared = "versions" in node["classes"]
        for item in node.children:
            if not isinstance(item, nodes.Element):
                continue
            self.expect(item)
            name = ""
            for child in item.children:
                if isinstance(child, nodes.term):
                    words = self._with_pages(child) if compared else self.inside(child)
                    name += ("; " if name else "") + words
                elif isinstance(child, nodes.classifier):
                    name += " " + self.inside(child)
            rest = [c for c in item.children if not isinstance(c, (nodes.term, nodes.classifier))]
            pairs.append((name, self.inside(*rest)))
        if compared:
            items = ", ".join(f"([{name}], [{words}])" for name, words in pairs)
            self.block(f"#compared({items})")
            raise nodes.SkipNode
        self._terms(pairs, "glossary" if "glossary" in node["classes"] else "terms")

    def _register(self, node: nodes.Element) -> None:
        """Write a register, a list for each letter: notes by number, or titles would fill pages."""
        letters: list[list[str]] = [[]]
        for item in node.children:
            term, definition = (part for part in item.children if isinstance(part, nodes.Element))
            if "register-letter" in term["classes"]:
                letters.append([])
            self.expect(term)
            name = self.inside(*term.children)
            # Not to be told after "Notes:" once more.
            with self.telling(pages=True, numbers=True, bare=True):
                words = self.inside(*_mentions_of(definition))
            letters[-1].append(f"terms.item[{name}][{words}]")
        self.block(f"#register({', '.join(map(array, letters))})")
        raise nodes.SkipNode

    def visit_term(self, node: nodes.Element) -> None:
        """Write a term, a definition, a classifier: what is inside."""
        self.children(node)
        raise nodes.SkipNode

    visit_definition = visit_description = visit_field_body = visit_field_name = visit_term

    def visit_classifier(self, node: nodes.Element) -> None:
        """Write the classifier of a term."""
        self._wrap("emph", node)

    def visit_field_list(self, node: nodes.Element) -> None:
        """Write fields as terms and what they mean."""
        self._terms(
            [
                (self.inside(field.children[0]), self.inside(*field.children[1:]))
                for field in node.children
                if isinstance(field, nodes.Element)
            ]
        )

    def visit_option_list(self, node: nodes.Element) -> None:
        """Write a program's options as terms and what they mean."""
        self._terms(
            [
                (f"#raw({string(item.children[0].astext())})", self.inside(*item.children[1:]))
                for item in node.children
                if isinstance(item, nodes.Element)
            ]
        )

    # ---- tables, figures, the bibliography's entries -----------------------------------------

    def visit_table(self, node: nodes.Element) -> None:
        """Write a table, with its caption if it has one."""
        titles = [child for child in node.children if isinstance(child, nodes.title)]
        if "edition-figure-table" in node["classes"] and not self.by_number:
            # The table of a chart: notes by their numbers, places in the text with pages.
            # The column says what they are.
            with self.telling(pages=True, numbers=True, bare=True):
                self._table(node, titles, given=False)
        else:
            self._table(node, titles, given="colwidths-given" in node["classes"])
        raise nodes.SkipNode

    def _table(self, node: nodes.Element, titles: list[nodes.title], given: bool) -> None:
        caption = ""
        if titles:
            words = self._numbered(node) + self.inside(*titles[0].children)
            caption = f", caption: [{words}]"
        for group in node.findall(nodes.tgroup):
            widths = array(self._columns(group, given))
            head = [row for part in _parts(group, nodes.thead) for row in part.children]
            rows = [row for part in _parts(group, nodes.tbody) for row in part.children]
            cells = [cell for row in rows for cell in self._cells(row)]
            heads = array([cell for row in head for cell in self._cells(row)])
            body = ",\n  ".join(cells)  # a cell a line, so that the file can be read
            whole = ", whole: true" if self.by_number else ""
            self.block(f"#grid-table({widths}, {heads},\n  {body}{caption}{whole})")

    def _columns(self, group: nodes.Element, given: bool) -> list[str]:
        """Return the widths of a table's columns: the author's, or what the words ask for."""
        specs = _parts(group, nodes.colspec)
        if given:
            return [f"{spec.get('colwidth', 1)}fr" for spec in specs]
        sizes: list[list[int]] = [[0] for _ in specs]
        several = [0] * len(specs)
        for row in group.findall(nodes.row):
            if len(row.children) != len(specs):  # some cell spans columns or rows here
                continue
            for number, entry in enumerate(row.children):
                links = [*entry.findall(nodes.reference)] if self.by_number else []
                pieces = [self._signs(link) for link in links]
                if len(pieces) > 1:
                    several[number] = max(several[number], _signs_of_line(pieces))
                sizes[number].append(max(pieces) if pieces else len(entry.astext()))
        if all(max(column) <= _NARROW for column in sizes) and not any(several):
            return ["auto"] * len(specs)
        return [_width(column, line) for column, line in zip(sizes, several, strict=True)]

    def _signs(self, link: nodes.Element) -> int:
        """About as many signs has a link in print, where notes are told by numbers."""
        return len("12; ") if self._note_number(link) else len(link.astext()) + len(", p. 12 ")

    def _cells(self, row: nodes.Node) -> list[str]:
        cells: list[str] = []
        for entry in row.children:
            if not isinstance(entry, nodes.Element):
                continue
            self.expect(entry)
            words = self.inside(*entry.children)
            spans = []
            if entry.get("morecols"):
                spans.append(f"colspan: {entry['morecols'] + 1}")
            if entry.get("morerows"):
                spans.append(f"rowspan: {entry['morerows'] + 1}")
            cells.append(f"table.cell({', '.join(spans)})[{words}]" if spans else f"[{words}]")
        return cells

    def visit_figure(self, node: nodes.Element) -> None:
        """Write a figure with its caption, which speaks for an image without a text."""
        captions = [child for child in node.children if isinstance(child, nodes.caption)]
        legends = [child for child in node.children if isinstance(child, nodes.legend)]
        rest = [child for child in node.children if child not in captions + legends]
        outer = self.caption_text
        if captions:
            self.caption_text = captions[0].astext()
        body = self.inside(*rest)
        self.caption_text = outer
        below = [self.inside(*part.children) for part in captions + legends]
        if number := self._numbered(node):
            below[:1] = [number + "".join(below[:1])]
        # A caption of more than one paragraph: what the legend says follows the caption.
        option = "caption: [" + "\n\n".join(below) + "]" if below else ""
        self.block(f"#plate({option})[{body}]")
        raise nodes.SkipNode

    def visit_citation(self, node: nodes.Element) -> None:
        """Write an entry of the bibliography."""
        mark = "none"
        rest = list(node.children)
        if rest and isinstance(rest[0], nodes.label):
            # Citations by author and year are looked up by author, not by a label.
            if not cites_by_author(self.config):
                mark = string(f"[{rest[0].astext()}]")
            rest = rest[1:]
        # The notes that cite it stand on its last line.
        cited = [
            part
            for part in rest
            if isinstance(part, nodes.paragraph) and "cited-in" in part["classes"]
        ]
        words = self.inside(*(part for part in rest if part not in cited))
        notes = array([f"[{link}]" for part in cited for link in self.note_links(part)])
        long = ", breakable: true" if len(node.astext()) > _SHORT_PROSE else ""
        self.block(f"#source({mark}, cited: {notes}{long})[{words}]")
        raise nodes.SkipNode

    # ---- files, headings, notes, the index ---------------------------------------------------

    _last_level = 0
    _last_part_had_passages = False
    _text_has_begun = False
    _in_imprint = False

    def written(self, arguments: dict[str, str], begun: Callable[[str], None]) -> str:
        """Return the Typst file of the whole book; *arguments* are the template's.

        *begun* is given the file of the text alone as soon as that is written.
        """
        #: Footnotes that stand already: the passage of each one's first mark, and its label.
        self._printed: dict[Place, tuple[nodes.Element | None, str]] = {}
        self._headings: list[str] = []
        parts = self.book.parts
        self._in_imprint = True
        imprint = self._part(self.book.imprint)
        self._in_imprint = False
        if self._facts_of_all:
            words = _("All notes: %s") if self._all_agree else _("Unless a note says otherwise: %s")
            said = str(words) % " · ".join(self._facts_of_all)
            imprint += f"\n\n#one-paragraph(above: 1.3em)[{markup(said)}.]\n\n"
        front = self._part(parts.front)
        text = self._part([*own_words(self.book.tree), *parts.text])
        begun(file_of(arguments, text))
        rest = self._part(parts.rest)
        if self.book.index and not self.book.repairs.indexless:
            rest += f"\n\n#part-break()\n\n{self._book_index()}\n"
        before = {
            "headings": array(self._headings),
            "imprint": f"[{imprint}]",
            "front": f"[{front}]",
        }
        whole = file_of(
            {**arguments, **before}, f"{text}\n\n#rest({arguments['paper']})[\n{rest}\n]"
        )
        return self._without_idle_anchors(whole)

    def _part(self, parts: Sequence[nodes.Node]) -> str:
        self._last_level = 0
        words = self.inside(*parts)
        self.body = []
        self.flush_anchors()
        last, self.body = "".join(self.body), []
        return f"\n{words}\n{last}\n"

    def _without_idle_anchors(self, whole: str) -> str:
        """Take out the anchors that no link leads to, but passages': others may cite them.

        Each costs Typst time; citations alone have hundreds that nobody wants.
        """
        keep = {string(label) for label in (*self.wanted, *self.passages)}
        return _ANCHOR.sub(lambda match: match.group() if match.group(1) in keep else "", whole)

    # ---- files and sections --------------------------------------------------------------

    def visit_start_of_file(self, node: nodes.Element) -> None:
        """Write a file of the sources, on the level that it has in the book."""
        outer, self.level = self.level, node.get(LEVEL, 1) - 1
        self.files.append(node["docname"])
        label = self.book.documents.get(self.docname, "")
        if label.endswith("#"):  # no section will carry it
            self.expect_label(label)
        self.children(node)
        self.files.pop()
        self.level = outer
        raise nodes.SkipNode

    def visit_section(self, node: nodes.Element) -> None:
        """Write a section. The root's first section is the book: its title is the title page's.

        But where it is a page of the text: notes may be about its title.
        """
        is_first = len(self.files) == 1 and self.level == 0 and not self._last_level
        if is_first and not any(
            PART in child for child in node.children if isinstance(child, nodes.title)
        ):
            self._last_level = -1
            self.expect(node)
            self.children_but_title(node)
            raise nodes.SkipNode
        self.level += 1
        self._heading(node)
        self.children_but_title(node)
        self.level -= 1
        raise nodes.SkipNode

    def children_but_title(self, node: nodes.Element) -> None:
        """Write what stands under a section's heading."""
        children = [child for child in node.children if not isinstance(child, nodes.title)]
        for child, after in zip(children, [*children[1:], None], strict=False):
            if _leads_on(child, after):
                self.block(f"#kept[{self.inside(child)}]")
            else:
                child.walkabout(self)

    def _heading(self, node: nodes.Element) -> None:
        title = next((part for part in node.children if isinstance(part, nodes.title)), None)
        if title is None:
            self.expect(node)
            return
        if self._in_imprint:
            self.expect(node)
            self.block(f"#imprint-head[{self.inside(*title.children)}]")
            return
        # PDF/UA knows no skipped level.
        level = min(self.level, max(self._last_level, 0) + 1)
        self._last_level = level
        if level == 1 or not self._text_has_begun:
            self._begin_part(node, level)
        self.flush_anchors()
        words, plain, rest = self._title(title)
        if node.get(PAGE) in self.book.numbers:
            words = f"#note-number({string(str(self.book.numbers[node[PAGE]]))});{words}"
        elif number := self.numbers.section(self.docname, node):
            words = f"{markup(number)}#h(0.7em){words}"
            plain = f"{number}\u2002{plain}"
        if level <= 3:  # as deep as the contents go
            self._headings.append(f"({level}, [{isolate(plain)}])")
        for id_ in title["ids"]:
            self.expect_label(self.book.labels[self.docname, id_])
        label = self.book.labels.get((self.docname, node["ids"][0])) if node["ids"] else None
        tag = ""
        if label and label not in self.emitted:
            self.emitted.add(label)
            tag = f"#label({string(label)})"
        heading = f"#heading(level: {level})[{words}]{tag}"
        language = self._language(title)
        if language and (direction := self._direction(title)):
            heading = f"#text(lang: {string(language)}, dir: {direction})[{heading}]"
        self.body.append(f"\n\n{heading}\n\n")
        if rest:
            self.block(rest)

    def _title(self, title: nodes.title) -> tuple[str, str, str]:
        """Return a heading's markup, its words for the contents, and what follows it as text.

        PDF/UA knows no heading without words, and no page has room for one of thousands.
        """
        plain = title.astext()
        printed = "".join(_words_of_title(title))
        whole = id(title) not in self.book.repairs.pieces
        if whole and len(plain) <= _LONGEST_TITLE and _prints(printed):
            self.in_title = True
            words = self.inside(*title.children)
            self.in_title = False
            if runs_left(printed):
                words = isolated(words)
            return words, plain, ""
        if len(plain) > _LONGEST_TITLE:
            self.complain(
                title,
                f"this title is longer than {_LONGEST_TITLE} characters, and its beginning "
                "stands for it: shorten it",
            )
            short = shortened(plain, _LONGEST_TITLE)
            return isolate(short), short, self.inside(*title.children)
        if not _prints(printed):
            self.complain(title, "this heading has no words of its own: give it some")
            # Its picture or footnote follows as text.
            alts = [str(image.get("alt", "")) for image in title.findall(nodes.image)]
            short = next(filter(_prints, alts), "…")
            return isolate(short), short, self.inside(*title.children) if whole else ""
        short = self.book.repairs.words_of(title)
        return isolate(short), short, ""

    def _begin_part(self, node: nodes.Element, level: int) -> None:
        """Begin a chapter, and the text itself, on a new page, where the text doesn't run on.

        A text that begins within a chapter may stand below what little of that is on its page.
        """
        passages = any(LABEL in part for part in node.findall(nodes.Element))
        begins = passages and not self._text_has_begun
        self._text_has_begun |= passages
        if level == 1 and (begins or not (passages and self._last_part_had_passages)):
            self.body.append("\n\n#part-break()\n\n")
        elif begins:
            self.body.append("\n\n#text-break()\n\n")
        self._last_part_had_passages = passages

    def visit_title(self, node: nodes.Element) -> None:
        """Write a title that no visitor above has taken, as a rubric."""
        self.visit_rubric(node)

    def visit_subtitle(self, node: nodes.Element) -> None:
        """Write a subtitle."""
        self.visit_rubric(node)

    # ---- notes ---------------------------------------------------------------------------

    def visit_footnote_reference(self, node: nodes.footnote_reference) -> None:
        """Write a note at its first mark; further marks refer to it."""
        place = self.book.footnote_of(node, self.docname)
        if place is None:
            self.complain(
                node,
                f'there is no footnote "{node.get("refid", node.astext())}" for this mark, which '
                "stands alone: write the footnote",
            )
            self.add(f"#super[{markup(node.astext().strip())}];")
            raise nodes.SkipNode
        if _follows_a_mark(node):
            self.add("#between-marks;")
        elif parts_no_words(_letter_before(node)):
            self.add("#sym.wj;")  # it would begin a line
        number = string(node.astext().strip())
        name = string(f"{place[0]}#{place[1]} (note)")
        if place in self._printed:
            self.add(self._note_again(node, number, name, *self._printed[place]))
        else:
            label = self.book.labels.get((self.docname, node["ids"][0])) if node["ids"] else ""
            self._printed[place] = _passage_of(node), label or ""
            function = "title-note" if self.in_title else "note"
            words = self._note_text(self.book.footnotes[place], place[0])
            self.add(f"#{function}({number}, {name})[{words}];")
        raise nodes.SkipNode

    def _note_again(
        self,
        node: nodes.footnote_reference,
        number: str,
        name: str,
        passage: nodes.Element | None,
        label: str,
    ) -> str:
        """Return a further mark of a note: from a passage far off, a note says where to look."""
        here = _passage_of(node)
        dead = label in self.book.repairs.dead
        if passage is None or not label or dead or _are_near(passage, here):
            return f"#note-again({number}, {name});"
        self.want(node, label)
        words = markup(str(_("See %s")) % passage[LABEL])
        again = string(f"{self.docname}#{'-'.join(node['ids'])} (note)")
        return f"#note({number}, {again})[#see-page({string(label)})[{words}];.];"

    def _note_text(self, footnote: nodes.footnote, docname: str) -> str:
        """Return a footnote's words, read as part of the file that it comes from."""
        # What waits to be labelled is the mark's, not the note's.
        self.flush_anchors()
        waiting, self._pending = self._pending, []
        in_title, self.in_title = self.in_title, False
        self.files.append(docname)
        outer, self._note = self._note, self.book.notes.get(footnote.get("edition_note", ""), "")
        self.expect(footnote)
        if id(footnote) in self.book.repairs.pieces:
            words = markup(self.book.repairs.words_of_note(footnote))
        else:
            words = self.inside(*(c for c in footnote.children if not isinstance(c, nodes.label)))
        self._note = outer
        self.files.pop()
        self._pending = waiting + self._pending
        self.in_title = in_title
        return words

    def visit_footnote(self, node: nodes.footnote) -> None:
        """Pass over a footnote, written at its mark; one without a mark stands here."""
        docname = node.get("docname", self.docname)
        places = [(docname, id_) for id_ in node["ids"]]
        if not any(place in self.book.marked for place in places):
            number = node.children[0].astext() if node.children else ""
            self.block(f"#loose-note({string(number)})[{self._note_text(node, docname)}]")
        raise nodes.SkipNode

    # ---- the index -----------------------------------------------------------------------

    def _book_index(self) -> str:
        """Return the index, a group for each letter."""
        groups: dict[tuple[str, bool], list[Entry]] = {}
        for entry in self.book.index:
            letter = self.book.repairs.printable(initial(entry, self.book_language))
            # Figures and scripts without letters' cases stand at either end.
            key = (letter, not letter and any(known for known, _end in groups))
            groups.setdefault(key, []).append(entry)
        letters = ",\n".join(
            self._index_group(letter, entries) for (letter, _end), entries in groups.items()
        )
        title, see, also = string(_("Index")), string(_("see")), string(_("see also"))
        words = string(
            _(
                "Figures are pages of the text, with “n.” those of the notes at their foot. "
                "Figures in italics lead to more: the glossary, the registers, the commentary."
            )
        )
        return f"#book-index({title}, {words}, {see}, {also},\n{letters},\n)"

    def _index_group(self, letter: str, entries: list[Entry]) -> str:
        """Return the entries under a letter; those of one script without letters, its language."""
        languages = {languages_of(entry, self.book_language) for entry in entries}
        alone = languages.pop() if not letter and len(languages) == 1 else ""
        lines = [self._entry(entry, labelled=not alone) for entry in entries]
        return f"  ({string(letter or alone)}, (\n    " + ",\n    ".join(lines) + ",\n  ))"

    def _entry(self, entry: Entry, *, labelled: bool = True) -> str:
        printable = self.book.repairs.printable
        head = f"[{isolate(shortened(printable(entry.head), _LONGEST_TITLE))}]"
        language = languages_of(entry, self.book_language) if labelled else ""
        if language:
            head = f"{head[:-1]} \\({markup(language)}\\)]"
        if entry.see:
            see = isolated(breakable(shortened(printable(entry.see), _LONGEST_TITLE)))
            return f"(head: {head}, see: {string(see)})"
        text = array([string(label) for label in self._labels(entry.text)])
        parts = array(
            [
                f"(head: [{isolate(shortened(printable(part.words), _LONGEST_TITLE))}], "
                f"text: (), {self._commentary_on(part)})"
                for part in entry.parts
            ]
        )
        also = array(
            [
                string(isolated(shortened(printable(other), _LONGEST_TITLE)))
                for other in entry.see_also
            ]
        )
        return (
            f"(head: {head}, text: {text}, {self._commentary_on(entry)}, parts: {parts}, "
            f"also: {also})"
        )

    def _commentary_on(self, entry: Entry | SubEntry) -> str:
        """Where notes and explanations of an entry stand."""
        notes = array(
            [
                f"({string(str(number))}, {string(label)})"
                for number, place in entry.notes
                for label in self._labels([place])
            ]
        )
        explained = array([string(label) for label in self._labels(entry.explained)])
        return f"notes: {notes}, explained: {explained}"

    def _labels(self, places: Iterable[Place]) -> Iterator[str]:
        """Return the labels of those places that the book has."""
        for docname, id_ in places:
            label = self.book.labels.get((docname, id_)) if id_ else None
            if not id_:
                label = self.book.documents.get(docname)
            if label in self.emitted:
                self.wanted.setdefault(label, f"{docname}#{id_}")
                yield label


def place_of(node: nodes.Node, path: str, *, woven: bool = False) -> str:
    """Return file and line of *node*, which is printed as part of the file *path*.

    Its first line if nothing is known but the file; so, too, for what is *woven* into another
    file's page and has only that one's place.
    """
    place = (get_node_location(node) or "").removesuffix(":")  # it may know no line
    if not place or place.startswith(":"):
        return path + (place or ":1")
    if woven and not place.startswith(path):
        return f"{path}:1"
    return place if place.rpartition(":")[2].isdigit() else f"{place}:1"


def length(value: str) -> str:
    """Return a docutils length as a Typst one, or ``auto``."""
    match = _LENGTH.fullmatch(value.strip())
    if match is None:
        return "auto"
    number, unit = float(match.group(1)), match.group(2) or ""
    factor, unit = _UNITS.get(unit, (1.0, unit))
    return f"{number * factor:g}{unit}"


def language_of(node: nodes.Element) -> str | None:
    """Return the language that a ``language-xx`` class names, without its region."""
    tag = language_in(node)
    return None if tag is None else tag.partition("-")[0]


def _words_of_title(node: nodes.Element) -> Iterator[str]:
    """The words that a heading prints: neither its pictures' nor the numbers of its notes."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child.astext()
        elif isinstance(child, nodes.Element) and not isinstance(
            child, (nodes.image, nodes.footnote_reference, nodes.raw)
        ):
            yield from _words_of_title(child)


def _prints(words: str) -> bool:
    """Whether anything of *words* is seen: not spaces, controls and joiners alone."""
    return any(unicodedata.category(sign)[0] not in "ZCM" for sign in words)


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


def _first_links(item: nodes.Node) -> Sequence[nodes.Node]:
    """The link that an item begins with: its place in the text."""
    return list(item.findall(nodes.reference))[:1]


def _mentions_of(definition: nodes.Element) -> list[nodes.Node]:
    """What mentions a name in a register, parted as suits print.

    Places in the text tell their pages after a comma, and so are parted by semicolons; notes are
    numbers alone.
    """
    parts: list[nodes.Node] = []
    for child in (part for line in definition.children for part in line.children):
        if isinstance(child, nodes.Text):
            words = _OTHER_MARKS.get(child.astext(), child.astext())
            is_label = words.endswith(": ")
            parts.append(text(Words(f"{words[:-1]}\u00a0" if is_label else words)))
        else:
            parts.append(child)
    if len(parts) > 2 and parts[-2].astext() == ", ":
        parts[-2] = nodes.Text(",\u00a0")  # no number stands alone on the last line
    return parts


def _parted(links: list[nodes.Node]) -> list[nodes.Node]:
    """Links with a dot between them."""
    parted = [part for link in links for part in (nodes.Text(" · "), link)]
    return parted[1:]


def _after_semicolons(item: nodes.Node) -> list[nodes.Node]:
    """A line of a list of notes, its passages parted by semicolons."""
    parts: list[nodes.Node] = []
    for child in (part for line in item.children for part in line.children):
        blank = isinstance(child, nodes.Text) and not child.strip()
        parts.append(nodes.Text("; ") if blank else child)
    return parts


def _parts(group: nodes.Element, kind: type[nodes.Element]) -> list[nodes.Element]:
    return [child for child in group.children if isinstance(child, kind)]


def _signs_of_line(pieces: Sequence[int]) -> int:
    """How many signs a line of links has room for: one at least, several short ones."""
    return max(pieces) * max(_LINKS // max(pieces), 1)


def _width(sizes: list[int], several: int) -> str:
    """Return the width of a column whose cells have so many signs, head included.

    *several*: the signs of a line of a cell that has more than one link.
    """
    longest = max(sizes)
    if several:
        # As wide as such a line, and the space on either side: a share of what is left over may
        # be less than a single link needs, which would then run into the next column.
        return f"{several * 0.42 + 1:g}em"
    if longest <= _NARROW:
        return "auto"
    # One date in thirty that is longer than others breaks; the others leave the room.
    usual = sorted(sizes)[len(sizes) * 29 // 30]
    return f"{usual * 0.56:g}em" if usual <= _NARROW + 2 else f"{min(longest, 120)}fr"


def _is_facts(node: nodes.Element) -> bool:
    return "note-facts" in node["classes"]


def _facts_of(node: nodes.Element) -> list[str]:
    """A note's kind and standing, when it was checked, and who wrote it and when."""
    number, *facts = node.astext().split(" · ")
    return [*(facts or [number]), *_credit_of(node)]


def _checked_of(node: nodes.Element) -> list[str]:
    """When a note was checked: what its facts tell after number, kind and standing."""
    return node.astext().split(" · ")[3:]


def _credit_of(node: nodes.Element) -> list[str]:
    """Who wrote a note whose facts are in *node*, and when."""
    return [
        line.astext()
        for line in (node.parent.children if node.parent else ())
        if isinstance(line, nodes.Element) and _CREDIT in line["classes"]
    ]


def _is_followed(node: nodes.Element) -> bool:
    """Whether words of the same section stand after *node*."""
    after = node.parent.children[node.parent.index(node) + 1 :]
    return any(
        isinstance(part, nodes.Element) and not isinstance(part, (nodes.Invisible, nodes.section))
        for part in after
    )


def _follows_a_mark(node: nodes.Element) -> bool:
    """Whether a mark stands right before this one."""
    at = node.parent.index(node)
    return at > 0 and isinstance(node.parent[at - 1], nodes.footnote_reference)


def _letter_before(node: nodes.Element) -> str:
    """The last letter of the block before an inline *node*, or nothing."""
    while isinstance(node.parent, nodes.TextElement):
        for before in reversed(node.parent.children[: node.parent.index(node)]):
            if words := before.astext():
                return words[-1]
        node = node.parent
    return ""


def _are_near(passage: nodes.Element, other: nodes.Element | None) -> bool:
    """Whether two passages are one, or follow each other: a reader sees both at once."""
    if other is passage:
        return True
    if other is None or INDEX not in passage or INDEX not in other:
        return False
    return bool(passage[DOCNAME] == other[DOCNAME] and abs(passage[INDEX] - other[INDEX]) == 1)


def _passage_of(node: nodes.Node) -> nodes.Element | None:
    """Return the passage that *node* stands in."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.Element) and LABEL in node:
            return node
    return None


def _leads_on(node: nodes.Node, after: nodes.Node | None) -> bool:
    """Whether *node* is short, and after it comes what must not stand alone on a page."""
    return (
        isinstance(after, nodes.Element)
        and not _TOGETHER.isdisjoint(after["classes"])
        and isinstance(node, (nodes.paragraph, nodes.definition_list))
        and len(node.astext()) < _SHORT
    )
