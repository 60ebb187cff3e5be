"""Strangers' addresses taken apart."""

from __future__ import annotations

import pytest

from annotated_edition.text.addresses import lacks_host, shown_host, split


def test_an_address_has_parts() -> None:
    parts = split("https://user@a.example:8080/path?q=1#part")
    assert (parts.scheme, parts.netloc, parts.hostname, parts.port) == (
        *("https", "user@a.example:8080", "a.example", 8080),
    )
    assert (parts.path, parts.query, parts.fragment) == ("/path", "q=1", "part")


@pytest.mark.parametrize("address", ["http://[", "http://a.example:x/", "http://a.example:99999/"])
def test_one_that_is_none_has_no_parts(address: str) -> None:
    assert set(split(address)) == {""}
    assert split(address).port is None
    assert shown_host(address) == ""


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://apple.com/é", ""),
        ("https://аpple.com/", "xn--pple-43d.com"),
        ("https://xn--pple-43d.com/", "xn--pple-43d.com"),
        ("https://user@ÉCOLE.example:80/", "xn--cole-9oa.example"),
        ("mailto:a@b.example", ""),
        ("é", ""),
        # One that the network can't know.
        ("https://" + "é" * 70 + ".example/", "\\xe9" * 70 + ".example"),
    ],
)
def test_a_host_in_other_letters_is_shown_as_the_network_knows_it(address: str, host: str) -> None:
    assert shown_host(address) == host


@pytest.mark.parametrize("address", ["http://[", "https://[::1/x", "https:///page", "HTTP://a:b/"])
def test_an_address_that_is_none_lacks_a_host(address: str) -> None:
    assert lacks_host(address)


@pytest.mark.parametrize("address", ["https://[::1]:80/", "https://a.example", "mailto:a@b", "x"])
def test_others_lack_none(address: str) -> None:
    assert not lacks_host(address)
