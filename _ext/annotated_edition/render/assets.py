"""Which style sheets and scripts a page needs, by what is on it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

#: The extension's own style sheets that every theme needs, and what on a page asks for each.
#: A theme that has the rules of one itself takes it off its pages.
SHEETS = {
    "edition-notes.css": re.compile('class="passage-row'),
    "figures.css": re.compile('class="edition-chart"'),
    "formulas.css": re.compile("<math "),
    "texts.css": re.compile(r'class="[^"]*\b(?:speaker|stage|within|passage-pair)\b'),
    "verse.css": re.compile(r'class="[^"]*\bline-block\b'),
}

#: Sphinx's tag (``sphinx-build -t``) of pages for one's own eyes, built after each change: they may
#: run inline scripts, and nothing is renewed that isn't seen on them.
_WATCHED = "edition_watch"

#: Where they are: a folder that is copied to the output.
FOLDER = Path(__file__).parent / "static"

#: Files of others and of the theme that pages load only if they hold what these patterns tell of.
_NEEDS = {
    "pygments.css": 'class="highlight',
    "pygments_dark.css": 'class="highlight',
    "sphinx-design.min.css": r'class="[^"]*\bsd-',
    "design-tabs.js": r'class="[^"]*\bsd-tab',
    "edition.js": 'class="passage-row',
    "notes.js": r'class="[^"]*\bnote-about\b',
    "manual.css": (
        # A kind of note may be called "figures".
        r'class="(?:[^" ]* )*(?:align-|caption|eqno|field-list|footnote|hlist|legend|line-block'
        r"|option-list|sidebar|sig\b|topic|toc-backref|classifier|attribution|versionmodified|highlight|docutils"
        r"|admonition|loweralpha|upperalpha|lowerroman|upperroman|contains-task-list|figure)"
    ),
}


def is_watched(app: Sphinx) -> bool:
    """Whether the pages are for the eyes of whoever builds them."""
    return _WATCHED in app.tags


def brings_file(app: Sphinx, name: str) -> bool:
    """Whether the project has a file of its own (``html_extra_path``) for *name* in the output."""
    paths = (Path(app.confdir, extra) for extra in app.config.html_extra_path)
    return any(path.name == name or (path / name).exists() for path in paths)


def offer(app: Sphinx) -> None:
    """Have the style sheets copied to the output (``builder-inited``)."""
    if _has_pages(app):
        app.config.html_static_path = [*app.config.html_static_path, str(FOLDER)]


def link(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Link those that a page asks for (``html-page-context``)."""
    if not _has_pages(app):
        return
    body = str(context.get("body") or "")
    for name, pattern in SHEETS.items():
        if pattern.search(body):
            app.add_css_file(name)


def _has_pages(app: Sphinx) -> bool:
    # The book's theme has all of its rules in one style sheet.
    return app.builder.format == "html" and app.builder.name != "epub"


def is_needed(file: Any, body: str) -> bool:
    """Whether a page with this *body* has anything that a style sheet or script is for."""
    name = name_of(file)
    return name not in _NEEDS or re.search(_NEEDS[name], body) is not None


def name_of(file: Any) -> str:
    """The name of a style sheet or script, without its folder."""
    return str(getattr(file, "filename", file) or "").rpartition("/")[2]
