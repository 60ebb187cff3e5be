"""Fingers in Firefox: Chromium's are in ``test_page.py``."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from support.bidi import Touched, touched
from support.edition import Outputs

pytestmark = pytest.mark.browser

MARK = "#noteref-tokayev"
NOTE = "document.querySelector('#note-tokayev')"
PEEK = "document.querySelector('#peek')"
TERM = "#p2 a:has(> .std-term)"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Touched]:
    with touched(tmp_path_factory.mktemp("firefox")) as firefox:
        yield firefox


def until(firefox: Touched, condition: str) -> None:
    """Wait until a condition holds: scripts are fetched when first needed."""
    for _time in range(500):
        if firefox.ask(f"Boolean({condition})"):
            return
        time.sleep(0.02)
    raise AssertionError(condition)


def test_taps_open_and_close(firefox: Touched, outputs: Outputs) -> None:
    page = outputs("html") / "article/greeting.html"
    firefox.open(page, 390, 844)
    firefox.tap(MARK)
    until(firefox, f"{NOTE}.offsetHeight > 0")
    assert firefox.ask(f"{NOTE}.closest('.passage-row').contains(document.activeElement)")
    firefox.tap(MARK)
    until(firefox, f"{NOTE}.offsetHeight === 0")

    firefox.open(page, 800, 844)
    firefox.tap(MARK)
    until(firefox, f"{PEEK}.matches(':popover-open')")
    assert firefox.ask(f"{PEEK}.textContent").strip().startswith("Tokayev, Kazakhstan’s president")
    firefox.tap("h1")
    until(firefox, f"!{PEEK}.matches(':popover-open')")

    # The first tap on a term explains it, the second goes there.
    firefox.tap(TERM)
    until(firefox, f"{PEEK}.matches(':popover-open')")
    assert firefox.ask("location.pathname").endswith("article/greeting.html")
    firefox.tap(TERM)
    until(firefox, "location.pathname.endsWith('glossary.html')")
