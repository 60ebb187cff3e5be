"""Pictures that can't be shown, found before they cost a whole book.

What shows pages leaves a broken picture out; what makes one file of all pages stops at it, or
asks for more memory than there is.  So each picture is measured by its header, which costs
nothing, and then decoded once where Pillow is installed (pikepdf needs it).
"""

from __future__ import annotations

import warnings
import zlib
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.images import get_image_size

from annotated_edition.domain import EditionDomain
from annotated_edition.domain.text_nodes import text
from annotated_edition.model import limits
from annotated_edition.model.records import Subtype
from annotated_edition.text.control import brief
from annotated_edition.text.words import Words

logger = logging.getLogger(__name__)
_ = get_translation("annotated_edition")

#: How the files of each kind of picture begin, and Pillow's name for the kind.
_KINDS = {
    ".gif": ((b"GIF87a", b"GIF89a"), "GIF"),
    ".jpeg": ((b"\xff\xd8\xff",), "JPEG"),
    ".jpg": ((b"\xff\xd8\xff",), "JPEG"),
    ".png": ((b"\x89PNG\r\n\x1a\n",), "PNG"),
    ".webp": ((b"RIFF",), "WEBP"),
}


def fault_of(path: Path) -> str:
    """What is wrong with the picture at *path*: words for a warning, or ``""``.

    Knows PNG, JPEG, GIF and WebP; whatever else may be a picture is left to who shows it.
    """
    try:
        state = path.stat()
    except (OSError, ValueError):
        return "can't be found"
    if not S_ISREG(state.st_mode):  # reading a pipe or a terminal would wait for ever
        return "is no file"
    if path.suffix.lower() not in _KINDS:
        return ""
    if state.st_size > limits.PICTURE:
        return f"has more than {limits.PICTURE:,} bytes"
    return _fault(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4096)
def _fault(path: Path, *_state: int) -> str:
    beginnings, kind = _KINDS[path.suffix.lower()]
    try:
        with path.open("rb") as file:
            if not file.read(16).startswith(beginnings):
                return f"is no {kind}, whatever its name says"
    except OSError as error:
        return f"can't be read ({brief(str(error.strerror))})"
    size = get_image_size(path)
    if size is None or min(size) <= 0:
        return "has no size"
    fault = _too_large(*size)
    if not fault and kind == "PNG":
        fault = _fault_of_png(path.read_bytes())
    return fault or _undecodable(path, kind)


def _fault_of_png(data: bytes) -> str:
    """What is wrong with the chunks of a PNG (ISO/IEC 15948, 5); decoders differ in what they pass.

    Typst's and LaTeX's stop at a wrong checksum, at a missing palette, and at no end.
    """
    kinds: list[bytes] = []
    at = 8
    while at + 12 <= len(data) and kinds[-1:] != [b"IEND"]:
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        checksum = data[at + 8 + length : at + 12 + length]
        if checksum != zlib.crc32(data[at + 4 : at + 8 + length]).to_bytes(4):
            return "is damaged"
        kinds.append(kind)
        at += 12 + length
    indexed = len(data) > 25 and data[25] == 3
    if kinds[:1] != [b"IHDR"] or kinds[-1] != b"IEND" or b"IDAT" not in kinds:
        return "is incomplete"
    return "has no palette" if indexed and b"PLTE" not in kinds else ""


def _too_large(width: int, height: int) -> str:
    if width * height <= limits.PIXELS:
        return ""
    return f"has {width} × {height} pixels, more than {limits.PIXELS:,}"


def _undecodable(path: Path, kind: str) -> str:
    """Decode the picture, its first frame if it moves; nothing is said without Pillow."""
    try:
        from PIL import Image
    except ImportError:
        return ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=[kind]) as picture:
                fault = _too_large(*picture.size)
                if not fault:
                    picture.verify()  # checksums, which decoding alone passes over
            if not fault:
                with Image.open(path, formats=[kind]) as picture:
                    picture.load()
    except Exception as error:  # OSError, SyntaxError, struct.error … as the decoder likes
        return f"can't be decoded ({brief(str(error))})"
    return fault


def words_for(alt: str) -> str:
    """What stands in the place of a picture: its alternative text."""
    return str(_("[picture: %s]")) % alt if alt else str(_("[picture]"))


def without_words(image: nodes.Element) -> str:
    """What is said of a picture that nobody could be told of who doesn't see it."""
    uri = str(image.get("uri", ""))
    # A directive keeps how it was written; Markdown's own images don't.
    how = (
        "write what it shows in a line `:alt: such as this` of the directive"
        if image.rawsource.strip()
        else f"write what it shows between the brackets, ![such as this]({uri})"
    )
    return f'the image "{uri}" has no alternative text: {how}'


class StandInForPictures(SphinxPostTransform):
    """Put words in the place of pictures that can't be shown, where one would cost the book.

    Before Sphinx converts pictures (200) or builders copy them.
    """

    default_priority = 190
    builders = ("edition-pdf", "epub", "latex", "edition-check")

    def run(self, **kwargs: object) -> None:
        """Look at every picture's file."""
        for image in list(self.document.findall(nodes.image)):
            faults = [
                (uri, fault)
                for uri in self._files(image)
                if (fault := fault_of(Path(self.env.srcdir, uri)))
            ]
            for uri, fault in faults[:1]:
                self._warn(image, uri, fault)
                stand_in(image)
            # The builders of books tell this where they print it.
            if not faults and self._is_check and not str(image.get("alt", "")).strip():
                logger.warning(
                    "%s",
                    without_words(image),
                    location=image,
                    type="edition",
                    subtype=Subtype.PDF.value,
                    once=True,
                )

    @property
    def _is_check(self) -> bool:
        builder = EditionDomain.of(self.env).builder
        return builder.name == "edition-check" and bool(self.config.edition_checks)

    @staticmethod
    def _files(image: nodes.image) -> list[str]:
        """The files that may stand for it, below the folder of sources."""
        candidates: dict[str, str] = image.get("candidates", {})
        if "?" in candidates:  # at another host, or a data URI
            return []
        return [*dict.fromkeys([*candidates.values()] or [str(image.get("uri", ""))])]

    def _warn(self, image: nodes.image, uri: str, fault: str) -> None:
        epub = EditionDomain.of(self.env).builder.name == "epub"
        logger.warning(
            "the picture %s %s: save it anew; its text stands in its place",
            brief(repr(uri)),
            fault,
            location=image,
            type="edition",
            subtype=(Subtype.EPUB if epub else Subtype.PDF).value,
            once=True,  # a gist stands on two pages
        )


def stand_in(image: nodes.image) -> None:
    """Replace a picture by its words; a figure falls apart into its words and its caption's."""
    words = text(Words(words_for(str(image.get("alt", "")).strip())))
    parent = image.parent
    if isinstance(parent, nodes.TextElement):
        parent.replace(image, nodes.inline("", "", words, ids=image["ids"]))
        return
    paragraph = nodes.paragraph("", "", words, ids=image["ids"])
    parent.replace(image, paragraph)
    if isinstance(parent, nodes.figure):
        paragraph["ids"] += parent["ids"]
        rest = [child for child in parent.children if child is not paragraph]
        below: list[nodes.Node] = []
        for child in rest:
            if isinstance(child, nodes.caption):
                below.append(nodes.paragraph("", "", *child.children, ids=child["ids"]))
            elif isinstance(child, nodes.legend):
                below += child.children
            else:
                below.append(child)
        parent.parent.replace(parent, [paragraph, *below])
