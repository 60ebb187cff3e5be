"""How a note is built: a title, a gist, paragraphs; and what stands in their places instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from docutils import nodes

from annotated_edition.read import doctree
from annotated_edition.text.control import brief

#: What stands before a title and says nothing.
_SILENT = (nodes.Invisible, nodes.system_message, nodes.footnote)

_BY_NUMBER = re.compile(
    r"\b(?:see|cf\.?|compare|in|under|by)\s(?:the\s)?(?:(?:foot|end)?notes?|nn?\.|fn\.)\s(?:no\.?\s)?\d{1,3}\b(?!\s(?:of|to)\b)"
    r"|\b(?:foot|end)?notes?\s\d{1,3}\s(?:above|below|here)\b",
    re.IGNORECASE,
)

_FIRST = {
    nodes.block_quote: "a quotation",
    nodes.bullet_list: "a list",
    nodes.enumerated_list: "a list",
    nodes.definition_list: "a list",
    nodes.table: "a table",
    nodes.image: "a picture",
    nodes.figure: "a picture",
    nodes.literal_block: "a paragraph indented by four spaces",
}


def faults(
    document: nodes.document,
    source: str,
    templates: Sequence[str] = (),
    is_markdown: bool = True,
) -> Iterator[tuple[int, str]]:
    """Lines (from 1), and what to do.  *templates* are titles that nobody wrote."""
    its_line = "the line `# …`" if is_markdown else "the title and its line `====`"
    below = "##" if is_markdown else "a line `----` under it"
    sections = [node for node in document.children if isinstance(node, nodes.section)]
    if not sections:
        return
    for node in document.children:
        if node is sections[0]:
            break
        if isinstance(node, nodes.Element) and not isinstance(node, _SILENT):
            yield (
                doctree.line_of(node),
                f"text stands before the title: move it below {its_line}",
            )
            break
    for section in sections[1:]:
        if _is_note(source, doctree.line_of(section)):
            yield (
                doctree.line_of(section),
                f"a second note begins here, {section[0].astext()!r}, and isn't attached: give it "
                "a file of its own",
            )
            continue
        yield (
            doctree.line_of(section),
            f"{section[0].astext()!r} is a second title: begin a heading within the note with "
            f"{below}",
        )
    title = sections[0][0].astext().strip()
    if title.casefold() in {one.casefold() for one in templates}:
        yield (
            doctree.line_of(sections[0]),
            f"{title!r} is still the template's: say what the note is about",
        )
    yield from _first_block(sections[0], source)
    yield from _bare_headings(sections[0])
    yield from _never_ending(source)
    yield from _lost_cells(source)
    for block in document.findall(nodes.literal_block):
        if doctree.is_indented(block, source) and block is not _first(sections[0]):
            yield (
                doctree.line_of(block),
                "this paragraph is indented by four spaces, which makes it code: begin it at the "
                "margin",
            )
    for paragraph in document.findall(nodes.paragraph):
        text = doctree.running_text(paragraph)
        for match in _BY_NUMBER.finditer(text):
            yield (
                paragraph.line or 1,
                f"{match[0]!r} names a note by its number, which changes: write "
                + ("{edition:note}`its-name`" if is_markdown else ":edition:note:`its-name`"),
            )


#: So many lines above its title a note's front matter may begin.
_ABOVE = 30


def _is_note(source: str, title: int) -> bool:
    """Whether front matter with a quote stands above the line *title*, not at the file's head."""
    lines = [line.rstrip() for line in source.split("\n")]
    # After the file's own front matter.
    head = lines.index("---", 1) + 1 if lines[:1] == ["---"] and "---" in lines[1:] else 0
    above = lines[max(title - _ABOVE, head) : title - 1]
    return "---" in above and any(line.startswith("quote:") for line in above)


def _first(section: nodes.Element) -> nodes.Node | None:
    for node in section.children[1:]:
        if isinstance(node, nodes.Element) and not isinstance(node, _SILENT):
            return node
    return None


def _bare_headings(note: nodes.section) -> Iterator[tuple[int, str]]:
    """Headings within a note under which nothing stands."""
    inner = list(note.findall(nodes.section))[1:]
    for section in inner:
        words = section[0].astext().strip()
        if not words or _first(section) is not None:
            continue
        # Footnotes are set at the end, wherever they were written.
        if section is inner[-1] and note.document and note.document.footnotes:
            continue
        yield (
            doctree.line_of(section),
            f"nothing stands under the heading {brief(words)!r}: write it, or delete the heading",
        )


_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,}|:{3,})[ ]*(\S*)")


def _never_ending(source: str) -> Iterator[tuple[int, str]]:
    """A block of code or a box that is never closed, and so holds all that follows."""
    opened: list[tuple[int, str]] = []
    for number, line in enumerate(source.split("\n"), 1):
        fence = _FENCE.match(line)
        if fence is None:
            continue
        marks, name = fence[1], fence[2]
        is_code = bool(opened) and opened[-1][1][0] in "`~"
        if opened and marks.startswith(opened[-1][1]) and not name:
            opened.pop()
        elif not is_code and (name or marks[0] != ":"):
            opened.append((number, marks))
    if opened and source.split("\n")[opened[0][0] :] and not source.startswith(("```", "~~~")):
        number, marks = opened[0]
        yield number, f"what begins here never ends: close it with a line {marks}"


def _lost_cells(source: str) -> Iterator[tuple[int, str]]:
    """Rows of a table with more cells than its first: Markdown drops what is left over."""
    most = 0
    lines = source.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.lstrip().startswith("|"):
            most = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line.strip().strip("|"))) + 1
        if re.fullmatch(r"[\s|:-]+", line) and "-" in line:
            above = lines[number - 2] if number > 1 else ""
            most = len(re.findall(r"(?<!\\)\|", above.strip().strip("|"))) + 1
        elif most and cells > most:
            yield (
                number,
                f"{cells} cells, and the first row has {most}: the rest isn't printed",
            )


def _first_block(section: nodes.Element, source: str) -> Iterator[tuple[int, str]]:
    """What stands where the gist should, before it."""
    first = _first(section)
    what = next((words for kind, words in _FIRST.items() if isinstance(first, kind)), "")
    if isinstance(first, nodes.literal_block) and not doctree.is_indented(first, source):
        # What was refused there was told; code stands there for all to see.
        what = ""
    if what and isinstance(first, nodes.Element):
        cure = (
            "begin it at the margin" if isinstance(first, nodes.literal_block)
            else "begin with a paragraph, the gist"
        )  # fmt: skip
        yield doctree.line_of(first), f"the note begins with {what}: {cure}"


_BACKWARDS = re.compile(
    r"\b(?:[Ii]bid(?:em)?\b\.?|[Oo]p\. ?cit\.|[Ll]oc\. ?cit\.|[Aa]\. ?a\. ?O\.)"
)


def backwards(document: nodes.document, is_markdown: bool = True) -> Iterator[tuple[int, str]]:
    """References to the source before, which others may part from this one."""
    citation = "{cite:p}`key{p. 4}`" if is_markdown else ":cite:p:`key{p. 4}`"
    for paragraph in document.findall(nodes.paragraph):
        if found := _BACKWARDS.search(doctree.running_text(paragraph)):
            yield (
                paragraph.line or 1,
                f"{found[0]!r} means whatever source stands before: write {citation}",
            )


def without_title(source: str, is_markdown: bool = True) -> tuple[int, str]:
    """The line of what was meant for a title, and what to do; line 1 where nothing was."""
    if not is_markdown:
        return 1, "there is no title: start the text with it, and a line `====` as long under it"
    for number, line in enumerate(source.split("\n"), 1):
        if tight := re.match(r"\s{0,3}(#{1,6})([^\s#].*)\Z", line):
            return number, f"there is no space after {tight[1]}: write `# {tight[2].strip()}`"
        if wide := re.match(r"\s{0,3}＃\s*(.*)\Z", line):
            return number, f"the sign ＃ is a wide one: write `# {wide[1].strip()}`"
        if bold := re.match(r"\s{0,3}\*\*([^*]+)\*\*\s*\Z|\s{0,3}__([^_]+)__\s*\Z", line):
            return number, f"this is bold, and no title: write `# {bold[1] or bold[2]}`"
        if wiki := re.match(r"={1,6}\s*([^=\s][^=]*?)\s*={1,6}\s*\Z", line):
            return number, f"this is a heading of wikis: write `# {wiki[1]}`"
        if tagged := re.match(r"\s{0,3}<h1[^>]*>([^<]+)</h1>\s*\Z", line, re.IGNORECASE):
            return number, f"this is HTML: write `# {tagged[1].strip()}`"
        if line.startswith(("    #", "\t#")):
            return number, "the title is indented, which makes it code: begin it at the margin"
    return 1, "there is no title: start the text with a line `# Title`"
