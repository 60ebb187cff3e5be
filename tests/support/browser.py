"""A real browser, and what is asked of it about a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

#: As tools/need-browser.sh looks for one.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), NAMES[0])
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: The boxes of the notes that are shown, by id.
BOXES = """() => [...document.querySelectorAll(".edition-note")]
  .filter((note) => note.getClientRects().length)
  .map((note) => {
    const { left, right, top, bottom } = note.getBoundingClientRect();
    return { id: note.id, left, right, top, bottom };
  })"""
#: Wait until the page is drawn again.
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, started once and closed at the end."""
    if not shutil.which(CHROMIUM):
        pytest.fail(
            f"these tests need Chromium, and there is no {CHROMIUM}: install it (on Debian and "
            "Ubuntu: sudo apt install chromium; as root `make test` does), or name one in CHROMIUM"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def overlapping(boxes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The pairs of boxes that lie on one another."""
    return [
        (one["id"], other["id"])
        for at, one in enumerate(boxes)
        for other in boxes[at + 1 :]
        if one["left"] < other["right"]
        and other["left"] < one["right"]
        and one["top"] < other["bottom"] - 0.5
        and other["top"] < one["bottom"] - 0.5
    ]
