"""The third stage: each row by the form of its kind, and what would come of it by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import current_app, g
from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from tracker.core.quantities.shown import wan
from tracker.exchange.sheets.columns import PARENT, WHY, Column, What, is_hidden
from tracker.exchange.sheets.entering import MOST_WRITTEN, Entering
from tracker.exchange.sheets.origin import AGAIN
from tracker.exchange.sheets.table import Fault, Line, Table
from tracker.exchange.sheets.template import line_of
from tracker.exchange.sheets.typed import same, value_of
from tracker.web.forms import NOT_OFFERED, Form, MoneyField
from tracker.web.kit import acts
from tracker.web.kit.conflicts import words_of_field
from tracker.web.kit.links import LinkField
from tracker.web.kit.offered import ended_links

Tell = Callable[[int, int], None]  # (rows done, of how many)
CHANGED = "这条记录在下载模板以后已被修改，与表中不同。请重新下载模板，在新的表中修改。"
GONE = "没有编号 {} 的记录，或不归您修改；可能已被删除。" + AGAIN
_TWICE = "与第 {} 行是同一条记录：复制已有的行会带上原记录的编号。新增的请填在空行。"
_TEXTS = (What.TEXT, What.LINES)
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
    values: list[tuple[str, str]] = field(default_factory=list)  # of a new row: what was read
    doubts: list[str] = field(default_factory=list)
    number: int | None = None  # of the record that came of it


@dataclass
class Plan:
    """What a workbook comes to."""

    table: Table
    rows: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    faulty: list[Planned] = field(default_factory=list)  # rows that are not written, for what else

    too_many: bool = False

    def tell(self, line: Line, form: Form, known: Collection[str] = ()) -> None:
        """The errors of a form become faults of its row, but those of the columns `known`."""
        for each in form:
            if each.name not in known:
                name = each.name if each.name in self.table.letters else ""
                self.faults += [
                    self.table.fault(str(words), line.number, name) for words in each.errors
                ]
        self.faults += [self.table.fault(str(words), line.number) for words in form.form_errors]

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
            self.found.too_many = True
        return self.found

    def fault(self, words: str, line: Line, name: str = "") -> None:
        self.found.faults.append(self.table.fault(words, line.number, name))

    def _new(self, line: Line) -> None:
        parent, wrong = None, set()
        if self.of.under is not None:
            number = value_of(line.texts.get(PARENT, ""), self.by_label)
            if number is None:
                label = self.of.under.label
                said = NOT_OFFERED if line.texts.get(PARENT) else f"请选择{label}。"
                self.fault(said, line, PARENT)
                wrong.add(PARENT)
            else:
                parent = self.parents[number]
                if reason := self.of.refused(parent):
                    self.fault(reason, line, PARENT)
                    wrong.add(PARENT)
        blank = self.of.form(None, parent, formdata=None)
        sent = self._sent(line, blank, {}, wrong)
        form = self.of.form(None, parent, formdata=sent)
        row = Planned(line, form, parent, why=line.texts.get(WHY, ""))
        if self._valid(line, form, None, wrong):
            row.values = self._read(line, form)
            self.found.rows.append(row)
        else:
            self.found.faulty.append(row)

    def _read(self, line: Line, form: Form) -> list[tuple[str, str]]:
        """What became of the cells that a person may have typed in more than one way: figures in
        their units, days, choices; what is text stands as it was typed."""
        above = self.of.under
        said = [(above.label, line.texts.get(PARENT, ""))] if above is not None else []
        for column in self.of.columns:
            if column.what not in _TEXTS and column.name in form and line.texts.get(column.name):
                said.append((column.label, _with_unit(column, form[column.name])))
        return said

    def _kept(self, line: Line) -> None:
        assert line.record is not None
        if line.record in self.rows:
            self.fault(_TWICE.format(self.rows[line.record]), line)
            return
        self.rows[line.record] = line.number
        of = self.of
        record = of.kind.get(of.user, line.record, of.kind.load_detail)
        if record is None:
            self.fault(GONE.format(line.record), line)
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
        self._change(line, record, before.values, {column.name for column in locked})

    def _change(self, line: Line, record: Any, before: Mapping[str, Any], wrong: set[str]) -> None:
        now = self.of.form(record, None, obj=record, formdata=None)
        sent = self._sent(line, now, before, wrong)
        form = self.of.form(record, None, obj=record, formdata=sent)
        why, version = line.texts.get(WHY, ""), acts.version_of(record)
        if not self._valid(line, form, record, wrong):
            if line.version != version:
                self.fault(CHANGED, line)
            self.found.faulty.append(Planned(line, form, None, record.id, line.version, why))
            return
        changes = [
            (each.label.text, _bare(now[each.name]), _bare(each))
            for each in form
            if not is_hidden(each) and each.name in now and each.data != now[each.name].data
        ]
        if not changes:
            self.found.unchanged += 1
            return
        row = Planned(line, form, None, record.id, line.version, why, changes)
        if line.version != version:
            self.fault(CHANGED, line)
            self.found.faulty.append(row)
            return
        self.found.rows.append(row)

    def _sent(
        self, line: Line, form: Form, before: Mapping[str, Any], wrong: set[str]
    ) -> MultiDict:
        """What the form would be sent with what stands in the row. What cannot be sent is a fault,
        and its column joins `wrong`, so that the form is asked about the others all the same."""
        sent: MultiDict = MultiDict()
        for column in self.of.columns:
            text = line.texts.get(column.name, "")
            if column.name in (PARENT, WHY) or column.name in wrong or not text:
                continue
            if column.name not in form:
                # Under which record it is decides what is asked; of none nothing can be said.
                if PARENT not in wrong and not same(column, text, before.get(column.name)):
                    self.fault(f"{column.label}在这一行不填，请清空。", line, column.name)
                    wrong.add(column.name)
                continue
            value = self._chosen(column, form, text)
            if value is None:
                self.fault(NOT_OFFERED, line, column.name)
                wrong.add(column.name)
            else:
                sent[column.name] = value
        return sent

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

    def _valid(self, line: Line, form: Form, record: Any, wrong: set[str]) -> bool:
        """Whether a row may be written; else all that its form says of the columns that are not
        `wrong` already becomes faults."""
        if form.validate() and not ended_links(self.of.kind, form, record) and not wrong:
            return True
        self.found.tell(line, form, wrong)
        return False


def _with_unit(column: Column, each: Any) -> str:
    """What a field of a new row holds, in the unit of its column."""
    if isinstance(each, MoneyField) and each.data is not None:
        return f"{wan(Decimal(str(each.data)))} 万元"
    unit = f" {column.unit}" if column.what is What.NUMBER and column.unit else ""
    return f"{_bare(each)}{unit}"


def _bare(each: Any) -> str:
    words = words_of_field(each)
    return words.striptags() if hasattr(words, "striptags") else str(words)
