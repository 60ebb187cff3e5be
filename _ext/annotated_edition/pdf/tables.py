"""Tables and figures, and the entries of a bibliography."""

from __future__ import annotations

from docutils import nodes

from annotated_edition.pdf.escape import array, string
from annotated_edition.pdf.lists import Lists
from annotated_edition.references import cites_by_author

#: A column whose longest cell has no more signs than this is as wide as its words.
_SHORT = 20
#: About as many signs, and the space beside them, has a place in print: "¶10, p. 12".
_PLACE = 14


class Tables(Lists):
    """Visitors for tables, figures and citations."""

    def visit_table(self, node: nodes.Element) -> None:
        """Write a table, with its caption if it has one."""
        titles = [child for child in node.children if isinstance(child, nodes.title)]
        if "edition-figure-table" in node["classes"] and not self.by_number:
            # The table of a chart: notes by their numbers, places in the text with pages.
            with self.telling(pages=True, numbers=True):
                self._table(node, titles, given=False)
        else:
            self._table(node, titles, given="colwidths-given" in node["classes"])
        raise nodes.SkipNode

    def _table(self, node: nodes.Element, titles: list[nodes.title], given: bool) -> None:
        caption = ""
        if titles:
            caption = f", caption: [{self.inside(*titles[0].children)}]"
        for group in node.findall(nodes.tgroup):
            widths = array(_columns(group, given, self.by_number))
            head = [row for part in _parts(group, nodes.thead) for row in part.children]
            rows = [row for part in _parts(group, nodes.tbody) for row in part.children]
            cells = [cell for row in rows for cell in self._cells(row)]
            heads = array([cell for row in head for cell in self._cells(row)])
            body = ",\n  ".join(cells)  # a cell a line, so that the file can be read
            whole = ", whole: true" if self.by_number else ""
            self.block(f"#grid-table({widths}, {heads},\n  {body}{caption}{whole})")

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
        self.block(f"#source({mark}, cited: {notes})[{words}]")
        raise nodes.SkipNode


def _parts(group: nodes.Element, kind: type[nodes.Element]) -> list[nodes.Element]:
    return [child for child in group.children if isinstance(child, kind)]


def _columns(group: nodes.Element, given: bool, by_number: bool = False) -> list[str]:
    """Return the widths of a table's columns: the author's, or what the words ask for.

    *by_number*: links are shorter in print than their words.
    """
    specs = _parts(group, nodes.colspec)
    if given:
        return [f"{spec.get('colwidth', 1)}fr" for spec in specs]
    sizes: list[list[int]] = [[0] for _ in specs]
    many = [False] * len(specs)  # cells with several links, which part into lines
    for row in group.findall(nodes.row):
        if len(row.children) == len(specs):  # no cell spans columns or rows here
            for number, entry in enumerate(row.children):
                size = len(entry.astext())
                if by_number:
                    links = sum(1 for _ in entry.findall(nodes.reference))
                    many[number] |= links > 1
                    size = min(links, 2) * _PLACE if links else size
                sizes[number].append(size)
    if all(max(column) <= _SHORT for column in sizes):
        return ["auto"] * len(specs)
    return [_width(column, several) for column, several in zip(sizes, many, strict=True)]


def _width(sizes: list[int], several: bool) -> str:
    """Return the width of a column whose cells have so many signs, head included."""
    longest = max(sizes)
    if several:
        return f"{longest}fr"
    if longest <= _SHORT:
        return "auto"
    # One date in thirty that is longer than others breaks; the others leave the room.
    usual = sorted(sizes)[len(sizes) * 29 // 30]
    return f"{usual * 0.56:g}em" if usual <= _SHORT + 2 else f"{min(longest, 120)}fr"
