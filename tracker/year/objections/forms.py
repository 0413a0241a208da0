"""The forms that object to a line, withdraw that, and answer it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wtforms import Field, IntegerField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from tracker.records.determinations.values import SHARE, TYPES, YES_OR_NO
from tracker.web.forms import NOT_OFFERED, Form, choice, long_text
from tracker.web.kit.fields import NumberField
from tracker.year.objections.models import ANSWERS, CORRECTING, ObjectionAct

PLACES = 8
WORDS = 1000  # characters of what somebody says


@dataclass(frozen=True)
class Asked:
    """A measure whose value a form asks for: its name, label and unit, and what it says now."""

    name: str
    label: str
    unit: str
    now: str


class ValuesForm(Form):
    """A form that asks for values of measures, each in a field of its own."""

    asked: Sequence[Asked] = ()

    def field_of(self, measure: str) -> str:
        """The name of the field of a measure; "" where the form has none."""
        return next((_named(at) for at, each in enumerate(self.asked) if each.name == measure), "")

    def given(self) -> dict[str, Decimal]:
        """The values that were filled in, by measure, in its unit."""
        found = ((each.name, self[_named(at)].data) for at, each in enumerate(self.asked))
        return {name: value for name, value in found if value is not None}

    @property
    def value_fields(self) -> list[Any]:
        """The fields of the values, in order."""
        return [self[_named(at)] for at in range(len(self.asked))]


def _named(at: int) -> str:
    return f"value_{at}"


def _value(each: Asked, what: str) -> NumberField:
    said = f"现在所计：{each.now}。"
    if each.unit == YES_OR_NO:
        said += "1 为是，0 为否。"
    elif each.unit == SHARE:
        said += "单位：%。"
    elif each.unit:
        kind = TYPES.get(each.unit)
        said += f"单位：{each.unit}{f'，{kind.hint}' if kind else ''}。"
    percent = each.unit == SHARE
    return NumberField(
        f"{each.label}{what}",
        [Optional()],
        places=PLACES - 2 if percent else PLACES,
        percent=percent,
        description=said,
    )


def _with_values(base: type[ValuesForm], asked: Sequence[Asked], what: str) -> type[Any]:
    fields: dict[str, Any] = {_named(at): _value(each, what) for at, each in enumerate(asked)}
    return type(base.__name__, (base,), {"asked": tuple(asked), **fields})


class FileForm(ValuesForm):
    """What is wrong with a line, and what is right."""

    makes = True

    words = long_text(
        "申诉理由",
        WORDS,
        required=True,
        description="写明哪里有误、为什么，例如漏计的项目、不同的口径。"
        "佐证材料在提交以后，从这件申诉的页面上传。",
    )


class WithdrawForm(Form):
    """Why an objection is taken back."""

    reason = long_text("撤回的理由", 400, required=True, description="理由留在办理经过中。")


def _how(acts: Iterable[ObjectionAct], not_offered: str = NOT_OFFERED) -> Field:
    offered = [(act.value, act.label.removeprefix("答复：")) for act in acts]
    return choice("答复", offered, coerce=ObjectionAct, not_offered=not_offered)


class AnswerForm(ValuesForm):
    """How an objection is answered; `version` is what the person saw."""

    version = IntegerField(widget=HiddenInput())
    how = _how(ANSWERS)
    reason = long_text(
        "答复的理由",
        WORDS,
        required=True,
        description="写明依据；申诉单位看得到，并印在评分表和考核通报上。",
    )


def file_form(asked: Sequence[Asked]) -> type[FileForm]:
    """The form that objects to a line with such measures."""
    return _with_values(FileForm, asked, "应为")


def answer_form(asked: Sequence[Asked], only_refusing: str = "") -> type[Any]:
    """The form that answers an objection to such a line. `only_refusing`: why nothing but a refusal
    can be given yet, which corrects no value and is said to whoever sends something else."""
    if not only_refusing:
        return _with_values(AnswerForm, asked, "更正为")
    refusals = [act for act in ANSWERS if act not in CORRECTING]
    return type("AnswerForm", (AnswerForm,), {"how": _how(refusals, only_refusing)})
