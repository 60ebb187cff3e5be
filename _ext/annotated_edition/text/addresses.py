"""Strangers' addresses taken apart: some are none, such as ``http://[``."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

#: What addresses may begin with.
SCHEMES = frozenset({"http", "https", "mailto"})

#: A scheme, once white space and control characters are out of the way, which
#: browsers ignore inside addresses.
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)

_NONE = SplitResult("", "", "", "", "")


def split(address: str) -> SplitResult:
    """The parts of *address*; all empty where it is none.

    The port is read, too, whose property raises ValueError otherwise.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return _NONE
    return parts


def has_host(address: str) -> bool:
    """Whether an address of the web names a host: ``https:///page`` doesn't."""
    return bool(re.fullmatch(r"(?!\.)[^\s%]+", split(address).hostname or ""))


def lacks_host(address: str) -> bool:
    """Whether an address is of the web, by its scheme, and names no host, such as ``http://[``."""
    scheme = SCHEME.match(address)
    is_web = scheme is not None and scheme[1].lower() in ("http", "https")
    return is_web and not has_host(address)


def is_allowed_link(uri: str) -> bool:
    """Whether an address is of an allowed scheme, or leads within the edition."""
    address = re.sub(r"[\x00-\x20\x7f-\x9f]+", "", uri)
    scheme = SCHEME.match(address)
    if scheme is None:
        # Browsers go to another host, whatever the slashes.
        return re.match(r"[/\\]{2}", address) is None
    return scheme.group(1).lower() in SCHEMES


def shown_host(address: str) -> str:
    """The host of *address* as the network knows it, if it has other letters; else nothing.

    Letters of other scripts may look like Latin ones: ``xn--pple-43d.com`` looks like nobody
    else's (RFC 3492).
    """
    if address.isascii() and "xn--" not in address.lower():
        return ""
    host = split(address).hostname or ""
    if host.isascii():
        return host if "xn--" in host else ""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode()
