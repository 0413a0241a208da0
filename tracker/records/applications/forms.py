"""The form of an application, and those of its steps."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, IntegerField
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import HiddenInput

from tracker.core.quantities.figure import yuan
from tracker.core.quantities.shown import wan
from tracker.records.applications.days import BY_CLICK, word_of
from tracker.records.applications.demands import DEMANDS
from tracker.records.applications.models import (
    SUBJECTS,
    Acceptance,
    Application,
    ApplicationAct,
    ApplicationKind,
)
from tracker.records.applications.queries import allotted
from tracker.records.applications.service import Given, asks, word_of_reason
from tracker.records.applications.steps import STEPS
from tracker.web.forms import DayField, Form, Required, choice, day, long_text, money, text
from tracker.web.kit import form_of

A = ApplicationAct
CONSTRAINTS = {
    "uq_applications_demonstration": (
        "demonstration_village_id",
        "这个示范点已有申报。请核对是否重复申报。",
    ),
    "uq_applications_park": ("park_id", "这个产业园已有申报。请核对是否重复申报。"),
    "ck_applications_granted": ("amount_asked", "申请金额不能小于批准金额。"),
    "ck_applications_about": ("project_id", "申报对象只能选一项，请清除其余。"),
}
_WORDS = {
    "demonstration_village_id": "示范点",
    "park_id": "产业园",
    "project_id": "项目",
    "enclave_id": "飞地",
}


class ApplicationForm(
    form_of(  # type: ignore[misc]  # a base that is made from the model
        Application,
        (
            ("申报", ("kind", "year", "name", "pairing_id")),
            ("申报对象", SUBJECTS),
            ("资金", ("amount_asked",)),
            ("内容", ("works", "benefit")),
        ),
        help={
            "kind": "示范点须选本县登记的示范点，产业园须选登记的产业园；"
            "专项资金项目可选其中一项，没有登记过的可以不选。",
            "year": "申报列入哪一年，例如 2024。",
            "name": "与申报文件一致的全称。",
            "pairing_id": "由哪一组结对共建，没有的不填。",
            "amount_asked": "申请省级资金的数额，单位万元；不申请资金的不填。"
            "总投资、到位资金在项目和台账登记，这里不填。",
            "works": "建设内容、地点、规模和期限。",
            "benefit": "预期带来的变化，例如村集体增收、吸纳就业。",
        },
    ),
):
    """What is applied for, about which record of the place, and how much."""

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field, then that what it is about is of its kind, and one at most."""
        good = super().validate(extra_validators)
        kind = self.kind.data
        chosen = [name for name in SUBJECTS if name in self and self[name].data]
        if not isinstance(kind, ApplicationKind):
            return False
        allowed = DEMANDS[kind].about
        for name in chosen:
            if name not in allowed:
                words = "、".join(_WORDS[each] for each in SUBJECTS if each in allowed)
                self.add_error(name, f"{kind.label}的申报对象只能是{words}，请清除这一项。")
                good = False
        if len(chosen) > 1 and all(name in allowed for name in chosen):
            self.add_error(chosen[-1], "申报对象只能选一项，请清除其余。")
            good = False
        return good


class StepForm(Form):
    """What every step asks for; `version` is what the person saw."""

    version = IntegerField(widget=HiddenInput())

    def given(self) -> Given:
        """What comes with the step."""
        names = [name for name in Given.__dataclass_fields__ if name in self]
        values = {name: self[name].data for name in names}
        return Given(**{name: value for name, value in values.items() if value is not None})


class CorrectionForm(StepForm):
    """What was allotted or came back in truth, and why it was said otherwise."""

    on_day = day("文件日期", description="文件的日期，例如 2024-07-03。")
    document = text("文号", 120, required=True, description="例如 浙山海办〔2024〕3号。")
    amount = money("金额", required=False, description="单位万元；也可写成 1.2亿元。")
    nothing = BooleanField("没有这一笔（误登、重复登记），金额不再计入")
    reason = long_text(
        "理由", 400, required=True, description="请写明错在哪里。原记录保留，以更正为准。"
    )
    agreed = BooleanField("已核对，确认更正", [DataRequired("请核对后勾选确认。")])

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field, then that there is one answer: an amount, or none."""
        good = super().validate(extra_validators)
        if not self.nothing.data and self.amount.data is None and not self.amount.errors:
            self.add_error("amount", "请填写金额；没有这一笔的，请勾选下面一项。")
            good = False
        return good

    def given(self) -> Given:
        """What comes with it: no amount where there was none."""
        amount = None if self.nothing.data else self.amount.data
        return Given(self.reason.data, self.on_day.data, self.document.data, amount)


_HELP = {
    A.SENT_BACK: "请写明要改的内容，填报人看得到。",
    A.WITHDRAWN: "请写明为什么撤回。撤回后可以重新申报。",
    A.CITY_REVIEWED: "市级审核意见，印在申报表上。",
    A.GRANTED: "省级审批意见，印在申报表上。",
    A.RETURNED: "请写明退回的原因和要改的内容，申报单位看得到。",
    A.REJECTED: "请写明不予批准的理由，申报单位看得到。",
    A.INSPECTED: "验收意见，印在申报表上；限期整改的写明要整改的内容。",
    A.REVOKED: "请写明撤销立项的理由，申报单位看得到。",
}
_AGREED = {
    A.SUBMITTED: ("已核对，确认申报", "请核对后勾选确认。申报时刻由系统记下，不能更改。"),
    A.REJECTED: ("已核对，确认不予批准", "请核对后勾选确认。不予批准后即办结，不能恢复。"),
    A.ESTABLISHED: ("已核对，确认立项", "请核对后勾选确认。立项日期和文号不能再改。"),
    A.ALLOTTED: ("已核对，确认下达", "请核对后勾选确认。下达记录只增加，不能修改。"),
    A.RECOVERED: ("已核对，确认收回", "请核对后勾选确认。收回记录只增加，不能修改，有误的更正。"),
    A.INSPECTED: ("已核对，确认验收结果", "请核对后勾选确认。验收记录只增加，不能修改。"),
    A.REVOKED: ("已核对，确认撤销立项", "请核对后勾选确认。撤销后即办结，不能恢复。"),
}
_AMOUNT = {A.GRANTED: "批准金额", A.ALLOTTED: "下达金额", A.RECOVERED: "收回金额"}


def form_of_step(act: ApplicationAct, application: Application) -> type[StepForm]:
    """The form of `act` on `application`."""
    fields: dict[str, Any] = {}
    asked = asks(act)
    if act is A.GRANTED and application.amount_asked is None:
        asked = ("on_day",)
    if "result" in asked:
        fields["result"] = choice("验收结果", Acceptance.choices(), coerce=Acceptance)
    if act in BY_CLICK:
        fields["on_day"] = DayField(
            f"{word_of(act)}日期",
            [Optional()],
            description="签字、盖章或递交的日期，不填为今天。不早于上一步。",
        )
    elif "on_day" in asked:
        fields["on_day"] = day(f"{act.label}日期", description="文件的日期，例如 2024-07-03。")
    if "document" in asked:
        fields["document"] = text(
            "文号", 120, required=True, description="例如 浙山海办〔2024〕3号。"
        )
    if "amount" in asked:
        fields["amount"] = money(_AMOUNT[act], description="单位万元；也可写成 1.2亿元。")
    if "due_on" in asked:
        only = act is A.INSPECTED
        fields["due_on"] = DayField(
            "验收期限",
            [Optional()] if only else [Required()],
            description="限期整改的填写，其他不填。" if only else "应在哪一天以前验收。",
        )
    if STEPS[act].reason:
        fields["reason"] = long_text(
            word_of_reason(act), 400, required=True, description=_HELP[act]
        )
    elif act not in (A.ESTABLISHED, A.ALLOTTED):  # of what came back, why
        fields["reason"] = long_text("说明", 400)
    paid = act is A.REVOKED and application.kind is ApplicationKind.FUND
    if paid and (out := allotted(application).left):
        fields["paid"] = BooleanField(
            f"已知下达的 {wan(yuan(out))} 万元尚未收回，仍要撤销",
            [DataRequired("已有资金下达，请核对金额后勾选确认。")],
        )
    if act in _AGREED:
        label, refusal = _AGREED[act]
        fields["agreed"] = BooleanField(label, [DataRequired(refusal)])
    return type("ActForm", (StepForm,), fields)
