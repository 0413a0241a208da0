"""The forms of key work and its milestones, and those of what is said of it."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, IntegerField
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import HiddenInput

from tracker.records.works.models import KeyWork, Milestone, WorkAct
from tracker.web.forms import DayField, Form, Required, choice, long_text
from tracker.web.kit import form_of

A = WorkAct
WORDS = 1000  # characters
WORK_CONSTRAINTS = {
    "uq_key_works_work": (
        "name",
        "这个地方的同一张清单已有同名、同日开始的工作。请修改原来的记录，不要重复登记。",
    ),
}
MILESTONE_CONSTRAINTS = {
    "uq_key_work_milestones_name": ("name", "这项工作已有同名的节点。请修改原来的节点。"),
}

WorkForm = form_of(
    KeyWork,
    (
        ("工作", ("region_id", "sheet", "name", "demand", "document")),
        ("责任和期限", ("responsible", "starts_on", "due_on", "finished_on")),
    ),
    future=("starts_on", "due_on"),
    help={
        "region_id": "由哪个市、县承担。",
        "demand": "要做到什么。",
        "document": "列入清单的文件名和文号。",
        "responsible": "责任单位和责任人，例如 发展改革局 张三。",
        "finished_on": "一般由承担单位报告；报错的在这里更正或清空。",
    },
)

MilestoneForm = form_of(
    Milestone,
    (("节点", ("name", "planned_on", "reached_on")),),
    future=("planned_on",),
    help={
        "name": "例如 方案印发、项目开工。",
        "reached_on": "一般由承担单位报告；报错的在这里更正或清空。",
    },
)


class StepForm(Form):
    """What every step asks for; `version` is what the person saw."""

    version = IntegerField(widget=HiddenInput())


def form_of_step(act: WorkAct) -> type[StepForm]:
    """The form of `act`."""
    if act is A.REOPENED:
        fields: dict[str, Any] = {
            "words": long_text("理由", WORDS, required=True, description="写明还要做什么。")
        }
    elif act is A.FINISHED:
        fields = {
            "words": long_text(
                "完成情况", WORDS, required=True, description="写明做了什么、结果如何。"
            ),
            "on": DayField("完成日期", [Required()], description="例如 2026-07-03。"),
            "agreed": BooleanField(
                "已核对，报告全部完成",
                [DataRequired("请核对后勾选确认。报告后不能再改，有误的由上级退回。")],
            ),
        }
    else:
        fields = {
            "words": long_text(
                "进展", WORDS, required=True, description="写明进展；没有按期的写明原因和下一步。"
            ),
            "milestone_id": choice("完成的节点", coerce=int, required=False, empty="没有节点完成"),
            "on": DayField(
                "节点完成日期", [Optional()], description="选了节点的填写，例如 2026-07-03。"
            ),
        }
    return type("WorkStepForm", (StepForm,), fields)
