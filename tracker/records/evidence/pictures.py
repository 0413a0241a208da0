"""Photographs without what their camera says of them: where they were taken goes, no pixel changes.

What may stay is named, everything else goes: a place can stand in Exif, XMP, IPTC, comments, the
notes of a maker, a preview, a film behind the picture. Nothing is decoded, so nothing is coded
anew: what draws the picture is copied byte for byte. How it is turned stays, alone in an Exif of
26 bytes, so that a phone's picture stays upright.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator

MOST_PIECES = 50_000  # segments or chunks: a scan of a page in lines has some thousand

_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112
_SHORT = 3
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # what ends the coded data of a scan
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_TABLES = (0xDB, 0xDC, 0xDD, 0xDE, 0xDF)
_TABLES_AMONG_FRAMES = (0xC4, 0xC8, 0xCC)

_PNG = b"\x89PNG\r\n\x1a\n"
_DRAWN = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
_HELPS = {
    *(b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"hIST", b"pHYs", b"sPLT"),
    *(b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT"),
}


class BrokenPictureError(ValueError):
    """A picture whose parts cannot be told apart: cut, false lengths, no end, parts past count."""


def without_place(content: bytes, media_type: str) -> bytes:
    """`content`, a JPEG or PNG, with nothing but what draws it and how it is turned; any other
    type as it is. Given again it stays the same. Raises BrokenPictureError."""
    strip = _STRIPS.get(media_type)
    return strip(content) if strip else content


# -- JPEG


def _jpeg(content: bytes) -> bytes:
    jfif, others = b"", []
    turned, seen = 0, set[int]()
    for marker, payload, whole in _segments(content):
        seen.add(marker)
        if marker == _APP0 and payload.startswith(b"JFIF\0") and len(payload) >= 14:
            jfif = jfif or _segment(_APP0, payload[:12] + b"\0\0")  # without its small preview
        elif marker == _APP1 and payload.startswith(_EXIF):
            turned = turned or _turned(payload[len(_EXIF) :])
        elif marker == _APP14 and payload.startswith(b"Adobe") and len(payload) >= 12:
            others.append(_segment(_APP14, payload[:12]))  # how colours are to be mixed
        elif _draws(marker) or (marker == _APP2 and payload.startswith(b"ICC_PROFILE\0")):
            others.append(whole)
    if _SOS not in seen or not any(_is_frame(marker) for marker in seen):
        raise BrokenPictureError("no picture")
    exif = _segment(_APP1, _EXIF + _exif_of(turned)) if turned > 1 else b""
    return b"".join((b"\xff\xd8", jfif, exif, *others, b"\xff\xd9"))


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(marker, what it holds, the whole of it) up to the end of the picture; with the beginning of
    a scan the coded data that follow."""
    at = 2
    for _ in range(MOST_PIECES):
        if content[at : at + 1] != b"\xff":
            raise BrokenPictureError(f"no marker at {at}")
        while content[at + 1 : at + 2] == b"\xff":  # a marker may be filled up
            at += 1
        head = content[at + 1 : at + 4]
        if head[:1] == bytes([_EOI]):
            return
        if len(head) < 3 or head[0] in (0x00, 0x01, _SOI) or 0xD0 <= head[0] <= 0xD7:
            raise BrokenPictureError(f"no segment at {at}")
        end = at + 2 + int.from_bytes(head[1:])
        if end < at + 4 or end > len(content):
            raise BrokenPictureError(f"false length at {at}")
        payload = content[at + 4 : end]
        if head[0] == _SOS:
            found = _MARKER.search(content, end)
            if found is None:
                raise BrokenPictureError("no end")
            end = found.start()
        yield head[0], payload, content[at:end]
        at = end
    raise BrokenPictureError("too many segments")


def _is_frame(marker: int) -> bool:
    return 0xC0 <= marker <= 0xCF and marker not in _TABLES_AMONG_FRAMES


def _draws(marker: int) -> bool:
    return 0xC0 <= marker <= 0xCF or marker == _SOS or marker in _TABLES


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


# -- PNG


def _png(content: bytes) -> bytes:
    kept, turned, seen = [], 0, set[bytes]()
    for name, data, whole in _chunks(content):
        if not seen and (name != b"IHDR" or len(data) != 13):
            raise BrokenPictureError("no head")
        seen.add(name)
        if name == b"eXIf":
            turned = turned or _turned(data)
        elif name in _DRAWN or name in _HELPS:
            kept.append(whole)
        elif not name[0] & 0x20:  # a part that every reader has to know
            raise BrokenPictureError(f"unknown {name!r}")
    if b"IDAT" not in seen:
        raise BrokenPictureError("no picture")
    if turned > 1:
        kept.insert(1, _chunk(b"eXIf", _exif_of(turned)))
    return b"".join((_PNG, *kept))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(name, what it holds, the whole of it) up to the end of the picture."""
    at = len(_PNG)
    for _ in range(MOST_PIECES):
        length, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        end = at + 12 + length
        if len(name) < 4 or end > len(content):
            raise BrokenPictureError(f"false length at {at}")
        if zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
            raise BrokenPictureError(f"altered at {at}")
        yield name, content[at + 8 : end - 4], content[at:end]
        if name == b"IEND":
            return
        at = end
    raise BrokenPictureError("too many chunks")


def _chunk(name: bytes, data: bytes) -> bytes:
    checked = name + data
    return struct.pack(">L", len(data)) + checked + struct.pack(">L", zlib.crc32(checked))


# -- how it is turned


def _turned(exif: bytes) -> int:
    """The orientation (1 to 8) of which `exif` speaks; 0 where it does not, or not to be read: a
    picture with a damaged Exif is a picture still, and the Exif goes."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return 0
    try:
        (start,) = struct.unpack_from(f"{order}L", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for number in range(count):
            entry = struct.unpack_from(f"{order}HHLH", exif, start + 2 + 12 * number)
            if entry[:3] == (_ORIENTATION, _SHORT, 1):
                return entry[3] if 1 <= entry[3] <= 8 else 0
    except struct.error:
        pass
    return 0


def _exif_of(turned: int) -> bytes:
    """An Exif that says how the picture is turned, and nothing else."""
    entry = struct.pack(">HHLHH", _ORIENTATION, _SHORT, 1, turned, 0)
    return b"MM\0*" + struct.pack(">LH", 8, 1) + entry + bytes(4)


_STRIPS: dict[str, Callable[[bytes], bytes]] = {"image/jpeg": _jpeg, "image/png": _png}
