"""The form that issues an order, and those of its steps."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, IntegerField
from wtforms.validators import DataRequired
from wtforms.widgets import HiddenInput

from tracker.records.supervision.models import OrderAct
from tracker.records.supervision.service import Demanded
from tracker.records.supervision.steps import STEPS
from tracker.web.forms import DayField, Form, Required, choice, long_text, text

A = OrderAct
WORDS = 1000  # characters of an answer
DEMAND = 400  # of a demand: the paper has one page


class OrderForm(Form):
    """What is demanded of whom, and by when."""

    makes = True
    name = text("督办事项", 120, required=True, description="一句话说明督办什么。")
    county_id = choice("承办单位", coerce=int, description="由它答复。")
    helper_id = choice(
        "协办单位", coerce=int, required=False, empty="没有", description="协助办理，可以说明情况。"
    )
    demand = long_text(
        "办理要求", DEMAND, required=True, description="要做到什么、报告什么。印在督办单上。"
    )
    due_on = DayField("办理期限", [Required()], description="应在哪一天以前答复，例如 2026-12-15。")
    needs_proof = BooleanField("答复须附佐证材料", default=True)

    def demanded(self) -> Demanded:
        """What the form says, once it has been checked."""
        day: Any = self.due_on
        return Demanded(
            name=self.name.data or "",
            demand=self.demand.data or "",
            county_id=self.county_id.data,
            due_on=day.data,
            helper_id=self.helper_id.data,
            needs_proof=bool(self.needs_proof.data),
        )


class StepForm(Form):
    """What every step asks for; `version` is what the person saw."""

    version = IntegerField(widget=HiddenInput())


_HELP = {
    A.ANSWERED: "写明做了什么、结果如何；没有做到的写明原因和下一步。答复后由下达单位审核。",
    A.NOTED: "写明协助办理的情况，承办单位和下达单位看得到。",
    A.ACCEPTED: "可以写明意见。同意后即办结。",
    A.RETURNED: "写明哪里不够、还要做什么，承办单位看得到。",
    A.EXTENDED: "写明为什么延长。",
    A.CANCELLED: "写明为什么撤销。撤销后即办结，不能恢复。",
}
_AGREED = {
    A.ACCEPTED: ("已核对答复和佐证材料，同意办结", "请核对后勾选确认。办结后不能恢复。"),
    A.CANCELLED: ("已核对，确认撤销", "请核对后勾选确认。撤销后不能恢复。"),
}


def form_of_step(act: OrderAct) -> type[StepForm]:
    """The form of `act`."""
    step = STEPS[act]
    fields: dict[str, Any] = {
        "reason": long_text(step.reason, WORDS, required=step.must, description=_HELP[act])
    }
    if step.dated:
        fields["due_on"] = DayField(
            "新的办理期限", [Required()], description="应在哪一天以前答复，例如 2026-12-15。"
        )
    if act in _AGREED:
        label, refusal = _AGREED[act]
        fields["agreed"] = BooleanField(label, [DataRequired(refusal)])
    return type("OrderStepForm", (StepForm,), fields)
