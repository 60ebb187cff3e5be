"""What a page may load and run: its Content-Security-Policy.

The wall for what strangers wrote: nothing from other hosts, no script or style in the page.
What the project itself puts on a page is named: files that its configuration and its extensions
register, pictures from elsewhere, and, by their hashes, styles and scripts in pages of its own.
On pages with strangers' words, and whole pages that hold such, only sizes are.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util import logging

from annotated_edition.domain import EditionDomain
from annotated_edition.domain.directives import ListNode, RegisterNode
from annotated_edition.model.documents import Part
from annotated_edition.model.records import Subtype
from annotated_edition.text.addresses import split
from annotated_edition.text.control import brief

logger = logging.getLogger(__name__)

#: Sources by directive (https://www.w3.org/TR/CSP3/).
Sources = dict[str, list[str]]

_SELF = "'self'"
_BEFORE = {
    "default-src": ["'none'"],
    "style-src": [_SELF],
    "script-src": [_SELF],
    "img-src": [_SELF, "data:"],
    "font-src": [_SELF],
    "connect-src": [_SELF],
    "base-uri": ["'none'"],
    "form-action": [_SELF],
}
_META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_DIRECTIVE = re.compile(r"[a-z]+(?:-[a-z]+)*")
_SOURCE = re.compile(r"[^\s;,\"<>]+")
#: Elements that load what they name, and the directive that they fall under.
_LOADERS = {
    "img": "img-src",
    "image": "img-src",
    "input": "img-src",
    "script": "script-src",
    "link": "style-src",
    "iframe": "frame-src",
    "embed": "object-src",
    "object": "object-src",
    "video": "media-src",
    "audio": "media-src",
    "source": "media-src",
    "track": "media-src",
    "form": "form-action",
}
_ADDRESSES = ("src", "data", "poster", "action")
#: A declaration of a size, or of where things stand: nothing that hides or covers others.
_HARMLESS = re.compile(
    r"\s*(?:(?:(?:min-|max-)?(?:width|height)|--field-indent)\s*:\s*[\d.]+(?:%|[a-z]{1,4})?"
    r"|(?:text|vertical)-align\s*:\s*[a-z]+|width\s*:\s*auto)\s*"
)


def for_page(
    app: Sphinx, pagename: str, context: Mapping[str, Any], doctree: nodes.document | None
) -> str:
    """The policy of a page whose files are chosen; an empty string for none."""
    wanted = app.config.html_theme_options.get("policy") or {}
    if app.config.html_theme_options.get("policy") is False:
        return ""
    policy: Sources = {name: [*sources] for name, sources in _BEFORE.items()}
    body = str(context.get("body") or "")
    if context.get("edition_base"):
        policy["base-uri"] = [_SELF]
    _add(policy, _of_files(app, context))
    _add(policy, context.get("edition_parts_policy") or {})
    for image in doctree.findall(nodes.image) if doctree is not None else ():
        _add(policy, _from("img-src", str(image.get("uri", ""))))
    for key in ("logo_url", "favicon_url"):
        _add(policy, _from("img-src", str(context.get(key) or "")))
    if "style=" in body:
        _add(policy, _Reader(harmless_alone=True).read(body).sources)
    if markup := _own_markup(app, pagename, body):
        reader = _Reader().read(markup)
        _add(policy, reader.sources)
        for name in reader.handlers:
            logger.warning(
                "the attribute %s does nothing: the page's policy runs no script in attributes; "
                "put it into a file of html_js_files",
                brief(repr(name)),
                type="edition",
                subtype=Subtype.POLICY.value,
                location=pagename,
            )
    _add(policy, _named(wanted))
    return "; ".join(f"{name} {' '.join(_told(sources))}" for name, sources in policy.items())


def _told(sources: list[str]) -> Iterable[str]:
    """The sources, of which one may make others idle."""
    if "'unsafe-inline'" in sources:
        # Beside a hash, browsers take it for one that older browsers should have.
        return [
            one for one in sources if not one.startswith("'sha256-") and one != "'unsafe-hashes'"
        ]
    return sources


def _add(policy: Sources, more: Mapping[str, Iterable[str]]) -> None:
    for name, sources in more.items():
        there = policy.setdefault(name, [])
        there += [one for one in dict.fromkeys(sources) if one not in there]
        if len(there) > 1 and "'none'" in there:
            there.remove("'none'")


def _named(wanted: object) -> Sources:
    """What the project's option names."""
    if not isinstance(wanted, Mapping):
        raise ConfigError('the theme option "policy" must be a mapping from directive to sources')
    named: Sources = {}
    for name, sources in wanted.items():
        listed = sources.split() if isinstance(sources, str) else list(sources)
        if not _DIRECTIVE.fullmatch(str(name)) or not all(map(_SOURCE.fullmatch, listed)):
            raise ConfigError(f'the theme option "policy" has no such directive: {name}: {sources}')
        named[str(name)] = listed
    return named


def _of_files(app: Sphinx, context: Mapping[str, Any]) -> Sources:
    """Where the registered style sheets and scripts are, and the hashes of scripts without file."""
    found: Sources = {}
    for file in context["css_files"]:
        _add(found, _from("style-src", str(getattr(file, "filename", file) or "")))
    for file in context["script_files"]:
        name = str(getattr(file, "filename", file) or "")
        _add(found, _from("script-src", name))
        if body := getattr(file, "attributes", {}).get("body"):
            _add(found, {"script-src": [_hash(str(body))]})
        if name and name == app.config.mathjax_path:
            _add(found, _of_mathjax(name))
    return found


def _of_mathjax(address: str) -> Sources:
    """What MathJax, chosen by ``html_math_renderer``, loads and writes besides."""
    folder = address.rpartition("/")[0] + "/"
    found: Sources = {
        "style-src": ["'unsafe-inline'"],
        "font-src": ["data:"],
        "worker-src": ["blob:"],
    }
    for name in ("script-src", "font-src", "connect-src", "img-src"):
        _add(found, _from(name, folder))
    return found


def _from(directive: str, address: str) -> Sources:
    """The source for an address on another host: itself, or the host for pictures."""
    parts = split(address)
    if not parts.netloc or not _SOURCE.fullmatch(parts.netloc + parts.path):
        return {}
    path = "" if directive in ("img-src", "frame-src", "media-src") else parts.path
    scheme = f"{parts.scheme}://" if parts.scheme else ""
    return {directive: [f"{scheme}{parts.netloc}{path}"]}


def _own_markup(app: Sphinx, pagename: str, body: str) -> str:
    """HTML on a page that the project answers for, and that may need more than files."""
    if pagename not in app.env.found_docs or not re.search(
        r"style=|<script|<style|src=|<form", body
    ):
        return ""
    documents = EditionDomain.of(app.env).documents
    if documents.untrusted(pagename) or documents.part(pagename) in _COMMENTARY:
        return ""
    stored = app.env.get_doctree(pagename)
    shows_notes = documents.part(pagename) is Part.TEXT or any(
        isinstance(node, (ListNode, RegisterNode)) for node in stored.findall(nodes.Element)
    )
    if not shows_notes and app.builder.name != "singlehtml":
        return body
    # Among strangers' words the project's own HTML alone, as it was read.
    return "\n".join(
        raw.astext() for raw in stored.findall(nodes.raw) if "html" in raw.get("format", "").split()
    )


_COMMENTARY = (Part.NOTE, Part.CROSS_REFERENCE)


class _Reader(HTMLParser):
    """Collects what HTML needs of a policy."""

    def __init__(self, *, harmless_alone: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.harmless_alone = harmless_alone
        self.sources: Sources = {}
        #: Attributes that are scripts.
        self.handlers: list[str] = []
        self._inside = ""
        self._words: list[str] = []

    def read(self, html: str) -> _Reader:
        self.feed(html)
        self.close()
        return self

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        style = given.get("style", "")
        if style and (not self.harmless_alone or _is_harmless(style)):
            _add(self.sources, {"style-src": ["'unsafe-hashes'", _hash(style)]})
        if self.harmless_alone:
            return
        self.handlers += [name for name in given if name.startswith("on")]
        if tag in _LOADERS:
            for name in (*_ADDRESSES, *(["href"] if tag == "link" else [])):
                if name in given:
                    here = {} if split(given[name]).scheme else {_LOADERS[tag]: [_SELF]}
                    _add(self.sources, _from(_LOADERS[tag], given[name]) or here)
        self._inside = tag if tag in ("script", "style") and "src" not in given else ""
        self._words = []

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._inside == tag:
            _add(self.sources, {f"{tag}-src": [_hash("".join(self._words))]})
        self._inside = ""


def _is_harmless(style: str) -> bool:
    return all(
        _HARMLESS.fullmatch(declaration) for declaration in style.split(";") if declaration.strip()
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def of_files(files: Iterable[Path]) -> Sources:
    """What written pages, put together on one, need between them."""
    together: Sources = {}
    for file in files:
        if file.exists():
            _add(together, dict(_read(file.read_text(encoding="utf-8"))))
    return together


def _read(html: str) -> Iterator[tuple[str, list[str]]]:
    found = _META.search(html)
    for directive in unescape(found[1]).split(";") if found else ():
        name, *sources = directive.split()
        # Scripts that a page registers are its own; the whole page has what it registers.
        if name in ("style-src", "img-src", "media-src", "frame-src", "object-src"):
            yield name, [one for one in sources if one != "'none'"]
