"""Misspelt markup: what looks like a role, a citation or a link, and would be printed so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, product
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes

from annotated_edition.read import doctree
from annotated_edition.text.addresses import lacks_host
from annotated_edition.text.control import brief
from annotated_edition.text.suggest import slug

#: Stands for what was understood.
_MADE = "\ufffc"

_ROLE = r"(?:cite(?:\s*:\s*\w{1,9})?|edition\s*:\s*\w{1,9}|term|ref|doc|abbr|numref)"
_MARKS = "`'\"‘’‚‛“”„´«»′"
_KEY = r"[A-Za-z][\w:.+-]{0,80}"

#: What citations are called elsewhere: pandoc's, LaTeX's.
_LATEX = r"\\(?:[a-z]{0,9}cite[a-z]{0,9}|nocite)\*?"

_Cure = Callable[[re.Match[str]], str]

_LIST = "is no list: begin each line with - and a space"
_TABLE = "is no table: below the first line stands |---|---|, and above it an empty line"
_PICTURE = "is no picture, for its name has spaces: rename the file, with hyphens"
_STAR = "has a star that is printed: one stands directly before the words, one directly after them"
#: Told once in a block, which is one list, one table or one row of pictures.
_ONCE = frozenset({_LIST, _TABLE, _PICTURE})


def _role(match: re.Match[str]) -> str:
    name = re.sub(r"\s", "", match["role"])
    name = "cite:p" if name == "cite" else name
    words = next((found.strip() for found in match.groups()[1:] if found and found.strip()), "")
    words = words.rstrip(".,;:")
    shown = words or ("key" if name.startswith("cite") else "…")
    return f"is no role: write {{{name}}}`{brief(shown.strip(_MARKS))}`"


def _pandoc(match: re.Match[str]) -> str:
    keys = re.findall(rf"@({_KEY})", match[0])
    keys = [key.rstrip(".:,;") for key in keys]
    locator = re.search(r",\s*((?:pp?\.?|vol\.?)?\s*\d[\d–—-]*)\s*\]", match[0])
    page = f"{{{locator[1]}}}" if locator and len(keys) == 1 else ""
    return f"is not how sources are named here: write {{cite:p}}`{','.join(keys)}{page}`"


class Slip(NamedTuple):
    """A way to misspell markup."""

    #: Without any of these nothing matches: most paragraphs have few of them.
    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    cure: _Cure


_QUOTES = tuple(map("".join, product("’'‘", repeat=2)))

SLIPS: tuple[Slip, ...] = (
    Slip(
        ("{",),
        re.compile(rf"\{{\s*(?P<role>{_ROLE})\s*\}}\s{{0,2}}`([^`]{{1,200}})`"),
        _role,
    ),
    Slip(
        ("{",),
        re.compile(
            rf"\{{\s*(?P<role>{_ROLE})\s*\}}(?:\s?[{_MARKS}]+([^{_MARKS}\n]{{1,200}})[{_MARKS}]+"
            rf"|\s?[(\[{{]([^)\]}}\n]{{1,200}})[)\]}}]|\s?({_KEY}))?"
        ),
        _role,
    ),
    Slip(
        (":",),
        re.compile(rf":(?P<role>{_ROLE}):\s?[{_MARKS}]([^{_MARKS}]{{1,200}})[{_MARKS}]"),
        _role,
    ),
    Slip(
        ("`",),
        re.compile(rf"[(\[<{{]\s?(?P<role>{_ROLE})\s?[)\]>}}]\s?`([^`]{{1,200}})`"),
        _role,
    ),
    Slip(
        ("`",),
        re.compile(r"(?<![\w{:])(?P<role>cite\s?:\s?[pt]|edition:\w{1,9}|term)\}?\s?`([^`]{1,200})`"),
        _role,
    ),
    Slip(
        ("@",),
        re.compile(rf"\[[^\[\]\n]{{0,200}}@{_KEY}[^\[\]\n]{{0,200}}\]"),
        _pandoc,
    ),
    Slip(
        ("@",),
        re.compile(r"(?<![\w.@/])-?@[A-Za-z][\w:-]{0,40}\d{2,4}\w{0,40}(?:\s\[[^\]\n]{0,80}\])?"),
        _pandoc,
    ),
    Slip(
        ("\\",),
        re.compile(rf"{_LATEX}(?:\[[^\]\n]{{0,80}}\]){{0,2}}\{{([^}}\n]{{0,200}})\}}"),
        lambda match: f"is LaTeX: write {{cite:p}}`{brief(match[1].replace(' ', '') or 'key')}`",
    ),
    Slip(
        ("{{",),
        re.compile(r"\{\{([^{}\n]{1,200})\}\}"),
        lambda match: "is a template, which nothing fills in: write {cite:p}`key`, or plain words",
    ),
    Slip(
        ("[[",),
        re.compile(r"!\[\[([^\[\]\n]{1,200})\]\]"),
        lambda match: f"is a picture of other programs: write ![what it shows]({brief(match[1])})",
    ),
    Slip(
        ("{", "｛"),
        re.compile(r"[{｛]\s?[^\s{}｛｝`]{2,24}\s?[}｝]\s?[`｀]([^`｀\n]{1,200})[`｀]"),
        lambda match: f"is no role: write {{cite:p}}`{brief(match[1])}`, in plain Latin letters",
    ),
    Slip(
        (f"{_MADE}{{",),
        re.compile(rf"{_MADE}(\{{\s?[^{{}}\n]{{1,60}}\}})"),
        lambda match: "stands after a role: what belongs to a source stands within the backquotes, "
        f"{{cite:p}}`key{match[1]}`",
    ),
    Slip(
        ("[[",),
        re.compile(r"\[\[([^\[\]\n]{1,200})\]\]"),
        lambda match: (
            "is a link of other wikis: write "
            f"{{edition:note}}`{slug(match[1].partition('|')[0])}`"
        ),
    ),
    Slip(
        ("[",),
        re.compile(r"\[([^\[\]\n]{1,200})\]\s{1,2}\(((?:https?://|www\.)[^\s()]{1,300})\)"),
        lambda match: "has a space before the bracket: write [words](address)",
    ),
    Slip(
        ("://", "www."),
        re.compile(r"(?:https?|ftp)://[^\s<>\ufffc\"“”]{1,300}|(?<![\w.])www\.[\w-]+\.[^\s<>\ufffc]{2,300}"),
        lambda match: (
            "is a bare address: name the source in the bibliography and write {cite:p}`key`; a "
            "link that is meant is <address> or [words](address)"
        ),
    ),
    Slip(
        ("[^",),
        re.compile(r"\[\^([\w-]{1,40})\]"),
        lambda match: (
            f"is a footnote without text: write {{cite:p}}`key`, or add a line [^{match[1]}]: text"
        ),
    ),
    Slip(
        ("..",),
        re.compile(r"\.\. ?(?:[\w-]{1,30}::|_[^:\n]{1,80}:|\[[^\]\n]{1,40}\]|\|)"),
        lambda match: "is reStructuredText, and this is Markdown: write it in plain Markdown",
    ),
    Slip(
        ("`",),
        re.compile(r"(?<![\w`])`([^`\n<>]{1,200})(?:<[^>\n]{1,300}>)?`__?(?!\w)"),
        lambda match: "is a link of reStructuredText: write [words](address)",
    ),
    Slip(
        ("][",),
        re.compile(r"\[([^\[\]\n]{1,200})\]\[([^\[\]\n]{0,80})\]"),
        lambda match: "is a link without an address: write [words](address)",
    ),
    Slip(
        ("==", "~~", "%%", *_QUOTES),
        re.compile(r"==[^=|\n]{1,200}==|(?<![\w~])~~[^~\n]{1,200}~~|[’'‘]{2,5}[^’'‘\n]{1,200}[’'‘]{2,5}|%%[^%\n]{1,200}%%"),
        lambda match: "is markup of other programs, which is printed so: stress *words* so",
    ),
    Slip(
        ("[!",),
        re.compile(r"\[!\w{1,20}\](?=\W|\Z)"),
        lambda match: "is a box of other programs: write :::{note} above it, and ::: below",
    ),
    Slip(
        ("^[",),
        re.compile(r"\^\[[^\[\]\n]{1,400}\]"),
        lambda match: "is a footnote of pandoc's: write [^1], and below [^1]: its text",
    ),
    Slip(
        ("^", "~"),
        re.compile(r"(?<=\w)(?:\^\w{1,6}\^|(?<!~)~\w{1,6}~)"),
        lambda match: f"is pandoc's: write {{sup}}`{match[0].strip('^~')}`, or {{sub}}`…`",
    ),
    Slip(
        ("]{", "{.", "{#"),
        re.compile(r"\[[^\[\]\n]{1,200}\]\{[.#][^{}\n]{1,80}\}|(?<=\s)\{[.#][\w .#=-]{1,80}\}"),
        lambda match: "is pandoc's, and is printed so: write the words alone",
    ),
    Slip(
        ("\\",),
        re.compile(r"\\(?:text\w{2,8}|emph|footnote|section|item|url|href|par|ldots|noindent)\b(?:\{[^{}\n]{0,200}\})?"),
        lambda match: "is LaTeX: write *words* for italics, and plain words",
    ),
    Slip(
        ("$$",),
        re.compile(r"\$\$[^$\n]{1,200}\$\$"),
        lambda match: "is a formula, and is printed so: write plain words",
    ),
    Slip(
        (*"•·‣▪◦●", "o\t"),
        re.compile(r"(?:^|\n)\s?(?:[•·‣▪◦●]|o(?=\t))[ \t\u00a0]*\S[^\n]{0,80}"),
        lambda match: _LIST,
    ),
    Slip(
        ("|", "+", "\t"),
        re.compile(r"(?:^|\n)\s?(?:\|[^|\n]{0,200}\||\+[-=+]{3,}|\{\||[^\t\n]{1,80}\t[^\t\n]{1,80}\t)[^\n]{0,400}"),
        lambda match: _TABLE,
    ),
    Slip(
        ("*",),
        re.compile(r"(?<![\w*\\])\*{1,2}(?:\w[^*\n]{0,80}|\s[^*\n]{1,80}\s\*{1,2})|(?<=\w)\*{1,2}(?!\w)"),
        lambda match: _STAR,
    ),
    Slip(
        ("==",),
        re.compile(r"(?:^|\n)={2,6}\s?[^=\n]{1,200}={2,6}"),
        lambda match: f"is a heading of wikis: write ## {brief(match[0].strip(' =' + chr(10)))}",
    ),
    Slip(
        ("]_", "|", ".."),
        re.compile(
            r"\[[A-Za-z#*\d][\w-]{0,40}\]_+|(?<![\w|])\|[A-Za-z][\w .-]{0,40}\|(?![\w|])"
            r"|(?:^|\n)\.\.\s[^\n]{0,80}"
        ),
        lambda match: "is reStructuredText, and this is Markdown: write it in plain Markdown",
    ),
    Slip(
        ("![",),
        re.compile(r"!\[[^\[\]\n]{0,200}\]\([^()\n]{1,300}\)"),
        lambda match: _PICTURE,
    ),
    Slip(
        (")[",),
        re.compile(r"\((?:[^()\n]{1,200})\)\[(?:https?://|www\.)[^\[\]\s]{1,300}\]"),
        lambda match: "has its brackets the wrong way round: write [words](address)",
    ),
    Slip(
        ("[",),
        re.compile(r"(?<![\w.])\[\d{1,3}\](?!\()|(?<=[\w.,;:])\[\d{1,3}\](?!\()|(?:^|\n)\[[a-z]{1,2}\](?=[^\W\d_])"),
        lambda match: "is a mark without a note, of what was pasted: delete it, or write "
        "{cite:p}`key`",
    ),
    Slip(
        ("10.",),
        re.compile(r"\b(?:doi:\s?)?10\.\d{4,9}/[^\s<>\ufffc]{1,200}"),
        lambda match: "is a bare DOI: name the source in the bibliography and write {cite:p}`key`",
    ),
    Slip(
        ("TODO", "FIXME", "TBD", "TBA", "???", "needed]", "Lorem ipsum"),
        re.compile(
            r"\b(?:TODO|FIXME|TBD|TBA)\b:?|\?{3,}|\[(?:citation|source|page)[ -]needed\]"
            r"|\bLorem ipsum\b"
        ),
        lambda match: "was to be filled in: write what is known, or leave it out",
    ),
    Slip(
        ("\u00a0", "\u2003", "\u3000"),
        re.compile(r"(?:^|\n)[\u00a0\u2003\u3000]{1,8}(?=\S)"),
        lambda match: "is a space that stays at the beginning of a line: begin it at the margin",
    ),
    Slip(
        (":",),
        re.compile(r"(?<![\w:}\n]):(?:[a-z]{3,20}(?:_[a-z]{1,20}){0,4}|[+-]1):(?![\w:`])"),
        lambda match: "is a picture in chats, and printed so here: leave it out",
    ),
    Slip(
        ("::", "`{"),
        re.compile(
            r"(?<!`):{2,3} ?\{[a-z][\w:-]{0,30}\}|`{1,2}\{[a-z][\w:-]{2,30}\}(?=\s)"
            r"|(?<!`):::?(?:glossary|note)\b"
        ),
        lambda match: "is a fence that opens nothing: begin the line with it, as :::{name}",
    ),
)  # fmt: skip

#: In reStructuredText, what Markdown has.
_RESTRUCTURED: tuple[Slip, ...] = (
    Slip(
        ("{",),
        re.compile(rf"\{{(?P<role>{_ROLE})\}}\s?(?:`([^`]{{0,200}})`|[{_MARKS}]?({_KEY})[{_MARKS}]?)?"),
        lambda match: f"is Markdown, and this is reStructuredText: write :{match['role']}:`…`",
    ),
    SLIPS[5]._replace(
        cure=lambda match: "is not how sources are named here: write :cite:p:`key`"
    ),
)  # fmt: skip


def find(document: nodes.document, source: str, markdown: bool) -> Iterator[tuple[int, str]]:
    """Misspelt markup in a *document* made of *source*: the line (from 1) and what to do."""
    lines = source.split("\n")
    searched = SLIPS if markdown else _RESTRUCTURED
    for block in document.findall(nodes.TextElement):
        if isinstance(block, (nodes.Inline, nodes.FixedTextElement, nodes.system_message)):
            continue
        if isinstance(block.parent, (nodes.TextElement, nodes.system_message)):
            continue
        text = _readable(block)
        found = sorted(_found(text, searched))
        if not found:
            continue
        at = doctree.line_of(block)
        told: set[str] = set()
        for _start, snippet, advice in found:
            shown = brief(" ".join(snippet.replace(_MADE, "…").split())) or "here"
            line = _line(lines, at, snippet)
            if advice == _STAR and "\\*" in lines[min(line, len(lines)) - 1]:
                continue  # one that is meant has a backslash
            if advice in _ONCE and advice in told:
                continue
            told.add(advice)
            # Those that stand on the same line, in the order of their own.
            yield line, f"{shown} {advice}"


def slips(document: nodes.document) -> Iterator[tuple[int, str]]:
    """Links to no host, and citations of one source twice: the line and what to do."""
    for node in document.findall(nodes.Element):
        if isinstance(node, nodes.reference):
            address = str(node.get("refuri", ""))
            if lacks_host(address):
                yield (
                    doctree.line_of(node),
                    f"the address {brief(repr(address))} has no host: write it as "
                    "https://example.org/page",
                )
        elif isinstance(node, addnodes.pending_xref) and doctree.cites(node):
            keys = [key.strip() for key in str(node.get("reftarget", "")).split(",")]
            if twice := next((key for key, count in Counter(keys).items() if count > 1), ""):
                yield doctree.line_of(node), f"{brief(twice)!r} is cited twice here: name it once"


def _found(text: str, searched: tuple[Slip, ...]) -> Iterator[tuple[int, str, str]]:
    taken: list[tuple[int, int]] = []
    for signs, pattern, cure in searched:
        if not any(map(text.__contains__, signs)):
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other < end for other, other_end in taken):
                continue
            taken.append((start, end))
            yield start, match[0].rstrip(".,;:)"), cure(match)


def _line(lines: list[str], at: int, snippet: str) -> int:
    """The line of a snippet of a block that begins on line *at*."""
    words = sorted(re.findall(r"[\w./-]+", snippet), key=len)
    word = words[-1] if words else snippet
    for number in chain(range(max(at - 1, 0), len(lines))):
        if word in lines[number]:
            return number + 1
        if number > at and not lines[number].strip():
            break
    return at


def _readable(node: nodes.Node) -> str:
    """The text as somebody reads it who has misread nothing: what was understood is one sign."""
    if isinstance(node, nodes.Text):
        return str(node)
    if isinstance(node, nodes.literal):
        # The words between backquotes, as a misspelt role leaves them.
        return f"`{node.astext()}`" if not node.get("classes") else _MADE
    if isinstance(node, nodes.title_reference):
        return f"`{node.astext()}`"
    if isinstance(
        node, (nodes.reference, addnodes.pending_xref, nodes.footnote_reference, nodes.problematic)
    ) or doctree.cites(node):
        return _MADE
    return "".join(map(_readable, node.children))
