"""Paragraphs, lists, quotations, admonitions, figures: blocks inside a section."""

from __future__ import annotations

from docutils import nodes
from sphinx.locale import admonitionlabels, get_translation

from annotated_edition.pdf.escape import markup, string
from annotated_edition.pdf.inlines import Inlines, language_of

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


class Blocks(Inlines):
    """Visitors for blocks."""

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
        self.add(self.margin_number(node) + self._in_language(node, self.inside(*node.children)))
        self.body.append("\n\n")
        raise nodes.SkipNode

    def note_links(self, node: nodes.Element) -> list[str]:
        """Return the links to notes in *node*, by their numbers."""
        with self.telling(numbers=True):
            return [self.inside(link) for link in node.findall(nodes.reference)]

    def _facts(self, node: nodes.Element) -> None:
        """Write a note's kind and standing, whose it is, and its name, by which it is cited.

        Its number stands in the heading already.
        """
        number, dot, rest = node.astext().partition(" · ")
        facts = [markup(rest if dot else number)]
        facts += [
            markup(line.astext())
            for line in node.parent.children
            if isinstance(line, nodes.Element) and _CREDIT in line["classes"]
        ]
        name = self.docname.rpartition("/")[2]
        facts.append(f"{markup(str(_('cited as')))} #box(emph[{markup(name)}]);")
        # No line begins with a dot.
        line = " · ".join(facts).replace(" · ", "~· ")
        self.block(f"#facts[{line}]")
        raise nodes.SkipNode

    def visit_PassthroughTextElement(self, node: nodes.Element) -> None:
        """Write sphinx-design's loose text as a paragraph."""
        self.visit_paragraph(node)

    def margin_number(self, node: nodes.Element) -> str:
        """Return the mark that hangs a passage's number in the margin."""
        label = node.get("edition_label")
        places = ((self.docname, id_) for id_ in node["ids"] if label)
        self.passages.update(self.book.labels[place] for place in places)
        return f"#margin-number({string(str(label))});" if label else ""

    def _in_language(self, node: nodes.Element, words: str) -> str:
        language = language_of(node)
        if language is None or language == self.book_language:
            return words
        return f"#language({string(language)})[{words}];"

    def visit_line_block(self, node: nodes.Element) -> None:
        """Write a verse, its lines indented as deep as their blocks are nested."""
        lines = self._lines(node, 0)
        if lines:
            first = self.margin_number(node)
            if first:
                lines[0] = lines[0].replace("[", f"[{first}", 1)
            self.block(self._in_language(node, f"#verse({', '.join(lines)})"))
        raise nodes.SkipNode

    def _lines(self, node: nodes.Element, depth: int) -> list[str]:
        lines: list[str] = []
        for child in node.children:
            if isinstance(child, nodes.line_block):
                self.expect(child)
                lines += self._lines(child, depth + 1)
            elif isinstance(child, nodes.line):
                self.expect(child)
                lines.append(f"({depth}, [{self.inside(*child.children)}])")
        return lines

    def _template_block(self, function: str, node: nodes.Element) -> None:
        self.block(f"#{function}[{self.inside(*node.children)}]")
        raise nodes.SkipNode

    def visit_rubric(self, node: nodes.Element) -> None:
        """Write a heading outside the book's order."""
        self._template_block("rubric", node)

    visit_dropdown_title = visit_sd_tab_label = visit_rubric

    def visit_caption(self, node: nodes.Element) -> None:
        """Write the caption of something that is no figure."""
        self._template_block("caption", node)

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
        self.block(f"#code({string(node.astext())})")
        raise nodes.SkipNode

    visit_doctest_block = visit_math_block = visit_productionlist = visit_literal_block

    # ---- containers ----------------------------------------------------------------------

    def visit_container(self, node: nodes.Element) -> None:
        """Write a container; the editors' prose is set apart."""
        classes = set(node["classes"])
        if _ON_SCREEN_ONLY in classes:
            raise nodes.SkipNode
        if classes & _EDITORIAL:
            # A short one stays in one piece.
            whole = len(node.astext()) < _SHORT_PROSE
            words = self.inside(*node.children)
            self.block(f"#editorial(breakable: {'false' if whole else 'true'})[{words}]")
            raise nodes.SkipNode
        if "note-about" in classes:
            self.block(f"#about[{self._with_pages(*node.children)}]")
            raise nodes.SkipNode
        language = language_of(node)
        if language and language != self.book_language and "literal-block-wrapper" not in classes:
            self.block(self._in_language(node, self.inside(*node.children)))
        else:
            self.children(node)
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
        title = markup(str(admonitionlabels[kind])) if kind in admonitionlabels else None
        self._boxed(node, kind, title)

    def visit_topic(self, node: nodes.Element) -> None:
        """Write a topic; a local table of contents is of no use beside the book's own."""
        if "contents" in node["classes"]:
            raise nodes.SkipNode
        self._boxed(node, "topic", None)

    visit_sidebar = visit_topic
