"""Pictures, whole and broken in every way that a decoder may meet."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes, checksum: int | None = None) -> bytes:
    """A chunk of a PNG (ISO/IEC 15948, 5.3), whatever its checksum."""
    right = zlib.crc32(kind + data)
    return (
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", right if checksum is None else checksum)
    )


def png(
    width: int = 4,
    height: int = 4,
    *,
    colours: int = 2,
    interlaced: bool = False,
    data: bytes | None = None,
    checksum: int | None = None,
) -> bytes:
    """A PNG of one colour, or of *data* before their compression."""
    lines = bytes(1 + width * 3) * height if data is None else data
    header = struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, interlaced)
    return (
        SIGNATURE
        + chunk(b"IHDR", header, checksum)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


def picture(kind: str) -> bytes:
    """A small picture of a kind that Pillow writes."""
    target = BytesIO()
    Image.new("RGB", (16, 16), "red").save(target, kind)
    return target.getvalue()


def broken() -> Iterator[tuple[str, bytes]]:
    """File names, and what is in them: each kind of picture broken in each way.

    The bytes that tell the kind are right in most of them, so that a look at those is not enough.
    """
    for kind, suffix in (("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp")):
        whole = picture(kind)
        yield f"empty-{suffix}.{suffix}", b""
        yield f"beginning-{suffix}.{suffix}", whole[:12]
        yield f"half-{suffix}.{suffix}", whole[: len(whole) // 2]
        yield f"nonsense-{suffix}.{suffix}", whole[:12] + bytes(range(256)) * 2
        yield f"text-{suffix}.{suffix}", b"This is a text, and no picture.\n" * 20
        other = picture("GIF" if kind != "GIF" else "PNG")
        yield f"other-{suffix}.{suffix}", other
    yield "no-size.png", png(0, 0, data=b"")
    yield "checksum.png", png(checksum=1)
    yield "no-palette.png", png(colours=3, data=(b"\0" + b"\1" * 4) * 4)
    yield "filter.png", png(data=(b"\xff" + b"\x7f" * 12) * 4)
    yield "interlaced.png", png(interlaced=True, data=b"\xff" * 17)
    yield "short.png", png(40, 40, data=b"\0" * 50)
    yield "stream.png", png().replace(zlib.compress(bytes(13) * 4), b"no stream at all")
    # So many points that decoding them would take all the memory: the headers alone say so.
    yield "large.png", png(60_000, 60_000, data=b"\0" * 100)
    yield "wide.png", png(2_000_000_000, 2, data=b"\0" * 100)
    gif = bytearray(picture("GIF"))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    yield "large.gif", bytes(gif)
