#!/usr/bin/env python3
"""Make the fonts of book and pages for Chinese, and that of the book for Arabic.

    python tools/subset_fonts.py                 the project's own texts
    python tools/subset_fonts.py FILE ...        further texts as well

The whole font has 25 MB, so subsets are committed and the same bytes of PDF come out on every
machine: for pages, which readers load, the characters that the edition uses, some 160 kB; for the
book also the 3,755 common characters of GB 2312, so that a note may have any everyday word, 1.1 MB.
Characters that the committed fonts already have are kept: a run only ever adds. The source is
Noto Serif CJK SC from the Debian package fonts-noto-cjk, taken from the system if it is installed
there, else downloaded with apt and unpacked in a temporary folder, without installing it. So is
Noto Naskh Arabic, of the package fonts-noto-core: all its letters, which join as they do there, but
none of the forms that Unicode has for older encodings, 90 kB.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parent.parent
FONT = ROOT / "_ext/annotated_edition/render/fonts/NotoSerifCJKsc-Regular-subset.otf"
WEB_FONT = ROOT / "_ext/annotated_edition/render/html/theme/static/han.woff2"
PACKAGE = "fonts-noto-cjk"
IN_PACKAGE = Path("usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
FAMILY = "Noto Serif CJK SC"
ARABIC = FONT.with_name("NotoNaskhArabic-Regular-subset.ttf")
ARABIC_PACKAGE = "fonts-noto-core"
ARABIC_IN_PACKAGE = Path("usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf")
#: Words that are one sign, and ornate brackets; the rest from here on are forms of letters.
ARABIC_SIGNS = {0xFD3E, 0xFD3F, 0xFDF2, 0xFDFA, 0xFDFB, 0xFDFD}
FIRST_FORM = 0xFB50
#: Names and licence travel with the fonts.
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]
SUFFIXES = {".md", ".rst", ".txt", ".bib", ".py", ".typ"}

# Punctuation and brackets that Chinese text may need at any time, ideographic zero included; and
# the space, which TeX asks every font for.
ALWAYS = " 　、。〈〉《》「」『』【】〔〕〇・·—…！（），－．：；？～"


#: The first level of GB 2312: rows 16 to 55 of 94 characters each; the last ends early.
COMMON = b"".join(
    bytes([0xA0 + row, 0xA0 + cell])
    for row in range(16, 56)
    for cell in range(1, 95)
    if (row, cell) <= (55, 89)
).decode("gb2312")


def is_chinese(character: str) -> bool:
    """Say whether a character belongs in the Chinese font."""
    code = ord(character)
    return (
        0x2E80 <= code <= 0x9FFF  # radicals, CJK punctuation, ideographs, extension A
        or 0xF900 <= code <= 0xFAFF  # compatibility ideographs
        or 0xFF00 <= code <= 0xFFEF  # full-width forms
        or 0x20000 <= code <= 0x3FFFF  # rare ideographs
    )


def texts(extra: Iterable[Path]) -> Iterator[Path]:
    """Yield the files whose characters must be in the font."""
    for folder in ("article", "commentary", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in SUFFIXES:
                yield path
    yield from sorted(path for path in ROOT.glob("*") if path.suffix in {".md", ".py"})
    yield from extra


def wanted(extra: Iterable[Path], font: Path) -> set[str]:
    """Collect the characters of all texts, of the committed *font*, and the usual punctuation."""
    characters = set(ALWAYS)
    for path in texts(extra):
        characters |= set(path.read_text(encoding="utf-8", errors="ignore"))
    if font.is_file():
        characters |= {chr(code) for code in TTFont(font).getBestCmap()}
    return {character for character in characters if is_chinese(character) or character in ALWAYS}


def source_font(folder: Path, package: str, in_package: Path) -> Path:
    """Return the whole font's path, downloading the *package* into *folder* if need be."""
    installed = Path("/") / in_package
    if installed.is_file():
        return installed
    subprocess.run(["apt-get", "download", package], cwd=folder, check=True)
    archive = next(folder.glob(f"{package}_*.deb"))
    subprocess.run(["dpkg-deb", "-x", str(archive), str(folder)], check=True)
    return folder / in_package


def make_arabic(source: Path) -> int:
    """Write the book's Arabic font and return how many characters it holds."""
    font = TTFont(source)
    options = subset.Options(layout_features=["*"], hinting=False, name_IDs=NAMES)
    subsetter = subset.Subsetter(options)
    codes = font.getBestCmap()
    subsetter.populate(
        unicodes=[code for code in codes if code < FIRST_FORM or code in ARABIC_SIGNS]
    )
    subsetter.subset(font)
    font.recalcTimestamp = False
    font.save(ARABIC)
    return len(font.getBestCmap())


def make(source: Path, characters: set[str], target: Path) -> int:
    """Write the subset *target* and return how many of the wanted characters it holds."""
    collection = TTCollection(source, lazy=True)
    font = next(font for font in collection if font["name"].getDebugName(1) == FAMILY)
    options = subset.Options()
    options.layout_features = ["ccmp", "kern"]  # variant forms would treble the size
    options.name_IDs = NAMES
    options.hinting = False
    options.desubroutinize = True
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]  # nothing is set vertically
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in characters])
    subsetter.subset(font)
    font.recalcTimestamp = False  # the same bytes from the same characters
    if target.suffix == ".woff2":
        font.flavor = "woff2"  # fonttools needs brotli for that
    font.save(target)
    held = {chr(code) for code in font.getBestCmap()}
    missing = sorted(characters - held)
    if missing:
        print(f"{FAMILY} itself lacks: {' '.join(missing)}", file=sys.stderr)
    return len(characters & held)


def tell(target: Path, count: int) -> None:
    """Print what a font holds."""
    size = target.stat().st_size // 1024
    print(f"{target.relative_to(ROOT)}: {count} characters, {size} kB")


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("texts", nargs="*", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = source_font(Path(folder), PACKAGE, IN_PACKAGE)
        for target, common in ((FONT, COMMON), (WEB_FONT, "")):
            count = make(source, wanted(arguments.texts, target) | {*common}, target)
            tell(target, count)
        tell(ARABIC, make_arabic(source_font(Path(folder), ARABIC_PACKAGE, ARABIC_IN_PACKAGE)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
