"""Which style sheets and scripts a page needs, by what is on it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx
from sphinx.builders import Builder

from annotated_edition.weave.lookups import OWN_STATIC

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

#: Settings that were others before pages were written.
_settings: WeakKeyDictionary[Sphinx, dict[str, Any]] = WeakKeyDictionary()

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
        r"|admonition|long(?:er)?\b|loweralpha|upperalpha|lowerroman|upperroman|contains-task-list|figure)"
    ),
}


def is_watched(app: Sphinx) -> bool:
    """Whether the pages are for the eyes of whoever builds them."""
    return _WATCHED in app.tags


def brings_file(app: Sphinx, name: str) -> bool:
    """Whether the project has a file of its own (``html_extra_path``) for *name* in the output."""
    paths = (Path(app.confdir, extra) for extra in app.config.html_extra_path)
    return any(path.name == name or (path / name).exists() for path in paths)


def set_while_writing(app: Sphinx, name: str, value: object) -> None:
    """Change a setting until the build has ended (``write-started``).

    Changed earlier it would be kept with what was read, and the next build, which begins with
    ``conf.py``, would say that the configuration has changed.
    """
    _settings.setdefault(app, {}).setdefault(name, app.config[name])
    app.config[name] = value


def restore_settings(app: Sphinx, exception: Exception | None) -> None:
    """Put settings back as they were (``build-finished``)."""
    for name, value in _settings.pop(app, {}).items():
        app.config[name] = value


def offer(app: Sphinx, builder: Builder) -> None:
    """Have the style sheets copied to the output (``write-started``)."""
    if _has_pages(app):
        folders = [*app.config.html_static_path, str(OWN_STATIC)]
        set_while_writing(app, "html_static_path", folders)


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
