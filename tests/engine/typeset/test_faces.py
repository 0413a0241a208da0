"""Faces: fall-back, refusal, operators' files."""

import pytest
from fontTools.ttLib import TTFont as FontFile

from tracker.engine.typeset import faces
from tracker.engine.typeset.faces import (
    FONT_FOLDER,
    FontError,
    Role,
    check_faces,
    drawable,
    face,
    missing_glyphs,
    name_characters,
)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("char", "䶮㙍喆堃")
def test_rare_characters_of_names_fall_back_to_the_full_face(role, char):
    runs = [(font.fontName, piece) for font, piece in face(role).runs(f"山{char}海")]
    assert [piece for _, piece in runs] == ["山", char, "海"]
    assert runs[1][0].endswith("-full")
    assert runs[0][0] == runs[2][0] != runs[1][0]
    assert face(role).measure(char, 10) == 10
    assert missing_glyphs(char) == ()


@pytest.mark.parametrize(
    "char",
    ["𠮷", "😀", "\u200b", "\u202e", "\u2066", "\ufeff", "\u0301", "\ue000", "\x00", "\x7f",
     "\u00ad", "\ufe0f", "\u3164", "\u2028", "\ud800", "\U000e0001"],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused(char):
    assert missing_glyphs(f"山{char}海{char}") == (char,)
    assert f"U+{ord(char):04X}" in name_characters((char,))
    assert drawable(f"山{char}") == "山〓"
    assert face(Role.SANS).measure(f"山{char}", 9) == 18
    assert [piece for _, piece in face(Role.SANS).runs(f"山{char}海")] == ["山〓海"]


def test_refusals_name_visible_characters_and_code_points():
    assert name_characters(("𠮷", "\u200b")) == "“𠮷”(U+20BB7)、U+200B(零宽空格)"
    assert name_characters(("\x02", "\ue000")) == "U+0002(控制字符)、U+E000(私用区字符)"


def test_spaces_of_any_kind_and_line_breaks_are_set_as_spaces():
    text = "a\u00a0b\u2003c\u2009d\te\r\nf"
    assert missing_glyphs(text) == ()
    assert "".join(piece for _, piece in face(Role.SANS).runs(text)) == "a b c d e  f"


def test_every_character_of_every_shipped_face_is_in_the_full_face():
    full = faces._full_characters()
    for path in FONT_FOLDER.glob("*.ttf"):
        with FontFile(path, lazy=True) as file:
            assert set(file.getBestCmap()) <= full


def changed(tmp_path, change):
    path = tmp_path / "office.ttf"
    with FontFile(FONT_FOLDER / "NotoSansSC-700-gb2312.ttf") as file:
        change(file)
        file.save(path)
    return path


def test_an_operators_file_takes_the_role(tmp_path, monkeypatch):
    path = changed(tmp_path, lambda file: None)
    monkeypatch.setenv("FONT_FANGSONG", str(path))
    check_faces()
    assert face(Role.FANGSONG).font.fontName == "tracker-office"
    monkeypatch.delenv("FONT_FANGSONG")
    assert face(Role.FANGSONG).font.fontName.endswith("NotoSerifSC-400-gb2312")


def set_rights(value):
    def change(file):
        file["OS/2"].fsType = value

    return change


def drop_outlines(file):
    del file["glyf"], file["loca"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (set_rights(0x0002), "不允许嵌入"),
        (set_rights(0x0200), "不允许嵌入"),
        (drop_outlines, "TrueType 轮廓"),
    ],
)
def test_an_operators_file_that_may_not_be_used_is_refused(tmp_path, monkeypatch, change, says):
    monkeypatch.setenv("FONT_KAITI", str(changed(tmp_path, change)))
    with pytest.raises(FontError, match=rf"FONT_KAITI .*{says}"):
        check_faces()


def test_an_operators_file_that_is_none_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("FONT_HEITI", str(tmp_path / "none.ttf"))
    with pytest.raises(FontError, match="不存在"):
        check_faces()
    (tmp_path / "none.ttf").write_bytes(b"no font")
    with pytest.raises(FontError, match="不是可用的"):
        check_faces()
