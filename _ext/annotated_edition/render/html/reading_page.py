"""The reading page: the theme ``edition``, and what each page of it needs.

Which files a page loads is decided here, page by page: Sphinx and extensions
give all of theirs to every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.locale import get_translation
from sphinx.util import logging

from annotated_edition.domain import EditionDomain
from annotated_edition.domain.parallel import BesideNode
from annotated_edition.domain.settings import is_plain_title
from annotated_edition.model.documents import Part
from annotated_edition.render.assets import (
    brings_file,
    is_needed,
    is_watched,
    name_of,
    set_while_writing,
)
from annotated_edition.render.formulas import writes
from annotated_edition.render.html import files, policy, translator
from annotated_edition.render.html.theming import has_theme
from annotated_edition.text.extras import command_for, is_installed
from annotated_edition.weave.about import said_version
from annotated_edition.weave.citation_text import cite_note
from annotated_edition.weave.locales import runs_from_right
from annotated_edition.weave.lookups import Lookups

logger = logging.getLogger(__name__)
_ = get_translation("annotated_edition")

#: Two colours for each kind, for light and for dark pages, in the order of
#: ``edition_kinds``; all have a contrast of at least 4.5 with the page.
_PALETTE = (
    ("#1d4f91", "#8ab4f8"),
    ("#1f6b45", "#7fcf9f"),
    ("#9a3d14", "#f0a078"),
    ("#6f3fa0", "#c9a6f5"),
    ("#0f6674", "#6fcbd8"),
    ("#99245f", "#f29ac4"),
    ("#6a5a00", "#d6c35a"),
    ("#4a5568", "#b0bac8"),
)

#: Sphinx's scripts: for its own search, which is another here, and for what others' scripts use.
_SPHINX = {"sphinx_highlight.js", "documentation_options.js", "doctools.js", "translations.js"}
_FOR_OTHERS = {"documentation_options.js", "doctools.js"}
#: Scripts that use none of Sphinx's.
_ALONE = {"page.js", "edition.js", "notes.js", "comment.js", "design-tabs.js"}
#: Style sheets for other themes, whose rules this one has.
_IN_THEME = {"edition-notes.css"}

#: Files of the theme that lose their comments and needless spaces in the output.
_SQUEEZED = (
    *("edition.css", "pages.css", "manual.css", "comment.css"),
    *(
        "edition.js",
        "place.js",
        "peek.js",
        "copying.js",
        "keys.js",
        "reveal.js",
        "page.js",
        "notes.js",
        "cite.js",
        "copy.js",
        "search.js",
        "comment.js",
        "quoting.js",
    ),
)

#: At most so many characters describe a page in search results.
_DESCRIPTION = 160


def style_kinds(app: Sphinx, config: Config) -> None:
    """Tell the style sheet the kinds with their colours, and faces (``config-inited``)."""
    chosen = config.html_theme_options.get("kind_colours") or {}
    styles = []
    for number, kind in enumerate(config.edition_kinds):
        colours = chosen.get(kind, _PALETTE[number % len(_PALETTE)])
        light, dark = (colours, colours) if isinstance(colours, str) else colours
        if re.fullmatch(r"[\w-]+", kind):
            styles.append({"name": kind, "light": light, "dark": dark})
    config.html_context = {
        "edition_kind_styles": styles,
        "edition_text_faces": list(_faces(config)),
        **config.html_context,
    }


def _faces(config: Config) -> Iterator[dict[str, str]]:
    """The project's own faces for the text, with their weights and styles."""
    given = config.html_theme_options.get("text_face") or ()
    files = given.split() if isinstance(given, str) else given
    if not isinstance(files, list | tuple):
        raise ConfigError(f"text_face must name files in WOFF2, not {files!r}")
    for number, file in enumerate([*files][:4]):
        if not re.fullmatch(r"[\w./-]+\.woff2", str(file)):
            raise ConfigError(f"text_face must name files in WOFF2, not {file!r}")
        weight, style = ("bold" if number > 1 else "normal"), ("normal", "italic")[number % 2]
        yield {"file": file, "weight": weight, "style": style}


def add_assets(app: Sphinx) -> None:
    """Add the theme's scripts where the theme, or one made from it, is used."""
    if has_theme(app.builder):
        files.define(app)
        app.add_css_file("pages.css", priority=600)
        app.add_css_file("manual.css", priority=600)
        app.add_js_file("page.js", priority=100)
        app.add_js_file("edition.js", loading_method="defer")
        app.add_js_file("notes.js", loading_method="defer")


def name_edition(app: Sphinx, builder: Builder) -> None:
    """Where the project has no title, let its name be one: Sphinx's own adds "documentation".

    ``write-started``.
    """
    if has_theme(builder) and is_plain_title(app.config, app.config.html_title):
        set_while_writing(app, "html_title", app.config.project)


def choose_translator(app: Sphinx) -> None:
    """Write the theme's pages with lighter tags, and any page's Arabic from the right.

    ``builder-inited``.
    """
    if isinstance(app.builder, StandaloneHTMLBuilder):
        is_light = has_theme(app.builder)
        # Readers of e-books have no MathJax either.
        with_mathml = (is_light or app.builder.name == "epub") and writes(app.builder)
        base = app.builder.get_translator_class()
        ours = translator.over(base, is_light=is_light, with_mathml=with_mathml)
        app.set_translator(app.builder.name, ours, override=True)


def fill_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give a page its kind, neighbours, citation and files (``html-page-context``)."""
    if not has_theme(app.builder):
        return
    domain = EditionDomain.of(app.env)
    body = str(context.get("body") or "")
    lookups = Lookups(app.env, pagename)
    note = lookups.note(pagename)
    context["words"] = _words()
    # The script by which sphinx-autobuild loads a page again stands in the page.
    context["edition_watched"] = is_watched(app)
    context["edition_page"] = (
        "note" if note else "text" if 'class="passage-row' in body else "plain"
    )
    context["edition_new_notes"] = (
        (
            domain.invitations.new_notes()
            if app.builder.name == "singlehtml" or "edition_whole" in context
            else lookups.new_notes(pagename)
        )
        if context["edition_page"] == "text"
        else []
    )
    context["edition_version"] = said_version(app.config.release, lookups.standing_of_version())
    context["edition_change"] = _change(app, lookups, pagename)
    context["edition_versions"] = _versions(app, pagename, doctree)
    context["edition_from_right"] = runs_from_right(str(app.config.language))
    context["edition_nav"] = list(_nav(app, lookups))
    context["edition_parts"] = _parts(app, lookups, pagename)
    context["edition_files"] = list(files.links(app, lookups, pagename, context))
    if app.builder.name == "singlehtml":  # it has no page beside the one
        context["hasdoc"] = lambda name: name in app.env.all_docs
    context["edition_description"] = _description(app, pagename, doctree)
    context["edition_layers"] = [
        {"name": style["name"], "title": app.config.edition_kinds[style["name"]]}
        for style in app.config.html_context["edition_kind_styles"]
        if re.search(f'kind-{style["name"]}[ "]', body)
    ]
    if note:
        context["edition_citation"] = cite_note(app.config, context, note)
        context["prev"] = _neighbour(app, pagename, note.previous)
        context["next"] = _neighbour(app, pagename, note.next)
    else:
        _drop_notes(domain, app, pagename, context)
    if pagename == "404" and app.config.html_baseurl:
        context["edition_base"] = urlsplit(app.config.html_baseurl).path.rstrip("/") + "/"
    for kind in ("css_files", "script_files"):
        context[kind] = [file for file in context[kind] if _needed(app, file, body)]
    others = any(name_of(file) not in _SPHINX | _ALONE for file in context["script_files"])
    # The translations make a function of a string, which the policy forbids; without them
    # scripts have English words.
    left_out = _SPHINX - (_FOR_OTHERS if others else set())
    context["script_files"] = [
        file for file in context["script_files"] if name_of(file) not in left_out
    ]
    context["edition_policy"] = policy.for_page(app, pagename, context, doctree)


def tell_version(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Say at the end of a page in another theme which version it is (``html-page-context``)."""
    kept = app.config.edition_releases and app.config.release and "body" in context
    if kept and app.builder.name in ("html", "dirhtml") and not has_theme(app.builder):
        standing = Lookups(app.env, pagename).standing_of_version()
        said = said_version(app.config.release, standing)
        context["body"] += f'<p class="edition-version">{escape(said)}</p>\n'


def _needed(app: Sphinx, file: Any, body: str) -> bool:
    name = name_of(file)
    if name in _IN_THEME:
        return False
    if name == "pages.css":
        return 'class="passage-row' not in body or app.builder.name == "singlehtml"
    return is_needed(file, body)


def _change(app: Sphinx, lookups: Lookups, pagename: str) -> str:
    """Where a page is changed that doesn't say so itself; of a bibliography, its sources.

    The text is never corrected, so that its pages have no such link.
    """
    if app.builder.name == "singlehtml" or not lookups.is_document(pagename):
        return ""
    part = EditionDomain.of(app.env).documents.part(pagename)
    if part in (Part.TEXT, Part.NOTE, Part.CROSS_REFERENCE) or lookups.has_entries(pagename):
        return ""
    if lookups.has_bibliography():
        for path in app.config.bibtex_bibfiles:
            return lookups.edit_file_address(path)
    return lookups.edit_address(pagename)


def _nav(app: Sphinx, lookups: Lookups) -> Iterator[dict[str, str]]:
    chosen = app.config.html_theme_options.get("nav") or ""
    docnames = chosen.split() if isinstance(chosen, str) else list(chosen)
    titles = chosen if isinstance(chosen, dict) else {}
    for docname in docnames or _pages_under(app, lookups, app.config.root_doc):
        if lookups.is_document(docname):
            title = titles.get(docname) or lookups.title(docname)
            page = {"docname": docname, "title": title}
            if app.builder.name == "singlehtml":
                page["link"] = app.builder.get_target_uri(docname)
            yield page


def _pages_under(app: Sphinx, lookups: Lookups, docname: str) -> list[str]:
    """What the toctrees of a page name, but notes and cross-references.

    Those are reached from the text, and there may be hundreds.
    """
    documents = EditionDomain.of(app.env).documents
    apart = (Part.NOTE, Part.CROSS_REFERENCE)
    return [name for name in lookups.children(docname) if documents.part(name) not in apart]


def _parts(app: Sphinx, lookups: Lookups, pagename: str) -> dict[str, Any] | None:
    """On a page of the text, and on those beside it: all of them, and which this one is."""
    parent = getattr(app.builder, "relations", {}).get(pagename, [None])[0]
    if parent is None or app.builder.name == "singlehtml":
        return None
    documents = EditionDomain.of(app.env).documents
    beside = _pages_under(app, lookups, parent)
    if len(beside) < 2 or pagename not in beside:
        return None
    if not any(documents.part(name) is Part.TEXT for name in beside):
        return None
    found = [{"docname": name, "title": lookups.title(name)} for name in beside]
    return {"all": found, "here": beside.index(pagename) + 1}


def _versions(app: Sphinx, pagename: str, doctree: nodes.document | None) -> list[str]:
    """What is told apart on a page with texts side by side: the text, then its versions."""
    beside = list(doctree.findall(BesideNode)) if doctree else []
    if not beside:
        return []
    works = EditionDomain.of(app.env).works
    own = works.of(pagename)
    names = dict.fromkeys(str(node["work"]) for node in beside)
    return [
        (own.title if own else "") or str(_("The text")),
        *(works.titles.get(name) or name for name in names),
    ]


def _description(app: Sphinx, pagename: str, doctree: nodes.document | None) -> str:
    """The page's first words: a note's gist, a text's beginning."""
    general = str(app.config.html_theme_options.get("description") or "")
    if doctree is None or (pagename == app.config.root_doc and general):
        return general
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, (nodes.section, nodes.document)) or (
            "passage" in paragraph["classes"]
        ):
            words = _plain(paragraph).split()
            text = " ".join(words)
            while len(text) > _DESCRIPTION:
                words.pop()
                text = " ".join(words) + " …"
            return text
    return general


def _plain(node: nodes.Node) -> str:
    """The words of *node* without numbers, marks and citations."""
    if isinstance(node, nodes.Element):
        classes = node.get("classes", ())
        if isinstance(node, nodes.footnote_reference) or "bibtex-citation" in classes:
            return ""
        if node.tagname == "NumberNode":
            return ""
        return "".join(map(_plain, node.children))
    return node.astext()


def _neighbour(app: Sphinx, pagename: str, link: Any) -> dict[str, str] | None:
    if link is None:
        return None
    return {
        "title": link.title.isolated(),
        "link": app.builder.get_relative_uri(pagename, link.docname),
    }


def _drop_notes(domain: EditionDomain, app: Sphinx, pagename: str, context: dict[str, Any]) -> None:
    """Leave out notes and cross-references as next and previous parts."""
    if pagename not in app.env.found_docs:
        return
    relations = getattr(app.builder, "relations", {}).get(pagename, [None, None, None])
    if domain.documents.part(pagename) is Part.CROSS_REFERENCE:
        relations = [None, None, None]
    for name, docname in (("prev", relations[1]), ("next", relations[2])):
        if docname is None or domain.documents.part(docname) in (Part.NOTE, Part.CROSS_REFERENCE):
            context[name] = None


def _words() -> dict[str, str]:
    """What the templates say, in the language of the page."""
    return {
        "skip": _("Skip to the text"),
        "edition": _("Edition"),
        "scheme": _("Light / dark"),
        "parts": _("Parts"),
        "index": _("Index"),
        "search": _("Search"),
        "previous": _("Previous"),
        "next": _("Next"),
        "change": _("Suggest a change"),
        "key_list": _("Keys"),
        "layers": _("Layers"),
        "show": _("Show"),
        "glossary": _("Glossary"),
        "cross_references": _("Cross-references"),
        "disputed": _("Only disputed"),
        "alone": _("Text alone"),
        "revealed": _("The link leads to what was hidden. Changed until the next visit:"),
        "peek": _("Note"),
        "copy_text": _("Copy citation"),
        "copied": _("Copied"),
        "link": _("Copy link"),
        "cite": _("Cite this note"),
        "select": _("Select words to comment on them."),
        "add_to": _("Add a note to"),
        "add": _("Add a note"),
        "comment_key": _("go to the button for the words selected"),
        "step": _("next and previous note"),
        "open": _("open the note of the mark in focus"),
        "close": _("close it"),
        "this": _("these keys"),
        "letters": _("n, p and ? work"),
        "no_search": _(
            "The search needs JavaScript, which is off. The browser's own search finds words "
            "on a page:"
        ),
        "found": _("%s found"),
        "found_one": _("1 found"),
        "found_none": _("Nothing found. Fewer words, or shorter ones, may find more."),
        "found_some": _("Nothing has all of these words. What has some of them:"),
        "all_found": _("All %s"),
        "missing": _("There is no such page"),
        "missing_help": _("It may have been renamed or removed; begin again here:"),
        "no_index": _("There are no entries."),
    }


def collect_pages(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    """Add the page that servers show for missing ones (``html-collect-pages``).

    Where the project has one, be it a document or a file, that stands.
    """
    is_there = "404" in app.env.found_docs or brings_file(app, "404.html")
    if app.builder.name == "html" and has_theme(app.builder) and not is_there:
        yield "404", {}, "404.html"


def write_text_file(app: Sphinx, exception: Exception | None) -> None:
    """Write the file for comments, or remove one that is out of date (``build-finished``)."""
    if exception or not has_theme(app.builder):
        return
    EditionDomain.of(app.env).invitations.write(Path(app.outdir, "_static"))


def squeeze_assets(app: Sphinx, exception: Exception | None) -> None:
    """Take comments and needless spaces out of the theme's files (``build-finished``)."""
    if exception or not has_theme(app.builder):
        return
    if not is_installed("html"):
        logger.info("style sheets and scripts keep their comments: %s", command_for("html"))
        return
    from rcssmin import cssmin
    from rjsmin import jsmin

    for name in _SQUEEZED:
        path = Path(app.outdir) / "_static" / name
        if path.exists():
            squeeze = cssmin if name.endswith(".css") else jsmin
            path.write_text(str(squeeze(path.read_text(encoding="utf-8"))), encoding="utf-8")
