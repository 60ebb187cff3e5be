"""``site``: released versions under their numbers beside the latest, linked place by place.

A release is what was built then, byte for byte, but for the foot of its pages, where its number
leads to the same place in all versions.  Nothing is built again: an old version would need the
software of its time.
"""

from __future__ import annotations

import re
import shutil
import tarfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from gettext import translation
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from sphinx import locale
from sphinx.util.osutil import relative_uri

from annotated_edition.anchor.versions import Counterpart, Places, newest_first
from annotated_edition.model.releases import ReleasesError
from annotated_edition.model.versions import LATEST, NAME, Built, read, written
from annotated_edition.render.data import moved
from annotated_edition.weave.locales import CATALOG, CATALOGS, in_words, locale_of, runs_from_right

#: The folder of pages that each list one place in all versions.
VERSIONS = "versions"
#: So many other versions a page names; a page of the text, which many read and none may weigh
#: much, fewer.  All stand on a page of their own.
_NAMED, _NAMED_BY_TEXT = 5, 2
#: Where pages say which version they are: in the theme ``edition``, and in others.
_SAID = re.compile(
    r'<footer class="edition-footer">\s*<p>.*</p>|<p class="edition-version">[^<]*</p>'
)
#: Where a page ends that doesn't: one that leads on, or one of a theme of its own.
_ENDS = ("</main>", "</body>")


class SiteError(Exception):
    """Versions that can't be put together; the message says why and what to do."""


@dataclass(frozen=True)
class _Version:
    """A version in the site: its folder there, and what it holds."""

    folder: str
    built: Built

    @property
    def addresses(self) -> list[str]:
        """The addresses of its pages."""
        return [page.address for page in self.built.documents.values()]


def site(latest: Path, releases: Sequence[Path], output: Path) -> int:
    """Put *releases*, folders or archives of pages, beside *latest* into *output*; 0, or 1."""
    try:
        with TemporaryDirectory(dir=_parent(output)) as folder:
            made = Path(folder, "site")
            versions = [_taken(latest, made, is_latest=True)]
            versions += _in_order([_taken(path, made) for path in releases], versions[0].built)
            count = _Site(made, versions).write()
            _replace(output, made)
    except (SiteError, OSError, tarfile.TarError) as error:
        print(f"error: {error}")
        return 1
    told = {version.folder for version in versions}
    missing = [number for number, _day in versions[0].built.released if number not in told]
    if missing:
        print(f"note: {', '.join(missing)} was released, too, and isn't given")
    print(f"{output}: {', '.join(version.folder for version in versions)}; {count} pages linked")
    return 0


def _parent(output: Path) -> Path:
    if output.exists() and not (output / LATEST / NAME).is_file() and any(output.iterdir()):
        raise SiteError(f"{output} holds something else: name an empty folder by --output")
    output.parent.mkdir(parents=True, exist_ok=True)
    return output.parent


def _replace(output: Path, made: Path) -> None:
    if output.exists():
        shutil.rmtree(output)
    made.rename(output)


def _taken(path: Path, site: Path, *, is_latest: bool = False) -> _Version:
    """Copy or unpack a version's pages into the site."""
    with TemporaryDirectory() as unpacked:
        folder = path
        if path.is_file():
            with tarfile.open(path) as archive:
                archive.extractall(unpacked, filter="data")
            folder = Path(unpacked)
        found = folder / NAME
        if not found.is_file():  # an archive has one folder that has all
            found = next(iter(sorted(folder.glob(f"*/{NAME}"))), found)
        if not found.is_file():
            raise SiteError(
                f"{path} has no {NAME}: build the pages with edition_releases and release set"
            )
        try:
            built = read(found.read_text(encoding="utf-8"))
        except (UnicodeDecodeError, ReleasesError) as error:
            raise SiteError(f"{path}: {NAME} can't be read ({error})") from error
        if built.linked:
            raise SiteError(f"{path} is part of a site already: name the pages as they were built")
        if not is_latest and built.standing != "released":
            raise SiteError(
                f"{path} isn't version {built.number} as it was released, but {built.standing}: "
                "build it from the commit that was tagged"
            )
        name = LATEST if is_latest else str(built.number)
        if (site / name).exists():
            raise SiteError(f"version {name} is given twice, the second time as {path}")
        shutil.copytree(found.parent, site / name)
        linked = written(replace(built, linked=True))
        (site / name / NAME).write_text(linked, encoding="utf-8", newline="\n")
    return _Version(name, built)


def _in_order(versions: Iterable[_Version], latest: Built) -> list[_Version]:
    by_number = {version.folder: version for version in versions}
    order = newest_first({number: one.built for number, one in by_number.items()}, latest)
    return [by_number[number] for number in order]


class _Site:
    """The site in a folder, and its versions: the latest, then those released, newest first."""

    def __init__(self, folder: Path, versions: Sequence[_Version]) -> None:
        self.folder = folder
        self.versions = versions
        self.latest = versions[0]
        self.places = Places([version.built for version in versions])

    def write(self) -> int:
        """Link the versions, and write the pages round them; how many pages were linked."""
        count = sum(self._link(version) for version in self.versions)
        self._lists()
        self._root()
        return count

    # ---- the foot of a page

    def _link(self, version: _Version) -> int:
        docnames = {page.address: name for name, page in version.built.documents.items()}
        files = {_file(address): address for address in docnames}
        folder = self.folder / version.folder
        count = 0
        for path in sorted(folder.rglob("*.html")):
            name = path.relative_to(folder).as_posix()
            own = f"{version.folder}/{files.get(name, name)}"
            if name in files:
                links = self._others(version, docnames[files[name]], own)
            else:
                links = self._elsewhere(version, name, own)
            if links:
                _put_in(path, str(version.built.said), self._said(version, own, links))
                count += 1
        return count

    def _said(self, version: _Version, own: str, links: Sequence[str]) -> Callable[[str], str]:
        """The version in words, as a link to all of them, and other versions after it."""
        _ = _words(version.built)
        page = f"{VERSIONS}/{own.partition('/')[2]}"
        others = str(_("others: %s")) % " · ".join(links)
        return lambda said: f"{_link(own, page, said)} · {others}"

    def _others(self, version: _Version, docname: str, own: str) -> list[str]:
        """Where a page's place is in other versions."""
        others = [one for one in self.versions if one is not version]
        is_text = docname in version.built.held.passages.values()
        named = others[: _NAMED_BY_TEXT if is_text else _NAMED]
        return [self._named(version, docname, one, own) for one in named]

    def _elsewhere(self, version: _Version, name: str, own: str) -> list[str]:
        """The versions that have what a page leads on from, or says is no longer there."""
        return [
            _link(own, f"{one.folder}/{address}", one.folder)
            for one in self.versions
            if one is not version
            for address in one.addresses
            if _file(address) == name
        ]

    def _named(self, version: _Version, docname: str, other: _Version, own: str) -> str:
        """Another version, by a link to the same place."""
        _ = _words(version.built)
        name = str(_("latest")) if other is self.latest else other.folder
        found = self.places.find(version.built, docname, other.built)
        if found is None:
            return escape(str(_("%s (not there)")) % name)
        link = _link(own, _address(other, found), name)
        before = version.built.documents[docname].title
        now = other.built.documents[found.docname].title
        # Of a page of the text that was split or joined its address says enough.
        is_other = now != before and not found.passage
        return f"{link} (<i>{escape(now)}</i>)" if is_other else link

    # ---- one place in all versions

    def _lists(self) -> None:
        """Write for each address a page that lists all versions of what is there."""
        written: set[str] = set()
        for version in self.versions:
            for docname, page in version.built.documents.items():
                if page.address not in written:
                    written.add(page.address)
                    path = self.folder / VERSIONS / _file(page.address)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(self._list(version, docname))

    def _list(self, version: _Version, docname: str) -> bytes:
        built = version.built
        _ = _words(built)
        page = built.documents[docname]
        own = f"{VERSIONS}/{page.address}"
        every = str(_("all versions"))
        root, main = self._page(own, built, f"{page.title}: {every}")
        rows = ET.SubElement(main, "ul")
        for one in self.versions:
            item = ET.SubElement(rows, "li")
            found = (
                Counterpart(docname)
                if one is version
                else self.places.find(built, docname, one.built)
            )
            self._told(item, one, own, found, page.title)
        passages = [id_ for id_, where in built.held.passages.items() if where == docname]
        if passages:
            self._passages(main, _, own, built, passages)
        return _html(root)

    def _told(
        self, item: ET.Element, version: _Version, own: str, found: Counterpart | None, title: str
    ) -> None:
        """A version, what the page is called there, where not by its *title*, and its day."""
        built = version.built
        _ = _words(built)
        words = f"{_('latest')}: {built.said}" if version is self.latest else str(built.said)
        if found is None:
            item.text = str(_("%s (not there)")) % words
            return
        link = ET.SubElement(item, "a", href=_relative(own, _address(version, found)))
        link.text, link.tail = words, ""
        its = built.documents[found.docname].title
        if its != title and not found.passage:
            link.tail = f" · {its}"
        if built.standing == "released" and version is not self.latest:
            day = ET.SubElement(item, "time", datetime=built.held.day)
            day.text, link.tail = _in_words(built), f"{link.tail} · "

    def _passages(
        self,
        main: ET.Element,
        _: Callable[[str], str],
        own: str,
        built: Built,
        passages: Sequence[str],
    ) -> None:
        """Each passage of a page in all versions."""
        rows = ET.SubElement(main, "ul")
        for id_ in passages:
            row = ET.SubElement(rows, "li", id=id_)
            row.text = f"{built.signs.get(id_, id_)}: "
            for number, one in enumerate(self.versions):
                where = one.built.held.passages.get(id_)
                name = str(_("latest")) if one is self.latest else one.folder
                part = ET.SubElement(row, "a" if where else "span")
                part.text = name if where else str(_("%s (not there)")) % name
                if where:
                    address = _address(one, Counterpart(where, id_))
                    part.set("href", _relative(own, address))
                if number + 1 < len(self.versions):
                    part.tail = " · "

    def _page(self, own: str, built: Built, title: str) -> tuple[ET.Element, ET.Element]:
        """A page in the looks of the latest version: the whole, and its main part."""
        root = ET.Element("html", lang=built.language)
        if runs_from_right(built.language):
            root.set("dir", "rtl")
        head = ET.SubElement(root, "head")
        ET.SubElement(head, "meta", charset="utf-8")
        policy = {"http-equiv": "Content-Security-Policy"}
        policy["content"] = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'"
        ET.SubElement(head, "meta", policy)
        ET.SubElement(head, "title").text = title
        ET.SubElement(head, "meta", name="robots", content="noindex")
        ET.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
        ET.SubElement(head, "meta", {"name": "color-scheme", "content": "light dark"})
        for name in ("edition.css", "pages.css"):
            style = f"{LATEST}/_static/{name}"
            if (self.folder / style).is_file():
                ET.SubElement(head, "link", rel="stylesheet", href=relative_uri(own, style))
        body = ET.SubElement(root, "body", {"class": "plain-page"})
        header = ET.SubElement(body, "header", {"class": "edition-header"})
        line = ET.SubElement(header, "p", {"class": "edition-title"})
        home = f"{LATEST}/{self.latest.built.documents[self.latest.built.root].address}"
        ET.SubElement(line, "a", href=relative_uri(own, home)).text = str(self.latest.built.title)
        main = ET.SubElement(body, "main", id="content")
        ET.SubElement(main, "h1").text = title
        return root, main

    # ---- what stands beside the versions

    def _root(self) -> None:
        """Lead addresses without a version to the latest, and give robots what they look for."""
        built = self.latest.built
        locale.init([str(CATALOGS)], built.language.replace("-", "_"), CATALOG)
        kept = {version.folder for version in self.versions} | {VERSIONS}
        static = self.folder / "_static"
        static.mkdir()
        (static / moved.SCRIPT_NAME).write_text(moved.SCRIPT, encoding="utf-8")
        for docname, page in built.documents.items():
            name = _file(page.address)
            if name.partition("/")[0] in kept:
                continue
            passages = {
                id_: moved.Passage(
                    str(built.signs.get(id_, id_)),
                    relative_uri(page.address, f"{LATEST}/{page.address}") + f"#{id_}",
                )
                for id_, where in built.held.passages.items()
                if where == docname
            }
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                moved.page(
                    built.language,
                    page.title,
                    relative_uri(page.address, f"{LATEST}/{page.address}") or f"{LATEST}/",
                    relative_uri(page.address, f"_static/{moved.SCRIPT_NAME}"),
                    passages,
                    is_retired=False,
                )
            )
        for name in ("404.html", "robots.txt", "llms.txt"):
            path = self.folder / LATEST / name
            # Where the pages know their address: what is relative would lead nowhere from here.
            if path.is_file() and re.search(r"<base |https?://", path.read_text(encoding="utf-8")):
                shutil.copy(path, self.folder / name)


def _words(built: Built) -> Callable[[str], str]:
    """The extension's messages in a version's language."""
    language = built.language.replace("-", "_")
    return translation(CATALOG, CATALOGS, [language], fallback=True).gettext


def _in_words(built: Built) -> str:
    """The day of a version, in words of its language."""
    year, month, day = map(int, built.held.day.split("-"))
    return in_words(locale_of(built.language), "yd", year, month, day)


def _file(address: str) -> str:
    """The file of a page, from its address."""
    name = unquote(address)
    return f"{name}index.html" if name.endswith("/") or not name else name


def _address(version: _Version, found: Counterpart) -> str:
    page = f"{version.folder}/{version.built.documents[found.docname].address}"
    return f"{page}#{found.passage}" if found.passage else page


def _relative(own: str, address: str) -> str:
    page, sign, name = address.partition("#")
    return relative_uri(own, page) + sign + name


def _link(own: str, address: str, words: str) -> str:
    return f'<a href="{escape(_relative(own, address))}">{escape(str(words))}</a>'


def _put_in(path: Path, said: str, linked: Callable[[str], str]) -> None:
    """Let what a page says of its version be a link; add it where the page says nothing."""
    page = path.read_text(encoding="utf-8")
    words = escape(said)
    for foot in _SAID.finditer(page):
        at = page.rfind(words, *foot.span())
        if at >= 0:
            page = page[:at] + linked(said) + page[at + len(words) :]
            break
    else:
        at = max(page.rfind(end) for end in _ENDS[: 1 if _ENDS[0] in page else 2])
        if at < 0:
            return
        page = f'{page[:at]}<p class="edition-version">{linked(said)}</p>\n{page[at:]}'
    path.write_text(page, encoding="utf-8", newline="\n")


def _html(root: ET.Element) -> bytes:
    text = ET.tostring(root, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{text}\n".encode()
