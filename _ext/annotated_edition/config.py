"""The configuration values, all in one place, each with what it means.

The table in the extension's documentation is made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sphinx.application import Sphinx
from sphinx.config import ENUM, Config
from sphinx.errors import ConfigError
from sphinx.util import logging

from annotated_edition.contribute.hosts import HOSTS
from annotated_edition.domain.settings import line_of_setting, settings_like
from annotated_edition.model.records import Subtype
from annotated_edition.text import edtf
from annotated_edition.text.control import brief
from annotated_edition.text.suggest import did_you_mean
from annotated_edition.text.words import LanguageTag

logger = logging.getLogger(__name__)


class Value(NamedTuple):
    """A configuration value: what it may be, and what must be done anew when it changes.

    ``rebuild`` is Sphinx's: ``env`` for what decides how pages are read; for what is only
    woven in nothing, since what pages show is compared.
    """

    name: str
    default: Any
    rebuild: Literal["", "env", "html", "epub"]
    types: Any
    meaning: str
    #: The default in words, where the value alone doesn't say it.
    default_in_words: str = ""
    #: What a list or a mapping may hold, unless the package `domain` looks at it; a path, or a
    #: text that is translated late, will do, too.
    inside: frozenset[type] | None = frozenset({str})


_LIST = frozenset({list, tuple})
_NAMES = frozenset({list, tuple, set, frozenset})
_TEXT_OR_NONE = frozenset({str, type(None)})
_DICT = frozenset({dict})
#: The names in ``edition_data``, and what ``edition_registers`` may say of a page.
DATA = (
    *("annotations", "bibliography", "downloads", "feed", "head"),
    *("llms", "robots", "sitemap", "version"),
)
REGISTERS = ("people", "places", "organisations")
#: Settings that name a file in the output, without its suffix.
_FILES = ("edition_pdf_name", "edition_tei_name")

VALUES = (
    Value(
        "edition_text",
        [],
        "env",
        _LIST,
        (
            "The pages of the text: document names; `*` and `?` stand for any letters but `/`, "
            "`**` for those, too."
        ),
    ),
    Value(
        "edition_text_language",
        None,
        "env",
        _TEXT_OR_NONE,
        "The text's language, if it isn't that of the pages around it.",
    ),
    Value(
        "edition_works",
        {},
        "env",
        _DICT,
        (
            "The works that the project holds, if several, by names of your own: "
            '`{"tyger": {"pages": ["text/tyger"], "title": "The Tyger"}}`. The passages of each '
            "are numbered from 1. [](../how-to/works.md) tells what may be said of a work."
        ),
        inside=None,
    ),
    Value(
        "edition_copy_text",
        None,
        "",
        _TEXT_OR_NONE,
        (
            "A plain-text file that the pages must equal word for word, its paragraphs parted by "
            "blank lines."
        ),
    ),
    Value(
        "edition_copy_text_skip",
        [],
        "",
        _LIST,
        "Lines of that file that the pages don't show, exactly as they stand.",
    ),
    Value(
        "edition_notes",
        ["commentary/*/*"],
        "env",
        _LIST,
        "The notes. Pages named `index` aren't notes.",
    ),
    Value(
        "edition_kinds",
        {},
        "env",
        _DICT,
        'The titles of the kinds, by folder, in their order: `{"people": "People"}`.',
        "the folders' names",
    ),
    Value(
        "edition_cross_references",
        ["commentary/cross-references/*"],
        "env",
        _LIST,
        "The cross-references.",
    ),
    Value(
        "edition_glossary_links",
        "first",
        "",
        ENUM("first", "all", "none"),
        (
            'Which occurrences of a glossary term are links: the `"first"` on each page, `"all"` '
            'or `"none"`.'
        ),
    ),
    Value(
        "edition_line_numbers",
        5,
        "env",
        frozenset({int}),
        (
            "On pages of verse every so many lines have their number at the margin, on screen and "
            "in print: `5` is every fifth, `0` none."
        ),
    ),
    Value(
        "edition_gist_words",
        30,
        "env",
        frozenset({int}),
        "How many words a note's first paragraph may have.",
    ),
    Value(
        "edition_untrusted",
        [],
        "env",
        frozenset({list, tuple, type(None)}),
        (
            "More pages that strangers write, beside all in the folder that holds those of the "
            "kinds (`commentary`): they can run no code, read no file and reach no other host. "
            "Capital letters make no difference."
        ),
    ),
    Value(
        "edition_trusted",
        [],
        "env",
        _LIST,
        (
            "Pages in that folder that people review before they are built, and that may do "
            "whatever Sphinx allows. The text and the first page may anyway."
        ),
    ),
    Value(
        "edition_checks",
        False,
        "env",
        frozenset({bool}),
        "Whether to warn of what an editor would send back.",
    ),
    Value(
        "edition_loaded_words",
        [],
        "env",
        _LIST,
        "Words that notes use in quotation marks only (with `edition_checks`).",
    ),
    Value(
        "edition_map_data",
        None,
        "html",
        _TEXT_OR_NONE,
        (
            "A file of coastlines, rivers and lakes for maps, instead of the part of Natural "
            "Earth that comes along."
        ),
        "Natural Earth, 38 to 142° E and 20 to 62° N",
    ),
    Value(
        "edition_text_title",
        "",
        "",
        frozenset({str}),
        "The title of the text itself.",
        "the HTML theme's `title`, or the project's name",
    ),
    Value(
        "edition_text_author",
        [],
        "",
        _NAMES | {str},
        "Who wrote the text: a name as it is spoken, or a list of names.",
    ),
    Value(
        "edition_text_author_sorted",
        [],
        "",
        _NAMES | {str},
        (
            "The same names as they are sorted, family name first: `Xi, Jinping`. Citations for "
            "reference managers, and the pages' heads, part names by it."
        ),
        "names that nobody parts",
    ),
    Value(
        "edition_text_date",
        "",
        "",
        frozenset({str}),
        "When the text was first published: `1813`, `1813-01` or `1813-01-28`.",
    ),
    Value(
        "edition_text_published_in",
        "",
        "",
        frozenset({str}),
        "Where the text first appeared, a newspaper or a book: citations of passages name it.",
    ),
    Value(
        "edition_text_source",
        "",
        "",
        frozenset({str}),
        "Where the words of the text were taken from: what is printed as its source.",
    ),
    Value(
        "edition_text_source_address",
        "",
        "",
        frozenset({str}),
        "The address of that source on the web.",
    ),
    Value(
        "edition_licence",
        "",
        "",
        frozenset({str}),
        (
            "The address of the licence of notes and glossary, such as "
            "`https://creativecommons.org/licenses/by/4.0/`. The text isn't covered by it."
        ),
    ),
    Value(
        "edition_rights",
        "",
        "",
        frozenset({str}),
        "What may be done with the text and the commentary, in words.",
    ),
    Value(
        "edition_witnesses",
        {},
        "",
        _DICT,
        'The other versions of the text, by siglum: `{"Q1": "The first quarto, 1603"}`.',
        "the sigla of the readings",
    ),
    Value(
        "edition_registers",
        {},
        "",
        _DICT,
        (
            "What the registers of a page name: `people`, `places` or `organisations`, by "
            'document: `{"commentary/people-register": "people"}`.'
        ),
    ),
    Value(
        "edition_principles",
        "",
        "",
        frozenset({str}),
        "The document that tells how the edition was made.",
    ),
    Value(
        "edition_data",
        [*DATA],
        "html",
        _NAMES,
        (
            "What the HTML builders write for other software: `annotations` (W3C Web "
            "Annotation), `bibliography` (BibTeX and CSL-JSON), `downloads` (plain text and "
            "Markdown), `feed` (Atom), `head` (Highwire, Dublin Core and schema.org in the "
            "pages' heads), `llms`, `robots`, `sitemap`, `version` (by which versions are linked; "
            "with `edition_releases`). The feed and the sitemap need `html_baseurl`."
        ),
        "all",
    ),
    Value(
        "edition_releases",
        None,
        "",
        _TEXT_OR_NONE,
        (
            "The file, such as `releases.json`, in which the command `release` keeps what released "
            "versions held."
        ),
    ),
    Value(
        "edition_moved",
        {},
        "",
        _DICT,
        (
            "What took the place of a note that was released and is gone, by its id: "
            '`{"old-road": "new-road", "rumour": ""}`; an empty string where nothing did. A page '
            "of the text is named by its document, and one of `edition_downloads` by its file."
        ),
    ),
    Value(
        "edition_tei_name",
        "annotated-edition",
        "",
        frozenset({str}),
        "The name of the TEI file, without `.xml`.",
    ),
    Value(
        "edition_repository",
        None,
        "",
        _TEXT_OR_NONE,
        (
            "Where the edition's files are: an address such as `https://github.com/OWNER/NAME`; "
            '`""` for no links to a repository at all.'
        ),
        "found out",
    ),
    Value(
        "edition_branch",
        None,
        "",
        _TEXT_OR_NONE,
        "The branch on which changes are proposed.",
        "CI's, else `main`",
    ),
    Value(
        "edition_repository_host",
        None,
        "",
        ENUM(None, *HOSTS),
        (
            'What runs on a host of your own: `"github"`, `"gitlab"`, `"gitea"` (1.25 or later) or '
            '`"forgejo"` (an older Gitea, too).'
        ),
        "by the name",
    ),
    Value(
        "edition_credit_from_history",
        True,
        "",
        frozenset({bool}),
        (
            "Whether a note's page and citation say who wrote and revised it, and when, from the "
            "history of its file."
        ),
    ),
    Value(
        "edition_credit_ignore",
        ["*[bot]"],
        "",
        _LIST,
        (
            "Names in the history that stand for no person; `*` and `?` allowed. The days of "
            "their changes are still told."
        ),
    ),
    Value(
        "edition_downloads",
        {},
        "",
        _DICT,
        (
            "Files that every page of the theme leads to, if they are there when the pages are "
            'built: `{"PDF": "_build/pdf/annotated-edition.pdf"}`. They are copied beside the '
            "pages, and the links tell their sizes."
        ),
    ),
    Value(
        "edition_pdf_name",
        "annotated-edition",
        "",
        frozenset({str}),
        "The PDF's file name, without `.pdf`.",
    ),
    Value(
        "edition_pdf_title",
        "",
        "",
        frozenset({str}),
        "What stands on the PDF's title page; a subtitle follows a colon.",
        "the project's name",
    ),
    Value(
        "edition_pdf_byline",
        "",
        "",
        frozenset({str}),
        "The line under the title: who wrote the text, and where it appeared.",
    ),
    Value(
        "edition_pdf_author",
        "",
        "",
        frozenset({str}),
        "Who edited the book.",
        "the project's author",
    ),
    Value(
        "edition_pdf_text_author",
        "",
        "",
        frozenset({str}),
        "Who wrote the text: the author that the PDF's metadata name.",
        "who edited the book",
    ),
    Value(
        "edition_pdf_date",
        "",
        "",
        frozenset({str}),
        "The date on the title page.",
        "Sphinx's `today`, or the day of `SOURCE_DATE_EPOCH`",
    ),
    Value(
        "edition_pdf_address",
        "",
        "",
        frozenset({str}),
        "The web edition's address.",
        "`html_baseurl`",
    ),
    Value(
        "edition_pdf_imprint",
        [],
        "",
        _NAMES,
        (
            'What stands after the title page: `"document"` or `"document#id"`; a section named '
            "so stands there alone."
        ),
    ),
    Value(
        "edition_pdf_front",
        [],
        "",
        _NAMES,
        "Documents (`*` allowed) that stand before the contents.",
    ),
    Value(
        "edition_pdf_back",
        [],
        "",
        _NAMES,
        "Documents that stand at the end, in this order. Bibliographies do by themselves.",
    ),
    Value(
        "edition_pdf_leave_out",
        None,
        "",
        _NAMES | {type(None)},
        "Documents that aren't printed.",
        "the landing page",
    ),
    Value(
        "edition_pdf_undivided",
        [],
        "",
        _NAMES,
        "Words that are never hyphenated. Those with a capital aren't, in any case.",
    ),
    Value(
        "edition_pdf_index",
        True,
        "",
        frozenset({bool}),
        "Whether the book has an index.",
    ),
    Value(
        "edition_pdf_fonts",
        [],
        "",
        _LIST,
        (
            "Folders with font files, or font files, for letters that the PDF's own fonts lack; "
            "paths from the folder of `conf.py`. Of a file all that lie beside it are read, too."
        ),
    ),
    Value(
        "edition_pdf_system_fonts",
        False,
        "",
        frozenset({bool}),
        (
            "Whether letters that no other font has are taken from the fonts of the machine: then "
            "the PDF isn't the same on every machine."
        ),
    ),
    Value(
        "edition_pdf_paper",
        "a4",
        "",
        ENUM("a4", "6x9"),
        '`"a4"`, or `"6x9"` (inches) with mirrored margins.',
    ),
    Value(
        "edition_epub_leave_out",
        [],
        "epub",
        _NAMES,
        "Documents that aren't in the EPUB. Links to them keep their words.",
    ),
    Value(
        "edition_epub_byline",
        "",
        "epub",
        frozenset({str}),
        "What stands under the title on the EPUB's cover and title page.",
        "the HTML theme's `byline`",
    ),
    Value(
        "edition_epub_metadata",
        {},
        "epub",
        _DICT,
        (
            'Metadata of the EPUB, more or other: `{"dc:creator": ["Author", "Editor"], '
            '"dc:source": "…"}`. Claim `dcterms:conformsTo` here once somebody has evaluated the '
            "book: nothing claims it by itself."
        ),
        inside=frozenset({str, list, tuple}),
    ),
)


def check_values(app: Sphinx, config: Config) -> None:
    """Stop at a setting of another type; tell of one that there isn't (``config-inited``).

    Sphinx warns of the first, and whatever needs the setting then fails in the middle of a build.
    """
    known = {value.name: value for value in VALUES}
    for value in VALUES:
        _part_override(value, config)
        _check_type(value, config[value.name])
    for name, line in settings_like(app.confdir, "edition_"):
        if name not in known and name not in config:
            hint = did_you_mean(name, known, "delete it")
            _warn(app, line, f"there is no setting {brief(name)}: {hint}")
    for name, message in _faults(config):
        _warn(app, line_of_setting(app.confdir, name), f"{name}: {message}")


def _part_override(value: Value, config: Config) -> None:
    """Make a list of what ``-D`` gives, as Sphinx does where the default is a list."""
    given = config[value.name]
    is_list = isinstance(value.types, frozenset) and list in value.types and str not in value.types
    if is_list and isinstance(given, str) and value.name in config.overrides:
        config[value.name] = given.split(",")


def _check_type(value: Value, given: object) -> None:
    """Raise ConfigError where what is *given* for a value, or within it, is of another type."""
    setting = f"{value.name} (conf.py)"
    if isinstance(value.types, frozenset) and type(given) not in value.types:
        kinds = " or ".join(sorted(_KINDS.get(one, one.__name__) for one in value.types))
        raise ConfigError(f"{setting} must be {kinds}, and is {_kind_of(given)}")
    # Sphinx takes a list for a choice, and fails at a number.
    if isinstance(value.types, ENUM) and not isinstance(given, str | bool | None):
        choices = repr(value.types).removeprefix("ENUM(").removesuffix(")")
        raise ConfigError(f"{setting} must be one of {choices}, and is {_kind_of(given)}")
    if value.name in _FILES and (not given or {*"/\\"} & {*str(given)}):
        raise ConfigError(f"{setting} must be a file's name, and is {brief(repr(given))}")
    if value.inside is None:
        return
    kinds = " or ".join(sorted(_KINDS[one] for one in value.inside))
    for where, held in _held(given):
        if type(held) in _KINDS.keys() - value.inside:
            raise ConfigError(f"{setting}: {where} must be {kinds}, and is {_kind_of(held)}")


def _warn(app: Sphinx, line: int, message: str) -> None:
    logger.warning(
        "%s",
        message,
        type="edition",
        subtype=Subtype.DANGLING.value,
        location=f"{Path(app.confdir, 'conf.py')}:{line}",
    )


def _faults(config: Config) -> Iterator[tuple[str, str]]:
    """Settings that are of the right type and say nothing, and what to write."""
    language = config.edition_text_language
    if language and not LanguageTag.fits(language.replace("_", "-")):
        yield (
            "edition_text_language",
            f"{brief(repr(language))} is no language tag: write one, such as en or zh-Hant",
        )
    if day := config.edition_text_date:
        try:
            edtf.read(day)
        except edtf.DateError:
            yield (
                "edition_text_date",
                f"{brief(repr(day))} is no date: write 1813, 1813-01 or 1813-01-28",
            )
    kinds = config.edition_registers.values()
    for name, given, known in (
        ("edition_data", config.edition_data, DATA),
        ("edition_registers", kinds, REGISTERS),
    ):
        for one in sorted(set(given) - {*known}):
            hint = did_you_mean(one, known, f"known are {', '.join(known)}")
            yield name, f"there is no {brief(repr(one))}: {hint}"


def _held(given: object) -> Iterator[tuple[str, object]]:
    """What a list holds, or a mapping has for values and keys, each with words that name it."""
    if isinstance(given, Mapping):
        for key, held in given.items():
            yield f"what {brief(repr(key))} has", held
        given = list(given)
    if isinstance(given, (list, tuple, set, frozenset)):
        for held in given:
            yield brief(repr(held)), held


def _kind_of(given: object) -> str:
    """What sort of value was given."""
    return _KINDS.get(type(given)) or f"of the type {type(given).__name__}"


_KINDS: dict[type, str] = {
    dict: "a mapping {…}",
    list: "a list […]",
    tuple: "a tuple (…)",
    str: "a text in quotation marks",
    bool: "True or False",
    int: "a number",
    float: "a number",
    type(None): "None",
    set: "a set",
    frozenset: "a frozen set",
}


def add_values(app: Sphinx) -> None:
    """Register the values."""
    for value in VALUES:
        app.add_config_value(value.name, value.default, value.rebuild, value.types, value.meaning)
