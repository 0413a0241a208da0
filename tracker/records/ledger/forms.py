"""Forms of the ledger: an entry, a village's share of it, and the reversal of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from tracker.records.ledger.models import AID_KINDS, AidPurpose, EntryKind, VillagePayment
from tracker.records.ledger.subjects import Subject, type_of
from tracker.web.forms import (
    CountField,
    Form,
    choice,
    day,
    long_text,
    money,
    offer,
    precision,
    text,
)
from tracker.web.kit import form_of
from tracker.web.plausibility import Doubt, asked_of

ENTRY_CONSTRAINTS = {
    "ck_ledger_entries_period": ("period_from", "起始日期晚于发生日期，请核对两处日期。"),
    "ck_ledger_entries_amount": ("amount", "金额应大于 0。"),
}
CONSTRAINTS = {
    **ENTRY_CONSTRAINTS,
    "uq_ledger_entries_reversal_of_id": ("reason", "这笔记录已被冲销，不能再次冲销。"),
}


class EntryForm(Form):
    """One sum of money of `subject`, or of the entry `obj`: only the kinds of money that it may
    have, and only the fields that these kinds have."""

    version = IntegerField(widget=HiddenInput())
    kind = choice("资金类型", coerce=EntryKind)
    amount = money("金额", description="单位万元；也可写成 1.2亿元。")
    precision = precision("金额的准确程度")
    occurred_on = day("发生日期", description="资金实际到账或发生的日期，例如 2024-07-03。")
    period_from = day(
        "所属期间起",
        required=False,
        description="一笔资金对应一段时间的，填起始日期；最后一日为发生日期。",
    )
    cumulative = choice(
        "是否累计数",
        [("True", "是，不计入年度合计")],
        coerce=lambda raw: str(raw) == "True",
        required=False,
        empty="否，计入发生当年",
        filters=[bool],
        description="跨年的或自始以来的累计数，只显示，不计入任何一年。",
    )
    purpose = choice(
        "资金用途",
        AidPurpose.choices(),
        coerce=AidPurpose,
        required=False,
        empty="未注明",
        description="只有援建资金填写。",
    )
    villages = CountField("惠及村数", [Optional()], most=30_000, description="只在登记返利时填写。")
    voucher = text("凭证号", 120, description="银行回单、支付凭证等的号码。")
    note = long_text("备注", 2000)
    repeated = BooleanField("确为另一笔")

    groups: tuple[tuple[str, Sequence[str]], ...] = (
        ("资金", ("kind", "amount", "precision", "occurred_on", "period_from", "cumulative")),
        ("用途", ("purpose", "villages")),
        ("依据", ("voucher", "note")),
    )

    def __init__(self, subject: Subject | None = None, **options: Any) -> None:
        super().__init__(**options)
        kinds = type_of(subject or options["obj"].subject).kinds
        offer(self.kind, [(kind.value, kind.label) for kind in kinds])
        if not set(kinds) & set(AID_KINDS):
            del self.purpose
        if EntryKind.REBATE not in kinds:
            del self.villages
        shown = ((title, [n for n in names if n in self]) for title, names in self.groups)
        self.groups = tuple((title, names) for title, names in shown if names)

    def values(self) -> dict[str, Any]:
        """What the entry gets."""
        return {name: value for name, value in super().values().items() if name != "repeated"}

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field by itself, then what two of them say together."""
        good = super().validate(extra_validators)
        for name, kinds, which in (
            ("villages", (EntryKind.REBATE,), "返利"),
            ("purpose", AID_KINDS, "援建资金的拨付、到账、使用"),
        ):
            filled = name in self and self[name].data is not None
            if filled and self.kind.data not in (None, *kinds):
                label = self[name].label.text
                self.add_error(name, f"{self.kind.data.label}不填{label}，只有{which}才填。")
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

    makes = True

    reason = long_text(
        "冲销原因", 500, required=True, description="例如：金额录入有误，应为 1,200 万元。"
    )


class RetellForm(Form):
    """The words of a submitted entry, and why they change."""

    voucher = text("凭证号", 120)
    note = long_text("备注", 2000)
    reason = long_text("修改原因", 400, required=True, description="例如：凭证号写错。")


class CorrectionForm(EntryForm):
    """What an entry should have said, and why. `confirmed` is what was shown before it is done."""

    makes = True
    version = None  # it changes nothing: who comes second finds the entry reversed

    reason = long_text(
        "更正原因", 400, required=True, description="例如：金额按元填写，应为 3,000 万元。"
    )
    why = long_text("核实说明", 500)
    confirmed = HiddenField()

    groups = (("更正", ("reason",)), *EntryForm.groups)

    def values(self) -> dict[str, Any]:
        """What the new entry gets."""
        own = ("reason", "why")
        return {name: value for name, value in super().values().items() if name not in own}


class SubmitForm(Form):
    """That a draft is meant to be submitted, and why it is right where something is unusual;
    `confirmed` is what was shown."""

    why = long_text("核实说明", 500)
    confirmed = HiddenField()

    def ask(self, doubts: Sequence[Doubt]) -> None:
        """Say what the answer has to say, by what is in doubt."""
        self.why.description = f"{asked_of(doubts)}。随记录保存。"
        self.why.flags.required = bool(doubts)


class SplitForm(Form):
    """The villages' shares as pasted from a table; empty where they are split by rule."""

    makes = True

    lines = long_text(
        "各村金额", 40_000, description="一行一个村：村名或 12 位代码、制表符、金额（万元）。"
    )


class ConfirmForm(Form):
    """Nothing to fill in: the token alone says that somebody meant it."""


VillagePaymentForm = form_of(
    VillagePayment,
    (("分村", ("village_id", "amount")),),
    help={"amount": "该村分得的金额，单位万元。"},
)
