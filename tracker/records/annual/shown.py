"""A list's grid as a page and as an answer to its script: cells in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.core.quantities.shown import told
from tracker.records.annual.grid import Cell, Sheet, TaskColumn
from tracker.records.annual.service import Refused

STATES = {"draft": "未下达", "posted": "已下达", "taken": "上级已收回", "wrong": "须改", "": ""}


@dataclass(frozen=True)
class View:
    """How a sheet is looked at, with what was refused of what was just typed, by cell."""

    sheet: Sheet
    refused: Mapping[str, Refused] | None = None

    def text(self, cell: Cell) -> str:
        """What stands in the input: what was refused stays there."""
        refused = (self.refused or {}).get(cell.address)
        return refused.text if refused else cell.text

    def fault(self, cell: Cell) -> str:
        """What is wrong at the cell."""
        refused = (self.refused or {}).get(cell.address)
        return refused.words if refused else ""

    def state(self, cell: Cell) -> str:
        """Which of `STATES` the cell is in."""
        if self.fault(cell):
            return "wrong"
        if cell.is_draft:
            return "draft"
        if cell.part is None or not cell.part.given:
            return ""
        return "taken" if cell.column.withdrawn else "posted"

    def derived(self, cell: Cell) -> str:
        """What was issued, where that is not what is typed."""
        if not cell.is_draft or cell.part is None or not cell.part.given:
            return ""
        return f"已下达 {cell.issued_words}"

    def whole(self, column: TaskColumn) -> str:
        """What is to be divided, in the head of its column."""
        if column.whole is None:
            return ""
        return told(column.whole, column.unit)

    def total(self, column: TaskColumn) -> dict[str, str]:
        """How the parts of a task stand to its whole."""
        check = self.sheet.check(column)
        return {"now": check.words, "note": check.places_without, "last": ""}

    def left(self) -> str:
        """How the list stands, in a sentence."""
        sheet = self.sheet
        if not sheet.columns:
            return "还没有可以分解的任务。"
        wrong = sum(not check.fits for check in sheet.checks)
        said = []
        if wrong:
            said.append(f"{len(sheet.columns)} 项任务中有 {wrong} 项的分解不符")
        if drafts := len(sheet.drafts) + len(sheet.fresh_tasks):
            said.append(f"{drafts} 处改动还没有下达")
        if not said:
            return "各项都已下达，分解与任务相符。" if sheet.is_issued else "还没有分解。"
        return "，".join(said) + "。"

    def stands(self) -> str:
        """Whether it was issued, in a word."""
        record = self.sheet.record
        if record is None:
            return "草拟"
        return record.state.label + (f"，第 {record.revision} 版" if record.revision else "")

    def answer(self) -> dict[str, Any]:
        """What the page's script is told: every cell that somebody typed into, and the checks."""
        cells = {
            address: {
                "text": self.text(cell),
                "stands": cell.text,
                "figure": cell.shown or "—",
                "version": cell.version,
                "fault": self.fault(cell),
                "state": self.state(cell),
                "words": STATES[self.state(cell)],
                "derived": self.derived(cell),
                "more": "",
                "refused": address in (self.refused or {}),
            }
            for address, cell in self.sheet.cells.items()
        }
        totals = {str(each.task.id): self.total(each) for each in self.sheet.columns}
        return {
            "cells": cells,
            "totals": totals,
            "left": self.left(),
            "stands": self.stands(),
            "refused": len(self.refused or {}),
        }
