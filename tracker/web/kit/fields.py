"""Forms that follow from a model: each field from its column's type, words and constraints."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer, String, Table, Text
from wtforms import Field, IntegerField, SelectField
from wtforms.validators import Optional, StopValidation
from wtforms.widgets import HiddenInput

from tracker.core.db import Base, Coded, Money, Scaled
from tracker.core.quantities.figure import WAN_YUAN
from tracker.core.quantities.printed import trimmed
from tracker.core.quantities.reading import parse_money, parse_number, signs_of
from tracker.core.quantities.units import WAN
from tracker.web import forms
from tracker.web.forms import Required
from tracker.web.kit.links import LinkField
from tracker.web.kit.words import PART, column_of, label_of, rule_words, words_of

LONG = 2000  # characters of a text without a length of its own
MOST_OFFERED = 200
SAME_NAME = "已有同名的记录；全角与半角、大小写、空格不同，仍算同名。请核对是否重复登记。"
_SPAN = re.compile(r"(?P<first>\w+) <=? (?P<second>\w+)")

_OF_MONEY = frozenset("元万亿千百十萬億仟佰拾")  # what makes a figure an amount with its unit

Groups = Sequence[tuple[str, Sequence[str]]]


class RecordForm(forms.Form):
    """A form over `model`; `version` is the row version that the person saw."""

    version = IntegerField(widget=HiddenInput())
    model: type[Any]
    groups: Groups = ()

    def process(
        self, formdata: Any = None, obj: Any = None, data: Any = None, **options: Any
    ) -> None:
        """Read all fields, the figures in the units that come with them."""
        formdata = self.meta.wrap_formdata(self, formdata)
        sent, kept = formdata or {}, data or {}
        self.set_units(
            lambda name: sent.get(name) or getattr(obj, name, None) or kept.get(name) or ""
        )
        super().process(formdata, obj, data, **options)

    def set_units(self, told: Callable[[str], Any]) -> None:
        """Set the units of figures by what another field says, before any is read: `told` gives
        what was sent for a field, else what the record has, else ""."""

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field by itself, then the order of the days."""
        good = super().validate(extra_validators)
        for first, second, _ in spans_of(self.model.__table__):
            if first in self and second in self:
                good = self._in_order(self[first], self[second]) and good
        return good

    def _in_order(self, first: Field, second: Field) -> bool:
        if not (first.data and second.data and second.data < first.data):
            return True
        self.add_error(
            second.name,
            f"{second.label.text} {second.data} 早于{first.label.text} {first.data}。"
            "请核对两处日期。",
        )
        return False


def form_of(
    model: type[Any],
    groups: Groups,
    *,
    optional: Collection[str] = (),
    required: Collection[str] = (),
    future: Collection[str] = (),
    help: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    **fields: Field,
) -> type[RecordForm]:
    """The form of `model` with the fields that `groups` names, heading by heading.

    A field is required where its column may not be empty, unless it stands in `optional`, or if it
    stands in `required`. Days lie in the past unless named in `future`. `help` is the sentence
    below a field, `labels` its name where the dictionary's does not fit. Fields given by name
    replace the ones that follow from the model, or stand beside them.
    """
    made: dict[str, Any] = {"model": model, "groups": tuple(groups)}
    shown_a_day = False
    for name in (name for _, names in groups for name in names):
        if name in fields:
            made[name] = fields[name]
            continue
        must = name in required or (_must(model, name) and name not in optional)
        options = {"description": help[name]} if help and name in help else {}
        if not shown_a_day and isinstance(_type(model.__table__, name), Date):
            shown_a_day = True
            options.setdefault("description", "例如 2024-07-03，也可写成 2024.7.3。")
        made[name] = field_of(
            model,
            name,
            required=must,
            future=name in future,
            label=(labels or {}).get(name, ""),
            **options,
        )
    return type(f"{model.__name__}Form", (RecordForm,), made)


def field_of(
    model: type[Any],
    name: str,
    *,
    required: bool,
    future: bool = False,
    label: str = "",
    **options: Any,
) -> Field:
    """The field for the column `name` of `model`."""
    column = column_of(model, name)
    if column is None:
        raise ValueError(f"{model.__name__}.{name} is not one column; give its field by hand")
    label = label or label_of(model, name)
    if column.foreign_keys:
        checks = [Required("选择")] if required else [Optional()]
        return LinkField(label, checks, **options)
    kind = column.type
    if isinstance(kind, Coded):
        members: Any = kind.members
        empty = "请选择" if required else words_of(column).empty or "未填"
        return forms.choice(
            label, members.choices(), coerce=members, required=required, empty=empty,
            **options,
        )  # fmt: skip
    if isinstance(kind, Boolean):
        return yes_no(label, required=required, **options)
    if isinstance(kind, Money):
        options.setdefault("description", "单位万元；也可写成 1.2亿元。")
        return money(label, required=required, least=_least(column), **options)
    if isinstance(kind, Scaled):
        return number(label, column, required=required, **options)
    if isinstance(kind, Date):
        return day(label, required=required, future=future, **options)
    if isinstance(kind, Integer):
        return count(label, column, required=required, **options)
    if isinstance(kind, Text) or (isinstance(kind, String) and (kind.length or LONG) > 200):
        made = forms.long_text(label, kind.length or LONG, required=required, **options)
    else:
        assert isinstance(kind, String)
        assert kind.length is not None
        made = forms.text(label, kind.length, required=required, **options)
    if column.nullable:
        made.kwargs["filters"].append(_or_none)
    return made


def yes_no(
    label: str, *, required: bool = False, empty: str = "未定", **options: Any
) -> SelectField:
    """是, 否, or nobody has said."""
    answers = [("True", "是"), ("False", "否")]
    return forms.choice(
        label,
        answers,
        coerce=_truth,
        required=required,
        empty="请选择" if required else empty,
        **options,
    )


def money(label: str, *, required: bool, least: int | None = None, **options: Any) -> Field:
    """An amount above 0; from 0 on where `least` is 0."""
    if least == 0:
        return forms.MoneyField(label, [Required() if required else Optional()], **options)
    return forms.money(label, required=required, **options)


def day(label: str, *, required: bool, future: bool = False, **options: Any) -> Field:
    """A day; one that has come unless `future`."""
    if not future:
        return forms.day(label, required=required, **options)
    return forms.DayField(label, [Required() if required else Optional()], **options)


def number(label: str, column: Column, *, required: bool, **options: Any) -> Field:
    """A decimal in the unit of its column; a part of the whole is typed as per cent."""
    unit = words_of(column).unit or ""
    part = unit == PART
    if unit:
        options.setdefault("description", f"单位：{'%' if part else unit}。")
    bounds, kind = _bounds(column), column.type
    assert isinstance(kind, Scaled)
    return NumberField(
        label,
        [Required() if required else Optional(), bounds],
        places=kind.places - (2 if part else 0),
        percent=part,
        unit=unit,
        **options,
    )


def count(label: str, column: Column, *, required: bool, **options: Any) -> Field:
    """A whole number; a year has four digits and lies in its column's bounds."""
    unit = words_of(column).unit or ""
    year = unit == "年"
    if not options.get("description") and unit and unit != "季度":
        options["description"] = "例如 2024。" if year else f"单位：{unit}。"
    return forms.CountField(
        label,
        [Required() if required else Optional(), _bounds(column)],
        most=9999 if year else 999_999_999,
        **options,
    )


class NumberField(forms._TypedField):
    """A decimal with at most `places` decimals, below 0 only if `signed`; with `percent`, `data`
    is a hundredth of it. A rate's `unit` may be typed behind it."""

    def __init__(
        self,
        *args: Any,
        places: int,
        percent: bool = False,
        signed: bool = False,
        unit: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.unit = unit
        self.places = places
        self.percent = percent
        self.signed = signed

    def read(self, typed: str) -> Decimal:
        value = self._parsed(typed)
        if abs(value) >= 10 ** min(12, 18 - self.places):
            raise ValueError("数字过大，请核对单位。")
        if value != round(value, self.places):
            raise ValueError(f"最多 {self.places} 位小数，请核对。")
        return value / 100 if self.percent else value

    def _parsed(self, typed: str) -> Decimal:
        """An amount is read as amounts are everywhere: 1.2亿元, 1千万元."""
        plain = signs_of(typed)
        if self.unit != WAN_YUAN or self.percent or not set(plain) & _OF_MONEY:
            unit = "%" if self.percent else self.unit
            return parse_number(typed, signed=self.signed, unit=unit)
        if self.signed and plain.startswith("-"):
            return -parse_money(plain[1:]) / WAN
        return parse_money(plain) / WAN

    def written(self, value: Any) -> str:
        shown = value * 100 if self.percent else value
        return f"{shown.normalize():f}"


def spans_of(table: Table) -> list[tuple[str, str, str]]:
    """(earlier, later, constraint) of each pair of days or years that must not run backwards."""
    found = []
    for check in table.constraints:
        if not isinstance(check, CheckConstraint):
            continue
        match = _SPAN.fullmatch(str(check.sqltext))
        if match and all(isinstance(_type(table, match[i]), Date) for i in (1, 2)):
            found.append(
                (_attribute(table, match[1]), _attribute(table, match[2]), str(check.name))
            )
    return sorted(found)


def constraints_of(model: type[Any]) -> dict[str, tuple[str, str]]:
    """Constraint → (field, message) for all that the database may refuse of a record."""
    table: Table = model.__table__
    found: dict[str, tuple[str, str]] = {}
    for check in table.constraints:
        if isinstance(check, CheckConstraint) and check.name:
            name = str(check.name)
            short = name.removeprefix(f"ck_{table.name}_")
            said = rule_words(table.name, name)
            where = short if short in table.columns else _named_in(table, str(check.sqltext))
            column = table.columns.get(where)
            label = words_of(column).label if column is not None else "所填内容"
            message = f"{said}。" if said else f"{label}不合要求，请核对。"
            found[name] = (_attribute(table, where), message)
    for first, second, name in spans_of(table):
        found[name] = (second, f"此日期早于{label_of(model, first)}，请核对。")
    keys: list[Any] = [i for i in table.indexes if i.unique]
    keys += [c for c in table.constraints if c.__class__.__name__ == "UniqueConstraint"]
    for key in keys:
        if "name_key" in key.columns:
            found[str(key.name)] = ("name", SAME_NAME)
            continue
        columns = [c for c in key.columns if not c.foreign_keys] or list(key.columns)
        label = "、".join(words_of(c).label for c in columns)
        message = f"已有{label}相同的记录。请核对是否重复登记。"
        found[str(key.name)] = (_attribute(table, columns[-1].name), message)
    return found


def _must(model: type[Any], name: str) -> bool:
    column = column_of(model, name)
    if column is None or column.nullable:
        return False
    default: Any = column.default
    return not (isinstance(column.type, String) and default is not None and default.arg == "")


def _or_none(text: str) -> str | None:
    return text or None


def _truth(raw: object) -> bool:
    if str(raw) not in ("True", "False"):
        raise ValueError
    return str(raw) == "True"


def _type(table: Table, name: str) -> Any:
    return table.columns[name].type if name in table.columns else None


def _attribute(table: Table, column: str) -> str:
    """The attribute of the column `column`, where their names differ."""
    for mapper in Base.registry.mappers:
        if mapper.local_table is table and column in table.columns:
            return mapper.get_property_by_column(table.columns[column]).key
    return column


def _named_in(table: Table, condition: str) -> str:
    words = re.findall(r"\w+", re.sub(r"'[^']*'", "", condition))
    named = [word for word in words if word in table.columns]
    return named[-1] if named else ""


def _least(column: Column) -> int | None:
    for check in column.table.constraints:
        if isinstance(check, CheckConstraint) and f"{column.name} >= 0" in str(check.sqltext):
            return 0
    return None


def _bounds(column: Column) -> Callable[[Any, Field], None]:
    """A check by what the table asks of the column alone."""
    low, high, above = None, None, False
    scale = 10**column.type.places if isinstance(column.type, Scaled) else 1
    for check in column.table.constraints:
        if not isinstance(check, CheckConstraint):
            continue
        condition = str(check.sqltext)
        if found := re.search(rf"\b{column.name} BETWEEN (\d+) AND (\d+)", condition):
            low, high = Decimal(found[1]) / scale, Decimal(found[2]) / scale
        if found := re.search(rf"\b{column.name} <= (\d+)", condition):
            high = Decimal(found[1]) / scale
        if re.search(rf"\b{column.name} > 0\b", condition):
            above = True
    part, year = words_of(column).unit == PART, words_of(column).unit == "年"

    def check_bounds(form: Any, field: Field) -> None:
        if field.data is None or isinstance(field.data, date):
            return
        if above and field.data <= 0:
            raise StopValidation(f"{field.label.text}应大于 0。")
        if (low is not None and field.data < low) or (high is not None and field.data > high):
            assert high is not None  # a lower bound comes with an upper one
            raise StopValidation(f"{field.label.text}{_range(low, high, percent=part, year=year)}")

    return check_bounds


def _range(low: Decimal | None, high: Decimal, *, percent: bool, year: bool) -> str:
    ends = [
        str(end) if year else trimmed(end * 100 if percent else end)
        for end in (low or Decimal(0), high)
    ]
    unit = "%" if percent else ""
    if low is None:
        return f"不能大于 {ends[1]}{unit}。"
    return f"应在 {ends[0]} 至 {ends[1]}{unit} 之间。"
