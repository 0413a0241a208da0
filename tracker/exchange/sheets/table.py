"""The first two stages of an import: the workbook is one of ours, and its cells are what may stand
in their columns. All faults at once, each with its address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tracker.core.strangers import Bounds, UnreadableError, lines_apart
from tracker.exchange.sheets.columns import ID, ROW_VERSION, Column
from tracker.exchange.sheets.entering import MOST_ROWS, Entering
from tracker.exchange.sheets.origin import AGAIN, label_of, of_others, too_old
from tracker.exchange.sheets.reading import letters, read
from tracker.exchange.sheets.template import FIRST_ROW, HEADS_ROW, LISTS, META, NAME, NAMES_ROW
from tracker.exchange.sheets.typed import CellError, trimmed, typed

BOUNDS = Bounds(processor=30, clock=90, memory=512 * 1024 * 1024)
# A workbook is marked for convenience, and others wait behind it: one of 2,000 rows takes a few
# seconds, and of one that takes longer its places are told alone.
MARKING = Bounds(processor=12, clock=30, memory=512 * 1024 * 1024)
MOST_COLUMNS = 100
_MOST_META = 20


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: `sheet` and `cell` ("C5"), "" for the whole file or row."""

    words: str
    sheet: str = ""
    cell: str = ""
    head: str = ""

    @property
    def where(self) -> str:
        """The place in words: 「项目」C5（项目名称）."""
        if not self.sheet:
            return ""
        head = f"（{self.head}）" if self.head else ""
        return f"「{self.sheet}」{self.cell}{head}"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class RefusedTableError(Exception):
    """A workbook that is not taken; `faults` are all that was found in its `stage`."""

    def __init__(self, stage: str, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].words)
        self.stage, self.faults = stage, list(faults)


@dataclass
class Line:
    """A row that holds anything: its number, what was typed by the columns' names, the record that
    it names."""

    number: int
    texts: dict[str, str]
    record: int | None = None
    version: int | None = None


@dataclass
class Table:
    """What a workbook says, and where its columns are. `notes`: how some cells were read."""

    sheet: str
    letters: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)

    def fault(self, words: str, line: int, name: str = "") -> Fault:
        """A fault of a cell; of a row where no column is named."""
        letter = self.letters.get(name, "")
        where = f"{letter}{line}" if letter else f"第 {line} 行"
        return Fault(words, self.sheet, where, self.heads.get(name, ""))


@dataclass
class Told:
    """A sheet as the reading process tells of it."""

    name: str
    hidden: bool
    rows: dict[int, list[list[Any]]] = field(default_factory=dict)
    merged: list[list[int]] = field(default_factory=list)
    too_many: bool = False


def table_of(data: bytes, of: Entering) -> Table:
    """The rows of a workbook for `of`. It is read in a process of its own: hold no transaction.
    Raises RefusedTableError."""
    return table_from(told_of(data), of)


def told_of(data: bytes) -> list[Told]:
    """The sheets of a workbook. It is read in a process of its own: hold no transaction. Raises
    RefusedTableError."""
    try:
        with lines_apart(
            read, data, bounds=BOUNDS, most_rows=MOST_ROWS + FIRST_ROW, most_columns=MOST_COLUMNS
        ) as found:
            return sheets_of(found)
    except UnreadableError as error:
        raise RefusedTableError("file", [Fault(str(error))]) from None


def table_from(sheets: Sequence[Told], of: Entering) -> Table:
    """The rows of the sheets of a workbook. Raises RefusedTableError."""
    if fault := _not_ours(meta_of(sheets), of):
        raise RefusedTableError("file", [Fault(fault)])
    seen = [sheet for sheet in sheets if sheet.name not in (META, LISTS)]
    main = next((sheet for sheet in seen if NAMES_ROW in sheet.rows and _has_names(sheet)), None)
    if main is None:
        raise RefusedTableError("file", [Fault(f"找不到要填的工作表“{of.kind.label}”。{AGAIN}")])
    faults = [
        Fault(
            "不认识的工作表，其中的内容不会导入；请把要导入的移到模板的表中，再删去这张表。", s.name
        )
        for s in seen
        if s is not main and not s.hidden and s.rows
    ]
    table = Table(main.name)
    places = _columns(main, of, table, faults)
    if not faults:
        faults += merged_in(main, HEADS_ROW)
        _rows(main, of, table, places, faults)
    if faults:
        raise RefusedTableError("shape", faults)
    if not table.lines:
        raise RefusedTableError("shape", [Fault("表中没有填写任何内容。", main.name)])
    return table


def sheets_of(found: Iterator[dict[str, Any]]) -> list[Told]:
    """The sheets that the reading process tells. Raises RefusedTableError."""
    sheets: list[Told] = []
    for told in found:
        if "refused" in told:
            raise RefusedTableError("file", [Fault(told["refused"])])
        if "sheet" in told:
            if len(sheets) >= _MOST_META:
                raise RefusedTableError("file", [Fault("工作表过多，请从模板重新填写。")])
            sheets.append(Told(told["sheet"], told["hidden"]))
        elif "rows" in told:
            sheets[-1].rows.update((number, cells) for number, cells in told["rows"])
        elif "merged" in told:
            sheets[-1].merged = told["merged"]
        else:
            sheets[-1].too_many = True
    return sheets


def meta_of(sheets: Sequence[Told]) -> dict[str, str]:
    """What a workbook says that it is; empty where it is no template."""
    meta = next((sheet for sheet in sheets if sheet.name == META), None)
    told = {}
    for cells in list(meta.rows.values())[:_MOST_META] if meta is not None else ():
        texts = [str(cell[2]) for cell in cells if cell[1] in ("s", "n")]
        if len(texts) == 2:
            told[texts[0]] = texts[1]
    return told


def _not_ours(told: dict[str, str], of: Entering) -> str:
    """Why the workbook is no template of this kind as it is now; "" if it is."""
    if told.get("template") != NAME:
        return f"不是本系统的模板。请在“{of.kind.label}”列表上下载模板，把内容填进去再导入。"
    if told.get("kind") != of.kind.key:
        return f"这是{label_of(told)}的模板，不是“{of.kind.label}”的。请到相应的列表上导入。"
    return too_old(told, of.mark) or of_others(told, of.user)


def _has_names(sheet: Told) -> bool:
    return any(cell[2] == ID for cell in sheet.rows[NAMES_ROW])


def _columns(sheet: Told, of: Entering, table: Table, faults: list[Fault]) -> dict[int, str]:
    """Place → name of each column; all columns of the template are there, under their headings."""
    heads = {cell[0]: trimmed(str(cell[2])) for cell in sheet.rows.get(HEADS_ROW, ())}
    named = [(cell[0], str(cell[2])) for cell in sheet.rows[NAMES_ROW]]
    by_name = {column.name: column for column in of.columns}
    places: dict[int, str] = {}
    for place, name in named:
        if name in places.values() or (name not in by_name and name not in (ID, ROW_VERSION)):
            faults.append(
                Fault(f"模板的隐藏行被改动。{AGAIN}", sheet.name, f"{letters(place)}{NAMES_ROW}")
            )
            continue
        places[place] = name
        table.letters[name] = letters(place)
        if name in by_name:
            heading = by_name[name].heading
            table.heads[name] = by_name[name].label
            if heads.get(place, "") != heading:
                faults.append(
                    Fault(
                        f"表头应为“{heading}”，请改回。",
                        sheet.name,
                        f"{letters(place)}{HEADS_ROW}",
                    )
                )
    missing = [name for name in (ID, ROW_VERSION, *by_name) if name not in places.values()]
    if missing and not faults:
        labels = "、".join(
            by_name[name].label if name in by_name else "记录编号" for name in missing
        )
        faults.append(Fault(f"缺少列：{labels}。{AGAIN}", sheet.name))
    return places


def merged_in(sheet: Told, first: int) -> Iterator[Fault]:
    """The merged cells from the row `first` on: nobody can say of one which of its rows or columns
    it is about."""
    last = max(sheet.rows)
    for left, top, right, bottom in sheet.merged:
        if bottom >= first and top <= last:
            cell = f"{letters(left)}{top}:{letters(right)}{bottom}"
            yield Fault("是合并的单元格，请取消合并，逐格填写。", sheet.name, cell)


def _rows(
    sheet: Told, of: Entering, table: Table, places: dict[int, str], faults: list[Fault]
) -> None:
    by_name = {column.name: column for column in of.columns}
    for number, cells in sheet.rows.items():
        if number < FIRST_ROW:
            continue
        line = Line(number, {})
        for cell in cells:
            name = places.get(cell[0])
            if name is None:
                _beside(cell, number, table, faults)
            elif name in (ID, ROW_VERSION):
                _hidden(line, name, cell, table, faults)
            else:
                _cell(line, by_name[name], cell, table, faults)
        if any(line.texts.values()) or line.record is not None:
            table.lines.append(line)
    if sheet.too_many or len(table.lines) > MOST_ROWS:
        faults.append(Fault(f"超过 {MOST_ROWS:,} 行，请分几次导入。", sheet.name))


def is_blank(cell: list[Any]) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return cell[1] == "s" and not trimmed(cell[2])


def _beside(cell: list[Any], number: int, table: Table, faults: list[Fault]) -> None:
    if not is_blank(cell):
        where = f"{letters(cell[0])}{number}"
        faults.append(Fault("在模板的各列之外，请删去或移到相应的列。", table.sheet, where))


def _hidden(line: Line, name: str, cell: list[Any], table: Table, faults: list[Fault]) -> None:
    text = trimmed(str(cell[2]))
    if not text:
        return
    if not (text.isascii() and text.isdecimal() and len(text) <= 10) or cell[1] not in ("n", "s"):
        faults.append(table.fault(f"隐藏的记录编号被改动。{AGAIN}", line.number))
    elif name == ID:
        line.record = int(text)
    else:
        line.version = int(text)


def _cell(line: Line, column: Column, cell: list[Any], table: Table, faults: list[Fault]) -> None:
    try:
        text, note = typed(column, cell)
    except CellError as error:
        faults.append(table.fault(str(error), line.number, column.name))
        return
    line.texts[column.name] = text
    if note:
        table.notes.append(table.fault(f"{note}。", line.number, column.name))
