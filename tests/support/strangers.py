"""A small edition, strangers' files laid over it, and what must come of each way to build it.

The edition stands in ``tests/hostile/trees/base``; the other folders there are laid over it.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import signal
import socket
import traceback
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import FrameType
from typing import Any
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag
from pypdf import PdfReader

from annotated_edition.cli import main
from support.pages import parse
from support.pdf import page_texts
from support.project import Project

TREES = Path(__file__).parent.parent / "hostile" / "trees"
BUILDERS = ("html", "epub", "latex", "edition-pdf")
#: What stands in a file of the edition that no page shows, and in one beside the edition.
SECRET = "TOPSECRET-9c1e"
#: What the good note, the glossary and the bibliography of the edition say.
GOOD = ("GOODNOTE a network of routes", "GOODTERM", "A Good Book")
#: Left behind by whatever ran.
PWNED = "pwned"
#: What takes so many seconds of a processor hangs, and so does what waits so long.
WORKING, WAITING = 60, 900


class Hanging(BaseException):
    """A step that doesn't end."""


class Tree(Project):
    """The small edition, over which other files may be laid."""

    def __init__(self, folder: Path) -> None:
        home = folder / "edition"
        home.mkdir(parents=True)
        super().__init__(home)
        shutil.copytree(TREES / "base", home, dirs_exist_ok=True)
        (folder / "outside.txt").write_text(SECRET, encoding="utf-8")
        self.requests: list[Any] = []
        #: What each builder said, and how it failed.
        self.said: dict[str, str] = {}
        self.failed: dict[str, str] = {}
        self.checked = 0

    def lay(self, name: str) -> None:
        """Lay a folder of ``tests/hostile/trees`` over the edition."""
        shutil.copytree(TREES / name, self.folder, dirs_exist_ok=True)

    def put(self, path: str, data: bytes) -> None:
        """Write a file of any name and any bytes."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def build_all(self) -> None:
        """Build in every way, then check; what fails, or hangs, is a fault."""
        with no_requests(self.requests):
            for builder in BUILDERS:
                with self._caught(builder):
                    self.build(builder)
                self.said[builder] = self.warnings
            said = io.StringIO()
            with self._caught("check"), redirect_stdout(said), redirect_stderr(said):
                self.checked = main(["check", "--source", str(self.folder)])
            self.said["check"] = said.getvalue()

    @contextmanager
    def _caught(self, builder: str) -> Iterator[None]:
        self.warnings = ""
        try:
            with in_time(builder):
                yield
        except (Exception, Hanging):
            self.failed[builder] = traceback.format_exc()

    def faults(self) -> Iterator[str]:
        """What must not have come of :meth:`build_all`, in words; nothing of a sound build."""
        for builder, said in self.said.items():
            yield from _said_faults(builder, said)
        yield from (f"{builder} failed: {error}" for builder, error in self.failed.items())
        yield from (f"a request: {request}" for request in self.requests)
        yield from (f"{path} was written" for path in self.folder.parent.rglob(f"{PWNED}*"))
        if self.checked not in (0, 1):
            yield f"check ended with {self.checked}"
        looks = {
            "html": self._html,
            "epub": self._epub,
            "latex": self._latex,
            "edition-pdf": self._pdf,
        }
        for builder, look in looks.items():
            if builder not in self.failed:
                yield from look()

    def _html(self) -> Iterator[str]:
        words = {}
        theme = self.theme
        for path in sorted(self.output("").rglob("*")):
            if not path.is_file():
                continue
            data = path.read_bytes()
            if path.name == "objects.inv":
                data = zlib.decompress(data.split(b"\n", 4)[4])
            yield from _secret(str(path), data)
            if path.suffix == ".html":
                soup = parse(path)
                name = path.relative_to(self.output("")).as_posix()
                # Sphinx's own theme has scripts and forms; they stand round the documents.
                seen = soup if theme != "basic" else soup.select_one("div.documentwrapper")
                if seen and (theme, name) != ("basic", "search.html"):
                    yield from (f"{name}: {fault}" for fault in html_faults(seen))
                words[name] = soup
        note = words["article/opening.html"].select_one("#note-silk-road")
        if note is None or GOOD[0] not in note.get_text():
            yield "html: the good note isn't attached"
        for page, good in (("glossary", GOOD[1]), ("bibliography", GOOD[2])):
            if good not in words[f"commentary/{page}.html"].get_text():
                yield f"html: {good} isn't there"

    def _epub(self) -> Iterator[str]:
        (path,) = self.output("", "epub").glob("*.epub")
        text = ""
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                data = book.read(name)
                yield from _secret(f"epub: {name}", data)
                if name.endswith((".xhtml", ".opf", ".ncx")):
                    try:
                        ElementTree.fromstring(data)
                    except ElementTree.ParseError as error:
                        yield f"epub: {name} is no XML: {error}"
                if name.endswith(".xhtml"):
                    soup = BeautifulSoup(data, "lxml-xml")
                    yield from (f"epub: {name}: {fault}" for fault in html_faults(soup))
                    if soup.select("script, form"):
                        yield f"epub: {name} has a script"
                    text += soup.get_text(" ")
        yield from (f"epub: {good} isn't there" for good in GOOD if good not in text)

    def _latex(self) -> Iterator[str]:
        (path,) = self.output("", "latex").glob("*.tex")
        source = path.read_text(encoding="utf-8")
        yield from _secret("latex", source.encode())
        yield from (f"latex: {fault}" for fault in latex_faults(source))
        yield from (f"latex: {good} isn't there" for good in GOOD if good not in source)

    def _pdf(self) -> Iterator[str]:
        path = self.output("annotated-edition.pdf", "edition-pdf")
        yield from _secret("pdf", path.read_bytes())
        reader = PdfReader(path)
        yield from (f"pdf: {fault}" for fault in pdf_faults(reader))
        text = squeezed(" ".join(page_texts(path)))
        if any(squeezed(good) not in text for good in GOOD):
            # PDFium puts words that run from right to left into their order, and others with them.
            text += squeezed(" ".join(page.extract_text() for page in reader.pages))
        yield from _secret("pdf", text.encode("utf-8", "replace"))
        yield from (f"pdf: {good} isn't there" for good in GOOD if squeezed(good) not in text)

    @property
    def theme(self) -> str:
        """The theme that the configuration names last."""
        conf = (self.folder / "conf.py").read_text(encoding="utf-8")
        return str(re.findall(r"""^html_theme = ["'](\w+)["']""", conf, re.M)[-1])

    def named(self, builder: str = "html", subtype: str = r"[\w-]+") -> dict[str, set[int]]:
        """The files that warnings of the extension are about, and the lines."""
        found: dict[str, set[int]] = {}
        pattern = rf"^{re.escape(str(self.folder))}/(.*?):(\d+): WARNING: .*\[edition\.{subtype}\]$"
        for path, line in re.findall(pattern, self.said[builder], re.M):
            found.setdefault(path, set()).add(int(line))
        return found


def squeezed(text: str) -> str:
    """Words without white space, soft hyphens and isolates, as lines divide them."""
    return re.sub(r"[\s\u00ad\u200b\u2066-\u2069]+", "", text)


def _secret(name: str, data: bytes) -> Iterator[str]:
    for secret in (SECRET, "root:x:0:0"):
        if secret.encode() in data:
            yield f"{secret} in {name}"


def _said_faults(builder: str, said: str) -> Iterator[str]:
    if "Traceback" in said or "Exception occurred" in said:
        yield f"{builder}: {said[-500:]}"
    if SECRET in said:
        yield f"{builder}: a secret was told"
    if seen := re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said):
        start = max(seen.start() - 150, 0)
        yield f"{builder}: a terminal would obey {seen[0]!r}: {said[start : start + 200]!r}"
    for line in said.splitlines():
        if line.endswith("]") and "[edition." in line and not re.match(r"\S.*?:\d+: ", line):
            yield f"{builder}: no file and line: {line[:200]}"


@contextmanager
def in_time(what: str) -> Iterator[None]:
    """Stop what hangs, where there are signals: at work, or waiting."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Hanging(what)

    if not hasattr(signal, "SIGPROF"):
        yield
        return
    before = [signal.signal(number, stop) for number in (signal.SIGPROF, signal.SIGALRM)]
    signal.setitimer(signal.ITIMER_PROF, WORKING)
    signal.setitimer(signal.ITIMER_REAL, WAITING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGPROF, before[0])
        signal.signal(signal.SIGALRM, before[1])


@contextmanager
def no_requests(asked: list[Any]) -> Iterator[None]:
    """Note whom anything wants to connect to, and refuse it."""
    connect = socket.socket.connect

    def refuse(_: socket.socket, to: Any) -> None:
        asked.append(to)
        raise OSError("no network here")

    socket.socket.connect = refuse  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]


# ---- what is active ----------------------------------------------------------------------


def html_faults(soup: Tag) -> Iterator[str]:
    """What a page does beside showing text: by what is allowed, not by known attacks."""
    for tag in soup.find_all(True):
        if tag.name in ("object", "embed", "iframe", "frame", "base", "applet", "audio", "video"):
            yield f"<{tag.name}>"
        has_code = not tag.get("src") or tag.get_text().strip()
        if tag.name == "script" and has_code and not _is_data(tag):
            yield f"inline script {tag}"
        if tag.name == "form" and "search" not in f"{tag.get('class')} {tag.get('role')}":
            yield f"form {tag}"
        if tag.name == "meta" and str(tag.get("http-equiv", "")).lower() not in (
            "",
            "content-type",
            "content-security-policy",
        ):
            yield str(tag)
        for name, value in tag.attrs.items():
            text = " ".join(value) if isinstance(value, list) else str(value)
            if name.lower().startswith("on"):
                yield f"attribute {name} of {tag.name}"
            if name == "style" and not re.fullmatch(
                r"((width|height): ?[\d.]{1,6}(%|px|em);? ?)+(vertical-align: top;)?", text
            ):
                yield f"style {text}"
            if name in ("href", "xlink:href", "action", "formaction", "src", "data", "poster"):
                yield from _address_faults(tag, name, text)


def _is_data(script: Tag) -> bool:
    """Whether an element holds data that nobody runs, and that nothing in it can end."""
    if script.attrs != {"type": "application/ld+json"} or "<" in script.get_text():
        return False
    try:
        json.loads(script.get_text())
    except ValueError:
        return False
    return True


def _address_faults(tag: Tag, name: str, address: str) -> Iterator[str]:
    plain = re.sub(r"[\x00-\x20]", "", address)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", plain)
    link = tag.name == "a" and name == "href"
    if scheme and not (link and scheme[1].lower() in ("http", "https", "mailto")):
        yield f"address {address} of {tag.name}"
    if plain.startswith(("//", "\\", "/\\")):
        yield f"address {address} of {tag.name}"


#: Commands that read, write, or make commands; Sphinx's writer makes none in the body.
_PRIMITIVES = frozenset(
    "input include immediate write openin openout read lstinputlisting verbatiminput special"
    " def edef gdef let csname catcode newcommand renewcommand usepackage includegraphics"
    " directlua ShellEscape pdffiledump".split()
)


def latex_faults(source: str) -> Iterator[str]:
    """What a LaTeX document does beside setting text."""
    body = source.partition(r"\sphinxtableofcontents")[2]
    # The only definitions that Sphinx's writer makes there.
    body = body.replace(r"\def\sphinxLiteralBlockLabel", "")
    body = body.replace(r"\renewcommand{\indexname}", "")
    for command in sorted(set(re.findall(r"\\([A-Za-z@]+)", body))):
        if command in _PRIMITIVES or command.startswith("fuzz"):
            yield f"the command \\{command}"
    # Blocks of code are verbatim, except for Pygments' commands.
    if re.search(r"\^\^[0-9a-f]", re.sub(r"\\textasciicircum\{\}", "", body)):
        yield "a letter by its number"
    for address in re.findall(r"\\(?:sphinx)?href\{([^}]*)\}", body):
        if not re.match(r"https?:|mailto:", address):
            yield f"the address {address}"
    for image in re.findall(r"\\sphinxincludegraphics(?:\[.*?\])?\{(\{[^{}]*\}[^{}]*)\}", body):
        if not re.fullmatch(r"\{[A-Za-z0-9_-]+\}\.(png|jpg|jpeg|gif|webp|pdf)", image):
            yield f"the picture {image}"
    plain = re.sub(r"\\[\\{}]", "", body)
    if plain.count("{") != plain.count("}"):
        yield f"{plain.count('{')} braces are opened, {plain.count('}')} closed"


def pdf_faults(reader: PdfReader) -> Iterator[str]:
    """What a PDF does beside showing text."""
    catalog = str(reader.trailer["/Root"])
    if found := re.search(r"/(JavaScript|JS|AA|AcroForm|EmbeddedFiles|Launch)\b", catalog):
        yield found[0]
    for page in reader.pages:
        for annotation in page.get("/Annots") or ():
            action = annotation.get_object().get("/A") or {}
            kind, address = action.get("/S"), str(action.get("/URI", ""))
            if kind in (None, "/GoTo") or (
                kind == "/URI" and re.match(r"https?:|mailto:", address)
            ):
                continue
            yield f"the action {kind} {address}"
