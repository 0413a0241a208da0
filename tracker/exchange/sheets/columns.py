"""The columns of a kind's template: the fields of its form, never a second list of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from wtforms import BooleanField, Field, SelectField
from wtforms.widgets import HiddenInput

from tracker.web.forms import CountField, DayField, Form, LinesField, MoneyField
from tracker.web.kit.fields import NumberField
from tracker.web.kit.links import LinkField

VERSION = 1  # of what a template is; one of before is not read
ID, ROW_VERSION, PARENT, WHY = "_id", "_version", "_parent", "_why"
YES = "是"
Value = str | Decimal | date | None


class What(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    SHARE = "share"  # in per cent
    COUNT = "count"
    DAY = "day"
    CHOICE = "choice"
    TICK = "tick"


@dataclass(frozen=True)
class Column:
    """A column of a template: the field `name`, what stands above it and in its note, what may be
    chosen; `open_list`: that more may be typed than is offered."""

    name: str
    label: str
    what: What
    unit: str = ""
    required: bool = False
    note: str = ""
    offered: Sequence[str] = ()
    open_list: bool = False

    @property
    def heading(self) -> str:
        """What stands above the column."""
        unit = f"（{self.unit}）" if self.unit else ""
        return f"{self.label}{unit}{'*' if self.required else ''}"


def columns_of(form: Form, parent: Column | None) -> list[Column]:
    """The columns of a form in the order of its groups: what the record is entered under before
    them, and behind them why something unusual is right."""
    names = [name for _, of in getattr(form, "groups", ()) for name in of]
    names += [f.name for f in form if f.name not in names and not is_hidden(f)]
    found = [_column(form[name]) for name in names if name in form]
    why = Column(
        WHY,
        "核实说明",
        What.LINES,
        note="导入时提示某一行“与已有记录不相称”的，核实无误后在这里写明理由，再导入一次；"
        "没有提示的不填。随记录保存。",
    )
    return [*([parent] if parent else []), *found, why]


def is_hidden(field: Field) -> bool:
    """Whether nobody fills in the field."""
    return isinstance(field.widget, HiddenInput)


def _column(field: Field) -> Column:
    what, unit = _what(field)
    offered: Sequence[str] = ()
    is_open = False
    if isinstance(field, LinkField):
        offered = [label for _, label in field.offered]
        is_open = field.is_lookup
    elif isinstance(field, SelectField):
        offered = labels_of(field)
    elif isinstance(field, BooleanField):
        offered = (YES,)
    return Column(
        field.name,
        field.label.text,
        what,
        unit,
        bool(field.flags.required),
        str(field.description or ""),
        offered,
        is_open,
    )


def _what(field: Field) -> tuple[What, str]:
    if isinstance(field, MoneyField):
        return What.NUMBER, "万元"
    if isinstance(field, NumberField):
        if field.percent:
            return What.SHARE, "%"
        return What.NUMBER, field.unit
    if isinstance(field, CountField):
        return What.COUNT, ""
    if isinstance(field, DayField):
        return What.DAY, ""
    if isinstance(field, SelectField):
        return What.CHOICE, ""
    if isinstance(field, BooleanField):
        return What.TICK, ""
    if isinstance(field, LinesField):
        return What.LINES, ""
    return What.TEXT, ""


def labels_of(field: SelectField) -> list[str]:
    """What a choice offers, without the empty one."""
    return [choice.label for choice in field.iter_choices() if choice.value not in ("", None)]


def mark_of(key: str, columns: Sequence[Column]) -> str:
    """What the template of a kind carries of its columns: one of another form is not read."""
    shape = [[c.name, c.label, c.what, c.unit, c.required] for c in columns]
    text = json.dumps([VERSION, key, shape], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def written(field: Field) -> Value:
    """What a cell holds that says what `field` says; None for nothing."""
    if isinstance(field, BooleanField):
        return YES if field.data else None
    if isinstance(field, LinkField):
        return field.name_now or field.label_of(field.data) or None
    if isinstance(field, SelectField):
        chosen = (c.label for c in field.iter_choices() if c.selected and c.value)
        return next(chosen, None)
    if field.data is None or field.data == "":
        return None
    if isinstance(field, DayField):
        return field.data
    text = field._value()
    if isinstance(field, MoneyField | NumberField | CountField):
        return Decimal(text)
    return text
