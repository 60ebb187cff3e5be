"""Links that e-readers and their validator can't read: their words stay."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, quote, urlsplit

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from annotated_edition.model.records import Subtype
from annotated_edition.text.control import brief

logger = logging.getLogger(__name__)

#: What an address must not hold unescaped (RFC 3986, 2, and RFC 3987, 3.1): white space, controls
#: and these; and a percent sign that begins no byte.
_ILLEGAL = re.compile(r"[\s\x00-\x20\x7f-\x9f<>\"{}|\\^`\[\]#]|%(?![0-9A-Fa-f]{2})")
#: A part of a host's name, in any script (RFC 5890, 2.3.1); many have an underscore.
_LABEL = re.compile(r"[\w-]{1,63}")
_MOST_OF_A_HOST = 253


class DropBrokenLinks(SphinxPostTransform):
    """Keep the words of a link whose address is none, such as ``http://[``.

    The validator of every shop refuses a book with one.  After links of other schemes are gone
    (900).
    """

    default_priority = 905
    builders = ("epub",)

    def run(self, **kwargs: object) -> None:
        """Look at every link that leads out of the book, and at docutils' own to its complaints."""
        for reference in list(self.document.findall(nodes.reference)):
            uri = str(reference.get("refuri", ""))
            if not re.match(r"(https?|mailto):", uri, re.IGNORECASE):
                continue
            address = mended(uri)
            if address is not None:
                reference["refuri"] = address
                continue
            logger.warning(
                "the link %s is no address, and its words stand without it: correct it",
                brief(repr(uri)),
                type="edition",
                subtype=Subtype.EPUB.value,
                location=reference,
                once=True,  # a gist stands on two pages
            )
            words = nodes.inline("", "", *reference.children, ids=reference["ids"])
            reference.parent.replace(reference, words)
        for problematic in self.document.findall(nodes.problematic):
            problematic.attributes.pop("refid", None)  # no page shows what docutils said of it


def mended(uri: str) -> str | None:
    """An http, https or mailto address as it may stand in a book; None if it is none.

    >>> mended("https://www.example.org:8080/a?b[]=c d#e"), mended("http://[")
    ('https://www.example.org:8080/a?b%5B%5D=c%20d#e', None)
    """
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme == "mailto":
        is_one = bool(parts.path)
    else:
        begins = uri.partition(":")[2].startswith("//")
        is_one = begins and (port is None or port > 0) and _has_host(parts)
    if not is_one:
        return None
    if not _ILLEGAL.search("".join(parts[2:])):
        return uri
    path, query, fragment = (_ILLEGAL.sub(_escaped, part) for part in parts[2:])
    start = uri.partition(":")[0] + ":" + (f"//{parts.netloc}" if parts.netloc else "")
    return start + path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def _escaped(sign: re.Match[str]) -> str:
    return quote(sign[0], safe="")


def _has_host(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    user = parts.netloc.rpartition("@")[0]
    if _ILLEGAL.search(user):
        return False
    if "[" in parts.netloc or "]" in parts.netloc:
        return _is_ipv6(host)
    if len(host) > _MOST_OF_A_HOST:
        return False
    return all(map(_is_label, host.removesuffix(".").split(".")))


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.IPv6Address(host).scope_id is None
    except ValueError:
        return False


def _is_label(label: str) -> bool:
    if not _LABEL.fullmatch(label):
        return False
    if not label.startswith("xn--"):
        return True
    try:
        return not label.encode().decode("idna").startswith("xn--")
    except UnicodeError:
        return False
