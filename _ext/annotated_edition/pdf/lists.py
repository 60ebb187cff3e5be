"""Lists: of items, of terms, of places in the text."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes

from annotated_edition.pdf.blocks import Blocks
from annotated_edition.pdf.escape import string

#: Lists of the places where quoted words or terms stand.
_PLACES = {"note-places", "cross-reference-places"}


class Lists(Blocks):
    """Visitors for lists."""

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

    def _terms(self, pairs: list[tuple[str, str]]) -> None:
        if pairs:
            items = ", ".join(f"terms.item[{name}][{words}]" for name, words in pairs)
            self.block(f"#terms({items})")
        raise nodes.SkipNode

    def visit_definition_list(self, node: nodes.Element) -> None:
        """Write terms and what they mean; several terms may share one meaning."""
        pairs: list[tuple[str, str]] = []
        compared = "versions" in node["classes"]
        # A register's notes by number alone: their titles would fill pages.
        mentions = "register" in node["classes"]
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
            with self.telling(pages=mentions, numbers=mentions):
                pairs.append((name, self.inside(*rest)))
        if compared:
            items = ", ".join(f"([{name}], [{words}])" for name, words in pairs)
            self.block(f"#compared({items})")
            raise nodes.SkipNode
        self._terms(pairs)

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


def _first_links(item: nodes.Node) -> Sequence[nodes.Node]:
    """The link that an item begins with: its place in the text."""
    return list(item.findall(nodes.reference))[:1]


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
