"""What stands in for what can't be set, so that a piece is lost and not the book.

The writer asks here what it must leave out; the builder fills it in with what a first try
showed: characters that no font has, links to places that aren't printed, pictures that Typst
can't decode, and at last, whatever the reason, the smallest piece without which the book is set.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from annotated_edition.domain.text_nodes import text
from annotated_edition.read.doctree import LABEL
from annotated_edition.read.verse import BEFORE
from annotated_edition.render.fonts.scripts import face_for, known_script
from annotated_edition.text.words import Words

#: A run of so many letters of a script is named by the script, not letter by letter.
_FEW = 2
#: Where a letter's name leaves off naming the script (Unicode Standard, 4.8).
_SCRIPT = re.compile(
    r" (?:CAPITAL |SMALL |VOWEL |COMBINING )*"
    r"(?:LETTER|CHARACTER|SYLLABLE|SIGN|IDEOGRAPH|LIGATURE|VOWEL|MARK|DIGIT|RADICAL|HIEROGLYPH)\b.*"
)
_ELLIPSIS = "[…]"
#: Words that nodes have beside their own: the label in the margin, what a line of verse completes.
_PRINTED_BESIDE = (LABEL, BEFORE)


@dataclass
class Repairs:
    """What stands in for what, in one book."""

    #: What no font of the book has: characters, or several that are one sign.
    missing: set[str] = field(default_factory=set)
    #: Labels that are linked to and nowhere in the book.
    dead: set[str] = field(default_factory=set)
    #: Pictures of the book that can't be decoded, by name, and what is wrong with them.
    pictures: dict[str, str] = field(default_factory=dict)
    #: Nodes, by ``id()``, that stand as their words alone.
    pieces: set[int] = field(default_factory=set)
    #: Whether those words are left out, too.
    wordless: bool = False
    #: Whether the index is left out.
    indexless: bool = False

    @property
    def after_trial(self) -> bool:
        """Whether anything was found out by Typst: what it told, it must tell in every build."""
        return bool(self.missing or self.pieces or self.indexless)

    def printable(self, text: str) -> str:
        """The text with stand-ins for what no font has."""
        if not self.missing:
            return text
        signs = "|".join(map(re.escape, sorted(self.missing, key=lambda sign: (-len(sign), sign))))
        run = re.compile(rf"(?:{signs})(?:\s*(?:{signs}))*")
        return run.sub(lambda found: stand_in(found[0]), text)

    def words_of(self, node: nodes.Node) -> str:
        """The words that stand in for a piece; its footnotes are pieces by themselves."""
        if self.wordless or isinstance(node, nodes.raw):
            return _ELLIPSIS
        return " ".join(" ".join(_words(node)).split()) or _ELLIPSIS

    def words_of_note(self, footnote: nodes.footnote) -> str:
        """The words that stand in for a footnote's."""
        parts = [part for part in footnote.children if not isinstance(part, nodes.label)]
        return " ".join(filter(None, map(self.words_of, parts))) or _ELLIPSIS

    def replace_in(self, tree: nodes.Node) -> None:
        """Put stand-ins for characters into all words of a tree, and into those beside them."""
        for node in tree.findall(nodes.Element):
            for name in _PRINTED_BESIDE:
                if name in node:
                    node[name] = self.printable(str(node[name]))
        for found in list(tree.findall(nodes.Text)):
            words = self.printable(found.astext())
            if words != found.astext():
                found.parent.replace(found, text(Words(words)))


def _words(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Text):
        yield node.astext()
    elif isinstance(node, nodes.image):
        yield str(node.get("alt", ""))
    elif isinstance(node, nodes.Element) and not isinstance(
        node, (nodes.footnote, nodes.raw, nodes.comment)
    ):
        inline = isinstance(node, nodes.TextElement)
        words = ["".join(_words(child)) if inline else " ".join(_words(child)) for child in node]
        yield ("" if inline else " ").join(words)


def stand_in(signs: str) -> str:
    r"""What is printed for signs that no font has.

    >>> stand_in("\N{GRINNING FACE}")
    '[U+1F600]'
    >>> stand_in("\u0e01\u0e02\u0e04")
    '[Thai …]'
    """
    letters = [sign for sign in signs if not sign.isspace()]
    if all(unicodedata.category(sign) == "Cf" for sign in letters):
        return ""  # they only tell how others are joined
    script = script_of(letters[0])
    if len(letters) > _FEW and script and all(script_of(sign) in (script, "") for sign in letters):
        return f"[{script} …]"
    return f"[{codes(letters)}]"


def codes(signs: Iterable[str]) -> str:
    """The code points of signs, the first few of them."""
    listed = [f"U+{ord(sign):04X}" for sign in signs]
    return " ".join(listed[:4]) + (" …" if len(listed) > 4 else "")


def script_of(sign: str) -> str:
    """The script that a sign belongs to, as Unicode names it; ``""`` for one of all scripts."""
    name = unicodedata.name(sign, "")
    known = known_script(name)
    if known or unicodedata.category(sign)[0] not in "LM":
        return known
    return _SCRIPT.sub("", name).title() if _SCRIPT.search(name) else ""


# ---- where a sign stands -----------------------------------------------------------------------


@dataclass(frozen=True)
class Unprintable:
    """Signs of one script, or of none, that no font has, and where the first of them stands."""

    path: str
    line: int
    signs: tuple[str, ...]
    #: Where else such signs stand: once a file.
    others: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """File and line, or nothing."""
        return f"{self.path}:{self.line}" if self.path else ""


def once_a_script(found: Iterable[Unprintable]) -> list[Unprintable]:
    """Signs of one script together, where the first is; others, each where it stands.

    One font sets them all, be it a whole text.
    """
    together: dict[str, Unprintable] = {}
    for number, one in enumerate(found):
        face = face_for([script_of(sign[0]) for sign in one.signs])
        # Faces of one package share their characters.
        key = (face.package if face.is_shared else face.family) if face else str(number)
        first = together.get(key)
        if first is None:
            together[key] = one
            continue
        signs = dict.fromkeys((*first.signs, *one.signs))
        files = {place.rpartition(":")[0] for place in (first.place, *first.others)}
        others = first.others if one.path in files else (*first.others, one.place)
        together[key] = replace(first, signs=tuple(signs), others=others)
    return list(together.values())


def find_signs(paths: Iterable[Path], signs: Collection[str]) -> list[Unprintable]:
    """Where in files *signs* stand, told once a file and script: a text has many letters."""
    found = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        groups: dict[str, list[tuple[int, str]]] = {}
        for sign in signs:
            at = text.find(sign)
            if at >= 0:
                groups.setdefault(script_of(sign[0]), []).append((at, sign))
        for group in groups.values():
            first = min(at for at, _ in group)
            line = text.count("\n", 0, first) + 1
            found.append(Unprintable(str(path), line, tuple(sign for _, sign in sorted(group))))
    return found


# ---- the smallest piece that can't be set ------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of the book that can be left out, and the document that it comes from."""

    docname: str
    node: nodes.Element

    @property
    def id(self) -> int:
        """What the node goes by in :attr:`Repairs.pieces`."""
        return id(self.node)

    def parts(self) -> list[Piece]:
        """The parts that it is made of, as far as they can stand by themselves."""
        return [
            Piece(self.docname, child)
            for child in self.node.children
            if isinstance(child, nodes.Element)
            and not isinstance(child, (nodes.footnote, nodes.label))
        ]


def pieces_of(tree: nodes.document, notes: Mapping[str, str]) -> list[Piece]:
    """The blocks of a book, and after them its footnotes: each can be set without the others.

    *notes* tells the documents of notes by their names; their gists are footnotes of the text.
    """
    blocks: list[Piece] = []
    footnotes: list[Piece] = []
    ahead: list[tuple[str, nodes.Node]] = [(str(tree["docname"]), tree)]
    while ahead:
        docname, node = ahead.pop()
        if not isinstance(node, nodes.Element):
            continue
        if isinstance(node, addnodes.start_of_file):
            docname = node["docname"]
        if isinstance(node, (nodes.document, nodes.section, addnodes.start_of_file)):
            ahead += [(docname, child) for child in reversed(node.children)]
            continue
        if not isinstance(node, nodes.footnote):
            blocks.append(Piece(docname, node))
        for footnote in node.findall(nodes.footnote):
            note = notes.get(footnote.get("edition_note", ""), docname)
            footnotes.append(Piece(note, footnote))
    return blocks + footnotes


def culprit(
    pieces: list[Piece], left_out: set[int], fails: Callable[[set[int]], bool]
) -> Piece | None:
    """Return the smallest of *pieces* for which the book can't be set.

    *fails* tells whether it can't be set with certain pieces, by their ids, left out; those of
    *left_out* are so in any case.  None if the fault lies in none of them.  Asks some log2(n)
    times on each level of the tree.
    """
    found = None
    while pieces:
        ids = [piece.id for piece in pieces]
        if fails(left_out | set(ids)) or not fails(left_out):
            break
        good, bad = 0, len(ids)  # with so many pieces it can be set, and with so many it can't
        while bad - good > 1:
            middle = (good + bad) // 2
            if fails(left_out | set(ids[middle:])):
                bad = middle
            else:
                good = middle
        found = pieces[good]
        # What stands after it may be at fault, too: out of the way with it.
        left_out = left_out | set(ids[bad:])
        pieces = found.parts()
    return found
