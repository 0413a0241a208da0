"""The form of a park, in the order of the paper form."""

from __future__ import annotations

from tracker.records.parks.models import Park
from tracker.web.kit import form_of

CONSTRAINTS = {
    "uq_parks_code": ("code", "已有这个代号的产业园。请核对是否重复登记。"),
    "uq_parks_name": ("name", "已有同名的产业园。请核对是否重复登记，或改用全称。"),
    "ck_parks_two_sides": ("supporter_id", "支援方和受援方不能是同一地。"),
}

ParkForm = form_of(
    Park,
    (
        ("基本情况", ("name", "code", "kind", "recipient_id", "supporter_id", "leading_industry")),
        ("进展", ("signed_on", "approved_on", "ten_billion_on", "closed_on")),
        ("规模", ("area_mu", "base_year")),
        ("其他", ("note",)),
    ),
    help={
        "code": "全省统一的代号，例如 YQ-001。",
        "recipient_id": "园区所在的县。",
        "ten_billion_on": "年产值首次超过 100 亿元的日期；尚未达到的不填。",
        "base_year": "亩均产出与哪一年相比，一般为 2019。",
    },
)
