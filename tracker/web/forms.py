"""What all forms share: fields that read as people write, and Chinese messages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import BooleanField, Field, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, StopValidation
from wtforms.widgets import HiddenInput, TextInput

from tracker.core.db.records import Precision
from tracker.core.quantities.clock import today
from tracker.core.quantities.reading import parse_day, parse_money, parse_number, signs_of
from tracker.core.quantities.units import WAN
from tracker.engine.typeset.gate import refusal

NOT_OFFERED = "所选项不在列表中，请重新选择。"

# An exact figure is what stands there when nothing is chosen.
PRECISIONS = (
    (Precision.AT_LEAST, "不少于（≥）"),
    (Precision.AT_MOST, "不多于（≤）"),
    (Precision.ABOUT, "约（≈）"),
)


ONCE = "once"  # the field that holds the token of a form that makes something
NOT_MARKED = "这张表单没有带上防重复的标记，本次没有登记。内容仍在下面，核对后请再次提交。"
_TOKEN = re.compile(r"[0-9a-f]{32}")


def is_token(given: str) -> bool:
    """Whether `given` has the shape of a token that `once()` puts into forms."""
    return _TOKEN.fullmatch(given) is not None


class Form(FlaskForm):
    """Base of all forms: Chinese messages, and the typed values by field name.

    `makes`: whether what is sent makes a record; then it has to bring the token of its page, by
    which it is taken once (`once()`, `tracker/web/transactions.py`).
    """

    makes = False

    class Meta(FlaskForm.Meta):
        locales = ("zh_CN", "zh")

    def validate(self, extra_validators: dict | None = None) -> bool:
        good = super().validate(extra_validators)
        if self.makes and not is_token(request.form.get(ONCE, "")):
            self.form_errors.append(NOT_MARKED)
            return False
        return good

    def values(self) -> dict[str, Any]:
        """The data of all fields but the hidden ones."""
        return {
            field.name: field.data for field in self if not isinstance(field.widget, HiddenInput)
        }

    def add_error(self, field: str, message: str) -> None:
        """Put `message` beside `field` and into the summary; above the form where it has no such
        field."""
        if field in self:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)


def typed_labels(sent: type[Form] | None = None) -> dict[str, str]:
    """The labels of all forms' fields in which people type, by field name; where forms differ,
    those of `sent`."""
    forms = [*_all_forms(Form), *([sent] if sent else [])]
    return {
        name: field.args[0]
        for form in forms
        for name, field in vars(form).items()
        if getattr(field, "field_class", SelectField) not in (SelectField, BooleanField)
        and field.args
    }


def note_current(form: Form, current: Form) -> None:
    """Tell on `form` that somebody else changed the record, and beside each differing field what
    it says now. The person's own text stays; saving once more is then a decision."""
    form.form_errors.append(
        "记录已被他人修改，本次未保存。您填写的内容仍在下面，与现值不同之处已注明；"
        "核对后再次保存，将以您填写的内容为准。"
    )
    for field in form:
        now = current[field.name]
        if isinstance(field.widget, HiddenInput) or field.data == now.data:
            continue
        form.add_error(field.name, f"现值为：{_shown(now)}")
    form["version"].raw_data = None
    form["version"].data = current["version"].data


def _shown(field: Field) -> str:
    if isinstance(field, SelectField):
        return next((c.label for c in field.iter_choices() if c.selected), "空")
    return field._value() or "空"


def _all_forms(form: type[Form]) -> Iterator[type[Form]]:
    for derived in form.__subclasses__():
        yield derived
        yield from _all_forms(derived)


class Required:
    """The field must be filled in; the message names it."""

    field_flags = {"required": True}

    def __init__(self, verb: str = "填写") -> None:
        self.verb = verb

    def __call__(self, form: FlaskForm, field: Field) -> None:
        filled = any(isinstance(raw, str) and raw.strip() for raw in field.raw_data or ())
        if not filled:
            field.errors = []
            raise StopValidation(f"请{self.verb}{field.label.text}。")


class NotLonger(Length):
    """At most `most` characters; the message says how many there are."""

    def __init__(self, most: int) -> None:
        super().__init__(max=most)

    def __call__(self, form: FlaskForm, field: Field) -> None:
        length = len(field.data or "")
        if length > self.max:
            raise StopValidation(f"{field.label.text}最多 {self.max} 字，现有 {length} 字。")


def printable(form: FlaskForm, field: Field) -> None:
    """Refuse characters that could not be printed on a scorecard."""
    if fault := refusal(field.label.text, field.data or ""):
        raise StopValidation(fault)


def one_line(form: FlaskForm, field: Field) -> None:
    """Refuse line breaks and tabs in a text of one line."""
    if any(char in "\r\n\t" for char in field.data or ""):
        raise StopValidation(f"{field.label.text}应在一行之内，请去掉换行和制表符。")


def not_future(form: FlaskForm, field: Field) -> None:
    """Refuse a day that has not come."""
    if field.data and field.data > today():
        raise StopValidation(
            f"{field.label.text} {field.data} 晚于今天({today()})。请填写已经发生的日期。"
        )


def positive(form: FlaskForm, field: Field) -> None:
    """Refuse an amount of nothing."""
    if field.data is not None and field.data <= 0:
        raise StopValidation(f"{field.label.text}应大于 0。")


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _unix_lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _shown_again(typed: str) -> str:
    """`typed` for the page: what HTML cannot hold stands as its replacement sign."""
    kept = "\r\n\t"
    return "".join(
        "\ufffd" if char not in kept and unicodedata.category(char) in ("Cc", "Cs") else char
        for char in typed
    )


class LineField(StringField):
    """A text of one line."""

    def _value(self) -> str:
        return _shown_again(super()._value())


class LinesField(TextAreaField):
    """A text of several lines."""

    def _value(self) -> str:
        return _shown_again(super()._value())


class Suggesting(TextInput):
    """A line of text with the words of `offered` to choose from."""

    def __init__(self, offered: Callable[[], Iterable[str]]) -> None:
        super().__init__()
        self.offered = offered

    def __call__(self, field: Field, **options: object) -> Markup:
        listed = Markup("").join(
            Markup('<option value="{}"></option>').format(word) for word in self.offered()
        )
        shown = super().__call__(field, list=f"{field.id}-l", **options)
        return shown + Markup('<datalist id="{}-l">{}</datalist>').format(field.id, listed)


def text(label: str, most: int, *, required: bool = False, **options: object) -> Field:
    """A text of one line with at most `most` characters."""
    checks = [Required() if required else Optional(), one_line, NotLonger(most), printable]
    return LineField(label, checks, filters=[_stripped], **options)


def long_text(label: str, most: int, *, required: bool = False, **options: object) -> Field:
    """A text of several lines with at most `most` characters."""
    checks = [Required() if required else Optional(), NotLonger(most), printable]
    return LinesField(label, checks, filters=[_unix_lines], **options)


def choice(
    label: str,
    choices: Iterable[tuple[str, str]] = (),
    *,
    coerce: Callable = str,
    required: bool = True,
    empty: str = "请选择",
    not_offered: str = NOT_OFFERED,
    **options: object,
) -> Field:
    """A choice of one, by (value, label); begins with nothing chosen. `not_offered`: what is said
    to whoever sends another."""
    return SelectField(
        label,
        [Required("选择")] if required else [Optional()],
        choices=select_choices([("", empty), *choices]),
        coerce=lambda raw: _coerced(raw, coerce),
        invalid_value_message=not_offered,
        invalid_choice_message=not_offered,
        **options,
    )


def offer(field: SelectField, choices: Iterable[tuple[object, str]]) -> None:
    """Replace the choices of `field`, keeping the empty one."""
    field.choices = [field.choices[0], *select_choices(choices)]


def select_choices(choices: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """What a select offers, by (value, label)."""
    return [SelectChoice(value=str(value), label=label) for value, label in choices]


def _coerced(raw: object, coerce: Callable) -> object:
    if raw is None or raw == "":
        return None
    return raw if isinstance(raw, StrEnum) else coerce(raw)


class EchoedInput(TextInput):
    """A line for an amount, with the place in which it is said in other units while typed."""

    def __call__(self, field: Field, **options: object) -> Markup:
        shown = super().__call__(field, data_money="", **options)
        return shown + Markup(
            '<output class="echo" id="{0}-echo" for="{0}" aria-live="polite"></output>'
        ).format(field.id)


class _TypedField(Field):
    """A field of one line that keeps what was typed until it has been understood."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return _shown_again(self.raw_data[0])
        return "" if self.data is None else self.written(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = self.read(valuelist[0])

    def read(self, typed: str) -> object:
        raise NotImplementedError

    def written(self, value: object) -> str:
        raise NotImplementedError


class MoneyField(_TypedField):
    """An amount; `data` is 元 (Decimal) or None. Without a unit, 万元 is meant. What is typed is
    said in 元, 万元 and 亿元 in an output beside it (static/js/amounts.js)."""

    widget = EchoedInput()

    def read(self, typed: str) -> Decimal:
        return parse_money(typed)

    def written(self, value: Any) -> str:
        return f"{(value / WAN).normalize():f}"


class DayField(_TypedField):
    """A day; `data` is a date or None."""

    def read(self, typed: str) -> date:
        return parse_day(typed)

    def written(self, value: Any) -> str:
        return value.isoformat()


class CountField(_TypedField):
    """A whole number from 0 to `most`; `data` is an int or None."""

    def __init__(self, *args: object, most: int, **options: object) -> None:
        super().__init__(*args, **options)
        self.most = most

    def read(self, typed: str) -> int:
        value = parse_number(typed, wanted="整数，例如 12")
        if value != int(value) or "." in signs_of(typed):
            raise ValueError("请填写整数，例如 12。")
        if value > self.most:
            raise ValueError(f"数字超过 {self.most:,}，请核对。")
        return int(value)

    def written(self, value: Any) -> str:
        return str(value)


def money(label: str, *, required: bool = True, **options: object) -> Field:
    """An amount above 0."""
    return MoneyField(label, [Required() if required else Optional(), positive], **options)


def precision(label: str, **options: Any) -> SelectField:
    """How exact a figure is: exact unless one of `PRECISIONS` is chosen."""
    return choice(
        label,
        [(each.value, words) for each, words in PRECISIONS],
        coerce=Precision,
        required=False,
        empty="确数",
        filters=[lambda chosen: chosen or Precision.EXACT],
        **options,
    )


def day(label: str, *, required: bool = True, **options: object) -> Field:
    """A day that has come."""
    return DayField(label, [Required() if required else Optional(), not_future], **options)
