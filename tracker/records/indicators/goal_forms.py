"""The form of a goal that a document sets."""

from __future__ import annotations

from tracker.records.indicators.models import PlanGoal
from tracker.web.kit import form_of

GOAL_CONSTRAINTS = {
    "uq_plan_goals_goal": (
        "indicator",
        "同一份文件对这一范围、这一年已登记这项指标的目标。请修改原来的记录，不要重复登记。",
    ),
}

GoalForm = form_of(
    PlanGoal,
    (
        ("文件", ("plan", "source_id")),
        ("对象", ("scope", "region_id")),
        ("指标", ("number", "group", "indicator", "unit", "kind")),
        ("目标", ("year", "text")),
    ),
    required=("year",),
    help={
        "plan": "提出目标的文件名和文号。",
        "source_id": "公布文件的页面；名录中没有的，请先登记来源。",
        "scope": "照文件所写，例如 缙云县。",
        "region_id": "目标是一个县、一个市或全省的，选该地方：“重点指标分析”用它与数值比较。",
        "indicator": "名称照文件所写；与县域指标的名称相同的，数值从那里取，不必再填。",
        "unit": "例如 亿元、元、%。",
        "text": "照文件所写：上下限写 ≥68、≤1.95，文字写 稳步下降。",
    },
)
