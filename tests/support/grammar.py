"""A grammar of strangers' trees: what all files of a commentary may hold, badly meant.

Its words are those that mean something to TeX, HTML, Typst, reStructuredText, MyST, YAML, BibTeX,
``str.format``, terminals and the bidirectional algorithm; its sentences are files.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass, field

from hypothesis import strategies as st

from support.pictures import png

TEX = [
    r"\input{secret.txt}", r"\input{/etc/passwd}", r"\fuzz{}", r"\def\x{", "}{", "^^5c", "%", "$",
    "&", "#1", r"\\", "\\", r"\immediate\write18{touch pwned-tex}", r"\begin{verbatim}",
    r"\end{sphinxVerbatim}", r"\catcode`\|=0|fuzz", "{", "}", "~", "^", "_", r"\sphinxhref{x}{y}",
]  # fmt: skip
HTML = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "'",
    '"',
    "&lt;script&gt;", "&#x3c;script&#x3e;", "javascript:alert(1)", "data:text/html,x", "<!--",
    "-->",
    "]]>", "</style>", "</svg>", "<a href=javascript:x>y</a>", "&amp;#60;", "<", ">", "&", "\" a='",
    "<meta http-equiv=refresh content=0>", "http://127.0.0.1:9/x.png", "//evil.example/x",
]  # fmt: skip
TYPST = [
    '#read("secret.txt")', "#fuzz()", "$ fuzz $", "`", "```", "@fuzz", "<fuzz>", "//", "/*", "*/",
    "#let x = {", '#include "secret.txt"', "[", "]", "= ", "- ", "+ ", "/ a: b", "\\u{41}", "~~",
]  # fmt: skip
RST = [
    ".. raw:: html\n\n   <script>alert(1)</script>\n", ":raw:`x`",
    ".. include:: ../../secret.txt\n",
    "|x|", "`x <javascript:y>`_", "x_", "::\n\n  x\n", ".. |x| image:: ../../secret.txt\n", "*",
    "**",
    ".. _p1:\n", ".. contents::\n", "[#]_", ":file:`x`", ".. role:: raw(raw)\n   :format: html\n",
]  # fmt: skip
MYST = [
    "\n```{include} ../../secret.txt\n```\n", "{{ 7 * 191 }}", "[x](../../secret.txt)", "[^a]",
    "![x](../../secret.txt)", "![x](http://127.0.0.1:9/x.png)", "![x](data:image/png;base64,AA)",
    "{numref}`{number.x} <t>`", "{cite:p}`bad`", "{cite:t}`worse`", "{cite:p}`good2020`",
    "{download}`../../secret.txt`",
    "{edition:note}`silk-road`", "{edition:passage}`p1`", "{term}`caravan`", "{doc}`/index`",
    "{edition:note}`x <silk-road>`", "\n```{raw} html\n<b onclick=x>\n```\n", "(p1)=\n",
    "\n:::{note}\nx\n:::\n", "\n[^a]: x\n", "[a]: javascript:x\n",
    "\n| a | b |\n|---|---|\n| c | d |\n",
    "\n- a\n  - b\n", "\n1. a\n", "\n> q\n", "\n---\n", "\n+++\n", "\n## H\n", "![](p.png)",
    "![p](p.png)",
    "\n## ![p](p.png)\n", "\n## [^a]\n", "<https://example.org/x>", "[x](https://аpple.com)",
    "{abbr}`x (y)`", "{sub}`x`", "``x``", "\n```python\nx\n```\n", "\n```{figure} p.png\nx\n```\n",
    "\n```{list-table}\n* - a\n  - b\n```\n", "\n```{glossary}\nzz\n  yy\n```\n", "{ref}`x <p1>`",
    "[](#p1)", "[](silk-road)", "\n\\\n", "a\\\nb", "{eval-rst}",
    "\n```{eval-rst}\n.. raw:: html\n\n   <i>\n```\n",
    "\n```{table} T\n:name: t\n\n| a |\n|---|\n| b |\n```\n", "\n```{math}\n\\fuzz\n```\n", "$x$",
    "\n```{toctree}\n:glob:\n\n*\n```\n", "\n```{index} a; b\n```\n", "{index}`x`", "~~x~~",
]  # fmt: skip
YAML = ["&a", "*a", "!!python/object/apply:os.system ['touch pwned-yaml']", "[", "? ", ": ", "<<: ",
    "| ", "> ", "%YAML 1.1", "- ", "#", "null", "~", "0o7", "1_0", "yes", "2001-01-01", "!x",
]  # fmt: skip
BIB = [
    "@string{a = a # a}", "@", " and ", " # ", ",", " = ", r"\url{javascript:x}", "others", "{\\",
    r"\href{javascript:x}{y}", r"{\\'e}", r"\textbf{", "{{", "}}", "@comment{",
    "@preamble{\"\\fuzz\"}",
]  # fmt: skip
UNSEEN = [
    "\u202e", "\u2066", "\u2067", "\u2069", "\u200f", "\0", "\x1b[2J", "\x07", "\x85", "\u2028",
    "\ufeff", "\ufffe", "\ud800", "\r", "\x0b", "\x0c", "\U000e0041", "\u00ad", "\u200b", "\u200d",
    "\x7f",
]  # fmt: skip
LETTERS = [
    "é", "中文", "😀", "ก", "ሀ", "דרך", "ابن", "a\u0301\u0301\u0301", "ß", "İ", "ﬁ", "𝔞", "½", "१२",
]  # fmt: skip
HUGE = ["9" * 400, "1e999999", "-0", "Y1E999999999", "1e308", "nan", "inf", "0x" + "f" * 99, "1.5"]
LONG = [
    "w" * 3000, "字" * 1500, "a b " * 800, "." * 2000, " " * 3000, "*" * 500, "[" * 200, "x-" * 900,
]  # fmt: skip
FORMAT = [
    "{0}", "{name.__class__}", "{:>2000000000}", "%s", "%9999d", "%(x)s", "{number}", "{}", "%",
]  # fmt: skip
PLAIN = [
    "word", "Abai", "Silk Road", "1845", "a", "road of silk", "Note", ", ", ". ", " ", "(", ")",
]  # fmt: skip

_TEX, _HTML, _TYPST = st.sampled_from(TEX), st.sampled_from(HTML), st.sampled_from(TYPST)
_NASTY = st.one_of(
    _TEX, _HTML, _TYPST,
    *map(st.sampled_from, (RST, MYST, YAML, BIB, UNSEEN, LETTERS, FORMAT, PLAIN)),
    st.sampled_from(HUGE + LONG), st.text(max_size=4),
)  # fmt: skip


def _joined(pieces: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(pieces, min_size=least, max_size=most).map("".join)


TEXT = _joined(_NASTY, 1, 8)
LINE = _joined(_NASTY, 1, 4).map(lambda text: " ".join(text.split("\n")))
BODY = st.lists(_joined(_NASTY, 1, 5), min_size=1, max_size=8).map("\n\n".join)
#: Words that stand in the text, so that the note is attached.
QUOTES = st.sampled_from(
    [
        "Chen Cheng",
        "names Abai",
        "two peoples",
        "an epic",
        "camels",
        "ancient Silk Road",
        "“quoted”",
    ]
)
_DATES = st.sampled_from(
    ["0645", "-0137", "1845~", "[1457,1458]", "1999/2001", "Y1E999999999", "Y-99999999999",
     "2022-09-31",
     "../1900", "19XX", "0000", "2004-06-XX/2004-07-03", "9999999", "1900-01-01T25:00", "", "x"]
)  # fmt: skip
_TAGS = st.sampled_from(
    ["zh", "kk", "ru", "he", "ar", "russian", "zh-Hant-CN", "x", "", "abcdefgh", "en"]
)
_SIGLA = st.sampled_from(
    ["Zh", "Ru", "En-Kz", r"x}{}\input{/etc/passwd}{", "Қз", "2", "x" * 30, ""]
)
_NUMBERS = st.sampled_from(
    ["42.9", "-91", "180", "1e309", ".nan", "999999999", "0", "-0.0", "x", "'7'"]
)


@st.composite
def _fronts(draw: st.DrawFn) -> str:
    """Front matter: well formed with bad values, or not even that."""
    quoted = st.one_of(QUOTES, LINE).map(_quoted)
    scalar = st.one_of(LINE.map(_quoted), st.sampled_from(YAML + HUGE), LINE)
    pair = st.one_of(_DATES, _TAGS, _SIGLA, LINE).map(_quoted)
    fields = {
        "quote": st.one_of(
            quoted,
            st.tuples(quoted, scalar).map(lambda two: f"{{exact: {two[0]}, prefix: {two[1]}}}"),
            st.lists(quoted, max_size=3).map(lambda all_: f"[{', '.join(all_)}]"),
        ),
        "names": st.tuples(st.one_of(_TAGS.map(_quoted), pair), scalar).map(_mapping),
        "dates": st.tuples(st.one_of(_DATES.map(_quoted), pair), scalar).map(_mapping),
        "places": st.tuples(scalar, _NUMBERS, _NUMBERS).map(
            lambda three: f"[{{name: {three[0]}, at: [{three[1]}, {three[2]}]}}]"
        ),
        "readings": st.tuples(
            st.one_of(_SIGLA.map(_quoted), pair), scalar, scalar, scalar, scalar
        ).map(
            lambda five: (
                f"{{{five[0]}: {{reading: {five[1]}, gloss: {five[2]}, remark: {five[3]}, "
                f"source: {five[4]}}}}}"
            )
        ),
        "standing": st.one_of(st.sampled_from(["disputed", "unresolved", "x"]), scalar),
        "see-also": st.lists(st.one_of(st.just("silk-road"), scalar), max_size=3).map(
            lambda all_: f"[{', '.join(all_)}]"
        ),
        "contributors": st.lists(scalar, max_size=3).map(lambda all_: f"[{', '.join(all_)}]"),
        "checked": st.one_of(st.just("2026-01-01"), _DATES, scalar),
        "myst": st.just("{substitutions: {x: y}, enable_extensions: [substitution]}"),
    }
    names = draw(st.lists(st.sampled_from(sorted(fields)), max_size=5, unique=True))
    lines = [f"quote: {_quoted(draw(QUOTES))}"] if draw(st.booleans()) else []
    lines += [f"{name}: {draw(fields[name])}" for name in names]
    if draw(st.integers(0, 5)) == 0:
        lines.insert(draw(st.integers(0, len(lines))), draw(TEXT))
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A string of YAML that is well formed whatever it holds."""
    return json.dumps(text, ensure_ascii=False)


def _mapping(pair: tuple[str, str]) -> str:
    return f"{{{pair[0]}: {pair[1]}}}"


NOTES = st.tuples(_fronts(), LINE, st.one_of(LINE, TEXT), BODY).map(
    lambda four: f"---\n{four[0]}\n---\n\n# {four[1]}\n\n{four[2]}\n\n{four[3]}\n"
)
RST_NOTES = st.tuples(_fronts(), BODY).map(
    lambda two: f"---\n{two[0]}\n---\n\nTitle\n=====\n\nThe gist.\n\n{two[1]}\n"
)
TIES = st.tuples(LINE, LINE).map(
    lambda two: f"---\nquote: [two peoples, names Abai]\n---\n\n# {two[0]}\n\n{two[1]}\n"
)


@st.composite
def _lists(draw: st.DrawFn) -> str:
    """An index page: register, glossary, lists and whatever."""
    register = draw(st.lists(st.tuples(LINE, LINE, LINE), max_size=4))
    glossary = draw(st.lists(st.tuples(LINE, LINE), max_size=3))
    names = "\n".join(f"{head}; {form} | {remark}" for head, form, remark in register)
    terms = "\n".join(f"{term.strip() or 'x'}\n  {meaning}" for term, meaning in glossary)
    parts = [
        f"# {draw(LINE)}",
        f"```{{edition:register}}\n{names}\n```",
        f"```{{glossary}}\n{terms}\n```",
        draw(TEXT),
        "```{edition:notes}\n:by: kind\n```",
        f"```{{toctree}}\n:caption: {draw(LINE)}\n\n{draw(LINE)} <chen>\n{draw(LINE)}\n```",
    ]
    return "\n\n".join(parts) + "\n"


_TYPES = st.sampled_from(
    [
        "misc",
        "book",
        "article",
        "names",
        "title",
        "online",
        "url",
        "__class__",
        "string",
        "comment",
        "x y",
    ]
)
_FIELDS = st.sampled_from(
    ["title", "author", "year", "url", "doi", "note", "editor", "journal", "pages", "key",
     "urldate", "isbn",
     "publisher", "month", "volume", "crossref", "eprint", "howpublished", "__init__"]
)  # fmt: skip
_VALUES = st.one_of(
    LINE.map(lambda text: f"{{{text}}}"),
    LINE.map(lambda text: f'"{text}"'),
    st.sampled_from(HTML).map(lambda text: f"{{{text}}}"),
    LINE,
)


@st.composite
def _entries(draw: st.DrawFn) -> str:
    fields = draw(st.lists(st.tuples(_FIELDS, _VALUES), max_size=6))
    key = draw(st.one_of(st.sampled_from(["bad", "worse", "x y"]), LINE))
    inside = ",\n  ".join([key, *(f"{name} = {value}" for name, value in fields)])
    return f"@{draw(_TYPES)}{{{inside}\n}}\n" if draw(st.booleans()) else draw(TEXT) + "\n"


GOOD_ENTRY = """\
@book{good2020,
  author = {Good, Gina},
  title = {A Good Book},
  publisher = {Press},
  address = {Town},
  year = {2020}
}
"""

#: What is refused wherever it stands by itself, and must be reported.
REFUSED = [
    "```{include} ../../secret.txt\n```", "```{raw} html\n<script>alert(1)</script>\n```",
    "[x](javascript:alert(1))", "![x](../../secret.txt)", "<script>alert(1)</script>",
    "![x](http://127.0.0.1:9/x.png)", "{download}`../../secret.txt`",
    "```{csv-table}\n:file: secret.txt\n```",
    "[x](../../secret.txt)", "![x](link.png)", "![x](pipe.png)",
    "```{eval-rst}\n.. raw:: html\n\n   <i>\n```",
    "```{only} html\nx\n```", "```{meta}\n:http-equiv=refresh: 0\n```",
    "```{figure} nowhere.png\n```",
    "[x](file:///etc/passwd)", "[x](data:text/html,x)", "```{math}\n\\input{secret.txt}\n```",
]  # fmt: skip


def _bomb(width: int, height: int) -> bytes:
    """A PNG that says that it has this size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + head
    return png()[:8] + struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk))


PICTURES = st.one_of(
    st.just(png()),
    st.integers(1, len(png()) - 1).map(lambda size: png()[:size]),
    st.just(_bomb(60_000, 60_000) + png()[33:]),
    st.just(b"<svg onload='alert(1)'/>"),
    st.just(b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
    st.just(b"\xff\xd8\xff\xe0"),
    st.binary(max_size=30),
)
#: Names of files, as bytes: most are a note's.
NAMES = st.one_of(
    st.sampled_from(["chen", "abai", "camel", "peoples", "epic"]).map(str.encode),
    st.sampled_from(["chen", "abai", "camel", "peoples", "epic"]).map(str.encode),
    st.sampled_from(
        ["Chen", "chen-2", "a b", "{0}", "a'b", 'x" onclick="y', "<b>", "a&b", "%s", "$x", "#x",
         "a}b",
         "a\\input{x}", "\u202ex", "x" * 245, "index", "é", "e\u0301", "中", ".hidden", "-x",
         "a.b", "con",
         "silk-road", "noteref-x", "p1", "😀", "a\nb", "a\x1bb", "~", "x;y", "a,b", "*", "[a]",
         "a?b"]
    ).map(str.encode),
    st.sampled_from([b"\xff\xfe", b"a\x80"]),
)  # fmt: skip
KINDS = st.sampled_from(
    ["history", "people", "people", "people/deep", "odd kind", "cross-references"]
)


@dataclass
class Sown:
    """A stranger's tree: files by their paths, links, and what else there may be."""

    files: dict[bytes, bytes] = field(default_factory=dict)
    #: Where each link leads.
    links: dict[bytes, str] = field(default_factory=dict)
    pipes: list[bytes] = field(default_factory=list)
    #: Names and messages of commits of all files, in their order; none for no repository.
    commits: list[tuple[bytes, bytes]] = field(default_factory=list)
    #: Settings of the project.
    settings: str = ""
    #: Something that must be reported of ``people/sure.md``.
    refused: str = ""


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@st.composite
def trees(draw: st.DrawFn) -> Sown:
    """A whole tree that is laid over the edition of ``support.strangers``."""
    sown = Sown()
    for _ in range(draw(st.integers(1, 5))):
        kind, name = draw(KINDS).encode(), draw(NAMES)
        suffix, text = b".md", NOTES
        if kind == b"cross-references":
            text = TIES
        elif draw(st.integers(0, 4)) == 0:
            suffix, text = b".rst", RST_NOTES
        sown.files[b"commentary/%s/%s%s" % (kind, name, suffix)] = _encoded(draw(text))
    # The good note's own file is nobody's to overwrite.
    sown.files.pop(b"commentary/history/silk-road.md", None)
    sown.refused = draw(st.sampled_from(REFUSED))
    sure = f"---\nquote: Chen Cheng\n---\n\n# Sure\n\nThe gist.\n\n{sown.refused}\n"
    sown.files[b"commentary/people/sure.md"] = sure.encode()
    sown.files[b"commentary/people/p.png"] = draw(PICTURES)
    if draw(st.booleans()):
        sown.files[b"commentary/people/index.md"] = _encoded(draw(_lists()))
    before = draw(st.lists(_entries(), max_size=2))
    after = draw(st.lists(_entries(), max_size=3))
    bibliography = "".join([*before, "\n", GOOD_ENTRY, *after])
    sown.files[b"commentary/references.bib"] = _encoded(bibliography)
    targets = st.sampled_from(
        [
            "../../secret.txt",
            "/etc/passwd",
            "/dev/tty",
            "/dev/zero",
            ".",
            "..",
            "nowhere",
            "sure.md",
            "../../../outside.txt",
        ]
    )
    sown.links[b"commentary/people/link.png"] = draw(targets)
    sown.pipes.append(b"commentary/people/pipe.png")
    for name in draw(st.lists(st.sampled_from([b"a", b"b.md", b"index.rst", b"loop"]), max_size=2)):
        sown.links[b"commentary/people/" + name] = draw(targets)
    if draw(st.integers(0, 3)) == 0:
        commit = st.tuples(LINE.map(_encoded), TEXT.map(_encoded))
        sown.commits = draw(st.lists(commit, min_size=1, max_size=3))
        if draw(st.booleans()):
            sown.files[b".mailmap"] = _encoded(draw(TEXT))
        elif draw(st.booleans()):
            sown.links[b".mailmap"] = "/dev/zero"
    sown.settings = draw(
        st.sampled_from(
            [
                "",
                "",
                "",
                "html_theme = 'basic'\n",
                "language = 'fr'\n",
                "language = 'zh_CN'\n",
                "language = 'ar'\n",
                "bibtex_default_style = 'plain'\n",
                "bibtex_default_style = 'alpha'\n",
                "bibtex_default_style = 'unsrt'\nbibtex_reference_style = 'label'\n",
                "numfig = True\n",
                "edition_checks = True\n",
                "bibtex_tooltips = False\n",
            ]
        )
    )
    return sown
