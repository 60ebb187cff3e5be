"""What engines do differently, in WebKit: WebKitGTK's browser, which WebDriver drives.

Debian has it in ``webkit2gtk-driver``, and a screen for it in ``xvfb``; where either is missing,
these tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Keys, WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from support.browser import BOXES, FOUND, OPENERS, PLACED, SELECTED, overlapping
from support.edition import Outputs
from support.pages import parse, words_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("webkit")]

PAGE = "article/greeting.html"


@pytest.fixture(scope="module")
def webkit() -> Iterator[WebKitGTK]:
    driver = shutil.which("WebKitWebDriver")
    browsers = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    screen = shutil.which("Xvfb")
    if not (driver and browsers and screen):
        pytest.skip("there is no WebKit (on Debian: apt install webkit2gtk-driver xvfb)")
    read, write = os.pipe()
    command = [screen, "-displayfd", str(write), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        display = told.readline().strip()
    options = Options()
    options.binary_location = str(browsers[-1])
    options.add_argument("--automation")
    environment = {
        **os.environ,
        "DISPLAY": f":{display}",
        "GDK_BACKEND": "x11",
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        "NO_AT_BRIDGE": "1",
    }
    try:
        browser = WebKitGTK(options=options, service=Service(driver, env=environment))
        browser.set_script_timeout(120)
        yield browser
        browser.quit()
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def edition(outputs: Outputs) -> Path:
    return outputs("html")


def opened(webkit: WebKitGTK, path: Path, width: int, height: int) -> None:
    """Open a page in a window of this size: the tools of the browser's own take some of it."""
    webkit.set_window_rect(0, 0, width, height)
    webkit.get(path.as_uri())
    inner: list[int] = webkit.execute_script("return [innerWidth, innerHeight]")
    webkit.set_window_rect(0, 0, 2 * width - inner[0], 2 * height - inner[1])
    webkit.get("about:blank")
    webkit.get(path.as_uri())
    assert webkit.execute_script("return innerWidth") == width


def asked(webkit: WebKitGTK, question: str, *about: Any) -> Any:
    """The answer to a question that may take time."""
    return webkit.execute_async_script(
        f"const done = arguments[arguments.length - 1]; ({question})(arguments[0]).then(done);",
        *about,
    )


@pytest.mark.parametrize("width", [1440, 800, 460])
def test_selected_passages_are_the_texts_words(
    webkit: WebKitGTK, edition: Path, width: int
) -> None:
    opened(webkit, edition / PAGE, width, 844)
    words = [words_of(passage) for passage in parse(edition / PAGE).select("p.passage")]
    selected = webkit.execute_script(f"return ({SELECTED})()")
    assert [" ".join(text.split()) for text in selected] == words
    missed = [it for it in webkit.execute_script(f"return ({FOUND})()") if not it[1]]
    assert missed == []


def test_popovers_are_in_the_window_and_off_their_openers(webkit: WebKitGTK, edition: Path) -> None:
    opened(webkit, edition / PAGE, 1440, 900)
    ActionChains(webkit).send_keys(Keys.TAB).perform()
    assert asked(webkit, PLACED, [OPENERS.replace(".note-mark, ", ""), "#peek"]) == []


def test_notes_stand_in_the_margin(webkit: WebKitGTK, edition: Path) -> None:
    opened(webkit, edition / PAGE, 1440, 900)
    boxes = webkit.execute_script(f"return ({BOXES})()")
    assert len(boxes) == len(parse(edition / PAGE).select(".edition-note"))
    assert overlapping(boxes) == []


def test_layers_are_as_wide_as_their_names(webkit: WebKitGTK, edition: Path) -> None:
    opened(webkit, edition / PAGE, 800, 400)
    webkit.find_element(By.CSS_SELECTOR, ".layers-button").click()
    box = webkit.find_element(By.ID, "layers").rect
    assert box["width"] < 400
    top = box["y"] - webkit.execute_script("return scrollY")
    assert top >= 0
    assert top + box["height"] <= 400


def test_terms_are_underlined_with_dots(webkit: WebKitGTK, edition: Path) -> None:
    opened(webkit, edition / "article/thirty-years.html", 800, 700)
    style = webkit.execute_script(
        """const term = document.querySelector(".passage a:has(> .std-term)");
        return getComputedStyle(term).textDecorationStyle"""
    )
    assert style == "dotted"
