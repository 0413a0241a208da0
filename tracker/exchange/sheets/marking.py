"""The workbook back, its faulty cells marked and with what is wrong in their notes. It is opened in
the process of `strangers`, as it was when it was read."""

from __future__ import annotations

import base64
import io
import re
import warnings
import zipfile
from typing import Any

from tracker.core.strangers.bounds import Reason, UnreadableError

AUTHOR = "导入核对"
_RED = "FFFFC7CE"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::[A-Z]{1,3}[0-9]{1,7})?")
_ROW = re.compile(r"第 ([0-9]{1,7}) 行")
_LAST = 1_048_576


def marked(data: bytes, *, faults: list[list[str]]) -> str:
    """For the reading process: the workbook `data` with `faults` ([sheet, cell, sentence]) marked,
    in base64. Marks of before are taken away. Raises UnreadableError."""
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("openpyxl reads XML without defusedxml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that a template does not have
        try:
            book = openpyxl.load_workbook(io.BytesIO(data))
        except Exception as error:
            raise UnreadableError(Reason.DAMAGED) from error
        for sheet in book.worksheets:
            _unmark(sheet)
        said: dict[tuple[str, str], list[str]] = {}
        for name, where, fault in faults:
            said.setdefault((name, where), []).append(fault)
        red = PatternFill("solid", fgColor=_RED)
        for (name, where), words in said.items():
            cell = _cell(book, name, where)
            if cell is None:
                continue
            cell.fill = red
            note = Comment("\n".join(words), AUTHOR)
            note.width, note.height = 300, 40 + 20 * (sum(map(len, words)) // 18 + len(words))
            cell.comment = note
        return base64.b64encode(_saved(book)).decode()


def _saved(book: Any) -> bytes:
    """The workbook as bytes, written in memory: the process may write no file, and openpyxl puts
    each sheet into one."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class Writer(ExcelWriter):
        def write_worksheet(self, ws: Any) -> None:
            ws._drawing = SpreadsheetDrawing()
            ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
            writer = WorksheetWriter(ws, out=io.BytesIO())
            writer.write()
            ws._rels = writer._rels
            self._archive.writestr(ws.path[1:], writer.out.getvalue())
            self.manifest.append(ws)

    out = io.BytesIO()
    Writer(book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)).save()
    return out.getvalue()


def _unmark(sheet: Any) -> None:
    from openpyxl.styles import PatternFill

    # The cells that there are: `iter_rows` makes all up to the last, of a far one for an hour.
    for cell in sheet._cells.values():
        if cell.comment is not None and cell.comment.author == AUTHOR:
            cell.comment = None
            if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == _RED:
                cell.fill = PatternFill()


def _cell(book: Any, name: str, where: str) -> Any:
    """The cell that a fault is about; of a row its first that can be seen."""
    from openpyxl.cell.cell import MergedCell

    if name not in book.sheetnames:
        return None
    sheet = book[name]
    if found := _CELL.match(where):
        place = f"{found[1]}{found[2]}"
        row = int(found[2])
    elif found := _ROW.fullmatch(where):
        place, row = f"C{found[1]}", int(found[1])
    else:
        return None
    if not 1 <= row <= _LAST:
        return None
    cell = sheet[place]
    return None if isinstance(cell, MergedCell) else cell
