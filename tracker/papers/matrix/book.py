"""The points of a snapshot as a workbook whose formulas compute them again.

Facts and points in force are figures, everything that follows from them is a formula: the points of
each line, sums, limits, ranks, and the means of lower sheets. What the program decides (a line that
does not apply, what a veto does, the grade) stands as a word or figure; each sheet ends with the
program's own total and whether the two agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from tracker.engine.scoring import (
    UNCLASSED,
    Indicator,
    Line,
    Scorecard,
    counts_zero,
    method_words,
)
from tracker.engine.scoring.exact import Number
from tracker.engine.scoring.result import NOT_APPLICABLE, UNSCORABLE
from tracker.papers.matrix import formulas
from tracker.papers.matrix.cells import (
    BOLD,
    FILL,
    GIVEN,
    WRAPPED,
    decimal_format,
    figure,
    formula,
    put,
)
from tracker.papers.matrix.layout import (
    CLASS,
    FIRST,
    FIRST_FACT,
    FIRST_LINE,
    FIRST_MARK,
    HEAD,
    NAME,
    NUMBER,
    RANK,
    TOTAL,
    Columns,
    Places,
    is_pooled,
    mean_of,
    places_of,
)
from tracker.papers.scorecard.build import frozen_at_words, labels_in
from tracker.records.accounts.owners import whose_words
from tracker.year.assessments.scored import ScoredSnapshot

NOT_REPORTED, NO_POINTS, NONE = "未报", "不可计分", "—"
AGREES, DIFFERS = "一致", "不一致"
YES, NO = "是", "否"
_LONGEST = 8000  # characters of a formula: Excel takes 8192
_KINDS = {"score": "", "bonus": "加分：", "deduction": "扣分："}


def workbook(snapshot: ScoredSnapshot) -> bytes:
    """The workbook (xlsx) of all sheets of a snapshot; equal snapshots give the same formulas."""
    book = Workbook()
    sheets = {code: places_of(sheet) for code, sheet in snapshot.sheets.items()}
    _about(book.active, snapshot, list(sheets.values()))
    for at in sheets.values():
        _Sheet(book, snapshot, sheets, at).write()
    # Nothing is computed here: what opens the file does.
    book.calculation.fullCalcOnLoad = True
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _whose(snapshot: ScoredSnapshot) -> str:
    return f"{whose_words(snapshot.owner['name'])} " if snapshot.owner else ""


def _about(page: Any, snapshot: ScoredSnapshot, sheets: Sequence[Places]) -> None:
    page.title = "说明"
    document = snapshot.document
    lines = [
        f"{_whose(snapshot)}{document['year']} 年度山海协作考核得分（含公式）",
        f"快照 {snapshot.sha256}，冻结于 {frozen_at_words(document)}。",
        "每张评分表三页：得分、数据、分值。“数据”页的事实和“分值”页的分值是数，改动后各项得分、"
        "小计、加扣分、总分、名次和上级评分表所取的均值随之重算。",
        "一票否决、等次和指标是否适用由程序判定，写成文字或数，不随改动重算。",
        "“未报”是没有上报的事实，“不可计分”是缺事实或无法计算的指标，“不适用”的不参加计算。",
        "每行末的“程序总分”是系统的计算结果，“核对”说明本表的公式是否得出同一总分。",
        "本表是试算，不是签发的文书；改动本表不改动系统中的任何记录。",
    ]
    for number, text in enumerate(lines, 1):
        put(page, number, 1, text, Font(bold=True, size=14) if number == 1 else None)
    row = len(lines) + 2
    for column, head in enumerate(("评分表", "评分细则", "细则状态", "对象（个）", "总分核对"), 1):
        put(page, row, column, head, BOLD)
    for number, at in enumerate(sheets, row + 1):
        rulebook = at.sheet.rulebook
        put(page, number, 1, at.name)
        put(page, number, 2, rulebook.title)
        put(page, number, 3, "正式" if rulebook.status == "official" else "示例")
        page.cell(number, 4).value = len(at.cards)
        check = f"'{at.name}'!{at.all_points(Columns(at).check)}"
        formula(
            page,
            number,
            5,
            f'IF(COUNTIF({check},"{AGREES}")={len(at.cards)},"{AGREES}","{DIFFERS}")',
        )
    for letter, width in zip("ABCDE", (22, 48, 10, 12, 10), strict=True):
        page.column_dimensions[letter].width = width


class _Sheet:
    """The three worksheets of a sheet."""

    def __init__(
        self, book: Workbook, snapshot: ScoredSnapshot, sheets: dict[str, Places], at: Places
    ) -> None:
        self.snapshot, self.sheets, self.at = snapshot, sheets, at
        self.rulebook = at.sheet.rulebook
        self.decimals = self.rulebook.line_decimals
        self.columns = Columns(at)
        self.points, self.data, self.marks = (
            book.create_sheet(name) for name in (at.name, at.data, at.marks)
        )

    def write(self) -> None:
        """Write all three."""
        self._heads()
        for row, card in enumerate(self.at.cards, FIRST):
            for page in (self.points, self.data, self.marks):
                put(page, row, NAME, card.subject.name)
                put(page, row, CLASS, card.subject.class_name or UNCLASSED)
            names = self.at.names(row)
            self._data_row(row, card, names)
            self._marks_row(row, card)
            self._points_row(row, card, names)
        self._means()

    # -- heads

    def _heads(self) -> None:
        year, title = self.snapshot.document["year"], self.rulebook.title
        whose = _whose(self.snapshot)
        status = "正式细则" if self.rulebook.status == "official" else "示例细则"
        for page, what in ((self.points, "得分"), (self.data, "数据"), (self.marks, "分值")):
            put(page, 1, 1, f"{whose}{year} 年度 {title}：{what}", Font(bold=True, size=13))
            put(page, 2, 1, f"{status}；计分口径：{self.at.sheet.column.label}；试算。")
            put(page, HEAD, NAME, "对象", BOLD)
            put(page, HEAD, CLASS, "类别", BOLD)
            page.column_dimensions["A"].width, page.column_dimensions["B"].width = 24, 13
        put(self.points, 3, 1, "单位：分。")
        put(self.data, 3, 1, "事实可以改动，改动后得分重算；比例按小数填写。")
        put(self.marks, 3, 1, "各对象各项指标的分值（分），均摊后的。第 4 行是计分办法。")
        self._line_heads(self.points, FIRST_LINE)
        self._line_heads(self.marks, FIRST_MARK)
        labels = labels_in(self.snapshot, self.at.sheet)
        for at, line in enumerate(self.at.lines):
            put(self.marks, 4, FIRST_MARK + at, "；".join(method_words(line, labels)))
        heads = {TOTAL: "总分", RANK: "名次", **self._sum_heads()}
        for column, head in heads.items():
            put(self.points, HEAD, column, head)
        put(self.data, HEAD, NUMBER, "类别序号")
        for at, head in enumerate(self._data_heads(labels)):
            put(self.data, HEAD, FIRST_FACT + at, head)
        for page, frozen in ((self.points, FIRST_LINE), (self.data, FIRST_FACT), (self.marks, 3)):
            page.freeze_panes = f"{get_column_letter(frozen)}{FIRST}"
            page.row_dimensions[HEAD].height = 60
            for cell in page[HEAD]:
                cell.font, cell.fill, cell.alignment = BOLD, FILL, WRAPPED
            for column in range(3, page.max_column + 1):
                page.column_dimensions[get_column_letter(column)].width = 13

    def _line_heads(self, page: Any, first: int) -> None:
        for at, line in enumerate(self.at.lines):
            put(page, HEAD, first + at, f"{_KINDS[line.kind]}{line.code} {line.name}")

    def _sum_heads(self) -> dict[int, str]:
        columns = self.columns
        heads = {
            columns.groups + at: f"小计：{_KINDS[kind]}{name}"
            for at, (kind, name) in enumerate(self.at.groups)
        }
        heads |= {columns.base: "基础分", columns.bonus: "加分", columns.deduction: "扣分"}
        heads |= {
            columns.no_bonus: "一票否决取消加分",
            columns.limit: "一票否决总分上限",
            columns.ranked: "参加排名",
            columns.grade: "等次（程序）",
            columns.program: "程序总分",
            columns.check: "核对",
        }
        ties = range(len(self.rulebook.tie_break))
        return heads | {columns.ties + at: f"并列时比较（{at + 1}）" for at in ties}

    def _data_heads(self, labels: dict[str, str]) -> Iterator[str]:
        units = {name: m["unit"] for name, m in self.snapshot.document["measures"].items()}
        for name in self.at.facts:
            yield f"{labels.get(name, name)}（{units.get(name, '分')}）"
        for line, part in self.at.pools:
            indicator = self.at.lines[line]
            several = f"（{part + 1}）" if len(indicator.parts) > 1 else ""
            yield f"{indicator.code} 与同类比较的数值{several}"

    # -- rows

    def _data_row(self, row: int, card: Scorecard, names: Mapping[str, str]) -> None:
        self.data.cell(row, NUMBER).value = self.at.class_numbers[card.subject.class_name]
        for at, name in enumerate(self.at.facts):
            column, value = FIRST_FACT + at, card.subject.measures.get(name)
            if value is None:
                put(self.data, row, column, NOT_REPORTED)
            elif text := self._mean(card, name, value):
                formula(self.data, row, column, text)
            else:
                cell = self.data.cell(row, column)
                cell.value, cell.font = figure(value), GIVEN
        for number, (line, part) in enumerate(self.at.pools):
            column = FIRST_FACT + len(self.at.facts) + number
            if not is_pooled(card.lines[line]):
                put(self.data, row, column, NONE)
                continue
            value = self.at.lines[line].parts[part].method.params["value"]
            text = formulas.written(value.tree, names)
            formula(self.data, row, column, f'IFERROR(ROUND({text},12),"{NONE}")')

    def _mean(self, card: Scorecard, name: str, value: Number) -> str:
        """The mean of the totals of lower sheets; "" for any other measure."""
        if not name.startswith("score."):
            return ""
        members = self.at.members(self.snapshot, card.subject.code, name)
        if mean_of(members) != value:
            return ""
        totals = ",".join(self.sheets[code].total(each.subject.code) for code, each in members)
        return f"AVERAGE({totals})"

    def _marks_row(self, row: int, card: Scorecard) -> None:
        for at, line in enumerate(card.lines):
            cell = self.marks.cell(row, FIRST_MARK + at)
            if line.spread_away:
                put(self.marks, row, FIRST_MARK + at, "已均摊")
            else:
                cell.value, cell.font = figure(line.effective), GIVEN

    def _points_row(self, row: int, card: Scorecard, names: Mapping[str, str]) -> None:
        form = decimal_format(self.decimals)
        for at, line in enumerate(card.lines):
            self._line(row, at, line, names)
        self._sums(row, card, form)
        columns = self.columns
        vetoes = card.fired
        put(self.points, row, columns.no_bonus, YES if any(v.no_bonus for v in vetoes) else NO)
        limits = [v.total_at_most for v in vetoes if v.total_at_most is not None]
        if limits:
            self.points.cell(row, columns.limit).value = figure(min(limits))
        counts = card.assessed and not card.unranked
        put(self.points, row, columns.ranked, YES if counts else NO)
        for at, tie in enumerate(self.rulebook.tie_break):
            self._tie(row, columns.ties + at, card, {**names}, tie)
        self._rank(row)
        grade = card.grade or "不予评定"
        put(self.points, row, columns.grade, grade if card.complete or not card.assessed else NONE)
        program = self.points.cell(row, columns.program)
        program.value, program.number_format = card.total, form
        same = f"ROUND({self._cell(TOTAL, row)}-{self._cell(columns.program, row)},6)=0"
        formula(self.points, row, columns.check, f'IF({same},"{AGREES}","{DIFFERS}")')

    def _line(self, row: int, at: int, line: Line, names: Mapping[str, str]) -> None:
        column, form = FIRST_LINE + at, decimal_format(self.decimals)
        cell = self.points.cell(row, column)
        cell.number_format = form
        if line.state == NOT_APPLICABLE:
            if line.award or counts_zero(line):
                cell.value = line.award
            else:
                put(self.points, row, column, "不适用")
            return
        indicator = line.indicator
        text = self._award(row, at, indicator, names)
        if not text:
            if line.state == UNSCORABLE:
                put(self.points, row, column, NO_POINTS)
            else:
                cell.value = line.award
            return
        without = "0" if indicator.missing == "zero" else f'"{NO_POINTS}"'
        rounded = f"ROUND(ROUND({text},{formulas.PLACES}),{self.decimals})"
        formula(self.points, row, column, f"IFERROR({rounded},{without})", form)

    def _award(self, row: int, at: int, indicator: Indicator, names: Mapping[str, str]) -> str:
        """The formula of a line; "" where none writes it."""
        try:
            text = formulas.award(
                indicator, names, self.at.mark(at, row), self.at.pools_of(at, row)
            )
        except KeyError:
            return ""
        return text if len(text) < _LONGEST else ""

    def _sums(self, row: int, card: Scorecard, form: str) -> None:
        columns, book = self.columns, self.rulebook
        for at, group in enumerate(self.at.groups):
            of = self._cells(row, {x.code for x in self.at.lines if (x.kind, x.group) == group})
            formula(self.points, row, columns.groups + at, self._rounded(f"SUM({of})"), form)
        score, bonus, deduction = (self._of_kind(row, k) for k in ("score", "bonus", "deduction"))
        limit = formulas.number(book.bonus_cap), formulas.number(book.deduction_cap)
        no_bonus = self._cell(columns.no_bonus, row)
        bonus = f'IF({no_bonus}="{YES}",0,MIN({bonus},{limit[0]}))'
        formula(self.points, row, columns.base, self._rounded(score), form)
        formula(self.points, row, columns.bonus, self._rounded(bonus), form)
        lowest = f"MAX({deduction},-{limit[1]})"
        formula(self.points, row, columns.deduction, self._rounded(lowest), form)
        summed = "+".join(
            self._cell(each, row) for each in (columns.base, columns.bonus, columns.deduction)
        )
        # An empty cell is no limit.
        most = f'IF({self._cell(columns.limit, row)}="",1E+99,{self._cell(columns.limit, row)})'
        formula(self.points, row, TOTAL, self._rounded(f"MIN({most},MAX(0,{summed}))"), form)

    def _of_kind(self, row: int, kind: str) -> str:
        """The sum of the lines of a kind within the limits that some of them share."""
        of = self._cells(row, {line.code for line in self.at.lines if line.kind == kind})
        text = f"SUM({of})" if of else "0"
        for cap in self.rulebook.caps:
            of_cap = [line for line in self.at.lines if line.code in cap.lines]
            if of_cap[0].kind != kind:
                continue
            cells = self._cells(row, cap.lines)
            most = formulas.number(cap.at_most)
            text += f"+MAX(-{most},MIN({most},SUM({cells})))-SUM({cells})"
        return f"({text})"

    def _tie(self, row: int, column: int, card: Scorecard, cells: dict[str, str], tie: Any) -> None:
        """A tie-break; what cannot be computed counts as the lowest."""
        cells["base"] = self._cell(self.columns.base, row)
        cells["total"] = self._cell(TOTAL, row)
        for at, line in enumerate(card.lines):
            points = f"N({self._cell(FIRST_LINE + at, row)})"
            mark = self.at.mark(at, row)
            cells[f"line.{line.code}"] = points
            share = f"IF({mark}=0,0,{points}/{mark})"
            cells[f"share.{line.code}"] = "1" if line.spread_away else share
        text = formulas.written(tie.tree, cells)
        formula(self.points, row, column, f"IFERROR(ROUND({text},12),-1E+99)")

    def _rank(self, row: int) -> None:
        columns = self.columns
        better = ""
        for column in reversed([TOTAL, *(columns.ties + n for n in self._ties())]):
            every, own = self.at.all_points(column), self._cell(column, row)
            then = f"+({every}={own})*({better})" if better else ""
            better = f"({every}>{own}){then}"
        mine = f"({self.at.classes()}={self.at.class_of(row)})"
        ranked = f'({self.at.all_points(columns.ranked)}="{YES}")'
        place = f"1+SUMPRODUCT({mine}*{ranked}*({better}))"
        own = self._cell(columns.ranked, row)
        formula(self.points, row, RANK, f'IF({own}="{YES}",{place},"{NONE}")')

    def _ties(self) -> range:
        return range(len(self.rulebook.tie_break))

    def _means(self) -> None:
        row = self.at.last + 1
        put(self.points, row, NAME, "平均", BOLD)
        columns = [TOTAL, *range(FIRST_LINE, self.columns.deduction + 1)]
        for column in columns:
            text = f'IFERROR(AVERAGE({self.at.all_points(column)}),"{NONE}")'
            formula(self.points, row, column, text, "0.00")
            self.points.cell(row, column).font = BOLD

    def _cell(self, column: int, row: int) -> str:
        return self.at.points(column, row)

    def _cells(self, row: int, wanted: Collection[str]) -> str:
        return ",".join(
            self._cell(FIRST_LINE + at, row)
            for at, line in enumerate(self.at.lines)
            if line.code in wanted
        )

    def _rounded(self, text: str) -> str:
        return f"ROUND({text},{self.decimals})"
