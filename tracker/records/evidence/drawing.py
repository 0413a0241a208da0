"""A small picture of a large one, made by the process that reads strangers' files: whatever the
file is, the answer is a JPEG of a few kilobytes without anything that the file said of itself."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin  # noqa: F401 - before memory is bound

from tracker.core.strangers.bounds import Reason, UnreadableError

SIDE = 192  # pixels: twice what a list shows, for screens that are finer
MOST_PIXELS = 40_000_000  # of what is decoded: of a JPEG as few as an eighth each way
_QUALITY = 78


def small(content: bytes) -> str:
    """The first frame of a JPEG or PNG, upright, on white where it is transparent, no side longer
    than `SIDE`: a JPEG in base64. Raises UnreadableError where it would take too much."""
    Image.MAX_IMAGE_PIXELS = None  # said by ourselves, as what is decoded
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        # A JPEG is decoded at an eighth of its size or more, a PNG whole.
        picture.draft(None, (SIDE * 2, SIDE * 2))
        if picture.width * picture.height > MOST_PIXELS:
            raise UnreadableError(Reason.TOO_MUCH)
        plain = _plain(picture)
    plain.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(plain)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=_QUALITY, optimize=True, exif=b"", icc_profile=None)
    return base64.b64encode(out.getvalue()).decode("ascii")


def _plain(picture: Image.Image) -> Image.Image:
    """In three colours; how it is turned is kept for later."""
    turned = picture.getexif().get(0x0112)
    if "A" in picture.getbands() or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        found = Image.new("RGB", seen.size, "white")
        found.paste(seen, mask=seen.getchannel("A"))
    elif picture.mode.startswith("I"):  # sixteen bits: convert() would cut, not scale
        found = picture.point(lambda value: value / 256).convert("L").convert("RGB")
    else:
        found = picture.convert("RGB")
    if turned:
        found.getexif()[0x0112] = turned
    return found
