"""The form of a project, in the order of the paper form."""

from __future__ import annotations

import itertools

from wtforms import Field, IntegerField
from wtforms.widgets import HiddenInput

from tracker.projects.models import ProjectCategory
from tracker.web.forms import Form, choice, day, long_text, money, text

# Field pairs in the order in which their days must come, as the database checks them.
_ORDERED = [
    *itertools.combinations(("signed_on", "started_on", "completed_on"), 2),
    ("started_on", "in_production_on"),
    ("signed_on", "terminated_on"),
]

CONSTRAINTS = {
    "uq_projects_region_id_name": ("name", "本县已有同名项目。请核对是否重复登记，或改用全称。"),
    "ck_projects_total_investment": ("total_investment", "总投资应大于 0。"),
    **{
        f"ck_projects_{first}_before_{second}": (second, "此日期早于前一阶段的日期，请核对。")
        for first, second in _ORDERED
    },
}


def _yes_no(raw: object) -> bool:
    if str(raw) not in ("True", "False"):
        raise ValueError
    return str(raw) == "True"


class ProjectForm(Form):
    """A project; `version` is the row version that the person saw."""

    version = IntegerField(widget=HiddenInput())

    name = text("项目名称", 200, required=True)
    category = choice("类别", ProjectCategory.choices(), coerce=ProjectCategory)
    in_scope = choice(
        "是否属于山海协作项目",
        [("True", "是"), ("False", "否")],
        coerce=_yes_no,
        required=False,
        empty="尚未认定",
        description="只有选“是”的项目计入考核。",
    )
    pairing_id = choice(
        "结对关系", coerce=int, required=False, empty="无", description="本县的结对关系。"
    )
    enclave_id = choice(
        "飞地", coerce=int, required=False, empty="无", description="项目落在飞地内的，请选飞地。"
    )
    investor = text("投资方", 200)
    industry = text("行业", 80)
    total_investment = money(
        "总投资",
        required=False,
        description="单位万元；也可写成 1.2亿元。这里填计划总额，到位和完成的金额在台账登记。",
    )
    signed_on = day("签约日期", required=False, description="例如 2024-07-03。")
    started_on = day("开工日期", required=False)
    completed_on = day("竣工日期", required=False)
    in_production_on = day("投产日期", required=False)
    terminated_on = day("终止日期", required=False)
    note = long_text("备注", 2000)

    groups = (
        ("基本情况", ("name", "category", "in_scope", "pairing_id", "enclave_id")),
        ("投资", ("investor", "industry", "total_investment")),
        (
            "进展",
            ("signed_on", "started_on", "completed_on", "in_production_on", "terminated_on"),
        ),
        ("其他", ("note",)),
    )

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field by itself, then the order of the days."""
        good = super().validate(extra_validators)
        for first, second in _ORDERED:
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
