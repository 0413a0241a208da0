"""The form of a project, in the order of the paper form."""

from __future__ import annotations

from tracker.records.projects.models import PartnerView, Project, ProjectMilestone
from tracker.web.forms import Form, choice, long_text
from tracker.web.kit import field_of, form_of

CONSTRAINTS = {
    "uq_projects_region_id_name": ("name", "本县已有同名项目。请核对是否重复登记，或改用全称。"),
    "ck_projects_total_investment": ("total_investment", "总投资应大于 0。"),
    "ck_projects_partner": ("partner_id", "协作县不能是项目所在县本身。"),
    "ck_projects_continued_from": ("continued_from_id", "接续项目不能是本项目自己。"),
}

MILESTONE_CONSTRAINTS = {
    "uq_project_milestones_stage": ("stage", "这个项目的这个节点已有计划。请修改原来的计划日期。"),
}

ProjectForm = form_of(
    Project,
    (
        (
            "基本情况",
            (
                "name",
                "category",
                "in_scope",
            ),
        ),
        ("合作方", ("pairing_id", "partner_id")),
        ("所在园区", ("enclave_id", "park_id", "demonstration_village_id")),
        (
            "投资",
            (
                "investor",
                "source_side",
                "industry",
                "is_leading_industry",
                "is_chain",
                "total_investment",
                "is_provincial_major",
            ),
        ),
        (
            "进展",
            (
                "planned_on",
                "negotiated_on",
                "signed_on",
                "started_on",
                "completed_on",
                "in_production_on",
                "terminated_on",
            ),
        ),
        ("相关项目", ("incubated_in_id", "continued_from_id")),
        ("其他", ("note",)),
    ),
    help={
        "pairing_id": "由哪一组结对促成；对方就是合作方，不必再填协作县。项目也归其支援方计。",
        "investor": "出资的企业，不是县、区。",
        "source_side": "投资方来自哪一方。",
        "enclave_id": "项目落在飞地内的，请选飞地。",
        "park_id": "项目落在产业园内的，请选产业园。",
        "total_investment": "单位万元；也可写成 1.2亿元。"
        "这里填计划总额，到位和完成的金额在台账登记。",
        "is_provincial_major": "是否列入全省“千项万亿”名单。",
        "incubated_in_id": "在飞地孵化后回流本县的，请选那处飞地。",
        "continued_from_id": "接着另一个项目建设的，请选或填写那个项目的名称。",
        "partner_id": "已选结对关系的不填，取结对的对方；没有结对关系、与另一县共同推进的才选。"
        "由对方确认，项目只为本县计一次。",
    },
    in_scope=field_of(
        Project,
        "in_scope",
        required=False,
        empty="尚未认定",
        description="县的各项只计选“是”的；飞地、产业园、示范点内的，除选“否”的外都计。",
    ),
)


MilestoneForm = form_of(
    ProjectMilestone,
    (("计划节点", ("stage", "planned_on", "responsible", "next_step")),),
    future=("planned_on",),
    help={
        "planned_on": "计划在哪一天以前到。实际日期取项目“进展”中的日期，不在这里填。",
        "responsible": "责任单位和责任人，例如 投资促进中心 张三。",
        "next_step": "为到这个节点，接下来做什么，例如 办理施工许可。",
    },
)


class AnswerForm(Form):
    """What the partner county says of a project."""

    partner_view = choice(
        "本县意见",
        [(PartnerView.CONFIRMED.value, "确认"), (PartnerView.DISPUTED.value, "有异议")],
        coerce=PartnerView,
    )
    partner_note = long_text("说明", 400, required=False, description="有异议的，请写明理由。")


class ReplyForm(Form):
    """What the owner answers a partner that disputes its project."""

    owner_answer = long_text("本县答复", 400, required=True)
