"""The forms of an enclave and of its return terms, in the order of the paper forms."""

from __future__ import annotations

from tracker.enclaves.models import Enclave, ReturnTerm
from tracker.web.kit import form_of

CONSTRAINTS = {
    "uq_enclaves_code": ("code", "已有这个编号的飞地。请核对是否重复登记。"),
    "ck_enclaves_village_capital": (
        "village_capital",
        "村集体出资不能大于总出资。请核对两项金额。",
    ),
    "ck_enclaves_development_dated": (
        "development_since",
        "发展飞地须填成为发展飞地的日期，不早于 2025-01-01。",
    ),
    "ck_enclaves_development_since": ("development_since", "此日期不早于 2025-01-01。"),
}

EnclaveForm = form_of(
    Enclave,
    (
        (
            "基本情况",
            (
                "name",
                "code",
                "kind",
                "development_since",
                "direction",
                "origin_id",
                "host_id",
                "platform_id",
                "platform",
            ),
        ),
        ("进展", ("signed_on", "started_on", "completed_on", "in_use_on", "closed_on")),
        (
            "规模与出资",
            ("area_mu", "floor_m2", "total_capital", "village_capital", "villages"),
        ),
        (
            "规范管理",
            ("has_share_list", "has_return_clause", "has_fund_ledger", "has_village_disclosure"),
        ),
        ("其他", ("note",)),
    ),
    help={
        "code": "全省统一的编号，例如 FD-001。",
        "platform": "平台的名称；名录中有的，请在上一项选。",
    },
)

ReturnTermForm = form_of(
    ReturnTerm,
    (
        ("约定", ("kind", "rate", "capital_base", "amount")),
        ("期限", ("starts_on", "ends_on")),
        ("其他", ("note",)),
    ),
    future=("starts_on", "ends_on"),
    help={
        "rate": "按本金、租金或税收的比例约定的，填百分数，例如 10。",
        "capital_base": "按本金约定收益率的，请选本金是哪一笔。",
        "amount": "每年固定金额或保底的，填每年的金额，单位万元。",
        "starts_on": "不填为自合同开始。",
        "ends_on": "不填为未约定期限。",
    },
)
