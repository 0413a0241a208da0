"""The forms of an enclave's agreement, what it says of taxes, its documents, and the spaces."""

from __future__ import annotations

from tracker.records.enclaves.agreements import (
    AgreementDocument,
    EnclaveAgreement,
    EnclaveSpace,
    TaxSplit,
)
from tracker.records.enclaves.forms import pay_by
from tracker.web.kit import form_of

AGREEMENT_CONSTRAINTS = {
    "uq_enclave_agreements_enclave_id": (
        "",
        "这处飞地已有共建协议。协议有变动的，请修改原有的一份，补充协议登记为协议文件。",
    ),
    "ck_enclave_agreements_term": ("ends_on", "截止日期早于起始日期，请核对两处日期。"),
    "ck_enclave_agreements_cost_shares": (
        "host_cost_share",
        "双方成本分担之和不能大于 100%。请核对两项比例。",
    ),
}

AgreementForm = form_of(
    EnclaveAgreement,
    (
        ("约定", ("building_mode", "duties", "starts_on", "ends_on")),
        ("成本分担", ("origin_cost_share", "host_cost_share")),
        ("运营", ("operator", "full_time_staff")),
    ),
    future=("starts_on", "ends_on"),
    help={
        "building_mode": "例如：自建、购楼、合作开发。",
        "ends_on": "没有约定截止的不填。",
        "origin_cost_share": "填百分数，例如 60。",
        "host_cost_share": "填百分数，例如 40；双方之和不大于 100。",
    },
)

_SPLIT = "双方所得之和应为 100%。请核对两项比例。"

TAX_SPLIT_CONSTRAINTS = {
    "ck_tax_splits_pay_by": ("pay_by", "请填写月日，例如 12-31。"),
    "ck_tax_splits_whole": ("host_share", _SPLIT),
    "ck_tax_splits_span": ("to_year", "截止年度早于起始年度，请核对两处年度。"),
    "uq_tax_splits_agreement_id_from_year": (
        "from_year",
        "已有从这一年度起的税收分成约定。请核对是否重复登记。",
    ),
}

TaxSplitForm = form_of(
    TaxSplit,
    (
        ("年度", ("from_year", "to_year")),
        ("地方留存中的所得", ("origin_share", "host_share", "pay_by")),
    ),
    pay_by=pay_by(),
    help={
        "to_year": "没有约定截止的不填。",
        "origin_share": "填百分数，例如 50。",
        "host_share": "填百分数；双方之和应为 100。",
    },
)

DocumentForm = form_of(
    AgreementDocument,
    (("文件", ("kind", "title", "number", "signed_on")),),
    help={"number": "没有文号的不填。"},
)

SPACE_CONSTRAINTS = {
    "ck_enclave_spaces_due_where_agreed": ("due_on", "交付的记录不填应交付日期。"),
    "ck_enclave_spaces_quantity": ("quantity", "数量应大于 0。"),
}

SpaceForm = form_of(
    EnclaveSpace,
    (("空间", ("step", "kind", "quantity", "on", "due_on")),),
    future=("due_on",),
    help={
        "step": "约定的和交付的各登记一条；分次交付的，每次一条。",
        "quantity": "土地填亩数，建筑面积填 m²。",
        "due_on": "约定的最迟交付日期；登记交付时不填。",
    },
)
