"""Pictures as cameras and phones make them, with the place in every part that can hold it."""

from __future__ import annotations

import io
import struct

from PIL import Image, PngImagePlugin

PLACE = b"28.4500N,120.0700E"
_GPS = 0x8825
_MAKER = 0x010F
_ORIENTATION = 0x0112


def segment(marker: int, payload: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def jpeg(mode: str = "RGB", turned: int = 6, **options: object) -> bytes:
    """A JPEG that tells its place in Exif, XMP, IPTC, a comment, behind it and in a film."""
    file = io.BytesIO()
    _picture(mode).save(
        file,
        "JPEG",
        exif=_exif(turned),
        xmp=b"<x:xmpmeta>" + PLACE + b"</x:xmpmeta>",
        comment=PLACE,
        **options,
    )
    content = file.getvalue()
    more = b"".join(
        (
            segment(0xED, b"Photoshop 3.0\0" + PLACE),
            segment(0xE2, b"FPXR\0" + PLACE),
            segment(0xE7, PLACE),
            segment(0xEE, PLACE),
        )
    )
    scan = content.index(b"\xff\xda")
    film = b"\0\0\0\x18ftypmp42" + PLACE
    return content[:scan] + more + content[scan:] + content[:scan] + b"\xff\xd9" + film


def png(mode: str = "RGB", turned: int = 6, **options: object) -> bytes:
    """A PNG that tells its place in Exif, three kinds of text, a part of its own and behind."""
    told = options.pop("pnginfo", None)
    if told is None:
        told = PngImagePlugin.PngInfo()
        told.add_text("Comment", PLACE.decode())
        told.add_text("Raw profile type exif", PLACE.decode(), zip=True)
        told.add_itxt("XML:com.adobe.xmp", PLACE.decode())
        told.add(b"plAc", PLACE)
    file = io.BytesIO()
    _picture(mode).save(file, "PNG", exif=_exif(turned), pnginfo=told, **options)
    return file.getvalue() + PLACE


def _picture(mode: str) -> Image.Image:
    picture = Image.linear_gradient("L").resize((40, 24))
    return picture.convert(mode)


def _exif(turned: int) -> Image.Exif:
    exif = Image.Exif()
    exif[_ORIENTATION] = turned
    exif[_MAKER] = PLACE.decode()
    exif.get_ifd(_GPS)[29] = PLACE.decode()
    return exif
