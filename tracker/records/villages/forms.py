"""The forms of villages, their stakes and incomes, and of demonstration villages."""

from __future__ import annotations

from tracker.records.villages.models import (
    DemonstrationVillage,
    Village,
    VillageIncome,
    VillageStake,
)
from tracker.web.kit import form_of

VILLAGE_CONSTRAINTS = {
    "ck_villages_code": ("code", "统计区划代码应为 12 位。"),
    "uq_villages_code": ("code", "已有这个代码的村。请核对是否重复登记。"),
}
STAKE_CONSTRAINTS = {
    "uq_village_stakes_enclave_id_village_id": (
        "village_id",
        "该村已在这处飞地参股。请修改原来的记录。",
    ),
    "ck_village_stakes_share": ("share", "份额应大于 0，且不大于 100%。"),
    "ck_village_stakes_span": ("left_on", "退出日期应晚于参股日期。"),
}
INCOME_CONSTRAINTS = {
    "uq_village_incomes_village_id_year": ("year", "该村本年度已报收入。请修改原来的记录。"),
    "ck_village_incomes_total": ("total", "总收入不能小于经营性收入。"),
}
DEMONSTRATION_CONSTRAINTS = {
    "uq_demonstration_villages_code": ("code", "已有这个代号的示范点。请核对是否重复登记。"),
}

VillageForm = form_of(
    Village,
    (("基本情况", ("name", "code", "county_id", "town_id", "is_weak")),),
    help={"code": "国家统计局的统计用区划代码，12 位数字。"},
)

VillageStakeForm = form_of(
    VillageStake,
    (
        ("参股的村", ("village_id",)),
        ("出资和份额", ("capital_agreed", "capital_paid", "share")),
        ("期间", ("joined_on", "left_on")),
    ),
    help={
        "share": "返利不按出资比例分配的才填，填百分数，例如 1.25。",
        "left_on": "仍在参股的不填。",
    },
)

VillageIncomeForm = form_of(
    VillageIncome,
    (("收入", ("year", "operating", "total")),),
    help={
        "operating": "单位万元。村集体经营性收入，没有的填 0。",
        "total": "单位万元。含经营性收入。",
    },
)

DemonstrationVillageForm = form_of(
    DemonstrationVillage,
    (
        ("基本情况", ("name", "code", "county_id", "village_id", "pairing_id")),
        ("进展", ("applied_on", "approved_on", "accepted_on", "acceptance_year")),
        (
            "管理",
            ("low_income_households", "has_village_disclosure"),
        ),
    ),
    help={
        "code": "全省统一的代号，例如 SFD-001。",
        "pairing_id": "由哪一组结对援建。",
        "accepted_on": "取得验收文件的日期。",
        "acceptance_year": "年度任务安排在哪一年验收。",
    },
)
