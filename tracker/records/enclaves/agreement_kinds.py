"""The pages of what an enclave's agreement says: entered under the enclave or the agreement."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import joinedload

from tracker.core.quantities.shown import figure
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves import agreement_forms as forms
from tracker.records.enclaves.agreements import (
    AgreementDocument,
    EnclaveAgreement,
    EnclaveSpace,
    SpaceKind,
    SpaceStep,
    TaxSplit,
)
from tracker.records.enclaves.binding import (
    CONFIRMED,
    ask_action,
    before_binding,
    bound,
    confirm_action,
    state_words,
)
from tracker.records.enclaves.forms import pay_by_words
from tracker.records.enclaves.kinds import ENCLAVES
from tracker.records.enclaves.models import Bound, Enclave
from tracker.records.submissions import kept
from tracker.web.kit import Column, Field, Kind, Parent, Show, looks
from tracker.web.kit.spans import no_overlap

_UNITS = {SpaceKind.LAND: "亩", SpaceKind.FLOOR: "m²"}


def years_words(split: TaxSplit) -> str:
    """The years of a split in words."""
    return (
        f"{split.from_year}—{split.to_year} 年度" if split.to_year else f"{split.from_year} 年度起"
    )


def _quantity(value: Decimal, space: EnclaveSpace) -> Markup:
    return figure(value, _UNITS[space.kind])


def _bare(value: Decimal, space: EnclaveSpace) -> Markup:
    return figure(value)


ENCLAVE_AGREEMENTS = Kind(
    "enclave_agreements",
    EnclaveAgreement,
    "共建协议",
    view=Permission.ENCLAVES_VIEW,
    edit=Permission.ENCLAVES_EDIT,
    parent=Parent(ENCLAVES, "enclave_id"),
    name=lambda agreement: f"{agreement.enclave.name}共建协议",
    load=(joinedload(EnclaveAgreement.enclave),),
    columns=(
        Column("title", "协议", value=lambda agreement: agreement.building_mode or "共建协议"),
        Column("starts_on", sort=True),
        Column("ends_on", sort=True),
        Column("operator", phone=True),
        Column("origin_cost_share", show=Show.DESK),
        Column("host_cost_share", show=Show.DESK),
        Column("full_time_staff", show=Show.WIDE),
    ),
    order="-starts_on",
    groups=(
        (
            "约定",
            (
                "building_mode",
                "starts_on",
                "ends_on",
                "operator",
                "origin_cost_share",
                "host_cost_share",
                "full_time_staff",
                "duties",
            ),
        ),
    ),
    form=forms.AgreementForm,
    constraints=forms.AGREEMENT_CONSTRAINTS,
    empty="还没有登记共建协议：谁建、谁管、谁出钱、多久。",
)

TAX_SPLITS = bound(
    Kind(
        "tax_splits",
        TaxSplit,
        "税收分成约定",
        view=Permission.ENCLAVES_VIEW,
        edit=Permission.ENCLAVES_EDIT,
        parent=Parent(ENCLAVE_AGREEMENTS, "agreement_id"),
        name=years_words,
        columns=(
            Column("years", "年度", value=years_words),
            Column("from_year", sort=True, phone=False, show=Show.WIDE),
            Column("origin_share", phone=True),
            Column("host_share", phone=True),
            Column("id", "状态", value=state_words, look=looks.plain),
        ),
        order="-from_year",
        groups=(
            (
                "约定",
                (
                    "from_year",
                    "to_year",
                    "origin_share",
                    "host_share",
                    Field("pay_by", look=pay_by_words),
                ),
            ),
            CONFIRMED,
        ),
        form=forms.TaxSplitForm,
        against=no_overlap("from_year", "to_year", "agreement_id", closed=True),
        constraints=forms.TAX_SPLIT_CONSTRAINTS,
        ending="to_year",
        empty="没有登记税收分成约定。",
        actions=(confirm_action(), ask_action()),
    )
)

AGREEMENT_DOCUMENTS = Kind(
    "agreement_documents",
    AgreementDocument,
    "协议文件",
    view=Permission.ENCLAVES_VIEW,
    edit=Permission.ENCLAVES_EDIT,
    parent=Parent(ENCLAVE_AGREEMENTS, "agreement_id"),
    name=lambda document: document.title,
    columns=(
        Column("title", sort=True),
        Column("kind"),
        Column("number"),
        Column("signed_on", sort=True),
    ),
    order="-signed_on",
    groups=(("文件", ("kind", "title", "number", "signed_on")),),
    form=forms.DocumentForm,
    empty="没有登记协议文件。共建协议、开发实施方案、补充协议各登记一条。",
)

ENCLAVE_SPACES = bound(
    Kind(
        "enclave_spaces",
        EnclaveSpace,
        "空间",
        view=Permission.ENCLAVES_VIEW,
        edit=Permission.ENCLAVES_EDIT,
        parent=Parent(ENCLAVES, "enclave_id"),
        name=lambda space: f"{space.on} {space.step.label}{space.kind.label}",
        columns=(
            Column("on", sort=True),
            Column("step"),
            Column("kind"),
            Column("quantity", look=_bare, phone=True),
            Column("unit", "单位", value=lambda space: _UNITS[space.kind], phone=True),
            Column(
                "due_on",
                sort=True,
                applies=lambda space: space.step is SpaceStep.AGREED,
                show=Show.DESK,
            ),
            Column("id", "状态", value=state_words, look=looks.plain),
        ),
        order="-on",
        groups=(
            (
                "空间",
                (
                    "step",
                    "kind",
                    Field("quantity", look=_quantity),
                    "on",
                    Field("due_on", applies=lambda space: space.step is SpaceStep.AGREED),
                ),
            ),
            CONFIRMED,
        ),
        form=forms.SpaceForm,
        constraints=forms.SPACE_CONSTRAINTS,
        empty="没有登记约定或交付的土地、建筑面积。",
        actions=(confirm_action(), ask_action()),
    )
)


def _counts_from(values: Mapping[str, Any]) -> str:
    """The field of the day from which a space counts: what was agreed counts when it is due."""
    agreed = values["step"] is SpaceStep.AGREED and values["due_on"]
    return "due_on" if agreed else "on"


def _whose(enclave: Enclave, values: Mapping[str, Any]) -> kept.Whose:
    return kept.Whose(enclave.origin_id, enclave.id)


kept.keep(
    ENCLAVE_SPACES,
    (kept.Event(("on", "due_on"), ("step", "kind", "quantity"), _counts_from),),
    _whose,
    lasting=True,
)


@before_binding
def _of_locked_period(record: Bound) -> str:
    """A promise neither begins nor ceases to count in a locked period."""
    if not isinstance(record, EnclaveSpace):
        return ""
    values = {"step": record.step, "due_on": record.due_on}
    day = getattr(record, _counts_from(values))
    return kept.of_day(day, _whose(record.enclave, values))
