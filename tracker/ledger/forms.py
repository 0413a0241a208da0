"""Forms of the ledger: an entry, and the reversal of one."""

from __future__ import annotations

from collections.abc import Collection

from wtforms import BooleanField
from wtforms.validators import Optional

from tracker.ledger.models import EntryKind
from tracker.web.forms import CountField, Form, choice, day, long_text, money, offer, text

CONSTRAINTS = {
    "uq_ledger_entries_reversal_of_id": ("reason", "这笔记录已被冲销，不能再次冲销。"),
    "ck_ledger_entries_period": ("period_from", "起始日期晚于发生日期，请核对两处日期。"),
    "ck_ledger_entries_amount": ("amount", "金额应大于 0。"),
}


class EntryForm(Form):
    """One sum of money of a project or an enclave; `kinds` are those it may have."""

    kind = choice("资金类型", coerce=EntryKind)
    amount = money("金额", description="单位万元；也可写成 1.2亿元。")
    occurred_on = day("发生日期", description="资金实际到账或发生的日期，例如 2024-07-03。")
    period_from = day(
        "所属期间起",
        required=False,
        description="一笔资金对应一段时间的，填起始日期。",
    )
    villages = CountField("惠及村数", [Optional()], most=30_000, description="只在登记返利时填写。")
    voucher = text("凭证号", 120)
    note = long_text("备注", 2000)
    repeated = BooleanField("确为另一笔")

    def __init__(self, kinds: Collection[EntryKind], *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        offer(self.kind, [(kind.value, kind.label) for kind in kinds])
        self.offers_villages = EntryKind.REBATE in kinds

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field by itself, then what two of them say together."""
        good = super().validate(extra_validators)
        if self.villages.data is not None and self.kind.data not in (None, EntryKind.REBATE):
            self.add_error("villages", f"{self.kind.data.label}不填惠及村数，只有返利才填。")
            good = False
        start, end = self.period_from.data, self.occurred_on.data
        if start and end and start > end:
            self.add_error(
                "period_from", f"所属期间起 {start} 晚于发生日期 {end}。请核对两处日期。"
            )
            good = False
        return good


class ReversalForm(Form):
    """Why an entry is reversed."""

    reason = long_text(
        "冲销原因", 500, required=True, description="例如：金额录入有误，应为 1,200 万元。"
    )
