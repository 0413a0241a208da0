"""Small pictures of what is handed in: of whatever a picture is, at no upload's cost."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import pytest
from PIL import Image

from tests.pdfs import pdf
from tests.records.places_in_pictures import PLACE, jpeg, png
from tests.web.pages import text_of
from tests.web.test_records_evidence import hand_in
from tracker.core.db import db
from tracker.core.db.events import Event
from tracker.core.strangers.bounds import UnreadableError
from tracker.core.strangers.process import read_apart
from tracker.records.evidence import jobs, service, thumbnails
from tracker.records.evidence.contents import path_of
from tracker.records.evidence.drawing import SIDE, small
from tracker.records.evidence.models import EvidenceFile, EvidenceLink
from tracker.records.evidence.pictures import without_place


def drawn(content: bytes) -> Image.Image:
    found = base64.b64decode(small(content))
    assert PLACE not in found
    picture = Image.open(io.BytesIO(found))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert len(picture.getexif()) == 0
    return picture


def saved(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few hundred kilobytes that is 900 million pixels of one bit."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checked = zlib.crc32(name + data)
        return struct.pack(">L", len(data)) + name + data + struct.pack(">L", checked)

    row = b"\0" + bytes((side + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">LLBBBBB", side, side, 1, 0, 0, 0, 0)
    whole = (chunk(b"IHDR", head), chunk(b"IDAT", data), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(whole)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_each_mode_is_drawn(mode: str):
    whole = Image.new("RGB", (400, 200), "white")
    whole.paste("black", (0, 0, 200, 200))
    of = whole.convert("L").convert("I").point(lambda v: v * 257) if mode == "I;16" else whole
    found = drawn(saved(of.convert(mode)))
    assert found.size == (SIDE, SIDE // 2)
    assert found.getpixel((20, 40))[0] < 60
    assert found.getpixel((SIDE - 20, 40))[0] > 200


def test_what_is_transparent_is_white_and_of_a_film_the_first_picture_is_drawn():
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    assert drawn(saved(clear)).getpixel((30, 30)) == (255, 255, 255)
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    film = saved(frames[0], save_all=True, append_images=frames[1:])
    assert drawn(film).getpixel((30, 30))[0] > 200


def test_a_jpeg_in_the_colours_of_print_and_one_that_is_turned_look_right():
    cmyk = Image.new("RGB", (300, 100), "red").convert("CMYK")
    assert drawn(saved(cmyk, "JPEG")).getpixel((50, 20))[0] > 180
    exif = Image.Exif()
    exif[0x0112] = 6
    wide = Image.new("RGB", (400, 100), "white")
    assert drawn(saved(wide, "JPEG", exif=exif)).size == (SIDE // 4, SIDE)
    assert drawn(without_place(jpeg(), "image/jpeg"))
    assert drawn(without_place(png(), "image/png"))


CUT = saved(Image.effect_noise((200, 200), 60))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(bomb(), id="bomb"),
        pytest.param(b"\xff\xd8\xff" + b"x" * 99, id="no picture"),
        pytest.param(CUT[: len(CUT) // 2], id="cut"),
    ],
)
def test_a_hostile_picture_is_refused_by_its_process(content: bytes):
    with pytest.raises(UnreadableError):
        read_apart(small, content, bounds=thumbnails._BOUNDS)


def test_lists_show_small_pictures_to_those_who_see_the_record_alone(site):
    staff, project = site.browser("staff"), site.world["project"]
    photo = saved(Image.effect_noise((900, 700), 60).convert("RGB"), "JPEG")
    sent = hand_in(
        staff,
        f"/evidence/projects/{project}/new",
        ("现场.jpg", photo),
        ("炸弹.png", bomb()),
        ("回单.pdf", pdf()),
    )
    assert sent.status_code == 302, text_of(sent)
    with site.app.app_context():
        links = {link.name: link.id for link in db.session.query(EvidenceLink)}
        files = {link.name: link.file.sha256 for link in db.session.query(EvidenceLink)}
        noted = db.session.query(Event).count()
    address = f"/evidence/{links['现场.jpg']}/small"
    assert staff.get(address).status_code == 409, "nobody has drawn it yet"
    assert "small-picture" not in staff.get(f"/projects/{project}").text
    with site.app.app_context():
        assert len(thumbnails.lacking(9)) == 2
        jobs.draw()
        assert thumbnails.lacking(9) == [], "what cannot be drawn is not tried again"
        assert thumbnails.path_of(files["炸弹.png"]).stat().st_size == 0
        kept = thumbnails.path_of(files["现场.jpg"])
        assert 0 < kept.stat().st_size < 40_000
    for page in (staff.get(f"/projects/{project}").text, staff.get("/evidence/").text):
        assert page.count("small-picture") == 1
        assert f'src="{address}"' in page
    answer = staff.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "image/jpeg"
    assert max(Image.open(io.BytesIO(answer.data)).size) == SIDE
    for name in ("炸弹.png", "回单.pdf"):
        assert staff.get(f"/evidence/{links[name]}/small").status_code == 409
    assert site.browser("reviewer").get(address).status_code == 200
    assert site.browser("neighbour").get(address).status_code == 404
    with site.app.app_context():
        assert db.session.query(Event).count() == noted, "a small picture is no download"
        # Taken away it is drawn again; nothing is drawn of what was altered.
        kept.unlink()
        assert thumbnails.lacking(9) == [files["现场.jpg"]]
        path_of(service.folder(), files["现场.jpg"]).write_bytes(b"altered")
        assert not thumbnails.make(files["现场.jpg"])
        assert not kept.exists()
        assert db.session.query(EvidenceFile).count() == 3
