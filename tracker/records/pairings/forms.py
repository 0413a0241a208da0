"""The form of a pairing."""

from __future__ import annotations

from tracker.records.pairings.models import (
    AidGroup,
    AidGroupMember,
    Pairing,
    PairingCitation,
    PairingRound,
)
from tracker.web.kit import form_of

CONSTRAINTS = {
    "uq_pairings_sides": ("recipient_id", "已有这两地在同一机制下的结对关系。请核对是否重复登记。"),
    "ck_pairings_two_sides": ("recipient_id", "支援方和受援方不能是同一地。"),
}

PairingForm = form_of(
    Pairing,
    (
        ("结对双方", ("supporter_id", "recipient_id", "scheme")),
        ("期限", ("since", "until")),
    ),
    future=("until",),
    help={"until": "没有约定截止的不填。"},
)

CitationForm = form_of(
    PairingCitation,
    (("原文所述", ("round_id", "start_year", "end_year", "note")), ("出处", ("source_id",))),
    help={
        "start_year": "例如 2021；原文没有说明的不填。",
        "note": "原文的有关说法，照原文写。",
    },
)

ROUND_CONSTRAINTS = {"uq_pairing_rounds_code": ("code", "已有这个代号的轮次。")}

RoundForm = form_of(
    PairingRound,
    (("轮次", ("name", "code", "scheme", "starts_on")),),
    future=("starts_on",),
    help={"code": "例如 2021。"},
)

AidGroupForm = form_of(
    AidGroup,
    (("团组", ("name", "county_id", "since", "until")),),
    future=("until",),
    help={"until": "仍在工作的不填。"},
)

_ONE = "成员单位和成员县，填一项，且只填一项。"
_TWICE = "这个成员已在团组内。曾经退出的，请修改原有记录。"

MEMBER_CONSTRAINTS = {
    "ck_aid_group_members_one_member": ("organisation_id", _ONE),
    "uq_aid_group_members_organisation": ("organisation_id", _TWICE),
    "uq_aid_group_members_region": ("region_id", _TWICE),
}

MemberForm = form_of(
    AidGroupMember,
    (("成员", ("organisation_id", "region_id", "is_lead")), ("时间", ("since", "until"))),
    future=("until",),
    help={
        "organisation_id": "名录中没有的单位，请先到“单位”登记。",
        "region_id": "成员是强县的，在这里选，上一项不选。",
    },
)
