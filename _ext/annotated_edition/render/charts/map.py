"""The directive ``{edition:map}``: where the notes' places are, as a picture and a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.locale import get_translation
from sphinx.util import logging
from sphinx.util.typing import OptionSpec

from annotated_edition.domain import EditionDomain
from annotated_edition.domain.settings import line_of_setting
from annotated_edition.domain.text_nodes import text
from annotated_edition.model.edition import NotePage
from annotated_edition.model.records import Site, Subtype
from annotated_edition.render.charts.chart import (
    DATA,
    Chart,
    ChartDirective,
    ChartNode,
    Drawing,
    Version,
    parsed,
)
from annotated_edition.render.charts.map_picture import Contents, Mark, Picture, Route, geodata
from annotated_edition.render.charts.map_projection import Frame, Margins, Projection
from annotated_edition.text.bidi import isolated
from annotated_edition.text.control import brief
from annotated_edition.text.words import Token, Words
from annotated_edition.weave.locales import counted

logger = logging.getLogger(__name__)
_ = get_translation("annotated_edition")

#: What the edition brings along: Natural Earth, between 38 and 142° E and 20 and 62° N.
GEODATA = DATA / "natural-earth.json"


class MapNode(ChartNode):
    """Stands for a map."""


def _frame(argument: str) -> Frame:
    bounds = parsed(argument, float)
    if len(bounds) != 4:
        raise ValueError("write west, south, east and north in degrees, such as 58 33 122 56")
    return Frame(*bounds)


def _names(argument: str) -> list[str]:
    return [name.strip() for name in argument.split(",") if name.strip()]


class MapDirective(ChartDirective):
    """Show the notes' `places` on a map, and under it in a table."""

    node = MapNode
    option_spec: ClassVar[OptionSpec] = {
        "title": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "frame": _frame,
        "inset": _frame,
        "inset-title": directives.unchanged_required,
        "outside": _names,
        "border": _names,
        "countries": _names,
    }
    option_meanings: ClassVar[dict[str, str]] = {
        **ChartDirective.option_meanings,
        "frame": (
            "West, south, east and north in degrees: what the map shows. Without it the map is as "
            "large as its places ask for."
        ),
        "outside": (
            "Names of places that lie beyond the frame, with commas between them. An arrow at the "
            "edge shows the way to each. Places that aren't named here cost a warning."
        ),
        "inset": "Four more bounds: a second picture under the first shows this part closer.",
        "inset-title": "The title of that second picture.",
        "border": "Two countries, with a comma between them, whose boundary is drawn stronger.",
        "countries": (
            "The countries whose names stand on the map, with commas between them. Without it, "
            "those of `:border:`."
        ),
    }


class Map(Chart):
    """Weaves a map."""

    node = MapNode

    def __init__(self, domain: EditionDomain, node: ChartNode, docname: str) -> None:
        super().__init__(domain, node, docname)
        file = self.config.edition_map_data
        self.data = self._data(file) if file else GEODATA
        self.lookups.file(file or str(GEODATA))
        self.named = [(site, page) for page in self.lookups.notes() for site in page.note.sites]
        self.frame: Frame = node.get("frame") or _room_for([site for site, _page in self.named])
        self.beyond: list[str] = node.get("outside", [])
        self.marks = self._marks()
        self.routes = [
            Route(page, tuple((s.latitude, s.longitude) for s in page.note.sites if s.line))
            for page in self.lookups.notes()
            if sum(site.line for site in page.note.sites) > 1
        ]

    def _data(self, file: str) -> Path:
        """The project's own geodata; what comes along where they can't be read."""
        env = self.domain.env
        path = Path(env.srcdir, file)
        try:
            geodata(path)
        except (OSError, ValueError) as error:
            line = line_of_setting(env.srcdir, "edition_map_data")
            logger.warning(
                "edition_map_data: %s can't be read (%s), and maps show Natural Earth: "
                "make the file with tools/map_data.py",
                brief(repr(file)),
                error,
                type="edition",
                subtype=Subtype.DANGLING.value,
                location=f"{Path(env.srcdir, 'conf.py')}:{line}",
                once=True,
            )
            return GEODATA
        return path

    def _marks(self) -> list[Mark]:
        """One mark a place, however many notes name it, and however they do."""
        together: dict[tuple[float, float], list[tuple[Site, NotePage]]] = {}
        for site, page in self.named:
            key = round(site.latitude, 2), round(site.longitude, 2)
            together.setdefault(key, []).append((site, page))
        sheet = Projection(self.frame, 1000, Margins())
        marks = []
        for number, found in enumerate(together.values(), 1):
            site = min(
                (site for site, _page in found), key=lambda site: (len(site.name), site.name)
            )
            outside = not sheet.sheet.has(*sheet.place(site.latitude, site.longitude))
            if outside and not {site.name, short(site.name)} & set(self.beyond):
                self._complain(site, found[0][1])
            pages = tuple({page.note.id: page for _site, page in found}.values())
            marks.append(
                Mark(
                    short(site.name),
                    site.latitude,
                    site.longitude,
                    pages,
                    f"{self.name}-place-{number}",
                    tuple(
                        sorted(
                            {site.name for site, _page in found}, key=lambda name: (len(name), name)
                        )
                    ),
                    on_route=all(site.line for site, _page in found),
                    outside=outside,
                )
            )
        return marks

    def _complain(self, site: Site, page: NotePage) -> None:
        logger.warning(
            "the place %r lies outside the frame of the map in %s: mend its latitude and "
            "longitude, enlarge :frame:, or name it in :outside:",
            site.name,
            self.domain.env.doc2path(self.options["docname"], base=False),
            type="edition",
            subtype=Subtype.FRONT_MATTER.value,
            location=(page.note.docname, site.at_line),
        )

    def is_empty(self) -> bool:
        """Whether no note has a place."""
        return not self.marks

    def _description(self, marks: Sequence[Mark]) -> str:
        """What is to be seen, from west to east."""
        inside = sorted((m for m in marks if not m.outside), key=lambda m: m.longitude)
        parts = [
            counted(
                "%(n)d place, from west to east: %(names)s.",
                "%(n)d places, from west to east: %(names)s.",
                len(inside),
            )
            % {"n": len(inside), "names": ", ".join(isolated(mark.name) for mark in inside)}
        ]
        if self.routes:
            routes = "; ".join(route.page.note.title.isolated() for route in self.routes)
            parts.append(_("Routes: %s.") % routes)
        outside = ", ".join(isolated(mark.name) for mark in marks if mark.outside)
        if outside:
            parts.append(_("Beyond the edge: %s.") % outside)
        return " ".join(str(part) for part in parts)

    def caption(self) -> list[nodes.Node]:
        """The option's words, or what the boundaries mean."""
        policy = _(
            "Boundaries are drawn as Natural Earth has them, by who is in control, and dashed "
            "where they are disputed; none of them implies a judgement."
        )
        return super().caption() or [text(Words(str(policy)))]

    def drawings(self, version: Version) -> list[Drawing]:
        """The map and, if it is asked for, a part of it closer."""
        border: tuple[str, ...] = tuple(self.options.get("border", ()))
        inset: Frame | None = self.options.get("inset")
        whole = Contents(
            name=f"{self.name}-map",
            title=self._title(),
            description=self._description(self.marks),
            data=self.data,
            frame=self.frame,
            marks=tuple(self.marks),
            routes=tuple(self.routes),
            border=border,
            countries=tuple(self.options.get("countries", border)),
            inset=Projection(inset, 1000, Margins()) if inset else None,
        )
        maps = [whole]
        if inset and whole.inset:
            sheet = whole.inset
            inside = [
                mark
                for mark in self.marks
                if sheet.sheet.has(*sheet.place(mark.latitude, mark.longitude))
            ]
            title = str(self.options.get("inset-title") or _("The outlined part of the map"))
            maps.append(
                replace(
                    whole,
                    name=f"{self.name}-inset",
                    title=title,
                    heading=title,
                    description=self._description(inside),
                    frame=inset,
                    marks=tuple(inside),
                    inset=None,
                )
            )
        return [
            Drawing(Picture(one, version, self._address).svg(), one.title, one.description)
            for one in maps
        ]

    def scrolling(self) -> str:
        """The map is not redrawn for a telephone; the box can be reached without a mouse."""
        return f' tabindex="0" role="region" aria-label="{escape(self._title())}"'

    def _title(self) -> str:
        return str(self.options.get("title") or _("Map"))

    def _address(self, what: Mark | Route) -> str:
        """A note's page; a place of several notes leads to its row of the table, which has all."""
        if isinstance(what, Route):
            return self.address(what.page)
        if len(what.pages) == 1:
            return self.address(what.pages[0])
        return f"#{what.row}"

    def table(self) -> nodes.table:
        """Place, coordinates, passages, notes; in the order of the alphabet."""
        rows: list[list[nodes.Element]] = []
        for mark in sorted(self.marks, key=lambda mark: (mark.name.casefold(), mark.row)):
            names = text(Words(" · ".join(map(isolated, mark.names))))
            name = nodes.paragraph("", "", names, ids=[Token(mark.row)], classes=["place"])
            if mark.outside:
                name += nodes.emphasis("", "", text(Words(f" ({_('beyond the map')})")))
            notes = nodes.paragraph()
            for page in mark.pages:
                notes += [*([nodes.Text("; ")] if len(notes) else []), self.note_link(page)]
            where = f"{_angle(mark.latitude, 'N', 'S')}, {_angle(mark.longitude, 'E', 'W')}"
            passages = nodes.paragraph("", "", *self.passage_links(*mark.pages))
            rows.append([name, nodes.paragraph("", "", text(Words(where))), passages, notes])
        heads = [_("Place"), _("Coordinates"), "¶", _("Note")]
        return self.grid([str(head) for head in heads], rows, (29, 24, 10, 37), first=2)


def short(name: str) -> str:
    """A place's name for the map: what stands before a comma or a bracket."""
    return re.split("[,(（，]", name, maxsplit=1)[0].strip() or name


def _angle(value: float, plus: str, minus: str) -> str:
    return f"{abs(value):.2f}° {plus if value >= 0 else minus}"


#: No sheet shows more of the poles unless a frame asks for it.
_FARTHEST = 85


def _room_for(sites: list[Site]) -> Frame:
    """A frame with all places in it, but for those near a pole."""
    latitudes = [min(max(site.latitude, -_FARTHEST), _FARTHEST) for site in sites]
    west, east = (
        min((s.longitude for s in sites), default=0),
        max((s.longitude for s in sites), default=1),
    )
    south, north = min(latitudes, default=0), max(latitudes, default=1)
    margin = max((east - west) * 0.06, (north - south) * 0.12, 1)
    return Frame(
        max(west - margin, -180),
        max(south - margin, -_FARTHEST),
        min(east + margin, 180),
        min(north + margin, _FARTHEST),
    )
