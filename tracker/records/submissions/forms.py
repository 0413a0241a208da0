"""The forms of the steps of a filing, and of a year's last days."""

from __future__ import annotations

from datetime import date

from wtforms import BooleanField, IntegerField
from wtforms.validators import DataRequired
from wtforms.widgets import HiddenInput

from tracker.records.submissions.models import FilingAct, FilingKind
from tracker.web.forms import DayField, Form, Required, long_text

_REASONS = {
    FilingAct.RETURNED: "请写明退回的原因和要改的内容，填报单位看得到。",
    FilingAct.WITHDRAWN: "请写明为什么撤回，领导看得到。",
    FilingAct.SENT_BACK: "请写明要改的内容，填报人看得到。",
    FilingAct.REOPENED: "请写明为什么开锁、要改什么。",
}


class StepForm(Form):
    """What every step asks for; `version` is what the person saw."""

    version = IntegerField(widget=HiddenInput())


class NoteForm(StepForm):
    """A step that may be given a word."""

    reason = long_text("意见", 400)


class ApproveForm(NoteForm):
    """Approving. `aware`: what is open of the check and has to be confirmed; asked where there is
    any, with its own words."""

    aware = BooleanField("")


class SubmitForm(NoteForm):
    """Filing: its moment stands once and for all, so it is confirmed; `aware` as of approving."""

    aware = BooleanField("")
    agreed = BooleanField(
        "已核对，确认报送",
        [DataRequired("请核对后勾选确认。报送时刻由系统记下，不能更改。")],
    )


class LockForm(NoteForm):
    """Locking: what is in the period can be changed no more."""

    agreed = BooleanField(
        "已核对，确认锁定", [DataRequired("请核对后勾选确认。锁定后所填数据不能再改。")]
    )


def _reasoned(act: FilingAct) -> type[Form]:
    class ReasonedForm(StepForm):
        reason = long_text("理由", 400, required=True, description=_REASONS[act])

    return ReasonedForm


class ReopenForm(StepForm):
    """Opening again: why, and until when."""

    reason = long_text("理由", 400, required=True, description=_REASONS[FilingAct.REOPENED])
    until = DayField("截止日", [Required()], description="最后一日，最长 30 天，过后自动锁定。")


FORMS: dict[FilingAct, type[Form]] = {
    FilingAct.STARTED: StepForm,
    FilingAct.APPROVED: ApproveForm,
    FilingAct.SENT_BACK: _reasoned(FilingAct.SENT_BACK),
    FilingAct.WITHDRAWN: _reasoned(FilingAct.WITHDRAWN),
    FilingAct.SUBMITTED: SubmitForm,
    FilingAct.RETURNED: _reasoned(FilingAct.RETURNED),
    FilingAct.CITY_REVIEWED: NoteForm,
    FilingAct.REVIEWED: NoteForm,
    FilingAct.LOCKED: LockForm,
    FilingAct.REOPENED: ReopenForm,
    FilingAct.CLOSED: NoteForm,
}


class PassForm(Form):
    """Why warnings of the check are no faults; which, comes with the request."""

    reason = long_text(
        "理由", 400, required=True, description="说明所填数据为什么无误。审核人看得到，不能修改。"
    )


class PeriodsForm(Form):
    """The last days of a year's filings."""

    plan = DayField(FilingKind.PLAN.label, [Required()])
    q1 = DayField(FilingKind.Q1.label, [Required()])
    q2 = DayField(FilingKind.Q2.label, [Required()])
    q3 = DayField(FilingKind.Q3.label, [Required()])
    q4 = DayField(FilingKind.Q4.label, [Required()])
    annual = DayField(FilingKind.ANNUAL.label, [Required()])

    def stated(self) -> dict[FilingKind, date]:
        """The days as they were named."""
        return {kind: self[kind.value].data for kind in FilingKind}
