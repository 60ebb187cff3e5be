"""What can't be set costs its piece: the PDF, the e-book and the LaTeX are there all the same.

Each test writes a small project with good notes and bad ones, builds it, and finds the good ones
whole, a stand-in for what is lost, and a warning with file and line for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pdfplumber
import pytest
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from annotated_edition.render.epub.links import mended
from annotated_edition.render.pdf.builder import PrintError
from annotated_edition.render.pdf.escape import plain
from annotated_edition.render.pdf.repairs import Piece, culprit, stand_in
from support.epub import built, checked
from support.pdf import page_texts
from support.pictures import broken, png
from support.project import Project

#: A letter of a script that no font of the book has, and a sign.
THAI, FACE = "\u0e01", "\U0001f600"
OVERRIDE = "\u202e"
FIRST_STRONG, END = "\u2068", "\u2069"


@pytest.fixture
def edition(project: Project) -> Project:
    """Two passages and a good note, which must be in every output."""
    project.configure('author = copyright = "Editors"\nmyst_enable_extensions = ["colon_fence"]\n')
    project.text("Chen Cheng walked the ancient Silk Road.\n\nA caravan of camels came to Taraz.")
    project.note("places/good", "ancient Silk Road", "A good gist.", body="Good words in full.")
    return project


def pdf_of(project: Project) -> str:
    """Build the PDF and return its words, without the spaces that its lines have."""
    project.build("edition-pdf")
    path = project.output("annotated-edition.pdf", "edition-pdf")
    words = squeezed(" ".join(page_texts(path)))
    for good in ("Chen Cheng walked", "A good gist.", "Good words in full."):
        assert squeezed(good) in words
    return words


def squeezed(words: str) -> str:
    """Words without white space, soft hyphens, isolates and the like."""
    return re.sub(r"[\s\u00ad\u200b\u2068\u2069]+", "", words)


def epub_of(project: Project) -> str:
    """Build the e-book, all of whose pages are XML, and return their words."""
    book = built(project)
    for data in (data for name, data in book.files.items() if name.endswith("ml")):
        ElementTree.fromstring(data)
    words = squeezed(" ".join(page.get_text() for page in book.pages.values()))
    assert squeezed("A good gist.") in words
    return words


def latex_of(project: Project) -> str:
    """Build the LaTeX source and return it."""
    project.build("latex")
    source = project.output("asmalledition.tex", "latex").read_text(encoding="utf-8")
    assert "A good gist." in source
    return source


def typst_of(project: Project) -> str:
    """The Typst source of the PDF built last."""
    return project.output("annotated-edition.typ", "edition-pdf").read_text(encoding="utf-8")


def told(project: Project, subtype: str = "pdf") -> list[tuple[str, int, str]]:
    """The warnings of a subtype: file, line, message.  Every one has all of them."""
    found = []
    for line in project.warnings.splitlines():
        if line.endswith(f"[edition.{subtype}]"):
            match = re.fullmatch(r"(\S+?):(\d+): WARNING: (.*) \[edition\.\w+\]", line)
            assert match, line
            path = Path(match[1]).relative_to(project.folder)
            found.append((str(path), int(match[2]), match[3]))
    return found


# ---- pictures -----------------------------------------------------------------------------------


def add_pictures(edition: Project) -> None:
    """Write a note with every broken picture, and a reviewed page with one."""
    lines = []
    folder = edition.folder / "commentary/people"
    folder.mkdir()
    for number, (file, data) in enumerate(broken()):
        (folder / file).write_bytes(data)
        lines.append(f"Before {number}. ![a picture of {number}]({file}) After {number}.\n")
    (folder / "whole.png").write_bytes(png())
    lines.append("![a whole one](whole.png)\n")
    edition.note("people/chen", "Chen Cheng", body="\n".join(lines))
    (edition.folder / "text.png").write_bytes(b"no picture")
    figure = "```{figure} text.png\n:alt: figured\n\nThe caption.\n```\n"
    add_page(edition, "figures.md", f"# Figures\n\n{figure}")


def add_page(edition: Project, file: str, text: str) -> None:
    """Write a page that is no commentary and nobody distrusts."""
    edition.write(file, text)
    edition.index = edition.index.replace("text/a", f"text/a\n{file.partition('.')[0]}")


@pytest.mark.parametrize(
    ("builder", "subtype"), [("pdf", "pdf"), ("epub", "epub"), ("latex", "pdf")]
)
def test_a_broken_picture_costs_itself(edition: Project, builder: str, subtype: str) -> None:
    add_pictures(edition)
    words = squeezed({"pdf": pdf_of, "epub": epub_of, "latex": latex_of}[builder](edition))
    refused = told(edition, subtype) + told(edition, "unsafe")
    for number, (file, _data) in enumerate(broken()):
        here = [place for *place, message in refused if file in message]
        assert here == [["commentary/people/chen.md", 9 + 2 * number]], file
        assert f"Before{number}." in words
        assert f"After{number}." in words
    assert not [message for *_, message in refused if "whole.png" in message]
    assert ("figures.md", 3) in [place[:2] for place in told(edition, subtype)]
    assert "[picture:figured]" in words.replace("{[}", "[").replace("{]}", "]")
    assert "Thecaption." in words


def test_a_picture_that_print_alone_cannot_decode_is_found_by_trying(edition: Project) -> None:
    (edition.folder / "drawing.svg").write_text("<svg", encoding="utf-8")
    (edition.folder / "good.png").write_bytes(png())
    edition.write(
        "about.md", "# About\n\n![good](good.png)\n\nSee ![a drawing](drawing.svg) here.\n"
    )
    edition.index = edition.index.replace("text/a", "text/a\nabout")
    words = pdf_of(edition)
    assert "See[picture:adrawing]here." in words
    [(path, line, message)] = told(edition)
    assert (path, line) == ("about.md", 5)
    assert "'drawing.svg' can't be decoded" in message
    pdf_of(edition)
    assert told(edition) == [(path, line, message)]  # in every build


# ---- headings, titles, languages, links ---------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("![a picture](p.png)", "a picture"),
        ("![](p.png)", "…"),
        ("[^a]", "…"),
        ("&#8203;", "…"),
        ("\u00ad", "…"),
        ("\\", "\\"),
    ],
)
def test_a_heading_without_words_has_some_in_print(
    edition: Project, heading: str, shown: str
) -> None:
    file = edition.note(
        "people/chen", "Chen Cheng", body=f"## {heading}\n\nUnder it.\n\n[^a]: Foot."
    )
    file.write_text(file.read_text("utf-8").replace("# Chen\n", f"# {heading}\n"), encoding="utf-8")
    (file.parent / "p.png").write_bytes(png())
    words = pdf_of(edition)
    assert "Underit." in words
    path = edition.output("annotated-edition.pdf", "edition-pdf")
    titles = [item.title for item in _outline(PdfReader(path).outline)]
    assert sum(shown in title for title in titles) == 2  # the note's title and the heading in it
    if heading != "\\":
        lines = [line for _path, line, _ in told(edition) + told(edition, "unsafe")]
        assert {5, 9} <= set(lines)


def _outline(items: list[Any]) -> Iterator[Any]:
    for item in items:
        yield from _outline(item) if isinstance(item, list) else [item]


@pytest.mark.parametrize("letters", ["w" * 9_000, "long words " * 1_000, "字" * 5_000])
def test_a_title_without_end_costs_its_end(edition: Project, letters: str) -> None:
    file = edition.note("people/chen", "Chen Cheng")
    text = file.read_text("utf-8").replace("# Chen\n", f"# {letters}\n")
    file.write_text(text, encoding="utf-8")
    assert letters[:9].replace(" ", "") in pdf_of(edition)
    assert ("commentary/people/chen.md", 5) in [place[:2] for place in told(edition, "unsafe")]
    path = edition.output("annotated-edition.pdf", "edition-pdf")
    assert max(len(item.title) for item in _outline(PdfReader(path).outline)) < 350


@pytest.mark.parametrize("letters", ["w" * 490, "long words " * 44, "字" * 490])
def test_a_long_title_is_cut_in_headings_and_whole_below(edition: Project, letters: str) -> None:
    file = edition.note("people/chen", "Chen Cheng")
    text = file.read_text("utf-8").replace("# Chen\n", f"# {letters}\n")
    file.write_text(text, encoding="utf-8")
    words = pdf_of(edition)
    assert ("commentary/people/chen.md", 5) in [place[:2] for place in told(edition)]
    assert words.count(letters[0]) >= letters.count(letters[0])
    path = edition.output("annotated-edition.pdf", "edition-pdf")
    reader = PdfReader(path)
    assert max(len(item.title) for item in _outline(reader.outline)) < 350
    with pdfplumber.open(path) as pdf:  # nothing runs off the sheet
        for page in pdf.pages:
            assert max((sign["x1"] for sign in page.chars), default=0) < page.width
    source = latex_of(edition)
    assert ("commentary/people/chen.md", 5) in [place[:2] for place in told(edition)]
    assert max(len(title) for title in re.findall(r"(?:chapter|section)\{(.*)\}", source)) < 400


@pytest.mark.parametrize("tag", ["russian", "abcdefgh", "abcd", "zh-hans-cn"])
def test_an_unknown_language_costs_its_hyphens(edition: Project, tag: str) -> None:
    edition.note("people/chen", "Chen Cheng", front=f"names: {{{tag}: Namenlos}}")
    assert "Namenlos" in pdf_of(edition)
    if tag == "zh-hans-cn":
        assert told(edition) == []
    else:
        [(path, _line, message)] = told(edition)
        assert path == "commentary/people/chen.md"
        assert tag in message


def test_a_link_that_is_too_long_keeps_its_words(edition: Project) -> None:
    address = f"https://example.org/{'a' * 8_000}"
    edition.note("people/chen", "Chen Cheng", body=f"[the words]({address}) and <{address}>.")
    words = pdf_of(edition)
    assert "thewordsand" in words
    assert "https://example.org/aaaa" in words
    assert words.count("a") > 8_000  # shown whole, over several pages
    assert {(path, line) for path, line, _ in told(edition)} == {("commentary/people/chen.md", 9)}


# ---- letters ------------------------------------------------------------------------------------


def test_a_letter_that_no_font_has_gets_a_stand_in(edition: Project) -> None:
    edition.configure(f'edition_pdf_byline = "By {FACE}"\n')
    edition.note(
        "people/chen",
        "Chen Cheng",
        f"A {FACE} gist.",
        front=f"names: {{th: {THAI}}}\ncontributors: [A. {FACE} Writer]",
        body=f"## {FACE}\n\n`code {FACE}` {THAI * 9} {THAI * 5}, <https://example.org/{FACE}>\n",
    )
    words = pdf_of(edition)
    assert "A[U+1F600]gist." in words
    assert "By[U+1F600]" in words
    assert "A.[U+1F600]Writer" in words
    assert "code[U+1F600]" in words
    assert "[U+0E01]" in words  # one letter is told by its number, many by their script
    assert words.count("[Thai…]") == 1
    note = "commentary/people/chen.md"
    assert sorted((path, line) for path, line, _ in told(edition)) == [
        ("conf.py", 1),
        (note, 3),
        (note, 3),
    ] or sorted((path, line) for path, line, _ in told(edition)) == [(note, 3), (note, 4)]


def test_a_letter_of_the_history_is_told_with_the_note(edition: Project) -> None:
    """No file of the sources holds it: a name comes out of a git repository, say."""
    edition.write(
        "conf.py",
        (edition.folder / "conf.py").read_text("utf-8")
        + """
def setup(app):
    def credit(app, doctree):
        from docutils import nodes
        if "Full of it" in doctree.astext():
            doctree[0] += nodes.paragraph("", "By \\N{GRINNING FACE}")
    app.connect("doctree-read", credit)
""",
    )
    edition.note("people/chen", "Chen Cheng", body="Full of it.")
    assert "By[U+1F600]" in pdf_of(edition)
    [(path, line, _message)] = told(edition)
    assert path == "commentary/people/chen.md"
    assert line > 0


@pytest.mark.parametrize(
    ("signs", "shown"),
    [
        (FACE, "[U+1F600]"),
        (THAI, "[U+0E01]"),
        (f"{THAI}{THAI} {THAI}", "[Thai …]"),
        ("\u1200\u1201\u1202", "[Ethiopic …]"),
        (f"{FACE}\u200d{FACE}", "[U+1F600 U+200D U+1F600]"),
        ("\u200d", ""),
    ],
)
def test_stand_ins_for_signs(signs: str, shown: str) -> None:
    assert stand_in(signs) == shown


# ---- whatever else ------------------------------------------------------------------------------


def test_what_typst_refuses_is_found_and_the_rest_is_set(edition: Project) -> None:
    """A piece that nobody thought of: raw Typst, say, of a reviewed page."""
    edition.write(
        "about.md",
        """
        # About

        First words.

        > Quoted words.
        >
        > Bad words, *{{ }}* and more.

        Last words.
        """.replace("{{ }}", "emphasised"),
    )
    bad = "```{raw} typst\n#nobody-knows-this()\n```\n"
    about = (edition.folder / "about.md").read_text("utf-8")
    (edition.folder / "about.md").write_text(
        about.replace("Last words.", f"{bad}\nLast words."), encoding="utf-8"
    )
    edition.index = edition.index.replace("text/a", "text/a\nabout")
    words = pdf_of(edition)
    for kept in ("Firstwords.", "Quotedwords.", "Lastwords."):
        assert kept in words
    [(path, line, message)] = told(edition)
    assert (path, line) == ("about.md", 9)
    assert "Typst can't set this" in message


def test_a_file_with_many_bad_pieces_stands_as_its_words(edition: Project) -> None:
    bad = "Words {}.\n\n```{{raw}} typst\n#nobody-knows-this()\n```\n\n"
    text = "".join(bad.format(number) for number in range(12))
    add_page(edition, "about.md", f"# About\n\n{text}")
    words = pdf_of(edition)
    assert all(f"Words{number}." in words for number in range(12))
    assert {path for path, *_ in told(edition)} == {"about.md"}


def test_a_broken_template_stops_the_book(edition: Project) -> None:
    edition.configure('edition_pdf_undivided = ["("]\n')
    with pytest.raises(PrintError, match="regex"):
        edition.build("edition-pdf")


def test_a_visitor_that_fails_costs_its_node(edition: Project) -> None:
    edition.configure(
        """
        from docutils import nodes
        from docutils.parsers.rst import Directive

        def fail(self, node):
            self.inside(*node.children)
            self.files.append("nowhere")
            raise ValueError("no such thing")
        class Thing(Directive):
            has_content = True
            def run(self):
                node = nodes.legend()
                self.state.nested_parse(self.content, 0, node)
                return [node]
        def setup(app):
            app.add_node(nodes.legend, override=True, typst=(fail, None))
            app.add_directive("thing", Thing)
        """
    )
    add_page(edition, "about.md", "# About\n\nFirst.\n\n```{thing}\nInner words.\n```\n\nLast.\n")
    words = pdf_of(edition)
    assert "First.Innerwords.Last." in words
    [(path, _line, message)] = told(edition)
    assert path == "about.md"
    assert "no such thing" in message


@given(st.data())
def test_the_smallest_piece_is_found(data: st.DataObject) -> None:
    """Trees of any shape, in which some nodes can't be set by themselves."""
    document = nodes.container()
    every = [document]
    for _ in range(data.draw(st.integers(1, 20))):
        parent = data.draw(st.sampled_from(every))
        child = nodes.container()
        parent += child
        every.append(child)
    bad = set(data.draw(st.lists(st.sampled_from(every[1:]), min_size=1, max_size=3)))
    asked = 0

    def fails(left_out: set[int]) -> bool:
        nonlocal asked
        asked += 1

        def is_seen(node: nodes.Element) -> bool:
            while node is not document:
                if id(node) in left_out:
                    return False
                node = node.parent
            return True

        return any(is_seen(node) for node in bad)

    found = culprit(Piece("page", document).parts(), set(), fails)
    assert found is not None
    assert found.node in bad
    depth = max(_depth(node) for node in every)
    assert asked <= (depth + 1) * (2 + len(every).bit_length())


def _depth(node: nodes.Element) -> int:
    return 0 if node.parent is None else 1 + _depth(node.parent)


# ---- text that runs from right to left ----------------------------------------------------------


def test_a_title_that_turns_others_round_turns_nothing_in_print(edition: Project) -> None:
    hebrew = "\u05e9\u05dc\u05d5\u05dd"
    file = edition.note(
        "people/chen", "Chen Cheng", f"Gist {OVERRIDE}of it.", body=f"{hebrew} and."
    )
    text = file.read_text("utf-8").replace("# Chen\n", f"# {hebrew} {OVERRIDE}(draft)\n")
    file.write_text(text, encoding="utf-8")
    edition.note("people/abai", "a caravan", front="see-also: [chen]")
    pdf_of(edition)
    source = typst_of(edition)
    assert OVERRIDE not in source
    assert f"[{FIRST_STRONG}{hebrew} \\(draft\\){END}]" in source
    for line in source.splitlines():
        depth = 0
        for sign in line:
            depth += (sign == FIRST_STRONG) - (sign == END)
            assert depth >= 0
        assert depth == 0
    # Nothing is put where all runs one way.
    assert "Good" in source
    assert f"{FIRST_STRONG}Good" not in source


# ---- the e-book ---------------------------------------------------------------------------------

BAD_ADDRESSES = [
    *("http://[", "http://[::1]:port/", "http://a]b/", "http://e.org:99999/", "http://", "http:/x"),
    *("https:///", "http://e..org/", "http://.e.org/", "http://e%00.org/", "http://xn--a/"),
    *("http://e^.org/", "mailto:", "http://[::1%25eth]/", "http://e.org:-1/", "http://a:b@[/"),
]
GOOD_ADDRESSES = {
    "https://www.example.org": "https://www.example.org",
    "https://e.org:8080/a%20b?q=1&r=%D1%8E#f": "https://e.org:8080/a%20b?q=1&r=%D1%8E#f",
    "https://e.org/ю": "https://e.org/ю",
    "http://[::1]/x": "http://[::1]/x",
    "mailto:a@e.org?subject=x": "mailto:a@e.org?subject=x",
    "https://e.org/a b?c[]=d": "https://e.org/a%20b?c%5B%5D=d",
    "https://e.org/100%#a#b": "https://e.org/100%25#a%23b",
}


ADDRESSES = [*BAD_ADDRESSES, *GOOD_ADDRESSES]


def add_links(edition: Project) -> None:
    """Write a page with links of every sort, past what Markdown would make of them."""
    edition.write(
        "conf.py",
        (edition.folder / "conf.py").read_text("utf-8")
        + f"""
def setup(app):
    def link(app, doctree):
        from docutils import nodes
        if "Full of links" in doctree.astext():
            for at, address in enumerate({ADDRESSES!r}):
                paragraph = nodes.paragraph("", "")
                paragraph += nodes.reference("", f"link {{at}}", refuri=address)
                paragraph.source, paragraph.line = doctree["source"], 100 + at
                doctree[0] += paragraph
    app.connect("doctree-read", link)
""",
    )
    add_page(edition, "links.md", "# Links\n\nFull of links.\n")


def test_what_is_no_address_costs_its_link(edition: Project) -> None:
    add_links(edition)
    words = epub_of(edition)
    assert all(f"link{at}" in words for at in range(len(ADDRESSES)))
    lines = {line for path, line, _ in told(edition, "epub") if path == "links.md"}
    assert lines == {100 + at for at in range(len(BAD_ADDRESSES))}
    assert "link0" in pdf_of(edition)
    assert "link 0" in latex_of(edition)


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_no_address(address: str) -> None:
    assert mended(address) is None


@pytest.mark.parametrize("address", GOOD_ADDRESSES)
def test_addresses_stay_or_are_escaped(address: str) -> None:
    assert mended(address) == GOOD_ADDRESSES[address]


@given(st.text("ah.:/[]@%?#2F \x00\u044e", max_size=30))
def test_mending_is_done_once(rest: str) -> None:
    found = mended(f"http://{rest}")
    if found is not None:
        assert mended(found) == found


def add_no_xml(edition: Project) -> None:
    """Write a page with HTML that only a browser understands, and one that leads to it."""
    raw = "<p>open <b>bold</i> <br> &nbsp; words\n\n<![if x]><script>1 < 2</script>"
    add_page(edition, "raw.md", f"# Raw\n\n(here)=\n## Sub\n\nBefore.\n\n{raw}\n\nAfter.\n")
    add_page(edition, "other.md", "# Other\n\nSee {ref}`there <here>`.\n")


def add_controls(edition: Project) -> None:
    """Write a page with characters that XML hasn't."""
    add_page(edition, "controls.md", "# About \x01 it\n\nWords \x02and \x1bmore \ufffe.\n")


def test_a_page_that_is_no_xml_keeps_its_words(edition: Project) -> None:
    add_no_xml(edition)
    words = epub_of(edition).replace("\u00a0", "")
    for kept in ("Before.", "openboldwords", "After.", "Seethere."):
        assert kept in words
    assert "1<2" not in words
    assert [place[:2] for place in told(edition, "epub")] == [("raw.md", 1)]


def test_control_characters_cost_themselves(edition: Project) -> None:
    add_controls(edition)
    assert "Wordsandmore." in epub_of(edition)
    assert ("controls.md", 1) in [place[:2] for place in told(edition, "epub")]
    pdf_of(edition)


def test_the_validator_takes_what_is_left(edition: Project) -> None:
    for add in (add_pictures, add_links, add_no_xml, add_controls):
        add(edition)
    assert checked(built(edition).path) == []


# ---- LaTeX --------------------------------------------------------------------------------------


def test_a_table_with_a_head_alone_is_a_table(edition: Project) -> None:
    edition.note("people/chen", "Chen Cheng", body="| First | Second |\n|-------|--------|\n")
    source = latex_of(edition)
    assert re.search(r"First.*&.*Second", source, re.S)
    pdf_of(edition)


def test_a_table_with_no_row_at_all_costs_itself(edition: Project) -> None:
    edition.write(
        "conf.py",
        (edition.folder / "conf.py").read_text("utf-8")
        + """
def setup(app):
    def add(app, doctree):
        from docutils import nodes
        if "Full of nothing" in doctree.astext():
            for parts in ([], [nodes.thead()], [nodes.tbody()], [nodes.thead(), nodes.tbody()]):
                doctree[0] += nodes.table("", nodes.tgroup("", nodes.colspec(), *parts, cols=1))
            doctree[0] += nodes.table()
            doctree[0] += nodes.paragraph("", "After them.")
    app.connect("doctree-read", add)
""",
    )
    edition.note("people/chen", "Chen Cheng", body="Full of nothing.")
    assert "After them." in latex_of(edition)
    assert "Afterthem." in pdf_of(edition)


def test_what_is_nested_too_deeply_keeps_its_words(edition: Project) -> None:
    bullets = "\n".join("  " * depth + f"- bullet {depth}" for depth in range(9))
    numbers = "\n".join("   " * depth + f"1. number {depth}" for depth in range(9))
    quotes = "> " * 9 + "quoted deeply"
    edition.write("about.md", f"# About\n\n{bullets}\n\nThen\n\n{numbers}\n\nThen\n\n{quotes}\n")
    table = "Words in no table."
    for _ in range(5):
        inner = table.replace("\n", "\n       ")
        table = f".. list-table::\n\n   * - x\n\n       {inner}"
    edition.write("tables.rst", f"Tables\n======\n\n{table}\n")
    edition.index = edition.index.replace("text/a", "text/a\nabout\ntables")
    source = latex_of(edition)
    for words in ("bullet 8", "number 8", "quoted deeply", "Words in no table."):
        assert words in source
    for environment, most in (("itemize", 4), ("enumerate", 4), ("quote", 6)):
        depth = deepest = 0
        for kind in re.findall(rf"\\(begin|end)\{{{environment}\}}", source):
            depth += 1 if kind == "begin" else -1
            deepest = max(deepest, depth)
        assert deepest == most, environment
    places = {path for path, _line, _ in told(edition)}
    assert places == {"about.md", "tables.rst"}
    assert "Wordsinnotable." in pdf_of(edition)


def test_marks_that_lead_nowhere_or_in_circles_are_numbers(edition: Project) -> None:
    edition.write(
        "about.md", "# About\n\nOne[^a].\n\n[^a]: Foot of a[^b].\n\n[^b]: Foot of b[^a].\n"
    )
    edition.index = edition.index.replace("text/a", "text/a\nabout")
    source = latex_of(edition)
    assert "Foot of a" in source
    assert "about.md" in {path for path, *_ in told(edition)}
    pdf_of(edition)


def test_a_link_in_a_title_costs_no_form(edition: Project) -> None:
    """Its words stand in the running head, where no link may."""
    long = "\n\n".join(f"Words {number} of a long note. " * 40 for number in range(12))
    edition.note("places/long", "caravan of camels", "A gist.", body=long)
    note = edition.folder / "commentary/places/long.md"
    text = note.read_text("utf-8")
    note.write_text(re.sub("^# .*$", "# A [road](https://e.org)", text, flags=re.M), "utf-8")
    words = pdf_of(edition)
    assert edition.warnings == ""
    assert words.lower().count("aroad") >= 3  # page, contents, running head


def test_no_words_end_a_line_of_the_source() -> None:
    """Typst begins paragraphs, headings and lists there, amid whatever they stand in."""
    assert plain("A\u2029\u2029= B\u2028- C\x85D") == r"A \= B \- C D"
