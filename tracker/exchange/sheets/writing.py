"""The end of the third stage: all rows beside the records and beside each other, and then the
writing of all of them or of none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from tracker.core.db import Searchable, TwinError, db, key_of, units
from tracker.core.db.audit import act_as
from tracker.core.db.searchable import twin_of
from tracker.core.told import ToldError
from tracker.exchange.sheets.checking import CHANGED, GONE, Plan, Planned
from tracker.exchange.sheets.columns import WHY, is_hidden
from tracker.exchange.sheets.entering import Entering
from tracker.web.kit import acts
from tracker.web.kit.doubted import keep_answer
from tracker.web.kit.offered import constraints_for
from tracker.web.kit.questions import WhyForm, answering
from tracker.web.transactions import ConflictError, field_errors

_DIGITS = re.compile(r"[0-9]+$|[0-9]+(?= 行)")
_NUMBERED = re.compile(r"编号 ([0-9]+)")


def rehearsed(of: Entering, plan: Plan) -> None:
    """Write all of `plan` that is sound and take it back, so that what speaks against one row
    beside the records and beside the others is told, and with it whose name a faulty row bears.
    It opens the writing unit itself."""
    if plan.too_many or not (plan.rows or plan.faulty):
        return
    with units.trying():
        act_as(db.session, of.user.id)
        written(of, plan)
        _name_twins(of, plan)
    plan.faults.sort(key=lambda fault: _number_of(fault.cell))


def _number_of(cell: str) -> int:
    """The row of a fault's address, 0 for none."""
    found = _DIGITS.search(cell)
    return int(found[0]) if found else 0


def written(of: Entering, plan: Plan) -> None:
    """Write all of `plan`, within a writing unit. What is refused is added to its faults, and the
    unit must not be kept then; rows that a record says already are taken out."""
    beside = Beside(of.kind.label)
    # A row that was copied beside its record is a second one, and no other name for that.
    taken = {line.record for line in plan.table.lines if line.record is not None}
    kept = []
    for row in plan.rows:
        if row.record is None and (same_one := _same_one(of, row, taken)) is not None:
            taken.add(same_one)
            plan.unchanged += 1
            continue
        kept.append(row)
        _write(of, plan, row, beside)
        if row.number is not None:
            taken.add(row.number)
            beside.rows[row.number] = row.line.number
    plan.rows = kept


def _name_twins(of: Entering, plan: Plan) -> None:
    """Tell of the rows that were not written whose name they bear: a record's, or another row's."""
    model = of.kind.model
    if not issubclass(model, Searchable):
        return
    beside = Beside(of.kind.label)
    beside.rows = {row.number: row.line.number for row in plan.rows if row.number is not None}
    mended = {row.record for row in plan.faulty}  # whose name may become another
    first: dict[tuple, int] = {}
    for row in plan.faulty:
        record = _as_named(of, row)
        if record is None:
            continue
        name = "name"
        key = key_of(record.name), *(getattr(record, each) for each in model.name_within)
        if key in first:
            words = beside.row(first[key], record.name)
            plan.faults.append(plan.table.fault(words, row.line.number, name))
            continue
        first[key] = row.line.number
        twin = twin_of(db.session, record)
        if twin is not None and twin.id not in mended:
            words = beside.twin(twin)
            plan.faults.append(plan.table.fault(words, row.line.number, name))


def _as_named(of: Entering, row: Planned) -> Any:
    """What a row that is not written would be by its name and within what it bears it; None where
    that cannot be told, or is as it was."""
    model, form = of.kind.model, row.form
    asked = {"name", *(name for name in model.name_within if name in form)}
    if "name" not in form or any(form[name].errors for name in asked) or not form["name"].data:
        return None
    record = of.kind.get(of.user, row.record) if row.record is not None else None
    said = {name: form[name].data for name in asked}
    if record is not None:
        if all(_alike(getattr(record, name), value) for name, value in said.items()):
            return None
        said = {name: getattr(record, name) for name in model.name_within} | said
        said["id"] = row.record
    else:
        if of.kind.parent is not None:
            if row.parent is None:
                return None
            said.setdefault(of.kind.parent.column, row.parent.id)
        if (owner := of.kind.scope.owner) in model.name_within and not said.get(owner):
            said[owner] = of.user.region_id
    return model(**said)


def _alike(before: Any, value: Any) -> bool:
    if isinstance(before, str) and isinstance(value, str):
        return key_of(before) == key_of(value)
    return before == value


@dataclass
class Beside:
    """Which records are rows of the workbook as well: what is said of one names the row, since its
    number is nobody's once the rehearsal is over."""

    label: str
    rows: dict[int, int] = field(default_factory=dict)

    def row(self, line: int, name: str) -> str:
        """That a name stands in another row already."""
        return f"与第 {line} 行重复：都是{self.label}“{name}”。"

    def twin(self, twin: Any) -> str:
        """That a name is another record's."""
        if (line := self.rows.get(twin.id)) is not None:
            return self.row(line, twin.name)
        return f"已有同名的{self.label}“{twin.name}”（编号 {twin.id}）。"

    def said(self, words: str) -> str:
        """`words` about another record of the kind, with its row where it has one."""

        def put(found: re.Match[str]) -> str:
            line = self.rows.get(int(found[1]))
            return found[0] if line is None else f"本表第 {line} 行"

        return _NUMBERED.sub(put, words)


def _same_one(of: Entering, row: Planned, taken: set[int]) -> int | None:
    """The record that says already all that a new row does: the file was taken before."""
    for record in of.alike(row.parent, row.form):
        if record.id in taken:
            continue
        there = of.form(record, None, obj=record, formdata=None)
        # A tick that only answers a question is kept by no record.
        said = [e for e in row.form if e.name in there and hasattr(record, e.name)]
        if all(there[e.name].data == e.data for e in said if of.says(e.data) and not is_hidden(e)):
            return record.id
    return None


def _write(of: Entering, plan: Plan, row: Planned, beside: Beside) -> None:
    kind, form, line = of.kind, row.form, row.line
    record = None
    if row.record is not None:
        record = kind.get(of.user, row.record, kind.load_detail)
        if record is None:
            plan.faults.append(plan.table.fault(GONE.format(row.record), line.number))
            return
    doubts = of.doubts(record, row.parent, form.values())
    row.doubts = [beside.said(doubt.words) for doubt in doubts]
    if doubts and (said := _unanswered(row)):
        asked = "".join(row.doubts)
        words = f"{asked}请核实：有误的请改正；确无误的，{said}"
        plan.faults.append(plan.table.fault(words, line.number, WHY))
        return
    try:
        with field_errors(form, constraints_for(kind, form)):
            if doubts:
                with answering(doubts, row.why):
                    record = _act(of, row, record)
                keep_answer(kind, record, doubts, row.why.strip(), of.user)
            else:
                record = _act(of, row, record)
    except ConflictError:
        form.form_errors.append(CHANGED)
    except TwinError as error:
        form.add_error("name", beside.twin(error.twin))
    except acts.RefusedError as error:
        form.add_error(error.field, beside.said(str(error)))
    except ToldError as error:
        form.form_errors.append(str(error))
    if form.errors:
        plan.tell(line, form)
        return
    assert record is not None, "it was made or changed"
    row.name, row.number = kind.name(record), record.id


def _act(of: Entering, row: Planned, record: Any) -> Any:
    if record is None:
        return of.create(row.parent, row.form.values(), row.form)
    acts.update(of.kind, of.user, record, row.form.values(), row.version)
    return record


def _unanswered(row: Planned) -> str:
    """What is wrong with the answer to what is unusual; "" if it is one."""
    form = WhyForm(MultiDict({"why": row.why}), meta={"csrf": False})
    if form.validate():
        return ""
    return "".join(form.why.errors) if row.why else "请在“核实说明”一列写明理由。"
