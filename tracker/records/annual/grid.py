"""A list as a grid: whom a place gives its tasks to, and whether the parts add up. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from tracker.core.quantities.figure import WAN_YUAN
from tracker.core.quantities.printed import trimmed
from tracker.core.quantities.reading import parse_money, parse_number, signs_of
from tracker.core.quantities.shown import told
from tracker.core.quantities.units import COUNTED, SHARE, WAN, unfit
from tracker.records.annual.models import AnnualTask, TaskList, TaskPart
from tracker.records.places.models import Region, RegionLevel

TAKES_PART = "是"  # what stands in the cell of whoever has a part of a milestone
PLACES = 6
_YES = frozenset({TAKES_PART, "√", "✓", "1", "有", "承担", "y", "yes"})
_NO = frozenset({"否", "×", "0", "无", "不承担"})


def adds_up(unit: str) -> bool:
    """Whether the figures of places are parts of a whole: not shares, and not figures for each."""
    return unit not in (SHARE, "%", "") and "/" not in unit


@dataclass(frozen=True)
class TaskColumn:
    """A task as the list's place has it: `whole` is what it has to divide (None: nothing was set),
    `unit` that of the measure, "" of a milestone. `is_county_measure`: the measure describes
    counties, so that a part is their target. `withdrawn`: the level above took it back."""

    task: AnnualTask
    whole: Decimal | None
    unit: str
    due: date
    is_county_measure: bool = False
    withdrawn: bool = False

    @property
    def summed(self) -> bool:
        """Whether the parts have to add up."""
        return not self.task.is_milestone and adds_up(self.unit)


@dataclass(frozen=True)
class Receiver:
    """A row of the grid: a place below, or a bureau (`region` None)."""

    key: str
    name: str
    region: Region | None = None


@dataclass(frozen=True)
class Cell:
    """What one receiver has of one task."""

    column: TaskColumn
    row: Receiver
    part: TaskPart | None

    @property
    def address(self) -> str:
        """What the page calls it: 12.331100, 12.商务局."""
        return f"{self.column.task.id}.{self.row.key}"

    @property
    def version(self) -> int:
        """How often it was changed."""
        return self.part.version if self.part is not None else 0

    @property
    def drafted(self) -> bool:
        """Whether the receiver is to have a part."""
        return self.part is not None and self.part.drafted

    @property
    def value(self) -> Decimal | None:
        """What is typed, in the measure's unit."""
        return self.part.draft_value if self.part is not None else None

    @property
    def is_draft(self) -> bool:
        """Whether it is not as issued."""
        return self.part is not None and self.part.is_changed

    @property
    def text(self) -> str:
        """What stands in the cell."""
        if not self.drafted:
            return ""
        return TAKES_PART if self.column.task.is_milestone else said(self.value, self.column.unit)

    @property
    def issued_text(self) -> str:
        """What was issued, as it would stand in the cell; "" where nothing was."""
        if self.part is None or not self.part.given:
            return ""
        if self.column.task.is_milestone:
            return TAKES_PART
        return said(self.part.value, self.column.unit)

    @property
    def shown(self) -> str:
        """What stands in the cell, for those who only read it: 900,000."""
        if self.value is None:
            return self.text
        return trimmed(self.value * 100 if self.column.unit == SHARE else self.value)

    @property
    def words(self) -> str:
        """What is typed as one reads it, with its unit; "" where the receiver has no part."""
        return self._told(self.drafted, self.value)

    @property
    def issued_words(self) -> str:
        """What was issued, in the like way."""
        return "" if self.part is None else self._told(self.part.given, self.part.value)

    def _told(self, has: bool, value: Decimal | None) -> str:
        if not has:
            return ""
        return TAKES_PART if value is None else told(value, self.column.unit)


@dataclass(frozen=True)
class Check:
    """Whether the parts of a task make up its whole: `missing` is what nobody has taken on, less
    than nothing where more was given than there is; None where nothing is added up."""

    column: TaskColumn
    assigned: Decimal
    missing: Decimal | None
    with_part: int
    without: Sequence[str]

    @property
    def fits(self) -> bool:
        """Whether nothing is wrong."""
        divided = self.with_part > 0 or self.is_nothing
        return not self.column.withdrawn and divided and not self.missing

    @property
    def is_nothing(self) -> bool:
        """Whether the task is 0, which nobody has to take a part of."""
        return self.column.summed and self.column.whole == 0

    @property
    def words(self) -> str:
        """How it stands, in a sentence without its end."""
        unit = self.column.unit
        if self.column.withdrawn:
            return "上级已收回这项任务，请清空各处"
        if not self.with_part:
            return "任务为 0，不必分解" if self.is_nothing else "尚未分给任何一处"
        if self.column.task.is_milestone:
            return f"{self.with_part} 处承担"
        if not self.column.summed:
            return f"{self.with_part} 处有任务数；{unit or '这一指标'}不相加，各处分别下达"
        about = f"合计 {told(self.assigned, unit)}"
        if self.missing is None:
            return f"{about}；上级没有下达总数"
        whole = told(self.column.whole or Decimal(0), unit)
        if self.missing > 0:
            return f"{about}，比任务 {whole} 少 {told(self.missing, unit)}"
        if self.missing < 0:
            return f"{about}，比任务 {whole} 多 {told(-self.missing, unit)}"
        return f"{about}，与任务相符"

    @property
    def places_without(self) -> str:
        """没有任务的：衢州市、舟山市; "" where all have one or none has."""
        if not self.with_part or not self.without:
            return ""
        named = "、".join(self.without[:6])
        more = f"等 {len(self.without)} 处" if len(self.without) > 6 else ""
        return f"没有分到的：{named}{more}"


@dataclass(frozen=True)
class Sheet:
    """The list of one place and year. `blocked`: why nothing can be typed, "" where one can."""

    year: int
    region: Region
    record: TaskList | None
    columns: Sequence[TaskColumn]
    rows: Sequence[Receiver]
    parts: Mapping[tuple[int, str], TaskPart] = field(default_factory=dict)

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """All cells by address."""
        return {cell.address: cell for row in self.rows for cell in self.of_row(row)}

    def of_row(self, row: Receiver) -> Iterator[Cell]:
        """The cells of a row."""
        for column in self.columns:
            yield Cell(column, row, self.parts.get((column.task.id, row.key)))

    def of_column(self, column: TaskColumn) -> Iterator[Cell]:
        """The cells of a task."""
        for row in self.rows:
            yield Cell(column, row, self.parts.get((column.task.id, row.key)))

    def check(self, column: TaskColumn) -> Check:
        """How the parts of a task stand to its whole."""
        cells = list(self.of_column(column))
        assigned = sum((cell.value for cell in cells if cell.value is not None), Decimal(0))
        missing = column.whole - assigned if column.summed and column.whole is not None else None
        with_part = [cell for cell in cells if cell.drafted]
        # A bureau has tasks of its own matter only: nobody expects one of each.
        expected = () if self.region.level is RegionLevel.COUNTY else cells
        without = [cell.row.name for cell in expected if not cell.drafted]
        return Check(column, assigned, missing, len(with_part), without)

    @property
    def checks(self) -> list[Check]:
        """Those of all tasks."""
        return [self.check(column) for column in self.columns]

    @property
    def drafts(self) -> list[Cell]:
        """The cells that are not as issued."""
        return [cell for cell in self.cells.values() if cell.is_draft]

    @property
    def is_issued(self) -> bool:
        """Whether it was ever issued."""
        return self.record is not None and self.record.revision > 0

    @property
    def fresh_tasks(self) -> list[TaskColumn]:
        """The tasks of the province's own list that are not, or not so, issued yet."""
        if self.region.level is not RegionLevel.PROVINCE:
            return []
        return [
            column
            for column in self.columns
            if (column.task.issued_total, column.task.issued_due_on)
            != (column.task.total, column.task.due_on)
        ]


def said(value: Decimal | None, unit: str) -> str:
    """A value as one types it: a share in per cent."""
    if value is None:
        return ""
    return trimmed(value * 100 if unit == SHARE else value).replace(",", "").replace("−", "-")


def read(column: TaskColumn, typed: str) -> tuple[bool, Decimal | None]:
    """(whether the receiver has a part, how much) as a cell says; (False, None) of an empty one.
    Raises ValueError with a message."""
    if not typed:
        return False, None
    if column.task.is_milestone:
        if typed.lower() in _YES:
            return True, None
        if typed in _NO:
            return False, None
        raise ValueError("事项任务没有数：由该处承担的填“是”，不承担的留空。")
    if set(typed.replace(" ", "")) <= frozenset("-—―─–/／\\"):
        raise ValueError(f"“{typed}”看不出是 0 还是没有任务：没有的请留空。")
    if typed.startswith("="):
        raise ValueError("这是公式，请填数值（在表格软件里复制后选“只粘贴数值”）。")
    if column.unit == WAN_YUAN:
        value = parse_money(typed) / WAN
    elif column.unit == SHARE:
        value = parse_number(signs_of(typed).removesuffix("%")) / 100
    else:
        plain = signs_of(typed)
        value = parse_number(plain.removesuffix(column.unit) if column.unit else plain)
    if value < 0:
        raise ValueError("任务数不能小于 0。")
    if value != value.quantize(Decimal(1).scaleb(-PLACES)) or value >= Decimal(10) ** 12:
        raise ValueError(f"最多 {PLACES} 位小数，小于一万亿，请核对。")
    if said := unfit(value, column.unit):
        raise ValueError(said)
    return True, value


def allotted(whole: Decimal, weights: Sequence[Decimal], unit: str) -> list[Decimal]:
    """`whole` by `weights`, each part in whole counts or hundredths, so that they make up exactly
    `whole`: what rounding down leaves goes to the largest remainders, the first of equal ones."""
    total = sum(weights, Decimal(0))
    if not total:
        raise ValueError("no weights")
    step = Decimal(1) if unit in COUNTED else Decimal("0.01")
    if whole % step:
        step = Decimal(1).scaleb(-PLACES)
    exact = [whole * weight / total / step for weight in weights]
    parts = [each.to_integral_value(rounding="ROUND_FLOOR") for each in exact]
    left = int(whole / step - sum(parts))
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[:left]:
        parts[at] += 1
    return [part * step for part in parts]
