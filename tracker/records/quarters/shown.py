"""The quarter's grid as a page and as an answer to its script: cells in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from tracker.core.quantities.clock import written as moment
from tracker.core.quantities.figure import WAN_YUAN, YUAN, Figure
from tracker.core.quantities.printed import trimmed
from tracker.core.quantities.shown import NOT_REPORTED, short
from tracker.records.quarters.cells import Cell, Section, Sheet, Total
from tracker.records.quarters.fields import Field, Sort
from tracker.records.quarters.service import Refused

DRAFT, POSTED, NOUGHT, MISSING, WRONG = "draft", "posted", "nought", "missing", "wrong"
STATES = {
    DRAFT: "草稿",
    POSTED: "已登记",
    NOUGHT: "已报无",
    MISSING: NOT_REPORTED,
    WRONG: "须改",
    "": "",
}


@dataclass(frozen=True)
class View:
    """How a sheet is looked at: typed as sums of the year so far, what was refused of what was just
    typed, by cell, and which cells it left as they were (`same`)."""

    sheet: Sheet
    cumulative: bool = False
    refused: Mapping[str, Refused] | None = None
    same: Collection[str] = ()

    def text(self, cell: Cell) -> str:
        """What stands in the input: what was refused stays there."""
        refused = (self.refused or {}).get(cell.address)
        return refused.text if refused else cell.text(cumulative=self.cumulative)

    def figure(self, cell: Cell) -> str:
        """What stands in a cell that nobody types into."""
        value = cell.so_far if self.cumulative else cell.now
        if not cell.field.is_number:
            return cell.day.isoformat() if cell.day else ""
        return "" if value is None else plain(cell.field, value)

    def fault(self, cell: Cell) -> str:
        """What is wrong at the cell."""
        refused = (self.refused or {}).get(cell.address)
        return refused.words if refused else cell.fault

    def state(self, cell: Cell) -> str:
        """Which of `STATES` the cell is in."""
        if self.fault(cell):
            return WRONG
        if cell.is_draft:
            return DRAFT
        if cell.known is not None or cell.known_day is not None:
            return POSTED
        if cell.is_nought:
            return NOUGHT
        return MISSING if cell.is_missing else ""

    def state_words(self, cell: Cell) -> str:
        """The state in words, and what of the record changed since the draft was typed."""
        return "；".join(filter(None, (STATES[self.state(cell)], cell.overtaken)))

    def derived(self, cell: Cell) -> str:
        """What follows from what is typed: the year so far, or the quarter; the year until this
        quarter where nothing is typed; "" where nothing follows."""
        if not cell.field.is_number or not cell.field.flow or self.sheet.quarter == 1:
            return ""
        value = cell.now if self.cumulative else cell.so_far
        if value is not None:
            return f"{'当季' if self.cumulative else self.span} {plain(cell.field, value)}"
        if cell.before is None or cell.gaps:
            return ""
        return f"1—{3 * self.sheet.quarter - 3}月 {told(cell.field, cell.before)}"

    def beside(self, cell: Cell) -> str:
        """Last quarter, in a word."""
        if not cell.field.is_number:
            return ""
        return f"上季 {told(cell.field, cell.last)}"

    def more(self, cell: Cell) -> str:
        """What is said of a cell at a closer look: the same quarter of last year, who typed."""
        said = []
        if cell.field.is_number:
            beside = [("上季", cell.last), ("上年同季", cell.same)]
            if cell.field.flow and self.sheet.quarter > 1:
                beside.append(("前几季合计", cell.before))
            if cell.known is not None:
                beside.append(("已登记", cell.known))
            said += [f"{name} {told(cell.field, of, exactly=True)}" for name, of in beside]
        if cell.field.definition:
            said.append(cell.field.definition)
        if cell.is_draft:
            said.append(self.who(cell))
        return "；".join(said)

    def who(self, cell: Cell) -> str:
        """Who typed the draft and when."""
        draft = cell.draft or cell.left
        if draft is None:
            return ""
        return f"{draft.edited_by.display_name} {moment(draft.edited_at)} 填写"

    @property
    def span(self) -> str:
        """The year so far: 1—9月."""
        return f"1—{3 * self.sheet.quarter}月"

    def is_open(self, cell: Cell) -> bool:
        """Whether something can be typed into the cell."""
        if self.sheet.blocked or cell.blocked:
            return False
        return not (cell.field.sort is Sort.COUNT and cell.known is not None)

    def total(self, section: Section, field: Field) -> dict[str, str] | None:
        """The sum of a column in words: of the quarter, what it leaves out, of the year so far, of
        the quarter before; None of what does not add up."""
        of = section.total(field)
        if of is None:
            return None
        value = of.so_far if self.cumulative and field.flow else of.now
        lacking = of.asked - of.filled
        return {
            "now": "—" if value is None else told(field, value),
            "note": f"{lacking} 格未填" if lacking > 0 else "",
            "derived": self._derived_total(of, field),
            "last": told(field, of.last),
        }

    def _derived_total(self, of: Total, field: Field) -> str:
        """What follows from a sum, as from a cell: the year so far, or the quarter."""
        value = of.now if self.cumulative else of.so_far
        if not field.flow or self.sheet.quarter == 1 or value is None:
            return ""
        left_out = f"（未计 {of.unreckoned} 格）" if of.unreckoned and not self.cumulative else ""
        return f"{'当季' if self.cumulative else self.span} {told(field, value)}{left_out}"

    def standing(self, section: Section) -> str:
        """What is left to do in a part, behind the number of its rows; "" where nothing is."""
        cells = [cell for row in section.rows for cell in section.shown(row)]
        counted = dict.fromkeys(STATES, 0)
        for cell in cells:
            counted[self.state(cell)] += 1
        words = {MISSING: "格未填", WRONG: "格须改", DRAFT: "格草稿待登记"}
        return "".join(f"，{counted[of]} {said}" for of, said in words.items() if counted[of])

    @cached_property
    def opened(self) -> frozenset[str]:
        """The parts that stand open: those with drafts and faults, or the only one."""
        found: dict[str, set[str]] = {
            section.key: {self.state(cell) for row in section.rows for cell in section.shown(row)}
            for section in self.sheet.sections
        }
        if len(found) == 1:
            return frozenset(found)
        return frozenset(key for key, of in found.items() if of & {DRAFT, WRONG})

    def stands(self) -> str:
        """In which state the quarter is, in a word; "" where it is not to be filed."""
        filing = self.sheet.filing
        if filing is None:
            return ""
        again = f"，限期开锁至 {filing.reopened_until}" if filing.is_open_again else ""
        return f"{filing.state.label}{again}"

    def answer(self) -> dict[str, Any]:
        """What the page's script is told: every cell that somebody typed into, the sums, what is
        left."""
        cells = {
            address: {
                "text": self.text(cell),
                "stands": cell.text(cumulative=self.cumulative),
                "figure": self.figure(cell),
                "version": cell.version,
                "fault": self.fault(cell),
                "state": self.state(cell),
                "words": self.state_words(cell),
                "derived": self.derived(cell),
                "more": self.more(cell),
                "refused": address in (self.refused or {}),
            }
            for address, cell in self.sheet.cells.items()
            if cell.draft is not None or address in (self.refused or {}) or address in self.same
        }
        totals = {
            f"{section.key}.{field.key}": total
            for section in self.sheet.sections
            for field in section.fields
            if (total := self.total(section, field)) is not None
        }
        return {
            "cells": cells,
            "totals": totals,
            "standing": {section.key: self.standing(section) for section in self.sheet.sections},
            "left": self.left(),
            "stands": self.stands(),
            "refused": len(self.refused or {}),
        }

    def left(self) -> str:
        """How the grid stands, in a sentence."""
        sheet = self.sheet
        said = []
        if missing := len(sheet.missing):
            said.append(f"还有 {missing} 格未填")
        if faulty := len(sheet.faulty):
            said.append(f"{faulty} 格须改")
        if drafted := len(sheet.drafted) - len(sheet.faulty):
            said.append(f"{drafted} 格草稿待登记")
        return "，".join(said) + "。" if said else "本季应填的都已登记。"


def plain(field: Field, value: Decimal) -> str:
    """A kept value in the unit of its column, without the unit, with at most two decimals."""
    return short(value / field.scale)


def told(field: Field, figure: Figure | None, *, exactly: bool = False) -> str:
    """A figure on record in the unit of its column, with its sign and at most two decimals, or
    `exactly`; 未报 where there is none of a site, 无记录 of all else."""
    if figure is None:
        return NOT_REPORTED if field.sort is Sort.FIGURE else "无记录"
    of = figure.to(WAN_YUAN) if figure.unit == YUAN and field.unit == WAN_YUAN else figure
    return f"{of.precision}{trimmed(of.value)}" if exactly else short(of.value, of.precision)
