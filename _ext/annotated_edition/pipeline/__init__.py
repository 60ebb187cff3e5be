"""All that the extension adds to Sphinx, in the order in which it happens.

Read, anchor, weave, render: the events of a build, the transforms that run when a document is
read, and those that run each time it is written.  Priorities say what must come first where the
order here doesn't; each class says why it has its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from annotated_edition.bibliography import events as bibliography
from annotated_edition.config import check_values
from annotated_edition.contribute import repository
from annotated_edition.domain.directives import ListNode, NoteList, Register, RegisterNode
from annotated_edition.domain.domain import EditionDomain, remember_builder
from annotated_edition.domain.parallel import Beside, BesideNode, PairNode
from annotated_edition.domain.text_roles import ROLES, LabelMark, PartMark
from annotated_edition.read import events as read
from annotated_edition.read.claims import RecordLabels, give_names
from annotated_edition.read.glossary_directive import ReportingGlossary
from annotated_edition.read.included import IncludeInPlace
from annotated_edition.render import assets, formulas, latex
from annotated_edition.render.charts import transforms as charts
from annotated_edition.render.charts.chart import ChartNode
from annotated_edition.render.charts.chronology import ChronologyDirective, ChronologyNode
from annotated_edition.render.charts.map import MapDirective, MapNode
from annotated_edition.render.data import coins
from annotated_edition.render.data import events as data
from annotated_edition.render.epub import defaults as epub
from annotated_edition.render.epub.builder import EditionEpubBuilder
from annotated_edition.render.epub.links import DropBrokenLinks
from annotated_edition.render.html import (
    citation_data,
    reading_page,
    search_data,
    search_entries,
    sources_data,
    theming,
    translator,
    whole_pages,
)
from annotated_edition.render.html import (
    files as html_files,
)
from annotated_edition.render.html import nodes as html
from annotated_edition.render.html.page_terms import ListTerms, TellLinks
from annotated_edition.render.html.single_page import EditionSinglePageBuilder
from annotated_edition.render.latex.bibliography import MoveBibliographyPage
from annotated_edition.render.latex.directions import TurnWords
from annotated_edition.render.latex.limits import KeepWithinLimits
from annotated_edition.render.latex.marks import PartMarks
from annotated_edition.render.latex.title import TitleOfFirstPage
from annotated_edition.render.pdf.builder import EditionPDFBuilder
from annotated_edition.render.pictures import StandInForPictures
from annotated_edition.render.tei.builder import TEIBuilder
from annotated_edition.untrusted import files, outputs, toctree
from annotated_edition.untrusted import parser as untrusted
from annotated_edition.untrusted.nodes import CheckLinks, GiveBackNames, MendDeadLinks, SiftNodes
from annotated_edition.weave import build_lock, builder_fixes, incremental, missing_references
from annotated_edition.weave.backlinks import ListCitingNotes, ListSources
from annotated_edition.weave.check_builder import CheckBuilder
from annotated_edition.weave.days import DayNode
from annotated_edition.weave.languages import MarkForeignForms
from annotated_edition.weave.locales import CATALOG, CATALOGS
from annotated_edition.weave.nodes import (
    LabelNode,
    LineNumberNode,
    MarkNode,
    NoteNode,
    NumberNode,
    PartNode,
    RowNode,
)
from annotated_edition.weave.passages import Weave
from annotated_edition.weave.references import RecordReferences


class Event(NamedTuple):
    """An event of Sphinx's, and what is done then; the lower the priority, the earlier."""

    name: str
    handler: Callable[..., Any]
    priority: int = 500


#: Nodes, and how HTML is written for those that reach a page; other builders know what they
#: are made from.
NODES: tuple[tuple[type[nodes.Element], tuple[Any, Any] | None], ...] = (
    (LabelMark, None),
    (PartMark, None),
    (PairNode, None),
    (BesideNode, None),
    (ListNode, None),
    (RegisterNode, None),
    (ChartNode, None),
    (ChronologyNode, None),
    (MapNode, None),
    (MarkNode, (html.visit_mark, html.depart_mark)),
    (RowNode, (html.visit_row, html.depart_row)),
    (NoteNode, (html.visit_note, html.depart_note)),
    (LabelNode, (html.visit_label, None)),
    (NumberNode, (html.visit_number, html.depart_number)),
    (LineNumberNode, (html.visit_line_number, None)),
    (PartNode, (html.visit_part, None)),
    (coins.ContextObjectNode, (coins.visit, None)),
    (DayNode, (html.visit_day, html.depart_day)),
)


def know_own_nodes(app: Sphinx) -> None:
    """Let HTML be written for the extension's nodes, whatever others registered.

    ``builder-inited``.
    """
    if app.builder.format == "html":
        base = app.builder.get_translator_class()
        visitors = ((node, written) for node, written in NODES if written)
        ours = translator.knowing(base, visitors)
        app.set_translator(app.builder.name, ours, override=True)


EVENTS = (
    # Before anything is read, and before anybody uses the settings.
    Event("config-inited", outputs.refuse_tracked, 0),
    Event("config-inited", files.sift_settings, 0),
    Event("config-inited", check_values, 1),
    Event("config-inited", repository.validate),
    Event("config-inited", incremental.leave_out_of_epub),
    Event("config-inited", bibliography.offer_styles),
    Event("config-inited", reading_page.style_kinds),
    Event("config-inited", formulas.register),
    Event("config-inited", latex.add_package_file),
    Event("config-inited", epub.prefer),
    # After Sphinx has put together the suffixes (800).
    Event("config-inited", files.leave_out, 900),
    # After other extensions have added their parsers.
    Event("config-inited", untrusted.guard_parsers, 900),
    # Before any other handler may write into a folder that another build is using.
    Event("builder-inited", build_lock.begin, 0),
    # Around sphinxcontrib-bibtex's own handler (500), and after it.
    Event("builder-inited", bibliography.begin_reading, 499),
    Event("builder-inited", remember_builder),
    Event("builder-inited", reading_page.add_assets),
    Event("builder-inited", repository.tell_what_is_missing),
    # After other extensions have chosen theirs.
    Event("builder-inited", reading_page.choose_translator, 900),
    Event("builder-inited", know_own_nodes, 901),
    Event("builder-inited", bibliography.end_reading, 501),
    Event("builder-inited", bibliography.tell_apart, 600),
    Event("env-get-outdated", build_lock.begin_again, 0),
    Event("env-get-outdated", incremental.reread),
    Event("env-get-outdated", bibliography.reread),
    Event("env-before-read-docs", untrusted.sort_out),
    Event("env-before-read-docs", read.put_notes_first),
    # 1, read.
    Event("source-read", build_lock.stop_orphan, 0),
    # First of all: whoever looks at a note's source sees it without front matter.
    Event("source-read", read.read_front_matter, 1),
    Event("source-read", bibliography.tell_what_is_missing),
    Event("doctree-read", read.collect),
    # After Sphinx has taken the title (500).
    Event("doctree-read", read.isolate_title, 900),
    # As others have left it: pictures are found at 500.
    Event("doctree-read", read.keep_gist, 900),
    # Before anybody asks for the order of the pages.
    Event("env-updated", toctree.sift_lists, 0),
    # Before anybody looks for them.
    Event("env-updated", give_names, 100),
    # 2, anchor.  Before and after sphinxcontrib-bibtex composes the bibliography (500).
    Event("env-updated", bibliography.begin_formatting, 499),
    Event("env-updated", bibliography.tell_edition, 550),
    Event("env-updated", incremental.end_reading, 600),
    # After Sphinx has numbered sections and figures (500).
    Event("env-get-updated", incremental.stale, 900),
    Event("env-check-consistency", incremental.checked),
    # 3, weave: the post-transforms below.
    Event("write-started", incremental.begin),
    # Before Sphinx copies files and says what is on every page.
    Event("write-started", assets.offer),
    Event("write-started", reading_page.name_edition),
    Event("write-started", epub.keep_index_whole),
    Event("warn-missing-reference", missing_references.warn),
    # Before MathJax is added (500).
    Event("html-page-context", formulas.leave_mathjax_out, 400),
    # Before themes ask for the table of contents.
    Event("html-page-context", incremental.watch_page, 0),
    # 4, render.
    Event("html-page-context", build_lock.stop_orphan, 0),
    # After other extensions have added their files.
    Event("html-page-context", assets.link),
    Event("html-page-context", reading_page.fill_page, 900),
    Event("html-page-context", data.fill_head, 900),
    # Before files are chosen by what is on the page.
    Event("html-page-context", data.lead_on, 800),
    Event("html-page-context", reading_page.tell_version, 850),
    Event("html-page-context", epub.trim_files, 900),
    # Before other extensions (500): where one writes such a page, too, that stands.
    Event("html-collect-pages", reading_page.collect_pages, 100),
    Event("html-collect-pages", incremental.end_pages),
    Event("html-collect-pages", search_entries.restore),
    Event("html-collect-pages", whole_pages.collect),
    # Before anything is noted.
    Event("build-finished", assets.restore_settings, 1),
    # Before other extensions (500): what they write stands, in whatever order they are named.
    Event("build-finished", data.write_files, 100),
    Event("build-finished", data.write_moved, 100),
    # After the files, which it notes.
    Event("build-finished", incremental.end, 100),
    Event("build-finished", reading_page.write_text_file),
    Event("build-finished", search_data.write),
    Event("build-finished", sources_data.write),
    Event("build-finished", citation_data.write),
    Event("build-finished", html_files.copy),
    Event("build-finished", reading_page.squeeze_assets),
    # After all that others do to the output.
    Event("build-finished", build_lock.end, 1000),
)

#: When a document is read, by their priorities.
TRANSFORMS: tuple[type[SphinxTransform], ...] = (
    GiveBackNames,
    read.GiveTitle,
    read.MarkPassages,
    RecordLabels,
    SiftNodes,
)

#: When a document is written, by their priorities.
POST_TRANSFORMS: tuple[type[SphinxPostTransform], ...] = (
    incremental.BeginPage,
    toctree.SiftLists,
    Weave,
    charts.WeaveCharts,
    ListTerms,
    ListSources,
    ListCitingNotes,
    coins.AddContextObjects,
    RecordReferences,
    MendDeadLinks,
    builder_fixes.MendSinglePageLinks,
    builder_fixes.PlainManLinks,
    builder_fixes.PlainTextTerms,
    builder_fixes.PlainTextSources,
    TellLinks,
    MarkForeignForms,
    TitleOfFirstPage,
    PartMarks,
    StandInForPictures,
    KeepWithinLimits,
    TurnWords,
    MoveBibliographyPage,
    CheckLinks,
    DropBrokenLinks,
)

#: The directives of the domain ``edition``; its roles are the domain's own.
DIRECTIVES: dict[str, type[Directive]] = {
    "notes": NoteList,
    "beside": Beside,
    "register": Register,
    "chronology": ChronologyDirective,
    "map": MapDirective,
}

THEMES = {"edition": theming.THEME, epub.THEME: epub.THEME_FOLDER}


def connect(app: Sphinx) -> None:
    """Register everything."""
    app.add_message_catalog(CATALOG, CATALOGS)
    # Kazakh is none of Sphinx's languages; for those that are, it has nothing.
    app.add_message_catalog("sphinx", CATALOGS)
    app.add_domain(EditionDomain)
    for name, directive in DIRECTIVES.items():
        app.add_directive_to_domain(EditionDomain.name, name, directive)
    app.add_directive_to_domain("std", "glossary", ReportingGlossary, override=True)
    app.add_directive("include", IncludeInPlace, override=True)
    for role, function in ROLES.items():
        app.add_role_to_domain(EditionDomain.name, role, function)
    for event in EVENTS:
        app.connect(event.name, event.handler, event.priority)
    for transform in TRANSFORMS:
        app.add_transform(transform)
    for post_transform in POST_TRANSFORMS:
        app.add_post_transform(post_transform)
    for node, visitors in NODES:
        if visitors is None:
            app.add_node(node)
        else:
            app.add_node(node, html=visitors)
    for theme, folder in THEMES.items():
        app.add_html_theme(theme, str(folder))
    app.add_latex_package(latex.PACKAGE.stem, after_hyperref=True)
    app.setup_extension("sphinx.builders.epub3")
    app.setup_extension("sphinx.builders.singlehtml")
    app.add_builder(EditionEpubBuilder, override=True)
    app.add_builder(EditionSinglePageBuilder, override=True)
    app.add_builder(EditionPDFBuilder)
    app.add_builder(CheckBuilder)
    app.add_builder(TEIBuilder)
