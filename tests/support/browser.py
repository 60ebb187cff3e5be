"""A real browser, and what is asked of it about a page."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from playwright import sync_api
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from support import webkit

#: As tools/need-browser.sh looks for one.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), NAMES[0])
#: What Chromium does without.  It obeys one such list: Playwright's stands here again.
OFF = [
    *("AutoDeElevate", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("BlockOriginHeaderModificationOnRedirect", "DestroyProfileOnBrowserClose"),
    *("DialMediaRouteProvider", "GlobalMediaControls", "HttpsUpgrades", "LensOverlay"),
    *("MediaRouter", "OptimizationHints", "PaintHolding", "ThirdPartyStoragePartitioning"),
    "Translate",
    # Pages of its own for each window, and a process in reserve: half of what a window costs.
    *("AiModeOmniboxEntryPoint", "WebUIOmniboxAimPopup", "WebUIOmniboxPopup"),
    *("PreloadTopChromeWebUI", "SpareRendererForSitePerProcess"),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(OFF)}",
]
#: The boxes of the notes that are shown, by id.
BOXES = """() => [...document.querySelectorAll(".edition-note")]
  .filter((note) => note.offsetHeight)
  .map((note) => {
    const { left, right, top, bottom } = note.getBoundingClientRect();
    return { id: note.id, left, right, top, bottom };
  })"""
#: Whether what opens beside each mark, term and tie is inside the window and off its opener.
PLACED = """async ([selector, peekAt]) => {
  const faults = [];
  const peek = document.querySelector(peekAt);
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const { clientWidth, clientHeight } = document.documentElement;
  for (const it of document.querySelectorAll(selector)) {
    if (!it.getClientRects().length || it.tabIndex < 0) continue;
    for (const edge of ["start", "center", "end"]) {
      it.scrollIntoView({ block: edge });
      it.focus({ preventScroll: true });
      // Script is fetched for the first.
      for (let n = 0; n < 50 && !peek.offsetHeight; n += 1) await frame();
      await frame();
      const name = `${it.id || it.textContent} at ${edge}`;
      const box = peek.getBoundingClientRect();
      if (!box.height) faults.push(`${name} opens nothing`);
      if (box.left < 0 || box.top < 0 || box.right > clientWidth || box.bottom > clientHeight)
        faults.push(`${name}: ${box.left} ${box.top} ${box.right} ${box.bottom} leaves the window`);
      if ([...it.getClientRects()].some((line) => line.left < box.right && box.left < line.right
        && line.top < box.bottom && box.top < line.bottom)) faults.push(`${name} is covered`);
      it.blur();
      document.body.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    }
  }
  return faults;
}"""
OPENERS = ".note-mark, .passage a:has(> .std-term), .cross-reference a"
#: What a selection of each passage, and of all that stands in it, has for words.
SELECTED = """() => [...document.querySelectorAll(".passage")].map((passage) => {
  getSelection().selectAllChildren(passage);
  return getSelection().toString();
})"""
#: Four words round each mark, and whether the browser finds them.
FOUND = """() => [...document.querySelectorAll(".passage")].flatMap((passage) => {
  const copy = passage.cloneNode(true);
  copy.querySelector(".passage-number").remove();
  for (const mark of copy.querySelectorAll("[role=doc-noteref]")) mark.replaceWith("\\u0001");
  const words = copy.textContent.trim().split(/\\s+/);
  return words.flatMap((word, at) => {
    const four = words.slice(Math.max(0, at - 1), at + 3);
    if (!word.includes("\\u0001") || at + 1 >= words.length) return [];
    const phrase = four.join(" ").replaceAll("\\u0001", "");
    getSelection().removeAllRanges();
    const isFound = window.find(phrase, true, false, true) && getSelection().toString() === phrase;
    return [[phrase, isFound, passage.id]];
  });
})"""
#: Wait until the page is drawn again.
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


#: A browser that tests may do without; Debian's, as Ubuntu's, or another.
FIREFOX = os.environ.get("FIREFOX") or next(
    filter(None, map(shutil.which, ("firefox-esr", "firefox"))), "firefox-esr"
)
#: For tests that look at more than one engine:
#: ``@pytest.mark.parametrize("browser", ENGINES, indirect=True)``.
ENGINES = ["chromium", "firefox", "webkit"]


@contextmanager
def engines() -> Iterator[Callable[[str], Browser]]:
    """Gives browsers by their names: started when first asked for, closed at the end."""
    started: dict[str, Browser] = {}
    with sync_playwright() as playwright:
        start = {
            "chromium": lambda: _chromium(playwright),
            "firefox": lambda: _firefox(playwright),
            "webkit": lambda: cast("Browser", webkit.WebKit()),
        }

        def named(name: str) -> Browser:
            if name not in started:
                started[name] = start[name]()
            return started[name]

        yield named
        for browser in started.values():
            browser.close()


def expect(it: Any) -> Any:
    """Playwright's ``expect``, of elements in any engine."""
    return webkit.Expected(it) if isinstance(it, webkit.Locator) else sync_api.expect(it)


def _chromium(playwright: Playwright) -> Browser:
    if not shutil.which(CHROMIUM):
        pytest.fail(
            f"these tests need Chromium, and there is no {CHROMIUM}: install it (on Debian and "
            "Ubuntu: sudo apt install chromium; as root `make test` does), or name one in CHROMIUM"
        )
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


def _firefox(playwright: Playwright) -> Browser:
    """The system's own Firefox, over WebDriver BiDi; Playwright's is another."""
    if not shutil.which(FIREFOX):
        pytest.skip(f"there is no {FIREFOX} (on Debian: sudo apt install firefox-esr)")
    try:
        return playwright.firefox.launch(channel="moz-firefox", executable_path=FIREFOX)
    except Error as error:
        if "unknown command" not in error.message:
            raise
        # The ESR before: Playwright asks for what it doesn't know.
        told = subprocess.run([FIREFOX, "--version"], capture_output=True, text=True, check=False)
        pytest.skip(f"{told.stdout.strip()} is too old for the driver (Debian: apt upgrade)")


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
