"""The forms of the course: the days of the stages, a step, the review of cards, a gap."""

from __future__ import annotations

from datetime import date

from wtforms import HiddenField, IntegerField
from wtforms.widgets import HiddenInput

from tracker.web.forms import DayField, Form, Required, long_text, text
from tracker.year.procedure.models import DATED, Stage
from tracker.year.procedure.steps import Step

_HELP = {
    Stage.SELF: "县（市、区）自评和年报的截止日。",
    Stage.NOTICE: "最迟从这一天起公示；公示期为 5 个工作日。",
}


class DaysForm(Form):
    """The last day of each stage."""

    def stated(self) -> dict[Stage, date]:
        """The days as they were typed."""
        return {stage: self[stage.value].data for stage in DATED}


for _stage in DATED:
    _help = _HELP.get(_stage, "")
    setattr(DaysForm, _stage.value, DayField(_stage.label, [Required()], description=_help))


class StepForm(Form):
    """A step; `version` is what the person saw."""

    version = IntegerField(widget=HiddenInput())


class NoteForm(StepForm):
    """A step that may be given a word."""

    reason = long_text("说明", 400)


class ReasonForm(StepForm):
    """A step back: why."""

    reason = long_text("理由", 400, required=True, description="留在考核进程中，各县看得到。")


class CircularForm(NoteForm):
    """The circular and its number."""

    document = text("通报的文号", 120, required=True, description="例如 浙山海办〔2025〕1号。")


def form_of(step: Step) -> type[StepForm]:
    """What a step asks for."""
    if step.reason:
        return ReasonForm
    return CircularForm if step.to is Stage.CIRCULAR else NoteForm


class ReviewForm(Form):
    """The review of cards; `snapshot` is the number of what the person saw."""

    snapshot = IntegerField(widget=HiddenInput())


class GapForm(Form):
    """A line that stays without points, or does no longer."""

    line = HiddenField()
    reason = long_text("理由", 400, required=True, description="印在评分表上。")
