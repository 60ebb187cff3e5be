"""axe-core's and our own questions about a page that is open in a browser."""

from __future__ import annotations

import os

from playwright.sync_api import Page

from support.browser import NEXT_FRAME

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What colours have to do with: the rest doesn't know whether a page is dark.
COLOURS = ["color-contrast", "link-in-text-block"]
#: Of a list's, a table's and a picture's parts that are alike, eight stay.
SHORTEN = """() => {
  const long = "ul, ol, dl, tbody, .citation-list, svg, svg g";
  for (const list of document.querySelectorAll(`body :is(${long})`)) {
    const seen = {};
    for (const it of [...list.children]) {
      const sort = [it.tagName, it.getAttribute("class"), it.getAttribute("fill")].join();
      seen[sort] = (seen[sort] || 0) + 1;
      if (seen[sort] > 8) it.remove();
    }
  }
}"""
RUN = """async (options) => (await axe.run(options)).violations.flatMap(
  ({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target} ${html.slice(0, 120)}`))"""
#: Landmarks that say nothing; a page has one main, one header and one footer.
UNNAMED = """() => [...document.querySelectorAll(
    "nav, aside, form[role], [role=region], [role=navigation], [role=complementary], [role=search]"
  )].filter((it) => it.getClientRects().length && it.getAttribute("role") !== "doc-footnote")
  .filter((it) => !it.ariaLabel && !document.getElementById(it.getAttribute("aria-labelledby")))
  .map((it) => it.outerHTML.slice(0, 80))"""
#: The pages of a sort are alike; AXE_EVERYTHING asks for each of them in each way all the same.
EVERYTHING = bool(os.environ.get("AXE_EVERYTHING"))


def faults(page: Page, scheme: str = "light", *, colours: bool = True) -> list[str]:
    """What axe-core finds; nothing is asked twice, and only faults are brought over.

    Without *colours* it doesn't look at them, which takes most of the time.
    """
    page.evaluate(NEXT_FRAME)
    only = ("tag", TAGS) if scheme == "light" else ("rule", COLOURS)
    options = {
        "runOnly": {"type": only[0], "values": only[1]},
        "rules": {} if colours else {rule: {"enabled": False} for rule in COLOURS},
        "resultTypes": ["violations"],
        # Style sheets are fetched for a rule on turned screens, which files can't be.
        "preload": False,
    }
    found: list[str] = page.evaluate(RUN, options)
    return found + [f"landmark without a name: {html}" for html in page.evaluate(UNNAMED)]
