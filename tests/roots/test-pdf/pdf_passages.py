"""Stands in for the rest of the extension: numbers the passages and the notes."""

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.config import add_values
from annotated_edition.render.pdf.builder import EditionPDFBuilder


class Passages(SphinxPostTransform):
    """Label every paragraph and verse of the text, and number the notes through."""

    default_priority = 2

    def run(self, **kwargs):
        number = 0
        for file in self.document.findall(addnodes.start_of_file):
            if not file["docname"].startswith("text"):
                continue
            for section in file.findall(nodes.section):
                for node in list(section.children):
                    if isinstance(node, (nodes.paragraph, nodes.line_block)):
                        number += 1
                        node["edition_label"] = str(number)
                        node["ids"].append(f"p{number}")
                        node["classes"] += ["passage", "language-en"]
                        if number == 1:
                            self.cross_reference(section, node)
        numbers = {}
        for mark in self.document.findall(nodes.footnote_reference):
            if mark["docname"].startswith("text"):
                place = (mark["docname"], mark["refid"])
                mark.children[:] = [nodes.Text(str(numbers.setdefault(place, len(numbers) + 1)))]

    def cross_reference(self, section, node):
        line = nodes.paragraph("", "→ ", classes=["cross-reference"])
        line += nodes.reference("", "¶3 The verse", refuri="%text-2#p3", internal=True)
        section.insert(section.index(node) + 1, line)


class unknown_thing(nodes.General, nodes.Element):
    """A node that no builder knows."""


def unknown_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    node = unknown_thing()
    node.source, node.line = inliner.document.current_source, lineno
    return [node], []


def setup(app):
    add_values(app)
    app.add_builder(EditionPDFBuilder)
    app.add_post_transform(Passages)
    app.add_role("unknown", unknown_role)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
