"""The same paper by ReportLab's Platypus: each box becomes the flowable nearest to it.

For comparing speed only. Texts, tables, chart and code are the same; tags, metadata and breaking by
Chinese rules are left out, which favours Platypus.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import Color
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    PageBreak,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Frame as PlatypusFrame
from reportlab.platypus import Paragraph as PlatypusParagraph
from reportlab.platypus import Table as PlatypusTable

from tracker.engine.typeset.boxes import Box, Columns, NewPage, Paragraph, Space, Stack, TextStyle
from tracker.engine.typeset.faces import Role, face
from tracker.engine.typeset.figures import BarChart, KeyFigures, QrCode
from tracker.engine.typeset.sheet import PAGE_HEIGHT, PAGE_WIDTH, Frame
from tracker.engine.typeset.table import Table
from tracker.papers.common.head import PaperHead

_ALIGN = {"left": 0, "center": 1, "right": 2, "justify": 4}
_GREY = Color(0.45, 0.45, 0.45)
FRAME = Frame()


def open_fonts() -> None:
    """Open every face's file anew and register it under its role."""
    for role in Role:
        file = face(role).font.face.filename
        pdfmetrics.registerFont(TTFont(role.value, file, shapable=False))
    _style.cache_clear()


def platypus_pdf(head: PaperHead, boxes: Iterable[Box]) -> bytes:
    """The paper as an untagged PDF; `open_fonts` comes first."""
    out = io.BytesIO()
    frame = PlatypusFrame(
        FRAME.left, FRAME.bottom, FRAME.width, FRAME.height, 0, 0, 0, 0, id="body"
    )
    document = BaseDocTemplate(out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1)
    furnish = PageTemplate("all", [frame], onPage=lambda canvas, _: _furnish(canvas, head))
    document.addPageTemplates([furnish])
    document.build([flowable for box in boxes for flowable in _flowables(box, FRAME.width)])
    return out.getvalue()


def _furnish(canvas: Canvas, head: PaperHead) -> None:
    y = PAGE_HEIGHT - 76
    canvas.setFont(Role.SANS.value, 9)
    canvas.drawString(FRAME.left, y, head.full_title)
    canvas.drawRightString(PAGE_WIDTH - FRAME.right, y, head.marks)
    canvas.line(FRAME.left, y - 5, PAGE_WIDTH - FRAME.right, y - 5)
    canvas.setFont(Role.FANGSONG.value, 14)
    canvas.drawCentredString(PAGE_WIDTH / 2, 70, f"— {canvas.getPageNumber()} —")
    if head.sample:
        canvas.saveState()
        canvas.setFillGray(0.94)
        canvas.setFont(Role.HEITI.value, 58)
        canvas.rotate(38)
        for at in (0, 200, 400):
            canvas.drawString(200, at, "示例数据")
        canvas.restoreState()


def _flowables(box: Box, width: float) -> list[Flowable]:
    if isinstance(box, Paragraph):
        return [_paragraph(box)]
    if isinstance(box, Table):
        return [Spacer(1, box.space_before or 0.1), _table(box, width)]
    if isinstance(box, Stack):
        return [each for part in box.boxes for each in _flowables(part, width)]
    if isinstance(box, Columns):
        cells = [_flowables(part, width / len(box.boxes)) for part in box.boxes]
        return [PlatypusTable([cells], [width * s / sum(box.shares) for s in box.shares])]
    if isinstance(box, Space):
        return [Spacer(1, box.points)]
    if isinstance(box, NewPage):
        return [PageBreak()]
    if isinstance(box, KeyFigures):
        return [_key_figures(box, width)]
    if isinstance(box, BarChart):
        return [_chart(box, width)]
    if isinstance(box, QrCode):
        drawing = Drawing(box.side, box.side)
        drawing.add(QrCodeWidget(box.text, barWidth=box.side, barHeight=box.side))
        return [drawing]
    raise TypeError(type(box).__name__)


@cache
def _style(style: TextStyle) -> ParagraphStyle:
    return ParagraphStyle(
        str(id(style)),
        fontName=style.role.value,
        fontSize=style.size,
        leading=style.leading,
        alignment=_ALIGN[style.align],
        firstLineIndent=style.indent * style.size,
        textColor=Color(*style.color),
        spaceBefore=style.space_before,
        keepWithNext=style.keep_with_next,
        wordWrap="CJK",
    )


def _paragraph(box: Paragraph) -> PlatypusParagraph:
    return PlatypusParagraph(escape(box.text).replace("\n", "<br/>"), _style(box.style))


def _table(box: Table, width: float) -> PlatypusTable:
    rows = [*([box.header] if box.header else []), *box.rows]
    commands: list[tuple] = [
        ("INNERGRID", (0, 0), (-1, -1), 0.35, _GREY),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3.5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3.5),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    cells = []
    for at, row in enumerate(rows):
        line: list[object] = []
        for cell in row.cells:
            if cell.colspan > 1:
                commands.append(("SPAN", (len(line), at), (len(line) + cell.colspan - 1, at)))
            line += [[_paragraph(part) for part in cell.paragraphs], *[""] * (cell.colspan - 1)]
        if row.fill:
            commands.append(("BACKGROUND", (0, at), (-1, at), Color(*row.fill)))
        cells.append(line)
    return PlatypusTable(
        cells,
        [width * share / sum(box.shares) for share in box.shares],
        repeatRows=1 if box.header else 0,
        style=commands,
        splitInRow=1,
    )


def _key_figures(box: KeyFigures, width: float) -> PlatypusTable:
    cells = [
        [_paragraph(part) for part in box._paragraphs(figure, width / len(box.figures))]
        for figure in box.figures
    ]
    return PlatypusTable([cells], [width / len(cells)] * len(cells))


def _chart(box: BarChart, width: float) -> Drawing:
    """Bars, marks and labels of a chart, as shapes."""
    height = box.height(width)
    drawing = Drawing(width, height)
    left, length, y = width * 0.3, width * 0.4, height
    for bar in box.bars:
        middle = y - 10
        drawing.add(String(left - 8, middle - 3, bar.label, fontName="SANS", fontSize=9.5,
                           textAnchor="end"))  # fmt: skip
        drawing.add(Rect(left, middle - 4.5, length, 9, fillColor=None, strokeWidth=0.4))
        if bar.share:
            drawing.add(Rect(left, middle - 4.5, length * bar.share, 9, strokeWidth=0))
        if bar.mark is not None:
            at = left + length * bar.mark
            drawing.add(Line(at, middle - 7, at, middle + 7, strokeWidth=1.6))
        for at, words in ((left + length + 8, bar.words), (width - 60, bar.remark)):
            drawing.add(String(at, middle - 3, words, fontName="SANS", fontSize=9.5))
        y -= 20
    drawing.add(String(left, 2, box.key, fontName="SANS", fontSize=8.5))
    return drawing
