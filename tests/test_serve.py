"""``make serve``: the files of one folder, for this computer alone."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.edition import ROOT

SECRET = "not for the browser"
Get = Callable[..., tuple[int, dict[str, str], str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages as they are built, links in and out of the folder, and something beside it."""
    outside = tmp_path_factory.mktemp("outside")
    html = outside / "html"
    for name in ("text", "empty", "text/deep"):
        (html / name).mkdir(parents=True)
    for path in (outside / "secret.txt", outside / "private/index.html"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(SECRET, encoding="utf-8")
    for name in ("index.html", "404.html", "text/index.html", "text/a.html", "page.js", "s.css"):
        (html / name).write_text(f"This is {name}.", encoding="utf-8")
    (html / "annotations.jsonld").write_text("{}", encoding="utf-8")
    (html / "file").symlink_to(outside / "secret.txt")
    (html / "relative").symlink_to("../secret.txt")
    (html / "folder").symlink_to(outside / "private")
    (html / "up").symlink_to("..")
    (html / "chain").symlink_to("file")
    (html / "loop").symlink_to("loop")
    (html / "text/deep/index.html").symlink_to(outside / "secret.txt")
    (html / "within.html").symlink_to("text/a.html")
    os.mkfifo(html / "pipe")
    return html


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    command = [sys.executable, "-u", str(ROOT / "tools/serve.py"), "--port", "0", str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        said = re.search(r"http://127\.0\.0\.1:(\d+)/", server.stdout.readline())
        assert said
        yield int(said[1])
        server.terminate()


@pytest.fixture
def get(port: int) -> Get:
    """Request a path as it stands, of the named host: status, headers, words."""

    def request(
        path: str, *hosts: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.putrequest(method, path, skip_host=True)
        for host in hosts or (f"127.0.0.1:{port}",):
            if host:
                connection.putheader("Host", host.replace("PORT", str(port)))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        words = response.read().decode()
        connection.close()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, words

    return request


@pytest.mark.parametrize(
    ("path", "page", "kind"),
    [
        ("/", "This is index.html.", "text/html; charset=utf-8"),
        ("/index.html?highlight=road#p1", "This is index.html.", "text/html; charset=utf-8"),
        ("/text/", "This is text/index.html.", "text/html; charset=utf-8"),
        ("/text/a%2Ehtml", "This is text/a.html.", "text/html; charset=utf-8"),
        ("/page.js", "This is page.js.", "text/javascript; charset=utf-8"),
        ("/s.css", "This is s.css.", "text/css; charset=utf-8"),
        ("/annotations.jsonld", "{}", "application/ld+json"),
        ("/within.html", "This is text/a.html.", "text/html; charset=utf-8"),
    ],
)
def test_files_of_the_folder(get: Get, path: str, page: str, kind: str) -> None:
    status, headers, words = get(path)
    assert (status, words, headers["content-type"]) == (200, page, kind)
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_folder_gets_its_slash(get: Get) -> None:
    status, headers, _ = get("/text")
    assert (status, headers["location"]) == (301, "/text/")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/file",
            "/relative",
            "/chain",
            "/folder/",
            "/folder",
            "/folder/index.html",
            "/text/deep/",
        ),
        *("/up/secret.txt", "/up/html/../secret.txt", "/up/", "/loop", "/pipe", "/text/deep/"),
        *("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/text/../../secret.txt"),
        *("/%2e%2e%2fsecret.txt", "/..%5csecret.txt", "/%252e%252e/secret.txt", "//../secret.txt"),
        *("/%00", "/secret.txt%00.html", "/%ff", "/%ed%a0%80", "/" + "a" * 5000, "/no.html"),
        *("/empty/", "/empty", "/etc/passwd", "//etc/passwd", "/index.html/x"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nothing_else(get: Get, path: str, method: str) -> None:
    status, _, words = get(path, method=method)
    assert (status, words) == (404, "This is 404.html." if method == "GET" else "")


def test_without_a_page_for_what_is_missing(folder: Path, get: Get) -> None:
    page = folder / "404.html"
    words = page.read_text(encoding="utf-8")
    page.unlink()
    try:
        page.symlink_to(folder.parent / "secret.txt")
        status, _, said = get("/no.html")
        assert status == 404
        assert SECRET not in said
    finally:
        page.unlink()
        page.write_text(words, encoding="utf-8")


@pytest.mark.parametrize(
    "host", ["localhost:PORT", "LocalHost:PORT", "127.0.0.1:PORT", "[::1]:PORT"]
)
def test_its_own_names(get: Get, host: str) -> None:
    assert get("/", host)[0] == 200


@pytest.mark.parametrize(
    "hosts",
    [
        *([""], ["evil.example"], ["evil.example:PORT"], ["localhost"], ["127.0.0.1"]),
        *(["localhost:1"], ["localhost.evil.example:PORT"], ["evil.localhost:PORT"]),
        *(["127.0.0.1:PORT@evil.example"], ["evil.example", "localhost:PORT"], ["0.0.0.0:PORT"]),
        ["localhost:PORT", "evil.example:PORT"],
    ],
)
def test_no_other_names(get: Get, hosts: list[str]) -> None:
    status, _, words = get("/", *hosts)
    assert status == 421
    assert "This is" not in words


def test_no_address_of_another_server(get: Get) -> None:
    assert get("http://evil.example/text")[0] == 421


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE"])
def test_it_only_shows(get: Get, method: str) -> None:
    assert get("/", method=method)[0] == 501
