"""The third stage: each row by the form of its kind, what would come of it, and then the writing of
all rows or of none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g
from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from tracker.core.db import TwinError, db, units
from tracker.core.db.audit import act_as
from tracker.core.told import ToldError
from tracker.exchange.sheets.columns import PARENT, WHY, Column, What, is_hidden
from tracker.exchange.sheets.entering import MOST_WRITTEN, Entering
from tracker.exchange.sheets.origin import AGAIN
from tracker.exchange.sheets.table import Fault, Line, Table
from tracker.exchange.sheets.template import line_of
from tracker.exchange.sheets.typed import same, value_of
from tracker.web.forms import NOT_OFFERED, Form
from tracker.web.kit import acts
from tracker.web.kit.conflicts import words_of_field
from tracker.web.kit.doubted import keep_answer
from tracker.web.kit.links import LinkField
from tracker.web.kit.offered import constraints_for, ended_links
from tracker.web.kit.questions import WhyForm, answering
from tracker.web.transactions import ConflictError, field_errors

Tell = Callable[[int, int], None]  # (rows done, of how many)
_CHANGED = "这条记录在下载模板以后已被修改，与表中不同。请重新下载模板，在新的表中修改。"
_GONE = "没有编号 {} 的记录，或不归您修改；可能已被删除。" + AGAIN
_TWICE = "与第 {} 行是同一条记录：复制已有的行会带上原记录的编号。新增的请填在空行。"
_EMPTIED = "整行已清空。导入不删除记录；要删除的请到记录的页面上办理，这一行保持原样。"


@dataclass
class Planned:
    """A row that makes or changes a record: its form, and what of it would be other than now."""

    line: Line
    form: Form
    parent: Any = None
    record: int | None = None
    version: int | None = None
    why: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    name: str = ""
    doubts: list[str] = field(default_factory=list)
    number: int | None = None  # of the record that came of it


@dataclass
class Plan:
    """What a workbook comes to."""

    table: Table
    rows: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def created(self) -> list[Planned]:
        """The rows that make a record."""
        return [row for row in self.rows if row.record is None]

    @property
    def changed(self) -> list[Planned]:
        """The rows that change one."""
        return [row for row in self.rows if row.record is not None]


@contextmanager
def as_user(user: Any) -> Iterator[None]:
    """Let what asks who is there find `user`, as in a request of theirs: forms and what they offer
    are made for the one who sits at them."""
    before = g.get("_login_user")
    with current_app.test_request_context("/"):
        g._login_user = user
        try:
            yield
        finally:
            g._login_user = before


def planned(of: Entering, table: Table, tell: Tell = lambda done, total: None) -> Plan:
    """What the rows come to by the form of their kind, as far as each says by itself."""
    return _Planning(of, table).plan(tell)


class _Planning:
    def __init__(self, of: Entering, table: Table) -> None:
        self.of, self.table = of, table
        self.found = Plan(table)
        self.parents = {number: record for number, record, _ in of.parents}
        self.labels = {number: label for number, _, label in of.parents}
        self.by_label = [(number, label) for number, label in self.labels.items()]
        self.rows: dict[int, int] = {}

    def plan(self, tell: Tell) -> Plan:
        for done, line in enumerate(self.table.lines):
            tell(done, len(self.table.lines))
            if line.record is None:
                self._new(line)
            else:
                self._kept(line)
        if len(self.found.rows) > MOST_WRITTEN:
            words = f"新增和修改的超过 {MOST_WRITTEN:,} 条，请分几次导入。"
            self.found.faults.append(Fault(words, self.table.sheet))
        return self.found

    def fault(self, words: str, line: Line, name: str = "") -> None:
        self.found.faults.append(self.table.fault(words, line.number, name))

    def _new(self, line: Line) -> None:
        parent = None
        if self.of.under is not None:
            number = value_of(line.texts.get(PARENT, ""), self.by_label)
            if number is None:
                label = self.of.under.label
                said = NOT_OFFERED if line.texts.get(PARENT) else f"请选择{label}。"
                self.fault(said, line, PARENT)
                return
            parent = self.parents[number]
            if reason := self.of.refused(parent):
                self.fault(reason, line, PARENT)
                return
        blank = self.of.form(None, parent, formdata=None)
        sent = self._sent(line, blank, {})
        if sent is None:
            return
        form = self.of.form(None, parent, formdata=sent)
        if self._valid(line, form, None):
            why = line.texts.get(WHY, "")
            self.found.rows.append(Planned(line, form, parent, why=why))

    def _kept(self, line: Line) -> None:
        assert line.record is not None
        if line.record in self.rows:
            self.fault(_TWICE.format(self.rows[line.record]), line)
            return
        self.rows[line.record] = line.number
        of = self.of
        record = of.kind.get(of.user, line.record, of.kind.load_detail)
        if record is None:
            self.fault(_GONE.format(line.record), line)
            return
        before = line_of(of, record, self.labels)
        others = [column for column in of.columns if column.name != WHY]
        free = [column for column in others if column.name not in before.fixed]
        differing = [
            column
            for column in others
            if not same(column, line.texts.get(column.name, ""), before.values.get(column.name))
        ]
        if not differing:
            self.found.unchanged += 1
            return
        if not any(line.texts.get(column.name) for column in free):
            self.fault(_EMPTIED, line)
            return
        blocked = of.kind.blocked(of.user, record)
        if blocked is not None:
            self.fault(blocked.reason, line)
            return
        locked = [column for column in differing if column.name in before.fixed]
        for column in locked:
            self.fault(f"{column.label}不能在这里改，请改回。", line, column.name)
        if locked:
            return
        self._change(line, record, before.values)

    def _change(self, line: Line, record: Any, before: Mapping[str, Any]) -> None:
        now = self.of.form(record, None, obj=record, formdata=None)
        sent = self._sent(line, now, before)
        if sent is None:
            return
        form = self.of.form(record, None, obj=record, formdata=sent)
        if not self._valid(line, form, record):
            return
        changes = [
            (each.label.text, _bare(now[each.name]), _bare(each))
            for each in form
            if not is_hidden(each) and each.name in now and each.data != now[each.name].data
        ]
        if not changes:
            self.found.unchanged += 1
            return
        if line.version != acts.version_of(record):
            self.fault(_CHANGED, line)
            return
        row = Planned(line, form, None, record.id, line.version, line.texts.get(WHY, ""), changes)
        self.found.rows.append(row)

    def _sent(self, line: Line, form: Form, before: Mapping[str, Any]) -> MultiDict | None:
        """What the form would be sent with what stands in the row; None where that cannot be."""
        sent: MultiDict = MultiDict()
        good = True
        for column in self.of.columns:
            text = line.texts.get(column.name, "")
            if column.name in (PARENT, WHY) or not text:
                continue
            if column.name not in form:
                if not same(column, text, before.get(column.name)):
                    self.fault(f"{column.label}在这一行不填，请清空。", line, column.name)
                    good = False
                continue
            value = self._chosen(column, form, text)
            if value is None:
                self.fault(NOT_OFFERED, line, column.name)
                good = False
            else:
                sent[column.name] = value
        return sent if good else None

    def _chosen(self, column: Column, form: Form, text: str) -> str | None:
        each = form[column.name]
        if column.what is not What.CHOICE:
            return text
        if isinstance(each, LinkField):
            pairs = [(str(value), label) for value, label in each.offered]
            found = value_of(text, pairs)
            return text if found is None and each.is_lookup else found
        assert isinstance(each, SelectField)
        offered = [(str(c.value), str(c.label)) for c in each.iter_choices() if c.value]
        return value_of(text, offered)

    def _valid(self, line: Line, form: Form, record: Any) -> bool:
        if form.validate() and not ended_links(self.of.kind, form, record):
            return True
        _told(self.found, line, form)
        return False


def _told(plan: Plan, line: Line, form: Form) -> None:
    """The errors of a form as faults of its row."""
    for each in form:
        name = each.name if each.name in plan.table.letters else ""
        plan.faults += [plan.table.fault(str(words), line.number, name) for words in each.errors]
    plan.faults += [plan.table.fault(str(words), line.number) for words in form.form_errors]


def _bare(each: Any) -> str:
    words = words_of_field(each)
    return words.striptags() if hasattr(words, "striptags") else str(words)


# -- writing


def rehearsed(of: Entering, plan: Plan) -> None:
    """Write all of `plan` and take it back, so that what speaks against one row beside the records
    and beside the others is told. It opens the writing unit itself."""
    with units.trying():
        act_as(db.session, of.user.id)
        written(of, plan)


def written(of: Entering, plan: Plan) -> None:
    """Write all of `plan`, within a writing unit. What is refused is added to its faults, and the
    unit must not be kept then; rows that a record says already are taken out."""
    # A row that was copied beside its record is a second one, and no other name for that.
    taken = {line.record for line in plan.table.lines if line.record is not None}
    kept = []
    for row in plan.rows:
        if row.record is None and (same_one := _same_one(of, row, taken)) is not None:
            taken.add(same_one)
            plan.unchanged += 1
            continue
        kept.append(row)
        _write(of, plan, row)
        if row.number is not None:
            taken.add(row.number)
    plan.rows = kept


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


def _write(of: Entering, plan: Plan, row: Planned) -> None:
    kind, form, line = of.kind, row.form, row.line
    record = None
    if row.record is not None:
        record = kind.get(of.user, row.record, kind.load_detail)
        if record is None:
            plan.faults.append(plan.table.fault(_GONE.format(row.record), line.number))
            return
    doubts = of.doubts(record, row.parent, form.values())
    row.doubts = [doubt.words for doubt in doubts]
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
        form.form_errors.append(_CHANGED)
    except TwinError as error:
        form.add_error(
            "name", f"已有同名的{kind.label}“{error.twin.name}”（编号 {error.twin.id}）。"
        )
    except acts.RefusedError as error:
        form.add_error(error.field, str(error))
    except ToldError as error:
        form.form_errors.append(str(error))
    if form.errors:
        _told(plan, line, form)
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
