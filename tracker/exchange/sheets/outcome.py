"""What was found of a workbook, as it is kept with the work that read it: a document for the page
and, where something is wrong, the workbook back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from tracker.exchange.sheets.checking import Plan, Planned
from tracker.exchange.sheets.table import Fault

SHOWN = 300  # rows, faults and notes that the page shows; the workbook back has all faults
_DOCUMENT, _WORKBOOK = "outcome.json", "workbook.xlsx"


class Stage(StrEnum):
    """How far a workbook came; the last one passed all."""

    FILE = "file"
    SHAPE = "shape"
    RULES = "rules"
    PASSED = "passed"


STAGES = {
    Stage.FILE: "文件不能导入",
    Stage.SHAPE: "表中有填法不对的地方",
    Stage.RULES: "所填内容不符合登记的要求",
    Stage.PASSED: "核对通过",
}


@dataclass
class Outcome:
    """What the page says; each list is cut at `SHOWN`, and the numbers are of all."""

    stage: Stage
    faults: list[dict[str, str]] = field(default_factory=list)
    faulty: int = 0
    notes: list[dict[str, str]] = field(default_factory=list)
    noted: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    unmarked: bool = False  # it has faults with places, and could not be marked

    @property
    def passed(self) -> bool:
        """Whether the workbook may be taken."""
        return self.stage is Stage.PASSED

    @property
    def title(self) -> str:
        """The stage in words."""
        return STAGES[self.stage]

    @property
    def said(self) -> str:
        """All of it in a line."""
        return f"{self.title}：{self.words if self.passed else f'{self.faulty:,} 处'}"

    @property
    def words(self) -> str:
        """What would come of it, in a sentence."""
        return f"新增 {self.created:,} 条，修改 {self.changed:,} 条，不变 {self.unchanged:,} 条"


def refused(stage: str, faults: Sequence[Fault]) -> Outcome:
    """Of a workbook that did not pass a stage."""
    return Outcome(Stage(stage), [_fault(f) for f in faults[:SHOWN]], len(faults))


def passed(plan: Plan) -> Outcome:
    """Of one that may be taken."""
    notes = plan.table.notes
    return Outcome(
        Stage.PASSED,
        notes=[_fault(each) for each in notes[:SHOWN]],
        noted=len(notes),
        created=len(plan.created),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
        rows=[_row(row) for row in plan.rows[:SHOWN]],
    )


def packed(outcome: Outcome, workbook: bytes | None) -> bytes:
    """As it is kept."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_DOCUMENT, json.dumps(asdict(outcome), ensure_ascii=False))
        if workbook is not None:
            archive.writestr(_WORKBOOK, workbook)
    return out.getvalue()


def unpacked(kept: bytes) -> tuple[Outcome, bytes | None]:
    """What `packed` made."""
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        told = json.loads(archive.read(_DOCUMENT))
        workbook = archive.read(_WORKBOOK) if _WORKBOOK in archive.namelist() else None
    return Outcome(**{**told, "stage": Stage(told["stage"])}), workbook


def _fault(fault: Fault) -> dict[str, str]:
    return {"where": fault.where, "words": fault.words}


def _row(row: Planned) -> dict[str, Any]:
    return {
        "line": row.line.number,
        "new": row.record is None,
        "name": row.name,
        "changes": [list(change) for change in row.changes],
        "values": [list(value) for value in row.values],
        "doubts": row.doubts,
        "why": row.why if row.doubts else "",
    }
