#!/usr/bin/env python3
"""Lighthouse's scores of the built edition: 100 in all categories, or it fails.

    make lighthouse

Needs npm, and the HTML pages in ``_build/html``.  Lighthouse is installed once
into the virtual environment's folder; pages are served on this machine alone.
Have the fonts that readers' systems have (on Debian: fonts-noto-cjk, fonts-noto-core),
or the pages bring their own for Chinese and Cyrillic, which is slower.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build/html"
TOOL = ROOT / os.environ.get("VENV", ".venv") / "lighthouse"
# The newest that runs on Node 20.
PACKAGE = "lighthouse@12"
PAGES = ["index.html", "article/thirty-years.html", "commentary/history/silk-road.html"]
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)


class Host(SimpleHTTPRequestHandler):
    """Serves files as hosts of pages do, compressed and over connections that stay."""

    protocol_version = "HTTP/1.1"

    def send_head(self) -> BytesIO | None:
        """Answer with the file, smaller if it is words."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        kind, content = self.guess_type(path), path.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        if kind.startswith("text/") or kind.endswith(("javascript", "json", "xml")):
            content = gzip.compress(content, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return BytesIO(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of *folder*."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=folder)) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def lighthouse() -> Path:
    """The command, installed if need be."""
    command = TOOL / "node_modules/.bin/lighthouse"
    if not command.exists():
        if not shutil.which("npm"):
            sys.exit("error: Lighthouse needs npm (on Debian and Ubuntu: sudo apt install npm)")
        print(f"==> Installing {PACKAGE} into {TOOL}")
        TOOL.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run([*install, "--prefix", str(TOOL), PACKAGE], check=True)
    return command


def measure(command: Path, url: str) -> dict[str, Any]:
    """One page's report."""
    options = ["--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    environment = {"CHROME_PATH": os.environ.get("CHROMIUM", "/usr/bin/chromium"), **os.environ}
    done = subprocess.run(
        [str(command), url, *options], env=environment, stdout=subprocess.PIPE, check=True
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def main() -> None:
    """Measure the pages, print their scores, and fail if one is below 100."""
    if not (SITE / "index.html").exists():
        sys.exit("error: nothing is built yet: make html")
    command, perfect = lighthouse(), True
    with served(SITE) as address:
        for page in PAGES:
            report = measure(command, address + page)
            scores = {
                name: round(100 * (category["score"] or 0))
                for name, category in report["categories"].items()
            }
            print(f"{page}: " + ", ".join(f"{name} {score}" for name, score in scores.items()))
            if set(scores.values()) == {100}:
                continue
            perfect = False
            for name, category in report["categories"].items():
                for reference in category["auditRefs"] if scores[name] < 100 else ():
                    audit = report["audits"][reference["id"]]
                    if reference["weight"] and (audit["score"] or 0) < 1:
                        print(f"    {name}: {audit['title']} {audit.get('displayValue', '')}")
    sys.exit(0 if perfect else 1)


if __name__ == "__main__":
    main()
