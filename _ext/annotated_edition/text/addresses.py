"""Strangers' addresses taken apart: some are none, such as ``http://[``."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

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


def shown_host(address: str) -> str:
    """The host of *address* as the network knows it, if it has other letters; else nothing.

    Letters of other scripts may look like Latin ones: ``xn--pple-43d.com`` looks like nobody
    else's (RFC 3492).
    """
    host = split(address).hostname or ""
    if host.isascii():
        return host if "xn--" in host else ""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode()
