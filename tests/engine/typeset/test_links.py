"""Links from one file of a volume to another."""

from __future__ import annotations

import io
from datetime import date

import pytest

from tracker.engine.typeset.binding import Part, bind
from tracker.engine.typeset.boxes import Paragraph
from tracker.engine.typeset.sheet import DocumentInfo, Frame
from tracker.engine.typeset.table import Cell, Row, Table
from tracker.papers.common.looks import CELL
from tracker.papers.common.printing import Furniture, print_boxes

INFO = DocumentInfo("目录", "示例", "示例", date(2025, 1, 20))


def test_a_link_to_a_part_that_is_not_there_is_refused() -> None:
    link = Cell([Paragraph("示例", CELL)], link=("nowhere", "无处"))
    head = print_boxes(INFO, Furniture(("目录",), ""), Frame(), [Table([1], None, [Row([link])])])
    with pytest.raises(ValueError, match="nowhere"):
        bind(head, "目录", [Part(head, "示例", "组", "elsewhere")], io.BytesIO())
