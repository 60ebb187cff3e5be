"""Show the built pages to the browsers of this computer: ``make serve``.

    python tools/serve.py [--port PORT] [FOLDER]

Python's own ``http.server`` follows links out of the folder, lists folders and answers to any
host name, so that another site whose name is made to lead here could read the pages.  This one
gives files that lie in the folder itself, to ``localhost`` alone.
"""

from __future__ import annotations

import argparse
import os
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import IO, Any, ClassVar

FOLDER = "_build/html"
ADDRESS = "127.0.0.1"
#: Under which names it answers; a browser sends the port along, but for port 80.
NAMES = ("localhost", ADDRESS, "[::1]")


class Handler(SimpleHTTPRequestHandler):
    """Files of one folder."""

    server_version = "edition"
    sys_version = ""
    extensions_map: ClassVar[dict[str, str]] = {
        **SimpleHTTPRequestHandler.extensions_map,
        # Not what the system believes, which may be anything.
        ".css": "text/css; charset=utf-8",
        ".epub": "application/epub+zip",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".jsonld": "application/ld+json",
        ".md": "text/markdown; charset=utf-8",
        ".pdf": "application/pdf",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".woff2": "font/woff2",
    }

    def send_head(self) -> IO[bytes] | Any:
        """Answer what the base class would, where host and file are right."""
        if not self.for_us():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        if not self.inside(self.translate_path(self.path)):
            return self.missing()
        return super().send_head()

    def for_us(self) -> bool:
        """Whether the request names this server, and no other one besides."""
        port = self.server.server_address[1]
        hosts = [host.lower() for host in self.headers.get_all("Host", [])]
        names = {*(f"{name}:{port}" for name in NAMES), *(NAMES if port == 80 else ())}
        return len(hosts) == 1 and hosts[0] in names and self.path.startswith("/")

    def inside(self, name: str) -> bool:
        """Whether it is a file, or a folder with a page, and no link leads out of the folder."""
        try:
            path = Path(name)
            real = (path / "index.html" if path.is_dir() else path).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            # Not there, a link to itself, or no name of a file.
            return False
        return real.is_file() and real.is_relative_to(Path(self.directory).resolve())

    def missing(self) -> IO[bytes] | None:
        """The page for what isn't there, if one was built."""
        page = Path(self.directory, "404.html")
        if not self.inside(str(page)):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        content = page.read_bytes()
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", self.extensions_map[".html"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return BytesIO(content)

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """No lists of files."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """After a build the browser must ask again, and it guesses no types."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of a folder, that listens already; port 0 takes a free one."""
    return ThreadingHTTPServer((ADDRESS, port), partial(Handler, directory=str(folder)))


def main() -> int:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Show the built pages to this computer alone.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(FOLDER), metavar="FOLDER")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    try:
        with server(arguments.folder, arguments.port) as here:
            print(f"==> http://{ADDRESS}:{here.server_port}/ (Ctrl-C stops)", flush=True)
            here.serve_forever()
    except KeyboardInterrupt:
        print()
    except OSError as error:
        parser.error(f"port {arguments.port}: {error.strerror} (make serve PORT=… takes another)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
