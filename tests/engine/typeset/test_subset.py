"""A document's own cut of a face: the same shapes under new numbers, in a sound file."""

import io

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont as FontFile
from reportlab.pdfbase.ttfonts import TTFontFace

from tests.engine.typeset.test_layout import SMALL, set_pages
from tracker.engine.typeset.boxes import Paragraph
from tracker.engine.typeset.faces import FONT_FOLDER, Role, face
from tracker.engine.typeset.subset import Outlines


def shape(font: FontFile, glyph: str):
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[glyph].draw(pen)
    return pen.value, glyphs[glyph].width


def shapes(program: bytes):
    """The outlines of all glyphs of a cut, its checksums having been compared."""
    with FontFile(io.BytesIO(program), checkChecksums=2) as cut:
        return [shape(cut, name) for name in cut.getGlyphOrder()]


@pytest.mark.parametrize("path", sorted(FONT_FOLDER.glob("*.ttf")), ids=lambda path: path.stem)
def test_a_cut_has_the_shapes_and_widths_of_its_characters(path):
    text = "浙江省山海协作 2024年第三季度：98.92%（≥1亿元）"
    own = TTFontFace(str(path))
    program = Outlines(own).cut([0, *(own.charToGlyph[ord(char)] for char in text)])
    assert len(program) < path.stat().st_size / 20
    with FontFile(path) as whole:
        names = whole.getBestCmap()
        wanted = [shape(whole, names[ord(char)]) for char in text]
    assert shapes(program)[1:] == wanted


def composite_face(tmp_path):
    """A face whose 乙 is made of two 一 and whose 丙 is made of 乙."""

    def square():
        pen = TTGlyphPen(None)
        pen.moveTo((0, 0))
        pen.lineTo((0, 100))
        pen.lineTo((100, 100))
        pen.closePath()
        return pen.glyph()

    def made_of(part, *places):
        pen = TTGlyphPen(dict.fromkeys(order))
        for place in places:
            pen.addComponent(part, place)
        return pen.glyph()

    order = [".notdef", "yi", "er", "bing"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({0x4E00: "yi", 0x4E59: "er", 0x4E19: "bing"})
    builder.setupGlyf(
        {
            ".notdef": TTGlyphPen(None).glyph(),
            "yi": square(),
            "er": made_of("yi", (1, 0, 0, 1, 0, 0), (0.5, 0, 0, 0.5, 300, 300)),
            "bing": made_of("er", (0, 1, -1, 0, 500, 10)),
        }
    )
    builder.setupHorizontalMetrics(dict.fromkeys(order, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Parts", "styleName": "Regular", "psName": "Parts"})
    builder.setupOS2()
    builder.setupPost()
    path = tmp_path / "parts.ttf"
    builder.save(path)
    return path


def test_the_parts_of_composite_glyphs_come_along(tmp_path):
    path = composite_face(tmp_path)
    own = TTFontFace(str(path))
    cut = shapes(Outlines(own).cut([0, own.charToGlyph[0x4E19]]))
    with FontFile(path) as whole:
        assert cut == [shape(whole, name) for name in (".notdef", "bing", "er", "yi")]


def test_a_paper_carries_each_character_once_whatever_stood_on_others():
    set_pages(Paragraph("别的字先用过", SMALL))
    pdf, pages = set_pages(Paragraph("山海山海\u00a0协作\u2003山", SMALL), Paragraph("䶮", SMALL))
    assert pages == ["山海山海 协作 山\n䶮"]
    with pikepdf.open(io.BytesIO(pdf)) as file:
        fonts = file.pages[0].Resources.Font
        inner = [font.DescendantFonts[0] for font in fonts.values()]
        counts = sorted(len(font.W[1]) for font in inner)
        assert counts == [1, 5]  # the rare character, and four with the space
        names = {str(font.BaseFont) for font in inner}
        assert len({name[1:7] for name in names}) == 2
    assert "山" in face(Role.SANS).widths


def test_the_same_characters_give_the_same_font_name_and_others_another():
    def names(text):
        pdf, _ = set_pages(Paragraph(text, SMALL))
        with pikepdf.open(io.BytesIO(pdf)) as file:
            return [str(font.BaseFont) for font in file.pages[0].Resources.Font.values()]

    assert names("山海") == names("山海山")
    assert names("山海") != names("山河")
