"""Photographs lose the place where they were taken, and nothing that draws them."""

from __future__ import annotations

import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from tests.records.places_in_pictures import PLACE, jpeg, png, segment
from tracker.records.evidence import contents
from tracker.records.evidence.pictures import BrokenPictureError, without_place

JPEG, PNG = "image/jpeg", "image/png"
ORIENTATION = 0x0112


def drawn(content: bytes) -> tuple[str, tuple[int, int], bytes]:
    image = Image.open(io.BytesIO(content))
    return image.mode, image.size, image.tobytes()


def turned(content: bytes) -> int | None:
    return Image.open(io.BytesIO(content)).getexif().get(ORIENTATION)


PICTURES = {
    "baseline": (jpeg(), JPEG),
    "progressive": (jpeg(progressive=True), JPEG),
    "restarts": (jpeg(restart_marker_rows=1), JPEG),
    "grey": (jpeg("L"), JPEG),
    "cmyk": (jpeg("CMYK"), JPEG),
    "rgb": (jpeg(keep_rgb=True), JPEG),
    "png": (png(), PNG),
    "palette": (png("P"), PNG),
    "film": (png(save_all=True, append_images=[Image.new("RGB", (40, 24), "red")]), PNG),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_place_goes_and_every_pixel_stays(name: str) -> None:
    content, kind = PICTURES[name]
    assert PLACE in content
    assert turned(content) == 6
    bare = without_place(content, kind)
    assert PLACE not in bare
    assert zlib.compress(PLACE)[2:12] not in bare
    assert drawn(bare) == drawn(content)
    assert turned(bare) == 6
    assert dict(Image.open(io.BytesIO(bare)).getexif()) == {ORIENTATION: 6}
    assert Image.open(io.BytesIO(bare)).getexif().get_ifd(0x8825) == {}
    assert without_place(bare, kind) == bare


def test_colours_stay_what_they_were() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for content, kind in ((jpeg(icc_profile=profile), JPEG), (png(icc_profile=profile), PNG)):
        bare = without_place(content, kind)
        assert Image.open(io.BytesIO(bare)).info["icc_profile"] == profile


def test_a_picture_without_a_word_of_its_camera_stays_byte_for_byte() -> None:
    for kind, form in ((JPEG, "JPEG"), (PNG, "PNG")):
        file = io.BytesIO()
        Image.new("RGB", (30, 20), "blue").save(file, form)
        assert without_place(file.getvalue(), kind) == file.getvalue()


@pytest.mark.parametrize("value", [0, 1, 9])
def test_what_is_upright_or_said_wrongly_needs_no_exif(value: int) -> None:
    for content, kind in ((jpeg(turned=value), JPEG), (png(turned=value), PNG)):
        bare = without_place(content, kind)
        assert b"Exif\0" not in bare
        assert b"eXIf" not in bare


def test_a_damaged_exif_goes_and_the_picture_stays() -> None:
    plain = without_place(jpeg(turned=1), JPEG)
    for exif in (b"", b"II", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff" + bytes(20)):
        spoiled = plain[:2] + segment(0xE1, b"Exif\0\0" + exif) + plain[2:]
        assert without_place(spoiled, JPEG) == plain


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff", JPEG),
        (b"\xff\xd8\xff\xd9", JPEG),
        (b"\xff\xd8\xff\xe0....", JPEG),
        (b"\xff\xd8" + segment(0xE1, b"Exif\0\0")[:2] + b"\0\1", JPEG),
        (b"\xff\xd8" + b"\xff" * 1000, JPEG),
        (b"\xff\xd8" + segment(0xE0, b"") * 60_000, JPEG),
        (without_place(jpeg(), JPEG)[:-20], JPEG),
        (b"\x89PNG\r\n\x1a\n....", PNG),
        (png()[:60], PNG),
        (png().replace(b"IDAT", b"IDAU", 1), PNG),
        (png()[:8] + png()[33:], PNG),
        (png()[:33] + b"\xff\xff\xff\xff" + png()[37:], PNG),
    ],
)
def test_what_cannot_be_told_apart_is_refused_in_words(content: bytes, kind: str) -> None:
    with pytest.raises(BrokenPictureError):
        without_place(content, kind)
    if contents.media_type(content) == kind:
        with pytest.raises(contents.RefusedFileError, match="图片已损坏或不完整"):
            contents.received(content)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_picture_that_was_tampered_with_is_refused_or_without_place(data: st.DataObject) -> None:
    content, kind = data.draw(st.sampled_from(list(PICTURES.values())))
    spoiled = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        spoiled[data.draw(st.integers(3, len(spoiled) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(spoiled[: data.draw(st.integers(8, len(spoiled)))])
    try:
        bare = without_place(cut, kind)
    except BrokenPictureError:
        return
    assert without_place(bare, kind) == bare


def test_other_files_are_kept_as_they_came() -> None:
    pdf = b"%PDF-1.7\n" + PLACE
    assert contents.received(pdf) == contents.Received(pdf, "application/pdf")


def test_what_is_added_to_a_picture_by_hand_is_not_kept() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_itxt("XML:com.adobe.xmp", PLACE.decode(), zip=True)
    bare = without_place(png(pnginfo=note), PNG)
    assert b"iTXt" not in bare
    assert without_place(jpeg() + PLACE * 50, JPEG) == without_place(jpeg(), JPEG)
