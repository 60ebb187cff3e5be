"""The printed book, built by the real Sphinx from a small project and read back as a PDF."""

from __future__ import annotations

import json
import random
import re
import shutil
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from docutils import nodes
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject
from sphinx.testing.util import SphinxTestApp

from annotated_edition.render.fonts import Fonts
from annotated_edition.render.pdf import builder as builder_module
from annotated_edition.render.pdf import escape, typeset
from annotated_edition.render.pdf.opening import file_of
from support.pdf import page_texts

#: A letter of a script that no font of the book has.
RARE = "\u0e01"

Pages = list[str]


def _build(app: SphinxTestApp) -> Path:
    app.build(force_all=True)
    return Path(app.outdir) / "annotated-edition.pdf"


def _squeeze(text: str) -> str:
    """Without any space: lines of a PDF break where they like."""
    return re.sub(r"\s+", "", text).replace("\u00ad", "")


def _pages(path: Path) -> Pages:
    return [_squeeze(text) for text in page_texts(path)]


def _page_of(pages: Pages, words: str) -> int:
    """The one page that holds *words*, once."""
    found = [number for number, page in enumerate(pages) if _squeeze(words) in page]
    assert len(found) == 1, f"{words!r} on pages {found}"
    assert pages[found[0]].count(_squeeze(words)) == 1
    return found[0]


@pytest.fixture(scope="module")
def book(make_book: Any) -> Path:
    """The small project's book, built once."""
    path: Path = make_book()
    return path


@pytest.fixture(scope="module")
def make_book(rootdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A function that builds the small project, changed as its arguments say."""

    def make(changes: dict[str, str] | None = None, **confoverrides: Any) -> Path:
        folder = tmp_path_factory.mktemp("pdf")
        source = folder / "source"
        shutil.copytree(rootdir / "test-pdf", source)
        for name, text in (changes or {}).items():
            (source / name).write_text((source / name).read_text("utf-8") + text, "utf-8")
        app = SphinxTestApp(
            "edition-pdf", srcdir=source, builddir=folder / "build", confoverrides=confoverrides
        )
        try:
            path = _build(app)
            make.warnings = app.warning.getvalue()  # type: ignore[attr-defined]
        finally:
            app.cleanup()
            sys.modules.pop("pdf_passages", None)
            sys.path[:] = [entry for entry in sys.path if entry != str(source)]
        return path

    return make


# ---- notes ------------------------------------------------------------------------------------

NOTES = {
    "1": ("ancient Silk Road", "The name 丝绸之路 is modern, Жібек жолы a calque"),
    "2": ("to Taraz", "Taraz (Тараз, 怛罗斯) stands on the Talas."),
    "3": (
        "The caravan rested here",
        "The caravanserai of 《大唐西域记》中所记载的怛罗斯城 is meant",
    ),
}


def test_every_note_stands_once_on_the_page_of_its_mark(book: Path) -> None:
    pages = _pages(book)
    for number, (marked, note) in NOTES.items():
        assert _page_of(pages, marked) == _page_of(pages, note)
        assert _page_of(pages, number + note) >= 0
    assert _page_of(pages, "A second paragraph of the note on Taraz.") == _page_of(
        pages, "to Taraz"
    )


def test_notes_stand_at_the_foot_in_smaller_type(book: Path) -> None:
    with pdfplumber.open(book) as pdf:
        page = next(page for page in pdf.pages if "caravanserai" in page.extract_text())
        words = {word["text"]: word for word in page.extract_words(extra_attrs=["size"])}
    assert words["caravanserai"]["top"] > 0.75 * float(page.height)
    assert words["caravanserai"]["size"] < 0.9 * words["caravan"]["size"]


def _annotations(reader: PdfReader) -> list[tuple[int, DictionaryObject]]:
    found = []
    for number, page in enumerate(reader.pages):
        annotations = page.get("/Annots")
        for annotation in annotations.get_object() if annotations else []:
            found.append((number, annotation.get_object()))
    return found


def _target(reader: PdfReader, annotation: DictionaryObject) -> tuple[int, float] | None:
    """Where an internal link leads: page and height; None for a link to the web."""
    action = annotation.get("/A")
    where = annotation.get("/Dest")
    if action is not None:
        action = action.get_object()
        if action["/S"] == "/URI":
            return None
        where = action["/D"]
    where = where.get_object() if isinstance(where, IndirectObject) else where
    if not isinstance(where, ArrayObject):
        destination = reader.named_destinations[str(where)]
        number = reader.get_destination_page_number(destination)
        return number, float(destination.top or 0)
    ids = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}
    return ids[where[0].idnum], float(where[3])


def test_every_internal_link_lands_on_a_page(book: Path) -> None:
    reader = PdfReader(book)
    targets = [_target(reader, annotation) for _, annotation in _annotations(reader)]
    inside = [target for target in targets if target]
    assert len(inside) > 20
    assert all(0 <= page < len(reader.pages) and height > 0 for page, height in inside)


def test_marks_and_notes_are_linked_both_ways(book: Path) -> None:
    reader = PdfReader(book)
    number = _page_of(_pages(book), "ancient Silk Road")
    height = float(reader.pages[number].mediabox.height)
    down = up = 0
    for page, annotation in _annotations(reader):
        target = _target(reader, annotation)
        if page != number or target is None or target[0] != number:
            continue
        top = float(annotation["/Rect"][3])
        down += top > height / 2 and target[1] < height / 4
        up += top < height / 4 and target[1] > height / 2
    assert down == 4  # three notes, of which one is marked twice
    assert up == 3


def test_a_note_marked_twice_is_printed_once_with_its_number(book: Path) -> None:
    text = _pages(book)[_page_of(_pages(book), "ancient Silk Road")]
    assert "SilkRoad1toTaraz2,andtheroad1was" in text


def search(text: str = "", folder: Path = Path()) -> typeset.LayoutSearch:
    begun = typeset.LayoutSearch(folder)
    begun.begin(text)
    return begun


def test_a_stray_note_is_a_warning(make_book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stray = typeset.NotePlace("text-1#road (note)", 3, 4, 4)
    result = typeset.Result([stray], pdf=b"%PDF")
    monkeypatch.setattr(builder_module, "typeset", lambda source, search: result)
    make_book()
    said = 'text-1.md:1: WARNING: the note "text-1#road" is printed on page 4 of the file'
    assert said in make_book.warnings


def places(first: int, last: int) -> typeset.Places:
    """A note whose mark is on the first page."""
    return typeset.Places([typeset.NotePlace("n", 1, first, last)])


def test_the_layout_is_chosen_that_parts_no_note_from_its_mark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stray, long, good = places(2, 2), places(1, 2), places(1, 1)
    tried: list[int] = []
    whole: list[typeset.Layout] = []
    count = len(typeset.LAYOUTS)

    def number_of(layout: typeset.Layout) -> int:
        nudges = [one["nudge"] for one in typeset.LAYOUTS]
        return nudges.index(layout["nudge"]) + (count if "eased" in layout else 0)

    def chosen(*trials: typeset.Places) -> int:
        """Which layout the whole book is set in, if the trials come out like this."""

        def trial(text: bytes, folder: Path, fonts: object, layout: typeset.Layout) -> Any:
            tried.append(number_of(layout))
            return trials[tried[-1]]

        monkeypatch.setattr(typeset, "_trial", trial)
        tried.clear()
        whole.clear()
        typeset.typeset(Path("x"), search())
        return number_of(whole[0])

    def set_whole(source: Path, layout: typeset.Layout, fonts: object) -> typeset.Result:
        whole.append(layout)
        return typeset.Result(good.notes)

    monkeypatch.setattr(typeset, "_whole", set_whole)
    monkeypatch.setattr(typeset, "packed", bytes)
    assert chosen(good) == 0
    assert tried == [0], "one trial may do"
    assert chosen(stray, long, stray, good, *[stray] * count) == 3
    late = [*[stray, long] * (count // 2 - 1), long, good]
    assert chosen(*late) == count - 1, "what is perfect may come late"
    assert chosen(*[stray, long] * (count // 2)) == 1, "a long note may run on"
    assert chosen(*[stray] * (count + 1), long, *[good] * count) == count + 1, "eased"
    assert chosen(*[stray] * 2 * count) == 0
    assert len(tried) == 2 * count
    crowd = typeset.Places([typeset.NotePlace(str(number), 1, 2, 2) for number in range(9)])
    assert chosen(crowd) == 0
    assert tried == [0], "too many for any layout"
    pages = range(1, 2 * typeset._HOPELESS)
    big = typeset.Places([typeset.NotePlace(str(page), page, page - 1, page) for page in pages])
    assert chosen(*[big] * 2 * count) == 0
    assert len(tried) == 1 + typeset._FEW, "the trials of a big book are few"


def test_a_note_outside_the_text_is_looked_after_too(monkeypatch: pytest.MonkeyPatch) -> None:
    results: list[typeset.Places] = []
    whole: list[typeset.Layout] = []

    def set_whole(source: Path, layout: typeset.Layout, fonts: object) -> typeset.Result:
        whole.append(layout)
        return typeset.Result(results[len(whole) - 1].notes)

    def strays() -> int:
        whole.clear()
        return len(typeset.typeset(Path("x"), search()).strays)

    stray, good = places(2, 2), places(1, 1)
    monkeypatch.setattr(typeset, "_trial", lambda *text: typeset.Places([]))
    monkeypatch.setattr(typeset, "packed", bytes)
    monkeypatch.setattr(typeset, "_whole", set_whole)
    results[:] = [stray, stray, good, good]
    assert strays() == 0
    assert len(whole) == 3, "no more books are set than are needed"
    results[:] = [stray] * 9
    assert strays() == 1
    assert len(whole) == typeset._MOST_WHOLE
    monkeypatch.setattr(typeset, "_trial", lambda *text: stray)
    assert strays() == 1
    assert len(whole) == 1, "what strays in the text in all layouts does so in the whole"


def _crowded_book(folder: Path) -> Path:
    """A text of many pages with notes in all sorts of lines, two of them often in one."""
    shutil.copytree(typeset.TEMPLATE, folder / "template")
    chance = random.Random(2)
    words = "road desert camel oasis market silk river mountain of the to and in a by".split()

    def some(count: int) -> str:
        return " ".join(chance.choices(words, k=count))

    count = 0
    paragraphs = []
    for number in range(250):
        pieces = []
        for _ in range(chance.randint(1, 3)):
            pieces.append(some(chance.choice((2, 9, 40))))
            for _ in range(chance.choice((0, 1, 1, 2))):
                count += 1
                note = some(chance.randint(4, 35))
                pieces.append(f'{some(2)}#note("{count}", "n{count} (note)")[{note}.];')
        paragraphs.append(f'#noted("{number}")[{" ".join(pieces)} {some(8)}.];')
    source = folder / "book.typ"
    arguments = {"title": '"Roads"', "paper": '"a4"'}
    source.write_text(file_of(arguments, "\n\n".join(paragraphs)), encoding="utf-8")
    return source


def test_a_long_text_has_no_stray_where_none_of_the_layouts_would_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _crowded_book(tmp_path)
    text = source.read_text(encoding="utf-8")

    def tried(layout: typeset.Layout) -> typeset.Places:
        return typeset._trial(text.encode(), tmp_path, Fonts(), layout)

    first = tried(typeset.LAYOUTS[0])
    ways = {note.first_page - note.mark_page for note in first.strays}
    assert ways == {-1, 1}, "notes stray before their marks and after them"
    wholes: list[typeset.Layout] = []
    whole = typeset._whole

    def counted(source: Path, layout: typeset.Layout, fonts: Fonts) -> typeset.Result:
        wholes.append(layout)
        return whole(source, layout, fonts)

    monkeypatch.setattr(typeset, "_whole", counted)
    result = typeset.typeset(source, search(text, tmp_path))
    assert len(result.notes) > 300
    assert not result.strays
    assert len(wholes) == 1
    eased = tried(typeset.easing(typeset.LAYOUTS[0], first))
    assert not eased.strays
    # Nothing is seen of the room that notes of one line ask for.
    close = {_height(*pair) for pair in pairwise(first.notes) if _on_one_page(*pair)}
    assert {_height(*pair) for pair in pairwise(eased.notes) if _on_one_page(*pair)} <= close


def _on_one_page(note: typeset.NotePlace, after: typeset.NotePlace) -> bool:
    return note.first_page == note.last_page == after.first_page


def _height(note: typeset.NotePlace, after: typeset.NotePlace) -> float:
    return round(after.first_y - note.first_y, 1)


def test_the_template_tells_on_which_pages_mark_and_note_are(book: Path) -> None:
    source = book.with_suffix(".typ")
    result = typeset.typeset(source, search(source.read_text(encoding="utf-8"), source.parent))
    places = {note.note: note for note in result.notes}
    assert len(places) == 3
    assert all(note.mark_page == note.first_page == note.last_page for note in result.notes)


# ---- passages and cross-references ------------------------------------------------------------


def _margin(page: Any) -> list[tuple[str, float]]:
    """Numbers that stand outside the text block, and their heights."""
    words = page.extract_words()
    left = min(w["x0"] for w in words if w["text"] in {"They", "The", "Everything"})
    right = float(page.width) - 60
    return [
        (w["text"], w["bottom"])
        for w in words
        if w["text"].isdigit() and (w["x1"] < left - 2 or w["x0"] > right)
    ]


def test_passage_numbers_hang_in_the_margin_beside_their_first_line(book: Path) -> None:
    with pdfplumber.open(book) as pdf:
        page = next(p for p in pdf.pages if "caravan rested" in p.extract_text())
        words = page.extract_words()
        margin = _margin(page)
    assert [number for number, _ in margin] == ["1", "2", "3"]
    for (_, bottom), first in zip(margin, ("They", "caravan", "wind"), strict=True):
        word = next(w for w in words if w["text"] == first)
        assert abs(word["bottom"] - bottom) < 5


def test_six_by_nine_inches_with_numbers_in_the_outer_margin(make_book: Any) -> None:
    path = make_book(edition_pdf_paper="6x9")
    with pdfplumber.open(path) as pdf:
        number, page = next(
            (n, p) for n, p in enumerate(pdf.pages, 1) if "caravan rested" in p.extract_text()
        )
        assert (float(page.width), float(page.height)) == (432, 648)
        assert number % 2 == 1, "the text begins on the right"
        one = [w for w in page.extract_words() if w["text"] == "1" and w["x0"] > 360]
    assert one, "the outer margin of a right-hand page is on the right"


def test_cross_references_tell_the_page(book: Path) -> None:
    pages = _pages(book)
    assert "→¶3Theverse,p.1Thesecondpart" in pages[_page_of(pages, "They went along")]
    assert _page_of(pages, "On The first part, p. 1.") == _page_of(pages, "The whole note.")
    assert _page_of(pages, "On The second part, p. 1, a night") >= 0


# ---- structure --------------------------------------------------------------------------------

CONTENTS = [
    "Contents",
    "The first part",
    "The second part",
    "Commentary",
    ["Silk Road"],
    "Everything else",
    "Glossary",
    "Sources",
]


def _titles(outline: Any) -> Any:
    return [_titles(item) if isinstance(item, list) else item.title for item in outline]


def test_bookmarks_and_contents(book: Path) -> None:
    reader = PdfReader(book)
    assert _titles(reader.outline) == CONTENTS
    contents = _pages(book)[2]
    assert contents.startswith("ContentsThefirstpart1Thesecondpart1Commentary2SilkRoad")


def test_title_page(book: Path) -> None:
    page = _pages(book)[0]
    assert page == _squeeze("The Small Book An Edition A. Author Release 1.2")


def test_the_text_runs_on_and_other_parts_begin_pages(book: Path) -> None:
    pages = _pages(book)
    assert _page_of(pages, "They went along") == _page_of(pages, "The caravan rested")
    starts = [_page_of(pages, w) for w in ("The whole note.", "A thing to note.", "A ruler")]
    assert len({*starts, _page_of(pages, "They went along")}) == 4


def test_pages_left_out_are_left_out_but_not_what_they_lead_to(book: Path) -> None:
    text = "".join(_pages(book))
    assert "Thislandingpage" not in text
    assert "Acard" not in text
    assert "Previousandnext" not in text
    assert "Theonebefore" not in text
    assert "Notprinted,itself(p.2),Everythingelse(p.3)." in text, "no link, but words"


def test_running_heads(book: Path) -> None:
    pages = PdfReader(book).pages
    heads = [(page.extract_text() or "").splitlines()[0] for page in pages]
    last = max(n for n, head in enumerate(heads) if "Small Book" in head)
    assert last > 0
    assert "verything else" in heads[last]


# ---- words ------------------------------------------------------------------------------------


def test_signs_that_mean_something_to_typst_are_printed_as_they_are(book: Path) -> None:
    assert _page_of(
        _pages(book),
        "#1 is not a_b $5 <x> @me 100% – “so it was said”: see http://example.org/a_b, "
        "1. no list, C:\\path, raw #code [x].",
    )


@pytest.mark.parametrize(
    "words",
    [
        "A thing to note.", "A title of its own", "With words2 and H2O.", "Something new.",
        "Trade", "28.6", "wide", "two", "The square, as above.", "A legend.", "1.One", "a.Deep",
        "Deeper", "Term kind Its meaning.", "Field its body", "-a an option",
        "A quotation, long.", "Somebody", "literal <block> #x", "A rubric", "A topic", "Inside.",
        "A sidebar", "In the middle", "𝑎2 + 𝑏2", "spam(eggs, ham=1)", "Describes spam.",
        "right", "straight to Typst", "Folded words.", "ls(1)", "substituted", "literal.",
        "badge", "[a]A citation, not a note.", "After the transition.", "Khan; Qan", "Reimer",
        "A word of the editors on this verse.",
    ],
)  # fmt: skip
def test_every_kind_of_node_is_printed(book: Path, words: str) -> None:
    assert _squeeze(words).lower() in "".join(_pages(book)).lower()


def test_raw_html_is_not_printed(book: Path) -> None:
    assert "neverprinted" not in "".join(_pages(book))


def test_an_address_is_parted_into_pieces_that_a_line_can_hold() -> None:
    cjk = "%E7%BF%92%E8%BF%91%e5%b9%b3%E7%96%AB%E6%83%85" * 4
    address = f"https://example.org/2022/{cjk}/{'x' * 99}?a=%D0%B0%20b-c"
    parts = [json.loads(part) for part in escape.parts_of_address(address)]
    assert "".join(parts) == address
    assert max(map(len, parts)) <= 44
    assert not [part for part in parts if part.startswith(("%8", "%9", "%a", "%A", "%b", "%B"))]
    assert parts[:2] == ["https://example.org/", "2022/"]
    assert parts[-1] == "-c", "a hyphen at a line's end would look like part of the address"


def test_escaping_leaves_nothing_with_a_meaning() -> None:
    assert escape.plain("#a *b* _c_ [d] $e$ `f`") == r"\#a \*b\* \_c\_ \[d\] \$e\$ \`f\`"
    assert escape.plain("- a\n  1. b // c --- ...") == r"\- a 1\. b \/\/ c \-\-\- \.\.\."
    assert escape.string('a "b" \\ c\nd') == r'"a \"b\" \\ c\nd"'
    assert escape.markup("see 玄奘, 602") == '#han("玄奘");'.join(("see ", ", 602"))
    assert escape.plain("a\u00a0b") == "a\u00a0b", "a no-break space stays one"


# ---- the file ---------------------------------------------------------------------------------


def test_the_file_is_tagged_and_says_what_it_is(book: Path) -> None:
    reader = PdfReader(book)
    catalog = reader.root_object
    assert catalog["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "en"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()  # type: ignore[union-attr]
    assert reader.metadata is not None
    assert reader.metadata.title == "The Small Book: An Edition"
    assert reader.metadata.author == "A. Author"


def _structure(node: Any) -> Iterator[str]:
    node = node.get_object()
    if isinstance(node, ArrayObject):
        for child in node:
            yield from _structure(child)
    elif isinstance(node, DictionaryObject):
        if isinstance(node.get("/S"), NameObject):
            yield str(node["/S"])
        if "/K" in node and "/S" in node:
            yield from _structure(node["/K"])


def test_tags(book: Path) -> None:
    tree = PdfReader(book).root_object["/StructTreeRoot"]
    tags = list(_structure(tree["/K"]))  # type: ignore[index]
    assert tags.count("/Note") + tags.count("/FENote") == 3
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/Figure", "/L", "/Link"} <= set(tags)


def test_no_words_stand_outside_a_paragraph(book: Path) -> None:
    """Else a screen reader takes each piece of them between two links for a part of the book."""
    tree = PdfReader(book).root_object["/StructTreeRoot"]
    document = tree["/K"][0].get_object()  # type: ignore[index]
    parts = [part.get_object() for part in document["/K"]]
    loose = [part["/S"] for part in parts if part["/S"] in {"/Span", "/Link", "/Em", "/Strong"}]
    assert len(parts) > 50
    assert loose == []


def test_fonts_are_the_projects_own_and_embedded(book: Path) -> None:
    names = set()
    for page in PdfReader(book).pages:
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[union-attr]
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            names.add(str(descriptor["/FontName"]).partition("+")[2])
    assert any("NotoSerifCJK" in name for name in names)
    ours = re.compile(r"Libertinus|NotoSerifCJK|DejaVuSansMono|NewCMMath")
    assert all(map(ours.match, names))


def test_the_same_bytes_twice_and_the_date_that_is_asked_for(
    make_book: Any, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make_book().read_bytes() == book.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1663113600")
    dated = PdfReader(make_book())
    assert dated.metadata is not None
    assert str(dated.metadata["/CreationDate"]).startswith("D:20220914")


def test_the_build_is_silent(make_book: Any) -> None:
    make_book()
    assert make_book.warnings == ""


# ---- mistakes ---------------------------------------------------------------------------------


def _told(make_book: Any, place: str, message: str) -> bool:
    """Whether a warning of what isn't printed names its place."""
    return any(
        re.search(rf"{place}:\d+: WARNING: .*{message}.* \[edition\.pdf\]", line)
        for line in make_book.warnings.splitlines()
    )


def test_an_unknown_node_costs_its_form(make_book: Any) -> None:
    pages = _pages(make_book({"glossary.rst": "\nWords :unknown:`x`, and others.\n"}))
    assert _told(make_book, r"glossary\.rst", '"unknown_thing"')
    assert any("andothers." in page for page in pages)


def test_a_missing_glyph_gets_a_stand_in(make_book: Any) -> None:
    pages = _pages(make_book({"sources.rst": f"\nThe character {RARE}.\n"}))
    assert _told(make_book, r"sources\.rst", rf'"{RARE}" \(U\+0E01\)')
    assert any("Thecharacter[U+0E01]." in page for page in pages)


def test_a_dead_link_keeps_its_words(make_book: Any) -> None:
    book = make_book({"text-1.md": "\n```{raw} typst\n```\n\n[lost](#nowhere) and found\n"})
    assert _told(make_book, r"text-1\.md", 'dead link "lost".*"nowhere"')
    assert any("lostandfound" in page for page in _pages(book))


def test_a_mark_without_a_note_stands_alone(
    make_book: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(tree: nodes.document, *wishes: Any) -> Any:
        for footnote in list(tree.findall(nodes.footnote)):
            footnote.parent.remove(footnote)
        return book_of(tree, *wishes)

    book_of = builder_module.book_of
    monkeypatch.setattr(builder_module, "book_of", lose)
    pages = _pages(make_book())
    assert _told(make_book, r"text-1\.md", 'there is no footnote "road"')
    assert any("ancientSilkRoad1" in page for page in pages)


def test_an_image_without_a_text_is_a_warning_with_its_place(make_book: Any) -> None:
    make_book({"kitchen.rst": "\n.. image:: dot.png\n"})
    assert re.search(
        r'kitchen\.rst:\d+: WARNING: the image "dot\.png" has no alternative text',
        make_book.warnings,
    )
