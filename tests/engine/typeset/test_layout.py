"""Flow, tables and figures: nothing cut, nothing stranded, all of it tagged."""

import io
from datetime import date

import pikepdf
import pypdf
import pytest

from tracker.engine.typeset.boxes import (
    LayoutError,
    NewPage,
    Paragraph,
    Space,
    Stack,
    TextStyle,
    flow,
)
from tracker.engine.typeset.faces import Role
from tracker.engine.typeset.figures import Bar, BarChart, KeyFigure, KeyFigures, QrCode
from tracker.engine.typeset.sheet import MM, DocumentInfo, Frame, Sheet
from tracker.engine.typeset.table import Cell, Row, Table

INFO = DocumentInfo("标题", "作者", "主题", date(2024, 7, 3))
TEXT = TextStyle(Role.FANGSONG, 16, 28, indent=2)
SMALL = TextStyle(Role.SANS, 9, 13, "left")
HEAD = TextStyle(Role.HEITI, 14, 22, "left", tag="H2", outline=0, keep_with_next=True)


def set_pages(*boxes):
    sheet = Sheet(INFO, Frame())
    flow(sheet, boxes)
    pdf = sheet.finish()
    return pdf, [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def row(*words, keep=False, heads=""):
    return Row([Cell([Paragraph(word, SMALL)], heads=heads) for word in words], keep=keep)


def table(count, keep=False):
    rows = [row(f"第{n:03d}行", "内容", keep=keep) for n in range(count)]
    return Table([1, 2], row("名称", "说明", heads="Column"), rows)


@pytest.mark.parametrize("before", range(0, 640, 19))
def test_a_heading_never_stands_at_a_pages_foot(before):
    for follower in (Paragraph("正文" * 60, TEXT), table(30)):
        start = Paragraph("起", TEXT)
        _, pages = set_pages(start, Space(before), Paragraph("小标题", HEAD), follower)
        for page in pages:
            assert not page.strip().endswith("小标题")


@pytest.mark.parametrize("before", range(0, 640, 19))
def test_a_paragraph_leaves_no_single_line_on_either_side(before):
    text = "山海协作" * 60
    start = Paragraph("起", TEXT)
    _, pages = set_pages(start, Space(before), Paragraph(text, TEXT))
    parts = [page.replace("起", "").split() for page in pages]
    assert all(len(lines) != 1 for lines in parts)
    assert "".join("".join(lines) for lines in parts) == text


@pytest.mark.parametrize("count", [1, 2, 30, 33, 34, 35, 36, 70])
def test_a_table_repeats_its_header_and_leaves_no_row_alone(count):
    _, pages = set_pages(table(count))
    found = [page.count("行") for page in pages]
    assert sum(found) == count
    assert all(page.count("名称") == 1 for page in pages)
    assert len(found) == 1 or found[-1] >= 2


@pytest.mark.parametrize("before", range(150, 520, 12))
def test_a_row_held_back_does_not_begin_on_the_same_page_after_all(before):
    rows = [row("短", "一"), *(row("长", "二\n" * 10) for _ in range(3))]
    tall = Table([1, 2], row("名称", "说明", heads="Column"), rows)
    _, pages = set_pages(Paragraph("起", TEXT), Space(before), tall)
    assert all(page.count("名称") <= 1 for page in pages)
    assert pages[-1].count("长") >= 2


def test_rows_that_hold_together_move_together_and_are_split_only_by_a_whole_page():
    _, pages = set_pages(Paragraph("起", TEXT), Space(500), table(10, keep=True))
    assert [page.count("行") for page in pages] == [0, 10]
    _, pages = set_pages(table(80, keep=True))
    assert sum(page.count("行") for page in pages) == 80


def test_a_row_taller_than_pages_is_split_between_its_lines():
    words = "".join(f"{n:04d}山" for n in range(3000))
    tall = Table([1, 1], None, [row("名", "值"), row("项", words), row("末", "尾")])
    _, pages = set_pages(tall)
    assert len(pages) > 3
    assert "".join("".join(pages).split()).count("山") == 3000
    assert "".join(pages[-1].split()).endswith("末尾")


def test_what_cannot_be_split_and_is_taller_than_a_page_is_refused():
    with pytest.raises(LayoutError):
        set_pages(Stack([Paragraph("山" * 2000, TEXT)]))


def test_a_new_page_is_not_begun_twice():
    _, pages = set_pages(
        NewPage(), Paragraph("一", TEXT), NewPage(), NewPage(), Paragraph("二", TEXT)
    )
    assert [page.strip() for page in pages] == ["一", "二"]


def test_painting_outside_an_element_is_an_error():
    sheet = Sheet(INFO, Frame())
    with pytest.raises(RuntimeError, match="outside"):
        sheet.text(0, 0, "山", Role.SANS, 9)
    with sheet.artifact(), pytest.raises(RuntimeError, match="nest"), sheet.content():
        pass


def test_body_text_ends_in_a_block_edge():
    spread = []

    class Recorder(Sheet):
        def text(self, x, y, text, role, size, color=(0, 0, 0), spacing=0, turned=None):
            width = self.face(role).measure(text, size) + spacing * (len(text) - 1)
            spread.append(x + width)

    sheet = Recorder(INFO, Frame())
    words = "到位资金 2,345.6 万元，完成率 98.92%，山区海岛县与沿海强县结对协作。" * 12
    flow(sheet, [Paragraph(words, TEXT)])
    edge = sheet.frame.left + sheet.frame.width
    assert len(spread) > 10
    assert max(spread) == pytest.approx(edge, abs=0.01)
    assert sum(right > edge - 0.01 for right in spread) >= len(spread) * 0.7


def test_figures_have_words_for_those_who_cannot_see_them():
    chart = BarChart([Bar("返利", 0.5, 0.6, "20 / 40", "平均 24")], "返利 20 / 40", "满分")
    code = QrCode("https://example.gov.cn/核验", "核验二维码")
    strip = KeyFigures([KeyFigure("总分", "90.55", "满分 100"), KeyFigure("等次", "很" * 60)])
    pdf, pages = set_pages(chart, code, strip)
    assert "".join(pages[0].split()).count("很") == 60
    with pikepdf.open(io.BytesIO(pdf)) as file:
        document = file.Root.StructTreeRoot.K[0]
        alts = [str(kid.Alt) for kid in document.K if str(kid.S) == "/Figure"]
    assert alts == ["返利 20 / 40", "核验二维码"]


def test_every_mark_on_every_page_has_its_element():
    pdf, _ = set_pages(Paragraph("小标题", HEAD), table(80), Paragraph("正文" * 400, TEXT))
    with pikepdf.open(io.BytesIO(pdf)) as file:
        numbers = file.Root.StructTreeRoot.ParentTree.Nums
        for index, page in enumerate(file.pages):
            marks, depth = [], 0
            for operands, operator in pikepdf.parse_content_stream(page):
                name = str(operator)
                depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
                if name == "BDC":
                    marks.append(int(operands[1].MCID))
                if name in ("Tj", "f", "S"):
                    assert depth == 1
            assert marks == list(range(len(marks)))
            assert len(numbers[2 * index + 1]) == len(marks)


def test_margins_are_those_of_an_official_document():
    frame = Frame()
    assert (frame.top, frame.left, frame.right, frame.bottom) == tuple(
        millimetres * MM for millimetres in (37, 28, 26, 35)
    )
