"""The forms of an enclave and of its return terms, in the order of the paper forms."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from wtforms import IntegerField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from tracker.core.quantities.reading import signs_of
from tracker.records.enclaves.models import Enclave, ReturnTerm
from tracker.web.forms import Form, _TypedField, choice, long_text
from tracker.web.kit import form_of

PAY_BY_CONSTRAINTS = {"ck_return_terms_pay_by": ("pay_by", "请填写月日，例如 12-31。")}
_MONTH_AND_DAY = re.compile(r"(次年)?\s*(\d{1,2})(?:月|[-./])(\d{1,2})日?")


class PayByField(_TypedField):
    """The day of each year by which it is paid: 12-31, 3月31日, 次年 3-31; `data` as
    `ReturnTerm.pay_by`."""

    def read(self, typed: str) -> int:
        found = _MONTH_AND_DAY.fullmatch(signs_of(typed).strip())
        try:
            if found is None:
                raise ValueError
            month, day = int(found[2]), int(found[3])
            date(2024, month, day)
        except ValueError:
            raise ValueError("请填写月日，例如 12-31；在次年的写成 次年3-31。") from None
        return (10_000 if found[1] else 0) + month * 100 + day

    def written(self, value: Any) -> str:
        return pay_by_words(value)


def pay_by_words(value: int | None, record: object = None) -> str:
    """次年 3-31; "" for none."""
    if value is None:
        return ""
    later, rest = divmod(value, 10_000)
    return f"{'次年 ' if later else ''}{rest // 100}-{rest % 100:02}"


def pay_by() -> PayByField:
    """The field for the `pay_by` of a promise."""
    return PayByField(
        "付款期限",
        [Optional()],
        description="合同约定的最后一日：月日，例如 12-31；在次年的写成 次年3-31。没有约定的不填。",
    )


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
            ("has_village_disclosure",),
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
        ("期限", ("starts_on", "ends_on", "pay_by")),
        ("其他", ("note",)),
    ),
    pay_by=pay_by(),
    future=("starts_on", "ends_on"),
    help={
        "rate": "按本金、租金或税收的比例约定的，填百分数，例如 10。",
        "capital_base": "按本金约定收益率的，请选本金是哪一笔。",
        "amount": "每年固定金额或保底的，填每年的金额，单位万元。",
        "starts_on": "不填为自合同开始。",
        "ends_on": "不填为未约定期限。",
    },
)


class AnswerForm(Form):
    """The other side's answer to a promise; `version` is what the person saw."""

    version = IntegerField(widget=HiddenInput())
    answer = choice("意见", [("confirm", "与合同一致，确认"), ("give_back", "退回")])
    reason = long_text(
        "理由",
        400,
        description="退回或不同意的须写明，例如：合同约定保底 80 万元。",
    )


class AskForm(Form):
    """Why a promise in force should be given back."""

    reason = long_text(
        "申请更正的理由",
        400,
        required=True,
        description="例如：双方已签补充协议，保底改为 100 万元。补充协议请作为佐证上传。",
    )
