"""The reference, made of the extension's code; and the drawing of its architecture.

Each directive writes Markdown from data that stands beside the code (settings, options, warnings,
the pipeline) and has Sphinx parse it in place.  Nothing is listed here by hand, so a new setting
is on the page with the next build.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

from architecture import LAYERS, draw, read_layers
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import ENUM
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from annotated_edition import pipeline
from annotated_edition.cli import parser
from annotated_edition.config import VALUES, Value
from annotated_edition.domain.domain import ROLES
from annotated_edition.domain.text_roles import TEXT_ROLES
from annotated_edition.domain.works import FIELDS as WORK_FIELDS
from annotated_edition.model import limits
from annotated_edition.read.json_schema import markdown_table, warnings_table
from annotated_edition.read.note_fields import (
    CrossReferenceFields,
    NoteFields,
    PlaceFields,
    QuoteFields,
    ReadingFields,
    Strict,
)
from annotated_edition.render.fonts.scripts import as_table
from annotated_edition.render.html.theming import OPTIONS, THEME
from annotated_edition.text.labels import FIELDS as LABEL_FIELDS

MODELS: dict[str, type[Strict]] = {
    "note": NoteFields,
    "cross-reference": CrossReferenceFields,
    "quote": QuoteFields,
    "place": PlaceFields,
    "reading": ReadingFields,
}


class Generated(SphinxDirective):
    """Puts Markdown that :meth:`markdown` makes in its place."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Parse it."""
        return self.parse("\n".join(self.markdown(*self.arguments)))

    def parse(self, text: str) -> list[nodes.Node]:
        """The nodes of a Markdown text without headings."""
        return list(self.parse_text_to_nodes(text))

    def markdown(self, *arguments: str) -> Iterable[str]:
        """The lines of Markdown."""
        raise NotImplementedError


class GeneratedSections(Generated):
    """Sections, each with a label."""

    optional_arguments = 0

    def run(self) -> list[nodes.Node]:
        """One section for each part: MyST's nested headings would leave their labels behind."""
        sections: list[nodes.Node] = []
        for label, code, text in self.parts():
            section = nodes.section("", ids=[label], names=[label])
            self.state.document.note_explicit_target(section)
            section += nodes.title("", "", nodes.literal("", code))
            section += self.parse(text)
            sections.append(section)
        return sections

    def parts(self) -> Iterable[tuple[str, str, str]]:
        """Label, title (as code) and Markdown of each section."""
        raise NotImplementedError


class Settings(Generated):
    """The settings whose names begin with one of the prefixes given, less those after ``-``."""

    final_argument_whitespace = True

    def markdown(self, prefixes: str = "edition_") -> Iterator[str]:
        """One ``confval`` for each."""
        words = prefixes.split()
        wanted = tuple(word for word in words if not word.startswith("-"))
        unwanted = tuple(word[1:] for word in words if word.startswith("-"))
        for value in VALUES:
            if value.name.startswith(wanted) and not (unwanted and value.name.startswith(unwanted)):
                yield from _setting(value)


def _setting(value: Value) -> Iterator[str]:
    default = value.default_in_words or f"`{_literal(value.default)}`"
    yield f"````{{confval}} {value.name}"
    yield f":type: {_types(value.types)}"
    yield f":default: {default}"
    yield ""
    yield value.meaning
    yield "````"
    yield ""


def _literal(value: Any) -> str:
    return json.dumps(value) if isinstance(value, (str, list, dict)) else repr(value)


def _types(types: Any) -> str:
    if isinstance(types, ENUM):
        # The values are an attribute that Sphinx keeps to itself in some versions.
        values = getattr(types, "candidates", None) or getattr(types, "_candidates", ())
        return " or ".join(f"`{value!r}`".replace("'", '"') for value in sorted(values, key=str))
    # Tuples and sets will do, too; nobody need know.
    names = {one.__name__ for one in types if one is not type(None)}
    names -= {"tuple", "set", "frozenset"} if "list" in names else set()
    return " or ".join(f"`{name}`" for name in [*sorted(names), *["None"] * (type(None) in types)])


class Directives(GeneratedSections):
    """The directives of the domain ``edition``."""

    def parts(self) -> Iterator[tuple[str, str, str]]:
        """What each does, and its options."""
        for name, directive in pipeline.DIRECTIVES.items():
            meanings: dict[str, str] = getattr(directive, "option_meanings", {})
            options = directive.option_spec or {}
            lines = [inspect.getdoc(directive) or "", ""]
            if options:
                lines += ["| Option | What it is for |", "|---|---|"]
                lines += (_row(f"`:{one}:`", meanings[one]) for one in options)
            else:
                lines.append("It has no options.")
            yield f"directive-{name}", f"{{edition:{name}}}", "\n".join(lines)


class Roles(Generated):
    """The roles of the domain ``edition``."""

    def markdown(self) -> Iterator[str]:
        """Two tables."""
        yield "| Role | What it links to |"
        yield "|---|---|"
        yield from (_row(f"`{{edition:{name}}}`", meaning) for name, meaning in ROLES.items())
        yield ""
        yield "| Role | What it marks, on pages of the text |"
        yield "|---|---|"
        yield from (_row(f"`{{edition:{name}}}`", meaning) for name, meaning in TEXT_ROLES.items())


class Scripts(Generated):
    """Fonts for scripts that the book's own lack."""

    def markdown(self) -> Iterator[str]:
        """A table."""
        yield as_table()


class Labels(Generated):
    """The fields of a pattern for labels."""

    def markdown(self) -> Iterator[str]:
        """A table."""
        yield "| Field | What it is |"
        yield "|---|---|"
        yield from (
            _row(f"`{{{name}}}`", meaning)
            for name, meaning in LABEL_FIELDS.items()
            if not re.match("h[2-6]", name)  # as for the first
        )


class WorkFields(Generated):
    """What may be said of a work."""

    def markdown(self) -> Iterator[str]:
        """A table."""
        yield "| Name | What it says |"
        yield "|---|---|"
        yield from (_row(f"`{name}`", meaning) for name, meaning in WORK_FIELDS.items())


class Fields(Generated):
    """The fields of a model of front matter."""

    required_arguments = 1
    optional_arguments = 0

    def markdown(self, model: str = "note") -> Iterator[str]:
        """Their table."""
        yield markdown_table(MODELS[model])


class ThemeOptions(Generated):
    """The options of the theme ``edition``."""

    def markdown(self) -> Iterator[str]:
        """A table, in the order of ``theme.toml``."""
        theme = tomllib.loads((THEME / "theme.toml").read_text(encoding="utf-8"))
        yield "| Option | What it is for |"
        yield "|---|---|"
        yield from (_row(f"`{name}`", OPTIONS[name]) for name in theme["options"])


class Warnings(Generated):
    """The subtypes of the extension's warnings."""

    def markdown(self) -> Iterator[str]:
        """Their table."""
        yield warnings_table()


class Commands(GeneratedSections):
    """The commands, as their parser knows them."""

    def parts(self) -> Iterator[tuple[str, str, str]]:
        """The usage and a table of arguments for each."""
        # argparse shows what it knows as text only, or to those who look inside.
        (commands,) = (
            action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)
        )
        helps = {choice.dest: choice.help for choice in commands._choices_actions}
        for name, command in commands.choices.items():
            usage = " ".join(command.format_usage().removeprefix("usage: ").split())
            lines = [_sentence(helps[name] or ""), "", "```text", usage, "```", ""]
            lines += ["| Argument | Meaning |", "|---|---|"]
            for action in command._actions:
                if not isinstance(action, argparse._HelpAction):
                    lines.append(_row(_argument(action), _sentence(action.help or "")))
            yield f"command-{name}", name, "\n".join(lines)


def _argument(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{action.metavar or action.dest}`"
    value = "" if action.nargs == 0 else action.metavar or action.dest.upper()
    if action.choices:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    return f"`{' '.join([*action.option_strings, str(value)]).strip()}`"


def _sentence(text: str) -> str:
    text = re.sub(r"--[a-z]+|conf\.py", r"`\g<0>`", text)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


class Events(Generated):
    """The events of a build that the extension listens to."""

    def markdown(self) -> Iterator[str]:
        """A table in the order of the pipeline."""
        yield "| Event | Priority | What is done |"
        yield "|---|---|---|"
        for event in pipeline.EVENTS:
            done = _first_sentence(event.handler).replace(f" (`{event.name}`)", "")
            yield _row(f"`{event.name}`", str(event.priority), f"{done} {_where(event.handler)}")


class Transforms(Generated):
    """The transforms, or with the argument ``post`` the post-transforms."""

    def markdown(self, which: str = "") -> Iterator[str]:
        """A table in the order in which they run."""
        found = pipeline.POST_TRANSFORMS if which == "post" else pipeline.TRANSFORMS
        yield "| Transform | Priority | What it does |"
        yield "|---|---|---|"
        for one in sorted(found, key=lambda one: one.default_priority):
            does = f"{_first_sentence(one)} {_where(one)}"
            yield _row(f"`{one.__name__}`", str(one.default_priority), does)


class Extras(Generated):
    """What may be installed beside what every project needs."""

    def markdown(self) -> Iterator[str]:
        """A table, with the comments that stand above each in ``pyproject.toml``."""
        text = LAYERS.read_text(encoding="utf-8")
        table = text.partition("[project.optional-dependencies]\n")[2].partition("\n[")[0]
        yield "| Extra | What it is for |"
        yield "|---|---|"
        for meaning, name in re.findall(r"((?:^# .*\n)+)^([a-z]+) = ", table, re.MULTILINE):
            yield _row(f"`{name}`", " ".join(re.sub("^# ", "", meaning, flags=re.M).split()))


class Limits(Generated):
    """How much strangers' files may have of what."""

    def markdown(self) -> Iterator[str]:
        """The table of all limits."""
        yield limits.as_table()


class Packages(Generated):
    """The packages of the extension, with the first sentence of what they say of themselves."""

    def markdown(self) -> Iterator[str]:
        """A table, from the top layer down."""
        yield "| Package | What it holds |"
        yield "|---|---|"
        for layer in read_layers(LAYERS):
            for name in layer:
                module = importlib.import_module(f"annotated_edition.{name}")
                yield _row(f"`{name}`", _first_sentence(module))


class Architecture(SphinxDirective):
    """The drawing of packages and imports, in the page itself where that is HTML."""

    def run(self) -> list[nodes.Node]:
        """HTML alone has it; the table of packages is for everybody."""
        # Where the screen is small it scrolls, also by keys.
        figure = (
            '<figure class="architecture" tabindex="0" aria-labelledby="architecture-title">'
            f"{draw()}</figure>"
        )
        return [nodes.raw("", figure, format="html")]


def _first_sentence(thing: Any) -> str:
    """The first sentence of a docstring, as Markdown."""
    paragraph = (inspect.getdoc(thing) or "").partition("\n\n")[0]
    text = " ".join(paragraph.split()).replace("``", "`")
    return re.sub(r":[a-z]+:`~?([^`]*)`", r"`\1`", text)


def _where(thing: Any) -> str:
    module = thing.__module__.removeprefix("annotated_edition.")
    return f"`{module}`"


def _row(*cells: str) -> str:
    return " ".join(f"| {cell.replace('|', '&#124;')}" for cell in cells) + " |"


DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "settings": Settings,
    "edition-directives": Directives,
    "edition-roles": Roles,
    "edition-labels": Labels,
    "edition-scripts": Scripts,
    "edition-works": WorkFields,
    "front-matter": Fields,
    "theme-options": ThemeOptions,
    "edition-warnings": Warnings,
    "commands": Commands,
    "events": Events,
    "transforms": Transforms,
    "extras": Extras,
    "limits": Limits,
    "packages": Packages,
    "architecture": Architecture,
}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directives, and read the pages again that show code which has changed."""
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    app.connect("env-get-outdated", lambda app, env, *_changes: sorted(_generated(env.found_docs)))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _generated(docnames: Iterable[str]) -> Iterator[str]:
    """Pages that may show the code: no file tells when that has changed."""
    for docname in docnames:
        if docname.startswith(("reference/", "development/")):
            yield docname
